//! JSON, as kubectl prints it: four blanks of indentation, Go's escapes, a final newline.

use crate::golang::floats;
use crate::golang::json::{push_bytes, push_string};
use crate::secret::manifest::{Node, push_base64, push_base64_lines};

/// Appends the manifest with four blanks of indentation and a newline.
pub fn write(node: &Node<'_>, out: &mut Vec<u8>) {
    sequence(node, Some(0), out);
    out.push(b'\n');
}

/// Appends the manifest in one line, without a newline: the form of the annotation that
/// `--save-config` writes.
pub fn compact(node: &Node<'_>, out: &mut Vec<u8>) {
    sequence(node, None, out);
}

fn sequence(node: &Node<'_>, depth: Option<usize>, out: &mut Vec<u8>) {
    let inner = depth.map(|d| d + 1);
    match node {
        Node::List(items) if items.is_empty() => out.extend_from_slice(b"[]"),
        Node::Map(fields) if fields.is_empty() => out.extend_from_slice(b"{}"),
        Node::List(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                begin(i, inner, out);
                sequence(item, inner, out);
            }
            newline(depth, out);
            out.push(b']');
        }
        Node::Map(fields) => {
            out.push(b'{');
            for (i, (key, value)) in fields.iter().enumerate() {
                begin(i, inner, out);
                push_string(key, out);
                out.extend_from_slice(if depth.is_some() { b": " } else { b":" });
                sequence(value, inner, out);
            }
            newline(depth, out);
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

fn begin(index: usize, depth: Option<usize>, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
    newline(depth, out);
}

fn newline(depth: Option<usize>, out: &mut Vec<u8>) {
    if let Some(depth) = depth {
        out.push(b'\n');
        out.resize(out.len() + depth * 4, b' ');
    }
}
