//! All the places that an order goes to, several at once, reported in the order asked.

use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::sync::mpsc;

use super::body::Body;
use super::client::Connection;
use super::config_error::ConfigError;
use super::error::ClusterError;
use super::kubeconfig::{Files, Settled};
use super::log::Log;
use super::order::Order;
use super::report::{Event, Report, Target};
use super::route::Route;
use super::selector::select;
use super::workers::{Job, Message, Planned};
use crate::reach::{Reach, Targets};
use crate::sources::Inputs;

/// Carries out an order and reports each target, in the order asked.
pub fn run(
    order: Order,
    reach: &Reach,
    targets: &Targets,
    inputs: &Inputs,
    tell: &mut dyn FnMut(Event),
) -> Result<(), ClusterError> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|_| ConfigError::Kube { words: "no event loop".to_owned() })?;
    runtime.block_on(async {
        let files = Files::read(reach, inputs)?;
        files.check_contexts(&targets.contexts)?;
        let body = Body::of(&order.secret).json();
        let own = order.secret.namespace.as_ref().map(|namespace| namespace.as_str().to_owned());
        let job = Job { order, body };
        let mut all = Vec::new();
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let lines = sender.clone();
        let log = Log::new(reach.verbosity, move |line| {
            // If the receiver is gone, so is the run.
            let _ = lines.send(Message::Log(line));
        });
        let connect = |settled: Settled| {
            if let Some(log) = &log {
                let namespace = match (&targets.selector, targets.namespaces.as_slice()) {
                    (Some(selector), _) => format!("namespaces with {selector}"),
                    (None, []) => {
                        format!("namespace {}", own.as_ref().unwrap_or(&settled.namespace))
                    }
                    (None, namespaces) => format!("namespaces {}", namespaces.join(", ")),
                };
                log.line(settled.shown(files.paths(), &namespace));
            }
            Connection::new(settled, reach, log.as_ref())
        };
        let parallel = if targets.are_many() {
            let contexts: Vec<_> = match targets.contexts.as_slice() {
                [] => vec![None],
                contexts => contexts.iter().map(Some).collect(),
            };
            for context in contexts {
                let name = context.map(String::as_str);
                let settled = files.settle(reach, name, inputs);
                let connection = settled.and_then(connect);
                let uses_its_namespace =
                    own.is_none() && targets.namespaces.is_empty() && targets.selector.is_none();
                let connection = connection.and_then(|connection| {
                    if uses_its_namespace {
                        files.check_namespace(reach, name, &connection.namespace)?;
                    }
                    Ok(connection)
                });
                add(context, connection, targets, own.as_deref(), &mut all).await;
                // What was logged while namespaces were listed.
                while let Ok(Message::Log(line)) = receiver.try_recv() {
                    tell(Event::Log(line));
                }
            }
            targets.parallel
        } else {
            let connection = connect(files.settle(reach, None, inputs)?)?;
            if own.is_none() {
                files.check_namespace(reach, None, &connection.namespace)?;
            }
            let namespace = own.unwrap_or_else(|| connection.namespace.clone());
            all.push(Planned::Go { connection, context: None, namespace });
            1
        };
        // From here on Ctrl-C tells what was done; until here nothing is, and it ends the program.
        inputs.leave_interrupts();
        job.go_everywhere(all, parallel, (sender, receiver), tell).await;
        Ok(())
    })
}

/// Adds the targets of one context. Its own failures are reported as one target.
async fn add(
    context: Option<&String>,
    connection: Result<Connection, ConfigError>,
    targets: &Targets,
    own: Option<&str>,
    plan: &mut Vec<Planned>,
) {
    let failed = |error: ClusterError, route: Option<Arc<Route>>| {
        let target = Target { context: context.cloned(), namespace: None };
        let (warnings, notes) = (Vec::new(), Vec::new());
        Planned::Failed(Report { target, route, warnings, notes, result: Err(error) })
    };
    let connection = match connection {
        Ok(connection) => connection,
        Err(error) => return plan.push(failed(error.into(), None)),
    };
    let namespaces = match (&targets.selector, targets.namespaces.as_slice()) {
        (Some(selector), _) => match select(&connection, selector).await {
            Ok(namespaces) => namespaces,
            Err(error) => return plan.push(failed(error, Some(Arc::clone(&connection.route)))),
        },
        (None, []) => vec![own.map_or_else(|| connection.namespace.clone(), str::to_owned)],
        (None, namespaces) => namespaces.to_vec(),
    };
    plan.extend(namespaces.into_iter().map(|namespace| Planned::Go {
        connection: connection.clone(),
        context: context.cloned(),
        namespace,
    }));
}
