//! Where a `SealedSecret` can be opened.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use crate::shown;

/// On the Secret: the controller may overwrite it although it does not own it.
pub(crate) const MANAGED: &str = "sealedsecrets.bitnami.com/managed";
/// On the Secret: the controller may add keys to it although it does not own it.
pub(crate) const PATCH: &str = "sealedsecrets.bitnami.com/patch";
/// On the template: the Secret gets no owner.
pub(crate) const SKIP_OWNER: &str = "sealedsecrets.bitnami.com/skip-set-owner-references";
/// The annotations that the controller reads on the `SealedSecret` itself. Only the value `true` is
/// true, and the wider one wins (`EncryptionLabel` in sealed-secrets 0.36).
pub(crate) const CLUSTER_WIDE: &str = "sealedsecrets.bitnami.com/cluster-wide";
pub(crate) const NAMESPACE_WIDE: &str = "sealedsecrets.bitnami.com/namespace-wide";

/// The annotations that hold the values of a Secret: kubeseal leaves them out.
pub(super) const LAST_APPLIED: [&str; 2] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "kubecfg.ksonnet.io/last-applied-configuration",
];

/// What a ciphertext is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The value opens only under its name in its namespace.
    Strict,
    /// It opens under any name in its namespace.
    NamespaceWide,
    ClusterWide,
}

impl Scope {
    pub(crate) const ALL: [Self; 3] = [Self::Strict, Self::NamespaceWide, Self::ClusterWide];

    /// The scope of that name, `None` if there is none.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::NamespaceWide => "namespace-wide",
            Self::ClusterWide => "cluster-wide",
        }
    }

    /// The annotation that says so to the controller; none is strict.
    pub(crate) fn annotation(self) -> Option<&'static str> {
        match self {
            Self::Strict => None,
            Self::NamespaceWide => Some(NAMESPACE_WIDE),
            Self::ClusterWide => Some(CLUSTER_WIDE),
        }
    }

    /// The label of OAEP: what the ciphertext is bound to.
    pub(super) fn label(self, namespace: &str, name: &str) -> String {
        match self {
            Self::Strict => format!("{namespace}/{name}"),
            Self::NamespaceWide => namespace.to_owned(),
            Self::ClusterWide => String::new(),
        }
    }

    /// The scope that annotations ask for; `None` if there is no such annotation.
    pub(super) fn of_annotations(
        annotations: &BTreeMap<String, Zeroizing<String>>,
    ) -> Result<Option<Self>, ScopeError> {
        let mut widest = None;
        for (key, scope) in
            [(NAMESPACE_WIDE, Self::NamespaceWide), (CLUSTER_WIDE, Self::ClusterWide)]
        {
            match annotations.get(key).map(|value| value.as_str()) {
                None | Some("false") => {}
                Some("true") => widest = Some(scope),
                Some(_) => return Err(ScopeError::Value { annotation: key }),
            }
        }
        Ok(widest)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why there is no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScopeError {
    #[error(
        "the Secret has the annotation {annotation}, but the scope is {scope} ({})",
        if *from_environment { "SEALED_SECRETS_SCOPE" } else { "--seal-scope" }
    )]
    Contradiction {
        annotation: &'static str,
        scope: Scope,
        /// Whether the scope comes from `SEALED_SECRETS_SCOPE`.
        from_environment: bool,
    },
    #[error("{} is not a scope (SEALED_SECRETS_SCOPE)", shown::Quoted(name))]
    Environment { name: String },
    #[error(
        "annotation {annotation}: only the value true widens the scope, and the controller treats any \
         other as strict"
    )]
    Value { annotation: &'static str },
}
