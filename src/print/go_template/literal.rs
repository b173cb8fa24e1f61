//! Constants of a template: numbers and characters in Go's syntax.

use super::quote::{Unit, unquote_char};

/// A number as a template has it. Where nothing says which type is wanted, its syntax does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// It has an imaginary part.
    Complex(f64, f64),
    /// It has a point or an exponent.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// A whole number that only an unsigned type would hold.
    TooLarge,
}

/// Why something is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberFault {
    /// A whole number beyond 64 bits.
    Overflow,
    /// Not a number.
    Syntax,
}

/// Reads a number without an imaginary part after a sign (`1+2i` is `complex`).
pub(super) fn number(text: &str) -> Result<Number, NumberFault> {
    if let Some(im) = text.strip_suffix('i').and_then(float) {
        return Ok(Number::Complex(0.0, im));
    }
    let is_hex =
        matches!(text.as_bytes(), [b'0', b'x' | b'X', _, ..]) && !text.contains(['p', 'P']);
    let looks_float = !is_hex && text.contains(['.', 'e', 'E', 'p', 'P']);
    if let Some((negative, magnitude)) = integer(text) {
        let value = if negative {
            0_i64.checked_sub_unsigned(magnitude)
        } else {
            i64::try_from(magnitude).ok()
        };
        match value {
            // `-0x1e` has an `e`, so Go takes it for a floating-point number.
            #[allow(clippy::cast_precision_loss)]
            Some(value) if looks_float => return Ok(Number::Float(value as f64)),
            Some(value) => return Ok(Number::Int(value)),
            None if text.starts_with(['+', '-']) => {}
            None => return Ok(Number::TooLarge),
        }
    }
    match float(text) {
        Some(value) if text.contains(['.', 'e', 'E', 'p', 'P']) => Ok(Number::Float(value)),
        Some(_) => Err(NumberFault::Overflow),
        None => Err(NumberFault::Syntax),
    }
}

/// Reads a complex number with both parts.
pub(super) fn complex(text: &str) -> Option<Number> {
    let body = text.strip_suffix('i')?;
    let hex = body.trim_start_matches(['+', '-']).starts_with("0x");
    let is_split = |(i, c): &(usize, char)| {
        let before = body[..*i].chars().next_back();
        matches!(c, '+' | '-')
            && *i > 0
            && !before.is_some_and(|b| matches!(b, 'p' | 'P') || (!hex && matches!(b, 'e' | 'E')))
    };
    let (split, _) = body.char_indices().find(is_split)?;
    Some(Number::Complex(float(&body[..split])?, float(&body[split..])?))
}

/// Why something between single quotes is no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CharFault {
    /// More than one character.
    Malformed,
    /// Nothing, or an escape that there is not.
    Syntax,
}

/// Reads a character constant, quotes included: its number.
pub(super) fn character(quoted: &str) -> Result<i64, CharFault> {
    let text = quoted.strip_prefix('\'').ok_or(CharFault::Syntax)?;
    let (unit, tail) = unquote_char(text, '\'').ok_or(CharFault::Syntax)?;
    if tail != "'" {
        return Err(CharFault::Malformed);
    }
    Ok(match unit {
        Unit::Byte(byte) => i64::from(byte),
        Unit::Char(c) => i64::from(u32::from(c)),
    })
}

/// A whole number in Go's syntax: sign and magnitude.
fn integer(text: &str) -> Option<(bool, u64)> {
    let (negative, body) = signed(text);
    if !underscores_fit(text) {
        return None;
    }
    let lower = body.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', _, ..] => (16, &lower[2..]),
        [b'0', b'o', _, ..] => (8, &lower[2..]),
        [b'0', b'b', _, ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    let digits = digits.replace('_', "");
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(&digits, radix).ok().map(|magnitude| (negative, magnitude))
}

fn signed(text: &str) -> (bool, &str) {
    match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    }
}

/// A floating-point number in Go's syntax; `None` also where it is too large.
fn float(text: &str) -> Option<f64> {
    if !underscores_fit(text) {
        return None;
    }
    let (negative, body) = signed(text);
    let body = body.replace('_', "").to_ascii_lowercase();
    let value = match body.strip_prefix("0x") {
        Some(hex) => hex_float(hex)?,
        // The standard library would read words like `inf` too.
        None if body.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '+' | '-')) => {
            body.parse().ok()?
        }
        None => return None,
    };
    f64::is_finite(value).then_some(if negative { -value } else { value })
}

