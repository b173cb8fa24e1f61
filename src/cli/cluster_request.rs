//! What a command line asks of a cluster, as typed values.

use std::ffi::OsString;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::flags::{self, Flag, Given, List, Single, Switch, common, global, seal, targets};
use crate::golang;
use crate::kuberc::PluginPolicy;
use crate::reach::{Reach, Targets};
use crate::secret::{DataKey, KeyError};
use crate::shown::Hidden;
use crate::sources::{bytes_of, path_of};

use super::common::{Common, DryRun};
use crate::types::{FROM_RANDOM, WAIT};

/// How many targets at once, unless said otherwise.
const PARALLEL: usize = 8;
const PARALLEL_MAX: usize = 256;
const MANAGER: &str = "mksecret";

/// What is asked of a cluster.
#[derive(Debug)]
pub(crate) struct ClusterRequest {
    pub reach: Reach,
    pub manager: String,
    /// `--apply` and what goes with it.
    pub apply: Option<ApplyRequest>,
    pub if_absent: bool,
    pub wait: Option<Duration>,
    pub targets: Targets,
    pub show_managed_fields: bool,
}

impl ClusterRequest {
    pub(super) fn from_flags(
        matches: &Given,
        common: &Common,
        taken_over: &[&str],
    ) -> Result<Self, ClusterRequestError> {
        let is_on = |flag: &Flag<Switch>| flags::is_on(matches, flag);
        let apply = apply(matches)?;
        if apply.is_some() {
            let (save_config, if_absent) = (common::SAVE_CONFIG.name, targets::IF_ABSENT.name);
            let pairs =
                [(save_config, common.save_config), (if_absent, is_on(&targets::IF_ABSENT))];
            if let Some((other, _)) = pairs.into_iter().find(|(_, given)| *given) {
                return Err(ClusterRequestError::Exclude { one: targets::APPLY.name, other });
            }
            if common.append_hash && flags::values(matches, &FROM_RANDOM).next().is_some() {
                return Err(ClusterRequestError::RandomUnderHash);
            }
        }
        Ok(Self {
            apply,
            wait: wait(matches, common)?,
            targets: targets(matches, common)?,
            reach: reach(matches, taken_over),
            manager: given(matches, &common::FIELD_MANAGER).unwrap_or_else(|| MANAGER.to_owned()),
            if_absent: is_on(&targets::IF_ABSENT),
            show_managed_fields: is_on(&common::SHOW_MANAGED_FIELDS),
        })
    }
}

/// `--apply` and what goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ApplyRequest {
    pub force: bool,
    pub recreate: bool,
    pub diff: bool,
    pub merge: bool,
    pub remove_keys: Vec<String>,
}

fn apply(matches: &Given) -> Result<Option<ApplyRequest>, ClusterRequestError> {
    const NEED_APPLY: [&Flag<Switch>; 4] =
        [&targets::FORCE_CONFLICTS, &targets::RECREATE, &targets::DIFF, &targets::MERGE];
    let is_on = |flag: &Flag<Switch>| flags::is_on(matches, flag);
    let mut remove_keys = Vec::new();
    for value in flags::values(matches, &targets::REMOVE_KEY) {
        let key = value.to_string_lossy().into_owned();
        if let Err(error) = DataKey::parse(&key) {
            return Err(ClusterRequestError::NoKey { len: value.len(), error });
        }
        if !remove_keys.contains(&key) {
            remove_keys.push(key);
        }
    }
    if !is_on(&targets::APPLY) {
        let flag = NEED_APPLY.into_iter().find(|flag| is_on(flag)).map(|flag| flag.name);
        let remove_key = targets::REMOVE_KEY.name;
        let is_into = flags::is_given(matches, &seal::SEAL_INTO);
        let flag = flag.or_else(|| (!remove_keys.is_empty() && !is_into).then_some(remove_key));
        return match flag {
            Some(flag) => Err(ClusterRequestError::Needs { flag, needed: targets::APPLY.name }),
            None => Ok(None),
        };
    }
    Ok(Some(ApplyRequest {
        force: is_on(&targets::FORCE_CONFLICTS),
        recreate: is_on(&targets::RECREATE),
        diff: is_on(&targets::DIFF),
        merge: is_on(&targets::MERGE) || !remove_keys.is_empty(),
        remove_keys,
    }))
}

/// The words of a list with commas between them, each once.
pub(super) fn listed(matches: &Given, flag: &Flag<List>) -> Vec<String> {
    let mut all = Vec::new();
    for value in flags::values(matches, flag) {
        for item in value.to_string_lossy().split(',').filter(|item| !item.is_empty()) {
            if !all.iter().any(|known| known == item) {
                all.push(item.to_owned());
            }
        }
    }
    all
}

