//! What a manifest consists of while it is built.

use std::borrow::Cow;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::error::{At, BuildError, Fault, FileId};
use crate::golang::floats;
use crate::manifest::{Content, Node, Pair, Style};
use crate::print::yaml::{Plain, is_time_text, plain};
use crate::secret::manifest::{self as printed, has_base64_lines};

/// A value of a manifest. Texts are wiped when they are dropped.
#[derive(Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// A number as JSON writes it.
    Number(Box<str>),
    Text(Zeroizing<Box<str>>),
    /// The text that base64 makes of these bytes. kustomize breaks long ones into lines.
    Base64(Zeroizing<Box<[u8]>>),
    List(Box<[Value]>),
    Map(Map),
}

/// A map, sorted by its keys.
#[derive(Clone, Default)]
pub(super) struct Map(Vec<(Rc<str>, Value)>);

impl Map {
    pub(super) const EMPTY: Self = Self(Vec::new());

    /// The map of these pairs, or the place in `pairs` of a key that occurs again.
    pub(super) fn new(mut pairs: Vec<(Rc<str>, Value)>) -> Result<Self, Rc<str>> {
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        match pairs.windows(2).find(|two| two[0].0 == two[1].0) {
            Some(two) => Err(two[0].0.clone()),
            None => Ok(Self(pairs)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| (**own).cmp(key))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.find(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Sets a value, and returns the one that it replaces.
    pub(super) fn insert(&mut self, key: &str, value: Value) -> Option<Value> {
        match self.find(key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key.into(), value));
                None
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// The map under a key, made if it is missing. Anything else than a map is replaced.
    pub(super) fn map_at(&mut self, key: &str) -> &mut Self {
        let at = match self.find(key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key.into(), Value::Null));
                at
            }
        };
        let value = &mut self.0[at].1;
        if !matches!(value, Value::Map(_)) {
            *value = Value::Map(Self::default());
        }
        match value {
            Value::Map(map) => map,
            _ => unreachable!("it has just been made a map"),
        }
    }

    /// The pairs of both; those of `over` win.
    pub(super) fn merged(self, over: Self) -> Self {
        if self.is_empty() {
            return over;
        }
        let mut all = Vec::with_capacity(self.len() + over.len());
        let mut under = self.0.into_iter().peekable();
        for pair in over.0 {
            while let Some(next) = under.next_if(|next| next.0 < pair.0) {
                all.push(next);
            }
            under.next_if(|next| next.0 == pair.0);
            all.push(pair);
        }
        all.extend(under);
        Self(all)
    }

    /// The map with other values.
    pub(super) fn into_values(self, change: impl Fn(Value) -> Value) -> Self {
        Self(self.0.into_iter().map(|(key, value)| (key, change(value))).collect())
    }
}

impl Value {
    pub(super) fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(Zeroizing::new(text.into()))
    }

    pub(super) fn bytes(bytes: &[u8]) -> Self {
        Self::Base64(Zeroizing::new(bytes.into()))
    }

    pub(super) fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text, also that of bytes.
    pub(super) fn full_text(&self) -> Option<Zeroizing<String>> {
        let bytes = match self {
            Self::Text(text) => return Some(Zeroizing::new(text.to_string())),
            Self::Base64(bytes) => bytes,
            _ => return None,
        };
        let mut text = Zeroizing::new(Vec::with_capacity(bytes.len() / 2 * 3 + 72));
        if has_base64_lines(bytes.len()) {
            printed::push_base64_lines(bytes, b"", b"\n", &mut text);
        } else {
            printed::push_base64(bytes, &mut text);
        }
        // Base64 is ASCII, so this cannot fail.
        String::from_utf8(std::mem::take(&mut *text)).ok().map(Zeroizing::new)
    }

    /// The value as kustomize reads it where it needs a text: a scalar's own characters.
    pub(super) fn into_text(self) -> Self {
        match self {
            Self::Null => Self::text("null"),
            Self::Bool(value) => Self::text(if value { "true" } else { "false" }),
            Self::Number(number) => Self::Text(Zeroizing::new(number)),
            other => other,
        }
    }

    /// The value for a printer.
    pub(super) fn printed(&self) -> printed::Node<'_> {
        match self {
            Self::Null => printed::Node::Null,
            Self::Bool(value) => printed::Node::Bool(*value),
            Self::Number(number) => match number.parse() {
                Ok(number) => printed::Node::Int(number),
                Err(_) => printed::Node::Float(floats::parse(number).unwrap_or_default()),
            },
            Self::Text(text) => printed::Node::text(text),
            Self::Base64(bytes) if has_base64_lines(bytes.len()) => {
                printed::Node::Base64Lines(bytes)
            }
            Self::Base64(bytes) => printed::Node::Base64(bytes),
            Self::List(items) => printed::Node::List(items.iter().map(Self::printed).collect()),
            Self::Map(map) => {
                let pairs = map.iter().map(|(key, value)| (Cow::Borrowed(key), value.printed()));
                printed::Node::Map(pairs.collect())
            }
        }
    }
}

