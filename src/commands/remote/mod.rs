//! What commands do on clusters. A build without the client has `printing_only` in its place.

mod destination;
mod error;
mod live;
mod namespaces;
mod reporter;
mod sealing_certificate;
mod send;

pub(super) use destination::{endpoint, offers};
pub(super) use live::check_live;
pub(super) use namespaces::namespaces;
pub(super) use sealing_certificate::{download_certificate, fetch_certificate};
pub(super) use send::run as send;
