//! The model of a Secret: the API's fields as types that cannot be mixed up. Pure; it knows no
//! other module.
//!
//! A [`SecretBuilder`] collects entries and metadata and makes a [`Secret`]; [`manifest`] turns
//! that into the ordered tree of fields that the printers write and [`hash`] hashes.

mod builder;
pub(crate) mod hash;
pub(crate) mod manifest;
mod metadata;
mod names;
#[cfg(test)]
pub(crate) mod samples;
mod value;

pub(crate) use builder::DuplicateKey;
pub use builder::{Secret, SecretBuilder};
pub(crate) use metadata::{Metadata, PairError, parse_pair};
pub use names::{DataKey, Namespace, SecretName};
pub(crate) use names::{KeyError, Text};
pub use value::Value;
