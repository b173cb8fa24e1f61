//! Why a kubeconfig does not lead to an API server.

use std::fmt;
use std::path::{Path, PathBuf};

use super::exec::ExecError;
use super::kubeconfig::YamlFault;
use super::tls::ClientPairError;
use crate::kuberc::Refused;
use crate::shown;
use crate::sources::{ReadError, shown_path};
use crate::validate::TextFault;

/// How many names a message lists.
const LISTED_MAX: usize = 10;

/// Why a kubeconfig does not lead to an API server.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The cluster's CA holds no certificate.
    #[error("{}", authority_words(path.as_deref()))]
    Authority {
        /// The file, where it is one.
        path: Option<PathBuf>,
    },
    /// A field for a file and one for its contents.
    #[error("both {what} and {what}-data are set ({part})")]
    Both {
        /// The first field.
        what: &'static str,
        /// Whose.
        part: Part,
    },
    /// A client certificate and its key.
    #[error(transparent)]
    ClientPair(#[from] Box<ClientPairError>),
    /// A credential plugin.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// A credential plugin that kubectl's preferences do not permit. It was not started.
    #[error("the credential plugin {command:?} {refused}")]
    Policy {
        /// Its command.
        command: String,
        /// Why it is refused.
        refused: Refused,
    },
    /// A field holds something else than it should.
    #[error("{field} {expected} ({})", place.part)]
    Field {
        /// The field.
        field: String,
        /// What it should hold.
        expected: Expected,
        /// Where it is.
        place: Box<Place>,
    },
    /// A file that a kubeconfig, a flag or `KUBECONFIG` names.
    #[error("{}: {}", shown_path(path), error.kind)]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: ReadError,
    },
    /// A client certificate without key, or a key without certificate.
    #[error("{has} is set without {lacks} ({part})")]
    HalfPair {
        /// Whose.
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
        /// The character.
        fault: HeaderFault,
        /// Whose.
        part: Part,
        /// Where it comes from.
        origin: Box<ValueOrigin>,
    },
    /// A CA to trust, and the wish to check no certificate.
    #[error("insecure-skip-tls-verify cannot be combined with a CA ({part})")]
    InsecureWithAuthority {
        /// The cluster.
        part: Part,
    },
    /// kube cannot build a client from the credentials.
    #[error("the kubeconfig's credentials cannot be used: {words}")]
    Kube {
        /// What is wrong, without any value.
        words: String,
    },
    /// The context's namespace is not one.
    #[error("the namespace is not valid: {fault} ({})", place.part)]
    Namespace {
        /// Why.
        fault: TextFault,
        /// Where it is set.
        place: Box<Place>,
    },
    /// Nothing says where an API server is.
    #[error(transparent)]
    NoCluster(#[from] NoCluster),
    /// A file is not a kubeconfig.
    #[error("{}: {reason}", shown_path(path))]
    NoKubeconfig {
        /// The file.
        path: PathBuf,
        /// What it is instead, or what is wrong in it.
        reason: NoKubeconfig,
    },
    /// A UID, groups or extra values, and no user to impersonate; in kubectl's words.
    #[error("requesting uid, groups or user-extra for {user} without impersonating a user")]
    NobodyToActAs {
        /// The user.
        user: String,
    },
    /// A file for a token is empty.
    #[error("{} contains no token ({part})", shown_path(path))]
    NoToken {
        /// The file.
        path: PathBuf,
        /// Whose.
        part: Part,
    },
    /// A way to log in that kubectl no longer has, or never had.
    #[error("the user {:?} uses the auth provider {name:?}, which kubectl does not support", part.name())]
    Provider {
        /// Whose.
        part: Part,
        /// The provider.
        name: String,
    },
    /// A proxy's address is invalid.
    #[error("the proxy's address is invalid: {reason} ({origin})")]
    Proxy {
        /// Why.
        reason: &'static str,
        /// The field or the variable that it comes from.
        origin: String,
    },
    /// `kubectl config view` has replaced a value.
    #[error("{field} was redacted ({})", place.part)]
    Redacted {
        /// The field.
        field: String,
        /// Where it is.
        place: Box<Place>,
    },
    /// A server's address is invalid.
    #[error("the server's address{} {reason} ({})", shown.as_ref().map_or(String::new(), |shown| format!(" {shown:?}")), origin.owner(part))]
    Server {
        /// The address, unless it may be something else.
        shown: Option<String>,
        /// Why it is invalid.
        reason: &'static str,
        /// The cluster.
        part: Part,
        /// Where it comes from.
        origin: Box<ValueOrigin>,
    },
    /// A file has two entries of one name.
    #[error("{part} is in {} twice: lines {} and {}", shown_path(path), lines.0, lines.1)]
    Twice {
        /// The entry.
        part: Part,
        /// The file.
        path: PathBuf,
        /// Where the two are.
        lines: (usize, usize),
    },
    /// The name for the server's certificate is not one.
    #[error("tls-server-name {name:?} {}", if *has_port { "has a port, and must be a host name only" } else { "is not a host name or an IP address" })]
    ServerName {
        /// The name.
        name: String,
        /// Whether it is a name with a port.
        has_port: bool,
    },
    /// Two ways to log in, and only one may be.
    #[error("both {} and {} are set ({part})", logins.0, logins.1)]
    TwoLogins {
        /// Whose.
        part: Part,
        /// What is set.
        logins: (&'static str, &'static str),
    },
    /// Names that are in no kubeconfig.
    #[error("{} not in the kubeconfig ({known})", listed_parts(parts))]
    Unknown {
        /// The names, all of one kind.
        parts: Vec<Part>,
        /// What is there instead.
        known: Known,
    },
}

