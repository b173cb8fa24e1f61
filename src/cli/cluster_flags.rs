//! kubectl's global flags: how to reach a cluster, and how to act there. When a manifest is
//! printed they are checked for their form alone.

use std::ffi::OsString;

use super::addresses::{self, ProxyError, ServerError};
use crate::flags::{self, Flag, Given, Single, global};
use crate::golang;
use crate::shown;

/// Flags that are accepted and do nothing, where they stand on the command line in a way that
/// would do something in kubectl.
pub(super) fn without_effect(matches: &Given) -> Vec<&'static str> {
    let profiled = text(matches, &global::PROFILE).is_some_and(|profile| profile != "none");
    let rows = [
        (global::MATCH_SERVER_VERSION.name, flags::is_on(matches, &global::MATCH_SERVER_VERSION)),
        (global::PROFILE.name, profiled),
    ];
    rows.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
}

/// Checks the forms that kubectl checks even when it only prints, in kubectl's order. Flags that
/// the type has `taken_over` mean something else.
pub(super) fn check(matches: &Given, taken_over: &[&str]) -> Result<(), ClusterFlagError> {
    let given = |flag| text(matches, flag).filter(|value| !value.is_empty());
    if let Some(profile) = text(matches, &global::PROFILE).filter(|profile| !is_profile(profile)) {
        return Err(ClusterFlagError::Profile { profile });
    }
    if let Some(timeout) = text(matches, &global::REQUEST_TIMEOUT) {
        golang::durations::parse_request_timeout(&timeout)?;
    }
    if let Some(server) = given(&global::SERVER) {
        addresses::check_server(&server)?;
    }
    if let Some(url) = given(&global::PROXY_URL) {
        addresses::check_proxy(&url).map_err(|error| ClusterFlagError::Proxy {
            url: golang::urls::without_userinfo(&url).into_owned(),
            error,
        })?;
    }
    let has_login = [&global::USERNAME, &global::PASSWORD]
        .into_iter()
        .any(|flag| !taken_over.contains(&flag.name) && given(flag).is_some());
    if has_login && given(&global::TOKEN).is_some() {
        return Err(ClusterFlagError::TwoLogins);
    }
    Ok(())
}

fn is_profile(text: &str) -> bool {
    global::PROFILES.lines().any(|profile| profile == text)
}

/// Checks that whoever is to be acted as is named, for a run that reads no kubeconfig: one may name
/// them.
pub(super) fn check_acting(matches: &Given) -> Result<(), ClusterFlagError> {
    let given = |flag| text(matches, flag).is_some_and(|value| !value.is_empty());
    let groups = flags::values(matches, &global::AS_GROUP).next().is_some();
    let extras = flags::values(matches, &global::AS_USER_EXTRA)
        .any(|extra| extra.to_string_lossy().contains('='));
    if !given(&global::AS) && (groups || extras || given(&global::AS_UID)) {
        return Err(ClusterFlagError::NobodyToActAs);
    }
    Ok(())
}

#[inline]
fn text(matches: &Given, flag: &Flag<Single>) -> Option<String> {
    lossy(flags::given(matches, flag))
}

fn lossy(value: Option<OsString>) -> Option<String> {
    value.map(|value| value.to_string_lossy().into_owned())
}

/// What is wrong with a flag's form, in kubectl's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClusterFlagError {
    #[error("requesting uid, groups or user-extra for  without impersonating a user")]
    NobodyToActAs,
    /// `--profile` of a name that kubectl does not know.
    #[error("unknown profile {}", shown::Quoted(profile))]
    Profile { profile: String },
    #[error("invalid 'proxy-url' {} for cluster \"\": {error}", shown::Address(url))]
    Proxy {
        /// The address, without what stands before its `@`.
        url: String,
        error: ProxyError,
    },
    /// `--server` that is no address.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// `--request-timeout` that is no time.
    #[error(transparent)]
    Timeout(#[from] golang::durations::TimeoutError),
    /// A bearer token and a user name.
    #[error(
        "more than one authentication method found for ; found [token basicAuth], only one is allowed"
    )]
    TwoLogins,
}
