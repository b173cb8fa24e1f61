//! What all types have in common while they build: what they are given, what they give back.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::ArgMatches;

use super::docker_registry::near_words;
use super::empty::{EmptyValues, NoValue};
use super::shell_quoting::QuotingLeftover;
use super::{
    BasicAuthError, BootstrapError, CredentialError, DateFault, DockerError, GenericError, LeftOut,
    ServiceAccountError, SshAuthError, TlsError, ValueError,
};
use crate::material::chain::{Dropped, PathError, Place, Unchecked};
use crate::material::docker_server::Server;
use crate::material::key_pair;
use crate::material::keyring::Miss;
use crate::reach::{FindEndpoint, Reach};
use crate::secret::{
    DataKey, DuplicateKey, KeyError, Namespace, SecretBuilder, SecretName, Text, Value,
};
use crate::shown::{self, Hidden};
use crate::sources::{
    EnvDoubt, Folder, Inputs, Origin, ReadError, ReadErrorKind, bytes_of, is_shown_path, shown_path,
};
use crate::validate::Servers;

/// What a type builds from.
pub struct Build<'a> {
    /// The command line's flags.
    pub flags: &'a ArgMatches,
    /// The same as words, `--flag` and `--flag=value`: of a flag with one value they tell how often
    /// it was given.
    pub words: &'a [OsString],
    /// NAME, where it was given.
    pub name: Option<OsString>,
    /// `-n`, where it was given and is not empty.
    pub namespace: Option<Namespace>,
    /// What happens to an empty value.
    pub empty_values: EmptyValues,
    /// Whether a missing password or passphrase is asked for, if the user is at a terminal.
    pub asks_for_missing: bool,
    /// The outside world.
    pub inputs: &'a Inputs,
    /// How the cluster is reached that the Secret is for.
    pub reach: &'a Reach,
    /// Finds that cluster's API server.
    pub endpoint: FindEndpoint,
}

impl Build<'_> {
    /// A Secret of the given type string under NAME, in the namespace of `-n`.
    pub(super) fn start(&self, secret_type: impl Into<Text>) -> Built {
        let name = self.name.clone().unwrap_or_default();
        let name = SecretName(Text::from_bytes(&bytes_of(&name)));
        Built::new(name, secret_type, self.namespace.clone())
    }
}

/// What a type gives back.
#[derive(Debug)]
pub struct Built {
    /// The Secret, without labels, annotations and name suffix.
    pub secret: SecretBuilder,
    /// Where each key came from.
    pub origins: BTreeMap<DataKey, Origin>,
    /// The empty values of which users are warned.
    pub empty: Vec<(DataKey, Origin)>,
    /// What `--validate` refuses beyond the API server's rules.
    pub refusals: Vec<Refusal>,
    /// What people regret, as far as building showed it.
    pub warnings: Vec<Warning>,
    /// Whether contents are refused with which nothing on a cluster can work: the type is known for
    /// what it is for. `generic --type` warns of them alone.
    pub refuses_useless: bool,
    /// Whether building has looked into the contents already, so that nobody does it again.
    pub is_looked_into: bool,
    /// What was put right, and is said.
    pub notes: Vec<Note>,
    /// What is printed in place of kubectl's result line.
    pub printed: Option<Printed>,
    /// The keys whose values were made here: one that a cluster has already is as good.
    pub random: Vec<DataKey>,
}

impl Built {
    /// A Secret of that name and type string, in that namespace.
    pub(super) fn new(
        name: SecretName,
        secret_type: impl Into<Text>,
        namespace: Option<Namespace>,
    ) -> Self {
        Self {
            secret: SecretBuilder::new(name, secret_type).namespace(namespace),
            origins: BTreeMap::new(),
            empty: Vec::new(),
            refusals: Vec::new(),
            warnings: Vec::new(),
            refuses_useless: false,
            is_looked_into: false,
            notes: Vec::new(),
            printed: None,
            random: Vec::new(),
        }
    }

    /// Adds a value under a key that is not checked yet.
    pub(super) fn add(
        &mut self,
        key: &[u8],
        value: Value,
        origin: Origin,
    ) -> Result<(), BuildError> {
        let key = Self::key(key, &origin)?;
        self.add_checked(key, value, origin)
    }

    /// Checks a key.
    pub(super) fn key(key: &[u8], origin: &Origin) -> Result<DataKey, BuildError> {
        let text = Text::from_bytes(key);
        DataKey::parse(text.as_str()).map_err(|error| BuildError::key(key, error, origin))
    }

