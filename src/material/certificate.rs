//! X.509 certificates: read by x509-parser, judged as Go's `x509.ParseCertificate` does.
//!
//! What Go takes is taken, and what Go refuses for a reason that a person can meet is refused, in
//! Go's words. Bytes that are damaged in other ways are left to x509-parser. Dates, names and
//! signatures are not judged here, only kept for those who do.

use jiff::Timestamp;
use x509_parser::asn1_rs::{Any, Tag, ToDer as _};
use x509_parser::certificate::{X509Certificate, X509CertificateParser};
use x509_parser::error::X509Error;
use x509_parser::nom::{Err as Failed, Parser as _};
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Version};

use crate::material::der;
use crate::material::extensions::{ExtensionError, Extensions, ServerTraits, SubjectName};
use crate::material::name::{self, NameError};
use crate::material::public_key::{Algorithm, Curve, PublicKey, oid};

/// A certificate that Go accepts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Whether it may certify others: `basicConstraints` says so, or it is of a version that has
    /// no extensions to say it with.
    pub is_authority: bool,
    /// The `Name` of its issuer, in DER.
    pub issuer: Vec<u8>,
    /// The hosts it is for, from the subject alternative names.
    pub names: Vec<SubjectName>,
    /// The last moment it is valid.
    pub not_after: Timestamp,
    /// The first moment it is valid.
    pub not_before: Timestamp,
    pub public_key: PublicKey,
    /// What clients expect of a server's certificate.
    pub server: ServerTraits,
    /// What its issuer signed, and how.
    pub signed: Signed,
    /// The `Name` that it certifies, in DER.
    pub subject: Vec<u8>,
}

impl Certificate {
    /// Whether it names itself as its issuer, as roots do. The signature is not checked.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

/// What an issuer signed, and how.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The contents of the `AlgorithmIdentifier`.
    pub algorithm: Vec<u8>,
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// The `TBSCertificate`, its tag and length included.
    pub text: Vec<u8>,
}

