//! YAML, from the events of its parser.

use std::collections::BTreeMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle};

use super::aliases::AliasCounts;
use super::builder::{Builder, Each, Key, Next};
use super::fault::{Fault, Reason};
use super::scalar::Scalar;
use super::{Comment, Content, Document, LEVELS_MAX, Node, Span, Style, Text, Tree};

/// What the comments contain that a tree keeps.
const KEPT_COMMENT: &str = "mksecret/allow";

pub(super) fn read<'a>(
    document: &Document<'a>,
    text: &'a str,
    key: &'static str,
    take: &mut dyn FnMut(Node<'a>) -> Option<Node<'a>>,
) -> Result<Tree<'a>, Fault> {
    let wants_comments = memchr::memmem::find(text.as_bytes(), KEPT_COMMENT.as_bytes()).is_some();
    let mut reader = YamlReader {
        builder: Builder::new(Each { key, take }),
        anchors: BTreeMap::new(),
        open: Vec::new(),
        counts: AliasCounts::default(),
        scalar_end: 0,
        comments: comment_of_separator(document).into_iter().collect(),
    };
    let mut at = Span { line: document.line, column: document.column, start: 0, end: 0 };
    for event in Parser::new_from_str_with_options(text, options(wants_comments)) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let (line, column) = place(document, marker.line(), marker.col());
            Fault { line, column, reason: Reason::of(error.kind()) }
        })?;
        if event == Event::DocumentEnd {
            break;
        }
        let (line, column) = place(document, span.start.line(), span.start.col());
        let bytes = span.byte_range().unwrap_or_default();
        at = Span {
            line,
            column,
            start: document.offset + bytes.start,
            end: document.offset + bytes.end,
        };
        if let Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) = event
            && let Some(header) = block_header(&text[..bytes.start], reader.scalar_end)
        {
            at.start = document.offset + header;
            (at.line, at.column) = place_before(text, bytes.start, header, at);
        }
        if let Event::Scalar(..) = event {
            reader.scalar_end = bytes.end;
        }
        reader.take(event, at, text, bytes).map_err(|reason| Fault { line, column, reason })?;
    }
    let nothing = Node { span: at, content: Content::Null, style: Style::Plain, is_binary: false };
    let root = reader.builder.finish().unwrap_or(nothing);
    Ok(Tree { root, comments: reader.comments })
}

fn options(emit_comments: bool) -> Options {
    granit_parser::options! {
        bom_inside_document_as_content: true,
        emit_comments: emit_comments,
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: LEVELS_MAX,
        block_nesting_limit: LEVELS_MAX,
    }
}

/// The line and the column in the file.
fn place(document: &Document<'_>, line: usize, column: usize) -> (u32, u32) {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let first = if line <= 1 { document.column } else { 1 };
    let above = small(line.saturating_sub(1));
    (document.line.saturating_add(above), first.saturating_add(small(column)))
}

/// Where the header of a block scalar is, of which the parser gives the content only: an indicator
/// that nothing but a comment follows on its line, after the scalar before.
fn block_header(before: &str, scalar_end: usize) -> Option<usize> {
    let line = before.trim_ascii_end();
    let start = line.rfind('\n').map_or(0, |end| end + 1).max(scalar_end.min(line.len()));
    let is_header = |at: usize| {
        let after = line[at + 1..].trim_start_matches(|c: char| matches!(c, '+' | '-' | '0'..='9'));
        after.is_empty() || (after.starts_with([' ', '\t']) && after.trim_ascii().starts_with('#'))
    };
    let mut indicators = line.get(start..)?.match_indices(['|', '>']).map(|(at, _)| start + at);
    indicators.find(|at| is_header(*at))
}

/// The line and the column of an offset that is before another, whose line is known.
fn place_before(text: &str, after: usize, at: usize, span: Span) -> (u32, u32) {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let lines = text[at..after].matches('\n').count();
    let column = text[..at].chars().rev().take_while(|c| *c != '\n').count() + 1;
    (span.line.saturating_sub(small(lines)), small(column))
}

fn comment_of_separator<'a>(document: &Document<'a>) -> Option<Comment<'a>> {
    let (_, text) = str::from_utf8(document.separator).ok()?.split_once('#')?;
    text.contains(KEPT_COMMENT)
        .then_some(Comment { line: document.line - 1, text: text.trim_end_matches(['\r', '\n']) })
}

struct YamlReader<'e, 'a> {
    builder: Builder<'e, 'a>,
    anchors: BTreeMap<usize, Anchored<'a>>,
    /// The anchor of each open list or map, and how much was decoded before it.
    open: Vec<(usize, u64)>,
    counts: AliasCounts,
    /// Where the scalar before ends in the document.
    scalar_end: usize,
    comments: Vec<Comment<'a>>,
}

