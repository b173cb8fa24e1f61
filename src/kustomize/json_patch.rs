//! JSON patches (RFC 6902), as the library `json-patch` that kustomize uses applies them.

use super::error::{BuildError, Fault, OperationFault};
use super::fields::Shape;
use super::value::{Map, Source, Value};
use crate::manifest::{Content, Node};

/// An operation of a patch.
pub(super) struct Operation {
    /// Its number in the patch, from 1.
    number: usize,
    kind: Kind,
    path: Vec<Box<str>>,
}

enum Kind {
    Add(Value),
    Remove,
    Replace(Value),
    Move(Vec<Box<str>>),
    Copy(Vec<Box<str>>),
    Test(Value),
}

const OPERATION: Shape = Shape { of: "an operation", fields: &["op", "path", "value", "from"] };

/// Reads the operations of a patch.
pub(super) fn read(source: &Source<'_>, list: &[Node<'_>]) -> Result<Vec<Operation>, BuildError> {
    let operations = list.iter().enumerate();
    operations.map(|(i, node)| operation(source, node, i + 1)).collect()
}

fn operation(source: &Source<'_>, node: &Node<'_>, number: usize) -> Result<Operation, BuildError> {
    let fail = |fault| BuildError::new(source.at(node), Fault::Operation { number, fault });
    if !matches!(node.content, Content::Map(_)) {
        return Err(fail(OperationFault::Form));
    }
    let (mut name, mut path, mut from) = (None, None, None);
    source.object(node, OPERATION, &mut |field, node| {
        match field {
            "op" => name = Some(source.text(field, node)?),
            "path" => path = Some(source.text(field, node)?),
            "from" => from = Some(source.text(field, node)?),
            _ => {}
        }
        Ok(())
    })?;
    let value = || match node.get("value") {
        Some(value) => source.value(value),
        None => Err(fail(OperationFault::Form)),
    };
    let form = || fail(OperationFault::Form);
    let from = || from.as_deref().and_then(pointer).ok_or_else(form);
    let kind = match name.as_deref() {
        Some("add") => Kind::Add(value()?),
        Some("remove") => Kind::Remove,
        Some("replace") => Kind::Replace(value()?),
        Some("move") => Kind::Move(from()?),
        Some("copy") => Kind::Copy(from()?),
        // Without a value, it expects null.
        Some("test") => match node.get("value") {
            Some(value) => Kind::Test(source.value(value)?),
            None => Kind::Test(Value::Null),
        },
        _ => return Err(fail(OperationFault::Name)),
    };
    // A patch of the whole document would make something else of the Secret.
    let path =
        path.as_deref().and_then(pointer).filter(|path| !path.is_empty()).ok_or_else(form)?;
    Ok(Operation { number, kind, path })
}

/// The parts of a JSON pointer; `None` if it is not one.
fn pointer(text: &str) -> Option<Vec<Box<str>>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let parts = text.strip_prefix('/')?.split('/');
    Some(parts.map(|part| part.replace("~1", "/").replace("~0", "~").into()).collect())
}

/// The tree after all operations.
pub(super) fn apply(tree: Map, operations: &[Operation]) -> Result<Map, Fault> {
    let mut root = Value::Map(tree);
    for operation in operations {
        run(&mut root, operation)
            .map_err(|fault| Fault::Operation { number: operation.number, fault })?;
    }
    match root {
        Value::Map(tree) => Ok(tree),
        _ => Err(Fault::Unsupported("a patch of the whole Secret")),
    }
}

