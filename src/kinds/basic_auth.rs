//! User names, passwords and CAs with which nobody gets in.

use std::path::Path;

use super::{Context, KubernetesType, ValueFault, value_fault};
use crate::material::ca_file::{self, CaFileError};
use crate::material::hints::{found_hints, mark_hints};
use crate::material::key_pair::Input;
use crate::secret::Secret;
use crate::sources::{Origin, certificates_of, shell_word};
use crate::validate::{At, Missing, Place, Report, Rule, RuleInfo, value};

/// A user name and a password.
pub(crate) const BASIC_AUTH: &str = "kubernetes.io/basic-auth";

pub(super) const ROW: KubernetesType = KubernetesType {
    name: BASIC_AUTH,
    about: "a user name and a password",
    keys: &["username", "password"],
    required,
    rules,
};

/// A user name or a password is there, empty or not. The server names both as missing.
fn required(secret: &Secret, report: &mut Report) {
    if value(secret, "username").or(value(secret, "password")).is_none() {
        report.push(Place::Key("username".to_owned()), Missing::Either { or: "password" });
    }
}

/// What is wrong with a login, or with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoginFinding {
    #[error("{0}")]
    Ca(CaFileError),
    #[error("has a colon, at which HTTP ends the name")]
    Colon,
    #[error("is empty")]
    Empty,
    /// Something that clients take for a part of the value.
    #[error("{0}")]
    Value(ValueFault),
}

pub(super) static RULES: &[&RuleInfo] = &[&CA, &COLON];

static CA: RuleInfo = RuleInfo::warning(
    "login/ca",
    "The value under ca.crt is not a file of certificates in PEM, or it contains a private \
     key. Git clients that use it as their CA fail, or the key is published with the Secret.",
);
static COLON: RuleInfo = RuleInfo::warning(
    "login/colon",
    "HTTP basic authentication ends the user name at the first colon, so a user name with a \
     colon cannot log in.",
);

impl Rule for LoginFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Ca(_) => &CA,
            Self::Colon => &COLON,
            Self::Empty => &value_fault::EMPTY,
            Self::Value(fault) => fault.info(),
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        match self {
            Self::Ca(error) => ca_hints(at.path_or("FILE"), error),
            Self::Value(fault) => value_hints(*fault, at.origin),
            Self::Colon => vec!["use another name".to_owned()],
            Self::Empty => match at.origin {
                Some(Origin { path: Some(path), .. }) => {
                    vec![format!("add it to {}", shell_word(path))]
                }
                Some(Origin { flag, .. }) => {
                    vec![format!("leave out --{flag}; a shell variable may be unset")]
                }
                None => Vec::new(),
            },
        }
    }

    fn is_useless(&self) -> bool {
        match self {
            Self::Ca(_) | Self::Empty => true,
            Self::Colon | Self::Value(_) => false,
        }
    }
}

/// What to do about what clients take for a part of a value.
fn value_hints(fault: ValueFault, origin: Option<&Origin>) -> Vec<String> {
    match fault {
        ValueFault::Mark(mark) => mark_hints(mark, origin),
        ValueFault::FinalNewline | ValueFault::Newline => vec![match origin {
            Some(Origin { path: Some(path), .. }) => {
                format!("remove it: tr -d '\\r\\n' < {} > plain.txt", shell_word(path))
            }
            _ => "use printf %s \"$PASSWORD\" instead of echo".to_owned(),
        }],
        ValueFault::Expired(_) | ValueFault::Expires(_) => {
            vec!["use one that does not expire, or recreate the Secret on a schedule".to_owned()]
        }
    }
}

fn ca_hints(path: &Path, error: &CaFileError) -> Vec<String> {
    let file = shell_word(path);
    match error {
        CaFileError::Certificate { .. } => {
            vec![format!("inspect it: openssl storeutl -noout -text -certs {file}")]
        }
        CaFileError::NoCertificate { found } => found_hints(found, Input::Certificate, path),
        CaFileError::PrivateKey { .. } => {
            vec![format!("keep only its certificates: {} > ca.pem", certificates_of(path))]
        }
    }
}

fn rules(secret: &Secret, context: &Context<'_>, report: &mut Report) {
    let mut found = |key: &str, finding| {
        report.push(Place::Key(key.to_owned()), finding);
    };
    for key in ["username", "password"] {
        let Some(value) = value(secret, key) else { continue };
        if value.is_empty() && !context.allow_empty {
            found(key, LoginFinding::Empty);
        }
        for fault in ValueFault::of(value.as_bytes(), context.now) {
            found(key, LoginFinding::Value(fault));
        }
    }
    if value(secret, "username").is_some_and(|name| name.as_bytes().contains(&b':')) {
        found("username", LoginFinding::Colon);
    }
    check_ca(secret, report);
}

/// The CA that a client of Git is given beside its login.
pub(super) fn check_ca(secret: &Secret, report: &mut Report) {
    let Some(ca) = value(secret, "ca.crt") else { return };
    if let Err(error) = ca_file::check(ca.as_bytes()) {
        report.push(Place::Key("ca.crt".to_owned()), LoginFinding::Ca(error));
    }
}
