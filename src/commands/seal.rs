//! `mksecret seal`: manifests of Secrets, sealed.

use std::ffi::OsString;
use std::path::Path;

use zeroize::Zeroizing;

use super::sealer::{Sealer, SopsSealer, Subject};
use crate::check::{self, FileReport, Keeps, Policy, ReadSecret};
use crate::cli::{self, Format, SealCommand, Validate};
use crate::error::{Error, RunFault};
use crate::hints::Fault;
use crate::manifest::{self, Document, Documents};
use crate::pipeline::Output;
use crate::seal::{self, Extras};
use crate::secret::{Namespace, Secret};
use crate::shown::{self, counted};
use crate::sources::{self, Inputs, Limit, shell_word, shown_path, system_words};
use crate::ui::Ui;
use crate::validate::{self, Severity};

/// Seals the Secrets of all files, or none.
pub(crate) fn run(command: &SealCommand, ui: &Ui) -> Result<(), Error> {
    let inputs = Inputs::system(Limit::LOOSE);
    let common = &command.common;
    let output = Output::new(common, &inputs)?;
    let files = files(command, &inputs)?;
    let sealer = Sealer::new(&command.sealing, &command.reach, &inputs, ui)?;
    let mut warnings = check_namespaces(command, ui)?;
    let mut subjects = Vec::new();
    for (name, bytes) in &files {
        let report = judged(bytes, name, command, &inputs, ui)?;
        warnings += report.count(Severity::Warning);
        for read in report.secrets {
            subjects.push(subject(read, command)?);
        }
    }
    for (secret, extras) in &subjects {
        let subject = Subject { secret, extras, namespaces: &command.namespaces };
        let findings = match &sealer {
            // What is encrypted of the manifest is checked as it is written.
            Sealer::Sops(_) => seal::sops::findings(secret, false),
            sealer => sealer.check(subject, common)?,
        };
        for finding in findings {
            if common.allowed.contains(&finding.rule.info()) {
                continue;
            }
            warnings += 1;
            let namespace = secret.namespace.as_ref().map(Namespace::as_str);
            Error::found(finding, secret.name.as_str(), namespace).show_as_warning(ui);
        }
    }
    if common.warnings_as_errors && warnings > 0 {
        return Err(RunFault::Warnings(warnings).into());
    }
    let mut sink = output.open(ui)?;
    let mut whole = Zeroizing::new(Vec::new());
    if let Sealer::Sops(sealer) = &sealer {
        let [(_, bytes)] = files.as_slice() else { return Err(SealFault::SeveralForSops.into()) };
        whole = encrypted(bytes, subjects.len(), sealer, command, &inputs)?;
    } else {
        for (secret, extras) in &subjects {
            let subject = Subject { secret, extras, namespaces: &command.namespaces };
            let printed = sealer.seal(subject, common, &inputs, ui)?;
            whole.extend_from_slice(&printed.unwrap_or_default());
        }
    }
    sink.put(whole)?;
    sink.finish()
}

/// Holds the namespaces of the command line to the rule of the API server; the number of warnings.
fn check_namespaces(command: &SealCommand, ui: &Ui) -> Result<usize, Error> {
    let common = &command.common;
    let given = common.namespace.iter().map(Namespace::as_str);
    let names = given.chain(command.namespaces.iter().map(String::as_str));
    let errors = names.flat_map(validate::namespace);
    let errors = errors.map(|finding| Error::found(finding, "", None));
    match common.validate {
        Validate::Ignore => Ok(0),
        Validate::Strict => Error::all(errors).map(|()| 0),
        Validate::Warn => Ok(errors.inspect(|error| error.show_as_warning(ui)).count()),
    }
}

/// The one manifest of a file, encrypted as it is written.
fn encrypted(
    bytes: &[u8],
    secrets: usize,
    sealer: &SopsSealer,
    command: &SealCommand,
    inputs: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let documents: Vec<_> = Documents::new(bytes).filter_map(Result::ok).collect();
    // Comments before a first `---` are a document of their own to kubectl, not to sops.
    let is_whole = |document: &&Document<'_>| comments_only(document).is_none();
    let mut whole = documents.iter().filter(is_whole);
    let (Some(document), None, 1) = (whole.next(), whole.next(), secrets) else {
        return Err(SealFault::SeveralForSops.into());
    };
    let before = documents.iter().take_while(|before| before.offset < document.offset);
    let comments: Vec<_> = before.filter_map(comments_only).flatten().collect();
    let is_json = if command.is_format_given {
        command.common.format == Format::Json
    } else {
        document.format == manifest::Format::Json
    };
    sealer.print_document(document, &comments, is_json, inputs)
}

/// The comments of a document without anything else; `None` if there is something else.
fn comments_only<'a>(document: &Document<'a>) -> Option<Vec<&'a str>> {
    let lines = str::from_utf8(document.bytes).ok()?.lines().map(str::trim_start);
    lines.filter(|line| !line.is_empty()).map(|line| line.strip_prefix('#')).collect()
}

/// A file's name, as messages show it, and its bytes.
type Named = (String, Zeroizing<Vec<u8>>);

