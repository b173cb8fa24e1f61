//! A document of either format, as far as decoding it asks.

use std::borrow::Cow;

use super::version::{KIND, VERSIONS};

/// The most levels of a document. kubectl takes more, of what it then ignores.
pub(super) const DEPTH_MAX: usize = 128;

/// A value. Its texts are those of the document, where they are written there as they are read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node<'a> {
    Null,
    Bool,
    Number,
    /// An infinity or `.nan`, for which JSON has no number.
    NoNumber,
    Text(Cow<'a, str>),
    List(Vec<Self>),
    /// In the order in which kubectl's decoder meets the keys.
    Map(Vec<(Cow<'a, str>, Self)>),
}

/// Why a document could not be used. Nothing in it is from the document.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Invalid {
    #[error("it nests more than {DEPTH_MAX} levels")]
    Depth,
    #[error("aliases make it too large")]
    Large,
    #[error("not valid JSON (line {line})")]
    Json { line: usize },
    #[error("its kind is not {}", KIND)]
    Kind,
    #[error("{path} has both name and command, and they differ")]
    NameAndCommand { path: String },
    #[error("a number is infinite, which JSON does not support")]
    Infinite,
    #[error("not UTF-8 text")]
    NotText,
    #[error("{path} is {got}, not {wanted}")]
    Shape { path: String, got: &'static str, wanted: &'static str },
    #[error("unknown version, expected {}", VERSIONS)]
    Version,
    #[error("not valid YAML (line {line})")]
    Yaml { line: usize },
}

impl Node<'_> {
    /// Whether JSON can hold it.
    pub(super) fn is_json(&self) -> bool {
        match self {
            Self::NoNumber => false,
            Self::List(elements) => elements.iter().all(Self::is_json),
            Self::Map(pairs) => pairs.iter().all(|(_, value)| value.is_json()),
            Self::Null | Self::Bool | Self::Number | Self::Text(_) => true,
        }
    }

    pub(super) fn shape(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number | Self::NoNumber => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}
