//! `tls`: a certificate with its private key, for ingresses and servers.

use std::path::PathBuf;

use clap::Arg;

use super::build::{Build, BuildError, Built, Refusal, Warning};
use super::{Ask, SecretType};
use crate::flags;
use crate::material::key_pair::{self, KeyPairError};
use crate::secret::{DataKey, Value};
use crate::sources::{Origin, bytes_of, path_of};

const CERT: &str = "cert";
const KEY: &str = "key";

pub(super) const ROW: SecretType = SecretType {
    name: "tls",
    about: "Create a Secret with a certificate and its private key",
    details: "\
The Secret has the type kubernetes.io/tls. Both files are PEM: in one the certificate, first, and
its intermediates; in the other the private key. That they belong together is checked.",
    examples: "\
# A certificate and its key
mksecret tls web --cert=tls.crt --key=tls.key

# The key from a process substitution
mksecret tls web --cert=tls.crt --key=<(pass show tls.key) --dry-run=client -o yaml",
    name_word: "NAME",
    name_optional: false,
    flags,
    takes_over: &[],
    asks: &[Ask::needed(CERT), Ask::needed(KEY)],
    build,
};

fn flags() -> Vec<Arg> {
    vec![
        flags::text(
            CERT,
            "FILE",
            "Take the certificate, and its intermediates behind it, from this file",
        ),
        flags::text(KEY, "FILE", "Take the private key from this file"),
    ]
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let given = |flag| flags::given(asked.flags, flag).filter(|path| !path.is_empty());
    let (Some(cert), Some(key)) = (given(CERT), given(KEY)) else {
        return Err(TlsError::Incomplete.into());
    };
    let (cert_path, key_path) = (path_of(&bytes_of(&cert)), path_of(&bytes_of(&key)));
    let (cert, key) = (read(asked, &cert_path)?, read(asked, &key_path)?);
    let pair = key_pair::check(cert.as_bytes(), key.as_bytes()).map_err(|error| {
        TlsError::Pair { error, cert: cert_path.clone(), key: key_path.clone() }
    })?;
    let mut built = asked.start("kubernetes.io/tls");
    for finding in pair.findings {
        let path = cert_path.clone();
        if finding.is_refused() {
            built.refusals.push(Refusal::Certificate { path, finding });
        } else {
            built.warnings.push(Warning::Certificate { path, finding });
        }
    }
    for (name, value, flag, path) in
        [("tls.crt", cert, CERT, cert_path), ("tls.key", key, KEY, key_path)]
    {
        if let Ok(name) = DataKey::parse(name) {
            built.add_checked(name, value, Origin::flag(flag, 1).file(path))?;
        }
    }
    Ok(built)
}

fn read(asked: &Build<'_>, path: &std::path::Path) -> Result<Value, BuildError> {
    asked.inputs.read(path).map_err(|error| BuildError::TlsRead { path: path.to_owned(), error })
}

/// Why a TLS Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A flag is missing.
    #[error("key and cert must be specified")]
    Incomplete,
    /// The files are not a certificate and its key.
    #[error("{error}")]
    Pair {
        /// What is wrong, in the words of Go's `crypto/tls`.
        error: KeyPairError,
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
}
