//! What was given instead of what was asked for: facts for hints.

mod binary;

use std::fmt;

pub use self::binary::{DerKind, der_kind};
use self::binary::{is_encrypted_pkcs8, sec1_parameters};
use crate::material::der::Reader;
use crate::material::pem::{self, Block};
use crate::material::private_key::Pkcs8;
use crate::material::public_key::Algorithm;

/// What an input, or a block of it, turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A key of an algorithm that a TLS Secret cannot hold.
    Algorithm(Algorithm),
    /// PEM text in base64, as it stands in a Secret's data.
    Base64OfPem,
    /// UTF-8's byte order mark before the first block.
    ByteOrderMark,
    /// A request to a CA, not the certificate it answers with.
    CertificateRequest,
    /// A block that begins on this line but does not decode.
    DamagedBlock {
        /// What stands behind `BEGIN`.
        label: String,
        /// Counted from 1.
        line: usize,
    },
    /// Binary ASN.1.
    Der(DerKind),
    /// Nothing at all, or white space.
    Empty,
    /// A PKCS#8 key under a passphrase.
    EncryptedPkcs8,
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
    /// A keystore of Java.
    JavaKeystore,
    /// JSON.
    Json,
    /// A key in the form of OpenSSH.
    OpenSshPrivateKey,
    /// The public half of an SSH key.
    OpenSshPublicKey,
    /// A bag of certificates (`.p7b`).
    Pkcs7,
    /// The public half of a key.
    PublicKey,
    /// A key in the form of `PuTTY`.
    PuttyKey,
    /// Binary ASN.1, and something behind its end.
    Trailing {
        /// The bytes behind it.
        bytes: usize,
    },
    /// Nothing that is known.
    Unknown,
    /// PEM in UTF-16, as Windows PowerShell writes it.
    Utf16,
}

/// How the public half of an SSH key begins: OpenSSH's forms, and that of RFC 4716.
const PUBLIC_SSH: &[&str] =
    &["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2 PUBLIC KEY"];

