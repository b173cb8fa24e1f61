//! Text and characters of bytes that may not be UTF-8.

use std::borrow::Cow;

/// The bytes as text, each byte that is no UTF-8 as one U+FFFD, as Go's `encoding/json` and its
/// loops over strings have it. Rust's own `from_utf8_lossy` writes one for a whole cut sequence.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let lengths = bytes.utf8_chunks().map(|chunk| {
        chunk.valid().len() + chunk.invalid().len() * char::REPLACEMENT_CHARACTER.len_utf8()
    });
    // The exact size: no half-written copy is left behind by a buffer that had to grow.
    let mut text = String::with_capacity(lengths.sum());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(text)
}

/// A character of a byte string: Go decodes invalid UTF-8 as U+FFFD of one byte.
pub(crate) struct Rune {
    /// The character, or U+FFFD for a byte that is not UTF-8.
    pub c: char,
    /// How many bytes it has.
    pub width: usize,
    /// Whether it stands for a byte that is not UTF-8.
    pub invalid: bool,
}

/// The first character of `bytes`, which must not be empty to mean anything.
pub(crate) fn first_rune(bytes: &[u8]) -> Rune {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(c) => Rune { c, width: c.len_utf8(), invalid: false },
        None => Rune { c: char::REPLACEMENT_CHARACTER, width: 1, invalid: true },
    }
}

/// The characters of a byte string, as Go's `range` over a string sees them.
pub(crate) fn runes(mut bytes: &[u8]) -> impl Iterator<Item = Rune> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let rune = first_rune(bytes);
        bytes = &bytes[rune.width..];
        Some(rune)
    })
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
    fn characters_of_bytes() {
        let all: Vec<_> = runes("aé\u{fffd}🙂\u{fe}".as_bytes())
            .map(|rune| (rune.c, rune.width, rune.invalid))
            .collect();
        let want = [('a', 1), ('é', 2), ('\u{fffd}', 3), ('🙂', 4), ('\u{fe}', 2)];
        assert_eq!(all, want.map(|(c, width)| (c, width, false)));
        let all: Vec<_> = runes(b"\xe2\x82b\xff").map(|rune| (rune.c, rune.invalid)).collect();
        let invalid = (char::REPLACEMENT_CHARACTER, true);
        assert_eq!(all, [invalid, invalid, ('b', false), invalid]);
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
