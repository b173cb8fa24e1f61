//! The verbs, a file each; the only folder that sees all the others.

pub(crate) mod check;
pub(crate) mod complete;
pub(crate) mod create;
pub(crate) mod kustomize;
pub(crate) mod new;
#[cfg(feature = "cluster")]
mod remote;
#[cfg(not(feature = "cluster"))]
#[path = "printing_only.rs"]
mod remote;
pub(crate) mod seal;
mod sealer;
pub(crate) mod send_request;
