//! A manifest as `sops encrypt` writes it: values encrypted, everything else readable, and a block
//! `sops` with the keys and a MAC over all of it.
//!
//! A data key of 32 random bytes encrypts the values, and is itself encrypted for each recipient. What
//! is written is the layout of sops 3.11.

mod encrypt;
mod keys;
mod layout;
mod read;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use encrypt::{Encryption, SopsFile, encrypt};
pub(crate) use keys::{KeyError, Recipients};
pub(crate) use read::{NotRead, of_document};
pub(crate) use tree::{Item, of_node};
