//! What is demanded of a certificate beyond kubectl's checks: dates and hosts.

use std::num::IntErrorKind;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::finding::TlsFileFinding;
use super::{HOSTNAME, MIN_VALIDITY};
use crate::flags;
use crate::golang::durations::{DurationError, GoDuration, parse_duration};
use crate::kinds::{DateFault, HostUnnamed};
use crate::material::chain::{Member, Period};
use crate::material::host_name;
use crate::types::build::{Build, Built};
use crate::validate::{Finding, Severity};

pub(super) struct Wishes {
    /// Hosts that the leaf must be for.
    hosts: Vec<String>,
    /// How long the whole chain must be valid yet, and how that was said.
    min_validity: Option<(SignedDuration, String)>,
}

impl Wishes {
    pub(super) fn from_flags(asked: &Build<'_>) -> Result<Self, WishError> {
        let hosts = flags::values(asked.flags, &HOSTNAME).map(|host| {
            let host = host.to_string_lossy().into_owned();
            if host_name::is_host(&host) { Ok(host) } else { Err(WishError::HostName { host }) }
        });
        let hosts = hosts.collect::<Result<_, _>>()?;
        let min_validity = match flags::given(asked.flags, &MIN_VALIDITY) {
            Some(text) => {
                let text = text.to_string_lossy().into_owned();
                Some((parse_time(&text)?, text))
            }
            None => None,
        };
        Ok(Self { hosts, min_validity })
    }

    /// The time in which certificates should be valid.
    pub(super) fn period(&self, now: Timestamp) -> Period {
        let left = self.min_validity.as_ref().map(|(time, _)| *time).unwrap_or_default();
        Period { now, until: now.checked_add(left).unwrap_or(Timestamp::MAX) }
    }

    /// Looks at the certificates of a file, the leaf first.
    pub(super) fn judge(&self, built: &mut Built, chain: &[Member], path: &Path, now: Timestamp) {
        for member in chain {
            let certificate = &member.certificate;
            let (begin, end) = (certificate.not_before, certificate.not_after);
            let Some(fault) = self.date_fault(begin, end, now) else { continue };
            let (path, place) = (path.to_owned(), member.place.clone());
            let finding = Finding::new(TlsFileFinding::Date { path, place, fault });
            built.findings.push(match self.min_validity {
                Some(_) => finding.with_severity(Severity::Error),
                None => finding,
            });
        }
        let Some(leaf) = chain.first() else { return };
        for fault in self.hosts.iter().filter_map(|host| HostUnnamed::of(host, &leaf.certificate)) {
            built.find(TlsFileFinding::HostName { path: path.to_owned(), fault });
        }
    }

    fn date_fault(&self, begin: Timestamp, end: Timestamp, now: Timestamp) -> Option<DateFault> {
        if let Some(fault) = DateFault::at(now, begin, end) {
            return Some(fault);
        }
        let (time, asked) = self.min_validity.as_ref()?;
        let left = end.duration_since(now);
        (left < *time).then(|| DateFault::EndsTooSoon { left, on: end, asked: asked.clone() })
    }
}

/// Warns where no CA that the chain leads to is valid now: `end` is the chain's last. Whatever is
/// demanded is about the chain alone, and others of the file, strays or predecessors, are no matter.
pub(super) fn warn_of_dates(
    built: &mut Built,
    cas: &[Member],
    end: &Member,
    path: &Path,
    now: Timestamp,
) {
    let is_end = |ca: &&Member| ca.der == end.der || ca.is_named_by(&end.certificate);
    let fault = |Member { certificate, place, .. }: &Member| {
        let fault = DateFault::at(now, certificate.not_before, certificate.not_after);
        fault.map(|fault| TlsFileFinding::Date {
            path: path.to_owned(),
            place: place.clone(),
            fault,
        })
    };
    let faults: Option<Vec<_>> = cas.iter().filter(is_end).map(fault).collect();
    faults.into_iter().flatten().take(1).for_each(|fault| built.find(fault));
}

/// Whole days (`30d`), or a duration as Go writes it (`36h`), not below nothing.
fn parse_time(text: &str) -> Result<SignedDuration, WishError> {
    let time = if let Some(days) = text.strip_suffix('d') {
        let days = days.parse::<i64>().map_err(|error| match error.kind() {
            IntErrorKind::PosOverflow => WishError::MinValidityLong,
            _ => WishError::MinValidityDays,
        })?;
        let seconds = days.checked_mul(24 * 60 * 60).ok_or(WishError::MinValidityLong)?;
        SignedDuration::from_secs(seconds)
    } else {
        let GoDuration(nanos) = parse_duration(text).map_err(|error| match error {
            DurationError::UnknownUnit { unit, .. } if unit == "d" => WishError::MinValidityDays,
            error => WishError::MinValidity(error),
        })?;
        SignedDuration::from_nanos(nanos)
    };
    if time.is_negative() { Err(WishError::MinValidityNegative) } else { Ok(time) }
}

/// A demand that cannot be met, whatever the certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WishError {
    #[error("--hostname: {} is neither a host name nor an address", host_name::shown(host))]
    HostName { host: String },
    #[error("--min-validity: {}", .0.shown())]
    MinValidity(DurationError),
    /// `--min-validity` has days that are no whole number, or more beside them.
    #[error("--min-validity: days must be a whole number without other units")]
    MinValidityDays,
    #[error("--min-validity: no certificate is valid for so many days")]
    MinValidityLong,
    #[error("--min-validity: the time must not be negative")]
    MinValidityNegative,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, minutes) in
            [("30d", 43_200), ("0d", 0), ("36h", 2160), ("1h30m", 90), ("0", 0), ("+2d", 2880)]
        {
            let time = parse_time(text).map_err(|error| error.to_string());
            assert_eq!(time, Ok(SignedDuration::from_mins(minutes)), "{text}");
        }
        let days = "--min-validity: days must be a whole number without other units";
        let long = "--min-validity: no certificate is valid for so many days";
        let negative = "--min-validity: the time must not be negative";
        for (text, expected) in [
            ("", "--min-validity: time: invalid duration \"\""),
            ("30", "--min-validity: time: missing unit in duration \"30\""),
            ("1w", "--min-validity: time: unknown unit \"w\" in duration \"1w\""),
            ("x", "--min-validity: time: invalid duration \"x\""),
            ("d", days),
            ("1d12h", days),
            ("1.5d", days),
            ("99999999999999999999d", long),
            ("106751991167301d", long),
            ("-1d", negative),
            ("-1h", negative),
        ] {
            let error = parse_time(text).map_err(|error| error.to_string());
            assert_eq!(error, Err(expected.to_owned()), "{text}");
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
