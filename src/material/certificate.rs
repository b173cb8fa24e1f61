//! X.509 certificates as Go's `x509.ParseCertificate` reads them: what it refuses is refused, and
//! nothing else; above all neither dates nor names nor signatures are judged here, they are only
//! kept for those who do.
//!
//! Written here instead of taken from `x509-parser`: that crate refuses and accepts other
//! certificates than Go does, and costs more to start and to carry.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::material::der::{self, Reader, Tag};
use crate::material::extensions::{self, SubjectName};
use crate::material::name::{self, NameError};
use crate::material::public_key::{Algorithm, Curve, PublicKey, oid};

pub use crate::material::extensions::ExtensionError;

/// A certificate that Go accepts.
#[derive(Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whether it may certify others: `basicConstraints` says so, or it is of a version that has
    /// no extensions to say it with.
    pub is_authority: bool,
    /// Who certifies: the contents of the `Name`.
    pub issuer: Vec<u8>,
    /// The hosts it is for, from the subject alternative names.
    pub names: Vec<SubjectName>,
    /// The last moment it is valid.
    pub not_after: Timestamp,
    /// The first moment it is valid.
    pub not_before: Timestamp,
    /// The key it certifies.
    pub public_key: PublicKey,
    /// What clients expect of a server's certificate.
    pub server: ServerTraits,
    /// What its issuer signed, and how.
    pub signed: Signed,
    /// Whom it certifies: the contents of the `Name`.
    pub subject: Vec<u8>,
}

impl Certificate {
    /// Whether it names itself as its issuer, as roots do. The signature is not looked at.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

/// What clients expect of a server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTraits {
    /// Whether there is an extension with subject alternative names, hosts or others.
    pub has_alternative_names: bool,
    /// Whether it says where its issuer's certificate can be downloaded (`caIssuers`, RFC 5280
    /// 4.2.2.1), as certificates of public CAs do.
    pub has_issuer_address: bool,
    /// The name of whoever issued the issuer's certificate, if it says so.
    pub issuer_of_issuer: Option<Vec<u8>>,
    /// Whether its extended key usage is absent, or lists `serverAuth` or any usage.
    pub is_for_servers: bool,
}

/// What an issuer signed, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed {
    /// The contents of the `AlgorithmIdentifier`.
    pub algorithm: Vec<u8>,
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// The `TBSCertificate`, its tag and length included.
    pub text: Vec<u8>,
}

