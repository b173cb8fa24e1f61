//! Private keys as Go's `crypto/tls` reads them: PKCS#1, then PKCS#8, then SEC 1, whatever the
//! label says.

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use crate::material::der::{Reader, Tag};
use crate::material::public_key::{Algorithm, Curve, PublicKey, oid};
use crate::material::rsa_key;

/// A private key that Go accepts. Only its public half is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PrivateKey {
    /// The form the key was written in.
    pub encoding: Encoding,
    /// The half to compare with a certificate's.
    pub public: PublicKey,
}

/// The form of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `RSA PRIVATE KEY`, RFC 8017.
    Pkcs1,
    /// `PRIVATE KEY`, RFC 5208.
    Pkcs8,
    /// `PRIVATE KEY` in the later version of RFC 5958, with the public half behind the private one.
    Pkcs8Version2,
    /// `EC PRIVATE KEY`, RFC 5915.
    Sec1,
}

impl Encoding {
    /// The label that PEM has for it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Pkcs8 | Self::Pkcs8Version2 => "PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
        }
    }
}

/// Why a key is refused, in Go's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PrivateKeyError {
    /// In no form Go knows, or with numbers that do not fit.
    #[error("tls: failed to parse private key")]
    Unreadable,
    /// A good key of an algorithm that does not sign: X25519.
    #[error("tls: found unknown private key type in PKCS#8 wrapping")]
    NotForSigning,
}

/// Reads a key from DER.
pub(crate) fn parse(der: &[u8]) -> Result<PrivateKey, PrivateKeyError> {
    if let Some(public) = rsa_key::parse_pkcs1(der) {
        return Ok(PrivateKey { encoding: Encoding::Pkcs1, public });
    }
    match parse_pkcs8(der) {
        Some(PublicKey::Other(_)) => return Err(PrivateKeyError::NotForSigning),
        Some(public) => {
            let is_second = Pkcs8::read(der).is_some_and(|info| info.has_public_key);
            let encoding = if is_second { Encoding::Pkcs8Version2 } else { Encoding::Pkcs8 };
            return Ok(PrivateKey { encoding, public });
        }
        None => {}
    }
    let public = parse_sec1(der, None).ok_or(PrivateKeyError::Unreadable)?;
    Ok(PrivateKey { encoding: Encoding::Sec1, public })
}

/// The parts of a PKCS#8 `PrivateKeyInfo`.
pub(crate) struct Pkcs8<'a> {
    /// The contents of the algorithm's object identifier.
    pub(crate) algorithm: &'a [u8],
    /// The algorithm's parameters as DER, empty if there are none.
    pub(crate) parameters: &'a [u8],
    /// The key in the algorithm's own form.
    pub(crate) key: &'a [u8],
    /// Whether the public half follows, as in version 2 (RFC 5958 2).
    pub(crate) has_public_key: bool,
}

impl<'a> Pkcs8<'a> {
    /// Any version, and anything behind the key: `encoding/asn1` looks at neither.
    pub(crate) fn read(der: &'a [u8]) -> Option<Self> {
        let mut fields = Reader::new(der).sequence()?;
        fields.small_integer()?;
        let mut identifier = fields.sequence()?;
        let algorithm = identifier.object_identifier()?;
        let parameters = identifier.raw()?;
        let key = fields.read(Tag::OCTET_STRING)?;
        if fields.is_next(Tag::explicit(0)) {
            fields.any();
        }
        let has_public_key = fields.is_next(Tag::context(1)) || fields.is_next(Tag::explicit(1));
        Some(Self { algorithm, parameters, key, has_public_key })
    }
}

fn parse_pkcs8(der: &[u8]) -> Option<PublicKey> {
    let info = Pkcs8::read(der)?;
    match info.algorithm {
        oid::ECDSA => {
            let curve = Reader::new(info.parameters).object_identifier();
            parse_sec1(info.key, curve)
        }
        oid::ED25519 => {
            let seed = Zeroizing::new(curve25519_key(&info)?);
            let key = SigningKey::from_bytes(&seed);
            Some(PublicKey::Ed25519(key.verifying_key().to_bytes()))
        }
        oid::RSA => rsa_key::parse_pkcs1(info.key),
        oid::X25519 => curve25519_key(&info).map(|_| PublicKey::Other(Algorithm::X25519)),
        _ => None,
    }
}

/// The 32 bytes of RFC 8410's `CurvePrivateKey`.
fn curve25519_key(info: &Pkcs8<'_>) -> Option<[u8; 32]> {
    if !info.parameters.is_empty() {
        return None;
    }
    Reader::new(info.key).read(Tag::OCTET_STRING)?.try_into().ok()
}

/// The curve and the scalar, as many bytes as the curve's have, of an ECDSA key that `parse`
/// reads.
pub(crate) fn ecdsa_scalar(der: &[u8]) -> Option<(Curve, Zeroizing<Vec<u8>>)> {
    match Pkcs8::read(der) {
        Some(info) if info.algorithm == oid::ECDSA => {
            read_sec1(info.key, Reader::new(info.parameters).object_identifier())
        }
        Some(_) => None,
        None => read_sec1(der, None),
    }
}

fn parse_sec1(der: &[u8], curve: Option<&[u8]>) -> Option<PublicKey> {
    let (curve, scalar) = read_sec1(der, curve)?;
    Some(PublicKey::Ecdsa(curve, curve.public_point(&scalar)?))
}

