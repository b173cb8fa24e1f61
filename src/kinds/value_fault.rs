//! What is wrong with a user name, a password or a token, whatever it is wrapped in: no client on a
//! cluster trims a value, or renews it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::material::text_mark::TextMark;
use crate::material::token_expiry;
use crate::validate::RuleInfo;

pub(super) static RULES: &[&RuleInfo] =
    &[&BOM, &UTF_16, &TRAILING_NEWLINE, &NEWLINE, &EXPIRED, &EXPIRES, &EMPTY, &NO_DATA];

pub(crate) static BOM: RuleInfo = RuleInfo::warning(
    "value/bom",
    "The value begins with a byte order mark, as editors and PowerShell on Windows write it. \
     The mark becomes part of the value: a password with it is another password. Save the \
     file as UTF-8 without a mark.",
);
pub(crate) static UTF_16: RuleInfo = RuleInfo::warning(
    "value/utf-16",
    "The value is text in UTF-16, as PowerShell's \">\" writes it. Readers of Secrets expect \
     UTF-8 and see a zero byte after each letter. Convert it: iconv -f UTF-16 -t UTF-8.",
);
pub(crate) static TRAILING_NEWLINE: RuleInfo = RuleInfo::warning(
    "value/trailing-newline",
    "A short value of one line ends with a newline, as editors and echo write it. The newline \
     becomes part of the value: a password with it is another password, a token with it \
     cannot be sent in an HTTP header. Use printf %s or echo -n, or let mksecret generic drop \
     it with --trim-newline=KEY. Files of several lines, PEM and keys of known text files are \
     not reported.",
);
pub(crate) static NEWLINE: RuleInfo = RuleInfo::warning(
    "value/newline",
    "A user name, a password or a token contains a newline in its middle. No HTTP client can \
     send it, and most programs cut it off there.",
);
pub(crate) static EXPIRED: RuleInfo = RuleInfo::warning(
    "value/expired",
    "The value is a token that carries its own end (a JWT, or a login that a cloud registry \
     issues for some hours), and that time has passed. Nothing in a cluster renews a value.",
);
pub(crate) static EXPIRES: RuleInfo = RuleInfo::warning(
    "value/expires-soon",
    "The value is a token that carries its own end, within 24 hours. Nothing in a cluster \
     renews a value: recreate the Secret on a schedule, or use a login that does not expire.",
);
pub(crate) static EMPTY: RuleInfo = RuleInfo::warning(
    "value/empty",
    "The value is empty, often because a shell variable is not set or the command before a \
     pipe failed. --allow-empty accepts it.",
);

pub(crate) static NO_DATA: RuleInfo = RuleInfo::warning(
    "data/empty",
    "The Secret has no data at all, which is rarely meant: a source may have been left out.",
);

/// Tokens that end within it are made for a person, and not for a Secret.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueFault {
    /// A token that has ended.
    Expired(Timestamp),
    /// A token that ends soon.
    Expires(Timestamp),
    /// The end of a line at its end.
    FinalNewline,
    /// The mark of a text that programs of Windows wrote.
    Mark(TextMark),
    /// The end of a line within it.
    Newline,
}

impl ValueFault {
    /// The rule that is broken.
    pub(super) fn info(self) -> &'static RuleInfo {
        match self {
            Self::Expired(_) => &EXPIRED,
            Self::Expires(_) => &EXPIRES,
            Self::FinalNewline => &TRAILING_NEWLINE,
            Self::Mark(TextMark::Utf8) => &BOM,
            Self::Mark(TextMark::Utf16(_)) => &UTF_16,
            Self::Newline => &NEWLINE,
        }
    }

    /// All that is wrong with a value.
    pub(super) fn of(value: &[u8], now: &dyn Fn() -> Timestamp) -> impl Iterator<Item = Self> {
        let is_end = |b: &u8| matches!(b, b'\n' | b'\r');
        let mark = TextMark::of(value);
        let newline = match value.iter().position(is_end) {
            _ if mark.is_some_and(|mark| mark != TextMark::Utf8) => None,
            None => None,
            Some(_) if value.last().is_some_and(is_end) => Some(Self::FinalNewline),
            Some(_) => Some(Self::Newline),
        };
        mark.map(Self::Mark).into_iter().chain(newline).chain(Self::expiry(value, now))
    }

    /// Whether it is a token that has ended or ends soon.
    pub(super) fn expiry(value: &[u8], now: &dyn Fn() -> Timestamp) -> Option<Self> {
        let end = token_expiry::expiry(value)?;
        match end.duration_since(now()) {
            left if left.is_negative() => Some(Self::Expired(end)),
            left if left < SOON => Some(Self::Expires(end)),
            _ => None,
        }
    }
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired(end) => write!(f, "expired on {end} (by its own date)"),
            Self::Expires(end) => {
                write!(f, "expires on {end} (by its own date), and nothing in a cluster renews it")
            }
            Self::FinalNewline => f.write_str(
                "ends with a newline, which becomes part of the value: clients do \
                             not trim it",
            ),
            Self::Mark(mark) => write!(f, "{mark}, which becomes part of the value"),
            Self::Newline => f.write_str("contains a newline, which becomes part of the value"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults() {
        // {"exp":1000} and {"exp":100000}
        let (past, soon) = ("eyJ9.eyJleHAiOjEwMDB9.x", "eyJ9.eyJleHAiOjEwMDAwMH0.x");
        let now = || Timestamp::from_second(50_000).unwrap();
        let end = |seconds| Timestamp::from_second(seconds).unwrap();
        let rows: &[(&str, &[ValueFault])] = &[
            ("", &[]),
            ("hunter2", &[]),
            ("hunter2\n", &[ValueFault::FinalNewline]),
            ("hunter2\r\n", &[ValueFault::FinalNewline]),
            ("hunter\n2", &[ValueFault::Newline]),
            ("\u{feff}pw\r\n", &[ValueFault::Mark(TextMark::Utf8), ValueFault::FinalNewline]),
            ("p\0w\0\n\0", &[ValueFault::Mark(TextMark::Utf16("UTF-16LE"))]),
            (past, &[ValueFault::Expired(end(1000))]),
            (soon, &[ValueFault::Expires(end(100_000))]),
        ];
        for (value, want) in rows {
            let found: Vec<_> = ValueFault::of(value.as_bytes(), &now).collect();
            assert_eq!(found, *want, "{value:?}");
        }
    }
}
