//! Where in a manifest a field is.

use crate::manifest::{Content, Node, Pair, Span, Style};
use crate::validate::Place;

/// The place of a field, or of what is nearest to it where the field is missing.
pub(super) fn locate(root: &Node<'_>, place: Option<&Place>) -> Span {
    let metadata = || root.get("metadata").filter(|node| matches!(node.content, Content::Map(_)));
    let in_metadata = |field: &str| metadata().and_then(|metadata| metadata.pair(field));
    let entry =
        |map: Option<&Pair<'_>>, key: &str| map.and_then(|map| map.value.pair(key)).map(value_span);
    let data = || root.pair("data").or_else(|| root.pair("stringData"));
    let found = match place {
        None => None,
        Some(Place::Annotation(key)) => entry(in_metadata("annotations"), key),
        Some(Place::Annotations) => in_metadata("annotations").map(|pair| pair.key_span),
        Some(Place::Data) => data().map(|pair| pair.key_span),
        Some(Place::Immutable) => root.pair("immutable").map(value_span),
        Some(Place::Key(key)) => entry(root.pair("stringData"), key)
            .or_else(|| entry(root.pair("data"), key))
            .or_else(|| data().map(|pair| pair.key_span)),
        Some(Place::Label(key)) => entry(in_metadata("labels"), key)
            .or_else(|| in_metadata("labels").map(|pair| pair.key_span)),
        Some(Place::Name) => {
            in_metadata("name").or_else(|| in_metadata("generateName")).map(value_span)
        }
        Some(Place::Namespace | Place::NamespaceOf(_)) => in_metadata("namespace").map(value_span),
        Some(Place::Type) => root.pair("type").map(value_span),
    };
    let otherwise = || match place {
        Some(Place::Annotation(_) | Place::Annotations | Place::Label(_) | Place::Name) => {
            root.pair("metadata")
        }
        _ => None,
    };
    found
        .or_else(|| otherwise().or_else(|| root.pair("kind")).map(|pair| pair.key_span))
        .unwrap_or(root.span)
}

/// The place of a value; of one with lines of its own, that of its key.
pub(super) fn value_span(pair: &Pair<'_>) -> Span {
    if matches!(pair.value.style, Style::Literal | Style::Folded) {
        pair.key_span
    } else {
        pair.value.span
    }
}
