//! The text between brackets: which of index, slice, key, union or comparison it is. The parts that
//! are expressions are left to the parser.

use super::error::ParseError;
use super::node::{End, Slice};

pub(super) enum Subscript<'a> {
    /// `'name'`, without its quotes: another way to write `.name`, so its dots part it and its
    /// backslashes protect them.
    Key(&'a str),
    Slice(Slice),
    /// What the commas part, each a subscript without brackets.
    Union(Vec<&'a str>),
}

pub(super) fn subscript(inner: &str) -> Result<Subscript<'_>, ParseError> {
    let inner = if inner == "*" { ":" } else { inner };
    // A comma parts even where it is quoted.
    if inner.contains(',') {
        return Ok(Subscript::Union(inner.split(',').map(|part| part.trim_matches(' ')).collect()));
    }
    match quoted_key(inner) {
        Some(key) => Ok(Subscript::Key(key)),
        None => slice(inner).map(Subscript::Slice),
    }
}

/// The key in single quotes, if there is no other single quote.
fn quoted_key(inner: &str) -> Option<&str> {
    inner.strip_prefix('\'')?.strip_suffix('\'').filter(|key| !key.contains('\''))
}

/// `start:end:step`, each of them a number, nothing, or left out with its colon.
fn slice(inner: &str) -> Result<Slice, ParseError> {
    let parts: Vec<&str> = inner.split(':').collect();
    let mut digits = parts.iter().map(|part| part.strip_prefix('-').unwrap_or(part));
    if parts.len() > 3 || !digits.all(|part| part.chars().all(|c| c.is_ascii_digit())) {
        return Err(ParseError::Index(inner.to_owned()));
    }
    let number = |at: usize| match parts.get(at) {
        None | Some(&"") => Ok(None),
        Some(part) => {
            part.parse().map(Some).map_err(|_| ParseError::IndexNumber((*part).to_owned()))
        }
    };
    let start = number(0)?;
    let end = match (number(1)?, parts.len()) {
        (Some(end), _) => End::At(end),
        // Go's integers wrap around.
        (None, 1) => End::AfterStart(start.unwrap_or(0).wrapping_add(1)),
        (None, _) => End::Open,
    };
    Ok(Slice { start, end, step: number(2)? })
}

/// Left side, operator and right side: kubectl's `^([^!<>=]+)([!<>=]+)(.+?)$`. The operator is the
/// first run of these characters, quoted or not, without its last one if nothing follows it.
pub(super) fn comparison(inner: &str) -> Option<(&str, &str, &str)> {
    let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
    let (left, rest) = inner.split_at_checked(inner.find(is_operator)?)?;
    let length = rest.find(|c| !is_operator(c)).unwrap_or(rest.len().saturating_sub(1));
    let (operator, right) = rest.split_at_checked(length)?;
    (!left.is_empty() && !operator.is_empty()).then_some((left, operator, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice_of(start: Option<i64>, end: End, step: Option<i64>) -> Slice {
        Slice { start, end, step }
    }

    #[test]
    fn slices() {
        for (inner, want) in [
            ("", slice_of(None, End::AfterStart(1), None)),
            ("0", slice_of(Some(0), End::AfterStart(1), None)),
            ("-1", slice_of(Some(-1), End::AfterStart(0), None)),
            (":", slice_of(None, End::Open, None)),
            ("::", slice_of(None, End::Open, None)),
            ("1:", slice_of(Some(1), End::Open, None)),
            (":-1", slice_of(None, End::At(-1), None)),
            ("1:2", slice_of(Some(1), End::At(2), None)),
            ("1:2:", slice_of(Some(1), End::At(2), None)),
            ("::2", slice_of(None, End::Open, Some(2))),
            ("-0:007:-3", slice_of(Some(0), End::At(7), Some(-3))),
            ("9223372036854775807", slice_of(Some(i64::MAX), End::AfterStart(i64::MIN), None)),
        ] {
            assert_eq!(slice(inner), Ok(want), "{inner}");
        }
    }

    #[test]
    fn what_is_no_slice() {
        let index = |text: &str| ParseError::Index(text.to_owned());
        let number = |text: &str| ParseError::IndexNumber(text.to_owned());
        for (inner, want) in [
            ("a", index("a")),
            (" 1", index(" 1")),
            ("+1", index("+1")),
            ("--1", index("--1")),
            ("1:2:3:4", index("1:2:3:4")),
            ("1.5", index("1.5")),
            ("٣", index("٣")),
            ("-", number("-")),
            ("1:-", number("-")),
            ("9223372036854775808", number("9223372036854775808")),
        ] {
            assert_eq!(slice(inner), Err(want), "{inner}");
        }
    }

    #[test]
    fn comparisons() {
        for (inner, want) in [
            ("@.a==1", Some(("@.a", "==", "1"))),
            ("@.a <= @.b", Some(("@.a ", "<=", " @.b"))),
            ("@.a=!=1", Some(("@.a", "=!=", "1"))),
            ("@.a==", Some(("@.a", "=", "="))),
            ("@.a='x=y'", Some(("@.a", "=", "'x=y'"))),
            ("@.a=", None),
            ("@.a", None),
            ("==1", None),
            ("", None),
        ] {
            assert_eq!(comparison(inner), want, "{inner}");
        }
    }
}
