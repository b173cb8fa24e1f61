//! All integration tests, one binary.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the borders and the care for panics are the tool's, not its tests'"
)]

/// TAB in bash, zsh, fish and kubectl.
#[cfg(unix)]
mod completion;
/// The files beside the binary.
mod docs;
