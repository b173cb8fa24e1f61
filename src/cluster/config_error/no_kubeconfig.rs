//! What a file is instead of a kubeconfig.

use std::path::Path;

use super::expected::Expected;
use crate::manifest::{Fault as YamlFault, Reason as YamlReason};
use crate::sources::shell_word;

/// Why a file is not a kubeconfig.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoKubeconfig {
    #[error("this is a kubeconfig in base64")]
    Base64,
    #[error("not a kubeconfig: not text (byte {at})")]
    Binary {
        /// The byte, from 1.
        at: usize,
    },
    #[error("this file is encrypted")]
    Encrypted,
    #[error("{field} {expected} (line {line})")]
    Field { field: &'static str, expected: Expected, line: usize },
    #[error("not a kubeconfig: {field} is not {wanted} (line {line})")]
    Kind {
        field: &'static str,
        /// What a kubeconfig has there.
        wanted: &'static str,
        line: usize,
    },
    #[error("not a kubeconfig: it has no fields")]
    NoFields,
    #[error("not a kubeconfig but a web page")]
    Page,
    #[error("not a kubeconfig but PEM: a certificate or a key")]
    Pem,
    #[error("not a valid kubeconfig: {} (line {}, column {})", .0.reason, .0.line, .0.column)]
    Yaml(YamlFault),
}

impl NoKubeconfig {
    /// What to do about the file at `path`.
    pub(super) fn hints(self, path: &Path) -> Vec<String> {
        let path = shell_word(path);
        vec![match self {
            Self::Base64 => format!("decode it: base64 -d {path} > kubeconfig"),
            Self::Binary { .. } => format!("inspect it: file {path}"),
            Self::Encrypted => "decrypt it first".to_owned(),
            Self::Field { line, .. } | Self::Kind { line, .. } => {
                format!("see line {line} of {path}")
            }
            Self::Yaml(fault) if fault.reason == YamlReason::Tab => {
                format!("use spaces instead: sed -n {}l {path} shows it", fault.line)
            }
            Self::Yaml(fault) => format!("see line {} of {path}", fault.line),
            Self::NoFields | Self::Page | Self::Pem => {
                "pass a kubeconfig: --kubeconfig=FILE, or set the variable KUBECONFIG".to_owned()
            }
        }]
    }
}
