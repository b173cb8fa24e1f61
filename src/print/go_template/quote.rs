//! Go's quoted text: writing it as `strconv.Quote` does, reading it as `strconv.Unquote` does.

use super::buffer::Buffer;
use crate::golang::chars::is_print;

/// A character of a byte string: Go decodes invalid UTF-8 as U+FFFD of one byte.
pub(super) struct Rune {
    /// The character, or U+FFFD for a byte that is not UTF-8.
    pub(super) c: char,
    /// How many bytes it has.
    pub(super) width: usize,
    /// Whether it stands for a byte that is not UTF-8.
    pub(super) invalid: bool,
}

/// The first character of `bytes`, which must not be empty to mean anything.
pub(super) fn first_rune(bytes: &[u8]) -> Rune {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(c) => Rune { c, width: c.len_utf8(), invalid: false },
        None => Rune { c: char::REPLACEMENT_CHARACTER, width: 1, invalid: true },
    }
}

/// The characters of a byte string, as Go's `range` over a string sees them.
pub(super) fn runes(mut bytes: &[u8]) -> impl Iterator<Item = Rune> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let rune = first_rune(bytes);
        bytes = &bytes[rune.width..];
        Some(rune)
    })
}

/// Appends `text` quoted with `quote`; with `ascii`, every other character escaped.
pub(super) fn push_quoted(text: &[u8], quote: char, ascii: bool, out: &mut Buffer) {
    out.push_char(quote);
    let mut rest = text;
    for rune in runes(text) {
        let byte = rest.first().copied().unwrap_or_default();
        rest = &rest[rune.width..];
        if rune.invalid {
            push_hex(out, 'x', u32::from(byte), 2);
        } else {
            push_quoted_char(rune.c, quote, ascii, out);
        }
    }
    out.push_char(quote);
}

fn push_quoted_char(c: char, quote: char, ascii: bool, out: &mut Buffer) {
    match c {
        '\\' => out.push_str("\\\\"),
        c if c == quote => {
            out.push_byte(b'\\');
            out.push_char(c);
        }
        c if is_print(c) && (c.is_ascii() || !ascii) => out.push_char(c),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        c if c < ' ' || c == '\u{7f}' => push_hex(out, 'x', u32::from(c), 2),
        c if u32::from(c) < 0x1_0000 => push_hex(out, 'u', u32::from(c), 4),
        c => push_hex(out, 'U', u32::from(c), 8),
    }
}

fn push_hex(out: &mut Buffer, letter: char, value: u32, digits: usize) {
    out.push_str(&format!("\\{letter}{value:0digits$x}"));
}

/// Text quoted for a message.
pub(super) fn quoted(text: &str) -> String {
    let mut out = Buffer::default();
    push_quoted(text.as_bytes(), '"', false, &mut out);
    String::from_utf8_lossy(out.as_bytes()).into_owned()
}

/// Whether the text can stand between backquotes unchanged (`strconv.CanBackquote`).
pub(super) fn can_backquote(text: &[u8]) -> bool {
    runes(text).all(|rune| {
        !rune.invalid
            && !matches!(rune.c, '\u{feff}' | '`' | '\u{7f}')
            && (rune.c >= ' ' || rune.c == '\t')
    })
}

/// What a quoted text stands for; `None` where Go says "invalid syntax". Both `"…"` and raw
/// text between backquotes are taken.
pub(super) fn unquote(quoted: &str) -> Option<Vec<u8>> {
    if let Some(raw) = quoted.strip_prefix('`') {
        // Go drops carriage returns from raw text.
        return Some(raw.strip_suffix('`')?.bytes().filter(|b| *b != b'\r').collect());
    }
    let mut rest = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let (unit, tail) = unquote_char(rest, '"')?;
        match unit {
            Unit::Byte(byte) => out.push(byte),
            Unit::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = tail;
    }
    Some(out)
}

/// What one character of quoted text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A byte, written `\x..` or `\ooo`.
    Byte(u8),
    /// A character.
    Char(char),
}

