//! What kubectl's preferences hold, once they are decoded.

use std::path::{Path, PathBuf};

use super::error::{KubercError, shown_name};
use super::policy::PluginPolicy;

/// What a file says. Without a file, nothing.
#[derive(Debug, Default)]
pub(crate) struct Preferences {
    /// The file, where one was used.
    pub file: Option<PathBuf>,
    /// The defaults, in their order.
    pub defaults: Vec<Defaults>,
    /// The aliases, in their order.
    pub aliases: Vec<Alias>,
    /// Which credential plugins may run.
    pub plugins: PluginPolicy,
    /// Warnings about the file, in kubectl's words.
    pub warnings: Vec<String>,
    /// What was read, for `-v=5` and above.
    pub log: Vec<String>,
}

/// The defaults of one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Defaults {
    /// The command as it is written, such as `create secret generic`.
    pub command: String,
    pub options: Vec<FlagDefault>,
}

/// The default of one flag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FlagDefault {
    pub name: String,
    pub value: String,
}

/// Another name for a command, which kubectl expands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alias {
    pub name: String,
    /// The command that it stands for.
    pub command: String,
    pub options: Vec<FlagDefault>,
    /// How many words it adds.
    pub words: usize,
}

impl Preferences {
    /// kubectl's checks of a decoded file (`validate` of its package `kuberc`).
    pub(super) fn check(&self, path: &Path) -> Result<(), KubercError> {
        let mut names: Vec<&str> = Vec::new();
        let of_aliases = self.aliases.iter().flat_map(|alias| &alias.options);
        let of_defaults = self.defaults.iter().flat_map(|entry| &entry.options);
        for alias in &self.aliases {
            if alias.name.is_empty() || !alias.name.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(KubercError::AliasName { path: path.to_owned() });
            }
            names.push(&alias.name);
        }
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(KubercError::AliasTwice {
                path: path.to_owned(),
                name: twice[0].to_owned(),
            });
        }
        for option in of_aliases.chain(of_defaults) {
            if option.name.starts_with('-') {
                let (path, name) = (path.to_owned(), shown_name(&option.name));
                return Err(KubercError::DashedName { path, name });
            }
        }
        self.plugins.check().map_err(|fault| KubercError::Policy { path: path.to_owned(), fault })
    }
}
