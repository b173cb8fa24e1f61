//! Floating-point numbers, read and written as by Go's `strconv` and `encoding/json`.
//!
//! Rust's standard library reads to the nearest `f64` and writes the shortest text that reads back,
//! as Go does; of two such texts that are equally near, Go's has the even last digit. What differs
//! otherwise is the syntax around the digits: Go reads underscores, hexadecimal mantissas and only
//! some words, and writes an exponent of at least two digits, from a size that depends on the verb. A
//! precision rounds the exact value, half to even.

use zeroize::Zeroizing;

use super::ints::{signed, underscores_fit};

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `%b`: mantissa and power of two, in decimal.
    Binary,
    /// `%e`: one digit before the point and a power of ten.
    Exponent,
    Fixed,
    /// `%g`: whichever of `%e` and `%f` suits the size.
    General,
    /// `%x`: hexadecimal mantissa and a power of two.
    Hex,
}

/// More digits than any `f64` has, after or before its point.
const ALL_DIGITS: usize = 1100;

/// The number as `encoding/json` writes it: no exponent from 1e-6 up to 1e21, else `1e-7`, `1e+21`.
pub(crate) fn json(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return format(value, Style::Fixed, false, None);
    }
    format(value, Style::Exponent, false, None).replacen("e-0", "e-", 1)
}

/// The number as `%v` writes it: the shortest digits that read back the same, with an exponent of
/// at least two digits below 1e-4 and from 1e6 on.
pub(crate) fn shortest(value: f64) -> String {
    format(value, Style::General, false, None)
}

/// The number as text (`strconv.FormatFloat`); without a precision, as many digits as it takes to
/// read it back.
pub(crate) fn format(value: f64, style: Style, upper: bool, precision: Option<usize>) -> String {
    let sign = if value.is_sign_negative() && !value.is_nan() { "-" } else { "" };
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if sign.is_empty() { "+Inf" } else { "-Inf" }.to_owned();
    }
    let value = value.abs();
    let text = match style {
        Style::Binary => binary(value),
        Style::Exponent => exponent(value, precision),
        Style::Fixed => fixed(value, precision),
        Style::General => general(value, precision),
        Style::Hex => hex(value, precision),
    };
    let text = if upper { text.to_ascii_uppercase() } else { text };
    format!("{sign}{text}")
}

/// Digits and the power of ten of the first one.
fn decimal(value: f64, digits: Option<usize>) -> (String, i32) {
    // The formatter's precision is limited; digits beyond those of any number are zeros.
    let text = match digits {
        Some(digits) => format!("{value:.*e}", digits.saturating_sub(1).min(ALL_DIGITS)),
        None => shortest_digits(value),
    };
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits_text: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if let Some(digits) = digits {
        digits_text.extend(std::iter::repeat_n('0', digits.saturating_sub(digits_text.len())));
    }
    (digits_text, power.parse().unwrap_or_default())
}

/// The shortest digits with an exponent, `1.5e-7`. Of two forms that are equally near the number,
/// Go takes the one with an even last digit, the standard library the greater one.
fn shortest_digits(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((digits, power)) = text.split_once('e') else { return text };
    let (Some((_, fraction)), Some(last @ (b'1' | b'3' | b'5' | b'7' | b'9'))) =
        (digits.split_once('.'), digits.bytes().last())
    else {
        return text;
    };
    let even = format!("{}{}", &digits[..digits.len() - 1], char::from(last - 1));
    // A number half-way between the two has one more place and then no other.
    let half_way = format!("{even}5{}e{power}", "0".repeat(24));
    let exact = format!("{value:.*e}", fraction.len() + 25);
    if exact == half_way { format!("{even}e{power}") } else { text }
}

fn exponent(value: f64, precision: Option<usize>) -> String {
    let (digits, power) = decimal(value, precision.map(|p| p.saturating_add(1)));
    with_exponent(&digits, power)
}

fn with_exponent(digits: &str, power: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", power.unsigned_abs())
}

fn fixed(value: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else {
        let (digits, power) = decimal(value, None);
        return with_point(&digits, power);
    };
    let mut text = format!("{value:.*}", precision.min(ALL_DIGITS));
    text.extend(std::iter::repeat_n('0', precision.saturating_sub(ALL_DIGITS)));
    text
}

