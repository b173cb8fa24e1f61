//! Tests that need an API server: its double, and what is held against it.

mod apply;
mod breakages;
mod client;
mod completing;
mod create;
pub(crate) mod double;
mod guided;
mod kubeconfigs;
mod kubectl;
mod merge;
mod proxies;
mod random;
mod recordings;
mod recreate;
mod targets;
mod tool;
