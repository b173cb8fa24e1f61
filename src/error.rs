//! What is wrong, and what to do about it: every message of the layers below becomes an [`Error`]
//! here, with its hints. No message and no hint holds a value.

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use crate::cli::{ArgvError, CliError, ClusterFlagError, CommonError};
use crate::material::key_pair::Finding;
use crate::secret::DataKey;
use crate::sources::{
    EnvFileError, EnvLineError, FileSourceError, Origin, ReadError, ReadErrorKind,
    ReadFileSourceError,
};
use crate::types::{
    BootstrapError, BuildError, DockerError, GenericError, JoinError, Refusal,
    SecretType, TlsError, Warning,
};
use crate::ui::Ui;
use crate::validate::{self, Place, Rule, suggest_name};

/// Something wrong, with hints.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    hints: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error(transparent)]
    Build(BuildError),
    #[error(transparent)]
    Cli(CliError),
    #[error("{finding}{}", origin.as_ref().map_or(String::new(), |o| format!(" ({o})")))]
    Finding { finding: validate::Finding, origin: Option<Origin> },
    #[error("several refusals")]
    Many(Vec<Error>),
    #[error("this version cannot reach a cluster yet")]
    NoCluster,
    #[error("writing the output failed: {0}")]
    Output(io::Error),
    #[error(transparent)]
    Refusal(Refusal),
    #[error("{}", warning_words(.0))]
    Warning(Warning),
    #[error("{count} with --warnings-as-errors: nothing was printed", count = if *.0 == 1 { "1 warning".to_owned() } else { format!("{} warnings", .0) })]
    Warnings(usize),
    #[error("--{0} has no effect in mksecret")]
    WithoutEffect(&'static str),
}

impl Error {
    /// A run that needs a cluster.
    pub fn no_cluster(secret_type: &SecretType) -> Self {
        let hint = format!(
            "add --dry-run=client to print it: mksecret {} {} --dry-run=client -o yaml",
            secret_type.name, secret_type.name_word
        );
        Self { kind: Kind::NoCluster, hints: vec![hint] }
    }

    /// A flag that is accepted and does nothing.
    pub fn without_effect(flag: &'static str) -> Self {
        let hints = match flag {
            "kuberc" => vec!["kuberc files are not read: give their flags on the command line".into()],
            _ => Vec::new(),
        };
        Self { kind: Kind::WithoutEffect(flag), hints }
    }

    /// What an API server would refuse, and where it came from.
    pub fn refused(finding: validate::Finding, name: &str, origins: &BTreeMap<DataKey, Origin>) -> Self {
        let key = match &finding.place {
            Place::Key(key) => DataKey::parse(key).ok(),
            _ => None,
        };
        let hints = finding_hints(&finding, name);
        Self { kind: Kind::Finding { finding, origin: key.and_then(|k| origins.get(&k).cloned()) }, hints }
    }

    /// All refusals as one error; none is none.
    pub fn all(refusals: impl Iterator<Item = Self>) -> Result<(), Self> {
        let refusals: Vec<_> = refusals.collect();
        if refusals.is_empty() {
            return Ok(());
        }
        let hints = vec!["--validate=ignore prints it all the same".to_owned()];
        Err(Self { kind: Kind::Many(refusals), hints })
    }

    /// Warnings where `--warnings-as-errors` was given.
    pub fn warnings(count: usize) -> Self {
        Self { kind: Kind::Warnings(count), hints: Vec::new() }
    }

    /// Says it as an error, then what to do.
    pub fn show(&self, ui: &Ui) {
        match &self.kind {
            Kind::Many(errors) => errors.iter().for_each(|error| error.show(ui)),
            kind => ui.error(kind),
        }
        self.hints.iter().for_each(|hint| ui.hint(hint));
    }

    /// Says it as a warning, then what to do.
    pub fn show_as_warning(&self, ui: &Ui) {
        ui.warning(&self.kind);
        self.hints.iter().for_each(|hint| ui.hint(hint));
    }

    /// Whether nobody reads the output any more, which is no mistake to talk about.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(&self.kind, Kind::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit status, which for every failure is kubectl's.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::FAILURE
    }
}

impl From<io::Error> for Error {
    /// Only the output is written, so only that can fail.
    fn from(error: io::Error) -> Self {
        Self { kind: Kind::Output(error), hints: Vec::new() }
    }
}

