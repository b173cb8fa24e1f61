//! A manifest as bytes, in kubectl's formats.

mod go;
pub mod json;
pub mod kyaml;
pub mod yaml;

/// The field for values as text. kubectl never makes it, so that its losses need no copying there.
const STRING_DATA: &str = "stringData";
