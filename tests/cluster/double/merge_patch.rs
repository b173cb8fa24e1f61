//! JSON merge patches (RFC 7396), and of strategic ones what the server needs of them here.

use serde_json::{Map, Value};

/// Lists that a strategic patch merges by the name of their items.
const BY_NAME: [&str; 2] = ["imagePullSecrets", "secrets"];

/// Merges a patch into an object.
pub fn merge(into: &mut Value, patch: &Value, strategic: bool) {
    let Value::Object(patch) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = Map::new().into();
    }
    let Some(fields) = into.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            fields.shift_remove(key);
        } else if strategic && BY_NAME.contains(&key.as_str()) && value.is_array() {
            let there = fields.entry(key.clone()).or_insert_with(|| Value::Array(Vec::new()));
            add_by_name(there, value);
        } else {
            merge(fields.entry(key.clone()).or_insert(Value::Null), value, strategic);
        }
    }
}

fn add_by_name(there: &mut Value, items: &Value) {
    let (Some(there), Some(items)) = (there.as_array_mut(), items.as_array()) else { return };
    for item in items {
        if !there.iter().any(|other| other["name"] == item["name"]) {
            there.push(item.clone());
        }
    }
}