impl From<CliError> for Error {
    fn from(error: CliError) -> Self {
        Self { hints: cli_hints(&error), kind: Kind::Cli(error) }
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self { hints: build_hints(&error), kind: Kind::Build(error) }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let hints = match &refusal {
            Refusal::BootstrapNamespace => vec!["leave out -n".to_owned()],
            Refusal::Certificate { finding: Finding::PrivateKeyInCertificate { .. }, .. } => vec![
                "whoever connects would be shown the key: keep only certificates in the file of --cert"
                    .to_owned(),
            ],
            Refusal::Certificate { path, .. } => {
                vec![format!("take a look: openssl crl2pkcs7 -nocrl -certfile {}", path.display())]
            }
        };
        Self { kind: Kind::Refusal(refusal), hints }
    }
}

impl From<Warning> for Error {
    fn from(warning: Warning) -> Self {
        let hints = match &warning {
            Warning::Certificate { path, .. } => {
                vec![format!("it counts for nothing: replace it in {}", path.display())]
            }
            Warning::DockerFlagsIgnored { .. } => vec!["leave out either those or --from-file".into()],
            Warning::LinesIgnored { .. } => vec!["give each path its own flag".into()],
            Warning::NoSource => vec!["add --from-literal, --from-file or --from-env-file".into()],
            Warning::Skipped(folder) => match folder.skipped.first() {
                Some(name) => {
                    let path = folder.path.join(name);
                    vec![format!("name what is wanted: --from-file={}", path.display())]
                }
                None => Vec::new(),
            },
            Warning::TokenNeverExpires => vec!["set an end: --ttl=24h".into()],
            Warning::Unset { key, .. } => vec![format!("write {key}= for an empty value")],
        };
        Self { kind: Kind::Warning(warning), hints }
    }
}

fn warning_words(warning: &Warning) -> String {
    match warning {
        Warning::Certificate { path, finding } => format!("{}: {finding}", path.display()),
        Warning::DockerFlagsIgnored { flags } => {
            format!("--from-file is used, so --{} has no effect", flags.join(", --"))
        }
        Warning::LinesIgnored { origin } => {
            format!("{origin} has several lines, and kubectl reads only the first")
        }
        Warning::NoSource => "no source is given: the Secret has no data".to_owned(),
        Warning::Skipped(folder) => {
            let names: Vec<_> = folder.skipped.iter().take(5).map(|n| n.to_string_lossy()).collect();
            let more = match folder.skipped.len().saturating_sub(names.len()) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let count = folder.skipped.len();
            let (entries, are) = if count == 1 { ("entry", "is") } else { ("entries", "are") };
            let path = folder.path.display();
            let names = names.join(", ");
            format!("{count} {entries} of {path} {are} no regular file and left out: {names}{more}")
        }
        Warning::TokenNeverExpires => "the token never expires".to_owned(),
        Warning::Unset { key, origin } => {
            format!("{key} has no value and there is no variable {key}: its value is empty ({origin})")
        }
    }
}

fn finding_hints(finding: &validate::Finding, name: &str) -> Vec<String> {
    match &finding.rule {
        Rule::Name(_) => suggest_name(name).map(|name| format!("{name} would do")).into_iter().collect(),
        Rule::Namespace(_) => vec!["kubectl get namespaces shows what there is".to_owned()],
        Rule::Empty | Rule::Missing | Rule::MissingEither { .. } => match &finding.place {
            Place::Key(key) => vec![format!("add the key: --from-file={key}=PATH")],
            Place::Annotation(key) => vec![format!("add it: --annotations {key}=NAME")],
            _ => Vec::new(),
        },
        Rule::TooLarge(_) => vec!["split it into several Secrets".to_owned()],
        Rule::AnnotationKey(_) | Rule::Json(_) | Rule::LabelKey(_) | Rule::LabelValue(_) => Vec::new(),
    }
}

