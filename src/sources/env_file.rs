//! Env files: `NAME=value` lines, as kubectl reads them, save that no line is too long.

use std::path::Path;

use super::{Inputs, Origin, ReadError};
use crate::secret::{DataKey, KeyError, Value};

/// One line that names a key.
#[derive(Debug)]
pub(crate) struct EnvLine {
    /// The key, checked as an environment variable's name alone.
    pub key: String,
    /// What stands behind the `=`; of a bare name the variable's value.
    pub value: Value,
    /// The file and the line.
    pub origin: Origin,
    /// A bare name whose variable is not set; the value is empty.
    pub unset: bool,
    /// What other readers of env files would take another way.
    pub doubt: Option<EnvDoubt>,
}

/// A value that is another one for shells and for other readers of env files. kubectl takes a line
/// as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnvDoubt {
    /// It seems to go on in the next line.
    Open(Opening),
    /// It is a `=` and nothing else: the rest of a base64 text that was wrapped.
    Padding,
    /// It begins with a quote, which is part of it.
    Quotes,
}

/// What a value begins and does not end in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A backslash at the end of the line.
    Backslash,
    Block,
    Json,
    Quote,
}

impl EnvDoubt {
    fn of(value: &str) -> Option<Self> {
        let value = value.trim();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let inner = quote.map_or(value, |quote| &value[quote.len_utf8()..]);
        let begins = |opening| value.starts_with(opening) || inner.starts_with(opening);
        let opening = if begins("-----BEGIN ") && !value.contains("-----END ") {
            Some(Opening::Block)
        } else if (begins("{") || begins("[")) && !inner.contains(['}', ']']) {
            Some(Opening::Json)
        } else if quote.is_some_and(|quote| !inner.contains(quote)) {
            Some(Opening::Quote)
        } else if value.ends_with('\\') {
            Some(Opening::Backslash)
        } else {
            None
        };
        match (opening, quote) {
            (Some(opening), _) => Some(Self::Open(opening)),
            (None, Some(_)) => Some(Self::Quotes),
            (None, None) => (value == "=").then_some(Self::Padding),
        }
    }
}

/// Reads an env file: UTF-8 with an optional byte order mark; blank lines and comments are passed
/// over; leading white space and a final CR go, trailing blanks and quotes stay. A bare `NAME`
/// takes the value of the environment's variable.
pub(crate) fn read_env_file(
    path: &Path,
    origin: &Origin,
    inputs: &Inputs,
) -> Result<Vec<EnvLine>, EnvFileError> {
    if inputs.is_folder(path)? {
        return Err(EnvFileError::Folder { path: path.to_owned() });
    }
    let file = inputs.read(path)?;
    let origin = origin.file(path);
    if [&[0xff, 0xfe], &[0xfe, 0xff]].iter().any(|mark| file.as_bytes().starts_with(*mark)) {
        return Err(EnvFileError::Utf16 { origin });
    }
    let mut lines: Vec<EnvLine> = Vec::new();
    for (i, line) in file.as_bytes().split(|b| *b == b'\n').enumerate() {
        let origin = origin.line(i + 1);
        match parse_line(line, i == 0) {
            Ok(None) => {}
            Ok(Some((key, Some(value)))) => {
                let doubt = EnvDoubt::of(value);
                let value = Value::new(value.as_bytes().to_vec());
                lines.push(EnvLine { key: key.to_owned(), value, origin, unset: false, doubt });
            }
            Ok(Some((key, None))) => {
                let variable = inputs.secret_variable(key.as_ref());
                let unset = variable.is_none();
                let value = variable.unwrap_or_else(|| Value::new(Vec::new()));
                let doubt = None;
                lines.push(EnvLine { key: key.to_owned(), value, origin, unset, doubt });
            }
            Err(error) => {
                let mut open = lines.iter().rev();
                let opened = open
                    .find(|line| matches!(line.doubt, Some(EnvDoubt::Open(_))))
                    .and_then(|line| line.origin.line);
                return Err(EnvFileError::Line { origin, error, opened });
            }
        }
    }
    Ok(lines)
}

/// What a line says: nothing, or a name and what stands behind its `=`.
type Line<'a> = Option<(&'a str, Option<&'a str>)>;

fn parse_line(line: &[u8], first: bool) -> Result<Line<'_>, EnvLineError> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = std::str::from_utf8(line)
        .map_err(|e| EnvLineError::NotUtf8 { column: e.valid_up_to() + 1 })?;
    let marked = text.strip_prefix('\u{feff}').filter(|_| first);
    let text = marked.unwrap_or(text).trim_start();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (text, None),
    };
    let len = key.chars().count();
    if key.is_empty()
        || key.starts_with(|c: char| c.is_ascii_digit())
        || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    {
        return Err(EnvLineError::Name { len, bom: key.starts_with('\u{feff}') });
    }
    DataKey::check_dots(key).map_err(|error| EnvLineError::Dots { len, error })?;
    Ok(Some((key, value)))
}

