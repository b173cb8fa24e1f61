//! cobra's way of finding the subcommand, which differs from clap's: a flag that the level above a
//! subcommand does not know takes the next word while the subcommand is looked for.

use std::cell::LazyCell;
use std::ffi::OsString;

use super::argv::{Flags, dashed};
use super::tools::{TOOLS, Tool};
use crate::flags::Flag;
use crate::sources::bytes_of;
use crate::types::{SecretType, TYPES};

/// The flags of `kubectl create` itself that may stand without a value: between `create` and
/// `secret` they take no word.
const BARE_AT_CREATE: &[&str] = &[
    "allow-missing-template-keys",
    "dry-run",
    "edit",
    "recursive",
    "save-config",
    "show-managed-fields",
    "validate",
    "windows-line-endings",
];

/// What the words ask for.
pub(super) enum Invocation {
    /// No subcommand; all words are left but `create` and `secret`, which led to the level.
    Nothing {
        words: Vec<OsString>,
        level: Level,
    },
    Help {
        words: Vec<OsString>,
    },
    /// A subcommand that is no secret type.
    Tool {
        tool: &'static Tool,
        words: Vec<OsString>,
    },
    Type {
        secret_type: &'static SecretType,
        words: Vec<OsString>,
    },
}

/// Which of kubectl's commands stands above the subcommand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Top,
    Create,
    Secret,
}

/// Finds the subcommand as cobra does, level by level, and takes its words out. `global` are the
/// flags that every level knows, made only where a flag stands before the subcommand.
pub(super) fn find(mut words: Vec<OsString>, global: &LazyCell<Vec<Flag>>) -> Invocation {
    let mut level = Level::Top;
    while let Some(at) = first_word(&words, level, global) {
        let word = words[at].to_str().unwrap_or_default();
        let secret_type = TYPES.iter().find(|row| row.name == word && level != Level::Create);
        let tool = TOOLS.iter().find(|row| row.name == word && level == Level::Top);
        let help = word == "help" && level == Level::Top;
        let next = match (word, level) {
            ("create", Level::Top) => Level::Create,
            ("secret", Level::Create) => Level::Secret,
            _ => level,
        };
        if secret_type.is_none() && tool.is_none() && !help && next == level {
            break;
        }
        words.remove(at);
        if let Some(secret_type) = secret_type {
            return Invocation::Type { secret_type, words };
        }
        if let Some(tool) = tool {
            return Invocation::Tool { tool, words };
        }
        if help {
            return Invocation::Help { words };
        }
        level = next;
    }
    Invocation::Nothing { words, level }
}

const KUBECTL_COMMANDS: &[&str] = &[
    "alpha",
    "annotate",
    "api-resources",
    "api-versions",
    "apply",
    "attach",
    "auth",
    "autoscale",
    "certificate",
    "cluster-info",
    "completion",
    "config",
    "cordon",
    "cp",
    "create",
    "debug",
    "delete",
    "describe",
    "diff",
    "drain",
    "edit",
    "events",
    "exec",
    "explain",
    "expose",
    "get",
    "kuberc",
    "kustomize",
    "label",
    "logs",
    "options",
    "patch",
    "plugin",
    "port-forward",
    "proxy",
    "replace",
    "rollout",
    "run",
    "scale",
    "set",
    "taint",
    "top",
    "uncordon",
    "version",
    "wait",
];

/// What a command in kubectl's own files is.
pub(super) enum KubectlCommand {
    /// `create secret TYPE`. kubectl does not have all of our types, and takes those that it does
    /// not have for an argument of `create secret`.
    Type(&'static SecretType),
    Other,
    Unknown,
}

/// Finds a command of kubectl's as cobra does. Flags and further words may be part of it.
pub(super) fn kubectl_command(command: &str, global: &LazyCell<Vec<Flag>>) -> KubectlCommand {
    let mut words: Vec<_> = command.split_whitespace().map(OsString::from).collect();
    let mut level = Level::Top;
    while let Some(at) = first_word(&words, level, global) {
        let word = words.remove(at);
        level = match (level, word.to_str().unwrap_or_default()) {
            (Level::Top, "create") => Level::Create,
            (Level::Top, word) if !KUBECTL_COMMANDS.contains(&word) => {
                return KubectlCommand::Unknown;
            }
            (Level::Create, "secret") => Level::Secret,
            (Level::Top | Level::Create, _) => break,
            (Level::Secret, word) => {
                let row = TYPES.iter().find(|row| row.name == word);
                return row.map_or(KubectlCommand::Other, KubectlCommand::Type);
            }
        };
    }
    KubectlCommand::Other
}

/// Whether this level knows a flag that takes no word.
fn is_bare(name: &str, level: Level, global: &LazyCell<Vec<Flag>>) -> bool {
    Flags(global).long(name).is_some_and(Flag::is_bare)
        || (level == Level::Create && BARE_AT_CREATE.contains(&name))
}

/// The place of the first word that is neither a flag nor the value of one.
fn first_word(words: &[OsString], level: Level, global: &LazyCell<Vec<Flag>>) -> Option<usize> {
    let mut at = 0;
    while at < words.len() {
        let word = bytes_of(&words[at]);
        match &*word {
            b"--" => return None,
            [b'-', b'-', name @ ..]
                if !name.contains(&b'=') && !is_bare(&dashed(name), level, global) =>
            {
                at += 1;
            }
            // Among the levels' own shorthands only create's -R takes no value.
            [b'-', letter] if *letter != b'=' && (*letter != b'R' || level != Level::Create) => {
                at += 1;
            }
            [] | [b'-', ..] => {}
            _ => return Some(at),
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags;

    fn known() -> Vec<Flag> {
        vec![
            flags::text("namespace", "N", "").short('n').any(),
            flags::switch("recursive", "").short('R').any(),
        ]
    }

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn commands_of_kubectl() {
        let rows = [
            ("create secret generic", "generic"),
            (" create  secret\tgeneric x --y", "generic"),
            ("create -n foo secret tls", "tls"),
            ("create secret basic-auth", "basic-auth"),
            ("create secret", "other"),
            ("create secret bogus", "other"),
            ("create generic", "other"),
            ("get generic", "other"),
            ("", "other"),
            ("generic", "unknown"),
            ("help", "unknown"),
        ];
        for (command, want) in rows {
            let found = match kubectl_command(command, &LazyCell::new(known)) {
                KubectlCommand::Type(row) => row.name,
                KubectlCommand::Other => "other",
                KubectlCommand::Unknown => "unknown",
            };
            assert_eq!(found, want, "{command}");
        }
    }

    #[test]
    fn finds_as_cobra() {
        let rows = [
            ("generic x", Some("x")),
            ("create secret generic x", Some("x")),
            ("-n generic generic x", Some("-n generic x")),
            ("--unknown y generic x", Some("--unknown y x")),
            ("--unknown generic x", None),
            ("--unknown=1 generic x", Some("--unknown=1 x")),
            ("--recursive create secret generic", Some("--recursive")),
            ("create --validate secret generic x", None),
            ("create --validate=ignore secret generic x", Some("--validate=ignore x")),
            ("create generic x", None),
            ("-- generic x", None),
            ("create -R secret --type t generic x", None),
            ("create -R secret generic x", None),
        ];
        let global = LazyCell::new(known as fn() -> Vec<Flag>);
        for (line, want) in rows {
            let got = match find(words(line), &global) {
                Invocation::Type { words, .. } => Some(words),
                Invocation::Nothing { .. } | Invocation::Help { .. } | Invocation::Tool { .. } => {
                    None
                }
            };
            assert_eq!(got, want.map(words), "{line}");
        }
    }
}
