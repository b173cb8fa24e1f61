//! What to do about a wrong command line.

use std::path::Path;

use super::{
    ArgvError, CliError, ClusterFlagError, ClusterRequestError, CommonError, ExtraWord,
    FlagAsValue, TOOLS, flags_of,
};
use crate::hints::Fault;
use crate::similar::nearest;
use crate::sources::{exists, shell_word};
use crate::types::{SecretType, TYPES};

impl Fault for CliError {
    fn hints(&self) -> Vec<String> {
        let help = |subcommand: &str| match subcommand {
            "" => "see mksecret --help".to_owned(),
            _ => format!("mksecret {subcommand} --help shows its flags"),
        };
        match self {
            Self::Alias { name, subcommand, flags, words } => {
                vec![alias_words(name, subcommand, flags, *words), usage(subcommand)]
            }
            Self::Check(error) => error.hints(),
            Self::Kustomize(error) => error.hints(),
            Self::Argv { error, subcommand } => match error {
                ArgvError::UnknownFlag { similar: Some(similar), .. } => {
                    vec![format!("did you mean --{similar}?"), help(subcommand)]
                }
                ArgvError::UnknownFlag { name, .. }
                    if name == "name" && usage(subcommand).contains("NAME") =>
                {
                    vec![format!("the name is an argument, not a flag: {}", usage(subcommand))]
                }
                ArgvError::UnknownFlag { name, .. } if name == "quiet" || name == "silent" => {
                    vec![
                        "MKSECRET_QUIET=1 silences the warning about values in arguments"
                            .to_owned(),
                    ]
                }
                ArgvError::UnknownFlag { name, .. } if subcommand.is_empty() => match owner(name) {
                    Some(row) => vec![format!(
                        "put --{name} after the type: mksecret {} {} --{name}",
                        row.name,
                        row.name_word()
                    )],
                    None => vec![help("")],
                },
                ArgvError::UnknownLetter { whole: Some(flag), .. } => {
                    vec![format!("did you mean --{flag}? Long flags begin with two dashes")]
                }
                ArgvError::UnknownLetter { letter: 'f', .. } if reads_files(subcommand) => {
                    vec!["did you mean --from-file?".to_owned()]
                }
                ArgvError::UnknownLetter { letter: 'V', .. } => {
                    vec!["did you mean `mksecret --version`?".to_owned()]
                }
                ArgvError::UnknownLetter { letter: 'p', .. } => {
                    vec!["no flag takes a password that way".to_owned(), help(subcommand)]
                }
                _ => vec![help(subcommand)],
            },
            Self::Cluster(error) => error.hints(),
            Self::ClusterRequest(error) => error.hints(),
            Self::Common(error) => error.hints(),
            Self::FlagAsValue(FlagAsValue { flag, value, .. }) => {
                let value = value.trim_end_matches(",…");
                vec![format!("write --{flag}={value}; a shell's variable may be unset")]
            }
            Self::Default { fault, error } => {
                let mut all = error.hints();
                all.extend(fault.hints());
                all
            }
            Self::Seal(error) => error.hints(),
            Self::Kuberc(error) => error.hints(),
            Self::NameCount { parted: Some(flag), .. } => vec![parted_hint(flag)],
            Self::NameCount { typeset: true, .. } => {
                vec![
                    "an argument starts with a typographic dash: flags start with two hyphens, \
                     --"
                    .to_owned(),
                ]
            }
            Self::NameCount { subcommand: "tls", got: 3, assigned: None, .. } => {
                vec!["the files need flags: mksecret tls NAME --cert=FILE --key=FILE".to_owned()]
            }
            Self::NameCount { subcommand, extra, assigned, .. } => {
                let meant = assigned.map(|(flag, value)| format!("did you mean --{flag}={value}?"));
                let cause = extra.as_ref().and_then(|extra| extra_hint(extra)).or(meant);
                let needs_name =
                    !TYPES.iter().any(|row| row.name == *subcommand && row.name_optional);
                let before = if needs_name { "one name, then flags: " } else { "" };
                let usage = format!("{before}{}", usage(subcommand));
                cause.into_iter().chain([usage]).collect()
            }
            Self::NameEmpty => vec!["the name is empty; a shell variable may be unset".to_owned()],
            Self::NameIsMade { subcommand } => {
                vec![format!("leave it out: mksecret new {subcommand}")]
            }
            Self::NoShell { .. } => vec!["mksecret completion bash".to_owned()],
            Self::UnknownCommand { similar: Some(similar), .. } => {
                vec![format!("did you mean `mksecret {similar}`?")]
            }
            Self::UnknownCommand { surplus, .. } => {
                let verb = surplus.first.as_deref().unwrap_or_default();
                vec![if KUBECTL_VERBS.contains(&verb) {
                    format!("mksecret only creates Secrets: kubectl {verb} secrets")
                } else {
                    help("")
                }]
            }
            Self::Value { subcommand, .. } => vec![help(subcommand)],
        }
    }
}

