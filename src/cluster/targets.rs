//! All the places that an order goes to.

use std::sync::Arc;

use bytes::Bytes;
use tokio::runtime::Builder;

use super::body::Body;
use super::client::Connection;
use super::create;
use super::error::ClusterError;
use super::kubeconfig::{ConfigError, Files};
use super::order::{Done, How, Note, Order, Told};
use super::reach::Reach;
use super::requests::Place;
use crate::sources::Inputs;

/// A namespace of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The context, where one was named.
    pub context: Option<String>,
    /// The namespace.
    pub namespace: String,
}

/// What came of a target.
#[derive(Debug)]
pub struct Report {
    /// The target.
    pub target: Target,
    /// The server's warnings.
    pub warnings: Vec<String>,
    /// What is worth knowing beside the result.
    pub notes: Vec<Note>,
    /// What was done.
    pub result: Result<Done, ClusterError>,
}

/// Carries out an order and reports each target, in the order asked.
pub fn run(
    order: Order,
    reach: &Reach,
    inputs: &Inputs,
    report: &mut dyn FnMut(Report),
) -> Result<(), ClusterError> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|_| ConfigError::Kube { words: "no event loop".to_owned() })?;
    runtime.block_on(async {
        let files = Files::read(reach, inputs)?;
        let connection = Connection::new(files.settle(reach, None, inputs)?, reach)?;
        let own = order.secret.namespace.as_ref().map(|namespace| namespace.as_str().to_owned());
        let namespace = own.unwrap_or_else(|| connection.namespace.clone());
        let job = Arc::new(Job { body: Body::of(&order.secret).json(), order });
        let target = Target { context: None, namespace };
        report(job.go(&connection, target, 1).await);
        Ok(())
    })
}

struct Job {
    order: Order,
    body: Bytes,
}

impl Job {
    async fn go(&self, connection: &Connection, target: Target, seed: u64) -> Report {
        let mut told = Told::default();
        let place = Place {
            connection,
            namespace: &target.namespace,
            name: self.order.secret.name.as_str(),
            seed,
        };
        let result = match self.order.how {
            How::Create { if_absent } => {
                create::create(&place, &self.order, &self.body, if_absent, &mut told).await
            }
        };
        let Told { warnings, notes } = told;
        Report { target, warnings, notes, result }
    }
}
