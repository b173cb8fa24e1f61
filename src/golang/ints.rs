//! Whole numbers as Go's `strconv` reads them.

use zeroize::Zeroizing;

/// What is wrong with a boolean or a number (`strconv.ErrRange`, `strconv.ErrSyntax`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberFault {
    #[error("value out of range")]
    Range,
    #[error("invalid syntax")]
    Syntax,
}

/// Reads a decimal number of 32 bits with an optional sign, as klog's `-v` takes it
/// (`strconv.ParseInt(text, 10, 32)`): neither `0x1` nor `1_0` nor blanks.
pub(crate) fn parse_int32(text: &str) -> Result<i32, NumberFault> {
    i32::try_from(decimal(text)?).map_err(|_| NumberFault::Range)
}

/// Reads an unsigned number of 64 bits whose prefix names its base (`strconv.ParseUint(text, 0, 64)`):
/// `0b`, `0o` or `0`, and `0x`. Underscores may stand between digits.
pub(crate) fn parse_uint(text: &str) -> Option<u64> {
    let (base, digits) = match text.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    // The standard library takes a sign.
    if digits.starts_with('+') || !underscores_fit(text) {
        return None;
    }
    if digits.contains('_') {
        return u64::from_str_radix(&Zeroizing::new(digits.replace('_', "")), base).ok();
    }
    u64::from_str_radix(digits, base).ok()
}

/// Whether a number is negative, and the number without its sign.
pub(crate) fn signed(text: &str) -> (bool, &str) {
    match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    }
}

/// Whether every `_` of a number is between digits, or between the prefix of a base and a digit.
pub(super) fn underscores_fit(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let bytes = signed(text).1.as_bytes();
    let (hex, digits) = match bytes {
        [b'0', b'x' | b'X', digits @ ..] => (true, digits),
        [b'0', b'b' | b'B' | b'o' | b'O', digits @ ..] => (false, digits),
        _ => (false, bytes),
    };
    // A base prefix counts as a digit.
    let mut before = if digits.len() < bytes.len() { b'0' } else { b'^' };
    for byte in digits {
        match byte {
            b'0'..=b'9' => before = b'0',
            b'a'..=b'f' | b'A'..=b'F' if hex => before = b'0',
            b'_' if before == b'0' => before = b'_',
            b'_' => return false,
            _ if before == b'_' => return false,
            _ => before = b'!',
        }
    }
    before != b'_'
}

/// A decimal number of 64 bits with an optional sign.
pub(super) fn decimal(text: &str) -> Result<i64, NumberFault> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberFault::Syntax);
    }
    text.parse().map_err(|_| NumberFault::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_signed_decimals() {
        for (text, number) in [
            ("0", 0),
            ("-0", 0),
            ("+1", 1),
            ("-1", -1),
            ("08", 8),
            ("010", 10),
            ("2147483647", i32::MAX),
            ("-2147483648", i32::MIN),
        ] {
            assert_eq!(parse_int32(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn takes_bases_and_underscores() {
        for (text, number) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("0b101", Some(5)),
            ("0O17", Some(15)),
            ("017", Some(15)),
            ("0X1f", Some(31)),
            ("1_000", Some(1000)),
            ("0x_f", Some(15)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("08", None),
            ("0x", None),
            ("0b2", None),
            ("+1", None),
            ("-1", None),
            ("0x+1", None),
            ("0+1", None),
            ("_1", None),
            ("1_", None),
            ("1__0", None),
        ] {
            assert_eq!(parse_uint(text), number, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in ["", "-", "+-1", "0x1", "1_0", " 1", "1é"] {
            assert_eq!(parse_int32(text), Err(NumberFault::Syntax), "{text}");
        }
        for text in ["2147483648", "-2147483649", "99999999999999999999"] {
            assert_eq!(parse_int32(text), Err(NumberFault::Range), "{text}");
        }
    }
}
