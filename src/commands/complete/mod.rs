//! What TAB offers. Shells and kubectl ask the tool itself, so that all of them get one answer,
//! made from the definition of the command line.
//!
//! Nothing is ever said about what goes wrong here, and what is offered are names alone: of flags,
//! files, keys, contexts. No value is read, let alone shown.

mod bash;
mod files;
mod known;
mod values;

use crate::check::EXTENSIONS;
use crate::cli::{CHECK, Complete, Expects, HELP_ABOUT, Subcommand, TOOLS, Unfinished};
use crate::flags::{Flag, Shown, check};
use crate::sources::{Inputs, Limit};
use crate::types::TYPES;

/// The paths that begin as typed, with a `/` after a directory's. `~/` is the home directory.
pub(super) fn paths_from(typed: &str, inputs: &Inputs) -> Vec<String> {
    let found = files::matching(typed, true, files::Which::All, inputs);
    found.into_iter().map(|candidate| candidate.word).collect()
}

/// The answer to a shell, with lines of its protocol.
pub(crate) fn answer(asked: Complete) -> Vec<u8> {
    let inputs = Inputs::system(Limit::LOOSE);
    match asked {
        Complete::Words(words) => cobra(&candidates(&Unfinished::new(words), &inputs)),
        Complete::Bash { breaks, line } => match (breaks.to_str(), line.to_str()) {
            (Some(breaks), Some(line)) => bash::answer(line, breaks, &inputs),
            _ => Vec::new(),
        },
    }
}

/// What a word may become.
#[derive(Clone, Debug)]
struct Candidate {
    word: String,
    /// What it means, where that can be said.
    about: String,
}

impl Candidate {
    fn new(word: impl Into<String>, about: impl Into<String>) -> Self {
        Self { word: word.into(), about: about.into() }
    }

    /// Whether the word goes on behind it, so that no blank may follow.
    fn goes_on(&self) -> bool {
        self.word.ends_with(['=', '/', ','])
    }
}

/// The candidates as cobra's `__complete` writes them: a line each, what it means behind a tab; in
/// the last line what the shell has to know (`ShellCompDirective`).
fn cobra(candidates: &[Candidate]) -> Vec<u8> {
    const NO_SPACE: u8 = 2;
    const NO_FILES: u8 = 4;
    let mut answer = String::new();
    for Candidate { word, about } in candidates {
        answer.push_str(word);
        if !about.is_empty() {
            answer.push('\t');
            answer.push_str(about);
        }
        answer.push('\n');
    }
    let space = if candidates.iter().any(Candidate::goes_on) { NO_SPACE } else { 0 };
    answer.push(':');
    answer.push_str(&(NO_FILES | space).to_string());
    answer.push('\n');
    answer.into_bytes()
}

/// What the last word may become, in the order in which it is to be shown.
fn candidates(line: &Unfinished, inputs: &Inputs) -> Vec<Candidate> {
    let mut found = match &line.expects {
        Expects::Flag => flag_names(line),
        Expects::Nothing => Vec::new(),
        Expects::Value { flag, head } => values::of(flag, *head, line, inputs),
        Expects::Word { before } => words(line, *before, inputs),
    };
    found.retain(|each| each.word.starts_with(&line.word) && !each.word.contains(char::is_control));
    found
}

/// The words that are no flags.
fn words(line: &Unfinished, before: usize, inputs: &Inputs) -> Vec<Candidate> {
    let types = || TYPES.iter().map(|row| Candidate::new(row.name, row.about));
    let tools = || TOOLS.iter().map(|row| Candidate::new(row.name, row.about));
    match (line.place, before) {
        (Subcommand::Top, 0) => {
            let mut all: Vec<_> = types().chain(tools()).collect();
            all.push(Candidate::new("help", HELP_ABOUT));
            if !line.word.is_empty() {
                all.push(Candidate::new("create", "kubectl's form: create secret TYPE"));
            }
            all
        }
        (Subcommand::Create, 0) => vec![Candidate::new("secret", "Choose a type")],
        (Subcommand::Secret, 0) => types().collect(),
        (Subcommand::Help, 0) => types().chain(tools()).collect(),
        (Subcommand::Tool(tool), _) if tool.name == CHECK => {
            if line.has(&check::EXPLAIN.any()) {
                values::rules().collect()
            } else {
                files::matching(&line.word, true, files::Which::Endings(EXTENSIONS), inputs)
            }
        }
        (Subcommand::Tool(tool), 0) => values::of_tool(tool.name),
        // A second word would be too many: only flags can follow.
        (Subcommand::Type(_), 1) if line.word.is_empty() => flag_names(line),
        _ => Vec::new(),
    }
}

