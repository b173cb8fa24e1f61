//! What people regret of logins, and what was put right among them.

use std::fmt;
use std::path::PathBuf;

use super::super::rules;
use super::error::{left_hints, no_login_hint};
use super::merge::LeftOut;
use crate::kinds::docker_rules;
use crate::kinds::{Servers, log_in};
use crate::material::docker_server::Server;
use crate::material::keyring::Miss;
use crate::sources::{Origin, shown_path};
use crate::validate::{At, Rule, RuleInfo, Severity};

/// Something about the logins of a Secret, or about the flags that give them.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoginsFinding {
    /// An empty login, which a kubelet tries first for an image.
    #[error("the login of {server}, which a kubelet tries first for {image}, is empty")]
    Empty { image: String, server: Server },
    /// `--docker-*` flags beside `--from-file`, which makes them void.
    #[error("--from-file is used, so --{} {} no effect", flags.join(", --"), have(flags))]
    FlagsIgnored { flags: Vec<&'static str> },
    /// Logins of a Docker configuration that were not taken, beside others that were.
    #[error("skipped: {0}")]
    LeftOut(LeftOut),
    #[error("{more} more logins are also skipped")]
    MoreLeftOut { more: usize },
    /// An image for which a kubelet has no login.
    #[error("no login for {image} ({origin}){}", Near(near.as_ref(), *unread))]
    NoLogin {
        image: String,
        /// The server that is nearest to it, and what keeps it from that.
        near: Option<(Server, Miss)>,
        origin: Origin,
        /// Whether a kubelet reads none of the logins.
        unread: bool,
    },
    /// Several logins that a kubelet tries for an image, in this order.
    #[error("for {image} a kubelet tries the logins of {servers}, in this order")]
    Order { image: String, servers: Servers },
    /// The same, in an order that is not defined.
    #[error(
        "for {image} a kubelet tries the logins of {servers}, some of them in an order that is \
         not defined"
    )]
    OrderUndefined { image: String, servers: Servers },
    /// One file has two logins that a kubelet cannot tell apart.
    #[error(
        "{}: skipped the login of {other}: it is for the same images as that of {server}",
        shown_path(path)
    )]
    SameServer {
        path: PathBuf,
        /// The server whose login counts.
        server: Server,
        other: Server,
    },
    /// `--server`, which is the cluster's, where a registry seems meant.
    #[error("--server names the cluster; the login is for Docker Hub")]
    ServerOfCluster,
    #[error("{}: skipped {server}: Docker's own token, which cannot pull images", shown_path(path))]
    TokenOfDocker { path: PathBuf, server: Server },
}

impl Rule for LoginsFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Empty { .. } => &docker_rules::NO_LOGIN,
            Self::FlagsIgnored { .. } => &rules::NO_EFFECT,
            Self::LeftOut(_) | Self::MoreLeftOut { .. } => &rules::LOGIN_SKIPPED,
            Self::NoLogin { .. } => &rules::NO_LOGIN_FOR_IMAGE,
            Self::Order { .. } | Self::OrderUndefined { .. } => &rules::LOGIN_ORDER,
            Self::SameServer { .. } => &docker_rules::SAME_SERVER,
            Self::ServerOfCluster => &rules::OTHER_MEANING,
            Self::TokenOfDocker { .. } => &docker_rules::OWN_TOKEN,
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::NoLogin { .. } => Severity::Error,
            Self::MoreLeftOut { .. }
            | Self::Order { .. }
            | Self::SameServer { .. }
            | Self::TokenOfDocker { .. } => Severity::Note,
            Self::Empty { .. }
            | Self::FlagsIgnored { .. }
            | Self::LeftOut(_)
            | Self::OrderUndefined { .. }
            | Self::ServerOfCluster => Severity::Warning,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::Empty { server, .. } => return log_in(server),
            Self::FlagsIgnored { .. } => "leave out either those or --from-file".to_owned(),
            Self::LeftOut(left) => return left_hints(left),
            Self::NoLogin { image, .. } => no_login_hint(image),
            Self::OrderUndefined { .. } => {
                "keep one of them: a later login of the same registry is rarely needed".to_owned()
            }
            Self::ServerOfCluster => "set the registry: --docker-server=HOST".to_owned(),
            Self::MoreLeftOut { .. }
            | Self::Order { .. }
            | Self::SameServer { .. }
            | Self::TokenOfDocker { .. } => return Vec::new(),
        };
        vec![hint]
    }
}

fn have(flags: &[&str]) -> &'static str {
    if flags.len() == 1 { "has" } else { "have" }
}

/// What is said of the nearest server.
struct Near<'a>(Option<&'a (Server, Miss)>, bool);

impl fmt::Display for Near<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(_, true) => f.write_str(": a kubelet cannot read any of the logins"),
            Self(None, false) => Ok(()),
            Self(Some((server, miss)), false) => write!(f, "; the closest, {server}, {miss}"),
        }
    }
}
