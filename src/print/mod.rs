//! A manifest as bytes, in kubectl's formats.

pub mod json;
pub mod kyaml;
pub mod yaml;
