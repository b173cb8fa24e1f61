//! Server-side apply: merge, give up what is no longer named, find conflicts.

use serde_json::Value;

use super::fields::{Change, FieldSet, Managed};
use super::status::{Conflict, Refusal};

/// What an apply makes of an object, and of its managers.
#[derive(Debug)]
pub struct Applied {
    pub object: Value,
    pub managed: Managed,
}

/// Who applies, and how.
#[derive(Debug)]
pub struct Applier<'a> {
    pub manager: &'a str,
    pub api_version: &'a str,
    pub now: &'a str,
    pub force: bool,
}

impl Applier<'_> {
    /// Applies `config` over `live`; both without the fields that nobody can hold.
    pub fn apply(
        &self,
        live: &Value,
        config: &Value,
        mut managed: Managed,
    ) -> Result<Applied, Refusal> {
        let mut object = live.clone();
        merge(&mut object, config);
        let named = FieldSet::of_config(config);
        let entry = managed.entry(self.manager, "Apply", self.api_version);
        let before = std::mem::replace(&mut entry.fields, named);
        give_up(&mut object, &before, &managed);

        let change = Change::between(live, &object);
        let mut taken = change.added.clone();
        taken.extend(&change.modified);
        let mut conflicts = Vec::new();
        for entry in &mut managed.0 {
            if entry.is(self.manager, "Apply") {
                continue;
            }
            for path in entry.fields.0.intersection(&taken.0) {
                conflicts.push(Conflict { manager: entry.in_words(), path: in_words(path) });
            }
            entry.fields.subtract(&taken);
            entry.fields.subtract(&change.removed);
        }
        if !self.force && !conflicts.is_empty() {
            conflicts.sort_by(|a, b| (&a.manager, &a.path).cmp(&(&b.manager, &b.path)));
            return Err(Refusal::apply_conflict(&conflicts));
        }
        managed.entry(self.manager, "Apply", self.api_version).time = Some(self.now.to_owned());
        managed.0.retain(|entry| !entry.fields.is_empty());
        Ok(Applied { object, managed })
    }
}

fn in_words(path: &[String]) -> String {
    path.iter().flat_map(|element| [".", element.strip_prefix("f:").unwrap_or(element)]).collect()
}

fn merge(into: &mut Value, config: &Value) {
    match (into, config) {
        (Value::Object(into), Value::Object(config)) => {
            for (key, value) in config {
                if let Some(there) = into.get_mut(key) {
                    merge(there, value);
                } else {
                    into.insert(key.clone(), value.clone());
                }
            }
        }
        (into, config) => *into = config.clone(),
    }
}

/// Removes what this manager held before and nobody holds now; the deepest first, so that a
/// container goes only when nothing is left in it.
fn give_up(object: &mut Value, before: &FieldSet, managed: &Managed) {
    let held = |path: &[String]| managed.0.iter().any(|entry| entry.fields.covers(path));
    for path in before.0.iter().rev() {
        for depth in (1..=path.len()).rev() {
            let path = &path[..depth];
            if held(path) || !remove_leaf(object, path) {
                break;
            }
        }
    }
}

/// Removes a field, but no container that is not empty.
fn remove_leaf(object: &mut Value, path: &[String]) -> bool {
    let Some((last, above)) = path.split_last() else { return false };
    let mut node = object;
    for element in above {
        let Some(below) = element.strip_prefix("f:").and_then(|key| node.get_mut(key)) else {
            return true;
        };
        node = below;
    }
    let (Some(map), Some(key)) = (node.as_object_mut(), last.strip_prefix("f:")) else {
        return false;
    };
    if map.get(key).is_some_and(|value| value.as_object().is_some_and(|map| !map.is_empty())) {
        return false;
    }
    map.shift_remove(key);
    true
}
