//! The loop that carries orders to their targets.
//!
//! Contexts log in ahead, at most [`LOGINS_MAX`] at the same time, in the order asked. As soon as one is
//! connected its targets are worked on, `--parallel` at the same time, while others still log in. No
//! more contexts are connected than the next targets need, so that a run on thousands takes no more
//! memory than one on a few.
//!
//! Until the first target is begun, Ctrl-C ends the program. From then on it ends the logins, lets what has
//! begun come to its end for [`PATIENCE`], and reports what is left as not begun.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::{Instant, timeout_at};

use super::contexts::{Connected, Contexts, NotConnected};
use super::error::ClusterError;
use super::job::Stop;
use super::progress::{Phase, Progress};
use super::report::{Event, Report, Target};
use super::report_order::{Position, ReportOrder};
use super::route::Route;

/// How many contexts log in at the same time.
const LOGINS_MAX: usize = 16;
/// How long what has begun is waited for after a Ctrl-C. A second one ends the waiting.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Fleet<'a> {
    contexts: &'a Contexts<'a>,
    parallel: usize,
    /// The next context that has not begun to log in.
    next_context: usize,
    logins: JoinSet<Result<Connected, NotConnected>>,
    logging_in: HashMap<Id, usize>,
    /// Contexts that were logging in when the user interrupted.
    abandoned: Vec<usize>,
    /// Connected contexts with targets that have not begun.
    ready: BTreeMap<usize, Ready>,
    workers: JoinSet<Report>,
    running: HashMap<Id, Running>,
    begun: u64,
    reports: ReportOrder,
    lines: mpsc::UnboundedReceiver<String>,
    interrupts: Interrupts,
}

struct Ready {
    connected: Connected,
    next: usize,
    count: usize,
}

/// A target that is worked on.
struct Running {
    position: Position,
    order: usize,
    target: Target,
    route: Arc<Route>,
    progress: Arc<Progress>,
}

/// The user's interrupts, once they are taken.
struct Interrupts {
    listener: Option<AbortHandle>,
    sender: mpsc::UnboundedSender<()>,
    receiver: mpsc::UnboundedReceiver<()>,
    interrupting: watch::Sender<bool>,
    /// Once interrupted: until when what has begun is waited for.
    patience: Option<Instant>,
}

enum Happening {
    Interrupted,
    Log(String),
    LoggedIn(Id, Option<Result<Connected, NotConnected>>),
    Done(Id, Option<Report>),
}

