//! Booleans as Go's `strconv.ParseBool` reads them.

use super::ints::{NumberError, NumberFault};

/// Reads a boolean: `1 t T true TRUE True` or `0 f F false FALSE False`, nothing else
/// (`strconv.ParseBool`, which pflag asks for every boolean flag).
pub fn parse_bool(text: &str) -> Result<bool, NumberError> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(NumberError {
            function: "ParseBool",
            text: text.to_owned(),
            fault: NumberFault::Syntax,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_strconv_takes() {
        for text in ["1", "t", "T", "true", "TRUE", "True"] {
            assert_eq!(parse_bool(text), Ok(true), "{text}");
        }
        for text in ["0", "f", "F", "false", "FALSE", "False"] {
            assert_eq!(parse_bool(text), Ok(false), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_in_gos_words() {
        for (text, quoted) in [
            ("maybe", r#""maybe""#),
            ("", r#""""#),
            ("tRUE", r#""tRUE""#),
            ("yes", r#""yes""#),
            (" 1", r#"" 1""#),
            ("a\"\n", r#""a\"\n""#),
        ] {
            let said = parse_bool(text).map_err(|error| error.to_string());
            let expected = format!("strconv.ParseBool: parsing {quoted}: invalid syntax");
            assert_eq!(said, Err(expected), "{text}");
        }
    }
}
