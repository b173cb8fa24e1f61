//! Text made fit for HTML, JavaScript and URLs, as Go's `html`, `js` and `urlquery` do.

use super::buffer::Buffer;
use crate::golang::chars::is_print;
use crate::golang::utf8::runes;

/// For HTML: the characters of markup and quotes.
pub(super) fn html(text: &[u8], out: &mut Buffer) {
    for byte in text {
        match byte {
            0 => out.push_char(char::REPLACEMENT_CHARACTER),
            b'"' => out.push_str("&#34;"),
            b'\'' => out.push_str("&#39;"),
            b'&' => out.push_str("&amp;"),
            b'<' => out.push_str("&lt;"),
            b'>' => out.push_str("&gt;"),
            byte => out.push_byte(*byte),
        }
    }
}

/// For a JavaScript text: quotes, markup and everything that cannot be seen.
pub(super) fn js(text: &[u8], out: &mut Buffer) {
    let mut rest = text;
    for rune in runes(text) {
        let (bytes, after) = rest.split_at(rune.width);
        rest = after;
        match rune.c {
            '\\' | '\'' | '"' => {
                out.push_byte(b'\\');
                out.push(bytes);
            }
            '<' | '>' | '&' | '=' => out.push_str(&format!("\\u{:04X}", u32::from(rune.c))),
            c if c.is_ascii() && c >= ' ' => out.push(bytes),
            c if is_print(c) => out.push(bytes),
            c => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
}

/// For the query of a URL: everything but letters, digits and `-_.~`; `+` for a blank.
pub(super) fn url_query(text: &[u8], out: &mut Buffer) {
    for byte in text {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push_byte(*byte);
            }
            b' ' => out.push_byte(b'+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_go_escapes_them() {
        type Escape = fn(&[u8], &mut Buffer);
        let cases: [(Escape, &[u8], &[u8]); 8] = [
            (html, b"<a b=\"c\">'&'</a>", b"&lt;a b=&#34;c&#34;&gt;&#39;&amp;&#39;&lt;/a&gt;"),
            (html, b"\x00\xff", b"\xef\xbf\xbd\xff"),
            (js, b"a='\"\\<>&\n\x7f", b"a\\u003D\\'\\\"\\\\\\u003C\\u003E\\u0026\\u000A\x7f"),
            (js, "é\u{2028}\u{1f600}".as_bytes(), "é\\u2028\u{1f600}".as_bytes()),
            (js, b"\xff", b"\xff"),
            (js, "\u{e0001}".as_bytes(), b"\\uE0001"),
            (url_query, "a b&c=é/~-_.".as_bytes(), b"a+b%26c%3D%C3%A9%2F~-_."),
            (url_query, b"\x00\xff+", b"%00%FF%2B"),
        ];
        for (escape, text, expected) in cases {
            let mut out = Buffer::default();
            escape(text, &mut out);
            assert_eq!(out.as_bytes(), expected, "{text:?}");
        }
    }
}
