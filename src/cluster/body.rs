//! Request bodies. They are written here, into memory that is wiped, in one piece.

use std::collections::BTreeMap;

use bytes::Bytes;
use zeroize::Zeroizing;

use crate::golang::json::push_string;
use crate::secret::manifest::push_base64;
use crate::secret::{Secret, Value};

/// A Secret as it is sent. The namespace stands in the request's path alone, so that one body
/// serves many.
#[derive(Clone, Default)]
pub(super) struct Body<'a> {
    pub(super) name: &'a str,
    pub(super) resource_version: Option<&'a str>,
    pub(super) labels: BTreeMap<&'a str, &'a str>,
    pub(super) annotations: BTreeMap<&'a str, &'a str>,
    pub(super) owner_references: &'a [serde_json::Value],
    pub(super) finalizers: &'a [String],
    pub(super) immutable: Option<bool>,
    pub(super) data: BTreeMap<&'a str, &'a Value>,
    pub(super) secret_type: &'a str,
}

impl<'a> Body<'a> {
    /// The Secret that the command line made.
    pub(super) fn of(secret: &'a Secret) -> Self {
        Self {
            name: secret.name.as_str(),
            labels: secret.metadata.labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
            annotations: secret
                .metadata
                .annotations
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect(),
            immutable: secret.immutable.then_some(true),
            data: secret.data.iter().map(|(key, value)| (key.as_str(), value)).collect(),
            secret_type: secret.secret_type.as_str(),
            ..Self::default()
        }
    }

