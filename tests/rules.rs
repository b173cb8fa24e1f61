//! Each rule on finished Secrets has a manifest in which it fires and one in which it does not:
//! `tests/rules/GROUP-NAME/fires.yaml` and `silent.yaml`.

use std::path::{Path, PathBuf};

use crate::harness::mksecret;

/// Rules that no manifest breaks whatever the day, the flags of `check` and the file system: they are
/// on flags, on sources and on what is sealed, and have cases in `tests/cases` or, `manifest/unsealed` and
/// `file/unreadable`, tests in `checking.rs`. What `value/expires-soon` finds ends within 24 hours of
/// the day on which it is read: a unit test of `ValueFault` has a clock of its own.
const WHILE_BUILDING: &[&str] = &[
    "bootstrap/never-expires",
    "docker/login-order",
    "docker/no-login-for-image",
    "docker/skipped-login",
    "flag/",
    "kustomize/",
    "login/bcrypt-length",
    "manifest/unsealed",
    "seal/",
    "sops/empty-value",
    "sops/string-data",
    "source/",
    "ssh/final-newline-added",
    "tls/chain",
    "tls/host-name",
    "tls/min-validity",
    "tls/repaired",
    "tls/signature-unchecked",
    "file/unreadable",
    "value/expires-soon",
];

fn folder(id: &str) -> PathBuf {
    let name = id.replace('/', "-");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(name)
}

/// The ids of the rules that are broken in a manifest, read for the consumer that its first line names.
fn ids(manifest: &Path) -> Vec<String> {
    let text = std::fs::read(manifest).unwrap();
    let first = String::from_utf8_lossy(text.split(|b| *b == b'\n').next().unwrap()).into_owned();
    let consumer = first.strip_prefix("# consumer: ").map(|name| format!("--consumer={name}"));
    let run = mksecret(["check", "-o", "json"].map(str::to_owned).into_iter().chain(consumer));
    let answer = run.arg(manifest).run();
    let report: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_rule_fires_and_is_silent() {
    let mut wrong = Vec::new();
    for (id, ..) in mksecret::testing::rules() {
        let is_listed = WHILE_BUILDING
            .iter()
            .any(|known| id == *known || known.ends_with('/') && id.starts_with(*known));
        if is_listed {
            continue;
        }
        for (name, fires) in [("fires.yaml", true), ("silent.yaml", false)] {
            let path = folder(id).join(name);
            if !path.is_file() {
                wrong.push(format!("{id}: there is no {name}"));
            } else if ids(&path).contains(&id.to_owned()) != fires {
                wrong.push(format!("{id}: {name}: {:?}", ids(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
