//! The subcommands that are no secret types: a row each, as the types have theirs in `types`.

use std::ffi::OsString;
use std::str::FromStr;

use super::help::{colour_flag, help_flag};
use super::{CliError, New, Request, Surplus, cluster_flags};
use crate::flags::Flag;
use crate::types::TYPES;

/// A subcommand that is no secret type, as the command line knows it.
pub struct Tool {
    /// The subcommand.
    pub name: &'static str,
    /// The first line of its help.
    pub about: &'static str,
    /// What its help says beyond that.
    pub details: &'static str,
    /// Command lines that show how it is used, with a comment above each.
    pub examples: &'static str,
    /// What stands behind its name in its usage line.
    pub words: &'static str,
    /// Its own flags.
    pub flags: fn() -> Vec<Flag>,
    /// What its words, and the flags among them as they were given, ask for.
    pub(super) request: fn(&[OsString], Vec<OsString>) -> Result<Request, CliError>,
}

/// All of them, in the order of the help.
pub const TOOLS: &[Tool] = &[NEW, COMPLETION];

impl Tool {
    /// Its own flags and those of all. kubectl's global flags are taken here too, and not shown.
    pub(super) fn all_flags(&self) -> Vec<Flag> {
        let mut all = (self.flags)();
        all.extend(cluster_flags::flags().map(Flag::hidden));
        all.extend([colour_flag(), help_flag()]);
        all
    }
}

const NEW: Tool = Tool {
    name: "new",
    about: "Lead the way to a Secret, question by question",
    details: "\
Asks on the terminal for a type, a name, sources and what else the type takes, looks at each answer,
and shows what it comes to, values hidden. Then the Secret is printed, created or applied, and the
command that does the same is shown; no secret is in it. Standard input is not read, and standard
output gets the Secret alone. The flags that name a cluster and a namespace may be given along.",
    examples: "\
# Start with nothing
mksecret new

# A type, a name and a namespace are known
mksecret new tls web -n shop

# Print the Secret into a file: questions stay on the terminal
mksecret new docker-registry pull > pull.yaml",
    words: "[TYPE [NAME]]",
    flags: Vec::new,
    request: |words, flags| {
        let (secret_type, name) = match words {
            [] => (None, None),
            [word, rest @ ..] => {
                let row = TYPES.iter().find(|row| word == row.name);
                let row = row.ok_or_else(|| super::unknown_command(words))?;
                match rest.len() {
                    1.. if row.name_optional => {
                        return Err(CliError::NameIsMade { subcommand: row.name });
                    }
                    got @ 2.. => {
                        return Err(CliError::NameCount {
                            got,
                            subcommand: "new",
                            parted: None,
                            typeset: false,
                        });
                    }
                    _ => {}
                }
                (Some(row), rest.first().cloned())
            }
        };
        // How messages look is no part of what is asked for.
        let flags = flags.into_iter();
        let flags = flags.filter(|flag| !flag.as_encoded_bytes().starts_with(b"--color="));
        Ok(Request::New(New { secret_type, name, flags: flags.collect() }))
    },
};

const COMPLETION: Tool = Tool {
    name: "completion",
    about: "Print the script with which a shell completes mksecret",
    details: "\
The shell is bash, zsh, fish, elvish or powershell. Completed are subcommands, flags and what flags
take: files, keys, types, contexts and namespaces of the kubeconfig, hosts of the Docker
configuration. Installed packages bring the scripts along.",
    examples: "\
# In this bash, and in every one from now on
source <(mksecret completion bash)
echo 'source <(mksecret completion bash)' >> ~/.bashrc

# zsh, in a folder of $fpath
mksecret completion zsh > ~/.zsh/completions/_mksecret

# fish
mksecret completion fish > ~/.config/fish/completions/mksecret.fish",
    words: "SHELL",
    flags: Vec::new,
    request: |words, _| match words {
        [word] => match word.to_str().and_then(|word| word.parse().ok()) {
            Some(shell) => Ok(Request::Completion(shell)),
            None => Err(CliError::NoShell { words: Surplus::of(words) }),
        },
        _ => Err(CliError::NoShell { words: Surplus { first: None, count: words.len() } }),
    },
};

/// A shell that can be taught to complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// GNU Bash, from 3.2.
    Bash,
    /// Elvish.
    Elvish,
    /// fish.
    Fish,
    /// PowerShell.
    PowerShell,
    /// zsh.
    Zsh,
}

impl Shell {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Bash, Self::Zsh, Self::Fish, Self::Elvish, Self::PowerShell];

    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Elvish => "elvish",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
            Self::Zsh => "zsh",
        }
    }

    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl FromStr for Shell {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|shell| shell.name() == text).ok_or(())
    }
}
