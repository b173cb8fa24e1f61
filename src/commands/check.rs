//! `mksecret check`: finds mistakes in manifests of Secrets.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use zeroize::Zeroizing;

use super::remote;
use super::send_request::SendRequest;
use crate::check::{self, Counts, FileReport, Keeps, Patches, Policy, Reported};
use crate::cli::{self, Check, CheckCluster, CheckRequest, ClusterRequest, Common, ReportFormat};
use crate::error::{Error, RunFault};
use crate::output_file::OutputFile;
use crate::pipeline::{Judged, Output};
use crate::reach::SecretsOf;
use crate::secret::Secret;
use crate::sources::{self, Inputs, Limit, Unreadable, WalkOptions};
use crate::ui::Ui;
use crate::validate::{RuleInfo, Severity};

/// What standard input is called, as in ripgrep.
const STDIN: &str = "<stdin>";

/// Checks manifests or explains rules.
pub(crate) fn run(request: CheckRequest, ui: &Ui) -> Result<ExitCode, Error> {
    match request {
        CheckRequest::Check(check) => return check_all(&check, ui),
        CheckRequest::Explain(rules) if rules.is_empty() => ui.result(list().as_bytes())?,
        CheckRequest::Explain(rules) => {
            let pages: Vec<_> = rules.into_iter().map(page).collect();
            ui.result(pages.join("\n").as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The findings of all files, in the order of their paths.
#[derive(Default)]
struct Findings {
    files: Vec<(String, Vec<Reported>)>,
    counts: Counts,
    /// Those that a server checks, too.
    secrets: Vec<Secret>,
}

impl From<Vec<FileReport>> for Findings {
    /// The findings of a cluster's Secrets, by their names.
    fn from(reports: Vec<FileReport>) -> Self {
        let mut findings = Self::default();
        for FileReport { reported, counts, .. } in reports {
            findings.counts.add(&counts);
            for reported in reported {
                let (namespace, name) = reported.object.clone().unwrap_or_default();
                let name = match namespace {
                    Some(namespace) => format!("{namespace}/{name}"),
                    None => name,
                };
                let placeless = reported.without_place();
                match findings.files.last_mut() {
                    Some((last, all)) if *last == name => all.push(placeless),
                    _ => findings.files.push((name, vec![placeless])),
                }
            }
        }
        findings.counts.files = 0;
        findings
    }
}

impl Findings {
    fn add(&mut self, file: String, report: FileReport) {
        self.counts.add(&report.counts);
        self.secrets.extend(report.secrets.into_iter().map(|read| read.secret));
        if !report.reported.is_empty() {
            self.files.push((file, report.reported));
        }
    }

    fn count(&self, severity: Severity) -> usize {
        let all = self.files.iter().flat_map(|(_, reported)| reported);
        all.filter(|reported| reported.severity == severity).count()
    }
}

fn check_all(check: &Check, ui: &Ui) -> Result<ExitCode, Error> {
    let inputs = Inputs::system(Limit::LOOSE);
    let base = Policy {
        now: inputs.now(),
        allowed: &check.allowed,
        rule: |id| cli::rule(id).ok().filter(|rule| rule.severity != Severity::Error),
        consumers: &check.consumers,
        require_sealed: check.require_sealed,
        is_live: matches!(check.cluster, CheckCluster::Live { .. }),
        keeps: match check.cluster {
            CheckCluster::DryRun { .. } => Keeps::Good,
            CheckCluster::Live { .. } | CheckCluster::Unused => Keeps::Nothing,
        },
        is_patch: &|| false,
    };
    let mut findings = Findings::default();
    let mut stdin = None;
    if let CheckCluster::Live { reach, namespace, all_namespaces, selector } = &check.cluster {
        let of = SecretsOf {
            namespace: namespace.as_deref(),
            all_namespaces: *all_namespaces,
            selector,
        };
        findings = remote::check_live(reach, of, &base, &inputs)?.into();
    } else {
        stdin = check_paths(check, &base, &inputs, &mut findings)?;
    }
    if check.diff {
        ui.result(check::preview(&findings.files).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    if check.fix && repair_files(&findings, &base, ui)? {
        findings = Findings::default();
        check_paths(check, &base, &inputs, &mut findings)?;
    }

    let errors = findings.count(Severity::Error);
    let warnings = findings.count(Severity::Warning);
    let fails = errors > 0 || (check.warnings_as_errors && warnings > 0);
    let report = match check.format {
        ReportFormat::GitHub => check::github(&findings.files),
        ReportFormat::JUnit => check::junit(&findings.files, check.warnings_as_errors),
        ReportFormat::Sarif => check::sarif(&findings.files),
        ReportFormat::Json => check::json(&findings.files, &findings.counts),
        ReportFormat::Text => check::text(&findings.files),
    };
    let passed = stdin.filter(|_| check.pass_through);
    if passed.is_some() {
        // Standard output is that of the manifests.
        ui.help(&report);
    } else if !report.is_empty() {
        ui.result(report.as_bytes())?;
    }
    ui.status(&check::summary(&findings.counts, errors, warnings));
    if fails {
        return Ok(ExitCode::FAILURE);
    }
    if let CheckCluster::DryRun { common, request } = &check.cluster {
        dry_run(findings.secrets, common, request, &inputs, ui)?;
    }
    if let Some(bytes) = passed {
        ui.result(&bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the repairs of all files; whether there was one.
fn repair_files(findings: &Findings, base: &Policy<'_>, ui: &Ui) -> Result<bool, Error> {
    let mut is_changed = false;
    for (file, reported) in &findings.files {
        if reported.iter().all(|each| each.repair.is_none()) {
            continue;
        }
        let path = Path::new(file);
        let Ok(bytes) = sources::read_whole(path) else { continue };
        let Some(target) = OutputFile::find(path)? else { continue };
        // The file may have changed since it was checked: these bytes are repaired by their own places.
        let reported = check::check(&bytes, base).reported;
        let repairs = reported.iter().filter_map(|each| each.repair.as_ref());
        let repaired = check::repaired(&bytes, repairs);
        target.with_its_mode().open()?.write(&repaired)?;
        is_changed = true;
        for each in &reported {
            if each.repair.is_some() {
                ui.status(&check::fixed(file, each));
            }
        }
    }
    Ok(is_changed)
}

/// Has the server check Secrets.
fn dry_run(
    secrets: Vec<Secret>,
    common: &Common,
    cluster: &ClusterRequest,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let output = Output::new(common, inputs)?;
    let judged = secrets.into_iter().map(|secret| {
        let namespace = secret.namespace.clone().or_else(|| common.namespace.clone());
        let secret = Secret { namespace, ..secret };
        Judged { secret, random: Vec::new(), printed: None, warnings: 0 }
    });
    remote::send(judged.collect(), SendRequest { common, cluster }, &output, inputs, ui)
}

/// Checks files and standard input, whose bytes come back.
fn check_paths(
    check: &Check,
    base: &Policy<'_>,
    inputs: &Inputs,
    findings: &mut Findings,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let mut stdin = None;
    let paths = sources_of(check, inputs);
    if paths.iter().any(|path| path == "-") {
        let bytes = sources::read_stdin().map_err(|error| RunFault::Stdin { error })?;
        findings.add(STDIN.to_owned(), check::check(&bytes, base));
        stdin = Some(bytes);
    }
    let options = WalkOptions {
        hidden: check.hidden,
        no_ignore: check.no_ignore,
        extensions: check::EXTENSIONS,
    };
    let paths: Vec<_> = paths.into_iter().filter(|path| path != "-").collect();
    check_files(&sources::files(&paths, options).collect::<Vec<_>>(), base, findings);
    Ok(stdin)
}

/// The paths that were given; else standard input if it is piped and nothing is to be repaired, else
/// the current directory.
fn sources_of(check: &Check, inputs: &Inputs) -> Vec<OsString> {
    match check.paths.as_slice() {
        [] if check.pass_through => vec!["-".into()],
        [] if !check.fix && !check.diff && inputs.has_piped_stdin() => vec!["-".into()],
        [] => vec![".".into()],
        paths => paths.to_vec(),
    }
}

/// Checks files, as many at once as there are processors.
fn check_files(files: &[Result<PathBuf, Unreadable>], base: &Policy<'_>, findings: &mut Findings) {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let patches = Patches::default();
    let work = || {
        let mut own = Findings::default();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (path, report) = match file {
                Ok(path) => {
                    let is_patch = &|| patches.contain(path);
                    (path, check_file(path, &Policy { is_patch, ..*base }))
                }
                Err(Unreadable { path, error }) => (path, check::unreadable(error)),
            };
            own.add(path.to_string_lossy().into_owned(), report);
        }
        let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.push(own);
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let first = findings.files.len();
    for Findings { files, counts, secrets } in done {
        findings.counts.add(&counts);
        findings.files.extend(files);
        findings.secrets.extend(secrets);
    }
    findings.files[first..].sort_by(|a, b| a.0.cmp(&b.0));
}

fn check_file(path: &Path, policy: &Policy<'_>) -> FileReport {
    match sources::read_whole(path) {
        Ok(bytes) => check::check(&bytes, policy),
        Err(error) => check::unreadable(&error),
    }
}

/// A line for each rule.
fn list() -> String {
    let mut rules: Vec<_> = cli::rules().collect();
    rules.sort_by_key(|rule| rule.id);
    let lines = rules.into_iter().map(|rule| {
        let end = rule.explanation.find(". ").map_or(rule.explanation.len(), |at| at + 1);
        format!("{:<34} {:<8} {}\n", rule.id, rule.severity.word(), &rule.explanation[..end])
    });
    lines.collect()
}

/// The page of a rule.
fn page(rule: &'static RuleInfo) -> String {
    format!("{} ({})\n\n{}\n", rule.id, rule.severity.word(), rule.explanation)
}
