//! One Secret in one namespace: create or apply it, and wait for what a controller adds.

use std::sync::Arc;

use bytes::Bytes;

use super::apply;
use super::body::Body;
use super::client::Connection;
use super::create;
use super::messages::Messages;
use super::order::{How, Order};
use super::progress::Progress;
use super::report::{Report, Target};
use super::requests::RequestPlace;
use super::wait;

/// An order, and the body that a create of it sends.
pub(super) struct Job {
    pub(super) order: Order,
    body: Bytes,
}

/// A target and the way to it.
pub(super) struct Stop {
    pub(super) connection: Connection,
    pub(super) target: Target,
    pub(super) namespace: String,
    /// The number of the order.
    pub(super) order: usize,
    /// A number that other targets do not have, for pauses of different lengths.
    pub(super) seed: u64,
    pub(super) progress: Arc<Progress>,
}

impl Job {
    pub(super) fn new(order: Order) -> Self {
        let body = Body::of(&order.secret).json();
        Self { order, body }
    }

    pub(super) async fn run(&self, stop: &Stop) -> Report {
        let Stop { connection, target, namespace, order, seed, progress } = stop;
        progress.begin();
        let mut messages = Messages::default();
        let name = self.order.secret.name.as_str();
        let place = RequestPlace { connection, namespace, name, seed: *seed, progress };
        let written = match &self.order.how {
            How::Apply(ask) => apply::apply(&place, &self.order, ask, &mut messages).await,
            How::Create { if_absent } => {
                create::create(&place, &self.order, &self.body, *if_absent, &mut messages).await
            }
        };
        let mut result = match (written, self.order.wait) {
            (Ok(done), Some(patience)) => wait::filled(&place, &self.order, done, patience).await,
            (written, _) => written,
        };
        let values = self.order.secret.data.values();
        messages.hide(values.clone());
        if let Err(error) = &mut result {
            error.hide(values);
        }
        let Messages { warnings, notes } = messages;
        let (target, route) = (target.clone(), Some(Arc::clone(&connection.route)));
        Report { order: *order, target, route, warnings, notes, result }
    }
}
