//! The command's definition, and its help.

use clap::{Arg, ArgAction, Command};

use super::{cluster_flags, cluster_request, common};
use crate::flags;
use crate::types::{SecretType, TYPES};

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
    let top = top().arg(shown(version_flag())).subcommand_required(true);
    TYPES.iter().fold(top, |top, row| top.subcommand(describe(row)))
}

/// The definition of one subcommand, without its help's texts: what its flags are read with.
pub fn subcommand(secret_type: &SecretType) -> Command {
    bare(secret_type.name)
        .args((secret_type.flags)().into_iter().map(|flag| flag.help_heading(CONTENTS)))
        .args(common::flags())
        .args(cluster_request::flags())
        .args(cluster_flags::flags())
        .arg(help_flag())
}

/// The flags that stand without a subcommand.
pub(super) fn top_flags() -> Command {
    bare("mksecret").args(cluster_flags::flags()).args([help_flag(), version_flag()])
}

/// A command whose words the grammar of `argv` has put in order.
fn bare(name: &'static str) -> Command {
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
        .subcommand_help_heading("Types")
        .after_help(TOP_EXAMPLES)
        .args(cluster_flags::flags())
        .arg(help_flag())
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
    shown = shown.long(arg.get_long().map(str::to_owned).unwrap_or_default());
    shown = shown.help(arg.get_help().cloned().unwrap_or_default()).hide_short_help(hidden);
    shown = shown.help_heading(arg.get_help_heading().unwrap_or(CONTENTS).to_owned());
    match arg.get_short() {
        Some(short) => shown.short(short),
        None => shown,
    }
}

fn describe(row: &SecretType) -> Command {
    let examples: String = row.examples.lines().fold("Examples:".to_owned(), |text, line| {
        if line.is_empty() { text + "\n" } else { text + "\n  " + line }
    });
    subcommand(row)
        .mut_args(shown)
        .max_term_width(100)
        .about(row.about)
        .long_about(format!("{}\n\n{}", row.about, row.details))
        .override_usage(format!("mksecret {} {} [flags]", row.name, row.name_word))
        .after_long_help(examples)
        .after_help(format!("All flags and examples: mksecret {} --help", row.name))
        .next_display_order(None)
}

fn help_flag() -> Arg {
    flags::switch("help", "Print help: -h in short, --help in full").short('h').help_heading("Help")
}

fn version_flag() -> Arg {
    flags::switch("version", "Print the version").help_heading("Help")
}

/// The help of a type, or of the whole.
pub(super) fn text(row: Option<&SecretType>, long: bool) -> String {
    let mut command = match row {
        Some(row) => describe(row),
        None => command(),
    };
    let help = if long { command.render_long_help() } else { command.render_help() };
    help.to_string()
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
    }

    #[test]
    fn short_help_fits_a_screen() {
        for row in TYPES.iter().map(Some).chain([None]) {
            let help = text(row, false);
            assert!(help.lines().count() <= 40, "{} lines:\n{help}", help.lines().count());
        }
    }
}
