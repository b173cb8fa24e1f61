use super::*;
use crate::manifest::{self, Documents, Node};

const ENC: &str = "ENC[AES256_GCM,data:efaL9w==,iv:NnE=,tag:aN62zg==,type:str]";
const SOPS: &str = "sops: {mac: 'ENC[x]', version: 3.11.0, encrypted_regex: ^data$}\n";

fn with_root<T>(text: &str, judge: impl FnOnce(&Node<'_>) -> T) -> T {
    let text = text.replace("ENC()", &format!("'{ENC}'"));
    let document = Documents::new(text.as_bytes()).next().unwrap().unwrap();
    judge(&manifest::read(&document, &mut Some).unwrap().root)
}

/// The findings on a Secret: the rule, where it is, and its words.
fn findings(text: &str) -> Vec<(&'static str, String, String)> {
    with_root(text, |root| {
        let mut issues = check(root);
        check_readable(root, root.get("sops"), &mut issues);
        let row = |issue: Issue| {
            let place = format!("{}:{}", issue.span.line, issue.span.column);
            (issue.rule.info().id, place, issue.rule.to_string())
        };
        issues.into_iter().map(row).collect()
    })
}

fn assert_ids(text: &str, want: &[&str]) {
    let found: Vec<_> = findings(text).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(found, want, "{text}");
}

#[test]
fn values() {
    let rows: &[(&str, &[&str])] = &[
        ("data: {a: ENC(), b: '', c: }", &[]),
        ("data: {a: aHVudGVyMg==}", &["sops/readable"]),
        ("data: {a: ENC(), b: aHVudGVyMg==, c: YQ==}", &["sops/readable"; 2]),
        ("stringData: {port: 5432}", &["sops/readable"]),
        ("stringData: {a: '${PASSWORD}'}", &[]),
        ("stringData: {a: ENC()}", &["sops/string-data"]),
        ("stringData: {a: ''}", &[]),
        ("data: {a_unencrypted: YQ==}", &["sops/readable"]),
    ];
    for (data, want) in rows {
        let text = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{data}\n{SOPS}");
        assert_ids(&text, want);
        let is_readable = with_root(&text, |root| readable(root).is_some());
        assert_eq!(is_readable, want.contains(&"sops/readable"), "{text}");
    }
    let sops = SOPS.replace(", encrypted_regex: ^data$", "");
    let text = format!("kind: Secret\ndata: {{a_unencrypted: YQ==, b: ENC()}}\n{sops}");
    assert_ids(&text, &[]);
    let sops = sops.replace('}', ", unencrypted_suffix: -plain}");
    assert_ids(&format!("kind: Secret\ndata: {{a-plain: YQ==, b: ENC()}}\n{sops}"), &[]);
    let places =
        findings("kind: Secret\ndata:\n  a: aHVudGVyMg==\nsops: {mac: x, version: 3.9.0}\n");
    let [(_, place, words)] = places.as_slice() else { panic!("{places:?}") };
    assert_eq!(
        (place.as_str(), words.as_str()),
        ("3:6", "data[a]: SOPS has not encrypted the value")
    );
}

#[test]
fn own_field() {
    let rows: &[(&str, &[&str])] = &[
        ("{mac: x, version: 3.11.0}", &[]),
        ("{mac: x, version: 3.13.0-dev}", &[]),
        ("{version: 3.11.0}", &["sops/mac"]),
        ("{mac: '', version: 3.11.0}", &["sops/mac"]),
        ("{mac: x}", &["sops/version"]),
        ("{mac: x, version: 3.9}", &["sops/version"]),
        ("{mac: x, version: '3.9'}", &["sops/version"]),
        ("{mac: x, version: v3.9.0}", &["sops/version"]),
        ("{mac: x, version: 3.09.0}", &["sops/version"]),
        ("{mac: x, version: 3.9.0, encrypted_regex: a, mac_only_encrypted: true}", &[]),
        ("{mac: x, version: 3.9.0, encrypted_regex: a, encrypted_suffix: ''}", &[]),
        (
            "{mac: x, version: 3.9.0, encrypted_regex: a, encrypted_suffix: b}",
            &["sops/two-selectors"],
        ),
    ];
    for (sops, want) in rows {
        assert_ids(&format!("kind: Secret\ndata: {{a: ENC()}}\nsops: {sops}\n"), want);
        // The values of a chart are not a manifest.
        assert_ids(&format!("password: ENC()\nsops: {sops}\n"), &[]);
    }
}

#[test]
fn what_tools_have_to_read() {
    let rows: &[(&str, Option<&str>)] = &[
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {app: a}}", None),
        ("apiVersion: ENC()\nkind: ENC()\nmetadata: {name: ENC()}", Some("apiVersion")),
        ("kind: ENC()", Some("kind")),
        ("kind: Secret\nmetadata: {name: ENC()}", Some("metadata.name")),
        ("kind: Secret\nmetadata: {labels: {b: x, data: ENC()}}", Some("metadata.labels[data]")),
    ];
    for (text, want) in rows {
        let found = findings(&format!("{text}\n{SOPS}"));
        let paths: Vec<_> =
            found.iter().map(|(id, _, words)| (*id, words.split(": ").next())).collect();
        let want: Vec<_> = want.iter().map(|path| ("sops/hidden-field", Some(*path))).collect();
        assert_eq!(paths, want, "{text}");
    }
    let last = "kubectl.kubernetes.io/last-applied-configuration";
    for (value, want) in [("'{}'", &["sops/last-applied"][..]), ("ENC()", &["sops/hidden-field"])] {
        assert_ids(
            &format!("kind: Secret\nmetadata: {{annotations: {{{last}: {value}}}}}\n{SOPS}"),
            want,
        );
    }
}
