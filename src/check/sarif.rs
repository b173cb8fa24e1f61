//! The report for code hosts: SARIF 2.1.0 (OASIS). No line of a manifest is in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::judge::Reported;
use super::names::{relative, uri};
use crate::validate::{RuleInfo, Severity};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// All findings as a SARIF log. Columns are counted in characters.
pub(crate) fn sarif(files: &[(String, Vec<Reported>)]) -> String {
    let all = || files.iter().flat_map(|(file, all)| all.iter().map(move |each| (file, each)));
    let mut rules: Vec<&'static RuleInfo> = all().map(|(_, reported)| reported.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let mut same = BTreeMap::new();
    let results = all().map(|(file, reported)| {
        let index = rules.binary_search_by_key(&reported.rule.id, |rule| rule.id);
        let mut location = json!({ "artifactLocation": {
            "uri": uri(&relative(file)),
            "uriBaseId": "%SRCROOT%",
        }});
        if reported.line > 0 {
            location["region"] =
                json!({ "startLine": reported.line, "startColumn": reported.column.max(1) });
        }
        let fingerprint = fingerprint(file, reported);
        let count: &mut usize = same.entry(fingerprint.clone()).or_default();
        *count += 1;
        json!({
            "ruleId": reported.rule.id,
            "ruleIndex": index.unwrap_or_default(),
            "level": level(reported.severity),
            "message": { "text": with_hints(reported) },
            "locations": [{ "physicalLocation": location }],
            "partialFingerprints": { "secret/v1": format!("{fingerprint}:{count}") },
        })
    });
    let results: Vec<Value> = results.collect();
    let rules = rules.into_iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.id },
            "fullDescription": { "text": rule.explanation },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "mksecret",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}

/// The message with what to do.
pub(super) fn with_hints(reported: &Reported) -> String {
    let mut text = reported.message.clone();
    for hint in &reported.hints {
        let _ = write!(text, "; hint: {hint}");
    }
    text
}

/// What a finding is about, without the lines, which move: two runs know the same one by it.
fn fingerprint(file: &str, reported: &Reported) -> String {
    let mut hash = Sha256::new();
    let (namespace, name) = reported.object.clone().unwrap_or_default();
    let namespace = namespace.unwrap_or_default();
    for part in [reported.rule.id, &relative(file), &namespace, &name, &reported.message] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
