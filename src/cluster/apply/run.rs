//! What the steps of an apply share.

use std::sync::Arc;

use super::fields::Holders;
use crate::cluster::error::{ClusterError, Uncertainty, Verb};
use crate::cluster::object::Object;
use crate::cluster::order::{Apply, Order};
use crate::cluster::report::{Done, Note};
use crate::cluster::requests::RequestPlace;
use crate::cluster::trouble::Trouble;

/// What came of one attempt.
pub(super) enum Round {
    Done(Done),
    /// The live Secret is another than the one that was read.
    Moved,
}

/// One apply of an order.
pub(super) struct ApplyRun<'a> {
    pub(super) place: &'a RequestPlace<'a>,
    pub(super) order: &'a Order,
    pub(super) ask: &'a Apply,
    /// What was there before the first of our requests that may have changed something without
    /// being the last: the result is told against it.
    pub(super) before: Option<Before>,
    /// How the answer to a request was lost that may have changed something.
    pub(super) lost: Option<Trouble>,
    /// What is done whatever comes of the rest.
    pub(super) done: Vec<Note>,
}

pub(super) enum Before {
    Nothing,
    Object(Arc<Object>),
}

impl Before {
    pub(super) fn object(&self) -> Option<&Object> {
        match self {
            Self::Nothing => None,
            Self::Object(object) => Some(object),
        }
    }
}

impl ApplyRun<'_> {
    /// Something moved; where an answer of ours was lost, perhaps by us.
    pub(super) fn moved(&mut self, lost: Option<Trouble>, before: Option<Before>) -> Round {
        if let Some(lost) = lost {
            self.lost = Some(lost);
            let known = self.before.take();
            self.before = known.or(before);
        }
        Round::Moved
    }

    /// Notes what is done now, even if the apply is refused.
    pub(super) fn record_side_effects(&mut self, holders: &Holders, removed: &[&str]) {
        if holders.handover.is_some() && !self.done.contains(&Note::HandedOver) {
            self.done.push(Note::HandedOver);
        }
        let removed = removed.iter().map(|key| Note::KeyRemoved { key: (*key).to_owned() });
        self.done.extend(removed);
    }
}

pub(super) fn uncertain(why: Uncertainty) -> ClusterError {
    ClusterError::Uncertain { verb: Verb::Apply, why: Box::new(why) }
}