/// A named part of a kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A cluster.
    Cluster(String),
    /// A context.
    Context(String),
    /// A user.
    User(String),
}

impl Part {
    /// What it is: "cluster", "context" or "user".
    pub fn word(&self) -> &'static str {
        match self {
            Self::Cluster(_) => "cluster",
            Self::Context(_) => "context",
            Self::User(_) => "user",
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Cluster(name) | Self::Context(name) | Self::User(name) => name,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, name) = (self.word(), self.name());
        let is_plain = |c: char| c.is_alphanumeric() || "-_.@:/+".contains(c);
        if name.is_empty() || !name.chars().all(is_plain) {
            write!(f, "{word} {name:?}")
        } else {
            write!(f, "{word} {name}")
        }
    }
}

/// Where in the kubeconfig something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The part that it belongs to.
    pub part: Part,
    /// The file, if it is in one.
    pub file: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<usize>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueOrigin {
    /// A file that the kubeconfig names.
    File(PathBuf),
    /// A flag, with its dashes.
    Flag(&'static str),
    /// The kubeconfig itself.
    Kubeconfig(Box<Place>),
    /// A credential plugin.
    Plugin(String),
    /// A variable of the environment.
    Variable(&'static str),
}

impl ValueOrigin {
    /// The part whose value it is, or the flag or variable if that has no name.
    fn owner(&self, part: &Part) -> String {
        match self {
            Self::Flag(flag) if part.name().is_empty() => (*flag).to_owned(),
            Self::Variable(name) => (*name).to_owned(),
            _ => part.to_string(),
        }
    }
}

/// What a field should hold, and does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    /// Bytes.
    #[error("is not base64")]
    Base64,
    /// The entries of a list.
    #[error("must be a list of mappings")]
    Entries,
    /// Fields.
    #[error("must be a mapping")]
    Fields,
    /// One of three words.
    #[error("must be Never, IfAvailable or Always")]
    InteractiveMode,
    /// A list.
    #[error("must be a list")]
    List,
    /// Anything that a program can be given.
    #[error("has a NUL character")]
    NoNul,
    /// A text.
    #[error("must be a string, not a list or a mapping")]
    Text,
    /// Several texts.
    #[error("must be a list of strings")]
    Texts,
    /// A boolean.
    #[error("must be true or false")]
    Truth,
    /// Variables for a plugin.
    #[error("must be a list of variables, each with a name and a value")]
    Variables,
}

/// A character that no header may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// CR.
    #[error("a carriage return")]
    CarriageReturn,
    /// Another one.
    #[error("a control character")]
    Control,
    /// LF.
    #[error("a newline")]
    Newline,
}

/// What the kubeconfigs have in place of an unknown name.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// The names.
    pub has: Vec<String>,
    /// The files of `KUBECONFIG` that do not exist.
    pub missing: Vec<PathBuf>,
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.has.as_slice() {
            [] => f.write_str("it has none"),
            has => write!(f, "it has: {}", listed(has)),
        }
    }
}

