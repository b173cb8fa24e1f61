//! `mksecret TYPE`: builds a Secret, judges it, and prints or sends it.

use std::ffi::OsStr;

use super::remote;
use super::sealer::{Sealer, Subject};
use super::send_request::SendRequest;
use crate::cli::{self, Create, DryRun, Sealing, Validate};
use crate::error::{Error, RunFault, RunFlags};
use crate::pipeline::{self, Draft, Judged, Missing, Output, Policy, Ready, judge};
use crate::seal::Extras;
use crate::secret::{Secret, Text};
use crate::sources::{Inputs, Limit};
use crate::ui::Ui;
use crate::validate::Finding;

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
    let sealer = sealer(create, &inputs, ui)?;
    let ready = prepare(create, sealer.as_ref(), &inputs, Missing::AskedFor)?;
    if ui.is_terminal()
        && let Some(flag) = cli::value_in_argv(create)
        && inputs.variable(OsStr::new("CI")).is_none()
        && inputs.variable(OsStr::new("MKSECRET_QUIET")).is_none_or(|quiet| quiet != "1")
    {
        Error::from(RunFault::ValueInArgv(flag)).show_as_warning(ui);
    }
    say(&ready, create, ui);
    deliver(create, ready.judged, sealer.as_ref(), &output, &inputs, ui)
}

/// What seals the Secret, if it is to be sealed.
pub(super) fn sealer(create: &Create, inputs: &Inputs, ui: &Ui) -> Result<Option<Sealer>, Error> {
    let Some(sealing) = &create.sealing else { return Ok(None) };
    Sealer::new(sealing, &create.cluster.reach, inputs, ui).map(Some)
}

/// What to warn of before the Secret is sealed; fails if it cannot be.
pub(super) fn check_sealing(
    create: &Create,
    sealer: &Sealer,
    secret: &Secret,
) -> Result<Vec<Finding>, Error> {
    let (extras, namespaces) = (Extras::default(), &create.cluster.targets.namespaces);
    sealer.check(Subject { secret, extras: &extras, namespaces }, &create.common)
}

/// Builds the Secret and holds it to the rules. Nothing is said yet.
pub(super) fn prepare(
    create: &Create,
    sealer: Option<&Sealer>,
    inputs: &Inputs,
    missing: Missing,
) -> Result<Ready, Error> {
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
        .and_then(|mut draft| {
            if let Some(sealer) = sealer {
                if matches!(create.sealing, Some(Sealing::Into { .. })) {
                    // What its type requires may be among the keys that are sealed.
                    draft.secret.secret_type = Text::default();
                }
                draft.findings.extend(check_sealing(create, sealer, &draft.secret)?);
            }
            judge(draft, &policy, inputs)
        })
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
    sealer: Option<&Sealer>,
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
    let namespaces = &create.cluster.targets.namespaces;
    let mut sink = output.open(ui)?;
    let printed = match sealer {
        Some(sealer) => {
            let extras = Extras::default();
            let subject = Subject { secret: &judged.secret, extras: &extras, namespaces };
            sealer.seal(subject, common, inputs, ui)?
        }
        None => Some(pipeline::print(vec![judged], namespaces, output)?),
    };
    if let Some(bytes) = printed {
        sink.put(bytes)?;
    }
    sink.finish()?;
    if let Some(status) = status {
        ui.status(&status);
    }
    Ok(())
}
