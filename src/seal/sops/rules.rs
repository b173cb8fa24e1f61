//! What people regret of a Secret that SOPS encrypts.

use crate::secret::Secret;
use crate::validate::{At, Finding, Place, Rule, RuleInfo};

pub(crate) static RULES: &[&RuleInfo] = &[&EMPTY, &STRING_DATA];

static EMPTY: RuleInfo = RuleInfo::warning(
    "sops/empty-value",
    "SOPS does not encrypt an empty value: whoever reads the file sees that it is empty.",
);
pub(crate) static STRING_DATA: RuleInfo = RuleInfo::note(
    "sops/string-data",
    "The encrypted values are under stringData. If the manifest is applied without being decrypted, and \
     without validation, the API server stores the encrypted text as the value. It rejects encrypted \
     text under data, which is not base64.",
);

#[derive(Debug, thiserror::Error)]
enum SopsFinding {
    #[error("SOPS does not encrypt an empty value")]
    Empty,
    #[error(
        "note: under stringData, a cluster stores the encrypted text if nothing decrypts the file"
    )]
    Text,
}

impl Rule for SopsFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Empty => &EMPTY,
            Self::Text => &STRING_DATA,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        match self {
            Self::Empty => Vec::new(),
            Self::Text => vec!["leave out --string-data".to_owned()],
        }
    }
}

/// What to warn of; `is_text` tells whether text values are printed under `stringData`.
pub(crate) fn findings(secret: &Secret, is_text: bool) -> Vec<Finding> {
    let values = secret.data.iter().filter(|(_, value)| value.is_empty());
    let empty = values.map(|(key, _)| {
        let place = Some(Place::Key(key.as_str().to_owned()));
        Finding { place, ..Finding::new(SopsFinding::Empty) }
    });
    let has_text = is_text && secret.data.values().any(|value| value.as_text().is_some());
    empty.chain(has_text.then(|| Finding::new(SopsFinding::Text))).collect()
}
