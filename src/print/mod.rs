//! A manifest as bytes, in kubectl's formats.

mod go;
pub mod json;
pub mod kyaml;
pub mod yaml;
