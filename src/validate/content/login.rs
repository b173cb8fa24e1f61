//! User names, passwords and CAs with which nobody gets in.

use jiff::Timestamp;

use super::ValueFault;
use crate::material::ca_file::{self, CaFileError};
use crate::secret::Secret;
use crate::validate::{Place, Report, Rule, value};

/// What is wrong with a login, or with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginFinding {
    /// A file of CA certificates that is none.
    #[error("{0}")]
    Ca(CaFileError),
    /// A user name with a colon.
    #[error("has a colon, at which HTTP ends the name")]
    Colon,
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// Something that clients take for a part of the value.
    #[error("{0}")]
    Value(ValueFault),
}

impl LoginFinding {
    /// Whether nothing on a cluster can work with it.
    pub(in crate::validate) fn is_useless(&self) -> bool {
        match self {
            Self::Ca(_) | Self::Empty => true,
            Self::Colon | Self::Value(_) => false,
        }
    }
}

/// A user name and a password.
pub(super) fn check(secret: &Secret, now: &dyn Fn() -> Timestamp, report: &mut Report) {
    let mut found = |key: &str, finding| {
        report.push(Place::Key(key.to_owned()), Rule::Login(finding));
    };
    for key in ["username", "password"] {
        let Some(value) = value(secret, key) else { continue };
        if value.is_empty() {
            found(key, LoginFinding::Empty);
        }
        for fault in ValueFault::of(value.as_bytes(), now) {
            found(key, LoginFinding::Value(fault));
        }
    }
    if value(secret, "username").is_some_and(|name| name.as_bytes().contains(&b':')) {
        found("username", LoginFinding::Colon);
    }
}

/// The CA that a client of Git is given beside its login.
pub(super) fn check_ca(secret: &Secret, report: &mut Report) {
    let Some(ca) = value(secret, "ca.crt") else { return };
    if let Err(error) = ca_file::check(ca.as_bytes()) {
        report.push(Place::Key("ca.crt".to_owned()), Rule::Login(LoginFinding::Ca(error)));
    }
}
