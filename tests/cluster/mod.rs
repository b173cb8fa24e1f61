//! Tests that need an API server: its double, and what is held against it.

mod answers;
mod apply;
mod breakages;
mod client;
mod completing;
mod connections;
mod create;
pub(crate) mod double;
mod emptied;
mod faults;
mod guided;
mod interrupts;
mod kubeconfig_forms;
mod kubeconfigs;
mod kubectl;
mod lost;
mod merge;
mod plugins;
mod proxies;
mod random;
mod recordings;
mod recreate;
mod refusals;
mod targets;
mod tool;
mod wait;
mod ways;
