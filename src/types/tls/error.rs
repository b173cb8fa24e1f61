//! Why a TLS Secret could not be built, in Go's words, with the place and what was found there.

use std::path::{Path, PathBuf};

use super::wishes::WishError;
use crate::material::certificate::CertificateError;
use crate::material::chain::ChainPlace;
use crate::material::found::Found;
use crate::material::key_pair::{self, Input, KeyPairError, PassedOver};
use crate::material::text_mark::TextMark;
use crate::material::tls_input::{InputError, InputErrorKind, InputPlace};
use crate::sources::{Origin, shown_path};

/// Why a TLS Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    /// The file of CAs holds none, or one that does not parse.
    #[error("{}", pair_words(error, path, path))]
    Ca { error: KeyPairError, path: PathBuf },
    #[error("{}{}", input_words(path, error), mark_words(mark.as_ref()))]
    Input {
        error: InputError,
        /// How the wrong passphrase is marked, and where it came from.
        mark: Option<(TextMark, Origin)>,
        path: PathBuf,
    },
    #[error("{}: found {found}, expected PKCS#12: a key and certificates in one file", place(path, *line))]
    NoPkcs12 {
        found: Found,
        /// The line on which that stands, counted from 1, where there are lines.
        line: Option<usize>,
        path: PathBuf,
    },
    /// `--pkcs12` beside `--cert` or `--key`.
    #[error(
        "--pkcs12 contains both certificate and key: it cannot be used together with --cert or --key"
    )]
    Pkcs12Combined,
    #[error("key and cert must be specified")]
    Incomplete,
    #[error("--{flag} must be specified")]
    Missing { flag: &'static str },
    /// `--fix-chain` would leave out the only certificate of a server.
    #[error(
        "{}: the key belongs to {authority}, which is a CA's, and the file also contains {leaf}",
        shown_path(path)
    )]
    KeyOfAuthority {
        authority: ChainPlace,
        /// The certificate of a server.
        leaf: ChainPlace,
        path: PathBuf,
    },
    #[error("{}{}", pair_words(error, cert, key), passed_over_words(passed_over.as_ref(), cert, key))]
    Pair {
        /// What is wrong, in the words of Go's `crypto/tls`.
        error: KeyPairError,
        cert: PathBuf,
        key: PathBuf,
        /// The name of the Secret, for commands.
        name: String,
        /// A block that may be the one that was meant.
        passed_over: Option<PassedOver>,
    },
    /// A demand that cannot be met.
    #[error(transparent)]
    Wish(#[from] WishError),
}

/// What was found in place of a key that kubectl takes.
fn key_words(found: &Found) -> String {
    match found {
        Found::Algorithm(algorithm) => format!(
            ": the key is {algorithm}, and kubectl accepts only RSA, ECDSA (P-224 to P-521) and \
             Ed25519"
        ),
        Found::Unknown => ": found a damaged key, expected one of RSA, ECDSA or Ed25519".to_owned(),
        found => format!(": found {found}, expected a key of RSA, ECDSA or Ed25519"),
    }
}

fn mark_words(mark: Option<&(TextMark, Origin)>) -> String {
    let words = |(mark, origin): &(TextMark, Origin)| format!("; the passphrase {mark} ({origin})");
    mark.map(words).unwrap_or_default()
}

/// What is known about a block that may be the one that was meant. Files without any block have
/// it in their own words.
fn passed_over_words(passed_over: Option<&PassedOver>, cert: &Path, key: &Path) -> String {
    let Some(PassedOver { inner, input, label, line }) = passed_over else { return String::new() };
    let path = if *input == Input::Certificate { cert } else { key };
    let why = if *inner { "does not begin its line" } else { "does not decode" };
    let file = if cert == key { String::new() } else { format!(" of {}", shown_path(path)) };
    format!("; the block {label} on line {line}{file} {why} and was ignored")
}

/// What could not be made into PEM: a sentence about the block, or about the file if that is all of
/// it.
fn input_words(path: &Path, error: &InputError) -> String {
    let InputError { place, kind } = error;
    let path = shown_path(path);
    let subject = match place {
        InputPlace::Pkcs12 => path,
        place => format!("{path}: {place}"),
    };
    let found = match kind {
        InputErrorKind::PrivateKey { found, .. } => key_words(found),
        _ => String::new(),
    };
    let kind = kind.to_string();
    match kind.strip_prefix("it ") {
        Some(verb) => format!("{subject} {verb}{found}"),
        None => format!("{subject}: {kind}{found}"),
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
        KeyPairError::Mismatch { only_authorities: true, .. }
        | KeyPairError::TypeMismatch { only_authorities: true, .. } => {
            ": found only CA certificates, the leaf is missing".to_owned()
        }
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
        | KeyPairError::UnknownPublicKey { algorithm } => format!(
            ": the key is {algorithm}, and kubectl accepts only RSA, ECDSA (P-224 to P-521) and \
             Ed25519"
        ),
        KeyPairError::Certificate { contents, .. } => key_pair::contents_words(*contents),
        _ => String::new(),
    };
    let places: Vec<_> = paths.into_iter().map(|path| place(path, line)).collect();
    format!("{}: {error}{found}", places.join(" and "))
}

fn place(path: &Path, line: Option<usize>) -> String {
    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
    format!("{}{line}", shown_path(path))
}
