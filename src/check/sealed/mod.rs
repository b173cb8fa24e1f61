//! `SealedSecret` of bitnami.com/v1alpha1: what its controller can never open, or will never update.

mod fault;
mod judge;
mod scope;

pub(super) use fault::RULES;
pub(super) use judge::check;
