//! What a kubeconfig's field or a header cannot hold.

/// What a field should hold, and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Expected {
    #[error("is not base64")]
    Base64,
    #[error("must be a list of mappings")]
    Entries,
    #[error("must be a mapping")]
    Fields,
    #[error("must be Never, IfAvailable or Always")]
    InteractiveMode,
    #[error("must be a list")]
    List,
    #[error("has a NUL character")]
    NoNul,
    #[error("must be a string, not a list or a mapping")]
    Text,
    #[error("must be a list of strings")]
    Texts,
    #[error("must be true or false")]
    Truth,
    #[error("must be a list of variables, each with a name and a value")]
    Variables,
}

/// A character that no header may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderFault {
    #[error("a carriage return")]
    CarriageReturn,
    #[error("a control character")]
    Control,
    #[error("a newline")]
    Newline,
}
