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
mod preferences;
mod schema;
mod version;
mod yaml;

use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::sources::{Inputs, Limit, shown_path};
use document::DecodedPreference;
pub(crate) use error::{KubercError, ReadFault};
pub(crate) use error::{quoted_name, shown_name};
use location::Location;
pub(crate) use policy::{PluginPolicy, Refused, plugin_path};
pub(crate) use preferences::{Alias, Preferences};

/// The most bytes of a file.
const LIMIT: Limit = Limit(8 << 20);

/// The preferences of a run, read when they are first asked for.
pub(crate) struct Kuberc {
    inputs: Inputs,
    read: OnceCell<Preferences>,
}

impl Default for Kuberc {
    fn default() -> Self {
        Self::new(Inputs::system(LIMIT))
    }
}

impl Kuberc {
    pub(crate) fn new(inputs: Inputs) -> Self {
        Self { inputs, read: OnceCell::new() }
    }

    /// Whether `KUBECTL_KUBERC` turns the feature off, and `--kuberc` with it.
    pub(crate) fn is_off(&self) -> bool {
        let feature = self.inputs.variable(OsStr::new("KUBECTL_KUBERC"));
        feature.is_some_and(|value| value.eq_ignore_ascii_case("false"))
    }

    /// Reads the file that the words of the command line or the environment name, once.
    pub(crate) fn read(&self, words: &[OsString]) -> Result<&Preferences, KubercError> {
        if self.read.get().is_none() {
            let _ = self.read.set(self.load(words)?);
        }
        Ok(self.read.get_or_init(Preferences::default))
    }

    /// What was read so far.
    pub(crate) fn known(&self) -> Option<&Preferences> {
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
            Ok(DecodedPreference { mut preferences, strict }) => {
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
