//! The command line of `mksecret check`, as typed values.

use std::ffi::OsString;

use super::cluster_request::{self, ApplyRequest, ClusterRequest, ClusterRequestError};
use super::common::{Common, CommonError, DryRun};
use super::rules::{AllowError, ConsumerError, UnknownRule, allowed, consumers, rule};
use crate::consumers::Consumer;
use crate::flags::{self, Given, check, common, global};
use crate::hints::Fault;
use crate::reach::Reach;
use crate::shown;
use crate::similar::nearest;
use crate::sources::bytes_of;
use crate::validate::RuleInfo;

/// What `mksecret check` is asked to do.
pub(crate) enum CheckRequest {
    Check(Box<Check>),
    /// Print the pages of these rules, or a list of all if there are none.
    Explain(Vec<&'static RuleInfo>),
}

/// Manifests to be checked, and how.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Check {
    /// Files, directories and `-`, as they were given.
    pub paths: Vec<OsString>,
    pub format: ReportFormat,
    /// Rules whose warnings are not wanted.
    pub allowed: Vec<&'static RuleInfo>,
    /// The readers that the Secrets are for.
    pub consumers: Vec<&'static Consumer>,
    /// Whether repairs are shown and not made.
    pub diff: bool,
    /// Whether repairs are made, unless they are shown only.
    pub fix: bool,
    pub hidden: bool,
    pub no_ignore: bool,
    pub pass_through: bool,
    pub require_sealed: bool,
    pub warnings_as_errors: bool,
    pub cluster: CheckCluster,
}

/// What is asked of a cluster.
#[derive(Debug)]
pub(crate) enum CheckCluster {
    /// Nothing, since files are read and no server is asked.
    Unused,
    /// The server checks the manifests, too (`--dry-run=server`).
    DryRun { common: Box<Common>, request: Box<ClusterRequest> },
    /// Its Secrets are checked (`--live`).
    Live { reach: Box<Reach>, namespace: Option<String>, all_namespaces: bool, selector: String },
}

