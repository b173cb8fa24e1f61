//! kubectl's global flags, which every subcommand has: how to reach a cluster, and how to act
//! there.

use super::{Flag, FlagKind, List, Number, Section, Single, Switch};
use crate::golang;

/// The help of flags without effect.
const IGNORED: &str = "Ignored; accepted for kubectl compatibility";
/// What `--profile` takes, a word a line.
pub(crate) const PROFILES: &str = "none\ncpu\nheap\ngoroutine\nthreadcreate\nblock\nmutex\ntrace";

#[inline(always)]
const fn global<T: Copy>(flag: Flag<T>) -> Flag<T> {
    flag.section(Section::Global).rare().of_kubectl()
}

#[inline(always)]
const fn text(name: &'static str, value: &'static str, help: &'static str) -> Flag<Single> {
    global(super::text(name, value, help))
}

super::table! {
/// All of them, in the order of help.
pub(crate) fn flags;

pub(crate) const NAMESPACE: Flag<Single> = text("namespace", "NAMESPACE", "Use this namespace")
    .short('n')
    .section(Section::Cluster)
    .always()
    .kind(FlagKind::Namespace);
pub(crate) const CONTEXT: Flag<Single> = text("context", "NAME", "Use this kubeconfig context")
    .section(Section::Cluster)
    .always()
    .kind(FlagKind::Context);
pub(crate) const KUBECONFIG: Flag<Single> = text("kubeconfig", "FILE", "Use this kubeconfig")
    .section(Section::Cluster)
    .kind(FlagKind::File);
pub(crate) const CLUSTER: Flag<Single> =
    text("cluster", "NAME", "Use this cluster of the kubeconfig").kind(FlagKind::Cluster);
pub(crate) const USER: Flag<Single> =
    text("user", "NAME", "Use this user of the kubeconfig").kind(FlagKind::User);
pub(crate) const SERVER: Flag<Single> =
    text("server", "URL", "Set the API server's address").short('s').kind(FlagKind::Server);
pub(crate) const TOKEN: Flag<Single> =
    text("token", "TOKEN", "Authenticate with this bearer token").kind(FlagKind::Secret);
pub(crate) const AS: Flag<Single> = text("as", "USER", "Impersonate this user");
pub(crate) const AS_GROUP: Flag<List> =
    global(super::list("as-group", "GROUP", "Impersonate this group [repeatable]"));
pub(crate) const AS_UID: Flag<Single> = text("as-uid", "UID", "Impersonate this UID");
pub(crate) const AS_USER_EXTRA: Flag<List> =
    global(super::list("as-user-extra", "KEY=VALUE", "Add this extra to --as [repeatable]"));
pub(crate) const USERNAME: Flag<Single> =
    text("username", "NAME", "Authenticate with this user name");
pub(crate) const PASSWORD: Flag<Single> =
    text("password", "PASSWORD", "Authenticate with this password").kind(FlagKind::Secret);
pub(crate) const CERTIFICATE_AUTHORITY: Flag<Single> =
    text("certificate-authority", "FILE", "Verify the server with this CA")
        .kind(FlagKind::Certificate);
pub(crate) const CLIENT_CERTIFICATE: Flag<Single> =
    text("client-certificate", "FILE", "Authenticate with this client certificate")
        .kind(FlagKind::Certificate);
pub(crate) const CLIENT_KEY: Flag<Single> =
    text("client-key", "FILE", "Authenticate with this client key").kind(FlagKind::PrivateKey);
pub(crate) const TLS_SERVER_NAME: Flag<Single> =
    text("tls-server-name", "NAME", "Expect this name in the server's certificate");
pub(crate) const INSECURE_SKIP_TLS_VERIFY: Flag<Switch> =
    global(super::switch("insecure-skip-tls-verify", "Do not verify the server's certificate"));
pub(crate) const PROXY_URL: Flag<Single> =
    text("proxy-url", "URL", "Connect through this proxy").kind(FlagKind::Url);
pub(crate) const REQUEST_TIMEOUT: Flag<Single> =
    text("request-timeout", "DURATION", "Limit the time of a request [default: 0, no limit]")
        .kind(FlagKind::Duration);
const _: Flag<Switch> =
    global(super::switch("disable-compression", "Do not request compressed responses"));
pub(crate) const MATCH_SERVER_VERSION: Flag<Switch> =
    global(super::switch("match-server-version", IGNORED));
const _: Flag<Single> = text("cache-dir", "DIR", IGNORED).kind(FlagKind::Folder);
pub(crate) const KUBERC: Flag<Single> =
    text("kuberc", "FILE", "Use this file of kubectl preferences").kind(FlagKind::File);
pub(crate) const PROFILE: Flag<Single> =
    text("profile", "NAME", IGNORED).kind(FlagKind::Choice(PROFILES));
const _: Flag<Single> = text("profile-output", "FILE", IGNORED).kind(FlagKind::File);
/// The verbosity. kubectl's preferences cannot set klog's flags.
pub(crate) const V: Flag<Number> =
    super::number("v", "LEVEL", "Log kuberc: 5, requests: 6, headers: 8 [default: 0]")
        .short('v')
        .section(Section::Global)
        .rare();
const _: Flag<Single> = super::text("vmodule", "SETTINGS", IGNORED)
    .checked_by(|text| golang::vmodule::check_vmodule(text).map(drop).map_err(|e| e.to_string()))
    .section(Section::Global)
    .rare();
const _: Flag<Single> = super::text("log-flush-frequency", "DURATION", IGNORED)
    .kind(FlagKind::Duration)
    .checked_by(|text| {
        golang::log_flush::parse_log_flush_frequency(text).map(drop).map_err(|e| e.to_string())
    })
    .section(Section::Global)
    .rare();
pub(crate) const WARNINGS_AS_ERRORS: Flag<Switch> =
    global(super::switch("warnings-as-errors", "Fail on a warning, before anything is printed"))
        .section(Section::Output);
}