    /// Adds a value under a key.
    pub(super) fn add_checked(
        &mut self,
        key: DataKey,
        value: Value,
        origin: Origin,
    ) -> Result<(), BuildError> {
        if let Err(source) = self.secret.add(key.clone(), value) {
            return Err(self.duplicate(source, &origin));
        }
        self.origins.insert(key, origin);
        Ok(())
    }

    /// Whether a value under this key could be added.
    pub(super) fn check_new(&self, key: &DataKey, origin: &Origin) -> Result<(), BuildError> {
        if self.origins.contains_key(key) {
            return Err(self.duplicate(DuplicateKey(key.clone()), origin));
        }
        Ok(())
    }

    fn duplicate(&self, source: DuplicateKey, second: &Origin) -> BuildError {
        let first = self.origins.get(&source.0).cloned();
        BuildError::Duplicate(Box::new(Duplicate { source, first, second: second.clone() }))
    }
}

/// What stands on stdout where no output format was asked for, and what is said beside it.
#[derive(Debug)]
pub struct Printed {
    /// The line, without its newline.
    pub line: Value,
    /// What is said on stderr.
    pub status: String,
}

impl Printed {
    /// A second copy of the line, which may hold a secret.
    pub(crate) fn duplicate(&self) -> Self {
        Self { line: self.line.duplicate(), status: self.status.clone() }
    }
}

/// What `--validate=strict` refuses though an API server takes it: useless or dangerous on the
/// cluster. `--validate=ignore` prints it, as kubectl does.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A bootstrap token outside kube-system, where no controller reads it.
    #[error("bootstrap tokens only work in the namespace kube-system")]
    BootstrapNamespace {
        /// The flag that names it.
        flag: &'static str,
    },
    /// About the certificate file of a TLS Secret.
    #[error("{}: {finding}", shown_path(path))]
    Certificate {
        /// The certificate's file.
        path: PathBuf,
        /// What is wrong.
        finding: key_pair::Finding,
    },
    /// A chain that does not lead to the CA.
    #[error("{} does not chain to {}: {error}", shown_path(path), shown_path(ca))]
    Chain {
        /// The certificate's file.
        path: PathBuf,
        /// The CA's.
        ca: PathBuf,
        /// Where it ends.
        error: PathError,
    },
    /// A certificate that is not valid for as long as was asked.
    #[error("{}: {place} {fault}", shown_path(path))]
    Date {
        /// The certificate's file.
        path: PathBuf,
        /// Where in it.
        place: Place,
        /// What is wrong.
        fault: DateFault,
    },
    /// An image for which a kubelet has no login.
    #[error("no login for {image} ({origin}){}", near_words(near.as_ref(), *unread))]
    NoLogin {
        /// Its whole name.
        image: String,
        /// The server that is nearest to it, and what keeps it from that.
        near: Option<(Server, Miss)>,
        /// The flag.
        origin: Origin,
        /// Whether a kubelet reads none of the logins.
        unread: bool,
    },
    /// A certificate that is not for a host.
    #[error("{}: the certificate is not for {}", shown_path(path), shown::Host(host))]
    HostName {
        /// The certificate's file.
        path: PathBuf,
        /// The host.
        host: String,
        /// The hosts that it is for.
        names: Vec<String>,
    },
}

/// What was put right on the way into the Secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// A byte order mark before PEM was left out.
    #[error("{}: dropped the byte order mark before the PEM", shown_path(path))]
    ByteOrderMark {
        /// The file.
        path: PathBuf,
    },
    /// A certificate was left out of a chain.
    #[error("{}: dropped {place}: {why}", shown_path(path))]
    Dropped {
        /// The certificate's file.
        path: PathBuf,
        /// Which.
        place: Place,
        /// Why.
        why: Dropped,
    },
    /// A line feed was added at the end of an SSH key.
    #[error("{}: added the missing trailing newline, which ssh needs", shown_path(path))]
    FinalNewline {
        /// The key's file.
        path: PathBuf,
    },
    /// One file has two logins that a kubelet cannot tell apart.
    #[error(
        "{}: skipped the login of {other}: it is for the same images as that of {server}",
        shown_path(path)
    )]
    SameServer {
        /// The Docker configuration.
        path: PathBuf,
        /// The server whose login counts.
        server: Server,
        /// The other name of it.
        other: Server,
    },
    /// More of that kind.
    #[error("{more} more logins are also skipped")]
    MoreLeftOut {
        /// How many.
        more: usize,
    },
    /// A token with which no image is pulled.
    #[error("{}: skipped {server}: Docker's own token, which cannot pull images", shown_path(path))]
    TokenOfDocker {
        /// The Docker configuration.
        path: PathBuf,
        /// Its name.
        server: Server,
    },
    /// Several logins that a kubelet tries for an image, in this order.
    #[error("for {image} a kubelet tries the logins of {servers}, in this order")]
    LoginOrder {
        /// Its whole name.
        image: String,
        /// The servers.
        servers: Servers,
    },
    /// A chain was put in order.
    #[error("{}: sorted the certificates: {}", shown_path(path), listed(positions))]
    Ordered {
        /// The certificate's file.
        path: PathBuf,
        /// Where in the file the certificates of the chain stood, in the new order.
        positions: Vec<usize>,
    },
}

