//! Why a TLS Secret could not be built, in Go's words, with the place and what was found there.

use std::path::{Path, PathBuf};

use super::wishes::WishError;
use crate::material::certificate::CertificateError;
use crate::material::found::Found;
use crate::material::key_pair::{Input, KeyPairError};
use crate::material::tls_input::{InputError, InputErrorKind};

/// Why a TLS Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of CAs holds none, or one that does not parse.
    #[error("{}", pair_words(error, path, path))]
    Ca {
        /// What is wrong.
        error: KeyPairError,
        /// The file.
        path: PathBuf,
    },
    /// A file could not be made into PEM.
    #[error("{}: {}", path.display(), input_words(error))]
    Input {
        /// What is wrong.
        error: InputError,
        /// The file.
        path: PathBuf,
    },
    /// The file of `--pkcs12` is something else.
    #[error("{}: found {found}, expected PKCS#12: a key and certificates in one file", place(path, *line))]
    NoPkcs12 {
        /// What it is.
        found: Found,
        /// The line on which that stands, counted from 1, where there are lines.
        line: Option<usize>,
        /// The file.
        path: PathBuf,
    },
    /// `--pkcs12` beside `--cert` or `--key`.
    #[error("--pkcs12 gives both, so --cert and --key are not given beside it")]
    Pkcs12Combined,
    /// A flag is missing.
    #[error("key and cert must be specified")]
    Incomplete,
    /// The files are not a certificate and its key.
    #[error("{}", pair_words(error, cert, key))]
    Pair {
        /// What is wrong, in the words of Go's `crypto/tls`.
        error: KeyPairError,
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// A demand that cannot be met.
    #[error(transparent)]
    Wish(#[from] WishError),
}

/// What was found in place of a key that a server can use.
fn key_words(found: &Found) -> String {
    match found {
        Found::Unknown => ": found a damaged key, expected one of RSA, ECDSA or Ed25519".to_owned(),
        found => format!(": found {found}, expected a key of RSA, ECDSA or Ed25519"),
    }
}

/// What could not be made into PEM.
fn input_words(error: &InputError) -> String {
    match &error.kind {
        InputErrorKind::PrivateKey { found, .. } => format!("{error}{}", key_words(found)),
        _ => error.to_string(),
    }
}

/// Go's words, with the place before them, and behind them what was found there.
fn pair_words(error: &KeyPairError, cert: &Path, key: &Path) -> String {
    let (paths, line) = match error {
        KeyPairError::Certificate { line, .. }
        | KeyPairError::KeyForCertificate { line, .. }
        | KeyPairError::NoCertificate { line, .. } => (vec![cert], Some(*line)),
        KeyPairError::CertificateForKey { line }
        | KeyPairError::NoKey { line, .. }
        | KeyPairError::PrivateKey { line, .. } => (vec![key], Some(*line)),
        KeyPairError::NoPem { input: Input::Certificate, line, .. } => (vec![cert], *line),
        KeyPairError::NoPem { input: Input::Key, line, .. } => (vec![key], *line),
        KeyPairError::UnknownPublicKey { .. } => (vec![cert], None),
        KeyPairError::Mismatch { .. } | KeyPairError::TypeMismatch { .. } if cert == key => {
            (vec![cert], None)
        }
        KeyPairError::Mismatch { .. } | KeyPairError::TypeMismatch { .. } => {
            (vec![cert, key], None)
        }
    };
    let found = match error {
        KeyPairError::NoPem { found, input: Input::Certificate, .. }
        | KeyPairError::NoCertificate { found, .. } => {
            format!(": found {found}, expected a certificate in PEM, DER or PKCS#12")
        }
        KeyPairError::NoPem { found, input: Input::Key, .. }
        | KeyPairError::NoKey { found, .. } => {
            format!(": found {found}, expected a private key in PEM, DER or PKCS#12")
        }
        KeyPairError::PrivateKey { found, .. } => key_words(found),
        KeyPairError::Mismatch { certificate, key, .. } if certificate == key => {
            format!(": found another key of {key} than the certificate's")
        }
        KeyPairError::Mismatch { certificate, key, .. }
        | KeyPairError::TypeMismatch { certificate, key, .. } => {
            format!(": found a key of {key}, expected one of {certificate}")
        }
        KeyPairError::Certificate {
            error: CertificateError::PublicKey { algorithm, .. }, ..
        }
        | KeyPairError::UnknownPublicKey { algorithm } => {
            format!(": found {algorithm}, expected RSA, ECDSA or Ed25519")
        }
        _ => String::new(),
    };
    let places: Vec<_> = paths.into_iter().map(|path| place(path, line)).collect();
    format!("{}: {error}{found}", places.join(" and "))
}

fn place(path: &Path, line: Option<usize>) -> String {
    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
    format!("{}{line}", path.display())
}