    pub(super) fn json(&self) -> Bytes {
        let owners = match self.owner_references {
            [] => String::new(),
            owners => serde_json::to_string(owners).unwrap_or_default(),
        };
        let finalizers = match self.finalizers {
            [] => String::new(),
            finalizers => serde_json::to_string(finalizers).unwrap_or_default(),
        };
        let pairs = self.labels.iter().chain(&self.annotations);
        // An escaped character is six bytes at most.
        let text: usize = pairs.map(|(key, value)| (key.len() + value.len()) * 6 + 8).sum();
        let data: usize =
            self.data.iter().map(|(k, v)| k.len() + v.len().div_ceil(3) * 4 + 8).sum();
        let names = (self.name.len() + self.secret_type.len()) * 6;
        let mut out =
            Vec::with_capacity(text + data + names + owners.len() + finalizers.len() + 256);
        let mut json = Writer(&mut out);
        json.raw(r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"#);
        json.text(self.name);
        if let Some(version) = self.resource_version {
            json.raw(r#","resourceVersion":"#);
            json.text(version);
        }
        for (field, pairs) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            if !pairs.is_empty() {
                json.field(field);
                json.map(pairs.iter(), |json, value| json.text(value));
            }
        }
        if !owners.is_empty() {
            json.field("ownerReferences");
            json.raw(&owners);
        }
        if !finalizers.is_empty() {
            json.field("finalizers");
            json.raw(&finalizers);
        }
        json.raw("}");
        if let Some(immutable) = self.immutable {
            json.field("immutable");
            json.raw(if immutable { "true" } else { "false" });
        }
        if !self.data.is_empty() {
            json.field("data");
            json.map(self.data.iter(), |json, value| json.base64(value.as_bytes()));
        }
        if !self.secret_type.is_empty() {
            json.field("type");
            json.text(self.secret_type);
        }
        json.raw("}");
        wiped(Zeroizing::new(out))
    }

    /// A JSON patch that makes this of the object at a version. What it does not say stays.
    pub(super) fn json_patch(&self, version: &str, has_immutable: bool) -> Bytes {
        let pairs = self.labels.iter().chain(&self.annotations);
        // An escaped character is six bytes at most.
        let text: usize = pairs.map(|(key, value)| (key.len() + value.len()) * 6 + 8).sum();
        let data: usize =
            self.data.iter().map(|(k, v)| k.len() + v.len().div_ceil(3) * 4 + 8).sum();
        let mut out = Vec::with_capacity(text + data + version.len() * 6 + 512);
        let mut json = Writer(&mut out);
        json.raw(r#"[{"op":"replace","path":"/metadata/resourceVersion","value":"#);
        json.text(version);
        for (path, pairs) in
            [("/metadata/labels", &self.labels), ("/metadata/annotations", &self.annotations)]
        {
            json.addition(path);
            json.map(pairs.iter(), |json, value| json.text(value));
        }
        if let Some(immutable) = self.immutable {
            json.addition("/immutable");
            json.raw(if immutable { "true" } else { "false" });
        } else if has_immutable {
            json.raw(r#"},{"op":"remove","path":"/immutable""#);
        }
        json.addition("/data");
        json.map(self.data.iter(), |json, value| json.base64(value.as_bytes()));
        json.raw("}]");
        wiped(Zeroizing::new(out))
    }
}

/// Bytes that are wiped when the last of their users is done.
pub(super) fn wiped(bytes: Zeroizing<Vec<u8>>) -> Bytes {
    struct Owner(Zeroizing<Vec<u8>>);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    Bytes::from_owner(Owner(bytes))
}

struct Writer<'o>(&'o mut Vec<u8>);

impl Writer<'_> {
    fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn text(&mut self, text: &str) {
        push_string(text, self.0);
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.raw("\"");
        push_base64(bytes, self.0);
        self.raw("\"");
    }

    /// An operation of a JSON patch behind others, up to its value.
    fn addition(&mut self, path: &str) {
        self.raw(r#"},{"op":"add","path":"#);
        self.text(path);
        self.raw(r#","value":"#);
    }

    fn field(&mut self, name: &str) {
        self.raw(",");
        self.text(name);
        self.raw(":");
    }

    fn map<'v, V: 'v>(
        &mut self,
        pairs: impl Iterator<Item = (&'v &'v str, &'v V)>,
        mut write: impl FnMut(&mut Self, &V),
    ) {
        self.raw("{");
        for (i, (key, value)) in pairs.enumerate() {
            if i > 0 {
                self.raw(",");
            }
            self.text(key);
            self.raw(":");
            write(self, value);
        }
        self.raw("}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_it_says_and_grows_no_buffer() {
        let value = Value::new(b"1".to_vec());
        let body = Body {
            name: "n",
            resource_version: Some("7"),
            labels: [("a", "<\u{1}>")].into(),
            immutable: Some(false),
            data: [("k", &value)].into(),
            secret_type: "t",
            ..Body::default()
        };
        let json = body.json();
        let got: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let wanted = serde_json::json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "n", "resourceVersion": "7", "labels": {"a": "<\u{1}>"}},
            "immutable": false,
            "data": {"k": "MQ=="},
            "type": "t",
        });
        assert_eq!(got, wanted);
    }

    #[test]
    fn a_patch_is_what_it_says_and_grows_no_buffer() {
        let value = Value::new(b"1".to_vec());
        let body = Body {
            labels: [("a", "<\u{1}>")].into(),
            data: [("k", &value)].into(),
            ..Body::default()
        };
        let operations = |immutable| {
            serde_json::json!([
                {"op": "replace", "path": "/metadata/resourceVersion", "value": "7"},
                {"op": "add", "path": "/metadata/labels", "value": {"a": "<\u{1}>"}},
                {"op": "add", "path": "/metadata/annotations", "value": {}},
                immutable,
                {"op": "add", "path": "/data", "value": {"k": "MQ=="}},
            ])
        };
        let rows = [
            (None, true, serde_json::json!({"op": "remove", "path": "/immutable"})),
            (
                Some(true),
                false,
                serde_json::json!({"op": "add", "path": "/immutable", "value": true}),
            ),
        ];
        for (immutable, has_immutable, wanted) in rows {
            let json = Body { immutable, ..body.clone() }.json_patch("7", has_immutable);
            let got: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(got, operations(wanted));
        }
    }
}
