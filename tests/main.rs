//! All integration tests, one binary.

#[cfg(feature = "cluster")]
mod cluster;
