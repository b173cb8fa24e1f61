//! What can be wrong with a template, in Go's words.
//!
//! A message shows the template's own text where Go shows it, and never a value of the document:
//! where Go would print one, its type stands instead.

mod exec;

pub(crate) use exec::{CallFault, ExecError, ExecFault};

use std::fmt;

use thiserror::Error;

use crate::golang::chars::Named;
use crate::golang::quote::quote;

/// A template that does not parse.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("template: {name}:{line}: {fault}")]
pub(crate) struct ParseError {
    pub name: String,
    /// The line, from 1, that the parser had come to.
    pub line: usize,
    pub fault: ParseFault,
}

/// What is wrong in a template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ParseFault {
    /// A word is followed by a character that cannot end it.
    #[error("bad character {}", Named(*.0))]
    BadCharacter(char),
    /// Something that starts like a number and does not end like one.
    #[error("bad number syntax: {}", quote(.0))]
    BadNumber(String),
    #[error("comment ends before closing delimiter")]
    CommentNotClosing,
    #[error("empty command")]
    EmptyCommand,
    #[error("expected :=")]
    ExpectedDeclare,
    #[error("expected end; found {{{{else}}}}")]
    ExpectedEnd,
    #[error("illegal number syntax: {}", quote(.0))]
    IllegalNumber(String),
    #[error("integer overflow: {}", quote(.0))]
    IntegerOverflow(String),
    #[error("invalid syntax")]
    InvalidSyntax,
    #[error("malformed character constant: {0}")]
    MalformedChar(String),
    #[error("missing value for {0}")]
    MissingValue(&'static str),
    /// Two templates of the same name, both with a body.
    #[error("template: multiple definition of template {}", quote(.0))]
    MultipleDefinition(String),
    #[error("no stack for so many parentheses")]
    NoStack,
    #[error("non executable command in pipeline stage {0}")]
    NotExecutable(usize),
    #[error("{{{{{0}}}}} outside {{{{range}}}}")]
    OutsideRange(&'static str),
    #[error("pipeline too long")]
    PipelineTooLong,
    /// Something else than a variable before a `range` declaration's `:=`.
    #[error("range can only initialize variables")]
    RangeVariables,
    #[error("max expression depth exceeded")]
    TooDeep,
    #[error("too many declarations in {0}")]
    TooManyDeclarations(&'static str),
    /// An action without `}}`; with the line it starts on, when that is another one.
    #[error("unclosed action")]
    UnclosedAction,
    #[error("unclosed comment")]
    UnclosedComment,
    #[error("unclosed left paren")]
    UnclosedLeftParen,
    #[error("undefined variable {}", quote(.0))]
    UndefinedVariable(String),
    #[error("function {} not defined", quote(.0))]
    UndefinedFunction(String),
    #[error("unexpected {found} in {context}")]
    Unexpected {
        /// The token, as Go shows it.
        found: String,
        context: &'static str,
    },
    #[error("unexpected {0}")]
    UnexpectedControl(&'static str),
    #[error("unexpected . after term {}", quote(.0))]
    UnexpectedDot(String),
    #[error("unexpected EOF")]
    UnexpectedEnd,
    #[error("unexpected right paren")]
    UnexpectedRightParen,
    #[error("unrecognized character in action: {}", Named(*.0))]
    UnrecognizedCharacter(char),
    #[error("unterminated character constant")]
    UnterminatedChar,
    #[error("unterminated raw quoted string")]
    UnterminatedRawString,
    #[error("unterminated quoted string")]
    UnterminatedString,
    /// A mistake of the text within an action that started on an earlier line.
    #[error("{fault}{} started at {name}:{line}", in_action(.fault))]
    Within {
        fault: Box<ParseFault>,
        name: String,
        /// The line that the action starts on.
        line: usize,
    },
}

fn in_action(fault: &ParseFault) -> &'static str {
    // Go does not say "action" twice.
    if *fault == ParseFault::UnclosedAction { "" } else { " in action" }
}

/// A token or node in a message, cut to the length that Go shows of it.
pub(super) struct Shortened<'t>(pub(super) &'t str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 10 {
            let head: String = self.0.chars().take(10).collect();
            write!(f, "{}...", quote(&head))
        } else {
            f.write_str(&quote(self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_in_gos_words() {
        let error = |fault| ParseError { name: "output".into(), line: 2, fault }.to_string();
        let cases = [
            (error(ParseFault::UnclosedAction), "template: output:2: unclosed action"),
            (
                error(ParseFault::OutsideRange("break")),
                "template: output:2: {{break}} outside {{range}}",
            ),
            (error(ParseFault::ExpectedEnd), "template: output:2: expected end; found {{else}}"),
            (error(ParseFault::BadCharacter('@')), "template: output:2: bad character U+0040 '@'"),
            (
                error(ParseFault::Within {
                    fault: Box::new(ParseFault::UnclosedAction),
                    name: "output".into(),
                    line: 1,
                }),
                "template: output:2: unclosed action started at output:1",
            ),
            (
                error(ParseFault::Within {
                    fault: Box::new(ParseFault::UnclosedLeftParen),
                    name: "output".into(),
                    line: 1,
                }),
                "template: output:2: unclosed left paren in action started at output:1",
            ),
            (Shortened("abcdefghijk").to_string(), "\"abcdefghij\"..."),
            (Shortened("=").to_string(), "\"=\""),
        ];
        for (shown, expected) in cases {
            assert_eq!(shown, expected);
        }
    }
}
