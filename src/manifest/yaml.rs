//! A document of YAML as `sigs.k8s.io/yaml` reads it (go-yaml 2, made into JSON).

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::documents::place_of;
use super::node::DEPTH_MAX;
use super::{
    Comment, Content, Document, Fault, FaultKind, Node, OnItem, Pair, Place, Span, Style, Tree,
    YamlReason,
};
use crate::golang::base64::{self, Padding};
use crate::print::yaml::{Plain, plain};

/// What YAML's own tags begin with.
const TAGS: &str = "tag:yaml.org,2002:";

pub(super) fn read<'a>(
    document: &Document<'a>,
    mark: &str,
    on_item: OnItem<'_, 'a>,
) -> Result<Tree<'a>, Fault> {
    let text = document.text;
    let in_file = |place: Place| Place { line: document.line + place.line - 1, ..place };
    if let Some((at, c)) = unreadable(text) {
        let place = in_file(place_of(text.as_bytes(), at));
        return Err(Fault { place, kind: FaultKind::Control(c.into()) });
    }
    let options = granit_parser::options! {
        bom_inside_document_as_content: true,
        block_scalar_eof_without_line_feed: true,
    };
    let mut builder = Builder {
        document,
        on_item,
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        values: 0,
        aliased: 0,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let place = Place { line: to_u32(marker.line()), column: to_u32(marker.col() + 1) };
            Fault { place: in_file(place), kind: FaultKind::Yaml(YamlReason::of(error.kind())) }
        })?;
        let place = Place { line: to_u32(span.start.line()), column: to_u32(span.start.col() + 1) };
        let bytes = span.byte_range().unwrap_or_default();
        let span = Span {
            place: in_file(place),
            start: document.start + bytes.start,
            end: document.start + bytes.end,
        };
        let taken = match event {
            Event::Scalar(text, style, anchor, tag) => {
                builder.scalar(text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(_, anchor, _) => {
                builder.open(Collection::List(Vec::new()), anchor, span)
            }
            Event::MappingStart(_, anchor, _) => {
                builder.open(Collection::Map { pairs: Vec::new(), key: None }, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(span),
            Event::Alias(anchor) => builder.alias(anchor, span),
            Event::DocumentEnd => break,
            _ => Ok(()),
        };
        taken.map_err(|kind| Fault { place: span.place, kind })?;
    }
    let empty = Node { span: Span::default(), style: Style::Plain, content: Content::Null };
    let comments = comments(document, mark);
    Ok(Tree { root: builder.root.unwrap_or(empty), comments })
}

fn to_u32(number: usize) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// The first character that go-yaml's reader does not allow.
fn unreadable(text: &str) -> Option<(usize, char)> {
    const PART: usize = 4096;
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r');
    // Most manifests are ASCII, and bytes are looked at faster than characters.
    let part = text.as_bytes().chunks(PART).position(|part| !part.iter().copied().all(is_plain))?;
    let at = (0..=part * PART).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    let (found, c) = text[at..].char_indices().find(|(_, c)| !is_allowed(*c))?;
    Some((at + found, c))
}

/// The comments that contain a mark. The parser passes comments over, and a line that looks like one
/// may be part of a text: such a mark has no effect on anything else.
fn comments(document: &Document<'_>, mark: &str) -> Vec<Comment> {
    if mark.is_empty() || memchr::memmem::find(document.text.as_bytes(), mark.as_bytes()).is_none()
    {
        return Vec::new();
    }
    let lines = document.text.lines().zip(document.line..);
    lines
        .filter_map(|(text, line)| {
            let at = text.find(mark)?;
            let (before, _) = text[..at].rsplit_once('#')?;
            let is_comment = before.is_empty() || before.ends_with([' ', '\t']);
            let is_alone = before.trim_ascii().is_empty();
            let text = text[before.len() + 1..].to_owned();
            is_comment.then_some(Comment { line, text, is_alone })
        })
        .collect()
}

enum Collection<'a> {
    List(Vec<Node<'a>>),
    Map {
        pairs: Vec<Pair<'a>>,
        /// The key whose value comes next.
        key: Option<Key<'a>>,
    },
}

struct Key<'a> {
    text: Cow<'a, str>,
    span: Span,
    is_merge: bool,
}

/// A collection whose end has not come yet.
struct Open<'a> {
    collection: Collection<'a>,
    anchor: usize,
    span: Span,
}

