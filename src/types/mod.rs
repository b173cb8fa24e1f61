//! The secret types: a file each with its flags, what it builds, its tests. A type is a row of
//! [`TYPES`]; parser, help, completions and manual pages follow from the row.

mod basic_auth;
mod bootstrap_token;
mod build;
mod credential;
mod docker_registry;
mod empty;
mod env_finding;
mod error;
mod extras;
mod finding;
mod generic;
mod join;
mod newline;
pub(crate) mod rules;
mod service_account_token;
mod shell_quoting;
mod ssh_auth;
mod tls;
mod token;
mod values;

use crate::flags::Flag;

pub(crate) use basic_auth::BasicAuthError;
pub(crate) use bootstrap_token::BootstrapError;
pub(crate) use build::{Build, Built, Printed};
pub(crate) use credential::CredentialError;
pub(crate) use docker_registry::DockerError;
pub(crate) use empty::{EmptyValues, empty_findings};
pub(crate) use error::BuildError;
pub(crate) use generic::GenericError;
pub(crate) use generic::{LITERAL as FROM_LITERAL, TYPE};
pub(crate) use newline::TRIM as TRIM_NEWLINE;
pub(crate) use service_account_token::ServiceAccountError;
pub(crate) use service_account_token::WAIT;
pub(crate) use ssh_auth::SshAuthError;
pub(crate) use tls::PASSPHRASE_PROMPT;
pub(crate) use tls::TlsError;
pub(crate) use values::{RANDOM as FROM_RANDOM, STDIN as FROM_STDIN};
pub(crate) use values::{ValueError, Variable};

/// A secret type as the command line knows it.
pub(crate) struct SecretType {
    pub name: &'static str,
    /// The first line of its help.
    pub about: &'static str,
    /// What its help says beyond that.
    pub details: &'static str,
    /// Command lines that show how it is used, with a comment above each.
    pub examples: &'static str,
    /// The flags in its usage line, required ones without brackets.
    pub required: &'static str,
    /// Whether the name may be left out.
    pub name_optional: bool,
    /// Whether kubectl prints one with an empty name, which it does where it does not look at it.
    pub empty_name: bool,
    pub flags: fn() -> Vec<Flag>,
    /// Those of its own flags that have the name of a global flag of kubectl, which gives way.
    pub takes_over: &'static [&'static str],
    /// The questions that `mksecret new` asks of itself, in their order; all other flags stand in
    /// its menu. A credential is named by its plain flag, or by its name where it has none.
    pub asks: &'static [Ask],
    /// Who judges what is in the Secret.
    pub contents: Contents,
    /// Reads its sources and builds the Secret.
    pub build: fn(&Build<'_>) -> Result<Built, BuildError>,
}

/// Who judges the contents of a Secret, beside the API server's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    Built,
    /// The rules of the type: with which nothing on a cluster can work is rejected, since the
    /// subcommand says what the Secret is for.
    Typed,
    /// The rules of the type, which warn.
    Untyped,
}

impl SecretType {
    /// NAME, as its usage line shows it.
    pub(crate) const fn name_word(&self) -> &'static str {
        if self.name_optional { "[TOKEN]" } else { "NAME" }
    }

    /// What follows its name in its usage line.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.name_word(), self.required).trim_end().to_owned()
    }
}

/// A flag whose value `mksecret new` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub flag: &'static str,
    /// Whether there is no Secret without it.
    pub needed: bool,
    /// Flags that answer it as well.
    pub unless: &'static [&'static str],
}

impl Ask {
    /// Without this there is no Secret.
    const fn needed(flag: &'static str) -> Self {
        Self { flag, needed: true, unless: &[] }
    }

    /// This may be left out.
    const fn optional(flag: &'static str) -> Self {
        Self { flag, needed: false, unless: &[] }
    }

    /// Not asked if one of these flags is given.
    const fn unless(self, flags: &'static [&'static str]) -> Self {
        Self { unless: flags, ..self }
    }
}

/// All secret types, in the order of the help.
pub(crate) const TYPES: &[SecretType] = &[
    generic::ROW,
    docker_registry::ROW,
    tls::ROW,
    basic_auth::ROW,
    ssh_auth::ROW,
    service_account_token::ROW,
    bootstrap_token::ROW,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_are_complete_and_unlike() {
        let mut names = BTreeSet::new();
        for row in TYPES {
            assert!(names.insert(row.name), "{} stands twice", row.name);
            assert!(!row.about.ends_with('.'), "{}: about ends with a full stop", row.name);
            assert!(row.examples.contains("mksecret "), "{} has no example", row.name);
            let mut flags = BTreeSet::new();
            for flag in (row.flags)() {
                assert!(!flag.help.is_empty(), "--{} has no help", flag.name);
                assert!(flags.insert(flag.name), "--{} twice", flag.name);
            }
            for Ask { flag, unless, .. } in row.asks {
                assert!(unless.iter().all(|other| flags.contains(other)), "{} {flag}", row.name);
                let known = flags.contains(flag) || flags.contains(&*format!("{flag}-file"));
                assert!(known, "{} asks for --{flag}, which it does not have", row.name);
            }
        }
    }
}
