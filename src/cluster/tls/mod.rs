//! TLS towards API servers and proxies: whom to trust, and the client certificate.
//!
//! `verifier` answers rustls with what `path` decides; `path` follows Go's `crypto/x509` with the
//! help of `certificate`, `constraints` and `host`, and asks rustls-webpki for a second opinion.
//! `algorithms` are the signatures that are checked, `signing` those that are made. `client_pair`
//! reads the client certificate with its key.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::ResolvesClientCert;
use rustls::sign::SingleCertAndKey;

use self::certificate::Certificate;
use self::client_pair::certified_key;
use self::verifier::{Trust, Verifier};
use crate::material::pem;

mod algorithms;
mod certificate;
mod client_pair;
mod constraints;
mod host;
mod path;
mod server_error;
mod signing;
#[cfg(test)]
mod table;
mod verifier;

pub(crate) use client_pair::{ClientPairError, ClientValidity, PairSource};
pub(crate) use server_error::ServerCertificateError;

pub(super) use client_pair::ClientPair;
pub(super) use signing::UnsupportedClientKey;

/// Whose certificates to trust, and which certificate to show.
#[derive(Default)]
pub(super) struct TlsOptions {
    /// The cluster's CA certificates as DER; the system's if `None`.
    pub(super) authorities: Option<Vec<Vec<u8>>>,
    /// Whether to trust any server.
    pub(super) is_insecure: bool,
    /// The client certificate and its key.
    pub(super) pair: Option<ClientPair>,
}

/// Why there is no TLS configuration.
#[derive(Debug)]
pub(super) enum TlsConfigError {
    /// The client certificate or its key.
    Pair(Box<ClientPairError>),
    /// rustls, or the system's trusted certificates.
    Setup,
}

/// The TLS configuration for an API server and a proxy in front of it.
pub(super) fn client_config(
    options: &TlsOptions,
) -> Result<(ClientConfig, Option<ClientValidity>), TlsConfigError> {
    let provider = Arc::new(algorithms::provider());
    let trust = match &options.authorities {
        _ if options.is_insecure => Trust::Anyone,
        Some(certificates) => Trust::Roots(roots(certificates)),
        None => system(&provider)?,
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| TlsConfigError::Setup)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier { trust }));
    let Some(pair) = &options.pair else { return Ok((config.with_no_client_auth(), None)) };
    let (key, validity) = certified_key(pair).map_err(TlsConfigError::Pair)?;
    // Made from a `CertifiedKey`: others compare key and certificate again, and refuse
    // certificates of version 1.
    let resolver: Arc<dyn ResolvesClientCert> = Arc::new(SingleCertAndKey::from(key));
    Ok((config.with_client_cert_resolver(resolver), Some(validity)))
}

/// The certificates of a CA file, as DER. Blocks with headers and those that do not parse are
/// skipped, as Go's `AppendCertsFromPEM` does.
pub(super) fn authority_certificates(pem: &[u8]) -> Vec<Vec<u8>> {
    let blocks =
        pem::blocks(pem).filter(|block| block.is_certificate() && block.headers.is_empty());
    let parsed = blocks.filter(|block| Certificate::parse(&block.contents).is_ok());
    parsed.map(|block| block.contents.to_vec()).collect()
}

fn roots<D: AsRef<[u8]>>(certificates: &[D]) -> Vec<Certificate> {
    certificates.iter().filter_map(|der| Certificate::parse(der.as_ref()).ok()).collect()
}

/// What the system trusts: here its certificates are files.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[expect(clippy::unnecessary_wraps, reason = "other systems may fail")]
fn system(_provider: &Arc<rustls::crypto::CryptoProvider>) -> Result<Trust, TlsConfigError> {
    Ok(Trust::Roots(roots(&rustls_native_certs::load_native_certs().certs)))
}

/// What the system trusts: here it judges certificates itself.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn system(provider: &Arc<rustls::crypto::CryptoProvider>) -> Result<Trust, TlsConfigError> {
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(provider));
    verifier.map(Trust::System).map_err(|_| TlsConfigError::Setup)
}
