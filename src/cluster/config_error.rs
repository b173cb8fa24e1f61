//! Why it is not known which API server to talk to, or how.

use std::io;
use std::path::PathBuf;

use kube::config::KubeconfigError;

use super::exec::ExecError;
use crate::sources::{ReadError, shown_path, system_words};

/// Why it is not known which API server to talk to, or how.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The cluster's CA holds no certificate.
    #[error("the cluster's CA{} holds no certificate", path.as_ref().map_or(String::new(), |p| format!(" in {}", p.display())))]
    Authority {
        /// The file, where it is one.
        path: Option<PathBuf>,
    },
    /// A file and its contents, both for one thing.
    #[error("{what} and {what}-data are both given for {of:?}, and one is meant")]
    Both {
        /// The kubeconfig's field.
        what: &'static str,
        /// The cluster or the user.
        of: String,
    },
    /// A credential plugin.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// A file that a kubeconfig or a flag names.
    #[error("{}: {}", shown_path(path), error.kind)]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: ReadError,
    },
    /// A client certificate without key, or a key without certificate.
    #[error("the user {user:?} has a {has} and no {lacks}")]
    HalfPair {
        /// The user.
        user: String,
        /// The kubeconfig's field that is there.
        has: &'static str,
        /// The one that is not.
        lacks: &'static str,
    },
    /// A CA to trust, and the wish to look at no certificate.
    #[error("a CA and --insecure-skip-tls-verify exclude each other")]
    InsecureWithAuthority,
    /// What kube says of a credential.
    #[error("the kubeconfig's credentials cannot be used: {words}")]
    Kube {
        /// Its words, without any value.
        words: String,
    },
    /// Kubeconfigs of two kinds in one list.
    #[error("{}: another kind or version than the kubeconfigs before it", path.display())]
    Mismatch {
        /// The second.
        path: PathBuf,
    },
    /// No cluster is configured.
    #[error("no cluster is configured{}", if contexts.is_empty() { "" } else { ": the kubeconfig has no current context" })]
    NoCluster {
        /// The contexts that one may name.
        contexts: Vec<String>,
    },
    /// Groups, a UID or extras, and nobody to act as; in kubectl's words.
    #[error("requesting uid, groups or user-extra for {user} without impersonating a user")]
    NobodyToActAs {
        /// The user.
        user: String,
    },
    /// No such context.
    #[error("context {name:?} does not exist")]
    NoContext {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// No such cluster.
    #[error("cluster {name:?} does not exist")]
    NoSuchCluster {
        /// The name.
        name: String,
    },
    /// No such user.
    #[error("auth info {name:?} does not exist")]
    NoSuchUser {
        /// The name.
        name: String,
    },
    /// A file for a token that has none in it.
    #[error("{} holds no token", path.display())]
    NoToken {
        /// The file.
        path: PathBuf,
    },
    /// A CA that is no base64.
    #[error("{what}-data of {of:?} is not base64")]
    NotBase64 {
        /// The kubeconfig's field.
        what: &'static str,
        /// The cluster or the user.
        of: String,
    },
    /// A kubeconfig that is none.
    #[error("{} is no kubeconfig{}", path.display(), place.map_or(String::new(), |(line, column)| format!(": line {line}, column {column}")))]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line and column, where known.
        place: Option<(u64, u64)>,
    },
    /// A way to log in that kubectl has no more, or never had.
    #[error("the user {user:?} logs in by {name:?}, which kubectl does not know")]
    Provider {
        /// The user.
        user: String,
        /// The provider.
        name: String,
    },
    /// A proxy's address that is none.
    #[error("the proxy's address cannot be used")]
    Proxy,
    /// A kubeconfig that cannot be read.
    #[error("{}: {}", shown_path(path), system_words(source))]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A server's address that is none.
    #[error("the API server's address cannot be used")]
    Server,
    /// A bearer token and basic authentication, and only one may be.
    #[error("the user {user:?} has a token and a user name with password, and only one may be")]
    TwoLogins {
        /// The user.
        user: String,
    },
}

impl ConfigError {
    /// What kube says while it loads credentials, as far as it holds no value.
    pub(super) fn of(error: &KubeconfigError) -> Self {
        use kube::config::KubeconfigError as K;
        let words = match error {
            K::LoadCertificateAuthority(_) => "the cluster's CA cannot be read",
            K::LoadClientCertificate(_) => "the client certificate cannot be read",
            K::LoadClientKey(_) => "the client certificate's key cannot be read",
            _ => "kube cannot load them",
        };
        Self::Kube { words: words.to_owned() }
    }
}
