//! A CA, the server's certificate and an administrator's, made anew for each double.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};

/// What is wrong with the server's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Certificate {
    #[default]
    Good,
    /// Its time is over.
    Expired,
    /// Signed by another CA than the kubeconfig names.
    OtherCa,
    /// For another host.
    OtherName,
}

/// What a client needs, and how the server speaks.
#[derive(Debug)]
pub struct Identity {
    pub ca_pem: String,
    pub client_pem: String,
    pub client_key_pem: String,
    pub config: Arc<ServerConfig>,
}

impl Identity {
    pub fn new(certificate: Certificate, http2: bool) -> Self {
        let (ca, ca_pem) = authority("double CA");
        let (other, _) = authority("another CA");

        let name = if certificate == Certificate::OtherName { "elsewhere" } else { "localhost" };
        let mut names = vec![name.to_owned()];
        if certificate != Certificate::OtherName {
            names.extend(["127.0.0.1".to_owned(), "::1".to_owned()]);
        }
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "kube-apiserver");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if certificate == Certificate::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let issuer = if certificate == Certificate::OtherCa { &other } else { &ca };
        let server = params.signed_by(&key, issuer).unwrap();

        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "admin");
        params.distinguished_name.push(DnType::OrganizationName, "system:masters");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let client_key = KeyPair::generate().unwrap();
        let client = params.signed_by(&client_key, &ca).unwrap();

        let provider = Arc::new(crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        let ca_der = rustls::pki_types::CertificateDer::from_pem_slice(ca_pem.as_bytes());
        roots.add(ca_der.unwrap()).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .allow_unauthenticated()
                .build()
                .unwrap();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(
                vec![server.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if http2 {
            config.alpn_protocols.insert(0, b"h2".to_vec());
        }
        Self {
            ca_pem,
            client_pem: client.pem(),
            client_key_pem: client_key.serialize_pem(),
            config: Arc::new(config),
        }
    }
}

fn authority(name: &str) -> (Issuer<'static, KeyPair>, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
}
