//! Manifests that are encrypted as sops does it.

pub(crate) mod config;
