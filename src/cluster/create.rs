//! A Secret is made, once and for certain, or it is said that nobody knows.
//!
//! A POST may not be repeated blindly: when its answer is lost it may have been carried out. Then
//! the Secret is looked up. It is ours when it holds what was sent, our manager holds it, and it
//! is not older than our first try by the server's own clock.

use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::sleep;

use super::body::Body;
use super::error::{ClusterError, Uncertainty, Verb};
use super::messages::Messages;
use super::object::Object;
use super::order::{How, Order};
use super::report::{Done, Note, Outcome};
use super::requests::{Look, RequestPlace};
use super::status::Reply;
use super::trouble::{Failure, Trouble};
use crate::kinds;
use crate::secret::Secret;

/// How long after a first look what an API server gave up on is looked for again.
pub(super) const SECOND_LOOK: Duration = Duration::from_secs(2);

/// Makes the Secret of the order.
pub(super) async fn create(
    place: &RequestPlace<'_>,
    order: &Order,
    body: &Bytes,
    if_absent: bool,
    told: &mut Messages,
) -> Result<Done, ClusterError> {
    let wanted = Wanted::Order(&order.secret);
    let mut tries = place.tries();
    loop {
        match post(place, order, body.clone(), order.dry_run, told, &wanted).await {
            Err(error) if if_absent && was_there(&error) => {}
            made => return made.map(|object| Done::new(Outcome::Created, object)),
        }
        if !order.wants_object {
            return Ok(Done::new(Outcome::Unchanged, None));
        }
        match place.look().await {
            Ok(Look { object: Some(object), .. }) => {
                return Ok(Done::new(Outcome::Unchanged, object));
            }
            // It was deleted in between.
            Ok(_) if tries.another(None).await => {}
            Ok(_) => return Err(ClusterError::Moving),
            Err(why) => return Err(ClusterError::Unshown { why: Box::new(why) }),
        }
    }
}

/// Whether a Secret was there before we came: the server says so, or its age does.
fn was_there(error: &ClusterError) -> bool {
    match error {
        ClusterError::Refused { status, .. } => status.already_exists(),
        ClusterError::Uncertain { why, .. } => {
            matches!(**why, Uncertainty::SomethingElse { is_older: true, .. })
        }
        _ => false,
    }
}

/// What has to be found where an answer was lost.
pub(super) enum Wanted<'a> {
    Order(&'a Secret),
    Body(&'a Body<'a>),
}

/// Sends a POST of a Secret, and looks where that leaves open what was done.
pub(super) async fn post(
    place: &RequestPlace<'_>,
    order: &Order,
    body: Bytes,
    dry_run: bool,
    told: &mut Messages,
    wanted: &Wanted<'_>,
) -> Result<Object, ClusterError> {
    let asking = place.create(order, body, dry_run);
    let start = Instant::now();
    let mut tries = place.tries();
    let mut doubt = None::<Trouble>;
    loop {
        let (lost, retry_after) = match place.connection.ask(&asking).await {
            Err(Failure::NotSent(trouble)) => {
                if trouble.may_pass() && tries.another(None).await {
                    continue;
                }
                return Err(failed(trouble, doubt));
            }
            Err(Failure::Lost(trouble)) => (trouble, None),
            Ok(answer) => match told.read(&answer) {
                Reply::Secret { object, .. } => return Ok(*object),
                Reply::Busy { retry_after } => match tries.hold_off(retry_after).await {
                    Ok(()) => continue,
                    Err(trouble) => return Err(failed(trouble, doubt)),
                },
                Reply::Refused { status } => match doubt.take() {
                    // Perhaps our own first try made it.
                    Some(lost) if status.already_exists() => (lost, None),
                    doubt => {
                        let refused = ClusterError::Refused { verb: Verb::Create, status };
                        return Err(after(doubt, refused));
                    }
                },
                Reply::Rejected { trouble } => return Err(failed(trouble, doubt)),
                Reply::Broken { trouble, .. } if dry_run => return Err(failed(trouble, doubt)),
                Reply::Broken { trouble, may_come_late } => {
                    let looks = if may_come_late { 2 } else { 1 };
                    let sent = Sent { order, start, wanted };
                    return sent.look_after(place, trouble, looks, doubt, told).await;
                }
                Reply::Lost { trouble, retry_after } => (trouble, retry_after),
                Reply::Other => (Trouble::Foreign { status: answer.status }, None),
            },
        };
        if dry_run {
            // Nothing is stored, so nothing can be there twice.
            if lost.may_pass() && tries.another(retry_after).await {
                continue;
            }
            return Err(ClusterError::Failed { trouble: lost });
        }
        match place.look().await {
            Err(looking) => {
                let looking = Box::new(looking);
                return Err(uncertain(Uncertainty::Unseen { lost, looking }));
            }
            Ok(Look { object: Some(object), date }) => {
                if is_ours(&object, date, start, order, wanted) {
                    told.notes.push(Note::FoundAsSent { code: None });
                    return Ok(object);
                }
                let is_older = is_older(&object, date, start);
                return Err(uncertain(Uncertainty::SomethingElse { lost, is_older }));
            }
            Ok(Look { object: None, .. }) => {
                if !tries.another(retry_after).await {
                    return Err(uncertain(Uncertainty::Unanswered { lost }));
                }
                doubt = Some(lost);
            }
        }
    }
}

/// A POST that was sent.
struct Sent<'a> {
    order: &'a Order,
    start: Instant,
    wanted: &'a Wanted<'a>,
}

