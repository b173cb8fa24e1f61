//! pflag's kinds of flag as clap arguments: what `cli` and the secret types write their flags in.
//!
//! pflag (kubectl's flag library) knows flags that take a value, flags whose value may be left
//! out, and nothing else; the last of a repeated single flag wins.

use std::ffi::OsString;

use clap::builder::OsStringValueParser;
use clap::{Arg, ArgAction, ArgMatches, Id};

use crate::golang;

/// A flag with one value, any bytes; the last one wins.
pub fn text(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .help(help)
        .action(ArgAction::Set)
        .value_parser(OsStringValueParser::new())
}

/// A flag with a value that may stand several times; all count, in their order.
pub fn list(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    text(name, value, help).action(ArgAction::Append)
}

/// A flag whose value may be left out, and then is `bare`; a value needs `=`.
pub fn optional(
    name: &'static str,
    value: &'static str,
    bare: &'static str,
    help: &'static str,
) -> Arg {
    text(name, value, help).num_args(0..=1).require_equals(true).default_missing_value(bare)
}

/// Whether a flag was made by [`list`].
pub fn is_list(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append)
}

const BOOL: &str = "BOOL";

/// Whether a flag was made by [`switch`].
pub fn is_switch(arg: &Arg) -> bool {
    arg.get_value_names().is_some_and(|names| names == [BOOL])
}

/// A boolean flag: `--name`, `--name=true`, `--name=f`, in all of Go's forms.
pub fn switch(name: &'static str, help: &'static str) -> Arg {
    optional(name, BOOL, "true", help).value_parser(golang::bools::parse_bool)
}

/// Whether a flag made by [`switch`] is on.
pub fn is_on(matches: &ArgMatches, name: &str) -> bool {
    matches.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false)
}

/// The value of a flag made by [`text`] or [`optional`]: empty where the flag was not given.
pub fn value(matches: &ArgMatches, name: &str) -> OsString {
    given(matches, name).unwrap_or_default()
}

/// The value of a flag made by [`text`] or [`optional`], where it was given.
pub fn given(matches: &ArgMatches, name: &str) -> Option<OsString> {
    matches.try_get_one::<OsString>(name).ok().flatten().cloned()
}

/// The values of a flag made by [`list`], in their order.
pub fn values<'a>(matches: &'a ArgMatches, name: &str) -> impl Iterator<Item = &'a OsString> {
    matches.try_get_many::<OsString>(name).ok().flatten().unwrap_or_default()
}

/// Whether a flag stands on the command line at all.
pub fn is_given(matches: &ArgMatches, name: &str) -> bool {
    matches.ids().any(|id: &Id| id.as_str() == name)
}
