//! Values as text: Go's `fmt.Fprint` for single ones, its JSON for maps and lists.

use std::io::Write as _;

use super::error::ExecError;
use super::value::Value;
use crate::golang::floats;
use crate::golang::json::{push_bytes, push_string};
use crate::print::document::Document;

/// How deeply the document may be nested. Nothing that a Secret's manifest holds comes near.
const MAX_DEPTH: usize = 500;

/// How much may be written. kubectl has no limit, but keeps nothing: it writes as it goes.
const MAX_OUTPUT: usize = 1 << 28;

/// Appends a step's values with a blank between them.
pub(super) fn plain(values: &[Value<'_>], out: &mut Vec<u8>) -> Result<(), ExecError> {
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        match value {
            Value::Nothing => out.extend_from_slice(b"<no value>"),
            Value::Document(Document::Number(number)) | Value::Float(number) => {
                out.extend_from_slice(floats::shortest(*number).as_bytes());
            }
            _ => match value.as_text() {
                Some(text) => out.extend_from_slice(text),
                None => json(*value, None, 0, out)?,
            },
        }
        within_limit(out)?;
    }
    Ok(())
}

/// Appends a step's values as a JSON list with four blanks of indentation and a newline.
pub(super) fn json_list(values: &[Value<'_>], out: &mut Vec<u8>) -> Result<(), ExecError> {
    sequence(*b"[]", values.iter(), Some(4), 0, out, |value, out| json(*value, Some(4), 1, out))?;
    out.push(b'\n');
    Ok(())
}

/// Appends a value as JSON: in one line, or with `indent` blanks for each level.
fn json(
    value: Value<'_>,
    indent: Option<usize>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), ExecError> {
    if depth > MAX_DEPTH {
        return Err(ExecError::TooDeep);
    }
    match value {
        // Writing to a `Vec` cannot fail.
        Value::Bool(value) => drop(write!(out, "{value}")),
        Value::Byte(value) => drop(write!(out, "{value}")),
        Value::Int(value) => drop(write!(out, "{value}")),
        Value::Float(number) => out.extend_from_slice(floats::json(number).as_bytes()),
        Value::Nothing => return Err(ExecError::NoValue),
        Value::Text(text) => push_bytes(text, out),
        Value::Document(Document::Bool(value)) => drop(write!(out, "{value}")),
        Value::Document(Document::Null) => out.extend_from_slice(b"null"),
        Value::Document(Document::Number(number)) => {
            out.extend_from_slice(floats::json(*number).as_bytes());
        }
        Value::Document(Document::Text(text)) => push_string(text, out),
        Value::Document(Document::List(items)) => {
            return sequence(*b"[]", items.iter(), indent, depth, out, |item, out| {
                json(Value::Document(item), indent, depth + 1, out)
            });
        }
        Value::Document(Document::Map(fields)) => {
            return sequence(*b"{}", fields.iter(), indent, depth, out, |(key, field), out| {
                push_string(key, out);
                out.extend_from_slice(if indent.is_some() { b": " } else { b":" });
                json(Value::Document(field), indent, depth + 1, out)
            });
        }
    }
    Ok(())
}

fn within_limit(out: &[u8]) -> Result<(), ExecError> {
    if out.len() > MAX_OUTPUT { Err(ExecError::TooMuchOutput) } else { Ok(()) }
}

/// Appends what `each` writes of the items, between brackets and commas.
fn sequence<I: ExactSizeIterator>(
    [opening, closing]: [u8; 2],
    items: I,
    indent: Option<usize>,
    depth: usize,
    out: &mut Vec<u8>,
    each: impl Fn(I::Item, &mut Vec<u8>) -> Result<(), ExecError>,
) -> Result<(), ExecError> {
    let newline = |depth: usize, out: &mut Vec<u8>| {
        if let Some(indent) = indent {
            out.push(b'\n');
            out.resize(out.len() + depth * indent, b' ');
        }
    };
    let empty = items.len() == 0;
    out.push(opening);
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        newline(depth + 1, out);
        each(item, out)?;
        within_limit(out)?;
    }
    if !empty {
        newline(depth, out);
    }
    out.push(closing);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn indented_json() {
        let document = Document::Map(BTreeMap::from([
            ("b".to_owned(), Document::List(vec![Document::Null, Document::List(Vec::new())])),
            ("a".to_owned(), Document::Map(BTreeMap::new())),
        ]));
        for (values, want) in [
            (vec![], "[]\n"),
            (
                vec![Value::Document(&document), Value::Byte(7)],
                "[\n    {\n        \"a\": {},\n        \"b\": [\n            null,\n            \
                 []\n        ]\n    },\n    7\n]\n",
            ),
        ] {
            let mut out = Vec::new();
            json_list(&values, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn what_cannot_be_printed() {
        let mut deep = Document::Null;
        for _ in 0..=MAX_DEPTH {
            deep = Document::List(vec![deep]);
        }
        let deep = [Value::Document(&deep)];
        assert_eq!(plain(&deep, &mut Vec::new()), Err(ExecError::TooDeep));
        assert_eq!(json_list(&deep, &mut Vec::new()), Err(ExecError::TooDeep));
        assert_eq!(json_list(&[Value::Nothing], &mut Vec::new()), Err(ExecError::NoValue));
        let (mut full, value) = (vec![0; MAX_OUTPUT], [Value::Bool(true)]);
        assert_eq!(plain(&value, &mut full), Err(ExecError::TooMuchOutput));
        assert_eq!(json_list(&value, &mut full), Err(ExecError::TooMuchOutput));
    }
}
