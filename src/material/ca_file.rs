//! A file of CA certificates, as far as a join line needs it: the public keys.

use crate::material::certificate::{self, CertificateError};
use crate::material::found::{DerKind, Found};
use crate::material::key_pair::{contents_of, contents_words};
use crate::material::pem;

/// The public keys of all certificates in a PEM file, in their order: each the whole DER of its
/// `SubjectPublicKeyInfo` (RFC 5280 4.1).
pub(crate) fn public_keys(input: &[u8]) -> Result<Vec<Vec<u8>>, CaFileError> {
    each(input, |der| {
        let parts = certificate::read(der)?;
        certificate::judge(&parts)?;
        Ok(parts.subject_pki.raw.to_vec())
    })
}

/// What `read` makes of each certificate of a PEM file.
fn each<T>(
    input: &[u8],
    read: impl Fn(&[u8]) -> Result<T, CertificateError>,
) -> Result<Vec<T>, CaFileError> {
    let mut found = Vec::new();
    for block in pem::blocks(input).filter(pem::Block::is_certificate) {
        found.push(read(&block.contents).map_err(|error| CaFileError::Certificate {
            contents: contents_of(&block),
            line: block.line,
            error,
        })?);
    }
    if found.is_empty() {
        return Err(CaFileError::NoCertificate { found: Found::in_input(input) });
    }
    Ok(found)
}

/// Whether all certificates in a PEM file parse, there is one, and no private key among them.
pub(crate) fn check(input: &[u8]) -> Result<(), CaFileError> {
    if let Some(key) = pem::begin_lines(input).find(|begin| pem::is_private_key(begin.label)) {
        let has_certificate = pem::blocks(input).any(|block| block.is_certificate());
        return Err(if has_certificate {
            CaFileError::PrivateKey { line: key.line }
        } else {
            CaFileError::NoCertificate { found: Found::in_input(input) }
        });
    }
    // Its readers are not only programs in Go.
    each(input, certificate::parse_any_curve).map(|_| ())
}

/// Why a file is not one of CA certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CaFileError {
    #[error("the certificate on line {line} does not parse: {error}{}", contents_words(*contents))]
    Certificate {
        /// What its block holds instead, if that is known.
        contents: Option<DerKind>,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
        error: CertificateError,
    },
    #[error("no PEM block with a certificate")]
    NoCertificate { found: Found },
    /// A private key, of a CA or of a server.
    #[error("it contains a private key (line {line})")]
    PrivateKey {
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
}
