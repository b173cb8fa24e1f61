//! What can go wrong when a template is executed.

use thiserror::Error;

use crate::golang::quote::quote;

/// A template that fails on a document.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("template: {name}:{line}:{column}: executing {} at <{node}>: {fault}", quote(.executing))]
pub(crate) struct ExecError {
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 0.
    pub column: usize,
    /// The template being executed: this one or one defined in it.
    pub executing: String,
    /// The part of the template that failed, as Go writes it.
    pub node: String,
    pub fault: Box<ExecFault>,
}

impl ExecError {
    /// The template cannot even be started.
    pub(in crate::print::go_template) fn no_stack(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            line: 1,
            column: 0,
            executing: name.to_owned(),
            node: String::new(),
            fault: Box::new(ExecFault::NoStack),
        }
    }
}

/// What went wrong in a template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ExecFault {
    #[error("cannot assign nil to string")]
    CannotAssignNil,
    #[error("error calling {function}: {fault}")]
    Call { function: &'static str, fault: CallFault },
    #[error("can't evaluate field {field} in type {type_name}")]
    CannotEvaluateField { field: String, type_name: &'static str },
    #[error("exceeded maximum template depth ({0})")]
    DepthExceeded(usize),
    #[error("expected string; found {0}")]
    ExpectedString(String),
    #[error("invalid value; expected string")]
    InvalidValue,
    /// Something that can be written to a template, but means nothing.
    #[error("nil is not a command")]
    NilCommand,
    /// A field of nothing, where missing keys are not allowed.
    #[error("nil data; no entry for key {}", quote(.0))]
    NilData(String),
    #[error("nil pointer evaluating interface {{}}.{0}")]
    NilPointer(String),
    /// A key that is not there, where missing keys are not allowed.
    #[error("map has no entry for key {}", quote(.0))]
    NoEntry(String),
    #[error("no stack for so many parentheses")]
    NoStack,
    #[error("{0} is not a method but has arguments")]
    NotAMethod(String),
    #[error("can't give argument to non-function {0}")]
    NotAFunction(String),
    #[error("{0} overflows int")]
    Overflow(String),
    /// `range` over something that has no elements. Go shows the value.
    #[error("range can't iterate over a value of type {0}")]
    RangeOver(&'static str),
    /// Two variables for a `range` over a number. Go shows the number.
    #[error("can't use a value of type {0} to iterate over more than one variable")]
    RangeVariables(&'static str),
    #[error("more than {0} bytes of output")]
    TooLarge(usize),
    #[error("template {} not defined", quote(.0))]
    UndefinedTemplate(String),
    #[error("undefined variable: {0}")]
    UndefinedVariable(String),
    #[error("wrong type for value; expected string; got {0}")]
    WrongType(&'static str),
    #[error("wrong number of args for {function}: want {}{want} got {got}", at_least(*.variadic))]
    WrongCount { function: &'static str, want: usize, variadic: bool, got: usize },
}

fn at_least(variadic: bool) -> &'static str {
    if variadic { "at least " } else { "" }
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum CallFault {
    #[error("base64 decode failed: illegal base64 data at input byte {0}")]
    Base64(usize),
    #[error("call of nil")]
    CallOfNil,
    #[error("cannot index slice/array with type {0}")]
    IndexType(&'static str),
    #[error("cannot index slice/array with nil")]
    IndexNil,
    #[error("incompatible types for comparison: {0} and {1}")]
    Incompatible(&'static str, &'static str),
    #[error("can't index item of type {0}")]
    IndexOf(&'static str),
    #[error("index of nil pointer")]
    IndexOfNilPointer,
    #[error("index of untyped nil")]
    IndexOfNil,
    /// An index beyond the end. Go shows it.
    #[error("index out of range")]
    OutOfRange,
    #[error("invalid type for comparison")]
    InvalidComparison,
    /// The end of a window before its start. Go shows both.
    #[error("invalid slice index: the end is before the start")]
    InvalidSlice,
    #[error("value has type {0}; should be string")]
    KeyType(&'static str),
    #[error("value is nil; should be of type string")]
    KeyNil,
    #[error("len of type {0}")]
    LenOf(&'static str),
    #[error("len of nil pointer")]
    LenOfNilPointer,
    /// The length of nothing, in the words of Go's reflection.
    #[error("reflect: call of reflect.Value.Type on zero Value")]
    LenOfNil,
    #[error("missing argument for comparison")]
    MissingComparison,
    /// A type that cannot be compared. Go shows the value.
    #[error("non-comparable type {0}")]
    NotComparable(&'static str),
    /// Types that cannot be compared. Go shows the values.
    #[error("non-comparable types {0}, {1}")]
    NotComparableTypes(&'static str, &'static str),
    #[error("non-function {callee} of type {type_name}")]
    NotAFunction {
        /// As the template names it.
        callee: String,
        type_name: &'static str,
    },
    #[error("can't slice item of type {0}")]
    SliceOf(&'static str),
    #[error("slice of untyped nil")]
    SliceOfNil,
    #[error("cannot 3-index slice a string")]
    SliceText,
    #[error("more than {0} bytes of text")]
    TooLarge(usize),
    #[error("too many slice indexes: {0}")]
    TooManySliceIndexes(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_in_gos_words() {
        let error = |fault| {
            let fault = Box::new(fault);
            let [name, executing, node] = ["output", "t\"x", ".a"].map(str::to_owned);
            ExecError { name, line: 2, column: 7, executing, node, fault }.to_string()
        };
        let place = r#"template: output:2:7: executing "t\"x" at <.a>: "#;
        let count =
            |variadic| error(ExecFault::WrongCount { function: "len", want: 1, variadic, got: 3 });
        let cases = [
            (count(false), "wrong number of args for len: want 1 got 3"),
            (count(true), "wrong number of args for len: want at least 1 got 3"),
            (error(ExecFault::NilPointer("x".into())), "nil pointer evaluating interface {}.x"),
            (
                error(ExecFault::Call { function: "base64decode", fault: CallFault::Base64(4) }),
                "error calling base64decode: base64 decode failed: \
                 illegal base64 data at input byte 4",
            ),
        ];
        for (shown, expected) in cases {
            assert_eq!(shown, format!("{place}{expected}"));
        }
    }
}
