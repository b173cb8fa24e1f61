//! SSH keys with which nobody gets in, and keys of hosts that nobody finds.

use crate::kinds;
use crate::material::known_hosts::{self, Unfound};
use crate::material::ssh_key::{self, Doubt, SshKeyError};
use crate::secret::{Secret, Value};
use crate::validate::{Place, Report, Rule, value};

use super::tls;

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
        "{} (line {line})",
        if *.count == 1 {
            "1 line is not a valid entry and is ignored".to_owned()
        } else {
            format!("{count} lines are not valid entries and are ignored")
        }
    )]
    HostsPassedOver {
        /// How many lines.
        count: usize,
        /// The first of them, counted from 1.
        line: usize,
    },
    /// A host's key that no connection finds.
    #[error("line {line} {unfound}")]
    HostUnfound {
        /// Counted from 1.
        line: usize,
        /// Why.
        unfound: Unfound,
    },
    /// A key that no client can use.
    #[error("{0}")]
    Key(SshKeyError),
    /// No host's key at all.
    #[error("no line is a valid entry")]
    NoHosts,
    /// A key whose last line has no line feed.
    #[error("the trailing newline is missing, and ssh needs it")]
    NoFinalNewline,
}

impl SshFinding {
    /// Whether nothing on a cluster can work with it.
    pub(in crate::validate) fn is_useless(&self) -> bool {
        match self {
            Self::Key(_) | Self::NoFinalNewline | Self::NoHosts => true,
            Self::Doubt(_) | Self::HostUnfound { .. } | Self::HostsPassedOver { .. } => false,
        }
    }
}

pub(super) fn check(secret: &Secret, report: &mut Report) {
    // An empty key is refused by the API server itself.
    if let Some(key) = value(secret, KEY).filter(|key| !key.is_empty()) {
        check_key(KEY, key, report);
    }
    if let Some(file) = value(secret, HOSTS) {
        check_hosts(HOSTS, file, report);
    }
}

/// Values of any Secret that are what SSH clients are given, as Flux and Argo CD keep them in Secrets
/// without a type of their own.
pub(super) fn check_others(secret: &Secret, report: &mut Report) {
    let is_ssh = secret.secret_type.as_str() == kinds::SSH_AUTH;
    let is_tls = secret.secret_type.as_str() == kinds::TLS;
    let others =
        secret.data.iter().filter(|(key, _)| !is_ssh || ![KEY, HOSTS].contains(&key.as_str()));
    for (key, value) in others {
        let name = key.as_str();
        // What begins like neither costs nothing.
        match value.as_bytes() {
            [] => {}
            bytes if is_key(name, bytes, secret) => check_key(name, value, report),
            // The pair of a TLS Secret has been checked as one.
            _ if is_tls && name == "tls.key" => {}
            bytes if tls::is_key(bytes) => tls::check_key(name, bytes, report),
            bytes if name.ends_with("known_hosts") || known_hosts::is_like(bytes) => {
                check_hosts(name, value, report);
            }
            _ => {}
        }
    }
}

/// Whether a value is an SSH key: in OpenSSH's own form, or in PEM where its key or its neighbour
/// says that it is one. Other keys in PEM are for TLS.
fn is_key(name: &str, bytes: &[u8], secret: &Secret) -> bool {
    let text = bytes.trim_ascii_start();
    // The base64 of `openssh-key-v1`, without the lines of dashes.
    if text.starts_with(b"-----BEGIN OPENSSH PRIVATE KEY-----")
        || text.starts_with(b"b3BlbnNzaC1rZXktdjEA")
    {
        return true;
    }
    let is_named = || {
        let name = name.to_ascii_lowercase();
        let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
        name.starts_with("id_")
            || name.contains("ssh")
            || words.any(|word| matches!(word, "deploy" | "git" | "identity"))
            || secret.data.iter().any(|(key, _)| key.as_str().ends_with("known_hosts"))
    };
    tls::is_key(text) && is_named()
}

fn check_key(name: &str, key: &Value, report: &mut Report) {
    let mut found = |finding| report.push(Place::Key(name.to_owned()), Rule::Ssh(finding));
    match ssh_key::parse(key.as_bytes()) {
        Err(error) => found(SshFinding::Key(error)),
        Ok(key) => {
            if !key.final_newline {
                found(SshFinding::NoFinalNewline);
            }
            for doubt in key.doubts {
                found(SshFinding::Doubt(doubt));
            }
        }
    }
}

fn check_hosts(name: &str, file: &Value, report: &mut Report) {
    const SHOWN: usize = 3;
    let mut found = |finding| report.push(Place::Key(name.to_owned()), Rule::Ssh(finding));
    let known = known_hosts::parse(file.as_bytes());
    match known.passed_over.first() {
        _ if known.hosts == 0 => found(SshFinding::NoHosts),
        Some(line) => {
            found(SshFinding::HostsPassedOver { count: known.passed_over.len(), line: *line });
        }
        None => {}
    }
    for (line, unfound) in known.unfound.into_iter().take(SHOWN) {
        found(SshFinding::HostUnfound { line, unfound });
    }
}
