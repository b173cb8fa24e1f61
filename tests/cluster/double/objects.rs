//! Create, replace, patch and delete, in the order in which the server does its checks.

use serde_json::{Map, Value, json};

use super::decode::{self, text};
use super::fields::{Managed, held_part};
use super::status::Refusal;
use super::store::{Place, Resource, Store, arrange};
use super::{merge_patch, validate};

/// One request that writes.
#[derive(Debug)]
pub struct Writing<'a> {
    pub store: &'a mut Store,
    pub resource: Resource,
    pub namespace: &'a str,
    pub manager: &'a str,
    pub dry_run: bool,
    pub now: &'a str,
}

/// What a patch is written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PatchKind {
    Json,
    Merge,
    Strategic,
}

impl Writing<'_> {
    pub fn create(&mut self, object: Value) -> Result<Value, Refusal> {
        if !object["metadata"]["resourceVersion"].is_null() {
            return Err(Refusal::plain(
                500,
                "",
                "resourceVersion should not be set on objects to be created",
            ));
        }
        let mut managed = Managed::read(&object);
        managed.update(&json!({}), &held_part(&object), self.manager, "v1", self.now);
        self.insert(object, managed)
    }

    pub(super) fn insert(&mut self, mut object: Value, managed: Managed) -> Result<Value, Refusal> {
        self.match_namespace(&mut object)?;
        self.generate_name(&mut object);
        let name = text(&object["metadata"]["name"]).to_owned();
        self.namespace_takes(&name, true)?;
        let uid = self.store.new_uid();
        let Some(metadata) = object["metadata"].as_object_mut() else {
            return Err(Refusal::bad_request("metadata is no object"));
        };
        metadata.shift_remove("resourceVersion");
        metadata.insert("uid".into(), uid.into());
        metadata.insert("creationTimestamp".into(), self.now.into());
        managed.write(&mut object);
        if self.resource == Resource::Namespaces {
            object["spec"] = json!({"finalizers": ["kubernetes"]});
            object["status"] = json!({"phase": "Active"});
        }
        validate::on_create(&object, self.resource)?;
        let place = self.place(&name);
        if self.store.find(&place).is_some() {
            return Err(Refusal::already_exists(self.resource.plural(), &name));
        }
        Ok(self.keep(place, object))
    }

    pub fn replace(&mut self, name: &str, mut object: Value) -> Result<Value, Refusal> {
        self.match_namespace(&mut object)?;
        let named = text(&object["metadata"]["name"]);
        if !named.is_empty() && named != name {
            return Err(misnamed(named, name));
        }
        let live = self.live(name)?;
        self.update(name, &live, object)
    }

    pub fn patch(&mut self, name: &str, kind: PatchKind, bytes: &[u8]) -> Result<Value, Refusal> {
        let live = self.live(name)?;
        let mut object = live.clone();
        let unreadable = |error: serde_json::Error| {
            Refusal::bad_request(format!("error decoding patch: {error}"))
        };
        if kind == PatchKind::Json {
            let patch: json_patch::Patch = serde_json::from_slice(bytes).map_err(unreadable)?;
            json_patch::patch(&mut object, &patch).map_err(|_| {
                let message = "the server rejected our request due to an error in our request";
                Refusal::plain(422, "Invalid", message)
            })?;
        } else {
            let patch: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
            merge_patch::merge(&mut object, &patch, kind == PatchKind::Strategic);
        }
        decode::check_types(&mut object, self.resource)?;
        let named = text(&object["metadata"]["name"]);
        if named != name {
            return Err(misnamed(named, name));
        }
        self.update(name, &live, object)
    }

    pub fn delete(&mut self, name: &str, options: &Value) -> Result<Value, Refusal> {
        let live = self.live(name)?;
        let metadata = &live["metadata"];
        let wanted = &options["preconditions"];
        let mismatch = |what: &str, field: &str, hint: &str| {
            let (wanted, there) = (text(&wanted[field]), text(&metadata[field]));
            (wanted != there && !wanted.is_empty()).then(|| {
                let why = format!(
                    "the {what} in the precondition ({wanted}) does not match the {what} in \
                     record ({there}). The object might have been {hint}"
                );
                Refusal::conflict(self.resource.kind(), name, &why)
            })
        };
        if let Some(refusal) = mismatch("UID", "uid", "deleted and then recreated")
            .or_else(|| mismatch("ResourceVersion", "resourceVersion", "modified"))
        {
            return Err(refusal);
        }
        if !self.dry_run {
            self.store.remove(&self.place(name));
        }
        if self.resource == Resource::Namespaces {
            let mut object = live;
            object["metadata"]["deletionTimestamp"] = self.now.into();
            object["status"] = json!({"phase": "Terminating"});
            return Ok(object);
        }
        Ok(json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Success",
            "details": {
                "name": name,
                "kind": self.resource.plural(),
                "uid": metadata["uid"],
            },
        }))
    }

    /// What PUT and the patches have in common.
    fn update(&mut self, name: &str, live: &Value, mut object: Value) -> Result<Value, Refusal> {
        self.namespace_takes(name, false)?;
        self.check_identity(name, live, &object)?;
        let mut managed = Managed::read(&object);
        // One empty entry is the documented way to drop all; nothing at all means "as before".
        let is_reset = object["metadata"]["managedFields"] == json!([{}]);
        if managed.0.is_empty() && !is_reset {
            managed = Managed::read(live);
        }
        let system = system_part(live);
        merge_patch::merge(&mut object["metadata"], &system, false);
        // An object without managers gets none by an update.
        if !managed.0.is_empty() {
            managed.update(&held_part(live), &held_part(&object), self.manager, "v1", self.now);
        }
        self.finish(name, live, object, managed)
    }

    pub(super) fn finish(
        &mut self,
        name: &str,
        live: &Value,
        mut object: Value,
        managed: Managed,
    ) -> Result<Value, Refusal> {
        validate::on_update(live, &object, self.resource)?;
        let is_same =
            held_part(live) == held_part(&object) && managed.same_fields(&Managed::read(live));
        if is_same {
            return Ok(live.clone());
        }
        managed.write(&mut object);
        Ok(self.keep(self.place(name), object))
    }

    fn keep(&mut self, place: Place, mut object: Value) -> Value {
        if self.dry_run {
            arrange(&mut object, self.resource);
            return object;
        }
        self.store.put(place, object)
    }

    fn live(&self, name: &str) -> Result<Value, Refusal> {
        let found = self.store.find(&self.place(name)).cloned();
        found.ok_or_else(|| Refusal::not_found(self.resource.plural(), name))
    }

    pub(super) fn place(&self, name: &str) -> Place {
        Place::new(self.resource, self.namespace, name)
    }

    pub(super) fn match_namespace(&self, object: &mut Value) -> Result<(), Refusal> {
        if self.resource == Resource::Namespaces {
            return Ok(());
        }
        match text(&object["metadata"]["namespace"]) {
            "" => object["metadata"]["namespace"] = self.namespace.into(),
            same if same == self.namespace => {}
            _ => {
                return Err(Refusal::bad_request(
                    "the namespace of the provided object does not match the namespace sent on \
                     the request",
                ));
            }
        }
        Ok(())
    }

    /// The admission plugin `NamespaceLifecycle`.
    pub(super) fn namespace_takes(&self, name: &str, new: bool) -> Result<(), Refusal> {
        if self.resource == Resource::Namespaces {
            return Ok(());
        }
        let place = Place::new(Resource::Namespaces, "", self.namespace);
        match self.store.find(&place) {
            None => Err(Refusal::not_found("namespaces", self.namespace)),
            Some(namespace) if new && namespace["status"]["phase"] == "Terminating" => {
                Err(Refusal::terminating(self.resource.plural(), name, self.namespace))
            }
            Some(_) => Ok(()),
        }
    }

    fn generate_name(&mut self, object: &mut Value) {
        const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
        let metadata = &object["metadata"];
        if metadata["name"].is_null() && metadata["generateName"].is_string() {
            let mut name: String = text(&metadata["generateName"]).chars().take(58).collect();
            let uid = self.store.new_uid();
            name.extend(
                uid.bytes().take(5).map(|byte| char::from(ALPHABET[usize::from(byte) % 27])),
            );
            object["metadata"]["name"] = name.into();
        }
    }

    /// The version and the UID that an update names must be those of the object.
    pub(super) fn check_identity(
        &self,
        name: &str,
        live: &Value,
        new: &Value,
    ) -> Result<(), Refusal> {
        let plural = self.resource.plural();
        let (wanted, there) = (&new["metadata"]["uid"], &live["metadata"]["uid"]);
        if !wanted.is_null() && wanted != there {
            let why = format!(
                "Precondition failed: UID in precondition: {}, UID in object meta: {}",
                text(wanted),
                text(there)
            );
            return Err(Refusal::conflict(plural, name, &why));
        }
        let wanted = &new["metadata"]["resourceVersion"];
        if !wanted.is_null() && *wanted != live["metadata"]["resourceVersion"] {
            return Err(Refusal::moved(plural, name));
        }
        Ok(())
    }
}

pub(super) fn misnamed(object: &str, url: &str) -> Refusal {
    Refusal::bad_request(format!(
        "the name of the object ({object}) does not match the name on the URL ({url})"
    ))
}

/// The fields of metadata that only the server sets.
pub(super) fn system_part(object: &Value) -> Value {
    const OF_SERVER: [&str; 5] =
        ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"];
    let fields: Map<_, _> = OF_SERVER
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), object["metadata"].get(name)?.clone())))
        .collect();
    fields.into()
}
