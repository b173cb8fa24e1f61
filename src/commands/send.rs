//! A finished Secret goes to a cluster, and what came of it is told.

use zeroize::Zeroizing;

use super::create::{capacity, document};
use crate::cli::{Create, DryRun, Format, Validate};
use crate::cluster::{self, Done, FieldValidation, How, Note, Order, Report};
use crate::error::{Error, Subject};
use crate::secret::Secret;
use crate::sources::Inputs;
use crate::types::Printed;
use crate::ui::Ui;

/// Sends the Secret where the command line says.
pub(super) fn run(
    create: &Create,
    secret: Secret,
    printed: Option<&Printed>,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let (common, asked) = (&create.common, &create.cluster);
    let name = secret.name.as_str().to_owned();
    let order = Order {
        secret,
        manager: asked.manager.clone(),
        validation: match common.validate {
            Validate::Ignore => FieldValidation::Ignore,
            Validate::Strict => FieldValidation::Strict,
            Validate::Warn => FieldValidation::Warn,
        },
        dry_run: common.dry_run == DryRun::Server,
        wants_object: !matches!(common.format, Format::Name | Format::Result),
        how: How::Create { if_absent: asked.if_absent },
    };
    let mut teller = Teller { create, printed, ui, name, warnings: 0, failure: None };
    let sent = cluster::run(order, &asked.reach, inputs, &mut |report| teller.tell(report));
    sent.map_err(|error| {
        let name = teller.name.clone();
        Error::cluster(error, Subject { name, namespace: None, context: None, of_many: false })
    })?;
    match teller {
        Teller { failure: Some(error), .. } => Err(error),
        Teller { warnings, .. } if common.warnings_as_errors && warnings > 0 => {
            Err(Error::server_warnings(warnings))
        }
        _ => Ok(()),
    }
}

/// Says what came of each target.
struct Teller<'a> {
    create: &'a Create,
    printed: Option<&'a Printed>,
    ui: &'a Ui,
    name: String,
    warnings: usize,
    failure: Option<Error>,
}

impl Teller<'_> {
    fn tell(&mut self, report: Report) {
        let Report { target, warnings, notes, result } = report;
        self.warnings += warnings.len();
        for warning in &warnings {
            self.ui.warning(warning);
        }
        for note in &notes {
            self.ui.status(&words(note, &self.name));
        }
        let told = match result {
            Ok(done) => self.print(&done),
            Err(error) => {
                let name = self.name.clone();
                let namespace = Some(target.namespace);
                let context = target.context;
                Err(Error::cluster(error, Subject { name, namespace, context, of_many: false }))
            }
        };
        if let Err(error) = told {
            self.failure = Some(error);
        }
    }

    /// What stands on stdout.
    fn print(&self, done: &Done) -> Result<(), Error> {
        let common = &self.create.common;
        let object = done.object.as_ref();
        let name = object.map_or(self.name.as_str(), |object| &object.metadata.name);
        let mut out;
        match (common.format, object, self.printed) {
            (Format::Name, _, _) => out = Zeroizing::new(format!("secret/{name}\n").into_bytes()),
            (Format::Result, _, Some(printed)) => {
                out = Zeroizing::new(Vec::with_capacity(printed.line.len() + 1));
                out.extend_from_slice(printed.line.as_bytes());
                out.push(b'\n');
            }
            (Format::Result, _, None) | (_, None, _) => {
                let dry_run =
                    if common.dry_run == DryRun::Server { " (server dry run)" } else { "" };
                let verb = done.outcome.as_str();
                out = Zeroizing::new(format!("secret/{name} {verb}{dry_run}\n").into_bytes());
            }
            (format, Some(object), _) => {
                let annotations = object.metadata.annotations.values();
                let data = object.data().map(|(key, value)| (key.len(), value.len()));
                out = Zeroizing::new(Vec::with_capacity(capacity(data, annotations) + 4096));
                let manifest = object.manifest(self.create.cluster.show_managed_fields);
                document(&manifest, format, &mut out)?;
            }
        }
        self.ui.result(&out)?;
        if let Some(printed) = self.printed {
            self.ui.status(&printed.status);
        }
        Ok(())
    }
}

/// A note as a line on stderr.
fn words(note: &Note, name: &str) -> String {
    match note {
        Note::FoundAsSent => {
            format!("secret/{name}: the answer was lost; it was looked up and found as sent")
        }
    }
}
