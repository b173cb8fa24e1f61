//! Manifests as kubectl reads them: the documents of a file, each as a tree in which every key and
//! every value knows its place.
//!
//! YAML is read as `sigs.k8s.io/yaml` reads it (YAML 1.1's words, merge keys, the last of a repeated
//! key is used), JSON as Go's `encoding/json` does. What kubectl reads is read: nothing limits the
//! size of a document but memory.

mod documents;
mod fault;
mod json;
mod node;
mod yaml;

pub(crate) use documents::{Document, Documents};
pub(crate) use fault::{Fault, FaultKind, YamlReason};
pub(crate) use node::{Content, Node, Pair, Place, Span, Style};

/// A document that has been read.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    pub root: Node<'a>,
    /// The comments that contain the mark that was asked for, with their lines.
    pub comments: Vec<Comment>,
}

/// A comment, with the line that it is on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    pub line: u32,
    /// What is behind its `#`.
    pub text: String,
    /// Whether nothing else is on its line.
    pub is_alone: bool,
}

/// What reads a document: elements of a list `items` at the top are handed over when they are
/// complete, and only those that come back stay in the tree.
pub(crate) type OnItem<'f, 'a> = &'f mut dyn FnMut(Node<'a>) -> Option<Node<'a>>;

/// Reads a document. Comments that contain `mark` are kept.
pub(crate) fn read<'a>(
    document: &Document<'a>,
    mark: &str,
    on_item: OnItem<'_, 'a>,
) -> Result<Tree<'a>, Fault> {
    if document.is_json {
        let root = json::read(document, on_item)?;
        return Ok(Tree { root, comments: Vec::new() });
    }
    yaml::read(document, mark, on_item)
}