/// Why an env file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EnvFileError {
    #[error("env secret file cannot be a directory")]
    Folder { path: std::path::PathBuf },
    #[error("{error} ({origin})")]
    Line {
        /// The file and the line.
        origin: Origin,
        error: EnvLineError,
        /// A line before it whose value seems to go on here, from 1.
        opened: Option<usize>,
    },
    /// The file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the env file is UTF-16 text and must be UTF-8 ({origin})")]
    Utf16 { origin: Origin },
}

/// What is wrong with a line. A name that was refused may be a value, so it is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnvLineError {
    /// A name that starts with dots as no key may.
    #[error("{} not a valid key name: {error}", first(*len))]
    Dots { len: usize, error: KeyError },
    /// A name with other characters than a variable's name has.
    #[error(
        "{} not a valid key name: a valid environment variable name must consist of alphabetic \
         characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  \
         or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is \
         '[-._a-zA-Z][-._a-zA-Z0-9]*')", first(*len)
    )]
    Name {
        len: usize,
        /// Whether it starts with a byte order mark.
        bom: bool,
    },
    #[error("env file contains invalid utf8 bytes at column {column}")]
    NotUtf8 {
        /// The first such byte's place in the line, from 1.
        column: usize,
    },
}

/// What of a line was taken for its name.
fn first(len: usize) -> String {
    match len {
        0 => "\"\" is".to_owned(),
        1 => "the first character is".to_owned(),
        _ => format!("the first {len} characters are"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let long = format!("A={}", "x".repeat(100_000));
        let rows: &[(&str, Line<'_>)] = &[
            ("A=1", Some(("A", Some("1")))),
            ("  \u{a0}\u{3000}A= 1 \r", Some(("A", Some(" 1 ")))),
            ("A=1\r\r", Some(("A", Some("1\r")))),
            ("A==", Some(("A", Some("=")))),
            ("A", Some(("A", None))),
            (" # A=1", None),
            ("", None),
            ("\r", None),
            (&long, Some(("A", Some(&long[2..])))),
        ];
        for (line, want) in rows {
            assert_eq!(parse_line(line.as_bytes(), false), Ok(*want), "{line:?}");
        }
        assert_eq!(parse_line("\u{feff}A=1".as_bytes(), true), Ok(Some(("A", Some("1")))));
    }

    #[test]
    fn doubts() {
        let open = |opening| Some(EnvDoubt::Open(opening));
        let rows = [
            ("hunter2", None),
            ("it's", None),
            ("a \"b\" c", None),
            ("{\"a\": [1]}", None),
            ("[1]", None),
            ("", None),
            ("KLMN=", None),
            ("-----BEGIN X-----\\nAAAA\\n-----END X-----", None),
            ("'single'", Some(EnvDoubt::Quotes)),
            ("\"double\" ", Some(EnvDoubt::Quotes)),
            ("\"dou\"ble", Some(EnvDoubt::Quotes)),
            ("`cmd`", Some(EnvDoubt::Quotes)),
            ("\"\"", Some(EnvDoubt::Quotes)),
            ("\"{\"a\":1}\"", Some(EnvDoubt::Quotes)),
            ("=", Some(EnvDoubt::Padding)),
            ("\"unterminated", open(Opening::Quote)),
            ("-----BEGIN X-----", open(Opening::Block)),
            ("\"-----BEGIN X-----", open(Opening::Block)),
            ("{", open(Opening::Json)),
            ("'{\"a\":", open(Opening::Json)),
            ("one \\", open(Opening::Backslash)),
        ];
        for (value, want) in rows {
            assert_eq!(EnvDoubt::of(value), want, "{value}");
        }
    }

    #[test]
    fn refused_lines() {
        let rows: &[(&[u8], EnvLineError)] = &[
            (b"1A=x", EnvLineError::Name { len: 2, bom: false }),
            (b"export A=x", EnvLineError::Name { len: 8, bom: false }),
            (b"=x", EnvLineError::Name { len: 0, bom: false }),
            ("\u{feff}A=x".as_bytes(), EnvLineError::Name { len: 2, bom: true }),
            (b"..=x", EnvLineError::Dots { len: 2, error: KeyError::DotDot }),
            (b"A=\xff", EnvLineError::NotUtf8 { column: 3 }),
        ];
        for (line, want) in rows {
            assert_eq!(parse_line(line, false), Err(*want), "{line:?}");
        }
    }
}
