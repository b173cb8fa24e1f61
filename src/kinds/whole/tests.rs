use super::*;
use crate::secret::{SecretBuilder, SecretName};

#[test]
fn types_that_are_written_short() {
    let rows = [
        ("", None),
        ("Opaque", None),
        ("kubernetes.io/tls", None),
        ("example.com/tls", None),
        ("token", None),
        ("app", None),
        ("opaque", Some("Opaque")),
        ("generic", Some("Opaque")),
        ("tls", Some("kubernetes.io/tls")),
        ("Kubernetes.io/TLS", Some("kubernetes.io/tls")),
        ("docker-registry", Some("kubernetes.io/dockerconfigjson")),
        ("basic-auth", Some("kubernetes.io/basic-auth")),
        ("bootstrap-token", Some("bootstrap.kubernetes.io/token")),
        ("kubernetes.io/basic_auth", Some("kubernetes.io/basic-auth")),
        ("kubernetes.io/ssh", Some("kubernetes.io/ssh-auth")),
        ("kubernetes.io/dockerconfig.json", Some("kubernetes.io/dockerconfigjson")),
        ("kubernetes.io/token", Some("bootstrap.kubernetes.io/token")),
        ("kubernetes.io/rbd", None),
        ("kubernetes.io/cephfs", None),
        ("example.com/basic_auth", None),
    ];
    for (given, want) in rows {
        assert_eq!(similar_type(given), want, "{given}");
    }
}

/// What is found, as messages.
fn lines(secret_type: &str, data: &[(&str, &[u8])], annotations: &[(&str, &str)]) -> Vec<String> {
    let mut builder = SecretBuilder::new(SecretName::new("x"), secret_type);
    for (key, value) in data {
        builder.add(DataKey::parse(key).unwrap(), Value::new(value.to_vec())).unwrap();
    }
    for (key, value) in annotations {
        builder.annotate(key, value);
    }
    let mut report = Report::default();
    check(&builder.build(), &Context::new(&|| jiff::Timestamp::UNIX_EPOCH), &mut report);
    report.findings().iter().map(ToString::to_string).collect()
}

type Row<'a> = (&'a str, &'a [(&'a str, &'a [u8])], &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn secrets_that_are_not_what_was_meant() {
    let big = vec![b'x'; 900_000];
    let data: &[(&str, &[u8])] = &[("password", b"hunter2-hunter2")];
    let full = r#"{"kind":"Secret","data":{"password":"aHVudGVyMg=="}}"#;
    let bare = r#"{"kind":"Secret","metadata":{"name":"x"},"data":{}}"#;
    let rows: &[Row<'_>] = &[
        ("Opaque", data, &[], &[]),
        ("Opaque", &[], &[], &["data: is empty: the Secret has no data"]),
        ("kubernetes.io/service-account-token", &[], &[], &[]),
        ("tls", data, &[], &["type: is not a built-in type, so nothing is checked"]),
        (
            "Opaque",
            &[("a", &big)],
            &[],
            &["data: 900000 bytes, over 80 % of the 1048576 that are allowed"],
        ),
        (
            "Opaque",
            data,
            &[("kubectl.kubernetes.io/last-applied-configuration", full)],
            &["metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]: contains \
               the values of the Secret in plain sight"],
        ),
        ("Opaque", data, &[("kubectl.kubernetes.io/last-applied-configuration", bare)], &[]),
        (
            "Opaque",
            data,
            &[("example.com/note", "the password is hunter2-hunter2")],
            &["metadata.annotations[example.com/note]: contains the value of data[password]"],
        ),
        (
            "Opaque",
            data,
            &[("note", "aHVudGVyMi1odW50ZXIy")],
            &["metadata.annotations[note]: contains the value of data[password]"],
        ),
        (
            "Opaque",
            &[("url", b"https://db1.example.com")],
            &[("url", "https://db1.example.com")],
            &[],
        ),
        ("Opaque", &[("user", b"postgres")], &[("user", "postgres")], &[]),
        (
            "Opaque",
            &[("DB_USER", b"a"), ("DB_HOST", b"b"), ("DB-PASSWORD", b"c")],
            &[],
            &["data[DB-PASSWORD]: is not a valid name of an environment variable, and all other \
               keys are"],
        ),
        ("Opaque", &[("DB_USER", b"a"), ("DB-PASSWORD", b"c")], &[], &[]),
        ("Opaque", &[("DB_USER", b"a"), ("DB_HOST", b"b"), ("ca.crt", b"c")], &[], &[]),
        ("Opaque", &[("username", b"a"), ("password", b"b"), ("jdbc-url", b"c")], &[], &[]),
        ("Opaque", &[("A", b"a"), ("B", b"b"), ("C-1", b"c"), ("C-2", b"d")], &[], &[]),
    ];
    for (secret_type, data, annotations, want) in rows {
        assert_eq!(lines(secret_type, data, annotations), *want);
    }
}
