//! The model of a Secret: the API's fields as types that cannot be mixed up. Pure; it knows no
//! other module.
//!
//! A [`SecretBuilder`] collects entries and metadata and makes a [`Secret`]; [`manifest`] turns
//! that into the ordered tree of fields that the printers write and [`hash`] hashes.

mod builder;
pub mod hash;
pub mod manifest;
mod metadata;
mod names;
mod value;

pub use builder::{DuplicateKey, Secret, SecretBuilder};
pub use metadata::{Metadata, PairError, parse_pair};
pub use names::{DataKey, KeyError, Namespace, SecretName, Text};
pub use value::Value;
