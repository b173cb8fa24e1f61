//! `mksecret check`: the Secrets in files of manifests, held to the rules of the API server and to
//! those on contents, with the place of each finding.

mod fault;
mod github;
mod json;
mod judge;
mod junit;
mod locate;
mod names;
mod patches;
mod repair;
mod sarif;
mod schema;
mod skipped;
mod snippet;
mod text;

/// How the names of manifests end.
pub(crate) const EXTENSIONS: &[&str] = &["json", "yaml", "yml"];

pub(crate) use fault::RULES;
pub(crate) use github::github;
pub(crate) use json::json;
pub(crate) use judge::{
    Counts, FileReport, Keeps, Policy, ReadSecret, Reported, check, unreadable,
};
pub(crate) use junit::junit;
pub(crate) use patches::Patches;
pub(crate) use repair::repaired;
pub(crate) use sarif::sarif;
pub(crate) use text::{fixed, preview, skipped as skipped_words, summary, text};
