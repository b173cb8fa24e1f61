//! Why a template is invalid, and why it fails over a document.

/// Why a text is no template, in kubectl's words: it prints them behind
/// `cannot parse jsonpath TEMPLATE: `. They show parts of the template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParseError {
    /// A subscript that is no index, slice, key or union.
    #[error("invalid array index {0}")]
    Index(String),
    /// An index that is too large for an integer, or only a minus.
    #[error("array index {0} is not a number")]
    IndexNumber(String),
    /// A number with two points, without digits or too large.
    #[error("cannot parse number {0}")]
    Number(String),
    #[error("invalid multiple recursive descent")]
    RepeatedRecursion,
    /// Subscripts in subscripts: kubectl has no such limit, and no template comes near.
    #[error("too many subscripts within one another")]
    TooDeep,
    #[error("unclosed action")]
    UnclosedAction,
    #[error("unclosed array expect ]")]
    UnclosedFilter,
    #[error("unquote string {0} error invalid syntax")]
    Unquote(String),
    /// A character that begins nothing, as Go's `%#U` names it.
    #[error("unrecognized character in action: {0}")]
    UnrecognizedCharacter(String),
    #[error("unterminated array")]
    UnterminatedArray,
    #[error("unterminated filter")]
    UnterminatedFilter,
    #[error("unterminated quoted string")]
    UnterminatedQuote,
}

/// Why a template fails over a document, in kubectl's words: it prints them behind
/// `Error executing template: `, but goes on to dump the object, which is never to be done here.
/// Parts of the template, types and lengths are shown, values are not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExecError {
    #[error("starting index {start} is greater than ending index {end}")]
    Backwards { start: usize, end: usize },
    /// Kinds of values that Go's templates do not compare with one another, as text and numbers.
    #[error("incompatible types for comparison")]
    DifferentKinds,
    /// A subscript over what is no list; the type in Go's words.
    #[error("{0} is not array or slice")]
    NotAList(&'static str),
    /// A kind of value that cannot be compared: `null`, a map, a list; booleans with `<`.
    #[error("invalid type for comparison")]
    NotComparable,
    /// A filter over what is no list; the type in Go's words, where kubectl prints the value.
    #[error("{0} is not array or slice and cannot be filtered")]
    NotFilterable(&'static str),
    #[error("{0} is not found")]
    NotFound(String),
    #[error("not in range, nothing to end")]
    NothingToEnd,
    /// A value is needed where there is none, not even `null`: kubectl crashes.
    #[error("there is no value here")]
    NoValue,
    #[error("array index out of bounds: index {index}, length {length}")]
    OutOfBounds {
        /// The index, from the end if it was negative.
        index: i64,
        length: usize,
    },
    #[error("can only compare one element at a time")]
    SeveralValues,
    #[error("step must be > 0")]
    Step,
    /// The document is nested too deeply to be printed; kubectl could not have read it.
    #[error("the object is nested too deeply")]
    TooDeep,
    /// The template multiplies values without measure; kubectl would go on.
    #[error("the template yields too many values")]
    TooManyValues,
    /// The template writes one value again and again; kubectl would go on.
    #[error("the template writes too much")]
    TooMuchOutput,
    #[error("unrecognized identifier {0}")]
    UnrecognizedIdentifier(String),
    #[error("unrecognized filter operator {0}")]
    UnrecognizedOperator(String),
}
