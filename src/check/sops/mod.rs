//! Manifests that SOPS has encrypted, and what SOPS's text does in others.

mod fault;
mod judge;

pub(super) use fault::RULES;
pub(super) use judge::{check, check_readable, left_behind, readable};
