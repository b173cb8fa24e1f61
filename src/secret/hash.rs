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
    push_json_string(secret.name.as_str(), &mut json);
    json.extend_from_slice(b",\"type\":");
    push_json_string(&secret.secret_type, &mut json);
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
    let mut rest = 0;
    let mut escape = |at: usize, len: usize, with: &str, out: &mut Vec<u8>| {
        out.extend_from_slice(&text.as_bytes()[rest..at]);
        out.extend_from_slice(with.as_bytes());
        rest = at + len;
    };
    for (at, c) in text.char_indices() {
        match c {
            '"' => escape(at, 1, "\\\"", out),
            '\\' => escape(at, 1, "\\\\", out),
            '\n' => escape(at, 1, "\\n", out),
            '\r' => escape(at, 1, "\\r", out),
            '\t' => escape(at, 1, "\\t", out),
            '\u{8}' => escape(at, 1, "\\b", out),
            '\u{c}' => escape(at, 1, "\\f", out),
            '<' => escape(at, 1, "\\u003c", out),
            '>' => escape(at, 1, "\\u003e", out),
            '&' => escape(at, 1, "\\u0026", out),
            '\u{2028}' => escape(at, 3, "\\u2028", out),
            '\u{2029}' => escape(at, 3, "\\u2029", out),
            '\0'..='\u{1f}' => escape(at, 1, &format!("\\u{:04x}", u32::from(c)), out),
            _ => {}
        }
    }
    out.extend_from_slice(&text.as_bytes()[rest..]);
    out.push(b'"');
}

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
