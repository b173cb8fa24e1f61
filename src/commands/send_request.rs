//! What is done with Secrets on clusters.

use crate::cli::{ClusterRequest, Common};
use crate::types::SecretType;

/// What is done with Secrets on clusters, and on which.
#[derive(Clone, Copy)]
pub struct SendRequest<'a> {
    /// The flags that all commands have.
    pub common: &'a Common,
    /// The flags that only a run on clusters has.
    pub cluster: &'a ClusterRequest,
    /// The subcommand, which prints where no cluster can be reached.
    pub secret_type: &'a SecretType,
}
