//! Manual pages.

/// The manual pages: file name and bytes.
pub fn pages() -> Vec<(String, Vec<u8>)> {
    Vec::new()
}
