//! What is wrong with a command line.

use super::argv::{ArgvError, ExtraWord, FlagAsValue, Surplus};
use super::check::CheckError;
use super::cluster_flags::ClusterFlagError;
use super::cluster_request::ClusterRequestError;
use super::common::CommonError;
use super::kustomize::KustomizeFlagError;
use super::seal::SealFlagError;
use super::tools::Shell;
use crate::flags::ValueFault;
use crate::kuberc::KubercError;
use crate::shown;
use crate::types::TYPES;

/// What is wrong with a command line, in kubectl's words where kubectl has it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// An alias of kubectl's, which only kubectl expands.
    #[error("unknown command {name:?}: it is an alias of kubectl")]
    Alias {
        name: String,
        /// The type of the command that it stands for.
        subcommand: &'static str,
        /// The flags that it sets.
        flags: Vec<String>,
        /// How many words it adds.
        words: usize,
    },
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Kustomize(#[from] KustomizeFlagError),
    #[error("{error}")]
    Argv {
        error: ArgvError,
        /// The subcommand, empty where there is none.
        subcommand: &'static str,
    },
    /// A flag on how to reach a cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterFlagError),
    /// What is asked of a cluster.
    #[error(transparent)]
    ClusterRequest(#[from] ClusterRequestError),
    /// A flag that all types have.
    #[error(transparent)]
    Common(#[from] CommonError),
    /// A default of kubectl's preferences that its flag does not take.
    #[error("{fault}")]
    Default {
        fault: KubercError,
        /// What is wrong with it. Its message may show the default.
        error: Box<Self>,
    },
    /// A flag that took the flag after it for its value.
    #[error("--{} takes the next word as its value, and that is the flag {}", .0.flag, .0.word)]
    FlagAsValue(FlagAsValue),
    /// A flag that seals, or one that does not go with it.
    #[error(transparent)]
    Seal(#[from] SealFlagError),
    #[error(transparent)]
    Kuberc(#[from] KubercError),
    #[error("{}, got {got}{}", name_count_words(subcommand), extra.as_ref().map_or(String::new(), |extra| extra_words(extra)))]
    NameCount {
        got: usize,
        subcommand: &'static str,
        /// A flag that a word may have been meant for.
        parted: Option<&'static str>,
        /// Whether a word begins with another dash than the keyboard's.
        typeset: bool,
        /// The word that is likely to be too many.
        extra: Option<Box<ExtraWord>>,
        /// The flag that a word with `=` may have been meant for, and its value's name.
        assigned: Option<(&'static str, &'static str)>,
    },
    #[error("name must be specified")]
    NameEmpty,
    /// `new` with what would be a secret on the command line.
    #[error("mksecret new {subcommand} accepts no argument: the token is generated")]
    NameIsMade { subcommand: &'static str },
    #[error("exactly one of {} is required{}", Shell::names(), if words.count == 1 { format!(", got {}", words.words()) } else { String::new() })]
    NoShell { words: Surplus },
    #[error("unknown command {}", surplus.words())]
    UnknownCommand {
        surplus: Surplus,
        /// What was probably meant, without the tool's name.
        similar: Option<String>,
    },
    #[error("invalid argument {value} for \"{flag}\" flag: {reason}")]
    Value {
        /// The flag as pflag names it.
        flag: String,
        /// What was given, in quotes, or its length.
        value: String,
        /// What is wrong with it.
        reason: String,
        subcommand: &'static str,
    },
}

impl CliError {
    /// A value of a boolean, a number, a duration that its flag does not take. A text of another
    /// form may have been meant for another flag, and is not shown.
    pub(super) fn value(
        ValueFault { flag, value, reason }: ValueFault,
        subcommand: &'static str,
    ) -> Self {
        let value = value.unwrap_or_default();
        let name = match flag.letter {
            Some(letter) => format!("-{letter}, --{}", flag.name),
            None => format!("--{}", flag.name),
        };
        // A switch takes nothing longer than `false`.
        let len_max = if flag.is_switch() { "false".len() } else { 16 };
        if value.len() <= len_max && shown::is_duration(&value) {
            return Self::Value { flag: name, value: format!("{value:?}"), reason, subcommand };
        }
        // Go's reason begins with the value.
        let without_value = reason.rsplit(": ").next().filter(|why| !why.contains(&value));
        let reason = without_value.unwrap_or("invalid syntax").to_owned();
        Self::Value {
            flag: name,
            value: shown::Hidden(value.len()).to_string(),
            reason,
            subcommand,
        }
    }
}

/// How many names there may be.
fn name_count_words(subcommand: &str) -> &'static str {
    match TYPES.iter().find(|row| row.name == subcommand) {
        Some(row) if row.name_optional => "at most one TOKEN is allowed",
        _ => "exactly one NAME is required",
    }
}

/// Where the word is that is too many, and its length: it may be part of a value.
fn extra_words(extra: &ExtraWord) -> String {
    let ExtraWord { nth, len, after, .. } = extra;
    let after = after.as_ref().map_or(String::new(), |(flag, _)| format!(" after --{flag}"));
    format!(": word {nth} {}{after}", shown::Hidden(*len))
}
