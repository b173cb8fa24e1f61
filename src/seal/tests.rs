use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::cipher::Cipher;
use super::*;
use crate::secret::{DataKey, Metadata, Namespace, Secret, SecretBuilder, SecretName, Value};
use crate::sources::Inputs;

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/seal"));
    Inputs::fixed().read(&folder.join(name)).unwrap().as_bytes().to_vec()
}

fn read(input: &[u8]) -> Result<Certificate, CertificateError> {
    let now: Timestamp = "2026-11-28T00:00:00Z".parse().unwrap();
    Certificate::read(input, now)
}

#[test]
fn certificates() {
    let rows = [
        ("good.crt", ""),
        ("crlf.pem", ""),
        ("junk.pem", ""),
        ("bom.pem", ""),
        ("good.der", ""),
        ("good.pub.pem", ""),
        ("good+exp.pem", ""),
        (
            "notyet.crt",
            "warning: the certificate of --seal is not valid before 2030-01-01T00:00:00Z",
        ),
        ("rsa1024.crt", "warning: the key of the certificate has only 1024 bits (--seal)"),
        ("ec.crt", "the key on line 1 is ECDSA P-256, and Sealed Secrets only work with RSA"),
        ("ed.crt", "the key on line 1 is Ed25519, and Sealed Secrets only work with RSA"),
        ("expired.crt", "the certificate expired on 2021-01-01T00:00:00Z"),
        ("empty.pem", "no certificate found"),
        ("ec+good.pem", "found certificates with different keys (lines 1 and 11)"),
        ("exp+good.pem", "the certificate expired on 2021-01-01T00:00:00Z"),
        ("good+bad.pem", "the certificate on line 17 does not parse: x509: malformed certificate"),
        ("good+ec.pem", "found certificates with different keys (lines 1 and 17)"),
        ("indent.pem", "the PEM block on line 1 does not decode"),
        ("x509.pem", "the block X509 CERTIFICATE on line 1 is not a CERTIFICATE"),
        ("trusted.pem", "the block TRUSTED CERTIFICATE on line 1 is not a CERTIFICATE"),
    ];
    for (file, want) in rows {
        let said = match read(&fixture(&format!("certs/{file}"))) {
            Ok(certificate) => {
                let findings = certificate.findings().into_iter();
                findings
                    .fold(String::new(), |said, finding| said + "warning: " + &finding.to_string())
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(said, want, "{file}");
    }
}

#[test]
fn certificates_that_programs_of_windows_wrote() {
    let text = String::from_utf8(fixture("cert.pem")).unwrap();
    let units = || text.encode_utf16();
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    let want = read(text.as_bytes()).unwrap().key;
    for input in [
        [b"\xff\xfe", little.as_slice()].concat(),
        [b"\xfe\xff", big.as_slice()].concat(),
        little,
        big,
    ] {
        assert_eq!(read(&input).unwrap().key, want);
    }
}

#[test]
fn keys_and_certificates_that_do_not_fit() {
    let (cert, key) = (fixture("cert.pem"), fixture("key.pem"));
    let rows = [
        ([key.as_slice(), &cert].concat(), "private key on line 1"),
        (key, "private key on line 1"),
        (b"\x30\x03\x02\x01\x01".to_vec(), "does not parse"),
        (b"\xff\xfe\x00\xd8\x00\xd8".to_vec(), "is damaged"),
        (b"hunter2".to_vec(), "no certificate found"),
    ];
    for (input, want) in rows {
        let error = read(&input).unwrap_err().to_string();
        assert!(error.contains(want) && !error.contains("hunter2"), "{error}");
    }
}

/// What is deterministic of a ciphertext: the length of the RSA part, and the AES part.
#[test]
fn ciphertexts() {
    let vectors: serde_json::Value = serde_json::from_slice(&fixture("vectors.json")).unwrap();
    let session_key: [u8; 32] = Sha256::digest("session").into();
    let certificate = read(&fixture("cert.pem")).unwrap();
    let inputs = Inputs::fixed();
    let bytes_of = |hex: &str| -> Vec<u8> {
        let pairs = (0..hex.len() / 2).map(|i| &hex[2 * i..2 * i + 2]);
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    };
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let text = |field: &str| case[field].as_str().unwrap();
        let scope = Scope::of_name(text("scope")).unwrap();
        let label = scope.label(text("namespace"), text("name"));
        assert_eq!(label, text("label"));
        let plain = bytes_of(text("plain_hex"));
        let cipher = Cipher::new(&certificate.key, &label);
        let sealed = cipher.encrypt_with(&session_key, &plain, &inputs).unwrap();
        assert_eq!(sealed[..2], [1, 0]);
        let want = bytes_of(text("aes_part_hex_for_session_key_sha256_session"));
        assert_eq!(sealed[258..], want);
    }
}

fn secret(annotations: &[(&str, &str)], namespace: Option<&str>) -> Secret {
    let annotations = annotations.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned().into()));
    let metadata = Metadata { annotations: annotations.collect(), ..Metadata::default() };
    let mut builder = SecretBuilder::new(SecretName::new("db"), "")
        .namespace(namespace.map(Namespace::new))
        .metadata(metadata);
    builder.add(DataKey::parse("a").unwrap(), Value::new(b"b".to_vec())).unwrap();
    builder.build()
}

