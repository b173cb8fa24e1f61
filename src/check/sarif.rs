//! The report for code hosts: SARIF 2.1.0 (OASIS). No line of a manifest is in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::names::{relative, uri};
use super::reported::Reported;
use crate::validate::RuleInfo;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// All findings as a SARIF log. Columns are counted in characters.
pub(crate) fn sarif(files: &[(String, Vec<Reported>)]) -> String {
    let found = files.iter().flat_map(|(_, reported)| reported);
    let mut rules: Vec<&'static RuleInfo> = found.map(|reported| reported.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let mut same = BTreeMap::new();
    let mut results = Vec::new();
    for (file, all) in files {
        let file = relative(file);
        let artifact = json!({ "uri": uri(&file), "uriBaseId": "%SRCROOT%" });
        for reported in all {
            let index = rules.binary_search_by_key(&reported.rule.id, |rule| rule.id);
            let mut location = json!({ "artifactLocation": artifact });
            if reported.line > 0 {
                location["region"] =
                    json!({ "startLine": reported.line, "startColumn": reported.column.max(1) });
            }
            let fingerprint = fingerprint(&file, reported);
            let count: &mut usize = same.entry(fingerprint.clone()).or_default();
            *count += 1;
            results.push(json!({
                "ruleId": reported.rule.id,
                "ruleIndex": index.unwrap_or_default(),
                "level": reported.severity.word(),
                "message": { "text": reported.in_one_line() },
                "locations": [{ "physicalLocation": location }],
                "partialFingerprints": { "secret/v1": format!("{fingerprint}:{count}") },
            }));
        }
    }
    let rules = rules.into_iter().map(|rule| {
        json!({
            "id": rule.id,
            "shortDescription": { "text": rule.id },
            "fullDescription": { "text": rule.explanation },
            "defaultConfiguration": { "level": rule.severity.word() },
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

/// What a finding is about, without the lines, which move: two runs know the same one by it.
fn fingerprint(file: &str, reported: &Reported) -> String {
    let mut hash = Sha256::new();
    let (namespace, name) = reported.object.clone().unwrap_or_default();
    let namespace = namespace.unwrap_or_default();
    // The message may count lines, bytes or days; the key that it is about stays.
    let key = reported.snippet.as_ref().map_or("", |snippet| snippet.text.trim());
    for part in [reported.rule.id, file, &namespace, &name, key] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
