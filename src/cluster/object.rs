//! A Secret as an API server has it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::secret::Value;
use crate::secret::manifest::Node;

/// A Secret of a cluster. Fields stand in the order of the API's Go structs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Object {
    kind: String,
    api_version: String,
    pub metadata: ObjectMeta,
    pub immutable: Option<bool>,
    #[serde(default)]
    data: Option<BTreeMap<String, Decoded>>,
    #[serde(default, rename = "type")]
    pub secret_type: String,
}

/// `metadata`, as far as Secrets have it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectMeta {
    pub name: String,
    pub generate_name: String,
    pub namespace: String,
    pub uid: String,
    pub resource_version: String,
    pub generation: i64,
    pub creation_timestamp: Option<String>,
    pub deletion_timestamp: Option<String>,
    pub deletion_grace_period_seconds: Option<i64>,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    pub owner_references: Vec<serde_json::Value>,
    pub finalizers: Vec<String>,
    pub managed_fields: Vec<ManagedFields>,
}

/// An entry of `metadata.managedFields`: what a manager holds.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ManagedFields {
    pub manager: String,
    pub operation: String,
    pub api_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    pub fields_type: String,
    pub fields_v1: serde_json::Value,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subresource: String,
}

#[derive(Debug)]
struct Decoded(Value);

impl<'de> Deserialize<'de> for Decoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Base64;
        impl Visitor<'_> for Base64 {
            type Value = Decoded;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 text")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decoded, E> {
                // The decoder's own error shows a byte of the text.
                let bytes = STANDARD.decode(text).map_err(|_| E::custom("no base64"))?;
                Ok(Decoded(Value::new(bytes)))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Decoded, E> {
                Ok(Decoded(Value::new(Vec::new())))
            }
        }
        deserializer.deserialize_any(Base64).map_err(|_| D::Error::custom("no base64 text"))
    }
}

impl Object {
    /// Reads an answer's body; `None` where that is no Secret with a name.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let object: Self = serde_json::from_slice(body).ok()?;
        let is_one = object.kind == "Secret" && object.api_version == "v1";
        (is_one && !object.metadata.name.is_empty()).then_some(object)
    }

    /// The values by their keys.
    pub(crate) fn data(&self) -> impl Iterator<Item = (&str, &Value)> + Clone {
        self.data.iter().flatten().map(|(key, value)| (key.as_str(), &value.0))
    }

    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.data.as_ref()?.get(key).map(|value| &value.0)
    }

    /// The object as kubectl prints it.
    pub(crate) fn manifest(&self, managed_fields: bool) -> Node<'_> {
        let mut fields = Fields::default();
        fields.text("kind", &self.kind);
        fields.text("apiVersion", &self.api_version);
        fields.add("metadata", self.metadata.manifest(managed_fields));
        if let Some(immutable) = self.immutable {
            fields.add("immutable", Node::Bool(immutable));
        }
        let data: Vec<_> = self
            .data()
            .map(|(key, value)| (Cow::Borrowed(key), Node::Base64(value.as_bytes())))
            .collect();
        if !data.is_empty() {
            fields.add("data", Node::Map(data));
        }
        fields.text("type", &self.secret_type);
        Node::Map(fields.0)
    }
}

impl ObjectMeta {
    fn manifest(&self, managed_fields: bool) -> Node<'_> {
        let mut fields = Fields::default();
        fields.text("name", &self.name);
        fields.text("generateName", &self.generate_name);
        fields.text("namespace", &self.namespace);
        fields.text("uid", &self.uid);
        fields.text("resourceVersion", &self.resource_version);
        if self.generation != 0 {
            fields.add("generation", Node::Int(self.generation));
        }
        fields.text("creationTimestamp", self.creation_timestamp.as_deref().unwrap_or_default());
        fields.text("deletionTimestamp", self.deletion_timestamp.as_deref().unwrap_or_default());
        if let Some(seconds) = self.deletion_grace_period_seconds {
            fields.add("deletionGracePeriodSeconds", Node::Int(seconds));
        }
        for (name, pairs) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            if !pairs.is_empty() {
                let pairs = pairs.iter().map(|(k, v)| (Cow::Borrowed(k.as_str()), Node::text(v)));
                fields.add(name, Node::Map(pairs.collect()));
            }
        }
        if !self.owner_references.is_empty() {
            const ORDER: [&str; 6] =
                ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];
            let owners = self.owner_references.iter().map(|owner| {
                let mut fields = Fields::default();
                for name in ORDER {
                    if let Some(value) = owner.get(name) {
                        fields.add(name, node(value));
                    }
                }
                Node::Map(fields.0)
            });
            fields.add("ownerReferences", Node::List(owners.collect()));
        }
        if !self.finalizers.is_empty() {
            let finalizers = self.finalizers.iter().map(|name| Node::text(name));
            fields.add("finalizers", Node::List(finalizers.collect()));
        }
        if managed_fields && !self.managed_fields.is_empty() {
            let entries = self.managed_fields.iter().map(ManagedFields::manifest);
            fields.add("managedFields", Node::List(entries.collect()));
        }
        Node::Map(fields.0)
    }
}

impl ManagedFields {
    fn manifest(&self) -> Node<'_> {
        let mut fields = Fields::default();
        fields.text("manager", &self.manager);
        fields.text("operation", &self.operation);
        fields.text("apiVersion", &self.api_version);
        fields.text("time", self.time.as_deref().unwrap_or_default());
        fields.text("fieldsType", &self.fields_type);
        fields.add("fieldsV1", node(&self.fields_v1));
        fields.text("subresource", &self.subresource);
        Node::Map(fields.0)
    }
}

#[derive(Default)]
struct Fields<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Fields<'a> {
    fn add(&mut self, name: &'static str, node: Node<'a>) {
        self.0.push((Cow::Borrowed(name), node));
    }

    /// Empty text is left out.
    fn text(&mut self, name: &'static str, text: &'a str) {
        if !text.is_empty() {
            self.add(name, Node::text(text));
        }
    }
}

/// JSON as it came. The depth is bounded by `serde_json`'s own limit.
fn node(value: &serde_json::Value) -> Node<'_> {
    use serde_json::Value as J;
    match value {
        J::Null => Node::Null,
        J::Bool(value) => Node::Bool(*value),
        J::Number(number) => match number.as_i64() {
            Some(whole) => Node::Int(whole),
            None => Node::Float(number.as_f64().unwrap_or_default()),
        },
        J::String(text) => Node::text(text),
        J::Array(items) => Node::List(items.iter().map(node).collect()),
        J::Object(fields) => {
            Node::Map(fields.iter().map(|(k, v)| (Cow::Borrowed(k.as_str()), node(v))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_secret_is_one() {
        let rows = [
            (r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}"#, true),
            (r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"},"data":null}"#, true),
            (r#"{"kind":"Secret","apiVersion":"v1","metadata":{}}"#, false),
            (r#"{"kind":"Status","apiVersion":"v1","metadata":{"name":"a"}}"#, false),
            (
                r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"},"data":{"k":"!"}}"#,
                false,
            ),
            (r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}"#, false),
            ("<html>", false),
        ];
        for (body, wanted) in rows {
            assert_eq!(Object::parse(body.as_bytes()).is_some(), wanted, "{body}");
        }
    }
}