/// Annotations, a namespace, the scope that was asked for, and the scope or the error.
type ScopeRow<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<ScopeWish>, &'a str);

#[test]
fn scopes() {
    let wide = "sealedsecrets.bitnami.com/cluster-wide";
    let narrow = "sealedsecrets.bitnami.com/namespace-wide";
    let skip = "sealedsecrets.bitnami.com/skip-set-owner-references";
    let managed = "sealedsecrets.bitnami.com/managed";
    let asked = |scope| Some(ScopeWish { scope, from_environment: false });
    let variable = Some(ScopeWish { scope: Scope::Strict, from_environment: true });
    let rows: &[ScopeRow<'_>] = &[
        (&[], Some("prod"), None, "strict"),
        (&[], None, None, "the scope strict binds the values to a namespace, and none is given"),
        (&[], Some(""), asked(Scope::NamespaceWide), "namespace, and none is given"),
        (&[], None, asked(Scope::ClusterWide), "cluster-wide"),
        (&[(wide, "true")], None, None, "cluster-wide"),
        (&[(wide, "true"), (narrow, "true")], None, None, "cluster-wide"),
        (&[(narrow, "true")], Some("prod"), None, "namespace-wide"),
        (&[(wide, "false")], Some("prod"), None, "strict"),
        (&[(wide, "True")], Some("prod"), None, "only the value true"),
        (&[(wide, "true")], Some("prod"), asked(Scope::Strict), "is strict (--seal-scope)"),
        (&[(wide, "true")], Some("prod"), variable, "is strict (SEALED_SECRETS_SCOPE)"),
        (&[(wide, "true")], None, asked(Scope::ClusterWide), "cluster-wide"),
        (&[(skip, "true")], Some("prod"), None, "never updates it"),
        (&[(skip, "true"), (managed, "true")], Some("prod"), None, "strict"),
    ];
    for (annotations, namespace, wish, want) in rows {
        let secret = secret(annotations, *namespace);
        let (namespace, extras) = (secret.namespace.as_ref(), &Extras::default());
        let scope = Sealable { secret: &secret, namespace, extras }.scope(*wish, false);
        let said = scope.map_or_else(|error| error.to_string(), |scope| scope.to_string());
        assert!(said.contains(want), "{annotations:?}: {said}");
    }
}

#[test]
fn sizes() {
    let certificate = read(&fixture("cert.pem")).unwrap();
    let rows = [
        (150_000, Vec::new()),
        (200_000, vec!["seal/large"]),
        (1_048_576, vec!["seal/large"]),
        (1_200_000, vec!["error"]),
    ];
    for (len, want) in rows {
        let mut builder = SecretBuilder::new(SecretName::new("db"), "");
        builder.add(DataKey::parse("a").unwrap(), Value::new(vec![0; len])).unwrap();
        let secret = builder.build();
        let sealable = Sealable { secret: &secret, namespace: None, extras: &Extras::default() };
        let ids: Vec<_> = match sealable.findings(&certificate) {
            Ok(findings) => findings.iter().map(|finding| finding.rule.info().id).collect(),
            Err(_) => vec!["error"],
        };
        assert_eq!(ids, want, "{len}");
    }
}

