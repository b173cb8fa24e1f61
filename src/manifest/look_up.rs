//! What is under a key of a node.

use super::{Content, Node, Pair};

impl<'a> Node<'a> {
    /// The pairs of a map; of anything else none.
    pub(crate) fn pairs(&self) -> &[Pair<'a>] {
        match &self.content {
            Content::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The pair of a key: the last one, if the key is repeated.
    pub(crate) fn pair(&self, key: &str) -> Option<&Pair<'a>> {
        self.pairs().iter().rev().find(|pair| &*pair.key == key)
    }

    /// The value under a key: the last one, if the key is repeated.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// Whether it is a map, or nothing in place of one.
    pub(crate) fn is_map_or_null(&self) -> bool {
        matches!(self.content, Content::Map(_) | Content::Null)
    }

    /// The elements of a list; of anything else none.
    pub(crate) fn elements(&self) -> &[Self] {
        match &self.content {
            Content::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text; `None` if it is anything else.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, in JSON's words.
    pub(crate) fn shape(&self) -> &'static str {
        match self.content {
            Content::Null => "null",
            Content::Bool(_) => "a boolean",
            Content::Number(_) | Content::Infinite => "a number",
            Content::Text(_) => "a string",
            Content::List(_) => "a list",
            Content::Map(_) => "an object",
        }
    }
}
