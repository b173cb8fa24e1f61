//! JSON's strings, as Go's `encoding/json` writes them.

/// Appends `text` as a JSON string, escaped as Go's `encoding/json` does: `<`, `>`, `&`, U+2028
/// and U+2029 as `\u....`, so that the JSON can stand in HTML.
pub(crate) fn push_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    push_escaped(text, out);
    out.push(b'"');
}

/// The same of bytes: each that is not part of UTF-8 becomes `\ufffd`.
pub(crate) fn push_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in bytes.utf8_chunks() {
        push_escaped(chunk.valid(), out);
        chunk.invalid().iter().for_each(|_| out.extend_from_slice(b"\\ufffd"));
    }
    out.push(b'"');
}

fn push_escaped(text: &str, out: &mut Vec<u8>) {
    let mut written = 0;
    for (at, c) in text.char_indices() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => "",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[written..at]);
        if short.is_empty() {
            out.extend_from_slice(b"\\u");
            let digit = |shift: u32| HEX[(u32::from(c) >> shift & 0xf) as usize];
            out.extend_from_slice(&[digit(12), digit(8), digit(4), digit(0)]);
        } else {
            out.extend_from_slice(short.as_bytes());
        }
        written = at + c.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[written..]);
}

const HEX: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_escapes() {
        let mut out = Vec::new();
        push_string("a\u{2028}<&>\"\\\u{1}\u{7f}é\n", &mut out);
        let want = "\"a\\u2028\\u003c\\u0026\\u003e\\\"\\\\\\u0001\u{7f}é\\n\"";
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }

    #[test]
    fn bytes_that_are_not_utf8() {
        let mut out = Vec::new();
        push_bytes(b"a<\xff\xe2\x82\"\xef\xbf\xbd", &mut out);
        let want = "\"a\\u003c\\ufffd\\ufffd\\ufffd\\\"\u{fffd}\"";
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
