//! The message of an error that needs its [`Subject`](super::Subject) to be told.

/// What is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Explanation {
    pub(super) words: String,
    pub(super) hints: Vec<String>,
}

impl Explanation {
    pub(super) fn new(words: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { words: words.into(), hints: vec![hint.into()] }
    }
}
