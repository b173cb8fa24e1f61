//! The verbs, a file each; the only folder that sees all the others.

pub mod complete;
pub mod create;
pub mod new;
mod output;
#[cfg(feature = "cluster")]
mod send;
mod sink;
