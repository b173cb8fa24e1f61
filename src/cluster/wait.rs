//! A Secret that a controller of the cluster fills with a service account's token: it is waited
//! for, and what came of it is told as it is.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::error::{ClusterError, Unfilled};
use super::object::Object;
use super::order::Order;
use super::report::Done;
use super::requests::{Look, RequestPlace};
use crate::kinds::SERVICE_ACCOUNT_NAME;

/// The key that the controller adds.
const TOKEN: &str = "token";
/// A controller takes some milliseconds.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Waits until the Secret of the order, which is on the cluster, holds a token.
pub(super) async fn filled(
    place: &RequestPlace<'_>,
    order: &Order,
    done: Done,
    patience: Duration,
) -> Result<Done, ClusterError> {
    if done.object.as_deref().is_some_and(has_token) {
        return Ok(done);
    }
    place.progress.filling();
    let uid = done.object.map(|object| object.metadata.uid);
    let end = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    // What a look met that may pass.
    let mut unseen = None;
    while Instant::now() < end {
        sleep_until(end.min(Instant::now() + pause)).await;
        pause = LONGEST_PAUSE.min(pause * 2);
        // The last look may take a little longer than the patience.
        match timeout_at(end + LONGEST_PAUSE, place.look()).await {
            Err(_) => break,
            Ok(Err(error @ ClusterError::Failed { .. })) => unseen = Some(Box::new(error)),
            Ok(Err(error)) => return Err(unfilled(Unfilled::Unseen { looking: Box::new(error) })),
            Ok(Ok(Look { object: None, .. })) => {
                let named = order.secret.metadata.annotations.get(SERVICE_ACCOUNT_NAME);
                let account = named.map(|account| account.to_string()).unwrap_or_default();
                return Err(unfilled(Unfilled::Deleted { account }));
            }
            Ok(Ok(Look { object: Some(object), .. })) => {
                if uid.as_ref().is_some_and(|uid| *uid != object.metadata.uid) {
                    return Err(unfilled(Unfilled::Replaced));
                }
                if has_token(&object) {
                    return Ok(Done::new(done.outcome, object));
                }
                unseen = None;
            }
        }
    }
    Err(unfilled(match unseen {
        Some(looking) => Unfilled::Unseen { looking },
        None => Unfilled::Late { patience },
    }))
}

fn has_token(object: &Object) -> bool {
    object.value(TOKEN).is_some_and(|token| !token.is_empty())
}

fn unfilled(why: Unfilled) -> ClusterError {
    ClusterError::Unfilled { why }
}
