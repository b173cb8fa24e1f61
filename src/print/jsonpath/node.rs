//! A parsed template: a list of steps, each made of nodes.
//!
//! A step of a template is a text outside of braces or a pair of braces; the nodes inside of one
//! pair are walked one after the other, each over the values that the one before it left.

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// `[0]`, `[1:3]`, `[::2]`, `[*]`: a slice of a list.
    Array(Slice),
    Bool(bool),
    Field(String),
    Filter(Filter),
    /// A number that is not whole, or too large for an integer.
    Float(f64),
    /// A bare word: `range` and `end` mean something, all others fail when they are reached.
    Identifier(String),
    Int(i64),
    List(Vec<Node>),
    Recursive,
    /// Text: outside of braces, or quoted. Bytes, because an escape can write any.
    Text(Vec<u8>),
    /// `[a,b]`: several subscripts, their values one after the other.
    Union(Vec<Vec<Node>>),
    Wildcard,
}

/// The three numbers between the colons of a subscript; `None` where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    /// The index after the last.
    pub(super) end: End,
    /// How far it is from one to the next.
    pub(super) step: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At the end of the list.
    Open,
    At(i64),
    /// Not written at all: one element after the start, so that `[-1]` ends at the list's end.
    AfterStart(i64),
}

/// `[?(left operator right)]`, or `[?(left)]` without an operator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    /// The nodes left of the operator.
    pub(super) left: Vec<Node>,
    /// The operator as written (any run of `!<>=` parses) and the nodes right of it.
    pub(super) comparison: Option<(String, Vec<Node>)>,
}
