//! Tests of [`super`]; the places are those of the server's recorded answers.

use super::*;
use crate::secret::samples::{Data, Pairs, pairs, secret};
use crate::secret::{DataKey, Metadata, Namespace, SecretBuilder, SecretName, Value};
use crate::validate::{Place, Severity};

fn lines(secret: &Secret) -> Vec<String> {
    let report = api_server(secret);
    assert!(report.findings().iter().all(|f| f.severity == Severity::Error));
    report.into_iter().map(|f| f.to_string()).collect()
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
            annotations: pairs(&[("a/b/c", &"x".repeat(256 * 1024))]),
        });
    builder.add(DataKey::parse("big").unwrap(), Value::new(vec![0; 1024 * 1024 + 1])).unwrap();
    let report = api_server(&builder.build());
    let places: Vec<_> = report.findings().iter().map(|f| f.place.clone().unwrap()).collect();
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
