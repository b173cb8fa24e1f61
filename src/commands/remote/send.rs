//! A finished Secret goes to a cluster, and what came of it is told.

use zeroize::Zeroizing;

use super::error::RunError;
use crate::cli::{ApplyRequest, Common, Create, DryRun, Format, Validate};
use crate::cluster::{
    self, Apply, ClusterError, Done, Event, How, Note, Order, Report, Subject, Target, TargetError,
};
use crate::error::Error;
use crate::pipeline::{Judged, Output, Sink, capacity};
use crate::reach::ConnectionFlags;
use crate::reach::FieldValidation;
use crate::secret::DataKey;
use crate::shown::counted;
use crate::sources::{Inputs, shown_path};
use crate::types::Printed;
use crate::ui::Ui;

/// Sends the Secret where the command line says.
pub(in crate::commands) fn run(
    create: &Create,
    Judged { secret, random, printed, .. }: Judged,
    output: &Output,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let (common, asked) = (&create.common, &create.cluster);
    if let Some(apply) = &asked.apply {
        let given = |key: &&String| secret.data.keys().any(|given| given.as_str() == *key);
        if let Some(key) = apply.remove_keys.iter().find(given) {
            return Err(RunError::RemovesGiven(key.clone()).into());
        }
    }
    let name = secret.name.as_str().to_owned();
    let (how, deed) = match &asked.apply {
        Some(apply) => (How::Apply(how(apply, random, common)), "applied"),
        None => (How::Create { if_absent: asked.if_absent }, "created"),
    };
    let order = Order {
        secret,
        manager: asked.manager.clone(),
        validation: match common.validate {
            Validate::Ignore => FieldValidation::Ignore,
            Validate::Strict => FieldValidation::Strict,
            Validate::Warn => FieldValidation::Warn,
        },
        dry_run: common.dry_run == DryRun::Server,
        wants_object: !matches!(output.format, Format::Name | Format::Result),
        wait: asked.wait,
        how,
    };
    let flags = ConnectionFlags::new(&asked.reach);
    let subject = Subject { name, namespace: None, context: None, route: None, flags, deed };
    let sink = output.open(ui)?;
    let mut teller =
        Teller { printed: printed.as_ref(), subject, ..Teller::new(create, output, sink, ui) };
    let sent = cluster::run(order, &asked.reach, &asked.targets, inputs, &mut |event| {
        teller.tell(event);
    });
    ui.end_progress();
    teller.end(sent)
}

fn how(apply: &ApplyRequest, random: Vec<DataKey>, common: &Common) -> Apply {
    let ApplyRequest { force, recreate, diff, merge, remove_keys } = apply;
    Apply {
        force: *force,
        recreate: *recreate,
        diff: *diff,
        merge: *merge,
        remove_keys: remove_keys.clone(),
        random,
        allow_empty: common.allow_empty,
        warnings_as_errors: common.warnings_as_errors,
    }
}

/// Says what came of each target.
struct Teller<'a> {
    create: &'a Create,
    printed: Option<&'a Printed>,
    ui: &'a Ui,
    subject: Subject,
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

impl<'a> Teller<'a> {
    fn new(create: &'a Create, output: &'a Output, sink: Sink<'a>, ui: &'a Ui) -> Self {
        let subject = Subject {
            name: String::new(),
            namespace: None,
            context: None,
            route: None,
            flags: ConnectionFlags::default(),
            deed: "",
        };
        Self {
            create,
            printed: None,
            ui,
            subject,
            warnings: 0,
            done: 0,
            failed: 0,
            output,
            sink,
            unwritten: Vec::new(),
            unprinted: None,
        }
    }

    fn tell(&mut self, event: Event) {
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
        let Report { target, route, warnings, notes, result } = report;
        self.ui.end_progress();
        self.warnings += warnings.len();
        let many = self.create.cluster.targets.are_many();
        let place = if many { place(&target) } else { String::new() };
        for warning in &warnings {
            let text = if many { format!("{warning} (answered{place})") } else { warning.clone() };
            self.ui.warning(&text);
        }
        for note in &notes {
            self.note(note, &place, &target);
        }
        match result {
            Ok(done) => {
                self.done += 1;
                let (name, outcome) = (&self.subject.name, done.outcome.as_str());
                let line = format!("secret/{name} {outcome}{place}{}", self.dry_run());
                match self.print(&done, &place) {
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
                let Target { context, namespace } = target;
                let subject = Subject { namespace, context, route, ..self.subject.clone() };
                Error::from(TargetError::new(error, subject)).show(self.ui);
            }
        }
    }

    fn note(&mut self, note: &Note, place: &str, target: &Target) {
        let name = &self.subject.name;
        self.warnings += usize::from(note.is_warning());
        let text = match note {
            Note::Diff(line) => return self.ui.status(&format!("{line}{place}")),
            Note::LastApplied => {
                self.ui.warning(&format!(
                    "secret/{name}{place} contains values in kubectl's \
                     last-applied-configuration annotation, readable by everyone who can see its \
                     metadata"
                ));
                let Target { context, namespace } = target.clone();
                let subject = Subject { namespace, context, ..self.subject.clone() };
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
        if self.create.common.dry_run == DryRun::Server { would_be } else { done }
    }

    /// What stands on stdout.
    fn print(&mut self, done: &Done, place: &str) -> Result<(), Error> {
        let object = done.object.as_ref();
        let name = object.map_or(self.subject.name.as_str(), |object| &object.metadata.name);
        let mut out;
        match (&self.output.format, object, self.printed) {
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
                let all = self.create.cluster.show_managed_fields
                    || matches!(self.output.format, Format::Template(_));
                self.output.document(&object.manifest(all), &mut out)?;
            }
        }
        self.sink.put(out)?;
        if let Some(printed) = self.printed {
            self.ui.status(&printed.status);
        }
        Ok(())
    }

    /// What a result line says of a run that stores nothing.
    fn dry_run(&self) -> &'static str {
        if self.create.common.dry_run == DryRun::Server { " (server dry run)" } else { "" }
    }

    /// Writes the output file and reports what failed.
    fn end(mut self, sent: Result<(), ClusterError>) -> Result<(), Error> {
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
        sent.map_err(|error| Error::from(TargetError::new(error, self.subject)))?;
        if let Some(error) = self.unprinted {
            return Err(error);
        }
        if self.failed > 0 {
            let (failed, total) = (self.failed, self.failed + self.done);
            let are_many = self.create.cluster.targets.are_many();
            return Err(if are_many {
                RunError::Targets { failed, total }.into()
            } else {
                Error::shown()
            });
        }
        if self.create.common.warnings_as_errors && self.warnings > 0 {
            return Err(RunError::ServerWarnings(self.warnings).into());
        }
        self.sink.finish()
    }
}

/// Where a target is.
fn place(target: &Target) -> String {
    let namespace = target.namespace.as_ref().map(|name| format!(" in namespace {name}"));
    let context = target.context.as_ref().map(|name| format!(" of context {name}"));
    namespace.unwrap_or_default() + &context.unwrap_or_default()
}
