//! KYAML, as kubectl prints it.

use crate::secret::manifest::Node;

/// Appends the manifest.
pub fn write(_node: &Node<'_>, _out: &mut Vec<u8>) {}
