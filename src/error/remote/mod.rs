//! What went wrong on clusters, and what to do about it. Only in a build with the client.

mod cluster;
mod kubeconfig;
mod trouble;

pub use cluster::Subject;

use super::{Error, Kind, warnings};
use crate::cluster::ClusterError;
use crate::shown;

/// Why a run on clusters failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{}", cluster::words(&.0.0, &.0.1))]
    Cluster(Box<(ClusterError, Subject)>),
    #[error("--remove-key={} and a source of the same key cannot be used together", shown::Name(.0))]
    RemovesGiven(String),
    #[error("{} with --warnings-as-errors: the change was made anyway", warnings(*.0))]
    ServerWarnings(usize),
    /// Each failure has been shown.
    #[error("{failed} of {total} targets failed")]
    Targets { failed: usize, total: usize, many: bool },
}

impl Failure {
    /// Whether it has been shown, and there is nothing to sum up.
    pub(super) fn is_shown(&self) -> bool {
        matches!(self, Self::Targets { many: false, .. })
    }
}

impl Error {
    /// The failure of an order to a cluster.
    pub fn cluster(error: ClusterError, subject: Subject) -> Self {
        let hints = cluster::hints(&error, &subject);
        Self { kind: Box::new(Kind::Remote(Failure::Cluster(Box::new((error, subject))))), hints }
    }

    /// Warnings of a server where `--warnings-as-errors` was given: the change has been made.
    pub fn server_warnings(count: usize) -> Self {
        Self::remote(Failure::ServerWarnings(count))
    }

    /// Targets that failed, each of which has been shown.
    pub fn targets(failed: usize, total: usize, many: bool) -> Self {
        Self::remote(Failure::Targets { failed, total, many })
    }

    /// A key that is to be removed, and has a value on the same command line.
    pub fn removes_given(key: &str) -> Self {
        Self::remote(Failure::RemovesGiven(key.to_owned()))
    }

    fn remote(failure: Failure) -> Self {
        Self { kind: Box::new(Kind::Remote(failure)), hints: Vec::new() }
    }
}
