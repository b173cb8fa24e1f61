//! Which values of a manifest are encrypted.

use regex::Regex;

use crate::golang::regexps::{self, RegexpFault};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelectorKey {
    EncryptedRegex,
    EncryptedSuffix,
    UnencryptedRegex,
    UnencryptedSuffix,
}

impl SelectorKey {
    pub(super) const ALL: [Self; 4] = [
        Self::EncryptedRegex,
        Self::EncryptedSuffix,
        Self::UnencryptedRegex,
        Self::UnencryptedSuffix,
    ];

    /// The key in a rule, and in the metadata of an encrypted file.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::EncryptedRegex => "encrypted_regex",
            Self::EncryptedSuffix => "encrypted_suffix",
            Self::UnencryptedRegex => "unencrypted_regex",
            Self::UnencryptedSuffix => "unencrypted_suffix",
        }
    }
}

/// Tells by the keys on the way to a value whether the value is encrypted.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    key: SelectorKey,
    text: String,
    /// For the two kinds that are regular expressions.
    regex: Option<Regex>,
}

impl Selector {
    pub(crate) fn new(key: SelectorKey, text: &str) -> Result<Self, RegexpFault> {
        let is_regex = matches!(key, SelectorKey::EncryptedRegex | SelectorKey::UnencryptedRegex);
        let regex = is_regex.then(|| regexps::compile(text)).transpose()?;
        Ok(Self { key, text: text.to_owned(), regex })
    }

    pub(crate) fn key(&self) -> SelectorKey {
        self.key
    }

    /// The regular expression or the suffix, as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether sops encrypts a value that is under these keys, from the root of its document. It
    /// tests each of them (`shouldBeEncrypted` in `sops.go`).
    pub(crate) fn is_encrypted(&self, path: &[&str]) -> bool {
        let fits = |key: &&str| match &self.regex {
            Some(regex) => regex.is_match(key),
            None => key.ends_with(&self.text),
        };
        let is_found = path.iter().any(fits);
        match self.key {
            SelectorKey::EncryptedRegex | SelectorKey::EncryptedSuffix => is_found,
            SelectorKey::UnencryptedRegex | SelectorKey::UnencryptedSuffix => !is_found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_path_is_tested() {
        use SelectorKey as S;
        let rows: &[(S, &str, &[&str], bool)] = &[
            (S::EncryptedRegex, "^(data|stringData)$", &["data", "password"], true),
            (S::EncryptedRegex, "^(data|stringData)$", &["metadata", "labels", "data"], true),
            (S::EncryptedRegex, "^(data|stringData)$", &["metadata", "name"], false),
            (S::EncryptedRegex, "data", &["metadata", "name"], true),
            (S::EncryptedRegex, "^data$", &["stringData", "x"], false),
            (S::EncryptedRegex, "^DATA$", &["data", "x"], false),
            (S::EncryptedRegex, "(?i)^DATA$", &["data", "x"], true),
            (S::UnencryptedRegex, "^(kind|metadata)$", &["metadata", "labels", "data"], false),
            (S::UnencryptedRegex, "^(kind|metadata)$", &["data", "kind"], false),
            (S::UnencryptedRegex, "^(kind|metadata)$", &["data", "x"], true),
            (S::EncryptedSuffix, "ata", &["data", "x"], true),
            (S::EncryptedSuffix, "_enc", &["data", "x"], false),
            (S::EncryptedSuffix, "_enc", &["data", "x_enc"], true),
            (S::UnencryptedSuffix, "_unencrypted", &["data", "x"], true),
            (S::UnencryptedSuffix, "_unencrypted", &["data_unencrypted", "x"], false),
            (S::UnencryptedSuffix, ".", &["data", "a.b"], true),
        ];
        for (key, text, path, want) in rows {
            let selector = Selector::new(*key, text).unwrap();
            assert_eq!(selector.is_encrypted(path), *want, "{key:?} {text} {path:?}");
        }
    }
}
