//! What the server holds: objects, versions, and the history of writes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The resources that can be stored.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Resource {
    Namespaces,
    Secrets,
    ServiceAccounts,
}

/// Where an object is; the namespace is empty for a namespace.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    pub resource: Resource,
    pub namespace: String,
    pub name: String,
}

/// A write that was done, to count what was lost or doubled.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// `create`, `update` or `delete`.
    pub verb: &'static str,
    pub place: Place,
    /// The resource version that it made.
    pub version: u64,
}

/// All objects of the server.
#[derive(Debug)]
pub struct Store {
    objects: BTreeMap<Place, Value>,
    version: u64,
    uids: u64,
    /// Every write, in order.
    pub writes: Vec<Write>,
}

impl Resource {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Namespaces => "Namespace",
            Self::Secrets => "Secret",
            Self::ServiceAccounts => "ServiceAccount",
        }
    }

    pub fn plural(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::Secrets => "secrets",
            Self::ServiceAccounts => "serviceaccounts",
        }
    }

    pub fn from_plural(word: &str) -> Option<Self> {
        [Self::Namespaces, Self::Secrets, Self::ServiceAccounts]
            .into_iter()
            .find(|one| one.plural() == word)
    }

    /// The fields that objects of this kind have.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Namespaces => &["kind", "apiVersion", "metadata", "spec", "status"],
            Self::Secrets => {
                &["kind", "apiVersion", "metadata", "immutable", "data", "stringData", "type"]
            }
            Self::ServiceAccounts => &[
                "kind",
                "apiVersion",
                "metadata",
                "secrets",
                "imagePullSecrets",
                "automountServiceAccountToken",
            ],
        }
    }
}

impl Place {
    pub fn new(resource: Resource, namespace: &str, name: &str) -> Self {
        let namespace = if resource == Resource::Namespaces { "" } else { namespace };
        Self { resource, namespace: namespace.to_owned(), name: name.to_owned() }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), version: 100, uids: 0, writes: Vec::new() }
    }
}

impl Store {
    pub fn find(&self, place: &Place) -> Option<&Value> {
        self.objects.get(place)
    }

    /// Objects of a resource, of one namespace or (where it is empty) of all, by name.
    pub fn list(&self, resource: Resource, namespace: &str) -> Vec<&Value> {
        let is_in = |place: &Place| namespace.is_empty() || place.namespace == namespace;
        self.objects
            .iter()
            .filter(|(place, _)| place.resource == resource && is_in(place))
            .map(|(_, object)| object)
            .collect()
    }

    /// The version of the last write.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A UID that was never given before.
    pub fn new_uid(&mut self) -> String {
        self.uids += 1;
        let scattered = self.uids.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        format!("{:08x}-d0b1-4e00-8000-{:012x}", scattered >> 32, self.uids)
    }

    /// Stores an object under a new version, and gives it back as stored.
    pub fn put(&mut self, place: Place, mut object: Value) -> Value {
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
        arrange(&mut object, place.resource);
        let before = self.objects.insert(place.clone(), object.clone());
        let verb = if before.is_some() { "update" } else { "create" };
        self.writes.push(Write { verb, place, version: self.version });
        object
    }

    pub fn remove(&mut self, place: &Place) -> Option<Value> {
        let object = self.objects.remove(place)?;
        self.version += 1;
        self.writes.push(Write { verb: "delete", place: place.clone(), version: self.version });
        if place.resource == Resource::Namespaces {
            self.objects.retain(|other, _| other.namespace != place.name);
        }
        Some(object)
    }
}

/// Puts fields into the order in which Go's structs write them, and sorts the maps.
pub fn arrange(object: &mut Value, resource: Resource) {
    const METADATA: [&str; 12] = [
        "name",
        "generateName",
        "namespace",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
    ];
    let mut metadata = in_order(&mut object["metadata"], &METADATA);
    for name in ["labels", "annotations"] {
        if let Some(Value::Object(map)) = metadata.get_mut(name) {
            map.sort_keys();
        }
    }
    if let Some(Value::Object(data)) = object.get_mut("data") {
        data.sort_keys();
    }
    let mut arranged = in_order(object, resource.fields());
    arranged.insert("metadata".into(), metadata.into());
    *object = arranged.into();
}

/// The fields named first in that order, then all others.
fn in_order(value: &mut Value, names: &[&str]) -> Map<String, Value> {
    let Value::Object(mut fields) = value.take() else { return Map::new() };
    let mut arranged = Map::new();
    for name in names {
        if let Some(field) = fields.shift_remove(*name) {
            arranged.insert((*name).to_owned(), field);
        }
    }
    arranged.extend(fields);
    arranged
}

/// The items of a list carry no kind of their own.
pub fn list_of(resource: Resource, items: &[Value], version: u64) -> Value {
    json!({
        "kind": format!("{}List", resource.kind()),
        "apiVersion": "v1",
        "metadata": {"resourceVersion": version.to_string()},
        "items": items,
    })
}
