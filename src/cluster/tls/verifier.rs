//! What rustls asks about a server.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};

use super::algorithms::{self, Verdict};
use super::certificate::Certificate;
use super::path;
use super::server_error::{Defect, ServerCertificateError};

/// Judges servers by Go's rules.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) trust: Trust,
}

#[derive(Debug)]
pub(super) enum Trust {
    /// Any server: `insecure-skip-tls-verify`. It has to own its certificate's key all the same.
    Anyone,
    /// These certificates and what they certify.
    Roots(Vec<Certificate>),
    /// What the operating system trusts.
    #[cfg(not(all(unix, not(target_vendor = "apple"))))]
    System(rustls_platform_verifier::Verifier),
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let sent: Vec<_> = [end_entity].into_iter().chain(intermediates).cloned().collect();
        match &self.trust {
            Trust::Anyone => path::parse(&sent).map(drop).map_err(rejection)?,
            Trust::Roots(roots) => {
                path::check(&sent, roots, &host(server_name), now).map_err(rejection)?;
            }
            #[cfg(not(all(unix, not(target_vendor = "apple"))))]
            Trust::System(system) => {
                system.verify_server_cert(end_entity, intermediates, server_name, &[], now)?;
            }
        }
        let leaf = parse(end_entity)?;
        match leaf.unsupported_key() {
            None => Ok(ServerCertVerified::assertion()),
            Some(key) => Err(rejection(ServerCertificateError::of_leaf(Defect::Key(key)))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_handshake(message, cert, dss, false)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_handshake(message, cert, dss, true)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms::schemes()
    }
}

fn host(name: &ServerName<'_>) -> String {
    match name {
        ServerName::IpAddress(address) => std::net::IpAddr::from(*address).to_string(),
        name => name.to_str().into_owned(),
    }
}

fn parse(der: &CertificateDer<'_>) -> Result<Certificate, rustls::Error> {
    Certificate::parse(der)
        .map_err(|error| rejection(ServerCertificateError::of_leaf(Defect::Unreadable(error))))
}

/// Checks that the server has the key of its certificate. rustls' own check refuses certificates
/// of version 1, which `insecure-skip-tls-verify` lets pass.
fn verify_handshake(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    is_tls13: bool,
) -> Result<HandshakeSignatureValid, rustls::Error> {
    let leaf = parse(certificate)?;
    let signature = signed.signature();
    match algorithms::verify_handshake(signed.scheme, is_tls13, &leaf.spki, message, signature) {
        Verdict::Right => Ok(HandshakeSignatureValid::assertion()),
        Verdict::Wrong | Verdict::Unsupported => {
            Err(rustls::Error::InvalidCertificate(CertificateError::BadSignature))
        }
    }
}

/// Our error inside of one of rustls.
fn rejection(error: ServerCertificateError) -> rustls::Error {
    rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(error))))
}