/// A file before and after a key `b` is sealed into it and the keys are removed.
type Edit<'a> = (&'a str, &'a [&'a str], Result<&'a str, &'a str>);

#[test]
fn edits() {
    const HEAD: &str = "kind: SealedSecret\nmetadata:\n  name: db # the name\nspec:\n";
    let rows: &[Edit<'_>] = &[
        (
            "  encryptedData: # all\n    a: AAAA # old\n    b: AAAA # this\n  template: {}\n",
            &[],
            Ok(
                "  encryptedData: # all\n    a: AAAA # old\n    b: c2VhbGVk # this\n  template: {}\n",
            ),
        ),
        (
            "  encryptedData:\n    a: AAAA # old\n\n  # next\n  template: {}\n",
            &[],
            Ok(
                "  encryptedData:\n    a: AAAA # old\n    b: c2VhbGVk\n\n  # next\n  template: {}\n",
            ),
        ),
        (
            "  encryptedData:\n    a: AAAA",
            &[],
            Ok("  encryptedData:\n    a: AAAA\n    b: c2VhbGVk"),
        ),
        (
            "  encryptedData:\n    b: |\n      AAAA\n      BBBB\n    c: \"AAAA\"\n",
            &["c"],
            Ok("  encryptedData:\n    b: c2VhbGVk\n"),
        ),
        (
            "  encryptedData:\n    a: >-\n      AAAA\n  template: {}\n",
            &[],
            Ok("  encryptedData:\n    a: >-\n      AAAA\n    b: c2VhbGVk\n  template: {}\n"),
        ),
        (
            "  encryptedData:\n    a: AAAA\n    c: AAAA # last\n  template: {}\n",
            &["c"],
            Ok("  encryptedData:\n    a: AAAA\n    b: c2VhbGVk\n  template: {}\n"),
        ),
        (
            "  encryptedData: {a: AAAA, c: AAAA, d: AAAA}\n",
            &["c", "d"],
            Ok("  encryptedData: {a: AAAA, b: c2VhbGVk}\n"),
        ),
        (
            "  encryptedData: {c: AAAA, d: AAAA, a: AAAA}\n",
            &["c", "d"],
            Ok("  encryptedData: {a: AAAA, b: c2VhbGVk}\n"),
        ),
        ("  encryptedData: {a: AAAA}\n", &[], Ok("  encryptedData: {a: AAAA, b: c2VhbGVk}\n")),
        ("  encryptedData: {a: AAAA}\n", &["a"], Ok("  encryptedData:\n    b: c2VhbGVk\n")),
        ("  encryptedData: {}\n", &[], Ok("  encryptedData:\n    b: c2VhbGVk\n")),
        ("  encryptedData:\n", &[], Ok("  encryptedData:\n    b: c2VhbGVk\n")),
        (
            "  encryptedData:\r\n    a: 'AAAA'\r\n    b: 'AAAA'\r\n",
            &["a"],
            Ok("  encryptedData:\r\n    b: 'c2VhbGVk'\r\n"),
        ),
        (
            "  encryptedData: &x\n    a: AAAA\nother: *x\n",
            &[],
            Err("written in a way that mksecret cannot change"),
        ),
        ("  encryptedData:\n    a: AAAA\n", &["c"], Err("has no key c")),
        ("  template: {}\n", &[], Err("has no spec.encryptedData")),
    ];
    for (before, removed, want) in rows {
        // Another document stays as it is.
        let file = format!("# first\nkind: Secret\n---\n{HEAD}{before}");
        let found = SealedFile::find(file.as_bytes(), "db", None).unwrap();
        let changes = Changes {
            sealed: vec![("b".to_owned(), b"sealed".to_vec())],
            removed: removed.iter().map(|key| (*key).to_owned()).collect(),
        };
        let said = match found.changed(&changes) {
            Ok(bytes) => Ok(String::from_utf8(bytes).unwrap()),
            Err(error) => Err(error.to_string()),
        };
        match (want, said) {
            (Ok(want), Ok(said)) => {
                assert_eq!(said, format!("# first\nkind: Secret\n---\n{HEAD}{want}"));
            }
            (Err(want), Err(said)) => assert!(said.contains(want), "{said}"),
            (_, said) => panic!("{before}: {said:?}"),
        }
    }
}

