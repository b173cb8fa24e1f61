//! What a build without the client does in place of [`remote`](super::remote): it only prints.

use zeroize::Zeroizing;

use super::new::Deed;
use super::send_request::SendRequest;
use crate::check::{FileReport, Policy};
use crate::cli::{Create, Unfinished};
use crate::error::Error;
use crate::hints::Fault;
use crate::pipeline::{Judged, Output};
use crate::reach::{Endpoint, Reach, SecretsOf};
use crate::secret::Secret;
use crate::sources::Inputs;
use crate::ui::Ui;

/// A run that needs a cluster.
#[derive(Debug, thiserror::Error)]
#[error(
    "this mksecret was built without the feature cluster: it prints and cannot reach a cluster"
)]
struct NoCluster;

impl Fault for NoCluster {
    fn hints(&self) -> Vec<String> {
        vec!["to print it, add --dry-run=client -o yaml".to_owned()]
    }
}

/// A certificate that is not in a file.
#[derive(Debug, thiserror::Error)]
#[error(
    "this mksecret was built without the feature cluster: it reads a certificate only from a file"
)]
struct NoCertificate;

impl Fault for NoCertificate {
    fn hints(&self) -> Vec<String> {
        vec!["pass the file: --seal=FILE".to_owned()]
    }
}

pub(super) fn send(
    _: Vec<Judged>,
    _: SendRequest<'_>,
    _: &Output,
    _: &Inputs,
    _: &Ui,
) -> Result<(), Error> {
    Err(NoCluster.into())
}

pub(super) fn check_live(
    _: &Reach,
    _: SecretsOf<'_>,
    _: &Policy<'_>,
    _: &Inputs,
) -> Result<Vec<FileReport>, Error> {
    Err(NoCluster.into())
}

pub(super) fn fetch_certificate(
    _: &Reach,
    _: (&str, &str),
    _: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    Err(NoCertificate.into())
}

pub(super) fn download_certificate(
    _: &str,
    _: &Reach,
    _: &Inputs,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    Err(NoCertificate.into())
}

pub(super) fn offers(
    _: Result<Box<Create>, Error>,
    _: &Secret,
    _: &Inputs,
    _: &Ui,
) -> (String, Vec<Deed>) {
    let line = "This mksecret was built without the feature cluster and only prints";
    (line.to_owned(), Vec::new())
}

#[expect(clippy::unnecessary_wraps, reason = "the other build reads a kubeconfig")]
pub(super) fn endpoint(_: &Reach, _: &Inputs) -> Result<Option<Endpoint>, Box<dyn Fault>> {
    Ok(None)
}

pub(super) fn namespaces(_: &Unfinished) -> Vec<String> {
    Vec::new()
}
