//! The named parts of a kubeconfig, and where a value comes from.

use std::fmt;
use std::path::PathBuf;

use crate::sources::shell_word;

/// A named part of a kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Cluster(String),
    Context(String),
    User(String),
}

impl Part {
    /// What it is: "cluster", "context" or "user".
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Cluster(_) => "cluster",
            Self::Context(_) => "context",
            Self::User(_) => "user",
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Cluster(name) | Self::Context(name) | Self::User(name) => name,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, name) = (self.word(), self.name());
        let is_plain = |c: char| c.is_alphanumeric() || "-_.@:/+".contains(c);
        if name.is_empty() || !name.chars().all(is_plain) {
            write!(f, "{word} {name:?}")
        } else {
            write!(f, "{word} {name}")
        }
    }
}

/// Where in the kubeconfig something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigPlace {
    /// The part that it belongs to.
    pub part: Part,
    /// The file, if it is in one.
    pub file: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<usize>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ValueOrigin {
    /// A file that the kubeconfig names.
    File(PathBuf),
    /// A flag, with its dashes.
    Flag(&'static str),
    Kubeconfig(Box<ConfigPlace>),
    Plugin(String),
    /// A variable of the environment.
    Variable(&'static str),
}

impl ConfigPlace {
    /// The command that leads to it; none if it is in no file.
    pub(super) fn hints(&self) -> Vec<String> {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => vec![format!("see line {line} of {}", shell_word(file))],
            _ => Vec::new(),
        }
    }
}

impl ValueOrigin {
    /// The part whose value it is, or the flag or variable if that has no name.
    pub(super) fn owner(&self, part: &Part) -> String {
        match self {
            Self::Flag(flag) if part.name().is_empty() => (*flag).to_owned(),
            Self::Variable(name) => (*name).to_owned(),
            _ => part.to_string(),
        }
    }

    pub(super) fn hints(&self) -> Vec<String> {
        let from = match self {
            Self::File(path) => format!("the file {}", shell_word(path)),
            Self::Flag(flag) => format!("the flag {flag}"),
            Self::Kubeconfig(place) => return place.hints(),
            Self::Plugin(command) => format!("the credential plugin {command:?}"),
            Self::Variable(name) => format!("the variable {name}"),
        };
        vec![format!("it is from {from}")]
    }
}
