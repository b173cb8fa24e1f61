//! The server's rules on a Secret, with its words (`pkg/apis/core/validation`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use tokio_rustls::rustls;

use super::decode::text;
use super::go_json;
use super::status::{FieldError, Refusal};
use super::store::Resource;

const MAX_DATA: usize = 1_048_576;
const MAX_ANNOTATIONS: usize = 262_144;
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
    characters, '-' or '.', and must start and end with an alphanumeric character (e.g. \
    'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters \
    or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
    regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or \
    '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
    '[-._a-zA-Z0-9]+')";
const REDACTED: &str = "<secret contents redacted>";
const FROZEN: &str = "field is immutable when `immutable` is set";

/// Checks a new object.
pub fn on_create(object: &Value, resource: Resource) -> Result<(), Refusal> {
    conclude(object, resource, &rules(object, resource))
}

/// Checks what an update makes of an object.
pub fn on_update(old: &Value, new: &Value, resource: Resource) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    if resource == Resource::Secrets {
        if old["type"] != new["type"] {
            errors.push(FieldError::invalid("type", text(&new["type"]), "field is immutable"));
        }
        if old["immutable"] == true {
            if new["immutable"] != true {
                errors.push(FieldError::forbidden("immutable", FROZEN));
            }
            if old["data"] != new["data"] {
                errors.push(FieldError::forbidden("data", FROZEN));
            }
        }
    }
    errors.extend(rules(new, resource));
    conclude(new, resource, &errors)
}

fn conclude(object: &Value, resource: Resource, errors: &[FieldError]) -> Result<(), Refusal> {
    if errors.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(resource.kind(), text(&object["metadata"]["name"]), errors))
}

fn rules(object: &Value, resource: Resource) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let metadata = &object["metadata"];
    match metadata["name"].as_str() {
        None => errors.push(FieldError::required_because(
            "metadata.name",
            "name or generateName is required",
        )),
        Some(name) if resource == Resource::Namespaces => {
            if name.len() > 63 || !is_label(name) {
                errors.push(FieldError::invalid("metadata.name", name, LABEL));
            }
        }
        Some(name) if name.len() > 253 => {
            let why = "must be no more than 253 bytes";
            errors.push(FieldError::invalid("metadata.name", name, why));
        }
        Some(name) if !name.split('.').all(is_label) => {
            errors.push(FieldError::invalid("metadata.name", name, SUBDOMAIN));
        }
        Some(_) => {}
    }
    if let Some(annotations) = metadata["annotations"].as_object() {
        let size: usize = annotations.iter().map(|(key, one)| key.len() + text(one).len()).sum();
        if size > MAX_ANNOTATIONS {
            errors.push(FieldError::too_long("metadata.annotations", MAX_ANNOTATIONS));
        }
    }
    if resource == Resource::Secrets {
        secret_rules(object, &mut errors);
    }
    errors
}

fn secret_rules(object: &Value, errors: &mut Vec<FieldError>) {
    let none = Map::new();
    let data = object["data"].as_object().unwrap_or(&none);
    let value = |key: &str| data.get(key).map(|one| STANDARD.decode(text(one)).unwrap_or_default());
    for key in data.keys() {
        let field = format!("data[{key}]");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if key.len() > 253 {
            errors.push(FieldError::invalid(field, key, "must be no more than 253 bytes"));
        } else if key.is_empty() || !key.bytes().all(is_plain) {
            errors.push(FieldError::invalid(field, key, CONFIG_KEY));
        } else if key == "." || key == ".." {
            errors.push(FieldError::invalid(field, key, &format!("must not be '{key}'")));
        } else if key.starts_with("..") {
            errors.push(FieldError::invalid(field, key, "must not start with '..'"));
        }
    }
    let mut missing = Vec::new();
    let size: usize = data.values().map(|one| decoded_size(text(one))).sum();
    if size > MAX_DATA {
        errors.push(FieldError::too_long("data", MAX_DATA));
    }
    let mut require = |present: bool, key: &str| {
        if !present {
            missing.push(FieldError::required(format!("data[{key}]")));
        }
    };
    match text(&object["type"]) {
        "kubernetes.io/service-account-token" => {
            const ACCOUNT: &str = "kubernetes.io/service-account.name";
            if text(&object["metadata"]["annotations"][ACCOUNT]).is_empty() {
                errors.push(FieldError::required(format!("metadata.annotations[{ACCOUNT}]")));
            }
        }
        "kubernetes.io/dockercfg" => docker_rule(".dockercfg", value(".dockercfg"), errors),
        "kubernetes.io/dockerconfigjson" => {
            docker_rule(".dockerconfigjson", value(".dockerconfigjson"), errors);
        }
        "kubernetes.io/basic-auth" => {
            let either = data.contains_key("username") || data.contains_key("password");
            require(either, "username");
            require(either, "password");
        }
        "kubernetes.io/ssh-auth" => {
            require(value("ssh-privatekey").is_some_and(|key| !key.is_empty()), "ssh-privatekey");
        }
        "kubernetes.io/tls" => {
            require(data.contains_key("tls.crt"), "tls.crt");
            require(data.contains_key("tls.key"), "tls.key");
        }
        _ => {}
    }
    errors.append(&mut missing);
}

fn docker_rule(key: &str, value: Option<Vec<u8>>, errors: &mut Vec<FieldError>) {
    let field = format!("data[{key}]");
    match value {
        None => errors.push(FieldError::required(field)),
        Some(bytes) => {
            if let Err(why) = go_json::check_object(&bytes) {
                errors.push(FieldError::invalid(field, REDACTED, &why));
            }
        }
    }
}

fn is_label(part: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !part.is_empty() && part.bytes().all(inner) && !part.starts_with('-') && !part.ends_with('-')
}

fn decoded_size(base64: &str) -> usize {
    let padding = base64.bytes().rev().take_while(|&byte| byte == b'=').count();
    base64.len() / 4 * 3 - padding
}

/// What the server warns of in a TLS Secret that it accepts (Go's `tls.X509KeyPair`).
pub fn warnings(object: &Value) -> Vec<String> {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    if object["type"] != "kubernetes.io/tls" {
        return Vec::new();
    }
    let value = |key: &str| STANDARD.decode(text(&object["data"][key])).unwrap_or_default();
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(&value("tls.crt")).collect();
    let certificates = certificates.unwrap_or_default();
    if certificates.is_empty() {
        return vec!["tls: failed to find any PEM data in certificate input".into()];
    }
    let Ok(key) = PrivateKeyDer::from_pem_slice(&value("tls.key")) else {
        return vec!["tls: failed to find any PEM data in key input".into()];
    };
    let Ok(key) = rustls::crypto::ring::sign::any_supported_type(&key) else {
        return vec!["tls: failed to parse private key".into()];
    };
    match rustls::sign::CertifiedKey::new(certificates, key).keys_match() {
        Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
            vec!["tls: private key does not match public key".into()]
        }
        _ => Vec::new(),
    }
}
