//! base64 on the command line.

use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, Engine as _};
use zeroize::Zeroizing;

use crate::secret::Value;

/// Decodes the standard alphabet, with padding and with the spare bits zero: the one form that
/// Kubernetes itself writes, and that comes back the same when it is encoded again.
pub(crate) fn decode(text: &[u8]) -> Result<Value, NoBase64> {
    // As large as it can become, so that the buffer never moves.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 4 * 3 + 3));
    match STANDARD.decode_vec(text, &mut bytes) {
        Ok(()) => Ok(Value::from(bytes)),
        // The decoder's own words show a byte of the text.
        Err(error) => Err(NoBase64::of(&error, text)),
    }
}

/// Why a text is no base64; without any of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoBase64 {
    #[error("character {column} is from the URL alphabet; standard base64 uses + and /")]
    Alphabet {
        /// Its place, from 1.
        column: usize,
    },
    #[error("character {column} is not a base64 character")]
    Character {
        /// Its place, from 1.
        column: usize,
    },
    /// The length is no multiple of four, or padding is missing.
    #[error("it is cut off: its length must be a multiple of four, padded with =")]
    Padding,
    #[error("its last character has surplus bits")]
    SpareBits,
}

impl NoBase64 {
    fn of(error: &DecodeError, text: &[u8]) -> Self {
        match error {
            DecodeError::InvalidByte(at, b'-' | b'_') => Self::Alphabet { column: at + 1 },
            DecodeError::InvalidByte(at, b'=') if *at + 4 > text.len() => Self::Padding,
            DecodeError::InvalidByte(at, _) => Self::Character { column: at + 1 },
            DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => Self::Padding,
            DecodeError::InvalidLastSymbol { .. } => Self::SpareBits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_alone() {
        type Row = (&'static str, Result<&'static [u8], NoBase64>);
        let rows: &[Row] = &[
            ("", Ok(b"")),
            ("aHVudGVyMg==", Ok(b"hunter2")),
            ("/+8=", Ok(b"\xff\xef")),
            ("aHVudGVyMg", Err(NoBase64::Padding)),
            ("aHVudGVyMg=", Err(NoBase64::Padding)),
            ("aHVudGVyM", Err(NoBase64::Padding)),
            ("aHVudGVyMh==", Err(NoBase64::SpareBits)),
            ("_-8=", Err(NoBase64::Alphabet { column: 1 })),
            ("aHVu\ndGVy", Err(NoBase64::Character { column: 5 })),
            ("aHVu dGV", Err(NoBase64::Character { column: 5 })),
            ("aHVudGVy\n", Err(NoBase64::Character { column: 9 })),
            ("aA==aA==", Err(NoBase64::Character { column: 3 })),
            ("====", Err(NoBase64::Character { column: 1 })),
        ];
        for (text, want) in rows {
            let got = decode(text.as_bytes());
            assert_eq!(got.as_ref().map(Value::as_bytes).map_err(|e| *e), *want, "{text:?}");
        }
    }
}
