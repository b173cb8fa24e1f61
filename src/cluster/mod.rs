//! A Secret on clusters: the only folder that imports kube and tokio.
//!
//! [`run`] takes each [`Order`] to all targets and reports on each. `kubeconfig` finds server and caller,
//! `contexts` and `exec` log in, `client` sends one request, `create` and `apply` know what may be
//! repeated and what has to be looked up, `fleet` does it in many places at the same time. Nothing is
//! printed here: reports, notes and typed errors go up.

mod apply;
mod body;
mod client;
mod config_error;
mod contexts;
mod create;
mod credentials;
mod error;
mod exec;
mod explanation;
mod faults;
mod fleet;
mod headers;
mod job;
mod kubeconfig;
mod log;
mod messages;
mod namespaces;
mod object;
mod order;
mod pages;
mod pod;
mod progress;
mod proxy;
mod refusal;
mod report;
mod report_order;
mod requests;
mod route;
mod sealing_certificate;
mod secrets;
mod selector;
mod status;
mod subject;
mod target_error;
mod targets;
mod tls;
mod transport;
mod trouble;
mod unauthorized;
mod wait;

pub(crate) use error::ClusterError;
pub(crate) use kubeconfig::{destination, endpoint};
pub(crate) use namespaces::namespaces;
pub(crate) use order::{Apply, How, Order};
pub(crate) use report::{Done, Event, Note, Report, Target};
pub(crate) use route::Route;
pub(crate) use sealing_certificate::{download_certificate, fetch_certificate};
pub(crate) use secrets::{SecretsPage, secrets};
pub(crate) use subject::Subject;
pub(crate) use target_error::TargetError;
pub(crate) use targets::run;