fn cli_hints(error: &CliError) -> Vec<String> {
    let help = |subcommand: &str| match subcommand {
        "" => "mksecret --help shows what there is".to_owned(),
        _ => format!("mksecret {subcommand} --help shows its flags"),
    };
    match error {
        CliError::Argv { error, subcommand } => match error {
            ArgvError::UnknownFlag { similar: Some(similar), .. } => {
                vec![format!("there is --{similar}"), help(subcommand)]
            }
            ArgvError::UnknownFlag { name, .. } if subcommand.is_empty() => {
                vec![format!("write --{name} behind the type: mksecret TYPE NAME --{name}")]
            }
            ArgvError::UnknownLetter { letter: 'p', .. } => {
                vec!["no flag takes a password that way".to_owned(), help(subcommand)]
            }
            _ => vec![help(subcommand)],
        },
        CliError::Cluster(error) => match error {
            ClusterFlagError::NobodyToActAs => vec!["add --as=USER".to_owned()],
            ClusterFlagError::TwoLogins => {
                vec!["leave out either --token or --username and --password".to_owned()]
            }
            _ => Vec::new(),
        },
        CliError::Common(error) => match error {
            CommonError::Format { .. } => vec!["-o yaml prints the manifest".to_owned()],
            CommonError::DryRun { .. } => vec!["--dry-run=client prints and stores nothing".to_owned()],
            CommonError::Pair { flag, .. } | CommonError::PairTwice { flag, .. } => {
                vec![format!("write each as --{flag} KEY=VALUE")]
            }
            CommonError::TemplateNotYet => vec!["-o json goes through jq just as well".to_owned()],
            CommonError::NotText { .. } | CommonError::Validate { .. } => Vec::new(),
        },
        CliError::NameCount { split_dry_run: true, .. } => {
            vec!["--dry-run takes its value behind a =: --dry-run=client".to_owned()]
        }
        CliError::NameCount { subcommand, .. } => {
            vec![format!("mksecret {subcommand} NAME: one name, then flags")]
        }
        CliError::NameEmpty => vec!["give the Secret a name".to_owned()],
        CliError::UnknownCommand { similar: Some(similar), .. } => {
            vec![format!("there is mksecret {similar}")]
        }
        CliError::UnknownCommand { .. } => vec![help("")],
        CliError::Value { subcommand, .. } => vec![help(subcommand)],
    }
}

fn build_hints(error: &BuildError) -> Vec<String> {
    match error {
        BuildError::Bootstrap(error) => bootstrap_hints(error),
        BuildError::Docker(DockerError::Incomplete { missing }) => {
            vec![format!("missing: --{}", missing.join(", --"))]
        }
        BuildError::Duplicate { first, second, .. } => match first {
            Some(first) => vec![format!("it comes from {first} and from {second}")],
            None => Vec::new(),
        },
        BuildError::Generic(error) => generic_hints(error),
        BuildError::Key { origin, .. } if origin.path.is_some() => {
            let path = origin.path.as_deref().unwrap_or_else(|| "PATH".as_ref());
            vec![format!("give it another key: --from-file=KEY={}", path.display())]
        }
        BuildError::Key { origin, .. } => vec![format!("it comes from {origin}")],
        BuildError::Random(_) => Vec::new(),
        BuildError::Read(error) | BuildError::TlsRead { error, .. } => read_hints(error),
        BuildError::Tls(error) => tls_hints(error),
    }
}

fn generic_hints(error: &GenericError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        GenericError::EnvFileCombined => one("make two Secrets, or write the literals into the env file"),
        GenericError::EnvFile(EnvFileError::Folder { path }) => {
            vec![format!("name a file in it, or take the folder: --from-file={}", path.display())]
        }
        GenericError::EnvFile(EnvFileError::Line { error, .. }) => match error {
            EnvLineError::Name { bom: true, .. } => {
                one("a byte order mark stands inside the file: join files without it")
            }
            EnvLineError::Dots { .. } | EnvLineError::Name { .. } => {
                one("write NAME=value in each line, without export and without blanks in the name")
            }
            EnvLineError::NotUtf8 { .. } => {
                one("convert the file: iconv -f LATIN1 -t UTF-8, or take the bytes with --from-file")
            }
        },
        GenericError::EnvFile(EnvFileError::Read(error)) => read_hints(error),
        GenericError::EnvKey { .. } => one("shorten the name"),
        GenericError::FileSource { error, origin } => match error {
            FileSourceError::TwoEquals => one("a path with = in it can be given as /dev/stdin < PATH"),
            FileSourceError::NoKey { .. } | FileSourceError::NoPath { .. } => {
                vec![format!("write --{} KEY=PATH or --{} PATH", origin.flag, origin.flag)]
            }
        },
        GenericError::List { origin, .. } => {
            vec![format!("a path with a comma or a quote in it: --{} '\"a,b\"'", origin.flag)]
        }
        GenericError::Literal { .. } => one("write --from-literal KEY=VALUE"),
        GenericError::ReadFileSource(ReadFileSourceError::KeyForFolder { path }) => {
            vec![format!("each file's name is its key: --from-file={}", path.display())]
        }
        GenericError::ReadFileSource(ReadFileSourceError::List(error) | ReadFileSourceError::Read(error)) => {
            read_hints(error)
        }
    }
}