fn run(root: &mut Value, operation: &Operation) -> Result<(), OperationFault> {
    let path = &operation.path;
    match &operation.kind {
        Kind::Add(value) => add(root, path, value.clone()),
        Kind::Remove => remove(root, path).map(drop),
        Kind::Replace(value) => {
            match parent(root, path)? {
                // The library sets a key that is missing.
                (Value::Map(map), key) => drop(map.insert(key, value.clone())),
                _ => *find(root, path).ok_or(OperationFault::Path)? = value.clone(),
            }
            Ok(())
        }
        Kind::Move(from) => {
            let value = remove(root, from)?;
            add(root, path, value)
        }
        Kind::Copy(from) => {
            let value = match parent(root, from)? {
                // The library copies a key that is missing as null.
                (Value::Map(map), key) => map.get(key).cloned().unwrap_or(Value::Null),
                _ => find(root, from).ok_or(OperationFault::Path)?.clone(),
            };
            add(root, path, value)
        }
        Kind::Test(value) => {
            let is_equal = match find(root, path) {
                Some(own) => is_equal(own, value),
                None => matches!(value, Value::Null),
            };
            if is_equal { Ok(()) } else { Err(OperationFault::Test) }
        }
    }
}

/// The place in a list of this length that a part of a pointer names. Negative numbers count from the
/// end.
fn index(part: &str, len: usize) -> Option<usize> {
    match part.strip_prefix('-') {
        Some(back) => len.checked_sub(back.parse().ok().filter(|n| *n > 0)?),
        None => part.parse().ok(),
    }
}

fn find<'v>(root: &'v mut Value, path: &[Box<str>]) -> Option<&'v mut Value> {
    let mut value = root;
    for part in path {
        value = match value {
            Value::Map(map) => map.get_mut(part)?,
            Value::List(items) => {
                let at = index(part, items.len())?;
                items.get_mut(at)?
            }
            _ => return None,
        };
    }
    Some(value)
}

/// What holds the last part of a path, and that part.
fn parent<'v, 'p>(
    root: &'v mut Value,
    path: &'p [Box<str>],
) -> Result<(&'v mut Value, &'p str), OperationFault> {
    let (last, parents) = path.split_last().ok_or(OperationFault::Path)?;
    Ok((find(root, parents).ok_or(OperationFault::Path)?, last))
}

fn add(root: &mut Value, path: &[Box<str>], value: Value) -> Result<(), OperationFault> {
    match parent(root, path)? {
        (Value::Map(map), key) => drop(map.insert(key, value)),
        (Value::List(items), part) => {
            let named = if part == "-" { Some(items.len()) } else { index(part, items.len() + 1) };
            let at = named.filter(|at| *at <= items.len()).ok_or(OperationFault::Path)?;
            let mut longer = std::mem::take(items).into_vec();
            longer.insert(at, value);
            *items = longer.into();
        }
        _ => return Err(OperationFault::Path),
    }
    Ok(())
}

fn remove(root: &mut Value, path: &[Box<str>]) -> Result<Value, OperationFault> {
    match parent(root, path)? {
        (Value::Map(map), key) => map.remove(key).ok_or(OperationFault::Path),
        (Value::List(items), part) => {
            let named = index(part, items.len()).filter(|at| *at < items.len());
            let at = named.ok_or(OperationFault::Path)?;
            let mut shorter = std::mem::take(items).into_vec();
            let value = shorter.remove(at);
            *items = shorter.into();
            Ok(value)
        }
        _ => Err(OperationFault::Path),
    }
}

fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => one == other,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_equal(a, b))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other.iter()).all(|(a, b)| a.0 == b.0 && is_equal(a.1, b.1))
        }
        (one, other) => match (one.full_text(), other.full_text()) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers() {
        let parts = |text: &str| pointer(text).map(|parts| parts.join(" "));
        assert_eq!(parts("/a~1b/c~0~01/"), Some("a/b c~~1 ".to_owned()));
        assert_eq!(parts(""), Some(String::new()));
        assert_eq!(parts("a"), None);
    }

    #[test]
    fn places_in_lists() {
        for (part, want) in [
            ("0", Some(0)),
            ("3", Some(3)),
            ("-1", Some(2)),
            ("-4", None),
            ("x", None),
            ("-0", None),
        ] {
            assert_eq!(index(part, 3), want, "{part}");
        }
    }
}