/// Why nothing says where an API server is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCluster {
    /// The kubeconfigs have no context.
    #[error("no cluster is configured: {} no context", match paths.as_slice() { [path] => format!("{} has", shown_path(path)), paths => format!("the {} kubeconfigs have", paths.len()) })]
    Empty {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// No file that `KUBECONFIG` names exists.
    #[error("{}", missing_words(paths))]
    Missing {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// No context was chosen.
    #[error("no cluster is configured: the kubeconfig has no current context")]
    NoCurrent {
        /// The contexts to choose from.
        contexts: Vec<String>,
    },
    /// There is no kubeconfig.
    #[error("no cluster is configured")]
    NoFile,
    /// The context names no cluster.
    #[error("no cluster is configured: the context has no cluster ({})", place.part)]
    NoneNamed {
        /// The context.
        place: Box<Place>,
    },
    /// The cluster has no address.
    #[error("no cluster is configured: server is missing ({})", place.part)]
    NoServer {
        /// The cluster.
        place: Box<Place>,
    },
}

/// Why a file is not a kubeconfig.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKubeconfig {
    /// Base64 of a kubeconfig.
    #[error("this is a kubeconfig in base64")]
    Base64,
    /// Not text.
    #[error("not a kubeconfig: not text (byte {at})")]
    Binary {
        /// The byte, from 1.
        at: usize,
    },
    /// Encrypted by a tool that keeps secrets in files.
    #[error("this file is encrypted")]
    Encrypted,
    /// A field holds something else than it should.
    #[error("{field} {expected} (line {line})")]
    Field {
        /// The field.
        field: &'static str,
        /// What it should hold.
        expected: Expected,
        /// Its line.
        line: usize,
    },
    /// Another kind of object, or another version.
    #[error("not a kubeconfig: {field} is not {wanted} (line {line})")]
    Kind {
        /// `apiVersion` or `kind`.
        field: &'static str,
        /// What a kubeconfig has there.
        wanted: &'static str,
        /// Its line.
        line: usize,
    },
    /// A text without fields.
    #[error("not a kubeconfig: it has no fields")]
    NoFields,
    /// A web page.
    #[error("not a kubeconfig but a web page")]
    Page,
    /// A certificate or a key.
    #[error("not a kubeconfig but PEM: a certificate or a key")]
    Pem,
    /// Not YAML.
    #[error("not a valid kubeconfig: {} (line {}, column {})", .0.reason, .0.line, .0.column)]
    Yaml(YamlFault),
}

/// `context "x" is` or `contexts "x" and "y" are`.
fn listed_parts(parts: &[Part]) -> String {
    let word = parts.first().map_or("context", Part::word);
    let names: Vec<_> = parts.iter().map(|part| shown::Quoted(part.name()).to_string()).collect();
    match names.as_slice() {
        [name] => format!("{word} {name} is"),
        names => format!("{word}s {} are", names.join(", ")),
    }
}

/// Names in a row, no more than a message can take.
fn listed(names: &[String]) -> String {
    let mut shown: Vec<_> = names.iter().take(LISTED_MAX).map(|name| quoted(name)).collect();
    if names.len() > LISTED_MAX {
        shown.push(format!("and {} more", names.len() - LISTED_MAX));
    }
    shown.join(", ")
}

/// A name as it is, or in quotes if it would not be seen as one.
fn quoted(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| !c.is_control() && c != ' ');
    if is_plain { name.to_owned() } else { format!("{name:?}") }
}

fn missing_words(paths: &[PathBuf]) -> String {
    match paths {
        [path] => {
            let path = shown_path(path);
            format!("no cluster is configured: the file that KUBECONFIG names is missing ({path})")
        }
        paths => {
            let paths: Vec<_> = paths.iter().map(|path| shown_path(path)).collect();
            {
                let paths = listed(&paths);
                format!(
                    "no cluster is configured: the files that KUBECONFIG names are missing ({paths})"
                )
            }
        }
    }
}

fn authority_words(path: Option<&Path>) -> String {
    match path {
        Some(path) => format!("{} contains no certificate (CA of the cluster)", shown_path(path)),
        None => "the CA of the cluster contains no certificate".to_owned(),
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
