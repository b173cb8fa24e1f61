//! Manifests that may lie in a repository: a `SealedSecret` for the controller of Sealed Secrets, or
//! a Secret that SOPS decrypts. Nothing is printed here.

mod certificate;
mod cipher;
mod into;
mod rules;
mod scope;
mod sealed_secret;
pub(crate) mod sops;
#[cfg(test)]
mod tests;

pub(crate) use certificate::{Certificate, CertificateError};
pub(crate) use into::{Changes, IntoError, SealedFile};
pub(crate) use rules::{IMMUTABLE, RULES};
pub(crate) use scope::{
    CLUSTER_WIDE, MANAGED, NAMESPACE_WIDE, PATCH, SKIP_OWNER, Scope, ScopeError,
};
pub(crate) use sealed_secret::{Extras, ScopeWish, SealError, Sealable};
