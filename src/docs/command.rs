//! The command line as clap describes one: what manual pages are made of.

use clap::{Arg, ArgAction, Command};

use crate::cli::{COLOR, HELP, TOOLS, TOP_ABOUT, TOP_DETAILS, Tool, VERSION, flags_of};
use crate::flags::{Flag, Section, Shown};
use crate::types::{SecretType, TYPES};

/// All of it as a command of clap's: what manual pages are made of.
pub(super) fn command() -> Command {
    let tools = TOOLS.iter().map(describe_tool);
    top().subcommand_required(true).subcommands(TYPES.iter().map(describe).chain(tools))
}

fn top() -> Command {
    let flags = [COLOR.any(), VERSION.any(), HELP.any()];
    described("mksecret", TOP_ABOUT, TOP_DETAILS, &flags)
}

fn describe(row: &SecretType) -> Command {
    let mut flags = flags_of(row);
    flags.retain(|flag| flag.section != Section::Global);
    described(row.name, row.about, row.details, &flags)
}

fn describe_tool(row: &Tool) -> Command {
    described(row.name, row.about, row.details, &row.all_flags())
}

fn described(name: &'static str, about: &'static str, details: &str, flags: &[Flag]) -> Command {
    Command::new(name)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .args(flags.iter().map(argument))
        .about(about)
        .long_about(format!("{about}\n\n{details}"))
        .next_display_order(None)
}

/// A flag as manual pages show it: a switch without its optional value.
fn argument(flag: &Flag) -> Arg {
    let arg = Arg::new(flag.name)
        .long(flag.name)
        .short(flag.letter)
        .help(flag.help)
        .help_heading(flag.section.heading())
        .hide(flag.shown == Shown::Never);
    if flag.is_switch() {
        return arg.action(ArgAction::SetTrue);
    }
    let action = if flag.is_list { ArgAction::Append } else { ArgAction::Set };
    let arg = arg.value_name(flag.value).action(action);
    if flag.is_bare() { arg.num_args(0..=1).require_equals(true) } else { arg }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        command().debug_assert();
        for row in TYPES {
            describe(row).debug_assert();
        }
        for row in TOOLS {
            describe_tool(row).debug_assert();
        }
    }
}
