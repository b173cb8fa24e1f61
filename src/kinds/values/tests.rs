use jiff::Timestamp;

use super::*;
use crate::secret::{DataKey, SecretBuilder, SecretName, Value};

const UTF_16: TextMark = TextMark::Utf16("UTF-16");

#[test]
fn marks() {
    let rows: [(&str, &[u8], Option<TextMark>); 10] = [
        ("password", b"\xff\xfes\x003\x00\r\x00\n\x00", Some(UTF_16)),
        ("app.conf", b"\xfe\xff\x00s\x003", Some(UTF_16)),
        ("password", b"\xef\xbb\xbfs3cret\r\n", Some(TextMark::Utf8)),
        ("app.conf", b"\xef\xbb\xbfa=b\n", None),
        (".dockerconfigjson", b"\xff\xfe{\x00}\x00", None),
        ("blob", b"\xff\xfes\x003", None),
        ("blob", b"\xff\xfe\x01\x00\x02\x00", None),
        ("blob", b"\xff\xfe\x00\xd8\x02\x00", None),
        ("blob", b"\xff\xfe", None),
        ("password", b"s3cret", None),
    ];
    for (key, value, want) in rows {
        assert_eq!(mark(key.as_bytes(), value), want, "{key} {}", value.escape_ascii());
    }
}

#[test]
fn stray_newlines() {
    let (longest, longer) = ("x".repeat(1023) + "\n", "x".repeat(1024) + "\n");
    let rows = [
        ("password", "hunter2\n", true),
        ("password.txt", "hunter2\n", true),
        ("api.key", "hunter2\r\n", true),
        ("json", "hunter2\n", true),
        ("password", "\n", true),
        ("password", longest.as_str(), true),
        ("password", longer.as_str(), false),
        ("password", "hunter2", false),
        ("password", "", false),
        ("password", "a\nb\n", false),
        ("password", "a\nb", false),
        ("known_hosts", "host ssh-ed25519 AAAA\n", false),
        (".gitconfig", "[user]\n", false),
        (".dockerconfigjson", "{\"auths\":{}}\n", false),
        ("id_ed25519.pub", "ssh-ed25519 AAAA\n", false),
        ("app.conf", "debug=false\n", false),
    ];
    for (key, value, want) in rows {
        assert_eq!(is_stray(key.as_bytes(), value.as_bytes()), want, "{key} {value:?}");
    }
}

/// The ids of all that is found in a value of an Opaque Secret.
fn ids(key: &str, value: &[u8]) -> Vec<&'static str> {
    let mut builder = SecretBuilder::new(SecretName::new("x"), "Opaque");
    builder.add(DataKey::parse(key).unwrap(), Value::new(value.to_vec())).unwrap();
    let now = || Timestamp::from_second(50_000).unwrap();
    let mut report = Report::default();
    check(&builder.build(), &Context::new(&now), &mut report);
    report.findings().iter().map(|finding| finding.rule.info().id).collect()
}

#[test]
fn values_that_are_not_what_was_meant() {
    let rows: &[(&str, &[u8], &[&str])] = &[
        ("password", b"hunter2", &[]),
        ("password", b"", &["value/empty"]),
        ("password", b"hunter2\n", &["value/trailing-newline"]),
        ("password", b"\"hunter2\"", &["value/quotes"]),
        ("password", b"'hunter2'\n", &["value/trailing-newline", "value/quotes"]),
        ("password", b"it's", &[]),
        ("password", b"'a' or 'b'", &[]),
        ("settings.json", b"\"text\"", &[]),
        ("password", b"hunter2 ", &["value/outer-blank"]),
        ("password", b"\thunter2", &["value/outer-blank"]),
        ("password", b"correct horse", &[]),
        ("key", b" \x00\x01binary", &[]),
        ("script", b"#!/bin/sh\r\ntrue\r\n", &["value/crlf"]),
        ("script", b"#!/bin/sh\ntrue\n", &[]),
        ("password", b"aHVudGVyMg==", &["value/double-base64"]),
        ("password", b"Y29ycmVjdCBob3JzZSBiYXR0ZXJ5", &["value/double-base64"]),
        ("password", b"aHVudGVyMjM0", &[]),
        ("password", b"administrator123", &[]),
        ("key", b"3q2+7wAAAAAAAAAAAAAAAA==", &[]),
        ("password", b"eyJ9.eyJleHAiOjEwMDB9.x", &["value/expired"]),
        ("token", b"eyJ9.eyJleHAiOjEwMDAwMH0.x", &["value/expires-soon"]),
    ];
    for (key, value, want) in rows {
        assert_eq!(ids(key, value), *want, "{key} {}", value.escape_ascii());
    }
}

#[test]
fn placeholders_are_whole_values() {
    for word in PLACEHOLDERS {
        assert!(is_placeholder(word.as_bytes()), "{word}");
        assert!(!is_placeholder(format!("{word}1").as_bytes()), "{word}");
    }
    assert!(PLACEHOLDERS.is_sorted());
    let rows = [
        ("changeme", true),
        ("CHANGE_ME", true),
        ("Change Me", true),
        ("<password>", true),
        ("<your token here>", true),
        ("REDACTED", true),
        ("[REDACTED]", true),
        ("DATA+OMITTED", true),
        ("{{placeholder}}", true),
        ("__REPLACE_ME__", true),
        ("xxxxxxxx", true),
        ("********", true),
        ("TODO", true),
        ("xx", false),
        ("changeme123", false),
        ("please changeme now", false),
        ("redactedpassword", false),
        ("<>", false),
        ("<xml/>", false),
        ("<1>", false),
        ("admin", false),
        ("password", false),
        ("secret", false),
        ("", false),
    ];
    for (value, want) in rows {
        assert_eq!(is_placeholder(value.as_bytes()), want, "{value:?}");
    }
}

#[test]
fn an_expired_certificate_in_any_secret() {
    let pem = include_bytes!("../../../tests/fixtures/web/web.crt");
    assert_eq!(ids("ca.crt", pem), ["tls/not-yet-valid"]);
}

#[test]
fn an_expired_ca_of_a_bundle_is_harmless() {
    let root = |until| {
        let mut params = rcgen::CertificateParams::default();
        params.not_before = rcgen::date_time_ymd(1955, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem()
    };
    let (old, older, new) = (root(1965), root(1960), root(1985));
    let rows: [(&[&str], &[&str]); 4] = [
        (&[&old], &["tls/expired"]),
        (&[&old, &new], &[]),
        (&[&new, &old, &older], &[]),
        (&[&old, &older], &["tls/expired"]),
    ];
    for (bundle, want) in rows {
        assert_eq!(ids("ca.crt", bundle.concat().as_bytes()), want);
    }
}
