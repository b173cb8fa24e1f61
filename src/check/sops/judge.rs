//! What is wrong with a manifest that SOPS has encrypted.

use super::super::locate::value_span;
use super::super::schema::Issue;
use super::super::skipped;
use super::fault::SopsFault;
use crate::manifest::{Content, Node, Pair, Span};
use crate::secret::Secret;
use crate::shown;
use crate::validate;

const MAPS: [&str; 2] = ["data", "stringData"];

/// The fields of `sops` of which only one may be set.
const SELECTORS: [&str; 6] = [
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
    "unencrypted_comment_regex",
    "encrypted_comment_regex",
];

/// What keys end with that SOPS leaves alone if no selector is set.
const UNENCRYPTED_SUFFIX: &str = "_unencrypted";

/// Where `kubectl apply` and kubecfg keep the whole manifest a second time.
const LAST_APPLIED: [&str; 2] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "kubecfg.ksonnet.io/last-applied-configuration",
];

/// Holds a manifest with the field `sops` to the rules on that field and on what has to be readable.
pub(in crate::check) fn check(root: &Node<'_>) -> Vec<Issue> {
    let mut issues = Vec::new();
    // Other files of SOPS, such as the values of a chart, are not manifests.
    if let Some(sops) = root.pair("sops")
        && root.get("kind").is_some()
    {
        check_own_field(sops, &mut issues);
        issues.extend(hidden_field(root));
    }
    issues
}

/// Holds a Secret that SOPS has encrypted to the rules on its values. `sops` is the field of the
/// document, which encrypts all Secrets of a list.
pub(in crate::check) fn check_readable(
    secret: &Node<'_>,
    sops: Option<&Node<'_>>,
    issues: &mut Vec<Issue>,
) {
    for (map, pair) in values(secret) {
        if is_readable(&pair.value) && !is_meant_to_be_readable(&pair.key, sops) {
            let fault = SopsFault::Readable { map, key: pair.key.to_string() };
            issues.push(Issue::new(value_span(pair), fault));
        }
    }
    if let Some(pair) = secret.pair("stringData")
        && pair.value.pairs().iter().any(|value| has_encrypted(&value.value))
    {
        issues.push(Issue::new(pair.key_span, SopsFault::StringData));
    }
    let annotations = secret.get("metadata").and_then(|metadata| metadata.get("annotations"));
    for annotation in LAST_APPLIED {
        if let Some(pair) = annotations.and_then(|map| map.pair(annotation))
            && is_readable(&pair.value)
        {
            issues.push(Issue::new(value_span(pair), SopsFault::LastApplied { annotation }));
        }
    }
}

/// Where the first value of a Secret is that SOPS has left readable.
pub(in crate::check) fn readable(secret: &Node<'_>) -> Option<Span> {
    let mut pairs = MAPS.into_iter().filter_map(|map| secret.pair(map));
    pairs
        .find(|pair| match &pair.value.content {
            Content::Map(values) => values.iter().any(|value| is_readable(&value.value)),
            _ => is_readable(&pair.value),
        })
        .map(|pair| pair.key_span)
}

/// The values of a Secret without the field `sops` that SOPS has encrypted, whether as they are
/// written or after base64.
pub(in crate::check) fn left_behind(node: &Node<'_>, secret: &Secret, issues: &mut Vec<Issue>) {
    for (map, pair) in values(node) {
        let is_written = pair.value.text().is_some_and(|text| is_encrypted(text.as_bytes()));
        let is_decoded = || {
            validate::value(secret, &pair.key).is_some_and(|value| is_encrypted(value.as_bytes()))
        };
        if is_written || is_decoded() {
            let fault = SopsFault::LeftBehind { map, key: pair.key.to_string() };
            issues.push(Issue::new(value_span(pair), fault));
        }
    }
}

fn values<'n, 'a>(secret: &'n Node<'a>) -> impl Iterator<Item = (&'static str, &'n Pair<'a>)> {
    MAPS.into_iter().flat_map(|map| {
        secret.get(map).map_or(&[][..], Node::pairs).iter().map(move |pair| (map, pair))
    })
}

