//! Tests that need an API server: its double, and what is held against it.

mod client;
mod double;
mod recordings;
