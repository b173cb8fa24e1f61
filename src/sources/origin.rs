//! Where a value came from, for messages.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use super::shown_path;
use crate::shown::{self, Hidden};

/// Where a value came from. It carries the flag's name as data, so that what stands below the
/// command line can be named in a message without knowing the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The flag's long name, without dashes.
    pub flag: &'static str,
    /// Which of several flags of that name it was, from 1.
    pub nth: usize,
    /// The file, where there is one.
    pub path: Option<PathBuf>,
    /// The line in the file, from 1.
    pub line: Option<usize>,
}

impl Origin {
    /// The `nth` (from 1) flag of that name.
    pub(crate) fn flag(flag: &'static str, nth: usize) -> Self {
        Self { flag, nth, path: None, line: None }
    }

    /// The same flag, and this file.
    #[must_use]
    pub(crate) fn file(&self, path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), ..self.clone() }
    }

    /// The same place, and this line.
    #[must_use]
    pub(crate) fn line(&self, line: usize) -> Self {
        Self { line: Some(line), ..self.clone() }
    }

    /// Whether a message may show a key that came from here. A name in an env file may be a line of
    /// a value that was wrapped, and a key on the command line may be a value without its key.
    pub(crate) fn shows_key(&self, key: &str) -> bool {
        match self.flag {
            "from-env-file" => shown::is_variable(key),
            "from-file" if self.names_file(key) => true,
            _ => shown::is_word(key),
        }
    }

    /// Whether a key is the name of the file.
    pub(crate) fn names_file(&self, key: &str) -> bool {
        self.path.as_deref().and_then(Path::file_name).is_some_and(|name| name == key)
    }

    /// A key that came from here, or its length.
    pub(crate) fn shown_key<'k>(&self, key: &'k str) -> Cow<'k, str> {
        if self.shows_key(key) { key.into() } else { format!("a key {}", Hidden(key.len())).into() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{}", self.flag)?;
        match &self.path {
            Some(path) => write!(f, " {}", shown_path(path))?,
            None if self.nth > 1 => write!(f, " number {}", self.nth)?,
            None => {}
        }
        match self.line {
            Some(line) => write!(f, ", line {line}"),
            None => Ok(()),
        }
    }
}
