//! Text in quotes, as Go's `%q` prints it.

use super::chars::is_print;

/// A Go string literal of these bytes (`strconv.Quote`): what does not print is escaped, a byte
/// that is no UTF-8 becomes `\xNN`.
pub fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_escaped(&mut quoted, character, '"');
        }
        for byte in chunk.invalid() {
            push_hex(&mut quoted, 'x', u32::from(*byte), 2);
        }
    }
    quoted.push('"');
    quoted
}

/// A Go character literal (`strconv.QuoteRune`).
pub fn quote_char(character: char) -> String {
    let mut quoted = String::from('\'');
    push_escaped(&mut quoted, character, '\'');
    quoted.push('\'');
    quoted
}

/// A shorthand by its first byte, as in pflag's `unknown shorthand flag: 'Z' in -Z`. pflag makes a
/// character of the byte and shows the first byte of that: `'Ã'` of `-é`, `'Â'` of `-\x80`.
pub fn quote_shorthand(byte: u8) -> String {
    let mut buffer = [0; 2];
    let shown = char::from(byte).encode_utf8(&mut buffer).bytes().next().unwrap_or(byte);
    quote_char(char::from(shown))
}

/// One character between quotes of that kind.
fn push_escaped(quoted: &mut String, character: char, mark: char) {
    let short = match character {
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        '\\' => '\\',
        _ if character == mark => mark,
        _ => return push_plain(quoted, character),
    };
    quoted.extend(['\\', short]);
}

/// One character that has no short escape.
fn push_plain(quoted: &mut String, character: char) {
    let code = u32::from(character);
    if is_print(character) {
        quoted.push(character);
    } else if character.is_ascii() {
        push_hex(quoted, 'x', code, 2);
    } else if code < 0x1_0000 {
        push_hex(quoted, 'u', code, 4);
    } else {
        push_hex(quoted, 'U', code, 8);
    }
}

/// `\`, the letter and that many hexadecimal digits.
pub(super) fn push_hex(quoted: &mut String, letter: char, code: u32, digits: u32) {
    quoted.extend(['\\', letter]);
    for place in (0..digits).rev() {
        quoted.extend(char::from_digit((code >> (4 * place)) & 0xf, 16));
    }
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
    fn quotes_a_shorthand_as_pflag_does() {
        for (byte, quoted) in [
            (b'Z', "'Z'"),
            (b'\'', r"'\''"),
            (b'\x01', r"'\x01'"),
            (b'\x7f', r"'\x7f'"),
            (b'\x80', "'Â'"),
            (b'\xbf', "'Â'"),
            (b'\xc0', "'Ã'"),
            (b'\xff', "'Ã'"),
        ] {
            assert_eq!(quote_shorthand(byte), quoted);
        }
    }
}
