//! All the places that an order goes to, several at once, reported in the order asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use tokio::runtime::Builder;
use tokio::sync::mpsc;

use super::apply;
use super::body::Body;
use super::client::{Answer, Asking, Connection};
use super::config_error::ConfigError;
use super::create;
use super::error::{ClusterError, Verb};
use super::faults::Tries;
use super::kubeconfig::Files;
use super::order::{Done, How, Note, Order, Told};
use super::reach::{Reach, Targets};
use super::requests::{GaveUp, Place, segment};
use super::status::Reply;
use super::trouble::Trouble;
use crate::sources::Inputs;

/// Namespaces in one page of a list.
const PAGE: usize = 500;

/// A namespace of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The context, where one was named.
    pub context: Option<String>,
    /// The namespace, where it is known.
    pub namespace: Option<String>,
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

/// What is told while an order is carried out.
#[derive(Debug)]
pub enum Event {
    /// So many of so many targets are done.
    Progress(usize, usize),
    /// What came of the next target.
    Report(Report),
}

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
        let body = Body::of(&order.secret).json();
        let own = order.secret.namespace.as_ref().map(|namespace| namespace.as_str().to_owned());
        let job = Job { order, body };
        if !targets.are_many() {
            let connection = Connection::new(files.settle(reach, None, inputs)?, reach)?;
            let namespace = own.unwrap_or_else(|| connection.namespace.clone());
            let target = Target { context: None, namespace: Some(namespace.clone()) };
            let report = job.go(&connection, target, &namespace, 1).await;
            tell(Event::Report(report));
            return Ok(());
        }
        let contexts: Vec<_> = match targets.contexts.as_slice() {
            [] => vec![None],
            contexts => contexts.iter().map(Some).collect(),
        };
        let mut steps = Vec::new();
        for context in contexts {
            let name = context.map(String::as_str);
            let settled = files.settle(reach, name, inputs);
            let connection = settled.and_then(|settled| Connection::new(settled, reach));
            plan(context, connection, targets, own.as_deref(), &mut steps).await;
        }
        job.go_everywhere(steps, targets.parallel, tell).await;
        Ok(())
    })
}

/// A target, or why there is none.
enum Step {
    Go { connection: Connection, context: Option<String>, namespace: String },
    Failed(Option<Report>),
}

/// Adds the targets of one context. Its own failures are reported as one target.
async fn plan(
    context: Option<&String>,
    connection: Result<Connection, ConfigError>,
    targets: &Targets,
    own: Option<&str>,
    steps: &mut Vec<Step>,
) {
    let failed = |error: ClusterError| {
        let target = Target { context: context.cloned(), namespace: None };
        let (warnings, notes) = (Vec::new(), Vec::new());
        Step::Failed(Some(Report { target, warnings, notes, result: Err(error) }))
    };
    let connection = match connection {
        Ok(connection) => connection,
        Err(error) => return steps.push(failed(error.into())),
    };
    let namespaces = match (&targets.selector, targets.namespaces.as_slice()) {
        (Some(selector), _) => match select(&connection, selector).await {
            Ok(namespaces) => namespaces,
            Err(error) => return steps.push(failed(error)),
        },
        (None, []) => vec![own.map_or_else(|| connection.namespace.clone(), str::to_owned)],
        (None, namespaces) => namespaces.to_vec(),
    };
    steps.extend(namespaces.into_iter().map(|namespace| Step::Go {
        connection: connection.clone(),
        context: context.cloned(),
        namespace,
    }));
}

