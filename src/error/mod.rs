//! What is wrong, and what to do about it: every message of the layers below becomes an [`Error`]
//! here, with its hints. No message and no hint holds a value.

mod build;
mod cli;
mod docker;
mod findings;
mod kuberc;
mod output_file;
mod run_flags;
mod tls;
mod typed;

pub use run_flags::RunFlags;

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use crate::cli::CliError;
use crate::hints::{Fault, shell_name, shell_text};
use crate::material::docker_config::OtherName;
use crate::output_file::OutputFileError;
use crate::print::template::TemplateError;
use crate::secret::DataKey;
use crate::shown::counted;

use crate::sources::{
    Origin, PromptError, ReadError, certificates_of, shell_word, shown_path, system_words,
};
use crate::types::SecretType;
use crate::types::{BuildError, Refusal, TlsError, Warning};
use crate::ui::Ui;
use crate::validate::{self, DockerFinding, Place, Rule};

/// Something wrong, with hints.
#[derive(Debug)]
pub struct Error {
    /// Boxed, so that a result with it stays small.
    kind: Box<Kind>,
    hints: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error(transparent)]
    Build(BuildError),
    #[error(transparent)]
    Cli(CliError),
    #[error("yaml: control characters are not allowed")]
    ControlCharacters,
    #[error("{0}")]
    Fault(Box<dyn Fault>),
    #[error("{finding}{}", origin.as_ref().map_or(String::new(), |o| format!(" ({o})")))]
    Finding { finding: validate::Finding, origin: Option<Origin> },
    #[error("several refusals")]
    Many(Vec<Error>),
    #[error(
        "this mksecret was built without the feature cluster: it prints and cannot reach a cluster"
    )]
    NoCluster,
    #[error("--help and --version cannot be used in mksecret new")]
    NoGuide,
    #[error("cannot write to standard output: {}", system_words(.0))]
    Output(io::Error),
    #[error(transparent)]
    OutputFile(OutputFileError),
    #[error("{0}")]
    Prompt(PromptError),
    #[error(transparent)]
    Refusal(Refusal),
    #[error("the failures have been shown")]
    Shown,
    #[error(transparent)]
    Template(TemplateError),
    #[error("cannot read the template {}: {}", shown_path(&.0.path), .0.kind)]
    TemplateFile(ReadError),
    #[error("the template is not UTF-8 text: byte {0} is wrong")]
    TemplateNotText(usize),
    #[error("the value of --{0} is visible in the process list and saved in shell history")]
    ValueInArgv(&'static str),
    #[error("{}", findings::warning_words(.0))]
    Warning(Warning),
    #[error("{} with --warnings-as-errors: nothing was done", counted(*.0, "warning"))]
    Warnings(usize),
    #[error("--{0} has no effect in mksecret")]
    WithoutEffect(&'static str),
}

impl Error {
    /// An error with its own hints.
    pub fn fault(fault: impl Fault + 'static) -> Self {
        Self { hints: fault.hints(), kind: Box::new(Kind::Fault(Box::new(fault))) }
    }

    /// A failure whose message has been shown.
    pub fn shown() -> Self {
        Self { kind: Box::new(Kind::Shown), hints: Vec::new() }
    }

    /// A run that needs a cluster.
    pub fn no_cluster(secret_type: &SecretType) -> Self {
        let hint = format!(
            "add --dry-run=client to print it: mksecret {} {} --dry-run=client -o yaml",
            secret_type.name,
            secret_type.name_word()
        );
        Self { kind: Box::new(Kind::NoCluster), hints: vec![hint] }
    }

    /// Nobody could be asked, or nobody answered.
    pub fn prompt(error: PromptError) -> Self {
        let hints = match error {
            PromptError::NoTerminal => vec![cli::without_questions()],
            _ => Vec::new(),
        };
        Self { kind: Box::new(Kind::Prompt(error)), hints }
    }

    /// `mksecret new` with flags that ask for something else.
    pub fn no_guide() -> Self {
        Self { kind: Box::new(Kind::NoGuide), hints: Vec::new() }
    }

    /// Characters that YAML has no place for, and kubectl fails on.
    pub fn control_characters() -> Self {
        let hint = "the type, a label or an annotation has one; -o json can print it".to_owned();
        Self { kind: Box::new(Kind::ControlCharacters), hints: vec![hint] }
    }

    /// A template's file that could not be read.
    pub fn template_file(error: ReadError) -> Self {
        Self { hints: error.hints(), kind: Box::new(Kind::TemplateFile(error)) }
    }

    /// A template that is not UTF-8 from that byte on, counted from 1.
    pub fn template_not_text(byte: usize) -> Self {
        Self { kind: Box::new(Kind::TemplateNotText(byte)), hints: Vec::new() }
    }

    /// A flag that is accepted and does nothing.
    pub fn without_effect(flag: &'static str) -> Self {
        Self { kind: Box::new(Kind::WithoutEffect(flag)), hints: Vec::new() }
    }

    /// A flag with a value on the command line.
    pub fn value_in_argv(flag: &'static str) -> Self {
        let hint = match flag {
            "from-base64" | "from-literal" => {
                "use --from-prompt=KEY, --from-stdin=KEY or --from-env=KEY=VARIABLE instead"
                    .to_owned()
            }
            "certificate-key" => "MKSECRET_QUIET=1 silences this warning".to_owned(),
            flag => {
                format!("use --{flag}-prompt, --{flag}-stdin or --{flag}-env=VARIABLE instead")
            }
        };
        Self { kind: Box::new(Kind::ValueInArgv(flag)), hints: vec![hint] }
    }

    /// What an API server would refuse or people regret, and where it came from.
    pub fn found(
        finding: validate::Finding,
        name: &str,
        namespace: Option<&str>,
        origins: &BTreeMap<DataKey, Origin>,
    ) -> Self {
        let key = match &finding.place {
            Place::Key(key) => DataKey::parse(key).ok(),
            _ => None,
        };
        let origin = key.and_then(|k| origins.get(&k).cloned());
        // The name of a registry has a flag of its own.
        let origin = match (&finding.rule, origin) {
            (Rule::Docker(DockerFinding::Odd { .. }), Some(origin))
                if origin.flag.starts_with("docker-password") =>
            {
                Some(Origin::flag("docker-server", 1))
            }
            (
                Rule::Docker(DockerFinding::OtherName { why: OtherName::Colon, .. }),
                Some(origin),
            ) if origin.flag.starts_with("docker-password") => {
                Some(Origin::flag("docker-username", 1))
            }
            (_, origin) => origin,
        };
        let hints = match (&finding.rule, &finding.place) {
            (Rule::Namespace(fault), Place::NamespaceOf(name)) => {
                findings::namespace_hints(fault, Some(name))
            }
            (Rule::Namespace(fault), _) => findings::namespace_hints(fault, namespace),
            _ => findings::finding_hints(&finding, name, origin.as_ref()),
        };
        Self { kind: Box::new(Kind::Finding { finding, origin }), hints }
    }

    /// All refusals as one error; none is none.
    pub fn all(refusals: impl Iterator<Item = Self>) -> Result<(), Self> {
        let refusals: Vec<_> = refusals.collect();
        if refusals.is_empty() {
            return Ok(());
        }
        let hints = vec!["--validate=ignore prints it anyway".to_owned()];
        Err(Self { kind: Box::new(Kind::Many(refusals)), hints })
    }

    /// Warnings where `--warnings-as-errors` was given.
    pub fn warnings(count: usize) -> Self {
        let hints = vec!["leave out --warnings-as-errors to print it anyway".to_owned()];
        Self { kind: Box::new(Kind::Warnings(count)), hints }
    }

    /// The same, with hints whose commands repeat flags of this run.
    #[must_use]
    pub fn with_flags(mut self, flags: &RunFlags) -> Self {
        for hint in &mut self.hints {
            *hint = flags.fill(hint);
        }
        if let Kind::Many(errors) = &mut *self.kind {
            *errors = std::mem::take(errors).into_iter().map(|e| e.with_flags(flags)).collect();
        }
        self
    }

    /// Says it as an error, then what to do.
    pub fn show(&self, ui: &Ui) {
        match &*self.kind {
            Kind::Shown => {}
            Kind::Many(errors) => errors.iter().for_each(|error| error.show(ui)),
            kind => ui.error(kind),
        }
        self.say_hints(ui);
    }

    /// Says it as a warning, then what to do.
    pub fn show_as_warning(&self, ui: &Ui) {
        ui.warning(&*self.kind);
        self.say_hints(ui);
    }

    fn say_hints(&self, ui: &Ui) {
        // What marks are left belong to a run whose flags are not known.
        let flags = RunFlags::default();
        self.hints.iter().for_each(|hint| ui.hint(&flags.fill(hint)));
    }

    /// Whether nobody reads the output any more, which is no mistake to talk about.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(&*self.kind, Kind::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Whether output was to be written: a part of it may be.
    pub fn is_of_output(&self) -> bool {
        matches!(&*self.kind, Kind::Output(_))
    }

    /// Whether a passphrase is missing.
    pub fn lacks_passphrase(&self) -> bool {
        match &*self.kind {
            Kind::Build(BuildError::Tls(error)) => {
                matches!(&**error, TlsError::Input { error, .. } if error.kind.wants_passphrase())
            }
            _ => false,
        }
    }

    /// The exit status, which for every failure is kubectl's.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::FAILURE
    }
}