/// The flags that are not given yet or may be repeated.
fn flag_names(line: &Unfinished) -> Vec<Candidate> {
    let shown = line.known.iter().filter(|flag| flag.shown != Shown::Never);
    let mut all = Vec::new();
    for flag in shown.filter(|flag| may_follow(flag, line)) {
        if let Some(letter) = flag.letter.filter(|_| line.word == "-") {
            all.push(Candidate::new(format!("-{letter}"), flag.help));
        }
        let equals = if flag.is_switch() { "" } else { "=" };
        all.push(Candidate::new(format!("--{}{equals}", flag.name), flag.help));
    }
    all
}

fn may_follow(flag: &Flag, line: &Unfinished) -> bool {
    flag.is_list || !line.has(flag)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn offered(line: &str) -> Vec<String> {
        let words = line.split(' ').map(|word| OsString::from(word.trim_matches('|'))).collect();
        let found = candidates(&Unfinished::new(words), &Inputs::fixed());
        found.into_iter().map(|each| each.word).collect()
    }

    #[test]
    fn offers_manifests_and_rules_to_check() {
        assert_eq!(offered("check tests/fix"), ["tests/fixtures/"]);
        assert_eq!(offered("check x tests/fix"), ["tests/fixtures/"]);
        assert_eq!(offered("check --explain value/utf"), ["value/utf-16"]);
        assert_eq!(offered("check --allow=value/utf"), ["--allow=value/utf-16"]);
    }

    #[test]
    fn offers_words_and_values() {
        let rows: &[(&str, &[&str])] = &[
            ("g", &["generic"]),
            ("c", &["check", "completion", "create"]),
            ("create |", &["secret"]),
            ("create secret t", &["tls"]),
            ("create secret s", &["ssh-auth", "service-account-token"]),
            (
                "create secret |",
                &[
                    "generic",
                    "docker-registry",
                    "tls",
                    "basic-auth",
                    "ssh-auth",
                    "service-account-token",
                    "bootstrap-token",
                ],
            ),
            ("help comp", &["completion"]),
            ("completion f", &["fish"]),
            ("new t", &["tls"]),
            ("bogus |", &[]),
            ("generic |", &[]),
            ("generic x y", &[]),
            (
                "generic x --from-",
                &[
                    "--from-file=",
                    "--from-literal=",
                    "--from-env-file=",
                    "--from-stdin=",
                    "--from-prompt=",
                    "--from-env=",
                    "--from-base64=",
                    "--from-random=",
                ],
            ),
            ("generic x --type=kubernetes.io/basic-auth --from-prompt p", &["password"]),
            ("generic x --type=kubernetes.io/basic-auth --from-env=p", &["--from-env=password="]),
            (
                "generic x --from-random=k=",
                &[
                    "--from-random=k=32:alnum",
                    "--from-random=k=32:ascii",
                    "--from-random=k=32:base64url",
                    "--from-random=k=32:digits",
                    "--from-random=k=32:hex",
                    "--from-random=k=32:lower",
                ],
            ),
            ("generic x --from-random k=8:h", &["k=8:hex"]),
            ("generic x --imm", &["--immutable"]),
            ("generic x --immutable --imm", &[]),
            ("generic x --from-literal a=b --from-l", &["--from-literal="]),
            ("generic x --dry-run=", &["--dry-run=client", "--dry-run=server", "--dry-run=none"]),
            ("generic x --immutable=", &["--immutable=true", "--immutable=false"]),
            ("generic x -oy", &["-oyaml"]),
            (
                "generic x -o=j",
                &["-o=json", "-o=jsonpath=", "-o=jsonpath-as-json=", "-o=jsonpath-file="],
            ),
            (
                "generic x -o |",
                &[
                    "yaml",
                    "json",
                    "kyaml",
                    "name",
                    "jsonpath=",
                    "jsonpath-as-json=",
                    "jsonpath-file=",
                    "go-template=",
                    "go-template-file=",
                    "template=",
                    "templatefile=",
                ],
            ),
            ("generic x -o jsonpath-file=src/main", &["jsonpath-file=src/main.rs"]),
            ("generic x -o=jsonpath=src/main", &[]),
            ("generic x --profile-output=src/main", &["--profile-output=src/main.rs"]),
            (
                "generic x --cache-dir=src/ma",
                &["--cache-dir=src/manifest/", "--cache-dir=src/material/"],
            ),
            ("generic x --color n", &["never"]),
            ("generic x --color=n", &["--color=never"]),
            ("generic x --type=kubernetes.io/ba", &["--type=kubernetes.io/basic-auth"]),
            (
                "generic x --type=kubernetes.io/basic-auth --from-literal=u",
                &["--from-literal=username="],
            ),
            ("bootstrap-token --usages=signing,a", &["--usages=signing,authentication"]),
            ("generic x --password=", &[]),
            ("basic-auth x --user", &["--username=", "--user="]),
            ("basic-auth x --password=", &[]),
            ("generic x --token=abc", &[]),
        ];
        for (line, want) in rows {
            assert_eq!(offered(line), *want, "{line}");
        }
    }

    #[test]
    fn offers_keys_to_remove() {
        let line = "generic x --type=kubernetes.io/basic-auth --remove-key=p";
        assert_eq!(offered(line), ["--remove-key=password"]);
    }

    #[test]
    fn offers_the_parts_of_a_registry() {
        let rows: &[(&str, &[&str])] = &[
            (
                "docker-registry x --registry=",
                &[
                    "--registry=server=",
                    "--registry=username=",
                    "--registry=password-file=",
                    "--registry=password-env=",
                ],
            ),
            (
                "docker-registry x --registry server=ghcr.io,password-env=A,",
                &["server=ghcr.io,password-env=A,username="],
            ),
            (
                "docker-registry x --registry username=u,server=https:",
                &["username=u,server=https://index.docker.io/v1/"],
            ),
        ];
        for (line, want) in rows {
            assert_eq!(offered(line), *want, "{line}");
        }
    }

    #[test]
    fn every_flag_of_the_help_is_offered() {
        for row in TYPES {
            let found = offered(&format!("{} x --", row.name));
            for flag in crate::cli::flags_of(row).iter().map(|flag| flag.name) {
                let flag = format!("--{flag}");
                assert!(found.iter().any(|each| each.trim_end_matches('=') == flag), "{flag}");
            }
        }
    }

    /// Flags whose value is anybody's guess. All others have something to offer, in a folder with
    /// files and with a kubeconfig: a new flag is one of these or is completed.
    const FREE: &[&str] = &[
        "age",
        "annotations",
        "api-server-endpoint",
        "as",
        "as-group",
        "as-uid",
        "as-user-extra",
        "certificate-key",
        "description",
        "discovery-token-ca-cert-hash",
        "docker-email",
        "docker-password",
        "docker-username",
        "expires",
        "field-manager",
        "from-base64",
        "from-literal",
        "from-prompt",
        "from-random",
        "from-stdin",
        "hostname",
        "image",
        "labels",
        "log-flush-frequency",
        "min-validity",
        "namespace-selector",
        "parallel",
        "password",
        "pgp",
        "proxy-url",
        "remove-key",
        "request-timeout",
        "seal-controller",
        "service-account",
        "template",
        "tls-server-name",
        "token",
        "trim-newline",
        "ttl",
        "username",
        "v",
        "vmodule",
        "wait",
    ];
    /// Flags that are completed from a kubeconfig or from the environment, of which there is none
    /// here.
    const KNOWN: &[&str] = &[
        "cluster",
        "context",
        "contexts",
        "from-env",
        "namespace",
        "namespaces",
        "server",
        "user",
    ];

    #[test]
    fn every_value_that_can_be_known_is_offered() {
        for row in TYPES {
            for flag in crate::cli::flags_of(row).iter().map(|flag| flag.name) {
                let some = !offered(&format!("{} x --{flag}=", row.name)).is_empty();
                let known = KNOWN.contains(&flag) || flag.ends_with("-env");
                let free = FREE.contains(&flag);
                assert!(some != (free || known), "--{flag} of {}: {some}", row.name);
            }
        }
    }

    #[test]
    fn cobras_form() {
        let candidates = [Candidate::new("a", "first"), Candidate::new("b=", "")];
        assert_eq!(cobra(&candidates), b"a\tfirst\nb=\n:6\n");
        assert_eq!(cobra(&candidates[..1]), b"a\tfirst\n:4\n");
        assert_eq!(cobra(&[]), b":4\n");
    }
}
