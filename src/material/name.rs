//! Distinguished names of a certificate, as far as Go 1.26 refuses one.

use crate::material::der::{Reader, Tag};

/// Why Go does not read a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// An attribute is not a SEQUENCE.
    #[error("x509: invalid RDNSequence: invalid attribute")]
    Attribute,
    /// The attribute's type is no object identifier.
    #[error("x509: invalid RDNSequence: invalid attribute type")]
    AttributeType,
    /// The attribute's value is no element.
    #[error("x509: invalid RDNSequence: invalid attribute value")]
    AttributeValue,
    /// The value holds a character its string type does not have.
    #[error("x509: invalid RDNSequence: invalid attribute value: invalid {0}")]
    Characters(&'static str),
    /// Not a SEQUENCE of SETs.
    #[error("x509: invalid RDNSequence")]
    Structure,
    /// The value is of a type that is not one of the six strings.
    #[error("x509: invalid RDNSequence: invalid attribute value: unsupported string type: {0}")]
    UnsupportedString(u8),
}

/// Checks the contents of a Name.
pub(crate) fn check(contents: &[u8]) -> Result<(), NameError> {
    let mut sets = Reader::new(contents);
    while !sets.is_empty() {
        let mut set = Reader::new(sets.read(Tag::SET).ok_or(NameError::Structure)?);
        while !set.is_empty() {
            let mut attribute = set.sequence().ok_or(NameError::Attribute)?;
            attribute.object_identifier().ok_or(NameError::AttributeType)?;
            let (tag, value) = attribute.any().ok_or(NameError::AttributeValue)?;
            check_string(tag, value)?;
        }
    }
    Ok(())
}

/// How a message calls whoever has this Name: its common name, or else its organisation or any
/// other text in it.
pub fn shown(contents: &[u8]) -> String {
    const LONGEST: usize = 80;
    let mut best: Option<(u8, String)> = None;
    let mut sets = Reader::new(contents);
    while let Some(set) = sets.read(Tag::SET) {
        let mut set = Reader::new(set);
        while let Some(mut attribute) = set.sequence() {
            let id = attribute.object_identifier();
            let Some((tag, value)) = attribute.any() else { break };
            let (rank, kind) = match id {
                Some([0x55, 4, 3]) => (3, "CN="),
                Some([0x55, 4, 10]) => (2, "O="),
                Some([0x55, 4, 11]) => (1, "OU="),
                _ => (0, ""),
            };
            // Of several common names the last one is the most specific, as in Go.
            if best.as_ref().is_none_or(|(found, _)| *found <= rank) {
                let text: String = text(tag, value).chars().take(LONGEST).collect();
                best = Some((rank, format!("{kind}{text}")));
            }
        }
    }
    best.map_or_else(|| "a nameless subject".to_owned(), |(_, text)| text)
}

fn text(tag: Tag, value: &[u8]) -> String {
    match tag.byte() {
        0x14 => value.iter().copied().map(char::from).collect(),
        0x1e => {
            let units = value.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => String::from_utf8_lossy(value).into_owned(),
    }
}

fn check_string(tag: Tag, value: &[u8]) -> Result<(), NameError> {
    let (name, valid) = match tag.byte() {
        0x0c => ("UTF-8 string", std::str::from_utf8(value).is_ok()),
        0x12 => ("NumericString", value.iter().all(|b| b.is_ascii_digit() || *b == b' ')),
        0x13 => ("PrintableString", value.iter().copied().all(is_printable)),
        // T.61, which Go takes for Latin-1.
        0x14 => return Ok(()),
        0x16 => ("IA5String", value.is_ascii()),
        0x1e => ("BMPString", is_bmp(value)),
        other => return Err(NameError::UnsupportedString(other)),
    };
    if valid { Ok(()) } else { Err(NameError::Characters(name)) }
}

/// `PrintableString`, with the asterisk and the ampersand that Go lets pass.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()*+,-./:=?&".contains(&byte)
}

/// UCS-2 without surrogates and noncharacters; a terminator at the end is let pass.
fn is_bmp(value: &[u8]) -> bool {
    value.len().is_multiple_of(2)
        && value.chunks_exact(2).all(|pair| {
            let unit = u16::from_be_bytes([pair[0], pair[1]]);
            !matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = u8::try_from(value.len()).unwrap();
        let mut name = vec![0x31, length + 9, 0x30, length + 7, 6, 3, 0x55, 4, 3, tag, length];
        name.extend(value);
        name
    }

    #[test]
    fn strings_by_type() {
        for (tag, value, expected) in [
            (0x0c, &b"caf\xc3\xa9"[..], Ok(())),
            (0x0c, b"caf\xe9", Err(NameError::Characters("UTF-8 string"))),
            (0x12, b"12 3", Ok(())),
            (0x12, b"12-3", Err(NameError::Characters("NumericString"))),
            (0x13, b"*.a & b", Ok(())),
            (0x13, b"a@b", Err(NameError::Characters("PrintableString"))),
            (0x14, b"\xff", Ok(())),
            (0x16, b"a@b", Ok(())),
            (0x16, b"\x80", Err(NameError::Characters("IA5String"))),
            (0x1e, b"\0a\0b\0\0", Ok(())),
            (0x1e, b"\0a\0", Err(NameError::Characters("BMPString"))),
            (0x1e, b"\xd8\0", Err(NameError::Characters("BMPString"))),
            (0x04, b"a", Err(NameError::UnsupportedString(4))),
        ] {
            assert_eq!(check(&name(tag, value)), expected, "{tag:#x} {value:x?}");
        }
    }

    #[test]
    fn shown_by_the_common_name() {
        assert_eq!(shown(&name(0x0c, b"caf\xc3\xa9")), "CN=caf\u{e9}");
        assert_eq!(shown(&name(0x1e, b"\0a\0b")), "CN=ab");
        assert_eq!(shown(&[]), "a nameless subject");
        let mut organisation = name(0x13, b"Acme");
        organisation[8] = 10;
        assert_eq!(shown(&organisation), "O=Acme");
        assert_eq!(shown(&[name(0x13, b"a"), organisation].concat()), "CN=a");
    }

    #[test]
    fn structure() {
        for (contents, expected) in [
            (&[][..], Ok(())),
            (&[0x31, 0], Ok(())),
            (&[0x30, 0], Err(NameError::Structure)),
            (&[0x31, 2, 0x31, 0], Err(NameError::Attribute)),
            (&[0x31, 2, 0x30, 0], Err(NameError::AttributeType)),
            (&[0x31, 5, 0x30, 3, 6, 1, 0x2a], Err(NameError::AttributeValue)),
        ] {
            assert_eq!(check(contents), expected, "{contents:x?}");
        }
    }
}
