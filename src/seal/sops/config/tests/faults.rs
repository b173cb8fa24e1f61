use super::*;
use crate::hints::Fault as _;

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
