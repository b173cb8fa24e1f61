//! Manifests that a real API server judged (`cluster/exchanges`), judged by `mksecret check`.

use std::path::Path;

use serde_json::Value;

use crate::harness::mksecret;

/// Refusals for what a server has already, which no manifest shows.
const OF_STATE: &[&str] = &["apply-type-change", "immutable", "namespace-mismatch"];

#[test]
fn check_judges_as_the_server_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/exchanges");
    let mut judged = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let steps: Value = match serde_json::from_slice(&std::fs::read(&path).unwrap()) {
            Ok(steps) => steps,
            // The order of the files.
            Err(_) => continue,
        };
        for step in steps.as_array().unwrap() {
            let (request, status) =
                (&step["request"], step["response"]["status"].as_u64().unwrap());
            let target = request["path"].as_str().unwrap();
            let body = match &request["body"] {
                Value::String(text) => text.clone(),
                body => body.to_string(),
            };
            let is_lax = target.contains("fieldValidation=Ignore") || target.contains("=Warn");
            if !body.contains("\"kind\":\"Secret\"") || is_lax || OF_STATE.contains(&&*name) {
                continue;
            }
            let answer = mksecret(["check", "-"]).stdin(body).run();
            let refused = matches!(status, 400 | 422);
            let found = String::from_utf8_lossy(&answer.stdout).into_owned();
            assert_eq!(answer.status == Some(1), refused, "{name}: {status}, {found}");
            judged += 1;
        }
    }
    assert!(judged >= 40, "{judged}");
}
