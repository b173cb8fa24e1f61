//! Floating-point numbers as text, as Go's `strconv.FormatFloat` writes them.

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `%b`: mantissa and power of two, in decimal.
    Binary,
    /// `%e`: one digit before the point and a power of ten.
    Exponent,
    /// `%f`: no exponent.
    Fixed,
    /// `%g`: whichever of `%e` and `%f` suits the size.
    General,
    /// `%x`: hexadecimal mantissa and a power of two.
    Hex,
}

/// More digits than any `f64` has, after or before its point.
const ALL_DIGITS: usize = 1100;

/// The number as text; without a precision, as many digits as it takes to read it back.
pub(super) fn format(value: f64, style: Style, upper: bool, precision: Option<usize>) -> String {
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
        None => format!("{value:e}"),
    };
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits_text: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if let Some(digits) = digits {
        digits_text.extend(std::iter::repeat_n('0', digits.saturating_sub(digits_text.len())));
    }
    (digits_text, power.parse().unwrap_or_default())
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
        return format!("{value}");
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
}
