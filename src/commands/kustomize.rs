//! `mksecret kustomize`: builds the Secrets of a kustomization, judges them, and prints or sends them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use zeroize::Zeroizing;

use super::remote;
use super::sealer::{Sealer, Subject};
use super::send_request::SendRequest;
use crate::cli::{Format, Kustomize, Sealing, SopsRequest, Validate};
use crate::consumers;
use crate::error::{Error, RunFault};
use crate::hints::Fault;
use crate::kinds::{self, Context};
use crate::kustomize::{self, Build, Built, Place, Unsendable};
use crate::output_file::OutputFile;
use crate::pipeline::{Judged, Output};
use crate::print;
use crate::seal::Extras;
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
    } else if let Some(sealing) = &asked.sealing {
        seal(&build, sealing, asked, &inputs, ui)?;
    } else if asked.names {
        ui.result(names(&build).as_bytes())?;
    } else {
        deliver(&build, asked, ui)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the Secrets sealed, or writes them to a file or to a file each.
fn seal(
    build: &Build,
    sealing: &Sealing,
    asked: &Kustomize,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let is_sops = matches!(sealing, Sealing::Sops(_));
    let directory = asked.output.as_deref().filter(|path| path.is_dir());
    if is_sops && directory.is_none() && build.secrets.len() > 1 {
        return Err(SeveralForSops.into());
    }
    // Which rule of `.sops.yaml` applies depends on the file.
    let sealer_of = |path: Option<&Path>| match (sealing, path) {
        (Sealing::Sops(request), Some(path)) if request.file.is_none() => {
            let request = SopsRequest { file: Some(path.to_owned()), ..request.clone() };
            Sealer::new(&Sealing::Sops(request), &asked.cluster.reach, inputs, ui)
        }
        _ => Sealer::new(sealing, &asked.cluster.reach, inputs, ui),
    };
    let shared = if is_sops { None } else { Some(sealer_of(None)?) };
    let paths = directory.map(|directory| file_names(build, directory, &asked.common.format));
    let mut warnings = 0;
    let mut manifests = Vec::with_capacity(build.secrets.len());
    for (i, built) in build.secrets.iter().enumerate() {
        if built.has_hash() {
            let fault = Hashed { place: build.place(built), name: shown_name(built) };
            return Err(fault.into());
        }
        let path = paths.as_ref().and_then(|paths| paths.get(i)).or(asked.output.as_ref());
        let own;
        let sealer = if let Some(shared) = &shared {
            shared
        } else {
            own = sealer_of(path.map(PathBuf::as_path))?;
            &own
        };
        let place = || build.place(built);
        let target = target(built.secret().0, built, asked);
        let Judged { secret, .. } = target.map_err(|fault| Error::from(fault(place())))?;
        let extras = Extras::default();
        let namespaces = &asked.cluster.targets.namespaces;
        let subject = Subject { secret: &secret, extras: &extras, namespaces };
        for finding in sealer.check(subject, &asked.common)? {
            if !asked.common.allowed.contains(&finding.rule.info()) {
                warnings += 1;
                Error::from(Found::new(place(), built, finding)).show_as_warning(ui);
            }
        }
        manifests.push(match sealer {
            Sealer::Sops(sealer) => sealer.print_node(&built.manifest(), &asked.common, inputs)?,
            sealer => sealer.seal(subject, &asked.common, inputs, ui)?.unwrap_or_default(),
        });
    }
    if asked.common.warnings_as_errors && warnings > 0 {
        return Err(RunFault::Warnings(warnings).into());
    }
    if let Some(paths) = paths {
        return write_all(paths.iter().zip(manifests));
    }
    let whole = Zeroizing::new(manifests.iter().flat_map(|bytes| bytes.iter().copied()).collect());
    write(asked, &whole, ui)
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
    if let Some(directory) = asked.output.as_deref().filter(|path| path.is_dir()) {
        let paths = file_names(build, directory, format);
        let each = build.secrets.iter().map(|built| bytes(std::slice::from_ref(built), format));
        return write_all(paths.iter().zip(each.collect::<Result<Vec<_>, _>>()?));
    }
    write(asked, &bytes(&build.secrets, format)?, ui)
}

/// Prints bytes, or writes them to the file of `-o`.
fn write(asked: &Kustomize, bytes: &Zeroizing<Vec<u8>>, ui: &Ui) -> Result<(), Error> {
    let file = asked.output.as_ref().map(|path| OutputFile::find(path)).transpose()?.flatten();
    match file {
        Some(file) => file.open()?.write(bytes)?,
        None => ui.result(bytes)?,
    }
    Ok(())
}

/// kubectl's names for a file of each Secret in a directory.
fn file_names(build: &Build, directory: &Path, format: &Format) -> Vec<PathBuf> {
    let namespace = |built: &Built| match built.namespace() {
        "" => "default".to_owned(),
        namespace => namespace.to_lowercase(),
    };
    let first = build.secrets.first().map(namespace);
    let is_mixed = build.secrets.iter().any(|built| Some(namespace(built)) != first);
    let extension = if *format == Format::Json { "json" } else { "yaml" };
    let path = |built: &Built| {
        let prefix = if is_mixed { format!("{}_", namespace(built)) } else { String::new() };
        let name = format!("{prefix}v1_secret_{}.{extension}", built.name().to_lowercase());
        // A name with a '/' is not one of a file in the directory.
        directory.join(name.replace('/', "_"))
    };
    build.secrets.iter().map(path).collect()
}

/// Writes files. All are opened before one is written.
fn write_all<'p>(
    all: impl Iterator<Item = (&'p PathBuf, Zeroizing<Vec<u8>>)>,
) -> Result<(), Error> {
    let mut files = Vec::new();
    for (path, bytes) in all {
        if let Some(file) = OutputFile::find(path)? {
            files.push((file.open()?, bytes));
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

/// A Secret that cannot be sealed, since its name is a hash of the plain values.
#[derive(Debug, thiserror::Error)]
#[error(
    "{place}: Secret {} gets a name with a hash of its plain values, and cannot be sealed",
    shown::Key(name)
)]
struct Hashed {
    place: Place,
    name: String,
}

impl Fault for Hashed {
    fn hints(&self) -> Vec<String> {
        vec!["add disableNameSuffixHash: true to the options of its generator".to_owned()]
    }
}

/// Several Secrets for one file of SOPS.
#[derive(Debug, thiserror::Error)]
#[error("a file of SOPS contains one Secret, and the kustomization has several")]
struct SeveralForSops;

impl Fault for SeveralForSops {
    fn hints(&self) -> Vec<String> {
        vec!["write a file for each: -o DIR".to_owned()]
    }
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
