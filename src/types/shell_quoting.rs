//! What is left over of a shell's quoting in a value.

use crate::sources::Origin;
use crate::types::build::Built;
use crate::types::finding::SourceFinding;

/// Longer values, and those of several lines, are programs or texts, in which all of this is usual.
const LEN_MAX: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuotingLeftover {
    /// A backslash before this character.
    Backslash(char),
}

impl QuotingLeftover {
    /// A backslash before a character that a shell expands between double quotes: within single
    /// quotes it stays, and before `!` always.
    fn backslash(value: &[u8]) -> Option<Self> {
        if value.len() > LEN_MAX || !value.contains(&b'\\') || value.contains(&b'\n') {
            return None;
        }
        let pair = value.windows(2).find(|pair| pair[0] == b'\\' && b"$!`".contains(&pair[1]))?;
        Some(Self::Backslash(char::from(pair[1])))
    }
}

impl Built {
    /// Warns of what a shell's quoting left in a value.
    pub(super) fn find_quoting_leftover(&mut self, value: &[u8], origin: &Origin) {
        if let Some(leftover) = QuotingLeftover::backslash(value) {
            self.find(SourceFinding::QuotingLeftover { leftover, origin: origin.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers() {
        let rows = [
            ("robot\\$ci", Some(QuotingLeftover::Backslash('$'))),
            ("pass\\!word", Some(QuotingLeftover::Backslash('!'))),
            ("a\\`b", Some(QuotingLeftover::Backslash('`'))),
            ("robot$ci", None),
            ("domain\\user", None),
            ("a\\", None),
            ("", None),
            ("x='\\$1'\necho", None),
        ];
        for (value, want) in rows {
            assert_eq!(QuotingLeftover::backslash(value.as_bytes()), want, "{value}");
        }
    }
}
