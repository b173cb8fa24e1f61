//! JSON, as kubectl prints it: four blanks of indentation, Go's escapes, a final newline.

use crate::golang::floats;
use crate::golang::json::{push_bytes, push_string};
use crate::secret::manifest::{Node, push_base64, push_base64_lines};

/// Appends the manifest with four blanks of indentation and a newline.
pub fn write(node: &Node<'_>, out: &mut Vec<u8>) {
    write_with("    ", node, out);
}

/// Appends the manifest with this text of indentation for each level, and a newline.
pub(crate) fn write_with(step: &str, node: &Node<'_>, out: &mut Vec<u8>) {
    sequence(node, Some(Lines { depth: 0, step: step.as_bytes() }), out);
    out.push(b'\n');
}

/// Appends the manifest in one line, without a newline: the form of the annotation that
/// `--save-config` writes.
pub fn compact(node: &Node<'_>, out: &mut Vec<u8>) {
    sequence(node, None, out);
}

/// The depth of a line, and what indents it by one level.
#[derive(Clone, Copy)]
struct Lines<'s> {
    depth: usize,
    step: &'s [u8],
}

/// `lines` is `None` for everything in one line.
fn sequence(node: &Node<'_>, lines: Option<Lines<'_>>, out: &mut Vec<u8>) {
    let inner = lines.map(|lines| Lines { depth: lines.depth + 1, ..lines });
    match node {
        Node::List(items) if items.is_empty() => out.extend_from_slice(b"[]"),
        Node::Map(fields) if fields.is_empty() => out.extend_from_slice(b"{}"),
        Node::List(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                begin(i, inner, out);
                sequence(item, inner, out);
            }
            newline(lines, out);
            out.push(b']');
        }
        Node::Map(fields) => {
            out.push(b'{');
            for (i, (key, value)) in fields.iter().enumerate() {
                begin(i, inner, out);
                push_string(key, out);
                out.extend_from_slice(if lines.is_some() { b": " } else { b":" });
                sequence(value, inner, out);
            }
            newline(lines, out);
            out.push(b'}');
        }
        Node::Base64(bytes) => {
            out.push(b'"');
            push_base64(bytes, out);
            out.push(b'"');
        }
        Node::Base64Lines(bytes) => {
            out.push(b'"');
            push_base64_lines(bytes, b"", b"\\n", out);
            out.push(b'"');
        }
        Node::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Node::Float(value) => out.extend_from_slice(floats::json(*value).as_bytes()),
        Node::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Node::Null => out.extend_from_slice(b"null"),
        Node::Raw(text) => push_bytes(text.as_bytes(), out),
        Node::Text(text) => push_string(text, out),
    }
}

fn begin(index: usize, lines: Option<Lines<'_>>, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
    newline(lines, out);
}

fn newline(lines: Option<Lines<'_>>, out: &mut Vec<u8>) {
    if let Some(Lines { depth, step }) = lines {
        out.push(b'\n');
        (0..depth).for_each(|_| out.extend_from_slice(step));
    }
}
