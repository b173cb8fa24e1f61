//! The text of a kubeconfig.

use zeroize::Zeroizing;

/// The text of a file that kubectl reads: UTF-8, or UTF-16 with its mark. The error is the first
/// byte that is not part of a text, from 1.
pub(super) fn text(bytes: &[u8]) -> Result<Zeroizing<String>, usize> {
    let units: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to() + 1)?;
            return Ok(Zeroizing::new(text.to_owned()));
        }
    };
    let pairs =
        bytes[2..].chunks(2).map(|pair| units([pair[0], pair.get(1).copied().unwrap_or_default()]));
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() / 2 * 3));
    for (at, c) in char::decode_utf16(pairs).enumerate() {
        text.push(c.map_err(|_| at * 2 + 3)?);
    }
    Ok(text)
}