fn general(value: f64, precision: Option<usize>) -> String {
    let (digits, power) = decimal(value, precision.map(|p| p.max(1)));
    let digits = match precision {
        // Trailing zeros of the exact digits do not count.
        Some(_) => match digits.trim_end_matches('0') {
            "" => "0",
            kept => kept,
        },
        None => &digits,
    };
    // From which power on an exponent is written.
    let limit = precision.map_or(6, |p| i32::try_from(p.max(1)).unwrap_or(i32::MAX));
    if power < -4 || power >= limit {
        return with_exponent(digits, power);
    }
    with_point(digits, power)
}

fn with_point(digits: &str, power: i32) -> String {
    if power < 0 {
        let zeros = "0".repeat(usize::try_from(-power - 1).unwrap_or_default());
        return format!("0.{zeros}{digits}");
    }
    let whole = usize::try_from(power + 1).unwrap_or_default();
    match digits.split_at_checked(whole) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, rest)) => format!("{whole}.{rest}"),
        None => format!("{digits}{}", "0".repeat(whole.saturating_sub(digits.len()))),
    }
}

/// Mantissa and power of two such that the value is their product.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let power = i32::try_from((bits >> 52) & 0x7ff).unwrap_or_default();
    if power == 0 { (fraction, -1074) } else { (fraction | 1 << 52, power - 1075) }
}

fn binary(value: f64) -> String {
    let (mantissa, power) = parts(value);
    format!("{mantissa}p{power:+}")
}

fn hex(value: f64, precision: Option<usize>) -> String {
    let (mut mantissa, mut power) = parts(value);
    if mantissa == 0 {
        power = 0;
    } else {
        // One bit before the point, 60 after it.
        let shift = mantissa.leading_zeros().saturating_sub(3);
        mantissa <<= shift;
        power += 60 - i32::try_from(shift).unwrap_or_default();
    }
    if let Some(precision) = precision.filter(|p| *p < 15) {
        let shift = 60 - 4 * u32::try_from(precision).unwrap_or_default();
        let extra = mantissa & ((1_u64 << shift) - 1);
        let half = 1_u64 << (shift - 1);
        mantissa >>= shift;
        if extra > half || (extra == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
        mantissa <<= shift;
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            power += 1;
        }
    }
    let mut digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
    match precision {
        None => digits.truncate(digits.trim_end_matches('0').len()),
        Some(precision) => {
            digits.truncate(precision);
            digits.extend(std::iter::repeat_n('0', precision.saturating_sub(digits.len())));
        }
    }
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    format!("0x{}{point}{digits}p{sign}{:02}", mantissa >> 60, power.unsigned_abs())
}

/// Reads a number (`strconv.ParseFloat`): in decimal, in hexadecimal with a power of two, or one of
/// the words `inf`, `infinity` and `nan`. `None` if it is not a number or too large.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (negative, body) = signed(text);
    let with_sign = |value: f64| if negative { -value } else { value };
    if ["inf", "infinity"].iter().any(|word| body.eq_ignore_ascii_case(word)) {
        return Some(with_sign(f64::INFINITY));
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    let may_be_number =
        body.bytes().all(|byte| byte.is_ascii_hexdigit() || b"+-._xXpP".contains(&byte));
    if !may_be_number || !underscores_fit(text) {
        return None;
    }
    // The text may be a password.
    let without = body.contains('_').then(|| Zeroizing::new(body.replace('_', "")));
    let body = without.as_ref().map_or(body, |text| text.as_str());
    let value = match body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")) {
        Some(hex) => hex_float(hex)?,
        // The standard library reads a second sign and words, too.
        None if body.starts_with(|c: char| c.is_ascii_digit() || c == '.') => body.parse().ok()?,
        None => return None,
    };
    f64::is_finite(value).then(|| with_sign(value))
}

