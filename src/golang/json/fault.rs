//! What is wrong with JSON, and where.

use std::fmt;

use super::DEPTH_MAX;

/// Why Go would not take the bytes, and where. It tells nothing of the bytes themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} (line {line}, column {column})", words(*kind, *instead))]
pub(crate) struct Fault {
    /// The character in that line, counted from 1.
    pub column: usize,
    /// What the whole is, where that can be seen.
    pub instead: Option<Instead>,
    pub kind: Kind,
    /// The line, counted from 1.
    pub line: usize,
}

impl Fault {
    /// The fault of that kind at an offset of `bytes`.
    pub(super) fn locate(kind: Kind, bytes: &[u8], at: usize) -> Self {
        let (mut line, mut column) = (1, 1);
        for &byte in bytes.iter().take(at) {
            if byte == b'\n' {
                (line, column) = (line + 1, 1);
            } else if byte & 0xc0 != 0x80 {
                // Bytes that continue a character of UTF-8 do not count.
                column += 1;
            }
        }
        let instead = Instead::of(bytes);
        Self { column, instead, kind, line }
    }
}

fn words(kind: Kind, instead: Option<Instead>) -> String {
    instead.map_or_else(|| kind.to_string(), |instead| format!("it is {instead}"))
}

/// What people give in place of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// JSON in base64, as it stands in a Secret.
    Base64,
    Empty,
    /// HTML, as a server sends it in place of a download.
    Html,
    /// A certificate or a key.
    Pem,
    /// Text in UTF-16, as Windows PowerShell writes it.
    Utf16,
    Yaml,
}

impl Instead {
    /// By how it begins, which no JSON does.
    fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |heads: &[&str]| heads.iter().any(|head| bytes.starts_with(head.as_bytes()));
        match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16),
            [0, other, ..] | [other, 0, ..] if *other != 0 => Some(Self::Utf16),
            _ if bytes.trim_ascii().is_empty() => Some(Self::Empty),
            _ if starts(&["<"]) => Some(Self::Html),
            _ if starts(&["-----BEGIN "]) => Some(Self::Pem),
            // `{` and a quote, a blank or a line end.
            _ if starts(&["eyJ", "eyA", "ewo", "ewk", "ew0K"]) => Some(Self::Base64),
            _ if starts(&["apiVersion:", "auths:", "---\n", "kind:"]) => Some(Self::Yaml),
            _ => None,
        }
    }
}

impl fmt::Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base64 => "base64 of JSON, not JSON",
            Self::Empty => "empty",
            Self::Html => "HTML, not JSON",
            Self::Pem => "PEM, not JSON",
            Self::Utf16 => "UTF-16, not UTF-8",
            Self::Yaml => "YAML, not JSON",
        })
    }
}

/// What is wrong with the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A byte order mark at the start.
    ByteOrderMark,
    /// Objects and arrays within each other at more than 10,000 levels.
    Depth,
    /// The bytes end too early; no bytes at all do so too.
    End,
    /// A number that no 64-bit floating-point number is near.
    NumberRange,
    /// JSON, but neither an object nor `null`.
    Type(Type),
    /// A character that cannot stand there.
    Unexpected(Context),
}

/// The JSON types that are neither an object nor `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Array,
    Bool,
    Number,
    String,
}

/// Where an unexpected character stands, in the words of Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// After an element of an array.
    AfterElement,
    /// After the key of an object.
    AfterKey,
    /// After a pair of an object.
    AfterPair,
    /// After all of the JSON.
    AfterTop,
    Escape,
    /// After the `e` of a number.
    Exponent,
    /// After the `.` of a number.
    Fraction,
    Hexadecimal,
    /// Where a key should start.
    Key,
    /// In `true`, `false` or `null`.
    Literal,
    /// After the `-` of a number.
    Number,
    /// A control character in a string.
    String,
    /// Where a value should start.
    Value,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self {
            Self::ByteOrderMark => return f.write_str("byte order mark at the start"),
            Self::Depth => return write!(f, "more than {DEPTH_MAX} levels"),
            Self::End => return f.write_str("unexpected end of JSON input"),
            Self::NumberRange => return f.write_str("number out of range"),
            Self::Type(kind) => {
                return f.write_str(match kind {
                    Type::Array => "found an array",
                    Type::Bool => "found a boolean",
                    Type::Number => "found a number",
                    Type::String => "found a string",
                });
            }
            Self::Unexpected(context) => match context {
                Context::AfterElement => "after array element",
                Context::AfterKey => "after object key",
                Context::AfterPair => "after object key:value pair",
                Context::AfterTop => "after top-level value",
                Context::Escape => "in string escape code",
                Context::Exponent => "in exponent of numeric literal",
                Context::Fraction => "after decimal point in numeric literal",
                Context::Hexadecimal => "in \\u hexadecimal character escape",
                Context::Key => "looking for beginning of object key string",
                Context::Literal => "in literal",
                Context::Number => "in numeric literal",
                Context::String => "in string literal",
                Context::Value => "looking for beginning of value",
            },
        };
        write!(f, "invalid character {place}")
    }
}
