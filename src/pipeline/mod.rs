//! The way of Secrets from what a verb yields to where they go: [`Draft`]s are judged, and what is
//! [`Ready`] is printed, or sent by [`crate::commands`].

mod draft;
mod judge;
mod output;
mod print;
mod sink;

pub use draft::{Draft, Missing};
pub use judge::{Judged, Policy, Ready, judge};
pub use output::Output;
pub use print::{capacity, print};
pub use sink::Sink;
