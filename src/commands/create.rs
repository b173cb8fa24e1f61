//! `mksecret TYPE`: builds a Secret, judges it, and prints or sends it.

use std::ffi::OsStr;

use super::remote;
use super::send_request::SendRequest;
use crate::cli::{self, Create, DryRun, Validate};
use crate::error::{Error, RunFault, RunFlags};
use crate::pipeline::{self, Draft, Judged, Missing, Output, Policy, Ready, judge};
use crate::sources::{Inputs, Limit};
use crate::ui::Ui;

/// Builds the Secret that the command line asks for, and prints or sends it.
pub(crate) fn run(create: &Create, ui: &Ui) -> Result<(), Error> {
    for said in create.preferences.log.iter().chain(&create.preferences.warnings) {
        ui.status(said);
    }
    let inputs = Inputs::system(match create.common.validate {
        Validate::Strict => Limit::API_SERVER,
        Validate::Ignore | Validate::Warn => Limit::LOOSE,
    });
    let output = Output::new(&create.common, &inputs)?;
    let ready = prepare(create, &inputs, Missing::AskedFor)?;
    if ui.is_terminal()
        && let Some(flag) = cli::value_in_argv(create)
        && inputs.variable(OsStr::new("CI")).is_none()
        && inputs.variable(OsStr::new("MKSECRET_QUIET")).is_none_or(|quiet| quiet != "1")
    {
        Error::from(RunFault::ValueInArgv(flag)).show_as_warning(ui);
    }
    say(&ready, create, ui);
    deliver(create, ready.judged, &output, &inputs, ui)
}

/// Builds the Secret and holds it to the rules. Nothing is said yet.
pub(super) fn prepare(create: &Create, inputs: &Inputs, missing: Missing) -> Result<Ready, Error> {
    let policy = Policy {
        validate: create.common.validate,
        allow_empty: create.common.allow_empty,
        allowed: &create.common.allowed,
        consumers: &create.common.consumers,
        namespaces: &create.cluster.targets.namespaces,
        flags: &|| RunFlags::new(create),
    };
    Draft::build(create, inputs, remote::endpoint, missing)
        .map_err(|error| error.with_flags(&RunFlags::new(create)))
        .and_then(|draft| judge(draft, &policy, inputs))
}

/// Says what there is to say before anything is done.
pub(super) fn say(ready: &Ready, create: &Create, ui: &Ui) {
    if let Some(deprecated) = &create.common.deprecated {
        ui.warning(deprecated);
    }
    ready.say(ui);
}

/// Prints the Secret or sends it.
pub(super) fn deliver(
    create: &Create,
    judged: Judged,
    output: &Output,
    inputs: &Inputs,
    ui: &Ui,
) -> Result<(), Error> {
    let common = &create.common;
    let warnings = judged.warnings + create.preferences.warnings.len();
    if common.warnings_as_errors && common.validate != Validate::Ignore && warnings > 0 {
        return Err(RunFault::Warnings(warnings).into());
    }
    if common.dry_run != DryRun::Client {
        let request = SendRequest { common, cluster: &create.cluster };
        return remote::send(vec![judged], request, output, inputs, ui);
    }
    let status = judged.printed.as_ref().map(|printed| printed.status.clone());
    let mut sink = output.open(ui)?;
    sink.put(pipeline::print(vec![judged], &create.cluster.targets.namespaces, output)?)?;
    sink.finish()?;
    if let Some(status) = status {
        ui.status(&status);
    }
    Ok(())
}
