//! A Secret that cannot become what is wanted is deleted and made anew.
//!
//! The new one is proven first, by a server dry run under another name; the old one is deleted
//! only in the very state that was read, and put back if the new one cannot be made.

use bytes::Bytes;
use http::Method;

use super::apply::{Applying, Round};
use super::body::Body;
use super::changes;
use super::client::{Answer, Asking};
use super::create::{Wanted, post};
use super::error::{ClusterError, Uncertainty, Verb};
use super::object::Object;
use super::order::{Done, Note, Outcome, Told};
use super::requests::{GaveUp, Place};
use super::status::Reply;

const NAME_MAX: usize = 253;

/// Makes `new` in place of `live`.
pub(super) async fn recreate(
    applying: &Applying<'_>,
    live: &Object,
    new: &Body<'_>,
    told: &mut Told,
) -> Result<Round, ClusterError> {
    let (place, order) = (applying.place, applying.order);
    if !live.metadata.finalizers.is_empty() {
        return Err(ClusterError::Finalizers { names: live.metadata.finalizers.clone() });
    }
    let new = Body { resource_version: None, finalizers: &[], ..new.clone() };
    let probe = probe_name(&live.metadata);
    let proof = Place { name: &probe, ..*place };
    let json = Body { name: &probe, ..new.clone() }.json();
    let mut proven = post(&proof, order, json, true, &mut *told, &Wanted::Body(&new)).await?;
    if order.dry_run {
        proven.metadata.name.clone_from(&live.metadata.name);
        told.notes.extend(gone(live, &new));
        return Ok(Round::Done(Done::new(Outcome::Configured, proven)));
    }
    if let Deleted::Moved = delete(place, live).await? {
        return Ok(Round::Moved);
    }
    let why = match post(place, order, new.json(), false, told, &Wanted::Body(&new)).await {
        Ok(object) => {
            told.notes.push(Note::Recreated);
            told.notes.extend(gone(live, &new));
            return Ok(Round::Done(Done::new(Outcome::Configured, object)));
        }
        Err(error @ ClusterError::Uncertain { .. }) => match place.look().await {
            Ok(look) if look.object.is_none() => error,
            _ => return Err(error),
        },
        Err(error) => error,
    };
    let old = old(live);
    let put_back =
        post(place, order, old.json(), false, &mut Told::default(), &Wanted::Body(&old)).await;
    let why = Box::new(why);
    Err(match put_back {
        Ok(_) => ClusterError::PutBack { why },
        Err(putting_back) => ClusterError::Gone { why, putting_back: Box::new(putting_back) },
    })
}

/// A name that is no one else's.
fn probe_name(live: &super::object::ObjectMeta) -> String {
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

/// The keys that are no more.
fn gone(live: &Object, new: &Body<'_>) -> Vec<Note> {
    let keys = live.data().map(|(key, _)| key).filter(|key| !new.data.contains_key(key));
    let keys = keys.map(|key| Note::KeyRemoved { key: key.to_owned() });
    let labels = live.metadata.labels.keys().filter(|key| !new.labels.contains_key(key.as_str()));
    let labels = labels.map(|key| Note::MetadataRemoved { what: "label", key: key.clone() });
    let annotations = &live.metadata.annotations;
    let annotations = annotations.keys().filter(|k| !new.annotations.contains_key(k.as_str()));
    let annotations =
        annotations.map(|key| Note::MetadataRemoved { what: "annotation", key: key.clone() });
    keys.chain(labels).chain(annotations).collect()
}

enum Deleted {
    Gone,
    Moved,
}

/// Deletes the Secret in the state that was read, and no other.
async fn delete(place: &Place<'_>, live: &Object) -> Result<Deleted, ClusterError> {
    let options = serde_json::json!({
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {
            "uid": live.metadata.uid,
            "resourceVersion": live.metadata.resource_version,
        },
    });
    let asking = Asking {
        method: Method::DELETE,
        path: place.item(),
        content_type: Some("application/json"),
        body: Bytes::from(options.to_string()),
    };
    let repeated = place.connection.repeat(&asking, place.tries(), Answer::other).await;
    let (_, reply, lost) = match repeated {
        Ok(repeated) => repeated,
        Err(GaveUp { trouble, lost: false }) => return Err(ClusterError::Failed { trouble }),
        Err(GaveUp { trouble, .. }) => {
            let uncertain =
                |why| ClusterError::Uncertain { verb: Verb::Delete, why: Box::new(why) };
            return match place.look().await {
                Ok(look) => match look.object {
                    None => Ok(Deleted::Gone),
                    Some(object) if changes::same(&object, live) => {
                        Err(ClusterError::Failed { trouble })
                    }
                    Some(_) => Ok(Deleted::Moved),
                },
                Err(looking) => {
                    let looking = Box::new(looking);
                    Err(uncertain(Uncertainty::Unseen { lost: trouble, looking }))
                }
            };
        }
    };
    match reply {
        Reply::Other | Reply::Secret { .. } => Ok(Deleted::Gone),
        // By us, whose answer was lost; or by somebody else, and what comes next will tell.
        Reply::Refused { status, .. } if status.no_such_secret() && lost => Ok(Deleted::Gone),
        Reply::Refused { status, .. } if status.no_such_secret() || status.code == 409 => {
            Ok(Deleted::Moved)
        }
        Reply::Refused { status, .. } => Err(ClusterError::Refused { verb: Verb::Delete, status }),
        Reply::Lost { trouble, .. } => Err(ClusterError::Failed { trouble }),
    }
}
