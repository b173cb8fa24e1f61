//! Labels and annotations.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// What stands under `metadata` beside the name and the namespace.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `metadata.labels`; any text here, `validate/` has the rules.
    pub labels: BTreeMap<String, String>,
    /// `metadata.annotations`; any text here, `validate/` has the rules. Wiped like values, since
    /// kubectl's last-applied annotation holds them.
    pub annotations: BTreeMap<String, Zeroizing<String>>,
}

/// Splits `key=value` at its first `=`.
pub(crate) fn parse_pair(text: &str) -> Result<(&str, &str), PairError> {
    match text.split_once('=') {
        Some(("", _)) => Err(PairError::EmptyKey),
        Some(pair) => Ok(pair),
        None => Err(PairError::NoEquals),
    }
}

/// Why a text is no `key=value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PairError {
    #[error("the key is empty")]
    EmptyKey,
    #[error("there is no '='")]
    NoEquals,
}