/// Mantissa and power of a hexadecimal number; the power is a must.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, power) = text.split_once('p')?;
    let (_, digits) = signed(power);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A power that does not fit is as good as the largest one.
    let large = if power.starts_with('-') { -100_000 } else { 100_000 };
    let mut power = power.parse::<i64>().unwrap_or(large).clamp(-100_000, 100_000);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut bits = 0_u64;
    for (i, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(c.to_digit(16)?);
        if bits >> 58 == 0 {
            bits = bits << 4 | digit;
        } else {
            // Digits beyond 60 bits only decide how a half is rounded.
            bits |= u64::from(digit != 0);
            power = power.saturating_add(4);
        }
        if i >= whole.len() {
            power = power.saturating_sub(4);
        }
    }
    // Rounded once here, exactly as often as Go rounds, save for numbers below 2^-1022.
    #[allow(clippy::cast_precision_loss)]
    let mut value = bits as f64;
    let factor = if power < 0 { 0.5 } else { 2.0 };
    for _ in 0..power.unsigned_abs() {
        if value == 0.0 || value.is_infinite() {
            break;
        }
        value *= factor;
    }
    Some(value)
}

/// Whether every `_` stands between digits, or between a base prefix and a digit.
fn underscores_fit(text: &str) -> bool {
    let (_, body) = signed(text);
    let body = body.to_ascii_lowercase();
    let bytes = body.as_bytes();
    let (hex, digits) = match bytes {
        [b'0', b'x', ..] => (true, &bytes[2..]),
        [b'0', b'b' | b'o', ..] => (false, &bytes[2..]),
        _ => (false, bytes),
    };
    // A base prefix counts as a digit.
    let mut before = if digits.len() < bytes.len() { b'0' } else { b'^' };
    for byte in digits {
        match byte {
            b'0'..=b'9' => before = b'0',
            b'a'..=b'f' if hex => before = b'0',
            b'_' if before == b'0' => before = b'_',
            b'_' => return false,
            _ if before == b'_' => return false,
            _ => before = b'!',
        }
    }
    before != b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        use Number::{Complex, Float, Int, TooLarge};
        use NumberFault::{Overflow, Syntax};
        let cases = [
            ("0", Ok(Int(0))),
            ("-7", Ok(Int(-7))),
            ("+7", Ok(Int(7))),
            ("1_000", Ok(Int(1000))),
            ("0x_f", Ok(Int(15))),
            ("0b101", Ok(Int(5))),
            ("0o17", Ok(Int(15))),
            ("017", Ok(Int(15))),
            ("08", Err(Overflow)),
            ("1__0", Err(Syntax)),
            ("1_", Err(Syntax)),
            ("1.5", Ok(Float(1.5))),
            (".5", Ok(Float(0.5))),
            ("1.", Ok(Float(1.0))),
            (".", Err(Syntax)),
            ("1e3", Ok(Float(1000.0))),
            ("1_0.2_5", Ok(Float(10.25))),
            ("1_.5", Err(Syntax)),
            ("0x1p-2", Ok(Float(0.25))),
            ("0x1.8p1", Ok(Float(3.0))),
            ("0x1.8", Err(Syntax)),
            ("0x1e", Ok(Int(30))),
            ("-0x1e", Ok(Float(-30.0))),
            ("0x", Err(Syntax)),
            ("1e999", Err(Syntax)),
            ("1e", Err(Syntax)),
            ("3i", Ok(Complex(0.0, 3.0))),
            ("9223372036854775807", Ok(Int(i64::MAX))),
            ("-9223372036854775808", Ok(Int(i64::MIN))),
            ("9223372036854775808", Ok(TooLarge)),
            ("-9223372036854775809", Err(Overflow)),
            ("18446744073709551616", Err(Overflow)),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn complex_numbers() {
        let cases = [
            ("1+2i", Some((1.0, 2.0))),
            ("-1.5-2e3i", Some((-1.5, -2000.0))),
            ("1e+2-1i", Some((100.0, -1.0))),
            ("0x1ep1+1i", Some((60.0, 1.0))),
            ("1+i", None),
            ("1+2", None),
        ];
        for (text, expected) in cases {
            assert_eq!(complex(text), expected.map(|(re, im)| Number::Complex(re, im)), "{text}");
        }
    }

    #[test]
    fn characters() {
        let cases = [
            ("'a'", Ok(97)),
            (r"'\''", Ok(39)),
            (r"'\n'", Ok(10)),
            (r"'\xff'", Ok(255)),
            ("'é'", Ok(233)),
            ("''", Err(CharFault::Syntax)),
            (r#"'\"'"#, Err(CharFault::Syntax)),
            ("'ab'", Err(CharFault::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(character(text), expected, "{text}");
        }
    }
}
