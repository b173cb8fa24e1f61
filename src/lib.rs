//! `mksecret`: Kubernetes Secrets of every type, printed or put on a cluster.

pub mod golang;
pub mod material;
pub mod print;
pub mod secret;
pub mod validate;
