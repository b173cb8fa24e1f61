//! Create or update in one: server-side apply.
//!
//! An apply is a loop of rounds. Each begins with a look at the live Secret:
//!
//! 1. If the caller may not read it, the patch is sent blind, unless what is sent depends on what is
//!    there (`blind`). If nothing is there, the patch creates it (`first`).
//! 2. If something is there, `fields` tells who manages which field and `changes` what the Secret
//!    becomes. What cannot be is refused or recreated (`recreate`): another type, a change of an
//!    immutable Secret, the loss of all keys (`emptied`), keys of others.
//! 3. Fields of our earlier `Update`s, such as those of a create, would stay when an apply leaves them out. A JSON patch
//!    hands them over to apply first, and removes the keys of `--remove-key` (`patches::hand_over`). A
//!    server dry run can only be asked for what it would come to (`patches::rehearse`).
//! 4. The apply patch is sent (`patches::patch`). It may be repeated: to apply twice is to apply once.
//! 5. What was there before is compared with the answer: created, configured or unchanged.
//!
//! If the Secret has changed since the look, the round ends as `Moved` and the next one begins. If an answer
//! is lost, the request may have been carried out: the result is then told against what was there before
//! it (`ApplyRun::before`), and an error that follows becomes `Uncertain` (`ApplyRun::lost`).

mod changes;
mod emptied;
mod fields;
mod patches;
mod recreate;
mod run;

use std::sync::Arc;

use zeroize::Zeroizing;

use super::body::Body;
use super::error::{ClusterError, Held, Uncertainty};
use super::messages::Messages;
use super::object::Object;
use super::order::{Apply, Order};
use super::report::{Done, Note, Outcome};
use super::requests::RequestPlace;
use super::status;
use super::trouble::Trouble;
use crate::secret::Secret;

use self::emptied::emptied_values;
use self::fields::Holders;
use self::patches::{Base, HandedOver, Patched};
use self::run::{ApplyRun, Before, Round, uncertain};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A resourceVersion that no object has: an apply at it makes what is absent, and is refused where
/// something is there.
const OF_NOTHING: &str = "9223372036854775807";

/// Applies the Secret of the order.
pub(super) async fn apply(
    place: &RequestPlace<'_>,
    order: &Order,
    ask: &Apply,
    told: &mut Messages,
) -> Result<Done, ClusterError> {
    let mut run = ApplyRun { place, order, ask, before: None, lost: None, done: Vec::new() };
    let mut tries = place.tries();
    let error = loop {
        told.notes.clear();
        match run.round(told).await {
            Ok(Round::Done(done)) => return Ok(done),
            Ok(Round::Moved) if tries.another(None).await => {}
            Ok(Round::Moved) => break ClusterError::Moving,
            Err(error) => break error,
        }
    };
    told.notes.append(&mut run.done);
    Err(match run.lost {
        Some(lost) if !error.tells_what_is_there() => {
            uncertain(Uncertainty::Later { lost, error: Box::new(error) })
        }
        _ => error,
    })
}

impl<'a> ApplyRun<'a> {
    async fn round(&mut self, told: &mut Messages) -> Result<Round, ClusterError> {
        match self.place.look().await {
            Err(ClusterError::Refused { status, .. })
                if status.code == 403 && !self.ask.rests_on_live() && !self.ask.recreate =>
            {
                self.blind(told).await
            }
            Err(error) => Err(error),
            Ok(look) => match look.object {
                None => self.first(told).await,
                Some(live) => self.update(live, told).await,
            },
        }
    }

    /// Without a look: what was there is not known.
    async fn blind(&mut self, told: &mut Messages) -> Result<Round, ClusterError> {
        if self.may_empty() {
            return Err(ClusterError::EmptiedUnseen);
        }
        match self.patch(&Body::of(&self.order.secret), Base::Unknown, self.ask.force, told).await?
        {
            Patched::Moved { lost } => Ok(self.moved(lost, None)),
            Patched::Secret { object, is_new, .. } => {
                told.notes.push(Note::NotLooked);
                let outcome = if is_new { Outcome::Created } else { Outcome::ServerSideApplied };
                Ok(Round::Done(Done::new(outcome, *object)))
            }
        }
    }

