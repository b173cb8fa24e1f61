//! Who holds which field: metadata.managedFields and its sets, after structured-merge-diff.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Fields as paths of `FieldsV1` elements (`f:data`, `f:a`); a container is a member of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldSet(pub BTreeSet<Vec<String>>);

/// What differs between two objects.
#[derive(Debug, Default)]
pub struct Change {
    pub added: FieldSet,
    pub modified: FieldSet,
    pub removed: FieldSet,
}

/// One entry of managedFields.
#[derive(Clone, Debug)]
pub struct Manager {
    pub name: String,
    pub operation: String,
    pub api_version: String,
    pub subresource: Option<String>,
    pub time: Option<String>,
    pub fields: FieldSet,
}

/// All entries of an object.
#[derive(Clone, Debug, Default)]
pub struct Managed(pub Vec<Manager>);

/// Fields of metadata that nobody can hold (fieldmanager's stripMeta).
const UNHELD: [&str; 8] = [
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
];

/// Structs that are always there, so that nobody adds or removes them.
const ALWAYS_THERE: [&str; 3] = ["f:metadata", "f:spec", "f:status"];

fn is_always_there(path: &[String]) -> bool {
    match path {
        [] => true,
        [only] => ALWAYS_THERE.contains(&only.as_str()),
        _ => false,
    }
}

/// The part of an object that managers can hold.
pub fn held_part(object: &Value) -> Value {
    let mut part = object.as_object().cloned().unwrap_or_default();
    part.shift_remove("kind");
    part.shift_remove("apiVersion");
    if let Some(Value::Object(metadata)) = part.get_mut("metadata") {
        for name in UNHELD {
            metadata.shift_remove(name);
        }
    }
    part.into()
}

impl FieldSet {
    /// Reads `FieldsV1`; elements stay as they are written.
    pub fn read(tree: &Value) -> Self {
        fn walk(tree: &Value, path: &mut Vec<String>, set: &mut FieldSet) {
            let Some(tree) = tree.as_object() else { return };
            if tree.is_empty() && !path.is_empty() {
                set.0.insert(path.clone());
            }
            for (element, below) in tree {
                if element == "." {
                    set.0.insert(path.clone());
                } else {
                    path.push(element.clone());
                    walk(below, path, set);
                    path.pop();
                }
            }
        }
        let mut set = Self::default();
        walk(tree, &mut Vec::new(), &mut set);
        set
    }

    pub fn write(&self) -> Value {
        fn insert(node: &mut Map<String, Value>, path: &[String], dotted: bool) {
            if let Some((first, rest)) = path.split_first() {
                let below = node.entry(first.clone()).or_insert_with(|| json!({}));
                if let Value::Object(below) = below {
                    insert(below, rest, dotted);
                }
            } else if dotted {
                node.insert(".".into(), json!({}));
            }
        }
        let mut tree = Map::new();
        for path in &self.0 {
            // Paths are sorted: what is in a container comes right after it, and only then does
            // it take a `.` to show that the container is a member too.
            let next = self.0.range(path.clone()..).nth(1);
            insert(&mut tree, path, next.is_some_and(|next| next.starts_with(path)));
        }
        tree.into()
    }

    /// What an applied configuration names: its leaves alone.
    pub fn of_config(config: &Value) -> Self {
        fn walk(value: &Value, path: &mut Vec<String>, set: &mut FieldSet) {
            match value {
                Value::Object(map) if !map.is_empty() => {
                    for (key, below) in map {
                        path.push(format!("f:{key}"));
                        walk(below, path, set);
                        path.pop();
                    }
                }
                _ if is_always_there(path) => {}
                _ => {
                    set.0.insert(path.clone());
                }
            }
        }
        let mut set = Self::default();
        walk(config, &mut Vec::new(), &mut set);
        set
    }

    /// Whether this path, or one below it, is a member.
    pub fn covers(&self, path: &[String]) -> bool {
        self.0.range(path.to_vec()..).next().is_some_and(|first| first.starts_with(path))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    pub fn subtract(&mut self, other: &Self) {
        self.0.retain(|path| !other.0.contains(path));
    }
}

impl Change {
    pub fn between(old: &Value, new: &Value) -> Self {
        let mut change = Self::default();
        change.walk(Some(old), Some(new), &mut Vec::new());
        change
    }

