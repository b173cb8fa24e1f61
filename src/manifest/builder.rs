//! Builds a tree from what a parser meets, one list or map after the other. Nothing recurses: a
//! document may have 10,000 levels, of which the tree keeps [`LEVELS_KEPT`].

use super::{Content, LEVELS_KEPT, Node, Pair, Span, Style, Text};

/// What receives the elements of a list at the top.
pub(super) struct Each<'e, 'a> {
    /// The key of the list.
    pub(super) key: &'static str,
    /// Returns what the tree keeps of an element.
    pub(super) take: &'e mut dyn FnMut(Node<'a>) -> Option<Node<'a>>,
}

pub(super) struct Builder<'e, 'a> {
    /// The lists and maps that are open.
    open: Vec<Open<'a>>,
    each: Each<'e, 'a>,
    root: Option<Node<'a>>,
}

struct Open<'a> {
    span: Span,
    style: Style,
    parts: Parts<'a>,
}

enum Parts<'a> {
    List { elements: Vec<Node<'a>>, is_taken: bool },
    Map { pairs: Vec<Pair<'a>>, key: Option<Key<'a>> },
}

/// A key whose value comes next.
pub(super) struct Key<'a> {
    pub(super) text: Text<'a>,
    pub(super) span: Span,
    /// Whether the value is a map, or a list of maps, to copy the pairs of.
    pub(super) is_merge: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// An element, or the value at the top.
    Element,
    Key,
    Value,
    /// The value of a merge key.
    Merge,
}

impl<'e, 'a> Builder<'e, 'a> {
    pub(super) fn new(each: Each<'e, 'a>) -> Self {
        Self { open: Vec::new(), each, root: None }
    }

    pub(super) fn levels(&self) -> usize {
        self.open.len()
    }

    pub(super) fn next(&self) -> Next {
        match self.open.last() {
            Some(Open { parts: Parts::Map { key, .. }, .. }) => match key {
                None => Next::Key,
                Some(key) if key.is_merge => Next::Merge,
                Some(_) => Next::Value,
            },
            Some(Open { parts: Parts::List { .. }, .. }) | None => Next::Element,
        }
    }

    /// Where the key is whose value comes next.
    pub(super) fn key_span(&self) -> Option<Span> {
        match &self.open.last()?.parts {
            Parts::Map { key, .. } => key.as_ref().map(|key| key.span),
            Parts::List { .. } => None,
        }
    }

    pub(super) fn open_list(&mut self, span: Span, style: Style) {
        let parts = Parts::List { elements: Vec::new(), is_taken: self.is_at_list() };
        self.open.push(Open { span, style, parts });
    }

    pub(super) fn open_map(&mut self, span: Span, style: Style) {
        let parts = Parts::Map { pairs: Vec::new(), key: None };
        self.open.push(Open { span, style, parts });
    }

    fn is_at_list(&self) -> bool {
        match self.open.as_slice() {
            [Open { parts: Parts::Map { key: Some(key), .. }, .. }] => {
                !key.is_merge && *key.text == *self.each.key
            }
            _ => false,
        }
    }

    /// Takes a key where [`Next::Key`] comes next.
    pub(super) fn key(&mut self, new: Key<'a>) {
        if let Some(Open { parts: Parts::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(new);
        }
    }

    /// Closes the innermost list or map, which ends at this offset, and returns it.
    pub(super) fn close(&mut self, end: Option<usize>) -> Option<Node<'a>> {
        let Open { mut span, style, parts } = self.open.pop()?;
        let last = match &parts {
            Parts::List { elements, .. } => elements.last(),
            Parts::Map { pairs, .. } => pairs.last().map(|pair| &pair.value),
        };
        let end = end.or(last.map(|node| node.span.end));
        span.end = end.unwrap_or(span.end).max(span.end);
        let content = match parts {
            Parts::List { elements, .. } => Content::List(elements),
            Parts::Map { pairs, .. } => Content::Map(pairs),
        };
        Some(Node { span, content, style, is_binary: false })
    }

    /// Puts a value where it belongs; `false` if it is not what a merge key needs.
    #[must_use]
    pub(super) fn add(&mut self, node: Node<'a>) -> bool {
        let is_kept = self.open.len() <= LEVELS_KEPT;
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { parts: Parts::List { elements, is_taken: true }, .. }) => {
                elements.extend((self.each.take)(node));
            }
            Some(Open { parts: Parts::List { elements, .. }, .. }) => {
                if is_kept {
                    elements.push(node);
                }
            }
            Some(Open { parts: Parts::Map { pairs, key }, .. }) => {
                let Some(key) = key.take() else { return false };
                if key.is_merge {
                    return merge(node, pairs);
                }
                if is_kept {
                    let Key { text, span, .. } = key;
                    pairs.push(Pair { key: text, key_span: span, value: node, is_merged: false });
                }
            }
        }
        true
    }

    /// Adds a copy of a node that is elsewhere in the document.
    #[must_use]
    pub(super) fn add_copy(&mut self, mut node: Node<'a>) -> bool {
        prune(&mut node, LEVELS_KEPT.saturating_sub(self.open.len()));
        if self.is_at_list()
            && let Content::List(elements) = &mut node.content
        {
            let copied = std::mem::take(elements);
            elements.extend(copied.into_iter().filter_map(|element| (self.each.take)(element)));
        }
        self.add(node)
    }

    pub(super) fn finish(self) -> Option<Node<'a>> {
        self.root
    }
}

/// Copies the pairs of the maps. They replace those before them, and of several maps the first
/// one wins, as in go-yaml.
fn merge<'a>(node: Node<'a>, pairs: &mut Vec<Pair<'a>>) -> bool {
    let maps = match node.content {
        Content::Map(_) => vec![node],
        Content::List(elements) => elements,
        _ => return false,
    };
    for map in maps.into_iter().rev() {
        let Content::Map(merged) = map.content else { return false };
        pairs.extend(merged.into_iter().map(|pair| Pair { is_merged: true, ..pair }));
    }
    true
}

/// Empties the lists and maps below so many levels.
fn prune(node: &mut Node<'_>, levels: usize) {
    match &mut node.content {
        Content::List(elements) if levels == 0 => elements.clear(),
        Content::Map(pairs) if levels == 0 => pairs.clear(),
        Content::List(elements) => elements.iter_mut().for_each(|each| prune(each, levels - 1)),
        Content::Map(pairs) => pairs.iter_mut().for_each(|each| prune(&mut each.value, levels - 1)),
        _ => {}
    }
}
