//! A Secret while it is built.

use std::borrow::Cow;

use super::error::At;
use super::value::{Map, Value};
use crate::secret::manifest::Node;

/// What happens if there is a Secret of that name already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Behavior {
    #[default]
    Create,
    Merge,
    Replace,
}

/// The field `type`. Most Secrets have the usual one, which takes no memory.
#[derive(Clone)]
pub(super) enum SecretType {
    Absent,
    Opaque,
    Other(Box<Value>),
}

/// An earlier name and namespace.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) name: Box<str>,
    pub(super) namespace: Box<str>,
}

/// A Secret. Thousands of them are in memory at once: what few have takes one pointer in the others.
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(super) struct Resource {
    pub(super) at: At,
    pub(super) behavior: Behavior,
    /// Whether its name gets a hash of its contents.
    pub(super) has_hash: bool,
    /// Whether a generator made it.
    pub(super) is_generated: bool,
    /// Whether kustomize has annotations on it, be they its own or an empty map.
    pub(super) is_marked: bool,
    /// Whether a patch has removed it.
    pub(super) is_deleted: bool,
    pub(super) name: Box<str>,
    pub(super) data: Option<Value>,
    pub(super) secret_type: SecretType,
    rare: Option<Box<Rare>>,
}

/// What most Secrets do not have.
#[derive(Default)]
struct Rare {
    /// The other fields, without `apiVersion` and `kind`, and `metadata` without `name`.
    fields: Map,
    /// Its names before they were changed, the first one first.
    past: Vec<Past>,
    record: Option<Record>,
}

/// What `buildMetadata` tells about a Secret.
#[derive(Clone, Default)]
pub(super) struct Record {
    /// Where it came from, as YAML.
    pub(super) origin: String,
    /// What changed it, as YAML.
    pub(super) transformations: String,
}

/// The length of a hash in a name.
const HASH_LEN: usize = 10;

const METADATA: &str = "metadata";
const LABELS: &str = "labels";
const ANNOTATIONS: &str = "annotations";
const NAMESPACE: &str = "namespace";

impl Resource {
    pub(super) fn new(at: At, name: &str) -> Self {
        Self {
            at,
            behavior: Behavior::Create,
            has_hash: false,
            is_generated: false,
            is_marked: false,
            is_deleted: false,
            name: name.into(),
            data: None,
            secret_type: SecretType::Absent,
            rare: None,
        }
    }

    /// A Secret from the fields of its manifest. What is no map of metadata, and a name that is no
    /// text, are the caller's to find.
    pub(super) fn from_tree(at: At, mut tree: Map) -> Self {
        let mut resource = Self::new(at, "");
        resource.set_tree(&mut tree);
        resource
    }

    fn set_tree(&mut self, tree: &mut Map) {
        tree.remove("apiVersion");
        tree.remove("kind");
        self.data = tree.remove("data");
        self.secret_type = match tree.remove("type") {
            None => SecretType::Absent,
            Some(value) if value.as_text() == Some(crate::kinds::OPAQUE) => SecretType::Opaque,
            Some(value) => SecretType::Other(Box::new(value)),
        };
        self.name = "".into();
        if let Some(Value::Map(metadata)) = tree.get_mut(METADATA) {
            if let Some(name) = metadata.remove("name") {
                self.name = name.into_text().as_text().unwrap_or_default().into();
            }
            if metadata.is_empty() {
                tree.remove(METADATA);
            }
        }
        let fields = std::mem::take(tree);
        if !fields.is_empty() || self.rare.is_some() {
            *self.fields_mut() = fields;
        }
    }

    /// Changes the Secret as the tree of its manifest. What the change returns as `None` is removed.
    pub(super) fn change<E>(
        &mut self,
        change: impl FnOnce(Map) -> Result<Option<Map>, E>,
    ) -> Result<(), E> {
        let mut tree = std::mem::take(self.fields_mut());
        tree.insert("apiVersion", Value::text("v1"));
        tree.insert("kind", Value::text("Secret"));
        if let Some(data) = self.data.take() {
            tree.insert("data", data);
        }
        match std::mem::replace(&mut self.secret_type, SecretType::Absent) {
            SecretType::Absent => {}
            SecretType::Opaque => drop(tree.insert("type", Value::text(crate::kinds::OPAQUE))),
            SecretType::Other(value) => drop(tree.insert("type", *value)),
        }
        tree.map_at(METADATA).insert("name", Value::text(self.name.clone()));
        match change(tree)? {
            Some(mut tree) => self.set_tree(&mut tree),
            None => self.is_deleted = true,
        }
        Ok(())
    }