fn cluster(matches: &Given, words: &[OsString]) -> Result<CheckCluster, CheckError> {
    let is_live = flags::is_on(matches, &check::LIVE);
    let all_namespaces = flags::is_on(matches, &check::ALL_NAMESPACES);
    let selector = flags::value(matches, &check::SELECTOR).to_string_lossy().into_owned();
    if !is_live && (all_namespaces || !selector.is_empty()) {
        return Err(CheckError::NeedsLive);
    }
    if is_live && !words.is_empty() {
        return Err(CheckError::LiveFiles);
    }
    if !is_live && flags::given(matches, &common::DRY_RUN).is_none() {
        return Ok(CheckCluster::Unused);
    }
    // `-o` is about the report here.
    let others = matches.without(&check::OUTPUT);
    let common = Common::from_flags(&others)?;
    if is_live {
        let namespace = common.namespace.map(|namespace| namespace.as_str().to_owned());
        let reach = Box::new(cluster_request::reach(matches, &[]));
        return Ok(CheckCluster::Live { reach, namespace, all_namespaces, selector });
    }
    if common.dry_run != DryRun::Server {
        return Ok(CheckCluster::Unused);
    }
    let request = ClusterRequest::from_flags(&others, &common, &[])?;
    // Of what a cluster has already, the server checks what an update would make of it.
    let apply = Some(ApplyRequest { force: true, ..ApplyRequest::default() });
    let request = Box::new(ClusterRequest { apply, ..request });
    Ok(CheckCluster::DryRun { common: Box::new(common), request })
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportFormat {
    GitHub,
    Json,
    JUnit,
    Sarif,
    Text,
}

const FORMATS: [(&str, ReportFormat); 5] = [
    ("text", ReportFormat::Text),
    ("json", ReportFormat::Json),
    ("sarif", ReportFormat::Sarif),
    ("github", ReportFormat::GitHub),
    ("junit", ReportFormat::JUnit),
];

impl CheckRequest {
    pub(super) fn from_flags(matches: &Given, words: &[OsString]) -> Result<Self, CheckError> {
        let is_on = |flag| flags::is_on(matches, flag);
        if is_on(&check::EXPLAIN) {
            let rules = words.iter().map(|word| rule(&word.to_string_lossy()));
            return Ok(Self::Explain(rules.collect::<Result<_, _>>()?));
        }
        let pass_through = is_on(&check::PASS_THROUGH);
        let is_stdin = words.is_empty() || words.iter().all(|word| word == "-");
        if pass_through && !is_stdin {
            return Err(CheckError::PassThroughFiles);
        }
        let repairs = is_on(&check::FIX) || is_on(&check::DIFF);
        if repairs && (pass_through || words.iter().any(|word| word == "-")) {
            return Err(CheckError::FixStdin);
        }
        if repairs && is_on(&check::LIVE) {
            return Err(CheckError::FixLive);
        }
        Ok(Self::Check(Box::new(Check {
            paths: words.to_vec(),
            format: format(matches)?,
            allowed: allowed(matches)?,
            consumers: consumers(matches)?,
            diff: is_on(&check::DIFF),
            fix: is_on(&check::FIX),
            hidden: is_on(&check::HIDDEN),
            no_ignore: is_on(&check::NO_IGNORE),
            pass_through,
            require_sealed: is_on(&check::REQUIRE_SEALED),
            warnings_as_errors: is_on(&global::WARNINGS_AS_ERRORS),
            cluster: cluster(matches, words)?,
        })))
    }
}

fn format(matches: &Given) -> Result<ReportFormat, CheckError> {
    let Some(word) = flags::given(matches, &check::OUTPUT) else { return Ok(ReportFormat::Text) };
    let word = String::from_utf8_lossy(&bytes_of(&word)).to_ascii_lowercase();
    let known = FORMATS.into_iter().find(|(name, _)| *name == word);
    known.map(|(_, format)| format).ok_or(CheckError::Format { format: word })
}

/// What is wrong with the command line of `mksecret check`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error(transparent)]
    Allow(#[from] AllowError),
    #[error(transparent)]
    Common(#[from] CommonError),
    #[error(transparent)]
    Consumer(#[from] ConsumerError),
    #[error(transparent)]
    Cluster(#[from] ClusterRequestError),
    #[error("--fix and --diff are for files, not for the Secrets of a cluster")]
    FixLive,
    #[error("--fix and --diff are for files, not for standard input")]
    FixStdin,
    #[error("--live checks the Secrets of a cluster, and cannot be used with files")]
    LiveFiles,
    #[error("--all-namespaces and --selector need --live")]
    NeedsLive,
    #[error("--output: {} is not a format of check", shown::Quoted(format))]
    Format { format: String },
    #[error("--pass-through reads standard input, and cannot be used with files")]
    PassThroughFiles,
    #[error("--explain: {0}")]
    Rule(#[from] UnknownRule),
}

impl Fault for CheckError {
    fn hints(&self) -> Vec<String> {
        match self {
            // There is no --validate here.
            Self::Allow(AllowError::IsError { id }) => {
                vec![format!("mksecret check --explain {id} says why")]
            }
            Self::Allow(error) => error.hints(),
            Self::Common(error) => error.hints(),
            Self::Consumer(error) => error.hints(),
            Self::Cluster(error) => error.hints(),
            Self::FixLive => vec!["leave out --live".to_owned()],
            Self::FixStdin => {
                vec!["write it to a file first: mksecret check --fix FILE".to_owned()]
            }
            Self::LiveFiles => vec!["leave out one of them".to_owned()],
            Self::NeedsLive => vec!["add --live".to_owned()],
            Self::Format { format } => {
                let near = nearest(format, FORMATS.iter().map(|(name, _)| *name));
                vec![match near {
                    Some(near) => format!("did you mean -o {near}?"),
                    None => "use text, json, sarif, github or junit".to_owned(),
                }]
            }
            Self::PassThroughFiles => {
                vec!["mksecret check --pass-through - < FILE".to_owned()]
            }
            Self::Rule(error) => error.hints(),
        }
    }
}