/// RFC 5915's `ECPrivateKey`: the curve, and the scalar in as many bytes as the curve's have. The
/// curve named around it goes before the one within. The public point in the file is not looked
/// at, only that it is a bit string.
fn read_sec1(der: &[u8], curve: Option<&[u8]>) -> Option<(Curve, Zeroizing<Vec<u8>>)> {
    let mut fields = Reader::new(der).sequence()?;
    let version = fields.small_integer()?;
    let scalar = fields.read(Tag::OCTET_STRING)?;
    let named = fields.explicit(0, Tag::OBJECT_IDENTIFIER)?.contents();
    if named.is_some_and(|named| !crate::material::der::is_object_identifier(named)) {
        return None;
    }
    if let Some(point) = fields.explicit(1, Tag::BIT_STRING)?.contents() {
        crate::material::der::to_bits(point)?;
    }
    if version != 1 {
        return None;
    }
    let curve = Curve::from_object_identifier(curve.or(named)?)?;
    // OpenSSL once dropped leading zeros, others add some: Go takes both.
    let zeros = scalar.len().saturating_sub(curve.size());
    let (zeros, scalar) = scalar.split_at(zeros);
    if zeros.iter().any(|b| *b != 0) {
        return None;
    }
    let mut padded = Zeroizing::new(vec![0; curve.size()]);
    padded.get_mut(curve.size() - scalar.len()..)?.copy_from_slice(scalar);
    Some((curve, padded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;
    use crate::material::pem;

    macro_rules! contents {
        ($file:literal) => {
            pem::blocks(include_bytes!(concat!("../../tests/fixtures/tls/", $file)))
                .find(|block| block.is_private_key())
                .unwrap()
                .contents
        };
    }

    #[test]
    fn forms_and_algorithms() {
        let ecdsa = Algorithm::Ecdsa;
        for (key, encoding, algorithm) in [
            (contents!("rsa1024.key"), Encoding::Pkcs8, Algorithm::Rsa),
            (contents!("rsa1024-pkcs1.key"), Encoding::Pkcs1, Algorithm::Rsa),
            (contents!("p224.key"), Encoding::Pkcs8, ecdsa(Curve::P224)),
            (contents!("p256.key"), Encoding::Pkcs8, ecdsa(Curve::P256)),
            (contents!("p256-sec1.key"), Encoding::Sec1, ecdsa(Curve::P256)),
            (contents!("p384.key"), Encoding::Pkcs8, ecdsa(Curve::P384)),
            (contents!("p521.key"), Encoding::Pkcs8, ecdsa(Curve::P521)),
            (contents!("ed25519.key"), Encoding::Pkcs8, Algorithm::Ed25519),
        ] {
            let read = parse(&key).unwrap();
            assert_eq!((read.encoding, read.public.algorithm()), (encoding, algorithm));
        }
    }

    #[test]
    fn one_key_in_two_forms() {
        let public = |key: &[u8]| parse(key).unwrap().public;
        assert_eq!(public(&contents!("p256.key")), public(&contents!("p256-sec1.key")));
        assert_eq!(public(&contents!("rsa1024.key")), public(&contents!("rsa1024-pkcs1.key")));
    }

    #[test]
    fn refused() {
        for key in [
            contents!("ed448.key"),
            contents!("openssh.key"),
            contents!("p256-encrypted.key"),
            contents!("p256-encrypted-pem.key"),
            contents!("rsa-pss.key"),
            contents!("secp256k1.key"),
            contents!("secp256k1-sec1.key"),
        ] {
            assert_eq!(parse(&key), Err(PrivateKeyError::Unreadable));
        }
        assert_eq!(parse(&contents!("x25519.key")), Err(PrivateKeyError::NotForSigning));
    }

    #[test]
    fn sec1_with_its_liberties() {
        let curve = element(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
        let scalar = |bytes: &[u8]| element(4, bytes);
        let one = [&[0; 31][..], &[1]].concat();
        let sec1 = |version: u8, scalar: Vec<u8>, rest: &[u8]| {
            let fields = [element(2, &[version]), scalar, element(0xa0, &curve), rest.to_vec()];
            element(0x30, &fields.concat())
        };
        for (name, der, expected) in [
            ("plain", sec1(1, scalar(&one), &[]), true),
            ("zeros dropped", sec1(1, scalar(&[1]), &[]), true),
            ("zeros added", sec1(1, scalar(&[&[0, 0][..], &one].concat()), &[]), true),
            ("a wrong public point", sec1(1, scalar(&one), &[0xa1, 4, 3, 2, 0, 9]), true),
            ("something behind", sec1(1, scalar(&one), &[4, 1, 0]), true),
            ("a public point that is none", sec1(1, scalar(&one), &[0xa1, 2, 3, 0]), false),
            ("version 0", sec1(0, scalar(&one), &[]), false),
            ("too long", sec1(1, scalar(&[&[1][..], &one].concat()), &[]), false),
            ("zero", sec1(1, scalar(&[0; 32]), &[]), false),
            ("above the order", sec1(1, scalar(&[0xff; 32]), &[]), false),
            ("no scalar", sec1(1, element(2, &one), &[]), false),
        ] {
            assert_eq!(parse(&der).is_ok(), expected, "{name}");
        }
    }

    #[test]
    fn cut_off_anywhere() {
        for key in [contents!("p256.key"), contents!("ed25519.key"), contents!("rsa1024.key")] {
            for length in 0..key.len() {
                assert!(parse(&key[..length]).is_err(), "{length}");
            }
        }
    }
}
