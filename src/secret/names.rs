//! Names: of a Secret, of a namespace, of a key in a Secret's data.

use std::borrow::Cow;
use std::fmt;

use crate::golang::utf8::lossy;

/// The most characters of a data key (`DNS1123SubdomainMaxLength` in the API's validation).
const KEY_MAX: usize = 253;

/// Text from the command line that a Secret holds: UTF-8 in a manifest, and the bytes that were
/// given where those are something else. kubectl prints the bytes in its result line, `\ufffd` in
/// JSON and U+FFFD in YAML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    raw: Option<Vec<u8>>,
}

impl Text {
    /// Takes the bytes as UTF-8; each byte that is not part of it becomes U+FFFD, as in Go.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let text = lossy(bytes);
        let raw = matches!(text, Cow::Owned(_)).then(|| bytes.to_vec());
        Self { text: text.into_owned(), raw }
    }

    /// The text as it stands in a manifest.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes that were given.
    pub fn as_bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The bytes, where they are not UTF-8.
    pub fn raw(&self) -> Option<&[u8]> {
        self.raw.as_deref()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text with `-suffix` at its end, as `--append-hash` makes it of a name.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        let raw = self.raw.as_ref().map(|raw| [raw.as_slice(), b"-", suffix.as_bytes()].concat());
        Self { text: format!("{}-{suffix}", self.text), raw }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), raw: None }
    }
}

/// The name of a Secret: any text. Whether an API server would take it is asked in `validate/`,
/// since `--validate=ignore` prints what kubectl prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretName(pub Text);

impl SecretName {
    /// Any text is a name here.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The name as it stands in a manifest.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A namespace: any text, for the same reason as [`SecretName`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(pub Text);

impl Namespace {
    /// Any text is a namespace here.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The namespace as it stands in a manifest.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A key of a Secret's data: `[-._a-zA-Z0-9]+`, at most 253 characters, neither `.` nor starting
/// with `..` (`IsConfigMapKey` in the API's validation). Parsed once, then trusted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataKey(String);

impl DataKey {
    /// Checks the rules above; the first broken one is the error.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.len() > KEY_MAX {
            return Err(KeyError::TooLong { max: KEY_MAX });
        }
        if text.is_empty()
            || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        {
            return Err(KeyError::Character);
        }
        Self::check_dots(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The rules on dots alone, which env files have in common with all other keys.
    pub fn check_dots(text: &str) -> Result<(), KeyError> {
        match text {
            "." => Err(KeyError::Dot),
            ".." => Err(KeyError::DotDot),
            _ if text.starts_with("..") => Err(KeyError::DotDotPrefix),
            _ => Ok(()),
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no [`DataKey`], in the words of the API's validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty, or a character outside the allowed set.
    #[error(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' \
         (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
    )]
    Character,
    #[error("must not be '.'")]
    Dot,
    #[error("must not be '..'")]
    DotDot,
    #[error("must not start with '..'")]
    DotDotPrefix,
    #[error("must be no more than {max} characters")]
    TooLong {
        /// The most characters that are allowed.
        max: usize,
    },
}

impl KeyError {
    /// The rule in one clause; the API's own is a sentence with a regular expression.
    pub fn in_short(&self) -> String {
        match self {
            Self::Character => "use letters, digits, '-', '_' and '.'".to_owned(),
            error => format!("it {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let long = "a".repeat(254);
        let rows: &[(&str, Result<(), KeyError>)] = &[
            ("a", Ok(())),
            ("-", Ok(())),
            (".a..b", Ok(())),
            ("A.B_C-d", Ok(())),
            (&long[..253], Ok(())),
            (&long, Err(KeyError::TooLong { max: 253 })),
            ("", Err(KeyError::Character)),
            ("a b", Err(KeyError::Character)),
            ("é", Err(KeyError::Character)),
            (".", Err(KeyError::Dot)),
            ("..", Err(KeyError::DotDot)),
            ("...", Err(KeyError::DotDotPrefix)),
            ("..data", Err(KeyError::DotDotPrefix)),
        ];
        for (text, want) in rows {
            assert_eq!(DataKey::parse(text).map(|_| ()), *want, "{text}");
        }
    }
}
