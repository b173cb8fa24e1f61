//! User names, passwords and CAs with which nobody gets in.

use crate::material::ca_file::{self, CaFileError};
use crate::secret::Secret;
use crate::validate::{Place, Report, Rule, value};

/// What is wrong with a login, or with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginFinding {
    /// What tells programs of Windows how a text is written, and becomes a part of the value.
    #[error("begins with a byte order mark, which is part of its value")]
    ByteOrderMark,
    /// A file of CA certificates that is none.
    #[error("{0}")]
    Ca(CaFileError),
    /// A user name with a colon.
    #[error("has a colon, at which HTTP ends the name")]
    Colon,
    /// Nothing in it.
    #[error("is empty")]
    Empty,
}

impl LoginFinding {
    /// Whether nothing on a cluster can work with it.
    pub(in crate::validate) fn is_useless(&self) -> bool {
        match self {
            Self::Ca(_) | Self::Empty => true,
            Self::ByteOrderMark | Self::Colon => false,
        }
    }
}

/// A user name and a password.
pub(super) fn check(secret: &Secret, report: &mut Report) {
    let mut found = |key: &str, finding| {
        report.push(Place::Key(key.to_owned()), Rule::Login(finding));
    };
    for key in ["username", "password"] {
        let Some(value) = value(secret, key) else { continue };
        if value.is_empty() {
            found(key, LoginFinding::Empty);
        }
        if begins_with_mark(value.as_bytes()) {
            found(key, LoginFinding::ByteOrderMark);
        }
    }
    if value(secret, "username").is_some_and(|name| name.as_bytes().contains(&b':')) {
        found("username", LoginFinding::Colon);
    }
}

/// Whether a text begins with the byte order mark of UTF-8 or UTF-16.
pub(super) fn begins_with_mark(text: &[u8]) -> bool {
    [&[0xef, 0xbb, 0xbf][..], &[0xff, 0xfe], &[0xfe, 0xff]].iter().any(|b| text.starts_with(b))
}

/// The CA that a client of Git is given beside its login.
pub(super) fn check_ca(secret: &Secret, report: &mut Report) {
    let Some(ca) = value(secret, "ca.crt") else { return };
    if let Err(error) = ca_file::check(ca.as_bytes()) {
        report.push(Place::Key("ca.crt".to_owned()), Rule::Login(LoginFinding::Ca(error)));
    }
}
