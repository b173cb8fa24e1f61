//! Secrets that a controller is to fill with a service account's token.

use crate::secret::Secret;
use crate::validate::names::{TextFault, subdomain};
use crate::validate::{Place, Report, Rule};

/// Whose token it is, by the API.
pub const SERVICE_ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";

/// What is wrong with such a Secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountFinding {
    /// It is immutable.
    #[error("the cluster could not fill in the token")]
    Immutable,
    /// No service account can have that name.
    #[error("no service account can have that name: {0}")]
    Name(TextFault),
    /// It never expires.
    #[error("the token that the cluster fills in never expires")]
    NeverExpires {
        /// Whose it is.
        account: String,
    },
}

impl AccountFinding {
    /// Whether nothing on a cluster can work with it.
    pub(in crate::validate) fn is_useless(&self) -> bool {
        match self {
            Self::Immutable | Self::Name(_) => true,
            Self::NeverExpires { .. } => false,
        }
    }
}

pub(super) fn check(secret: &Secret, report: &mut Report) {
    // Without a name the API server itself refuses it.
    let account = secret.metadata.annotations.get(SERVICE_ACCOUNT_NAME);
    let Some(account) = account.filter(|account| !account.is_empty()) else { return };
    for fault in subdomain(account) {
        let place = Place::Annotation(SERVICE_ACCOUNT_NAME.to_owned());
        report.push(place, Rule::Account(AccountFinding::Name(fault)));
    }
    if secret.immutable {
        report.push(Place::Immutable, Rule::Account(AccountFinding::Immutable));
    }
    let account = account.to_string();
    report.push(Place::Type, Rule::Account(AccountFinding::NeverExpires { account }));
}
