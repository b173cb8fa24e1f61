//! A certificate of a server or of a CA, with what decides whether it is trusted.
//!
//! `material::certificate` decides whether Go parses it; what Go keeps of it and a Secret has no
//! use for is kept here.

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, GeneralName, KeyIdentifier,
    KeyUsage, PolicyConstraints, PolicyMappings, SubjectAlternativeName, X509Extension,
};
use x509_parser::x509::X509Version;

use super::constraints::NameConstraints;
use super::server_error::Defect;
use crate::material::certificate::{self, CertificateError};
use crate::material::der;
use crate::material::extensions::{self, ExtensionError, oid};
use crate::material::name;
use crate::material::public_key::PublicKey;

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
    /// Its key usage; `None` if it has none or all bits are zero.
    key_usage: Option<KeyUsage>,
    /// Whether its extended key usage, if it has one, allows for servers.
    is_for_servers: bool,
    /// The first critical extension that Go does not know or not wholly.
    unknown_critical: Option<String>,
    /// Whether it demands a policy, or maps one to or from `anyPolicy`.
    needs_policy: bool,
}

impl Certificate {
    /// Reads a certificate from DER.
    pub(super) fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        let parts = certificate::read(der)?;
        let mut this = Self {
            der: CertificateDer::from(der.to_vec()),
            parsed: certificate::judge(&parts)?,
            spki: parts.subject_pki.raw.to_vec(),
            names: None,
            constraints: None,
            key_ids: (None, None),
            has_extensions: parts.version == X509Version::V3,
            basic: None,
            key_usage: None,
            is_for_servers: true,
            unknown_critical: None,
            needs_policy: false,
        };
        let extensions = if this.has_extensions { parts.extensions() } else { &[] };
        for extension in extensions {
            let is_known = this.read_extension(extension)?;
            if extension.critical && !is_known && this.unknown_critical.is_none() {
                this.unknown_critical = Some(der::dotted(extension.oid.as_bytes()));
            }
        }
        Ok(this)
    }

    pub(super) fn subject(&self) -> String {
        name::shown(&self.parsed.subject)
    }

    pub(super) fn issuer(&self) -> String {
        name::shown(&self.parsed.issuer)
    }

    /// Whether it is a CA certificate by its own word.
    pub(super) fn is_authority(&self) -> bool {
        self.basic.as_ref().is_some_and(|basic| basic.ca)
    }

    /// Go's `CheckSignatureFrom`, without the signature: whether its key may sign certificates.
    pub(super) fn may_sign(&self) -> Result<(), Defect> {
        match &self.basic {
            None if self.has_extensions => return Err(Defect::NotAuthority),
            Some(basic) if !basic.ca => return Err(Defect::NotAuthority),
            _ => {}
        }
        match self.key_usage {
            Some(usage) if !usage.key_cert_sign() => Err(Defect::NotForSigning),
            _ => Ok(()),
        }
    }

    /// Whether so many CA certificates may lie between it and the server's.
    pub(super) fn allows_below(&self, authorities: usize) -> Result<(), Defect> {
        let length = self.basic.as_ref().and_then(|basic| basic.path_len_constraint);
        match length {
            Some(length) if u32::try_from(authorities).is_ok_and(|count| count > length) => {
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
        self.is_for_servers
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

    /// Keeps what an extension says; whether all of it is understood (Go's
    /// `processExtensions`).
    fn read_extension(&mut self, extension: &X509Extension<'_>) -> Result<bool, ExtensionError> {
        let value = extension.value;
        match extension.oid.as_bytes() {
            oid::SUBJECT_KEY => {
                let id: KeyIdentifier<'_> = extensions::read(value, "subject key identifier")?;
                self.key_ids.0 = Some(id.0.to_vec());
            }
            oid::KEY_USAGE => {
                let usage: KeyUsage = extensions::read(value, "key usage")?;
                self.key_usage = Some(usage).filter(|usage| usage.flags != 0);
            }
            oid::SUBJECT_NAMES => {
                self.names = Some(value.to_vec());
                let names: SubjectAlternativeName<'_> =
                    extensions::read(value, "subject alternative names")?;
                return Ok(names.general_names.iter().any(is_known_name));
            }
            oid::BASIC_CONSTRAINTS => {
                self.basic = Some(extensions::read(value, "basic constraints")?);
            }
            oid::NAME_CONSTRAINTS => {
                let constraints = NameConstraints::read(value)?;
                let is_known = constraints.is_known;
                self.constraints = Some(constraints);
                return Ok(is_known);
            }
            [0x55, 0x1d, 33] => {
                let list: PolicyMappings<'_> =
                    extensions::read(value, "policy mappings extension")?;
                self.needs_policy |= list.mappings.iter().any(|pair| {
                    let policies = [&pair.issuer_domain_policy, &pair.subject_domain_policy];
                    policies.into_iter().any(|policy| policy.as_bytes() == ANY_POLICY)
                });
            }
            oid::AUTHORITY_KEY => {
                let key: AuthorityKeyIdentifier<'_> =
                    extensions::read(value, "authority key identifier")?;
                self.key_ids.1 = key.key_identifier.map(|id| id.0.to_vec());
            }
            [0x55, 0x1d, 36] => {
                let constraints: PolicyConstraints =
                    extensions::read(value, "policy constraints extension")?;
                self.needs_policy |= constraints.require_explicit_policy.is_some();
            }
            oid::EXTENDED_KEY_USAGE => {
                let usage: ExtendedKeyUsage<'_> = extensions::read(value, "extended key usages")?;
                self.is_for_servers = usage.any || usage.server_auth || has_none(&usage);
            }
            // Distribution points of lists of revoked certificates, policies, and how far anyPolicy holds.
            [0x55, 0x1d, 31 | 32 | 54] => {}
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Whether a list of purposes is empty, which Go takes for none.
fn has_none(usage: &ExtendedKeyUsage<'_>) -> bool {
    let known = [
        usage.client_auth,
        usage.code_signing,
        usage.email_protection,
        usage.time_stamping,
        usage.ocsp_signing,
    ];
    usage.other.is_empty() && !known.contains(&true)
}

/// The bits of a number without leading zeros, big-endian.
fn bits(number: &[u8]) -> usize {
    let zeros = number.first().map_or(0, |first| first.leading_zeros() as usize);
    (number.len() * 8).saturating_sub(zeros)
}

/// Whether a name is of a kind that Go keeps: an address, a host, a mailbox or a URI.
fn is_known_name(name: &GeneralName<'_>) -> bool {
    matches!(
        name,
        GeneralName::RFC822Name(_)
            | GeneralName::DNSName(_)
            | GeneralName::URI(_)
            | GeneralName::IPAddress(_)
    )
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
