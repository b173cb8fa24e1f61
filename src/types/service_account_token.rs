//! `service-account-token`: an empty Secret that the cluster fills with a service account's token.

use super::BuildError;
use super::build::{Build, Built};
use super::{Ask, Contents, SecretType};
use crate::flags::{self, Flag, FlagKind, Single, common};
use crate::golang;
use crate::hints::{Fault, IN_NAMESPACE};
use crate::kinds;
use crate::kinds::SERVICE_ACCOUNT_NAME;
use crate::secret::parse_pair;
use crate::sources::bytes_of;

flags::table! {
/// The flags that only this type has.
fn own;

const SERVICE_ACCOUNT: Flag<Single> =
    flags::text("service-account", "NAME", "Set the service account");
/// `--wait`, which is read with what is asked of a cluster.
pub(crate) const WAIT: Flag<Single> = flags::optional(
    "wait",
    "DURATION",
    "30s",
    "Wait for the token [default: do not wait; bare: 30s]",
)
.kind(FlagKind::Duration);
}
pub(super) const ROW: SecretType = SecretType {
    name: "service-account-token",
    about: "Create a Secret for a service account's token",
    details: "\
The type is kubernetes.io/service-account-token, and the Secret has no data: a controller of the
cluster adds the token, the CA and the namespace. The service account must exist in the same
namespace, otherwise the controller deletes the Secret. Such a token never expires. Where a client
can request a new token, use kubectl create token instead.",
    examples: "\
# Create the Secret, wait for the token and print it
mksecret service-account-token robot-token \\
  --service-account=robot --wait \\
  -o go-template='{{.data.token | base64decode}}'

# Print the manifest
mksecret service-account-token robot-token \\
  --service-account=robot --dry-run=client -o yaml",
    required: "--service-account=NAME",
    name_optional: false,
    empty_name: false,
    flags: || own().to_vec(),
    takes_over: &[],
    asks: &[Ask::needed(SERVICE_ACCOUNT.name)],
    contents: Contents::Typed,
    build,
};

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let account = flags::given(asked.flags, &SERVICE_ACCOUNT)
        .filter(|name| !name.is_empty())
        .ok_or(ServiceAccountError::NoAccount)?;
    let account = golang::utf8::lossy(&bytes_of(&account)).into_owned();
    if flags::values(asked.flags, &common::ANNOTATIONS).any(|pair| names_account(&bytes_of(pair))) {
        return Err(ServiceAccountError::Annotation.into());
    }
    let mut built = asked.start(kinds::SERVICE_ACCOUNT_TOKEN);
    built.secret.annotate(SERVICE_ACCOUNT_NAME, &account);
    Ok(built)
}

fn names_account(pair: &[u8]) -> bool {
    let text = std::str::from_utf8(pair).unwrap_or_default();
    parse_pair(text).is_ok_and(|(key, _)| key == SERVICE_ACCOUNT_NAME)
}

/// Why a service account token's Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceAccountError {
    /// The annotation is given beside the flag that makes it.
    #[error("--annotations and --service-account both name the service account")]
    Annotation,
    #[error("--service-account is required")]
    NoAccount,
}

impl Fault for ServiceAccountError {
    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Annotation => "leave out that --annotations".to_owned(),
            Self::NoAccount => {
                format!(
                    "kubectl get serviceaccounts{IN_NAMESPACE} lists them: --service-account=default"
                )
            }
        }]
    }
}
