//! What became of Secrets on clusters: results on standard output, the rest on standard error.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::error::RunError;
use crate::cli::{DryRun, Format};
use crate::cluster::{
    ClusterError, Done, Event, Note, Report, Route, Subject, Target, TargetError,
};
use crate::commands::send_request::SendRequest;
use crate::error::Error;
use crate::pipeline::{Output, Sink, capacity};
use crate::reach::ConnectionFlags;
use crate::shown::counted;
use crate::sources::shown_path;
use crate::types::Printed;
use crate::ui::Ui;

/// Prints what became of each target.
pub(super) struct Reporter<'a> {
    request: SendRequest<'a>,
    ui: &'a Ui,
    /// The Secrets, in the order of their numbers.
    secrets: Vec<Expected>,
    flags: ConnectionFlags,
    warnings: usize,
    done: usize,
    failed: usize,
    output: &'a Output,
    sink: Sink<'a>,
    /// What was done, for each result that is not in the output file yet.
    unwritten: Vec<String>,
    /// The first result that could not be printed, though it was done. The other targets go on.
    unprinted: Option<Error>,
}

/// A Secret that is reported on.
struct Expected {
    name: String,
    /// What is printed in place of the result.
    printed: Option<Printed>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(
        request: SendRequest<'a>,
        output: &'a Output,
        sink: Sink<'a>,
        ui: &'a Ui,
    ) -> Self {
        Self {
            request,
            ui,
            secrets: Vec::new(),
            flags: ConnectionFlags::new(&request.cluster.reach),
            warnings: 0,
            done: 0,
            failed: 0,
            output,
            sink,
            unwritten: Vec::new(),
            unprinted: None,
        }
    }

    /// The next Secret that is sent.
    pub(super) fn expect(&mut self, name: &str, printed: Option<Printed>) {
        self.secrets.push(Expected { name: name.to_owned(), printed });
    }

    fn are_many(&self) -> bool {
        self.request.cluster.targets.are_many()
    }

    fn subject(&self, order: usize, target: &Target, route: Option<Arc<Route>>) -> Subject {
        Subject {
            name: self.secrets.get(order).map(|secret| secret.name.clone()).unwrap_or_default(),
            namespace: target.namespace.clone(),
            context: target.context.clone(),
            route,
            flags: self.flags.clone(),
            deed: if self.request.cluster.apply.is_some() { "applied" } else { "created" },
        }
    }

    pub(super) fn tell(&mut self, event: Event) {
        match event {
            Event::Log(line) => {
                self.ui.end_progress();
                self.ui.status(&line);
            }
            Event::Progress(done, total) => self.ui.progress(done, total),
            Event::Report(report) => self.report(report),
        }
    }

    fn report(&mut self, report: Report) {
        let Report { order, target, route, warnings, notes, result } = report;
        let subject = self.subject(order, &target, route);
        self.ui.end_progress();
        self.warnings += warnings.len();
        let many = self.are_many();
        let place = if many { subject.place() } else { String::new() };
        for warning in &warnings {
            let text = if many { format!("{warning} (answered{place})") } else { warning.clone() };
            self.ui.warning(&text);
        }
        for note in &notes {
            self.note(note, &place, &subject);
        }
        match result {
            Ok(done) => {
                self.done += 1;
                let (name, outcome) = (&subject.name, done.outcome.as_str());
                let line = format!("secret/{name} {outcome}{place}{}", self.dry_run());
                match self.print(&done, order, &place) {
                    Ok(()) if matches!(self.sink, Sink::File(..)) => self.unwritten.push(line),
                    Ok(()) => {}
                    Err(error) => {
                        if !error.is_closed_pipe() {
                            self.ui.status(&format!("{line}, but cannot be printed"));
                        }
                        self.unprinted.get_or_insert(error);
                    }
                }
            }
            Err(error) => {
                self.failed += 1;
                Error::from(TargetError::new(error, subject)).show(self.ui);
            }
        }
    }

