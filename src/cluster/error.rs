//! Why a run on a cluster did not do what was asked, and how certain that is.

use std::time::Duration;

use super::config_error::ConfigError;
use super::progress::Phase;
use super::status::{self, Status};
use super::trouble::Trouble;
use crate::secret::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Apply,
    Create,
    Delete,
    ListNamespaces,
    ListSecrets,
    Read,
}

/// Why something was not done, or is not known to be done.
#[derive(Debug)]
pub(crate) enum ClusterError {
    /// It is not known which server to ask, or how.
    Config(ConfigError),
    /// Others hold fields that would change.
    Conflict {
        held: Vec<Held>,
    },
    /// The old Secret is deleted, and another one took its place before the new one could.
    Displaced {
        /// Why not the new one.
        why: Box<ClusterError>,
    },
    /// The live Secret would lose its last keys.
    Emptied {
        /// The keys that it would lose and that `--remove-key` does not name.
        keys: Vec<String>,
    },
    /// The caller may not read the live Secret, and an apply without any key might empty it.
    EmptiedUnseen,
    /// Finalizers keep a Secret that is to be made anew.
    Finalizers {
        names: Vec<String>,
    },
    /// The old Secret is deleted, and neither the new one nor the old one could be made.
    Gone {
        /// Why not the new one.
        why: Box<ClusterError>,
        /// Why not the old one.
        putting_back: Box<ClusterError>,
    },
    /// The live Secret is immutable.
    Immutable,
    Interrupted {
        /// How far it had come.
        phase: Phase,
    },
    /// Somebody else kept changing it.
    Moving,
    /// A key that is to be removed is not there.
    NoKey {
        key: String,
        /// Those that are there; none where the Secret itself is not.
        there: Option<Vec<String>>,
    },
    /// The new Secret could not be made in place of the old one, which was put back.
    PutBack {
        why: Box<ClusterError>,
    },
    /// The live Secret has another type.
    TypeChange {
        from: String,
        to: String,
    },
    /// Nothing was changed: a question went without an answer, or the server took no order.
    Failed {
        /// What went wrong in the end.
        trouble: Trouble,
    },
    /// The namespaces of a selector, or Secrets, could not be read.
    NotListed {
        verb: Verb,
        /// What went wrong in the end.
        trouble: Trouble,
    },
    /// The selector chose no namespace.
    NoNamespace {
        selector: String,
    },
    Refused {
        verb: Verb,
        status: Box<Status>,
    },
    /// It is there already, as good as asked for, and cannot be printed.
    Unshown {
        why: Box<ClusterError>,
    },
    /// It is there, and no controller is seen to have filled it.
    Unfilled {
        why: Unfilled,
    },
    /// The live Secret gave reason to warn, and `--warnings-as-errors` was given.
    Warned {
        count: usize,
    },
    /// The order may have been carried out, and nobody can say.
    Uncertain {
        verb: Verb,
        /// Why it is not known.
        why: Box<Uncertainty>,
    },
}

impl From<ConfigError> for ClusterError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl ClusterError {
    /// Takes values out of what the server says in it: admission webhooks write what they like.
    pub(super) fn hide<'v>(&mut self, values: impl Iterator<Item = &'v Value> + Clone) {
        // Errors lie one in the other; what they say is gathered first.
        let mut texts = Vec::new();
        let mut errors = vec![self];
        while let Some(error) = errors.pop() {
            match error {
                Self::Refused { status, .. } => texts.extend(status.texts()),
                Self::Displaced { why } | Self::PutBack { why } | Self::Unshown { why } => {
                    errors.push(why);
                }
                Self::Gone { why, putting_back } => errors.extend([&mut **why, putting_back]),
                Self::Unfilled { why: Unfilled::Unseen { looking } } => errors.push(looking),
                Self::Failed { trouble } | Self::NotListed { trouble, .. } => {
                    texts.extend(trouble.text());
                }
                Self::Uncertain { why, .. } => match &mut **why {
                    Uncertainty::Later { lost, error } => {
                        texts.extend(lost.text());
                        errors.push(error);
                    }
                    Uncertainty::Unseen { lost, looking } => {
                        texts.extend(lost.text());
                        errors.push(looking);
                    }
                    Uncertainty::SomethingElse { lost, .. } | Uncertainty::Unanswered { lost } => {
                        texts.extend(lost.text());
                    }
                },
                Self::Config(_)
                | Self::Conflict { .. }
                | Self::Emptied { .. }
                | Self::EmptiedUnseen
                | Self::Finalizers { .. }
                | Self::Immutable
                | Self::Interrupted { .. }
                | Self::Moving
                | Self::NoKey { .. }
                | Self::NoNamespace { .. }
                | Self::TypeChange { .. }
                | Self::Unfilled { .. }
                | Self::Warned { .. } => {}
            }
        }
        status::hide(values, texts.into_iter());
    }

    /// Whether it says of itself what may have become of the Secret.
    pub(super) fn tells_what_is_there(&self) -> bool {
        matches!(
            self,
            Self::Displaced { .. }
                | Self::Gone { .. }
                | Self::PutBack { .. }
                | Self::Uncertain { .. }
        )
    }
}

/// What became of a Secret that a controller is to fill.
#[derive(Debug)]
pub(crate) enum Unfilled {
    /// It is gone: a controller deletes what is for a service account that does not exist.
    Deleted {
        account: String,
    },
    /// It was not filled in as long as it was waited for.
    Late {
        patience: Duration,
    },
    /// Another one has its name now.
    Replaced,
    Unseen {
        looking: Box<ClusterError>,
    },
}

/// A field that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub manager: String,
    pub field: String,
}

impl Uncertainty {
    /// How the answer was lost.
    pub(crate) fn lost(&self) -> &Trouble {
        match self {
            Self::Later { lost, .. }
            | Self::SomethingElse { lost, .. }
            | Self::Unanswered { lost }
            | Self::Unseen { lost, .. } => lost,
        }
    }
}

/// Why it is not known whether an order was carried out.
#[derive(Debug)]
pub(crate) enum Uncertainty {
    /// What was tried next failed for certain, which says nothing about the first try.
    Later {
        /// How the first answer was lost.
        lost: Trouble,
        error: Box<ClusterError>,
    },
    /// The look-up found something else, or something that cannot be told from what was before.
    SomethingElse {
        /// How the answer was lost.
        lost: Trouble,
        /// Whether it is older than our start for certain.
        is_older: bool,
    },
    Unseen {
        /// How the answer was lost.
        lost: Trouble,
        looking: Box<ClusterError>,
    },
    /// No answer came, as often as it was tried.
    Unanswered {
        /// How the last answer was lost.
        lost: Trouble,
    },
}