fn bootstrap_hints(error: &BootstrapError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        BootstrapError::AppendHash => one("leave out --append-hash"),
        BootstrapError::Expires => one("for example --expires=2030-01-31T12:00:00Z"),
        BootstrapError::Group { .. } => one("for example --groups=system:bootstrappers:my-nodes"),
        BootstrapError::GroupsWithoutAuthentication => one("add it: --usages=signing,authentication"),
        BootstrapError::Join(error) => join_hints(error),
        BootstrapError::List { .. } => one("part them with commas"),
        BootstrapError::Past | BootstrapError::TtlNegative => one("for example --ttl=24h"),
        BootstrapError::Read { error, .. } => read_hints(error),
        BootstrapError::Token(_) => one("leave it out, and a good one is made"),
        BootstrapError::TokenAsFlag => one("give it as NAME: mksecret bootstrap-token TOKEN"),
        BootstrapError::Ttl(_) => one("hours, minutes, seconds: --ttl=1h30m"),
        BootstrapError::TtlAndExpires => one("leave out one of them"),
        BootstrapError::TtlTooLong => one("--ttl=0 is for ever"),
        BootstrapError::Usage { .. } => one("--usages=signing,authentication"),
    }
}

fn join_hints(error: &JoinError) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match error {
        JoinError::Ca { .. } => one("the CA is in /etc/kubernetes/pki/ca.crt of a control plane"),
        JoinError::CaAndHash => one("leave out one of them"),
        JoinError::CertificateKey => one("kubeadm certs certificate-key makes one"),
        JoinError::Endpoint { .. } | JoinError::NoEndpoint => {
            one("for example --api-server-endpoint=10.0.0.1:6443")
        }
        JoinError::Hash => one("or name the CA: --ca-cert=/etc/kubernetes/pki/ca.crt"),
        JoinError::NeedsPrint { .. } => one("add --print-join-command"),
        JoinError::NoCa => one("add --ca-cert=/etc/kubernetes/pki/ca.crt"),
    }
}

fn tls_hints(error: &TlsError) -> Vec<String> {
    match error {
        TlsError::Incomplete => vec!["mksecret tls NAME --cert=tls.crt --key=tls.key".to_owned()],
        TlsError::Pair { .. } => Vec::new(),
    }
}

fn read_hints(error: &ReadError) -> Vec<String> {
    let path = error.path.display();
    match &error.kind {
        ReadErrorKind::Io(e) => match e.kind() {
            io::ErrorKind::NotFound => vec![format!("see what is there: ls -l {}", parent(error))],
            io::ErrorKind::PermissionDenied => vec![format!("see who may read it: ls -l {path}")],
            io::ErrorKind::NotADirectory => vec!["a part of the path is a file, not a folder".to_owned()],
            _ => Vec::new(),
        },
        ReadErrorKind::IsFolder => vec![format!("name a file in it: ls {path}")],
        ReadErrorKind::TakenTwice => vec!["write it to a file first, or name it once".to_owned()],
        ReadErrorKind::TooLarge { limit } if *limit <= 1 << 20 => vec![
            "an API server takes 1048576 bytes in a Secret; --validate=ignore reads more".to_owned(),
        ],
        ReadErrorKind::TooLarge { .. } => vec!["no Secret can be that large".to_owned()],
    }
}

/// The folder of a path that was not found.
fn parent(error: &ReadError) -> String {
    let parent = error.path.parent().filter(|path| !path.as_os_str().is_empty());
    parent.map_or_else(|| ".".to_owned(), |path| path.display().to_string())
}
