//! A document of JSON: what begins with `{` is that to kubectl, even if it would be valid YAML.

use std::cell::Cell;

use super::documents::place_of;
use super::node::DEPTH_MAX;
use super::{Content, Document, Fault, FaultKind, Node, OnItem, Pair, Place, Span, Style};
use crate::golang::json::{self, Shape, Value};

pub(super) fn read<'a>(
    document: &Document<'a>,
    on_item: OnItem<'_, 'a>,
) -> Result<Node<'a>, Fault> {
    // The separator before it is not JSON.
    let skipped = document.text.find('{').unwrap_or_default();
    let bytes = &document.text.as_bytes()[skipped..];
    let first = Place { line: document.line, column: 1 };
    let before = place_of(document.text.as_bytes(), skipped);
    let first = Place { line: first.line + before.line - 1, column: before.column };
    let places = Places { document, skipped, last: Cell::new((0, first)) };
    let value = json::read(bytes).map_err(|fault| {
        let (line, column) = (to_u32(fault.line), to_u32(fault.column));
        let column = if line == 1 { first.column + column - 1 } else { column };
        let place = Place { line: first.line + line - 1, column };
        Fault { place, kind: FaultKind::Json(fault.kind) }
    })?;
    Builder { places, on_item }.node(value, DEPTH_MAX, Level::Top)
}

fn to_u32(number: usize) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// From offsets, which come in their order, to positions.
struct Places<'d, 'a> {
    document: &'d Document<'a>,
    skipped: usize,
    /// The last offset and its position.
    last: Cell<(usize, Place)>,
}

impl Places<'_, '_> {
    fn at(&self, offset: usize) -> Place {
        let (at, last) = self.last.get();
        let text = self.document.text.as_bytes();
        let (from, base) = if offset < at { (0, self.first()) } else { (self.skipped + at, last) };
        let between = text.get(from..self.skipped + offset).unwrap_or_default();
        let here = place_of(between, between.len());
        let column = if here.line == 1 { base.column + here.column - 1 } else { here.column };
        let place = Place { line: base.line + here.line - 1, column };
        self.last.set((offset, place));
        place
    }

    /// The position of the document's first byte.
    fn first(&self) -> Place {
        Place { line: self.document.line, column: 1 }
    }

    fn span(&self, value: Value<'_>) -> Span {
        let (start, end) = value.range();
        let base = self.document.start + self.skipped;
        Span { place: self.at(start), start: base + start, end: base + end }
    }
}

/// Whether elements are handed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Items,
    Inner,
}

struct Builder<'f, 'd, 'a> {
    places: Places<'d, 'a>,
    on_item: OnItem<'f, 'a>,
}

impl<'a> Builder<'_, '_, 'a> {
    fn node(&mut self, value: Value<'a>, depth: usize, level: Level) -> Result<Node<'a>, Fault> {
        let span = self.places.span(value);
        let fault = |kind| Fault { place: span.place, kind };
        let depth = depth.checked_sub(1).ok_or_else(|| fault(FaultKind::Depth))?;
        let content = match value.shape() {
            Shape::Null => Content::Null,
            Shape::Bool if value.is_true() => Content::True,
            Shape::Bool => Content::False,
            Shape::Number => Content::Number,
            Shape::String => Content::Text(text(value).into()),
            Shape::Array => {
                let mut elements = Vec::new();
                for element in value.elements() {
                    let node = self.node(element, depth, Level::Inner)?;
                    let kept =
                        if level == Level::Items { (self.on_item)(node) } else { Some(node) };
                    elements.extend(kept);
                }
                Content::List(elements)
            }
            Shape::Object => {
                let mut pairs = Vec::new();
                for (key, value) in value.members() {
                    let (key, key_span) = (text(key), self.places.span(key));
                    let is_items = level == Level::Top && key == "items";
                    let level = if is_items { Level::Items } else { Level::Inner };
                    let value = self.node(value, depth, level)?;
                    pairs.push(Pair { key: key.into(), key_span, value, is_merged: false });
                }
                Content::Map(pairs)
            }
        };
        Ok(Node { span, style: Style::Quoted, content })
    }
}

fn text(value: Value<'_>) -> String {
    String::from_utf8_lossy(&value.text().unwrap_or_default()).into_owned()
}
