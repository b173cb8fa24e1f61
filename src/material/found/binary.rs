//! What stands in binary ASN.1.

use std::fmt;

use crate::material::certificate;
use crate::material::der::{Reader, Tag};
use crate::material::private_key::{self, Pkcs8};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DerKind {
    Certificate,
    /// A request to a CA.
    CertificateRequest,
    /// A PKCS#8 key under a passphrase.
    EncryptedPrivateKey,
    /// A PKCS#12 file: key and certificates in one.
    Pkcs12,
    Pkcs7,
    PrivateKey,
    /// The public half of a key.
    PublicKey,
    /// The list of certificates that a CA has revoked.
    RevocationList,
}

impl fmt::Display for DerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "a certificate in DER",
            Self::CertificateRequest => "a certificate request in DER",
            Self::EncryptedPrivateKey => "an encrypted key in DER",
            Self::Pkcs12 => "PKCS#12",
            Self::Pkcs7 => "a PKCS#7 bundle in DER",
            Self::PrivateKey => "a private key in DER",
            Self::PublicKey => "a public key in DER",
            Self::RevocationList => "a list of revoked certificates (CRL) in DER",
        })
    }
}

/// What stands in a SEQUENCE, judged by its first fields.
pub(crate) fn der_kind(der: &[u8]) -> Option<DerKind> {
    const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

    let fields = Reader::new(der).sequence()?;
    let mut first = fields;
    let kind = first.small_integer().and_then(|version| {
        let content = first.sequence().and_then(|mut info| info.object_identifier());
        (version == 3 && matches!(content, Some(DATA | SIGNED_DATA))).then_some(DerKind::Pkcs12)
    });
    if kind.is_some() {
        return kind;
    }
    let mut first = fields;
    if first.object_identifier() == Some(SIGNED_DATA) {
        return Some(DerKind::Pkcs7);
    }
    if is_encrypted_pkcs8(der) {
        return Some(DerKind::EncryptedPrivateKey);
    }
    let is_key = Pkcs8::read(der).is_some() || private_key::parse(der).is_ok();
    if is_key || sec1_parameters(der).is_some() {
        return Some(DerKind::PrivateKey);
    }
    let mut first = fields;
    let mut inner = first.sequence()?;
    if inner.object_identifier().is_some() {
        return first.is_next(Tag::BIT_STRING).then_some(DerKind::PublicKey);
    }
    let mut request = inner;
    let is_request = request.small_integer().is_some()
        && request.sequence().is_some()
        && request.sequence().is_some()
        && request.is_next(Tag::explicit(0));
    if is_request {
        return Some(DerKind::CertificateRequest);
    }
    // RFC 5280 5.1: a version that may be left out, algorithm, issuer, and a time where a certificate
    // has two in a SEQUENCE.
    let mut list = inner;
    if list.is_next(Tag::INTEGER) {
        list.small_integer()?;
    }
    if list.sequence().is_some()
        && list.sequence().is_some()
        && (list.is_next(Tag::UTC_TIME) || list.is_next(Tag::GENERALIZED_TIME))
    {
        return Some(DerKind::RevocationList);
    }
    certificate::parse(der).is_ok().then_some(DerKind::Certificate)
}

/// RFC 5958's `EncryptedPrivateKeyInfo`: an algorithm, and bytes.
pub(super) fn is_encrypted_pkcs8(der: &[u8]) -> bool {
    let Some(mut fields) = Reader::new(der).sequence() else { return false };
    let algorithm = fields.sequence().and_then(|mut ai| ai.object_identifier());
    algorithm.is_some() && fields.read(Tag::OCTET_STRING).is_some() && fields.is_empty()
}

/// The curve within RFC 5915's `ECPrivateKey`, as DER.
pub(super) fn sec1_parameters(der: &[u8]) -> Option<&[u8]> {
    let mut fields = Reader::new(der).sequence()?;
    fields.small_integer().filter(|version| *version == 1)?;
    fields.read(Tag::OCTET_STRING)?;
    fields.read(Tag::explicit(0))
}

/// How many bytes a SEQUENCE has by its header, that included.
pub(super) fn sequence_length(der: &[u8]) -> Option<usize> {
    let (first, rest) = der.strip_prefix(&[0x30])?.split_first()?;
    if *first < 0x80 {
        return Some(2 + usize::from(*first));
    }
    let count = usize::from(first & 0x7f);
    let bytes = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
    let length = bytes.iter().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
    usize::try_from(length).ok()?.checked_add(2 + count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    #[test]
    fn lists_of_revoked_certificates() {
        let algorithm = element(0x30, &element(6, &[0x2a, 3]));
        let (issuer, time) = (element(0x30, &[]), element(0x17, b"260101000000Z"));
        let list = |fields: &[&[u8]]| {
            let inner = element(0x30, &fields.concat());
            element(0x30, &[inner.as_slice(), algorithm.as_slice(), &element(3, &[0])].concat())
        };
        let version = element(2, &[1]);
        let with = list(&[version.as_slice(), &algorithm, &issuer, &time, &time]);
        assert_eq!(der_kind(&with), Some(DerKind::RevocationList));
        let without = list(&[algorithm.as_slice(), &issuer, &time]);
        assert_eq!(der_kind(&without), Some(DerKind::RevocationList));
        // A certificate of version 1 has both times in a SEQUENCE.
        let validity = element(0x30, &[time.as_slice(), &time].concat());
        let certificate = list(&[version.as_slice(), &algorithm, &issuer, &validity]);
        assert_eq!(der_kind(&certificate), None);
    }
}
