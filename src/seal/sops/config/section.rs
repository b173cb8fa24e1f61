//! Maps of the configuration, with the type that sops gives each key.

use std::path::Path;

use super::error::{ConfigError, Place};
use crate::golang::regexps::RegexpFault;
use crate::manifest::{Content, Node, Pair, Span};
use crate::similar;

/// The type of a value, a plural for a list of such. Null is of every type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Any,
    Bool,
    List,
    Map,
    Maps,
    Number,
    Text,
    Texts,
    /// A string or a list of strings.
    TextOrTexts,
}

impl Shape {
    fn words(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Bool => "true or false",
            Self::List => "a list",
            Self::Map => "a mapping",
            Self::Maps => "a list of mappings",
            Self::Number => "a whole number",
            Self::Text => "a string",
            Self::Texts => "a list of strings",
            Self::TextOrTexts => "a string or a list of strings",
        }
    }

    fn fits(self, node: &Node<'_>) -> bool {
        match (&node.content, self) {
            (Content::Null, _)
            | (_, Self::Any)
            | (Content::Bool(_), Self::Bool)
            | (Content::Number(_), Self::Number)
            | (Content::Text(_), Self::Text | Self::TextOrTexts)
            | (Content::Map(_), Self::Map)
            | (Content::List(_), Self::List) => true,
            (Content::List(elements), Self::Maps | Self::Texts | Self::TextOrTexts) => {
                elements.iter().all(|element| self.takes(element))
            }
            _ => false,
        }
    }

    /// Whether a list of this type may have an element. Only a key that may also be a string has
    /// lists without nulls.
    fn takes(self, element: &Node<'_>) -> bool {
        match self {
            Self::Maps => element.is_map_or_null(),
            Self::Texts => matches!(element.content, Content::Text(_) | Content::Null),
            Self::TextOrTexts => matches!(element.content, Content::Text(_)),
            _ => true,
        }
    }
}

/// Which map of the configuration it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    Group,
    Root,
    Rule,
    Store,
    Stores,
}

impl Fields {
    /// The keys that sops knows. Those of later versions than 3.11 are here too, so that they are
    /// not taken for misspelt ones.
    fn known(self) -> &'static [(&'static str, Shape)] {
        match self {
            Self::Group => &[
                ("age", Shape::Texts),
                ("azure_keyvault", Shape::Maps),
                ("gcp_kms", Shape::Maps),
                ("hc_vault", Shape::Texts),
                ("hckms", Shape::List),
                ("kms", Shape::Maps),
                ("merge", Shape::Maps),
                ("pgp", Shape::Texts),
                ("plugins", Shape::List),
            ],
            Self::Root => &[
                ("creation_rules", Shape::Maps),
                ("destination_rules", Shape::Any),
                ("stores", Shape::Map),
            ],
            Self::Rule => &[
                ("age", Shape::TextOrTexts),
                ("aws_profile", Shape::Text),
                ("azure_keyvault", Shape::TextOrTexts),
                ("encrypted_comment_regex", Shape::Text),
                ("encrypted_regex", Shape::Text),
                ("encrypted_suffix", Shape::Text),
                ("gcp_kms", Shape::TextOrTexts),
                ("hc_vault_transit_uri", Shape::TextOrTexts),
                ("hckms", Shape::List),
                ("key_groups", Shape::Maps),
                ("kms", Shape::TextOrTexts),
                ("mac_only_encrypted", Shape::Bool),
                ("path_regex", Shape::Text),
                ("pgp", Shape::TextOrTexts),
                ("plugins", Shape::List),
                ("shamir_threshold", Shape::Number),
                ("timeout", Shape::Any),
                ("unencrypted_comment_regex", Shape::Text),
                ("unencrypted_regex", Shape::Text),
                ("unencrypted_suffix", Shape::Text),
            ],
            Self::Store => &[("indent", Shape::Number)],
            Self::Stores => &[("yaml", Shape::Map)],
        }
    }

    fn shape(self, key: &str) -> Option<Shape> {
        let known = self.known().iter().find(|(known, _)| *known == key);
        known.map(|(_, shape)| *shape)
    }
}

/// A map whose values have the types that sops asks for.
#[derive(Clone, Copy)]
pub(super) struct Section<'n, 'a> {
    node: &'n Node<'a>,
    config: &'n Path,
    fields: Fields,
}

