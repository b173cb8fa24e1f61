//! A manifest as bytes, in kubectl's formats.

pub(crate) mod document;
pub(crate) mod go_template;
pub mod json;
pub(crate) mod jsonpath;
pub mod kyaml;
pub(crate) mod template;
pub mod yaml;

use crate::secret::manifest::Node;

/// The field for values as text. kubectl never makes it, so that its losses need no copying there.
const STRING_DATA: &str = "stringData";

/// Whether a text outside `stringData` has a character that go-yaml's reader refuses: DEL, the C1
/// controls but U+0085, U+FFFE and U+FFFF. kubectl, which reads its own JSON to make YAML of it,
/// then fails.
pub(crate) fn has_control_characters(node: &Node<'_>) -> bool {
    let refused = |text: &str| {
        text.contains(
            |c| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'),
        )
    };
    match node {
        Node::List(items) => items.iter().any(has_control_characters),
        Node::Map(fields) => fields.iter().any(|(key, value)| {
            key != STRING_DATA && (refused(key) || has_control_characters(value))
        }),
        Node::Raw(text) => refused(text.as_str()),
        Node::Text(text) => refused(text),
        Node::Base64(_)
        | Node::Base64Lines(_)
        | Node::Bool(_)
        | Node::Float(_)
        | Node::Int(_)
        | Node::Null => false,
    }
}
