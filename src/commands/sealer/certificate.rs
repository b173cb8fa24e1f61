//! The certificate to seal with: from a file, from an address, or from the controller.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::path::PathBuf;

use super::super::remote;
use crate::cli::{CertificateSource, Controller, SealRequest};
use crate::error::Error;
use crate::golang;
use crate::hints::Fault;
use crate::material::hints::found_hints;
use crate::material::key_pair::Input;
use crate::reach::Reach;
use crate::seal::{Certificate, CertificateError};
use crate::shown;
use crate::sources::{Inputs, ReadError, shell_word, shown_path};

/// Where the controller is, unless the command line or the environment says otherwise: kubeseal's
/// defaults.
const NAMESPACE: &str = "kube-system";
const NAME: &str = "sealed-secrets-controller";

/// A variable that is not empty.
pub(super) fn variable(name: &str, inputs: &Inputs) -> Option<String> {
    let value = inputs.variable(OsStr::new(name))?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}

/// Finds the certificate and reads it.
pub(super) fn certificate(
    request: &SealRequest,
    reach: &Reach,
    inputs: &Inputs,
) -> Result<Certificate, Error> {
    const VARIABLE: &str = "SEALED_SECRETS_CERT";

    let named;
    let mut by = "--seal";
    let source = match (&request.certificate, inputs.variable(OsStr::new(VARIABLE))) {
        (CertificateSource::Unnamed, Some(value))
            if request.controller.is_none() && !value.is_empty() =>
        {
            named = CertificateSource::of(&value);
            by = VARIABLE;
            &named
        }
        (source, _) => source,
    };
    let (bytes, from, origin) = match source {
        CertificateSource::File(path) => {
            let bytes = inputs.read(path).map_err(|error| SourceError::File { by, error })?;
            (bytes, shown_path(path), Origin::File(path.clone()))
        }
        CertificateSource::Url(url) => {
            check_address(url, by)?;
            let bytes = remote::download_certificate(url, reach, inputs)?;
            (bytes.into(), golang::urls::without_login(url), Origin::Url)
        }
        CertificateSource::Unnamed => {
            let controller = request.controller.as_ref();
            let namespace = controller.and_then(|controller| controller.namespace.clone());
            let name = controller.map(|controller| controller.name.clone());
            let (of_namespace, of_name) =
                ("SEALED_SECRETS_CONTROLLER_NAMESPACE", "SEALED_SECRETS_CONTROLLER_NAME");
            let namespace = service_word(namespace, of_namespace, NAMESPACE, inputs)?;
            let name = service_word(name, of_name, NAME, inputs)?;
            let bytes = remote::fetch_certificate(reach, (&namespace, &name), inputs)?;
            (bytes.into(), format!("service {namespace}/{name}"), Origin::Service)
        }
    };
    Certificate::read(bytes.as_bytes(), inputs.now())
        .map_err(|error| SourceError::Certificate { by, from, origin, error: error.into() }.into())
}

/// A part of the controller's address: as given, else that of a variable, else the default.
fn service_word(
    given: Option<String>,
    by: &'static str,
    default: &str,
    inputs: &Inputs,
) -> Result<String, SourceError> {
    let Some(word) = given.or_else(|| variable(by, inputs)) else { return Ok(default.to_owned()) };
    if Controller::is_name(&word) {
        Ok(word)
    } else {
        Err(SourceError::Name { by, len: word.len() })
    }
}

/// Refuses an address whose answer anyone on the way could replace: with another key, the values
/// would be readable for whoever did so.
fn check_address(url: &str, by: &'static str) -> Result<(), SourceError> {
    let Some((scheme, rest)) = url.split_once("://") else { return Ok(()) };
    if scheme.eq_ignore_ascii_case("https") {
        return Ok(());
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_here = name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_here { Ok(()) } else { Err(SourceError::PlainHttp { by, host: host.to_owned() }) }
}

/// Where a certificate was read, for hints.
#[derive(Debug)]
enum Origin {
    File(PathBuf),
    Service,
    Url,
}

/// Why there is no certificate to seal with. `by` is the flag or the variable that names it.
#[derive(Debug, thiserror::Error)]
enum SourceError {
    #[error("{error} ({by}: {from})")]
    Certificate { by: &'static str, from: String, origin: Origin, error: Box<CertificateError> },
    #[error("{by}: cannot read {}: {}", shown_path(&error.path), error.kind)]
    File { by: &'static str, error: ReadError },
    #[error("{by}: not a valid name {}", shown::Hidden(*len))]
    Name { by: &'static str, len: usize },
    #[error(
        "{by} does not take a certificate from http://{}: anyone on the way could replace it",
        shown::Host(host)
    )]
    PlainHttp { by: &'static str, host: String },
}

impl Fault for SourceError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Certificate { by, origin, error, .. } => {
                use CertificateError as E;

                let path = match origin {
                    Origin::File(path) => Some(path.as_path()),
                    Origin::Service | Origin::Url => None,
                };
                match (&**error, path) {
                    (E::BadBlock { found, .. } | E::NoCertificate { found }, Some(path)) => {
                        found_hints(found, Input::Certificate, path)
                    }
                    (E::Label { .. }, Some(path)) => vec![format!(
                        "let OpenSSL rewrite it: openssl x509 -in {} -out cert.pem",
                        shell_word(path)
                    )],
                    (E::PrivateKey { .. }, Some(path)) => vec![format!(
                        "keep only the certificate: openssl x509 -in {} -out cert.pem",
                        shell_word(path)
                    )],
                    (E::TwoKeys { .. }, _) => {
                        vec!["keep only the controller's current certificate".to_owned()]
                    }
                    _ if matches!(origin, Origin::Service) => vec![
                        "pass another service: --seal-controller=NAMESPACE/NAME, or a file: --seal=FILE"
                            .to_owned(),
                    ],
                    _ => {
                        let ask = match *by {
                            "--seal" => "leave out the file: --seal".to_owned(),
                            variable => format!("ask it: unset {variable}"),
                        };
                        let current = "get the controller's current one: kubeseal --fetch-cert > cert.pem";
                        vec![format!("{current}, or {ask}")]
                    }
                }
            }
            Self::File { error, .. } => error.hints(),
            Self::Name { .. } => {
                vec!["name the service: --seal-controller=NAMESPACE/NAME".to_owned()]
            }
            Self::PlainHttp { .. } => {
                vec!["use https, or download it yourself and pass the file: --seal=FILE".to_owned()]
            }
        }
    }
}