impl<'n, 'a> Section<'n, 'a> {
    pub(super) fn new(
        node: &'n Node<'a>,
        config: &'n Path,
        fields: Fields,
    ) -> Result<Self, ConfigError> {
        let section = Self { node, config, fields };
        if !node.is_map_or_null() {
            return Err(section.type_error(None, node, Shape::Map));
        }
        for (at, pair) in node.pairs().iter().enumerate() {
            let before = &node.pairs()[..at];
            let is_same = |other: &&Pair<'_>| other.key == pair.key && !other.is_merged;
            if !pair.is_merged
                && let Some(first) = before.iter().find(is_same)
            {
                return Err(ConfigError::DuplicateKey {
                    place: section.place(pair.key_span),
                    key: pair.key.to_string(),
                    line: first.key_span.line,
                });
            }
            if let Some(shape) = fields.shape(&pair.key)
                && !shape.fits(&pair.value)
            {
                return Err(section.type_error(Some(&*pair.key), &pair.value, shape));
            }
        }
        Ok(section)
    }

    fn type_error(&self, key: Option<&str>, node: &Node<'_>, wanted: Shape) -> ConfigError {
        let culprit = node.elements().iter().find(|element| !wanted.takes(element));
        let got = culprit.unwrap_or(node);
        ConfigError::Type {
            place: self.place(got.span),
            key: key.map(str::to_owned),
            wanted: wanted.words(),
            got: if culprit.is_some() { "one with " } else { "" }.to_owned() + got.shape(),
            needs_quotes: matches!(got.content, Content::Bool(_) | Content::Number(_))
                && matches!(wanted, Shape::Text | Shape::Texts | Shape::TextOrTexts),
        }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place { config: self.config.to_owned(), line: span.line, column: span.column }
    }

    pub(super) fn start(&self) -> Place {
        self.place(self.node.span)
    }

    /// The pair of a key whose value is not null. A merged one is replaced by the map's own.
    fn pair(&self, key: &str) -> Option<&'n Pair<'a>> {
        let mut pairs = self.node.pairs().iter().rev().filter(|pair| *pair.key == *key);
        let pair = pairs.clone().find(|pair| !pair.is_merged).or_else(|| pairs.next())?;
        (pair.value.content != Content::Null).then_some(pair)
    }

    pub(super) fn get(&self, key: &str) -> Option<&'n Node<'a>> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// A string that is not empty: an empty one is none to sops.
    pub(super) fn text(&self, key: &str) -> Option<&'n str> {
        self.get(key).and_then(Node::text).filter(|text| !text.is_empty())
    }

    pub(super) fn boolean(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.content == Content::Bool(true))
    }

    /// A number that is whole and not negative.
    pub(super) fn number(&self, key: &str) -> Option<usize> {
        match &self.get(key)?.content {
            Content::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn section(&self, key: &str, fields: Fields) -> Result<Option<Self>, ConfigError> {
        self.get(key).map(|node| Self::new(node, self.config, fields)).transpose()
    }

    pub(super) fn sections(&self, key: &str, fields: Fields) -> Result<Vec<Self>, ConfigError> {
        let elements = self.get(key).map(Node::elements).unwrap_or_default();
        let maps = elements.iter().filter(|node| node.content != Content::Null);
        maps.map(|node| Self::new(node, self.config, fields)).collect()
    }

    /// Where the key is, or the map if it has no such key.
    pub(super) fn place_of(&self, key: &str) -> Place {
        self.place(self.pair(key).map_or(self.node.span, |pair| pair.key_span))
    }

    pub(super) fn regexp_error(&self, key: &'static str, fault: RegexpFault) -> ConfigError {
        let span = self.get(key).map_or(self.node.span, |node| node.span);
        ConfigError::Regexp { place: self.place(span), key, fault }
    }

    /// An error if a key is unknown: sops ignores it, and so what it was meant to do.
    pub(super) fn check_keys(&self) -> Result<(), ConfigError> {
        let known = self.fields.known().iter().map(|(known, _)| *known);
        match self.node.pairs().iter().find(|pair| self.fields.shape(&pair.key).is_none()) {
            None => Ok(()),
            Some(pair) => Err(ConfigError::UnknownKey {
                place: self.place(pair.key_span),
                key: pair.key.to_string(),
                similar: similar::nearest(&pair.key, known),
            }),
        }
    }

    /// The error that a key is misspelt, if one reads nearly like this.
    pub(super) fn similar_key(&self, wanted: &'static str) -> Option<ConfigError> {
        let unknown = |pair: &&Pair<'_>| self.fields.shape(&pair.key).is_none();
        let mut pairs = self.node.pairs().iter().filter(unknown);
        let pair =
            pairs.find(|pair| similar::nearest(&pair.key, std::iter::once(wanted)).is_some())?;
        Some(ConfigError::UnknownKey {
            place: self.place(pair.key_span),
            key: pair.key.to_string(),
            similar: Some(wanted),
        })
    }
}
