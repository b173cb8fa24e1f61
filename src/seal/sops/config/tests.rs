use std::ffi::OsString;

use super::*;
use crate::hints::Fault as _;

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
        ("pgp: FBC7 B9E2, 85D7 7543", "FBC7B9E2 85D77543"),
        ("pgp: [FBC7B9E2, 85D77543]", "FBC7B9E2 85D77543"),
        ("key_groups:\n  - pgp: [FBC7B9E2, FBC7 B9E2]\n  pgp: 85D77543", "FBC7B9E2"),
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
        ("age: me", "an age recipient begins with age1, ssh-ed25519 or ssh-rsa (.sops.yaml:2:8)"),
        (
            "age: AGE1ABC",
            "an age recipient begins with age1, ssh-ed25519 or ssh-rsa (.sops.yaml:2:8)",
        ),
        (
            "age: AGE-SECRET-KEY-1ABC",
            "this is the identity that decrypts, not a recipient (.sops.yaml:2:8)",
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

/// Rows of a configuration, the error's words and its hint.
fn check_faults(rows: &[(&str, &str, &str)]) {
    for (text, want, hint) in rows {
        let error = read_text(text, Some("k8s/db.yaml")).expect_err(text);
        assert_eq!(error.to_string(), *want, "{text}");
        assert_eq!(error.hints().join("\n"), *hint, "{text}");
    }
}

#[test]
fn faults_of_the_file() {
    check_faults(&[
        (
            "creation_rules:\n- age: 'x\n",
            "sops cannot read its configuration: a quote is not closed, or text follows the closing \
             quote (.sops.yaml:2:8)",
            "",
        ),
        (
            "creation_rules:\n- path_regex: \"\\.yaml$\"\n",
            "sops cannot read its configuration: a quoted string has an invalid escape sequence \
             (.sops.yaml:2:15)",
            "put regular expressions in single quotes, where \\ is literal",
        ),
        ("- a\n", "this must be a mapping, not a list (.sops.yaml:1:1)", ""),
        (
            "creation_rules:\n  age: ANN\n",
            "creation_rules must be a list of mappings, not an object (.sops.yaml:2:3)",
            "",
        ),
        (
            "creation_rules:\n- a\n",
            "creation_rules must be a list of mappings, not one with a string (.sops.yaml:2:3)",
            "",
        ),
        (
            "creation_rules:\n- age: ANN\n- path_regex: 010\n",
            "path_regex must be a string, not a number (.sops.yaml:3:15)",
            "put the value in quotes",
        ),
        (
            "creation_rules:\n- pgp: [a, 12]\n",
            "pgp must be a string or a list of strings, not one with a number (.sops.yaml:2:12)",
            "put the value in quotes",
        ),
        (
            "creation_rules:\n- mac_only_encrypted: 'true'\n",
            "mac_only_encrypted must be true or false, not a string (.sops.yaml:2:23)",
            "",
        ),
        (
            "creation_rules:\n- key_groups:\n  - age: ANN\n",
            "age must be a list of strings, not a string (.sops.yaml:3:10)",
            "",
        ),
        (
            "creation_rules:\n- age: ANN\n  age: BOB\n",
            "the key age is already set on line 2 (.sops.yaml:3:3)",
            "remove one of them: sops refuses the file too",
        ),
        (
            "creation_rules:\n- age: ANN\n  encrypted_regexp: ^data$\n",
            "sops ignores the unknown key encrypted_regexp (.sops.yaml:3:3)",
            "did you mean encrypted_regex?",
        ),
        (
            "creation_rules:\n- age: ANN\n  owner: me\n",
            "sops ignores the unknown key owner (.sops.yaml:3:3)",
            "remove the key, or turn it into a comment",
        ),
        (
            "creation_rule:\n- age: ANN\n",
            "sops ignores the unknown key creation_rule (.sops.yaml:1:1)",
            "did you mean creation_rules?",
        ),
    ]);
}

#[test]
fn faults_of_a_rule() {
    const SECRETS: &str = "for Secrets, use encrypted_regex: ^(data|stringData)$";
    check_faults(&[
        (
            "creation_rules:\n- encrypted_regex: ^data$\n  unencrypted_suffix: _x\n",
            "encrypted_regex and unencrypted_suffix cannot be used in the same rule \
             (.sops.yaml:3:3)",
            SECRETS,
        ),
        (
            "creation_rules:\n- encrypted_comment_regex: sops\n",
            "encrypted_comment_regex selects values by their comments, and a new Secret has none \
             (.sops.yaml:2:3)",
            SECRETS,
        ),
        (
            "creation_rules:\n- encrypted_regex: ^(data\n",
            "encrypted_regex is not a valid regular expression: a parenthesis is missing or does not \
             match (.sops.yaml:2:20)",
            SECRETS,
        ),
        (
            "creation_rules:\n- path_regex: (?!k8s)\n",
            "path_regex is not a valid regular expression: (? is followed by something that Go does \
             not know, such as lookahead (.sops.yaml:2:15)",
            "for example path_regex: ^k8s/.*\\.yaml$; see https://pkg.go.dev/regexp/syntax",
        ),
        (
            "creation_rules:\n- age: ANN\n  shamir_threshold: 1\n",
            "mksecret does not support shamir_threshold (.sops.yaml:3:3)",
            "",
        ),
        (
            "stores:\n  yaml:\n    indent: -1\n",
            "stores.yaml.indent must be a whole number from 2 to 9 (.sops.yaml:3:13)",
            "",
        ),
    ]);
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

/// A folder with these files, which is removed with the value.
struct Tree(PathBuf);

impl Tree {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root =
            std::env::temp_dir().join(format!("mksecret-sops-{name}-{}", std::process::id()));
        #[expect(clippy::disallowed_methods, reason = "a test makes the files that are looked for")]
        for (file, text) in files {
            let file = root.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, with_names(text)).unwrap();
        }
        Self(root)
    }

    fn find(&self, inputs: &Inputs, below: &str, file: &str) -> Result<Found, ConfigError> {
        let real = self.0.join(below);
        let here = WorkingDirectory { path: Path::new("/link").join(below), real };
        find_from(inputs, &here, Some(Path::new(file)))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_configuration_is_looked_for_upwards() {
    let tree = Tree::new(
        "up",
        &[
            (".sops.yaml", "creation_rules:\n- path_regex: ^k8s/db\n  age: ANN\n"),
            ("k8s/.sops.yml", "creation_rules:\n- age: BOB\n"),
            ("k8s/own/.sops.yaml", "creation_rules:\n- path_regex: ^db|^/\n  age: BOB\n"),
            ("k8s/own/folder/x", ""),
        ],
    );
    let rows = [
        ("", "k8s/db.yaml", Some(ANN), ".sops.yaml"),
        ("", "./k8s/../k8s//db.yaml", Some(ANN), ".sops.yaml"),
        ("", "/link/k8s/db.yaml", Some(ANN), ".sops.yaml"),
        ("", "db.yaml", None, ".sops.yaml"),
        ("", "/real/k8s/db.yaml", None, ".sops.yaml"),
        ("k8s", "db.yaml", Some(ANN), "../.sops.yaml"),
        ("k8s", "../db.yaml", None, "../.sops.yaml"),
        ("k8s/own", "db.yaml", Some(BOB), ".sops.yaml"),
        ("k8s/own/folder", "../db.yaml", Some(BOB), "../.sops.yaml"),
        ("k8s/own/folder", "db.yaml", None, "../.sops.yaml"),
        ("k8s/own/folder", "/elsewhere/x", Some(BOB), "../.sops.yaml"),
    ];
    for (below, file, want, path) in rows {
        let found = tree.find(&Inputs::fixed(), below, file).unwrap();
        let config = found.config.unwrap();
        let recipient = match config.rule {
            RuleMatch::Found(rule) => Some(rule.keys.unwrap().age.join(" ")),
            _ => None,
        };
        assert_eq!(recipient.as_deref(), want, "{file} in {below:?}");
        assert_eq!(config.path, Path::new(path), "{file} in {below:?}");
        let ignored = (below == "k8s").then(|| PathBuf::from(".sops.yml"));
        assert_eq!(found.ignored, ignored, "{file} in {below:?}");
    }
}

#[test]
fn a_variable_names_the_configuration() {
    let tree = Tree::new(
        "variable",
        &[
            (".sops.yaml", "creation_rules:\n- age: ANN\n"),
            ("k8s/other.yaml", "creation_rules:\n- path_regex: ^db\n  age: BOB\n"),
        ],
    );
    let named = Inputs::with_variables(|name| {
        (name == "SOPS_CONFIG").then(|| OsString::from("k8s/other.yaml"))
    });
    let found = tree.find(&named, "", "k8s/db.yaml").unwrap().config.unwrap();
    assert!(matches!(found.rule, RuleMatch::Found(_)));
    let empty = Inputs::with_variables(|name| (name == "SOPS_CONFIG").then(OsString::new));
    let found = tree.find(&empty, "", "k8s/db.yaml").unwrap().config.unwrap();
    assert_eq!(found.path, Path::new(".sops.yaml"));
    let error = tree.find(&named, "k8s", "db.yaml").unwrap_err();
    assert_eq!(error.to_string(), "cannot read k8s/other.yaml: no such file or directory");
}
