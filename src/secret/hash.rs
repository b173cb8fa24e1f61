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
use crate::golang::json::{push_bytes, push_string};

/// The suffix, without the `-` that parts it from the name.
pub(crate) fn suffix(secret: &Secret) -> String {
    let encoded: usize = secret.data.values().map(|v| v.len().div_ceil(3) * 4 + 300).sum();
    let room = encoded + 1024;
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    json.extend_from_slice(b"{\"data\":{");
    for (i, (key, value)) in secret.data.iter().enumerate() {
        if i > 0 {
            json.push(b',');
        }
        push_string(key.as_str(), &mut json);
        json.extend_from_slice(b":\"");
        push_base64(value.as_bytes(), &mut json);
        json.push(b'"');
    }
    json.push(b'}');
    if secret.immutable {
        json.extend_from_slice(b",\"immutable\":true");
    }
    json.extend_from_slice(b",\"kind\":\"Secret\",\"name\":");
    push_bytes(secret.name.0.as_bytes(), &mut json);
    json.extend_from_slice(b",\"type\":");
    push_bytes(secret.secret_type.as_bytes(), &mut json);
    json.push(b'}');
    word(&Sha256::digest(json.as_slice()))
}

/// The suffix that is made of a digest.
pub(crate) fn word(digest: &[u8]) -> String {
    let mut hex = String::with_capacity(10);
    for byte in digest.iter().take(5) {
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
}
