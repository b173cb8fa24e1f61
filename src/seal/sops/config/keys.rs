//! Whom a file is encrypted for.

use std::collections::HashSet;

use super::error::{ConfigError, Unsupported};
use super::recipient::{RecipientFault, check_recipient, fingerprint};
use super::section::{Fields, Section};
use crate::manifest::Node;

/// The keys that a file is encrypted with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// Recipients of age: `age1…`, or public keys of SSH. Repeated ones are kept, as by sops.
    pub(crate) age: Vec<String>,
    /// Fingerprints or long IDs of keys, without blanks.
    pub(crate) pgp: Vec<String>,
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
    for (node, text) in parts(section, "pgp") {
        let error = |fault| ConfigError::Recipient { place: section.place(node.span), fault };
        keys.pgp.push(fingerprint(text).map_err(error)?);
    }
    Ok(())
}

fn add_age(keys: &mut Keys, section: &Section<'_, '_>) -> Result<(), ConfigError> {
    for (node, text) in parts(section, "age") {
        if let Err(fault) = check_recipient(text) {
            let place = section.place(node.span);
            return Err(match fault {
                RecipientFault::Plugin | RecipientFault::PostQuantum => {
                    ConfigError::Unsupported { place, what: Unsupported::Recipient(fault) }
                }
                _ => ConfigError::Recipient { place, fault },
            });
        }
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
    if let Some(text) = node.text() {
        let all = text.split(',').map(|part| (node, part.trim()));
        return all.filter(|(_, part)| !part.is_empty()).collect();
    }
    let texts = node.elements().iter().filter_map(|element| Some((element, element.text()?)));
    texts.flat_map(|(node, text)| text.split(',').map(move |part| (node, part.trim()))).collect()
}
