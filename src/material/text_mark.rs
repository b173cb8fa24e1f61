//! How a text is marked that programs of Windows wrote: a byte order mark before UTF-8, or UTF-16.
//! In the value of a Secret the mark becomes part of the value.

use std::fmt;

/// The mark of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextMark {
    /// The byte order mark of UTF-8.
    Utf8,
    /// UTF-16 with or without its mark, by the name that iconv has for it.
    Utf16(&'static str),
}

impl TextMark {
    /// The mark of a text, if it has one. Without a byte order mark a text is UTF-16 if every second
    /// byte is zero, and no other.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        match text {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16("UTF-16")),
            [0, ..] if has_zeros(text, 0) => Some(Self::Utf16("UTF-16BE")),
            [_, 0, ..] if has_zeros(text, 1) => Some(Self::Utf16("UTF-16LE")),
            _ => None,
        }
    }
}

impl fmt::Display for TextMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "begins with a byte order mark (UTF-8)",
            Self::Utf16("UTF-16") => "begins with a byte order mark (UTF-16)",
            Self::Utf16(_) => "is written in UTF-16",
        })
    }
}

/// Whether of at least two pairs of bytes the first, or the second, is zero and the other one not.
fn has_zeros(text: &[u8], at: usize) -> bool {
    let pairs = text.chunks_exact(2);
    text.len() >= 4
        && pairs.remainder().is_empty()
        && pairs.into_iter().all(|pair| pair[at] == 0 && pair[1 - at] != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let rows: &[(&[u8], Option<TextMark>)] = &[
            (b"", None),
            (b"secret", None),
            (b"\xef\xbb\xbfsecret", Some(TextMark::Utf8)),
            (b"\xef\xbb\xbf", Some(TextMark::Utf8)),
            (b"\xef\xbb", None),
            (b"\xff\xfes\0", Some(TextMark::Utf16("UTF-16"))),
            (b"\xfe\xff\0s", Some(TextMark::Utf16("UTF-16"))),
            (b"s\x003\0", Some(TextMark::Utf16("UTF-16LE"))),
            (b"\0s\x003", Some(TextMark::Utf16("UTF-16BE"))),
            (b"s\0", None),
            (b"s\x003\0c", None),
            (b"\0\0\0\0", None),
            (b"s\0\0\0", None),
            ("\u{feff}".as_bytes(), Some(TextMark::Utf8)),
        ];
        for (text, want) in rows {
            assert_eq!(TextMark::of(text), *want, "{text:x?}");
        }
    }
}
