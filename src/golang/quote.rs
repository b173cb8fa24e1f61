//! Text in quotes, written as Go's `strconv.Quote` does and read as `strconv.Unquote` does.

use super::chars::is_print;
use super::utf8::runes;

/// A Go string literal of these bytes (`strconv.Quote`): what does not print is escaped, a byte
/// that is not UTF-8 becomes `\xNN`.
pub(crate) fn quote(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let mut quoted = String::with_capacity(text.len() + 2);
    push_quoted(text, '"', false, &mut quoted);
    quoted
}

/// A Go character literal (`strconv.QuoteRune`).
pub(crate) fn quote_char(character: char) -> String {
    let mut quoted = String::new();
    push_quoted(character.encode_utf8(&mut [0; 4]).as_bytes(), '\'', false, &mut quoted);
    quoted
}

/// Appends a literal between two `mark`s. With `ascii`, all other characters are escaped
/// (`strconv.QuoteToASCII`).
pub(crate) fn push_quoted(text: &[u8], mark: char, ascii: bool, out: &mut impl Extend<char>) {
    out.extend([mark]);
    let mut rest = text;
    for rune in runes(text) {
        let (bytes, after) = rest.split_at(rune.width);
        rest = after;
        match bytes {
            [byte] if rune.invalid => push_hex(out, 'x', u32::from(*byte), 2),
            _ => push_escaped(rune.c, mark, ascii, out),
        }
    }
    out.extend([mark]);
}

fn push_escaped(c: char, mark: char, ascii: bool, out: &mut impl Extend<char>) {
    let code = u32::from(c);
    let letter = match c {
        '\\' => '\\',
        _ if c == mark => mark,
        _ if is_print(c) && (c.is_ascii() || !ascii) => return out.extend([c]),
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        _ if c.is_ascii() => return push_hex(out, 'x', code, 2),
        _ if code < 0x1_0000 => return push_hex(out, 'u', code, 4),
        _ => return push_hex(out, 'U', code, 8),
    };
    out.extend(['\\', letter]);
}

/// `\`, the letter and that many hexadecimal digits.
pub(super) fn push_hex(out: &mut impl Extend<char>, letter: char, code: u32, digits: u32) {
    out.extend(['\\', letter]);
    for place in (0..digits).rev() {
        out.extend(char::from_digit((code >> (4 * place)) & 0xf, 16));
    }
}

/// Whether the text is the same between backquotes (`strconv.CanBackquote`).
pub(crate) fn can_backquote(text: &[u8]) -> bool {
    runes(text).all(|rune| {
        !rune.invalid
            && !matches!(rune.c, '\u{feff}' | '`' | '\u{7f}')
            && (rune.c >= ' ' || rune.c == '\t')
    })
}

/// The bytes that a literal in `"` or backquotes stands for (`strconv.Unquote`); `None` if its
/// syntax is invalid.
pub(crate) fn unquote(quoted: &str) -> Option<Vec<u8>> {
    if let Some(raw) = quoted.strip_prefix('`') {
        // Go drops carriage returns from raw text.
        return Some(raw.strip_suffix('`')?.bytes().filter(|b| *b != b'\r').collect());
    }
    unescape(quoted.strip_prefix('"')?.strip_suffix('"')?, '"')
}

/// The bytes that a text between two `mark`s stands for; `None` if an escape is invalid or a `mark`
/// is not escaped. `\x` and octal escapes write single bytes, so these may not be UTF-8.
pub(crate) fn unescape(text: &str, mark: char) -> Option<Vec<u8>> {
    let mut rest = text;
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let (unit, tail) = unquote_char(rest, mark)?;
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
pub(crate) enum Unit {
    /// A byte, written `\x..` or `\ooo`.
    Byte(u8),
    Char(char),
}

/// Reads one character or escape of a text in these quotes (`strconv.UnquoteChar`).
pub(crate) fn unquote_char(text: &str, mark: char) -> Option<(Unit, &str)> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if first == mark {
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
        c if c == mark => plain(c),
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
    fn quotes_as_strconv_does() {
        for (bytes, quoted) in [
            (&b""[..], r#""""#),
            (b"maybe", r#""maybe""#),
            (b"a\"b\\c'd", r#""a\"b\\c'd""#),
            (b"\x07\x08\x0c\n\r\t\x0b", r#""\a\b\f\n\r\t\v""#),
            (b"\0\x01\x1f\x7f", r#""\x00\x01\x1f\x7f""#),
            ("é世🙂".as_bytes(), r#""é世🙂""#),
            (
                "\u{80}\u{a0}\u{ad}\u{2028}\u{feff}".as_bytes(),
                r#""\u0080\u00a0\u00ad\u2028\ufeff""#,
            ),
            ("\u{e000}\u{e0001}\u{10ffff}".as_bytes(), r#""\ue000\U000e0001\U0010ffff""#),
            ("\u{fffd}".as_bytes(), "\"\u{fffd}\""),
            (b"a\xff\xe2\x82b\xc3", r#""a\xff\xe2\x82b\xc3""#),
        ] {
            assert_eq!(quote(bytes), quoted);
        }
    }

    #[test]
    fn quotes_a_character_as_strconv_does() {
        for (character, quoted) in [
            ('Z', "'Z'"),
            ('Ã', "'Ã'"),
            ('\'', r"'\''"),
            ('"', "'\"'"),
            ('\\', r"'\\'"),
            ('\u{1}', r"'\x01'"),
            ('\u{80}', r"'\u0080'"),
        ] {
            assert_eq!(quote_char(character), quoted);
        }
    }

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
            let mut out = String::new();
            push_quoted(text, '"', *ascii, &mut out);
            assert_eq!(out, *expected, "{text:?}");
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

    #[test]
    fn escapes_between_quotes() {
        for (quoted, want) in [
            (r#""""#, Some(&b""[..])),
            ("''", Some(b"")),
            ("'a b'", Some(b"a b")),
            (r"'\n\t\r\\'", Some(b"\n\t\r\\")),
            (r"'\a\b\f\v'", Some(b"\x07\x08\x0c\x0b")),
            (r"'\''", Some(b"'")),
            (r#""\"""#, Some(b"\"")),
            (r#"'"'"#, Some(b"\"")),
            (r"'\x41\xff\101\377\000'", Some(b"A\xffA\xff\0")),
            (r"'\u00e9\U0001f600é'", Some("é😀é".as_bytes())),
            (r#"'\"'"#, None),
            (r#""\'""#, None),
            (r"'\\''", None),
            (r"'\x4'", None),
            (r"'\x4g'", None),
            (r"'\400'", None),
            (r"'\08x'", None),
            (r"'\9'", None),
            (r"'\ud800'", None),
            (r"'\U00110000'", None),
            (r"'\Uffffffff'", None),
            (r"'\d'", None),
            (r"'\'", None),
        ] {
            let mark = quoted.chars().next().unwrap();
            let text = &quoted[1..quoted.len() - 1];
            assert_eq!(unescape(text, mark).as_deref(), want, "{quoted}");
        }
    }
}
