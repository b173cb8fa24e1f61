//! The report that programs read.

use serde::Serialize;

use super::judge::Counts;
use super::reported::Reported;

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Finding<'a>>,
    files: usize,
    secrets: usize,
    /// How many documents were passed over, by why.
    skipped: std::collections::BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Finding<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    severity: &'static str,
    rule: &'static str,
    message: &'a str,
    hints: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// All findings as one JSON object.
pub(crate) fn json(files: &[(String, Vec<Reported>)], counts: &Counts) -> String {
    let all = files.iter().flat_map(|(file, all)| all.iter().map(move |each| (file, each)));
    let findings = all.map(|(path, reported)| {
        let object = reported.object.as_ref();
        Finding {
            path,
            line: reported.line,
            column: reported.column,
            severity: reported.severity.word(),
            rule: reported.rule.id,
            message: &reported.message,
            hints: &reported.hints,
            namespace: object.and_then(|(namespace, _)| namespace.as_deref()),
            name: object.map(|(_, name)| name.as_str()),
        }
    });
    let skipped = counts.skipped.iter().map(|(why, count)| (why.id(), *count)).collect();
    let Counts { files, secrets, .. } = *counts;
    let report = Report { findings: findings.collect(), files, secrets, skipped };
    // Maps have text for keys, and nothing here fails to serialize.
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}
