//! What a command line asks of a cluster, as typed values.

use std::time::Duration;

use clap::ArgMatches;
use zeroize::Zeroizing;

use crate::flags::{self, Flag, Section};
use crate::golang;
use crate::kuberc::PluginPolicy;
use crate::reach::{Reach, Targets};
use crate::secret::{DataKey, KeyError};
use crate::shown::Hidden;
use crate::sources::{bytes_of, path_of};

use super::common::{Common, DryRun};

/// How many targets at once, unless said otherwise.
const PARALLEL: usize = 8;
const PARALLEL_MAX: usize = 256;
const MANAGER: &str = "mksecret";

/// The flags, which every secret type has.
pub(super) fn flags() -> impl Iterator<Item = Flag> {
    let rare = Flag::rare;
    let flags = [
        flags::switch("apply", "Create or update, by server-side apply"),
        rare(flags::switch("diff", "Show which keys change [needs --apply]")),
        rare(flags::switch("merge", "Keep the other keys; no source is required [needs --apply]")),
        rare(flags::list(
            "remove-key",
            "KEY",
            "Remove this key, keep the others [needs --apply] [repeatable]",
        )),
        rare(flags::switch(
            "force-conflicts",
            "Take over fields of other managers [needs --apply]",
        )),
        rare(flags::switch("recreate", "Delete and recreate if immutable [needs --apply]")),
        rare(flags::switch("if-absent", "Leave a Secret that exists unchanged")),
        rare(flags::list("namespaces", "NAMESPACE,…", "Create in these namespaces [repeatable]")),
        rare(flags::text(
            "namespace-selector",
            "SELECTOR",
            "Create in all namespaces with these labels",
        )),
        rare(flags::list("contexts", "NAME,…", "Create in these kubeconfig contexts [repeatable]")),
        rare(flags::text("parallel", "COUNT", "Set how many targets run at a time [default: 8]")),
    ];
    flags.into_iter().map(|flag| flag.section(Section::Cluster))
}

/// What is asked of a cluster.
#[derive(Debug)]
pub struct ClusterRequest {
    /// How to reach it.
    pub reach: Reach,
    /// `--field-manager`.
    pub manager: String,
    /// `--apply` and what goes with it.
    pub apply: Option<ApplyRequest>,
    /// `--if-absent`.
    pub if_absent: bool,
    /// `--wait`: how long.
    pub wait: Option<Duration>,
    /// Where to.
    pub targets: Targets,
    /// `--show-managed-fields`.
    pub show_managed_fields: bool,
}

impl ClusterRequest {
    pub(super) fn from_flags(
        matches: &ArgMatches,
        common: &Common,
        taken_over: &[&str],
    ) -> Result<Self, ClusterRequestError> {
        let is_on = |flag| flags::is_on(matches, flag);
        let apply = apply(matches)?;
        if apply.is_some() {
            let pairs = [("save-config", common.save_config), ("if-absent", is_on("if-absent"))];
            if let Some((other, _)) = pairs.into_iter().find(|(_, given)| *given) {
                return Err(ClusterRequestError::Exclude { one: "apply", other });
            }
            if common.append_hash && flags::values(matches, "from-random").next().is_some() {
                return Err(ClusterRequestError::RandomUnderHash);
            }
        }
        Ok(Self {
            apply,
            wait: wait(matches, common)?,
            targets: targets(matches, common)?,
            reach: reach(matches, taken_over),
            manager: given(matches, "field-manager").unwrap_or_else(|| MANAGER.to_owned()),
            if_absent: is_on("if-absent"),
            show_managed_fields: is_on("show-managed-fields"),
        })
    }
}

/// `--apply` and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct ApplyRequest {
    /// `--force-conflicts`.
    pub force: bool,
    /// `--recreate`.
    pub recreate: bool,
    /// `--diff`.
    pub diff: bool,
    /// `--merge`, or `--remove-key`.
    pub merge: bool,
    /// `--remove-key`.
    pub remove_keys: Vec<String>,
}

fn apply(matches: &ArgMatches) -> Result<Option<ApplyRequest>, ClusterRequestError> {
    const NEED_APPLY: [&str; 4] = ["force-conflicts", "recreate", "diff", "merge"];
    let is_on = |flag| flags::is_on(matches, flag);
    let mut remove_keys = Vec::new();
    for value in flags::values(matches, "remove-key") {
        let key = value.to_string_lossy().into_owned();
        if let Err(error) = DataKey::parse(&key) {
            return Err(ClusterRequestError::NoKey { len: value.len(), error });
        }
        if !remove_keys.contains(&key) {
            remove_keys.push(key);
        }
    }
    if !is_on("apply") {
        let flag = NEED_APPLY.into_iter().find(|flag| is_on(flag));
        let flag = flag.or_else(|| (!remove_keys.is_empty()).then_some("remove-key"));
        return match flag {
            Some(flag) => Err(ClusterRequestError::Needs { flag, needed: "apply" }),
            None => Ok(None),
        };
    }
    Ok(Some(ApplyRequest {
        force: is_on("force-conflicts"),
        recreate: is_on("recreate"),
        diff: is_on("diff"),
        merge: is_on("merge") || !remove_keys.is_empty(),
        remove_keys,
    }))
}

