//! What is done with Secrets on clusters.

use crate::cli::{ClusterRequest, Common};

/// What is done with Secrets on clusters, and on which.
#[derive(Clone, Copy)]
pub(crate) struct SendRequest<'a> {
    /// The flags that all commands have.
    pub common: &'a Common,
    /// The flags that only a run on clusters has.
    pub cluster: &'a ClusterRequest,
}
