//! Why a run on clusters fails, apart from what a cluster answers.

use crate::hints::Fault;
use crate::shown::{self, counted};

/// Why a run on clusters fails.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error("--remove-key={} and a source of the same key cannot be used together", shown::Name(.0))]
    RemovesGiven(String),
    #[error("{} with --warnings-as-errors: the change was made anyway", counted(*.0, "warning"))]
    ServerWarnings(usize),
    #[error("{failed} of {total} targets failed")]
    Targets { failed: usize, total: usize },
}

impl Fault for RunError {
    fn hints(&self) -> Vec<String> {
        Vec::new()
    }
}
