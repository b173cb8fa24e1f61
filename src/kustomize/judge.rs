//! From a manifest to the Secret that an API server would make of it.

use super::Built;
use super::resource::{Resource, SecretType};
use super::value::{Map, Value};
use crate::golang::base64::{self, Padding};
use crate::secret::{DataKey, KeyError, Namespace, Secret, SecretBuilder, SecretName, Text};
use crate::shown;

/// The fields of a Secret without `data`, `type` and `metadata.name`.
const FIELDS: [&str; 3] = ["immutable", "metadata", "stringData"];
/// The other fields of its metadata.
const METADATA: [&str; 14] = [
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// What an API server rejects before it has a Secret. Keys are shown, values are not.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsendable {
    #[error("data[{}]: the value is not valid base64 (byte {})", shown::Name(key), offset + 1)]
    Base64 { key: String, offset: usize },
    #[error("data[{}]: {}", shown::Name(key), error.in_short())]
    DataKey { key: String, error: KeyError },
    #[error("{field} must be {expected}")]
    Type { field: String, expected: &'static str },
    #[error("{}{} is not a field of a Secret", shown::Key(path), shown::Key(field))]
    UnknownField { path: &'static str, field: String },
}

impl Built {
    /// The Secret, and what cannot be sent of it and is left out.
    pub(crate) fn secret(&self) -> (Secret, Vec<Unsendable>) {
        let mut faults = Vec::new();
        let secret = secret(&self.0, &mut faults);
        (secret, faults)
    }
}

fn secret(resource: &Resource, faults: &mut Vec<Unsendable>) -> Secret {
    let mut type_ = Text::default();
    match &resource.secret_type {
        SecretType::Absent => {}
        SecretType::Opaque => type_ = crate::kinds::OPAQUE.into(),
        SecretType::Other(value) => match &**value {
            Value::Text(text) => type_ = (&***text).into(),
            Value::Null => {}
            _ => faults.push(wrong("type", "a string")),
        },
    }
    let namespace = Some(resource.namespace()).filter(|namespace| !namespace.is_empty());
    let mut builder = SecretBuilder::new(SecretName::new(&resource.name), type_)
        .namespace(namespace.map(Namespace::new));
    // Of a key in both, stringData is used.
    if let Some(string_data) = resource.fields().get("stringData") {
        each(string_data, "stringData", faults, |key, value, faults| {
            let Some(key) = data_key(key, faults) else { return };
            let bytes = match value {
                Value::Null => Vec::new(),
                Value::Text(text) => text.as_bytes().to_vec(),
                _ => return faults.push(wrong_key("stringData", key.as_str())),
            };
            drop(builder.add(key, bytes.into()));
        });
    }
    if let Some(data) = &resource.data {
        each(data, "data", faults, |key, value, faults| {
            let Some(key) = data_key(key, faults) else { return };
            let bytes = match value {
                Value::Null => Vec::new().into(),
                Value::Base64(bytes) => bytes.to_vec().into(),
                Value::Text(text) => match base64::decode(text.as_bytes(), Padding::Required) {
                    Ok(bytes) => bytes.into(),
                    Err(offset) => {
                        let key = key.as_str().to_owned();
                        return faults.push(Unsendable::Base64 { key, offset });
                    }
                },
                _ => return faults.push(wrong_key("data", key.as_str())),
            };
            drop(builder.add(key, bytes));
        });
    }
    let mut secret = builder.build();
    for (field, value) in resource.fields().iter() {
        match (field, value) {
            ("immutable", Value::Bool(value)) => secret.immutable = *value,
            ("immutable", Value::Null) => {}
            ("immutable", _) => faults.push(wrong("immutable", "true or false")),
            ("metadata", Value::Map(map)) => metadata(map, &mut secret, faults),
            (field, _) if FIELDS.contains(&field) => {}
            (field, _) => {
                faults.push(Unsendable::UnknownField { path: "", field: field.to_owned() });
            }
        }
    }
    secret
}

fn metadata(map: &Map, secret: &mut Secret, faults: &mut Vec<Unsendable>) {
    for (field, value) in map.iter() {
        match field {
            "labels" => each(value, "metadata.labels", faults, |key, value, faults| match value {
                Value::Text(text) => {
                    secret.metadata.labels.insert(key.to_owned(), text.to_string());
                }
                Value::Null => drop(secret.metadata.labels.insert(key.to_owned(), String::new())),
                _ => faults.push(wrong_key("metadata.labels", key)),
            }),
            "annotations" => {
                each(value, "metadata.annotations", faults, |key, value, faults| match value {
                    Value::Text(text) => {
                        let text = zeroize::Zeroizing::new(text.to_string());
                        secret.metadata.annotations.insert(key.to_owned(), text);
                    }
                    _ => faults.push(wrong_key("metadata.annotations", key)),
                });
            }
            field if METADATA.contains(&field) => {}
            field => {
                let field = field.to_owned();
                faults.push(Unsendable::UnknownField { path: "metadata.", field });
            }
        }
    }
}

/// Calls `take` with each pair of a map. `null` is like an empty one.
fn each(
    value: &Value,
    field: &str,
    faults: &mut Vec<Unsendable>,
    mut take: impl FnMut(&str, &Value, &mut Vec<Unsendable>),
) {
    match value {
        Value::Map(map) => map.iter().for_each(|(key, value)| take(key, value, faults)),
        Value::Null => {}
        _ => faults.push(wrong(field, "an object")),
    }
}

fn data_key(key: &str, faults: &mut Vec<Unsendable>) -> Option<DataKey> {
    let parsed = DataKey::parse(key);
    parsed.map_err(|error| faults.push(Unsendable::DataKey { key: key.to_owned(), error })).ok()
}

fn wrong(field: &str, expected: &'static str) -> Unsendable {
    Unsendable::Type { field: field.to_owned(), expected }
}

fn wrong_key(field: &str, key: &str) -> Unsendable {
    wrong(&format!("{field}[{}]", shown::Name(key)), "a string")
}
