//! What was given instead of what was asked for: facts for hints.

mod binary;
mod text;

use std::fmt;

pub(crate) use self::binary::{DerKind, der_kind};
use self::binary::{is_encrypted_pkcs8, sec1_parameters};
use crate::material::pem::{self, Block};
use crate::material::private_key::Pkcs8;
use crate::material::public_key::Algorithm;

/// What an input, or a block of it, turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A key of an algorithm that a TLS Secret cannot hold.
    Algorithm(Algorithm),
    /// Binary ASN.1 in base64: PEM less its dashes, or a value out of a Secret's data.
    Base64OfDer(DerKind),
    /// PEM text in base64, as it stands in a Secret's data.
    Base64OfPem,
    /// Bytes that are no text, and no ASN.1.
    Binary,
    /// UTF-8's byte order mark before the first block.
    ByteOrderMark,
    /// A certificate, where none was asked for.
    Certificate,
    /// A request to a CA, not the certificate it answers with.
    CertificateRequest,
    /// A block that begins on this line and has no end.
    CutBlock {
        label: String,
        /// Counted from 1.
        line: usize,
    },
    /// Binary ASN.1 that should be longer.
    CutDer {
        bytes: usize,
        /// The bytes that there should be.
        of: usize,
    },
    /// A block that begins on this line but does not decode.
    DamagedBlock {
        label: String,
        /// Counted from 1.
        line: usize,
    },
    Der(DerKind),
    /// `BEGIN` or `END` on this line between dashes that are not five hyphens.
    Dashes {
        /// Counted from 1.
        line: usize,
    },
    /// Nothing at all, or white space.
    Empty,
    /// A PKCS#8 key under a passphrase.
    EncryptedPkcs8,
    /// A block that begins on this line, with `\n` spelled out in place of the ends of its lines, as
    /// programs show a variable.
    EscapedLines {
        /// Counted from 1.
        line: usize,
    },
    /// A key under a passphrase in the old way of OpenSSL, with `Proc-Type` in its headers.
    EncryptedPem,
    /// A block that begins on this line, behind something else: two files joined where the first
    /// had no line feed at its end.
    Glued {
        /// Counted from 1.
        line: usize,
    },
    /// HTML, as a server sends it in place of a download.
    Html,
    /// A block that begins on this line behind white space.
    Indented {
        /// Counted from 1.
        line: usize,
    },
    /// A block whose label announces something else than it holds.
    Mislabelled {
        kind: DerKind,
        label: String,
        /// Counted from 1.
        line: usize,
    },
    JavaKeystore,
    Json,
    /// A block that stands on this line from its beginning to its end.
    OneLine {
        /// Counted from 1.
        line: usize,
    },
    /// A key in the form of OpenSSH, without its lines of dashes.
    OpenSshBody,
    /// A key in the form of OpenSSH.
    OpenSshPrivateKey,
    /// The public half of an SSH key.
    OpenSshPublicKey,
    /// A certificate in a block that only OpenSSL takes for one.
    OpenSslCertificate,
    /// Binary ASN.1 of another kind, or damaged.
    OtherDer,
    /// The curve or the group of a key, without the key.
    Parameters,
    /// A bag of certificates (`.p7b`).
    Pkcs7,
    /// A private key, where none was asked for.
    PrivateKey,
    /// The public half of a key.
    PublicKey,
    /// A key in the form of `PuTTY`.
    PuttyKey,
    /// A key in the form of the programs of SSH Communications Security (`ssh.com`).
    SshComKey,
    /// Binary ASN.1, and something behind its end.
    Trailing {
        bytes: usize,
    },
    Unknown,
    /// PEM in UTF-16, as Windows PowerShell writes it, by the name that iconv has for it.
    Utf16(&'static str),
    /// XML, as a store of objects answers with an error.
    Xml,
}

impl Found {
    /// Looks at an input that holds nothing of what was asked for.
    pub(crate) fn in_input(input: &[u8]) -> Self {
        Self::placed(input).0
    }

