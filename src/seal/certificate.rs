//! The certificate of a controller of Sealed Secrets, of which only the RSA key is needed.
//!
//! kubeseal reads the first certificate of a file and passes over what comes after it. A file with
//! two keys is a mistake nobody sees until the controller cannot open the values, so it is an error
//! here. What leaves no doubt about the key is accepted: DER, a byte order mark, UTF-16, text around
//! the block, a bare public key.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use rsa::{BoxedUint, PublicKey as RsaKey};
use x509_parser::prelude::{FromDer as _, SubjectPublicKeyInfo};

use super::rules::CertificateFinding;
use crate::kinds::DateFault;
use crate::material::certificate::{self, CertificateError as ParseError};
use crate::material::found::{DerKind, Found, der_kind};
use crate::material::pem;
use crate::material::public_key::{Algorithm, PublicKey};
use crate::material::text_mark::TextMark;
use crate::material::tls_input::behind_mark;
use crate::validate::Finding;

/// The sizes of RSA keys, in bits, with which the controller works. The length of the RSA part of a
/// ciphertext is a 16-bit number of bytes; no larger key is in use.
const BITS: std::ops::RangeInclusive<usize> = 1024..=16384;
/// Fewer bits are a warning.
const BITS_ENOUGH: usize = 2048;

/// A key to encrypt with, and what to warn of.
#[derive(Debug)]
pub(crate) struct Certificate {
    pub(super) key: RsaKey,
    findings: Vec<CertificateFinding>,
}

impl Certificate {
    /// Reads the certificate in PEM or DER, or the public key in PEM.
    pub(crate) fn read(input: &[u8], now: Timestamp) -> Result<Self, CertificateError> {
        let text = decoded(input)?;
        let keys = if text.starts_with(&[0x30]) && pem::begin_lines(&text).next().is_none() {
            vec![Key::of_der(&text, None)?]
        } else {
            keys_of_pem(&text)?
        };
        let Some(first) = keys.first() else {
            return Err(CertificateError::NoCertificate { found: Found::in_input(input) });
        };
        if let Some(other) = keys.iter().find(|other| other.public != first.public) {
            return Err(CertificateError::TwoKeys { first: first.line, second: other.line });
        }
        let mut findings = Vec::new();
        if let Some((from, until)) = first.dates {
            match DateFault::at(now, from, until) {
                Some(DateFault::Expired { on }) => return Err(CertificateError::Expired { on }),
                Some(fault) => findings.push(CertificateFinding::Date(fault)),
                None => {}
            }
        }
        let (key, bits) = first.rsa()?;
        if bits < BITS_ENOUGH {
            findings.push(CertificateFinding::ShortKey { bits });
        }
        Ok(Self { key, findings })
    }

    /// The warnings about the certificate, the same for all that it seals.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.findings.iter().cloned().map(Finding::new).collect()
    }
}

/// The bytes behind a byte order mark, UTF-16 as UTF-8.
fn decoded(input: &[u8]) -> Result<Cow<'_, [u8]>, CertificateError> {
    match TextMark::of(input) {
        Some(mark @ TextMark::Utf16(name)) if !input.starts_with(&[0x30]) => {
            let is_big = name == "UTF-16BE" || input.starts_with(&[0xfe, 0xff]);
            let units = input.chunks_exact(2).map(|pair| {
                if is_big {
                    u16::from_be_bytes([pair[0], pair[1]])
                } else {
                    u16::from_le_bytes([pair[0], pair[1]])
                }
            });
            let decoded: Result<String, _> = char::decode_utf16(units).collect();
            let text = decoded.map_err(|_| CertificateError::NoText(mark))?;
            Ok(Cow::Owned(text.trim_start_matches('\u{feff}').to_owned().into_bytes()))
        }
        _ => Ok(Cow::Borrowed(behind_mark(input))),
    }
}

/// A public key of a file.
struct Key {
    /// The line of its block, `None` in DER.
    line: Option<usize>,
    public: PublicKey,
    /// From when and until when its certificate is valid; `None` without a certificate.
    dates: Option<(Timestamp, Timestamp)>,
}