    fn walk(&mut self, old: Option<&Value>, new: Option<&Value>, path: &mut Vec<String>) {
        let fields = |value: Option<&Value>| {
            value.and_then(Value::as_object).filter(|map| !map.is_empty()).cloned()
        };
        let (old_map, new_map) = (fields(old), fields(new));
        if !is_always_there(path) {
            let is_leaf = old_map.is_none() && new_map.is_none();
            match (old, new) {
                (None, Some(_)) => self.added.0.insert(path.clone()),
                (Some(_), None) => self.removed.0.insert(path.clone()),
                (Some(old), Some(new)) if is_leaf && old != new => {
                    self.modified.0.insert(path.clone())
                }
                _ => false,
            };
        }
        let (old_map, new_map) = (old_map.unwrap_or_default(), new_map.unwrap_or_default());
        let keys: BTreeSet<_> = old_map.keys().chain(new_map.keys()).collect();
        for key in keys {
            path.push(format!("f:{key}"));
            self.walk(old_map.get(key), new_map.get(key), path);
            path.pop();
        }
    }
}

impl Manager {
    pub fn is(&self, name: &str, operation: &str) -> bool {
        self.name == name && self.operation == operation && self.subresource.is_none()
    }

    /// How conflicts name it: `"m1"`, and `"m1" using v1` for an Update entry.
    pub fn in_words(&self) -> String {
        let name = &self.name;
        let subresource = self.subresource.as_ref();
        let subresource = subresource.map(|it| format!(" with subresource {it:?}"));
        let version = (self.operation == "Update").then(|| format!(" using {}", self.api_version));
        format!("{name:?}{}{}", subresource.unwrap_or_default(), version.unwrap_or_default())
    }

    fn read(entry: &Value) -> Option<Self> {
        let text = |field: &str| Some(entry.get(field)?.as_str()?.to_owned());
        Some(Self {
            name: text("manager").unwrap_or_default(),
            operation: text("operation")?,
            api_version: text("apiVersion")?,
            subresource: text("subresource"),
            time: text("time"),
            fields: FieldSet::read(entry.get("fieldsV1")?),
        })
    }

    fn write(&self) -> Value {
        let mut entry = json!({
            "manager": self.name,
            "operation": self.operation,
            "apiVersion": self.api_version,
        });
        if let Some(time) = &self.time {
            entry["time"] = time.clone().into();
        }
        entry["fieldsType"] = "FieldsV1".into();
        entry["fieldsV1"] = self.fields.write();
        if let Some(subresource) = &self.subresource {
            entry["subresource"] = subresource.clone().into();
        }
        entry
    }
}

impl Managed {
    /// Entries of an object; one that cannot be read makes all unreadable, hence none.
    pub fn read(object: &Value) -> Self {
        let entries = object["metadata"]["managedFields"].as_array().map_or(&[][..], Vec::as_slice);
        Self(entries.iter().map(Manager::read).collect::<Option<_>>().unwrap_or_default())
    }

    /// The entries in the server's order: by operation, time, manager, version.
    pub fn write(mut self, object: &mut Value) {
        self.0.retain(|entry| !entry.fields.is_empty());
        self.0.sort_by(|a, b| {
            (&a.operation, &a.time, &a.name, &a.api_version, &a.subresource).cmp(&(
                &b.operation,
                &b.time,
                &b.name,
                &b.api_version,
                &b.subresource,
            ))
        });
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.shift_remove("managedFields");
            if !self.0.is_empty() {
                let entries: Vec<_> = self.0.iter().map(Manager::write).collect();
                metadata.insert("managedFields".into(), entries.into());
            }
        }
    }

    /// Notes what `name` changed by a POST, PUT or a patch other than apply.
    pub fn update(&mut self, old: &Value, new: &Value, name: &str, api_version: &str, now: &str) {
        let change = Change::between(old, new);
        let mut taken = change.added.clone();
        taken.extend(&change.modified);
        for entry in &mut self.0 {
            entry.fields.subtract(&change.removed);
            if !entry.is(name, "Update") {
                entry.fields.subtract(&taken);
            }
        }
        if !taken.is_empty() {
            let entry = self.entry(name, "Update", api_version);
            entry.fields.extend(&taken);
            entry.time = Some(now.to_owned());
        }
        self.0.retain(|entry| !entry.fields.is_empty());
    }

    /// The entry of this manager, made where there is none.
    pub fn entry(&mut self, name: &str, operation: &str, api_version: &str) -> &mut Manager {
        let at = self.0.iter().position(|entry| entry.is(name, operation)).unwrap_or_else(|| {
            self.0.push(Manager {
                name: name.to_owned(),
                operation: operation.to_owned(),
                api_version: api_version.to_owned(),
                subresource: None,
                time: None,
                fields: FieldSet::default(),
            });
            self.0.len() - 1
        });
        &mut self.0[at]
    }

    /// The same but for times, which do not make an object a new one.
    pub fn same_fields(&self, other: &Self) -> bool {
        let sorted = |managed: &Self| {
            let key = |one: &Manager| (one.operation.clone(), one.name.clone());
            managed.0.iter().map(|one| (key(one), one.fields.clone())).collect::<BTreeMap<_, _>>()
        };
        sorted(self) == sorted(other)
    }
}
