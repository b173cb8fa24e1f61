//! What a command line asks of a cluster, as typed values.

use std::time::Duration;

use clap::{Arg, ArgMatches};
use zeroize::Zeroizing;

use crate::cluster::Reach;
use crate::flags;
use crate::golang;
use crate::sources::{bytes_of, path_of};

use super::common::{Common, DryRun};

const HEADING: &str = "On a cluster";
const MANAGER: &str = "mksecret";

/// The flags, which every secret type has.
pub(super) fn flags() -> Vec<Arg> {
    let flags =
        vec![flags::switch("if-absent", "Leave a Secret that is there already as it is")];
    flags.into_iter().map(|flag| flag.help_heading(HEADING)).collect()
}

/// What is asked of a cluster.
#[derive(Debug)]
pub struct ClusterRequest {
    /// How to reach it.
    pub reach: Reach,
    /// `--field-manager`.
    pub manager: String,
    /// `--if-absent`.
    pub if_absent: bool,
    /// `--show-managed-fields`.
    pub show_managed_fields: bool,
}

impl ClusterRequest {
    pub(super) fn from_flags(
        matches: &ArgMatches,
        common: &Common,
    ) -> Result<Self, ClusterRequestError> {
        let is_on = |flag| flags::is_on(matches, flag);
        let _ = (common, DryRun::Client);
        Ok(Self {
            reach: reach(matches),
            manager: given(matches, "field-manager").unwrap_or_else(|| MANAGER.to_owned()),
            if_absent: is_on("if-absent"),
            show_managed_fields: is_on("show-managed-fields"),
        })
    }
}

/// A flag's value as text, unless it is empty.
fn given(matches: &ArgMatches, flag: &str) -> Option<String> {
    let value = flags::given(matches, flag)?;
    Some(value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

fn reach(matches: &ArgMatches) -> Reach {
    let given = |flag| given(matches, flag);
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
    /// Two flags that exclude each other.
    #[error("--{one} and --{other} exclude each other")]
    Exclude {
        /// One.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A flag that means nothing without another.
    #[error("--{flag} needs --{needed}")]
    Needs {
        /// The flag.
        flag: &'static str,
        /// What it needs.
        needed: &'static str,
    },
}
