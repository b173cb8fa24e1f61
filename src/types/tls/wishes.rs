//! What is demanded of a certificate beyond kubectl's checks: dates and hosts.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{HOSTNAME, MIN_VALIDITY};
use crate::flags;
use crate::golang::durations::{DurationError, GoDuration, parse_duration};
use crate::material::chain::Member;
use crate::material::host_name;
use crate::types::build::{Build, Built, Refusal, Warning};

/// What is demanded.
pub(super) struct Wishes {
    /// Hosts that the leaf must be for.
    hosts: Vec<String>,
    /// How long the whole chain must be valid yet, and how that was said.
    min_validity: Option<(SignedDuration, String)>,
}

impl Wishes {
    pub(super) fn from_flags(asked: &Build<'_>) -> Result<Self, WishError> {
        let hosts = flags::values(asked.flags, HOSTNAME).map(|host| {
            let host = host.to_string_lossy().into_owned();
            if host_name::is_host(&host) { Ok(host) } else { Err(WishError::HostName { host }) }
        });
        let hosts = hosts.collect::<Result<_, _>>()?;
        let min_validity = match flags::given(asked.flags, MIN_VALIDITY) {
            Some(text) => {
                let text = text.to_string_lossy().into_owned();
                let time = parse_time(&text).map_err(WishError::MinValidity)?;
                if time.is_negative() {
                    return Err(WishError::MinValidityNegative);
                }
                Some((time, text))
            }
            None => None,
        };
        Ok(Self { hosts, min_validity })
    }

    /// Looks at the certificates of a file, the leaf first.
    pub(super) fn judge(&self, built: &mut Built, chain: &[Member], path: &Path, now: Timestamp) {
        for member in chain {
            let certificate = &member.certificate;
            let (begin, end) = (certificate.not_before, certificate.not_after);
            let Some(fault) = self.date_fault(begin, end, now) else { continue };
            let (path, place) = (path.to_owned(), member.place.clone());
            if self.min_validity.is_some() {
                built.refusals.push(Refusal::Date { path, place, fault });
            } else {
                built.warnings.push(Warning::Date { path, place, fault });
            }
        }
        let Some(leaf) = chain.first() else { return };
        let names = &leaf.certificate.names;
        for host in self.hosts.iter().filter(|host| !host_name::is_among(host, names)) {
            built.refusals.push(Refusal::HostName {
                path: path.to_owned(),
                host: host.clone(),
                names: names.iter().map(ToString::to_string).collect(),
            });
        }
    }

    fn date_fault(&self, begin: Timestamp, end: Timestamp, now: Timestamp) -> Option<DateFault> {
        if now < begin {
            return Some(DateFault::NotYetValid { from: begin });
        }
        if now > end {
            return Some(DateFault::Expired { on: end });
        }
        let (time, asked) = self.min_validity.as_ref()?;
        let left = end.duration_since(now);
        (left < *time).then(|| DateFault::EndsTooSoon { left, on: end, asked: asked.clone() })
    }
}

/// Whole days (`30d`), or a duration as Go writes it (`36h`).
fn parse_time(text: &str) -> Result<SignedDuration, DurationError> {
    let days = text.strip_suffix('d').filter(|days| days.bytes().all(|b| b.is_ascii_digit()));
    let days = days.and_then(|days| days.parse::<i64>().ok());
    let days = days.and_then(|days| days.checked_mul(24 * 60 * 60));
    match days {
        Some(seconds) => Ok(SignedDuration::from_secs(seconds)),
        None => parse_duration(text).map(|GoDuration(nanos)| SignedDuration::from_nanos(nanos)),
    }
}

/// A demand that cannot be met, whatever the certificate.
#[derive(Debug, thiserror::Error)]
pub enum WishError {
    /// `--hostname` is neither a name nor an address.
    #[error("--hostname: {host:?} is no host name and no address")]
    HostName {
        /// As it was given.
        host: String,
    },
    /// `--min-validity` is no time.
    #[error("--min-validity: {0}")]
    MinValidity(DurationError),
    /// `--min-validity` is below nothing.
    #[error("--min-validity: a time below 0 is no demand")]
    MinValidityNegative,
}

/// What is wrong with the dates of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// It is valid, but not for long enough.
    #[error("is valid until {on}, which is less than {asked} from now: {}", Left(*left))]
    EndsTooSoon {
        /// What is left.
        left: SignedDuration,
        /// The end.
        on: Timestamp,
        /// What was asked for.
        asked: String,
    },
    /// It is not valid any more.
    #[error("expired on {on}")]
    Expired {
        /// The end.
        on: Timestamp,
    },
    /// It is not valid yet.
    #[error("is not valid before {from}")]
    NotYetValid {
        /// The begin.
        from: Timestamp,
    },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let hours = |hours| Ok(SignedDuration::from_hours(hours));
        for (text, expected) in [
            ("30d", hours(720)),
            ("0d", hours(0)),
            ("36h", hours(36)),
            ("1h30m", Ok(SignedDuration::from_mins(90))),
            ("-1h", hours(-1)),
        ] {
            assert_eq!(parse_time(text), expected, "{text}");
        }
        for text in ["", "d", "30", "1d12h", "-1d", "1.5d", "99999999999999999999d", "x"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates() {
        const DAY: i64 = 86_400;
        let time = |seconds| Timestamp::from_second(seconds).unwrap();
        let wishes = |days: Option<i64>| Wishes {
            hosts: Vec::new(),
            min_validity: days.map(|d| (SignedDuration::from_hours(24 * d), format!("{d}d"))),
        };
        for (min, now, expected) in [
            (None, 0, Some("is not valid before 1970-01-02T00:00:00Z")),
            (None, DAY, None),
            (None, 11 * DAY, None),
            (None, 11 * DAY + 1, Some("expired on 1970-01-12T00:00:00Z")),
            (Some(10), DAY, None),
            (
                Some(10),
                DAY + 1,
                Some(
                    "is valid until 1970-01-12T00:00:00Z, which is less than 10d from now: 9 days",
                ),
            ),
            (Some(0), 11 * DAY + 1, Some("expired on 1970-01-12T00:00:00Z")),
        ] {
            let fault = wishes(min).date_fault(time(DAY), time(11 * DAY), time(now));
            assert_eq!(fault.map(|f| f.to_string()).as_deref(), expected, "{min:?} {now}");
        }
    }
}
