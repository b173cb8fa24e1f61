//! Why a kubeconfig does not lead to an API server.

mod expected;
mod no_cluster;
mod no_kubeconfig;
mod place;
mod unknown;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exec::ExecError;
use super::tls::ClientPairError;
use crate::hints::Fault;
use crate::kuberc::Refused;
use crate::sources::{ReadError, shell_word, shown_path};
use crate::validate::TextFault;

use self::unknown::listed_parts;

pub(crate) use self::expected::{Expected, HeaderFault};
pub(crate) use self::no_cluster::NoCluster;
pub(super) use self::no_cluster::PRINT_INSTEAD;
pub(crate) use self::no_kubeconfig::NoKubeconfig;
pub(crate) use self::place::{ConfigPlace, Part, ValueOrigin};
pub(crate) use self::unknown::Known;

/// Why a kubeconfig does not lead to an API server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{}", authority_words(path.as_deref()))]
    Authority {
        /// The file, where it is one.
        path: Option<PathBuf>,
    },
    /// A field for a file and one for its contents.
    #[error("both {what} and {what}-data are set ({part})")]
    Both { what: &'static str, part: Part },
    /// A client certificate and its key.
    #[error(transparent)]
    ClientPair(#[from] Box<ClientPairError>),
    #[error(transparent)]
    Exec(#[from] Arc<ExecError>),
    /// A credential plugin that kubectl's preferences do not permit. It was not started.
    #[error("the credential plugin {command:?} {refused}")]
    Policy { command: String, refused: Refused },
    #[error("{field} {expected} ({})", place.part)]
    Field { field: String, expected: Expected, place: Box<ConfigPlace> },
    /// A file that a kubeconfig, a flag or `KUBECONFIG` names.
    #[error("{}: {}", shown_path(path), error.kind)]
    File { path: PathBuf, error: ReadError },
    /// A client certificate without key, or a key without certificate.
    #[error("{has} is set without {lacks} ({part})")]
    HalfPair {
        part: Part,
        /// The field that is set.
        has: &'static str,
        /// The field that is missing.
        lacks: &'static str,
        /// Whether the field that is set is from a flag.
        from_flag: bool,
    },
    /// A value that becomes a header has a character that no header may have.
    #[error("{what} contains {fault} ({})", origin.owner(part))]
    Header {
        /// What it is, for example "the token".
        what: &'static str,
        fault: HeaderFault,
        part: Part,
        origin: Box<ValueOrigin>,
    },
    /// A CA to trust, and the wish to check no certificate.
    #[error("insecure-skip-tls-verify cannot be combined with a CA ({part})")]
    InsecureWithAuthority { part: Part },
    #[error("the kubeconfig's credentials cannot be used: {words}")]
    Kube {
        /// What is wrong, without any value.
        words: String,
    },
    #[error("the namespace is not valid: {fault} ({})", place.part)]
    Namespace { fault: TextFault, place: Box<ConfigPlace> },
    /// Nothing says where an API server is.
    #[error(transparent)]
    NoCluster(#[from] NoCluster),
    #[error("{}: {reason}", shown_path(path))]
    NoKubeconfig {
        path: PathBuf,
        /// What it is instead, or what is wrong in it.
        reason: NoKubeconfig,
    },
    /// A UID, groups or extra values, and no user to impersonate; in kubectl's words.
    #[error("requesting uid, groups or user-extra for {user} without impersonating a user")]
    NobodyToActAs { user: String },
    #[error("{} contains no token ({part})", shown_path(path))]
    NoToken { path: PathBuf, part: Part },
    /// A way to log in that kubectl no longer has, or never had.
    #[error("the user {:?} uses the auth provider {name:?}, which kubectl does not support", part.name())]
    Provider { part: Part, name: String },
    #[error("the proxy's address is invalid: {reason} ({origin})")]
    Proxy {
        reason: &'static str,
        /// The field or the variable that it comes from.
        origin: String,
    },
    /// `kubectl config view` has replaced a value.
    #[error("{field} was redacted ({})", place.part)]
    Redacted { field: String, place: Box<ConfigPlace> },
    #[error("the server's address{} {reason} ({})", shown.as_ref().map_or(String::new(), |shown| format!(" {shown:?}")), origin.owner(part))]
    Server {
        /// The address, unless it may be something else.
        shown: Option<String>,
        reason: &'static str,
        part: Part,
        origin: Box<ValueOrigin>,
    },
    #[error("{part} is in {} twice: lines {} and {}", shown_path(path), lines.0, lines.1)]
    Twice { part: Part, path: PathBuf, lines: (usize, usize) },
    #[error("tls-server-name {name:?} {}", if *has_port { "has a port, and must be a host name only" } else { "is not a host name or an IP address" })]
    ServerName {
        name: String,
        /// Whether it is a name with a port.
        has_port: bool,
    },
    /// Two ways to log in, and only one may be.
    #[error("both {} and {} are set ({part})", logins.0, logins.1)]
    TwoLogins { part: Part, logins: (&'static str, &'static str) },
    #[error("{} not in the kubeconfig ({known})", listed_parts(parts))]
    Unknown {
        /// The names, all of one kind.
        parts: Vec<Part>,
        known: Known,
    },
}

fn authority_words(path: Option<&Path>) -> String {
    match path {
        Some(path) => format!("{} contains no certificate (CA of the cluster)", shown_path(path)),
        None => "the CA of the cluster contains no certificate".to_owned(),
    }
}

impl From<ExecError> for ConfigError {
    fn from(error: ExecError) -> Self {
        Self::Exec(Arc::new(error))
    }
}

impl ConfigError {
    /// Why kube makes no layers of a user: its own words may quote what a credential plugin wrote.
    pub(super) fn of_client(error: &kube::Error) -> Self {
        let words = match error {
            kube::Error::Auth(_) => "the user's credentials cannot be used",
            kube::Error::HttpError(_) => "a value for an HTTP header contains invalid characters",
            _ => "kube cannot use them",
        };
        Self::Kube { words: words.to_owned() }
    }
}

impl Fault for ConfigError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Policy { refused: Refused::All, .. } => {
                vec!["use a user that logs in without a plugin: --user=NAME, or --token".to_owned()]
            }
            Self::Policy { refused: Refused::NotListed, .. } => {
                vec!["list the plugin as it is found in PATH, or by its full path".to_owned()]
            }
            Self::Authority { .. } => {
                vec!["--certificate-authority=FILE sets another CA".to_owned()]
            }
            Self::ClientPair(error) => error.hints(),
            Self::HalfPair { lacks, from_flag: true, .. } => vec![format!("add --{lacks}=FILE")],
            Self::HalfPair { lacks, part, .. } => {
                vec![format!("add {lacks} to {part} of the kubeconfig")]
            }
            Self::Exec(error) => error.hints(),
            Self::Field { place, .. } | Self::Namespace { place, .. } => place.hints(),
            Self::File { error, .. } => error.hints(),
            Self::Header { origin, .. } | Self::Server { origin, .. } => origin.hints(),
            Self::InsecureWithAuthority { .. } => vec!["leave out one of them".to_owned()],
            Self::NobodyToActAs { .. } => vec!["add --as=USER".to_owned()],
            Self::NoCluster(error) => error.hints(),
            Self::NoKubeconfig { path, reason } => reason.hints(path),
            Self::Provider { name, .. } if name == "gcp" || name == "azure" => {
                vec!["use a credential plugin: gke-gcloud-auth-plugin, or kubelogin".to_owned()]
            }
            Self::Redacted { place, .. } => {
                let raw = "export it with its credentials: kubectl config view --raw > kubeconfig";
                let mut hints = vec![raw.to_owned()];
                hints.extend(place.hints());
                hints
            }
            Self::Twice { path, lines, .. } => {
                let path = shell_word(path);
                vec![format!("see both: sed -n '{}p;{}p' {path}", lines.0, lines.1)]
            }
            Self::Unknown { parts, known } => known.hints(parts),
            _ => Vec::new(),
        }
    }
}