impl std::fmt::Display for Error {
    /// What is wrong, without what to do.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(f)
    }
}

/// The flags that give a credential, none of which was given.
fn use_one_way(credential: &str) -> String {
    format!("use --{credential}-prompt, or --{credential}-file=FILE")
}

impl From<io::Error> for Error {
    /// Standard output is all that is written without an error of its own.
    fn from(error: io::Error) -> Self {
        Self { kind: Box::new(Kind::Output(error)), hints: Vec::new() }
    }
}

impl From<CliError> for Error {
    fn from(error: CliError) -> Self {
        Self { hints: cli::hints(&error), kind: Box::new(Kind::Cli(error)) }
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self { hints: build::hints(&error), kind: Box::new(Kind::Build(error)) }
    }
}

impl From<OutputFileError> for Error {
    fn from(error: OutputFileError) -> Self {
        Self { hints: output_file::hints(&error), kind: Box::new(Kind::OutputFile(error)) }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self { hints: findings::refusal_hints(&refusal), kind: Box::new(Kind::Refusal(refusal)) }
    }
}

impl From<TemplateError> for Error {
    fn from(error: TemplateError) -> Self {
        Self { kind: Box::new(Kind::Template(error)), hints: Vec::new() }
    }
}

impl From<Warning> for Error {
    fn from(warning: Warning) -> Self {
        Self { hints: findings::warning_hints(&warning), kind: Box::new(Kind::Warning(warning)) }
    }
}
