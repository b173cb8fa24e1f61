//! The command's definition, and its help.

use clap::{Arg, ArgAction, Command};

use super::tools::{TOOLS, Tool};
use super::{cluster_flags, cluster_request, common};
use crate::flags;
use crate::types::{SecretType, TYPES};
use crate::ui::Colour;

/// The heading of a type's own flags.
const CONTENTS: &str = "Contents";
const TOP_ABOUT: &str = "Create Kubernetes Secrets: print them, or put them on a cluster";
const TOP_DETAILS: &str = "\
Every flag of kubectl create secret means here what it means there. What an API server would refuse
is refused before anything is printed, and no message shows a value.";
const TOP_EXAMPLES: &str = "\
Examples:
  # Print a Secret
  mksecret generic db --from-literal=user=app --dry-run=client -o yaml

  # See what a type takes
  mksecret tls --help";

/// The whole definition: what help, completions and manual pages are made of.
pub fn command() -> Command {
    let top = top().subcommand_required(true);
    let top = TYPES.iter().fold(top, |top, row| top.subcommand(describe(row)));
    TOOLS.iter().fold(top, |top, row| top.subcommand(describe_tool(row)))
}

/// The definition of one subcommand, without its help's texts: what its flags are read with.
pub fn subcommand(secret_type: &SecretType) -> Command {
    bare(secret_type.name)
        .args((secret_type.flags)().into_iter().map(|flag| flag.help_heading(CONTENTS)))
        .args(common::flags())
        .args(cluster_request::flags())
        .args(
            cluster_flags::flags()
                .into_iter()
                .filter(|flag| !secret_type.takes_over.contains(&flag.get_id().as_str())),
        )
        .args([colour_flag(), help_flag()])
}

/// The flags that stand without a subcommand.
pub(super) fn top_flags() -> Command {
    bare("mksecret").args(cluster_flags::flags()).args([colour_flag(), version_flag(), help_flag()])
}

/// A command whose words the grammar of `argv` has put in order.
pub(super) fn bare(name: &'static str) -> Command {
    Command::new(name)
        .no_binary_name(true)
        .args_override_self(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
}

fn top() -> Command {
    bare("mksecret")
        .about(TOP_ABOUT)
        .long_about(format!("{TOP_ABOUT}\n\n{TOP_DETAILS}"))
        .override_usage("mksecret TYPE [NAME] [flags]")
        .after_help(TOP_EXAMPLES)
        .args(cluster_flags::flags())
        .args([colour_flag(), version_flag(), help_flag()])
        .mut_args(shown)
        .max_term_width(100)
}

/// A flag as help shows it: a switch without the value that it may have.
fn shown(arg: Arg) -> Arg {
    if !flags::is_switch(&arg) {
        return arg;
    }
    let hidden = arg.is_hide_short_help_set();
    let mut shown = Arg::new(arg.get_id().clone()).action(ArgAction::SetTrue);
    shown = shown.hide(arg.is_hide_set());
    shown = shown.long(arg.get_long().map(str::to_owned).unwrap_or_default());
    shown = shown.help(arg.get_help().cloned().unwrap_or_default()).hide_short_help(hidden);
    shown = shown.help_heading(arg.get_help_heading().unwrap_or(CONTENTS).to_owned());
    match arg.get_short() {
        Some(short) => shown.short(short),
        None => shown,
    }
}

/// Examples as help shows them.
fn indented(examples: &str) -> String {
    examples.lines().fold("Examples:".to_owned(), |text, line| {
        if line.is_empty() { text + "\n" } else { text + "\n  " + line }
    })
}

fn describe(row: &SecretType) -> Command {
    subcommand(row)
        .mut_args(shown)
        .max_term_width(100)
        .about(row.about)
        .long_about(format!("{}\n\n{}", row.about, row.details))
        .override_usage(format!("mksecret {} {} [flags]", row.name, row.name_word))
        .after_long_help(indented(row.examples))
        .after_help(format!("All flags and examples: mksecret {} --help", row.name))
        .next_display_order(None)
}

fn describe_tool(row: &Tool) -> Command {
    row.command()
        .mut_args(shown)
        .max_term_width(100)
        .about(row.about)
        .long_about(format!("{}\n\n{}", row.about, row.details))
        .override_usage(format!("mksecret {} {} [flags]", row.name, row.words))
        .after_help(indented(row.examples))
}

pub(super) fn colour_flag() -> Arg {
    flags::text("color", "WHEN", "Colour messages: auto, always or never [default: auto]")
        .value_parser(|text: &str| text.parse::<Colour>())
        .help_heading("Help")
        .hide_short_help(true)
}

pub(super) fn help_flag() -> Arg {
    flags::switch("help", "Print help: -h in short, --help in full").short('h').help_heading("Help")
}

fn version_flag() -> Arg {
    flags::switch("version", "Print the version").help_heading("Help")
}

/// The help of a type, or of the whole.
pub(super) fn text(row: Option<&SecretType>, long: bool) -> String {
    match row {
        Some(row) => render(describe(row), long),
        // clap knows one heading for all subcommands, so their groups are written here.
        None => render(top().help_template(top_template()), long),
    }
}

/// The help of a subcommand that is no secret type.
pub(super) fn about_tool(row: &Tool, long: bool) -> String {
    render(describe_tool(row), long)
}

fn render(mut command: Command, long: bool) -> String {
    let help = if long { command.render_long_help() } else { command.render_help() };
    help.to_string()
}

fn top_template() -> String {
    let line = |name: &str, about: &str| format!("  {name:<23}{about}\n");
    let types: String = TYPES.iter().map(|row| line(row.name, row.about)).collect();
    let tools: String = TOOLS.iter().map(|row| line(row.name, row.about)).collect();
    let help = line("help", "Print help about the whole, a type or a command");
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\nTypes:\n{types}\nCommands:\n\
         {tools}{help}\n{{all-args}}{{after-help}}"
    )
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

    #[test]
    fn short_help_fits_a_screen() {
        for row in TYPES.iter().map(Some).chain([None]) {
            let help = text(row, false);
            assert!(help.lines().count() <= 40, "{} lines:\n{help}", help.lines().count());
        }
        for row in TOOLS {
            let help = about_tool(row, false);
            assert!(help.lines().count() <= 40, "{} lines:\n{help}", help.lines().count());
        }
    }
}
