//! What a command line says about reaching a cluster, and about what is to be done there.

mod flags;
mod kubeconfig_files;

pub(crate) use flags::ConnectionFlags;
pub(crate) use kubeconfig_files::{KubeconfigFiles, NamedBy};

use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::hints::Fault;
use crate::kuberc::PluginPolicy;
use crate::sources::Inputs;

/// How to reach a cluster, beside the kubeconfig or in place of its parts.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// The kubeconfig to read in place of the usual ones.
    pub kubeconfig: Option<PathBuf>,
    /// The context, in place of the current one.
    pub context: Option<String>,
    /// The cluster, in place of the context's.
    pub cluster: Option<String>,
    /// The user, in place of the context's.
    pub user: Option<String>,
    /// The address of the API server.
    pub server: Option<String>,
    pub token: Option<Zeroizing<String>>,
    /// A user name, for basic authentication.
    pub username: Option<String>,
    pub password: Option<Zeroizing<String>>,
    pub act_as: Option<String>,
    /// The groups to act in.
    pub act_in_groups: Vec<String>,
    /// The UID to act under.
    pub act_under_uid: Option<String>,
    /// Keys and values of the one acted as.
    pub act_with_extra: Vec<(String, String)>,
    /// A file with the CA to trust.
    pub certificate_authority: Option<String>,
    /// A file with a client certificate.
    pub client_certificate: Option<String>,
    /// A file with a client certificate's key.
    pub client_key: Option<String>,
    /// The name to expect in the server's certificate.
    pub tls_server_name: Option<String>,
    /// Whether the server's certificate is not looked at.
    pub insecure: bool,
    /// The proxy to go through.
    pub proxy_url: Option<String>,
    /// How long one request may take; without end where there is none.
    pub request_timeout: Option<Duration>,
    /// How much is logged (`-v`).
    pub verbosity: i32,
    /// Which credential plugins may be started.
    pub plugins: PluginPolicy,
}

/// Where others find an API server.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Its address, as the kubeconfig has it.
    pub server: String,
    /// Its CA's certificates, as PEM.
    pub authority: Option<Vec<u8>>,
}

/// Finds the API server of a run without further targets; `None` if no cluster is configured. It
/// reads the kubeconfig, and no credential.
pub(crate) type FindEndpoint = fn(&Reach, &Inputs) -> Result<Option<Endpoint>, Box<dyn Fault>>;

/// Which Secrets of a cluster are listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecretsOf<'a> {
    /// The namespace; `None` for that of the context.
    pub namespace: Option<&'a str>,
    pub all_namespaces: bool,
    /// The labels of what is listed; empty for all.
    pub selector: &'a str,
}

/// The cluster and the namespace that a run goes to.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The context, `None` if a flag or a pod names the server.
    pub context: Option<String>,
    /// The API server's address, which may hold a user and a password.
    pub server: String,
    /// The namespace for a Secret that names none.
    pub namespace: String,
}

/// What an API server does with fields that it does not know or that stand twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldValidation {
    /// It takes them in silence.
    Ignore,
    Strict,
    Warn,
}

impl FieldValidation {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "Ignore",
            Self::Strict => "Strict",
            Self::Warn => "Warn",
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Targets {
    pub namespaces: Vec<String>,
    /// The namespaces whose labels these are.
    pub selector: Option<String>,
    pub contexts: Vec<String>,
    pub parallel: usize,
}

impl Targets {
    /// Whether more than the one usual target was asked for.
    pub(crate) fn are_many(&self) -> bool {
        !self.namespaces.is_empty() || self.selector.is_some() || !self.contexts.is_empty()
    }
}
