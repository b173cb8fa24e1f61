//! Strategic merge patches, as kyaml applies them to a Secret.

use super::error::Fault;
use super::value::{Map, Value};

/// The key of a map's own directive.
const DIRECTIVE: &str = "$patch";
/// The lists of a Secret that are merged by what is in them, with the field above.
const FINALIZERS: (&str, &str) = ("metadata", "finalizers");
const OWNERS: (&str, &str) = ("metadata", "ownerReferences");

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
        if key != DIRECTIVE
            && ["$setElementOrder", "$deleteFrom", "$retainKeys"].iter().any(|d| key.starts_with(d))
        {
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
            Value::List(change) if (of, key) == FINALIZERS => {
                let own = texts(tree.remove(key));
                let kept = own.into_iter().filter(|own| {
                    !change
                        .iter()
                        .any(|new| new.as_text().is_some() && new.as_text() == own.as_text())
                });
                let merged: Vec<_> = change.iter().cloned().chain(kept).collect();
                tree.insert(key, Value::List(merged.into()));
            }
            Value::List(change) if (of, key) == OWNERS => {
                let own = texts(tree.remove(key));
                tree.insert(key, Value::List(merge_owners(own, change)?.into()));
            }
            value => drop(tree.insert(key, value.clone())),
        }
    }
    Ok(())
}

/// The elements of a list; of anything else none.
fn texts(list: Option<Value>) -> Vec<Value> {
    match list {
        Some(Value::List(items)) => items.into_vec(),
        _ => Vec::new(),
    }
}

/// Owner references are merged by their `uid`: those of the patch come first.
fn merge_owners(mut own: Vec<Value>, change: &[Value]) -> Result<Vec<Value>, Fault> {
    let uid = |owner: &Value| Some(owner.as_map()?.get("uid")?.as_text()?.to_owned());
    let mut merged = Vec::with_capacity(own.len() + change.len());
    for new in change {
        let (Some(id), Value::Map(new)) = (uid(new), new) else {
            return Err(Fault::Unsupported("an owner reference without uid in a patch"));
        };
        let at = own.iter().position(|own| uid(own).as_ref() == Some(&id));
        let old = match at.map(|at| own.remove(at)) {
            Some(Value::Map(old)) => old,
            _ => Map::default(),
        };
        merged.extend(apply(old, new)?.map(Value::Map));
    }
    merged.extend(own);
    Ok(merged)
}
