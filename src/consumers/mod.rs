//! Well-known readers of Secrets (controllers, ingresses, operators), a file for each family: which
//! keys, labels and annotations they require, and what they reject or ignore without a word.
//!
//! The API server accepts all of it, and most readers report the mistake in a log of their own, or
//! not at all. A reader is recognised by marks that only it uses; what many readers share, such as
//! `username` and `password`, is checked if the user names the reader.

mod argocd;
mod builds;
mod check;
mod databases;
mod flux;
mod htpasswd;
mod ingress;
mod mesh;
mod repositories;

use std::iter;

use crate::kinds::value_fault::TRAILING_NEWLINE;
use crate::secret::Secret;
use crate::shown;
use crate::similar::nearest;
use crate::validate::{Report, RuleInfo, Severity};

use check::Check;

/// A reader of Secrets, in one of its uses.
#[derive(Debug)]
pub(crate) struct Consumer {
    /// The name that `--consumer` takes.
    pub name: &'static str,
    /// The product and what it uses the Secret for.
    pub about: &'static str,
    /// The version that the facts are from.
    pub version: &'static str,
    /// The repository and the file that reads the Secret.
    pub source: &'static str,
    /// What marks a Secret as one for this reader, in a few words.
    pub recognised_by: &'static str,
    /// What is checked, in a few words.
    pub checked: &'static str,
    /// The label without which the reader ignores the Secret.
    label: Option<(&'static str, &'static str)>,
    /// The keys that it reads without removing a final newline, where one does harm.
    untrimmed: &'static [&'static str],
    marks: Marks,
    check: fn(&mut Check<'_>),
}

/// How a Secret shows that it is for a reader.
#[derive(Debug)]
enum Marks {
    /// Its keys, its name or its type.
    Contents(fn(&Secret) -> bool),
    /// Its labels or annotations, so that a Secret without any costs nothing.
    Metadata(fn(&Secret) -> bool),
    /// Nothing that others have not, too.
    Named,
}

impl Consumer {
    /// The label that the reader requires, `None` if it reads Secrets without one.
    pub(crate) const fn needed_label(&self) -> Option<(&'static str, &'static str)> {
        self.label
    }

    /// Whether the Secret is beyond doubt for this reader.
    pub(crate) fn recognises(&self, secret: &Secret) -> bool {
        match self.marks {
            Marks::Contents(is_marked) => is_marked(secret),
            Marks::Metadata(is_marked) => has_metadata(secret) && is_marked(secret),
            Marks::Named => false,
        }
    }
}

fn has_metadata(secret: &Secret) -> bool {
    !secret.metadata.labels.is_empty() || !secret.metadata.annotations.is_empty()
}

/// In place of the marks of a reader that is only checked with `--consumer`.
const NEVER: &str = "only --consumer";

/// The readers of a family.
type Family = &'static [Consumer];

const FAMILIES: [Family; 7] = [
    argocd::CONSUMERS,
    flux::CONSUMERS,
    ingress::CONSUMERS,
    mesh::CONSUMERS,
    builds::CONSUMERS,
    repositories::CONSUMERS,
    databases::CONSUMERS,
];

/// All readers, those of a family together.
pub(crate) fn all() -> impl Iterator<Item = &'static Consumer> {
    FAMILIES.into_iter().flatten()
}

/// All rules of readers, and those on `--consumer` first.
pub(crate) fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    [
        check::RULES,
        argocd::RULES,
        flux::RULES,
        ingress::RULES,
        mesh::RULES,
        builds::RULES,
        repositories::RULES,
        databases::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The reader of that name.
pub(crate) fn of(name: &str) -> Result<&'static Consumer, Unknown> {
    all().find(|consumer| consumer.name == name).ok_or_else(|| Unknown {
        name: name.to_owned(),
        near: nearest(&name.to_ascii_lowercase(), all().map(|consumer| consumer.name)),
    })
}

/// A name that no reader has.
#[derive(Debug, thiserror::Error)]
#[error("{} is not a known consumer", shown::Quoted(name))]
pub(crate) struct Unknown {
    name: String,
    /// The name that was probably meant.
    pub near: Option<&'static str>,
}

/// What the readers of `secret` reject or ignore: warnings of those that are recognised, errors of
/// those that are named.
pub(crate) fn content(secret: &Secret, named: &[&'static Consumer]) -> Report {
    let mut report = Report::default();
    for consumer in named {
        let mut check = Check::new(secret, Some(consumer.name));
        check.label(consumer.label);
        check.newlines(consumer.untrimmed);
        (consumer.check)(&mut check);
        report.extend(check.into_findings(Severity::Error));
    }
    let is_unnamed = |consumer: &&Consumer| !named.iter().any(|n| n.name == consumer.name);
    for consumer in all().filter(is_unnamed).filter(|consumer| consumer.recognises(secret)) {
        let mut check = Check::new(secret, None);
        (consumer.check)(&mut check);
        report.extend(check.into_findings(Severity::Warning));
    }
    report
}

/// The findings of `content` without those that a reader's finding on the same value explains better.
pub(crate) fn without_explained(content: Report, by_readers: &Report) -> Report {
    content.without(|found| {
        *found.rule.info() == TRAILING_NEWLINE
            && by_readers.findings().iter().any(|known| known.place == found.place)
    })
}

/// The names as a hint lists them.
pub(crate) fn names() -> String {
    iter::once("known consumers:").chain(all().map(|c| c.name)).collect::<Vec<_>>().join(" ")
}
