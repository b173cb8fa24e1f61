//! When a token ends, as far as it says so itself: a JSON Web Token in its claim `exp` (RFC 7519
//! 4.1.4), a password of Amazon's ECR in its field `expiration`.
//!
//! Nothing is verified: the registry or server that made the token is the one to do that.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::golang::json;

/// Longer texts are no tokens.
const LEN_MAX: usize = 64 << 10;

/// The end of a token; `None` if the text is not a token that says it.
pub(crate) fn expiry(text: &[u8]) -> Option<Timestamp> {
    // The base64 of `{"`, and of `{` with a space or the end of a line behind it.
    const STARTS: [&[u8]; 3] = [b"eyJ", b"eyA", b"ewo"];
    if text.len() > LEN_MAX || !STARTS.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let mut parts = text.trim_ascii().split(|b| *b == b'.');
    let (first, payload) = (parts.next()?, parts.next());
    let seconds = match (payload, parts.next(), parts.next()) {
        (Some(payload), Some(_), None) => number(&decode(payload, true)?, "exp")?,
        (None, None, None) => number(&decode(first, false)?, "expiration")?,
        _ => return None,
    };
    Timestamp::from_second(seconds).ok()
}

fn decode(text: &[u8], url_safe: bool) -> Option<Zeroizing<Vec<u8>>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(if url_safe { &URL_SAFE } else { &STANDARD }, config);
    // Room for everything from the start: a buffer that grows leaves copies behind.
    let mut decoded = Zeroizing::new(vec![0; text.len()]);
    let len = engine.decode_slice(text, &mut decoded).ok()?;
    decoded.truncate(len);
    Some(decoded)
}

/// The whole seconds of a number, or of a text of digits, in the object.
fn number(json: &[u8], field: &str) -> Option<i64> {
    let (_, value) = json::read(json)
        .ok()?
        .members()
        .find(|(key, _)| key.text().is_some_and(|key| key.as_slice() == field.as_bytes()))?;
    let text = value.text();
    let digits = text.as_ref().map_or_else(|| value.number(), |text| Some(text.as_slice()))?;
    let whole = digits.split(|b| *b == b'.').next()?;
    std::str::from_utf8(whole).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn ends() {
        let jwt = |claims: &str| {
            let parts = ["{\"alg\":\"none\"}", claims].map(|part| URL_SAFE_NO_PAD.encode(part));
            format!("{}.{}.c2ln", parts[0], parts[1])
        };
        let ecr = |json: &str| STANDARD.encode(json);
        for (text, want) in [
            (jwt("{\"exp\":1700000000}"), Some(1_700_000_000)),
            (jwt("{\"exp\":1700000000.5,\"sub\":\"x\"}"), Some(1_700_000_000)),
            (jwt("{ \"exp\" : 1 }"), Some(1)),
            (jwt("{\"sub\":\"x\"}"), None),
            (jwt("{\"exp\":\"soon\"}"), None),
            (jwt("{\"exp\":null}"), None),
            (jwt("{\"exp\":1e3}"), None),
            (jwt("{\"exp\":99999999999999999999}"), None),
            (format!("{}\n", jwt("{\"exp\":1}")), Some(1)),
            (format!("{}.x", jwt("{\"exp\":1}")), None),
            (ecr("{\"payload\":\"x\",\"expiration\":1700000000}"), Some(1_700_000_000)),
            (ecr("{\"payload\":\"x\",\"expiration\":\"1700000000\"}"), Some(1_700_000_000)),
            (ecr("{\"payload\":\"x\"}"), None),
            ("eyJhb".to_owned(), None),
            ("eyJ!.eyJ!.x".to_owned(), None),
            ("hunter2".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(expiry(text.as_bytes()).map(Timestamp::as_second), want, "{text}");
        }
    }
}