/// A hexadecimal number without its `0x`. The power is required.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, power) = text.split_once(['p', 'P'])?;
    let (negative, digits) = signed(power);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A power that does not fit is as good as the largest one.
    let large = if negative { -100_000 } else { 100_000 };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        use Style::{Binary, Exponent, Fixed, General, Hex};
        let cases: &[(f64, Style, Option<usize>, &str)] = &[
            (0.0, General, None, "0"),
            (-0.0, General, None, "-0"),
            (100_000.0, General, None, "100000"),
            (1e6, General, None, "1e+06"),
            (123_456_789.0, General, None, "1.23456789e+08"),
            (1e21, General, None, "1e+21"),
            (0.0001, General, None, "0.0001"),
            (0.00001, General, None, "1e-05"),
            (1_234_567.8, General, None, "1.2345678e+06"),
            (1.5, General, None, "1.5"),
            (5e-324, General, None, "5e-324"),
            (123_456.0, General, Some(3), "1.23e+05"),
            (1e5, General, Some(10), "100000"),
            (12.5, General, Some(0), "1e+01"),
            (100.0, General, Some(3), "100"),
            (0.0, General, Some(3), "0"),
            (0.0, Exponent, Some(6), "0.000000e+00"),
            (15.0, Exponent, Some(0), "2e+01"),
            (1e20, Fixed, Some(6), "100000000000000000000.000000"),
            (2.5, Fixed, Some(0), "2"),
            (0.0, Hex, None, "0x0p+00"),
            (5e-324, Hex, None, "0x1p-1074"),
            (f64::MAX, Hex, None, "0x1.fffffffffffffp+1023"),
            (1.99, Hex, Some(0), "0x1p+01"),
            (1.97, Hex, Some(1), "0x1.0p+01"),
            (1.1, Hex, Some(20), "0x1.199999999999a0000000p+00"),
            (1.5, Binary, None, "6755399441055744p-52"),
            (0.0, Binary, None, "0p-1074"),
            (f64::INFINITY, General, None, "+Inf"),
            (f64::NEG_INFINITY, Fixed, Some(2), "-Inf"),
            (f64::NAN, Exponent, Some(2), "NaN"),
        ];
        for (value, style, precision, expected) in cases {
            assert_eq!(format(*value, *style, false, *precision), *expected, "{value} {style:?}");
        }
    }

    #[test]
    fn a_precision_beyond_all_digits_is_filled_with_zeros() {
        for style in [Style::Fixed, Style::Exponent, Style::Hex] {
            let text = format(0.1, style, false, Some(100_000));
            assert!(text.len() > 100_000 && text.len() < 100_010, "{style:?}: {}", text.len());
        }
        let text = format(0.1, Style::General, false, Some(100_000));
        assert!(text.starts_with("0.1000000000000000055"), "{text}");
    }

    #[test]
    fn numbers_as_values_and_in_json() {
        for (value, plain, in_json) in [
            (0.0, "0", "0"),
            (-0.0, "-0", "-0"),
            (1.5, "1.5", "1.5"),
            (-1.5, "-1.5", "-1.5"),
            (100_000.0, "100000", "100000"),
            (100_000.5, "100000.5", "100000.5"),
            (999_999.0, "999999", "999999"),
            (1e6, "1e+06", "1000000"),
            (1_234_567.5, "1.2345675e+06", "1234567.5"),
            (698_789_001_210_706.0 + 0.25, "6.987890012107062e+14", "698789001210706.2"),
            (698_789_001_210_706.0 + 0.75, "6.987890012107068e+14", "698789001210706.8"),
            (1e20, "1e+20", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (-1.5e300, "-1.5e+300", "-1.5e+300"),
            (0.0001, "0.0001", "0.0001"),
            (0.000_012, "1.2e-05", "0.000012"),
            (1e-6, "1e-06", "0.000001"),
            (1e-7, "1e-07", "1e-7"),
            (1.5e-10, "1.5e-10", "1.5e-10"),
        ] {
            assert_eq!((shortest(value).as_str(), json(value).as_str()), (plain, in_json));
        }
    }

    #[test]
    fn reads_what_strconv_reads() {
        for (text, value) in [
            ("0", Some(0.0)),
            ("-1.5", Some(-1.5)),
            ("+.5", Some(0.5)),
            ("1.", Some(1.0)),
            ("1E3", Some(1000.0)),
            ("1_0.2_5", Some(10.25)),
            ("0x1p-2", Some(0.25)),
            ("0X1.8P1", Some(3.0)),
            ("-0x1p4", Some(-16.0)),
            ("0x_fp0", Some(15.0)),
            ("inf", Some(f64::INFINITY)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("1e-999", Some(0.0)),
            ("1e999", None),
            ("0x1p1024", None),
            ("0x1p99999999999999999999", None),
            ("", None),
            ("+", None),
            (".", None),
            ("+-1", None),
            ("1_", None),
            ("1__0", None),
            ("1_.5", None),
            ("0x1.8", None),
            ("0xp1", None),
            ("0x1p", None),
            ("1e", None),
            ("e1", None),
            ("1p1", None),
            ("infin", None),
            ("-nan", None),
            ("1 ", None),
            ("1é", None),
        ] {
            assert_eq!(parse(text), value, "{text}");
        }
        assert!(parse("NaN").is_some_and(f64::is_nan));
    }
}
