//! Errors that know what to do about them.

/// An error with hints.
pub trait Fault: std::error::Error {
    /// What to do, each a line; commands work when they are pasted.
    fn hints(&self) -> Vec<String>;
}
