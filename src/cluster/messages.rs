//! What the server and mksecret say on the way to a result.

use super::client::Answer;
use super::report::Note;
use super::status::{self, Reply};
use crate::secret::Value;

/// The server's warnings and our notes.
#[derive(Debug, Default)]
pub(super) struct Messages {
    pub(super) warnings: Vec<String>,
    pub(super) notes: Vec<Note>,
}

impl Messages {
    /// Reads what a request for a Secret was answered, and takes the server's warnings, each once.
    pub(super) fn read(&mut self, answer: &Answer) -> Reply {
        let reply = answer.secret();
        if matches!(reply, Reply::Secret { .. } | Reply::Refused { .. } | Reply::Broken { .. }) {
            for warning in &answer.warnings {
                if !self.warnings.contains(warning) {
                    self.warnings.push(warning.clone());
                }
            }
        }
        reply
    }

    /// Takes values out of the warnings: admission webhooks write what they like.
    pub(super) fn hide<'v>(&mut self, values: impl Iterator<Item = &'v Value>) {
        status::hide(values, self.warnings.iter_mut());
    }
}