struct Builder<'d, 'f, 'a> {
    document: &'d Document<'a>,
    on_item: OnItem<'f, 'a>,
    open: Vec<Open<'a>>,
    anchors: HashMap<usize, (Node<'a>, usize)>,
    root: Option<Node<'a>>,
    /// The values so far, those of aliases included.
    values: usize,
    aliased: usize,
}

impl<'a> Builder<'_, '_, 'a> {
    fn open(
        &mut self,
        collection: Collection<'a>,
        anchor: usize,
        span: Span,
    ) -> Result<(), FaultKind> {
        if self.open.len() == DEPTH_MAX {
            return Err(FaultKind::Depth);
        }
        if self.wants_key() {
            return Err(FaultKind::Key);
        }
        self.values += 1;
        self.open.push(Open { collection, anchor, span });
        Ok(())
    }

    /// Whether a key comes next.
    fn wants_key(&self) -> bool {
        let last = self.open.last().map(|open| &open.collection);
        matches!(last, Some(Collection::Map { key: None, .. }))
    }

    fn close(&mut self, end: Span) -> Result<(), FaultKind> {
        let Some(Open { collection, anchor, span }) = self.open.pop() else { return Ok(()) };
        let content = match collection {
            Collection::List(elements) => Content::List(elements),
            Collection::Map { pairs, .. } => Content::Map(pairs),
        };
        let span = Span { end: end.end.max(span.end), ..span };
        self.add(Node { span, style: Style::Plain, content }, anchor)
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), FaultKind> {
        self.values += 1;
        let is_plain = style == ScalarStyle::Plain && tag.is_none();
        if self.wants_key() {
            let key = key(text, is_plain, tag, span)?;
            if anchor != 0 {
                let content = Content::Text(key.text.clone());
                self.anchors.insert(anchor, (Node { span, style: Style::Plain, content }, 1));
            }
            if let Some(Open { collection: Collection::Map { key: next, .. }, .. }) =
                self.open.last_mut()
            {
                *next = Some(key);
            }
            return Ok(());
        }
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let content = content(text, is_plain, tag)?;
        self.add(Node { span, style, content }, anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), FaultKind> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(FaultKind::Yaml(YamlReason::Alias));
        };
        self.values += size;
        self.aliased += size;
        if is_excessive(self.aliased, self.values) {
            return Err(FaultKind::Aliases);
        }
        let node = Node { span, ..node.clone() };
        if self.wants_key() {
            let Content::Text(text) = node.content else { return Err(FaultKind::Key) };
            if let Some(Open { collection: Collection::Map { key, .. }, .. }) = self.open.last_mut()
            {
                *key = Some(Key { text, span, is_merge: false });
            }
            return Ok(());
        }
        // Aliases of aliases make a tree of any depth.
        if self.open.len() + depth(&node) > DEPTH_MAX {
            return Err(FaultKind::Depth);
        }
        self.add(node, 0)
    }

    /// Puts a value where it belongs.
    fn add(&mut self, node: Node<'a>, anchor: usize) -> Result<(), FaultKind> {
        if anchor != 0 {
            let size = node.size();
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let is_item = self.is_in_items();
        match self.open.last_mut().map(|open| &mut open.collection) {
            None => self.root = Some(node),
            Some(Collection::List(elements)) if is_item => elements.extend((self.on_item)(node)),
            Some(Collection::List(elements)) => elements.push(node),
            Some(Collection::Map { pairs, key }) => {
                let Some(key) = key.take() else { return Err(FaultKind::Key) };
                if key.is_merge {
                    merge(node, pairs)?;
                    return Ok(());
                }
                let mut value = node;
                if matches!(value.content, Content::Null) && value.span.start == value.span.end {
                    // What is left out is where its key is.
                    value.span = key.span;
                }
                let Key { text, span, .. } = key;
                pairs.push(Pair { key: text, key_span: span, value, is_merged: false });
            }
        }
        Ok(())
    }

    /// Whether the list that is open last is `items` at the top.
    fn is_in_items(&self) -> bool {
        let [Open { collection: Collection::Map { key: Some(key), .. }, .. }, _] =
            self.open.as_slice()
        else {
            return false;
        };
        key.text == "items" && !self.document.is_json
    }
}

