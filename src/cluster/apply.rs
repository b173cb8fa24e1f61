//! Create or update in one: server-side apply.
//!
//! The live Secret is read, what our own earlier writes hold is handed over to apply, and the
//! patch is sent. A patch may be repeated; what rests on a resourceVersion is begun anew when that
//! has moved.

use bytes::Bytes;
use http::Method;
use zeroize::Zeroizing;

use super::body::Body;
use super::changes;
use super::client::{Answer, Asking};
use super::error::{ClusterError, Held, Uncertainty, Verb};
use super::fields::Holders;
use super::object::Object;
use super::order::{Apply, Done, Note, Order, Outcome, Told};
use super::recreate;
use super::requests::{GaveUp, Place};
use super::status::{Reply, Status};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What came of one attempt.
pub(super) enum Round {
    Done(Done),
    /// The live Secret is another than the one that was read.
    Moved,
}

/// One apply of an order.
pub(super) struct Applying<'a> {
    pub(super) place: &'a Place<'a>,
    pub(super) order: &'a Order,
    pub(super) ask: &'a Apply,
    /// The state before the first patch whose answer was lost: the result is told against it.
    before: Option<Object>,
}

/// Applies the Secret of the order.
pub(super) async fn apply(
    place: &Place<'_>,
    order: &Order,
    ask: &Apply,
    told: &mut Told,
) -> Result<Done, ClusterError> {
    let mut applying = Applying { place, order, ask, before: None };
    let mut tries = place.tries();
    loop {
        told.notes.clear();
        let looked = place.look().await;
        let round = match looked {
            Err(ClusterError::Refused { status, .. })
                if status.code == 403 && !ask.merge && !ask.recreate =>
            {
                return applying.blind(told).await;
            }
            Err(error) => return Err(error),
            Ok(look) => match look.object {
                None => applying.first(told).await,
                Some(live) => applying.update(live, told).await,
            },
        };
        match round? {
            Round::Done(done) => return Ok(done),
            Round::Moved if tries.another(None).await => {}
            Round::Moved => return Err(ClusterError::Moving),
        }
    }
}

