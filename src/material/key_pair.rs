//! A certificate and its private key, judged as kubectl does it: by Go's `tls.X509KeyPair`.
//!
//! What kubectl refuses is an error here, in Go's words, with what was found beside them. What
//! kubectl lets through although nobody can want it is a finding beside the success, so that a
//! caller who was told not to validate can go on.

use std::fmt;

use crate::material::certificate::{self, Certificate, CertificateError};
use crate::material::found::Found;
use crate::material::pem::{self, Block};
use crate::material::private_key::{self, PrivateKey, PrivateKeyError};
use crate::material::public_key::{Algorithm, PublicKey};

/// A pair that kubectl accepts.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyPair {
    /// The leaf: the first certificate.
    pub certificate: Certificate,
    /// The number of certificates, the leaf included.
    pub certificates: usize,
    /// What kubectl does not look at, in the order of the file.
    pub findings: Vec<Finding>,
    /// The first private key.
    pub key: PrivateKey,
}

/// Something kubectl lets through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A certificate behind the leaf that does not parse: every client that reads the whole chain
    /// stumbles over it.
    #[error("certificate {position}, on line {line}, does not parse: {error}")]
    FurtherCertificate {
        /// Its place among the certificates; the leaf is 1.
        position: usize,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
        /// Why.
        error: CertificateError,
    },
    /// A private key in the part of a Secret that is shown to everyone.
    #[error("the certificate input holds a private key ({label}) on line {line}")]
    PrivateKeyInCertificate {
        /// The block's label.
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A block in the certificate input that begins but does not decode, so that it counts for
    /// nothing: cut off, or damaged.
    #[error("the block {label} on line {line} of the certificate input does not decode")]
    UndecodedBlock {
        /// What stands behind `BEGIN`.
        label: String,
        /// Counted from 1.
        line: usize,
    },
}

impl Finding {
    /// Whether a Secret with it is refused unless validation is off. A block that does not decode
    /// is worth a warning: kubectl takes it for text between the blocks, which is allowed.
    pub fn is_refused(&self) -> bool {
        match self {
            Self::FurtherCertificate { .. } | Self::PrivateKeyInCertificate { .. } => true,
            Self::UndecodedBlock { .. } => false,
        }
    }
}

/// One of the two inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
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
pub struct Labels(pub Vec<String>);

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0.join(" "))
    }
}

/// Why kubectl refuses a pair, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyPairError {
    /// The leaf does not parse.
    #[error("{error}")]
    Certificate {
        /// Why.
        error: CertificateError,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A certificate was given for the key.
    #[error("tls: found a certificate rather than a key in the PEM for the private key")]
    CertificateForKey,
    /// A private key was given for the certificate.
    #[error(
        "tls: failed to find certificate PEM data in certificate input, but did find a private \
         key; PEM inputs may have been switched"
    )]
    KeyForCertificate {
        /// The label of the key's block.
        label: String,
    },
    /// Two keys of one algorithm that have nothing to do with each other.
    #[error("tls: private key does not match public key")]
    Mismatch {
        /// Of both.
        algorithm: Algorithm,
    },
    /// There are blocks, but none with a certificate.
    #[error(
        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM \
         blocks of the following types: {labels}"
    )]
    NoCertificate {
        /// What they look like.
        found: Found,
        /// Of the blocks there are.
        labels: Labels,
    },
    /// There are blocks, but none with a key.
    #[error(
        "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after \
         skipping PEM blocks of the following types: {labels}"
    )]
    NoKey {
        /// What they look like.
        found: Found,
        /// Of the blocks there are.
        labels: Labels,
    },
    /// There is no block that decodes.
    #[error("tls: failed to find any PEM data in {input} input")]
    NoPem {
        /// What there is instead.
        found: Found,
        /// Where.
        input: Input,
    },
    /// The key does not parse.
    #[error("{error}")]
    PrivateKey {
        /// In Go's words.
        error: PrivateKeyError,
        /// What it looks like.
        found: Found,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// The key is for another algorithm than the certificate's.
    #[error("tls: private key type does not match public key type")]
    TypeMismatch {
        /// The certificate's.
        certificate: Algorithm,
        /// The private key's.
        key: Algorithm,
    },
    /// The certificate is for an algorithm that TLS in Go cannot use.
    #[error("tls: unknown public key algorithm")]
    UnknownPublicKey {
        /// The certificate's.
        algorithm: Algorithm,
    },
}

