//! The request for a server-side apply: its object checked, merged and stored.

use serde_json::{Value, json};

use super::apply::Applier;
use super::decode::{self, text};
use super::fields::{Managed, held_part};
use super::objects::{Writing, misnamed, system_part};
use super::status::Refusal;
use super::{merge_patch, strict_json};

/// The manager of what an object held before it was first applied.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

impl Writing<'_> {
    /// Server-side apply; the flag tells whether the object is new.
    pub fn apply(
        &mut self,
        name: &str,
        bytes: &[u8],
        force: bool,
    ) -> Result<(Value, bool), Refusal> {
        let config = self.config(name, bytes)?;
        let place = self.place(name);
        let live = self.store.find(&place).cloned();
        if live.is_some() {
            self.namespace_takes(name, false)?;
        }
        let base = live.clone().unwrap_or_else(|| {
            json!({
                "kind": self.resource.kind(),
                "apiVersion": "v1",
                "metadata": {"name": name, "namespace": self.namespace},
            })
        });
        let mut managed = Managed::read(&base);
        if live.is_some() {
            self.check_identity(name, &base, &config)?;
            if managed.0.is_empty() {
                let held = held_part(&base);
                managed.update(&json!({}), &held, BEFORE_FIRST_APPLY, "v1", self.now);
            }
        }
        let by = Applier { manager: self.manager, api_version: "v1", now: self.now, force };
        let applied = by.apply(&held_part(&base), &held_part(&config), managed)?;
        let mut object = applied.object;
        let merged = object["metadata"].take();
        object["kind"] = base["kind"].clone();
        object["apiVersion"] = base["apiVersion"].clone();
        object["metadata"] = system_part(&base);
        // Nothing is left of it where the last label or annotation went.
        if !merged.is_null() {
            merge_patch::merge(&mut object["metadata"], &merged, false);
        }
        decode::check_types(&mut object, self.resource)?;
        match live {
            None => Ok((self.insert(object, applied.managed)?, true)),
            Some(live) => Ok((self.finish(name, &live, object, applied.managed)?, false)),
        }
    }

    /// The object of an apply, without nulls, its identity checked.
    fn config(&self, name: &str, bytes: &[u8]) -> Result<Value, Refusal> {
        let kind = self.resource.kind();
        let (mut config, _) = strict_json::parse(bytes, None)
            .map_err(|error| Refusal::bad_request(format!("error decoding YAML: {error}")))?;
        let (got, version) = (text(&config["kind"]), text(&config["apiVersion"]));
        if got != kind || version != "v1" {
            return Err(Refusal::bad_request(format!(
                "invalid object type: {version}, Kind={got}"
            )));
        }
        let Some(fields) = config.as_object_mut() else {
            return Err(Refusal::bad_request("error decoding YAML"));
        };
        fields.retain(|_, value| !value.is_null());
        for field in fields.keys() {
            if !self.resource.fields().contains(&field.as_str()) {
                let namespace = self.namespace;
                return Err(Refusal::plain(
                    500,
                    "",
                    format!(
                        "failed to create typed patch object ({namespace}/{name}; /v1, \
                         Kind={kind}): .{field}: field not declared in schema"
                    ),
                ));
            }
        }
        if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
            metadata.retain(|_, value| !value.is_null());
        }
        if !config["metadata"]["managedFields"].is_null() {
            return Err(Refusal::bad_request("metadata.managedFields must be nil"));
        }
        let named = text(&config["metadata"]["name"]);
        if !named.is_empty() && named != name {
            return Err(misnamed(named, name));
        }
        self.match_namespace(&mut config)?;
        Ok(config)
    }
}
