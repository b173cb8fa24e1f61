//! A certificate of a server or of a CA, with what decides whether it is trusted.
//!
//! `material::certificate` decides whether Go parses it; this reads it a second time for what Go
//! keeps and a Secret has no use for.

use rustls::pki_types::CertificateDer;

use super::constraints::NameConstraints;
use super::server_error::Defect;
use crate::material::certificate::{self, CertificateError};
use crate::material::der::{self, Reader, Tag};
use crate::material::name;
use crate::material::public_key::PublicKey;

const ANY_USAGE: &[u8] = &[0x55, 0x1d, 37, 0];
const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const ANY_POLICY: &[u8] = &[0x55, 0x1d, 32, 0];
/// RSA keys of servers above this are refused, as in Go's `crypto/tls`.
const MAX_RSA_BITS: usize = 8192;
/// Go's `crypto/rsa` has no larger exponents; *ring* has some.
const MAX_RSA_EXPONENT: i64 = (1 << 31) - 1;

/// A certificate that Go parses.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) der: CertificateDer<'static>,
    pub(super) parsed: certificate::Certificate,
    /// The whole `SubjectPublicKeyInfo`.
    pub(super) spki: Vec<u8>,
    /// The value of the subject alternative names.
    pub(super) names: Option<Vec<u8>>,
    pub(super) constraints: Option<NameConstraints>,
    /// Subject and authority key identifier.
    pub(super) key_ids: (Option<Vec<u8>>, Option<Vec<u8>>),
    /// Whether the version is 3, which has extensions.
    has_extensions: bool,
    basic: Option<BasicConstraints>,
    /// The bits of its key usage; `None` if it has none or all are zero.
    key_usage: Option<u8>,
    /// The purposes of its extended key usage; empty if it has none.
    usages: Vec<Vec<u8>>,
    /// The first critical extension that Go does not know or not wholly.
    unknown_critical: Option<String>,
    /// Whether it demands a policy, or maps one to or from `anyPolicy`.
    needs_policy: bool,
}

#[derive(Debug)]
struct BasicConstraints {
    is_authority: bool,
    path_length: Option<i64>,
}

