//! The tree of a manifest that is already written, comments included.
//!
//! A comment on a line of its own belongs to the innermost map or list that is not deeper than the
//! comment's column; sops puts one that follows a value before it.

use std::borrow::Cow;
use std::iter::Peekable;
use std::vec;

use super::tree::Item;
use crate::manifest::{self, Comment, Content, Document, Fault, Format, Node, Pair, Span, Style};
use crate::print::yaml::is_time_text;

/// Reads a document.
pub(crate) fn of_document<'a>(document: &Document<'a>) -> Result<Item<'a>, NotRead> {
    let tree = manifest::read_with_comments(document).map_err(NotRead::Syntax)?;
    let is_json = document.format == Format::Json;
    let comments = tree.comments.into_iter().peekable();
    let mut reader = Reader { document: *document, comments, is_json };
    let item = reader.item(tree.root, 0, u32::MAX)?;
    if !matches!(item, Item::Map(_)) {
        return Err(NotRead::NotAMap);
    }
    Ok(item)
}

/// Why sops could not have read a document, or would have read it otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotRead {
    #[error(
        "kubectl takes the word on line {line}, column {column} for a boolean, and sops does not"
    )]
    Boolean { line: u32, column: u32 },
    #[error("it is not a map")]
    NotAMap,
    #[error("{} on line {}, column {}", .0.reason, .0.line, .0.column)]
    Syntax(Fault),
    #[error("a date is written without quotes on line {line}, column {column}")]
    Time { line: u32, column: u32 },
}

struct Reader<'a> {
    document: Document<'a>,
    comments: Peekable<vec::IntoIter<Comment<'a>>>,
    is_json: bool,
}

impl<'a> Reader<'a> {
    /// `column` is that of the map or list around it, and `end` the line before which it ends.
    fn item(&mut self, node: Node<'a>, column: u32, end: u32) -> Result<Item<'a>, NotRead> {
        let span = node.span;
        Ok(match node.content {
            Content::Null => Item::Null,
            Content::Bool(value) => {
                self.check_boolean(span)?;
                Item::Bool(value)
            }
            Content::Number(number) => {
                let text = number.to_string();
                let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                if is_whole && !self.is_json { Item::Int(text) } else { float(text) }
            }
            Content::Infinite => Item::Null,
            Content::Text(text) => {
                let is_time = node.style == Style::Plain && !self.is_json && is_time_text(&text);
                match (is_time, is_rfc_3339(&text)) {
                    (true, true) => Item::Time(text.to_string()),
                    (true, false) => {
                        return Err(NotRead::Time { line: span.line, column: span.column });
                    }
                    (false, _) => Item::text(&text),
                }
            }
            Content::List(elements) => Item::List(self.elements(elements, column, end)?),
            Content::Map(pairs) => Item::Map(self.pairs(pairs, column, end)?),
        })
    }

    /// Refuses a boolean that is only one in YAML 1.1, such as `yes`: kubectl takes it for one, and
    /// sops for a text.
    fn check_boolean(&self, span: Span) -> Result<(), NotRead> {
        let start = span.start.saturating_sub(self.document.offset);
        match self.document.bytes.get(start) {
            Some(b'y' | b'Y' | b'n' | b'N' | b'o' | b'O') => {
                Err(NotRead::Boolean { line: span.line, column: span.column })
            }
            _ => Ok(()),
        }
    }

    fn pairs(
        &mut self,
        pairs: Vec<Pair<'a>>,
        outer: u32,
        end: u32,
    ) -> Result<Vec<(Cow<'a, str>, Item<'a>)>, NotRead> {
        let mut members = Vec::with_capacity(pairs.len());
        let mut kept = Vec::with_capacity(pairs.len());
        for pair in pairs {
            // A merged pair gives way to the one that is written out.
            if pair.is_merged && kept.iter().any(|known: &Pair<'a>| *known.key == *pair.key) {
                continue;
            }
            kept.push(pair);
        }
        let column = kept.first().map_or(outer, |pair| pair.key_span.column);
        let mut rest = kept.into_iter().peekable();
        while let Some(Pair { key, key_span, value, .. }) = rest.next() {
            let next_line = rest.peek().map_or(end, |next| next.key_span.line);
            self.before(key_span.line, |comment| members.push((Cow::Borrowed(""), comment)));
            // What follows the key or a scalar on its line comes before it.
            let line = if is_scalar(&value) { value.span.line } else { key_span.line };
            self.before(line.saturating_add(1), |comment| {
                members.push((Cow::Borrowed(""), comment));
            });
            if matches!(&*key, "true" | "false") {
                self.check_boolean(key_span)?;
            }
            let value = self.item(value, column, next_line)?;
            members.push((Cow::Owned(key.to_string()), value));
        }
        self.trailing(column, end, |comment| members.push((Cow::Borrowed(""), comment)));
        Ok(members)
    }

    fn elements(
        &mut self,
        elements: Vec<Node<'a>>,
        outer: u32,
        end: u32,
    ) -> Result<Vec<Item<'a>>, NotRead> {
        let mut members = Vec::with_capacity(elements.len());
        let mut rest = elements.into_iter().peekable();
        while let Some(element) = rest.next() {
            let next_line = rest.peek().map_or(end, |next| next.span.line);
            let line = element.span.line;
            let own = if is_scalar(&element) { line.saturating_add(1) } else { line };
            self.before(own, |comment| members.push(comment));
            members.push(self.item(element, outer, next_line)?);
        }
        self.trailing(outer, end, |comment| members.push(comment));
        Ok(members)
    }

    /// Takes the comments before a line.
    fn before(&mut self, line: u32, mut each: impl FnMut(Item<'a>)) {
        while let Some(comment) = self.comments.next_if(|comment| comment.line < line) {
            each(Item::Comment(Cow::Borrowed(comment.text)));
        }
    }

    /// Takes the comments at the end of a map or list that begins at this column.
    fn trailing(&mut self, column: u32, end: u32, mut each: impl FnMut(Item<'a>)) {
        let is_own = |comment: &Comment<'a>| comment.line < end && comment.column >= column;
        while let Some(comment) = self.comments.next_if(is_own) {
            each(Item::Comment(Cow::Borrowed(comment.text)));
        }
    }
}

fn is_scalar(node: &Node<'_>) -> bool {
    !matches!(node.content, Content::List(_) | Content::Map(_))
}

/// A number of JSON as Go writes it without an exponent.
fn float(text: String) -> Item<'static> {
    match text.parse::<f64>() {
        Ok(number) => Item::Float(number.to_string()),
        Err(_) => Item::Float(text),
    }
}

/// Whether a time is written as Go writes one: `2026-11-27T12:00:00Z`.
fn is_rfc_3339(text: &str) -> bool {
    text.len() == 20
        && text.ends_with('Z')
        && text.as_bytes()[10] == b'T'
        && text.parse::<jiff::Timestamp>().is_ok()
}
