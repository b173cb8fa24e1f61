//! Quoted text in a template, with Go's escapes.

/// The text between a pair of `"` or `'`, or `None` where kubectl says "invalid syntax".
///
/// This is Go's `strconv.UnquoteChar` over the whole text: the escapes of Go's string literals,
/// but `\'` in single quotes alone and `\"` in double quotes alone. `\x` and octal escapes write
/// single bytes, so the result need not be UTF-8.
pub(super) fn unquote(quoted: &str) -> Option<Vec<u8>> {
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => escape(quote, &mut rest, &mut out)?,
            c if c == quote => return None,
            c => push(c, &mut out),
        }
    }
    Some(out)
}

/// One escape, its backslash already taken.
fn escape(quote: char, rest: &mut std::str::Chars<'_>, out: &mut Vec<u8>) -> Option<()> {
    let byte = match rest.next()? {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        '\\' => b'\\',
        c @ ('\'' | '"') if c == quote => u8::try_from(c).ok()?,
        'x' => u8::try_from(digits(0, 2, 16, rest)?).ok()?,
        'u' => return push_scalar(digits(0, 4, 16, rest)?, out),
        'U' => return push_scalar(digits(0, 8, 16, rest)?, out),
        c => u8::try_from(digits(c.to_digit(8)?, 2, 8, rest)?).ok()?,
    };
    out.push(byte);
    Some(())
}

/// `count` more digits behind `first`. Eight hexadecimal digits fit into the result.
fn digits(first: u32, count: usize, radix: u32, rest: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..count).try_fold(first, |value, _| {
        value.checked_mul(radix)?.checked_add(rest.next()?.to_digit(radix)?)
    })
}

/// A character by its number; a half of a surrogate pair is none.
fn push_scalar(number: u32, out: &mut Vec<u8>) -> Option<()> {
    push(char::from_u32(number)?, out);
    Some(())
}

fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_and_what_they_mean() {
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
            ("'", None),
            ("'\"", None),
            ("", None),
            ("aa", None),
        ] {
            assert_eq!(unquote(quoted).as_deref(), want, "{quoted}");
        }
    }
}
