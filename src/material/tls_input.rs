//! What is given for a certificate or a key, made into the PEM that goes into a Secret: DER,
//! PKCS#12, keys under a passphrase, PEM behind a byte order mark.
//!
//! A key keeps the form it has: PKCS#1, SEC 1 or PKCS#8 by its label; what was encrypted as
//! PKCS#8, or stood in a PKCS#12 file, is PKCS#8.

use std::fmt;

use zeroize::Zeroizing;

use crate::material::certificate::CertificateError;
use crate::material::chain::{self, Member};
use crate::material::der::Reader;
use crate::material::encryption::{DekInfo, Passphrase, UnlockError, Work, in_all_ways};
use crate::material::found::{DerKind, Found, der_kind};
use crate::material::pem::{self, Block};
use crate::material::pkcs12::{self, Pkcs12, Pkcs12Error, open_pkcs8};
use crate::material::private_key::{self, PrivateKey, PrivateKeyError};
use crate::material::public_key::{Algorithm, PublicKey};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What an input is, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// PEM behind a byte order mark.
    MarkedPem,
    DerCertificate,
    /// A private key in DER, perhaps under a passphrase.
    DerKey,
    Pkcs12,
    /// A private key in PEM, under a passphrase.
    EncryptedPem,
    /// None of these: PEM as kubectl takes it, or nothing that is known.
    Other,
}

impl Form {
    pub(crate) fn of(input: &[u8]) -> Self {
        if pkcs12::is_like(input) {
            return Self::Pkcs12;
        }
        if input.starts_with(&[0x30]) {
            return match der_kind(input) {
                Some(DerKind::Certificate) => Self::DerCertificate,
                Some(DerKind::EncryptedPrivateKey | DerKind::PrivateKey) => Self::DerKey,
                Some(DerKind::Pkcs12) => Self::Pkcs12,
                _ => Self::Other,
            };
        }
        if input.strip_prefix(BYTE_ORDER_MARK).is_some_and(|rest| rest.starts_with(b"-----BEGIN "))
        {
            return Self::MarkedPem;
        }
        match pem::blocks(input).find(Block::is_private_key) {
            Some(block) if is_locked(&block) => Self::EncryptedPem,
            _ => Self::Other,
        }
    }
}

/// Whether a block is under a passphrase.
fn is_locked(block: &Block<'_>) -> bool {
    block.is_encrypted()
        || block.label == b"ENCRYPTED PRIVATE KEY"
        || matches!(der_kind(&block.contents), Some(DerKind::EncryptedPrivateKey))
}

/// Whether an input begins with a byte order mark.
pub(crate) fn is_marked(input: &[u8]) -> bool {
    input.starts_with(BYTE_ORDER_MARK)
}

/// The input behind its byte order mark.
pub(crate) fn behind_mark(input: &[u8]) -> &[u8] {
    input.strip_prefix(BYTE_ORDER_MARK).unwrap_or(input)
}

/// Why an input could not be made into PEM.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub(crate) struct InputError {
    /// The block or the form that it is about.
    pub place: InputPlace,
    pub kind: InputErrorKind,
}

/// Which part of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InputPlace {
    Block {
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// All of a key in DER.
    Der,
    /// All of a PKCS#12 file.
    Pkcs12,
}

impl fmt::Display for InputPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block { label, line } => write!(f, "the block {label} on line {line}"),
            Self::Der => f.write_str("the key in DER"),
            Self::Pkcs12 => f.write_str("the PKCS#12 file"),
        }
    }
}

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InputErrorKind {
    #[error("certificate {position} does not parse: {error}")]
    Certificate {
        /// Among those of the file, from 1.
        position: usize,
        error: CertificateError,
    },
    #[error("it contains {0} private keys, and exactly one is needed")]
    Keys(usize),
    #[error("it contains no certificate")]
    NoCertificate,
    #[error("none of its certificates matches its key ({key})")]
    NoCertificateForKey { key: Algorithm },
    #[error("it contains no private key")]
    NoKey,
    /// The file is no good PKCS#12.
    #[error(transparent)]
    Pkcs12(Pkcs12Error),
    #[error("{error}")]
    PrivateKey { error: PrivateKeyError, found: Found },
    /// It could not be opened.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
}

impl From<Pkcs12Error> for InputErrorKind {
    fn from(error: Pkcs12Error) -> Self {
        match error {
            Pkcs12Error::Unlock(error) => Self::Unlock(error),
            error => Self::Pkcs12(error),
        }
    }
}

impl InputErrorKind {
    /// Whether a passphrase would help.
    pub(crate) fn wants_passphrase(&self) -> bool {
        matches!(self, Self::Unlock(UnlockError::NoPassphrase { .. }))
    }

    /// Whether another passphrase is needed.
    pub(crate) fn is_wrong_passphrase(&self) -> bool {
        matches!(self, Self::Unlock(UnlockError::Wrong { .. }))
    }

    fn private_key(error: PrivateKeyError, der: &[u8]) -> Self {
        Self::PrivateKey { error, found: Found::in_key_der(der) }
    }

