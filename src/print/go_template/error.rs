//! What can be wrong with a template, in Go's words.
//!
//! A message shows the template's own text where Go shows it, and never a value of the document:
//! where Go would print one, its type stands instead.

use std::fmt;

use thiserror::Error;

use super::quote::quoted;
use super::unicode::is_print;

/// A template that does not parse.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("template: {name}:{line}: {fault}")]
pub struct ParseError {
    /// The template's name.
    pub name: String,
    /// The line, from 1, that the parser had come to.
    pub line: usize,
    /// What is wrong there.
    pub fault: ParseFault,
}

/// What is wrong in a template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseFault {
    /// A word is followed by a character that cannot end it.
    #[error("bad character {}", code_point(*.0))]
    BadCharacter(char),
    /// Something that starts like a number and does not end like one.
    #[error("bad number syntax: {}", quoted(.0))]
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
    /// A second `{{else}}`.
    #[error("expected end; found {{{{else}}}}")]
    ExpectedEnd,
    /// A number that is none.
    #[error("illegal number syntax: {}", quoted(.0))]
    IllegalNumber(String),
    /// A whole number beyond 64 bits.
    #[error("integer overflow: {}", quoted(.0))]
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
    #[error("template: multiple definition of template {}", quoted(.0))]
    MultipleDefinition(String),
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
    /// A comment without `*/`.
    #[error("unclosed comment")]
    UnclosedComment,
    /// An action that ends within parentheses.
    #[error("unclosed left paren")]
    UnclosedLeftParen,
    /// A variable that was not declared.
    #[error("undefined variable {}", quoted(.0))]
    UndefinedVariable(String),
    /// A function that there is not.
    #[error("function {} not defined", quoted(.0))]
    UndefinedFunction(String),
    /// Something that cannot stand where it does.
    #[error("unexpected {found} in {context}")]
    Unexpected {
        /// The token, as Go shows it.
        found: String,
        /// What was being read.
        context: &'static str,
    },
    /// A `{{end}}` or `{{else}}` without a beginning.
    #[error("unexpected {0}")]
    UnexpectedControl(&'static str),
    /// A field of a constant.
    #[error("unexpected . after term {}", quoted(.0))]
    UnexpectedDot(String),
    /// The text ends within a block.
    #[error("unexpected EOF")]
    UnexpectedEnd,
    /// A `)` without a `(`.
    #[error("unexpected right paren")]
    UnexpectedRightParen,
    /// A character that no action has.
    #[error("unrecognized character in action: {}", code_point(*.0))]
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
        /// The mistake.
        fault: Box<ParseFault>,
        /// The template's name.
        name: String,
        /// The line that the action starts on.
        line: usize,
    },
}

fn in_action(fault: &ParseFault) -> &'static str {
    // Go does not say "action" twice.
    if *fault == ParseFault::UnclosedAction { "" } else { " in action" }
}

fn code_point(c: char) -> String {
    let number = u32::from(c);
    if is_print(c) { format!("U+{number:04X} '{c}'") } else { format!("U+{number:04X}") }
}

/// A template that fails on a document.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("template: {name}:{line}:{column}: executing {} at <{node}>: {fault}", quoted(.executing))]
pub struct ExecError {
    /// The template's name.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 0.
    pub column: usize,
    /// The template being executed: this one or one defined in it.
    pub executing: String,
    /// The part of the template that failed, as Go writes it.
    pub node: String,
    /// What went wrong.
    pub fault: Box<ExecFault>,
}