impl Certificate {
    /// Reads a certificate from DER.
    pub(super) fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        let parsed = certificate::parse(der)?;
        let mut this = Self {
            der: CertificateDer::from(der.to_vec()),
            parsed,
            spki: Vec::new(),
            names: None,
            constraints: None,
            key_ids: (None, None),
            has_extensions: false,
            basic: None,
            key_usage: None,
            usages: Vec::new(),
            unknown_critical: None,
            needs_policy: false,
        };
        this.read(der).ok_or(CertificateError::Malformed("certificate"))?;
        Ok(this)
    }

    /// The subject, for messages.
    pub(super) fn subject(&self) -> String {
        name::shown(&self.parsed.subject)
    }

    /// The issuer, for messages.
    pub(super) fn issuer(&self) -> String {
        name::shown(&self.parsed.issuer)
    }

    /// Whether it is a CA certificate by its own word.
    pub(super) fn is_authority(&self) -> bool {
        self.basic.as_ref().is_some_and(|basic| basic.is_authority)
    }

    /// Go's `CheckSignatureFrom`, without the signature: whether its key may sign certificates.
    pub(super) fn may_sign(&self) -> Result<(), Defect> {
        const KEY_CERT_SIGN: u8 = 0x80 >> 5;
        match &self.basic {
            None if self.has_extensions => return Err(Defect::NotAuthority),
            Some(basic) if !basic.is_authority => return Err(Defect::NotAuthority),
            _ => {}
        }
        match self.key_usage {
            Some(bits) if bits & KEY_CERT_SIGN == 0 => Err(Defect::NotForSigning),
            _ => Ok(()),
        }
    }

    /// Whether so many CA certificates may lie between it and the server's.
    pub(super) fn allows_below(&self, authorities: usize) -> Result<(), Defect> {
        let length = self.basic.as_ref().and_then(|basic| basic.path_length);
        match length {
            Some(length) if i64::try_from(authorities).is_ok_and(|count| count > length) => {
                Err(Defect::PathLength(length))
            }
            _ => Ok(()),
        }
    }

    /// What holds for each certificate of a path at a time in seconds since 1970: nothing critical
    /// that is unknown, and the dates.
    pub(super) fn is_current(&self, now: i64) -> Result<(), Defect> {
        if let Some(id) = &self.unknown_critical {
            return Err(Defect::CriticalExtension(id.clone()));
        }
        if now < self.parsed.not_before.as_second() {
            return Err(Defect::NotYetValid(self.parsed.not_before));
        }
        if now > self.parsed.not_after.as_second() {
            return Err(Defect::Expired(self.parsed.not_after));
        }
        Ok(())
    }

    /// Whether its extended key usage, if it has one, allows for servers.
    pub(super) fn is_for_servers(&self) -> bool {
        let fits = |usage: &Vec<u8>| usage == ANY_USAGE || usage == SERVER;
        self.usages.is_empty() || self.usages.iter().any(fits)
    }

    /// Whether it takes certificate policies to judge it, which Go has and rustls-webpki has not.
    pub(super) fn needs_policy(&self) -> bool {
        self.needs_policy
    }

    /// Why its key is not supported; `None` if it is.
    pub(super) fn unsupported_key(&self) -> Option<String> {
        match &self.parsed.public_key {
            PublicKey::Rsa(_, exponent) if *exponent > MAX_RSA_EXPONENT => {
                Some(format!("RSA with the exponent {exponent}"))
            }
            PublicKey::Rsa(modulus, _) => match bits(modulus) {
                2048..=MAX_RSA_BITS => None,
                bits => Some(format!("RSA with {bits} bits")),
            },
            key => match key.algorithm() {
                algorithm @ crate::material::public_key::Algorithm::Ecdsa(
                    crate::material::public_key::Curve::P224,
                ) => Some(algorithm.to_string()),
                _ if matches!(key, PublicKey::Other(_)) => Some(key.algorithm().to_string()),
                _ => None,
            },
        }
    }

    /// Whether it has an RSA key larger than Go's `crypto/tls` takes from a server.
    pub(super) fn is_oversized(&self) -> bool {
        matches!(&self.parsed.public_key, PublicKey::Rsa(modulus, _) if bits(modulus) > MAX_RSA_BITS)
    }

    fn read(&mut self, der: &[u8]) -> Option<()> {
        let mut tbs = Reader::new(der).sequence()?.sequence()?;
        let version = tbs.optional(Tag::explicit(0))?;
        let version = version.map_or(Some(0), |inner| Reader::new(inner).small_integer())?;
        tbs.read(Tag::INTEGER)?;
        for _signature_issuer_validity_subject in 0..4 {
            tbs.read(Tag::SEQUENCE)?;
        }
        self.spki = tbs.whole(Tag::SEQUENCE)?.to_vec();
        if version != 2 {
            return Some(());
        }
        self.has_extensions = true;
        tbs.optional(Tag::context(1))?;
        tbs.optional(Tag::context(2))?;
        let Some(list) = tbs.optional(Tag::explicit(3))? else { return Some(()) };
        let mut list = Reader::new(list).sequence()?;
        while !list.is_empty() {
            let mut fields = list.sequence()?;
            let id = fields.object_identifier()?;
            let is_critical = fields.is_next(Tag::BOOLEAN) && fields.boolean()?;
            let is_known = self.read_extension(id, fields.read(Tag::OCTET_STRING)?)?;
            if is_critical && !is_known && self.unknown_critical.is_none() {
                self.unknown_critical = Some(der::dotted(id));
            }
        }
        Some(())
    }

    /// Keeps what an extension says; whether all of it is understood (Go's
    /// `processExtensions`).
    fn read_extension(&mut self, id: &[u8], value: &[u8]) -> Option<bool> {
        let mut fields = Reader::new(value);
        match id {
            [0x55, 0x1d, 14] => {
                self.key_ids.0 = Some(fields.read(Tag::OCTET_STRING)?.to_vec());
            }
            [0x55, 0x1d, 15] => {
                let (_, bits) = fields.bit_string()?;
                let [first, rest @ ..] = bits else { return Some(true) };
                let is_zero = *first == 0 && rest.first().is_none_or(|byte| byte & 0x80 == 0);
                self.key_usage = (!is_zero).then_some(*first);
            }
            [0x55, 0x1d, 17] => {
                self.names = Some(value.to_vec());
                return has_known_name(value);
            }
            [0x55, 0x1d, 19] => {
                let mut fields = fields.sequence()?;
                let is_authority = fields.is_next(Tag::BOOLEAN) && fields.boolean()?;
                let path_length =
                    if fields.is_next(Tag::INTEGER) { Some(fields.small_integer()?) } else { None };
                self.basic = Some(BasicConstraints { is_authority, path_length });
            }
            [0x55, 0x1d, 30] => {
                let constraints = NameConstraints::read(value)?;
                let is_known = constraints.is_known;
                self.constraints = Some(constraints);
                return Some(is_known);
            }
            [0x55, 0x1d, 33] => {
                let mut list = fields.sequence()?;
                while !list.is_empty() {
                    let mut pair = list.sequence()?;
                    for _issuer_subject in 0..2 {
                        let policy = pair.read(Tag::OBJECT_IDENTIFIER)?;
                        self.needs_policy |= policy == ANY_POLICY;
                    }
                }
            }
            [0x55, 0x1d, 35] => {
                let id = fields.sequence()?.optional(Tag::context(0))?;
                self.key_ids.1 = id.map(<[u8]>::to_vec);
            }
            [0x55, 0x1d, 36] => {
                self.needs_policy |= fields.sequence()?.optional(Tag::context(0))?.is_some();
            }
            [0x55, 0x1d, 37] => {
                let mut list = fields.sequence()?;
                while !list.is_empty() {
                    self.usages.push(list.object_identifier()?.to_vec());
                }
            }
            [0x55, 0x1d, 31 | 32 | 54] => {}
            _ => return Some(false),
        }
        Some(true)
    }
}

