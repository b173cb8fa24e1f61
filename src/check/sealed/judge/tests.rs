use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

use super::*;
use crate::manifest::{self, Documents};

/// A text of the form that kubeseal prints for a value of `len` bytes.
fn sealed(modulus: u16, len: usize) -> String {
    let filler = (0_u8..=250).cycle().take(usize::from(modulus) + len + 16);
    let length = modulus.to_be_bytes();
    STANDARD.encode(length.into_iter().chain(filler).collect::<Vec<_>>())
}

/// The findings on a manifest, in which `SEALED` is a sealed value: the rule, where it is, and its
/// words.
fn findings(text: &str) -> Vec<(&'static str, String, String)> {
    let text = text.replace("SEALED", &sealed(512, 5));
    let document = Documents::new(text.as_bytes()).next().unwrap().unwrap();
    let tree = manifest::read(&document, &mut Some).unwrap();
    let mut issues = check(&tree.root);
    issues.sort_by_key(|issue| (issue.span.line, issue.span.column));
    let row = |issue: Issue| {
        let place = format!("{}:{}", issue.span.line, issue.span.column);
        (issue.rule.info().id, place, issue.rule.to_string())
    };
    issues.into_iter().map(row).collect()
}

fn ids(text: &str) -> Vec<&'static str> {
    findings(text).into_iter().map(|(id, ..)| id).collect()
}

/// A strict `SealedSecret` with these lines under `metadata` and `spec.template`.
fn manifest(metadata: &str, template: &str, data: &str) -> String {
    format!(
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: db\n{metadata}spec:\n  \
         template:\n{template}  encryptedData: {data}\n"
    )
}

const NAMESPACE: &str = "  namespace: prod\n";

#[test]
fn ciphertexts() {
    let plain = STANDARD.encode("a password of some length");
    let good = sealed(256, 0);
    let lines = good.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    let lines: Vec<_> = lines.collect();
    let modulus = sealed(257, 40);
    let good_of = |modulus: u16| (sealed(modulus, 3), None::<fn(CiphertextFault) -> bool>);
    let is_no_length: fn(CiphertextFault) -> bool = |fault| fault == CiphertextFault::NoLength;
    let is_base64: fn(CiphertextFault) -> bool =
        |fault| matches!(fault, CiphertextFault::Base64(_));
    let is_short: fn(CiphertextFault) -> bool =
        |fault| matches!(fault, CiphertextFault::Short { min: 274, .. });
    let rows = [
        good_of(128),
        good_of(256),
        good_of(384),
        good_of(512),
        good_of(1024),
        (good.clone(), None),
        (lines.join("\n"), None),
        (lines.join("\r\n"), None),
        (lines.join(" "), Some(is_base64)),
        (format!("{good} "), Some(is_base64)),
        (sealed(256, 2).replace('+', "-").replace('/', "_"), Some(is_base64)),
        (good.trim_end_matches('=')[..good.len() - 5].to_owned(), Some(is_base64)),
        ("hunter2!".to_owned(), Some(is_base64)),
        (String::new(), Some(|fault| fault == CiphertextFault::Empty)),
        ("YQ==".to_owned(), Some(is_no_length)),
        (plain, Some(is_no_length)),
        (modulus, Some(is_no_length)),
        (sealed(64, 400), Some(is_no_length)),
        (good[..good.len() - 8].to_owned(), Some(is_short)),
        (good[..100].to_owned(), Some(is_short)),
    ];
    for (text, want) in rows {
        let found = ciphertext_fault(&text);
        match want {
            None => assert_eq!(found, None, "{text}"),
            Some(want) => assert!(found.is_some_and(want), "{found:?} {text}"),
        }
    }
}

