//! SSH keys with which nobody gets in, and keys of hosts that nobody finds.

use crate::material::known_hosts;
use crate::material::ssh_key::{self, Doubt, SshKeyError};
use crate::secret::{Secret, Value};
use crate::validate::{Place, Report, Rule, value};

const KEY: &str = "ssh-privatekey";
const HOSTS: &str = "known_hosts";

/// What is wrong with what an SSH client is given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SshFinding {
    /// A key that may not work.
    #[error("{0}")]
    Doubt(Doubt),
    /// Hosts' keys that OpenSSH passes over.
    #[error(
        "{} no host and its key, and {} passed over (line {line})",
        if *.count == 1 { "1 line names".to_owned() } else { format!("{count} lines name") },
        if *.count == 1 { "is" } else { "are" }
    )]
    HostsPassedOver {
        /// How many lines.
        count: usize,
        /// The first of them, counted from 1.
        line: usize,
    },
    /// A key that no client can use.
    #[error("{0}")]
    Key(SshKeyError),
    /// No host's key at all.
    #[error("no line names a host and its key")]
    NoHosts,
    /// A key whose last line has no line feed.
    #[error("its final newline is missing, without which ssh does not read it")]
    NoFinalNewline,
}

impl SshFinding {
    /// Whether nothing on a cluster can work with it.
    pub(in crate::validate) fn is_useless(&self) -> bool {
        match self {
            Self::Key(_) | Self::NoFinalNewline | Self::NoHosts => true,
            Self::Doubt(_) | Self::HostsPassedOver { .. } => false,
        }
    }
}

pub(super) fn check(secret: &Secret, report: &mut Report) {
    let mut found = |key: &str, finding| {
        report.push(Place::Key(key.to_owned()), Rule::Ssh(finding));
    };
    // An empty key is refused by the API server itself.
    match value(secret, KEY).filter(|key| !key.is_empty()).map(|key| ssh_key::parse(key.as_bytes()))
    {
        None => {}
        Some(Err(error)) => found(KEY, SshFinding::Key(error)),
        Some(Ok(key)) => {
            if !key.final_newline {
                found(KEY, SshFinding::NoFinalNewline);
            }
            key.doubts.into_iter().for_each(|doubt| found(KEY, SshFinding::Doubt(doubt)));
        }
    }
    if let Some(finding) = value(secret, HOSTS).and_then(hosts) {
        found(HOSTS, finding);
    }
}

fn hosts(file: &Value) -> Option<SshFinding> {
    let known = known_hosts::parse(file.as_bytes());
    match known.passed_over.first() {
        _ if known.hosts == 0 => Some(SshFinding::NoHosts),
        Some(line) => {
            Some(SshFinding::HostsPassedOver { count: known.passed_over.len(), line: *line })
        }
        None => None,
    }
}
