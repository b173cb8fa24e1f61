//! Whom a file is encrypted for.

use std::collections::HashSet;

use super::error::{ConfigError, Unsupported};
use super::section::{Fields, Section};
use crate::manifest::Node;

/// The keys that a file is encrypted with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// Recipients of age: `age1…`, or public keys of SSH. Repeated ones are kept, as by sops.
    pub(crate) age: Vec<String>,
    /// Fingerprints, without blanks.
    pub(crate) pgp: Vec<String>,
}

/// Why a text is not a recipient that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecipientFault {
    #[error("a recipient is empty")]
    Empty,
    /// It has white space in it.
    #[error("recipients are not separated by commas")]
    NoComma,
    #[error("an age recipient begins with age1, ssh-ed25519 or ssh-rsa")]
    NoRecipient,
    #[error("mksecret does not support age plugins (age1NAME1…)")]
    Plugin,
    #[error("mksecret does not support post-quantum recipients (age1pq1…)")]
    PostQuantum,
    #[error("this is the identity that decrypts, not a recipient")]
    SecretKey,
}

/// Checks of which kind a recipient of age is, not whether it is a valid one.
pub(crate) fn check_recipient(text: &str) -> Result<(), RecipientFault> {
    if text.is_empty() {
        return Err(RecipientFault::Empty);
    }
    if text.to_ascii_uppercase().contains("AGE-SECRET-KEY-") {
        return Err(RecipientFault::SecretKey);
    }
    if text.starts_with("ssh-") {
        return if text.contains(['\n', '\r']) { Err(RecipientFault::NoComma) } else { Ok(()) };
    }
    let Some(rest) = text.strip_prefix("age1") else { return Err(RecipientFault::NoRecipient) };
    if text.contains(char::is_whitespace) {
        return Err(RecipientFault::NoComma);
    }
    // The characters of Bech32 do not include 1, which ends the name before them.
    match rest.rsplit_once('1') {
        None => Ok(()),
        Some(("pq", _)) => Err(RecipientFault::PostQuantum),
        Some(_) => Err(RecipientFault::Plugin),
    }
}

/// The keys of a rule. Its one group of keys, if there is one, replaces those of the rule itself.
pub(super) fn read(
    rule: &Section<'_, '_>,
    groups: &[Section<'_, '_>],
) -> Result<Keys, ConfigError> {
    let mut keys = Keys::default();
    match groups {
        [] => add(&mut keys, rule)?,
        [group] => {
            add_group(&mut keys, group)?;
            keep_first(&mut keys.age);
            keep_first(&mut keys.pgp);
        }
        groups => {
            let what = Unsupported::KeyGroups(groups.len());
            return Err(ConfigError::Unsupported { place: rule.place_of("key_groups"), what });
        }
    }
    Ok(keys)
}

/// Drops repeated keys, as sops does in groups.
fn keep_first(keys: &mut Vec<String>) {
    let mut seen = HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
}

fn add_group(keys: &mut Keys, group: &Section<'_, '_>) -> Result<(), ConfigError> {
    group.check_keys()?;
    for merged in group.sections("merge", Fields::Group)? {
        add_group(keys, &merged)?;
    }
    add(keys, group)
}

fn add(keys: &mut Keys, section: &Section<'_, '_>) -> Result<(), ConfigError> {
    refuse_services(section)?;
    add_age(keys, section)?;
    keys.pgp.extend(parts(section, "pgp").iter().map(|(_, text)| text.replace(' ', "")));
    Ok(())
}

fn add_age(keys: &mut Keys, section: &Section<'_, '_>) -> Result<(), ConfigError> {
    for (node, text) in parts(section, "age") {
        let place = || section.place(node.span);
        check_recipient(text).map_err(|fault| match fault {
            RecipientFault::Plugin | RecipientFault::PostQuantum => {
                let what = Unsupported::Recipient(fault);
                ConfigError::Unsupported { place: place(), what }
            }
            _ => ConfigError::Recipient { place: place(), fault },
        })?;
        keys.age.push(text.to_owned());
    }
    Ok(())
}

fn refuse_services(section: &Section<'_, '_>) -> Result<(), ConfigError> {
    const SERVICES: [&str; 7] = [
        "azure_keyvault",
        "gcp_kms",
        "hc_vault",
        "hc_vault_transit_uri",
        "hckms",
        "kms",
        "plugins",
    ];
    let is_used = |key: &&str| {
        // An empty string is no key of a service, a list of maps has one an element.
        let has_maps = section
            .get(key)
            .is_some_and(|node| node.elements().iter().any(|element| !element.pairs().is_empty()));
        has_maps || parts(section, key).iter().any(|(_, text)| !text.is_empty())
    };
    match SERVICES.into_iter().find(is_used) {
        None => Ok(()),
        Some(key) => {
            let what = Unsupported::Service(key);
            Err(ConfigError::Unsupported { place: section.place_of(key), what })
        }
    }
}

/// The keys of a string or of a list of strings, which sops splits at commas. Only in a string of
/// its own may one be empty.
fn parts<'n, 'a>(section: &Section<'n, 'a>, key: &str) -> Vec<(&'n Node<'a>, &'n str)> {
    let Some(node) = section.get(key) else { return Vec::new() };
    let list = node.elements().iter().filter_map(|node| Some((node, node.text()?)));
    let list = list.flat_map(|(node, text)| text.split(',').map(move |part| (node, part.trim())));
    let own = node.text().unwrap_or_default().split(',').map(|part| (node, part.trim()));
    own.filter(|(_, part)| !part.is_empty()).chain(list).collect()
}