/// Whether an address has a scheme: that of a cluster has one, that of a registry or a login mostly not.
pub(super) fn has_scheme(address: &OsStr) -> bool {
    bytes_of(address).windows(3).any(|part| part == b"://")
}

/// Numbers, the first of many.
fn listed(numbers: &[usize]) -> String {
    const SHOWN: usize = 12;
    let words: Vec<_> = numbers.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = if numbers.len() > SHOWN { " and so on" } else { "" };
    format!("{}{more}", words.join(", "))
}

/// What people regret, as far as building shows it.
#[derive(Debug, PartialEq, Eq)]
pub enum Warning {
    /// An annotation whose value goes on like another one.
    AnnotationPairs {
        /// The key.
        key: String,
    },
    /// A value that begins with a byte order mark.
    ByteOrderMark {
        /// The key.
        key: DataKey,
        /// Where it was read.
        origin: Origin,
        /// Whether it is that of UTF-16.
        utf16: bool,
    },
    /// About the certificate file of a TLS Secret.
    Certificate {
        /// The certificate's file.
        path: PathBuf,
        /// What is wrong.
        finding: key_pair::Finding,
    },
    /// A certificate that is not valid now.
    Date {
        /// The certificate's file.
        path: PathBuf,
        /// Where in it.
        place: Place,
        /// What is wrong.
        fault: DateFault,
    },
    /// `--docker-*` flags beside `--from-file`, which makes them void.
    DockerFlagsIgnored {
        /// The flags, without dashes.
        flags: Vec<&'static str>,
    },
    /// Empty values of one source.
    EmptyValues {
        /// Their keys.
        keys: Vec<DataKey>,
        /// Where they came from.
        origin: Origin,
    },
    /// An empty login, which a kubelet tries first for an image.
    EmptyLogin {
        /// Its whole name.
        image: String,
        /// The server.
        server: Server,
    },
    /// Several logins that a kubelet tries for an image, in an order that is not defined.
    LoginOrder {
        /// Its whole name.
        image: String,
        /// The servers.
        servers: Servers,
    },
    /// Logins of a Docker configuration that were not taken, beside others that were.
    LoginsLeftOut(LeftOut),
    /// A value in an env file that others take another way.
    EnvValue {
        /// The key.
        key: DataKey,
        /// The file and the line.
        origin: Origin,
        /// What is doubtful.
        doubt: EnvDoubt,
    },
    /// A flag with one value was given more than once.
    GivenAgain {
        /// The flag.
        flag: &'static str,
    },
    /// A list flag's value holds more lines than the one that counts.
    LinesIgnored {
        /// The flag.
        origin: Origin,
    },
    /// No source was given: the Secret has no data.
    NoSource {
        /// A flag of the login to the cluster, if one is given: it may have been meant for a key.
        login: Option<&'static str>,
    },
    /// A source was given and gave no value.
    NoValue {
        /// The flag, with the file or folder.
        origin: Origin,
        /// Why.
        why: NoValue,
    },
    /// A literal whose value is a `=` and nothing else.
    Padding {
        /// The flag.
        origin: Origin,
    },
    /// A password of which bcrypt does not see the end.
    PasswordCutOff {
        /// How many bytes it sees.
        max: usize,
    },
    /// What a shell's quoting left in a value.
    QuotingLeftover {
        /// What.
        leftover: QuotingLeftover,
        /// The flag, or the line of an env file.
        origin: Origin,
    },
    /// A passphrase that nothing was under.
    PassphraseUnused {
        /// The flag that gives it.
        flag: &'static str,
    },
    /// `--server`, which is the cluster's, where a registry seems meant.
    ServerOfCluster,
    /// `--server`, which is the cluster's, where the server of the login seems meant.
    ServerOfLogin,
    /// A type that is none of Kubernetes' and yet like one: `tls`.
    ShortType {
        /// The type that was given.
        given: String,
        /// The whole type.
        whole: &'static str,
    },
    /// A signature on the way to the CA that was not checked.
    SignatureUnchecked {
        /// The CA's file.
        ca: PathBuf,
        /// The certificate's file.
        path: PathBuf,
        /// Which signature.
        unchecked: Unchecked,
    },
    /// Entries of a folder that are no regular files.
    Skipped(Folder),
    /// A short value whose only newline is its last byte.
    StrayNewline {
        /// The key.
        key: DataKey,
        /// Where it was read.
        origin: Origin,
        /// Whether the type has the flag that drops it.
        has_flag: bool,
    },
    /// A token that never expires.
    TokenNeverExpires,
    /// `--user`, which is the kubeconfig's, where the user name of the login seems meant.
    UserOfKubeconfig,
    /// A bare name in an env file whose variable is not set.
    Unset {
        /// The key.
        key: DataKey,
        /// The file and the line.
        origin: Origin,
    },
}

