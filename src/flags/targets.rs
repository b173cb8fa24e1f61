//! The flags that every secret type has for how, and on which targets, the Secret is created.

use super::{Flag, FlagKind, List, Section, Single, Switch};

#[inline(always)]
const fn target<T: Copy>(flag: Flag<T>) -> Flag<T> {
    flag.section(Section::Cluster).rare()
}

super::table! {
/// All of them, in the order of help.
pub(crate) fn flags;

pub(crate) const APPLY: Flag<Switch> =
    super::switch("apply", "Create or update, by server-side apply").section(Section::Cluster);
pub(crate) const DIFF: Flag<Switch> =
    target(super::switch("diff", "Show which keys change [needs --apply]"));
pub(crate) const MERGE: Flag<Switch> =
    target(super::switch("merge", "Keep the other keys; no source is required [needs --apply]"));
pub(crate) const REMOVE_KEY: Flag<List> = target(super::list(
    "remove-key",
    "KEY",
    "Remove this key [needs --apply or --seal-into] [repeatable]",
))
.kind(FlagKind::Key);
pub(crate) const FORCE_CONFLICTS: Flag<Switch> =
    target(super::switch("force-conflicts", "Take over fields of other managers [needs --apply]"));
pub(crate) const RECREATE: Flag<Switch> =
    target(super::switch("recreate", "Delete and recreate if immutable [needs --apply]"));
pub(crate) const IF_ABSENT: Flag<Switch> =
    target(super::switch("if-absent", "Leave a Secret that exists unchanged"));
pub(crate) const NAMESPACES: Flag<List> =
    target(super::list("namespaces", "NAMESPACE,…", "Create in these namespaces [repeatable]"))
        .kind(FlagKind::Namespaces);
pub(crate) const NAMESPACE_SELECTOR: Flag<Single> = target(super::text(
    "namespace-selector",
    "SELECTOR",
    "Create in all namespaces with these labels",
));
pub(crate) const CONTEXTS: Flag<List> =
    target(super::list("contexts", "NAME,…", "Create in these kubeconfig contexts [repeatable]"))
        .kind(FlagKind::Contexts);
pub(crate) const PARALLEL: Flag<Single> =
    target(super::text("parallel", "COUNT", "Set how many targets run at a time [default: 8]"));
}
