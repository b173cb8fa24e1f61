//! How much of a document aliases may make.

use super::fault::Reason;

/// go-yaml's guard against aliases of aliases: it counts what it decodes, and how much of that is
/// for aliases (`decoder.unmarshal` of go-yaml 2).
#[derive(Default)]
pub(crate) struct AliasCounts {
    pub(super) decoded: u64,
    by_aliases: u64,
}

impl AliasCounts {
    pub(crate) fn add(&mut self, nodes: u64) {
        self.decoded += nodes;
    }

    pub(crate) fn add_alias(&mut self, nodes: u64) -> Result<(), Reason> {
        self.decoded = self.decoded.saturating_add(nodes);
        self.by_aliases = self.by_aliases.saturating_add(nodes);
        if self.by_aliases > 100 && self.decoded > 1000 && self.is_excessive() {
            return Err(Reason::Aliases);
        }
        Ok(())
    }

    /// From 400,000 to 4,000,000 nodes, the part that may be for aliases falls from 99 % to 10 %.
    fn is_excessive(&self) -> bool {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        #[expect(clippy::cast_precision_loss, reason = "as in go-yaml")]
        let (decoded, by_aliases) = (self.decoded as f64, self.by_aliases as f64);
        let beyond = ((decoded - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        by_aliases / decoded > 0.99 - 0.89 * beyond
    }
}
