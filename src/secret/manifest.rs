//! A Secret as an ordered tree of fields: what the printers write.
//!
//! The order is that of the API's Go structs, which kubectl's JSON and KYAML keep; the YAML
//! writer sorts for itself. Values are borrowed, so that no second copy of a secret is made.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Secret, Text};

/// A value in a manifest. `Map` keeps the order it is given in.
#[derive(Debug)]
pub enum Node<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// Bytes that stand in the manifest as standard base64 text with padding.
    Base64(&'a [u8]),
    /// The same as text of several lines, each with its newline, as [`push_base64_lines`] makes them.
    Base64Lines(&'a [u8]),
    /// A floating-point number.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map in the order of its fields.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
    /// `null`.
    Null,
    /// Text that was given as bytes which are not UTF-8.
    Raw(&'a Text),
    /// Text.
    Text(Cow<'a, str>),
}

impl<'a> Node<'a> {
    /// Borrowed text.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Text from the command line.
    pub fn given(text: &'a Text) -> Self {
        if text.raw().is_some() { Self::Raw(text) } else { Self::text(text.as_str()) }
    }

    #[cfg(test)]
    pub(crate) fn map<const N: usize>(fields: [(&'a str, Node<'a>); N]) -> Self {
        Self::Map(fields.into_iter().map(|(k, v)| (Cow::Borrowed(k), v)).collect())
    }
}

/// Which field the values are printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuesIn {
    /// All under `data`, in base64: the Secret as it is sent.
    Data,
    /// Values that are UTF-8 text under `stringData`, the others under `data`: for reading.
    StringData,
}

/// The manifest of a Secret. Empty parts are left out as the API's JSON encoding leaves them out.
pub fn manifest(secret: &Secret, values_in: ValuesIn) -> Node<'_> {
    let mut metadata = Vec::with_capacity(4);
    if !secret.name.0.as_bytes().is_empty() {
        metadata.push((Cow::Borrowed("name"), Node::given(&secret.name.0)));
    }
    if let Some(namespace) = secret.namespace.as_ref().filter(|n| !n.as_str().is_empty()) {
        metadata.push((Cow::Borrowed("namespace"), Node::given(&namespace.0)));
    }
    let labels = secret.metadata.labels.iter().map(|(k, v)| (k, v.as_str()));
    push_pairs("labels", labels, &mut metadata);
    let annotations = secret.metadata.annotations.iter().map(|(k, v)| (k, v.as_str()));
    push_pairs("annotations", annotations, &mut metadata);
    let mut fields = vec![
        (Cow::Borrowed("kind"), Node::text("Secret")),
        (Cow::Borrowed("apiVersion"), Node::text("v1")),
        (Cow::Borrowed("metadata"), Node::Map(metadata)),
    ];
    if secret.immutable {
        fields.push((Cow::Borrowed("immutable"), Node::Bool(true)));
    }
    let (mut data, mut string_data) = (Vec::new(), Vec::new());
    for (key, value) in &secret.data {
        let key = Cow::Borrowed(key.as_str());
        let text = if values_in == ValuesIn::StringData { value.as_text() } else { None };
        match text {
            Some(text) => string_data.push((key, Node::text(text))),
            None => data.push((key, Node::Base64(value.as_bytes()))),
        }
    }
    for (field, pairs) in [("data", data), ("stringData", string_data)] {
        if !pairs.is_empty() {
            fields.push((Cow::Borrowed(field), Node::Map(pairs)));
        }
    }
    if !secret.secret_type.is_empty() {
        fields.push((Cow::Borrowed("type"), Node::given(&secret.secret_type)));
    }
    Node::Map(fields)
}

fn push_pairs<'a>(
    field: &'a str,
    pairs: impl Iterator<Item = (&'a String, &'a str)>,
    metadata: &mut Vec<(Cow<'a, str>, Node<'a>)>,
) {
    let pairs: Vec<_> = pairs.map(|(k, v)| (Cow::Borrowed(k.as_str()), Node::text(v))).collect();
    if !pairs.is_empty() {
        metadata.push((Cow::Borrowed(field), Node::Map(pairs)));
    }
}

/// Appends `bytes` in standard base64 with padding.
pub(crate) fn push_base64(bytes: &[u8], out: &mut Vec<u8>) {
    // Large values by pieces that stay in the processor's cache; one of whole triples has no
    // padding.
    for triples in bytes.chunks(3 * 4096) {
        let start = out.len();
        out.resize(start + triples.len().div_ceil(3) * 4, 0);
        // The slice has just the length that the encoding needs, so this cannot fail.
        let _ = STANDARD.encode_slice(triples, &mut out[start..]);
    }
}

/// So many characters of base64 are on a line, as in go-yaml 3.
const LINE: usize = 70;
/// The bytes that make two lines, which have no padding.
const TWO_LINES: usize = 2 * LINE / 4 * 3;

/// Whether base64 of so many bytes is written in lines: it is longer than one of them.
pub(crate) const fn has_base64_lines(len: usize) -> bool {
    len.div_ceil(3) * 4 >= LINE
}

/// Appends `bytes` in standard base64, in lines of 70 characters with `start` before each and `end`
/// after it.
pub(crate) fn push_base64_lines(bytes: &[u8], start: &[u8], end: &[u8], out: &mut Vec<u8>) {
    let mut encoded = [0; 2 * LINE];
    for part in bytes.chunks(TWO_LINES) {
        // The slice has room for two lines, so this cannot fail.
        let len = STANDARD.encode_slice(part, &mut encoded).unwrap_or_default();
        for line in encoded[..len].chunks(LINE) {
            out.extend_from_slice(start);
            out.extend_from_slice(line);
            out.extend_from_slice(end);
        }
    }
    zeroize::Zeroize::zeroize(&mut encoded);
}
