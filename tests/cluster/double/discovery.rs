//! The documents in which the server tells what it serves.

use serde_json::{Value, json};

/// `/version`, as recorded.
pub fn version() -> Value {
    json!({
        "major": "1",
        "minor": "36",
        "emulationMajor": "1",
        "emulationMinor": "36",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35",
        "gitVersion": "v0.0.0-master+8e16b12fda5b1dccc41a6de48b3e356cc7d5048b",
        "gitCommit": "8e16b12fda5b1dccc41a6de48b3e356cc7d5048b",
        "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "go1.27.3",
        "compiler": "gc",
        "platform": "linux/amd64",
    })
}

/// The document at this path, if it is one of discovery's.
pub fn document(path: &str) -> Option<Value> {
    const VERBS: [&str; 7] = ["create", "delete", "get", "list", "patch", "update", "watch"];
    match path {
        "/version" | "/version/" => Some(version()),
        "/api" | "/api/" => Some(json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" | "/apis/" => {
            Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": []}))
        }
        "/api/v1" | "/api/v1/" => {
            let row = |name: &str, singular: &str, kind: &str, short: &str, namespaced: bool| {
                json!({
                    "name": name,
                    "singularName": singular,
                    "namespaced": namespaced,
                    "kind": kind,
                    "verbs": VERBS,
                    "shortNames": if short.is_empty() { vec![] } else { vec![short] },
                })
            };
            Some(json!({
                "kind": "APIResourceList",
                "groupVersion": "v1",
                "resources": [
                    row("namespaces", "namespace", "Namespace", "ns", false),
                    row("secrets", "secret", "Secret", "", true),
                    row("serviceaccounts", "serviceaccount", "ServiceAccount", "sa", true),
                ],
            }))
        }
        _ => None,
    }
}