/// Why Go does not read a certificate, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The same extension stands twice.
    #[error("x509: certificate contains duplicate extension with OID {0:?}")]
    DuplicateExtension(String),
    /// An extension does not hold what it should.
    #[error(transparent)]
    Extension(#[from] ExtensionError),
    /// The version is none of 1, 2 and 3.
    #[error("x509: invalid version")]
    InvalidVersion,
    /// A part is not the DER it should be.
    #[error("x509: malformed {0}")]
    Malformed(&'static str),
    /// Issuer or subject.
    #[error(transparent)]
    Name(#[from] NameError),
    /// RFC 5280 4.1.2.2; Go refuses it since 1.23.
    #[error("x509: negative serial number")]
    NegativeSerial,
    /// The public key is not one of its algorithm.
    #[error("{message}")]
    PublicKey {
        /// In Go's words.
        message: &'static str,
        /// The algorithm the certificate names.
        algorithm: Algorithm,
    },
    /// The algorithm is named twice in a certificate, and differently.
    #[error("x509: inner and outer signature algorithm identifiers don't match")]
    SignatureAlgorithms,
    /// More stands behind the certificate.
    #[error("x509: trailing data")]
    TrailingData,
    /// A date of another type.
    #[error("x509: unsupported time format")]
    UnsupportedTime,
}

use CertificateError::Malformed;

/// Reads a certificate from DER.
pub fn parse(der: &[u8]) -> Result<Certificate, CertificateError> {
    parse_with(der, false)
}

/// The same for the certificate of a CA, which programs other than kubectl read: its key may be on
/// a curve that Go does not know.
pub fn parse_any_curve(der: &[u8]) -> Result<Certificate, CertificateError> {
    parse_with(der, true)
}

fn parse_with(der: &[u8], any_curve: bool) -> Result<Certificate, CertificateError> {
    let mut outer = Reader::new(der);
    let mut input = outer.sequence().ok_or(Malformed("certificate"))?;
    let certificate = parse_parts(&mut input, any_curve)?;
    if outer.is_empty() { Ok(certificate) } else { Err(CertificateError::TrailingData) }
}

fn parse_parts(input: &mut Reader<'_>, any_curve: bool) -> Result<Certificate, CertificateError> {
    let text = input.whole(Tag::SEQUENCE).ok_or(Malformed("tbs certificate"))?;
    let mut tbs = Reader::new(text).sequence().ok_or(Malformed("tbs certificate"))?;
    let version = version(&mut tbs)?;
    let serial = tbs.integer().ok_or(Malformed("serial number"))?;
    if der::is_negative(serial) {
        return Err(CertificateError::NegativeSerial);
    }
    let inner = tbs.sequence().ok_or(Malformed("signature algorithm identifier"))?;
    let outer = input.sequence().ok_or(Malformed("algorithm identifier"))?;
    if inner.rest() != outer.rest() {
        return Err(CertificateError::SignatureAlgorithms);
    }
    algorithm_identifier(inner)?;
    let issuer = tbs.sequence().ok_or(Malformed("issuer"))?.rest();
    name::check(issuer)?;
    let mut validity = tbs.sequence().ok_or(Malformed("validity"))?;
    let not_before = time(&mut validity)?;
    let not_after = time(&mut validity)?;
    // Go calls the subject an issuer here.
    let subject = tbs.sequence().ok_or(Malformed("issuer"))?.rest();
    name::check(subject)?;
    let public_key = subject_public_key(tbs.sequence().ok_or(Malformed("spki"))?, any_curve)?;
    if version > 0 {
        tbs.optional(Tag::context(1)).ok_or(Malformed("issuerUniqueID"))?;
        tbs.optional(Tag::context(2)).ok_or(Malformed("subjectUniqueID"))?;
    }
    let mut extensions = Extensions::none(version < 2);
    if version == 2 {
        let present = tbs.optional(Tag::explicit(3)).ok_or(Malformed("extensions"))?;
        if let Some(contents) = present {
            let list = Reader::new(contents).sequence().ok_or(Malformed("extensions"))?;
            extensions = parse_extensions(list)?;
        }
    }
    let (unused, signature) = input.bit_string().ok_or(Malformed("signature"))?;
    Ok(Certificate {
        is_authority: extensions.is_authority,
        issuer: issuer.to_vec(),
        names: extensions.names,
        not_after,
        not_before,
        public_key,
        server: extensions.server,
        signed: Signed {
            algorithm: inner.rest().to_vec(),
            signature: right_align(unused, signature),
            text: text.to_vec(),
        },
        subject: subject.to_vec(),
    })
}

fn version(tbs: &mut Reader<'_>) -> Result<i64, CertificateError> {
    let malformed = Malformed("version");
    let Some(contents) = tbs.optional(Tag::explicit(0)).ok_or(malformed.clone())? else {
        return Ok(0);
    };
    let mut explicit = Reader::new(contents);
    match explicit.small_integer().filter(|_| explicit.is_empty()) {
        Some(version @ 0..=2) => Ok(version),
        Some(3..) => Err(CertificateError::InvalidVersion),
        _ => Err(malformed),
    }
}

/// The contents of the object identifier, and the parameters as DER.
fn algorithm_identifier(mut ai: Reader<'_>) -> Result<(&[u8], &[u8]), CertificateError> {
    let identifier = ai.object_identifier().ok_or(Malformed("OID"))?;
    let all = ai.rest();
    if all.is_empty() {
        return Ok((identifier, all));
    }
    ai.any().ok_or(Malformed("parameters"))?;
    Ok((identifier, all.get(..all.len() - ai.rest().len()).unwrap_or_default()))
}

fn subject_public_key(
    mut spki: Reader<'_>,
    any_curve: bool,
) -> Result<PublicKey, CertificateError> {
    let ai = spki.sequence().ok_or(Malformed("public key algorithm identifier"))?;
    let (identifier, parameters) = algorithm_identifier(ai)?;
    let (unused, bits) = spki.bit_string().ok_or(Malformed("subjectPublicKey"))?;
    let data = right_align(unused, bits);
    let algorithm = Algorithm::from_identifier(identifier, parameters);
    if any_curve && matches!(algorithm, Algorithm::EllipticCurve(_)) {
        return Ok(PublicKey::Other(algorithm));
    }
    public_key(identifier, parameters, &data, &algorithm)
        .map_err(|message| CertificateError::PublicKey { message, algorithm })
}

/// Go's `parsePublicKey`; an algorithm it does not know is no error yet.
fn public_key(
    identifier: &[u8],
    parameters: &[u8],
    data: &[u8],
    algorithm: &Algorithm,
) -> Result<PublicKey, &'static str> {
    match identifier {
        oid::RSA => {
            if parameters != [5, 0] {
                return Err("x509: RSA key missing NULL parameters");
            }
            let mut key = Reader::new(data).sequence().ok_or("x509: invalid RSA public key")?;
            let modulus = key.integer().ok_or("x509: invalid RSA modulus")?;
            let exponent = key.small_integer().ok_or("x509: invalid RSA public exponent")?;
            if !der::is_positive(modulus) {
                return Err("x509: RSA modulus is not a positive number");
            }
            if exponent <= 0 {
                return Err("x509: RSA public exponent is not a positive number");
            }
            Ok(PublicKey::rsa(modulus, exponent))
        }
        oid::ECDSA => {
            let curve = Reader::new(parameters)
                .object_identifier()
                .ok_or("x509: invalid ECDSA parameters")?;
            let curve =
                Curve::from_object_identifier(curve).ok_or("x509: unsupported elliptic curve")?;
            if !curve.holds(data) {
                return Err(curve.no_point(data));
            }
            Ok(PublicKey::Ecdsa(curve, data.to_vec()))
        }
        oid::ED25519 => {
            if !parameters.is_empty() {
                return Err("x509: Ed25519 key encoded with illegal parameters");
            }
            let key = data.try_into().map_err(|_| "x509: wrong Ed25519 public key size")?;
            Ok(PublicKey::Ed25519(key))
        }
        oid::DSA => {
            let y = Reader::new(data).integer().ok_or("x509: invalid DSA public key")?;
            let mut domain = Reader::new(parameters).sequence();
            let mut next = || domain.as_mut().and_then(Reader::integer);
            let (Some(p), Some(q), Some(g)) = (next(), next(), next()) else {
                return Err("x509: invalid DSA parameters");
            };
            if ![y, p, q, g].into_iter().all(der::is_positive) {
                return Err("x509: zero or negative DSA parameter");
            }
            Ok(PublicKey::Other(algorithm.clone()))
        }
        _ => Ok(PublicKey::Other(algorithm.clone())),
    }
}

/// The bits of a BIT STRING that is not whole bytes, moved to the end.
fn right_align(unused: u8, bits: &[u8]) -> Vec<u8> {
    let mut carry = 0_u16;
    let shifted = bits.iter().map(|byte| {
        carry = carry << 8 | u16::from(*byte);
        (carry >> unused).to_be_bytes()[1]
    });
    shifted.collect()
}

/// What is kept of the extensions.
struct Extensions {
    is_authority: bool,
    names: Vec<SubjectName>,
    server: ServerTraits,
}

impl Extensions {
    fn none(is_authority: bool) -> Self {
        let server = ServerTraits {
            has_alternative_names: false,
            has_issuer_address: false,
            issuer_of_issuer: None,
            is_for_servers: true,
        };
        Self { is_authority, names: Vec::new(), server }
    }
}

fn parse_extensions(mut list: Reader<'_>) -> Result<Extensions, CertificateError> {
    let mut seen = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence().ok_or(Malformed("extension"))?;
        let id = fields.object_identifier().ok_or(Malformed("extension OID field"))?;
        let critical = fields.is_next(Tag::BOOLEAN)
            && fields.boolean().ok_or(Malformed("extension critical field"))?;
        let value = fields.read(Tag::OCTET_STRING).ok_or(Malformed("extension value field"))?;
        if seen.iter().any(|(seen, _, _)| *seen == id) {
            return Err(CertificateError::DuplicateExtension(der::dotted(id)));
        }
        seen.push((id, critical, value));
    }
    let mut kept = Extensions::none(false);
    // Only now: Go names a malformed list before a bad extension in it.
    for (id, critical, value) in seen {
        extensions::check(id, critical, value)?;
        match id {
            extensions::BASIC_CONSTRAINTS => kept.is_authority = extensions::is_authority(value),
            extensions::SUBJECT_NAMES => {
                kept.names = extensions::subject_names(value);
                kept.server.has_alternative_names = true;
            }
            extensions::EXTENDED_KEY_USAGE => {
                kept.server.is_for_servers = extensions::is_for_servers(value);
            }
            extensions::AUTHORITY_KEY => {
                kept.server.issuer_of_issuer = extensions::issuer_of_issuer(value);
            }
            extensions::AUTHORITY_INFO => {
                kept.server.has_issuer_address = extensions::has_issuer_address(value);
            }
            _ => {}
        }
    }
    Ok(kept)
}

