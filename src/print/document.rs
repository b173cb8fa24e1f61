//! What a template sees of a Secret: its JSON, read back into plain values.
//!
//! kubectl writes the typed Secret as JSON and reads that into Go's generic maps before it runs a
//! template (`PrintObj` in k8s.io/cli-runtime/pkg/printers), so there every number is a `float64`
//! and every field that the JSON leaves out is missing. Go walks its maps in random order where
//! it does not sort; here they are always sorted.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use crate::secret::manifest::{Node, push_base64, push_base64_lines};

pub(crate) enum Document {
    Null,
    Bool(bool),
    /// A number: Go's JSON reader knows `float64` alone.
    Number(f64),
    /// Text, wiped when dropped: it may be a value of the Secret.
    Text(Zeroizing<String>),
    List(Vec<Document>),
    /// A map, sorted by its keys.
    Map(BTreeMap<String, Document>),
}

impl From<&Node<'_>> for Document {
    fn from(node: &Node<'_>) -> Self {
        match node {
            Node::Base64(bytes) => Self::Text(base64_text(bytes)),
            Node::Base64Lines(bytes) => {
                let mut lines = Vec::with_capacity(bytes.len() / 2 * 3 + 72);
                push_base64_lines(bytes, b"", b"\n", &mut lines);
                Self::Text(Zeroizing::new(String::from_utf8(lines).unwrap_or_default()))
            }
            Node::Bool(value) => Self::Bool(*value),
            Node::Float(value) => Self::Number(*value),
            // Go's JSON reader loses the same digits.
            #[expect(clippy::cast_precision_loss, reason = "a float64 is what kubectl has here")]
            Node::Int(value) => Self::Number(*value as f64),
            Node::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Node::Map(fields) => {
                Self::Map(fields.iter().map(|(k, v)| (k.to_string(), Self::from(v))).collect())
            }
            Node::Null => Self::Null,
            Node::Raw(text) => Self::Text(Zeroizing::new(text.as_str().to_owned())),
            Node::Text(text) => Self::Text(Zeroizing::new(text.to_string())),
        }
    }
}

/// The base64 of `bytes` in a buffer that was large enough from the start, so that growing it
/// leaves no copy behind.
fn base64_text(bytes: &[u8]) -> Zeroizing<String> {
    let mut encoded = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    push_base64(bytes, &mut encoded);
    // Base64 is ASCII, so this cannot fail.
    Zeroizing::new(String::from_utf8(encoded).unwrap_or_default())
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(value) => write!(f, "Bool({value})"),
            Self::Number(value) => write!(f, "Number({value})"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Map(fields) => f.debug_map().entries(fields).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn a_manifest_becomes_plain_values_that_debug_does_not_show() {
        let node = Node::Map(vec![
            (Cow::Borrowed("z"), Node::Base64(b"hunter2")),
            (
                Cow::Borrowed("a"),
                Node::List(vec![Node::Null, Node::Int(7), Node::Float(1.5), Node::Bool(true)]),
            ),
            (Cow::Borrowed("t"), Node::text("plain")),
        ]);
        let document = Document::from(&node);
        assert_eq!(
            format!("{document:?}"),
            r#"{"a": [Null, Number(7), Number(1.5), Bool(true)], "t": Text(5 bytes), "z": Text(12 bytes)}"#
        );
        let Document::Map(fields) = &document else { panic!("no map") };
        assert!(matches!(&fields["z"], Document::Text(t) if t.as_str() == "aHVudGVyMg=="));
    }
}
