//! A certificate and its private key, judged as kubectl does it: by Go's `tls.X509KeyPair`.
//!
//! What kubectl refuses is an error here, in Go's words, with what was found beside them. What
//! kubectl lets through although nobody can want it is a finding beside the success, so that a
//! caller who was told not to validate can go on.

pub(crate) mod clients;

use std::fmt;

use self::clients::ClientFinding;
use crate::material::certificate::{self, Certificate, CertificateError};
use crate::material::chain::{self, ChainPlace, Member};
use crate::material::found::{DerKind, Found, der_kind};
use crate::material::pem::{self, Block};
use crate::material::private_key::{self, PrivateKey, PrivateKeyError};
use crate::material::public_key::{Algorithm, PublicKey};

/// Certificates and a private key that kubectl reads.
#[derive(Debug)]
pub(crate) struct KeyPair {
    /// The certificates that parse; the first is the leaf.
    pub chain: Vec<Member>,
    /// What kubectl does not look at, in the order of the file.
    pub findings: Vec<Finding>,
    pub key: PrivateKey,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Finding {
    /// Something that current clients or servers refuse.
    #[error(transparent)]
    Client(#[from] ClientFinding),
    /// A certificate behind the leaf that does not parse: every client that reads the whole chain
    /// stumbles over it.
    #[error("certificate {position}, on line {line}, does not parse: {error}{}", contents_words(*contents))]
    FurtherCertificate {
        /// Its place among the certificates; the leaf is 1.
        position: usize,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
        error: CertificateError,
        /// What its block holds instead, if that is known.
        contents: Option<DerKind>,
    },
    /// A certificate behind the leaf that does not certify the one before it: clients that do not
    /// look further find no way to the root.
    #[error("{this} does not certify the one before it, {before}")]
    Order {
        before: ChainPlace,
        /// The one that is out of order.
        this: ChainPlace,
    },
    /// A private key in the part of a Secret that is shown to everyone.
    #[error("the certificate input contains a private key ({label}) on line {line}")]
    PrivateKeyInCertificate {
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A private key behind the first: it counts for nothing, and is published with the Secret.
    #[error("a second private key ({label}) on line {line} is ignored")]
    SecondKey {
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A block in the certificate input that begins but does not decode, so that it counts for
    /// nothing: cut off, or damaged.
    #[error("the block {label} on line {line} of the certificate input does not decode")]
    UndecodedBlock {
        label: String,
        /// Counted from 1.
        line: usize,
    },
}

impl Finding {
    /// Whether a Secret with it is refused unless validation is off. A block that does not decode
    /// is worth a warning: kubectl takes it for text between the blocks, which is allowed. So is
    /// the order, which many clients mend.
    pub(crate) fn is_refused(&self) -> bool {
        match self {
            Self::FurtherCertificate { .. } | Self::PrivateKeyInCertificate { .. } => true,
            Self::Client(_)
            | Self::Order { .. }
            | Self::SecondKey { .. }
            | Self::UndecodedBlock { .. } => false,
        }
    }
}

/// What stands in a block in place of a certificate, for a message.
pub(crate) fn contents_words(contents: Option<DerKind>) -> String {
    contents.map(|kind| format!(": found {kind} with the label CERTIFICATE")).unwrap_or_default()
}

/// What a block holds that is no certificate.
pub(crate) fn contents_of(block: &Block<'_>) -> Option<DerKind> {
    der_kind(&block.contents).filter(|kind| *kind != DerKind::Certificate)
}

/// A block that begins and was passed over, as Go passes over what does not decode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PassedOver {
    /// Whether something is before the `BEGIN` on its line.
    pub inner: bool,
    pub input: Input,
    pub label: String,
    /// The line of its `BEGIN`, counted from 1.
    pub line: usize,
}

impl PassedOver {
    /// The first block of an input that was passed over and could be a certificate or a key.
    pub(crate) fn first(input: &[u8], which: Input) -> Option<Self> {
        let whole: Vec<_> = pem::blocks(input).map(|block| block.start).collect();
        let mut begins = pem::begin_lines(input).filter(|begin| !whole.contains(&begin.start));
        let wanted = |label: &[u8]| match which {
            Input::Certificate => label == b"CERTIFICATE",
            Input::Key => pem::is_private_key(label),
        };
        let begin = begins.find(|begin| wanted(begin.label))?;
        let (label, line) = (pem::shown(begin.label), begin.line);
        Some(Self { inner: begin.inner, input: which, label, line })
    }
}

/// One of the two inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The one with the certificates.
    Certificate,
    /// The one with the key.
    Key,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "certificate",
            Self::Key => "key",
        })
    }
}