fn keys_of_pem(text: &[u8]) -> Result<Vec<Key>, CertificateError> {
    if let Some(key) = pem::begin_lines(text).find(|begin| pem::is_private_key(begin.label)) {
        return Err(CertificateError::PrivateKey { line: key.line });
    }
    let mut keys = Vec::new();
    let mut blocks = pem::blocks(text).peekable();
    for begin in pem::begin_lines(text) {
        // Every block that begins must decode: a second certificate that is damaged may be the one
        // that was meant.
        let block = blocks.next_if(|block| block.line == begin.line && !begin.inner);
        let Some(block) = block else {
            let found = Found::in_input(text);
            return Err(CertificateError::BadBlock { line: begin.line, found });
        };
        match block.label {
            b"CERTIFICATE" | b"PUBLIC KEY" => {
                keys.push(Key::of_der(&block.contents, Some(block.line))?);
            }
            _ => {
                let label = block.label();
                return Err(CertificateError::Label { label, line: block.line });
            }
        }
    }
    Ok(keys)
}

impl Key {
    fn of_der(der: &[u8], line: Option<usize>) -> Result<Self, CertificateError> {
        if der_kind(der) != Some(DerKind::Certificate)
            && let Ok((b"", info)) = SubjectPublicKeyInfo::from_der(der)
        {
            let public = certificate::certified_key(&info, true)
                .map_err(|error| CertificateError::Parse { line, error })?;
            return Ok(Self { line, public, dates: None });
        }
        let parsed = certificate::parse_any_curve(der)
            .map_err(|error| CertificateError::Parse { line, error })?;
        let dates = Some((parsed.not_before, parsed.not_after));
        Ok(Self { line, public: parsed.public_key, dates })
    }

    /// The RSA key and its bits.
    fn rsa(&self) -> Result<(RsaKey, usize), CertificateError> {
        let PublicKey::Rsa(modulus, exponent) = &self.public else {
            let algorithm = self.public.algorithm();
            return Err(CertificateError::Algorithm { algorithm, line: self.line });
        };
        let leading = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = (modulus.len() * 8).saturating_sub(leading);
        if !BITS.contains(&bits) {
            return Err(CertificateError::Bits { bits });
        }
        let exponent = BoxedUint::from(u64::try_from(*exponent).unwrap_or_default());
        let modulus = BoxedUint::from_be_slice_vartime(modulus);
        RsaKey::new_with_size_limits(modulus, exponent, BITS)
            .map(|key| (key, bits))
            .map_err(|_| CertificateError::BadKey { line: self.line })
    }
}

/// `on line N`, where there are lines.
struct OnLine(Option<usize>);

impl fmt::Display for OnLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, " on line {line}"))
    }
}

/// Why a file gives no key to seal with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CertificateError {
    #[error("the key{} is {algorithm}, and Sealed Secrets only work with RSA", OnLine(*line))]
    Algorithm { algorithm: Algorithm, line: Option<usize> },
    #[error("the PEM block on line {line} does not decode")]
    BadBlock { line: usize, found: Found },
    #[error("the RSA key{} is not valid", OnLine(*line))]
    BadKey { line: Option<usize> },
    #[error("the RSA key has {bits} bits, and Sealed Secrets need 1,024 to 16,384")]
    Bits { bits: usize },
    #[error("the certificate expired on {on}")]
    Expired { on: Timestamp },
    #[error("the block {label} on line {line} is not a CERTIFICATE")]
    Label { label: String, line: usize },
    #[error("no certificate found")]
    NoCertificate { found: Found },
    #[error("it {0}, but is damaged")]
    NoText(TextMark),
    #[error("the certificate{} does not parse: {error}", OnLine(*line))]
    Parse { line: Option<usize>, error: ParseError },
    #[error("found a private key on line {line}: sealing needs only the certificate")]
    PrivateKey { line: usize },
    #[error("found certificates with different keys{}", match (first, second) {
        (Some(first), Some(second)) => format!(" (lines {first} and {second})"),
        _ => String::new(),
    })]
    TwoKeys { first: Option<usize>, second: Option<usize> },
}
