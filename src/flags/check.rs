//! The flags of `mksecret check`.

use super::{Flag, FlagKind, List, Section, Single, Switch, common, global};

/// The forms of the report.
pub(crate) const FORMATS: &str = "text\tmessages with the line\njson\tone object";

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
    super::switch("hidden", "Check hidden files and directories, too");
pub(crate) const NO_IGNORE: Flag<Switch> =
    super::switch("no-ignore", "Check files that .gitignore and .ignore exclude, too");
pub(crate) const OUTPUT: Flag<Single> = output(
    super::text("output", "FORMAT", "Report as text or json")
        .short('o')
        .kind(FlagKind::Choice(FORMATS)),
);
pub(crate) const PASS_THROUGH: Flag<Switch> =
    output(super::switch("pass-through", "Print the input unchanged unless there is an error"));
pub(crate) const EXPLAIN: Flag<Switch> =
    output(super::switch("explain", "Explain the rules that are named, or list all"));
const _: Flag<List> = common::ALLOW.always();
const _: Flag<Switch> = global::WARNINGS_AS_ERRORS.always();
}