fn targets(matches: &Given, common: &Common) -> Result<Targets, ClusterRequestError> {
    const NAMESPACES: Flag = targets::NAMESPACES.any();
    const SELECTOR: Flag = targets::NAMESPACE_SELECTOR.any();
    const CONTEXTS: Flag = targets::CONTEXTS.any();
    const EXCLUSIVE: [(Flag, Flag); 4] = [
        (NAMESPACES, global::NAMESPACE.any()),
        (NAMESPACES, SELECTOR),
        (SELECTOR, global::NAMESPACE.any()),
        (CONTEXTS, global::CONTEXT.any()),
    ];
    let all = |flag| listed(matches, flag);
    let is_given = |flag: &Flag| flags::is_given(matches, flag);
    let client = common.dry_run == DryRun::Client;
    let exclude = |one, other| Err(ClusterRequestError::Exclude { one, other });
    for (one, other) in &EXCLUSIVE {
        if is_given(one) && is_given(other) {
            return exclude(one.name, other.name);
        }
    }
    for flag in &[NAMESPACES, SELECTOR, CONTEXTS] {
        // The annotation holds the namespace.
        if is_given(flag) && common.save_config {
            return exclude(flag.name, common::SAVE_CONFIG.name);
        }
    }
    for flag in &[SELECTOR, CONTEXTS] {
        if is_given(flag) && client {
            return exclude(flag.name, "dry-run=client");
        }
    }
    let parallel = match given(matches, &targets::PARALLEL) {
        None => PARALLEL,
        Some(text) => match text.parse() {
            Ok(count) if (1..=PARALLEL_MAX).contains(&count) => count,
            _ => return Err(ClusterRequestError::Parallel),
        },
    };
    let targets = Targets {
        namespaces: all(&targets::NAMESPACES),
        selector: flags::given(matches, &targets::NAMESPACE_SELECTOR)
            .map(|selector| selector.to_string_lossy().into_owned()),
        contexts: all(&targets::CONTEXTS),
        parallel,
    };
    for (flag, is_empty) in [
        (&targets::NAMESPACES, targets.namespaces.is_empty()),
        (&targets::CONTEXTS, targets.contexts.is_empty()),
    ] {
        if flags::is_given(matches, flag) && is_empty {
            return Err(ClusterRequestError::Empty { flag: flag.name });
        }
    }
    Ok(targets)
}

/// `--wait`, which only types have that a controller fills.
fn wait(matches: &Given, common: &Common) -> Result<Option<Duration>, ClusterRequestError> {
    let Some(text) = given(matches, &WAIT) else { return Ok(None) };
    let nanoseconds = golang::durations::parse_duration(&text).map(|duration| duration.0);
    let patience = nanoseconds
        .ok()
        .and_then(|n| u64::try_from(n).ok())
        .filter(|n| *n > 0)
        .ok_or(ClusterRequestError::Wait)?;
    let other = match common.dry_run {
        DryRun::Client => "dry-run=client",
        DryRun::Server => "dry-run=server",
        DryRun::None => return Ok(Some(Duration::from_nanos(patience))),
    };
    Err(ClusterRequestError::Exclude { one: WAIT.name, other })
}

/// A flag's value as text, unless it is empty.
#[inline]
fn given(matches: &Given, flag: &Flag<Single>) -> Option<String> {
    not_empty(flags::given(matches, flag))
}

fn not_empty(value: Option<OsString>) -> Option<String> {
    Some(value?.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// How to reach a cluster, by flags that have been checked. Flags that the type has `taken_over`
/// mean something else.
pub(super) fn reach(matches: &Given, taken_over: &[&str]) -> Reach {
    let given = |flag: &Flag<Single>| {
        if taken_over.contains(&flag.name) { None } else { given(matches, flag) }
    };
    let secret = |flag: &Flag<Single>| given(flag).map(Zeroizing::new);
    let path = |flag: &Flag<Single>| {
        flags::given(matches, flag).filter(|path| !path.is_empty()).map(|p| path_of(&bytes_of(&p)))
    };
    let all = |flag: &Flag<List>| -> Vec<String> {
        flags::values(matches, flag).map(|value| value.to_string_lossy().into_owned()).collect()
    };
    let pairs = all(&global::AS_USER_EXTRA).into_iter();
    Reach {
        kubeconfig: path(&global::KUBECONFIG),
        context: given(&global::CONTEXT),
        cluster: given(&global::CLUSTER),
        user: given(&global::USER),
        server: given(&global::SERVER),
        token: secret(&global::TOKEN),
        username: given(&global::USERNAME),
        password: secret(&global::PASSWORD),
        act_as: given(&global::AS),
        act_in_groups: all(&global::AS_GROUP),
        act_under_uid: given(&global::AS_UID),
        act_with_extra: pairs
            .filter_map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
            .collect(),
        certificate_authority: given(&global::CERTIFICATE_AUTHORITY),
        client_certificate: given(&global::CLIENT_CERTIFICATE),
        client_key: given(&global::CLIENT_KEY),
        tls_server_name: given(&global::TLS_SERVER_NAME),
        insecure: flags::is_on(matches, &global::INSECURE_SKIP_TLS_VERIFY),
        proxy_url: given(&global::PROXY_URL),
        request_timeout: timeout(matches),
        verbosity: flags::number_of(matches, &global::V),
        plugins: PluginPolicy::default(),
    }
}

/// `--request-timeout`, whose form has been checked; 0 is without end.
fn timeout(matches: &Given) -> Option<Duration> {
    let text = given(matches, &global::REQUEST_TIMEOUT)?;
    let nanoseconds = golang::durations::parse_request_timeout(&text).ok()?.0;
    u64::try_from(nanoseconds).ok().filter(|n| *n > 0).map(Duration::from_nanos)
}

/// What is wrong with these flags.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClusterRequestError {
    #[error("--{flag} is empty")]
    Empty { flag: &'static str },
    #[error("--{one} and --{other} cannot be used together")]
    Exclude { one: &'static str, other: &'static str },
    #[error("--remove-key: not a valid key {}: {}", Hidden(*len), error.in_short())]
    NoKey {
        /// The length in bytes.
        len: usize,
        /// The rule that it breaks.
        error: KeyError,
    },
    #[error("--parallel must be a number from 1 to {PARALLEL_MAX}")]
    Parallel,
    /// `--from-random` with `--apply` and `--append-hash`: each run would make another name, and
    /// no run would find the value of the run before.
    #[error("--from-random with --apply and --append-hash would create a new Secret on every run")]
    RandomUnderHash,
    #[error("--wait needs a duration greater than zero")]
    Wait,
    #[error("--{flag} needs --{needed}")]
    Needs { flag: &'static str, needed: &'static str },
}
