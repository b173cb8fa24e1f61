//! `mksecret check`: the Secrets in files of manifests, held to the rules of the API server and to
//! those on contents, with the place of each finding.

mod allow;
mod fault;
mod github;
mod json;
mod judge;
mod junit;
mod locate;
mod names;
mod patches;
mod repair;
mod reported;
mod sarif;
mod schema;
mod sealed;
mod skipped;
mod snippet;
mod sops;
mod subject;
mod text;

/// How the names of manifests end.
pub(crate) const EXTENSIONS: &[&str] = &["json", "yaml", "yml"];

pub(crate) use github::github;
pub(crate) use json::json;
pub(crate) use judge::{Counts, FileReport, Keeps, Policy, ReadSecret, check, unreadable};
pub(crate) use junit::junit;
pub(crate) use patches::Patches;
pub(crate) use repair::repaired;
pub(crate) use reported::Reported;
pub(crate) use sarif::sarif;
pub(crate) use text::{fixed, preview, skipped as skipped_words, summary, text};

use crate::validate::RuleInfo;

/// The rules on manifests, whatever the Secret's contents.
pub(crate) fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    [fault::RULES, sealed::RULES, sops::RULES].into_iter().flatten().copied()
}
