//! Tests of [`super`]; the places are those of the server's recorded answers.

use super::*;
use crate::secret::samples::{Data, pairs, secret};
use crate::secret::{Metadata, Namespace, SecretBuilder, SecretName};
use crate::validate::Severity;

fn lines(secret: &Secret) -> Vec<String> {
    let report = any_type(secret);
    assert!(report.findings().iter().all(|f| f.severity == Severity::Error));
    report.into_iter().map(|f| f.to_string()).collect()
}

#[test]
fn names() {
    let sub = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
               '-' or '.', and must start and end with an alphanumeric character";
    let long = "a".repeat(254);
    let rows: &[(&str, Vec<String>)] = &[
        ("a.b-0", vec![]),
        (&long[..253], vec![]),
        (&long, vec!["metadata.name: must be no more than 253 bytes, has 254".to_owned()]),
        ("", vec!["metadata.name: must be non-empty".to_owned()]),
        ("Bad_Name", vec![format!("metadata.name: {sub} (see character 1)")]),
        ("a_b", vec![format!("metadata.name: {sub} (see character 2)")]),
        ("a..b", vec![format!("metadata.name: {sub} (see character 3)")]),
    ];
    for (name, want) in rows {
        let secret = SecretBuilder::new(SecretName::new(name), "").build();
        assert_eq!(lines(&secret), *want, "{name}");
    }
}

#[test]
fn namespaces() {
    let none = "metadata.namespace: no namespace can have that name";
    let label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \
                 '-', and must start and end with an alphanumeric character";
    let long = "a".repeat(64);
    let rows: &[(Option<&str>, Vec<String>)] = &[
        (None, vec![]),
        (Some(""), vec![]),
        (Some("kube-system"), vec![]),
        (Some(&long[..63]), vec![]),
        (Some(&long), vec![format!("{none}: must be no more than 63 bytes, has 64")]),
        (Some("Bad"), vec![format!("{none}: {label} (see character 1)")]),
        (Some("a/b"), vec![format!("{none}: {label} (see character 2)")]),
        (Some("a.b"), vec![format!("{none}: must not contain dots")]),
    ];
    for (namespace, want) in rows {
        let builder = SecretBuilder::new(SecretName::new("x"), "");
        let secret = builder.namespace(namespace.map(Namespace::new)).build();
        assert_eq!(lines(&secret), *want, "{namespace:?}");
    }
}

#[test]
fn labels_and_annotations() {
    let metadata = Metadata {
        labels: pairs(&[("app", "web"), ("a b", "x"), ("bad", "hunter2!"), ("ok/x", "")]),
        annotations: pairs(&[("Example.COM/any", "hunter2!"), ("-", "hunter2")]),
    };
    let secret = SecretBuilder::new(SecretName::new("x"), "").metadata(metadata).build();
    let part = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end \
                with an alphanumeric character";
    let value = "a valid label must be an empty string or consist of alphanumeric characters, \
                 '-', '_' or '.', and must start and end with an alphanumeric character";
    let want = [
        format!("metadata.labels[(3 bytes, not shown)]: name part {part} (see character 2)"),
        format!("metadata.labels[bad]: {value} (see character 8)"),
        format!("metadata.annotations[-]: name part {part} (see character 1)"),
    ];
    assert_eq!(lines(&secret), want);
}

#[test]
fn sizes() {
    let half = vec![0; DATA_MAX / 2];
    let half: &[u8] = &half;
    let rows: &[(Data<'_>, &[&str])] = &[
        (&[("a", half), ("b", half), ("c", b"")], &[]),
        (
            &[("a", half), ("b", half), ("c", b"1")],
            &["data: 1048577 bytes, may not be more than 1048576 bytes \
               (biggest: a: 524288, b: 524288, c: 1)"],
        ),
    ];
    for (data, want) in rows {
        assert_eq!(lines(&secret("", data)), *want);
    }
    for (len, want) in [
        (ANNOTATIONS_MAX - 2, vec![]),
        (
            ANNOTATIONS_MAX - 1,
            vec![
                "metadata.annotations: 262145 bytes, may not be more than 262144 bytes \
                 (biggest: b: 262144, a: 1)",
            ],
        ),
    ] {
        let annotations = pairs(&[("a", ""), ("b", &"x".repeat(len))]);
        let metadata = Metadata { annotations, ..Metadata::default() };
        let secret = SecretBuilder::new(SecretName::new("x"), "").metadata(metadata).build();
        assert_eq!(lines(&secret), want);
    }
}

#[test]
fn sizes_name_the_biggest_first() {
    type Row<'a> = (&'a [(&'a str, usize)], usize, Option<&'a str>);
    let rows: &[Row<'_>] = &[
        (&[], 0, None),
        (&[("a", 5), ("b", 5)], 10, None),
        (
            &[("a", 5), ("b", 6)],
            10,
            Some("11 bytes, may not be more than 10 bytes (biggest: b: 6, a: 5)"),
        ),
        (
            &[("d", 1), ("c", 2), ("b", 2), ("a", 9), ("e", 0)],
            10,
            Some("14 bytes, may not be more than 10 bytes (biggest: a: 9, b: 2, c: 2)"),
        ),
        (
            &[("a", usize::MAX), ("b", 1)],
            10,
            Some(&*format!(
                "{0} bytes, may not be more than 10 bytes (biggest: a: {0}, b: 1)",
                usize::MAX
            )),
        ),
    ];
    for (entries, max, want) in rows {
        let sizes = Sizes::over(&DATA_SIZE, *max, entries.iter().copied());
        assert_eq!(sizes.map(|s| s.to_string()).as_deref(), *want, "{entries:?}");
    }
}
