//! Regular expressions as Go's `regexp` reads them.
//!
//! The crate `regex` has nearly the same syntax, and reads some of it differently: its `\d`, `\w`,
//! `\s` and `\b` are Unicode's, its classes nest, and it has no `\Q`. So a pattern is parsed here by
//! the rules of Go's `regexp/syntax`, and written again with only what both read alike: every flag
//! is applied, every class is a list of ranges. Groups capture nothing.

mod class;
mod escape;
mod fault;
mod parser;

pub(crate) use fault::RegexpFault;
use regex::{Regex, RegexBuilder};

use self::parser::Parser;

/// Compiles a pattern, which is searched for anywhere in a text.
pub(crate) fn compile(pattern: &str) -> Result<Regex, RegexpFault> {
    let translated = Parser::new(pattern).translate()?;
    RegexBuilder::new(&translated).build().map_err(|_| RegexpFault::TooLarge)
}

#[cfg(test)]
mod tests;
