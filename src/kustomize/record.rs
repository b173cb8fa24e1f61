//! `buildMetadata`: where Secrets came from and what changed them, as annotations.

use std::path::{Component, Path};

use super::kustomization::BUILD_METADATA;
use super::resource::{Behavior, Record, Resource};
use super::value::Map;
use crate::print::yaml;
use crate::secret::manifest::Node;

const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";
/// The version of kustomize whose bytes these are.
const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "kustomize-v5.8.1");
/// Annotations that kustomize removes at the end.
const REMOVED: [&str; 3] =
    ["config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id"];
const LOCAL: &str = "config.kubernetes.io/local-config";

#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a value of buildMetadata")]
pub(super) struct Records {
    origins: bool,
    transformations: bool,
    managed_by: bool,
    /// Whether there is any of them: kustomize then keeps annotations meanwhile.
    is_on: bool,
}

impl Records {
    pub(super) fn of(build_metadata: &[Box<str>]) -> Self {
        let has = |name: &str| build_metadata.iter().any(|own| &**own == name);
        let [origins, transformations, managed_by] = BUILD_METADATA;
        Self {
            origins: has(origins),
            transformations: has(transformations),
            managed_by: has(managed_by),
            is_on: !build_metadata.is_empty(),
        }
    }

    /// Records where a Secret came from.
    pub(super) fn set_origin(self, resource: &mut Resource, origin: impl FnOnce() -> String) {
        if self.is_on {
            resource.record_mut().origin = origin();
        }
    }

    /// Records what changed all Secrets.
    pub(super) fn changed(self, all: &mut [Resource], transformer: &str, file_name: &str) {
        if !self.transformations {
            return;
        }
        let configured = configured(file_name, transformer).replace('\n', "\n  ");
        let entry = format!("- {}\n", configured.trim_end());
        for resource in all {
            resource.record_mut().transformations.push_str(&entry);
        }
    }

    /// Gives a generated Secret what is recorded of the one that it replaces.
    pub(super) fn merge(new: &mut Resource, old: &mut Resource, behavior: Behavior) {
        let Some(old) = old.take_record() else { return };
        let own = new.take_record().unwrap_or_default();
        let origin = if behavior == Behavior::Merge { old.origin } else { own.origin };
        let record = Record { origin, transformations: old.transformations };
        *new.record_mut() = record;
    }

    /// Writes what is recorded, and removes what belongs to kustomize.
    pub(super) fn write(self, resource: &mut Resource) {
        if self.managed_by {
            resource.set_label(MANAGED_BY.0, MANAGED_BY.1);
        }
        if resource.annotations().is_some() {
            for key in REMOVED.into_iter().chain([ORIGIN, TRANSFORMATIONS]) {
                resource.metadata_mut().map_at("annotations").remove(key);
            }
        }
        if let Some(Record { origin, transformations }) = resource.take_record() {
            for (key, text, is_wanted) in [
                (ORIGIN, origin, self.origins),
                (TRANSFORMATIONS, transformations, self.transformations),
            ] {
                if is_wanted && !text.is_empty() {
                    resource.set_annotation(key, &text);
                }
            }
        }
        if resource.metadata().is_some_and(|metadata| {
            metadata.get("annotations").is_some_and(|a| a.as_map().is_none_or(Map::is_empty))
        }) {
            resource.metadata_mut().remove("annotations");
        }
    }
}

/// Whether kustomize leaves the Secret out of what it prints.
pub(super) fn is_local(resource: &Resource) -> bool {
    let local = resource.annotations().and_then(|annotations| annotations.get(LOCAL));
    local.is_some_and(|value| value.as_text() != Some("false"))
}

/// The origin of a Secret in a file.
pub(super) fn of_file(path: &str) -> String {
    format!("path: {}", scalar(path))
}

/// The origin of a generated Secret.
pub(super) fn of_generator(file_name: &str) -> String {
    configured(file_name, "SecretGenerator")
}

fn configured(file_name: &str, kind: &str) -> String {
    let file_name = scalar(file_name);
    format!("configuredIn: {file_name}configuredBy:\n  apiVersion: builtin\n  kind: {kind}\n")
}

/// A text as YAML, with a newline.
fn scalar(text: &str) -> String {
    let mut out = Vec::new();
    yaml::write(&Node::text(text), &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// A path under another, as Go's `path.Join` has it.
pub(super) fn join(base: &str, path: &str) -> String {
    let joined = Path::new(base).join(path.trim_start_matches('/'));
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.components() {
        match part {
            Component::ParentDir if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            Component::ParentDir => parts.push(".."),
            Component::Normal(part) => parts.push(part.to_str().unwrap_or_default()),
            _ => {}
        }
    }
    parts.join("/")
}
