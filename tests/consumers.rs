//! Readers of Secrets: each rule has a Secret that breaks only it and one that does not, in
//! `rules/GROUP-NAME/`; Secrets as well-known charts render them, in `charts/`, break none. GUIDE.md
//! lists the readers.
//!
//! A comment `# consumer: NAME` at the start of a file names the reader, as `--consumer` does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mksecret::testing::{
    self, DataKey, Namespace, Secret, SecretBuilder, SecretName, Value, consumers, findings,
};
use serde::Deserialize;

use crate::harness;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    #[serde(rename = "apiVersion")]
    _api_version: String,
    #[serde(rename = "kind")]
    _kind: String,
    metadata: Metadata,
    #[serde(default, rename = "type")]
    secret_type: String,
    #[serde(default)]
    data: BTreeMap<String, String>,
    #[serde(default)]
    string_data: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    name: String,
    namespace: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

impl Document {
    fn secret(self) -> Secret {
        let mut builder =
            SecretBuilder::new(SecretName::new(&self.metadata.name), self.secret_type.as_str())
                .namespace(self.metadata.namespace.as_deref().map(Namespace::new));
        for (key, value) in &self.metadata.annotations {
            builder.annotate(key, value);
        }
        let data = self.data.iter().map(|(key, value)| (key, STANDARD.decode(value).unwrap()));
        let texts = self.string_data.iter().map(|(key, value)| (key, value.as_bytes().to_vec()));
        for (key, value) in data.chain(texts) {
            builder.add(DataKey::parse(key).unwrap(), Value::new(value)).unwrap();
        }
        let mut secret = builder.build();
        secret.metadata.labels = self.metadata.labels;
        secret
    }
}

/// The Secrets of a file, and the readers that it names.
fn read(path: &str) -> (Vec<Secret>, Vec<String>) {
    let text = fs::read_to_string(harness::source(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let first = text.lines().next().unwrap_or_default();
    let named = first.strip_prefix("# consumer: ").map(str::to_owned);
    let documents: Vec<Document> =
        serde_saphyr::from_multiple(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
    (documents.into_iter().map(Document::secret).collect(), named.into_iter().collect())
}

/// The ids and words of all findings in a file.
fn found(path: &str) -> Vec<(&'static str, String)> {
    let (secrets, named) = read(path);
    let named: Vec<_> = named.iter().map(String::as_str).collect();
    assert!(!secrets.is_empty(), "{path}");
    secrets.iter().flat_map(|secret| findings(secret, &named)).collect()
}

fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(harness::source(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn each_rule_fires_where_it_should() {
    let mut complaints = Vec::new();
    for id in testing::consumer_rules() {
        let folder = format!("tests/rules/{}", id.replace('/', "-"));
        let fires = found(&format!("{folder}/fires.yaml"));
        if fires.is_empty() || fires.iter().any(|(other, _)| *other != id) {
            complaints.push(format!("{id} fires: {fires:?}"));
        }
        let silent = found(&format!("{folder}/silent.yaml"));
        if !silent.is_empty() {
            complaints.push(format!("{id} silent: {silent:?}"));
        }
    }
    assert!(testing::consumer_rules().count() >= 30);
    harness::none(&complaints);
}

#[test]
fn secrets_of_charts_break_no_rule() {
    let charts = names("tests/charts");
    let mut complaints = Vec::new();
    for name in &charts {
        let found = found(&format!("tests/charts/{name}"));
        complaints.extend(found.iter().map(|(id, words)| format!("{name}: {id}: {words}")));
    }
    assert!(charts.len() >= 40, "{}", charts.len());
    harness::none(&complaints);
}

/// The table of GUIDE.md; `BLESS=1` rewrites it.
#[test]
fn the_guide_lists_the_readers() {
    const BEGIN: &str = "| Consumer | Reader | Recognised by | Checked | Facts from |\n";
    let mut table = format!("{BEGIN}|---|---|---|---|---|\n");
    for [name, about, marks, checked, version, source] in consumers() {
        let (repository, file) = source.split_once(' ').unwrap();
        writeln!(
            table,
            "| `{name}` | {about} | {marks} | {checked} | {version}, `{repository}` `{file}` |"
        )
        .unwrap();
    }
    let path = harness::source("GUIDE.md");
    let guide = fs::read_to_string(&path).unwrap();
    let start = guide.find(BEGIN).unwrap();
    let end = start + guide[start..].find("\n\n").unwrap() + 1;
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, [&guide[..start], &table, &guide[end..]].concat()).unwrap();
        return;
    }
    assert!(guide[start..end] == table, "GUIDE.md: BLESS=1 cargo test --test tests consumers");
}

#[test]
fn names_are_unique() {
    let all: Vec<_> = consumers().map(|[name, ..]| name).collect();
    let unique: BTreeSet<_> = all.iter().collect();
    assert_eq!(all.len(), unique.len());
    assert!(
        all.iter()
            .all(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
    );
}