impl Fault for CommonError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Consumer(error) => error.hints(),
            Self::Format { format } => vec![meant(
                "-o ",
                &format.to_ascii_lowercase(),
                &["yaml", "json", "kyaml", "name", "jsonpath=", "go-template="],
                "-o yaml prints the manifest",
            )],
            Self::Allow(error) => error.hints(),
            Self::DryRun { value } => vec![meant(
                "--dry-run=",
                value,
                &["client", "server", "none"],
                "--dry-run=client prints the Secret and creates nothing",
            )],
            Self::NotText { flag, .. } | Self::Pair { flag, .. } => {
                vec![format!("write each as --{flag} KEY=VALUE")]
            }
            Self::PairTwice { .. } => vec!["leave out one of them".to_owned()],
            Self::NoOutputFile => vec!["a shell variable may be unset".to_owned()],
            Self::OutputFileAlone => vec!["add -o yaml".to_owned()],
            Self::NoTemplate { format } => {
                let format = format.trim_end_matches("-file");
                let template = match format {
                    "go-template" | "template" => "{{.metadata.name}}",
                    _ => "{.metadata.name}",
                };
                vec![format!("for example -o {format}='{template}'")]
            }
            Self::Validate { value } => vec![meant(
                "--validate=",
                value,
                &["strict", "warn", "ignore"],
                "--validate=ignore prints what kubectl prints",
            )],
        }
    }
}

impl Fault for ClusterFlagError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NobodyToActAs => vec!["add --as=USER".to_owned()],
            Self::TwoLogins => {
                vec!["leave out either --token or --username and --password".to_owned()]
            }
            Self::Profile { .. } => {
                vec!["leave out --profile: it has no effect in mksecret".to_owned()]
            }
            Self::Proxy { .. } => {
                vec!["for example --proxy-url=http://proxy.example.com:3128".to_owned()]
            }
            Self::Server(_) => {
                vec!["for example --server=https://10.0.0.1:6443".to_owned()]
            }
            Self::Timeout(_) => vec!["for example --request-timeout=30s".to_owned()],
        }
    }
}

