//! A Secret that is complete and not judged.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::cli::{Common, Create, Sealing, Validate};
use crate::error::Error;
use crate::print;
use crate::reach::FindEndpoint;
use crate::secret::manifest::{ValuesIn, manifest};
use crate::secret::{DataKey, Secret, SecretName, hash};
use crate::shown;
use crate::sources::{Inputs, Origin};
use crate::types;
use crate::types::{Build, Built, Contents, EmptyValues, Printed};
use crate::validate::{At, Finding, Rule, RuleInfo};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A Secret with all that belongs to it, and what is known of it so far.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The whole Secret: with labels, annotations and the suffix of its name.
    pub secret: Secret,
    /// The name that was asked for.
    pub name: String,
    /// Where each key came from.
    pub origins: BTreeMap<DataKey, Origin>,
    /// Who judges what is in it.
    pub contents: Contents,
    /// What was found on the way.
    pub findings: Vec<Finding>,
    /// The empty values of which users are warned.
    pub empty: Vec<(DataKey, Origin)>,
    /// The keys of values that one of `findings` is about.
    pub marked: Vec<DataKey>,
    /// What is printed in place of kubectl's result line.
    pub printed: Option<Printed>,
    /// The keys whose values were made here: one that a cluster has already is as good.
    pub random: Vec<DataKey>,
}

/// What happens if a password or passphrase is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The user is asked for it, if at a terminal.
    AskedFor,
    Refused,
}

impl Draft {
    /// Builds the Secret that the command line asks for.
    pub(crate) fn build(
        create: &Create,
        inputs: &Inputs,
        endpoint: FindEndpoint,
        missing: Missing,
    ) -> Result<Self, Error> {
        let common = &create.common;
        let is_judged = common.validate != Validate::Ignore;
        let build = Build {
            flags: &create.flags,
            name: create.name.clone(),
            namespace: common.namespace.clone(),
            empty_values: match (common.allow_empty, is_judged) {
                (true, _) => EmptyValues::Allowed,
                (false, false) => EmptyValues::Warned,
                (false, true) => EmptyValues::Refused,
            },
            // kubectl asks for nothing.
            asks_for_missing: missing == Missing::AskedFor && is_judged,
            is_judged,
            // Removing keys needs no values.
            wants_values: !create.cluster.apply.as_ref().is_some_and(|apply| apply.merge)
                && !create.sealing.as_ref().is_some_and(Sealing::removes_keys),
            inputs,
            reach: &create.cluster.reach,
            endpoint,
        };
        let Built { secret, origins, empty, findings, marked, printed, random, .. } =
            (create.secret_type.build)(&build)?;
        Ok(Self {
            secret: complete(secret.build(), common),
            name: create.name.as_deref().unwrap_or_default().to_string_lossy().into_owned(),
            origins,
            contents: create.secret_type.contents,
            findings: common_findings(common).chain(findings).collect(),
            empty,
            marked,
            printed,
            random,
        })
    }
}

/// What people regret of flags that all types have.
#[derive(Debug, thiserror::Error)]
enum CommonFinding {
    /// The value of an annotation goes on like another one.
    #[error(
        "--annotations: the value of {} contains ',KEY=', and annotations are not split at commas",
        shown::Name(key)
    )]
    AnnotationPairs { key: String },
    #[error("--{0} has no effect in mksecret")]
    WithoutEffect(&'static str),
}

impl Rule for CommonFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::AnnotationPairs { .. } => &types::rules::ANNOTATION_PAIRS,
            Self::WithoutEffect(_) => &types::rules::NO_EFFECT,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        match self {
            Self::AnnotationPairs { .. } => vec![
                "give each its own flag: --annotations KEY=VALUE --annotations KEY=VALUE"
                    .to_owned(),
            ],
            Self::WithoutEffect(_) => Vec::new(),
        }
    }
}

fn common_findings(common: &Common) -> impl Iterator<Item = Finding> {
    let without_effect =
        common.without_effect.iter().map(|flag| CommonFinding::WithoutEffect(flag));
    let pairs = common
        .metadata
        .annotations
        .iter()
        .filter(|(_, value)| goes_on(value))
        .map(|(key, _)| CommonFinding::AnnotationPairs { key: key.clone() });
    without_effect.chain(pairs).map(Finding::new)
}

/// Whether the value of an annotation goes on with more pairs: `1,b=2`. A value that begins with a
/// pair is a list of them.
fn goes_on(value: &str) -> bool {
    let is_pair = |part: &str| {
        let is_key = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        part.split_once('=').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(is_key))
    };
    let mut parts = value.split(',');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    !first.contains('=') && rest.peek().is_some() && rest.all(is_pair)
}

/// Adds what all types have in common; the name's suffix last, since it hashes the rest.
fn complete(mut secret: Secret, common: &Common) -> Secret {
    secret.metadata.labels.clone_from(&common.metadata.labels);
    for (key, value) in common.consumers.iter().filter_map(|consumer| consumer.needed_label()) {
        let labels = &mut secret.metadata.labels;
        labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
    }
    // A type may have set some of its own.
    let annotations = common.metadata.annotations.iter();
    secret.metadata.annotations.extend(annotations.map(|(k, v)| (k.clone(), v.clone())));
    secret.immutable = common.immutable;
    if common.append_hash {
        secret.name = SecretName(secret.name.0.with_suffix(&hash::suffix(&secret)));
    }
    if common.save_config {
        let mut json = Vec::with_capacity(super::room::room(&secret));
        print::json::compact(&manifest(&secret, ValuesIn::Data), &mut json);
        json.push(b'\n');
        let json = Zeroizing::new(String::from_utf8(json).unwrap_or_default());
        secret.metadata.annotations.insert(LAST_APPLIED.to_owned(), json);
    }
    secret
}
