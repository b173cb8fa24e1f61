//! Tests that need an API server: its double, and what is held against it.

mod breakages;
mod client;
mod completing;
mod double;
mod kubeconfigs;
mod kubectl;
mod proxies;
mod recordings;
