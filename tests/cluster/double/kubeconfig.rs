//! Kubeconfigs for doubles.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Double;

/// How a context's user proves who they are.
#[derive(Clone, Copy, Debug)]
pub enum Credential<'a> {
    /// The administrator's client certificate.
    Certificate,
    /// A bearer token.
    Token(&'a str),
    /// Not at all.
    Nobody,
}

/// One kubeconfig with a context per double; the first is the current one.
pub fn kubeconfig(contexts: &[(&str, &Double, Credential<'_>)]) -> String {
    let list = |entry: &dyn Fn(&str, &Double, Credential<'_>) -> Value| {
        contexts.iter().map(|(name, double, by)| entry(name, double, *by)).collect::<Vec<_>>()
    };
    let clusters = list(&|name, double, _| {
        let ca = STANDARD.encode(double.ca_pem());
        json!({
            "name": name,
            "cluster": {"server": double.url(), "certificate-authority-data": ca},
        })
    });
    let users = list(&|name, double, by| {
        let user = match by {
            Credential::Certificate => {
                let (certificate, key) = double.client_pem();
                json!({
                    "client-certificate-data": STANDARD.encode(certificate),
                    "client-key-data": STANDARD.encode(key),
                })
            }
            Credential::Token(token) => json!({"token": token}),
            Credential::Nobody => json!({}),
        };
        json!({"name": name, "user": user})
    });
    let entries =
        list(&|name, _, _| json!({"name": name, "context": {"cluster": name, "user": name}}));
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": contexts.first().map_or("", |(name, _, _)| name),
        "clusters": clusters,
        "users": users,
        "contexts": entries,
    });
    format!("{config:#}\n")
}
