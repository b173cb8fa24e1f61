//! Why a Secret could not be built.

use super::generic::source;
use super::tls::read_hints;
use super::{
    BasicAuthError, BootstrapError, CredentialError, DockerError, GenericError,
    ServiceAccountError, SshAuthError, TlsError, ValueError,
};
use crate::hints::Fault;
use crate::secret::{DuplicateKey, KeyError};
use crate::shown::Hidden;
use crate::sources::{Origin, ReadError, ReadErrorKind, is_shown_path, shell_word, shown_path};

/// A key that stands twice, and where.
#[derive(Debug)]
pub(crate) struct Duplicate {
    pub source: DuplicateKey,
    pub first: Option<Origin>,
    pub second: Origin,
}

/// Why a Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    /// Of a Secret for basic authentication.
    #[error(transparent)]
    BasicAuth(#[from] BasicAuthError),
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    /// Of a password, passphrase or token.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// Of a Docker registry's Secret.
    #[error(transparent)]
    Docker(Box<DockerError>),
    #[error("cannot add {}, another key by that name already exists", duplicate_words(.0))]
    Duplicate(Box<Duplicate>),
    #[error("{origin}: the value is empty")]
    EmptyValue { origin: Origin },
    #[error(transparent)]
    Generic(#[from] GenericError),
    #[error("{key}: {}", error.in_short())]
    Key {
        /// The text if it is a file's name, or its length, with the flag.
        key: String,
        error: KeyError,
        origin: Origin,
    },
    #[error("the system's random source failed: {0}")]
    Random(std::io::Error),
    /// A file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("--{flag}: {error}")]
    ReadFor { flag: &'static str, error: ReadError },
    /// Of a service account token's Secret.
    #[error(transparent)]
    ServiceAccount(#[from] ServiceAccountError),
    /// Of an SSH key's Secret.
    #[error(transparent)]
    SshAuth(#[from] SshAuthError),
    #[error(transparent)]
    Tls(Box<TlsError>),
    /// A file that a flag names could not be read, in the words of kubectl's tls command.
    #[error("{}", tls_read_words(flag, error))]
    TlsRead { flag: &'static str, error: ReadError },
    /// Of a value from standard input, the terminal, the environment, base64 or randomness.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl BuildError {
    /// A text that is not a valid key. kubectl shows it, but it may be the value itself, given
    /// without its key: only the name of a file is shown.
    pub(super) fn key(key: &[u8], error: KeyError, origin: &Origin) -> Self {
        let name = std::str::from_utf8(key).ok().filter(|name| origin.names_file(name));
        let key = match name {
            Some(name) => format!("the file name {name:?} is not a valid key"),
            None => format!("{origin}: not a valid key {}", Hidden(key.len())),
        };
        Self::Key { key, error, origin: origin.clone() }
    }
}

impl From<TlsError> for BuildError {
    fn from(error: TlsError) -> Self {
        Self::Tls(Box::new(error))
    }
}

impl From<DockerError> for BuildError {
    fn from(error: DockerError) -> Self {
        Self::Docker(Box::new(error))
    }
}

fn duplicate_words(Duplicate { source, second, .. }: &Duplicate) -> String {
    let key = source.0.as_str();
    match second.shown_key(key) {
        shown if shown == key => format!("key {key}"),
        hidden => hidden.into_owned(),
    }
}

/// kubectl's words, with what failed on the file as Go names it; our own refusals have no such
/// name.
fn tls_read_words(flag: &str, error: &ReadError) -> String {
    let ReadError { path, kind } = error;
    if !is_shown_path(path) {
        return format!("--{flag}: cannot read {}: {kind}", shown_path(path));
    }
    let path = path.display();
    match kind {
        ReadErrorKind::Io(_) => format!("Cannot read file {path}, open {path}: {kind}"),
        ReadErrorKind::IsFolder => format!("Cannot read file {path}, read {path}: {kind}"),
        ReadErrorKind::TakenTwice | ReadErrorKind::TooLarge { .. } => {
            format!("Cannot read file {path}: {kind}")
        }
    }
}

impl Fault for BuildError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::BasicAuth(error) => error.hints(),
            Self::Bootstrap(error) => error.hints(),
            Self::Credential(error) => error.hints(),
            Self::Docker(error) => error.hints(),
            Self::Duplicate(duplicate) => match &duplicate.first {
                Some(first) => {
                    vec![format!("leave out one of them: {first}, or {}", duplicate.second)]
                }
                None => Vec::new(),
            },
            Self::EmptyValue { origin } => vec![empty_hint(origin)],
            Self::Generic(error) => error.hints(),
            Self::Key { origin, .. } => vec![key_hint(origin)],
            Self::Random(_) => Vec::new(),
            Self::Read(error) | Self::ReadFor { error, .. } => error.hints(),
            Self::ServiceAccount(error) => error.hints(),
            Self::SshAuth(error) => error.hints(),
            Self::Tls(error) => error.hints(),
            Self::TlsRead { flag, error } => read_hints(flag, error),
            Self::Value(error) => error.hints(),
        }
    }

    fn lacks_passphrase(&self) -> bool {
        matches!(self, Self::Tls(error) if error.lacks_passphrase())
    }
}

fn key_hint(origin: &Origin) -> String {
    if let Some(path) = &origin.path {
        return format!("set a key: --from-file={}", source("KEY=", path));
    }
    let rest = match origin.flag {
        "from-base64" | "from-literal" => "=VALUE",
        _ => "",
    };
    format!("use another key for {origin}: --{}=KEY{rest}", origin.flag)
}

/// What to do about an empty value: what usually gives one, and how to take it.
fn empty_hint(origin: &Origin) -> String {
    let why = match (&origin.path, origin.flag) {
        (Some(path), _) => format!("{} contains no value", shell_word(path)),
        (None, flag) if flag.ends_with("stdin") => {
            "the command before the pipe may have failed".to_owned()
        }
        (None, flag) if flag.ends_with("env") => "the variable is empty".to_owned(),
        (None, _) => "a shell variable may be unset".to_owned(),
    };
    format!("{why}; --allow-empty allows an empty value")
}
