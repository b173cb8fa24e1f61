//! Finds Secrets by their names and namespaces.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use super::resource::{Resource, effective};

/// The places of Secrets in a list, by a hash of name and namespace. Texts are not copied.
pub(super) struct Index {
    hasher: RandomState,
    /// The first entry of each hash.
    first: HashMap<u64, u32>,
    /// The place of a Secret, and the next entry of the same hash.
    entries: Vec<(u32, u32)>,
    all_ids: bool,
}

const END: u32 = u32::MAX;

impl Index {
    /// An index by the present names only, or by the earlier ones, too.
    pub(super) fn new(all_ids: bool, room: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            first: HashMap::with_capacity(room),
            entries: Vec::with_capacity(room),
            all_ids,
        }
    }

    pub(super) fn of(all: &[Resource], all_ids: bool) -> Self {
        let mut index = Self::new(all_ids, all.len());
        for (at, resource) in all.iter().enumerate() {
            index.add(at, resource);
        }
        index
    }

    fn hash(&self, name: &str, namespace: &str) -> u64 {
        self.hasher.hash_one((name, namespace))
    }

    pub(super) fn add(&mut self, at: usize, resource: &Resource) {
        let count = if self.all_ids { usize::MAX } else { 1 };
        for (name, namespace) in resource.ids().take(count) {
            let hash = self.hash(name, namespace);
            let entry = u32::try_from(self.entries.len()).unwrap_or(END);
            let next = self.first.insert(hash, entry).unwrap_or(END);
            self.entries.push((u32::try_from(at).unwrap_or(END), next));
        }
    }

    /// The places of the Secrets that have, or had, that name and namespace.
    pub(super) fn find(&self, all: &[Resource], name: &str, namespace: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut next = self.first.get(&self.hash(name, namespace)).copied().unwrap_or(END);
        while let Some((at, after)) = self.entries.get(next as usize) {
            next = *after;
            let at = *at as usize;
            let Some(resource) = all.get(at).filter(|resource| !resource.is_deleted) else {
                continue;
            };
            let is_meant = if self.all_ids {
                resource.ids().any(|id| id == (name, namespace))
            } else {
                (&*resource.name, effective(resource.namespace())) == (name, namespace)
            };
            if is_meant && !found.contains(&at) {
                found.push(at);
            }
        }
        found.sort_unstable();
        found
    }

    /// The first Secret with the name and the namespace of one before it.
    pub(super) fn repeated(all: &[Resource]) -> Option<&Resource> {
        let mut index = Self::new(false, all.len());
        all.iter().enumerate().find_map(|(at, resource)| {
            let is_known =
                !index.find(all, &resource.name, effective(resource.namespace())).is_empty();
            index.add(at, resource);
            is_known.then_some(resource)
        })
    }
}
