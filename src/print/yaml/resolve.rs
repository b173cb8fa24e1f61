//! Whether a text, written without quotes, would be read as something else than a string.
//!
//! YAML has no mark for the type of a scalar without quotes: a reader guesses it from the text. So a
//! writer has to quote exactly those strings that would be guessed wrong, and for kubectl's bytes it
//! has to guess as go-yaml v2 does (`resolve.go`, and `stringv` of `encode.go`). The steps are
//! go-yaml's: a table of YAML 1.1's words; by the first character, whether it can be a number at all;
//! then a time, an integer and a float in Go's syntax, underscores and prefixes included. Base 60
//! (`1:30`) is a number only to other YAML 1.1 readers, so it is quoted when written and is a string
//! when read: [`is_no_string`] writes, [`plain`] reads.

use jiff::civil::Date;

use crate::golang::floats;
use crate::golang::ints::parse_uint;

/// The words of YAML 1.1 that are no strings.
const WORDS: [&str; 39] = [
    "", "+.INF", "+.Inf", "+.inf", "-.INF", "-.Inf", "-.inf", ".INF", ".Inf", ".NAN", ".NaN",
    ".inf", ".nan", "FALSE", "False", "N", "NO", "NULL", "No", "Null", "OFF", "ON", "Off", "On",
    "TRUE", "True", "Y", "YES", "Yes", "false", "n", "no", "null", "off", "on", "true", "y", "yes",
    "~",
];

/// Whether the text is one of the words. Most texts are told from them by their length or their first
/// character.
fn is_word(text: &str) -> bool {
    const LEN_MAX: usize = 5;
    let begins = matches!(
        text.as_bytes().first(),
        None | Some(
            b'+' | b'-'
                | b'.'
                | b'~'
                | b'F'
                | b'N'
                | b'O'
                | b'T'
                | b'Y'
                | b'f'
                | b'n'
                | b'o'
                | b't'
                | b'y'
        )
    );
    text.len() <= LEN_MAX && begins && WORDS.contains(&text)
}

/// Whether the text needs quotes to stay a string.
pub(super) fn is_no_string(text: &str) -> bool {
    if is_word(text) {
        return true;
    }
    match text.as_bytes().first() {
        // What begins with a point goes to Go's `ParseFloat` as it is.
        Some(b'.') => floats::parse(text).is_some(),
        Some(b'0'..=b'9' | b'+' | b'-') => {
            is_time(text.as_bytes()) || is_number(text) || is_base_60(text.as_bytes())
        }
        _ => false,
    }
}

/// What go-yaml reads a scalar without quotes as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// A boolean.
    Bool(bool),
    /// A number that is no integer.
    Float,
    /// An integer, in decimal digits.
    Integer(String),
    /// An infinity or no number, which JSON cannot hold.
    NoJson,
    /// Nothing.
    Null,
    /// A string. A time is one too, since nothing asks for a time.
    Text,
}

/// Reads a scalar without quotes.
pub fn plain(text: &str) -> Plain {
    // Longer than any of the words, and no number: most keys of a file.
    if text.len() > 5 && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Plain::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Plain::Bool(true);
        }
        _ => {}
    }
    let is_number = match text.as_bytes().first() {
        _ if is_word(text) => {
            return if text.contains('.') { Plain::NoJson } else { Plain::Bool(false) };
        }
        Some(b'.') => floats::parse(text).is_some(),
        Some(b'0'..=b'9' | b'+' | b'-') => is_number(text),
        _ => false,
    };
    if !is_number {
        return Plain::Text;
    }
    let digits = text.replace('_', "");
    let (sign, unsigned) = match digits.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", digits.strip_prefix('+').unwrap_or(&digits)),
    };
    match parse_uint(unsigned) {
        Some(0) => Plain::Integer("0".to_owned()),
        Some(number) => Plain::Integer(format!("{sign}{number}")),
        None => Plain::Float,
    }
}

