//! kubectl's `JSONPath`: `-o jsonpath=`, `jsonpath-file=` and `jsonpath-as-json=`.
//!
//! This is the dialect of k8s.io/client-go/util/jsonpath, not RFC 9535: text with expressions in
//! braces, `range` and `end`, bare words that fail only when they are reached. What kubectl
//! accepts elsewhere without braces (`metadata.name` of `--sort-by` and custom columns) is plain
//! text here. Values of one expression are parted by blanks; maps and lists are printed as
//! compact JSON, all else as Go's `fmt.Print` does.
//!
//! A template goes through [`parse`] to [`node`]s, [`eval`] makes [`value`]s of them, [`format`]
//! writes those.

mod error;
mod eval;
mod format;
mod index;
mod node;
mod parse;
mod subscript;
mod value;

pub(crate) use self::error::{ExecError, ParseError};
use self::node::Node;
use self::value::Value;
use super::document::Document;

#[derive(Clone, Debug)]
pub(crate) struct Template {
    steps: Vec<Node>,
    allow_missing_keys: bool,
}

impl Template {
    /// Parses the text of a template. Missing keys are allowed, as they are where kubectl's
    /// `--allow-missing-template-keys` is not given.
    pub(crate) fn parse(text: &str) -> Result<Self, ParseError> {
        Ok(Self { steps: parse::parse(text, 0)?, allow_missing_keys: true })
    }

    /// Whether a field that no value has is no more than nothing, or a failure.
    pub(crate) fn allow_missing_keys(&mut self, allow: bool) {
        self.allow_missing_keys = allow;
    }

    /// Appends what the template makes of `document`. On failure `out` may hold a part of it.
    pub(crate) fn execute(&self, document: &Document, out: &mut Vec<u8>) -> Result<(), ExecError> {
        let steps = self.evaluate(document)?;
        steps.iter().try_for_each(|values| format::plain(values, out))
    }

    /// Appends a JSON list with a newline for each expression and each text between them, as
    /// `jsonpath-as-json` does. On failure `out` may hold a part of it.
    pub(crate) fn execute_as_json(
        &self,
        document: &Document,
        out: &mut Vec<u8>,
    ) -> Result<(), ExecError> {
        let steps = self.evaluate(document)?;
        steps.iter().try_for_each(|values| format::json_list(values, out))
    }

    fn evaluate<'a>(&'a self, document: &'a Document) -> Result<Vec<Vec<Value<'a>>>, ExecError> {
        eval::evaluate(&self.steps, document, self.allow_missing_keys, eval::MAX_VALUES)
    }
}

#[cfg(test)]
mod tests;
