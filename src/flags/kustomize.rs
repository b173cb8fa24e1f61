//! The flags of `mksecret kustomize`. Those of `kubectl kustomize` mean what they mean there.

use super::{Flag, FlagKind, List, Section, Single, Switch, common, global, seal, targets};

/// The help of flags of which only the default is implemented.
const DEFAULT_ONLY: &str = "Not implemented; accepted at its default";

/// The forms of a manifest.
pub(crate) const FORMATS: &str = "yaml\tmanifests in YAML\njson\tmanifests in JSON\n\
                                  name\tthe names, as secret/NAME";
/// Which files a kustomization may read.
pub(crate) const RESTRICTORS: &str = "LoadRestrictionsRootOnly\tits own directory\n\
                                      LoadRestrictionsNone\tall";

#[inline(always)]
const fn output<T: Copy>(flag: Flag<T>) -> Flag<T> {
    flag.section(Section::Output)
}

#[inline(always)]
const fn unused(name: &'static str, value: &'static str) -> Flag<Single> {
    super::text(name, value, DEFAULT_ONLY).rare()
}

#[inline(always)]
const fn unused_switch(name: &'static str) -> Flag<Switch> {
    super::switch(name, DEFAULT_ONLY).rare()
}

super::table! {
/// All of them, in the order of help.
pub(crate) fn flags;

pub(crate) const SECRETS_ONLY: Flag<Switch> =
    super::switch("secrets-only", "Leave out other kinds, and count them");
pub(crate) const LOAD_RESTRICTOR: Flag<Single> = super::text(
    "load-restrictor",
    "WHICH",
    "Set which files may be read [default: its directory's]",
)
.kind(FlagKind::Choice(RESTRICTORS))
.rare();
pub(crate) const ALLOW_DIR: Flag<List> =
    super::list("allow-dir", "DIR", "Allow files in this directory, too [repeatable]")
        .kind(FlagKind::Folder);
pub(crate) const ENABLE_HELM: Flag<Switch> = unused_switch("enable-helm");
pub(crate) const ENABLE_ALPHA_PLUGINS: Flag<Switch> = unused_switch("enable-alpha-plugins");
pub(crate) const HELM_COMMAND: Flag<Single> = unused("helm-command", "COMMAND");
pub(crate) const HELM_API_VERSIONS: Flag<Single> = unused("helm-api-versions", "VERSION,…");
pub(crate) const HELM_KUBE_VERSION: Flag<Single> = unused("helm-kube-version", "VERSION");
pub(crate) const HELM_DEBUG: Flag<Switch> = unused_switch("helm-debug");
pub(crate) const ENV: Flag<Single> = unused("env", "NAME=VALUE,…").short('e');
pub(crate) const MOUNT: Flag<Single> = unused("mount", "MOUNT,…");
pub(crate) const NETWORK: Flag<Switch> = unused_switch("network");
pub(crate) const NETWORK_NAME: Flag<Single> = unused("network-name", "NAME");
pub(crate) const AS_CURRENT_USER: Flag<Switch> = unused_switch("as-current-user");
pub(crate) const OUTPUT: Flag<Single> =
    output(super::text("output", "PATH", "Write to this file, or a file each to this directory"))
        .short('o')
        .kind(FlagKind::File);
pub(crate) const FORMAT: Flag<Single> =
    output(super::text("format", "FORMAT", "Print as yaml, json or name [default: yaml]"))
        .kind(FlagKind::Choice(FORMATS));
pub(crate) const NAMES: Flag<Switch> =
    output(super::switch("names", "Print which name each generator's Secret gets"));
const _: Flag<Single> = common::VALIDATE;
const _: Flag<List> = common::ALLOW;
const _: Flag<List> = common::CONSUMER;
const _: Flag<Switch> = common::ALLOW_EMPTY;
const _: Flag<Switch> = global::WARNINGS_AS_ERRORS;
const _: Flag<Single> = seal::SEAL;
const _: Flag<Single> = seal::SEAL_SCOPE;
const _: Flag<Single> = seal::SEAL_CONTROLLER;
const _: Flag<Single> = seal::SOPS;
const _: Flag<List> = seal::AGE;
const _: Flag<List> = seal::PGP;
const _: Flag<Single> = common::DRY_RUN.section(Section::Cluster).rare();
const _: Flag<Single> = common::FIELD_MANAGER.section(Section::Cluster);
const _: Flag<Switch> = targets::APPLY;
const _: Flag<Switch> = targets::DIFF;
const _: Flag<Switch> = targets::FORCE_CONFLICTS;
const _: Flag<Switch> = targets::RECREATE;
const _: Flag<List> = targets::NAMESPACES;
const _: Flag<Single> = targets::NAMESPACE_SELECTOR;
const _: Flag<List> = targets::CONTEXTS;
const _: Flag<Single> = targets::PARALLEL;
}
