//! Go's `text/template` on a manifest, as kubectl sets it up for `-o go-template`.
//!
//! The language is that of <https://pkg.go.dev/text/template> in Go 1.26, with the functions
//! `base64decode` and `exists` that kubectl adds. Text is cut by `lexer`, becomes a tree in
//! `parser`, and is executed by `exec` (the actions) and `eval` (what stands in them) on the
//! values of `value`; `printf` and `format` are Go's `fmt`.
//!
//! Where we differ from Go: messages never show a value of the document, a text or the output
//! ends at 32 MiB, and `%p` prints a constant address.

mod ast;
mod buffer;
mod compare;
mod error;
mod escape;
mod eval;
mod exec;
mod format;
mod functions;
mod lexer;
mod literal;
mod parser;
mod printf;
mod room;
mod value;

pub(crate) use error::{ExecError, ParseError, ParseFault};

use super::document::Document;

/// What a template prints for a value that is not there.
const NO_VALUE: &[u8] = b"<no value>";

/// A parsed template, to be executed on any number of documents.
#[derive(Debug)]
pub(crate) struct Template {
    name: String,
    text: String,
    forest: ast::Forest,
    allow_missing_keys: bool,
}

impl Template {
    /// Parses the text. The name is shown in messages; kubectl's is `output`.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, ParseError> {
        let parsed = room::with_room(text, || parser::parse(name, text));
        let forest = parsed.unwrap_or_else(|| {
            Err(ParseError { name: name.to_owned(), line: 1, fault: ParseFault::NoStack })
        })?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), forest, allow_missing_keys: true })
    }

    /// Whether a key that is not there is no error (`--allow-missing-template-keys`); it is none
    /// unless this says so.
    #[must_use]
    pub(crate) fn allow_missing_keys(mut self, allow: bool) -> Self {
        self.allow_missing_keys = allow;
        self
    }

    /// Appends what the template makes of the document. On failure `out` holds a part of it,
    /// which is to be thrown away.
    pub(crate) fn execute(&self, document: &Document, out: &mut Vec<u8>) -> Result<(), ExecError> {
        let executed = room::with_room(&self.text, || exec::execute(self, document, out));
        executed.unwrap_or_else(|| Err(ExecError::no_stack(&self.name)))
    }
}

#[cfg(test)]
mod tests;