    /// As `in_input`, with the line on which that stands, where there are lines.
    pub(crate) fn placed(input: &[u8]) -> (Self, Option<usize>) {
        let blocks: Vec<_> = pem::blocks(input).collect();
        if blocks.is_empty() {
            let found = Self::in_text(input);
            let line = found.line(input);
            return (found, line);
        }
        let (found, line) = Self::in_blocks(&blocks);
        (found, Some(line))
    }

    /// Judges blocks, where none was the one asked for: what they are, and the line of that.
    pub(crate) fn in_blocks(blocks: &[Block<'_>]) -> (Self, usize) {
        let mislabelled = blocks.iter().find_map(|block| {
            let kind = der_kind(&block.contents)?;
            let is_key = matches!(kind, DerKind::EncryptedPrivateKey | DerKind::PrivateKey);
            let fits = match block.label {
                b"CERTIFICATE" => kind == DerKind::Certificate,
                label if pem::is_private_key(label) => is_key,
                _ => true,
            };
            (!fits).then(|| Self::Mislabelled { kind, label: block.label(), line: block.line })
        });
        if let Some(found @ Self::Mislabelled { line, .. }) = mislabelled {
            return (found, line);
        }
        let labels: Vec<_> = blocks.iter().map(Block::label).collect();
        let found = Self::in_labels(&labels);
        let is_found = |label| Self::in_labels(std::slice::from_ref(label)) == found;
        let block = labels.iter().zip(blocks).find(|(label, _)| is_found(label));
        (found, block.map_or(1, |(_, block)| block.line))
    }

    /// Judges blocks by their labels, where none was the one asked for.
    fn in_labels(labels: &[String]) -> Self {
        let mut found = Self::Unknown;
        for label in labels {
            found = match label.as_str() {
                "CERTIFICATE" => Self::Certificate,
                "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::CertificateRequest,
                "PKCS7" | "CMS" => Self::Pkcs7,
                "SSH2 PUBLIC KEY" => Self::OpenSshPublicKey,
                "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => Self::OpenSslCertificate,
                label if label.ends_with("PRIVATE KEY") => Self::PrivateKey,
                label if label.ends_with("PUBLIC KEY") => Self::PublicKey,
                // More may stand behind them.
                label if label.ends_with(" PARAMETERS") => {
                    found = Self::Parameters;
                    continue;
                }
                _ => continue,
            };
            break;
        }
        found
    }

    /// Looks at the block of a private key that Go does not read.
    pub(crate) fn in_key(block: &Block<'_>) -> Self {
        let contents = block.contents.as_slice();
        if block.is_encrypted() {
            return Self::EncryptedPem;
        }
        if block.label == b"ENCRYPTED PRIVATE KEY" || is_encrypted_pkcs8(contents) {
            return Self::EncryptedPkcs8;
        }
        if block.label == b"OPENSSH PRIVATE KEY" || contents.starts_with(b"openssh-key-v1\0") {
            return Self::OpenSshPrivateKey;
        }
        if block.label == b"DSA PRIVATE KEY" {
            return Self::Algorithm(Algorithm::Dsa);
        }
        Self::in_key_der(contents)
    }

    /// Looks at a private key in DER that Go does not read.
    pub(crate) fn in_key_der(contents: &[u8]) -> Self {
        if let Some(info) = Pkcs8::read(contents) {
            let algorithm = Algorithm::from_identifier(info.algorithm, info.parameters);
            return match algorithm {
                // Go knows these, so it is the key itself that is broken.
                Algorithm::Ecdsa(_) | Algorithm::Ed25519 | Algorithm::Rsa => Self::Unknown,
                other => Self::Algorithm(other),
            };
        }
        if let Some(parameters) = sec1_parameters(contents) {
            let id = crate::material::public_key::oid::ECDSA;
            if let other @ Algorithm::EllipticCurve(_) = Algorithm::from_identifier(id, parameters)
            {
                return Self::Algorithm(other);
            }
        }
        match der_kind(contents) {
            Some(DerKind::PrivateKey) | None => Self::Unknown,
            Some(kind) => Self::Der(kind),
        }
    }
}

impl Found {
    /// The line of an input on which it stands, counted from 1, where there are lines.
    pub(crate) fn line(&self, input: &[u8]) -> Option<usize> {
        match self {
            Self::CutBlock { line, .. }
            | Self::DamagedBlock { line, .. }
            | Self::Dashes { line }
            | Self::EscapedLines { line }
            | Self::Glued { line }
            | Self::Indented { line }
            | Self::Mislabelled { line, .. }
            | Self::OneLine { line } => Some(*line),
            Self::Binary
            | Self::CutDer { .. }
            | Self::Der(_)
            | Self::Empty
            | Self::JavaKeystore
            | Self::OtherDer
            | Self::Trailing { .. }
            | Self::Utf16(_) => None,
            _ => {
                let blank = input.iter().take_while(|b| b.is_ascii_whitespace());
                Some(blank.filter(|b| **b == b'\n').count() + 1)
            }
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Algorithm(algorithm) => return write!(f, "a key of {algorithm}"),
            Self::Base64OfDer(kind) => return write!(f, "{kind}, in base64"),
            Self::Base64OfPem => "PEM encoded in base64 again",
            Self::Binary => "binary data",
            Self::ByteOrderMark => "a byte order mark before PEM",
            Self::Certificate => "a certificate",
            Self::CertificateRequest => "a certificate request",
            Self::CutBlock { label, .. } => return write!(f, "a block {label} without its END"),
            Self::CutDer { bytes, of } => {
                return write!(f, "truncated DER, {bytes} of {of} bytes");
            }
            Self::DamagedBlock { label, .. } => {
                return write!(f, "a block {label} that does not decode");
            }
            Self::Dashes { .. } => "PEM with other dashes than five hyphens",
            Self::Der(kind) => return kind.fmt(f),
            Self::Empty => "nothing",
            Self::EncryptedPkcs8 => "an encrypted key (PKCS#8)",
            Self::EncryptedPem => "an encrypted key (Proc-Type: 4,ENCRYPTED)",
            Self::EscapedLines { .. } => "PEM with literal \\n instead of line breaks",
            Self::Glued { .. } => "a block that does not begin its line",
            Self::Html => "HTML",
            Self::Indented { .. } => "an indented PEM block",
            Self::Mislabelled { kind, label, .. } => {
                return write!(f, "{kind} with the label {label}");
            }
            Self::JavaKeystore => "a Java keystore",
            Self::Json => "JSON",
            Self::OneLine { .. } => "PEM without line breaks",
            Self::OpenSshBody => "the base64 of an OpenSSH key, without its BEGIN and END lines",
            Self::OpenSshPrivateKey => "an OpenSSH private key",
            Self::OpenSshPublicKey => "an OpenSSH public key",
            Self::OpenSslCertificate => "a certificate in a form that only OpenSSL reads",
            Self::OtherDer => "DER of another kind, or damaged",
            Self::Parameters => "key parameters without a key",
            Self::Pkcs7 => "a PKCS#7 bundle",
            Self::PrivateKey => "a private key",
            Self::PublicKey => "a public key",
            Self::PuttyKey => "a PuTTY key",
            Self::SshComKey => "an ssh.com private key",
            Self::Trailing { bytes: 1 } => "DER with 1 trailing byte",
            Self::Trailing { bytes } => {
                return write!(f, "DER with {bytes} trailing bytes");
            }
            Self::Unknown => "unknown data",
            Self::Utf16(_) => "UTF-16",
            Self::Xml => "XML",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for (labels, expected) in [
            (&["CERTIFICATE REQUEST"][..], Found::CertificateRequest),
            (&["EC PARAMETERS", "PUBLIC KEY"], Found::PublicKey),
            (&["PKCS7"], Found::Pkcs7),
            (&["EC PARAMETERS"], Found::Parameters),
            (&["EC PARAMETERS", "EC PRIVATE KEY"], Found::PrivateKey),
            (&["X", "CERTIFICATE", "PRIVATE KEY"], Found::Certificate),
            (&["TRUSTED CERTIFICATE"], Found::OpenSslCertificate),
            (&["X"], Found::Unknown),
        ] {
            let labels: Vec<_> = labels.iter().map(|l| (*l).to_owned()).collect();
            assert_eq!(Found::in_labels(&labels), expected, "{labels:?}");
        }
    }
}