/// A date of `cryptobyte`: the forms of RFC 5280, a `UTCTime` without seconds, and time zones.
fn time(fields: &mut Reader<'_>) -> Result<Timestamp, CertificateError> {
    if fields.is_next(Tag::UTC_TIME) {
        let read = fields.read(Tag::UTC_TIME);
        return read.and_then(|text| parse_time(text, 2)).ok_or(Malformed("UTCTime"));
    }
    if fields.is_next(Tag::GENERALIZED_TIME) {
        let read = fields.read(Tag::GENERALIZED_TIME);
        return read.and_then(|text| parse_time(text, 4)).ok_or(Malformed("GeneralizedTime"));
    }
    Err(CertificateError::UnsupportedTime)
}

fn parse_time(text: &[u8], year_digits: usize) -> Option<Timestamp> {
    let mut rest = text;
    let mut number = |digits: usize| {
        let (part, after) = rest.split_at_checked(digits)?;
        rest = after;
        part.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i16::from(b - b'0')))
    };
    let year = number(year_digits)?;
    // RFC 5280 4.1.2.5.1.
    let year = match year {
        50.. if year_digits == 2 => year + 1900,
        _ if year_digits == 2 => year + 2000,
        _ => year,
    };
    let mut pair = || number(2).and_then(|n| i8::try_from(n).ok());
    let (month, day, hour, minute) = (pair()?, pair()?, pair()?, pair()?);
    let (second, zone) = match rest.split_at_checked(2) {
        Some(([a @ b'0'..=b'5', b @ b'0'..=b'9'], zone)) => {
            (((a - b'0') * 10 + (b - b'0')).cast_signed(), zone)
        }
        _ if year_digits == 2 => (0, rest),
        _ => return None,
    };
    let date = Date::new(year, month, day).ok()?;
    let local = DateTime::from_parts(date, Time::new(hour, minute, second, 0).ok()?);
    // The end of the year 9999, RFC 5280's word for "never", lies behind the last timestamp.
    Some(zone_offset(zone)?.to_timestamp(local).unwrap_or(Timestamp::MAX))
}

