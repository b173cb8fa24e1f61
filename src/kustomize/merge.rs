//! Strategic merge patches, as kyaml applies them to a Secret.

use super::error::Fault;
use super::value::{Map, Value};

/// The key of a map's own directive.
const DIRECTIVE: &str = "$patch";
/// The lists of a Secret that are merged by what is in them.
const MERGED_LISTS: [(&str, &str); 2] =
    [("metadata", "finalizers"), ("metadata", "ownerReferences")];

/// The tree with the patch merged into it; `None` if the patch deletes it.
pub(super) fn apply(mut tree: Map, patch: &Map) -> Result<Option<Map>, Fault> {
    match directive(patch)? {
        Directive::Delete => return Ok(None),
        Directive::Replace => tree = Map::default(),
        Directive::Merge => {}
    }
    merge_map(&mut tree, patch, "")?;
    Ok(Some(tree))
}

enum Directive {
    Merge,
    Replace,
    Delete,
}

fn directive(patch: &Map) -> Result<Directive, Fault> {
    for (key, _) in patch.iter() {
        if key != DIRECTIVE && ["$setElementOrder", "$deleteFrom", "$retainKeys"].iter().any(|d| key.starts_with(d)) {
            return Err(Fault::Unsupported("this directive of a patch"));
        }
    }
    match patch.get(DIRECTIVE).map(Value::as_text) {
        None | Some(Some("merge")) => Ok(Directive::Merge),
        Some(Some("replace")) => Ok(Directive::Replace),
        Some(Some("delete")) => Ok(Directive::Delete),
        Some(_) => Err(Fault::Unsupported("this value of $patch")),
    }
}

/// Merges a patch into the map under the field `of`.
fn merge_map(tree: &mut Map, patch: &Map, of: &str) -> Result<(), Fault> {
    for (key, change) in patch.iter().filter(|(key, _)| *key != DIRECTIVE) {
        match change {
            Value::Null => drop(tree.remove(key)),
            Value::Map(change) => match directive(change)? {
                Directive::Delete => drop(tree.remove(key)),
                kind => {
                    if matches!(kind, Directive::Replace)
                        || !matches!(tree.get(key), Some(Value::Map(_)))
                    {
                        tree.insert(key, Value::Map(Map::default()));
                    }
                    merge_map(tree.map_at(key), change, key)?;
                }
            },
            Value::List(_)
                if MERGED_LISTS.contains(&(of, key))
                    && matches!(tree.get(key), Some(Value::List(own)) if !own.is_empty()) =>
            {
                return Err(Fault::Unsupported("a strategic merge of two lists"));
            }
            value => drop(tree.insert(key, value.clone())),
        }
    }
    Ok(())
}