    fn note(&mut self, note: &Note, place: &str, subject: &Subject) {
        let name = &subject.name;
        self.warnings += usize::from(note.is_warning());
        let text = match note {
            Note::Diff(line) => return self.ui.status(&format!("{line}{place}")),
            Note::LastApplied => {
                self.ui.warning(&format!(
                    "secret/{name}{place} contains values in kubectl's \
                     last-applied-configuration annotation, readable by everyone who can see its \
                     metadata"
                ));
                let flags = subject.namespace_flags();
                return self.ui.hint(&format!(
                    "kubectl annotate secret {name}{flags} \
                     kubectl.kubernetes.io/last-applied-configuration-"
                ));
            }
            Note::Emptied { key, len } => {
                return self.ui.warning(&format!(
                    "secret/{name}{place}: the value of key {key} {}: {} → 0",
                    self.deed("becomes empty", "would become empty"),
                    counted(*len, "byte")
                ));
            }
            Note::FoundAsSent { code: None } => {
                format!("secret/{name}{place}: response lost, but the Secret was stored as sent")
            }
            Note::FoundAsSent { code: Some(code) } => format!(
                "secret/{name}{place}: the server returned an error ({code}), but it was created as \
                 sent"
            ),
            Note::HandedOver => format!(
                "secret/{name}{place}: took over fields from an earlier create; no value changed"
            ),
            Note::KeyRemoved { key } => {
                let deed = self.deed("is removed", "would be removed");
                format!("secret/{name}{place}: key {key} {deed}")
            }
            Note::KeyStays { key, manager: Some(manager) } => {
                format!("secret/{name}{place}: key {key} kept, managed by {manager:?}")
            }
            Note::KeyStays { key, manager: None } => {
                format!("secret/{name}{place}: key {key} kept")
            }
            Note::NotLooked => format!(
                "secret/{name}{place} may not be read, so mksecret could not check what changed, \
                 which keys are kept and which fields an earlier create manages"
            ),
            Note::Recreated => {
                format!("secret/{name}{place}: {}", self.deed("recreated", "would be recreated"))
            }
        };
        self.ui.status(&text);
    }

    /// What was done, or with `--dry-run=server` would have been.
    fn deed(&self, done: &'static str, would_be: &'static str) -> &'static str {
        if self.request.common.dry_run == DryRun::Server { would_be } else { done }
    }

    /// Writes the result to standard output or the output file.
    fn print(&mut self, done: &Done, order: usize, place: &str) -> Result<(), Error> {
        let Some(Expected { name, printed }) = self.secrets.get(order) else { return Ok(()) };
        let object = done.object.as_ref();
        let name = object.map_or(name, |object| &object.metadata.name);
        let mut out;
        match (&self.output.format, object, printed) {
            (Format::Name, _, _) => out = Zeroizing::new(format!("secret/{name}\n").into_bytes()),
            (Format::Result, _, Some(printed)) => {
                out = Zeroizing::new(Vec::with_capacity(printed.line.len() + 1));
                out.extend_from_slice(printed.line.as_bytes());
                out.push(b'\n');
            }
            (Format::Result, _, None) | (_, None, _) => {
                let (outcome, dry_run) = (done.outcome.as_str(), self.dry_run());
                let line = format!("secret/{name} {outcome}{place}{dry_run}\n");
                out = Zeroizing::new(line.into_bytes());
            }
            (_, Some(object), _) => {
                let annotations = object.metadata.annotations.values().map(String::as_str);
                let data = object.data().map(|(key, value)| (key.len(), value.len()));
                out = Zeroizing::new(Vec::with_capacity(capacity(data, annotations) + 4096));
                if self.output.is_parted() && self.done > 1 {
                    out.extend_from_slice(b"---\n");
                }
                // kubectl drops managedFields from JSON and YAML alone.
                let all = self.request.cluster.show_managed_fields
                    || matches!(self.output.format, Format::Template(_));
                self.output.document(&object.manifest(all), &mut out)?;
            }
        }
        self.sink.put(out)?;
        if let Some(printed) = printed {
            self.ui.status(&printed.status);
        }
        Ok(())
    }

    /// What a result line says of a run that stores nothing.
    fn dry_run(&self) -> &'static str {
        if self.request.common.dry_run == DryRun::Server { " (server dry run)" } else { "" }
    }

    /// Writes the output file and reports what failed.
    pub(super) fn end(mut self, sent: Result<(), ClusterError>) -> Result<(), Error> {
        let path = match &self.sink {
            Sink::Stdout(_) => String::new(),
            Sink::File(file, _) => shown_path(file.path()),
        };
        let (ui, unwritten) = (self.ui, std::mem::take(&mut self.unwritten));
        let ended = self.result(sent);
        if ended.is_err() {
            for line in unwritten {
                ui.status(&format!("{line}, but {path} is not written"));
            }
        }
        ended
    }

    fn result(self, sent: Result<(), ClusterError>) -> Result<(), Error> {
        let nowhere = Target { context: None, namespace: None };
        sent.map_err(|e| Error::from(TargetError::new(e, self.subject(0, &nowhere, None))))?;
        if let Some(error) = self.unprinted {
            return Err(error);
        }
        if self.failed > 0 {
            let (failed, total) = (self.failed, self.failed + self.done);
            return Err(if self.are_many() {
                RunError::Targets { failed, total }.into()
            } else {
                Error::shown()
            });
        }
        if self.request.common.warnings_as_errors && self.warnings > 0 {
            return Err(RunError::ServerWarnings(self.warnings).into());
        }
        self.sink.finish()
    }
}
