use super::*;

mod faults;
mod lookup;

const ANN: &str = "age188naaqdmxpt46y8agycgkwjtlyk2chz5v2tsju2anpe9h9d9n35qh66djw";
const BOB: &str = "age17k5wusenwrm8s6xs4904tknjr3k99w8mwkdcq75tm3xe2almnftqj82pcp";

fn with_names(text: &str) -> String {
    text.replace("ANN", ANN).replace("BOB", BOB)
}

fn read_text(text: &str, file: Option<&str>) -> Result<Config, ConfigError> {
    read(with_names(text).as_bytes(), Path::new(".sops.yaml"), file)
}

fn rule(text: &str) -> CreationRule {
    let config = read_text(text, Some("k8s/db.yaml"));
    match config.unwrap_or_else(|e| panic!("{text}: {e}")).rule {
        RuleMatch::Found(rule) => *rule,
        other => panic!("{text}: {other:?}"),
    }
}

/// The recipients of a configuration, with their short names; or the error's words.
fn recipients(text: &str) -> String {
    match rule(text).keys {
        Ok(keys) => keys.age.join(" ").replace(ANN, "ANN").replace(BOB, "BOB"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_first_rule_that_fits() {
    let two = "creation_rules:\n- path_regex: ^k8s/\n  age: ANN\n- age: BOB\n";
    let last =
        "creation_rules:\n- path_regex: ^k8s/\n  age: ANN\n- path_regex: yaml$\n  age: BOB\n";
    let any = "creation_rules:\n- age: ANN\n- path_regex: ^k8s/\n  age: BOB\n";
    let empty = "creation_rules:\n-\n- path_regex: ''\n  age: ANN\n";
    let none = "none fits";
    let rows = [
        (two, Some("k8s/db.yaml"), ANN),
        (two, Some("other/k8s/db.yaml"), BOB),
        (two, Some("/k8s/db.yaml"), BOB),
        (two, None, BOB),
        (last, Some("db.yaml"), BOB),
        (last, Some("db.yml"), none),
        (last, None, none),
        (any, Some("k8s/db.yaml"), ANN),
        (empty, Some("k8s/db.yaml"), ANN),
        ("creation_rules: []\n", Some("db.yaml"), none),
        ("creation_rules:\n-\n", None, none),
        ("creation_rules:\n", Some("db.yaml"), "no rules"),
        ("stores: {}\n", Some("db.yaml"), "no rules"),
        ("", None, "no rules"),
        ("# comment\n", None, "no rules"),
        ("# comment\n---\ncreation_rules:\n- age: ANN\n---\ncreation_rules: []\n", None, ANN),
        ("{\"creation_rules\": [{\"age\": \"ANN\"}]}", None, ANN),
        ("\u{feff}creation_rules:\n- age: ANN\n", None, ANN),
        ("keys:\n- &a ANN\ncreation_rules:\n- age: *a\n", None, ANN),
        ("x: &x\n  age: ANN\ncreation_rules:\n- age: BOB\n  <<: *x\n", None, BOB),
        ("x: &x\n  age: ANN\ncreation_rules:\n- <<: *x\n", None, ANN),
    ];
    for (text, file, want) in rows {
        let got = match read_text(text, file).unwrap().rule {
            RuleMatch::Found(rule) => rule.keys.unwrap().age.join(" "),
            RuleMatch::NoneFits => none.to_owned(),
            RuleMatch::NoRules => "no rules".to_owned(),
        };
        assert_eq!(got, want, "{text} for {file:?}");
    }
}

#[test]
fn recipients_of_a_rule() {
    let rows = [
        ("age: ANN", "ANN"),
        ("age: ANN,BOB", "ANN BOB"),
        ("age: ' ANN , , BOB,'", "ANN BOB"),
        ("age: >-\n    ANN,\n    BOB", "ANN BOB"),
        ("age: [ANN, BOB]", "ANN BOB"),
        ("age: ['ANN,BOB', ' ANN\n']", "ANN BOB ANN"),
        ("age: ANN,ANN", "ANN ANN"),
        ("age:", ""),
        ("age: ''", ""),
        ("encrypted_regex: ^data$", ""),
        ("kms: ''\n  hc_vault_transit_uri:\n  gcp_kms: []\n  age: ANN", "ANN"),
        ("key_groups:\n  - age: [ANN]\n  age: BOB", "ANN"),
        ("key_groups:\n  - age: [ANN]\n  kms: arn", "ANN"),
        ("key_groups: []\n  age: BOB", "BOB"),
        ("key_groups:\n  age: BOB", "BOB"),
        ("key_groups:\n  -\n  - age: [BOB]\n    pgp:\n    kms: []\n    hc_vault: []", "BOB"),
        ("key_groups:\n  - age: [ANN, null, ANN]", "ANN"),
        (
            "key_groups:\n  - merge:\n    - age: [ANN]\n    - age: [BOB, ANN]\n    age: [BOB]",
            "ANN BOB",
        ),
        ("key_groups: [{}]\n  age: BOB", ""),
        ("age: ssh-ed25519 AAAA me@x", "ssh-ed25519 AAAA me@x"),
    ];
    for (lines, want) in rows {
        assert_eq!(recipients(&format!("creation_rules:\n- {lines}\n")), want, "{lines}");
    }
}

#[test]
fn fingerprints_of_a_rule() {
    let rows = [
        ("pgp: FBC7 B9E2 F9B2 89A1, 0x85D7754311111111", "FBC7B9E2F9B289A1 0x85D7754311111111"),
        ("pgp: [FBC7B9E2F9B289A1, 85d77543aaaabbbb]", "FBC7B9E2F9B289A1 85d77543aaaabbbb"),
        (
            "key_groups:\n  - pgp: [FBC7B9E2F9B289A1, FBC7 B9E2 F9B2 89A1]\n  pgp: x",
            "FBC7B9E2F9B289A1",
        ),
    ];
    for (lines, want) in rows {
        let keys = rule(&format!("creation_rules:\n- {lines}\n")).keys.unwrap();
        assert_eq!(keys.pgp.join(" "), want, "{lines}");
    }
}

#[test]
fn keys_that_only_sops_can_use() {
    let rows = [
        ("age: ANN\n  kms: arn", "mksecret does not support keys from kms (.sops.yaml:3:3)"),
        ("gcp_kms: [a]", "mksecret does not support keys from gcp_kms (.sops.yaml:2:3)"),
        (
            "azure_keyvault: a",
            "mksecret does not support keys from azure_keyvault (.sops.yaml:2:3)",
        ),
        (
            "hc_vault_transit_uri: a",
            "mksecret does not support keys from hc_vault_transit_uri (.sops.yaml:2:3)",
        ),
        (
            "key_groups:\n  - age: [ANN]\n    hc_vault:\n    - a",
            "mksecret does not support keys from hc_vault (.sops.yaml:4:5)",
        ),
        (
            "key_groups:\n  - age: [ANN]\n  - age: [BOB]",
            "mksecret does not support several key groups (2 here) (.sops.yaml:2:3)",
        ),
        (
            "age: age1yubikey1q0l7y8mq5ykg4r",
            "mksecret does not support age plugins (age1NAME1…) (.sops.yaml:2:8)",
        ),
        (
            "age:\n  - ANN\n  - age1pq1qqqq",
            "mksecret does not support post-quantum recipients (age1pq1…) (.sops.yaml:4:5)",
        ),
    ];
    for (lines, want) in rows {
        let error = rule(&format!("creation_rules:\n- {lines}\n")).keys.unwrap_err();
        assert_eq!(error.to_string(), want, "{lines}");
        assert!(error.needs_sops(), "{lines}");
    }
}

#[test]
fn recipients_that_are_none() {
    let rows = [
        ("age: |\n    ANN\n    BOB", "recipients are not separated by commas (.sops.yaml:2:8)"),
        ("age: ['']", "a recipient is empty (.sops.yaml:2:9)"),
        (
            "pgp: [FBC7B9E2, me@example.com]",
            "a PGP key is named by its fingerprint, 40 hexadecimal digits (.sops.yaml:2:9)",
        ),
        ("age: me", "an age recipient starts with age1, ssh-ed25519 or ssh-rsa (.sops.yaml:2:8)"),
        (
            "age: AGE1ABC",
            "an age recipient starts with age1, ssh-ed25519 or ssh-rsa (.sops.yaml:2:8)",
        ),
        (
            "age: AGE-SECRET-KEY-1ABC",
            "this is an age identity, which decrypts, and not a recipient (.sops.yaml:2:8)",
        ),
    ];
    for (lines, want) in rows {
        let error = rule(&format!("creation_rules:\n- {lines}\n")).keys.unwrap_err();
        assert_eq!(error.to_string(), want, "{lines}");
        assert!(!error.needs_sops(), "{lines}");
    }
}

#[test]
fn what_else_a_rule_says() {
    let rule = rule(
        "creation_rules:\n- encrypted_suffix: ''\n  unencrypted_regex: ^kind$\n  \
         mac_only_encrypted: yes\n  shamir_threshold: 0\n  aws_profile: x\n",
    );
    let selector = rule.selector.unwrap();
    assert_eq!((selector.key().as_str(), selector.text()), ("unencrypted_regex", "^kind$"));
    assert!(rule.mac_only_encrypted);
    assert_eq!(rule.place.to_string(), ".sops.yaml:2:3");
}

#[test]
fn indentation() {
    let rows = [
        ("2", Some(2)),
        ("9", Some(9)),
        ("0x3", Some(3)),
        ("1", Some(2)),
        ("10", Some(2)),
        ("0", None),
        ("", None),
    ];
    for (indent, want) in rows {
        let text = format!("stores:\n  yaml:\n    indent: {indent}\n");
        assert_eq!(read_text(&text, None).unwrap().yaml_indent, want, "{indent}");
    }
    assert_eq!(read_text("stores: {yml: {indent: 2}}\n", None).unwrap().yaml_indent, None);
}

#[test]
fn what_another_rule_says_is_no_fault() {
    let rows = [
        "- path_regex: ^no\n  encrypted_regexp: x\n- age: ANN",
        "- path_regex: ^no\n  encrypted_regex: (\n  encrypted_suffix: x\n- age: ANN",
        "- path_regex: ^no\n  kms: arn\n- age: ANN",
        "- age: ANN\n- path_regex: (\n",
        "- age: ANN\n- owner: me\n",
    ];
    for rules in rows {
        assert_eq!(recipients(&format!("creation_rules:\n{rules}\n")), "ANN", "{rules}");
    }
}
