//! A document as sops sees it: maps in the order of the file, with comments as members.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::print;
use crate::secret::manifest::{Node, push_base64, push_base64_lines};

/// A member of a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item<'a> {
    Bool(bool),
    /// The text of a comment behind its `#`. In a map it is a member with an empty key.
    Comment(Cow<'a, str>),
    /// A number with a fraction or an exponent, as Go writes it (`'f'`, shortest).
    Float(String),
    Int(String),
    List(Vec<Item<'a>>),
    Map(Vec<(Cow<'a, str>, Item<'a>)>),
    Null,
    /// An encrypted value or comment: `ENC[…]`.
    Sealed {
        text: String,
        is_comment: bool,
    },
    /// Text; it is wiped when it is dropped.
    Text(Zeroizing<String>),
    /// A time that is written without quotes, as RFC 3339 has it.
    Time(String),
}

impl Item<'_> {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Zeroizing::new(text.to_owned()))
    }

    /// Puts comments at the beginning of a map or list.
    pub(super) fn prepend(&mut self, comments: Vec<Self>) {
        match self {
            Self::List(items) => drop(items.splice(0..0, comments)),
            Self::Map(pairs) => {
                let members = comments.into_iter().map(|comment| (Cow::Borrowed(""), comment));
                drop(pairs.splice(0..0, members));
            }
            _ => {}
        }
    }

    /// The member of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(own, value)| own == key && !value.is_comment()).map(|(_, value)| value)
    }

    pub(super) fn is_comment(&self) -> bool {
        matches!(self, Self::Comment(_) | Self::Sealed { is_comment: true, .. })
    }
}

/// The tree of a manifest that mksecret prints: in kubectl's order if `is_yaml`, which sorts, else in
/// that of JSON.
pub(crate) fn of_node<'a>(node: &Node<'a>, is_yaml: bool) -> Item<'a> {
    match node {
        Node::Bool(value) => Item::Bool(*value),
        Node::Base64(bytes) => {
            let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
            push_base64(bytes, &mut text);
            of_ascii(text)
        }
        Node::Base64Lines(bytes) => {
            // Room for the line ends as well.
            let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 5);
            push_base64_lines(bytes, b"", b"\n", &mut text);
            of_ascii(text)
        }
        Node::Float(value) => Item::Float(value.to_string()),
        Node::Int(value) => Item::Int(value.to_string()),
        Node::List(items) => Item::List(items.iter().map(|item| of_node(item, is_yaml)).collect()),
        Node::Map(fields) => {
            let order: Vec<usize> = if is_yaml {
                print::yaml::sorted(fields.len(), |i| fields[i].0.as_ref())
            } else {
                (0..fields.len()).collect()
            };
            let pairs = order.into_iter().map(|i| {
                let (key, value) = &fields[i];
                (key.clone(), of_node(value, is_yaml))
            });
            Item::Map(pairs.collect())
        }
        Node::Null => Item::Null,
        Node::Raw(text) => Item::text(text.as_str()),
        Node::Text(text) => Item::text(text),
    }
}

fn of_ascii(text: Vec<u8>) -> Item<'static> {
    Item::Text(Zeroizing::new(String::from_utf8(text).unwrap_or_default()))
}
