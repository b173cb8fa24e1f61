//! Where a `SealedSecret` may be opened, and the annotations that say so
//! (`pkg/apis/sealedsecrets/v1alpha1/types.go` of sealed-secrets).

use crate::manifest::Node;

pub(super) const GROUP: &str = "bitnami.com/";
/// On the Secret: the controller may overwrite it although it does not own it.
pub(super) const MANAGED: &str = "sealedsecrets.bitnami.com/managed";
/// On the Secret: the controller may add keys to it although it does not own it.
pub(super) const PATCH: &str = "sealedsecrets.bitnami.com/patch";
/// On the template: the Secret gets no owner.
pub(super) const SKIP_OWNER: &str = "sealedsecrets.bitnami.com/skip-set-owner-references";
pub(super) const CLUSTER_WIDE: &str = "sealedsecrets.bitnami.com/cluster-wide";
pub(super) const NAMESPACE_WIDE: &str = "sealedsecrets.bitnami.com/namespace-wide";

/// Where a `SealedSecret` may be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Under its name in its namespace.
    Strict,
    NamespaceWide,
    ClusterWide,
}

impl Scope {
    /// The scope that the controller reads from annotations.
    pub(super) fn of(annotations: Option<&Node<'_>>) -> Self {
        if is_true(annotations, CLUSTER_WIDE) {
            Self::ClusterWide
        } else if is_true(annotations, NAMESPACE_WIDE) {
            Self::NamespaceWide
        } else {
            Self::Strict
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::NamespaceWide => "namespace-wide",
            Self::ClusterWide => "cluster-wide",
        }
    }

    /// The annotation that a wider scope has.
    pub(super) const fn annotation(self) -> Option<&'static str> {
        match self {
            Self::Strict => None,
            Self::NamespaceWide => Some(NAMESPACE_WIDE),
            Self::ClusterWide => Some(CLUSTER_WIDE),
        }
    }
}

/// Whether an annotation has the only value that the controller takes for a yes.
pub(super) fn is_true(annotations: Option<&Node<'_>>, key: &str) -> bool {
    annotations.and_then(|map| map.get(key)).and_then(Node::text) == Some("true")
}
