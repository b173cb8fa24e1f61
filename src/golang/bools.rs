//! Booleans as Go's `strconv.ParseBool` reads them.

use super::ints::NumberFault;

/// Reads a boolean: `1 t T true TRUE True` or `0 f F false FALSE False`, nothing else
/// (`strconv.ParseBool`, which pflag asks for every boolean flag).
pub(crate) fn parse_bool(text: &str) -> Result<bool, NumberFault> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(NumberFault::Syntax),
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
    fn refuses_the_rest() {
        for text in ["maybe", "", "tRUE", "yes", " 1", "a\"\n"] {
            assert_eq!(parse_bool(text), Err(NumberFault::Syntax), "{text}");
        }
    }
}
