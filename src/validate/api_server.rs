//! What a kube-apiserver (v1.36) would refuse (`ValidateSecret` in
//! `k8s.io/kubernetes/pkg/apis/core/validation`, `ValidateObjectMeta` in
//! `k8s.io/apimachinery/pkg/api/validation`), in the server's order.
//!
//! The keys of `data` are not looked at: a [`DataKey`](crate::secret::DataKey) keeps their rules.

use super::content::SERVICE_ACCOUNT_NAME;
use super::names::{annotation_key, dns_label, label_key, label_value, subdomain};
use super::{Place, Report, Rule, Sizes, value};
use crate::golang::json;
use crate::kinds;
use crate::secret::{Secret, Value};

/// The most bytes of all values (`MaxSecretSize`).
const DATA_MAX: usize = 1024 * 1024;
/// The most bytes of all keys and values of annotations (`TotalAnnotationSizeLimitB`).
const ANNOTATIONS_MAX: usize = 256 * 1024;

/// All that the server would refuse of `secret`. A type that the server does not know is held to
/// the general rules alone, and so are bootstrap tokens.
pub fn api_server(secret: &Secret) -> Report {
    let mut report = Report::default();
    metadata(secret, &mut report);
    let sizes = secret.data.iter().map(|(key, value)| (key.as_str(), value.len()));
    if let Some(sizes) = Sizes::over(DATA_MAX, sizes) {
        report.push(Place::Data, Rule::TooLarge(sizes));
    }
    of_type(secret, &mut report);
    report
}

/// All that is wrong with the name of one of several namespaces.
pub fn namespace(name: &str) -> Report {
    let mut report = Report::default();
    for fault in dns_label(name) {
        report.push(Place::NamespaceOf(name.to_owned()), Rule::Namespace(fault));
    }
    report
}

fn metadata(secret: &Secret, report: &mut Report) {
    for fault in subdomain(secret.name.as_str()) {
        report.push(Place::Name, Rule::Name(fault));
    }
    // An empty namespace is left out of the manifest, so none was asked for.
    if let Some(namespace) = secret.namespace.as_ref().filter(|n| !n.as_str().is_empty()) {
        for fault in dns_label(namespace.as_str()) {
            report.push(Place::Namespace, Rule::Namespace(fault));
        }
    }
    for (key, value) in &secret.metadata.labels {
        for fault in label_key(key) {
            report.push(Place::Label(key.clone()), Rule::LabelKey(fault));
        }
        for fault in label_value(value) {
            report.push(Place::Label(key.clone()), Rule::LabelValue(fault));
        }
    }
    let annotations = &secret.metadata.annotations;
    for key in annotations.keys() {
        for fault in annotation_key(key) {
            report.push(Place::Annotation(key.clone()), Rule::AnnotationKey(fault));
        }
    }
    let sizes = annotations.iter().map(|(k, v)| (k.as_str(), k.len().saturating_add(v.len())));
    if let Some(sizes) = Sizes::over(ANNOTATIONS_MAX, sizes) {
        report.push(Place::Annotations, Rule::TooLarge(sizes));
    }
}

fn of_type(secret: &Secret, report: &mut Report) {
    match secret.secret_type.as_str() {
        kinds::SERVICE_ACCOUNT_TOKEN => {
            let name = secret.metadata.annotations.get(SERVICE_ACCOUNT_NAME);
            let place = Place::Annotation(SERVICE_ACCOUNT_NAME.to_owned());
            not_empty(name.map(|name| name.is_empty()), place, report);
        }
        kinds::DOCKERCFG => docker(secret, ".dockercfg", report),
        kinds::DOCKERCONFIGJSON => docker(secret, ".dockerconfigjson", report),
        kinds::BASIC_AUTH => basic_auth(secret, report),
        kinds::SSH_AUTH => {
            let key = value(secret, "ssh-privatekey").map(Value::is_empty);
            not_empty(key, Place::Key("ssh-privatekey".to_owned()), report);
        }
        kinds::TLS => {
            for key in ["tls.crt", "tls.key"] {
                if value(secret, key).is_none() {
                    report.push(Place::Key(key.to_owned()), Rule::Missing);
                }
            }
        }
        _ => {}
    }
}

/// A user name or a password is there, empty or not. The server names both as missing.
fn basic_auth(secret: &Secret, report: &mut Report) {
    if value(secret, "username").or(value(secret, "password")).is_none() {
        let rule = Rule::MissingEither { or: "password" };
        report.push(Place::Key("username".to_owned()), rule);
    }
}

/// A Docker configuration is there and is a JSON object. The server does not look into it.
fn docker(secret: &Secret, key: &str, report: &mut Report) {
    let place = Place::Key(key.to_owned());
    match value(secret, key).map(|v| json::object_or_null(v.as_bytes())) {
        None => report.push(place, Rule::Missing),
        Some(Err(fault)) => report.push(place, Rule::Json(fault)),
        Some(Ok(())) => {}
    }
}

/// To the server an empty value is a missing one; to a person it is not.
fn not_empty(is_empty: Option<bool>, place: Place, report: &mut Report) {
    match is_empty {
        None => report.push(place, Rule::Missing),
        Some(true) => report.push(place, Rule::Empty),
        Some(false) => {}
    }
}

#[cfg(test)]
mod tests;