impl Sent<'_> {
    /// What became of a POST that the API server answered with an error of its own: it is not sent
    /// again, and looked for once, or twice if it may be stored later.
    async fn look_after(
        &self,
        place: &RequestPlace<'_>,
        trouble: Trouble,
        looks: u32,
        doubt: Option<Trouble>,
        told: &mut Messages,
    ) -> Result<Object, ClusterError> {
        for look in 1..=looks {
            match place.look().await {
                Err(looking) => {
                    let looking = Box::new(looking);
                    return Err(uncertain(Uncertainty::Unseen { lost: trouble, looking }));
                }
                Ok(Look { object: Some(object), date }) => {
                    let Self { order, start, wanted } = *self;
                    if is_ours(&object, date, start, order, wanted) {
                        told.notes.push(Note::FoundAsSent { code: trouble.code() });
                        return Ok(object);
                    }
                    let is_older = is_older(&object, date, start);
                    let is_as_good = matches!(order.how, How::Create { if_absent: true });
                    if is_older && !is_as_good {
                        // What is older was in the way of ours.
                        return Err(failed(trouble, doubt));
                    }
                    let why = Uncertainty::SomethingElse { lost: trouble, is_older };
                    return Err(uncertain(why));
                }
                Ok(Look { object: None, .. }) if look < looks => sleep(SECOND_LOOK).await,
                Ok(Look { object: None, .. }) => {}
            }
        }
        if looks > 1 {
            return Err(uncertain(Uncertainty::Unanswered { lost: trouble }));
        }
        Err(failed(trouble, doubt))
    }
}

fn uncertain(why: Uncertainty) -> ClusterError {
    ClusterError::Uncertain { verb: Verb::Create, why: Box::new(why) }
}

fn failed(trouble: Trouble, doubt: Option<Trouble>) -> ClusterError {
    after(doubt, ClusterError::Failed { trouble })
}

/// An error of one try. After an answer that was lost it says nothing about the try before it.
fn after(doubt: Option<Trouble>, error: ClusterError) -> ClusterError {
    match doubt {
        None => error,
        Some(lost) => uncertain(Uncertainty::Later { lost, error: Box::new(error) }),
    }
}

/// Whether an object was certainly there before our start.
fn is_older(object: &Object, date: Option<Timestamp>, start: Instant) -> bool {
    object.metadata.creation_timestamp.is_some()
        && date.is_some_and(|date| !is_since(object, date, start))
}

/// Whether an object is the one that was sent after `start`, by a server whose clock is at `date`.
pub(super) fn is_ours(
    object: &Object,
    date: Option<Timestamp>,
    start: Instant,
    order: &Order,
    wanted: &Wanted<'_>,
) -> bool {
    let ours = |entry: &super::object::ManagedFields| {
        entry.manager == order.manager
            && entry.operation == "Update"
            && entry.subresource.is_empty()
    };
    object.metadata.managed_fields.iter().any(ours)
        && date.is_some_and(|date| is_since(object, date, start))
        && holds(object, wanted)
}

/// Whether an object was made after our start, by the server's clock. That shows whole seconds
/// alone, in the `Date` header as in the object. An object without a time is not.
fn is_since(object: &Object, now: Timestamp, start: Instant) -> bool {
    let made: Option<Timestamp> =
        object.metadata.creation_timestamp.as_deref().and_then(|time| time.parse().ok());
    let elapsed = start.elapsed();
    let started = i128::from(now.as_second()) * 1000
        - i128::try_from(elapsed.as_millis()).unwrap_or(i128::MAX / 2);
    made.is_some_and(|made| i128::from(made.as_second()) >= started.div_euclid(1000))
}

/// Whether an object holds what was sent, and nothing more under `data`.
pub(super) fn holds(object: &Object, wanted: &Wanted<'_>) -> bool {
    let of_order;
    let body = match wanted {
        Wanted::Order(secret) => {
            of_order = Body::of(secret);
            &of_order
        }
        Wanted::Body(body) => body,
    };
    let secret_type = if body.secret_type.is_empty() { kinds::OPAQUE } else { body.secret_type };
    let found = &object.metadata;
    object.secret_type == secret_type
        && object.immutable.unwrap_or(false) == body.immutable.unwrap_or(false)
        && object.data().count() == body.data.len()
        && object.data().all(|(key, value)| body.data.get(key) == Some(&value))
        && body.labels.iter().all(|(key, value)| found.labels.get(*key).is_some_and(|v| v == value))
        && body
            .annotations
            .iter()
            .all(|(key, value)| found.annotations.get(*key).is_some_and(|v| v == value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_than_our_start_is_not_ours() {
        let now: Timestamp = "2026-01-01T00:00:10Z".parse().unwrap();
        let ago = Instant::now().checked_sub(Duration::from_millis(2500)).unwrap();
        let rows = [
            ("2026-01-01T00:00:10Z", true),
            ("2026-01-01T00:00:08Z", true),
            ("2026-01-01T00:00:07Z", true),
            ("2026-01-01T00:00:06Z", false),
            ("no time", false),
        ];
        for (made, wanted) in rows {
            let body = format!(
                r#"{{"kind":"Secret","apiVersion":"v1","metadata":{{"name":"a","creationTimestamp":"{made}"}}}}"#
            );
            let object = Object::parse(body.as_bytes()).unwrap();
            assert_eq!(is_since(&object, now, ago), wanted, "{made}");
        }
    }
}
