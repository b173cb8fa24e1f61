//! A document of a file.

use super::fault::Fault;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Document<'a> {
    pub(crate) bytes: &'a [u8],
    /// Its offset in the file.
    pub(crate) offset: usize,
    /// The line on which it begins, from 1.
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) format: Format,
    /// The line `---` that separates it from the one before, which is not part of it.
    pub(super) separator: &'a [u8],
    /// Why it is not JSON, if it begins like it: what is to be reported if it is not YAML either.
    pub(super) fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
}

impl Document<'_> {
    /// Whether there is nothing in it but white space.
    pub(crate) fn is_blank(&self) -> bool {
        starts_with(self.bytes, None)
    }
}

/// Whether this is the first character after white space.
pub(super) fn starts_with(bytes: &[u8], wanted: Option<char>) -> bool {
    // kubectl looks at no more before it decides that a file is JSON.
    const LOOK_AHEAD: usize = 4096;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK_AHEAD)]);
    match head.trim_start().chars().next() {
        None if bytes.len() > LOOK_AHEAD => starts_with(&bytes[LOOK_AHEAD..], wanted),
        first => first == wanted,
    }
}