    pub(super) fn fields(&self) -> &Map {
        const NONE: &Map = &Map::EMPTY;
        self.rare.as_ref().map_or(NONE, |rare| &rare.fields)
    }

    pub(super) fn fields_mut(&mut self) -> &mut Map {
        &mut self.rare.get_or_insert_default().fields
    }

    fn past(&self) -> &[Past] {
        self.rare.as_ref().map_or(&[], |rare| &rare.past)
    }

    pub(super) fn has_past(&self) -> bool {
        !self.past().is_empty()
    }

    pub(super) fn has_record(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.record.is_some())
    }

    pub(super) fn record_mut(&mut self) -> &mut Record {
        self.rare.get_or_insert_default().record.get_or_insert_default()
    }

    pub(super) fn take_record(&mut self) -> Option<Record> {
        self.rare.as_mut()?.record.take()
    }

    /// The metadata without the name, if there is more than that.
    fn existing_metadata(&mut self) -> Option<&mut Map> {
        match self.rare.as_mut()?.fields.get_mut(METADATA)? {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn metadata(&self) -> Option<&Map> {
        self.fields().get(METADATA)?.as_map()
    }

    pub(super) fn metadata_mut(&mut self) -> &mut Map {
        self.fields_mut().map_at(METADATA)
    }

    /// Its namespace; empty if it has none.
    pub(super) fn namespace(&self) -> &str {
        let namespace = self.metadata().and_then(|metadata| metadata.get(NAMESPACE));
        namespace.and_then(Value::as_text).unwrap_or_default()
    }

    pub(super) fn set_namespace(&mut self, namespace: &str) {
        if namespace.is_empty() {
            if let Some(metadata) = self.existing_metadata() {
                metadata.remove(NAMESPACE);
            }
            return;
        }
        self.metadata_mut().insert(NAMESPACE, Value::text(namespace));
    }

    pub(super) fn labels(&self) -> Option<&Map> {
        self.metadata()?.get(LABELS)?.as_map()
    }

    pub(super) fn annotations(&self) -> Option<&Map> {
        self.metadata()?.get(ANNOTATIONS)?.as_map()
    }

    /// Whether labels can be set: what is there is a map.
    pub(super) fn takes_labels(&self) -> bool {
        let labels = self.metadata().and_then(|metadata| metadata.get(LABELS));
        matches!(labels, None | Some(Value::Null | Value::Map(_)))
    }

    pub(super) fn set_label(&mut self, key: &str, value: &str) {
        self.metadata_mut().map_at(LABELS).insert(key, Value::text(value));
    }

    /// Makes texts of the annotations, as kustomize does whenever it writes one of its own.
    pub(super) fn settle_annotations(&mut self) {
        let Some(metadata) = self.existing_metadata() else { return };
        if let Some(Value::Map(map)) = metadata.remove(ANNOTATIONS)
            && !map.is_empty()
        {
            metadata.insert(ANNOTATIONS, Value::Map(map.into_values(Value::into_text)));
        }
    }

    pub(super) fn set_annotation(&mut self, key: &str, value: &str) {
        self.metadata_mut().map_at(ANNOTATIONS).insert(key, Value::text(value));
    }

    /// Takes over the labels and the annotations of a Secret that it replaces, its name and its
    /// namespace. Its own labels and annotations win.
    pub(super) fn take_metadata(&mut self, other: &mut Self) {
        for field in [LABELS, ANNOTATIONS] {
            let old = match other.existing_metadata() {
                Some(metadata) => metadata.remove(field),
                None => None,
            };
            let Some(Value::Map(old)) =
                old.filter(|old| old.as_map().is_some_and(|m| !m.is_empty()))
            else {
                continue;
            };
            let metadata = self.metadata_mut();
            let own = match metadata.remove(field) {
                Some(Value::Map(own)) => own,
                _ => Map::default(),
            };
            let old = old.into_values(Value::into_text);
            metadata.insert(field, Value::Map(old.merged(own)));
        }
        self.name = std::mem::take(&mut other.name);
        let namespace = other.namespace().to_owned();
        self.set_namespace(&namespace);
        let past = other.rare.as_mut().map_or_else(Vec::new, |rare| std::mem::take(&mut rare.past));
        if !past.is_empty() || self.has_past() {
            self.rare.get_or_insert_default().past = past;
        }
        self.has_hash &= other.has_hash;
        self.is_marked = other.is_marked && other.is_generated;
        self.behavior = other.behavior;
    }

    /// Takes over what is under `data`, where it has no value itself.
    pub(super) fn merge_data(&mut self, other: &mut Self) {
        let texts = |data: Option<Value>| match data {
            Some(Value::Map(map)) => map.into_values(|value| match value {
                Value::Null => Value::text(""),
                value => value.into_text(),
            }),
            _ => Map::default(),
        };
        let merged = texts(other.data.take()).merged(texts(self.data.take()));
        self.data = (!merged.is_empty()).then_some(Value::Map(merged));
    }

    /// Remembers its name and its namespace before they change.
    pub(super) fn remember(&mut self) {
        let namespace = effective(self.namespace()).into();
        let name = self.name.clone();
        self.rare.get_or_insert_default().past.push(Past { name, namespace });
    }

    /// Its first name and namespace.
    pub(super) fn original(&self) -> (&str, &str) {
        match self.past().first() {
            Some(past) => (&past.name, &past.namespace),
            None => (&self.name, effective(self.namespace())),
        }
    }

    /// Puts a hash behind its name, at the end of the build.
    pub(super) fn add_hash(&mut self, hash: &str) {
        self.name = format!("{}-{hash}", self.name).into();
    }

    /// The name that its generator has, once hashes have been added.
    pub(super) fn generator_name(&self) -> &str {
        let hashed = if self.has_hash { HASH_LEN + 1 } else { 0 };
        match self.past().first() {
            Some(past) => &past.name,
            None => self.name.get(..self.name.len().saturating_sub(hashed)).unwrap_or(&self.name),
        }
    }

    /// Its names and namespaces: the present ones, then the earlier ones.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, &str)> {
        let past = self.past().iter().map(|past| (&*past.name, &*past.namespace));
        std::iter::once((&*self.name, effective(self.namespace()))).chain(past)
    }

    /// About so many bytes its manifest takes.
    pub(super) fn room(&self) -> usize {
        fn of(value: &Value) -> usize {
            match value {
                Value::Text(text) => text.len() + text.len() / 8,
                Value::Base64(bytes) => bytes.len() / 3 * 4 + bytes.len() / 10,
                Value::List(items) => items.iter().map(|item| of(item) + 8).sum(),
                Value::Map(map) => map.iter().map(|(key, value)| key.len() + of(value) + 8).sum(),
                _ => 8,
            }
        }
        let fields = self.fields().iter().map(|(key, value)| key.len() + of(value) + 8);
        self.name.len() + self.data.as_ref().map_or(0, of) + fields.sum::<usize>() + 80
    }

    /// The manifest for a printer.
    pub(super) fn printed(&self) -> Node<'_> {
        let mut metadata = vec![(Cow::Borrowed("name"), Node::text(&self.name))];
        metadata.extend(
            self.metadata()
                .into_iter()
                .flat_map(Map::iter)
                .map(|(key, value)| (Cow::Borrowed(key), value.printed())),
        );
        let mut fields = Vec::with_capacity(self.fields().len() + 5);
        let mut push = |key, node| fields.push((Cow::Borrowed(key), node));
        push("kind", Node::text("Secret"));
        push("apiVersion", Node::text("v1"));
        push(METADATA, Node::Map(metadata));
        for (key, value) in self.fields().iter().filter(|(key, _)| *key != METADATA) {
            push(key, value.printed());
        }
        if let Some(data) = &self.data {
            push("data", data.printed());
        }
        match &self.secret_type {
            SecretType::Absent => {}
            SecretType::Opaque => push("type", Node::text(crate::kinds::OPAQUE)),
            SecretType::Other(value) => push("type", value.printed()),
        }
        Node::Map(fields)
    }
}

/// The namespace that an object without one is in.
pub(super) fn effective(namespace: &str) -> &str {
    if namespace.is_empty() { "default" } else { namespace }
}