impl Fault for ClusterRequestError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Needs { needed, .. } => vec![format!("add --{needed}")],
            Self::Exclude { one: "wait", .. } => {
                vec![
                    "nothing is stored, so there is nothing to wait for: leave out --wait"
                        .to_owned(),
                ]
            }
            Self::RandomUnderHash => {
                vec!["leave out --append-hash, or --apply".to_owned()]
            }
            Self::Wait => vec!["for example --wait=30s".to_owned()],
            Self::Exclude { one, other } if *other != "save-config" => {
                vec![format!("leave out --{one} or --{other}")]
            }
            Self::Exclude { one: "apply", other: "save-config" } => {
                vec!["--apply does not use the annotation: leave out --save-config".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

/// What kubectl does with Secrets that are on a cluster.
const KUBECTL_VERBS: [&str; 5] = ["delete", "describe", "edit", "get", "patch"];

/// Whether a subcommand has `--from-file`.
fn reads_files(subcommand: &str) -> bool {
    let row = TYPES.iter().find(|row| row.name == subcommand);
    row.is_some_and(|row| (row.flags)().iter().any(|flag| flag.name == "from-file"))
}

/// How a flag whose value may be left out is given one.
fn parted_hint(flag: &str) -> String {
    let value = match flag {
        "dry-run" => "client",
        "seal" => "cert.pem",
        "sops" => "FILE",
        "trim-newline" => "KEY",
        "validate" => "ignore",
        "wait" => "30s",
        _ => "true",
    };
    format!("use '=': --{flag}={value}")
}

/// The value that was meant for a flag, or what to do if none is near.
fn meant(flag: &str, value: &str, known: &[&'static str], otherwise: &str) -> String {
    match nearest(value, known.iter().copied()) {
        Some(value) => format!("did you mean {flag}{value}?"),
        None => otherwise.to_owned(),
    }
}

/// The likely cause of a word too many.
fn extra_hint(extra: &ExtraWord) -> Option<String> {
    if extra.blank {
        return Some(
            "the argument is empty or blank: nothing may follow a \\ at the end of a \
             line"
                .to_owned(),
        );
    }
    let after = extra.after.as_ref();
    let file = |value: &Path| {
        let behind_key = value.to_str().and_then(|text| Some(Path::new(text.split_once('=')?.1)));
        [Some(value), behind_key]
            .into_iter()
            .flatten()
            .find(|path| exists(path))
            .map(Path::to_owned)
    };
    let expanded = after.filter(|_| exists(&extra.path));
    if let Some((flag, path)) = expanded.and_then(|(flag, value)| Some((flag, file(value)?))) {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .map_or_else(|| ".".to_owned(), shell_word);
        return Some(match flag.as_str() {
            "from-file" => format!(
                "the shell expands a pattern to several arguments: pass the directory, \
                 --from-file={folder}, or use one flag per file"
            ),
            flag => format!("--{flag} accepts one path: use one flag per file"),
        });
    }
    if extra.pair {
        return None;
    }
    after.map(|(flag, value)| {
        if flag.get(1..).is_some_and(|rest| value.as_os_str() == rest) {
            return format!("did you mean --{flag}? Long flags begin with two dashes");
        }
        let key = if flag == "from-literal" { "KEY=" } else { "" };
        format!("a value with a space needs quotes: --{flag}='{key}two words'")
    })
}

/// A subcommand with the words that it takes.
fn usage(subcommand: &str) -> String {
    let types = TYPES.iter().map(|row| (row.name, row.name_word()));
    let mut all = types.chain(TOOLS.iter().map(|row| (row.name, row.words)));
    match all.find(|row| row.0 == subcommand) {
        Some((name, words)) => format!("mksecret {name} {words}"),
        None => "mksecret generic NAME".to_owned(),
    }
}

/// The first type that has this flag.
fn owner(flag: &str) -> Option<&'static SecretType> {
    let has = |row: &&SecretType| flags_of(row).iter().any(|known| known.name == flag);
    TYPES.iter().find(has)
}

/// What an alias of kubectl's stands for. Of what it adds only the names are shown.
fn alias_words(name: &str, subcommand: &str, flags: &[String], words: usize) -> String {
    let mut adds: Vec<_> = flags.iter().map(|flag| format!("--{flag}")).collect();
    adds.extend(
        (words > 0).then(|| format!("{words} more argument{}", if words == 1 { "" } else { "s" })),
    );
    let adds = if adds.is_empty() { String::new() } else { format!(", with {}", adds.join(", ")) };
    format!("kubectl {name} runs kubectl create secret {subcommand}{adds}")
}