/// Puts the pairs of a merged mapping, or of several, after those before it. Of several, the first is
/// put in last, so that it is used.
fn merge<'a>(node: Node<'a>, pairs: &mut Vec<Pair<'a>>) -> Result<(), FaultKind> {
    let maps = match node.content {
        Content::Map(_) => vec![node],
        Content::List(maps) => maps,
        _ => return Err(FaultKind::Yaml(YamlReason::Merge)),
    };
    for map in maps.into_iter().rev() {
        let Content::Map(merged) = map.content else {
            return Err(FaultKind::Yaml(YamlReason::Merge));
        };
        pairs.extend(merged.into_iter().map(|pair| Pair { is_merged: true, ..pair }));
    }
    Ok(())
}

/// Whether so many of the values come from aliases that go-yaml refuses the document
/// (`allowedAliasRatio` in its `decode.go`).
fn is_excessive(aliased: usize, values: usize) -> bool {
    const LOW: usize = 400_000;
    const HIGH: usize = 4_000_000;
    if aliased <= 100 || values <= 1000 {
        return false;
    }
    // In hundredths, to stay with integers.
    let allowed = match values {
        ..=LOW => 99,
        HIGH.. => 10,
        values => 99 - 89 * (values - LOW) / (HIGH - LOW),
    };
    aliased.saturating_mul(100) > values.saturating_mul(allowed)
}

fn depth(node: &Node<'_>) -> usize {
    match &node.content {
        Content::List(elements) => 1 + elements.iter().map(depth).max().unwrap_or_default(),
        Content::Map(pairs) => {
            1 + pairs.iter().map(|pair| depth(&pair.value)).max().unwrap_or_default()
        }
        _ => 1,
    }
}

/// How a tag reads a text that is plain or not.
fn resolved(text: &str, is_plain: bool, tag: Option<&Tag>) -> Plain {
    const CORE: [&str; 5] = ["bool", "float", "int", "null", "timestamp"];
    if !is_plain && tag.is_none() {
        return Plain::Text;
    }
    let core = tag.filter(|tag| tag.handle() == TAGS).map(Tag::suffix);
    let resolves = is_plain || core.is_some_and(|suffix| CORE.contains(&suffix));
    if resolves { plain(text) } else { Plain::Text }
}

fn content<'a>(
    text: Cow<'a, str>,
    is_plain: bool,
    tag: Option<&Tag>,
) -> Result<Content<'a>, FaultKind> {
    if tag.is_some_and(|tag| tag.handle() == TAGS && tag.suffix() == "binary") {
        return Ok(Content::Text(decoded(&text)?.into()));
    }
    Ok(match resolved(&text, is_plain, tag) {
        Plain::Null => Content::Null,
        Plain::Bool(false) => Content::False,
        Plain::Bool(true) => Content::True,
        Plain::Integer(_) | Plain::Float => Content::Number,
        Plain::NoJson => Content::NoNumber,
        Plain::Text => Content::Text(text),
    })
}

fn key<'a>(
    text: Cow<'a, str>,
    is_plain: bool,
    tag: Option<&Tag>,
    span: Span,
) -> Result<Key<'a>, FaultKind> {
    let is_merge = is_plain && text == "<<";
    let text = match resolved(&text, is_plain, tag) {
        Plain::Null => return Err(FaultKind::Key),
        Plain::Bool(on) => Cow::Borrowed(if on { "true" } else { "false" }),
        Plain::Integer(number) => Cow::Owned(number),
        Plain::Float | Plain::NoJson | Plain::Text => text,
    };
    Ok(Key { text, span, is_merge })
}

fn decoded(text: &str) -> Result<String, FaultKind> {
    let bytes = base64::decode(text.as_bytes(), Padding::Required)
        .map_err(|_| FaultKind::Yaml(YamlReason::Tag))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
