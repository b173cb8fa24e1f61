//! Why the configuration cannot be used.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::recipient::RecipientFault;
use crate::golang::regexps::RegexpFault;
use crate::hints::Fault;
use crate::manifest::Reason;
use crate::shown;
use crate::sources::{ReadError, shown_path, system_words};

/// A place in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) config: PathBuf,
    pub(crate) line: u32,
    /// The column in characters, from 1.
    pub(crate) column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", shown_path(&self.config), self.line, self.column)
    }
}

/// A key of the configuration. What is longer than sops's own keys and their mistypings is not shown:
/// it may be an identity in a wrong place.
struct ConfigKey<'a>(&'a str);

impl fmt::Display for ConfigKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LEN_MAX: usize = 32;
        let Self(key) = *self;
        if key.len() <= LEN_MAX { shown::Key(key).fmt(f) } else { shown::Hidden(key.len()).fmt(f) }
    }
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{key} selects values by their comments, and a new Secret has none ({place})")]
    Comments { place: Place, key: &'static str },
    #[error("the key {} is already set on line {line} ({place})", ConfigKey(key))]
    DuplicateKey { place: Place, key: String, line: u32 },
    #[error("stores.yaml.indent must be a whole number from 2 to 9 ({place})")]
    Indent { place: Place },
    #[error("{0}")]
    Read(ReadError),
    #[error("{fault} ({place})")]
    Recipient { place: Place, fault: RecipientFault },
    #[error("{key} is not a valid regular expression: {fault} ({place})")]
    Regexp { place: Place, key: &'static str, fault: RegexpFault },
    #[error("sops cannot read its configuration: {reason} ({place})")]
    Syntax { place: Place, reason: Reason },
    #[error("{} and {} cannot be used in the same rule ({place})", keys[0], keys[1])]
    TwoSelectors { place: Place, keys: [&'static str; 2] },
    #[error("{} must be {wanted}, not {got} ({place})", Subject(key.as_deref()))]
    Type {
        place: Place,
        /// `None` for an element of a list, or the whole file.
        key: Option<String>,
        wanted: &'static str,
        got: String,
        /// Whether YAML reads a text as something else.
        needs_quotes: bool,
    },
    #[error("sops ignores the unknown key {} ({place})", ConfigKey(key))]
    UnknownKey { place: Place, key: String, similar: Option<&'static str> },
    #[error("{what} ({place})")]
    Unsupported { place: Place, what: Unsupported },
    #[error("the working directory cannot be determined: {}", system_words(.0))]
    WorkingDirectory(io::Error),
}

impl ConfigError {
    /// Whether sops encrypts by the rule and mksecret does not: a plain manifest may be piped to
    /// sops.
    pub(crate) fn needs_sops(&self) -> bool {
        matches!(self, Self::Unsupported { .. })
    }
}

struct Subject<'k>(Option<&'k str>);

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => shown::Key(key).fmt(f),
            None => f.write_str("this"),
        }
    }
}

/// What only sops can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsupported {
    #[error("mksecret does not support several key groups ({0} here)")]
    KeyGroups(usize),
    #[error("{0}")]
    Recipient(RecipientFault),
    /// Keys of a service, by their key in the rule.
    #[error("mksecret does not support keys from {0}")]
    Service(&'static str),
    #[error("mksecret does not support shamir_threshold")]
    Threshold,
}

impl Fault for ConfigError {
    fn hints(&self) -> Vec<String> {
        const SECRETS: &str = "for Secrets, use encrypted_regex: ^(data|stringData)$";
        let hint = match self {
            Self::DuplicateKey { .. } => "remove one of them: sops refuses the file too",
            Self::Recipient { fault: RecipientFault::SecretKey, .. } => {
                "age-keygen -y prints the recipient of an identity file"
            }
            Self::Recipient { fault: RecipientFault::NoComma, .. } => {
                "separate recipients with commas, or use a YAML list"
            }
            Self::Regexp { key: "path_regex", .. } => {
                "for example path_regex: ^k8s/.*\\.yaml$; see https://pkg.go.dev/regexp/syntax"
            }
            Self::Comments { .. } | Self::Regexp { .. } | Self::TwoSelectors { .. } => SECRETS,
            Self::Syntax { reason: Reason::Escape, .. } => {
                "put regular expressions in single quotes, where \\ is literal"
            }
            Self::Type { needs_quotes: true, .. } => "put the value in quotes",
            Self::UnknownKey { similar: Some(similar), .. } => {
                return vec![format!("did you mean {similar}?")];
            }
            Self::UnknownKey { .. } => "remove the key, or turn it into a comment",
            Self::Indent { .. }
            | Self::Read(_)
            | Self::Recipient { .. }
            | Self::Syntax { .. }
            | Self::Type { .. }
            | Self::Unsupported { .. }
            | Self::WorkingDirectory(_) => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}