/// The labels of the blocks that were passed over, as Go prints a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Labels(pub Vec<String>);

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0.join(" "))
    }
}

type ParseCertificate = fn(&[u8]) -> Result<Certificate, CertificateError>;

/// Why kubectl refuses a pair, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyPairError {
    #[error("{error}")]
    Certificate {
        /// What its block holds instead, if that is known.
        contents: Option<DerKind>,
        error: CertificateError,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    #[error("tls: found a certificate rather than a key in the PEM for the private key")]
    CertificateForKey {
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A private key was given for the certificate.
    #[error(
        "tls: failed to find certificate PEM data in certificate input, but did find a private \
         key; PEM inputs may have been switched"
    )]
    KeyForCertificate {
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
        /// Whether there is a certificate in the key's input.
        switched: bool,
    },
    /// Two keys of one algorithm that have nothing to do with each other.
    #[error("tls: private key does not match public key")]
    Mismatch {
        certificate: Algorithm,
        /// The private key's: another curve, or the same algorithm.
        key: Algorithm,
        /// The certificate behind the first that is the key's.
        other: Option<ChainPlace>,
        /// Whether all certificates are those of CAs, so that the leaf is missing.
        only_authorities: bool,
    },
    /// There are blocks, but none with a certificate.
    #[error(
        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM \
         blocks of the following types: {labels}"
    )]
    NoCertificate {
        found: Found,
        /// Of the blocks there are.
        labels: Labels,
        /// The line on which that stands, counted from 1.
        line: usize,
    },
    /// There are blocks, but none with a key.
    #[error(
        "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after \
         skipping PEM blocks of the following types: {labels}"
    )]
    NoKey {
        found: Found,
        /// Of the blocks there are.
        labels: Labels,
        /// The line on which that stands, counted from 1.
        line: usize,
    },
    #[error("tls: failed to find any PEM data in {input} input")]
    NoPem {
        found: Found,
        input: Input,
        /// The line on which it stands, counted from 1, where there are lines.
        line: Option<usize>,
    },
    #[error("{error}")]
    PrivateKey {
        error: PrivateKeyError,
        found: Found,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    #[error("tls: private key type does not match public key type")]
    TypeMismatch {
        certificate: Algorithm,
        key: Algorithm,
        /// The certificate behind the first that is the key's.
        other: Option<ChainPlace>,
        /// Whether all certificates are those of CAs, so that the leaf is missing.
        only_authorities: bool,
    },
    /// The certificate is for an algorithm that TLS in Go cannot use.
    #[error("tls: unknown public key algorithm")]
    UnknownPublicKey { algorithm: Algorithm },
}

/// Checks both inputs and that they belong together, in the order of Go's `tls.X509KeyPair`.
pub(crate) fn check(certificates: &[u8], key: &[u8]) -> Result<KeyPair, KeyPairError> {
    let pair = read(certificates, key)?;
    pair.compare()?;
    Ok(pair)
}

/// The same without the comparison.
pub(crate) fn read(certificates: &[u8], key: &[u8]) -> Result<KeyPair, KeyPairError> {
    let blocks: Vec<_> = pem::blocks(certificates).collect();
    let leaf = leaf(certificates, &blocks).map_err(|error| match error {
        KeyPairError::KeyForCertificate { line, .. } => {
            let switched = pem::blocks(key).any(|block| block.is_certificate());
            KeyPairError::KeyForCertificate { line, switched }
        }
        error => error,
    })?;
    let key = key_block(key)?;
    let certificate =
        certificate::parse(&leaf.contents).map_err(|error| unreadable_leaf(leaf, error))?;
    let key = parse_key(&key)?;
    let (findings, chain) = findings(certificates, &blocks, certificate, certificate::parse);
    Ok(KeyPair { chain, findings, key })
}

/// The private key of an input, by the rules of `check`.
pub(crate) fn private_key(input: &[u8]) -> Result<PrivateKey, KeyPairError> {
    parse_key(&key_block(input)?)
}

