//! Dates and hosts of certificates.

use jiff::{SignedDuration, Timestamp};

use crate::hints::Fault;
use crate::material::certificate::Certificate;
use crate::material::host_name;
use crate::shown;

/// What is wrong with the dates of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DateFault {
    #[error("is valid until {on}, which is less than {asked} from now: {}", Left(*left))]
    EndsTooSoon { left: SignedDuration, on: Timestamp, asked: String },
    #[error("expired on {on}")]
    Expired { on: Timestamp },
    #[error("is not valid before {from}")]
    NotYetValid { from: Timestamp },
}

impl DateFault {
    pub(crate) fn at(now: Timestamp, begin: Timestamp, end: Timestamp) -> Option<Self> {
        if now < begin {
            return Some(Self::NotYetValid { from: begin });
        }
        (now > end).then_some(Self::Expired { on: end })
    }
}

/// A span of time in whole days, or less.
struct Left(SignedDuration);

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0.as_hours() / 24, self.0.as_hours()) {
            (0, 0) => f.write_str("less than an hour"),
            (0, 1) => f.write_str("1 hour"),
            (0, hours) => write!(f, "{hours} hours"),
            (1, _) => f.write_str("1 day"),
            (days, _) => write!(f, "{days} days"),
        }
    }
}

impl Fault for DateFault {
    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::EndsTooSoon { .. } | Self::Expired { .. } => {
                "have the CA issue a new one".to_owned()
            }
            Self::NotYetValid { .. } => "check the clock: date -u".to_owned(),
        }]
    }
}

/// A host that a certificate does not name.
#[derive(Debug, thiserror::Error)]
#[error("the certificate is not for {}", shown::Host(host))]
pub(crate) struct HostUnnamed {
    host: String,
    /// The hosts that it names.
    names: Vec<String>,
}

impl HostUnnamed {
    /// What is wrong if a server at `host` shows this certificate.
    pub(crate) fn of(host: &str, leaf: &Certificate) -> Option<Self> {
        (!host_name::is_among(host, &leaf.names)).then(|| Self {
            host: host.to_owned(),
            names: leaf.names.iter().map(ToString::to_string).collect(),
        })
    }
}

impl Fault for HostUnnamed {
    fn hints(&self) -> Vec<String> {
        vec![match self.names.as_slice() {
            [] => "its subject alternative names contain no host".to_owned(),
            names => format!("it is for {}", some_of(names)),
        }]
    }
}

/// The first of many names.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", names.get(..SHOWN).unwrap_or(names).join(", "))
}