#[test]
fn edits_of_json() {
    let file = |data: &str| {
        format!(
            "{{\n  \"kind\": \"SealedSecret\", \"metadata\": {{\"name\": \"db\"}},\n  \"spec\": {{\n    \"encryptedData\": {data}\n  }}\n}}\n"
        )
    };
    let rows: &[(&str, &[&str], &str)] = &[
        (
            "{\n      \"a\": \"AAAA\"\n    }",
            &[],
            "{\n      \"a\": \"AAAA\",\n      \"b\": \"c2VhbGVk\"\n    }",
        ),
        ("{\"a\": \"AAAA\", \"b\": \"AAAA\"}", &["a"], "{\"b\": \"c2VhbGVk\"}"),
        ("{\"b\": \"AAAA\", \"a\": \"AAAA\"}", &["a"], "{\"b\": \"c2VhbGVk\"}"),
        (
            "{\"b\": \"AAAA\", \"a\": \"AAAA\", \"c\": \"AAAA\"}",
            &["a", "c"],
            "{\"b\": \"c2VhbGVk\"}",
        ),
        ("{\"a\": \"AAAA\"}", &["a"], "{\n      \"b\": \"c2VhbGVk\"\n    }"),
        ("{\"b\": null}", &[], "{\"b\": \"c2VhbGVk\"}"),
        ("{}", &[], "{\n      \"b\": \"c2VhbGVk\"\n    }"),
    ];
    for (before, removed, want) in rows {
        let before = file(before);
        let found = SealedFile::find(before.as_bytes(), "db", None).unwrap();
        let changes = Changes {
            sealed: vec![("b".to_owned(), b"sealed".to_vec())],
            removed: removed.iter().map(|key| (*key).to_owned()).collect(),
        };
        let bytes = found.changed(&changes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), file(want));
    }
}

#[test]
fn which_sealed_secret_of_a_file() {
    let document = |namespace: &str, annotation: &str| {
        format!(
            "kind: SealedSecret\nmetadata:\n  name: db\n{namespace}{annotation}spec:\n  encryptedData: {{}}\n"
        )
    };
    let wide = "  annotations: {sealedsecrets.bitnami.com/cluster-wide: true}\n";
    let quoted = "  annotations: {sealedsecrets.bitnami.com/cluster-wide: 'true'}\n";
    let (dev, prod) = ("  namespace: dev\n", "  namespace: prod\n");
    let both = format!("{}---\n{}", document(dev, ""), document(prod, ""));
    let rows = [
        (document(dev, ""), None, "dev strict"),
        (document(dev, ""), Some("prod"), "dev strict"),
        (document("", quoted), None, "none cluster-wide"),
        (document(dev, wide), None, "only the value true"),
        (both.clone(), None, "several SealedSecrets"),
        (both.clone(), Some("prod"), "prod strict"),
        (both, Some("test"), "several SealedSecrets"),
        ("kind: SealedSecret\nmetadata: {name: x}\n".to_owned(), None, "(it has \"x\")"),
    ];
    for (file, namespace, want) in rows {
        let said = match SealedFile::find(file.as_bytes(), "db", namespace) {
            Ok(found) => {
                format!("{} {}", found.namespace.as_deref().unwrap_or("none"), found.scope)
            }
            Err(error) => error.to_string(),
        };
        assert!(said.contains(want), "{said}");
    }
}
