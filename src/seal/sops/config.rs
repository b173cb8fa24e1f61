//! `.sops.yaml`: what sops is to do with which file.
//!
//! Read as by sops 3.11 (`config/config.go`), with two differences. A rule that sops would follow
//! into plain text, or into a file that no tool of Kubernetes reads, is an error: a selector that
//! does not compile, a key that is misspelt. Keys of cloud services and groups of keys are errors
//! too, which [`ConfigError::needs_sops`] tells apart.

mod error;
mod keys;
mod lookup;
mod recipient;
mod rule;
mod section;
mod selector;

use std::path::{Path, PathBuf};

pub(crate) use error::{ConfigError, Place};
pub(crate) use keys::Keys;
pub(crate) use recipient::{RecipientFault, check_recipient, fingerprint};
pub(crate) use rule::CreationRule;
pub(crate) use selector::{Selector, SelectorKey};

use self::section::{Fields, Section};
use crate::golang::regexps;
use crate::manifest::{self, Content, Documents, Node};
use crate::sources::{Inputs, ReadError, WorkingDirectory};

/// The rule of a configuration for a file.
#[derive(Debug)]
pub(crate) enum RuleMatch {
    Found(Box<CreationRule>),
    /// No rule fits. sops fails, whatever keys its command line names.
    NoneFits,
    /// The file has no `creation_rules`. sops goes on as if there were no file.
    NoRules,
}

/// A configuration, as far as it concerns a file.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) path: PathBuf,
    pub(crate) rule: RuleMatch,
    /// The columns of a level in YAML (`stores.yaml.indent`), from 2 to 9.
    pub(crate) yaml_indent: Option<usize>,
}

/// What was found in place of a configuration, or with it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) config: Option<Config>,
    /// A `.sops.yml`, which sops ignores with a warning.
    pub(crate) ignored: Option<PathBuf>,
}

/// Finds the configuration as sops does, and its rule for `file`: the first one whose `path_regex`
/// fits. Without a file it is the first rule without a `path_regex`.
pub(crate) fn find(inputs: &Inputs, file: Option<&Path>) -> Result<Found, ConfigError> {
    let here = inputs.working_directory().map_err(ConfigError::WorkingDirectory)?;
    find_from(inputs, &here, file)
}

fn find_from(
    inputs: &Inputs,
    here: &WorkingDirectory,
    file: Option<&Path>,
) -> Result<Found, ConfigError> {
    let (path, ignored) = lookup::config(inputs, here);
    let Some(path) = path else { return Ok(Found { config: None, ignored }) };
    let text = match inputs.read(&here.real.join(&path)) {
        Ok(text) => text,
        Err(error) => return Err(ConfigError::Read(ReadError { path, ..error })),
    };
    let below = file.map(|file| lookup::below_config(here, file, &path));
    let config = read(text.as_bytes(), &path, below.as_deref())?;
    Ok(Found { config: Some(config), ignored })
}

/// Reads a configuration. `file` is what a `path_regex` is searched in.
fn read(text: &[u8], path: &Path, file: Option<&str>) -> Result<Config, ConfigError> {
    let fault = |fault: manifest::Fault| ConfigError::Syntax {
        place: Place { config: path.to_owned(), line: fault.line, column: fault.column },
        reason: fault.reason,
    };
    // Comments before a first `---` are a document of their own to kubectl, not to sops.
    for document in Documents::new(text) {
        let tree = manifest::read(&document.map_err(fault)?, &mut Some).map_err(fault)?;
        if tree.root.content != Content::Null {
            return read_root(&tree.root, path, file);
        }
    }
    Ok(Config { path: path.to_owned(), rule: RuleMatch::NoRules, yaml_indent: None })
}

fn read_root(root: &Node<'_>, path: &Path, file: Option<&str>) -> Result<Config, ConfigError> {
    let section = Section::new(root, path, Fields::Root)?;
    let yaml_indent = yaml_indent(&section)?;
    let rule = match section.get("creation_rules") {
        // What else is at the top may be anchors for recipients.
        None => match section.similar_key("creation_rules") {
            Some(error) => return Err(error),
            None => RuleMatch::NoRules,
        },
        Some(rules) => match find_rule(rules, path, file)? {
            Some(rule) => RuleMatch::Found(Box::new(rule::read(&rule)?)),
            None => RuleMatch::NoneFits,
        },
    };
    Ok(Config { path: path.to_owned(), rule, yaml_indent })
}

/// libyaml takes 2 for what is not from 2 to 9, and sops 4 for 0.
fn yaml_indent(root: &Section<'_, '_>) -> Result<Option<usize>, ConfigError> {
    let Some(stores) = root.section("stores", Fields::Stores)? else { return Ok(None) };
    let Some(yaml) = stores.section("yaml", Fields::Store)? else { return Ok(None) };
    let Some(indent) = yaml.get("indent") else { return Ok(None) };
    match yaml.number("indent") {
        Some(0) => Ok(None),
        Some(columns @ 2..=9) => Ok(Some(columns)),
        Some(_) => Ok(Some(2)),
        None => Err(ConfigError::Indent { place: yaml.place(indent.span) }),
    }
}

fn find_rule<'n, 'a>(
    rules: &'n Node<'a>,
    path: &'n Path,
    file: Option<&str>,
) -> Result<Option<Section<'n, 'a>>, ConfigError> {
    let mut found = None;
    for rule in rules.elements().iter().filter(|rule| rule.content != Content::Null) {
        // sops decodes all rules before it looks at any.
        let section = Section::new(rule, path, Fields::Rule)?;
        section.sections("key_groups", Fields::Group)?;
        if found.is_none() && fits(&section, file)? {
            found = Some(section);
        }
    }
    Ok(found)
}

fn fits(rule: &Section<'_, '_>, file: Option<&str>) -> Result<bool, ConfigError> {
    let Some(pattern) = rule.text("path_regex") else { return Ok(true) };
    let regex =
        regexps::compile(pattern).map_err(|fault| rule.regexp_error("path_regex", fault))?;
    Ok(file.is_some_and(|file| regex.is_match(file)))
}

#[cfg(test)]
mod tests;
