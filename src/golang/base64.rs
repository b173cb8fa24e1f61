//! base64 as Go's `encoding/base64` decodes it: it skips line ends and ignores the bits left over in
//! the last character.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Whether a text whose last group is short is filled up with `=`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    /// It is not (`base64.RawStdEncoding`).
    Absent,
    /// It is (`base64.StdEncoding`).
    Required,
}

impl Padding {
    const fn engine(self) -> GeneralPurpose {
        let mode = match self {
            Self::Absent => DecodePaddingMode::RequireNone,
            Self::Required => DecodePaddingMode::RequireCanonical,
        };
        let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
        GeneralPurpose::new(&STANDARD, config.with_decode_padding_mode(mode))
    }
}

const PADDED: GeneralPurpose = Padding::Required.engine();
const UNPADDED: GeneralPurpose = Padding::Absent.engine();

/// The bytes of a text in the standard alphabet, or the offset that Go names in its
/// `CorruptInputError`.
pub(crate) fn decode(text: &[u8], padding: Padding) -> Result<Zeroizing<Vec<u8>>, usize> {
    let is_end = |b: &u8| matches!(b, b'\r' | b'\n');
    let mut packed = Zeroizing::new(Vec::new());
    let line = if text.iter().any(is_end) {
        packed.reserve_exact(text.len());
        packed.extend(text.iter().filter(|b| !is_end(b)));
        packed.as_slice()
    } else {
        text
    };
    // As large as it can become, so that the buffer never moves.
    let mut out = Zeroizing::new(Vec::with_capacity(line.len() / 4 * 3 + 3));
    let engine = if padding == Padding::Required { &PADDED } else { &UNPADDED };
    match engine.decode_vec(line, &mut out) {
        Ok(()) => Ok(out),
        // Only Go's own steps tell the offset that Go tells.
        Err(_) => decode_by_steps(text, padding),
    }
}

fn decode_by_steps(text: &[u8], padding: Padding) -> Result<Zeroizing<Vec<u8>>, usize> {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len().div_ceil(4).saturating_mul(3)));
    let mut units = text.iter().enumerate().filter(|(_, b)| !matches!(b, b'\r' | b'\n'));
    loop {
        let mut group = 0_u32;
        let mut count = 0;
        while count < 4 {
            let Some((at, byte)) = units.next() else {
                return match (count, padding) {
                    (0, _) => Ok(out),
                    (2 | 3, Padding::Absent) => {
                        push(group << (6 * (4 - count)), count - 1, &mut out);
                        Ok(out)
                    }
                    _ => Err(text.len() - count),
                };
            };
            let Some(value) = value(*byte) else {
                if *byte != b'=' || count < 2 || padding == Padding::Absent {
                    return Err(at);
                }
                if count == 2 {
                    // A second `=` must follow.
                    match units.next() {
                        None => return Err(text.len()),
                        Some((next, byte)) if *byte != b'=' => return Err(next - 1),
                        Some(_) => {}
                    }
                }
                if let Some((next, _)) = units.next() {
                    return Err(next);
                }
                push(group << (6 * (4 - count)), count - 1, &mut out);
                return Ok(out);
            };
            group = group << 6 | u32::from(value);
            count += 1;
        }
        push(group, 3, &mut out);
    }
}

fn push(group: u32, count: usize, out: &mut Zeroizing<Vec<u8>>) {
    out.extend_from_slice(&group.to_be_bytes()[1..=count.min(3)]);
}

fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_as_go_decodes_it() {
        let padded: [(&str, Result<&[u8], usize>); 16] = [
            ("", Ok(b"")),
            ("aHVudGVyMg==", Ok(b"hunter2")),
            ("aHVu\r\ndGVy\nMg=\n=\n", Ok(b"hunter2")),
            ("//4=", Ok(b"\xff\xfe")),
            ("MR==", Ok(b"1")),
            ("a", Err(0)),
            ("ab", Err(0)),
            ("abc", Err(0)),
            ("abcda", Err(4)),
            ("ab=", Err(3)),
            ("ab=c", Err(2)),
            ("a===", Err(1)),
            ("=", Err(0)),
            ("abc=d", Err(4)),
            ("ab-d", Err(2)),
            ("ab d", Err(2)),
        ];
        let raw: [(&str, Result<&[u8], usize>); 8] = [
            ("", Ok(b"")),
            ("aHVudGVyMg", Ok(b"hunter2")),
            ("aHVu\nMTI", Ok(b"hun12")),
            ("MR", Ok(b"1")),
            ("a", Err(0)),
            ("abcda", Err(4)),
            ("aHVudGVyMg==", Err(10)),
            ("ab-d", Err(2)),
        ];
        let padded = padded.map(|row| (row, Padding::Required));
        let raw = raw.map(|row| (row, Padding::Absent));
        for ((text, expected), padding) in padded.into_iter().chain(raw) {
            for decode in [decode, decode_by_steps] {
                let decoded = decode(text.as_bytes(), padding);
                assert_eq!(
                    decoded.as_ref().map(|b| b.as_slice()),
                    expected.as_ref().map(|b| *b),
                    "{text:?}"
                );
            }
        }
    }
}
