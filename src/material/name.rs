//! The subject and the issuer of a certificate: which Go refuses, and how messages call them.

use x509_parser::asn1_rs::{Any, FromDer as _, Tag};
use x509_parser::x509::X509Name;

/// Why Go does not read a name, in Go's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    /// A text has a character that its string type does not have.
    #[error("x509: invalid RDNSequence: invalid attribute value: invalid {0}")]
    Characters(&'static str),
    #[error("x509: invalid RDNSequence")]
    Structure,
    /// A text is of a type that is not one of the six strings.
    #[error("x509: invalid RDNSequence: invalid attribute value: unsupported string type: {0}")]
    UnsupportedString(u32),
}

/// Checks that every text of a name is of a type that Go reads, and has only its characters.
pub(crate) fn check(name: &X509Name<'_>) -> Result<(), NameError> {
    // x509-parser stops at the first part that it does not read.
    if Any::from_der(name.as_raw()).is_err() {
        return Err(NameError::Structure);
    }
    name.iter_attributes().try_for_each(|attribute| check_text(attribute.attr_value()))
}

fn check_text(text: &Any<'_>) -> Result<(), NameError> {
    let value = text.data;
    let (name, valid) = match text.tag() {
        Tag::Utf8String => ("UTF-8 string", std::str::from_utf8(value).is_ok()),
        Tag::NumericString => {
            ("NumericString", value.iter().all(|b| b.is_ascii_digit() || *b == b' '))
        }
        Tag::PrintableString => ("PrintableString", value.iter().copied().all(is_printable)),
        // T.61, which Go takes for Latin-1.
        Tag::T61String => return Ok(()),
        Tag::Ia5String => ("IA5String", value.is_ascii()),
        Tag::BmpString => ("BMPString", is_bmp(value)),
        other => return Err(NameError::UnsupportedString(other.0)),
    };
    if valid { Ok(()) } else { Err(NameError::Characters(name)) }
}

/// `PrintableString`, with the asterisk and the ampersand that Go lets pass.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()*+,-./:=?&".contains(&byte)
}

/// UCS-2 without surrogates and noncharacters.
fn is_bmp(value: &[u8]) -> bool {
    value.len().is_multiple_of(2)
        && value.chunks_exact(2).all(|pair| {
            let unit = u16::from_be_bytes([pair[0], pair[1]]);
            !matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff)
        })
}

/// The common name in a `Name` in DER, or else its organization or any other text in it.
pub(crate) fn shown(name: &[u8]) -> String {
    const LONGEST: usize = 80;
    let mut best: Option<(u8, String)> = None;
    let parsed = X509Name::from_der(name).map(|(_, parsed)| parsed);
    for attribute in parsed.iter().flat_map(X509Name::iter_attributes) {
        let (rank, kind) = match attribute.attr_type().as_bytes() {
            [0x55, 4, 3] => (3, "CN="),
            [0x55, 4, 10] => (2, "O="),
            [0x55, 4, 11] => (1, "OU="),
            _ => (0, ""),
        };
        // Of several common names the last one is the most specific, as in Go.
        if best.as_ref().is_none_or(|(found, _)| *found <= rank) {
            let text: String = text(attribute.attr_value()).chars().take(LONGEST).collect();
            best = Some((rank, format!("{kind}{text}")));
        }
    }
    best.map_or_else(|| "a nameless subject".to_owned(), |(_, text)| text)
}

fn text(value: &Any<'_>) -> String {
    match value.tag() {
        // T.61, which Go takes for Latin-1.
        Tag::T61String => value.data.iter().copied().map(char::from).collect(),
        Tag::BmpString => {
            let units =
                value.data.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => String::from_utf8_lossy(value.data).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    fn attribute(kind: u8, tag: u8, value: &[u8]) -> Vec<u8> {
        let fields = [element(6, &[0x55, 4, kind]), element(tag, value)].concat();
        element(0x31, &element(0x30, &fields))
    }

    #[test]
    fn strings_by_type() {
        let characters = |name| Err(NameError::Characters(name));
        for (tag, value, expected) in [
            (0x0c, &b"caf\xc3\xa9"[..], Ok(())),
            (0x0c, b"caf\xe9", characters("UTF-8 string")),
            (0x12, b"12 3", Ok(())),
            (0x12, b"12-3", characters("NumericString")),
            (0x13, b"*.a & b", Ok(())),
            (0x13, b"a@b", characters("PrintableString")),
            (0x13, b"a_b", characters("PrintableString")),
            (0x13, b"\xff", characters("PrintableString")),
            (0x14, b"\xff", Ok(())),
            (0x16, b"a@b", Ok(())),
            (0x16, b"\x80", characters("IA5String")),
            (0x1a, b"a", Err(NameError::UnsupportedString(26))),
            (0x1e, b"\0a\0b\0\0", Ok(())),
            (0x1e, b"\xd8\0", characters("BMPString")),
            (0x04, b"a", Err(NameError::UnsupportedString(4))),
        ] {
            let der = element(0x30, &attribute(3, tag, value));
            let (_, name) = X509Name::from_der(&der).unwrap();
            assert_eq!(check(&name), expected, "{tag:#x} {value:x?}");
        }
    }

    #[test]
    fn shown_by_the_common_name() {
        for (attributes, expected) in [
            (attribute(3, 0x0c, b"caf\xc3\xa9"), "CN=caf\u{e9}"),
            (attribute(3, 0x14, b"caf\xe9"), "CN=caf\u{e9}"),
            (attribute(3, 0x1e, b"\0a\0b"), "CN=ab"),
            (attribute(10, 0x13, b"Acme"), "O=Acme"),
            ([attribute(3, 0x13, b"a"), attribute(10, 0x13, b"Acme")].concat(), "CN=a"),
            ([attribute(3, 0x13, b"a"), attribute(3, 0x13, b"b")].concat(), "CN=b"),
            (attribute(6, 0x13, b"DE"), "DE"),
            (Vec::new(), "a nameless subject"),
        ] {
            assert_eq!(shown(&element(0x30, &attributes)), expected);
        }
    }
}