/// Numbers as go-yaml reads them, underscores left out.
fn is_number(text: &str) -> bool {
    // Most texts that begin with a digit are no numbers: look before copying anything.
    if !text.bytes().all(|b| b.is_ascii_hexdigit() || b"+-._xXoO".contains(&b)) {
        return false;
    }
    let without;
    let plain = if text.contains('_') {
        without = zeroize::Zeroizing::new(text.replace('_', ""));
        without.as_str()
    } else {
        text
    };
    is_integer(plain) || (is_decimal_float(plain) && floats::parse(plain).is_some())
}

/// Go's `ParseInt` and `ParseUint` with base 0, and go-yaml's own binary numbers. Beyond 64 bits a
/// text is no integer, though it may still be a decimal float.
fn is_integer(plain: &str) -> bool {
    let (sign, unsigned) = match plain.as_bytes().first() {
        Some(sign @ (b'-' | b'+')) => (Some(sign), &plain[1..]),
        _ => (None, plain),
    };
    // `0b-1` is a number to go-yaml, which hands all behind `0b` to a parser of signed numbers.
    let odd = plain.strip_prefix("0b").filter(|rest| rest.starts_with(['+', '-']));
    if odd.is_some_and(|rest| i64::from_str_radix(rest, 2).is_ok()) {
        return true;
    }
    let limit = match sign {
        None => u64::MAX,
        Some(b'-') => 1 << 63,
        Some(_) => (1 << 63) - 1,
    };
    parse_uint(unsigned).is_some_and(|n| n <= limit)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_decimal_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    exponent_fits && digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
fn is_base_60(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text);
    if !text.contains(&b':') {
        return false;
    }
    let digits_or_bars = |s: &[u8]| s.iter().all(|b| b.is_ascii_digit() || *b == b'_');
    let (sexagesimal, fraction) = match text.iter().position(|b| *b == b'.') {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &b""[..]),
    };
    let mut places = sexagesimal.split(|b| *b == b':');
    let first = places.next().unwrap_or_default();
    first.first().is_some_and(u8::is_ascii_digit)
        && digits_or_bars(first)
        && digits_or_bars(fraction)
        && places.all(|place| matches!(place, [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']))
}

/// Whether a text is a time to go-yaml, which it is if its tag says so.
pub fn is_time_text(text: &str) -> bool {
    is_time(text.as_bytes())
}

/// The times that go-yaml reads: Go's layouts `2006-1-2`, `2006-1-2 15:4:5.999999999` and
/// `2006-1-2T15:4:5.999999999Z07:00` (`t` too).
fn is_time(text: &[u8]) -> bool {
    let Some(rest) = date(text) else { return false };
    match rest {
        [] => true,
        [b' ', ..] => {
            let blanks = rest.iter().take_while(|b| **b == b' ').count();
            clock(&rest[blanks..]).is_some_and(<[u8]>::is_empty)
        }
        [b'T' | b't', rest @ ..] => clock(rest).is_some_and(is_zone),
        _ => false,
    }
}

/// What stands behind a date at the start of the text. The year has four digits, month and day
/// one or two.
pub(in crate::print) fn date(text: &[u8]) -> Option<&[u8]> {
    let (year, rest) = text.split_first_chunk::<4>()?;
    if !year.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = year.iter().fold(0, |n, b| n * 10 + i16::from(b - b'0'));
    let (month, rest) = short_number(rest.strip_prefix(b"-")?)?;
    let (day, rest) = short_number(rest.strip_prefix(b"-")?)?;
    Date::new(year, month, day).is_ok().then_some(rest)
}

/// What stands behind a time of day with an optional fraction.
fn clock(text: &[u8]) -> Option<&[u8]> {
    let (hour, rest) = short_number(text)?;
    let (minute, rest) = short_number(rest.strip_prefix(b":")?)?;
    let (second, rest) = short_number(rest.strip_prefix(b":")?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    match rest {
        [b'.' | b',', b'0'..=b'9', fraction @ ..] => {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            Some(&fraction[digits..])
        }
        _ => Some(rest),
    }
}

/// `Z` or an offset, which Go lets reach 24 hours and 60 minutes.
fn is_zone(text: &[u8]) -> bool {
    let two = |a: u8, b: u8| {
        (a.is_ascii_digit() && b.is_ascii_digit()).then(|| (a - b'0') * 10 + (b - b'0'))
    };
    match *text {
        [b'Z'] => true,
        [b'+' | b'-', a, b, b':', c, d] => {
            two(a, b).is_some_and(|h| h <= 24) && two(c, d).is_some_and(|m| m <= 60)
        }
        _ => false,
    }
}

/// A number of one or two digits and what stands behind it.
fn short_number(text: &[u8]) -> Option<(i8, &[u8])> {
    let digit = |byte: u8| (byte - b'0').cast_signed();
    match text {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Some((digit(*a) * 10 + digit(*b), rest)),
        [a @ b'0'..=b'9', rest @ ..] => Some((digit(*a), rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted() {
        for text in [
            "",
            "~",
            "null",
            "Null",
            "NULL",
            "y",
            "N",
            "yes",
            "On",
            "OFF",
            "true",
            "FALSE",
            ".inf",
            "-.Inf",
            "+.INF",
            ".NaN",
            "0",
            "007",
            "08",
            "1_000",
            "-0",
            "+1",
            "0x1F",
            "0X1f",
            "0b10",
            "0B1",
            "0o17",
            "0O7",
            "0b-1",
            "0b+11",
            "-0b1",
            "1_",
            "1__0",
            "18446744073709551615",
            "-9223372036854775808",
            "-99999999999999999999",
            "0xffffffffffffffff",
            "1.",
            "1.5",
            ".5",
            "1e3",
            "1E+3",
            "-1.5e-3",
            ".5e3",
            ".1_0",
            ".1_0e1_0",
            "12:30",
            "1:2:3.4",
            "-1_0:59",
            "12:30._",
            "2001-01-01",
            "2001-1-1",
            "2000-2-29",
            "2001-12-14 21:59:43.10",
            "2001-12-14   1:2:3,4",
            "2001-12-14T21:59:43.10-05:00",
            "2001-12-14t21:59:43Z",
            "2001-1-1T1:1:1+24:60",
        ] {
            assert!(is_no_string(text), "{text}");
        }
    }

    #[test]
    fn unquoted() {
        let overflowing = "9".repeat(400);
        for text in [
            "yEs",
            "nULL",
            "tRUE",
            "<<",
            "=",
            "a",
            ".",
            "..",
            "+",
            "-",
            "._5",
            ".5_",
            ".5__5",
            ".5_e3",
            ".e5",
            "1e",
            "1e+",
            "1e999",
            ".5e999",
            "-1e999",
            &overflowing,
            "0x",
            "0b",
            "0b2",
            "0o8",
            "0xg",
            "089a",
            "0xfffffffffffffffff",
            "+0xffffffffffffffff",
            "1.2.3",
            "1,000",
            "1 000",
            "12:60",
            "12:",
            ":30",
            "12:30:",
            "_1",
            "2001-01-32",
            "2001-13-01",
            "2001-02-29",
            "2001-00-01",
            "20010-01-01",
            "2001-12-14 21:59:43Z",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14T21:59:43",
            "2001-12-14T24:00:00Z",
            "2001-1-1T1:1:1+25:00",
            "2001-1-1T1:1:1Zx",
            "1/2",
            "1==",
        ] {
            assert!(!is_no_string(text), "{text}");
        }
    }

    #[test]
    fn read_without_quotes() {
        let integer = |text: &str| Plain::Integer(text.to_owned());
        let rows = [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("yes", Plain::Bool(true)),
            ("n", Plain::Bool(false)),
            ("yEs", Plain::Text),
            ("-.inf", Plain::NoJson),
            (".NaN", Plain::NoJson),
            ("0x10", integer("16")),
            ("-1_0", integer("-10")),
            ("010", integer("8")),
            ("1.5", Plain::Float),
            (".5", Plain::Float),
            ("1e3", Plain::Float),
            ("2001-01-01", Plain::Text),
            ("1:30", Plain::Text),
            ("client", Plain::Text),
        ];
        for (text, want) in rows {
            assert_eq!(plain(text), want, "{text}");
        }
    }
}
