//! A manifest as `sops encrypt` writes it: values encrypted, everything else readable, and a block
//! `sops` with the keys and a MAC over all of it.
//!
//! A data key of 32 random bytes encrypts the values, and is itself encrypted for each recipient. What
//! is written is the layout of sops 3.11.

pub(crate) mod config;
mod encrypt;
mod keys;
mod layout;
mod read;
mod rules;
#[cfg(test)]
mod tests;
mod tree;
mod verify;

pub(crate) use encrypt::{Encryption, encrypt};
pub(crate) use keys::WITH_SOPS;
pub(crate) use read::{NotRead, of_document};
pub(crate) use rules::{RULES, STRING_DATA, findings};
pub(crate) use tree::{Item, of_node};
pub(crate) use verify::verify;
