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
mod pod;
mod progress;
mod proxy;
mod refusal;
mod report;
mod report_order;
mod requests;
mod route;
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

pub use config_error::{
    ConfigError, Expected, HeaderFault, Known, NoCluster, NoKubeconfig, Part, Place, ValueOrigin,
};
pub use error::{ClusterError, Held, Uncertainty, Unfilled, Verb};
pub use exec::{ExecError, ExecErrorKind};
pub use kubeconfig::{YamlFault, YamlReason, destination, endpoint};
pub use namespaces::namespaces;
pub use object::{ManagedFields, Object, ObjectMeta};
pub use order::{Apply, How, Order};
pub use progress::Phase;
pub use proxy::ProxyOrigin;
pub use report::{Done, Event, Note, Outcome, Report, Target};
pub use route::{ProxyRoute, Route, SentLogin};
pub use status::{Cause, Details, Status};
pub use subject::Subject;
pub use target_error::TargetError;
pub use targets::run;
pub use tls::{ClientPairError, ClientValidity, Defect, PairSource, ServerCertificateError};
pub use trouble::{ProxyTrouble, TlsTrouble, Trouble};