/// Checks both inputs and that they belong together, in the order of Go's `tls.X509KeyPair`.
pub fn check(certificates: &[u8], key: &[u8]) -> Result<KeyPair, KeyPairError> {
    let blocks: Vec<_> = pem::blocks(certificates).collect();
    let leaf = leaf(certificates, &blocks)?;
    let key = key_block(key)?;
    let certificate = certificate::parse(&leaf.contents)
        .map_err(|error| KeyPairError::Certificate { error, line: leaf.line })?;
    let private = private_key::parse(&key.contents).map_err(|error| {
        let found = match error {
            PrivateKeyError::NotForSigning => Found::Algorithm(Algorithm::X25519),
            PrivateKeyError::Unreadable => Found::in_key(&key),
        };
        KeyPairError::PrivateKey { error, found, line: key.line }
    })?;
    compare(&certificate.public_key, &private.public)?;
    Ok(KeyPair {
        certificate,
        certificates: blocks.iter().filter(|block| block.is_certificate()).count(),
        findings: findings(certificates, &blocks),
        key: private,
    })
}

fn leaf<'a, 'b>(input: &[u8], blocks: &'a [Block<'b>]) -> Result<&'a Block<'b>, KeyPairError> {
    if let Some(leaf) = blocks.iter().find(|block| block.is_certificate()) {
        return Ok(leaf);
    }
    let mut labels: Vec<_> = blocks.iter().map(Block::label).collect();
    match labels.as_mut_slice() {
        [] => Err(KeyPairError::NoPem { found: Found::in_text(input), input: Input::Certificate }),
        [label] if label.ends_with("PRIVATE KEY") => {
            Err(KeyPairError::KeyForCertificate { label: std::mem::take(label) })
        }
        _ => {
            let found = Found::in_labels(&labels);
            Err(KeyPairError::NoCertificate { found, labels: Labels(labels) })
        }
    }
}

fn key_block(input: &[u8]) -> Result<Block<'_>, KeyPairError> {
    let mut labels = Vec::new();
    for block in pem::blocks(input) {
        if block.is_private_key() {
            return Ok(block);
        }
        labels.push(block.label());
    }
    match labels.as_slice() {
        [] => Err(KeyPairError::NoPem { found: Found::in_text(input), input: Input::Key }),
        [label] if label == "CERTIFICATE" => Err(KeyPairError::CertificateForKey),
        _ => {
            let found = Found::in_labels(&labels);
            Err(KeyPairError::NoKey { found, labels: Labels(labels) })
        }
    }
}

/// Go compares the moduli of RSA keys, the points of ECDSA keys (which differ in length between
/// curves) and the bytes of Ed25519 keys.
fn compare(certificate: &PublicKey, key: &PublicKey) -> Result<(), KeyPairError> {
    let matches = match (certificate, key) {
        (PublicKey::Other(algorithm), _) => {
            return Err(KeyPairError::UnknownPublicKey { algorithm: algorithm.clone() });
        }
        (PublicKey::Ecdsa(_, certified), PublicKey::Ecdsa(_, own)) => certified == own,
        (PublicKey::Ed25519(certified), PublicKey::Ed25519(own)) => certified == own,
        (PublicKey::Rsa(certified), PublicKey::Rsa(own)) => certified == own,
        _ => {
            return Err(KeyPairError::TypeMismatch {
                certificate: certificate.algorithm(),
                key: key.algorithm(),
            });
        }
    };
    if matches {
        return Ok(());
    }
    Err(KeyPairError::Mismatch { algorithm: certificate.algorithm() })
}

/// What `X509KeyPair` does not look at in the certificate input.
fn findings(input: &[u8], blocks: &[Block<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
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
        if position == 1 {
            continue;
        }
        if let Err(error) = certificate::parse(&block.contents) {
            findings.push((line, Finding::FurtherCertificate { position, line, error }));
        }
    }
    for begin in pem::begin_lines(input) {
        if blocks.iter().any(|block| block.start == begin.start) {
            continue;
        }
        let (line, label) = (begin.line, String::from_utf8_lossy(begin.label).into_owned());
        if pem::is_private_key(begin.label) && !begin.inner {
            // Damaged as it is, most of the key can be read there.
            findings.push((line, Finding::PrivateKeyInCertificate { label, line }));
        } else if !begin.inner || begin.label == b"CERTIFICATE" {
            findings.push((line, Finding::UndecodedBlock { label, line }));
        }
    }
    findings.sort_by_key(|(line, _)| *line);
    findings.into_iter().map(|(_, finding)| finding).collect()
}
