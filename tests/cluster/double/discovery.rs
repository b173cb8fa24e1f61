//! The documents in which the server tells what it serves.

use serde_json::{Map, Value, json};

use super::store::Resource;

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
        "/openapi/v3" => {
            let place = json!({"serverRelativeURL": "/openapi/v3/api/v1"});
            Some(json!({"paths": {"api/v1": place}}))
        }
        "/openapi/v3/api/v1" => Some(openapi()),
        _ => None,
    }
}

/// As much of the description as kubectl looks at to learn that the server validates fields itself.
fn openapi() -> Value {
    let mut paths = Map::new();
    for resource in [Resource::Namespaces, Resource::Secrets, Resource::ServiceAccounts] {
        let kind = json!({"group": "", "version": "v1", "kind": resource.kind()});
        let patch = json!({
            "parameters": [{"name": "fieldValidation", "in": "query"}],
            "x-kubernetes-group-version-kind": kind,
        });
        paths.insert(format!("/api/v1/{}/{{name}}", resource.plural()), json!({"patch": patch}));
    }
    let info = json!({"title": "Kubernetes", "version": "v1.36.2"});
    json!({"openapi": "3.0.0", "info": info, "paths": paths})
}
