//! Regular expressions as Go's `regexp` reads them.
//!
//! The crate `regex` has nearly the same syntax, and reads some of it differently: its `\d`, `\w`,
//! `\s` and `\b` are Unicode's, its classes nest, and it has no `\Q`. So a pattern is parsed here by
//! the rules of Go's `regexp/syntax`, and written again with only what both read alike: every flag
//! is applied, every class is a list of ranges. Groups capture nothing.

mod class;
mod escape;
mod parser;

use regex::bytes::{Regex, RegexBuilder};

use self::parser::Parser;

/// Why a pattern is not compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RegexpFault {
    #[error("a class in brackets is invalid")]
    Class,
    #[error("the name of a class in brackets is invalid")]
    ClassName,
    #[error("an escape sequence is invalid")]
    Escape,
    /// Classes like `\pL` and upper and lower case of other alphabets.
    #[error("mksecret does not support Unicode classes in it, or (?i) with letters beyond ASCII")]
    Unicode,
    #[error("(? is followed by something that Go does not know, such as lookahead")]
    Group,
    #[error("the name of a group is invalid")]
    GroupName,
    #[error("a repetition has nothing to repeat")]
    NothingToRepeat,
    #[error("a parenthesis is missing or does not match")]
    Parenthesis,
    #[error("a repetition count is invalid")]
    RepeatCount,
    #[error("a repetition is repeated")]
    RepeatTwice,
    #[error("it is too large")]
    TooLarge,
}

/// Compiles a pattern, which is searched for anywhere in a text.
pub(crate) fn compile(pattern: &str) -> Result<Regex, RegexpFault> {
    let translated = Parser::new(pattern).translate()?;
    RegexBuilder::new(&translated).build().map_err(|_| RegexpFault::TooLarge)
}

#[cfg(test)]
mod tests;
