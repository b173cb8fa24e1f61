//! Live Secrets that an apply would leave without a key or with an empty value, which usually means
//! that a source gave nothing.

use super::run::ApplyRun;
use crate::cluster::body::Body;
use crate::cluster::error::ClusterError;
use crate::cluster::object::Object;
use crate::cluster::report::Note;
use crate::kinds;

impl ApplyRun<'_> {
    /// Whether the apply names no key, so that it is the live Secret that tells whether one is
    /// left. A service account's Secret gets its keys from a controller.
    pub(super) fn may_empty(&self) -> bool {
        let secret = &self.order.secret;
        secret.data.is_empty()
            && !self.ask.allow_empty
            && secret.secret_type.as_str() != kinds::SERVICE_ACCOUNT_TOKEN
    }

    /// Refuses to take the last keys of a live Secret, unless `--remove-key` names them all.
    pub(super) fn check_keys_left(
        &self,
        live: &Object,
        after: &Body<'_>,
    ) -> Result<(), ClusterError> {
        if self.ask.allow_empty || !after.data.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> = live
            .data()
            .map(|(key, _)| key.to_owned())
            .filter(|key| !self.ask.remove_keys.contains(key))
            .collect();
        if keys.is_empty() { Ok(()) } else { Err(ClusterError::Emptied { keys }) }
    }
}

/// The values that the body replaces by empty ones.
pub(super) fn emptied_values(before: &Object, body: &Body<'_>) -> Vec<Note> {
    let empty = body.data.iter().filter(|(_, value)| value.is_empty());
    let emptied = empty.filter_map(|(key, _)| {
        let len = before.value(key)?.len();
        (len > 0).then(|| Note::Emptied { key: (*key).to_owned(), len })
    });
    emptied.collect()
}