/// A file that nodes are from, for positions and for the characters of scalars.
#[derive(Clone, Copy)]
pub(super) struct Source<'f> {
    pub(super) id: FileId,
    pub(super) bytes: &'f [u8],
    /// Whether kustomize reads it as a manifest: `yes` is a text there and a date is not, unlike in
    /// kustomizations and JSON patches.
    pub(super) is_manifest: bool,
}

impl Source<'_> {
    pub(super) fn at(&self, node: &Node<'_>) -> At {
        At::new(self.id, node.span)
    }

    pub(super) fn at_key(&self, pair: &Pair<'_>) -> At {
        At::new(self.id, pair.key_span)
    }

    /// The characters of a scalar without quotes.
    fn raw(&self, span: crate::manifest::Span) -> Option<&str> {
        let raw = str::from_utf8(self.bytes.get(span.start..span.end)?).ok()?;
        (!raw.starts_with(['"', '\'', '*', '&', '!', '?'])).then_some(raw)
    }

    /// A key. kustomize reads manifests as YAML 1.2 reads booleans: `yes` is a text there.
    pub(super) fn key(&self, pair: &Pair<'_>) -> Result<Rc<str>, BuildError> {
        match self.raw(pair.key_span) {
            Some(raw) if self.is_manifest && is_old_bool(raw) => Ok(raw.into()),
            Some(raw) if self.is_manifest && !pair.is_merged && is_no_text(raw) => {
                Err(BuildError::new(self.at_key(pair), Fault::KeyType))
            }
            _ => Ok((*pair.key).into()),
        }
    }

    /// The value of a node.
    pub(super) fn value(&self, node: &Node<'_>) -> Result<Value, BuildError> {
        Ok(match &node.content {
            Content::Null => Value::Null,
            Content::Bool(value) => match self.raw(node.span) {
                Some(raw) if self.is_manifest && node.style == Style::Plain && is_old_bool(raw) => {
                    Value::text(raw)
                }
                _ => Value::Bool(*value),
            },
            Content::Number(number) => Value::Number((**number).into()),
            Content::Infinite => return Err(BuildError::new(self.at(node), Fault::Infinite)),
            Content::Text(text)
                if self.is_manifest && node.style == Style::Plain && is_time_text(text) =>
            {
                return Err(BuildError::new(self.at(node), Fault::Date));
            }
            Content::Text(text) => Value::text(&**text),
            Content::List(elements) => {
                let values: Result<Vec<_>, _> =
                    elements.iter().map(|each| self.value(each)).collect();
                Value::List(values?.into())
            }
            Content::Map(pairs) => Value::Map(self.map(pairs)?),
        })
    }

    /// The map of pairs, which may not repeat a key.
    pub(super) fn map(&self, pairs: &[Pair<'_>]) -> Result<Map, BuildError> {
        let mut own = Vec::with_capacity(pairs.len());
        for pair in pairs.iter().filter(|pair| !pair.is_merged) {
            own.push((self.key(pair)?, self.value(&pair.value)?));
        }
        let own = Map::new(own).map_err(|key| self.repeated(pairs, &key))?;
        let mut merged = Map::default();
        for pair in pairs.iter().filter(|pair| pair.is_merged) {
            merged.insert(&pair.key, self.value(&pair.value)?);
        }
        Ok(merged.merged(own))
    }

    fn repeated(&self, pairs: &[Pair<'_>], key: &str) -> BuildError {
        let last = pairs.iter().rev().find(|pair| !pair.is_merged && *pair.key == *key);
        let at = last.map_or(At::of_file(self.id), |pair| self.at_key(pair));
        BuildError::new(at, Fault::Repeated { key: key.to_owned() })
    }

    /// A scalar's own characters, as kustomize reads annotations.
    pub(super) fn scalar_text(&self, node: &Node<'_>) -> Result<Value, BuildError> {
        match &node.content {
            Content::Text(text) => Ok(Value::text(&**text)),
            Content::List(_) | Content::Map(_) => {
                Err(BuildError::new(self.at(node), Fault::NotText { found: node.shape() }))
            }
            _ => Ok(Value::text(self.raw(node.span).unwrap_or_default())),
        }
    }
}

/// Whether a text is a boolean only in YAML 1.1.
fn is_old_bool(raw: &str) -> bool {
    matches!(plain(raw), Plain::Bool(_))
        && !matches!(raw.as_bytes(), [b't' | b'f' | b'T' | b'F', ..])
}

/// Whether YAML reads a text without quotes as something else, as go-yaml 3 does.
pub(super) fn is_no_text(raw: &str) -> bool {
    (plain(raw) != Plain::Text && !is_old_bool(raw)) || is_time_text(raw)
}
