//! Fields of a kustomization, read as Go reads JSON into a struct: names in any case, `null` like a
//! field that is left out, and nothing else than what the field takes.

use super::error::{At, BuildError, Fault};
use super::value::Source;
use crate::manifest::{Content, Node, Pair};

/// A text and its place.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) text: Box<str>,
    pub(super) at: At,
}

/// The keys and values of a map of texts.
pub(super) type Pairs = Vec<(Box<str>, Box<str>)>;

/// An object with these fields.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// What it is, for messages.
    pub(super) of: &'static str,
    pub(super) fields: &'static [&'static str],
}

impl Source<'_> {
    fn wrong(&self, field: &'static str, expected: &'static str, node: &Node<'_>) -> BuildError {
        let found = node.shape();
        BuildError::new(self.at(node), Fault::FieldType { field, expected, found })
    }

    /// Calls `take` with the name and the value of each field that is not null.
    pub(super) fn object(
        &self,
        node: &Node<'_>,
        shape: Shape,
        take: &mut dyn FnMut(&'static str, &Node<'_>) -> Result<(), BuildError>,
    ) -> Result<(), BuildError> {
        let Content::Map(pairs) = &node.content else {
            return Err(self.wrong(shape.of, "an object", node));
        };
        let mut seen: Vec<&str> = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let known = shape.fields.iter().find(|field| field.eq_ignore_ascii_case(&pair.key));
            let Some(name) = known else { return Err(self.unknown(pair, shape)) };
            if seen.contains(name) && !pair.is_merged {
                let field = (*name).to_owned();
                return Err(BuildError::new(self.at_key(pair), Fault::RepeatedField { field }));
            }
            seen.push(name);
            if !matches!(pair.value.content, Content::Null) {
                take(name, &pair.value)?;
            }
        }
        Ok(())
    }

    fn unknown(&self, pair: &Pair<'_>, shape: Shape) -> BuildError {
        let field = pair.key.to_string();
        let fault = Fault::UnknownField { field, of: shape.of, known: shape.fields };
        BuildError::new(self.at_key(pair), fault)
    }

    pub(super) fn text(
        &self,
        field: &'static str,
        node: &Node<'_>,
    ) -> Result<Box<str>, BuildError> {
        match &node.content {
            Content::Null => Ok("".into()),
            Content::Text(text) => Ok((**text).into()),
            _ => Err(self.wrong(field, "a string", node)),
        }
    }

    pub(super) fn spot(&self, field: &'static str, node: &Node<'_>) -> Result<Spot, BuildError> {
        Ok(Spot { text: self.text(field, node)?, at: self.at(node) })
    }

    pub(super) fn list<'n, 'a>(
        &self,
        field: &'static str,
        node: &'n Node<'a>,
    ) -> Result<&'n [Node<'a>], BuildError> {
        match &node.content {
            Content::List(elements) => Ok(elements),
            Content::Null => Ok(&[]),
            _ => Err(self.wrong(field, "a list", node)),
        }
    }

    pub(super) fn spots(
        &self,
        field: &'static str,
        node: &Node<'_>,
    ) -> Result<Vec<Spot>, BuildError> {
        self.list(field, node)?.iter().map(|each| self.spot(field, each)).collect()
    }

    pub(super) fn bool(&self, field: &'static str, node: &Node<'_>) -> Result<bool, BuildError> {
        match node.content {
            Content::Bool(value) => Ok(value),
            Content::Null => Ok(false),
            _ => Err(self.wrong(field, "true or false", node)),
        }
    }

    /// A map of texts, sorted by its keys.
    pub(super) fn pairs(&self, field: &'static str, node: &Node<'_>) -> Result<Pairs, BuildError> {
        let Content::Map(pairs) = &node.content else {
            return Err(self.wrong(field, "an object", node));
        };
        let mut all: Pairs = Vec::with_capacity(pairs.len());
        for pair in pairs {
            self.text_key(pair)?;
            let value = self.text(field, &pair.value)?;
            if let Some(known) = all.iter_mut().find(|(key, _)| **key == *pair.key) {
                if !pair.is_merged {
                    let key = pair.key.to_string();
                    return Err(BuildError::new(self.at_key(pair), Fault::Repeated { key }));
                }
                known.1 = value;
                continue;
            }
            all.push(((*pair.key).into(), value));
        }
        all.sort();
        Ok(all)
    }

    /// Refuses a key that kustomize writes without quotes, and then cannot read again.
    fn text_key(&self, pair: &Pair<'_>) -> Result<(), BuildError> {
        if super::value::is_no_text(&pair.key) {
            return Err(BuildError::new(self.at_key(pair), Fault::KeyType));
        }
        Ok(())
    }
}
