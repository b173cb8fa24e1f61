//! kubectl's preferences (`kuberc`): defaults for flags, and which credential plugins may run.
//!
//! kubectl reads this file before it parses its flags, and so does the command line here: `location`
//! finds the file, `document` finds the first preference in it that kubectl would use, `schema`
//! decodes that with kubectl's warnings, `policy` checks and applies the plugin policy. Which of the
//! defaults belong to a command line is up to `cli`, which knows commands and flags.
//!
//! A default may be a password: no message of this module holds one.

mod block;
mod document;
mod error;
mod json;
mod location;
mod node;
mod policy;
mod schema;
mod yaml;

use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::sources::{Inputs, Limit, shown_path};
use document::Found;
pub use error::{KubercError, ReadFault};
pub(crate) use error::{quoted_name, shown_name};
use location::Location;
pub use policy::{PluginPolicy, PolicyFault, Refused, plugin_path};

/// The most bytes of a file.
const LIMIT: Limit = Limit(8 << 20);

/// What a file says. Without a file, nothing.
#[derive(Debug, Default)]
pub struct Preferences {
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
pub struct Defaults {
    /// The command as it is written, such as `create secret generic`.
    pub command: String,
    /// Its flags.
    pub options: Vec<FlagDefault>,
}

/// The default of one flag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlagDefault {
    /// The flag's long name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Another name for a command, which kubectl expands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// The command that it stands for.
    pub command: String,
    /// Flags that it sets.
    pub options: Vec<FlagDefault>,
    /// How many words it adds.
    pub words: usize,
}

/// The preferences of a run, read when they are first asked for.
pub struct Kuberc {
    inputs: Inputs,
    read: OnceCell<Preferences>,
}

impl Default for Kuberc {
    fn default() -> Self {
        Self::new(Inputs::system(LIMIT))
    }
}

impl Kuberc {
    /// Preferences of this environment.
    pub fn new(inputs: Inputs) -> Self {
        Self { inputs, read: OnceCell::new() }
    }

    /// Whether `KUBECTL_KUBERC` turns the feature off, and `--kuberc` with it.
    pub fn is_off(&self) -> bool {
        let feature = self.inputs.variable(OsStr::new("KUBECTL_KUBERC"));
        feature.is_some_and(|value| value.eq_ignore_ascii_case("false"))
    }

    /// Reads the file that the words of the command line or the environment name, once.
    pub fn read(&self, words: &[OsString]) -> Result<&Preferences, KubercError> {
        if self.read.get().is_none() {
            let _ = self.read.set(self.load(words)?);
        }
        Ok(self.read.get_or_init(Preferences::default))
    }

    /// What was read so far.
    pub fn known(&self) -> Option<&Preferences> {
        self.read.get()
    }

    fn load(&self, words: &[OsString]) -> Result<Preferences, KubercError> {
        if self.is_off() {
            return Ok(Preferences::default());
        }
        let Some(Location { path, is_explicit }) = location::find(words, &self.inputs)? else {
            return Ok(Preferences::default());
        };
        let bytes = match location::read(&path, &self.inputs) {
            Ok(bytes) => bytes,
            Err(fault) if !is_explicit && fault.is_missing() => return Ok(Preferences::default()),
            Err(fault) => return unusable(path, fault, is_explicit, Vec::new()),
        };
        let mut log = Vec::new();
        match document::find(bytes.as_bytes(), &shown_path(&path), &mut log) {
            Ok(Found { mut preferences, strict }) => {
                preferences.check(&path)?;
                if !strict.is_empty() {
                    preferences.warnings.push(format!(
                        "kuberc: ignoring strict decoding error in {}: strict decoding error: {}",
                        shown_path(&path),
                        strict.join(", ")
                    ));
                }
                Ok(Preferences { file: Some(path), log, ..preferences })
            }
            Err(None) => Ok(Preferences { log, ..Preferences::default() }),
            Err(Some(fault)) => unusable(path, fault, is_explicit, log),
        }
    }
}

/// kubectl fails on a file that was asked for, and only warns of the usual one.
fn unusable(
    path: PathBuf,
    fault: ReadFault,
    is_explicit: bool,
    log: Vec<String>,
) -> Result<Preferences, KubercError> {
    if is_explicit {
        return Err(KubercError::Read { path, fault });
    }
    let shown = shown_path(&path);
    let warning = format!("kuberc: no preferences loaded from {shown}: {}", fault.words(&path));
    Ok(Preferences { warnings: vec![warning], log, ..Preferences::default() })
}

impl Preferences {
    /// kubectl's checks of a decoded file (`validate` of its package `kuberc`).
    fn check(&self, path: &std::path::Path) -> Result<(), KubercError> {
        let mut names: Vec<&str> = Vec::new();
        let options = self.aliases.iter().flat_map(|alias| &alias.options);
        let options = options.chain(self.defaults.iter().flat_map(|entry| &entry.options));
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
        for option in options {
            if option.name.starts_with('-') {
                let (path, name) = (path.to_owned(), shown_name(&option.name));
                return Err(KubercError::DashedName { path, name });
            }
        }
        self.plugins.check().map_err(|fault| KubercError::Policy { path: path.to_owned(), fault })
    }
}
