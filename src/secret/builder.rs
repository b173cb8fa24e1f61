//! From entries to a Secret.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{DataKey, Metadata, Namespace, SecretName, Text, Value};

/// A finished Secret with the API's field names.
#[derive(Debug, PartialEq, Eq)]
pub struct Secret {
    /// `metadata.name`.
    pub name: SecretName,
    /// `metadata.namespace`, where one was asked for.
    pub namespace: Option<Namespace>,
    /// `metadata.labels` and `metadata.annotations`.
    pub metadata: Metadata,
    /// `type`; empty is left out, and the API server makes it `Opaque`.
    pub secret_type: Text,
    /// `data`, decoded.
    pub data: BTreeMap<DataKey, Value>,
    /// `immutable`, left out when false.
    pub immutable: bool,
}

impl Secret {
    /// A second copy of the Secret and its values, for a delivery that may be repeated.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let data = self.data.iter().map(|(key, value)| (key.clone(), value.duplicate()));
        Self {
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            metadata: Metadata {
                labels: self.metadata.labels.clone(),
                annotations: self.metadata.annotations.clone(),
            },
            secret_type: self.secret_type.clone(),
            data: data.collect(),
            immutable: self.immutable,
        }
    }
}

/// Collects what a Secret is made of.
#[derive(Debug)]
pub struct SecretBuilder(Secret);

impl SecretBuilder {
    /// Starts a Secret of that name and type string, without data.
    pub fn new(name: SecretName, secret_type: impl Into<Text>) -> Self {
        Self(Secret {
            name,
            namespace: None,
            metadata: Metadata::default(),
            secret_type: secret_type.into(),
            data: BTreeMap::new(),
            immutable: false,
        })
    }

    /// Sets the namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: Option<Namespace>) -> Self {
        self.0.namespace = namespace;
        self
    }

    #[cfg(test)]
    #[must_use]
    pub(crate) fn metadata(mut self, metadata: Metadata) -> Self {
        self.0.metadata = metadata;
        self
    }

    #[cfg(test)]
    #[must_use]
    pub(crate) fn immutable(mut self, immutable: bool) -> Self {
        self.0.immutable = immutable;
        self
    }

    /// Sets an annotation.
    pub fn annotate(&mut self, key: &str, value: &str) {
        let value = Zeroizing::new(value.to_owned());
        self.0.metadata.annotations.insert(key.to_owned(), value);
    }

    /// Adds a value. A key that is there already is an error and keeps its first value.
    pub fn add(&mut self, key: DataKey, value: Value) -> Result<(), DuplicateKey> {
        if self.0.data.contains_key(&key) {
            return Err(DuplicateKey(key));
        }
        self.0.data.insert(key, value);
        Ok(())
    }

    /// The value under a key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.0.data.iter().find(|(own, _)| own.as_str() == key).map(|(_, value)| value)
    }

    /// The Secret.
    pub fn build(self) -> Secret {
        self.0
    }
}

/// A key was given twice.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("another key by that name already exists")]
pub struct DuplicateKey(pub DataKey);
