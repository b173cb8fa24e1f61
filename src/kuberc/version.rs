//! What a document is marked with to be a preference of kubectl.

use std::fmt;

/// The API group, which is followed by `/` and a version.
pub(super) const GROUP: &str = "kubectl.config.k8s.io";
/// The only kind in the group.
pub(super) const KIND: &str = "Preference";
/// The known versions with their group, for a message.
pub(super) const VERSIONS: &str = "kubectl.config.k8s.io/v1beta1 or v1alpha1";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1alpha1,
    V1beta1,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1alpha1 => "v1alpha1",
            Self::V1beta1 => "v1beta1",
        })
    }
}