fn parse_key(block: &Block<'_>) -> Result<PrivateKey, KeyPairError> {
    private_key::parse(&block.contents).map_err(|error| KeyPairError::PrivateKey {
        error,
        found: Found::in_key(block),
        line: block.line,
    })
}

/// The private keys behind the first, which is the one that counts.
pub(crate) fn further_keys(input: &[u8]) -> Vec<Finding> {
    let keys = pem::blocks(input).filter(Block::is_private_key).skip(1);
    keys.map(|key| Finding::SecondKey { label: key.label(), line: key.line }).collect()
}

/// All certificates of a file of CAs, and what is wrong with it. kubectl does not read them: their
/// keys may be of any curve.
pub(crate) fn authorities(input: &[u8]) -> Result<(Vec<Finding>, Vec<Member>), KeyPairError> {
    certificates_with(input, certificate::parse_any_curve)
}

fn certificates_with(
    input: &[u8],
    parse: ParseCertificate,
) -> Result<(Vec<Finding>, Vec<Member>), KeyPairError> {
    let blocks: Vec<_> = pem::blocks(input).collect();
    let leaf = leaf(input, &blocks)?;
    let certificate = parse(&leaf.contents).map_err(|error| unreadable_leaf(leaf, error))?;
    Ok(findings(input, &blocks, certificate, parse))
}

fn leaf<'a, 'b>(input: &[u8], blocks: &'a [Block<'b>]) -> Result<&'a Block<'b>, KeyPairError> {
    if let Some(leaf) = blocks.iter().find(|block| block.is_certificate()) {
        return Ok(leaf);
    }
    Err(match blocks {
        [] => no_pem(input, Input::Certificate),
        [block] if block.label().ends_with("PRIVATE KEY") => {
            KeyPairError::KeyForCertificate { line: block.line, switched: false }
        }
        _ => {
            let (found, labels, line) = instead(blocks);
            KeyPairError::NoCertificate { found, labels, line }
        }
    })
}

fn unreadable_leaf(leaf: &Block<'_>, error: CertificateError) -> KeyPairError {
    KeyPairError::Certificate { contents: contents_of(leaf), error, line: leaf.line }
}

fn no_pem(bytes: &[u8], input: Input) -> KeyPairError {
    let found = Found::in_text(bytes);
    let line = found.line(bytes);
    KeyPairError::NoPem { found, input, line }
}

/// What blocks are that are not the one asked for, their labels, and the line of what was found.
fn instead(blocks: &[Block<'_>]) -> (Found, Labels, usize) {
    let (found, line) = Found::in_blocks(blocks);
    (found, Labels(blocks.iter().map(Block::label).collect()), line)
}

fn key_block(input: &[u8]) -> Result<Block<'_>, KeyPairError> {
    if let Some(key) = pem::blocks(input).find(Block::is_private_key) {
        return Ok(key);
    }
    let blocks: Vec<_> = pem::blocks(input).collect();
    Err(match blocks.as_slice() {
        [] => no_pem(input, Input::Key),
        [block] if block.is_certificate() => KeyPairError::CertificateForKey { line: block.line },
        blocks => {
            let (found, labels, line) = instead(blocks);
            KeyPairError::NoKey { found, labels, line }
        }
    })
}

impl KeyPair {
    /// Whether the key is the leaf's, as Go compares them since 1.26: RSA keys by modulus and
    /// exponent, ECDSA keys by curve and point.
    pub(crate) fn compare(&self) -> Result<(), KeyPairError> {
        let Some(leaf) = self.chain.first() else { return Ok(()) };
        let key = &self.key.public;
        let is_same_type = match (&leaf.certificate.public_key, key) {
            (PublicKey::Other(algorithm), _) => {
                return Err(KeyPairError::UnknownPublicKey { algorithm: algorithm.clone() });
            }
            (certified, key) if certified == key => return Ok(()),
            (PublicKey::Ecdsa(..), PublicKey::Ecdsa(..))
            | (PublicKey::Ed25519(_), PublicKey::Ed25519(_))
            | (PublicKey::Rsa(..), PublicKey::Rsa(..)) => true,
            _ => false,
        };
        let (certificate, key) = (leaf.certificate.public_key.algorithm(), key.algorithm());
        let owner =
            self.chain.iter().find(|member| member.certificate.public_key == self.key.public);
        let other = owner.map(|member| member.place.clone());
        let only_authorities = self.chain.iter().all(|member| member.certificate.is_authority)
            && self.chain.iter().any(|member| !member.is_root());
        Err(if is_same_type {
            KeyPairError::Mismatch { certificate, key, other, only_authorities }
        } else {
            KeyPairError::TypeMismatch { certificate, key, other, only_authorities }
        })
    }
}

