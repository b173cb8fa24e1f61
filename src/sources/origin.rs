//! Where a value came from, for messages.

use std::fmt;
use std::path::PathBuf;

use crate::secret::{DataKey, Value};

/// Where a value came from. It carries the flag's name as data, so that what stands below the
/// command line can be named in a message without knowing the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
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
    pub fn flag(flag: &'static str, nth: usize) -> Self {
        Self { flag, nth, path: None, line: None }
    }

    /// The same flag, and this file.
    #[must_use]
    pub fn file(&self, path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), ..self.clone() }
    }

    /// The same place, and this line.
    #[must_use]
    pub fn line(&self, line: usize) -> Self {
        Self { line: Some(line), ..self.clone() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--{}", self.flag)?;
        match &self.path {
            Some(path) => write!(f, " {}", path.display())?,
            None if self.nth > 1 => write!(f, " number {}", self.nth)?,
            None => {}
        }
        match self.line {
            Some(line) => write!(f, ", line {line}"),
            None => Ok(()),
        }
    }
}

/// What was read: a key, its value, and where both came from.
#[derive(Debug)]
pub struct Entry {
    /// The key.
    pub key: DataKey,
    /// The value.
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
}
