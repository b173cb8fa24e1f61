//! The workers that carry an order to its targets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::apply;
use super::client::Connection;
use super::create;
use super::error::ClusterError;
use super::messages::Messages;
use super::order::{How, Order};
use super::progress::{Phase, Progress};
use super::report::{Event, Report, Target};
use super::requests::Place;
use super::wait;

/// How long what has begun is waited for after a Ctrl-C. A second one ends the waiting.
const PATIENCE: Duration = Duration::from_secs(2);

/// An order, and what a create of it sends.
pub(super) struct Job {
    pub(super) order: Order,
    pub(super) body: Bytes,
}

/// A target, or why there is none.
pub(super) enum Planned {
    Go { connection: Connection, context: Option<String>, namespace: String },
    Failed(Report),
}

/// One target of many.
struct Stop {
    connection: Connection,
    target: Target,
    namespace: String,
    /// Its number in the order asked.
    number: usize,
    progress: Progress,
}

/// What the workers share.
struct Shared {
    job: Job,
    stops: Vec<Stop>,
    next: AtomicUsize,
    /// Whether no other target is to be begun.
    ends: AtomicBool,
}

pub(super) enum Message {
    Done(usize, Report),
    Interrupted,
    /// A line of the log.
    Log(String),
    /// A worker has nothing more to do.
    Left,
}

impl Job {
    async fn go(&self, stop: &Stop, seed: u64) -> Report {
        let mut told = Messages::default();
        let Stop { connection, target, namespace, progress, .. } = stop;
        let name = self.order.secret.name.as_str();
        let place = Place { connection, namespace, name, seed, progress };
        let result = match &self.order.how {
            How::Apply(ask) => apply::apply(&place, &self.order, ask, &mut told).await,
            How::Create { if_absent } => {
                create::create(&place, &self.order, &self.body, *if_absent, &mut told).await
            }
        };
        let result = match (result, self.order.wait) {
            (Ok(done), Some(patience)) => wait::filled(&place, &self.order, done, patience).await,
            (result, _) => result,
        };
        let values = self.order.secret.data.values();
        told.hide(values.clone());
        let result = result.map_err(|mut error| {
            error.hide(values);
            error
        });
        let Messages { warnings, notes } = told;
        let route = Some(Arc::clone(&connection.route));
        Report { target: target.clone(), route, warnings, notes, result }
    }

    /// Carries the order to all targets, so many at once; what is done is told in the order asked,
    /// as soon as all before it is done.
    pub(super) async fn go_everywhere(
        self,
        plan: Vec<Planned>,
        parallel: usize,
        messages: (mpsc::UnboundedSender<Message>, mpsc::UnboundedReceiver<Message>),
        tell: &mut dyn FnMut(Event),
    ) {
        let total = plan.len();
        let (interrupting, interrupted) = watch::channel(false);
        // Finished out of order, and waiting for those before them.
        let mut waiting = BTreeMap::new();
        let mut stops = Vec::new();
        for (number, planned) in plan.into_iter().enumerate() {
            match planned {
                Planned::Failed(report) => {
                    waiting.insert(number, report);
                }
                Planned::Go { connection, context, namespace } => {
                    let target = Target { context, namespace: Some(namespace.clone()) };
                    let progress = Progress::new(interrupted.clone());
                    stops.push(Stop { connection, target, namespace, number, progress });
                }
            }
        }
        let mut working = parallel.min(stops.len());
        let (next, ends) = (AtomicUsize::new(0), AtomicBool::new(false));
        let shared = Arc::new(Shared { job: self, stops, next, ends });
        let (sender, mut receiver) = messages;
        let interrupts = tokio::spawn(listen(sender.clone()));
        let workers: Vec<_> = (0..working)
            .map(|_| tokio::spawn(work(Arc::clone(&shared), Worker(sender.clone()))))
            .collect();
        let mut next = 0;
        let mut done = waiting.len();
        // Once interrupted: until when what has begun is waited for.
        let mut patience = None;
        loop {
            while let Some(report) = waiting.remove(&next) {
                tell(Event::Report(report));
                next += 1;
            }
            tell(Event::Progress(done, total));
            if done == total {
                break;
            }
            match receive(&mut receiver, patience, &shared).await {
                Some(Message::Done(number, report)) => {
                    waiting.insert(number, report);
                    done += 1;
                    continue;
                }
                Some(Message::Log(line)) => {
                    tell(Event::Log(line));
                    continue;
                }
                Some(Message::Left) if working > 1 => {
                    working -= 1;
                    continue;
                }
                Some(Message::Interrupted) if patience.is_none() => {
                    shared.ends.store(true, Ordering::SeqCst);
                    interrupting.send_replace(true);
                    patience = Some(Instant::now() + PATIENCE);
                    continue;
                }
                Some(Message::Interrupted | Message::Left) | None => {}
            }
            // No more will come: what is not reported yet was interrupted.
            workers.iter().for_each(JoinHandle::abort);
            for stop in shared.stops.iter().filter(|stop| stop.number >= next) {
                waiting.entry(stop.number).or_insert_with(|| Report {
                    target: stop.target.clone(),
                    route: Some(Arc::clone(&stop.connection.route)),
                    warnings: Vec::new(),
                    notes: Vec::new(),
                    result: Err(ClusterError::Interrupted { phase: stop.progress.phase() }),
                });
            }
            done = total;
        }
        interrupts.abort();
    }
}

/// The next message; none where patience has ended. What is being replaced is waited for all the
/// same: the old one may be gone.
async fn receive(
    receiver: &mut mpsc::UnboundedReceiver<Message>,
    patience: Option<Instant>,
    shared: &Shared,
) -> Option<Message> {
    let Some(end) = patience else { return receiver.recv().await };
    match tokio::time::timeout_at(end, receiver.recv()).await {
        Ok(message) => message,
        Err(_) if shared.stops.iter().any(|stop| stop.progress.phase() == Phase::Replacing) => {
            receiver.recv().await
        }
        Err(_) => None,
    }
}

/// Tells of every Ctrl-C.
async fn listen(sender: mpsc::UnboundedSender<Message>) {
    while tokio::signal::ctrl_c().await.is_ok() && sender.send(Message::Interrupted).is_ok() {}
}

/// Says that it leaves, however it does.
struct Worker(mpsc::UnboundedSender<Message>);

impl Drop for Worker {
    fn drop(&mut self) {
        // Nobody listens when all is done.
        let _ = self.0.send(Message::Left);
    }
}

async fn work(shared: Arc<Shared>, worker: Worker) {
    while !shared.ends.load(Ordering::SeqCst) {
        let next = shared.next.fetch_add(1, Ordering::SeqCst);
        let Some(stop) = shared.stops.get(next) else { return };
        stop.progress.begin();
        let seed = u64::try_from(next).unwrap_or(0) + 1;
        let report = shared.job.go(stop, seed).await;
        if worker.0.send(Message::Done(stop.number, report)).is_err() {
            return;
        }
    }
}
