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
    /// A comment whose `*/` is not followed by `}}`.
    #[error("comment ends before closing delimiter")]
    CommentNotClosing,
    /// A command without a word.
    #[error("empty command")]
    EmptyCommand,
    /// A `:` that is not followed by `=`.
    #[error("expected :=")]
    ExpectedDeclare,
    #[error("expected end; found {{{{else}}}}")]
    ExpectedEnd,
    /// A number that is none.
    #[error("illegal number syntax: {}", quote(.0))]
    IllegalNumber(String),
    /// A whole number beyond 64 bits.
    #[error("integer overflow: {}", quote(.0))]
    IntegerOverflow(String),
    /// An escape that there is not.
    #[error("invalid syntax")]
    InvalidSyntax,
    /// Several characters between single quotes.
    #[error("malformed character constant: {0}")]
    MalformedChar(String),
    /// An action that needs a value and has none.
    #[error("missing value for {0}")]
    MissingValue(&'static str),
    /// Two templates of the same name, both with a body.
    #[error("template: multiple definition of template {}", quote(.0))]
    MultipleDefinition(String),
    /// The system has no stack for so many parentheses.
    #[error("no stack for so many parentheses")]
    NoStack,
    /// A constant after a `|`.
    #[error("non executable command in pipeline stage {0}")]
    NotExecutable(usize),
    /// A `break` or `continue` without a `range` around it.
    #[error("{{{{{0}}}}} outside {{{{range}}}}")]
    OutsideRange(&'static str),
    /// A pipeline of more than a hundred thousand commands.
    #[error("pipeline too long")]
    PipelineTooLong,
    /// Something else than a variable before a `range` declaration's `:=`.
    #[error("range can only initialize variables")]
    RangeVariables,
    /// Parentheses within parentheses, too many of them.
    #[error("max expression depth exceeded")]
    TooDeep,
    /// More variables than the action can set.
    #[error("too many declarations in {0}")]
    TooManyDeclarations(&'static str),
    /// An action without `}}`; with the line it starts on, when that is another one.
    #[error("unclosed action")]
    UnclosedAction,
    #[error("unclosed comment")]
    UnclosedComment,
    /// An action that ends within parentheses.
    #[error("unclosed left paren")]
    UnclosedLeftParen,
    /// A variable that was not declared.
    #[error("undefined variable {}", quote(.0))]
    UndefinedVariable(String),
    /// A function that there is not.
    #[error("function {} not defined", quote(.0))]
    UndefinedFunction(String),
    /// Something that cannot stand where it does.
    #[error("unexpected {found} in {context}")]
    Unexpected {
        /// The token, as Go shows it.
        found: String,
        context: &'static str,
    },
    /// A `{{end}}` or `{{else}}` without a beginning.
    #[error("unexpected {0}")]
    UnexpectedControl(&'static str),
    /// A field of a constant.
    #[error("unexpected . after term {}", quote(.0))]
    UnexpectedDot(String),
    /// The text ends within a block.
    #[error("unexpected EOF")]
    UnexpectedEnd,
    /// A `)` without a `(`.
    #[error("unexpected right paren")]
    UnexpectedRightParen,
    /// A character that no action has.
    #[error("unrecognized character in action: {}", Named(*.0))]
    UnrecognizedCharacter(char),
    /// A character constant without an end.
    #[error("unterminated character constant")]
    UnterminatedChar,
    /// A raw string without an end.
    #[error("unterminated raw quoted string")]
    UnterminatedRawString,
    /// A string without an end.
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
