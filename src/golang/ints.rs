//! Whole numbers as Go's `strconv.ParseInt` reads them.

use super::quote::quote;

/// A text that is no boolean or no number of the kind asked for (`strconv.NumError`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("strconv.{function}: parsing {}: {fault}", quote(text.as_bytes()))]
pub struct NumberError {
    /// The function of Go's `strconv` that refuses it.
    pub function: &'static str,
    /// What was to be read.
    pub text: String,
    /// What is wrong with it.
    pub fault: NumberFault,
}

/// What is wrong with a number (`strconv.ErrRange`, `strconv.ErrSyntax`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// A number, but too large or too small.
    #[error("value out of range")]
    Range,
    /// No number.
    #[error("invalid syntax")]
    Syntax,
}

/// Reads a decimal number of 32 bits with an optional sign, as klog's `-v` takes it
/// (`strconv.ParseInt(text, 10, 32)`): neither `0x1` nor `1_0` nor blanks.
pub fn parse_int32(text: &str) -> Result<i32, NumberError> {
    decimal(text)
        .and_then(|number| i32::try_from(number).map_err(|_| NumberFault::Range))
        .map_err(|fault| NumberError { function: "ParseInt", text: text.to_owned(), fault })
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
    fn refuses_the_rest_in_gos_words() {
        for (text, said) in [
            ("", r#"strconv.ParseInt: parsing "": invalid syntax"#),
            ("-", r#"strconv.ParseInt: parsing "-": invalid syntax"#),
            ("+-1", r#"strconv.ParseInt: parsing "+-1": invalid syntax"#),
            ("0x1", r#"strconv.ParseInt: parsing "0x1": invalid syntax"#),
            ("1_0", r#"strconv.ParseInt: parsing "1_0": invalid syntax"#),
            (" 1", r#"strconv.ParseInt: parsing " 1": invalid syntax"#),
            ("1é", r#"strconv.ParseInt: parsing "1é": invalid syntax"#),
            ("2147483648", r#"strconv.ParseInt: parsing "2147483648": value out of range"#),
            ("-2147483649", r#"strconv.ParseInt: parsing "-2147483649": value out of range"#),
            (
                "99999999999999999999",
                r#"strconv.ParseInt: parsing "99999999999999999999": value out of range"#,
            ),
        ] {
            assert_eq!(parse_int32(text).map_err(|e| e.to_string()), Err(said.to_owned()));
        }
    }
}
