//! Whether a selector does to a Secret what is meant. sops follows any: one that fits nothing leaves the
//! values readable, and one that fits too much makes a file that no tool of Kubernetes reads.

use super::super::scope::LAST_APPLIED;
use super::tree::Item;
use crate::hints::Fault;
use crate::shown;

/// What is wrong with what a selector encrypts.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Readable {
    #[error("{field} would be encrypted, and Kubernetes tools must be able to read it")]
    Hidden { field: String },
    #[error("the manifest is a list, and a file of SOPS contains one Secret")]
    List,
    #[error("the annotation {annotation} would keep the values readable")]
    LastApplied { annotation: &'static str },
    #[error("the field {} is not one of a Secret, and would stay readable", shown::Key(field))]
    UnknownField { field: String },
    #[error("the manifest has a field sops, which SOPS cannot handle")]
    SopsField,
    #[error("the value of {}[{}] would stay readable", field, shown::Key(key))]
    Value { field: &'static str, key: String },
}

impl Fault for Readable {
    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::List => "put the Secret into a file of its own".to_owned(),
            Self::LastApplied { .. } => "remove the annotation from the manifest".to_owned(),
            Self::SopsField => "remove it: sops adds its own".to_owned(),
            Self::UnknownField { .. } => "remove it, or correct its name".to_owned(),
            Self::Hidden { field } if field.contains('[') => {
                "rename it: SOPS encrypts whatever is under a key named data or stringData"
                    .to_owned()
            }
            Self::Hidden { .. } | Self::Value { .. } => {
                "for Secrets, use encrypted_regex: ^(data|stringData)$".to_owned()
            }
        }]
    }
}

/// Checks what is encrypted of a Secret, before anything is.
pub(crate) fn verify(
    root: &Item<'_>,
    is_encrypted: &dyn Fn(&[&str]) -> bool,
) -> Result<(), Readable> {
    let Item::Map(fields) = root else { return Ok(()) };
    for (field, value) in fields.iter().filter(|(_, value)| !value.is_comment()) {
        match field.as_ref() {
            "items" => return Err(Readable::List),
            "sops" => return Err(Readable::SopsField),
            "data" => check_values("data", value, is_encrypted)?,
            "stringData" => check_values("stringData", value, is_encrypted)?,
            "apiVersion" | "kind" | "metadata" | "type" => {
                hidden(value, &mut vec![field], is_encrypted)?;
            }
            "immutable" => {}
            // A misspelt `data` is none that a selector fits.
            other if !is_encrypted(&[other]) => {
                return Err(Readable::UnknownField { field: other.to_owned() });
            }
            _ => {}
        }
    }
    let metadata = fields.iter().find(|(field, _)| field == "metadata");
    let annotations = metadata.and_then(|(_, value)| value.get("annotations"));
    match LAST_APPLIED.into_iter().find(|key| annotations.is_some_and(|map| map.get(key).is_some()))
    {
        Some(annotation) => Err(Readable::LastApplied { annotation }),
        None => Ok(()),
    }
}

/// Every value that is not empty must be encrypted.
fn check_values(
    field: &'static str,
    values: &Item<'_>,
    is_encrypted: &dyn Fn(&[&str]) -> bool,
) -> Result<(), Readable> {
    let Item::Map(pairs) = values else { return Ok(()) };
    for (key, value) in pairs {
        let is_empty = match value {
            Item::Null | Item::Comment(_) => true,
            Item::Text(text) => text.is_empty(),
            _ => false,
        };
        if !is_empty && !is_encrypted(&[field, key]) {
            return Err(Readable::Value { field, key: key.to_string() });
        }
    }
    Ok(())
}

/// Nothing below may be encrypted.
fn hidden<'k>(
    item: &'k Item<'_>,
    path: &mut Vec<&'k str>,
    is_encrypted: &dyn Fn(&[&str]) -> bool,
) -> Result<(), Readable> {
    match item {
        Item::Map(pairs) => {
            for (key, value) in pairs.iter().filter(|(_, value)| !value.is_comment()) {
                path.push(key);
                hidden(value, path, is_encrypted)?;
                path.pop();
            }
        }
        Item::List(items) => {
            for item in items {
                hidden(item, path, is_encrypted)?;
            }
        }
        Item::Comment(_) | Item::Null => {}
        _ if is_encrypted(path) => {
            let field = match path.as_slice() {
                [first, second, key] => format!("{first}.{second}[{}]", shown::Key(key)),
                path => path.join("."),
            };
            return Err(Readable::Hidden { field });
        }
        _ => {}
    }
    Ok(())
}