    fn at(self, place: InputPlace) -> InputError {
        InputError { place, kind: self }
    }
}

/// A certificate in DER as PEM.
pub(crate) fn der_certificate(input: &[u8]) -> Zeroizing<Vec<u8>> {
    pem::encode("CERTIFICATE", input)
}

/// A private key in DER or under a passphrase as PEM. `form` is what [`Form::of`] said.
pub(crate) fn private_key(
    input: &[u8],
    form: Form,
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, InputError> {
    if form == Form::DerKey {
        let place = InputPlace::Der;
        if matches!(der_kind(input), Some(DerKind::EncryptedPrivateKey)) {
            return unlock_pkcs8(input, passphrase).map_err(|kind| kind.at(place));
        }
        return encode_key(input).map_err(|kind| kind.at(place));
    }
    let Some(block) = pem::blocks(input).find(Block::is_private_key) else {
        return Err(InputErrorKind::NoKey.at(InputPlace::Der));
    };
    let place = InputPlace::Block { label: block.label(), line: block.line };
    let unlocked = if block.is_encrypted() {
        unlock_old_pem(&block, passphrase)
    } else {
        unlock_pkcs8(&block.contents, passphrase)
    };
    unlocked.map_err(|kind| kind.at(place))
}

fn unlock_pkcs8(
    der: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, InputErrorKind> {
    let scheme = pkcs12::pkcs8_scheme(der)?;
    let passphrase = passphrase.ok_or(UnlockError::NoPassphrase { scheme })?;
    let is_wrong = |error: &UnlockError| matches!(error, UnlockError::Wrong { .. });
    let open = |passphrase: Passphrase<'_>| open_pkcs8(der, &passphrase, &Work::default());
    let key = in_all_ways(passphrase, is_wrong, open)?;
    encode_key(&key)
}

fn unlock_old_pem(
    block: &Block<'_>,
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, InputErrorKind> {
    let dek = block.headers.iter().find(|(key, _)| *key == b"DEK-Info");
    let (_, dek) = dek.ok_or(UnlockError::Malformed("DEK-Info"))?;
    let scheme = DekInfo::read(dek)?;
    let shown = || scheme.to_string();
    let passphrase = passphrase.ok_or_else(|| UnlockError::NoPassphrase { scheme: shown() })?;
    let key = scheme.decrypt(&block.contents, &Passphrase::new(passphrase))?;
    // One in 256 wrong keys leaves a padding that looks right.
    let mut whole = Reader::new(&key);
    let is_key =
        whole.sequence().is_some_and(|mut f| f.small_integer().is_some()) && whole.is_empty();
    if !is_key {
        return Err(UnlockError::Wrong { scheme: shown() }.into());
    }
    encode_key(&key)
}

/// A key in DER as PEM, by the label of its form.
fn encode_key(der: &[u8]) -> Result<Zeroizing<Vec<u8>>, InputErrorKind> {
    let key = private_key::parse(der).map_err(|error| InputErrorKind::private_key(error, der))?;
    Ok(pem::encode(key.encoding.label(), der))
}

/// The pair in a PKCS#12 file, as PEM.
pub(crate) struct Pair {
    /// The certificates: the key's, its issuers in their order, then the rest.
    pub certificates: Zeroizing<Vec<u8>>,
    pub key: Zeroizing<Vec<u8>>,
}

pub(crate) fn pkcs12_pair(input: &[u8], passphrase: Option<&[u8]>) -> Result<Pair, InputError> {
    let at = |kind: InputErrorKind| kind.at(InputPlace::Pkcs12);
    let content = pkcs12::parse(input, passphrase).map_err(|error| at(error.into()))?;
    let der = only_key(&content).map_err(at)?;
    let key: PrivateKey =
        private_key::parse(der).map_err(|error| at(InputErrorKind::private_key(error, der)))?;
    let members = members(&content.certificates).map_err(at)?;
    if !members.iter().any(|member| member.certificate.public_key == key.public) {
        return Err(at(InputErrorKind::NoCertificateForKey { key: key.public.algorithm() }));
    }
    let certificates = in_order(members, &key.public);
    let key = encode_key(der).map_err(at)?;
    Ok(Pair { certificates, key })
}

/// The key of a PKCS#12 file, as PEM; there may be no certificate.
pub(crate) fn pkcs12_key(
    input: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, InputError> {
    let at = |kind: InputErrorKind| kind.at(InputPlace::Pkcs12);
    let content = pkcs12::parse(input, passphrase).map_err(|error| at(error.into()))?;
    only_key(&content).and_then(encode_key).map_err(at)
}

fn only_key(content: &Pkcs12) -> Result<&[u8], InputErrorKind> {
    match content.keys.as_slice() {
        [] => Err(InputErrorKind::NoKey),
        [key] => Ok(key),
        keys => Err(InputErrorKind::Keys(keys.len())),
    }
}

/// The certificates of a PKCS#12 file, as PEM, in the order for this key where one is known.
pub(crate) fn pkcs12_certificates(
    input: &[u8],
    passphrase: Option<&[u8]>,
    key: Option<&PublicKey>,
) -> Result<Zeroizing<Vec<u8>>, InputError> {
    let at = |kind: InputErrorKind| kind.at(InputPlace::Pkcs12);
    let content = pkcs12::parse(input, passphrase).map_err(|error| at(error.into()))?;
    let members = members(&content.certificates).map_err(at)?;
    Ok(match key {
        Some(key) => in_order(members, key),
        None => encode_all(&members),
    })
}

fn members(certificates: &[Vec<u8>]) -> Result<Vec<Member>, InputErrorKind> {
    if certificates.is_empty() {
        return Err(InputErrorKind::NoCertificate);
    }
    let members = certificates.iter().enumerate().map(|(at, der)| {
        Member::new(der, at + 1, None)
            .map_err(|error| InputErrorKind::Certificate { position: at + 1, error })
    });
    members.collect()
}

/// The bags of a PKCS#12 file stand in no order, so it is no loss to give them one.
fn in_order(members: Vec<Member>, key: &PublicKey) -> Zeroizing<Vec<u8>> {
    let Some(repaired) = chain::repair(&members, key, &[], None) else {
        return encode_all(&members);
    };
    let rest = repaired.dropped.iter().map(|(at, _)| *at);
    let order: Vec<_> = repaired.chain.iter().copied().chain(rest).collect();
    let mut members: Vec<_> = members.into_iter().map(Some).collect();
    let ordered: Vec<_> =
        order.into_iter().filter_map(|at| members.get_mut(at).and_then(Option::take)).collect();
    encode_all(&ordered)
}

fn encode_all(members: &[Member]) -> Zeroizing<Vec<u8>> {
    let blocks = members.iter().flat_map(|m| pem::encode("CERTIFICATE", &m.der).to_vec());
    Zeroizing::new(blocks.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    macro_rules! contents {
        ($file:literal) => {
            pem::blocks(include_bytes!(concat!("../../tests/fixtures/tls/", $file)))
                .next()
                .unwrap()
                .contents
        };
    }

    const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const X509: &[u8] = &[6, 10, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];

    fn bag(kind: u8, value: &[u8]) -> Vec<u8> {
        let id = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, kind];
        element(0x30, &[element(6, &id), element(0xa0, value)].concat())
    }

    /// A file without encryption and without a check.
    fn file(keys: &[&[u8]], certificates: &[&[u8]]) -> Vec<u8> {
        let certificate = |der: &&[u8]| {
            let value = element(0xa0, &element(4, der));
            bag(3, &element(0x30, &[X509, &value].concat()))
        };
        let keys = keys.iter().map(|der| bag(1, der));
        let bags: Vec<_> = keys.chain(certificates.iter().map(certificate)).collect();
        let data = |content: &[u8]| {
            let content = element(0xa0, &element(4, &element(0x30, content)));
            element(0x30, &[DATA, &content].concat())
        };
        element(0x30, &[vec![2, 1, 3], data(&data(&bags.concat()))].concat())
    }

    #[test]
    fn keys_and_certificates_of_one_file() {
        let (certificate, key) = (contents!("p256.crt"), contents!("p256.key"));
        let (other, foreign) = (contents!("ed25519.crt"), contents!("ed25519.key"));
        let said =
            |file: &[u8]| pkcs12_pair(file, None).map(|_| ()).map_err(|e| e.kind.to_string());
        for (keys, certificates, expected) in [
            (&[&key[..]][..], &[&certificate[..]][..], None),
            (&[&key], &[&other, &certificate], None),
            (&[&key], &[], Some("it contains no certificate")),
            (&[], &[&certificate], Some("it contains no private key")),
            (
                &[&key, &foreign],
                &[&certificate],
                Some("it contains 2 private keys, and exactly one is needed"),
            ),
            (
                &[&foreign],
                &[&certificate],
                Some("none of its certificates matches its key (Ed25519)"),
            ),
            (
                &[&key],
                &[&certificate, &key],
                Some("certificate 2 does not parse: x509: malformed certificate"),
            ),
        ] {
            let file = file(keys, certificates);
            assert_eq!(Form::of(&file), Form::Pkcs12);
            assert_eq!(said(&file), expected.map_or(Ok(()), |words| Err(words.to_owned())));
        }
    }

    #[test]
    fn the_keys_certificate_comes_first() {
        let (certificate, key) = (contents!("p256.crt"), contents!("p256.key"));
        let other = contents!("ed25519.crt");
        let pair = pkcs12_pair(&file(&[&key], &[&other, &certificate]), None).unwrap();
        let found: Vec<_> = pem::blocks(&pair.certificates).map(|b| b.contents.to_vec()).collect();
        assert_eq!(found, [certificate.to_vec(), other.to_vec()]);
        assert_eq!(pem::blocks(&pair.key).next().unwrap().contents, key);
    }
}
