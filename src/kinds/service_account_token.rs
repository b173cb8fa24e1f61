//! Secrets that a controller is to fill with a service account's token.

use super::{Context, KubernetesType};
use crate::hints::{IN_NAMESPACE, shell_name};
use crate::secret::Secret;
use crate::validate::{At, Missing, Place, Report, Rule, RuleInfo, TextFault, subdomain, value};

/// A token that the cluster fills in.
pub(crate) const SERVICE_ACCOUNT_TOKEN: &str = "kubernetes.io/service-account-token";

const TOKEN: &str = "token";

/// Whose token it is, by the API.
pub(crate) const SERVICE_ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";

pub(super) const ROW: KubernetesType = KubernetesType {
    name: SERVICE_ACCOUNT_TOKEN,
    about: "a service account's token",
    keys: &[],
    required,
    rules,
};

fn required(secret: &Secret, report: &mut Report) {
    let name = secret.metadata.annotations.get(SERVICE_ACCOUNT_NAME);
    if let Some(missing) = Missing::of(name.map(|name| name.is_empty())) {
        report.push(Place::Annotation(SERVICE_ACCOUNT_NAME.to_owned()), missing);
    }
}

/// What is wrong with such a Secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccountFinding {
    #[error("is kept by the cluster, and the API server does not accept it")]
    OwnToken,
    #[error("the cluster could not fill in the token")]
    Immutable,
    #[error("no service account can have that name: {0}")]
    Name(TextFault),
    #[error("the token that the cluster fills in never expires")]
    NeverExpires { account: String },
}

pub(super) static RULES: &[&RuleInfo] =
    &[&ACCOUNT_IMMUTABLE, &ACCOUNT_NAME, &NEVER_EXPIRES, &OWN_TOKEN];

static ACCOUNT_IMMUTABLE: RuleInfo = RuleInfo::warning(
    "service-account/immutable",
    "The cluster fills in the token of a service account after the Secret is created. It \
     cannot do so if the Secret is immutable.",
);
static ACCOUNT_NAME: RuleInfo = RuleInfo::warning(
    "service-account/name",
    "The annotation kubernetes.io/service-account.name does not hold a valid name, so no \
     service account can have it and the controller deletes the Secret.",
);
static OWN_TOKEN: RuleInfo = RuleInfo::warning(
    "service-account/own-token",
    "The Secret brings a token of its own. The controller keeps it in place of one that it would \
     make, and the API server does not accept it as a login.",
);
static NEVER_EXPIRES: RuleInfo = RuleInfo::warning(
    "service-account/never-expires",
    "The token that a cluster fills into a Secret of this type never expires. kubectl create \
     token makes one that does.",
);

impl Rule for AccountFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::OwnToken => &OWN_TOKEN,
            Self::Immutable => &ACCOUNT_IMMUTABLE,
            Self::Name(_) => &ACCOUNT_NAME,
            Self::NeverExpires { .. } => &NEVER_EXPIRES,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        vec![match self {
            Self::OwnToken => "leave it out: the cluster adds the token".to_owned(),
            Self::Immutable => "leave out --immutable".to_owned(),
            Self::Name(_) => {
                format!("kubectl get serviceaccounts{IN_NAMESPACE} lists them")
            }
            Self::NeverExpires { account } => {
                let account = shell_name(account, "NAME");
                format!(
                    "for one that expires: kubectl create token {account} --duration=24h{IN_NAMESPACE}"
                )
            }
        }]
    }

    fn is_useless(&self) -> bool {
        match self {
            Self::Immutable | Self::Name(_) | Self::OwnToken => true,
            Self::NeverExpires { .. } => false,
        }
    }
}

fn rules(secret: &Secret, _: &Context<'_>, report: &mut Report) {
    // Without a name the API server itself refuses it.
    let account = secret.metadata.annotations.get(SERVICE_ACCOUNT_NAME);
    let Some(account) = account.filter(|account| !account.is_empty()) else { return };
    for fault in subdomain(account) {
        let place = Place::Annotation(SERVICE_ACCOUNT_NAME.to_owned());
        report.push(place, AccountFinding::Name(fault));
    }
    if secret.immutable {
        report.push(Place::Immutable, AccountFinding::Immutable);
    }
    // In a Secret that the cluster has filled, the token is the cluster's.
    let is_filled = secret.metadata.annotations.contains_key("kubernetes.io/service-account.uid");
    if !is_filled && value(secret, TOKEN).is_some() {
        report.push(Place::Key(TOKEN.to_owned()), AccountFinding::OwnToken);
    }
    let account = account.to_string();
    report.push(Place::Type, AccountFinding::NeverExpires { account });
}
