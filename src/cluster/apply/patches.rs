//! The patches of an apply.

use http::Method;
use tokio::time::sleep;

use super::fields::Holders;
use super::run::{ApplyRun, uncertain};
use crate::cluster::body::Body;
use crate::cluster::client::{Answer, Asking};
use crate::cluster::create::{SECOND_LOOK, Wanted, holds};
use crate::cluster::error::{ClusterError, Held, Uncertainty, Verb};
use crate::cluster::messages::Messages;
use crate::cluster::object::Object;
use crate::cluster::requests::{GaveUp, managing, writing};
use crate::cluster::status::{Reply, Status};
use crate::cluster::trouble::Trouble;

impl ApplyRun<'_> {
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
        let (answer, reply, lost) = self.repeat(&asking, &mut Messages::default()).await?;
        match reply {
            Reply::Secret { object, .. } => {
                Ok(HandedOver::Done { resource_version: object.metadata.resource_version })
            }
            Reply::Broken { trouble, may_come_late } => {
                let (trouble, _) =
                    self.look_after(trouble, may_come_late, Base::Version(version), lost).await?;
                Ok(HandedOver::Moved { lost: Some(trouble) })
            }
            Reply::Refused { status } if status.code == 409 || status.no_such_secret() => {
                Ok(HandedOver::Moved { lost })
            }
            // A key that is to be removed is no more, by us or by somebody else: that is found
            // out before versions are compared.
            Reply::Refused { status }
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
        told: &mut Messages,
    ) -> Result<Option<Object>, ClusterError> {
        if !self.ask.force {
            match self.patch(body, Base::Unknown, false, &mut Messages::default()).await {
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
            Reply::Refused { status } if status.code == 409 || status.no_such_secret() => Ok(None),
            reply => Err(self.refused(reply, &answer, lost)),
        }
    }

    /// Sends an apply patch, where `base` is.
    pub(super) async fn patch(
        &self,
        body: &Body<'_>,
        base: Base<'_>,
        force: bool,
        told: &mut Messages,
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
            Reply::Broken { trouble, may_come_late } => {
                let (trouble, found) = self.look_after(trouble, may_come_late, base, lost).await?;
                let is_as_sent = |object: &Object| {
                    holds(object, &Wanted::Body(body)) && self.is_applied_by_us(object)
                };
                Ok(match found.filter(is_as_sent) {
                    Some(object) => {
                        let object = Box::new(object);
                        Patched::Secret { object, is_new: false, lost: Some(trouble) }
                    }
                    None => Patched::Moved { lost: Some(trouble) },
                })
            }
            Reply::Refused { status } if status.code == 409 => match conflicts(&status) {
                held if held.is_empty() => Ok(Patched::Moved { lost }),
                // Had an earlier try been carried out, there would be nothing to conflict with.
                held => Err(ClusterError::Conflict { held }),
            },
            reply => Err(self.refused(reply, &answer, lost)),
        }
    }

    /// Looks at what became of a patch that the API server answered with an error of its own, once,
    /// or twice if it may be stored later; it is not sent again. Returns what is there now if that
    /// is not what was there before.
    async fn look_after(
        &self,
        trouble: Trouble,
        may_come_late: bool,
        base: Base<'_>,
        lost: Option<Trouble>,
    ) -> Result<(Trouble, Option<Object>), ClusterError> {
        let failed = |trouble| self.after(lost, ClusterError::Failed { trouble });
        if self.order.dry_run {
            return Err(failed(trouble));
        }
        let looks = if may_come_late { 2 } else { 1 };
        for look in 1..=looks {
            let found = match self.place.look().await {
                Ok(look) => look.object,
                Err(looking) => {
                    let looking = Box::new(looking);
                    return Err(uncertain(Uncertainty::Unseen { lost: trouble, looking }));
                }
            };
            let is_as_before = match (base, &found) {
                (Base::Unknown, _) => {
                    return Err(uncertain(Uncertainty::Unanswered { lost: trouble }));
                }
                (Base::Nothing, found) => found.is_none(),
                (Base::Version(version), found) => {
                    found.as_ref().is_some_and(|o| o.metadata.resource_version == version)
                }
            };
            if !is_as_before {
                return Ok((trouble, found));
            }
            if look < looks {
                sleep(SECOND_LOOK).await;
            }
        }
        Err(if may_come_late {
            uncertain(Uncertainty::Unanswered { lost: trouble })
        } else {
            failed(trouble)
        })
    }

    fn is_applied_by_us(&self, object: &Object) -> bool {
        let mut entries = object.metadata.managed_fields.iter();
        entries.any(|entry| entry.manager == self.order.manager && entry.operation == "Apply")
    }

    async fn repeat(
        &self,
        asking: &Asking,
        told: &mut Messages,
    ) -> Result<(Answer, Reply, Option<Trouble>), ClusterError> {
        let tries = self.place.tries();
        let repeated =
            self.place.connection.repeat(asking, tries, |answer| told.read(answer)).await;
        repeated.map_err(|GaveUp { trouble, lost }| match lost {
            Some(lost) if lost == trouble && !self.order.dry_run => {
                uncertain(Uncertainty::Unanswered { lost })
            }
            lost => self.after(lost, ClusterError::Failed { trouble }),
        })
    }

    fn refused(&self, reply: Reply, answer: &Answer, lost: Option<Trouble>) -> ClusterError {
        let error = match reply {
            Reply::Refused { status } => ClusterError::Refused { verb: Verb::Apply, status },
            reply => ClusterError::Failed { trouble: reply.trouble(answer) },
        };
        self.after(lost, error)
    }

    /// An error of one try. After an answer that was lost it says nothing about the try before it.
    fn after(&self, lost: Option<Trouble>, error: ClusterError) -> ClusterError {
        match lost {
            Some(lost) if !self.order.dry_run => {
                uncertain(Uncertainty::Later { lost, error: Box::new(error) })
            }
            _ => error,
        }
    }
}

/// What was there when a patch was sent.
#[derive(Clone, Copy)]
pub(super) enum Base<'a> {
    Nothing,
    Unknown,
    Version(&'a str),
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
    let causes =
        status.details.causes.iter().filter(|cause| cause.reason == "FieldManagerConflict");
    causes
        .map(|cause| Held {
            manager: cause.message.split('"').nth(1).unwrap_or_default().to_owned(),
            field: cause.field.clone(),
        })
        .collect()
}