/// Reads one character or escape of a text in these quotes (`strconv.UnquoteChar`).
pub(super) fn unquote_char(text: &str, quote: char) -> Option<(Unit, &str)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if first == quote {
        return None;
    }
    if first != '\\' {
        return Some((Unit::Char(first), chars.as_str()));
    }
    let letter = chars.next()?;
    let rest = chars.as_str();
    let plain = |c| Some((Unit::Char(c), rest));
    match letter {
        'a' => plain('\u{7}'),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'v' => plain('\u{b}'),
        '\\' => plain('\\'),
        c if c == quote => plain(c),
        'x' => {
            let (value, rest) = digits(rest, 2, 16)?;
            Some((Unit::Byte(u8::try_from(value).ok()?), rest))
        }
        'u' | 'U' => {
            let (value, rest) = digits(rest, if letter == 'u' { 4 } else { 8 }, 16)?;
            Some((Unit::Char(char::from_u32(value)?), rest))
        }
        '0'..='7' => {
            let (value, rest) = digits(&text[1..], 3, 8)?;
            Some((Unit::Byte(u8::try_from(value).ok()?), rest))
        }
        _ => None,
    }
}

fn digits(text: &str, count: usize, radix: u32) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    let all = number.chars().all(|c| c.is_digit(radix));
    all.then(|| u32::from_str_radix(number, radix).ok()).flatten().map(|value| (value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_as_go_quotes_it() {
        let cases: &[(&[u8], bool, &str)] = &[
            (b"plain", false, r#""plain""#),
            (b"a\"b\\c'", false, r#""a\"b\\c'""#),
            (b"\x00\x07\x08\x0c\n\r\t\x0b\x1b\x7f", false, r#""\x00\a\b\f\n\r\t\v\x1b\x7f""#),
            (b"\xff\xc3\xa9", false, "\"\\xffé\""),
            ("é€😀".as_bytes(), true, r#""\u00e9\u20ac\U0001f600""#),
            (
                "\u{a0}\u{ad}\u{2028}\u{feff}\u{301}".as_bytes(),
                false,
                "\"\\u00a0\\u00ad\\u2028\\ufeff\u{301}\"",
            ),
            ("\u{fffd}".as_bytes(), false, "\"\u{fffd}\""),
            (b"\xe2\x82", false, r#""\xe2\x82""#),
        ];
        for (text, ascii, expected) in cases {
            let mut out = Buffer::default();
            push_quoted(text, '"', *ascii, &mut out);
            assert_eq!(String::from_utf8_lossy(out.as_bytes()), *expected, "{text:?}");
        }
    }

    #[test]
    fn quoted_text_is_read_as_go_reads_it() {
        let cases: &[(&str, Option<&[u8]>)] = &[
            (r#""""#, Some(b"")),
            (r#""a\tb\n\\\"""#, Some(b"a\tb\n\\\"")),
            (r#""\x41\101\u00e9\U0001F600""#, Some("AAé😀".as_bytes())),
            (r#""\xff\377""#, Some(b"\xff\xff")),
            (r"`a\n\`", Some(br"a\n\")),
            ("`a\r\nb`", Some(b"a\nb")),
            (r#""\'""#, None),
            (r#""\q""#, None),
            (r#""\x4""#, None),
            (r#""\u00g0""#, None),
            (r#""\ud800""#, None),
            (r#""\U00110000""#, None),
            (r#""\400""#, None),
            (r#""\18""#, None),
            (r#""\x+1""#, None),
            ("\"\\", None),
        ];
        for (quoted, expected) in cases {
            assert_eq!(unquote(quoted).as_deref(), *expected, "{quoted}");
        }
    }

    #[test]
    fn backquotes_hold_what_has_no_control_character() {
        let cases: &[(&[u8], bool)] = &[
            (b"a\tb", true),
            (b"a`b", false),
            (b"a\nb", false),
            (b"\xff", false),
            (b"\x7f", false),
        ];
        for (text, expected) in cases {
            assert_eq!(can_backquote(text), *expected, "{text:?}");
        }
    }
}
