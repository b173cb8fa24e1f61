//! `mksecret kustomize`: builds the Secrets of a kustomization, judges them, and prints or sends them.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use zeroize::Zeroizing;

use super::remote;
use super::send_request::SendRequest;
use crate::cli::{Format, Kustomize, Validate};
use crate::consumers;
use crate::error::{Error, RunFault};
use crate::hints::Fault;
use crate::kinds::{self, Context};
use crate::kustomize::{self, Build, Built, Place, Unsendable};
use crate::output_file::OutputFile;
use crate::pipeline::{Judged, Output};
use crate::print;
use crate::secret::Secret;
use crate::shown::{self, counted};
use crate::sources::{Inputs, Limit};
use crate::ui::Ui;
use crate::validate::{At, Finding, Rule as _, Severity};

/// Builds the Secrets, and prints or sends them.
pub(crate) fn run(asked: &Kustomize, ui: &Ui) -> Result<ExitCode, Error> {
    let inputs = Inputs::system(Limit::LOOSE);
    let request = kustomize::Request {
        directory: &asked.directory,
        restrictor: &asked.restrictor,
        secrets_only: asked.secrets_only,
    };
    let mut build = kustomize::build(&request, &inputs)?;
    let is_sent = asked.is_sent();
    let mut judged = Vec::new();
    if is_sent || asked.common.validate != Validate::Ignore {
        judged = judge(&mut build, asked, is_sent, &inputs, ui)?;
    }
    if build.others > 0 {
        let objects = counted(build.others, "object");
        ui.status(&format!("{objects} of other kinds left out"));
    }
    if is_sent {
        drop(build);
        let output = Output::new(&asked.common, &inputs)?;
        let request = SendRequest { common: &asked.common, cluster: &asked.cluster };
        remote::send(judged, request, &output, &inputs, ui)?;
    } else if asked.names {
        ui.result(names(&build).as_bytes())?;
    } else {
        deliver(&build, asked, ui)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds the Secrets to the rules, and returns those that are to be sent.
fn judge(
    build: &mut Build,
    asked: &Kustomize,
    is_sent: bool,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<Vec<Judged>, Error> {
    let common = &asked.common;
    let (mut rejected, mut warnings, mut judged) = (Vec::new(), Vec::new(), Vec::new());
    let now = || inputs.now();
    let context = Context { now: &now, allow_empty: common.allow_empty, is_built: false };
    for (place, name, loss) in build.take_losses() {
        if !common.allowed.contains(&loss.info()) {
            let (name, finding) = (name.into(), Finding::new(loss));
            warnings.push(Error::from(Found { place, name, namespace: None, finding }));
        }
    }
    for built in &build.secrets {
        let place = || build.place(built);
        let (secret, faults) = built.secret();
        rejected.extend(
            faults.into_iter().map(|fault| Error::from(Rejected::new(place(), built, fault))),
        );
        let by_readers = consumers::content(&secret, &common.consumers);
        let regretted =
            consumers::without_explained(kinds::content(&secret, &context), &by_readers);
        for finding in kinds::api_server(&secret).into_iter().chain(regretted).chain(by_readers) {
            if finding.severity == Severity::Error {
                rejected.push(Error::from(Found::new(place(), built, finding)));
            } else if !common.allowed.contains(&finding.rule.info()) {
                warnings.push(Error::from(Found::new(place(), built, finding)));
            }
        }
        if is_sent {
            judged.push(target(secret, built, asked).map_err(|fault| Error::from(fault(place())))?);
        }
    }
    match common.validate {
        Validate::Strict => Error::all(rejected.into_iter())?,
        Validate::Warn => warnings.append(&mut rejected),
        Validate::Ignore => warnings.clear(),
    }
    for warning in &warnings {
        warning.show_as_warning(ui);
    }
    if common.warnings_as_errors && !warnings.is_empty() {
        return Err(RunFault::Warnings(warnings.len()).into());
    }
    Ok(judged)
}

/// A Secret for clusters. `-n` and `--namespaces` are for those without a namespace.
fn target(
    secret: Secret,
    built: &Built,
    asked: &Kustomize,
) -> Result<Judged, impl FnOnce(Place) -> OtherNamespace> {
    let given = asked.common.namespace.as_ref();
    let is_own = match &secret.namespace {
        None => true,
        Some(own) => {
            given.is_none_or(|given| given == own)
                && asked.cluster.targets.namespaces.iter().all(|name| *name == own.as_str())
                && asked.cluster.targets.selector.is_none()
        }
    };
    if !is_own {
        let name = shown_name(built);
        let own = built.namespace().to_owned();
        return Err(move |place| OtherNamespace { place, name, own });
    }
    let namespace = secret.namespace.clone().or_else(|| given.cloned());
    let secret = Secret { namespace, ..secret };
    Ok(Judged { secret, random: Vec::new(), printed: None, warnings: 0 })
}

/// A line for each generated Secret.
fn names(build: &Build) -> String {
    let lines = build.secrets.iter().filter_map(|built| {
        built.generator().map(|generator| format!("{generator} -> {}\n", built.name()))
    });
    lines.collect()
}

/// Prints the Secrets, or writes them to a file or to a file each.
fn deliver(build: &Build, asked: &Kustomize, ui: &Ui) -> Result<(), Error> {
    let format = &asked.common.format;
    let Some(path) = &asked.output else {
        ui.result(&bytes(&build.secrets, format)?)?;
        return Ok(());
    };
    if path.is_dir() {
        return write_each(build, path, format);
    }
    match OutputFile::find(path)? {
        Some(file) => file.open()?.write(&bytes(&build.secrets, format)?)?,
        None => ui.result(&bytes(&build.secrets, format)?)?,
    }
    Ok(())
}

/// Writes a file for each Secret, with kubectl's name for it. All are opened before one is written.
fn write_each(build: &Build, directory: &Path, format: &Format) -> Result<(), Error> {
    let namespace = |built: &Built| match built.namespace() {
        "" => "default".to_owned(),
        namespace => namespace.to_lowercase(),
    };
    let first = build.secrets.first().map(namespace);
    let is_mixed = build.secrets.iter().any(|built| Some(namespace(built)) != first);
    let extension = if *format == Format::Json { "json" } else { "yaml" };
    let mut files = Vec::with_capacity(build.secrets.len());
    for built in &build.secrets {
        let prefix = if is_mixed { format!("{}_", namespace(built)) } else { String::new() };
        let name = format!("{prefix}v1_secret_{}.{extension}", built.name().to_lowercase());
        // A name with a '/' is not one of a file in the directory.
        let path = directory.join(name.replace('/', "_"));
        if let Some(file) = OutputFile::find(&path)? {
            files.push((file.open()?, bytes(std::slice::from_ref(built), format)?));
        }
    }
    for (file, bytes) in files {
        file.write(&bytes)?;
    }
    Ok(())
}

/// The manifests as one stream.
fn bytes(all: &[Built], format: &Format) -> Result<Zeroizing<Vec<u8>>, Error> {
    let room = all.iter().map(Built::room).sum();
    let mut out = Zeroizing::new(Vec::with_capacity(room));
    for (i, built) in all.iter().enumerate() {
        if *format == Format::Name {
            out.extend_from_slice(format!("secret/{}\n", built.name()).as_bytes());
            continue;
        }
        let manifest = built.manifest();
        if *format == Format::Json {
            print::json::write(&manifest, &mut out);
            continue;
        }
        if print::has_control_characters(&manifest) {
            return Err(RunFault::ControlCharacters.into());
        }
        if i > 0 {
            out.extend_from_slice(b"---\n");
        }
        print::yaml::write(&manifest, &mut out);
    }
    Ok(out)
}

/// The name that messages have for a Secret: that of its generator, which users know.
fn shown_name(built: &Built) -> String {
    built.generator().unwrap_or(built.name()).to_owned()
}

/// A finding on a Secret of a kustomization.
#[derive(Debug)]
struct Found {
    place: Place,
    name: String,
    namespace: Option<String>,
    finding: Finding,
}

impl Found {
    fn new(place: Place, built: &Built, finding: Finding) -> Self {
        let namespace = Some(built.namespace().to_owned()).filter(|n| !n.is_empty());
        Self { place, name: shown_name(built), namespace, finding }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: Secret {}: ", self.place, shown::Key(&self.name))?;
        if let Some(place) = &self.finding.place {
            // A key may be a line of an env file that is part of a value.
            write!(f, "{place}: ")?;
        }
        self.finding.rule.fmt(f)
    }
}

impl std::error::Error for Found {}

impl Fault for Found {
    fn hints(&self) -> Vec<String> {
        let (place, namespace) = (self.finding.place.as_ref(), self.namespace.as_deref());
        let at = At { place, origin: None, name: &self.name, namespace };
        self.finding.rule.hints_in_manifest(&at)
    }
}

/// What an API server rejects before it has a Secret.
#[derive(Debug, thiserror::Error)]
#[error("{place}: Secret {}: {fault}", shown::Key(name))]
struct Rejected {
    place: Place,
    name: String,
    fault: Unsendable,
}

impl Rejected {
    fn new(place: Place, built: &Built, fault: Unsendable) -> Self {
        Self { place, name: shown_name(built), fault }
    }
}

impl Fault for Rejected {}

/// A Secret with a namespace, where the command line names another.
#[derive(Debug, thiserror::Error)]
#[error(
    "{place}: Secret {} is in namespace {}, and the command line names another",
    shown::Key(name),
    shown::Key(own)
)]
struct OtherNamespace {
    place: Place,
    name: String,
    own: String,
}

impl Fault for OtherNamespace {
    fn hints(&self) -> Vec<String> {
        vec!["leave out -n and --namespaces, or namespace in the kustomization".to_owned()]
    }
}