/// The annotations of a `SealedSecret`, those of its template, and the rules that they break.
type Row<'r> = (&'r [(&'r str, &'r str)], &'r [(&'r str, &'r str)], &'r [&'r str]);

#[test]
fn scopes() {
    const CLUSTER: &str = "sealedsecrets.bitnami.com/cluster-wide";
    const WIDE: &str = "sealedsecrets.bitnami.com/namespace-wide";
    let annotations = |list: &[(&str, &str)], indent: &str| {
        let lines = list.iter().map(|(key, value)| format!("{indent}  {key}: {value}\n"));
        let lines: String = lines.collect();
        if lines.is_empty() { lines } else { format!("{indent}annotations:\n{lines}") }
    };
    let yes = "\"true\"";
    let rows: [Row<'_>; 11] = [
        (&[], &[], &[]),
        (&[(CLUSTER, yes)], &[(CLUSTER, yes)], &[]),
        (&[(CLUSTER, yes)], &[], &[]),
        (&[], &[(CLUSTER, yes)], &["sealed/scope-in-template"]),
        (&[], &[(WIDE, yes)], &["sealed/scope-in-template"]),
        (&[], &[(WIDE, "\"false\"")], &[]),
        (&[(CLUSTER, "\"True\"")], &[(CLUSTER, yes)], &["sealed/scope-value"]),
        (&[(WIDE, "true")], &[], &["sealed/scope-value"]),
        (&[(WIDE, "''")], &[], &["sealed/scope-value"]),
        (&[(WIDE, "\"false\"")], &[], &[]),
        (&[(CLUSTER, yes), (WIDE, yes)], &[(CLUSTER, yes), (WIDE, yes)], &["sealed/two-scopes"]),
    ];
    for (own, of_template, want) in rows {
        let own = format!("{NAMESPACE}{}", annotations(own, "  "));
        let of_template = format!("    metadata:\n{}", annotations(of_template, "      "));
        let text = manifest(&own, &of_template, "{a: SEALED}");
        assert_eq!(ids(&text), want, "{text}");
    }
    let cluster = format!("  annotations: {{{CLUSTER}: {yes}}}\n");
    let wide = format!("  annotations: {{{WIDE}: {yes}}}\n");
    for (metadata, want) in [("", 1), (wide.as_str(), 1), ("  namespace: ''\n", 1), (&cluster, 0)] {
        let found = ids(&manifest(metadata, "    type: Opaque\n", "{a: SEALED}"));
        assert_eq!(found, ["sealed/no-namespace"][..want].to_vec(), "{metadata}");
    }
}

#[test]
fn templates() {
    const OWNER: &str = "sealedsecrets.bitnami.com/skip-set-owner-references: \"true\"";
    const PREFIX: &str = "sealedsecrets.bitnami.com";
    let rows: &[(&str, &str, &[&str])] = &[
        ("metadata: {name: db, namespace: prod, creationTimestamp: null}", "{a: SEALED}", &[]),
        ("metadata: {name: other}", "{a: SEALED}", &["sealed/template-name"]),
        ("metadata: {name: db, namespace: test}", "{a: SEALED}", &["sealed/template-name"]),
        (
            &format!("metadata: {{annotations: {{{OWNER}}}}}"),
            "{a: SEALED}",
            &["sealed/never-updated"],
        ),
        (
            &format!("metadata: {{annotations: {{{OWNER}, {PREFIX}/managed: \"true\"}}}}"),
            "{a: SEALED}",
            &[],
        ),
        (
            &format!("metadata: {{annotations: {{{OWNER}, {PREFIX}/patch: \"true\"}}}}"),
            "{a: SEALED}",
            &[],
        ),
        (
            &format!("metadata: {{annotations: {{{OWNER}, {PREFIX}/managed: \"yes\"}}}}"),
            "{a: SEALED}",
            &["sealed/never-updated"],
        ),
        ("data: null", "{a: SEALED}", &[]),
        ("immutable: false", "{a: SEALED}", &[]),
        ("immutable: true", "{a: SEALED}", &["sealed/immutable"]),
        ("stringData: {a: x}", "{a: SEALED}", &["sealed/string-data"]),
        ("data: {}", "{}", &["sealed/empty"]),
        ("data: {a: x}", "{}", &[]),
        ("data: {a: x}", "{a: SEALED}", &["sealed/replaced-value"]),
        ("data: {b: x}", "{a: SEALED}", &[]),
        ("data: {a: 'x{{ .b }}'}", "{a: SEALED, b: SEALED}", &["sealed/replaced-value"]),
        ("data: {a: '{{ .a | upper }}'}", "{a: SEALED}", &[]),
        ("data: {a: x, b: '{{ .a }}'}", "{a: SEALED}", &[]),
        ("data: {a: '{{ index . \"a\" }}'}", "{a: SEALED}", &[]),
        ("data: {a: '{{ toJson . }}'}", "{a: SEALED}", &[]),
        ("data: {a: null}", "{a: SEALED}", &[]),
        ("data: {a/b: x}", "{'a b': SEALED, ..c: SEALED}", &["sealed/key"; 3]),
        ("type: kubernetes.io/tls", "{tls.crt: SEALED, tls.key: SEALED}", &[]),
        ("type: kubernetes.io/tls", "{tls.crt: SEALED}", &["sealed/type-keys"]),
        ("{type: kubernetes.io/tls, data: {tls.crt: x}}", "{tls.key: SEALED}", &[]),
        (
            "{type: kubernetes.io/tls, data: {tls.crt: null}}",
            "{tls.crt: SEALED, tls.key: SEALED}",
            &["sealed/type-keys"],
        ),
        ("type: kubernetes.io/dockerconfigjson", "{.dockerconfigjson: SEALED}", &[]),
        ("type: kubernetes.io/ssh-auth", "{id_rsa: SEALED}", &["sealed/type-keys"]),
        ("type: kubernetes.io/basic-auth", "{password: SEALED}", &[]),
        ("type: kubernetes.io/service-account-token", "{a: SEALED}", &["sealed/type-keys"]),
        ("type: example.com/mine", "{a: SEALED}", &[]),
        // Nothing is known before another program has filled these in.
        ("metadata: {name: '{{ .Release.Name }}'}", "{a: hunter2}", &[]),
        ("type: Opaque", "{a: '${SEALED_A}'}", &[]),
    ];
    for (template, data, want) in rows {
        let text = match template.strip_prefix('{') {
            Some(fields) => manifest(NAMESPACE, &format!("    {{{fields}\n"), data),
            None => manifest(NAMESPACE, &format!("    {template}\n"), data),
        };
        assert_eq!(ids(&text), *want, "{text}");
    }
}

#[test]
fn what_the_schema_rejects() {
    let spec = |spec: &str| {
        format!(
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {{name: db, namespace: prod}}\n\
             {spec}\n"
        )
    };
    let rows: &[(&str, &str, &str)] = &[
        ("spec: {}", "sealed/encrypted-data", "4:1"),
        ("", "sealed/encrypted-data", "2:1"),
        ("spec:\n  encryptedData:", "sealed/encrypted-data", "5:3"),
        ("spec:\n  encryptedData: hunter2", "sealed/encrypted-data", "5:18"),
        ("spec:\n  encryptedData: [SEALED]", "sealed/encrypted-data", "5:18"),
        ("spec:\n  data: SEALED", "sealed/encrypted-data", "4:1"),
        ("spec:\n  encryptedData:\n    a: 7331", "sealed/not-text", "6:8"),
        ("spec:\n  encryptedData:\n    a:", "sealed/not-text", "6:5"),
        ("spec:\n  encryptedData:\n    a: yes", "sealed/not-text", "6:8"),
    ];
    for (text, id, place) in rows {
        let found = findings(&spec(text));
        let [(rule, at, words)] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!((*rule, at.as_str()), (*id, *place), "{text}");
        assert!(!words.contains("7331") && !words.contains("hunter2"), "{words}");
    }
    let other = spec("").replace("bitnami.com", "example.com");
    assert_eq!(ids(&other), [""; 0]);
}

#[test]
fn places_and_words() {
    let text = manifest(
        "  annotations:\n    sealedsecrets.bitnami.com/cluster-wide: \"yes\"\n",
        "    metadata:\n      name: cache\n",
        "\n    good: SEALED\n    pin: hunter2!\n    key: c2VjcmV0c2VjcmV0",
    );
    let want = [
        ("3:1", "metadata.namespace: is missing, and a strict SealedSecret can only be opened"),
        (
            "6:45",
            "metadata.annotations[sealedsecrets.bitnami.com/cluster-wide]: the value is not \"true\"",
        ),
        (
            "10:13",
            "spec.template.metadata.name: differs from metadata.name, and the Secret gets \"db\"",
        ),
        ("13:17", "spec.encryptedData[pin]: is not valid base64 but plain text (offset 7)"),
        ("14:10", "spec.encryptedData[key]: is base64 but not a sealed value"),
    ];
    let found = findings(&text);
    assert_eq!(found.len(), want.len(), "{found:?}");
    for ((_, place, words), (at, start)) in found.iter().zip(want) {
        assert_eq!(place, at, "{words}");
        assert!(words.starts_with(start), "{words}");
    }
}
