//! A Secret on clusters: the only folder that imports kube and tokio.
//!
//! [`run`] takes an [`Order`] to all of its targets and reports each in the order asked.
//! `kubeconfig` finds server and caller, `client` sends one request, `create` and `apply` know what
//! may be repeated and what has to be looked up, `targets` does it in many places at once. Nothing
//! is printed here: reports, notes and typed errors go up.

mod reach;

#[cfg(feature = "cluster")]
mod apply;
#[cfg(feature = "cluster")]
mod body;
#[cfg(feature = "cluster")]
mod changes;
#[cfg(feature = "cluster")]
mod client;
#[cfg(feature = "cluster")]
mod config_error;
#[cfg(feature = "cluster")]
mod create;
#[cfg(feature = "cluster")]
mod credentials;
#[cfg(feature = "cluster")]
mod emptied;
#[cfg(feature = "cluster")]
mod error;
#[cfg(feature = "cluster")]
mod exec;
#[cfg(feature = "cluster")]
mod faults;
#[cfg(feature = "cluster")]
mod fields;
#[cfg(feature = "cluster")]
mod headers;
#[cfg(feature = "cluster")]
mod kubeconfig;
#[cfg(feature = "cluster")]
mod log;
#[cfg(feature = "cluster")]
mod namespaces;
#[cfg(feature = "cluster")]
mod object;
#[cfg(feature = "cluster")]
mod order;
#[cfg(feature = "cluster")]
mod patches;
#[cfg(feature = "cluster")]
mod pod;
#[cfg(feature = "cluster")]
mod proxy;
#[cfg(feature = "cluster")]
mod recreate;
#[cfg(feature = "cluster")]
mod requests;
#[cfg(feature = "cluster")]
mod route;
#[cfg(feature = "cluster")]
mod selector;
#[cfg(feature = "cluster")]
mod status;
#[cfg(feature = "cluster")]
mod targets;
#[cfg(feature = "cluster")]
mod tls;
#[cfg(feature = "cluster")]
mod transport;
#[cfg(feature = "cluster")]
mod trouble;
#[cfg(feature = "cluster")]
mod wait;
#[cfg(feature = "cluster")]
mod workers;

pub use reach::{Destination, Endpoint, FieldValidation, Reach, Targets};

#[cfg(feature = "cluster")]
pub use config_error::{
    ConfigError, Expected, HeaderFault, Known, NoCluster, NoKubeconfig, Part, Place, ValueOrigin,
};
#[cfg(feature = "cluster")]
pub use error::{ClusterError, Held, Phase, Uncertainty, Unfilled, Verb};
#[cfg(feature = "cluster")]
pub use exec::{ExecError, ExecErrorKind};
#[cfg(feature = "cluster")]
pub use kubeconfig::{YamlFault, YamlReason, destination, endpoint};
#[cfg(feature = "cluster")]
pub use namespaces::namespaces;
#[cfg(feature = "cluster")]
pub use object::{ManagedFields, Object, ObjectMeta};
#[cfg(feature = "cluster")]
pub use order::{Apply, Done, How, Note, Order, Outcome};
#[cfg(feature = "cluster")]
pub use proxy::ProxyOrigin;
#[cfg(feature = "cluster")]
pub use route::{ProxyRoute, Route, SentLogin};
#[cfg(feature = "cluster")]
pub use status::{Cause, Details, Status};
#[cfg(feature = "cluster")]
pub use targets::{Event, Report, Target, run};
#[cfg(feature = "cluster")]
pub use tls::{ClientPairError, ClientValidity, Defect, PairSource, ServerCertificateError};
#[cfg(feature = "cluster")]
pub use trouble::{ProxyTrouble, TlsTrouble, Trouble};