/// What an alias is replaced by.
struct Anchored<'a> {
    node: Node<'a>,
    /// The key that it makes.
    key: Option<Text<'a>>,
    /// How many nodes go-yaml decodes for it.
    decoded: u64,
}

impl<'a> YamlReader<'_, 'a> {
    fn take(
        &mut self,
        event: Event<'a>,
        span: Span,
        source: &str,
        bytes: std::ops::Range<usize>,
    ) -> Result<(), Reason> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if style == ScalarStyle::DoubleQuoted
                    && source.get(bytes).is_some_and(has_escaped_slash)
                {
                    return Err(Reason::Escape);
                }
                let scalar = Scalar::new(text, style, tag.as_deref())?;
                self.scalar(scalar, style, anchor, span)
            }
            Event::SequenceStart(style, anchor, _) => {
                // A list of maps to merge is no value that go-yaml decodes.
                let is_decoded = self.builder.next() != Next::Merge;
                self.open(anchor, u64::from(is_decoded))?;
                self.builder.open_list(span, structure(style));
                Ok(())
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(anchor, 1)?;
                self.builder.open_map(span, structure(style));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Comment(text, _) if text.contains(KEPT_COMMENT) => {
                if let std::borrow::Cow::Borrowed(text) = text {
                    self.comments.push(Comment { line: span.line, text });
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, anchor: usize, decoded: u64) -> Result<(), Reason> {
        if self.builder.next() == Next::Key {
            return Err(Reason::KeyType);
        }
        if self.builder.levels() == LEVELS_MAX {
            return Err(Reason::Depth);
        }
        self.open.push((anchor, self.counts.decoded));
        self.counts.add(decoded);
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Reason> {
        let (Some(node), Some((anchor, before))) = (self.builder.close(None), self.open.pop())
        else {
            return Err(Reason::Other);
        };
        let mut node = node;
        if node.style == Style::Flow {
            node.span.end = end.end;
        }
        if anchor != 0 {
            let decoded = self.counts.decoded - before;
            self.anchors.insert(anchor, Anchored { node: node.clone(), key: None, decoded });
        }
        self.add(node)
    }

    fn scalar(
        &mut self,
        scalar: Scalar<'a>,
        style: ScalarStyle,
        anchor: usize,
        span: Span,
    ) -> Result<(), Reason> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let is_key = self.builder.next() == Next::Key;
        let is_merge = is_key && scalar.is_merge;
        self.counts.add(u64::from(!is_merge));
        if anchor != 0 {
            let key = scalar.key();
            let is_binary = scalar.is_binary;
            if is_key {
                let text = key.clone().ok_or(Reason::KeyType)?;
                self.builder.key(Key { text, span, is_merge });
            }
            let node = Node { span, content: scalar.into_content(), style, is_binary };
            self.anchors.insert(anchor, Anchored { node: node.clone(), key, decoded: 1 });
            return if is_key { Ok(()) } else { self.add(node) };
        }
        if is_key {
            let text = scalar.into_key().ok_or(Reason::KeyType)?;
            self.builder.key(Key { text, span, is_merge });
            return Ok(());
        }
        // What is left out is right after its key.
        let span = match self.builder.key_span() {
            Some(key) if span.start == span.end => Span { start: key.end, end: key.end, ..key },
            _ => span,
        };
        let is_binary = scalar.is_binary;
        self.add(Node { span, content: scalar.into_content(), style, is_binary })
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Reason> {
        let anchored = self.anchors.get(&anchor).ok_or(Reason::Alias)?;
        let next = self.builder.next();
        self.counts.add(1);
        self.counts.add_alias(anchored.decoded)?;
        if next == Next::Key {
            let text = anchored.key.clone().ok_or(Reason::KeyType)?;
            self.builder.key(Key { text, span, is_merge: false });
            return Ok(());
        }
        if next == Next::Merge && !matches!(anchored.node.content, Content::Map(_)) {
            return Err(Reason::Merge);
        }
        let node = Node { span, ..anchored.node.clone() };
        if self.builder.add_copy(node) { Ok(()) } else { Err(Reason::Merge) }
    }

    fn add(&mut self, node: Node<'a>) -> Result<(), Reason> {
        if self.builder.add(node) { Ok(()) } else { Err(Reason::Merge) }
    }
}

fn structure(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Plain,
        StructureStyle::Flow => Style::Flow,
    }
}

/// Whether a string in double quotes has the escape `\/`, which YAML 1.1 does not.
fn has_escaped_slash(source: &str) -> bool {
    let mut bytes = source.bytes();
    while let Some(at) = bytes.position(|byte| byte == b'\\') {
        let _ = at;
        if bytes.next() == Some(b'/') {
            return true;
        }
    }
    false
}