impl Applying<'_> {
    /// Without a look: what was there is not known.
    async fn blind(&self, told: &mut Told) -> Result<Done, ClusterError> {
        let body = Body::of(&self.order.secret).json();
        let (object, is_new, _) = match self.patch(body, self.ask.force, told).await? {
            Patched::Secret { object, is_new, lost } => (object, is_new, lost),
            Patched::Moved { status } => {
                return Err(ClusterError::Refused { verb: Verb::Apply, status });
            }
        };
        told.notes.push(Note::NotLooked);
        let outcome = if is_new { Outcome::Created } else { Outcome::ServerSideApplied };
        Ok(Done::new(outcome, *object))
    }

    /// Nothing is there yet.
    async fn first(&self, told: &mut Told) -> Result<Round, ClusterError> {
        if let Some(key) = self.ask.remove_keys.first() {
            return Err(ClusterError::NoKey { key: key.clone(), there: Vec::new() });
        }
        let body = Body::of(&self.order.secret);
        if self.ask.diff {
            told.notes.extend(changes::diff_of_new(&body));
        }
        match self.patch(body.json(), self.ask.force, told).await? {
            Patched::Moved { .. } => Ok(Round::Moved),
            Patched::Secret { object, is_new, lost } => {
                // Without a lost answer somebody else made one in between.
                let created = is_new || lost;
                let outcome = if created { Outcome::Created } else { Outcome::Configured };
                Ok(Round::Done(Done::new(outcome, *object)))
            }
        }
    }

    /// Something is there.
    async fn update(&mut self, live: Object, told: &mut Told) -> Result<Round, ClusterError> {
        if has_last_applied_data(&live) {
            told.notes.push(Note::LastApplied);
        }
        let (order, ask) = (self.order, self.ask);
        let holders = Holders::of(&live, &order.manager, ask.force);
        let mut body = Body::of(&order.secret);
        if ask.merge {
            keep(&mut body, &live, &holders, &ask.remove_keys);
        }
        let removed = self.removals(&live, &holders)?;
        let after = changes::result(&live, &holders, &body, &ask.remove_keys);
        let before = self.before.as_ref().unwrap_or(&live);
        if ask.diff {
            told.notes.extend(changes::diff(before, &after));
        }
        if let Err(barred) = barred(&live, &after) {
            if !ask.recreate {
                return Err(barred);
            }
            let new = if ask.merge { after } else { body };
            return recreate::recreate(self, &live, &new, told).await;
        }
        let first_steps = holders.handover.is_some() || !removed.is_empty();
        let object = if order.dry_run && first_steps {
            self.rehearse(&live, &holders, &body, &after, told).await?
        } else {
            let mut version = None;
            if first_steps {
                match self.hand_over(&live, &holders, &removed, told).await? {
                    HandedOver::Done { resource_version } => version = Some(resource_version),
                    HandedOver::Moved { lost } => {
                        if lost {
                            self.before.get_or_insert(live);
                        }
                        return Ok(Round::Moved);
                    }
                }
            }
            let version = version.as_deref().unwrap_or(&live.metadata.resource_version);
            let resource_version = ask.merge.then_some(version);
            let json = Body { resource_version, ..body.clone() }.json();
            match self.patch(json, ask.force, told).await {
                Ok(Patched::Secret { object, is_new: true, .. }) => {
                    // It was deleted in between.
                    return Ok(Round::Done(Done::new(Outcome::Created, *object)));
                }
                Ok(Patched::Secret { object, .. }) => *object,
                Ok(Patched::Moved { .. }) => {
                    // Perhaps by a patch of ours whose answer was lost.
                    self.before.get_or_insert(live);
                    return Ok(Round::Moved);
                }
                Err(error) => {
                    if first_steps {
                        told.notes.push(Note::HandedOver);
                    }
                    return Err(error);
                }
            }
        };
        let before = self.before.as_ref().unwrap_or(&live);
        told.notes.extend(key_notes(before, &object, &holders, &body, ask));
        let outcome =
            if changes::same(before, &object) { Outcome::Unchanged } else { Outcome::Configured };
        Ok(Round::Done(Done::new(outcome, object)))
    }

    /// The keys of `--remove-key` that leaving them out does not remove.
    fn removals(&self, live: &Object, holders: &Holders) -> Result<Vec<&str>, ClusterError> {
        let mut removed = Vec::new();
        for key in &self.ask.remove_keys {
            if live.value(key).is_none() {
                let there = live.data().map(|(key, _)| key.to_owned()).collect();
                return Err(ClusterError::NoKey { key: key.clone(), there });
            }
            match holders.other(|held| held.data.contains(key)) {
                Some(manager) if !self.ask.force => {
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

    /// Makes what our earlier writes hold part of what an apply of ours holds.
    async fn hand_over(
        &self,
        live: &Object,
        holders: &Holders,
        removed: &[&str],
        told: &mut Told,
    ) -> Result<HandedOver, ClusterError> {
        let replace =
            |path: &str, value| serde_json::json!({"op": "replace", "path": path, "value": value});
        let mut patches = Vec::new();
        if let Some(fields) = &holders.handover {
            let fields = serde_json::to_value(fields).unwrap_or_default();
            patches.push(replace("/metadata/managedFields", fields));
        }
        let version = live.metadata.resource_version.as_str();
        patches.push(replace("/metadata/resourceVersion", version.into()));
        for key in removed {
            patches.push(serde_json::json!({"op": "remove", "path": format!("/data/{key}")}));
        }
        let json = serde_json::to_vec(&patches).unwrap_or_default();
        let path = self.place.item() + &super::requests::managing(self.order);
        let content_type = Some("application/json-patch+json");
        let asking = Asking { method: Method::PATCH, path, content_type, body: json.into() };
        let (answer, reply, lost) = self.repeat(&asking).await?;
        told.warn(&answer.warnings);
        match reply {
            Reply::Secret { object, .. } => {
                Ok(HandedOver::Done { resource_version: object.metadata.resource_version })
            }
            Reply::Refused { status, .. } if status.code == 409 || status.no_such_secret() => {
                Ok(HandedOver::Moved { lost })
            }
            reply => Err(self.refused(reply, &answer)),
        }
    }

    /// What would come of it, where something is to be handed over first: a dry run of that does
    /// not help the dry run after it. Conflicts are those with managers that stay; the object is
    /// what a PUT would make.
    async fn rehearse(
        &self,
        live: &Object,
        holders: &Holders,
        body: &Body<'_>,
        after: &Body<'_>,
        told: &mut Told,
    ) -> Result<Object, ClusterError> {
        if !self.ask.force {
            match self.patch(body.json(), false, &mut Told::default()).await {
                Err(ClusterError::Conflict { held }) => {
                    let stays = |held: &Held| !holders.handed.contains(&held.manager);
                    let held: Vec<_> = held.into_iter().filter(stays).collect();
                    if !held.is_empty() {
                        return Err(ClusterError::Conflict { held });
                    }
                }
                Err(error) => return Err(error),
                Ok(_) => {}
            }
        }
        let version = Some(live.metadata.resource_version.as_str());
        let json = Body { resource_version: version, ..after.clone() }.json();
        let asking = Asking {
            method: Method::PUT,
            path: self.place.item() + &super::requests::writing(self.order, true),
            content_type: Some("application/json"),
            body: json,
        };
        let (answer, reply, _) = self.repeat(&asking).await?;
        told.warn(&answer.warnings);
        match reply {
            Reply::Secret { object, .. } => Ok(*object),
            reply => Err(self.refused(reply, &answer)),
        }
    }

    /// Sends an apply patch.
    async fn patch(
        &self,
        body: Bytes,
        force: bool,
        told: &mut Told,
    ) -> Result<Patched, ClusterError> {
        let mut path =
            self.place.item() + &super::requests::writing(self.order, self.order.dry_run);
        if force {
            path.push_str("&force=true");
        }
        let content_type = Some("application/apply-patch+yaml");
        let asking = Asking { method: Method::PATCH, path, content_type, body };
        let (answer, reply, lost) = self.repeat(&asking).await?;
        told.warn(&answer.warnings);
        match reply {
            Reply::Secret { object, is_new } => Ok(Patched::Secret { object, is_new, lost }),
            Reply::Refused { status, .. } if status.code == 409 => match conflicts(&status) {
                held if held.is_empty() => Ok(Patched::Moved { status }),
                held => Err(ClusterError::Conflict { held }),
            },
            reply => Err(self.refused(reply, &answer)),
        }
    }

    async fn repeat(&self, asking: &Asking) -> Result<(Answer, Reply, bool), ClusterError> {
        let repeated =
            self.place.connection.repeat(asking, self.place.tries(), Answer::secret).await;
        repeated.map_err(|GaveUp { trouble, lost }| {
            if lost && !self.order.dry_run {
                let why = Box::new(Uncertainty::Unanswered { lost: trouble });
                ClusterError::Uncertain { verb: Verb::Apply, why }
            } else {
                ClusterError::Failed { trouble }
            }
        })
    }

    fn refused(&self, reply: Reply, answer: &Answer) -> ClusterError {
        if let Reply::Refused { mut status, .. } = reply {
            status.hide(&self.order.secret);
            ClusterError::Refused { verb: Verb::Apply, status }
        } else {
            let trouble = super::trouble::Trouble::Foreign { status: answer.status };
            ClusterError::Failed { trouble }
        }
    }
}

enum Patched {
    Secret { object: Box<Object>, is_new: bool, lost: bool },
    Moved { status: Box<Status> },
}

enum HandedOver {
    Done { resource_version: String },
    Moved { lost: bool },
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

/// The fields that others hold.
fn conflicts(status: &Status) -> Vec<Held> {
    let causes = status.details.causes.iter();
    let causes = causes.filter(|cause| cause.reason == "FieldManagerConflict");
    causes
        .map(|cause| Held {
            manager: cause.message.split('"').nth(1).unwrap_or_default().to_owned(),
            field: cause.field.clone(),
        })
        .collect()
}

/// Keys that went, and keys of others that stayed.
fn key_notes(
    before: &Object,
    after: &Object,
    holders: &Holders,
    body: &Body<'_>,
    ask: &Apply,
) -> Vec<Note> {
    let gone = before.data().map(|(key, _)| key).filter(|key| after.value(key).is_none());
    let mut notes: Vec<_> = gone.map(|key| Note::KeyRemoved { key: key.to_owned() }).collect();
    if !ask.merge {
        for (key, _) in after.data().filter(|(key, _)| !body.data.contains_key(key)) {
            let manager = holders.other(|held| held.data.contains(key));
            let manager = manager.map(str::to_owned);
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
