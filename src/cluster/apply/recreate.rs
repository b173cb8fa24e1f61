//! A Secret that cannot become what is wanted is recreated.
//!
//! The new one is proven first, by a server dry run under another name; the old one is deleted
//! only in the very state that was read, and put back if the new one cannot be made.

use std::time::Instant;

use bytes::Bytes;
use http::Method;
use tokio::time::sleep;

use super::run::{ApplyRun, Round};
use crate::cluster::body::Body;
use crate::cluster::client::{Answer, Asking};
use crate::cluster::create::{SECOND_LOOK, Wanted, is_ours, post};
use crate::cluster::error::{ClusterError, Uncertainty, Verb};
use crate::cluster::messages::Messages;
use crate::cluster::object::Object;
use crate::cluster::order::{Apply, Order};
use crate::cluster::report::{Done, Note, Outcome};
use crate::cluster::requests::{GaveUp, Look, RequestPlace};
use crate::cluster::status::Reply;
use crate::secret::Secret;

const NAME_MAX: usize = 253;

/// Makes `new` in place of `live`.
pub(super) async fn recreate(
    run: &ApplyRun<'_>,
    live: &Object,
    new: &Body<'_>,
    told: &mut Messages,
) -> Result<Round, ClusterError> {
    let (place, order) = (run.place, run.order);
    if !live.metadata.finalizers.is_empty() {
        return Err(ClusterError::Finalizers { names: live.metadata.finalizers.clone() });
    }
    let new = Body { resource_version: None, finalizers: &[], ..new.clone() };
    let probe = probe_name(&live.metadata);
    let proof = RequestPlace { name: &probe, ..*place };
    let json = Body { name: &probe, ..new.clone() }.json();
    let mut proven = post(&proof, order, json, true, &mut *told, &Wanted::Body(&new)).await?;
    place.progress.replacing(!order.dry_run);
    let deleted = delete(place, live, order.dry_run).await;
    let round = match deleted {
        Err(error) => Err(error),
        Ok(Deleted::Moved) => Ok(Round::Moved),
        Ok(Deleted::Gone) => {
            let made = if order.dry_run {
                proven.metadata.name.clone_from(&live.metadata.name);
                Ok(proven)
            } else {
                replace(place, order, live, &new, told).await
            };
            made.map(|object| {
                told.notes.push(Note::Recreated);
                told.notes.extend(differences(live, &object, &order.secret, run.ask));
                Round::Done(Done::new(Outcome::Configured, object))
            })
        }
    };
    place.progress.replacing(false);
    round
}

/// Makes the new Secret where the old one was, or the old one again.
async fn replace(
    place: &RequestPlace<'_>,
    order: &Order,
    live: &Object,
    new: &Body<'_>,
    told: &mut Messages,
) -> Result<Object, ClusterError> {
    let wanted = Wanted::Body(new);
    let start = Instant::now();
    let why = match post(place, order, new.json(), false, told, &wanted).await {
        Ok(object) => return Ok(object),
        Err(error) => Box::new(error),
    };
    let old = old(live);
    let mut unsaid = Messages::default();
    let put_back = post(place, order, old.json(), false, &mut unsaid, &Wanted::Body(&old)).await;
    Err(match put_back {
        Ok(_) => ClusterError::PutBack { why },
        // Perhaps the new one came after all.
        Err(ClusterError::Refused { status, .. }) if status.already_exists() => {
            match place.look().await {
                Ok(look) => match look.object {
                    Some(object) if is_ours(&object, look.date, start, order, &wanted) => {
                        told.notes.push(Note::FoundAsSent { code: None });
                        return Ok(object);
                    }
                    _ => ClusterError::Displaced { why },
                },
                Err(putting_back) => {
                    ClusterError::Gone { why, putting_back: Box::new(putting_back) }
                }
            }
        }
        Err(putting_back) => ClusterError::Gone { why, putting_back: Box::new(putting_back) },
    })
}

/// A name that is no one else's.
fn probe_name(live: &crate::cluster::object::ObjectMeta) -> String {
    let part = |text: &str, len: usize| text.chars().take(len).collect::<String>();
    let suffix = part(&live.uid, 8);
    let name = part(&live.name, NAME_MAX - suffix.len() - 1);
    format!("{}-{suffix}", name.trim_end_matches(['-', '.']))
}

