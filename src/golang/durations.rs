//! Spans of time as Go's `time.ParseDuration` reads them.
//!
//! A duration is a sum of parts, each a decimal number with a unit (`1h30m`, `1.5s`). Sums are whole
//! nanoseconds in 63 bits with the sign apart, since the smallest duration has no positive
//! counterpart. A fraction is multiplied by its unit in floating point and cut, as in Go's
//! `leadingFraction`, so that the last nanosecond is Go's.

use std::fmt::{self, Write as _};

use super::ints::decimal;
use super::quote::push_hex;
use crate::shown;

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// The largest magnitude of a duration, that of the smallest negative one.
const LIMIT: u64 = 1 << 63;

/// A span of time in nanoseconds (`time.Duration`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GoDuration(pub i64);

/// A text that is no duration, in the words of `time.ParseDuration`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DurationError {
    /// Neither number nor unit where one belongs, or too large a span.
    #[error("time: invalid duration {}", Quoted(text))]
    Invalid { text: String },
    #[error("time: missing unit in duration {}", Quoted(text))]
    MissingUnit { text: String },
    /// A unit that is none of `ns us µs ms s m h`.
    #[error("time: unknown unit {} in duration {}", Quoted(unit), Quoted(text))]
    UnknownUnit { unit: String, text: String },
}

impl DurationError {
    /// The error as a message may show it: without a text that may be a value.
    pub(crate) fn shown(&self) -> String {
        let (Self::Invalid { text } | Self::MissingUnit { text } | Self::UnknownUnit { text, .. }) =
            self;
        if shown::is_duration(text) {
            self.to_string()
        } else {
            format!("time: invalid duration {}", shown::Hidden(text.len()))
        }
    }
}

/// A text that `--request-timeout` does not take, in client-go's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed \
     by a corresponding time unit (e.g. 1s | 2m | 3h)"
)]
pub(crate) struct TimeoutError;

/// Reads `[-+]?([0-9]*(\.[0-9]*)?UNIT)+` or `0` (`time.ParseDuration`).
pub(crate) fn parse_duration(text: &str) -> Result<GoDuration, DurationError> {
    let invalid = || DurationError::Invalid { text: text.to_owned() };
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Ok(GoDuration(0));
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (whole, after) = split_digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => split_digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let count = whole_number(whole).ok_or_else(invalid)?;
        if unit.is_empty() {
            return Err(DurationError::MissingUnit { text: text.to_owned() });
        }
        let nanos = nanos_of(unit).ok_or_else(|| DurationError::UnknownUnit {
            unit: unit.to_owned(),
            text: text.to_owned(),
        })?;
        let part = span(count, fraction, nanos).ok_or_else(invalid)?;
        // Go lets two halves of 2^64 wrap to nothing here; that is no duration to match.
        total = total.checked_add(part).filter(|t| *t <= LIMIT).ok_or_else(invalid)?;
        rest = after;
    }
    let signed = if text.starts_with('-') {
        0_i64.checked_sub_unsigned(total)
    } else {
        total.try_into().ok()
    };
    signed.map(GoDuration).ok_or_else(invalid)
}

/// Reads the value of `--request-timeout` as client-go's `clientcmd.ParseTimeout` does: a whole
/// number from 0 is seconds (too many are the longest span; Go wraps around), else a duration, of
/// either sign. No text at all is no wish, which kubectl takes for 0; 0 and less do not time out.
pub(crate) fn parse_request_timeout(text: &str) -> Result<GoDuration, TimeoutError> {
    if text.is_empty() {
        return Ok(GoDuration(0));
    }
    match decimal(text) {
        Ok(seconds) if seconds >= 0 => Ok(GoDuration(seconds.saturating_mul(NANOS_PER_SECOND))),
        _ => parse_duration(text).map_err(|_| TimeoutError),
    }
}

/// The digits at the start of a text, and what follows them.
fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// A whole number up to [`LIMIT`]; none is 0.
fn whole_number(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse().ok().filter(|number| *number <= LIMIT)
}

/// Nanoseconds of a unit. The two `µ` are the micro sign and the Greek letter.
fn nanos_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// So many units and a decimal fraction of one, in nanoseconds.
fn span(count: u64, fraction: &str, nanos: u64) -> Option<u64> {
    let whole = count.checked_mul(nanos).filter(|nanos| *nanos <= LIMIT)?;
    let part = fraction_of(fraction, nanos);
    whole.checked_add(part).filter(|nanos| *nanos <= LIMIT)
}

/// A decimal fraction of a unit, cut to whole nanoseconds in floating point as Go does; digits
/// beyond what 63 bits hold do not count.
#[expect(clippy::cast_precision_loss, reason = "the rounding of Go's own conversion")]
#[expect(clippy::cast_possible_truncation, reason = "cut to whole nanoseconds, below one unit")]
#[expect(clippy::cast_sign_loss, reason = "product of two numbers that are not negative")]
fn fraction_of(digits: &str, nanos: u64) -> u64 {
    let mut number = 0_u64;
    let mut scale = 1_f64;
    for digit in digits.bytes().map(|byte| u64::from(byte.saturating_sub(b'0'))) {
        let longer = number.checked_mul(10).and_then(|tens| tens.checked_add(digit));
        match longer.filter(|longer| number <= (LIMIT - 1) / 10 && *longer <= LIMIT) {
            Some(longer) => number = longer,
            None => break,
        }
        scale *= 10.0;
    }
    (number as f64 * (nanos as f64 / scale)) as u64
}

/// A text as the `time` package quotes it: it knows no `\n` and escapes all that is not ASCII.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut quoted = String::with_capacity(self.0.len() + 2);
        for byte in self.0.bytes() {
            match byte {
                b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
                b' '..0x80 => quoted.push(char::from(byte)),
                _ => push_hex(&mut quoted, 'x', u32::from(byte), 2),
            }
        }
        f.write_char('"')?;
        f.write_str(&quoted)?;
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests;
