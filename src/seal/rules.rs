//! What people regret of a `SealedSecret`.

use crate::hints::Fault as _;
use crate::kinds::{DateFault, tls_rules};
use crate::validate::{At, Rule, RuleInfo};

pub(crate) static RULES: &[&RuleInfo] = &[&IMMUTABLE, &LARGE, &SHORT_KEY];

pub(crate) static IMMUTABLE: RuleInfo = RuleInfo::warning(
    "sealed/immutable",
    "With spec.template.immutable: true the controller creates an immutable Secret, and later \
     changes of the SealedSecret are not carried out: its status says that the field is immutable. \
     If the field is added to a SealedSecret whose Secret exists, the Secret stays mutable. Delete \
     the Secret to have the controller create it again.",
);
static LARGE: RuleInfo = RuleInfo::warning(
    "seal/large",
    "The SealedSecret is over 262,144 bytes, the limit of annotations. kubectl apply stores the \
     manifest in one and fails; kubectl apply --server-side does not.",
);
static SHORT_KEY: RuleInfo = RuleInfo::warning(
    "seal/short-key",
    "The key of the certificate has fewer than 2,048 bits. A SealedSecret is public, and what it \
     protects must hold for years. Have the controller create a new key.",
);

/// What is wrong with a certificate, though it can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CertificateFinding {
    #[error("the certificate of --seal {0}")]
    Date(DateFault),
    #[error("the key of the certificate has only {bits} bits (--seal)")]
    ShortKey { bits: usize },
}

impl Rule for CertificateFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Date(fault) => tls_rules::of_date(fault),
            Self::ShortKey { .. } => &SHORT_KEY,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        match self {
            Self::Date(fault) => fault.hints(),
            Self::ShortKey { .. } => {
                vec![
                    "use the controller's current one: kubeseal --fetch-cert > cert.pem".to_owned(),
                ]
            }
        }
    }
}

/// What is wrong with a Secret that is to be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealFinding {
    #[error("the controller cannot update an immutable Secret, whatever is sealed later")]
    Immutable,
    #[error("the SealedSecret has about {bytes} bytes, and kubectl apply fails beyond 262,144")]
    Large { bytes: usize },
}

impl Rule for SealFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Immutable => &IMMUTABLE,
            Self::Large { .. } => &LARGE,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        vec![match self {
            Self::Immutable => {
                "leave out --immutable, or use a new name for each version".to_owned()
            }
            Self::Large { .. } => "kubectl apply --server-side -f FILE".to_owned(),
        }]
    }
}