impl Found {
    /// Looks at an input in which no PEM block was found.
    pub fn in_text(input: &[u8]) -> Self {
        let trimmed = input.trim_ascii();
        match trimmed {
            [] => return Self::Empty,
            [0xef, 0xbb, 0xbf, ..] => return Self::ByteOrderMark,
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'-', ..] | [b'-', 0, ..] => {
                return Self::Utf16;
            }
            [0xfe, 0xed, 0xfe, 0xed, ..] => return Self::JavaKeystore,
            [0x30, ..] => {
                let mut whole = Reader::new(input);
                if whole.sequence().is_some() && !whole.is_empty() {
                    return Self::Trailing { bytes: whole.rest().len() };
                }
                if let Some(kind) = der_kind(input) {
                    return Self::Der(kind);
                }
            }
            _ => {}
        }
        // Before its text is searched for PEM, which stands in one line of JSON.
        if is_json(trimmed) {
            return Self::Json;
        }
        let mut lines = pem::begin_lines(input);
        if let Some(begin) = lines.find(|line| line.inner).or(pem::begin_lines(input).next()) {
            let before = input.get(..begin.start).unwrap_or_default();
            let line = begin.line;
            return match before.last() {
                _ if begin.inner => Self::Glued { line },
                Some(b' ' | b'\t') => Self::Indented { line },
                _ => Self::DamagedBlock { label: pem::shown(begin.label), line },
            };
        }
        let starts = |prefix: &str| {
            trimmed.get(..prefix.len()).is_some_and(|t| t.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        match trimmed {
            // The base64 of `-----BEGIN`.
            text if text.starts_with(b"LS0tLS1CRUdJTi") => Self::Base64OfPem,
            text if text.starts_with(b"PuTTY-User-Key-File") => Self::PuttyKey,
            _ if starts("<!doctype") || starts("<html") => Self::Html,
            _ if PUBLIC_SSH.iter().any(|start| starts(start)) => Self::OpenSshPublicKey,
            _ => Self::Unknown,
        }
    }

    /// Judges blocks by their labels, where none was the one asked for.
    pub fn in_labels(labels: &[String]) -> Self {
        let known = labels.iter().map(|label| match label.as_str() {
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::CertificateRequest,
            "PKCS7" | "CMS" => Self::Pkcs7,
            "SSH2 PUBLIC KEY" => Self::OpenSshPublicKey,
            label if label.ends_with("PUBLIC KEY") => Self::PublicKey,
            _ => Self::Unknown,
        });
        known.into_iter().find(|found| *found != Self::Unknown).unwrap_or(Self::Unknown)
    }

    /// Looks at the block of a private key that Go does not read.
    pub fn in_key(block: &Block<'_>) -> Self {
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
    pub fn line(&self, input: &[u8]) -> Option<usize> {
        match self {
            Self::DamagedBlock { line, .. } | Self::Glued { line } | Self::Indented { line } => {
                Some(*line)
            }
            Self::Der(_)
            | Self::Empty
            | Self::JavaKeystore
            | Self::Trailing { .. }
            | Self::Utf16 => None,
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
            Self::Base64OfPem => "PEM in base64 once more",
            Self::ByteOrderMark => "a byte order mark before PEM",
            Self::CertificateRequest => "a certificate request",
            Self::DamagedBlock { label, .. } => {
                return write!(f, "a block {label} that does not decode");
            }
            Self::Der(kind) => return kind.fmt(f),
            Self::Empty => "nothing",
            Self::EncryptedPkcs8 => "a key under a passphrase (PKCS#8)",
            Self::EncryptedPem => "a key under a passphrase (Proc-Type: 4,ENCRYPTED)",
            Self::Glued { .. } => "a block that does not begin its line",
            Self::Html => "HTML",
            Self::Indented { .. } => "a block behind white space",
            Self::JavaKeystore => "a Java keystore",
            Self::Json => "JSON",
            Self::OpenSshPrivateKey => "a private key of OpenSSH",
            Self::OpenSshPublicKey => "a public key of OpenSSH",
            Self::Pkcs7 => "a bag of certificates (PKCS#7)",
            Self::PublicKey => "a public key",
            Self::PuttyKey => "a key of PuTTY",
            Self::Trailing { bytes } => {
                return write!(f, "DER with {bytes} bytes behind its end");
            }
            Self::Unknown => "something unknown",
            Self::Utf16 => "UTF-16",
        })
    }
}

/// Whether a text begins as JSON does. A `[` alone also begins a section of Git's configuration, and
/// a host with its port.
fn is_json(text: &[u8]) -> bool {
    let second = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match text.first() {
        Some(b'{') => matches!(second, Some(b'"' | b'}')),
        Some(b'[') => matches!(second, Some(b'"' | b'{' | b'[' | b']')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let damaged = |line| Found::DamagedBlock { label: "CERTIFICATE".to_owned(), line };
        for (input, expected) in [
            (&b" \n"[..], Found::Empty),
            (b"\xef\xbb\xbf-----BEGIN CERTIFICATE-----\n", Found::ByteOrderMark),
            (b"\xff\xfe-\0-\0", Found::Utf16),
            (b"-\0-\0-\0", Found::Utf16),
            (b"\xfe\xed\xfe\xed\0\0", Found::JavaKeystore),
            (b"LS0tLS1CRUdJTiBDRVJU", Found::Base64OfPem),
            (b"{\"a\": 1}", Found::Json),
            (b"{\n  \"a\": \"-----BEGIN CERTIFICATE-----\\nAAAA\"}", Found::Json),
            (b"[ {}]", Found::Json),
            (b"[http]\n  sslVerify = true\n", Found::Unknown),
            (b"[git.example.com]:22 ssh-ed25519 AAAA", Found::Unknown),
            (b"\n<!DOCTYPE html>", Found::Html),
            (b"<HTML>", Found::Html),
            (b"ssh-ed25519 AAAA me", Found::OpenSshPublicKey),
            (b"sk-ssh-ed25519@openssh.com AAAA", Found::OpenSshPublicKey),
            (b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", Found::OpenSshPublicKey),
            (b"PuTTY-User-Key-File-3: ssh-rsa", Found::PuttyKey),
            (b"\n-----BEGIN CERTIFICATE-----\nAAAA\n", damaged(2)),
            (b"  -----BEGIN CERTIFICATE-----\nAAAA\n", Found::Indented { line: 1 }),
            (b"x-----BEGIN CERTIFICATE-----\nAAAA\n", Found::Glued { line: 1 }),
            (b"0 is a number", Found::Unknown),
            (b"hello", Found::Unknown),
        ] {
            assert_eq!(Found::in_text(input), expected, "{input:x?}");
        }
    }

    #[test]
    fn labels() {
        for (labels, expected) in [
            (&["CERTIFICATE REQUEST"][..], Found::CertificateRequest),
            (&["EC PARAMETERS", "PUBLIC KEY"], Found::PublicKey),
            (&["PKCS7"], Found::Pkcs7),
            (&["EC PARAMETERS"], Found::Unknown),
        ] {
            let labels: Vec<_> = labels.iter().map(|l| (*l).to_owned()).collect();
            assert_eq!(Found::in_labels(&labels), expected, "{labels:?}");
        }
    }
}