/// `Z`, or an offset in hours and minutes, which Go reads and writes back: one of nothing would come
/// back as `Z`.
fn zone_offset(zone: &[u8]) -> Option<Offset> {
    match zone {
        b"Z" => Some(Offset::UTC),
        [sign @ (b'+' | b'-'), digits @ ..]
            if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit) =>
        {
            let [hours, minutes] =
                [0, 2].map(|at| i32::from((digits[at] - b'0') * 10 + (digits[at + 1] - b'0')));
            let total = hours * 60 + minutes;
            if hours > 24 || minutes > 59 || total == 0 {
                return None;
            }
            Offset::from_seconds(60 * if *sign == b'-' { -total } else { total }).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;
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
        let mut parts: Vec<_> = std::iter::from_fn(|| tbs.raw().filter(|raw| !raw.is_empty()))
            .map(<[u8]>::to_vec)
            .collect();
        parts[part] = replacement.to_vec();
        element(0x30, &[element(0x30, &parts.concat()), outer.rest().to_vec()].concat())
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
            (vec![0x30, 0], "x509: malformed tbs certificate"),
            ([fixture(), vec![0]].concat(), "x509: trailing data"),
            (with(0, &[0xa0, 3, 2, 1, 3]), "x509: invalid version"),
            (with(0, &[0xa0, 3, 2, 1, 0xff]), "x509: malformed version"),
            (with(1, &[2, 1, 0x85]), "x509: negative serial number"),
            (with(1, &[2, 2, 0, 5]), "x509: malformed serial number"),
            (
                with(2, &[0x30, 3, 6, 1, 0x2a]),
                "x509: inner and outer signature algorithm identifiers don't match",
            ),
            (with(3, &[0x30, 2, 0x30, 0]), "x509: invalid RDNSequence"),
            (with(4, &[0x30, 2, 2, 0]), "x509: unsupported time format"),
            (with(4, &[0x30, 3, 0x17, 1, b'Z']), "x509: malformed UTCTime"),
            (with(5, &[0x31, 0]), "x509: malformed issuer"),
            (with(6, &[0x30, 0]), "x509: malformed public key algorithm identifier"),
            (with(7, &[0xa3, 2, 0x31, 0]), "x509: malformed extensions"),
            (with(7, &extension(&[0x30, 0])), "x509: malformed extension OID field"),
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
            (oid::DSA, &[], &[2, 1, 4], Err("x509: invalid DSA parameters")),
            (oid::X25519, &[], &[], Ok("X25519")),
            (&[0x2a, 3], &[5, 0], &[], Ok("algorithm 1.2.3")),
        ] {
            let algorithm = Algorithm::from_identifier(id, parameters);
            let read = public_key(id, parameters, data, &algorithm);
            let read = read.map(|key| key.algorithm().to_string());
            assert_eq!(read.as_deref().map_err(|message| *message), expected);
        }
    }

    #[test]
    fn dates() {
        for (text, digits, expected) in [
            ("250101000000Z", 2, true),
            ("2501010000Z", 2, true),
            ("250101000000+0100", 2, true),
            ("240229000000Z", 2, true),
            ("250229000000Z", 2, false),
            ("250101000000+0000", 2, false),
            ("250101000000+2500", 2, false),
            ("250101240000Z", 2, false),
            ("250101006000Z", 2, false),
            ("250101000060Z", 2, false),
            ("251301000000Z", 2, false),
            ("250100000000Z", 2, false),
            ("250101000000", 2, false),
            ("", 2, false),
            ("20250101000000Z", 4, true),
            ("20000229000000Z", 4, true),
            ("19000229000000Z", 4, false),
            ("202501010000Z", 4, false),
            ("20250101000000.5Z", 4, false),
            ("99991231235959Z", 4, true),
        ] {
            assert_eq!(parse_time(text.as_bytes(), digits).is_some(), expected, "{text:?}");
        }
        for (text, digits, expected) in [
            ("500101000000Z", 2, "1950-01-01T00:00:00Z"),
            ("491231235959Z", 2, "2049-12-31T23:59:59Z"),
            ("7001010000Z", 2, "1970-01-01T00:00:00Z"),
            ("000301000000Z", 2, "2000-03-01T00:00:00Z"),
            ("250101000000+0130", 2, "2024-12-31T22:30:00Z"),
            ("250101000000-0100", 2, "2025-01-01T01:00:00Z"),
            ("21000301000000Z", 4, "2100-03-01T00:00:00Z"),
            ("00000229000000Z", 4, "0000-02-29T00:00:00Z"),
        ] {
            let time = parse_time(text.as_bytes(), digits).unwrap();
            assert_eq!(time.to_string(), expected, "{text:?}");
        }
    }

    #[test]
    fn bits_moved_to_the_end() {
        assert_eq!(right_align(0, &[0x12, 0x34]), [0x12, 0x34]);
        assert_eq!(right_align(4, &[0x12, 0x30]), [0x01, 0x23]);
    }

    #[test]
    fn cut_off_anywhere() {
        let der = fixture();
        for length in 0..der.len() {
            assert!(parse(&der[..length]).is_err(), "{length}");
        }
    }
}
