//! Env files: `NAME=value` lines as kubectl reads them, except that no line is too long, or as the
//! npm package dotenv does.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use super::EnvDoubt;
use super::dotenv::{self, Assignment, Item, Items};
use super::{Inputs, Origin, ReadError};
use crate::secret::{DataKey, KeyError, Value};

#[cfg(test)]
mod tests;

/// How an env file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EnvFormat {
    /// As the npm package dotenv reads it.
    Dotenv,
    #[default]
    Kubectl,
}

impl FromStr for EnvFormat {
    type Err = UnknownEnvFormat;

    fn from_str(text: &str) -> Result<Self, UnknownEnvFormat> {
        match text {
            "dotenv" => Ok(Self::Dotenv),
            "kubectl" => Ok(Self::Kubectl),
            _ => Err(UnknownEnvFormat),
        }
    }
}

/// A word that is not an [`EnvFormat`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be kubectl or dotenv")]
pub(crate) struct UnknownEnvFormat;

/// What an env file contains.
#[derive(Debug, Default)]
pub(crate) struct EnvFile {
    pub lines: Vec<EnvLine>,
    /// Lines that are not assignments, from 1. kubectl has an error for the first of them.
    pub ignored: Vec<usize>,
}

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
    /// What other readers of env files would take another way, or the user did not mean.
    pub doubts: Vec<EnvDoubt>,
    /// What helps against the doubts.
    pub advice: EnvAdvice,
    /// The line that set the same key before, from 1; its value is dropped.
    pub replaces: Option<usize>,
}

/// What helps against a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnvAdvice {
    /// To write it as kubectl reads it.
    Kubectl,
    /// The same, or to read the file as dotenv, which takes the value as it is meant.
    KubectlOrDotenv,
    /// To write it as dotenv reads it.
    Dotenv,
}

/// Reads an env file: UTF-8 with an optional byte order mark.
pub(crate) fn read_env_file(
    path: &Path,
    format: EnvFormat,
    origin: &Origin,
    inputs: &Inputs,
) -> Result<EnvFile, EnvFileError> {
    if inputs.is_folder(path)? {
        return Err(EnvFileError::Folder { path: path.to_owned() });
    }
    let file = inputs.read(path)?;
    let origin = origin.file(path);
    if [&[0xff, 0xfe], &[0xfe, 0xff]].iter().any(|mark| file.as_bytes().starts_with(*mark)) {
        return Err(EnvFileError::Utf16 { origin });
    }
    match format {
        EnvFormat::Dotenv => read_dotenv(file.as_bytes(), &origin),
        EnvFormat::Kubectl => read_kubectl(file.as_bytes(), &origin, inputs),
    }
}

/// Blank lines and comments are passed over; leading white space and a final CR go, trailing blanks
/// and quotes stay. A bare `NAME` takes the value of the environment's variable.
fn read_kubectl(file: &[u8], origin: &Origin, inputs: &Inputs) -> Result<EnvFile, EnvFileError> {
    let mut lines: Vec<EnvLine> = Vec::new();
    let valid = std::str::from_utf8(file).map_or_else(|error| error.valid_up_to(), str::len);
    let text = std::str::from_utf8(&file[..valid]).unwrap_or_default();
    let mut start = 0;
    for (i, line) in file.split(|b| *b == b'\n').enumerate() {
        let origin = origin.line(i + 1);
        let dotenv_reads = |doubt| {
            let rest = text.get(start..).unwrap_or_default();
            dotenv::reads_as_meant(rest, matches!(doubt, Some(EnvDoubt::Open(_))))
        };
        match parse_line(line, i == 0) {
            Ok(None) => {}
            Ok(Some((key, value))) => {
                let doubt = value.and_then(EnvDoubt::of_literal);
                let advice = match doubt {
                    None | Some(EnvDoubt::Padding) => EnvAdvice::Kubectl,
                    doubt if dotenv_reads(doubt) => EnvAdvice::KubectlOrDotenv,
                    Some(_) => EnvAdvice::Kubectl,
                };
                let literal = value.map(|value| Value::new(value.as_bytes().to_vec()));
                let set = literal.or_else(|| inputs.secret_variable(key.as_ref()));
                let unset = set.is_none();
                let value = set.unwrap_or_else(|| Value::new(Vec::new()));
                let doubts = doubt.into_iter().collect();
                let key = key.to_owned();
                lines.push(EnvLine { key, value, origin, unset, doubts, advice, replaces: None });
            }
            Err(error) => {
                let is_open = |doubt: &EnvDoubt| matches!(doubt, EnvDoubt::Open(_));
                let opened = lines.iter().rev().find(|line| line.doubts.iter().any(is_open));
                let dotenv = match opened {
                    Some(opened) => opened.advice == EnvAdvice::KubectlOrDotenv,
                    None => dotenv_reads(None),
                };
                let opened = opened.and_then(|line| line.origin.line);
                let origin = Box::new(origin);
                return Err(EnvFileError::Line { origin, error, opened, dotenv });
            }
        }
        start += line.len() + 1;
    }
    Ok(EnvFile { lines, ignored: Vec::new() })
}

/// The last line that sets a key wins.
pub(crate) fn read_dotenv(file: &[u8], origin: &Origin) -> Result<EnvFile, EnvFileError> {
    let refused = |line, error| EnvFileError::Line {
        origin: Box::new(origin.line(line)),
        error,
        opened: None,
        dotenv: false,
    };
    let text = std::str::from_utf8(file).map_err(|error| {
        let before = &file[..error.valid_up_to()];
        let line_start = before.iter().rposition(|b| b"\r\n".contains(b)).map_or(0, |at| at + 1);
        let column = before.len() - line_start + 1;
        refused(line_breaks(before) + 1, EnvLineError::NotUtf8 { column })
    })?;
    let mut found = EnvFile::default();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let (mut line, mut counted) = (1, 0);
    for item in Items::new(text) {
        let (Item::Assignment(Assignment { at, .. }) | Item::Ignored(at)) = item;
        line += line_breaks(&file[counted..at]);
        counted = at;
        let Item::Assignment(assignment) = item else {
            found.ignored.push(line);
            continue;
        };
        let len = assignment.key.len();
        DataKey::parse(assignment.key)
            .map_err(|error| refused(line, EnvLineError::Key { len, error }))?;
        let mut read = EnvLine {
            key: assignment.key.to_owned(),
            value: assignment.value(),
            origin: origin.line(line),
            unset: false,
            doubts: EnvDoubt::of_assignment(&assignment),
            advice: EnvAdvice::Dotenv,
            replaces: None,
        };
        if let Some(earlier) = known.get(assignment.key).and_then(|nth| found.lines.get_mut(*nth)) {
            read.replaces = earlier.origin.line;
            *earlier = read;
        } else {
            known.insert(assignment.key, found.lines.len());
            found.lines.push(read);
        }
    }
    Ok(found)
}

/// The number of line breaks: LF, CRLF or CR. The text must not end between CR and LF.
fn line_breaks(text: &[u8]) -> usize {
    let breaks = text.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    breaks.count()
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
        origin: Box<Origin>,
        error: EnvLineError,
        /// A line before it whose value seems to go on here, from 1.
        opened: Option<usize>,
        /// Whether dotenv reads the line, or the value that seems to go on, as it is meant.
        dotenv: bool,
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
    /// A name that dotenv reads and that is not a key.
    #[error("not a valid key {}: {error}", crate::shown::Hidden(*len))]
    Key { len: usize, error: KeyError },
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
