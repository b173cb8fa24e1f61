//! The object that findings are about.

use super::allow::ALLOW;
use crate::manifest::Node;
use crate::secret::{Namespace, Secret};

/// What a report and its repairs need to know of the object.
pub(super) struct Subject<'s> {
    pub name: &'s str,
    pub namespace: Option<&'s str>,
    /// The rules that its annotation silences.
    pub allow: Option<&'s str>,
    /// `None` if it is not a Secret that could be decoded.
    pub secret: Option<&'s Secret>,
}

impl<'s> Subject<'s> {
    pub(super) fn of_secret(secret: &'s Secret) -> Self {
        Self {
            name: secret.name.as_str(),
            namespace: secret.namespace.as_ref().map(Namespace::as_str),
            allow: secret.metadata.annotations.get(ALLOW).map(|ids| ids.as_str()),
            secret: Some(secret),
        }
    }

    pub(super) fn of_node(node: &'s Node<'_>) -> Self {
        let metadata = node.get("metadata");
        let field = |name: &str| metadata.and_then(|metadata| metadata.get(name));
        let text = |name: &str| field(name).and_then(Node::text);
        let annotations = field("annotations");
        Self {
            name: text("name").unwrap_or_default(),
            namespace: text("namespace").filter(|namespace| !namespace.is_empty()),
            allow: annotations.and_then(|map| map.get(ALLOW)).and_then(Node::text),
            secret: None,
        }
    }
}
