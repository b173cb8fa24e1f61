//! What people regret: contents that an API server takes, and that are of no use on the cluster.
//!
//! Everything here is a warning, and no byte is changed for it. It looks at the finished Secret, so
//! that `generic --type` hears what the typed subcommand knows. A type has a file of its own here,
//! and a row in [`content`].

mod account;
mod bootstrap;
mod docker;
mod login;
mod ssh;
mod tls;
mod value_fault;

pub use account::{AccountFinding, SERVICE_ACCOUNT_NAME};
pub use bootstrap::{BOOTSTRAP_NAMESPACE, BootstrapFinding, is_bootstrap_group};
pub use docker::{DockerFinding, Servers};
pub use login::LoginFinding;
pub use ssh::SshFinding;
pub use tls::TlsFinding;
pub use value_fault::ValueFault;

use jiff::Timestamp;

use super::Report;
use crate::kinds;
use crate::material::docker_config::Form;
use crate::secret::Secret;

/// All that is useless in `secret`, as far as its type tells. What [`super::api_server`] would
/// refuse is not said again. `now` is asked only where a value has a date.
pub fn content(secret: &Secret, now: &dyn Fn() -> Timestamp) -> Report {
    let mut report = Report::default();
    match secret.secret_type.as_str() {
        kinds::BOOTSTRAP_TOKEN => bootstrap::check(secret, &mut report),
        kinds::BASIC_AUTH => {
            login::check(secret, now, &mut report);
            login::check_ca(secret, &mut report);
        }
        kinds::DOCKERCFG => docker::check(secret, Form::Legacy, now, &mut report),
        kinds::DOCKERCONFIGJSON => docker::check(secret, Form::Config, now, &mut report),
        kinds::SERVICE_ACCOUNT_TOKEN => account::check(secret, &mut report),
        kinds::SSH_AUTH => {
            ssh::check(secret, &mut report);
            login::check_ca(secret, &mut report);
        }
        kinds::TLS => tls::check(secret, &mut report),
        _ => {}
    }
    docker::check_others(secret, now, &mut report);
    ssh::check_others(secret, &mut report);
    report
}
