//! kubectl's global flags: how to reach a cluster, and how to act there. When a manifest is
//! printed they are checked for their form alone.

use clap::ArgMatches;
use clap::builder::ValueParser;

use crate::flags::{self, Flag};
use crate::golang;

const HEADING: &str = "Cluster";
/// What `--profile` takes.
pub const PROFILES: &[&str] =
    &["none", "cpu", "heap", "goroutine", "threadcreate", "block", "mutex", "trace"];

/// The flags, which every subcommand has.
pub(super) fn flags() -> impl Iterator<Item = Flag> {
    let flags = [
        flags::text("namespace", "NAMESPACE", "Put the Secret into this namespace").short('n'),
        flags::text("context", "NAME", "Use this context of the kubeconfig"),
        flags::text("kubeconfig", "FILE", "Use this kubeconfig"),
        flags::text("cluster", "NAME", "Use this cluster of the kubeconfig"),
        flags::text("user", "NAME", "Use this user of the kubeconfig"),
        flags::text("server", "URL", "Talk to this API server").short('s'),
        flags::text("token", "TOKEN", "Log in with this bearer token"),
        flags::text("as", "USER", "Act as this user"),
        flags::list("as-group", "GROUP", "Act as a member of this group (can be repeated)"),
        flags::text("as-uid", "UID", "Act under this UID"),
        flags::list("as-user-extra", "KEY=VALUE", "Act with this extra (can be repeated)"),
        flags::text("username", "NAME", "Log in with this user name"),
        flags::text("password", "PASSWORD", "Log in with this password"),
        flags::text("certificate-authority", "FILE", "Trust this CA"),
        flags::text("client-certificate", "FILE", "Log in with this client certificate"),
        flags::text("client-key", "FILE", "Log in with this client key"),
        flags::text("tls-server-name", "NAME", "Expect this name in the server's certificate"),
        flags::switch("insecure-skip-tls-verify", "Do not check the server's certificate"),
        flags::text("proxy-url", "URL", "Go through this proxy"),
        flags::text(
            "request-timeout",
            "DURATION",
            "Give up on a request after this time [default: 0, never]",
        ),
        flags::switch("disable-compression", "Do not ask for compressed answers"),
        flags::switch("match-server-version", "Accepted for kubectl's sake, without effect"),
        flags::text("cache-dir", "DIR", "Accepted for kubectl's sake, without effect"),
        flags::text("kuberc", "FILE", "Accepted for kubectl's sake, without effect"),
        flags::text("profile", "NAME", "Accepted for kubectl's sake, without effect"),
        flags::text("profile-output", "FILE", "Accepted for kubectl's sake, without effect"),
        flags::text("v", "LEVEL", "Accepted for kubectl's sake, without effect")
            .short('v')
            .read_by(|| ValueParser::new(golang::ints::parse_int32)),
        flags::text("vmodule", "SETTINGS", "Accepted for kubectl's sake, without effect")
            .read_by(|| ValueParser::new(golang::vmodule::check_vmodule)),
        flags::text(
            "log-flush-frequency",
            "DURATION",
            "Accepted for kubectl's sake, without effect",
        )
        .read_by(|| ValueParser::new(golang::log_flush::parse_log_flush_frequency)),
        flags::switch(
            "warnings-as-errors",
            "Fail where there would be a warning, before anything is printed",
        ),
    ];
    flags.into_iter().map(|flag| flag.heading(HEADING).rare())
}

/// Flags that are accepted and do nothing, where they stand on the command line in a way that
/// would do something in kubectl.
pub(super) fn without_effect(matches: &ArgMatches) -> Vec<&'static str> {
    let profiled = text(matches, "profile").is_some_and(|profile| profile != "none");
    let rows = [
        ("kuberc", text(matches, "kuberc").is_some_and(|path| !path.is_empty())),
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
    #[error("unknown profile '{profile}'")]
    Profile {
        /// The name.
        profile: String,
    },
    /// `--proxy-url` that is no proxy's address.
    #[error("invalid 'proxy-url' {url:?} for cluster \"\": {error}")]
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
