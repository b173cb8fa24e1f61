//! The client certificate and its key, as a kubeconfig's user, a flag or a credential plugin gives
//! them.

use std::fmt;
use std::path::Path;

use jiff::Timestamp;
use kube::config::AuthInfo;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::signing;
use crate::hints::Fault;
use crate::material::found::Found;
use crate::material::key_pair::{self, Input, KeyPairError};
use crate::material::pem;
use crate::reach::Reach;
use crate::sources::{exists, shell_word, shown_path};

/// The certificate and the key, as PEM.
pub(in crate::cluster) struct ClientPair {
    pub(in crate::cluster) certificate: Zeroizing<Vec<u8>>,
    pub(in crate::cluster) key: Zeroizing<Vec<u8>>,
    pub(in crate::cluster) source: PairSource,
}

/// Where a client certificate and its key come from, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PairSource {
    /// The field with the certificate, such as `client-certificate-data`, or a file's path.
    pub certificate: String,
    /// The field with the key, or a file's path.
    pub key: String,
    pub user: String,
}

impl PairSource {
    /// Where a user with this name has them; without either, a credential plugin gives them.
    pub(in crate::cluster) fn of(user: &AuthInfo, name: &str, reach: &Reach) -> Self {
        let source =
            |flag: &Option<String>, file: &Option<String>, is_data: bool, field: &str| match (
                flag,
                file.as_ref().filter(|file| !file.is_empty()),
            ) {
                (Some(file), _) | (None, Some(file)) => shown_path(Path::new(file)),
                (None, None) if is_data => format!("{field}-data"),
                (None, None) => format!("the credential plugin's {field}-data"),
            };
        let is_set = |text: &str| !text.is_empty();
        let has_certificate = user.client_certificate_data.as_deref().is_some_and(is_set);
        let has_key = user.client_key_data.as_ref().is_some_and(|key| is_set(key.expose_secret()));
        let certificate = (&reach.client_certificate, &user.client_certificate);
        let key = (&reach.client_key, &user.client_key);
        Self {
            certificate: source(
                certificate.0,
                certificate.1,
                has_certificate,
                "client-certificate",
            ),
            key: source(key.0, key.1, has_key, "client-key"),
            user: name.to_owned(),
        }
    }
}

/// How long a client certificate is valid, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientValidity {
    pub not_after: Timestamp,
    pub user: String,
}

/// Why a client certificate and its key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientPairError {
    /// What is wrong, in Go's words.
    pub error: KeyPairError,
    /// Where the two come from.
    pub source: PairSource,
}

impl ClientPairError {
    /// Whether both are good, and the key is another one's.
    pub(crate) fn is_mismatch(&self) -> bool {
        matches!(self.error, KeyPairError::Mismatch { .. } | KeyPairError::TypeMismatch { .. })
    }
}

impl std::error::Error for ClientPairError {}

impl fmt::Display for ClientPairError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PairSource { certificate, key, user } = &self.source;
        match &self.error {
            KeyPairError::Certificate { error, line, .. } => {
                let text = error.to_string();
                let reason = text.strip_prefix("x509: ").unwrap_or(&text);
                write!(f, "{certificate} does not parse: {reason} (line {line}, ")?;
            }
            KeyPairError::CertificateForKey { .. } => {
                write!(f, "{key} contains a certificate instead of a private key (")?;
            }
            KeyPairError::KeyForCertificate { switched: true, .. } => {
                write!(f, "{certificate} and {key} are swapped (")?;
            }
            KeyPairError::KeyForCertificate { .. } => {
                write!(f, "{certificate} contains a private key instead of a certificate (")?;
            }
            KeyPairError::Mismatch { certificate: of_certificate, key: of_key, .. }
            | KeyPairError::TypeMismatch { certificate: of_certificate, key: of_key, .. } => {
                write!(f, "{key} is not the private key of {certificate} (")?;
                if of_certificate != of_key {
                    write!(f, "the key is {of_key}, the certificate {of_certificate}; ")?;
                }
            }
            KeyPairError::NoCertificate { found, .. }
            | KeyPairError::NoPem { found, input: Input::Certificate, .. } => {
                lacks(f, certificate, "certificate", found)?;
            }
            KeyPairError::NoKey { found, .. } | KeyPairError::NoPem { found, .. } => {
                lacks(f, key, "private key", found)?;
            }
            KeyPairError::PrivateKey {
                found: Found::EncryptedPem | Found::EncryptedPkcs8, ..
            } => write!(f, "{key} is encrypted, and kubeconfigs have no passphrase (")?,
            KeyPairError::PrivateKey { found: Found::Algorithm(algorithm), .. } => {
                write!(f, "{key} has an unsupported algorithm: {algorithm} (")?;
            }
            KeyPairError::PrivateKey { line, .. } => {
                write!(f, "{key} does not parse (line {line}, ")?;
            }
            KeyPairError::UnknownPublicKey { algorithm } => {
                write!(f, "{certificate} is for a key of an unsupported algorithm: {algorithm} (")?;
            }
        }
        write!(f, "user {user:?})")
    }
}

impl Fault for ClientPairError {
    fn hints(&self) -> Vec<String> {
        let PairSource { certificate, key, .. } = &self.source;
        let (certificate, key) = (Path::new(certificate), Path::new(key));
        if !self.is_mismatch() || !exists(certificate) || !exists(key) {
            return Vec::new();
        }
        vec![
            format!(
                "the certificate's public key: openssl x509 -noout -pubkey -in {}",
                shell_word(certificate)
            ),
            format!("the key's public key: openssl pkey -pubout -in {}", shell_word(key)),
        ]
    }
}

/// Says what stands in a field instead of a PEM block.
fn lacks(f: &mut fmt::Formatter<'_>, field: &str, what: &str, found: &Found) -> fmt::Result {
    let instead = match found {
        Found::Empty => " (empty, ",
        Found::Der(_) | Found::CutDer { .. } | Found::OtherDer => " (it is DER, not PEM; ",
        Found::Base64OfPem | Found::Base64OfDer(_) => " (it is base64-encoded twice; ",
        Found::CutBlock { .. } | Found::DamagedBlock { .. } => " (a PEM block is damaged; ",
        Found::OpenSshPrivateKey => " (it is an OpenSSH private key; ",
        Found::EncryptedPkcs8 | Found::EncryptedPem => " (it is encrypted; ",
        _ => " (",
    };
    write!(f, "{field} has no PEM block with a {what}{instead}")
}

/// Checks the pair as Go does, and makes it one to sign with.
pub(super) fn certified_key(
    pair: &ClientPair,
) -> Result<(CertifiedKey, ClientValidity), Box<ClientPairError>> {
    let fail = |error| Box::new(ClientPairError { error, source: pair.source.clone() });
    let checked = key_pair::check(&pair.certificate, &pair.key).map_err(fail)?;
    let not_after = checked.chain.first().map(|leaf| leaf.certificate.not_after);
    // All of the certificates are sent, also those that do not parse: as Go.
    let blocks = pem::blocks(&pair.certificate).filter(pem::Block::is_certificate);
    let chain = blocks.map(|block| CertificateDer::from(block.contents.to_vec())).collect();
    let key = pem::blocks(&pair.key).find(pem::Block::is_private_key);
    let der = key.map(|block| block.contents).unwrap_or_default();
    let validity = ClientValidity {
        not_after: not_after.unwrap_or(Timestamp::MAX),
        user: pair.source.user.clone(),
    };
    Ok((CertifiedKey::new(chain, signing::signing_key(&der, &checked.key)), validity))
}
