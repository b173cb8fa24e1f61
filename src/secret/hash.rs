//! The name suffix of `--append-hash`.
//!
//! kubectl hashes the compact JSON of `data`, `kind`, `name` and `type` (and `immutable` when it
//! is set), keys sorted, escaped the Go way; the first ten hexadecimal digits are then mapped so
//! that no word can come out (`k8s.io/kubectl/pkg/util/hash`).

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Secret;
use super::manifest::push_base64;

/// The suffix, without the `-` that parts it from the name.
pub fn suffix(secret: &Secret) -> String {
    let encoded_len = |len: usize| len.div_ceil(3) * 4 + 300;
    let room = secret.data.values().map(|v| encoded_len(v.len())).sum::<usize>() + 1024;
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    json.extend_from_slice(b"{\"data\":{");
    for (i, (key, value)) in secret.data.iter().enumerate() {
        if i > 0 {
            json.push(b',');
        }
        push_json_string(key.as_str(), &mut json);
        json.extend_from_slice(b":\"");
        push_base64(value.as_bytes(), &mut json);
        json.push(b'"');
    }
    json.push(b'}');
    if secret.immutable {
        json.extend_from_slice(b",\"immutable\":true");
    }
    json.extend_from_slice(b",\"kind\":\"Secret\",\"name\":");
    push_json_bytes(secret.name.0.as_bytes(), &mut json);
    json.extend_from_slice(b",\"type\":");
    push_json_bytes(secret.secret_type.as_bytes(), &mut json);
    json.push(b'}');
    let mut hex = String::with_capacity(10);
    for byte in &Sha256::digest(json.as_slice())[..5] {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.chars().map(harmless).collect()
}

/// Hexadecimal digits to characters that make no words.
fn harmless(digit: char) -> char {
    match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    }
}

/// Appends `text` as a JSON string, escaped as Go's `encoding/json` does: `<`, `>`, `&`, U+2028
/// and U+2029 as `\u....`, so that the JSON can stand in HTML.
pub fn push_json_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    push_escaped(text, out);
    out.push(b'"');
}

/// The same of bytes: each that is not part of UTF-8 becomes `\ufffd`.
pub fn push_json_bytes(bytes: &[u8], out: &mut Vec<u8>) {
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
    use crate::secret::{DataKey, SecretBuilder, SecretName, Value};

    #[test]
    fn suffixes_that_kubectl_makes() {
        let mut builder = SecretBuilder::new(SecretName::new("t"), "Opaque");
        builder.add(DataKey::parse("a").unwrap(), Value::new(b"1".to_vec())).unwrap();
        assert_eq!(suffix(&builder.build()), "fmk789k54b");
    }

    #[test]
    fn go_escapes() {
        let mut out = Vec::new();
        push_json_string("a\u{2028}<&>\"\\\u{1}\u{7f}é\n", &mut out);
        let want = "\"a\\u2028\\u003c\\u0026\\u003e\\\"\\\\\\u0001\u{7f}é\\n\"";
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