#[derive(Deserialize)]
struct NamespaceList {
    kind: String,
    #[serde(default)]
    metadata: ListMeta,
    items: Vec<Named>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListMeta {
    #[serde(rename = "continue")]
    more: String,
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The namespaces that a selector chooses, by name.
async fn select(connection: &Connection, selector: &str) -> Result<Vec<String>, ClusterError> {
    let names = namespaces(connection, selector).await?;
    if names.is_empty() {
        return Err(ClusterError::NoNamespace { selector: selector.to_owned() });
    }
    Ok(names)
}

/// The namespaces with these labels, by name; all where the selector is empty.
pub(super) async fn namespaces(
    connection: &Connection,
    selector: &str,
) -> Result<Vec<String>, ClusterError> {
    let mut names = Vec::new();
    let mut more = String::new();
    loop {
        let mut path =
            format!("/api/v1/namespaces?labelSelector={}&limit={PAGE}", segment(selector));
        if !more.is_empty() {
            path = format!("{path}&continue={}", segment(&more));
        }
        let asking = Asking { method: Method::GET, path, content_type: None, body: Bytes::new() };
        let repeated = connection.repeat(&asking, Tries::new(1), Answer::other).await;
        let (answer, reply, _) =
            repeated.map_err(|GaveUp { trouble, .. }| ClusterError::Failed { trouble })?;
        if let Reply::Refused { status, .. } = reply {
            return Err(ClusterError::Refused { verb: Verb::ListNamespaces, status });
        }
        let list = serde_json::from_slice::<NamespaceList>(&answer.body).ok();
        let list = list.filter(|list| list.kind == "NamespaceList").ok_or_else(|| {
            let trouble = Trouble::Foreign { status: answer.status };
            ClusterError::Failed { trouble }
        })?;
        names.extend(list.items.into_iter().map(|item| item.metadata.name));
        // A server that never ends its list would keep us for ever.
        if list.metadata.more.is_empty() || list.metadata.more == more {
            break;
        }
        more = list.metadata.more;
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

struct Job {
    order: Order,
    body: Bytes,
}

/// What the workers share.
struct Shared {
    job: Job,
    steps: Vec<(Connection, Target, String)>,
    next: AtomicUsize,
    begun: Vec<AtomicBool>,
}

enum Message {
    Done(usize, Report),
    Interrupted,
}

impl Job {
    async fn go(
        &self,
        connection: &Connection,
        target: Target,
        namespace: &str,
        seed: u64,
    ) -> Report {
        let mut told = Told::default();
        let name = self.order.secret.name.as_str();
        let place = Place { connection, namespace, name, seed };
        let result = match &self.order.how {
            How::Apply(ask) => apply::apply(&place, &self.order, ask, &mut told).await,
            How::Create { if_absent } => {
                create::create(&place, &self.order, &self.body, *if_absent, &mut told).await
            }
        };
        let Told { warnings, notes } = told;
        Report { target, warnings, notes, result }
    }

    /// Carries the order to all targets, so many at once; what is done is told in the order asked,
    /// as soon as all before it is done.
    async fn go_everywhere(self, steps: Vec<Step>, parallel: usize, tell: &mut dyn FnMut(Event)) {
        let total = steps.len();
        // Finished out of order, and waiting for those before them.
        let mut waiting = BTreeMap::new();
        let mut places = Vec::new();
        let mut numbers = Vec::new();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Failed(report) => {
                    waiting.extend(report.map(|report| (number, report)));
                }
                Step::Go { connection, context, namespace } => {
                    let target = Target { context, namespace: Some(namespace.clone()) };
                    places.push((connection, target, namespace));
                    numbers.push(number);
                }
            }
        }
        let begun = places.iter().map(|_| AtomicBool::new(false)).collect();
        let shared = Shared { job: self, steps: places, next: AtomicUsize::new(0), begun };
        let shared = Arc::new(shared);
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let workers: Vec<_> = (0..parallel.min(shared.steps.len()))
            .map(|_| tokio::spawn(work(Arc::clone(&shared), sender.clone())))
            .collect();
        let interrupt = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                // Nobody listens when all is done.
                let _ = sender.send(Message::Interrupted);
            }
        });
        let mut next = 0;
        let mut done = waiting.len();
        loop {
            while let Some(report) = waiting.remove(&next) {
                tell(Event::Report(report));
                next += 1;
            }
            tell(Event::Progress(done, total));
            if done == total {
                break;
            }
            match receiver.recv().await {
                Some(Message::Done(step, report)) => {
                    waiting.insert(numbers[step], report);
                    done += 1;
                }
                Some(Message::Interrupted) | None => {
                    workers.iter().for_each(tokio::task::JoinHandle::abort);
                    // What is finished and not yet told.
                    while let Ok(Message::Done(step, report)) = receiver.try_recv() {
                        waiting.insert(numbers[step], report);
                    }
                    for (step, (_, target, _)) in shared.steps.iter().enumerate() {
                        let begun = shared.begun[step].load(Ordering::SeqCst);
                        let number = numbers[step];
                        if number >= next {
                            waiting.entry(number).or_insert_with(|| Report {
                                target: target.clone(),
                                warnings: Vec::new(),
                                notes: Vec::new(),
                                result: Err(ClusterError::Interrupted { begun }),
                            });
                        }
                    }
                    done = total;
                }
            }
        }
        interrupt.abort();
    }
}

async fn work(shared: Arc<Shared>, sender: mpsc::UnboundedSender<Message>) {
    loop {
        let step = shared.next.fetch_add(1, Ordering::SeqCst);
        let Some((connection, target, namespace)) = shared.steps.get(step) else { return };
        shared.begun[step].store(true, Ordering::SeqCst);
        let seed = u64::try_from(step).unwrap_or(0) + 1;
        let report = shared.job.go(connection, target.clone(), namespace, seed).await;
        if sender.send(Message::Done(step, report)).is_err() {
            return;
        }
    }
}
