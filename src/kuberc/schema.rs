//! The fields of a preference, decoded as Kubernetes' JSON decoder does it (`sigs.k8s.io/json`):
//! a field of the wrong type makes the document unusable, an unknown or repeated one is noted.

use std::fmt::Write as _;

use super::error::quoted_name;
use super::node::{Invalid, Node};
use super::policy::PluginPolicy;
use super::preferences::{Alias, Defaults, FlagDefault, Preferences};
use super::version::Version;

/// The most notes that Kubernetes' decoder keeps.
const NOTES_MAX: usize = 100;

/// Decodes a preference, and notes what a strict decoder complains of, in its words.
pub(super) fn decode(
    node: &Node<'_>,
    version: Version,
) -> Result<(Preferences, Vec<String>), Invalid> {
    let (defaults, options, has_policy) = match version {
        Version::V1alpha1 => ("overrides", "flags", false),
        Version::V1beta1 => ("defaults", "options", true),
    };
    let mut decoder = Decoder { options, path: String::new(), notes: Vec::new() };
    let mut preferences = Preferences::default();
    let (mut policy, mut allowlist) = (String::new(), None);
    decoder.object(node, |decoder, field, value| {
        match field {
            "apiVersion" | "kind" => decoder.word(value)?,
            "aliases" => {
                preferences.aliases = decoder.list(value, Decoder::alias)?.unwrap_or_default();
            }
            "credentialPluginPolicy" if has_policy => decoder.text(value, &mut policy)?,
            "credentialPluginAllowlist" if has_policy => {
                allowlist = decoder.list(value, Decoder::allowed)?;
            }
            field if field == defaults => {
                preferences.defaults = decoder.list(value, Decoder::defaults)?.unwrap_or_default();
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    preferences.plugins = PluginPolicy::new(&policy, allowlist);
    Ok((preferences, decoder.notes))
}

/// A value of another type than is wanted.
pub(super) fn shape(path: &str, got: &Node<'_>, wanted: &'static str) -> Invalid {
    Invalid::Shape { path: path.to_owned(), got: got.shape(), wanted }
}

struct Decoder {
    /// The name of the list of flags.
    options: &'static str,
    /// Where the value is that is decoded.
    path: String,
    notes: Vec<String>,
}

impl Decoder {
    /// Hands each known field to `take`, which answers whether it knows it.
    fn object(
        &mut self,
        node: &Node<'_>,
        mut take: impl FnMut(&mut Self, &str, &Node<'_>) -> Result<bool, Invalid>,
    ) -> Result<(), Invalid> {
        let pairs = match node {
            Node::Null => return Ok(()),
            Node::Map(pairs) => pairs,
            other => return Err(shape(&self.path, other, "an object")),
        };
        let mut known: Vec<&str> = Vec::new();
        for (key, value) in pairs {
            let len = self.path.len();
            if len > 0 {
                self.path.push('.');
            }
            self.path.push_str(key);
            if !take(self, key, value)? {
                self.note("unknown");
            } else if known.contains(&&**key) {
                self.note("duplicate");
            } else {
                known.push(key);
            }
            self.path.truncate(len);
        }
        Ok(())
    }

    fn note(&mut self, what: &str) {
        if self.notes.len() < NOTES_MAX {
            let note = format!("{what} field {}", quoted_name(&self.path));
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// A list; `None` if it is null. An element that is null has no field set.
    fn list<T>(
        &mut self,
        node: &Node<'_>,
        decode: impl Fn(&mut Self, &Node<'_>) -> Result<T, Invalid>,
    ) -> Result<Option<Vec<T>>, Invalid> {
        let elements = match node {
            Node::Null => return Ok(None),
            Node::List(elements) => elements,
            other => return Err(shape(&self.path, other, "a list")),
        };
        let mut decoded = Vec::with_capacity(elements.len());
        for (i, element) in elements.iter().enumerate() {
            let len = self.path.len();
            let _ = write!(self.path, "[{i}]");
            decoded.push(decode(self, element)?);
            self.path.truncate(len);
        }
        Ok(Some(decoded))
    }

    /// A string; null leaves it as it is.
    fn text(&self, node: &Node<'_>, text: &mut String) -> Result<(), Invalid> {
        if let Some(given) = self.string(node)? {
            given.clone_into(text);
        }
        Ok(())
    }

    fn word(&mut self, node: &Node<'_>) -> Result<(), Invalid> {
        self.string(node).map(drop)
    }

    fn string<'a>(&self, node: &'a Node<'_>) -> Result<Option<&'a str>, Invalid> {
        match node {
            Node::Null => Ok(None),
            Node::Text(text) => Ok(Some(text)),
            other => Err(shape(&self.path, other, "a string")),
        }
    }

    fn defaults(&mut self, node: &Node<'_>) -> Result<Defaults, Invalid> {
        let mut defaults = Defaults::default();
        let options = self.options;
        self.object(node, |decoder, field, value| {
            match field {
                "command" => decoder.text(value, &mut defaults.command)?,
                field if field == options => {
                    defaults.options = decoder.list(value, Self::option)?.unwrap_or_default();
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(defaults)
    }

    fn option(&mut self, node: &Node<'_>) -> Result<FlagDefault, Invalid> {
        let mut option = FlagDefault::default();
        self.object(node, |decoder, field, value| {
            match field {
                "name" => decoder.text(value, &mut option.name)?,
                "default" => decoder.text(value, &mut option.value)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(option)
    }

    fn alias(&mut self, node: &Node<'_>) -> Result<Alias, Invalid> {
        let mut alias = Alias::default();
        let options = self.options;
        self.object(node, |decoder, field, value| {
            match field {
                "name" => decoder.text(value, &mut alias.name)?,
                "command" => decoder.text(value, &mut alias.command)?,
                "prependArgs" | "appendArgs" => {
                    alias.words += decoder.list(value, Self::word)?.unwrap_or_default().len();
                }
                field if field == options => {
                    alias.options = decoder.list(value, Self::option)?.unwrap_or_default();
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(alias)
    }

    /// An allowed plugin: `name` is the old word for `command`.
    fn allowed(&mut self, node: &Node<'_>) -> Result<String, Invalid> {
        let (mut name, mut command) = (String::new(), String::new());
        self.object(node, |decoder, field, value| {
            match field {
                "name" => decoder.text(value, &mut name)?,
                "command" => decoder.text(value, &mut command)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        match (name.is_empty(), command.is_empty()) {
            (false, false) if name != command => {
                Err(Invalid::NameAndCommand { path: self.path.clone() })
            }
            (true, _) => Ok(command),
            _ => Ok(name),
        }
    }
}