impl Note {
    /// Whether it is about an image, which `--validate=ignore` does not look at.
    pub fn is_of_image(&self) -> bool {
        matches!(self, Self::LoginOrder { .. })
    }
}

impl Warning {
    /// Whether it is about a source that is missing or gave no value, which does no harm where the
    /// keys of the live Secret are kept.
    pub fn is_about_no_value(&self) -> bool {
        matches!(self, Self::NoSource { .. } | Self::NoValue { .. })
    }

    /// Whether it is about an image, which `--validate=ignore` does not look at.
    pub fn is_of_image(&self) -> bool {
        matches!(self, Self::EmptyLogin { .. } | Self::LoginOrder { .. })
    }

    /// The key that ends with a newline.
    pub fn stray_newline(&self) -> Option<&DataKey> {
        match self {
            Self::StrayNewline { key, .. } => Some(key),
            _ => None,
        }
    }
}

/// A key that stands twice, and where.
#[derive(Debug)]
pub struct Duplicate {
    /// The key.
    pub source: DuplicateKey,
    /// Where it was first.
    pub first: Option<Origin>,
    /// Where it was again.
    pub second: Origin,
}

/// Why a Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Of a Secret for basic authentication.
    #[error(transparent)]
    BasicAuth(#[from] BasicAuthError),
    /// Of a bootstrap token.
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    /// Of a password, passphrase or token.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// Of a Docker registry's Secret.
    #[error(transparent)]
    Docker(Box<DockerError>),
    /// A key stands twice.
    #[error("cannot add {}, another key by that name already exists", duplicate_words(.0))]
    Duplicate(Box<Duplicate>),
    /// An empty value of a source of mksecret's own.
    #[error("{origin}: the value is empty")]
    EmptyValue {
        /// The source.
        origin: Origin,
    },
    /// Of a generic Secret.
    #[error(transparent)]
    Generic(#[from] GenericError),
    /// A text is no key.
    #[error("{key}: {}", error.in_short())]
    Key {
        /// The text if it is a file's name, or its length, with the flag.
        key: String,
        /// The rule.
        error: KeyError,
        /// Where it came from.
        origin: Origin,
    },
    /// The system's random source failed.
    #[error("the system's random source failed: {0}")]
    Random(std::io::Error),
    /// A file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What a flag names could not be read.
    #[error("--{flag}: {error}")]
    ReadFor {
        /// The flag.
        flag: &'static str,
        /// What went wrong.
        error: ReadError,
    },
    /// Of a service account token's Secret.
    #[error(transparent)]
    ServiceAccount(#[from] ServiceAccountError),
    /// Of an SSH key's Secret.
    #[error(transparent)]
    SshAuth(#[from] SshAuthError),
    /// Of a TLS Secret.
    #[error(transparent)]
    Tls(Box<TlsError>),
    /// A file that a flag names could not be read, in the words of kubectl's tls command.
    #[error("{}", tls_read_words(flag, error))]
    TlsRead {
        /// The flag.
        flag: &'static str,
        /// What went wrong.
        error: ReadError,
    },
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
