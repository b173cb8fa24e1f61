//! Why a credential plugin gave no credential.

use std::io;

use crate::hints::Fault;
use crate::shown::counted;
use crate::sources::system_words;

/// How many bytes of an answer are read.
pub(super) const ANSWER_MAX: usize = 1 << 20;

/// Why a credential plugin gave no credential.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExecError {
    #[error("the credential plugin has no command ({user})")]
    NoCommand { user: String },
    #[error("the credential plugin {command:?} {kind}")]
    Run {
        command: String,
        /// How to install it, by the kubeconfig.
        install_hint: Option<String>,
        kind: ExecErrorKind,
    },
}

impl Fault for ExecError {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Run {
                install_hint: Some(hint),
                kind: ExecErrorKind::Start(_) | ExecErrorKind::NotInPath,
                ..
            } => hint.trim().to_owned(),
            Self::Run { kind: ExecErrorKind::NoTerminal, .. } => {
                "log in first, or pass the value with --from-file".to_owned()
            }
            Self::Run { kind: ExecErrorKind::Empty, .. } => {
                "its answer has neither a token nor a client certificate".to_owned()
            }
            Self::Run { kind: ExecErrorKind::NoCredential { len }, .. } => {
                                format!("it wrote {} that are not an ExecCredential (not shown)", counted(*len, "byte"))
            }
            Self::Run { kind: ExecErrorKind::Silent, .. } => {
                "it wrote nothing to standard output".to_owned()
            }
            Self::Run { kind: ExecErrorKind::Noise { .. }, .. } => {
                "a plugin must write only its ExecCredential to standard output; anything else belongs on \
                 standard error"
                    .to_owned()
            }
            _ => return Vec::new(),
        };
        vec![hint]
    }
}

/// What went wrong with a credential plugin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExecErrorKind {
    #[error("returned no credential")]
    Empty,
    #[error("returned only one of client certificate and key")]
    HalfPair,
    #[error("returned no credential")]
    NoCredential {
        /// The output's length in bytes.
        len: usize,
    },
    #[error("wrote {} (standard output, line {line}, not shown)", noise(*before, *after))]
    Noise {
        /// How many bytes are before the answer.
        before: usize,
        /// How many bytes are after it.
        after: usize,
        /// Where the first of them are, from 1.
        line: usize,
    },
    /// It wants a terminal and there is none for it.
    #[error("needs a terminal, but standard input is not one or is used for a value")]
    NoTerminal,
    /// It is a name that no absolute folder of `PATH` has.
    #[error(
        "could not be started: not found in PATH (relative directories in PATH are not searched)"
    )]
    NotInPath,
    /// Its output could not be read, or its end not be waited for.
    #[error("could not be read from: {}", system_words(.0))]
    Read(io::Error),
    #[error("returned no credential")]
    Silent,
    #[error("could not be started: {}", system_words(.0))]
    Start(io::Error),
    #[error("failed ({0})")]
    Status(String),
    #[error("wrote more than {ANSWER_MAX} bytes to standard output")]
    TooLong,
    #[error("answered in {}, but the kubeconfig expects {wanted:?}", got.as_ref().map_or("another version".to_owned(), |got| format!("version {got:?}")))]
    Version {
        /// The version that the kubeconfig names.
        wanted: String,
        /// The version of the answer, if it is one.
        got: Option<String>,
    },
}

fn noise(before: usize, after: usize) -> String {
    match (before, after) {
        (before, 0) => format!("{} before its ExecCredential", counted(before, "byte")),
        (0, after) => format!("{} after its ExecCredential", counted(after, "byte")),
        _ => format!("{} before and {after} after its ExecCredential", counted(before, "byte")),
    }
}
