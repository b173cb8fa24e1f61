//! The verbs, a file each; the only folder that sees all the others.

pub mod complete;
pub mod create;
pub mod new;
#[cfg(feature = "cluster")]
mod remote;
#[cfg(not(feature = "cluster"))]
#[path = "printing_only.rs"]
mod remote;
pub mod send_request;
