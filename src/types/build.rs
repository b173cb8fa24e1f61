//! What all types have in common while they build: what they are given, what they give back.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::BuildError;
use super::empty::EmptyValues;
use super::error::Duplicate;
use crate::flags::Given;
use crate::reach::{FindEndpoint, Reach};
use crate::secret::{DataKey, DuplicateKey, Namespace, SecretBuilder, SecretName, Text, Value};
use crate::sources::{Inputs, Origin, bytes_of};
use crate::validate::{Finding, Rule};

/// What a type builds from.
pub(crate) struct Build<'a> {
    pub flags: &'a Given,
    /// NAME, where it was given.
    pub name: Option<OsString>,
    /// `-n`, where it was given and is not empty.
    pub namespace: Option<Namespace>,
    /// What happens to an empty value.
    pub empty_values: EmptyValues,
    /// Whether a missing password or passphrase is asked for, if the user is at a terminal.
    pub asks_for_missing: bool,
    /// Whether what was built is judged: not with `--validate=ignore`.
    pub is_judged: bool,
    /// Whether a Secret without values is unlikely to be meant.
    pub wants_values: bool,
    pub inputs: &'a Inputs,
    /// How the cluster is reached that the Secret is for.
    pub reach: &'a Reach,
    /// Finds that cluster's API server.
    pub endpoint: FindEndpoint,
}

impl Build<'_> {
    /// A Secret of the given type string under NAME, in the namespace of `-n`.
    pub(super) fn start(&self, secret_type: impl Into<Text>) -> Built {
        let word = self.name.clone().unwrap_or_default();
        let name = SecretName(Text::from_bytes(&bytes_of(&word)));
        let built = Built::new(name, secret_type, self.namespace.clone());
        Built { wants_values: self.wants_values, ..built }
    }
}

/// What a type gives back.
#[derive(Debug)]
pub(crate) struct Built {
    /// The Secret, without labels, annotations and name suffix.
    pub secret: SecretBuilder,
    /// Where each key came from.
    pub origins: BTreeMap<DataKey, Origin>,
    /// The empty values of which users are warned.
    pub empty: Vec<(DataKey, Origin)>,
    pub findings: Vec<Finding>,
    /// The keys of values that a finding is about.
    pub marked: Vec<DataKey>,
    /// Whether a source without a value is worth a warning.
    pub(super) wants_values: bool,
    /// Whether a finding names a source that gave no value.
    pub(super) has_empty_source: bool,
    /// What is printed in place of kubectl's result line.
    pub printed: Option<Printed>,
    /// The keys whose values were made here: one that a cluster has already is as good.
    pub random: Vec<DataKey>,
}

impl Built {
    /// A Secret of that name and type string, in that namespace.
    pub(super) fn new(
        name: SecretName,
        secret_type: impl Into<Text>,
        namespace: Option<Namespace>,
    ) -> Self {
        Self {
            secret: SecretBuilder::new(name, secret_type).namespace(namespace),
            origins: BTreeMap::new(),
            empty: Vec::new(),
            findings: Vec::new(),
            marked: Vec::new(),
            wants_values: true,
            has_empty_source: false,
            printed: None,
            random: Vec::new(),
        }
    }

    pub(super) fn find(&mut self, rule: impl Rule + 'static) {
        self.findings.push(Finding::new(rule));
    }

    /// Adds a value under a key that is not checked yet.
    pub(super) fn add(
        &mut self,
        key: &[u8],
        value: Value,
        origin: Origin,
    ) -> Result<(), BuildError> {
        let key = Self::key(key, &origin)?;
        self.add_checked(key, value, origin)
    }

    pub(super) fn key(key: &[u8], origin: &Origin) -> Result<DataKey, BuildError> {
        let text = Text::from_bytes(key);
        DataKey::parse(text.as_str()).map_err(|error| BuildError::key(key, error, origin))
    }

    /// Adds a value under a key.
    pub(super) fn add_checked(
        &mut self,
        key: DataKey,
        value: Value,
        origin: Origin,
    ) -> Result<(), BuildError> {
        if let Err(source) = self.secret.add(key.clone(), value) {
            return Err(self.duplicate(source, &origin));
        }
        self.origins.insert(key, origin);
        Ok(())
    }

    /// Whether a value under this key could be added.
    pub(super) fn check_new(&self, key: &DataKey, origin: &Origin) -> Result<(), BuildError> {
        if self.origins.contains_key(key) {
            return Err(self.duplicate(DuplicateKey(key.clone()), origin));
        }
        Ok(())
    }

    fn duplicate(&self, source: DuplicateKey, second: &Origin) -> BuildError {
        let first = self.origins.get(&source.0).cloned();
        BuildError::Duplicate(Box::new(Duplicate { source, first, second: second.clone() }))
    }
}

/// What stands on stdout where no output format was asked for, and what is said beside it.
#[derive(Debug)]
pub(crate) struct Printed {
    /// The line, without its newline.
    pub line: Value,
    /// What is said on stderr.
    pub status: String,
}

impl Printed {
    /// A second copy of the line, which may hold a secret.
    pub(crate) fn duplicate(&self) -> Self {
        Self { line: self.line.duplicate(), status: self.status.clone() }
    }
}

/// Whether an address has a scheme: that of a cluster has one, that of a registry or a login mostly not.
pub(super) fn has_scheme(address: &OsStr) -> bool {
    bytes_of(address).windows(3).any(|part| part == b"://")
}
