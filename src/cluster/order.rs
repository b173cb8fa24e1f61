//! What a run does with a Secret.

use std::time::Duration;

use crate::reach::FieldValidation;
use crate::secret::{DataKey, Secret};

/// A Secret and what is to be done with it, in each of its targets.
#[derive(Debug)]
pub(crate) struct Order {
    /// The Secret. Its namespace, where it has one, is where it goes unless targets say otherwise.
    pub secret: Secret,
    /// Who holds its fields (`--field-manager`).
    pub manager: String,
    /// What the server does with fields that it does not know.
    pub validation: FieldValidation,
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
pub(crate) enum How {
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
pub(crate) struct Apply {
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
