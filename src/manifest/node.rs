//! A value of a document, with its place in the file.

use std::borrow::Cow;

/// The most levels of a document. kubectl takes 10,000, of which no Secret has more than ten.
pub(super) const DEPTH_MAX: usize = 512;

/// Where a key or a value is in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub place: Place,
    /// The offset of its first byte in the file, quotes included.
    pub start: usize,
    /// The offset behind its last byte.
    pub end: usize,
}

/// A position in a file, as editors show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The first line is 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `|` or `>`, with lines of its own.
    Block,
    /// In single or double quotes.
    Quoted,
    Plain,
}

#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub span: Span,
    pub style: Style,
    pub content: Content<'a>,
}

/// What a value is to kubectl. Texts are those of the document where it has them as they are read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content<'a> {
    Null,
    False,
    True,
    Number,
    /// An infinity or `.nan`, for which JSON has no number.
    NoNumber,
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    /// In the order of the file; of a key that is repeated the last is used.
    Map(Vec<Pair<'a>>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair<'a> {
    pub key: Cow<'a, str>,
    pub key_span: Span,
    pub value: Node<'a>,
    /// Whether a merge key (`<<`) brought it.
    pub is_merged: bool,
}

impl PartialEq for Node<'_> {
    /// Places and styles are not compared.
    fn eq(&self, other: &Self) -> bool {
        self.content == other.content
    }
}

impl<'a> Node<'a> {
    /// The pairs of a mapping; of anything else none.
    pub(crate) fn pairs(&self) -> &[Pair<'a>] {
        match &self.content {
            Content::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The pair of a key: the last one, if the key is repeated.
    pub(crate) fn pair(&self, key: &str) -> Option<&Pair<'a>> {
        self.pairs().iter().rev().find(|pair| pair.key == key)
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// The elements of a list; of anything else none.
    pub(crate) fn elements(&self) -> &[Self] {
        match &self.content {
            Content::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text, if it is one.
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
            Content::False | Content::True => "a boolean",
            Content::Number | Content::NoNumber => "a number",
            Content::Text(_) => "a string",
            Content::List(_) => "a list",
            Content::Map(_) => "an object",
        }
    }

    /// How many values it is made of, keys included.
    pub(super) fn size(&self) -> usize {
        match &self.content {
            Content::List(elements) => 1 + elements.iter().map(Self::size).sum::<usize>(),
            Content::Map(pairs) => {
                1 + pairs.iter().map(|pair| 1 + pair.value.size()).sum::<usize>()
            }
            _ => 1,
        }
    }
}
