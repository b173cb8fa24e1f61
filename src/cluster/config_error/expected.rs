//! What a kubeconfig's field or a header cannot hold.

/// What a field should hold, and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Expected {
    /// Bytes.
    #[error("is not base64")]
    Base64,
    /// The entries of a list.
    #[error("must be a list of mappings")]
    Entries,
    /// Fields.
    #[error("must be a mapping")]
    Fields,
    /// One of three words.
    #[error("must be Never, IfAvailable or Always")]
    InteractiveMode,
    /// A list.
    #[error("must be a list")]
    List,
    /// Anything that a program can be given.
    #[error("has a NUL character")]
    NoNul,
    /// A text.
    #[error("must be a string, not a list or a mapping")]
    Text,
    /// Several texts.
    #[error("must be a list of strings")]
    Texts,
    /// A boolean.
    #[error("must be true or false")]
    Truth,
    /// Variables for a plugin.
    #[error("must be a list of variables, each with a name and a value")]
    Variables,
}

/// A character that no header may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderFault {
    /// CR.
    #[error("a carriage return")]
    CarriageReturn,
    /// Another one.
    #[error("a control character")]
    Control,
    /// LF.
    #[error("a newline")]
    Newline,
}
