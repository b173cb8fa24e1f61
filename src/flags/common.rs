//! The flags that every secret type has for what is printed.

use super::{Flag, FlagKind, List, Section, Single, Switch};

/// What a bare `--dry-run` means in kubectl.
pub(crate) const BARE_DRY_RUN: &str = "unchanged";

#[inline(always)]
const fn output<T: Copy>(flag: Flag<T>) -> Flag<T> {
    flag.section(Section::Output).rare()
}

super::table! {
/// All of them, in the order of help.
pub(crate) fn flags;

pub(crate) const OUTPUT: Flag<Single> =
    super::text("output", "FORMAT", "Print as yaml, json, kyaml, name or by a template")
        .short('o')
        .section(Section::Output)
        .kind(FlagKind::Format)
        .of_kubectl();
pub(crate) const OUTPUT_FILE: Flag<Single> = output(super::text(
    "output-file",
    "FILE",
    "Write what -o prints to this file, mode 0600 [needs -o]",
))
.kind(FlagKind::File);
pub(crate) const DRY_RUN: Flag<Single> = super::optional(
    "dry-run",
    "WHERE",
    BARE_DRY_RUN,
    "Create nothing: client prints, server checks [default: none]",
)
.section(Section::Output)
.kind(FlagKind::Choice(
    "client\tprint, store nothing\nserver\tcheck on the server, store nothing\nnone\tstore it",
))
.of_kubectl();
pub(crate) const VALIDATE: Flag<Single> = output(super::optional(
    "validate",
    "HOW",
    "strict",
    "Check the Secret: strict, warn or ignore [default: strict]",
))
.kind(FlagKind::Choice(
    "strict\treject what the API server would reject\nwarn\tonly warn\nignore\tskip the check",
))
.of_kubectl();
pub(crate) const ALLOW_EMPTY: Flag<Switch> =
    output(super::switch("allow-empty", "Allow empty values, and an apply that leaves no key"));
pub(crate) const ALLOW: Flag<List> =
    output(super::list("allow", "RULE,…", "Silence the warnings of these rules [repeatable]"))
        .kind(FlagKind::Rules);
pub(crate) const CONSUMER: Flag<List> = output(super::list(
    "consumer",
    "NAME,…",
    "Check for a reader, such as argocd-repository [repeatable]",
))
.kind(FlagKind::Consumers);
pub(crate) const LABELS: Flag<List> =
    output(super::list("labels", "KEY=VALUE,…", "Set labels [repeatable]").short('l'));
pub(crate) const ANNOTATIONS: Flag<List> =
    output(super::list("annotations", "KEY=VALUE", "Set an annotation [repeatable]"));
pub(crate) const IMMUTABLE: Flag<Switch> =
    output(super::switch("immutable", "Make the Secret immutable"));
pub(crate) const STRING_DATA: Flag<Switch> =
    output(super::switch("string-data", "Print text values as they are, as stringData"));
pub(crate) const APPEND_HASH: Flag<Switch> =
    output(super::switch("append-hash", "Append a hash of the Secret to its name")).of_kubectl();
pub(crate) const SAVE_CONFIG: Flag<Switch> =
    output(super::switch("save-config", "Save the manifest as last-applied annotation"))
        .of_kubectl();
pub(crate) const FIELD_MANAGER: Flag<Single> = output(super::text(
    "field-manager",
    "NAME",
    "Set the name of the field manager [default: mksecret]",
))
.of_kubectl();
pub(crate) const TEMPLATE: Flag<Single> = output(super::text(
    "template",
    "TEMPLATE",
    "Set the template for -o go-template or go-template-file",
))
.of_kubectl();
pub(crate) const ALLOW_MISSING_TEMPLATE_KEYS: Flag<Switch> = output(super::switch(
    "allow-missing-template-keys",
    "Ignore missing keys in templates [default: true]",
))
.of_kubectl();
pub(crate) const SHOW_MANAGED_FIELDS: Flag<Switch> = output(super::switch(
    "show-managed-fields",
    "Keep managedFields in objects that the cluster returns",
))
.of_kubectl();
}
