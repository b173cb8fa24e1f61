//! Why a pattern is refused.

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
