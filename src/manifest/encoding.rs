//! From bytes to characters.

use super::document::{Document, Format};
use super::fault::{Fault, Reason};
use super::position;

/// The document as text, if its characters are those that its format allows.
pub(super) fn text<'a>(document: &Document<'a>) -> Result<&'a str, Fault> {
    let bytes = document.bytes;
    let (at, reason) = match str::from_utf8(bytes) {
        _ if is_utf16(bytes) => (0, Reason::Utf16),
        // kubectl's JSON reader takes any character that JSON does.
        Ok(text) if document.format == Format::Json => return Ok(text),
        Ok(text) => match unreadable(text) {
            None => return Ok(text),
            Some(at) => (at, Reason::Control),
        },
        Err(error) => (error.valid_up_to(), Reason::NotUtf8),
    };
    let (line, column) = position::of(document, at);
    Err(Fault { line, column, reason })
}

/// Whether there is a byte order mark of UTF-16, or every other byte of the start is zero.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [0, a, 0, b, ..] | [a, 0, b, 0, ..] => *a != 0 && *b != 0,
        _ => false,
    }
}

/// Where the first character is that go-yaml's reader refuses.
fn unreadable(text: &str) -> Option<usize> {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = EACH << 7;
    // Eight bytes at once: a byte below 0x20 borrows from its high bit, one that is 0x7f carries into
    // it, and others have it already.
    let is_ordinary = |bytes: &[u8; 8]| {
        let all = u64::from_ne_bytes(*bytes);
        (all.wrapping_sub(EACH * 0x20) | all.wrapping_add(EACH) | all) & HIGH == 0
            || bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'))
    };
    let (words, _) = text.as_bytes().as_chunks::<8>();
    let ordinary = words.iter().take_while(|word| is_ordinary(word)).count() * 8;
    let start = (0..=ordinary).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text[start..].find(|c| !is_readable(c)).map(|at| start + at)
}

/// Whether a character is printable for go-yaml's reader.
fn is_readable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}
