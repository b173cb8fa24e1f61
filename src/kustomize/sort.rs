//! The order of what is printed.

use super::error::{BuildError, Fault};
use super::fields::Shape;
use super::resource::Resource;
use super::value::Source;
use crate::manifest::Node;
use crate::shown::Hidden;

/// `sortOptions` as far as they matter to Secrets.
#[derive(Clone, Copy)]
pub(super) struct SortOptions {
    /// Whether Secrets are sorted by namespace and name, not left in the order in which they are read.
    pub(super) is_legacy: bool,
}

const SORT: Shape = Shape { of: "sortOptions", fields: &["order", "legacySortOptions"] };
const LEGACY: Shape = Shape { of: "legacySortOptions", fields: &["orderFirst", "orderLast"] };

impl SortOptions {
    pub(super) fn read(source: &Source<'_>, node: &Node<'_>) -> Result<Self, BuildError> {
        let mut order = None;
        let mut legacy = None;
        source.object(node, SORT, &mut |name, node| {
            if name == "order" {
                order = Some(source.spot(name, node)?);
                return Ok(());
            }
            legacy = Some(source.at(node));
            // They order kinds, and there is one.
            source.object(node, LEGACY, &mut |name, node| source.spots(name, node).map(drop))
        })?;
        let (text, at) = match &order {
            Some(spot) => (&*spot.text, spot.at),
            None => ("", source.at(node)),
        };
        match (text, legacy) {
            ("legacy", _) => Ok(Self { is_legacy: true }),
            ("fifo", None) => Ok(Self { is_legacy: false }),
            ("fifo", Some(at)) => Err(BuildError::new(at, Fault::LegacyOptions)),
            (other, _) => Err(BuildError::new(at, Fault::Order(Hidden(other.len())))),
        }
    }
}

/// Sorts Secrets as kustomize's `legacy` order does.
pub(super) fn sort(all: &mut [Resource]) {
    all.sort_unstable_by(|a, b| key(a).cmp(key(b)));
}

/// The bytes by which Secrets are sorted, with `~X` for no namespace.
fn key(resource: &Resource) -> impl Iterator<Item = u8> {
    let namespace = match resource.namespace() {
        "" => "~X",
        namespace => namespace,
    };
    namespace.bytes().chain(std::iter::once(b'|')).chain(resource.name.bytes())
}
