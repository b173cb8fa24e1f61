//! What is wrong with a user name, a password or a token, whatever it is wrapped in: no client on a
//! cluster trims a value, or renews it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::material::text_mark::TextMark;
use crate::material::token_expiry;

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
        let end = token_expiry::expiry(value);
        let expiry = end.and_then(|end| match end.duration_since(now()) {
            left if left.is_negative() => Some(Self::Expired(end)),
            left if left < SOON => Some(Self::Expires(end)),
            _ => None,
        });
        mark.map(Self::Mark).into_iter().chain(newline).chain(expiry)
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
