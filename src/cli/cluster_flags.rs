//! kubectl's global flags: how to reach a cluster, and how to act there. When a manifest is
//! printed they are checked for their form alone.

use clap::ArgMatches;
use clap::builder::ValueParser;

use crate::flags::{self, Flag, Section};
use crate::golang;
use crate::shown;

/// What is said of flags without effect.
const IGNORED: &str = "Ignored; accepted for kubectl compatibility";
/// What `--profile` takes.
pub const PROFILES: &[&str] =
    &["none", "cpu", "heap", "goroutine", "threadcreate", "block", "mutex", "trace"];

/// The flags, which every subcommand has.
pub(super) fn flags() -> impl Iterator<Item = Flag> {
    const fn global(flag: Flag) -> Flag {
        flag.section(Section::Global).rare()
    }
    let flags = [
        flags::text("namespace", "NAMESPACE", "Use this namespace")
            .short('n')
            .section(Section::Cluster),
        flags::text("context", "NAME", "Use this kubeconfig context").section(Section::Cluster),
        flags::text("kubeconfig", "FILE", "Use this kubeconfig").section(Section::Cluster).rare(),
        global(flags::text("cluster", "NAME", "Use this cluster of the kubeconfig")),
        global(flags::text("user", "NAME", "Use this user of the kubeconfig")),
        global(flags::text("server", "URL", "Set the API server's address").short('s')),
        global(flags::text("token", "TOKEN", "Authenticate with this bearer token")),
        global(flags::text("as", "USER", "Impersonate this user")),
        global(flags::list("as-group", "GROUP", "Impersonate this group [repeatable]")),
        global(flags::text("as-uid", "UID", "Impersonate this UID")),
        global(flags::list("as-user-extra", "KEY=VALUE", "Add this extra to --as [repeatable]")),
        global(flags::text("username", "NAME", "Authenticate with this user name")),
        global(flags::text("password", "PASSWORD", "Authenticate with this password")),
        global(flags::text("certificate-authority", "FILE", "Verify the server with this CA")),
        global(flags::text(
            "client-certificate",
            "FILE",
            "Authenticate with this client certificate",
        )),
        global(flags::text("client-key", "FILE", "Authenticate with this client key")),
        global(flags::text(
            "tls-server-name",
            "NAME",
            "Expect this name in the server's certificate",
        )),
        global(flags::switch("insecure-skip-tls-verify", "Do not verify the server's certificate")),
        global(flags::text("proxy-url", "URL", "Connect through this proxy")),
        global(flags::text(
            "request-timeout",
            "DURATION",
            "Limit the time of a request [default: 0, no limit]",
        )),
        global(flags::switch("disable-compression", "Do not request compressed responses")),
        global(flags::switch("match-server-version", IGNORED)),
        global(flags::text("cache-dir", "DIR", IGNORED)),
        global(flags::text("kuberc", "FILE", "Use this file of kubectl preferences")),
        global(flags::text("profile", "NAME", IGNORED)),
        global(flags::text("profile-output", "FILE", IGNORED)),
        global(flags::text("v", "LEVEL", "Log kuberc: 5, requests: 6, headers: 8 [default: 0]"))
            .short('v')
            .read_by(|| ValueParser::new(golang::ints::parse_int32)),
        global(flags::text("vmodule", "SETTINGS", IGNORED))
            .read_by(|| ValueParser::new(golang::vmodule::check_vmodule)),
        global(flags::text("log-flush-frequency", "DURATION", IGNORED))
            .read_by(|| ValueParser::new(golang::log_flush::parse_log_flush_frequency)),
        flags::switch("warnings-as-errors", "Fail on a warning, before anything is printed")
            .section(Section::Output)
            .rare(),
    ];
    flags.into_iter()
}

/// Flags that are accepted and do nothing, where they stand on the command line in a way that
/// would do something in kubectl.
pub(super) fn without_effect(matches: &ArgMatches) -> Vec<&'static str> {
    let profiled = text(matches, "profile").is_some_and(|profile| profile != "none");
    let rows = [
        ("match-server-version", flags::is_on(matches, "match-server-version")),
        ("profile", profiled),
    ];
    rows.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
}

/// Checks the forms that kubectl checks even when it only prints, in kubectl's order. Flags that
/// the type has `taken_over` mean something else.
pub(super) fn check(matches: &ArgMatches, taken_over: &[&str]) -> Result<(), ClusterFlagError> {
    let given = |flag| text(matches, flag).filter(|value| !value.is_empty());
    if let Some(profile) = text(matches, "profile").filter(|p| !PROFILES.contains(&p.as_str())) {
        return Err(ClusterFlagError::Profile { profile });
    }
    if let Some(timeout) = text(matches, "request-timeout") {
        golang::durations::parse_request_timeout(&timeout)?;
    }
    if let Some(server) = given("server") {
        golang::urls::check_server(&server)?;
    }
    if let Some(url) = given("proxy-url") {
        golang::urls::check_proxy(&url).map_err(|error| ClusterFlagError::Proxy {
            url: golang::urls::without_userinfo(&url).into_owned(),
            error,
        })?;
    }
    let mut login = ["username", "password"].into_iter().filter(|flag| !taken_over.contains(flag));
    if login.any(|flag| given(flag).is_some()) && given("token").is_some() {
        return Err(ClusterFlagError::TwoLogins);
    }
    Ok(())
}

/// Checks that whoever is to be acted as is named, for a run that reads no kubeconfig: one may name
/// them.
pub(super) fn check_acting(matches: &ArgMatches) -> Result<(), ClusterFlagError> {
    let given = |flag| text(matches, flag).is_some_and(|value| !value.is_empty());
    let groups = flags::values(matches, "as-group").next().is_some();
    let extras =
        flags::values(matches, "as-user-extra").any(|extra| extra.to_string_lossy().contains('='));
    if !given("as") && (groups || extras || given("as-uid")) {
        return Err(ClusterFlagError::NobodyToActAs);
    }
    Ok(())
}

fn text(matches: &ArgMatches, flag: &str) -> Option<String> {
    flags::given(matches, flag).map(|value| value.to_string_lossy().into_owned())
}

/// What is wrong with a flag's form, in kubectl's words.
#[derive(Debug, thiserror::Error)]
pub enum ClusterFlagError {
    /// `--as-group`, `--as-uid` or `--as-user-extra` without `--as`.
    #[error("requesting uid, groups or user-extra for  without impersonating a user")]
    NobodyToActAs,
    /// `--profile` of a name that kubectl does not know.
    #[error("unknown profile {}", shown::Quoted(profile))]
    Profile {
        /// The name.
        profile: String,
    },
    /// `--proxy-url` that is no proxy's address.
    #[error("invalid 'proxy-url' {} for cluster \"\": {error}", shown::Address(url))]
    Proxy {
        /// The address, without what stands before its `@`.
        url: String,
        /// What is wrong.
        error: golang::urls::ProxyError,
    },
    /// `--server` that is no address.
    #[error(transparent)]
    Server(#[from] golang::urls::UrlError),
    /// `--request-timeout` that is no time.
    #[error(transparent)]
    Timeout(#[from] golang::durations::TimeoutError),
    /// A bearer token and a user name.
    #[error(
        "more than one authentication method found for ; found [token basicAuth], only one is allowed"
    )]
    TwoLogins,
}
