//! Tests of [`super`]; the places are those of the server's recorded answers.

use super::*;
use crate::secret::{DataKey, Metadata, Namespace, SecretBuilder, SecretName};
use crate::validate::Severity;

type Data<'a> = &'a [(&'a str, &'a [u8])];
type Pairs<'a> = &'a [(&'a str, &'a str)];

/// A Secret of that type and data, otherwise without fault.
fn secret(secret_type: &str, data: Data<'_>) -> Secret {
    let mut builder = SecretBuilder::new(SecretName::new("s2"), secret_type);
    for (key, value) in data {
        builder.add(DataKey::parse(key).unwrap(), Value::new(value.to_vec())).unwrap();
    }
    builder.build()
}

fn pairs<T: From<String>>(pairs: Pairs<'_>) -> std::collections::BTreeMap<String, T> {
    pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned().into())).collect()
}

fn lines(secret: &Secret) -> Vec<String> {
    let report = api_server(secret);
    assert!(report.findings().iter().all(|f| f.severity() == Severity::Error));
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
fn service_account_tokens() {
    let field = "metadata.annotations[kubernetes.io/service-account.name]";
    let rows: &[(Pairs<'_>, Option<&str>)] = &[
        (&[], Some("required value")),
        (&[(SERVICE_ACCOUNT_NAME, "")], Some("required value, and it is empty")),
        (&[("Kubernetes.io/service-account.name", "robot")], Some("required value")),
        (&[(SERVICE_ACCOUNT_NAME, "robot")], None),
    ];
    for (annotations, want) in rows {
        let metadata = Metadata { annotations: pairs(annotations), ..Metadata::default() };
        let builder =
            SecretBuilder::new(SecretName::new("x"), "kubernetes.io/service-account-token");
        let want: Vec<_> = want.iter().map(|rule| format!("{field}: {rule}")).collect();
        assert_eq!(lines(&builder.metadata(metadata).build()), want, "{annotations:?}");
    }
}

#[test]
fn types() {
    let rows: &[(&str, Data<'_>, &[&str])] = &[
        ("", &[], &[]),
        ("Opaque", &[], &[]),
        ("-o", &[], &[]),
        ("bootstrap.kubernetes.io/token", &[], &[]),
        ("kubernetes.io/TLS", &[], &[]),
        ("kubernetes.io/dockercfg", &[], &["data[.dockercfg]: required value"]),
        (
            "kubernetes.io/dockercfg",
            &[(".dockercfg", b"{]")],
            &["data[.dockercfg]: must be a JSON object: invalid character looking for beginning \
               of object key string (line 1, column 2)"],
        ),
        ("kubernetes.io/dockercfg", &[(".dockercfg", b"{}")], &[]),
        (
            "kubernetes.io/dockerconfigjson",
            &[("a", b"{}")],
            &["data[.dockerconfigjson]: required value"],
        ),
        (
            "kubernetes.io/dockerconfigjson",
            &[(".dockerconfigjson", b"")],
            &["data[.dockerconfigjson]: must be a JSON object: it is empty (line 1, column 1)"],
        ),
        (
            "kubernetes.io/dockerconfigjson",
            &[(".dockerconfigjson", b"nope")],
            &["data[.dockerconfigjson]: must be a JSON object: invalid character in literal \
               (line 1, column 2)"],
        ),
        (
            "kubernetes.io/dockerconfigjson",
            &[(".dockerconfigjson", b"[]")],
            &["data[.dockerconfigjson]: must be a JSON object: found an array (line 1, column 1)"],
        ),
        ("kubernetes.io/dockerconfigjson", &[(".dockerconfigjson", b"null\n")], &[]),
        (
            "kubernetes.io/basic-auth",
            &[("a", b"x")],
            &["data[username]: required value, unless there is data[password]"],
        ),
        ("kubernetes.io/basic-auth", &[("username", b"")], &[]),
        ("kubernetes.io/basic-auth", &[("password", b"")], &[]),
        ("kubernetes.io/ssh-auth", &[], &["data[ssh-privatekey]: required value"]),
        (
            "kubernetes.io/ssh-auth",
            &[("ssh-privatekey", b"")],
            &["data[ssh-privatekey]: required value, and it is empty"],
        ),
        ("kubernetes.io/ssh-auth", &[("ssh-privatekey", b"x")], &[]),
        ("kubernetes.io/tls", &[("tls.crt", b"x")], &["data[tls.key]: required value"]),
        (
            "kubernetes.io/tls",
            &[],
            &["data[tls.crt]: required value", "data[tls.key]: required value"],
        ),
        ("kubernetes.io/tls", &[("tls.crt", b""), ("tls.key", b"")], &[]),
    ];
    for (secret_type, data, want) in rows {
        assert_eq!(lines(&secret(secret_type, data)), *want, "{secret_type} {}", data.len());
    }
}

#[test]
fn findings_come_in_the_order_of_the_fields() {
    let mut builder = SecretBuilder::new(SecretName::new("A"), "kubernetes.io/tls")
        .namespace(Some(Namespace::new("B")))
        .metadata(Metadata {
            labels: pairs(&[("-", "-")]),
            annotations: pairs(&[("a/b/c", &"x".repeat(ANNOTATIONS_MAX))]),
        });
    builder.add(DataKey::parse("big").unwrap(), Value::new(vec![0; DATA_MAX + 1])).unwrap();
    let report = api_server(&builder.build());
    let places: Vec<_> = report.findings().iter().map(|f| f.place.clone()).collect();
    let want = [
        Place::Name,
        Place::Namespace,
        Place::Label("-".into()),
        Place::Label("-".into()),
        Place::Annotation("a/b/c".into()),
        Place::Annotations,
        Place::Data,
        Place::Key("tls.crt".into()),
        Place::Key("tls.key".into()),
    ];
    assert_eq!(places, want);
    let debug = format!("{report:?}");
    assert!(!debug.contains("xx"), "a value in {debug}");
}
