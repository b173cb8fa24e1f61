//! A document of JSON: what begins with `{` is that to kubectl, even if it would be valid YAML.

use std::borrow::Cow;

use super::node::{DEPTH_MAX, Invalid, Node};
use crate::golang;
use crate::golang::json::{Shape, Value};

/// Reads a document. Keys keep their order, and one that is repeated is in it twice.
pub(super) fn read(bytes: &[u8]) -> Result<Node<'static>, Invalid> {
    let value = golang::json::read(bytes).map_err(|fault| Invalid::Json { line: fault.line })?;
    node(value, DEPTH_MAX)
}

fn node(value: Value<'_>, depth: usize) -> Result<Node<'static>, Invalid> {
    let depth = depth.checked_sub(1).ok_or(Invalid::Depth)?;
    Ok(match value.shape() {
        Shape::Null => Node::Null,
        Shape::Bool => Node::Bool,
        Shape::Number => Node::Number,
        Shape::String => Node::Text(text(value)),
        Shape::Array => {
            Node::List(value.elements().map(|each| node(each, depth)).collect::<Result<_, _>>()?)
        }
        Shape::Object => {
            let pairs = value.members().map(|(key, value)| Ok((text(key), node(value, depth)?)));
            Node::Map(pairs.collect::<Result<_, _>>()?)
        }
    })
}

fn text(value: Value<'_>) -> Cow<'static, str> {
    String::from_utf8_lossy(&value.text().unwrap_or_default()).into_owned().into()
}
