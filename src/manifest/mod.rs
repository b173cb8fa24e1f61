//! Manifests as kubectl reads them, as trees with positions.
//!
//! [`Documents`] splits a file, and [`read`] turns a document into a [`Tree`]. YAML is read as by
//! `sigs.k8s.io/yaml`: the scalars of YAML 1.1, merge keys and aliases resolved, and keys that are
//! strings. Unlike kubectl's, the tree keeps every pair of a map, so that a caller can report a key
//! that occurs twice.
//!
//! A file must be UTF-8. kubectl also converts UTF-16, and replaces bytes that are not UTF-8; other
//! readers do not, so both are faults here.

mod aliases;
mod builder;
mod document;
mod documents;
mod encoding;
mod fault;
mod json;
mod look_up;
mod node;
mod position;
mod scalar;
mod text;
mod yaml;

pub(crate) use aliases::AliasCounts;
pub(crate) use document::{Document, Format};
pub(crate) use documents::Documents;
pub(crate) use fault::{Fault, Reason};
pub(crate) use node::{Comment, Content, Node, Pair, Span, Style, Tree};
pub(crate) use text::Text;

/// The levels of lists and maps that a tree keeps. What is deeper is checked and left out: a list
/// or a map at this level is empty. No field of a Secret is so deep, in however many lists, and a
/// walk over a tree may recurse.
pub(crate) const LEVELS_KEPT: usize = 512;

/// The most levels that kubectl reads: go-yaml's `max_flow_level` and `max_indents`, and
/// `maxNestingDepth` of `encoding/json`.
const LEVELS_MAX: usize = 10_000;

/// Reads a document. `each` receives every element of a list `items` at the top as soon as it is
/// complete, and returns what the tree keeps of it: a long list need not be in memory at once.
/// Merge keys and aliases are resolved in it.
pub(crate) fn read<'a>(
    document: &Document<'a>,
    each: &mut dyn FnMut(Node<'a>) -> Option<Node<'a>>,
) -> Result<Tree<'a>, Fault> {
    read_as(document, "items", Some(ALLOW), each)
}

/// Reads a document as [`read`] does, with another list at the top whose elements `take` receives.
pub(crate) fn read_list<'a>(
    document: &Document<'a>,
    key: &'static str,
    take: &mut dyn FnMut(Node<'a>) -> Option<Node<'a>>,
) -> Result<Tree<'a>, Fault> {
    read_as(document, key, Some(ALLOW), take)
}

/// Reads a document with all its comments.
pub(crate) fn read_with_comments<'a>(document: &Document<'a>) -> Result<Tree<'a>, Fault> {
    read_as(document, "items", None, &mut Some)
}

/// What the comments contain that [`read`] keeps: they silence rules.
const ALLOW: &str = "mksecret/allow";

/// `comments` is what a comment must contain to be kept; `None` keeps all.
fn read_as<'a>(
    document: &Document<'a>,
    key: &'static str,
    comments: Option<&'static str>,
    take: &mut dyn FnMut(Node<'a>) -> Option<Node<'a>>,
) -> Result<Tree<'a>, Fault> {
    let text = encoding::text(document)?;
    match document.format {
        Format::Json => json::read(document, text, key, take),
        Format::Yaml => {
            let read = yaml::read(document, text, comments, builder::Each { key, take });
            read.map_err(|fault| document.fault.unwrap_or(fault))
        }
    }
}

#[cfg(test)]
mod tests;
