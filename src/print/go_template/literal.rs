//! Constants of a template: numbers and characters in Go's syntax.

use crate::golang::floats;
use crate::golang::ints::{parse_uint, signed};
use crate::golang::quote::{Unit, unquote_char};

/// A number as a template has it. Where nothing says which type is wanted, its syntax does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// It has an imaginary part.
    Complex(f64, f64),
    /// It has a point or an exponent.
    Float(f64),
    Int(i64),
    /// A whole number that only an unsigned type would hold.
    TooLarge,
}

/// Why something is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LiteralFault {
    /// A whole number beyond 64 bits.
    Overflow,
    Syntax,
}

/// Reads a number without an imaginary part after a sign (`1+2i` is `complex`).
pub(super) fn number(text: &str) -> Result<Number, LiteralFault> {
    if let Some(im) = text.strip_suffix('i').and_then(floats::parse) {
        return Ok(Number::Complex(0.0, im));
    }
    let is_hex =
        matches!(text.as_bytes(), [b'0', b'x' | b'X', _, ..]) && !text.contains(['p', 'P']);
    let looks_float = !is_hex && text.contains(['.', 'e', 'E', 'p', 'P']);
    let (negative, magnitude) = signed(text);
    if let Some(magnitude) = parse_uint(magnitude) {
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
    match floats::parse(text) {
        Some(value) if text.contains(['.', 'e', 'E', 'p', 'P']) => Ok(Number::Float(value)),
        Some(_) => Err(LiteralFault::Overflow),
        None => Err(LiteralFault::Syntax),
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
    Some(Number::Complex(floats::parse(&body[..split])?, floats::parse(&body[split..])?))
}

/// Why something between single quotes is no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CharFault {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        use LiteralFault::{Overflow, Syntax};
        use Number::{Complex, Float, Int, TooLarge};
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
