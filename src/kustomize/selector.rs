//! Which Secrets a patch is for.

use regex::Regex;

use super::error::{BuildError, Fault};
use super::fields::{Shape, Spot};
use super::resource::{Resource, effective};
use super::value::{Map, Source, Value};
use crate::golang::regexps;
use crate::manifest::Node;

/// `target` of a patch: which Secrets it is for.
#[derive(Default)]
pub(super) struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

const SELECTOR: Shape = Shape {
    of: "a target",
    fields: &[
        "group",
        "version",
        "kind",
        "name",
        "namespace",
        "labelSelector",
        "annotationSelector",
    ],
};

/// A part of a label selector.
#[derive(Debug, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Missing(String),
}

impl Selector {
    pub(super) fn read(source: &Source<'_>, node: &Node<'_>) -> Result<Self, BuildError> {
        let mut selector = Self::default();
        source.object(node, SELECTOR, &mut |name, node| {
            let spot = source.spot(name, node)?;
            if spot.text.is_empty() {
                return Ok(());
            }
            match name {
                "group" => selector.group = Some(pattern(&spot)?),
                "version" => selector.version = Some(pattern(&spot)?),
                "kind" => selector.kind = Some(pattern(&spot)?),
                "name" => selector.name = Some(pattern(&spot)?),
                "namespace" => selector.namespace = Some(pattern(&spot)?),
                "labelSelector" => selector.labels = requirements(&spot)?,
                _ => selector.annotations = requirements(&spot)?,
            }
            Ok(())
        })?;
        Ok(selector)
    }

    pub(super) fn has_name(&self) -> bool {
        self.name.is_some()
    }

    /// Whether it can select a Secret at all.
    pub(super) fn is_for_secrets(&self) -> bool {
        let fits = |pattern: &Option<Regex>, text| {
            pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
        };
        fits(&self.group, "") && fits(&self.version, "v1") && fits(&self.kind, "Secret")
    }

    pub(super) fn selects(&self, resource: &Resource) -> bool {
        let (name, namespace) = resource.original();
        let fits = |pattern: &Option<Regex>, original, current| {
            pattern.as_ref().is_none_or(|p| p.is_match(original) || p.is_match(current))
        };
        self.is_for_secrets()
            && fits(&self.namespace, namespace, effective(resource.namespace()))
            && fits(&self.name, name, &resource.name)
            && self.labels.iter().all(|each| each.is_met(resource.labels()))
            && self.annotations.iter().all(|each| each.is_met(resource.annotations()))
    }
}

/// A pattern, which is to match the whole of a text.
fn pattern(Spot { text, at }: &Spot) -> Result<Regex, BuildError> {
    let whole = format!("^(?:{text})$");
    regexps::compile(&whole).map_err(|fault| BuildError::new(*at, Fault::Pattern(fault)))
}

fn requirements(Spot { text, at }: &Spot) -> Result<Vec<Requirement>, BuildError> {
    parse(text).ok_or_else(|| BuildError::new(*at, Fault::Selector(text.len())))
}

impl Requirement {
    fn is_met(&self, map: Option<&Map>) -> bool {
        let value = |key: &str| map.and_then(|map| map.get(key)).and_then(Value::as_text);
        let has = |key: &str| map.is_some_and(|map| map.get(key).is_some());
        match self {
            Self::In(key, values) => value(key).is_some_and(|own| values.iter().any(|v| v == own)),
            Self::NotIn(key, values) => {
                value(key).is_none_or(|own| values.iter().all(|v| v != own))
            }
            Self::Exists(key) => has(key),
            Self::Missing(key) => !has(key),
        }
    }
}

/// A label selector: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. `None` if it is not one.
fn parse(text: &str) -> Option<Vec<Requirement>> {
    let mut rest = text.trim();
    let mut all = Vec::new();
    while !rest.is_empty() {
        let (requirement, after) = requirement(rest)?;
        all.push(requirement);
        rest = match after.trim_start() {
            "" => "",
            after => after.strip_prefix(',')?.trim_start(),
        };
    }
    Some(all)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./".contains(c)
}

/// The word at the begin, which may be empty, and what follows.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()))
}

fn requirement(text: &str) -> Option<(Requirement, &str)> {
    if let Some(rest) = text.strip_prefix('!') {
        let (key, rest) = word(rest);
        return (!key.is_empty()).then(|| (Requirement::Missing(key.to_owned()), rest));
    }
    let (key, after) = word(text);
    if key.is_empty() {
        return None;
    }
    let key = key.to_owned();
    let after = after.trim_start();
    for (operator, is_in) in [("!=", false), ("==", true), ("=", true)] {
        if let Some(rest) = after.strip_prefix(operator) {
            let (value, rest) = word(rest);
            let values = vec![value.to_owned()];
            let requirement =
                if is_in { Requirement::In(key, values) } else { Requirement::NotIn(key, values) };
            return Some((requirement, rest));
        }
    }
    for (operator, is_in) in [("in", true), ("notin", false)] {
        let Some(rest) = after.strip_prefix(operator) else { continue };
        let (values, rest) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
        let values: Vec<_> = values.split(',').map(|value| value.trim().to_owned()).collect();
        if values.iter().any(|value| !value.chars().all(is_word)) {
            return None;
        }
        let requirement =
            if is_in { Requirement::In(key, values) } else { Requirement::NotIn(key, values) };
        return Some((requirement, rest));
    }
    Some((Requirement::Exists(key), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_selectors() {
        let text = |text: &str| text.to_owned();
        let rows = [
            ("", Some(vec![])),
            ("a=b", Some(vec![Requirement::In(text("a"), vec![text("b")])])),
            ("a == b", Some(vec![Requirement::In(text("a"), vec![text("b")])])),
            (
                "a!=b, !c,d",
                Some(vec![
                    Requirement::NotIn(text("a"), vec![text("b")]),
                    Requirement::Missing(text("c")),
                    Requirement::Exists(text("d")),
                ]),
            ),
            (
                "a in (b, c),d notin (e)",
                Some(vec![
                    Requirement::In(text("a"), vec![text("b"), text("c")]),
                    Requirement::NotIn(text("d"), vec![text("e")]),
                ]),
            ),
            ("=b", None),
            ("a b", None),
            ("a in b", None),
            ("!", None),
        ];
        for (selector, want) in rows {
            assert_eq!(parse(selector), want, "{selector}");
        }
    }
}