    async fn first(&mut self, told: &mut Messages) -> Result<Round, ClusterError> {
        if let Some(key) = self.ask.remove_keys.first() {
            return Err(ClusterError::NoKey { key: key.clone(), there: None });
        }
        let mut body = Body::of(&self.order.secret);
        if self.ask.rests_on_live() || self.may_empty() {
            // What somebody makes in between is to be kept as well.
            body.resource_version = Some(OF_NOTHING);
        }
        if self.ask.diff {
            told.notes.extend(changes::diff_of_new(&body));
        }
        match self.patch(&body, Base::Nothing, self.ask.force, told).await? {
            Patched::Moved { lost } => Ok(self.moved(lost, Some(Before::Nothing))),
            Patched::Secret { object, is_new, lost } => {
                // Otherwise somebody else made one in between.
                let created = is_new || (lost.is_some() && self.is_all_ours(&object));
                let outcome = if created { Outcome::Created } else { Outcome::Configured };
                Ok(Round::Done(Done::new(outcome, *object)))
            }
        }
    }

    /// Whether an object was made by an apply of ours, and nobody else was at it.
    fn is_all_ours(&self, object: &Object) -> bool {
        let mut entries = object.metadata.managed_fields.iter();
        entries.all(|entry| entry.manager == self.order.manager && entry.operation == "Apply")
    }

    /// Something is there, with values that are nobody's business either.
    async fn update(&mut self, live: Object, told: &mut Messages) -> Result<Round, ClusterError> {
        let live = Arc::new(live);
        let mut result = self.turn(&live, told).await;
        let values = live.data().map(|(_, value)| value).chain(self.order.secret.data.values());
        match &mut result {
            Err(error) => error.hide(values.clone()),
            Ok(_) => status::hide(values.clone(), self.lost.iter_mut().filter_map(Trouble::text)),
        }
        told.hide(values);
        result
    }

    /// Makes of the live Secret what is wanted.
    async fn turn(
        &mut self,
        live: &Arc<Object>,
        told: &mut Messages,
    ) -> Result<Round, ClusterError> {
        if has_last_applied_data(live) {
            told.notes.push(Note::LastApplied);
        }
        let (order, ask) = (self.order, self.ask);
        let rests_on_live = ask.rests_on_live() || self.may_empty();
        let holders = Holders::of(live, &order.manager, ask.force);
        let mut body = Body::of(&order.secret);
        if ask.merge {
            keep(&mut body, live, &holders, &ask.remove_keys);
        }
        for key in &ask.random {
            if let (Some(given), Some(value)) =
                (body.data.get_mut(key.as_str()), live.value(key.as_str()))
            {
                *given = value;
            }
        }
        let before = self.before.as_ref().map_or(Some(&**live), Before::object);
        told.notes.extend(before.map_or_else(Vec::new, |before| emptied_values(before, &body)));
        let removed = self.removals(live, &holders)?;
        let after = changes::result(live, &holders, &body, &ask.remove_keys);
        if ask.diff {
            told.notes.extend(match &self.before {
                Some(Before::Nothing) => changes::diff_of_new(&after),
                Some(Before::Object(before)) => changes::diff(before, &after),
                None => changes::diff(live, &after),
            });
        }
        let recreates = match barred(live, &after) {
            Ok(()) => false,
            Err(_) if ask.recreate => true,
            Err(barred) => return Err(barred),
        };
        self.check_keys_left(live, &after)?;
        let warnings = told.notes.iter().filter(|note| note.is_warning()).count();
        if ask.warnings_as_errors && warnings > 0 {
            return Err(ClusterError::Warned { count: warnings });
        }
        if recreates {
            return recreate::recreate(self, live, &after, told).await;
        }
        let first_steps = holders.handover.is_some() || !removed.is_empty();
        let object = if order.dry_run && first_steps {
            match self.rehearse(live, &holders, &body, &after, told).await? {
                Some(object) => object,
                None => return Ok(Round::Moved),
            }
        } else {
            let mut version = None;
            if first_steps {
                match self.hand_over(live, &holders, &removed).await? {
                    HandedOver::Done { resource_version } => {
                        version = Some(resource_version);
                        self.record_side_effects(&holders, &removed);
                    }
                    HandedOver::Moved { lost } => {
                        return Ok(self.moved(lost, Some(Before::Object(live.clone()))));
                    }
                }
            }
            let version = version.as_deref().unwrap_or(&live.metadata.resource_version);
            let body = Body { resource_version: rests_on_live.then_some(version), ..body.clone() };
            match self.patch(&body, Base::Version(version), ask.force, told).await? {
                Patched::Secret { object, is_new: true, .. } => {
                    // It was deleted in between.
                    return Ok(Round::Done(Done::new(Outcome::Created, *object)));
                }
                Patched::Secret { object, .. } => *object,
                Patched::Moved { lost } => {
                    if !removed.is_empty() {
                        let before = self.before.take();
                        self.before = before.or(Some(Before::Object(live.clone())));
                        return Ok(self.moved(lost, None));
                    }
                    return Ok(self.moved(lost, Some(Before::Object(live.clone()))));
                }
            }
        };
        let before = self.before.as_ref().map_or(Some(&**live), Before::object);
        let Some(before) = before else {
            return Ok(Round::Done(Done::new(Outcome::Created, object)));
        };
        told.notes.extend(key_notes(before, &object, &holders, &order.secret, ask));
        let outcome =
            if changes::same(before, &object) { Outcome::Unchanged } else { Outcome::Configured };
        Ok(Round::Done(Done::new(outcome, object)))
    }

