//! The types of Secret that Kubernetes knows (`k8s.io/api/core/v1`, `SecretType…`), and Helm's: a file
//! for each, with its name, what the API server requires of it, and rules on any Secret of that type.
//!
//! What [`api_server`] finds is rejected by an API server. What [`content`] finds is accepted there
//! and regretted: no byte is changed for it.

mod basic_auth;
mod bootstrap_token;
mod docker;
mod helm;
mod service_account_token;
mod ssh_auth;
mod tls;
pub(crate) mod value_fault;
mod values;
mod whole;

pub(crate) use basic_auth::BASIC_AUTH;
pub(crate) use bootstrap_token::{
    BOOTSTRAP_NAMESPACE, BOOTSTRAP_TOKEN, BootstrapFinding, is_bootstrap_group,
};
pub(crate) use docker::rules as docker_rules;
pub(crate) use docker::{DOCKERCFG, DOCKERCONFIGJSON, Servers, WHOLE, log_in, registry, type_of};
pub(crate) use service_account_token::{SERVICE_ACCOUNT_NAME, SERVICE_ACCOUNT_TOKEN};
pub(crate) use ssh_auth::{RULES_OF_LINES as SSH_RULES_OF_LINES, SSH_AUTH, SSH_KEY};
pub(crate) use tls::rules as tls_rules;
pub(crate) use tls::{DateFault, HostUnnamed, TLS};
pub(crate) use value_fault::ValueFault;
pub(crate) use values::{CARRIAGE_RETURNS, is_stray, mark};
pub(crate) use whole::{UNKNOWN_TYPE, similar_type};

use jiff::Timestamp;

use crate::secret::Secret;
use crate::validate::{self, Report, RuleInfo};

/// What the API server stores if no type is given.
pub(crate) const OPAQUE: &str = "Opaque";

/// A type that Kubernetes knows.
pub(crate) struct KubernetesType {
    /// The value of the field `type`.
    pub name: &'static str,
    /// What such a Secret contains, in a few words.
    pub about: &'static str,
    /// The keys that its readers know, those first that the API server requires.
    pub keys: &'static [&'static str],
    /// What the API server requires of its data and annotations.
    required: fn(&Secret, &mut Report),
    rules: fn(&Secret, &Context<'_>, &mut Report),
}

/// What rules need to know beside the Secret.
pub(crate) struct Context<'a> {
    /// Asked only where a value has a date.
    pub now: &'a dyn Fn() -> Timestamp,
    /// Whether empty values are welcome.
    pub allow_empty: bool,
    /// Whether the Secret was built from flags. Empty values, a Secret without any and the type are
    /// then reported with the flags.
    pub is_built: bool,
}

#[cfg(test)]
impl<'a> Context<'a> {
    /// Nothing is known beside the time.
    pub(crate) fn new(now: &'a dyn Fn() -> Timestamp) -> Self {
        Self { now, allow_empty: false, is_built: false }
    }
}

/// All of them, in the order in which they are listed to users.
pub(crate) const ALL: [KubernetesType; 9] = [
    KubernetesType {
        name: OPAQUE,
        about: "any data",
        keys: &[],
        required: nothing_required,
        rules: |_, _, _| (),
    },
    basic_auth::ROW,
    docker::LEGACY,
    docker::CONFIG,
    service_account_token::ROW,
    ssh_auth::ROW,
    tls::ROW,
    bootstrap_token::ROW,
    helm::ROW,
];

/// The type of that name, `None` if Kubernetes does not know it.
fn of(name: &str) -> Option<&'static KubernetesType> {
    ALL.iter().find(|known| known.name == name)
}

/// All rules on finished Secrets.
pub(crate) fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    [
        validate::RULES,
        basic_auth::RULES,
        bootstrap_token::RULES,
        docker_rules::RULES,
        helm::RULES,
        service_account_token::RULES,
        ssh_auth::RULES,
        tls_rules::RULES,
        value_fault::RULES,
        values::RULES,
        whole::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

fn nothing_required(_: &Secret, _: &mut Report) {}

/// All that an API server rejects in `secret`, in its order.
pub(crate) fn api_server(secret: &Secret) -> Report {
    let mut report = validate::any_type(secret);
    report.extend(required(secret));
    report
}

/// What the API server requires of a Secret of that type.
pub(crate) fn required(secret: &Secret) -> Report {
    let mut report = Report::default();
    if let Some(known) = of(secret.secret_type.as_str()) {
        (known.required)(secret, &mut report);
    }
    report
}

/// All that people regret, by the type of `secret` and by what its values are. What [`api_server`]
/// finds is not said again.
pub(crate) fn content(secret: &Secret, context: &Context<'_>) -> Report {
    let mut report = Report::default();
    if let Some(known) = of(secret.secret_type.as_str()) {
        (known.rules)(secret, context, &mut report);
    }
    docker::check_others(secret, context.now, &mut report);
    ssh_auth::check_others(secret, &mut report);
    values::check(secret, context, &mut report);
    whole::check(secret, context, &mut report);
    report
}

#[cfg(test)]
mod tests;
