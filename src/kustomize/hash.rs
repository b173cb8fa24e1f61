//! The suffix of a generated Secret's name.
//!
//! kustomize hashes the compact JSON of `data`, `kind`, `name`, `stringData` and `type`, keys sorted,
//! as kubectl's `--append-hash` does; but the name is always empty there, a field that is missing is an
//! empty text, and long base64 is in lines (`api/hasher/hasher.go`).

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::resource::{Resource, SecretType};
use super::value::{Map, Value};
use crate::golang::json::push_string;
use crate::kinds::OPAQUE;
use crate::secret::hash::word;
use crate::secret::manifest::{has_base64_lines, push_base64, push_base64_lines};

/// The suffix, without the `-` before it. `buffer` is kept from one Secret to the next.
pub(super) fn suffix(resource: &Resource, buffer: &mut Zeroizing<Vec<u8>>) -> String {
    let mut hash = Json { buffer, hash: Sha256::new() };
    hash.push(b"{\"data\":");
    hash.field(resource.data.as_ref());
    hash.push(b",\"kind\":\"Secret\",\"name\":\"\"");
    if let Some(string_data @ Value::Map(_)) = resource.fields().get("stringData") {
        hash.push(b",\"stringData\":");
        hash.field(Some(string_data));
    }
    hash.push(b",\"type\":");
    match &resource.secret_type {
        SecretType::Absent => hash.field(None),
        SecretType::Opaque => hash.text(OPAQUE),
        SecretType::Other(value) => hash.field(Some(value)),
    }
    hash.push(b"}");
    hash.finish()
}

struct Json<'b> {
    buffer: &'b mut Zeroizing<Vec<u8>>,
    hash: Sha256,
}

impl Json<'_> {
    fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        push_string(text, self.buffer);
    }

    /// A field at the top: a map, or the characters of a scalar.
    fn field(&mut self, value: Option<&Value>) {
        match value {
            None => self.text(""),
            Some(Value::Map(map)) => self.map(map),
            Some(Value::Null) => self.text("null"),
            Some(Value::Bool(value)) => self.text(if *value { "true" } else { "false" }),
            Some(Value::Number(number)) => self.text(number),
            Some(value) => self.value(value),
        }
    }

    fn map(&mut self, map: &Map) {
        for (i, (key, value)) in map.iter().enumerate() {
            self.push(if i == 0 { b"{" } else { b"," });
            self.text(key);
            self.push(b":");
            self.value(value);
            if self.buffer.len() > 1 << 16 {
                self.flush();
            }
        }
        self.push(if map.is_empty() { b"{}" } else { b"}" });
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.push(b"null"),
            Value::Bool(value) => self.push(if *value { b"true" } else { b"false" }),
            Value::Number(number) => self.push(number.as_bytes()),
            Value::Text(text) => self.text(text),
            Value::Base64(bytes) => {
                self.push(b"\"");
                if has_base64_lines(bytes.len()) {
                    push_base64_lines(bytes, b"", b"\\n", self.buffer);
                } else {
                    push_base64(bytes, self.buffer);
                }
                self.push(b"\"");
            }
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.push(if i == 0 { b"[" } else { b"," });
                    self.value(item);
                }
                self.push(if items.is_empty() { b"[]" } else { b"]" });
            }
            Value::Map(map) => self.map(map),
        }
    }

    fn flush(&mut self) {
        self.hash.update(self.buffer.as_slice());
        self.buffer.clear();
    }

    fn finish(mut self) -> String {
        self.flush();
        word(&self.hash.finalize())
    }
}
