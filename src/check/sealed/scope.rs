//! The annotations of a `SealedSecret`, as its controller reads them.

use crate::manifest::Node;
pub(super) use crate::seal::{CLUSTER_WIDE, MANAGED, NAMESPACE_WIDE, PATCH, SKIP_OWNER, Scope};

pub(super) const GROUP: &str = "bitnami.com/";

/// The scope that the controller reads from annotations.
pub(super) fn scope_of(annotations: Option<&Node<'_>>) -> Scope {
    if is_true(annotations, CLUSTER_WIDE) {
        Scope::ClusterWide
    } else if is_true(annotations, NAMESPACE_WIDE) {
        Scope::NamespaceWide
    } else {
        Scope::Strict
    }
}

/// Whether an annotation has the only value that the controller takes for a yes.
pub(super) fn is_true(annotations: Option<&Node<'_>>, key: &str) -> bool {
    annotations.and_then(|map| map.get(key)).and_then(Node::text) == Some("true")
}
