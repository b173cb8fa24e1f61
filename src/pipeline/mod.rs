//! The way of Secrets from what a verb yields to where they go: [`Draft`]s are judged, and what is
//! [`Ready`] is printed, or sent by [`crate::commands`].

mod draft;
mod judge;
mod output;
mod print;
mod room;
mod sink;

pub(crate) use draft::{Draft, Missing};
pub(crate) use judge::{Judged, Policy, Ready, judge};
pub(crate) use output::Output;
pub(crate) use print::print;
pub(crate) use room::capacity;
pub(crate) use sink::Sink;
