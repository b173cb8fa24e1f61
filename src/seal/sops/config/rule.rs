//! The rule that fits.

use super::error::{ConfigError, Place, Unsupported};
use super::keys::{self, Keys};
use super::section::{Fields, Section};
use super::selector::{Selector, SelectorKey};

/// What a rule of `.sops.yaml` asks for a file.
#[derive(Debug)]
pub(crate) struct CreationRule {
    /// Whom the file is encrypted for, or why mksecret cannot do that. Whoever names other keys, as
    /// with sops's `--age`, replaces these.
    pub(crate) keys: Result<Keys, ConfigError>,
    /// Which values are encrypted; `None` if the rule does not say.
    pub(crate) selector: Option<Selector>,
    /// Whether the MAC is of encrypted values only.
    pub(crate) mac_only_encrypted: bool,
    pub(crate) place: Place,
}

pub(super) fn read(rule: &Section<'_, '_>) -> Result<CreationRule, ConfigError> {
    rule.check_keys()?;
    if rule.get("shamir_threshold").is_some() && rule.number("shamir_threshold") != Some(0) {
        let place = rule.place_of("shamir_threshold");
        return Err(ConfigError::Unsupported { place, what: Unsupported::Threshold });
    }
    for key in ["encrypted_comment_regex", "unencrypted_comment_regex"] {
        if rule.text(key).is_some() {
            return Err(ConfigError::Comments { place: rule.place_of(key), key });
        }
    }
    let groups = rule.sections("key_groups", Fields::Group)?;
    for group in &groups {
        group.check_keys()?;
    }
    Ok(CreationRule {
        keys: keys::read(rule, &groups),
        selector: selector(rule)?,
        mac_only_encrypted: rule.boolean("mac_only_encrypted"),
        place: rule.start(),
    })
}

fn selector(rule: &Section<'_, '_>) -> Result<Option<Selector>, ConfigError> {
    let given = |key: SelectorKey| Some((key, rule.text(key.as_str())?));
    let mut all = SelectorKey::ALL.into_iter().filter_map(given);
    let Some((key, text)) = all.next() else { return Ok(None) };
    if let Some((other, _)) = all.next() {
        let keys = [key.as_str(), other.as_str()];
        return Err(ConfigError::TwoSelectors { place: rule.place_of(keys[1]), keys });
    }
    let selector = Selector::new(key, text);
    selector.map(Some).map_err(|fault| rule.regexp_error(key.as_str(), fault))
}
