//! Finished Secrets go to clusters.

use super::error::RunError;
use super::reporter::Reporter;
use crate::cli::{ApplyRequest, Common, DryRun, Format, Validate};
use crate::cluster::{self, Apply, How, Order};
use crate::commands::send_request::SendRequest;
use crate::error::Error;
use crate::pipeline::{Judged, Output};
use crate::reach::FieldValidation;
use crate::secret::{DataKey, Secret};
use crate::sources::Inputs;
use crate::ui::Ui;

/// Sends each Secret to each target.
pub(in crate::commands) fn run(
    secrets: Vec<Judged>,
    request: SendRequest<'_>,
    output: &Output,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let asked = request.cluster;
    if let Some(apply) = &asked.apply {
        check_removed_keys(&secrets, apply)?;
    }
    let mut reporter = Reporter::new(request, output, output.open(ui)?, ui);
    let mut orders = Vec::with_capacity(secrets.len());
    for Judged { secret, random, printed, .. } in secrets {
        reporter.expect(secret.name.as_str(), printed);
        orders.push(order(secret, random, request, output));
    }
    let sent = cluster::run(orders, &asked.reach, &asked.targets, inputs, &mut |event| {
        reporter.tell(event);
    });
    ui.end_progress();
    reporter.end(sent)
}

/// Refuses to remove a key that has a value on the same command line.
fn check_removed_keys(secrets: &[Judged], apply: &ApplyRequest) -> Result<(), Error> {
    let is_given = |key: &&String| {
        secrets.iter().any(|judged| judged.secret.data.keys().any(|k| k.as_str() == *key))
    };
    match apply.remove_keys.iter().find(is_given) {
        Some(key) => Err(RunError::RemovesGiven(key.clone()).into()),
        None => Ok(()),
    }
}

fn order(secret: Secret, random: Vec<DataKey>, request: SendRequest<'_>, output: &Output) -> Order {
    let SendRequest { common, cluster: asked, .. } = request;
    Order {
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
        how: match &asked.apply {
            Some(apply) => How::Apply(how(apply, random, common)),
            None => How::Create { if_absent: asked.if_absent },
        },
    }
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
