//! Text out of bytes that may be no UTF-8.

use std::borrow::Cow;

/// The bytes as text, each byte that is no UTF-8 as one U+FFFD, as Go's `encoding/json` and its
/// loops over strings have it. Rust's own `from_utf8_lossy` writes one for a whole cut sequence.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let length = |chunk: std::str::Utf8Chunk<'_>| {
        chunk.valid().len() + chunk.invalid().len() * char::REPLACEMENT_CHARACTER.len_utf8()
    };
    // The exact size: no half-written copy is left behind by a buffer that had to grow.
    let mut text = String::with_capacity(bytes.utf8_chunks().map(length).sum());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_byte_by_byte() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"plain", "plain"),
            ("é🙂\u{fffd}".as_bytes(), "é🙂\u{fffd}"),
            (b"\xff", "\u{fffd}"),
            (b"a\xe2\x82b", "a\u{fffd}\u{fffd}b"),
            (b"\xf0\x9f\x99", "\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xed\xa0\x80", "\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xc0\x80z", "\u{fffd}\u{fffd}z"),
            (b"\xf4\x90\x80\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(lossy(bytes), text, "{bytes:x?}");
        }
    }

    #[test]
    fn good_text_is_not_copied() {
        assert!(matches!(lossy(b"good"), Cow::Borrowed("good")));
    }

    #[test]
    fn a_mended_text_fits_its_buffer() {
        let Cow::Owned(text) = lossy(b"a\xff\xfe\xc3\xa9") else { panic!("nothing mended") };
        assert_eq!(text.len(), 1 + 3 + 3 + 2);
        assert_eq!(text.capacity(), text.len());
    }
}
