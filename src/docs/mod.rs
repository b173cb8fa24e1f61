//! The files beside the binary: completion scripts and manual pages. Nothing is read or written
//! here; a test holds the folders `completions/` and `man/` to what this says.

mod command;
mod man;
mod notes;

use crate::cli::Shell;

pub use man::pages;

/// The completion scripts with their names in `completions/`. They are kept there as files of
/// their own: each asks the tool what may follow, so that none has to know a flag.
pub const COMPLETIONS: &[(&str, &str)] = &[
    ("_mksecret", include_str!("../../completions/_mksecret")),
    ("kubectl_complete-mksecret", include_str!("../../completions/kubectl_complete-mksecret")),
    ("mksecret.bash", include_str!("../../completions/mksecret.bash")),
    ("mksecret.elv", include_str!("../../completions/mksecret.elv")),
    ("mksecret.fish", include_str!("../../completions/mksecret.fish")),
    ("mksecret.ps1", include_str!("../../completions/mksecret.ps1")),
];

/// The script of a shell.
pub(crate) fn completion(shell: Shell) -> &'static str {
    let name = match shell {
        Shell::Bash => "mksecret.bash",
        Shell::Elvish => "mksecret.elv",
        Shell::Fish => "mksecret.fish",
        Shell::PowerShell => "mksecret.ps1",
        Shell::Zsh => "_mksecret",
    };
    COMPLETIONS.iter().find(|(file, _)| *file == name).map(|(_, text)| *text).unwrap_or_default()
}
