//! The Secrets of a cluster, checked.

use crate::check::{self, FileReport, Policy};
use crate::cluster::{self, SecretsPage};
use crate::error::Error;
use crate::reach::{Reach, SecretsOf};
use crate::sources::Inputs;

/// Checks the Secrets of a cluster, a report for each page of the list.
pub(in crate::commands) fn check_live(
    reach: &Reach,
    of: SecretsOf<'_>,
    policy: &Policy<'_>,
    inputs: &Inputs,
) -> Result<Vec<FileReport>, Error> {
    let mut reports = Vec::new();
    cluster::secrets(reach, of, inputs, &mut |page| match page {
        SecretsPage::Body(body) => reports.push(check::check(body, policy)),
        SecretsPage::Restarted => reports.clear(),
    })
    .map_err(|error| Error::from(*error))?;
    Ok(reports)
}