/// Whether a text has the form of what SOPS writes for a value.
fn is_encrypted(text: &[u8]) -> bool {
    text.starts_with(b"ENC[") && text.trim_ascii_end().ends_with(b"]")
}

/// Whether SOPS left a value, or a part of it, as it was. It never encrypts what is empty, and a
/// placeholder that another program fills in is not a value.
fn is_readable(node: &Node<'_>) -> bool {
    match &node.content {
        Content::Null => false,
        Content::Text(text) => {
            !text.is_empty() && !is_encrypted(text.as_bytes()) && !skipped::is_template(node)
        }
        Content::Bool(_) | Content::Number(_) | Content::Infinite => true,
        Content::List(elements) => elements.iter().any(is_readable),
        Content::Map(pairs) => pairs.iter().any(|pair| is_readable(&pair.value)),
    }
}

fn has_encrypted(node: &Node<'_>) -> bool {
    node.text().is_some_and(|text| is_encrypted(text.as_bytes()))
        || node.elements().iter().any(has_encrypted)
        || node.pairs().iter().any(|pair| has_encrypted(&pair.value))
}

/// Whether the name of a key tells SOPS to leave its value alone.
fn is_meant_to_be_readable(key: &str, sops: Option<&Node<'_>>) -> bool {
    let set = |field: &str| {
        sops.and_then(|sops| sops.get(field)).and_then(Node::text).filter(|text| !text.is_empty())
    };
    match set("unencrypted_suffix") {
        Some(suffix) => key.ends_with(suffix),
        None => {
            SELECTORS.iter().all(|field| set(field).is_none()) && key.ends_with(UNENCRYPTED_SUFFIX)
        }
    }
}

fn check_own_field(sops: &Pair<'_>, issues: &mut Vec<Issue>) {
    let set = |field: &str| {
        sops.value.pair(field).filter(|pair| match &pair.value.content {
            Content::Null => false,
            Content::Text(text) => !text.is_empty(),
            _ => true,
        })
    };
    if set("mac").is_none() {
        issues.push(Issue::new(sops.key_span, SopsFault::Mac));
    }
    match set("version") {
        None => {
            issues.push(Issue::new(sops.key_span, SopsFault::Version { is_missing: true }));
        }
        Some(pair) if !pair.value.text().is_some_and(is_version) => {
            issues.push(Issue::new(value_span(pair), SopsFault::Version { is_missing: false }));
        }
        Some(_) => {}
    }
    let mut selectors =
        SELECTORS.into_iter().filter_map(|field| set(field).map(|pair| (field, pair)));
    if let Some((first, _)) = selectors.next()
        && let Some((second, pair)) = selectors.next()
    {
        let fault = SopsFault::TwoSelectors { first, second };
        issues.push(Issue::new(pair.key_span, fault));
    }
}

/// Whether a text is a version as SOPS reads it: three numbers, and what semantic versioning
/// allows after them.
fn is_version(text: &str) -> bool {
    let numbers = text.split_once(['-', '+']).map_or(text, |(numbers, _)| numbers);
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part.len() == 1 || !part.starts_with('0'))
    };
    numbers.split('.').count() == 3 && numbers.split('.').all(is_number)
}

/// The first field that SOPS has encrypted and that tools have to read.
fn hidden_field(root: &Node<'_>) -> Option<Issue> {
    let top = ["apiVersion", "kind"].into_iter().find_map(|field| {
        let pair = root.pair(field).filter(|pair| has_encrypted(&pair.value))?;
        Some((field.to_owned(), pair, false))
    });
    let (path, pair, is_entry) = top.or_else(|| {
        let metadata = root.get("metadata").map_or(&[][..], Node::pairs);
        let pair = metadata.iter().find(|pair| has_encrypted(&pair.value))?;
        let of_map = pair.value.pairs().iter().find(|entry| has_encrypted(&entry.value));
        let path = format!("metadata.{}", shown::Key(&pair.key));
        Some(match of_map {
            Some(entry) => (format!("{path}[{}]", shown::Key(&entry.key)), entry, true),
            None => (path, pair, false),
        })
    })?;
    Some(Issue::new(value_span(pair), SopsFault::HiddenField { path, is_entry }))
}

#[cfg(test)]
mod tests;