/// The files with their names, standard input as in ripgrep.
fn files(command: &SealCommand, inputs: &Inputs) -> Result<Vec<Named>, Error> {
    let stdin = || {
        let bytes = sources::read_stdin().map_err(|error| RunFault::Stdin { error })?;
        Ok::<_, Error>(("<stdin>".to_owned(), bytes))
    };
    if command.paths.is_empty() {
        if !inputs.has_piped_stdin() {
            return Err(SealFault::NoInput.into());
        }
        return Ok(vec![stdin()?]);
    }
    let read = |path: &OsString| {
        if path == "-" {
            return stdin();
        }
        let path = Path::new(path);
        let name = shown_path(path);
        match sources::read_whole(path) {
            Ok(bytes) if is_certificate(&bytes) => {
                let flag = format!("--seal={}", shell_word(path));
                Err(SealFault::Certificate { name, flag }.into())
            }
            Ok(bytes) => Ok((name, bytes)),
            Err(error) => Err(SealFault::Unreadable { name, why: system_words(&error) }.into()),
        }
    };
    command.paths.iter().map(read).collect()
}

/// Whether a file is the certificate that was meant for `--seal`.
fn is_certificate(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"-----BEGIN CERTIFICATE-----")
}

/// Holds a file to the rules of `check`, and says what it finds.
fn judged(
    bytes: &[u8],
    name: &str,
    command: &SealCommand,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<FileReport, Error> {
    let common = &command.common;
    let policy = Policy {
        now: inputs.now(),
        allowed: &common.allowed,
        rule: |id| cli::rule(id).ok().filter(|rule| rule.severity == Severity::Warning),
        consumers: &common.consumers,
        require_sealed: false,
        is_live: false,
        keeps: Keeps::Complete,
        is_patch: &|| false,
    };
    let mut report = check::check(bytes, &policy);
    let is_ignored = common.validate == Validate::Ignore;
    let errors = report.count(Severity::Error);
    let is_read = report.reported.iter().all(|reported| reported.rule.id != "manifest/syntax");
    let is_whole = is_read && report.counts.secrets == report.secrets.len();
    if !is_ignored || !is_whole {
        let files = vec![(name.to_owned(), std::mem::take(&mut report.reported))];
        ui.help(&check::text(&files));
        report.reported = files.into_iter().flat_map(|(_, reported)| reported).collect();
    }
    let name = name.to_owned();
    if !is_whole || (common.validate == Validate::Strict && errors > 0) {
        return Err(SealFault::Rejected { name, errors, is_whole }.into());
    }
    if let Some(skipped) = check::skipped_words(&report.counts) {
        return Err(SealFault::OtherDocuments { name, skipped }.into());
    }
    if report.secrets.is_empty() {
        return Err(SealFault::NoSecret { name }.into());
    }
    if is_ignored {
        report.reported.clear();
    }
    Ok(report)
}

/// The Secret with the namespace of the command line, if it has none.
fn subject(read: ReadSecret, command: &SealCommand) -> Result<(Secret, Extras), Error> {
    let ReadSecret { mut secret, finalizers, generate_name } = read;
    let own = secret.namespace.as_ref().filter(|own| !own.as_str().is_empty());
    let given = command.common.namespace.as_ref();
    match (own, given) {
        (Some(own), Some(given)) if own != given => {
            let (own, given) = (own.as_str().to_owned(), given.as_str().to_owned());
            return Err(
                SealFault::Namespace { name: secret.name.as_str().to_owned(), own, given }.into()
            );
        }
        (Some(own), _) if !command.namespaces.is_empty() => {
            let own = own.as_str().to_owned();
            return Err(SealFault::Namespaces { name: secret.name.as_str().to_owned(), own }.into());
        }
        (None, Some(given)) => secret.namespace = Some(given.clone()),
        _ => {}
    }
    Ok((secret, Extras { finalizers, generate_name }))
}

/// Why manifests are not sealed.
#[derive(Debug, thiserror::Error)]
enum SealFault {
    #[error("{name} is a certificate, not a manifest")]
    Certificate { name: String, flag: String },
    #[error(
        "Secret {} is for namespace {}, not for {} (-n)",
        shown::Quoted(name),
        shown::Quoted(own),
        shown::Quoted(given)
    )]
    Namespace { name: String, own: String, given: String },
    #[error(
        "Secret {} is for namespace {}, and cannot be sealed for others (--namespaces)",
        shown::Quoted(name),
        shown::Quoted(own)
    )]
    Namespaces { name: String, own: String },
    #[error("no manifest: pass a file, or pipe one in")]
    NoInput,
    #[error("no Secret found ({name})")]
    NoSecret { name: String },
    #[error("only Secrets can be sealed, and the input has other documents: {skipped} ({name})")]
    OtherDocuments { name: String, skipped: String },
    #[error("{}: nothing was sealed ({name})", counted(*errors, "error"))]
    Rejected {
        name: String,
        errors: usize,
        /// Whether all Secrets could be decoded.
        is_whole: bool,
    },
    #[error("a file of SOPS contains one Secret, and the input has more documents")]
    SeveralForSops,
    #[error("cannot read {name}: {why}")]
    Unreadable { name: String, why: String },
}

impl Fault for SealFault {
    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Certificate { flag, .. } => format!("use '=': {flag}"),
            Self::Namespace { .. } => "leave out -n, or change the manifest".to_owned(),
            Self::Namespaces { .. } => "remove metadata.namespace from the manifest".to_owned(),
            Self::NoInput => "mksecret seal FILE".to_owned(),
            Self::NoSecret { .. }
            | Self::Rejected { is_whole: false, .. }
            | Self::Unreadable { .. } => return Vec::new(),
            Self::OtherDocuments { .. } => "put the Secrets into a file of their own".to_owned(),
            Self::SeveralForSops => {
                "put each into a file of its own: sops cannot decrypt files that are split or joined"
                    .to_owned()
            }
            Self::Rejected { is_whole: true, .. } => {
                "--validate=ignore seals what can be decoded, without a check".to_owned()
            }
        }]
    }
}