    /// The keys of `--remove-key` that leaving them out does not remove.
    fn removals(&self, live: &Object, holders: &Holders) -> Result<Vec<&'a str>, ClusterError> {
        let mut removed = Vec::new();
        let ask = self.ask;
        for key in &ask.remove_keys {
            if live.value(key).is_none() {
                let before = self.before.as_ref().and_then(Before::object);
                if before.is_some_and(|before| before.value(key).is_some()) {
                    // By us, a moment ago.
                    continue;
                }
                let there = live.data().map(|(key, _)| key.to_owned()).collect();
                return Err(ClusterError::NoKey { key: key.clone(), there: Some(there) });
            }
            match holders.other(|held| held.data.contains(key)) {
                Some(manager) if !ask.force => {
                    let field = format!(".data.{key}");
                    let held = Held { manager: manager.to_owned(), field };
                    return Err(ClusterError::Conflict { held: vec![held] });
                }
                None if holders.ours.data.contains(key) => {}
                _ => removed.push(key.as_str()),
            }
        }
        Ok(removed)
    }
}

/// Adds what we hold and do not name, so that an apply keeps it.
fn keep<'a>(body: &mut Body<'a>, live: &'a Object, holders: &Holders, removed: &[String]) {
    let ours = &holders.ours;
    for (key, value) in live.data() {
        if ours.data.contains(key) && !removed.iter().any(|removed| removed == key) {
            body.data.entry(key).or_insert(value);
        }
    }
    for (held, there, given) in [
        (&ours.labels, &live.metadata.labels, &mut body.labels),
        (&ours.annotations, &live.metadata.annotations, &mut body.annotations),
    ] {
        for (key, value) in there.iter().filter(|(key, _)| held.contains(*key)) {
            given.entry(key).or_insert(value);
        }
    }
    if ours.immutable && body.immutable.is_none() {
        body.immutable = live.immutable;
    }
    if ours.secret_type && body.secret_type.is_empty() {
        body.secret_type = &live.secret_type;
    }
}

/// Changes that an API server takes from nobody: of the type, and of an immutable Secret.
fn barred(live: &Object, after: &Body<'_>) -> Result<(), ClusterError> {
    if live.secret_type != after.secret_type {
        let (from, to) = (live.secret_type.clone(), after.secret_type.to_owned());
        return Err(ClusterError::TypeChange { from, to });
    }
    let same_data = live.data().eq(after.data.iter().map(|(key, value)| (*key, *value)));
    if live.immutable == Some(true) && !(same_data && after.immutable == Some(true)) {
        return Err(ClusterError::Immutable);
    }
    Ok(())
}

/// Keys that went, and keys of others that stayed.
fn key_notes(
    before: &Object,
    after: &Object,
    holders: &Holders,
    given: &Secret,
    ask: &Apply,
) -> Vec<Note> {
    let gone = before.data().map(|(key, _)| key).filter(|key| after.value(key).is_none());
    let mut notes: Vec<_> = gone.map(|key| Note::KeyRemoved { key: key.to_owned() }).collect();
    if !ask.merge {
        let given = |key: &str| given.data.keys().any(|given| given.as_str() == key);
        for (key, _) in after.data().filter(|(key, _)| !given(key)) {
            let manager = holders.other(|held| held.data.contains(key)).map(str::to_owned);
            notes.push(Note::KeyStays { key: key.to_owned(), manager });
        }
    }
    notes
}

/// Whether the annotation of `kubectl apply` holds values for everyone who may read metadata.
fn has_last_applied_data(live: &Object) -> bool {
    let Some(text) = live.metadata.annotations.get(LAST_APPLIED) else { return false };
    let text = Zeroizing::new(text.as_bytes().to_vec());
    let applied: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let holds = |field: &str| applied[field].as_object().is_some_and(|data| !data.is_empty());
    holds("data") || holds("stringData")
}
