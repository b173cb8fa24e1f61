//! What is to be done with a Secret, and what was done.

use std::time::Duration;

use super::client::Answer;
use super::object::Object;
use super::status::{self, Reply};
use crate::reach::FieldValidation;
use crate::secret::{DataKey, Secret, Value};

/// A Secret and what is to be done with it, in each of its targets.
#[derive(Debug)]
pub struct Order {
    /// The Secret. Its namespace, where it has one, is where it goes unless targets say otherwise.
    pub secret: Secret,
    /// Who holds its fields (`--field-manager`).
    pub manager: String,
    /// What the server does with fields that it does not know.
    pub validation: FieldValidation,
    /// Whether nothing is stored.
    pub dry_run: bool,
    /// Whether the object is printed, so that it is fetched where no answer brings it.
    pub wants_object: bool,
    /// How long it is waited for that a controller fills it.
    pub wait: Option<Duration>,
    /// What is to be done.
    pub how: How,
}

/// What is to be done.
#[derive(Debug)]
pub enum How {
    /// Make it.
    Create {
        /// Whether one that is there already is as good.
        if_absent: bool,
    },
    /// Make it, or make the one that is there like it.
    Apply(Apply),
}

/// How an apply is done.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Apply {
    /// Whether fields are taken from others.
    pub force: bool,
    /// Whether a Secret that cannot be changed so is made anew.
    pub recreate: bool,
    /// Whether it is told what changes.
    pub diff: bool,
    /// Whether what is not named stays.
    pub merge: bool,
    /// Keys to remove, with `merge`.
    pub remove_keys: Vec<String>,
    /// Keys whose value was made for this run: where there is one already, that is as good.
    pub random: Vec<DataKey>,
    /// Whether a live Secret may lose its last key (`--allow-empty`).
    pub allow_empty: bool,
    /// Whether a warning about the live Secret ends the apply (`--warnings-as-errors`).
    pub warnings_as_errors: bool,
}

impl Apply {
    /// Whether what is sent rests on what is there: then it is read, and the apply is refused
    /// where it has moved since.
    pub(super) fn rests_on_live(&self) -> bool {
        self.merge || !self.random.is_empty()
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was changed.
    Configured,
    /// It was made.
    Created,
    /// It was applied, and nobody could look whether that changed anything.
    ServerSideApplied,
    /// It was as wanted.
    Unchanged,
}

impl Outcome {
    /// kubectl's word.
    pub fn as_str(self) -> &'static str {
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
pub struct Done {
    /// What was done.
    pub outcome: Outcome,
    /// The object.
    pub object: Option<Box<Object>>,
}

impl Done {
    pub(super) fn new(outcome: Outcome, object: impl Into<Option<Object>>) -> Self {
        Self { outcome, object: object.into().map(Box::new) }
    }
}

/// What is worth knowing beside the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
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
        /// The key.
        key: String,
        /// The length of the live value in bytes.
        len: usize,
    },
    /// A key is no more.
    KeyRemoved {
        /// The key.
        key: String,
    },
    /// A key stays that was not given.
    KeyStays {
        /// The key.
        key: String,
        /// Who holds it.
        manager: Option<String>,
    },
    /// The live Secret has its values in the annotation of `kubectl apply`.
    LastApplied,
    /// The caller may not look at the Secret.
    NotLooked,
    /// The Secret was recreated.
    Recreated,
}

impl Note {
    /// Whether users regret it: `--warnings-as-errors` then fails.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::Emptied { .. } | Self::LastApplied)
    }
}

/// What was said on the way to a result.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) warnings: Vec<String>,
    pub(super) notes: Vec<Note>,
}

impl Told {
    /// Reads what a request for a Secret was answered, and takes the server's warnings, each once.
    pub(super) fn read(&mut self, answer: &Answer) -> Reply {
        let reply = answer.secret();
        if matches!(reply, Reply::Secret { .. } | Reply::Refused { .. } | Reply::Broken { .. }) {
            for warning in &answer.warnings {
                if !self.warnings.contains(warning) {
                    self.warnings.push(warning.clone());
                }
            }
        }
        reply
    }

    /// Takes values out of the warnings: admission webhooks write what they like.
    pub(super) fn hide<'v>(&mut self, values: impl Iterator<Item = &'v Value>) {
        status::hide(values, self.warnings.iter_mut());
    }
}
