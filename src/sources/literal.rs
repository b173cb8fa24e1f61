//! `key=value` on the command line.

use crate::shown::Hidden;

/// Splits a literal at its first `=`, as kubectl does: the key must not be empty, the value may.
pub(crate) fn parse_literal(literal: &[u8]) -> Result<(&[u8], &[u8]), NoLiteral> {
    match literal.iter().position(|b| *b == b'=') {
        Some(at) if at > 0 => Ok((&literal[..at], &literal[at + 1..])),
        at => Err(NoLiteral { len: literal.len(), separated: at.is_some() }),
    }
}

/// A literal without a key before a `=`. It may be a value with its key forgotten, so only its
/// length is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {}", if *separated { "the key is empty" } else { "there is no '='" }, Hidden(*len))]
pub(crate) struct NoLiteral {
    /// The length in bytes.
    pub len: usize,
    /// Whether it has a `=`.
    pub separated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        type Row = (&'static [u8], Result<(&'static [u8], &'static [u8]), NoLiteral>);
        let rows: &[Row] = &[
            (b"a=b", Ok((b"a", b"b"))),
            (b"a=", Ok((b"a", b""))),
            (b"a=b=c", Ok((b"a", b"b=c"))),
            (b"a=\xff", Ok((b"a", b"\xff"))),
            (b"=b", Err(NoLiteral { len: 2, separated: true })),
            (b"ab", Err(NoLiteral { len: 2, separated: false })),
            (b"", Err(NoLiteral { len: 0, separated: false })),
        ];
        for (literal, want) in rows {
            assert_eq!(parse_literal(literal), *want);
        }
    }
}