/// The bits of a number without leading zeros, big-endian.
fn bits(number: &[u8]) -> usize {
    let zeros = number.first().map_or(0, |first| first.leading_zeros() as usize);
    (number.len() * 8).saturating_sub(zeros)
}

/// Whether there is a name of a kind that Go keeps: an address, a host, a mailbox or a URI.
fn has_known_name(value: &[u8]) -> Option<bool> {
    let mut names = Reader::new(value).sequence()?;
    let mut found = false;
    while !names.is_empty() {
        found |= matches!(names.any()?.0.byte(), 0x81 | 0x82 | 0x86 | 0x87);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::pem;

    #[test]
    fn keys_of_rsa() {
        let pem = include_bytes!("../../../tests/fixtures/tls/p256.crt");
        let der = pem::blocks(pem).next().unwrap().contents.to_vec();
        let mut certificate = Certificate::parse(&der).unwrap();
        for (bytes, exponent, expected) in [
            (256, 3, None),
            (256, 65537, None),
            (256, (1 << 31) - 1, None),
            (256, (1 << 31) + 11, Some("RSA with the exponent 2147483659")),
            (1024, 65537, None),
            (128, 65537, Some("RSA with 1024 bits")),
            (1025, 65537, Some("RSA with 8200 bits")),
        ] {
            certificate.parsed.public_key = PublicKey::Rsa(vec![0xff; bytes], exponent);
            let found = certificate.unsupported_key();
            assert_eq!(found.as_deref(), expected, "{bytes} bytes, {exponent}");
        }
    }
}
