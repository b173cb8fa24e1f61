//! The flags of `mksecret check`.

use super::{Flag, FlagKind, List, Section, Single, Switch, common, global};

/// The forms of the report.
pub(crate) const FORMATS: &str = "text\tmessages with the line\njson\tone object\n\
                                  sarif\tSARIF 2.1.0, for code hosts\n\
                                  github\tannotations of GitHub Actions\n\
                                  junit\tJUnit XML, for CI servers";

#[inline(always)]
const fn output<T: Copy>(flag: Flag<T>) -> Flag<T> {
    flag.section(Section::Output)
}

super::table! {
/// All of them, in the order of help.
pub(crate) fn flags;

pub(crate) const REQUIRE_SEALED: Flag<Switch> =
    super::switch("require-sealed", "Reject every Secret that contains values");
pub(crate) const HIDDEN: Flag<Switch> =
    super::switch("hidden", "Check hidden files and directories, too").rare();
pub(crate) const NO_IGNORE: Flag<Switch> =
    super::switch("no-ignore", "Check files that .gitignore and .ignore exclude, too").rare();
pub(crate) const OUTPUT: Flag<Single> = output(
    super::text("output", "FORMAT", "Report as text, json, sarif, github or junit")
        .short('o')
        .kind(FlagKind::Choice(FORMATS)),
);
pub(crate) const PASS_THROUGH: Flag<Switch> =
    output(super::switch("pass-through", "Print the input unchanged unless there is an error"));
pub(crate) const FIX: Flag<Switch> =
    output(super::switch("fix", "Repair in place what has one right answer"));
pub(crate) const DIFF: Flag<Switch> =
    output(super::switch("diff", "Show what --fix would change, values hidden"));
pub(crate) const EXPLAIN: Flag<Switch> =
    output(super::switch("explain", "Explain the rules that are named, or list all"));
pub(crate) const LIVE: Flag<Switch> =
    super::switch("live", "Check the Secrets of a cluster").section(Section::Cluster);
pub(crate) const ALL_NAMESPACES: Flag<Switch> =
    super::switch("all-namespaces", "Check all namespaces [needs --live]")
        .short('A')
        .section(Section::Cluster);
pub(crate) const SELECTOR: Flag<Single> =
    super::text("selector", "SELECTOR", "Check the Secrets with these labels [needs --live]")
        .short('l')
        .section(Section::Cluster);
const _: Flag<Single> = common::DRY_RUN.section(Section::Cluster).rare();
const _: Flag<List> = common::CONSUMER.always();
const _: Flag<List> = common::ALLOW.always();
const _: Flag<Switch> = global::WARNINGS_AS_ERRORS.always();
}
