//! The rules and the facts of their breaches.

use std::fmt;

use super::Severity;
use super::content::{
    AccountFinding, BootstrapFinding, DockerFinding, LoginFinding, SshFinding, TlsFinding,
};
use super::names::{KeyFault, TextFault};
use crate::golang::json;

/// A rule that was broken. It holds positions, lengths and names of keys, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Of a Secret that is to be filled with a service account's token.
    Account(AccountFinding),
    /// A key of an annotation is no qualified name in any case of letters.
    AnnotationKey(KeyFault),
    /// A bootstrap token with which no node joins.
    Bootstrap(BootstrapFinding),
    /// A Docker configuration is of no use on a cluster, or not of all.
    Docker(DockerFinding),
    /// A value has to be there and is, but has no byte.
    Empty,
    /// A value has to be a JSON object or `null` as Go's decoder reads it.
    Json(json::Fault),
    /// A key of a label is no qualified name.
    LabelKey(KeyFault),
    /// A label's value has the wrong form.
    LabelValue(TextFault),
    /// A login, or what stands beside it, is of no use on a cluster, or of little.
    Login(LoginFinding),
    /// A value has to be there and is not.
    Missing,
    /// One of two values has to be there, this one or that under the key `or`.
    MissingEither {
        /// The other key that would do.
        or: &'static str,
    },
    /// The name of the Secret is none.
    Name(TextFault),
    /// The namespace is none that could exist.
    Namespace(TextFault),
    /// An SSH key, or what stands beside it, is of no use on a cluster, or of little.
    Ssh(SshFinding),
    /// A certificate and a key that no server can use, or no client should see.
    Tls(TlsFinding),
    /// A part of the Secret has too many bytes.
    TooLarge(Sizes),
}

impl Rule {
    /// How bad a breach is: what the API server refuses is an error, what people regret a warning.
    pub fn severity(&self) -> Severity {
        match self {
            Self::AnnotationKey(_)
            | Self::Empty
            | Self::Json(_)
            | Self::LabelKey(_)
            | Self::LabelValue(_)
            | Self::Missing
            | Self::MissingEither { .. }
            | Self::Name(_)
            | Self::Namespace(_)
            | Self::TooLarge(_) => Severity::Error,
            Self::Account(_)
            | Self::Bootstrap(_)
            | Self::Docker(_)
            | Self::Login(_)
            | Self::Ssh(_)
            | Self::Tls(_) => Severity::Warning,
        }
    }

    /// Whether nothing on a cluster can work with it.
    pub(super) fn is_useless(&self) -> bool {
        match self {
            Self::Account(finding) => finding.is_useless(),
            Self::Login(finding) => finding.is_useless(),
            Self::Ssh(finding) => finding.is_useless(),
            _ => false,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(finding) => finding.fmt(f),
            Self::AnnotationKey(fault) | Self::LabelKey(fault) => fault.fmt(f),
            Self::Bootstrap(finding) => finding.fmt(f),
            Self::Docker(finding) => finding.fmt(f),
            Self::Empty => f.write_str("required value, and it is empty"),
            Self::Json(fault) => write!(f, "must be a JSON object: {fault}"),
            Self::LabelValue(fault) | Self::Name(fault) => fault.fmt(f),
            Self::Login(finding) => finding.fmt(f),
            Self::Missing => f.write_str("required value"),
            Self::MissingEither { or } => write!(f, "required value, unless there is data[{or}]"),
            Self::Namespace(fault) => write!(f, "no namespace can have that name: {fault}"),
            Self::Ssh(finding) => finding.fmt(f),
            Self::Tls(finding) => finding.fmt(f),
            Self::TooLarge(sizes) => sizes.fmt(f),
        }
    }
}

/// The sizes of a part of the Secret that is over its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The biggest entries and their bytes, the biggest first, [`Sizes::SHOWN`] at most.
    pub biggest: Vec<(String, usize)>,
    /// The most bytes that are allowed.
    pub max: usize,
    /// The bytes of all entries.
    pub total: usize,
}

impl Sizes {
    /// How many entries are worth naming.
    pub const SHOWN: usize = 3;

    /// Sums up the entries; `None` where they stay within `max`.
    pub(super) fn over<'a, I>(max: usize, entries: I) -> Option<Self>
    where
        I: Iterator<Item = (&'a str, usize)> + Clone,
    {
        let total = entries.clone().fold(0_usize, |sum, (_, len)| sum.saturating_add(len));
        if total <= max {
            return None;
        }
        let mut biggest: Vec<_> = entries.collect();
        biggest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        biggest.truncate(Self::SHOWN);
        let biggest = biggest.into_iter().map(|(key, len)| (key.to_owned(), len)).collect();
        Some(Self { biggest, max, total })
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, may not be more than {} bytes", self.total, self.max)?;
        for (i, (key, len)) in self.biggest.iter().enumerate() {
            write!(f, "{}{key}: {len}", if i == 0 { " (biggest: " } else { ", " })?;
        }
        f.write_str(if self.biggest.is_empty() { "" } else { ")" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_name_the_biggest_first() {
        type Row<'a> = (&'a [(&'a str, usize)], usize, Option<&'a str>);
        let rows: &[Row<'_>] = &[
            (&[], 0, None),
            (&[("a", 5), ("b", 5)], 10, None),
            (
                &[("a", 5), ("b", 6)],
                10,
                Some("11 bytes, may not be more than 10 bytes (biggest: b: 6, a: 5)"),
            ),
            (
                &[("d", 1), ("c", 2), ("b", 2), ("a", 9), ("e", 0)],
                10,
                Some("14 bytes, may not be more than 10 bytes (biggest: a: 9, b: 2, c: 2)"),
            ),
            (
                &[("a", usize::MAX), ("b", 1)],
                10,
                Some(&*format!(
                    "{0} bytes, may not be more than 10 bytes (biggest: a: {0}, b: 1)",
                    usize::MAX
                )),
            ),
        ];
        for (entries, max, want) in rows {
            let sizes = Sizes::over(*max, entries.iter().copied());
            assert_eq!(sizes.map(|s| s.to_string()).as_deref(), *want, "{entries:?}");
        }
    }

    #[test]
    fn each_rule_has_its_words() {
        let rows = [
            (Rule::Empty, "required value, and it is empty"),
            (Rule::Missing, "required value"),
            (
                Rule::MissingEither { or: "password" },
                "required value, unless there is data[password]",
            ),
            (Rule::Name(TextFault::Empty), "must be non-empty"),
            (
                Rule::Namespace(TextFault::Dots),
                "no namespace can have that name: must not contain dots",
            ),
            (Rule::LabelKey(KeyFault::Prefix(TextFault::Empty)), "prefix part must be non-empty"),
        ];
        for (rule, want) in rows {
            assert_eq!(rule.to_string(), want);
        }
    }
}