fn targets(matches: &ArgMatches, common: &Common) -> Result<Targets, ClusterRequestError> {
    let all = |flag| {
        let mut all = Vec::new();
        for value in flags::values(matches, flag) {
            for item in value.to_string_lossy().split(',').filter(|item| !item.is_empty()) {
                if !all.iter().any(|known| known == item) {
                    all.push(item.to_owned());
                }
            }
        }
        all
    };
    let is_given = |flag| flags::is_given(matches, flag);
    let client = common.dry_run == DryRun::Client;
    let exclude = |one, other| Err(ClusterRequestError::Exclude { one, other });
    for (one, other) in [
        ("namespaces", "namespace"),
        ("namespaces", "namespace-selector"),
        ("namespace-selector", "namespace"),
        ("contexts", "context"),
    ] {
        if is_given(one) && is_given(other) {
            return exclude(one, other);
        }
    }
    for flag in ["namespaces", "namespace-selector", "contexts"] {
        // The annotation holds the namespace.
        if is_given(flag) && common.save_config {
            return exclude(flag, "save-config");
        }
    }
    for flag in ["namespace-selector", "contexts"] {
        if is_given(flag) && client {
            return exclude(flag, "dry-run=client");
        }
    }
    let parallel = match given(matches, "parallel") {
        None => PARALLEL,
        Some(text) => match text.parse() {
            Ok(count) if (1..=PARALLEL_MAX).contains(&count) => count,
            _ => return Err(ClusterRequestError::Parallel),
        },
    };
    let targets = Targets {
        namespaces: all("namespaces"),
        selector: flags::given(matches, "namespace-selector")
            .map(|selector| selector.to_string_lossy().into_owned()),
        contexts: all("contexts"),
        parallel,
    };
    for (flag, is_empty) in
        [("namespaces", targets.namespaces.is_empty()), ("contexts", targets.contexts.is_empty())]
    {
        if is_given(flag) && is_empty {
            return Err(ClusterRequestError::Empty { flag });
        }
    }
    Ok(targets)
}

/// `--wait`, which only types have that a controller fills.
fn wait(matches: &ArgMatches, common: &Common) -> Result<Option<Duration>, ClusterRequestError> {
    let Some(text) = given(matches, "wait") else { return Ok(None) };
    let nanoseconds = golang::durations::parse_duration(&text).map(|duration| duration.0);
    let patience = nanoseconds.ok().and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    let patience = patience.ok_or(ClusterRequestError::Wait)?;
    let other = match common.dry_run {
        DryRun::Client => "dry-run=client",
        DryRun::Server => "dry-run=server",
        DryRun::None => return Ok(Some(Duration::from_nanos(patience))),
    };
    Err(ClusterRequestError::Exclude { one: "wait", other })
}

/// A flag's value as text, unless it is empty.
fn given(matches: &ArgMatches, flag: &str) -> Option<String> {
    let value = flags::given(matches, flag)?;
    Some(value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// How to reach a cluster, by flags that have been checked. Flags that the type has `taken_over`
/// mean something else.
pub(super) fn reach(matches: &ArgMatches, taken_over: &[&str]) -> Reach {
    let given = |flag| if taken_over.contains(&flag) { None } else { given(matches, flag) };
    let secret = |flag| given(flag).map(Zeroizing::new);
    let path = |flag| {
        flags::given(matches, flag).filter(|path| !path.is_empty()).map(|p| path_of(&bytes_of(&p)))
    };
    let all = |flag| -> Vec<String> {
        flags::values(matches, flag).map(|value| value.to_string_lossy().into_owned()).collect()
    };
    let pairs = all("as-user-extra").into_iter();
    Reach {
        kubeconfig: path("kubeconfig"),
        context: given("context"),
        cluster: given("cluster"),
        user: given("user"),
        server: given("server"),
        token: secret("token"),
        username: given("username"),
        password: secret("password"),
        act_as: given("as"),
        act_in_groups: all("as-group"),
        act_under_uid: given("as-uid"),
        act_with_extra: pairs
            .filter_map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
            .collect(),
        certificate_authority: given("certificate-authority"),
        client_certificate: given("client-certificate"),
        client_key: given("client-key"),
        tls_server_name: given("tls-server-name"),
        insecure: flags::is_on(matches, "insecure-skip-tls-verify"),
        proxy_url: given("proxy-url"),
        request_timeout: timeout(matches),
        verbosity: matches.try_get_one::<i32>("v").ok().flatten().copied().unwrap_or(0),
        plugins: PluginPolicy::default(),
    }
}

/// `--request-timeout`, whose form has been checked; 0 is without end.
fn timeout(matches: &ArgMatches) -> Option<Duration> {
    let text = given(matches, "request-timeout")?;
    let nanoseconds = golang::durations::parse_request_timeout(&text).ok()?.0;
    u64::try_from(nanoseconds).ok().filter(|n| *n > 0).map(Duration::from_nanos)
}

/// What is wrong with these flags.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterRequestError {
    /// A list without an item.
    #[error("--{flag} is empty")]
    Empty {
        /// The flag.
        flag: &'static str,
    },
    /// Two flags that exclude each other.
    #[error("--{one} and --{other} cannot be used together")]
    Exclude {
        /// One.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// `--remove-key` of what can be no key.
    #[error("--remove-key: not a valid key {}: {}", Hidden(*len), error.in_short())]
    NoKey {
        /// The length in bytes.
        len: usize,
        /// The rule that it breaks.
        error: KeyError,
    },
    /// `--parallel` of what is no count.
    #[error("--parallel must be a number from 1 to {PARALLEL_MAX}")]
    Parallel,
    /// `--from-random` with `--apply` and `--append-hash`: each run would make another name, and
    /// no run would find the value of the run before.
    #[error("--from-random with --apply and --append-hash would create a new Secret on every run")]
    RandomUnderHash,
    /// `--wait` of no time.
    #[error("--wait needs a duration greater than zero")]
    Wait,
    /// A flag that means nothing without another.
    #[error("--{flag} needs --{needed}")]
    Needs {
        /// The flag.
        flag: &'static str,
        /// What it needs.
        needed: &'static str,
    },
}