/// The live Secret as it would be made again.
fn old(live: &Object) -> Body<'_> {
    let metadata = &live.metadata;
    Body {
        name: &metadata.name,
        labels: metadata.labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
        annotations: metadata.annotations.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
        owner_references: &metadata.owner_references,
        immutable: live.immutable,
        data: live.data().collect(),
        secret_type: &live.secret_type,
        ..Body::default()
    }
}

/// What is no more, and the keys that were not given and stay.
fn differences(live: &Object, new: &Object, given: &Secret, ask: &Apply) -> Vec<Note> {
    let keys = live
        .data()
        .map(|(key, _)| key)
        .filter(|key| new.value(key).is_none())
        .map(|key| Note::KeyRemoved { key: key.to_owned() });
    let given = |key: &str| ask.merge || given.data.keys().any(|given| given.as_str() == key);
    let stay = new
        .data()
        .map(|(key, _)| key)
        .filter(|key| !given(key))
        .map(|key| Note::KeyStays { key: key.to_owned(), manager: None });
    keys.chain(stay).collect()
}

enum Deleted {
    Gone,
    Moved,
}

/// Deletes the Secret in the state that was read, and no other.
async fn delete(
    place: &RequestPlace<'_>,
    live: &Object,
    dry_run: bool,
) -> Result<Deleted, ClusterError> {
    let mut options = serde_json::json!({
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {
            "uid": live.metadata.uid,
            "resourceVersion": live.metadata.resource_version,
        },
    });
    if dry_run {
        options["dryRun"] = serde_json::json!(["All"]);
    }
    let asking = Asking {
        method: Method::DELETE,
        path: place.item(),
        content_type: Some("application/json"),
        body: Bytes::from(options.to_string()),
    };
    let uncertain = |why| ClusterError::Uncertain { verb: Verb::Delete, why: Box::new(why) };
    let repeated = place.connection.repeat(&asking, place.tries(), Answer::deletion).await;
    let (answer, reply, lost) = match repeated {
        Ok(repeated) => repeated,
        Err(GaveUp { trouble, lost }) => {
            let Some(lost) = lost.filter(|_| !dry_run) else {
                return Err(ClusterError::Failed { trouble });
            };
            return match place.look().await {
                Ok(look) => match look.object {
                    None => Ok(Deleted::Gone),
                    // It may go yet.
                    Some(object) if object.metadata.uid == live.metadata.uid => {
                        Err(uncertain(Uncertainty::Unanswered { lost }))
                    }
                    Some(_) => Ok(Deleted::Moved),
                },
                Err(looking) => {
                    let looking = Box::new(looking);
                    Err(uncertain(Uncertainty::Unseen { lost, looking }))
                }
            };
        }
    };
    let after_lost = |error| match lost.clone() {
        Some(lost) if !dry_run => uncertain(Uncertainty::Later { lost, error: Box::new(error) }),
        _ => error,
    };
    match reply {
        Reply::Other | Reply::Secret { .. } => Ok(Deleted::Gone),
        Reply::Broken { trouble, .. } if dry_run => Err(ClusterError::Failed { trouble }),
        Reply::Broken { trouble, may_come_late } => {
            let looks = if may_come_late { 2 } else { 1 };
            for look in 1..=looks {
                match place.look().await {
                    Ok(Look { object: None, .. }) => return Ok(Deleted::Gone),
                    Ok(Look { object: Some(object), .. })
                        if object.metadata.uid != live.metadata.uid =>
                    {
                        return Ok(Deleted::Moved);
                    }
                    Ok(_) if look < looks => sleep(SECOND_LOOK).await,
                    Ok(_) => {}
                    Err(looking) => {
                        let looking = Box::new(looking);
                        return Err(uncertain(Uncertainty::Unseen { lost: trouble, looking }));
                    }
                }
            }
            Err(if may_come_late {
                uncertain(Uncertainty::Unanswered { lost: trouble })
            } else {
                after_lost(ClusterError::Failed { trouble })
            })
        }
        // By us, whose answer was lost; or by somebody else, and what comes next will tell.
        Reply::Refused { status } if status.no_such_secret() && lost.is_some() => Ok(Deleted::Gone),
        Reply::Refused { status } if status.no_such_secret() || status.code == 409 => {
            Ok(Deleted::Moved)
        }
        Reply::Refused { status } => {
            Err(after_lost(ClusterError::Refused { verb: Verb::Delete, status }))
        }
        reply => Err(after_lost(ClusterError::Failed { trouble: reply.trouble(&answer) })),
    }
}
