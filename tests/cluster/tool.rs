//! The tool against doubles: runs of it, and what the double saw of them.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{Double, Seen};
use crate::harness::{Run, mksecret};

/// A run of the tool with a double's kubeconfig, as the administrator. Words are parted by blanks.
pub(super) fn tool(double: &Double, words: &str) -> Run {
    with_kubeconfig(&double.kubeconfig(), words)
}

/// Where an error of the network was met, as a message says it.
pub(super) fn at(double: &Double) -> String {
    format!(" (server 127.0.0.1:{}, context double)", double.port())
}

/// A run of the tool as the caller with this token.
pub(super) fn tool_as(double: &Double, token: &str, words: &str) -> Run {
    with_kubeconfig(&double.kubeconfig_for(token), words)
}

pub(super) fn with_kubeconfig(kubeconfig: &str, words: &str) -> Run {
    mksecret(words.split_whitespace())
        .file("kubeconfig", kubeconfig)
        .env("KUBECONFIG", "kubeconfig")
}

/// A Secret's manifest.
pub(super) fn secret(name: &str, data: &Value) -> Value {
    json!({"kind": "Secret", "apiVersion": "v1", "metadata": {"name": name}, "data": data})
}

/// The data of a stored Secret.
pub(super) fn data(double: &Double, namespace: &str, name: &str) -> Value {
    double.secret(namespace, name).map_or(Value::Null, |object| object["data"].clone())
}

/// Requests so far, in short: the method, the place and what stands out.
pub(super) fn requests(double: &Double) -> Vec<String> {
    double.seen().iter().map(request).collect()
}

pub(super) fn request(seen: &Seen) -> String {
    let place = seen.path.strip_prefix("/api/v1/namespaces/").unwrap_or(&seen.path);
    let mut text = format!("{} {}", seen.method, place.replacen("/secrets", "", 1));
    match seen.content_type.as_str() {
        "application/apply-patch+yaml" => text.push_str(" apply"),
        "application/json-patch+json" => text.push_str(" json-patch"),
        _ => {}
    }
    let is = |name: &str, value: &str| seen.query.contains(&(name.to_owned(), value.to_owned()));
    let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
    if is("dryRun", "All") || body["dryRun"] == json!(["All"]) {
        text.push_str(" dry");
    }
    if is("force", "true") {
        text.push_str(" force");
    }
    text
}

/// Who holds a stored Secret, and how: `mksecret Apply data.a,type`.
pub(super) fn managers(double: &Double, namespace: &str, name: &str) -> Vec<String> {
    let object = double.secret(namespace, name).unwrap();
    let entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    let described = entries.iter().map(|entry| {
        let mut fields = Vec::new();
        leaves(&entry["fieldsV1"], "", &mut fields);
        let text = |name: &str| entry[name].as_str().unwrap().to_owned();
        format!("{} {} {}", text("manager"), text("operation"), fields.join(","))
    });
    let mut described: Vec<_> = described.collect();
    // The server sorts them by time.
    described.sort();
    described
}

fn leaves(fields: &Value, path: &str, found: &mut Vec<String>) {
    for (name, below) in fields.as_object().into_iter().flatten() {
        let Some(name) = name.strip_prefix("f:") else { continue };
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if below.as_object().is_none_or(serde_json::Map::is_empty) {
            found.push(path);
        } else {
            leaves(below, &path, found);
        }
    }
}
