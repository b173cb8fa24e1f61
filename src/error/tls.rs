//! What to do about a certificate and a key that make no pair: what was found instead, and the
//! command that makes of it what is needed.

use std::path::Path;

use crate::material::found::{DerKind, Found};
use crate::material::key_pair::{Input, KeyPairError};
use crate::types::TlsError;

pub(super) fn hints(error: &TlsError) -> Vec<String> {
    match error {
        TlsError::Incomplete => vec!["mksecret tls NAME --cert=tls.crt --key=tls.key".to_owned()],
        TlsError::Pair { error, cert, key } => pair_hints(error, cert, key),
    }
}

fn pair_hints(error: &KeyPairError, cert: &Path, key: &Path) -> Vec<String> {
    let (c, k) = (cert.display(), key.display());
    match error {
        KeyPairError::Certificate { line, .. } => vec![
            format!("it is the first certificate of {c}, on line {line}"),
            format!("openssl x509 -in {c} -noout -text shows what is in it"),
        ],
        KeyPairError::CertificateForKey | KeyPairError::KeyForCertificate { .. } => {
            vec![format!("the two may be switched: --cert={k} --key={c}")]
        }
        KeyPairError::Mismatch { algorithm } => vec![
            format!("both are {algorithm}, but the key in {k} is another than the certificate's"),
            format!(
                "openssl x509 -in {c} -noout -pubkey and openssl pkey -in {k} -pubout show both"
            ),
        ],
        KeyPairError::NoCertificate { found, .. } => found_hints(found, cert, Input::Certificate),
        KeyPairError::NoKey { found, .. } => found_hints(found, key, Input::Key),
        KeyPairError::NoPem { found, input } => match input {
            Input::Certificate => found_hints(found, cert, *input),
            Input::Key => found_hints(found, key, *input),
        },
        KeyPairError::PrivateKey { found, line, .. } => {
            let mut hints = vec![format!("it is the first private key of {k}, on line {line}")];
            hints.extend(found_hints(found, key, Input::Key));
            hints
        }
        KeyPairError::TypeMismatch { certificate, key: algorithm } => vec![format!(
            "the certificate in {c} is for {certificate}, the key in {k} is {algorithm}"
        )],
        KeyPairError::UnknownPublicKey { algorithm } => vec![format!(
            "the certificate in {c} is for {algorithm}: RSA, ECDSA P-224 to P-521 and Ed25519 work"
        )],
    }
}

fn found_hints(found: &Found, path: &Path, input: Input) -> Vec<String> {
    let path = path.display();
    let decrypt = || {
        vec![
            format!("{path} has a key under a passphrase, and a Secret needs it in the clear"),
            format!("openssl pkey -in {path} -out plain.key"),
        ]
    };
    let hint = match found {
        Found::Algorithm(algorithm) => {
            format!("{path} has a key of {algorithm}: RSA, ECDSA P-224 to P-521 and Ed25519 work")
        }
        Found::Base64OfPem => format!("{path} is PEM in base64: base64 -d {path} > plain.pem"),
        Found::ByteOrderMark => {
            format!("{path} starts with a byte order mark: sed -i '1s/^\\xef\\xbb\\xbf//' {path}")
        }
        Found::CertificateRequest => format!(
            "{path} is a request to a CA: what is needed is the certificate that the CA answers with"
        ),
        Found::DamagedBlock { label, line } => {
            format!("the block {label} on line {line} of {path} is damaged or cut off")
        }
        Found::Der(kind) => return der_hints(*kind, &path.to_string(), input),
        Found::Empty => format!("{path} is empty"),
        Found::EncryptedPem | Found::EncryptedPkcs8 => return decrypt(),
        Found::Glued { line } => {
            format!(
                "line {line} of {path} has two lines in one: files were joined without a newline"
            )
        }
        Found::Html => format!("{path} is HTML: the download gave a web page"),
        Found::Indented { line } => {
            format!(
                "line {line} of {path} is indented, and PEM must not be: sed -i 's/^ *//' {path}"
            )
        }
        Found::JavaKeystore => format!(
            "{path} is a Java keystore: keytool -importkeystore -srckeystore {path} -destkeystore \
             store.p12 -deststoretype pkcs12, then openssl pkcs12 -in store.p12 -nodes"
        ),
        Found::Json => format!("{path} is JSON"),
        Found::OpenSshPrivateKey => {
            format!("{path} is an OpenSSH key: ssh-keygen -p -m PKCS8 -f {path} rewrites it as PEM")
        }
        Found::OpenSshPublicKey | Found::PublicKey => {
            format!("{path} is the public half of a key: the private half is needed")
        }
        Found::Pkcs7 => {
            format!("{path} is a PKCS#7 bag: openssl pkcs7 -in {path} -print_certs -out tls.crt")
        }
        Found::PuttyKey => {
            format!("{path} is a PuTTY key: puttygen {path} -O private-openssh -o plain.key")
        }
        Found::Unknown => match input {
            Input::Certificate => format!("{path} has no line -----BEGIN CERTIFICATE-----"),
            Input::Key => format!("{path} has no line -----BEGIN PRIVATE KEY-----"),
        },
        Found::Utf16 => format!("{path} is UTF-16: iconv -f UTF-16 -t UTF-8 {path} > plain.pem"),
    };
    vec![hint]
}

fn der_hints(kind: DerKind, path: &str, input: Input) -> Vec<String> {
    let hint = match kind {
        DerKind::Certificate => {
            format!(
                "{path} is a certificate in DER: openssl x509 -inform der -in {path} -out tls.crt"
            )
        }
        DerKind::CertificateRequest => format!(
            "{path} is a request to a CA: what is needed is the certificate that the CA answers with"
        ),
        DerKind::EncryptedPrivateKey => format!(
            "{path} is a key in DER under a passphrase: openssl pkcs8 -inform der -in {path} -out \
             tls.key"
        ),
        DerKind::Pkcs12 => match input {
            Input::Certificate => {
                format!("{path} is PKCS#12: openssl pkcs12 -in {path} -nokeys -out tls.crt")
            }
            Input::Key => {
                format!("{path} is PKCS#12: openssl pkcs12 -in {path} -nocerts -nodes -out tls.key")
            }
        },
        DerKind::Pkcs7 => format!(
            "{path} is a PKCS#7 bag in DER: openssl pkcs7 -inform der -in {path} -print_certs -out \
             tls.crt"
        ),
        DerKind::PrivateKey => {
            format!("{path} is a key in DER: openssl pkey -inform der -in {path} -out tls.key")
        }
        DerKind::PublicKey => {
            format!("{path} is the public half of a key: the private half is needed")
        }
    };
    vec![hint]
}
