//! The command's definition, and its help.

use clap::Command;
use clap::builder::ValueParser;

use super::tools::{TOOLS, Tool};
use super::{cluster_flags, cluster_request, common};
use crate::flags::{self, Flag};
use crate::types::{SecretType, TYPES};
use crate::ui::Colour;

/// The heading of a type's own flags.
const CONTENTS: &str = "Contents";
const HELP: &str = "Help";
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

/// All of it as a command of clap's: what manual pages are made of.
pub fn command() -> Command {
    let top = top().subcommand_required(true);
    let top = TYPES.iter().fold(top, |top, row| top.subcommand(describe(row)));
    TOOLS.iter().fold(top, |top, row| top.subcommand(describe_tool(row)))
}

/// The flags of a type: its own and all that every type has.
pub fn flags_of(row: &SecretType) -> Vec<Flag> {
    let mut all = (row.flags)();
    for flag in &mut all {
        *flag = flag.heading(CONTENTS);
    }
    all.extend(common::flags());
    all.extend(cluster_request::flags());
    all.extend(cluster_flags::flags().filter(|flag| !row.takes_over.contains(&flag.name)));
    all.extend([colour_flag(), help_flag()]);
    all
}

/// The flags that stand without a subcommand.
pub(super) fn top_flags() -> Vec<Flag> {
    let mut all: Vec<_> = cluster_flags::flags().collect();
    all.extend([colour_flag(), version_flag(), help_flag()]);
    all
}

fn top() -> Command {
    flags::command("mksecret")
        .about(TOP_ABOUT)
        .long_about(format!("{TOP_ABOUT}\n\n{TOP_DETAILS}"))
        .override_usage("mksecret TYPE [NAME] [flags]")
        .after_help(TOP_EXAMPLES)
        .args(top_flags().iter().map(Flag::documented))
        .max_term_width(100)
}

/// Examples as help shows them.
fn indented(examples: &str) -> String {
    examples.lines().fold("Examples:".to_owned(), |text, line| {
        if line.is_empty() { text + "\n" } else { text + "\n  " + line }
    })
}

fn describe(row: &SecretType) -> Command {
    flags::command(row.name)
        .args(flags_of(row).iter().map(Flag::documented))
        .max_term_width(100)
        .about(row.about)
        .long_about(format!("{}\n\n{}", row.about, row.details))
        .override_usage(format!("mksecret {} {} [flags]", row.name, row.name_word))
        .after_long_help(indented(row.examples))
        .after_help(format!("All flags and examples: mksecret {} --help", row.name))
        .next_display_order(None)
}

fn describe_tool(row: &Tool) -> Command {
    flags::command(row.name)
        .args(row.all_flags().iter().map(Flag::documented))
        .max_term_width(100)
        .about(row.about)
        .long_about(format!("{}\n\n{}", row.about, row.details))
        .override_usage(format!("mksecret {} {} [flags]", row.name, row.words))
        .after_help(indented(row.examples))
}

pub(super) const fn colour_flag() -> Flag {
    let flag =
        flags::text("color", "WHEN", "Colour messages: auto, always or never [default: auto]");
    let read = || ValueParser::new(|text: &str| text.parse::<Colour>());
    flag.read_by(read).heading(HELP).rare()
}

pub(super) const fn help_flag() -> Flag {
    flags::switch("help", "Print help: -h in short, --help in full").short('h').heading(HELP)
}

const fn version_flag() -> Flag {
    flags::switch("version", "Print the version").heading(HELP)
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