/// What went wrong in a template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExecFault {
    /// `nil` where text is wanted.
    #[error("cannot assign nil to string")]
    CannotAssignNil,
    /// A function failed.
    #[error("error calling {function}: {fault}")]
    Call {
        /// The function's name.
        function: &'static str,
        /// Why.
        fault: CallFault,
    },
    /// A field of something that has none.
    #[error("can't evaluate field {field} in type {type_name}")]
    CannotEvaluateField {
        /// The field's name.
        field: String,
        /// The type in Go.
        type_name: &'static str,
    },
    /// Templates within templates, too many of them.
    #[error("exceeded maximum template depth ({0})")]
    DepthExceeded(usize),
    /// A constant of another type.
    #[error("expected string; found {0}")]
    ExpectedString(String),
    /// No value where text is wanted.
    #[error("invalid value; expected string")]
    InvalidValue,
    /// Something that can be written to a template, but means nothing.
    #[error("nil is not a command")]
    NilCommand,
    /// A field of nothing, where missing keys are not allowed.
    #[error("nil data; no entry for key {}", quoted(.0))]
    NilData(String),
    /// A field of `null`.
    #[error("nil pointer evaluating interface {{}}.{0}")]
    NilPointer(String),
    /// A key that is not there, where missing keys are not allowed.
    #[error("map has no entry for key {}", quoted(.0))]
    NoEntry(String),
    /// Arguments after a field.
    #[error("{0} is not a method but has arguments")]
    NotAMethod(String),
    /// Arguments after something that is no function.
    #[error("can't give argument to non-function {0}")]
    NotAFunction(String),
    /// A whole number that is too large.
    #[error("{0} overflows int")]
    Overflow(String),
    /// `range` over something that has no elements. Go shows the value.
    #[error("range can't iterate over a value of type {0}")]
    RangeOver(&'static str),
    /// Two variables for a `range` over a number. Go shows the number.
    #[error("can't use a value of type {0} to iterate over more than one variable")]
    RangeVariables(&'static str),
    /// More output than a template may give.
    #[error("more than {0} bytes of output")]
    TooLarge(usize),
    /// A template that is not defined.
    #[error("template {} not defined", quoted(.0))]
    UndefinedTemplate(String),
    /// A variable whose declaration was not executed.
    #[error("undefined variable: {0}")]
    UndefinedVariable(String),
    /// Another type than text.
    #[error("wrong type for value; expected string; got {0}")]
    WrongType(&'static str),
    /// Too few or too many arguments.
    #[error("wrong number of args for {function}: want {}{want} got {got}", at_least(*.variadic))]
    WrongCount {
        /// The function's name.
        function: &'static str,
        /// How many it takes.
        want: usize,
        /// Whether it takes more.
        variadic: bool,
        /// How many there are.
        got: usize,
    },
}

fn at_least(variadic: bool) -> &'static str {
    if variadic { "at least " } else { "" }
}

/// Why a function failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CallFault {
    /// Text that is no base64, from this byte on.
    #[error("base64 decode failed: illegal base64 data at input byte {0}")]
    Base64(usize),
    /// `call` of nothing.
    #[error("call of nil")]
    CallOfNil,
    /// An index that is no whole number.
    #[error("cannot index slice/array with type {0}")]
    IndexType(&'static str),
    /// No index.
    #[error("cannot index slice/array with nil")]
    IndexNil,
    /// Types that cannot be compared with each other.
    #[error("incompatible types for comparison: {0} and {1}")]
    Incompatible(&'static str, &'static str),
    /// An index of something that has none.
    #[error("can't index item of type {0}")]
    IndexOf(&'static str),
    /// An index of `null`.
    #[error("index of nil pointer")]
    IndexOfNilPointer,
    /// An index of nothing.
    #[error("index of untyped nil")]
    IndexOfNil,
    /// An index beyond the end. Go shows it.
    #[error("index out of range")]
    OutOfRange,
    /// A type that has no order.
    #[error("invalid type for comparison")]
    InvalidComparison,
    /// The end of a window before its start. Go shows both.
    #[error("invalid slice index: the end is before the start")]
    InvalidSlice,
    /// A key that is no text.
    #[error("value has type {0}; should be string")]
    KeyType(&'static str),
    /// No key.
    #[error("value is nil; should be of type string")]
    KeyNil,
    /// The length of something that has none.
    #[error("len of type {0}")]
    LenOf(&'static str),
    /// The length of `null`.
    #[error("len of nil pointer")]
    LenOfNilPointer,
    /// The length of nothing, in the words of Go's reflection.
    #[error("reflect: call of reflect.Value.Type on zero Value")]
    LenOfNil,
    /// A comparison with nothing to compare to.
    #[error("missing argument for comparison")]
    MissingComparison,
    /// A type that cannot be compared. Go shows the value.
    #[error("non-comparable type {0}")]
    NotComparable(&'static str),
    /// Types that cannot be compared. Go shows the values.
    #[error("non-comparable types {0}, {1}")]
    NotComparableTypes(&'static str, &'static str),
    /// `call` of something that is no function.
    #[error("non-function {callee} of type {type_name}")]
    NotAFunction {
        /// As the template names it.
        callee: String,
        /// Its type in Go.
        type_name: &'static str,
    },
    /// A window of something that has none.
    #[error("can't slice item of type {0}")]
    SliceOf(&'static str),
    /// A window of nothing.
    #[error("slice of untyped nil")]
    SliceOfNil,
    /// A third index for text.
    #[error("cannot 3-index slice a string")]
    SliceText,
    /// Text that is longer than it may be.
    #[error("more than {0} bytes of text")]
    TooLarge(usize),
    /// More indexes than a window has.
    #[error("too many slice indexes: {0}")]
    TooManySliceIndexes(usize),
}

/// A token or node in a message, cut to the length that Go shows of it.
pub(super) struct Shortened<'t>(pub(super) &'t str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 10 {
            let head: String = self.0.chars().take(10).collect();
            write!(f, "{}...", quoted(&head))
        } else {
            f.write_str(&quoted(self.0))
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