impl<'a> Fleet<'a> {
    pub(super) fn new(
        contexts: &'a Contexts<'a>,
        parallel: usize,
        lines: mpsc::UnboundedReceiver<String>,
    ) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let interrupting = watch::channel(false).0;
        Self {
            contexts,
            parallel,
            next_context: 0,
            logins: JoinSet::new(),
            logging_in: HashMap::new(),
            abandoned: Vec::new(),
            ready: BTreeMap::new(),
            workers: JoinSet::new(),
            running: HashMap::new(),
            begun: 0,
            reports: ReportOrder::new(contexts.count(), contexts.expected_targets()),
            lines,
            interrupts: Interrupts {
                listener: None,
                sender,
                receiver,
                interrupting,
                patience: None,
            },
        }
    }

    /// Works on all targets and tells what became of them. `begin` is called before the first one.
    pub(super) async fn run(mut self, begin: impl Fn(), tell: &mut dyn FnMut(Event)) {
        loop {
            if self.interrupts.patience.is_none() {
                self.start_logins(tell);
                self.start_targets(&begin);
            }
            self.tell(tell);
            let is_interrupted = self.interrupts.patience.is_some();
            let is_idle = self.logging_in.is_empty() && self.running.is_empty();
            if is_idle && (is_interrupted || self.ready.is_empty()) {
                break;
            }
            match self.happening().await {
                Some(Happening::Log(line)) => tell(Event::Log(line)),
                Some(Happening::LoggedIn(id, login)) => self.logged_in(id, login),
                Some(Happening::Done(id, report)) => self.done(id, report),
                Some(Happening::Interrupted) if !is_interrupted => self.interrupt(),
                Some(Happening::Interrupted) | None => break,
            }
        }
        self.report_rest(tell);
        if let Some(listener) = self.interrupts.listener {
            listener.abort();
        }
    }

    fn tell(&mut self, tell: &mut dyn FnMut(Event)) {
        // What is logged of a target comes before its report.
        while let Ok(line) = self.lines.try_recv() {
            tell(Event::Log(line));
        }
        while let Some(report) = self.reports.pop() {
            tell(Event::Report(report));
        }
        tell(Event::Progress(self.reports.done, self.reports.total));
    }

    fn start_logins(&mut self, tell: &mut dyn FnMut(Event)) {
        while self.logging_in.len() < LOGINS_MAX
            && self.ready.len() < self.parallel
            && self.next_context < self.contexts.count()
        {
            let context = self.next_context;
            self.next_context += 1;
            match self.contexts.resolve(context) {
                Ok(resolved) => {
                    let login = self.logins.spawn(self.contexts.connect(resolved));
                    self.logging_in.insert(login.id(), context);
                }
                Err(error) => {
                    self.fail(context, (error.into(), None));
                    self.tell(tell);
                }
            }
        }
    }

    fn start_targets(&mut self, begin: &impl Fn()) {
        while self.running.len() < self.parallel
            && let Some(mut entry) = self.ready.first_entry()
        {
            if self.interrupts.listener.is_none() {
                begin();
                self.interrupts.listen();
            }
            let context = *entry.key();
            let ready = entry.get_mut();
            let (number, connected) = (ready.next, &ready.connected);
            let (order, namespace) = self.contexts.target(number, Some(connected));
            let target = Target {
                context: self.contexts.name(context).cloned(),
                namespace: namespace.clone(),
            };
            self.begun += 1;
            let progress = Arc::new(Progress::new(self.interrupts.interrupting.subscribe()));
            let stop = Stop {
                connection: connected.connection.clone(),
                target: target.clone(),
                namespace: namespace.unwrap_or_default(),
                order,
                seed: self.begun,
                progress: Arc::clone(&progress),
            };
            let route = Arc::clone(&connected.connection.route);
            ready.next += 1;
            if ready.next == ready.count {
                entry.remove();
            }
            let jobs = Arc::clone(&self.contexts.jobs);
            let worker = self.workers.spawn(async move { jobs[order].run(&stop).await });
            let position = (context, number);
            self.running.insert(worker.id(), Running { position, order, target, route, progress });
        }
    }

    async fn happening(&mut self) -> Option<Happening> {
        loop {
            let patience = self.interrupts.patience;
            let next = poll_fn(|context| self.poll(context));
            let Some(end) = patience else { return Some(next.await) };
            if let Ok(happening) = timeout_at(end, next).await {
                return Some(happening);
            }
            // What is being replaced is waited for all the same: the old one may be gone.
            let is_replacing =
                self.running.values().any(|running| running.progress.phase() == Phase::Replacing);
            if !is_replacing {
                return None;
            }
            self.interrupts.patience = Some(Instant::now() + PATIENCE);
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Happening> {
        if let Poll::Ready(Some(line)) = self.lines.poll_recv(context) {
            return Poll::Ready(Happening::Log(line));
        }
        if let Poll::Ready(Some(())) = self.interrupts.receiver.poll_recv(context) {
            return Poll::Ready(Happening::Interrupted);
        }
        if let Poll::Ready(Some(done)) = self.workers.poll_join_next_with_id(context) {
            return Poll::Ready(match done {
                Ok((id, report)) => Happening::Done(id, Some(report)),
                Err(error) => Happening::Done(error.id(), None),
            });
        }
        if let Poll::Ready(Some(login)) = self.logins.poll_join_next_with_id(context) {
            return Poll::Ready(match login {
                Ok((id, login)) => Happening::LoggedIn(id, Some(login)),
                Err(error) => Happening::LoggedIn(error.id(), None),
            });
        }
        Poll::Pending
    }

    fn logged_in(&mut self, id: Id, login: Option<Result<Connected, NotConnected>>) {
        let Some(context) = self.logging_in.remove(&id) else { return };
        match login {
            Some(Ok(connected)) => {
                let count = self.contexts.targets_of(&connected);
                self.reports.resize(context, count);
                self.ready.insert(context, Ready { connected, next: 0, count });
            }
            Some(Err(error)) => self.fail(context, error),
            None => {
                let error = ClusterError::Interrupted { phase: Phase::Waiting };
                self.fail(context, (error, None));
            }
        }
    }

    fn fail(&mut self, context: usize, error: NotConnected) {
        self.reports.resize(context, 1);
        self.reports.add((context, 0), self.contexts.failed(context, error));
    }

    fn done(&mut self, id: Id, report: Option<Report>) {
        let Some(running) = self.running.remove(&id) else { return };
        let position = running.position;
        self.reports.add(position, report.unwrap_or_else(|| running.interrupted()));
    }

    /// Ends what sends nothing, and begins nothing more.
    fn interrupt(&mut self) {
        self.interrupts.interrupting.send_replace(true);
        self.interrupts.patience = Some(Instant::now() + PATIENCE);
        self.logins.abort_all();
        self.abandoned.extend(self.logging_in.drain().map(|(_, context)| context));
    }

    /// Reports what is not reported yet: all of it was interrupted.
    fn report_rest(&mut self, tell: &mut dyn FnMut(Event)) {
        self.workers.abort_all();
        for running in std::mem::take(&mut self.running).into_values() {
            self.reports.add(running.position, running.interrupted());
        }
        for (context, ready) in std::mem::take(&mut self.ready) {
            for number in ready.next..ready.count {
                self.report_waiting((context, number), Some(&ready.connected), tell);
            }
        }
        let abandoned = std::mem::take(&mut self.abandoned).into_iter();
        for context in abandoned.chain(self.next_context..self.contexts.count()) {
            let count = self.contexts.expected_targets();
            self.reports.resize(context, count);
            for number in 0..count {
                self.report_waiting((context, number), None, tell);
            }
        }
        self.tell(tell);
    }

    fn report_waiting(
        &mut self,
        position: Position,
        connected: Option<&Connected>,
        tell: &mut dyn FnMut(Event),
    ) {
        let (order, namespace) = self.contexts.target(position.1, connected);
        let target = Target { context: self.contexts.name(position.0).cloned(), namespace };
        let route = connected.map(|connected| Arc::clone(&connected.connection.route));
        self.reports.add(position, interrupted(order, target, route, Phase::Waiting));
        self.tell(tell);
    }
}

impl Running {
    fn interrupted(self) -> Report {
        interrupted(self.order, self.target, Some(self.route), self.progress.phase())
    }
}

fn interrupted(order: usize, target: Target, route: Option<Arc<Route>>, phase: Phase) -> Report {
    let (warnings, notes) = (Vec::new(), Vec::new());
    let result = Err(ClusterError::Interrupted { phase });
    Report { order, target, route, warnings, notes, result }
}

impl Interrupts {
    /// Takes every Ctrl-C from now on.
    fn listen(&mut self) {
        let sender = self.sender.clone();
        let listener = tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() && sender.send(()).is_ok() {}
        });
        self.listener = Some(listener.abort_handle());
    }
}
