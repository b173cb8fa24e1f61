//! The patches of an apply.

use http::Method;

use super::apply::{Applying, uncertain};
use super::body::Body;
use super::client::{Answer, Asking};
use super::error::{ClusterError, Held, Uncertainty, Verb};
use super::fields::Holders;
use super::object::Object;
use super::order::Told;
use super::requests::{GaveUp, managing, writing};
use super::status::{Reply, Status};
use super::trouble::Trouble;

impl Applying<'_> {
    /// Makes what our earlier writes hold part of what an apply of ours holds. Its warnings are
    /// about values that are to change, so they are passed over.
    pub(super) async fn hand_over(
        &self,
        live: &Object,
        holders: &Holders,
        removed: &[&str],
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
        let path = self.place.item() + &managing(self.order);
        let content_type = Some("application/json-patch+json");
        let asking = Asking { method: Method::PATCH, path, content_type, body: json.into() };
        let (answer, reply, lost) = self.repeat(&asking, &mut Told::default()).await?;
        match reply {
            Reply::Secret { object, .. } => {
                Ok(HandedOver::Done { resource_version: object.metadata.resource_version })
            }
            Reply::Refused { status, .. } if status.code == 409 || status.no_such_secret() => {
                Ok(HandedOver::Moved { lost })
            }
            // A key that is to be removed is no more, by us or by somebody else: that is found
            // out before versions are compared.
            Reply::Refused { status, .. }
                if status.code == 422
                    && status.details.causes.is_empty()
                    && !removed.is_empty() =>
            {
                Ok(HandedOver::Moved { lost })
            }
            reply => Err(self.refused(reply, &answer, lost)),
        }
    }

    /// What would come of it, where something is to be handed over first: a dry run of that does
    /// not help the dry run after it. Conflicts are those with managers that stay; the object is
    /// what a patch to the expected result makes, which takes no other right than the real run
    /// does. None is that the live Secret has moved.
    pub(super) async fn rehearse(
        &self,
        live: &Object,
        holders: &Holders,
        body: &Body<'_>,
        after: &Body<'_>,
        told: &mut Told,
    ) -> Result<Option<Object>, ClusterError> {
        if !self.ask.force {
            match self.patch(body, false, &mut Told::default()).await {
                Err(ClusterError::Conflict { held }) => {
                    let stays = |held: &Held| !holders.handed.contains(&held.manager);
                    let held: Vec<_> = held.into_iter().filter(stays).collect();
                    if !held.is_empty() {
                        return Err(ClusterError::Conflict { held });
                    }
                }
                Err(error) => return Err(error),
                Ok(Patched::Moved { .. }) => return Ok(None),
                Ok(Patched::Secret { .. }) => {}
            }
        }
        let asking = Asking {
            method: Method::PATCH,
            path: self.place.item() + &writing(self.order, true),
            content_type: Some("application/json-patch+json"),
            body: after.json_patch(&live.metadata.resource_version, live.immutable.is_some()),
        };
        let (answer, reply, lost) = self.repeat(&asking, told).await?;
        match reply {
            Reply::Secret { object, .. } => Ok(Some(*object)),
            Reply::Refused { status, .. } if status.code == 409 || status.no_such_secret() => {
                Ok(None)
            }
            reply => Err(self.refused(reply, &answer, lost)),
        }
    }

    /// Sends an apply patch.
    pub(super) async fn patch(
        &self,
        body: &Body<'_>,
        force: bool,
        told: &mut Told,
    ) -> Result<Patched, ClusterError> {
        let mut path = self.place.item() + &writing(self.order, self.order.dry_run);
        if force {
            path.push_str("&force=true");
        }
        let content_type = Some("application/apply-patch+yaml");
        let asking = Asking { method: Method::PATCH, path, content_type, body: body.json() };
        let (answer, reply, lost) = self.repeat(&asking, told).await?;
        match reply {
            Reply::Secret { object, is_new } => Ok(Patched::Secret { object, is_new, lost }),
            Reply::Refused { status, .. } if status.code == 409 => match conflicts(&status) {
                held if held.is_empty() => Ok(Patched::Moved { lost }),
                // Had an earlier try been carried out, there would be nothing to conflict with.
                held => Err(ClusterError::Conflict { held }),
            },
            reply => Err(self.refused(reply, &answer, lost)),
        }
    }

    async fn repeat(
        &self,
        asking: &Asking,
        told: &mut Told,
    ) -> Result<(Answer, Reply, Option<Trouble>), ClusterError> {
        let tries = self.place.tries();
        let repeated =
            self.place.connection.repeat(asking, tries, |answer| told.read(answer)).await;
        repeated.map_err(|GaveUp { trouble, lost }| match lost {
            Some(lost) if !self.order.dry_run => uncertain(Uncertainty::Unanswered { lost }),
            _ => ClusterError::Failed { trouble },
        })
    }

    fn refused(&self, reply: Reply, answer: &Answer, lost: Option<Trouble>) -> ClusterError {
        let error = if let Reply::Refused { status, .. } = reply {
            ClusterError::Refused { verb: Verb::Apply, status }
        } else {
            ClusterError::Failed { trouble: Trouble::Foreign { status: answer.status } }
        };
        match lost {
            Some(lost) if !self.order.dry_run => {
                uncertain(Uncertainty::Later { lost, error: Box::new(error) })
            }
            _ => error,
        }
    }
}

/// What came of an apply patch.
pub(super) enum Patched {
    Secret { object: Box<Object>, is_new: bool, lost: Option<Trouble> },
    Moved { lost: Option<Trouble> },
}

/// What came of a handover.
pub(super) enum HandedOver {
    Done { resource_version: String },
    Moved { lost: Option<Trouble> },
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
