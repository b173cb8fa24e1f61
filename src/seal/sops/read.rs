//! The tree of a manifest that is already written, comments included.
//!
//! Comments go where the reader of sops (yaml.v3) puts them. One that follows a value on its line
//! comes before it. One on a line of its own comes before the next key, unless it is indented deeper:
//! then it is at the end of the innermost map or list before it. At the end of the document its column
//! tells to which.

use std::borrow::Cow;
use std::iter::Peekable;
use std::vec;

use super::tree::Item;
use crate::manifest::{self, Comment, Content, Document, Fault, Format, Node, Pair, Span, Style};
use crate::print::yaml::is_time_text;

/// Reads a document; `before` are the comments before the line `---` with which it begins, and
/// `as_json` tells that it becomes JSON, in which sops has no whole numbers.
pub(crate) fn of_document<'a>(
    document: &Document<'a>,
    before: &[&'a str],
    as_json: bool,
) -> Result<Item<'a>, NotRead> {
    let tree = manifest::read_with_comments(document).map_err(NotRead::Syntax)?;
    let is_json = as_json || document.format == Format::Json;
    let comments = tree.comments.into_iter().peekable();
    let mut reader = Reader { document: *document, comments, is_json };
    let Item::Map(members) = reader.item(tree.root, 0, None)? else {
        return Err(NotRead::NotAMap);
    };
    let comments = before.iter().map(|text| (Cow::Borrowed(""), Item::Comment((*text).into())));
    Ok(Item::Map(comments.chain(members).collect()))
}

/// Why sops could not have read a document, or would have read it otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotRead {
    #[error(
        "kubectl reads the word on line {line}, column {column} as a boolean, and sops does not"
    )]
    Boolean { line: u32, column: u32 },
    #[error("it is not a map")]
    NotAMap,
    #[error("SOPS does not keep the number on line {line}, column {column}")]
    Number { line: u32, column: u32 },
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
    /// `column` is that of the map around it, and `next` where the next key or element after it is,
    /// `None` at the end of the document.
    fn item(
        &mut self,
        node: Node<'a>,
        column: u32,
        next: Option<Span>,
    ) -> Result<Item<'a>, NotRead> {
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
                match (is_whole && !self.is_json, text.parse::<i64>()) {
                    (true, Ok(_)) => Item::Int(text),
                    (true, Err(_)) => {
                        return Err(NotRead::Number { line: span.line, column: span.column });
                    }
                    (false, _) => float(text),
                }
            }
            Content::Infinite => {
                return Err(NotRead::Number { line: span.line, column: span.column });
            }
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
            Content::List(elements) => Item::List(self.elements(elements, column, next)?),
            Content::Map(pairs) => Item::Map(self.pairs(pairs, column, next)?),
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
        next: Option<Span>,
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
            let after = rest.peek().map(|pair| pair.key_span).or(next);
            let is_empty = value.span.start == value.span.end;
            self.before(key_span.line, |comment| members.push((Cow::Borrowed(""), comment)));
            // What follows the key or a scalar on its line comes before it; what follows brackets, an
            // anchor or a tag is about what is in them.
            let mut inner = Vec::new();
            if is_scalar(&value) {
                self.before(value.span.line.saturating_add(1), |comment| {
                    members.push((Cow::Borrowed(""), comment));
                });
            } else if value.style == Style::Flow || self.has_mark(key_span) {
                let last = match value.style {
                    Style::Flow => self.line_of(value.span.end).max(key_span.line),
                    _ => key_span.line,
                };
                self.before(last.saturating_add(1), |comment| inner.push(comment));
            } else {
                self.before(key_span.line.saturating_add(1), |comment| {
                    members.push((Cow::Borrowed(""), comment));
                });
            }
            if matches!(&*key, "true" | "false") {
                self.check_boolean(key_span)?;
            }
            let mut value = self.item(value, column, after)?;
            value.prepend(inner);
            members.push((Cow::Owned(key.to_string()), value));
            if rest.peek().is_none() {
                // After an empty value, comments that end the document are about the document.
                let is_of_root = is_empty
                    && next.is_none()
                    && self.comments.clone().all(|comment| comment.column >= column);
                let column = if is_of_root { u32::MAX } else { column };
                self.trailing(column, next, |comment| members.push((Cow::Borrowed(""), comment)));
            }
        }
        Ok(members)
    }

    fn elements(
        &mut self,
        elements: Vec<Node<'a>>,
        outer: u32,
        next: Option<Span>,
    ) -> Result<Vec<Item<'a>>, NotRead> {
        let mut members = Vec::with_capacity(elements.len());
        let mut rest = elements.into_iter().peekable();
        while let Some(element) = rest.next() {
            let after = rest.peek().map(|element| element.span).or(next);
            let line = element.span.line;
            let own = if is_scalar(&element) { line.saturating_add(1) } else { line };
            self.before(own, |comment| members.push(comment));
            members.push(self.item(element, outer, after)?);
            if rest.peek().is_none() {
                while self.is_foot(line) {
                    let comments = self.comments.next().into_iter();
                    members.extend(comments.map(|comment| Item::Comment(comment.text.into())));
                }
                self.trailing(outer.saturating_add(1), next, |comment| members.push(comment));
            }
        }
        Ok(members)
    }

    /// Whether the next comment is right below an element on that line, and a blank line follows it.
    fn is_foot(&mut self, line: u32) -> bool {
        let Some(comment) = self.comments.peek() else { return false };
        let at = comment.line.saturating_sub(self.document.line);
        let below = self.document.bytes.split(|byte| *byte == b'\n').nth(at as usize + 1);
        comment.line == line.saturating_add(1)
            && below.is_some_and(|below| below.trim_ascii().is_empty())
    }

    /// The line of an offset in the file.
    fn line_of(&self, offset: usize) -> u32 {
        let end = offset.saturating_sub(self.document.offset);
        let before = self.document.bytes.get(..end).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', before).count();
        self.document.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
    }

    /// Whether an anchor or a tag follows a key on its line.
    fn has_mark(&self, key: Span) -> bool {
        let start = key.end.saturating_sub(self.document.offset);
        let rest = self.document.bytes.get(start..).unwrap_or_default();
        let line = rest.split(|byte| matches!(byte, b'\n' | b'#')).next().unwrap_or_default();
        line.iter().any(|byte| matches!(byte, b'&' | b'!'))
    }

    /// Takes the comments before a line.
    fn before(&mut self, line: u32, mut each: impl FnMut(Item<'a>)) {
        while let Some(comment) = self.comments.next_if(|comment| comment.line < line) {
            each(Item::Comment(Cow::Borrowed(comment.text)));
        }
    }

    /// Takes the comments at the end of a map or list that begins at this column.
    fn trailing(&mut self, column: u32, next: Option<Span>, mut each: impl FnMut(Item<'a>)) {
        let is_own = |comment: &Comment<'a>| match next {
            Some(next) => comment.line < next.line && comment.column > next.column,
            None => comment.column >= column,
        };
        let Some(first) = self.comments.next_if(is_own) else { return };
        each(Item::Comment(Cow::Borrowed(first.text)));
        // What is less indented than the first one belongs to a map or list around this one.
        let is_next = |comment: &Comment<'a>| is_own(comment) && comment.column >= first.column;
        while let Some(comment) = self.comments.next_if(is_next) {
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