/// Why a certificate is refused, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CertificateError {
    /// An extension is repeated, or does not contain what it should.
    #[error(transparent)]
    Extension(#[from] ExtensionError),
    #[error("x509: invalid version")]
    InvalidVersion,
    #[error("x509: malformed {0}")]
    Malformed(&'static str),
    /// The issuer or the subject.
    #[error(transparent)]
    Name(#[from] NameError),
    /// RFC 5280 4.1.2.2; Go refuses it since 1.23.
    #[error("x509: negative serial number")]
    NegativeSerial,
    #[error("{message}")]
    PublicKey {
        message: &'static str,
        /// The algorithm the certificate names.
        algorithm: Algorithm,
    },
    #[error("x509: inner and outer signature algorithm identifiers don't match")]
    SignatureAlgorithms,
    #[error("x509: trailing data")]
    TrailingData,
}

use CertificateError::Malformed;

/// Reads a certificate from DER.
pub(crate) fn parse(der: &[u8]) -> Result<Certificate, CertificateError> {
    judge(&read(der)?)
}

/// The same for the certificate of a CA, which programs other than kubectl read: its key may be on
/// a curve that Go does not know.
pub(crate) fn parse_any_curve(der: &[u8]) -> Result<Certificate, CertificateError> {
    judge_with(&read(der)?, true)
}

/// The parts of a certificate, its extensions unread.
pub(crate) fn read(der: &[u8]) -> Result<X509Certificate<'_>, CertificateError> {
    let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
    let (rest, parts) = parser.parse(der).map_err(|error: Failed<_>| malformed(&error.into()))?;
    if rest.is_empty() { Ok(parts) } else { Err(CertificateError::TrailingData) }
}

fn malformed(error: &X509Error) -> CertificateError {
    Malformed(match error {
        X509Error::InvalidAlgorithmIdentifier => "algorithm identifier",
        X509Error::InvalidDate => "validity",
        X509Error::InvalidExtensions => "extensions",
        X509Error::InvalidSPKI => "spki",
        X509Error::InvalidSerial => "serial number",
        X509Error::InvalidVersion => "version",
        X509Error::InvalidX509Name => "issuer",
        _ => "certificate",
    })
}

/// What is kept of a certificate, if it breaks none of Go's rules.
pub(crate) fn judge(parts: &X509Certificate<'_>) -> Result<Certificate, CertificateError> {
    judge_with(parts, false)
}

fn judge_with(
    parts: &X509Certificate<'_>,
    any_curve: bool,
) -> Result<Certificate, CertificateError> {
    if parts.version.0 > X509Version::V3.0 {
        return Err(CertificateError::InvalidVersion);
    }
    if der::is_negative(parts.raw_serial()) {
        return Err(CertificateError::NegativeSerial);
    }
    if parts.signature != parts.signature_algorithm {
        return Err(CertificateError::SignatureAlgorithms);
    }
    name::check(&parts.issuer)?;
    name::check(&parts.subject)?;
    let public_key = certified_key(&parts.subject_pki, any_curve)?;
    // Go reads no extensions of a version that has none.
    let extensions = match parts.version {
        X509Version::V3 => Extensions::read(parts.extensions())?,
        _ => Extensions::of_old_version(),
    };
    Ok(Certificate {
        is_authority: extensions.is_authority,
        issuer: parts.issuer.as_raw().to_vec(),
        names: extensions.names,
        not_after: timestamp(parts.validity.not_after),
        not_before: timestamp(parts.validity.not_before),
        public_key,
        server: extensions.server,
        signed: Signed {
            algorithm: [
                parts.signature.algorithm.to_der_vec().unwrap_or_default(),
                parameters(&parts.signature),
            ]
            .concat(),
            signature: parts.signature_value.data.to_vec(),
            text: parts.tbs_certificate.as_ref().to_vec(),
        },
        subject: parts.subject.as_raw().to_vec(),
    })
}

/// The end of the year 9999, RFC 5280's word for "never", lies behind the last timestamp.
fn timestamp(time: ASN1Time) -> Timestamp {
    Timestamp::from_second(time.timestamp()).unwrap_or(Timestamp::MAX)
}

/// The parameters of an algorithm as DER, empty if there are none.
fn parameters(identifier: &AlgorithmIdentifier<'_>) -> Vec<u8> {
    identifier.parameters.as_ref().and_then(|any| any.to_der_vec().ok()).unwrap_or_default()
}

/// The key of a `SubjectPublicKeyInfo` (RFC 5280 4.1). With `any_curve`, one on a curve that Go does not
/// know is known by its algorithm only.
pub(crate) fn certified_key(
    info: &SubjectPublicKeyInfo<'_>,
    any_curve: bool,
) -> Result<PublicKey, CertificateError> {
    let identifier = info.algorithm.algorithm.as_bytes();
    let algorithm = Algorithm::from_identifier(identifier, &parameters(&info.algorithm));
    if any_curve && matches!(algorithm, Algorithm::EllipticCurve(_)) {
        return Ok(PublicKey::Other(algorithm));
    }
    let key = public_key(identifier, info.algorithm.parameters(), &info.subject_public_key.data);
    match key {
        Ok(key) => Ok(key.unwrap_or(PublicKey::Other(algorithm))),
        Err(message) => Err(CertificateError::PublicKey { message, algorithm }),
    }
}

/// Go's `parsePublicKey`; `None` if the key is of an algorithm that TLS in Go cannot use.
fn public_key(
    identifier: &[u8],
    parameters: Option<&Any<'_>>,
    data: &[u8],
) -> Result<Option<PublicKey>, &'static str> {
    Ok(Some(match identifier {
        oid::RSA => {
            if !parameters.is_some_and(|any| any.tag() == Tag::Null && any.data.is_empty()) {
                return Err("x509: RSA key missing NULL parameters");
            }
            let (_, key) =
                RSAPublicKey::from_der(data).map_err(|_| "x509: invalid RSA public key")?;
            if !der::is_positive(key.modulus) {
                return Err("x509: RSA modulus is not a positive number");
            }
            match der::to_i64(key.exponent) {
                None => return Err("x509: invalid RSA public exponent"),
                Some(..1) => return Err("x509: RSA public exponent is not a positive number"),
                Some(exponent) => PublicKey::rsa(key.modulus, exponent),
            }
        }
        oid::ECDSA => {
            let named = parameters.filter(|any| any.tag() == Tag::Oid);
            let id = named.ok_or("x509: invalid ECDSA parameters")?.data;
            let curve =
                Curve::from_object_identifier(id).ok_or("x509: unsupported elliptic curve")?;
            if !curve.holds(data) {
                return Err(curve.no_point(data));
            }
            PublicKey::Ecdsa(curve, data.to_vec())
        }
        oid::ED25519 => {
            if parameters.is_some() {
                return Err("x509: Ed25519 key encoded with illegal parameters");
            }
            PublicKey::Ed25519(data.try_into().map_err(|_| "x509: wrong Ed25519 public key size")?)
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::{Reader, element};
    use crate::material::pem;

    fn fixture() -> Vec<u8> {
        let pem = include_bytes!("../../tests/fixtures/tls/p256.crt");
        pem::blocks(pem).next().unwrap().contents.to_vec()
    }

    /// The fixture with one part of the inner certificate in place of another: 0 is the version,
    /// 1 the serial number and so on; 7 are the extensions.
    fn with(part: usize, replacement: &[u8]) -> Vec<u8> {
        let der = fixture();
        let mut outer = Reader::new(&der).sequence().unwrap();
        let mut tbs = outer.sequence().unwrap();
        let mut fields: Vec<_> = std::iter::from_fn(|| tbs.raw().filter(|raw| !raw.is_empty()))
            .map(<[u8]>::to_vec)
            .collect();
        fields[part] = replacement.to_vec();
        element(0x30, &[element(0x30, &fields.concat()), outer.rest().to_vec()].concat())
    }

    fn key_info(id: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
        let algorithm = element(0x30, &[&element(6, id), parameters].concat());
        element(0x30, &[algorithm, element(3, &[&[0], key].concat())].concat())
    }

    fn validity(from: &[u8], to: &[u8]) -> Vec<u8> {
        let kind = |time: &[u8]| if time.len() == 13 { 0x17 } else { 0x18 };
        element(0x30, &[element(kind(from), from), element(kind(to), to)].concat())
    }

    fn extension(contents: &[u8]) -> Vec<u8> {
        element(0xa3, &element(0x30, contents))
    }

    #[test]
    fn good() {
        assert_eq!(parse(&fixture()).unwrap().public_key.algorithm().to_string(), "ECDSA P-256");
        assert!(parse(&with(7, &[])).is_ok(), "no extensions");
        assert!(parse(&with(7, &extension(&[]))).is_ok(), "none in the list");
    }

    #[test]
    fn refused_in_the_words_of_go() {
        let unknown = element(0x30, &[&element(6, &[0x2a, 3])[..], &[4, 0]].concat());
        for (der, expected) in [
            (vec![], "x509: malformed certificate"),
            (vec![0x30, 0], "x509: malformed certificate"),
            ([fixture(), vec![0]].concat(), "x509: trailing data"),
            (with(0, &[0xa0, 3, 2, 1, 3]), "x509: invalid version"),
            (with(0, &[0xa0, 3, 2, 1, 0xff]), "x509: malformed version"),
            (with(1, &[2, 1, 0x85]), "x509: negative serial number"),
            (
                with(2, &[0x30, 3, 6, 1, 0x2a]),
                "x509: inner and outer signature algorithm identifiers don't match",
            ),
            (with(3, &[0x30, 2, 0x30, 0]), "x509: invalid RDNSequence"),
            (with(4, &validity(b"250229000000Z", b"260101000000Z")), "x509: malformed validity"),
            (with(6, &[0x30, 0]), "x509: malformed certificate"),
            (with(7, &[0xa4, 2, 0x30, 0]), "x509: malformed extensions"),
            (
                with(7, &extension(&[unknown.clone(), unknown].concat())),
                "x509: certificate contains duplicate extension with OID \"1.2.3\"",
            ),
        ] {
            assert_eq!(parse(&der).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn public_keys() {
        let curve = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        let modulus = element(0x30, &[2, 1, 5, 2, 1, 3]);
        for (id, parameters, data, expected) in [
            (oid::RSA, &[5, 0][..], &modulus[..], Ok("RSA")),
            (oid::RSA, &[], &modulus, Err("x509: RSA key missing NULL parameters")),
            (
                oid::RSA,
                &[5, 0],
                &[0x30, 6, 2, 1, 0xfb, 2, 1, 3],
                Err("x509: RSA modulus is not a positive number"),
            ),
            (oid::ECDSA, &curve, &[4, 1], Err("P256 point not on curve")),
            (oid::ECDSA, &curve, &[2, 1], Err("ecdsa: invalid uncompressed public key")),
            (oid::ECDSA, &[6, 1, 0x2a], &[4], Err("x509: unsupported elliptic curve")),
            (oid::ED25519, &[], &[7; 32], Ok("Ed25519")),
            (oid::ED25519, &[], &[7; 31], Err("x509: wrong Ed25519 public key size")),
            (oid::DSA, &[0x30, 9, 2, 1, 5, 2, 1, 3, 2, 1, 2], &[2, 1, 4], Ok("DSA")),
            (oid::X25519, &[], &[], Ok("X25519")),
            (&[0x2a, 3], &[5, 0], &[], Ok("algorithm 1.2.3")),
        ] {
            let read = parse(&with(6, &key_info(id, parameters, data)))
                .map(|certificate| certificate.public_key.algorithm().to_string());
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(read.map_err(|error| error.to_string()), expected);
        }
    }

    #[test]
    fn dates() {
        for (from, to, expected) in [
            (
                &b"500101000000Z"[..],
                &b"491231235959Z"[..],
                "1950-01-01T00:00:00Z 2049-12-31T23:59:59Z",
            ),
            (b"20000229000000Z", b"21000301000000Z", "2000-02-29T00:00:00Z 2100-03-01T00:00:00Z"),
            (
                b"20000101000000Z",
                b"99991231235959Z",
                "2000-01-01T00:00:00Z 9999-12-30T22:00:00.999999999Z",
            ),
        ] {
            let Certificate { not_before, not_after, .. } =
                parse(&with(4, &validity(from, to))).unwrap();
            assert_eq!(format!("{not_before} {not_after}"), expected);
        }
    }

    #[test]
    fn cut_off_anywhere() {
        let der = fixture();
        for length in 0..der.len() {
            assert!(parse(&der[..length]).is_err(), "{length}");
        }
    }
}
