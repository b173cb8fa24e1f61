//! The tree of a document.

use super::text::Text;

/// Where a node is in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) line: u32,
    /// The column in characters, from 1.
    pub(crate) column: u32,
    /// The offset of the first byte, quotes included.
    pub(crate) start: usize,
    /// The offset after the last byte.
    pub(crate) end: usize,
}

/// A value with its position. That of an alias is where the alias is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) span: Span,
    pub(crate) content: Content<'a>,
    pub(crate) style: Style,
    /// Whether the tag `!!binary` decoded it.
    pub(crate) is_binary: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content<'a> {
    Null,
    Bool(bool),
    /// A number as kubectl writes it in JSON.
    Number(Text<'a>),
    /// `.inf`, `.nan` or a number of JSON that is out of range: kubectl fails on it.
    Infinite,
    Text(Text<'a>),
    List(Vec<Node<'a>>),
    /// All pairs in the order of the file, repeated keys included: the last one wins.
    Map(Vec<Pair<'a>>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair<'a> {
    /// The key as kubectl writes it in JSON: `true` for `yes`.
    pub(crate) key: Text<'a>,
    pub(crate) key_span: Span,
    pub(crate) value: Node<'a>,
    /// Whether a merge key copied it: it is no repetition, although its key occurs again.
    pub(crate) is_merged: bool,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes. Lists and maps in block style, and what is left out, have it too.
    Plain,
    SingleQuoted,
    /// So are all strings of JSON.
    DoubleQuoted,
    /// A block that begins with `|`.
    Literal,
    /// A block that begins with `>`.
    Folded,
    /// A list or a map in brackets.
    Flow,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree<'a> {
    pub(crate) root: Node<'a>,
    /// The comments that were asked for, in their order.
    pub(crate) comments: Vec<Comment<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comment<'a> {
    pub(crate) line: u32,
    /// The column of its `#` in characters, from 1.
    pub(crate) column: u32,
    /// The text behind its `#`.
    pub(crate) text: &'a str,
}