/// What `X509KeyPair` does not look at in the certificate input, and the certificates that parse;
/// `leaf` is the first of them.
fn findings(
    input: &[u8],
    blocks: &[Block<'_>],
    leaf: Certificate,
    parse: ParseCertificate,
) -> (Vec<Finding>, Vec<Member>) {
    let mut leaf = Some(leaf);
    let mut findings = Vec::new();
    let mut chain = Vec::new();
    let mut position = 0;
    for block in blocks {
        let line = block.line;
        if block.is_private_key() {
            findings.push((line, Finding::PrivateKeyInCertificate { label: block.label(), line }));
        }
        if !block.is_certificate() {
            continue;
        }
        position += 1;
        match leaf.take().map_or_else(|| parse(&block.contents), Ok) {
            Ok(certificate) => {
                chain.push(Member::of(certificate, &block.contents, position, Some(line)));
            }
            Err(error) => {
                let contents = contents_of(block);
                findings
                    .push((line, Finding::FurtherCertificate { position, line, error, contents }));
            }
        }
    }
    if let Some((before, this)) = chain::first_break(&chain) {
        let line = this.line.unwrap_or_default();
        let (before, this) = (before.clone(), this.clone());
        findings.push((line, Finding::Order { before, this }));
    }
    for begin in pem::begin_lines(input) {
        if blocks.iter().any(|block| block.start == begin.start) {
            continue;
        }
        let (line, label) = (begin.line, pem::shown(begin.label));
        if pem::is_private_key(begin.label) && !begin.inner {
            // Damaged as it is, most of the key can be read there.
            findings.push((line, Finding::PrivateKeyInCertificate { label, line }));
        } else if !begin.inner || begin.label == b"CERTIFICATE" {
            findings.push((line, Finding::UndecodedBlock { label, line }));
        }
    }
    findings.sort_by_key(|(line, _)| *line);
    (findings.into_iter().map(|(_, finding)| finding).collect(), chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! fixture {
        ($file:literal) => {
            include_bytes!(concat!("../../tests/fixtures/tls/", $file)).as_slice()
        };
    }

    const CERTIFICATE: &[u8] = fixture!("p256.crt");
    const KEY: &[u8] = fixture!("p256.key");

    fn line_feeds(text: &[u8]) -> usize {
        text.split(|b| *b == b'\n').count() - 1
    }

    #[test]
    fn pairs() {
        for (certificate, key) in [
            (fixture!("rsa1024.crt"), fixture!("rsa1024.key")),
            (fixture!("rsa1024.crt"), fixture!("rsa1024-pkcs1.key")),
            (fixture!("p224.crt"), fixture!("p224.key")),
            (CERTIFICATE, KEY),
            (CERTIFICATE, fixture!("p256-sec1.key")),
            (fixture!("p384.crt"), fixture!("p384.key")),
            (fixture!("p521.crt"), fixture!("p521.key")),
            (fixture!("ed25519.crt"), fixture!("ed25519.key")),
        ] {
            let pair = check(certificate, key).unwrap();
            assert_eq!((pair.chain.len(), pair.findings.as_slice()), (1, &[][..]));
            assert_eq!(pair.chain[0].certificate.public_key, pair.key.public);
        }
    }

    #[test]
    fn refused_in_the_words_of_go() {
        let parse = "tls: failed to parse private key";
        for (certificate, key, expected) in [
            (&b""[..], KEY, "tls: failed to find any PEM data in certificate input"),
            (CERTIFICATE, b"", "tls: failed to find any PEM data in key input"),
            (
                KEY,
                CERTIFICATE,
                "tls: failed to find certificate PEM data in certificate input, but did find a \
                 private key; PEM inputs may have been switched",
            ),
            (
                CERTIFICATE,
                CERTIFICATE,
                "tls: found a certificate rather than a key in the PEM for the private key",
            ),
            (
                b"-----BEGIN A-----\n-----END A-----\n-----BEGIN B-----\n-----END B-----\n",
                KEY,
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping \
                 PEM blocks of the following types: [A B]",
            ),
            (
                CERTIFICATE,
                b"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
                "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input \
                 after skipping PEM blocks of the following types: [PUBLIC KEY]",
            ),
            (fixture!("secp256k1.crt"), KEY, "x509: unsupported elliptic curve"),
            (fixture!("x25519.crt"), KEY, "tls: unknown public key algorithm"),
            (CERTIFICATE, fixture!("p256-encrypted.key"), parse),
            (
                CERTIFICATE,
                fixture!("x25519.key"),
                "tls: found unknown private key type in PKCS#8 wrapping",
            ),
            (CERTIFICATE, fixture!("p256-other.key"), "tls: private key does not match public key"),
            (
                CERTIFICATE,
                fixture!("ed25519.key"),
                "tls: private key type does not match public key type",
            ),
        ] {
            assert_eq!(check(certificate, key).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn keys_by_what_they_are() {
        for (key, expected) in [
            (fixture!("ed448.key"), Found::Algorithm(Algorithm::Ed448)),
            (fixture!("openssh.key"), Found::OpenSshPrivateKey),
            (fixture!("p256-encrypted.key"), Found::EncryptedPkcs8),
            (fixture!("p256-encrypted-pem.key"), Found::EncryptedPem),
            (fixture!("rsa-pss.key"), Found::Algorithm(Algorithm::RsaPss)),
            (
                fixture!("secp256k1.key"),
                Found::Algorithm(Algorithm::EllipticCurve("secp256k1".to_owned())),
            ),
            (
                fixture!("secp256k1-sec1.key"),
                Found::Algorithm(Algorithm::EllipticCurve("secp256k1".to_owned())),
            ),
            (fixture!("x25519.key"), Found::Algorithm(Algorithm::X25519)),
            (&b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"[..], Found::Unknown),
        ] {
            let Err(KeyPairError::PrivateKey { found, .. }) = check(CERTIFICATE, key) else {
                panic!("{expected:?}");
            };
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn binary_inputs_by_what_they_are() {
        use crate::material::found::DerKind;

        let der = |pem| pem::blocks(pem).next().unwrap().contents;
        for (input, expected) in [
            (der(CERTIFICATE), DerKind::Certificate),
            (der(KEY), DerKind::PrivateKey),
            (der(fixture!("rsa1024-pkcs1.key")), DerKind::PrivateKey),
            (der(fixture!("p256-encrypted.key")), DerKind::EncryptedPrivateKey),
        ] {
            let error = check(&input, KEY).unwrap_err();
            let found = Found::Der(expected);
            assert!(matches!(error, KeyPairError::NoPem { found: f, .. } if f == found));
        }
    }

    #[test]
    fn what_kubectl_lets_through() {
        let bad = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let cut = b"-----BEGIN CERTIFICATE-----\nMAA=\n";
        let cut_key = b"-----BEGIN PRIVATE KEY-----\nMAA=\n";
        let line = line_feeds(CERTIFICATE) + 1;
        let key = |label: &str| Finding::PrivateKeyInCertificate { label: label.to_owned(), line };
        for (behind, expected, refused) in [
            (CERTIFICATE, None, false),
            (b"text", None, false),
            (KEY, Some(key("PRIVATE KEY")), true),
            (cut_key, Some(key("PRIVATE KEY")), true),
            (
                bad,
                Some(Finding::FurtherCertificate {
                    contents: None,
                    position: 2,
                    line,
                    error: CertificateError::Malformed("certificate"),
                }),
                true,
            ),
            (cut, Some(Finding::UndecodedBlock { label: "CERTIFICATE".to_owned(), line }), false),
        ] {
            let findings = check(&[CERTIFICATE, behind].concat(), KEY).unwrap().findings;
            assert_eq!(findings.iter().any(Finding::is_refused), refused);
            assert_eq!(findings, Vec::from_iter(expected));
        }
        // The key before the certificate is as public as the one behind.
        let findings = check(&[KEY, CERTIFICATE].concat(), KEY).unwrap().findings;
        assert!(findings[0].is_refused());
    }

    #[test]
    fn two_files_joined_without_a_line_feed() {
        let joined = [CERTIFICATE.trim_ascii_end(), CERTIFICATE].concat();
        let line = line_feeds(CERTIFICATE);
        let Err(KeyPairError::NoPem { found, .. }) = check(&joined, KEY) else { panic!() };
        assert_eq!(found, Found::Glued { line });
    }
}
