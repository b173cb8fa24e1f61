//! What became of each target.

use std::sync::Arc;

use super::error::ClusterError;
use super::object::Object;
use super::route::Route;

/// A namespace of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The context, where one was named.
    pub context: Option<String>,
    /// The namespace, where it is known.
    pub namespace: Option<String>,
}

/// What came of a target.
#[derive(Debug)]
pub(crate) struct Report {
    /// The number of the order, from 0; that of the first one if a whole context failed.
    pub order: usize,
    pub target: Target,
    /// The way to its API server, `None` if that is not known.
    pub route: Option<Arc<Route>>,
    pub warnings: Vec<String>,
    /// What is worth knowing beside the result.
    pub notes: Vec<Note>,
    pub result: Result<Done, ClusterError>,
}

/// What is told while an order is carried out.
#[derive(Debug)]
pub(crate) enum Event {
    /// A line of the log.
    Log(String),
    /// So many of so many targets are done.
    Progress(usize, usize),
    /// What came of the next target.
    Report(Report),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Configured,
    Created,
    /// It was applied, and nobody could look whether that changed anything.
    ServerSideApplied,
    Unchanged,
}

impl Outcome {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Created => "created",
            Self::ServerSideApplied => "serverside-applied",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What was done, and the object as it is now, where it is known.
#[derive(Debug)]
pub(crate) struct Done {
    pub outcome: Outcome,
    pub object: Option<Box<Object>>,
}

impl Done {
    pub(super) fn new(outcome: Outcome, object: impl Into<Option<Object>>) -> Self {
        Self { outcome, object: object.into().map(Box::new) }
    }
}

/// What is worth knowing beside the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A line of what changes; without any value.
    Diff(String),
    /// The answer of a create was lost or an error, and the object was then found as it was sent.
    FoundAsSent {
        /// The HTTP status of the error, `None` if the answer was lost.
        code: Option<u16>,
    },
    /// What an earlier create held is held by apply now, and the apply itself failed.
    HandedOver,
    /// A value becomes empty that was not.
    Emptied {
        key: String,
        /// The length of the live value in bytes.
        len: usize,
    },
    /// A key is no more.
    KeyRemoved {
        key: String,
    },
    /// A key stays that was not given.
    KeyStays {
        key: String,
        manager: Option<String>,
    },
    /// The live Secret has its values in the annotation of `kubectl apply`.
    LastApplied,
    /// The caller may not look at the Secret.
    NotLooked,
    Recreated,
}

impl Note {
    /// Whether users regret it: `--warnings-as-errors` then fails.
    pub(crate) fn is_warning(&self) -> bool {
        matches!(self, Self::Emptied { .. } | Self::LastApplied)
    }
}
