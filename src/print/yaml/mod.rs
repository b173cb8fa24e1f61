//! YAML, as kubectl prints it: the output of go-yaml v2, an emitter of libyaml's lineage.
//!
//! Keys are sorted, maps are indented by two blanks, lists by none. What a scalar looks like is
//! decided in [`scalar`] and [`resolve`].

mod order;
mod reread;
mod resolve;
mod scalar;

use std::borrow::Cow;

use super::STRING_DATA;
use crate::golang::floats;
use crate::secret::manifest::{Node, push_base64, push_base64_lines};

pub(crate) use order::sorted;
pub(super) use reread::reread;
pub(super) use resolve::date;
pub use resolve::{Plain, is_time_text, plain};

/// How far each level is indented.
const STEP: usize = 2;

/// The column behind which kubectl folds a line at its next blank.
const WIDTH: usize = 80;

/// The longest key, in bytes, that is not written behind a `? `.
const LONGEST_SIMPLE_KEY: usize = 128;

/// Appends the manifest.
///
/// kubectl fails on U+007F and other control characters that its reader refuses: they are written
/// with escapes here. It folds U+0085 to a blank, and so does this, save in `stringData`: a field
/// that kubectl never makes, and one that must not lose a byte.
pub fn write(node: &Node<'_>, out: &mut Vec<u8>) {
    let mut emitter = Emitter {
        out,
        column: 0,
        after_blank: true,
        line_is_open: true,
        faithful: false,
        width: WIDTH,
    };
    emitter.node(node, None, false);
    emitter.go_to(0);
}

/// Appends one text, on one line or as a block whose lines begin at column `block`; `None` for a key.
/// No byte is lost and no line is folded.
pub(crate) fn push_text(text: &str, block: Option<usize>, out: &mut Vec<u8>) {
    let mut emitter = Emitter {
        out,
        column: 0,
        after_blank: true,
        line_is_open: false,
        faithful: true,
        width: usize::MAX,
    };
    match block {
        // The digit of a block that begins with a blank says its indentation, which is not always 2.
        Some(indent) if !text.starts_with([' ', '\n']) => {
            emitter.scalar(text, ScalarPlace::Free(indent));
        }
        _ => emitter.scalar(text, ScalarPlace::SimpleKey),
    }
    if emitter.out.last() == Some(&b'\n') {
        emitter.out.pop();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScalarPlace {
    /// A key in front of its `:`, which must stay on its line.
    SimpleKey,
    /// Anywhere else, continued at this column.
    Free(usize),
}

/// The output and the position in its current line.
struct Emitter<'o> {
    out: &'o mut Vec<u8>,
    /// In characters, not bytes.
    column: usize,
    /// Whether what comes next needs no blank before it.
    after_blank: bool,
    /// Whether the line holds no more than indentation and the indicators `- `, `? `, `: `, so that
    /// a collection may begin on it.
    line_is_open: bool,
    /// Whether texts are written as they are and not as kubectl's reader has them.
    faithful: bool,
    /// The column behind which a line is folded at its next blank.
    width: usize,
}

impl Emitter<'_> {
    /// Writes a node whose parent is indented by `parent`; the root has no parent.
    fn node(&mut self, node: &Node<'_>, parent: Option<usize>, in_map: bool) {
        let inner = parent.map_or(0, |indent| indent + STEP);
        match node {
            Node::List(items) if items.is_empty() => self.word("[]"),
            Node::Map(fields) if fields.is_empty() => self.word("{}"),
            Node::List(items) => {
                // A list under a key is not indented, save behind the `:` of a long key.
                let flush = parent.filter(|_| in_map && !self.line_is_open);
                let indent = flush.unwrap_or(inner);
                for item in items {
                    self.go_to(indent);
                    self.block_indicator("-");
                    self.node(item, Some(indent), false);
                }
            }
            Node::Map(fields) => {
                for i in sorted(fields.len(), |i| fields[i].0.as_ref()) {
                    let (key, value) = &fields[i];
                    self.go_to(inner);
                    self.key(key, inner);
                    if parent.is_none() {
                        self.faithful = key == STRING_DATA;
                    }
                    self.node(value, Some(inner), true);
                }
            }
            Node::Base64(bytes) => self.base64(bytes),
            Node::Base64Lines(bytes) => self.base64_lines(bytes, inner.max(STEP)),
            Node::Bool(value) => self.word(if *value { "true" } else { "false" }),
            Node::Float(value) => self.word(&float(*value)),
            Node::Int(value) => self.word(&value.to_string()),
            Node::Null => self.word("null"),
            Node::Raw(text) => {
                self.scalar(&reread(text.as_str()), ScalarPlace::Free(inner.max(STEP)));
            }
            Node::Text(text) => {
                let text = if self.faithful { Cow::Borrowed(text.as_ref()) } else { reread(text) };
                self.scalar(&text, ScalarPlace::Free(inner.max(STEP)));
            }
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        if key.len() <= LONGEST_SIMPLE_KEY && !key.contains(scalar::is_break) {
            self.scalar(key, ScalarPlace::SimpleKey);
            self.close(":");
        } else {
            self.block_indicator("?");
            self.scalar(key, ScalarPlace::Free(indent + STEP));
            self.go_to(indent);
            self.block_indicator(":");
        }
    }

    /// Base64 holds no blank and no indicator at its start, so the only question is whether it
    /// might be read as a number or a word. It is encoded right into the output, and moved by one
    /// byte in the rare case that it needs quotes.
    fn base64(&mut self, bytes: &[u8]) {
        self.blank();
        let start = self.out.len();
        push_base64(bytes, self.out);
        let quoted = str::from_utf8(&self.out[start..]).is_ok_and(resolve::is_no_string);
        if quoted {
            self.out.insert(start, b'"');
            self.out.push(b'"');
        }
        self.column += self.out.len() - start;
        self.after_text();
    }

    /// A literal block. Its last newline is written by what follows.
    fn base64_lines(&mut self, bytes: &[u8], indent: usize) {
        self.word("|");
        let mut start = vec![b' '; indent + 1];
        start[0] = b'\n';
        push_base64_lines(bytes, &start, b"", self.out);
        self.column += indent;
        self.after_text();
    }

    /// Goes to a column in a fresh line, or in this one when that is still open.
    fn go_to(&mut self, column: usize) {
        let beyond = self.column > column || (self.column == column && !self.after_blank);
        if !self.line_is_open || beyond {
            self.new_line();
        }
        let blanks = column.saturating_sub(self.column);
        self.out.resize(self.out.len() + blanks, b' ');
        self.column += blanks;
        self.after_blank = true;
        self.line_is_open = true;
    }

    fn new_line(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
        self.line_is_open = true;
    }

    /// `-`, `?` or `:` in front of a node.
    fn block_indicator(&mut self, indicator: &str) {
        let open = self.line_is_open;
        self.word(indicator);
        self.line_is_open = open;
    }

    /// A word in ASCII, with a blank before it where one is needed.
    fn word(&mut self, word: &str) {
        self.blank();
        self.close(word);
    }

    /// A word in ASCII right behind what stands there.
    fn close(&mut self, word: &str) {
        self.out.extend_from_slice(word.as_bytes());
        self.column += word.len();
        self.after_text();
    }

    fn blank(&mut self) {
        if !self.after_blank {
            self.push(' ');
        }
    }

    fn push(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }

    fn after_text(&mut self) {
        self.after_blank = false;
        self.line_is_open = false;
    }
}

/// A number that went through JSON, where go-yaml reads it as an integer if it can.
fn float(value: f64) -> String {
    let json = floats::json(value);
    match json.parse::<i128>() {
        Ok(0) => "0".to_owned(),
        Ok(n) if i64::try_from(n).is_ok() || u64::try_from(n).is_ok() => json,
        _ => floats::shortest(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(node: &Node<'_>) -> String {
        let mut out = Vec::new();
        write(node, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn secret() {
        let node = Node::map([
            ("kind", Node::text("Secret")),
            ("apiVersion", Node::text("v1")),
            ("metadata", Node::map([("name", Node::text("123")), ("namespace", Node::text("a"))])),
            ("immutable", Node::Bool(true)),
            (
                "data",
                Node::map([
                    ("b10", Node::Base64(b"hello")),
                    ("b9", Node::Base64(&[0xd7, 0x6d, 0xf8])),
                    ("n", Node::Base64(b"")),
                    ("true", Node::Base64(&[0xb6, 0xbb, 0x9e])),
                ]),
            ),
            ("type", Node::text("Opaque\u{85}")),
        ]);
        let expected = "apiVersion: v1\ndata:\n  b9: \"1234\"\n  b10: aGVsbG8=\n  \"n\": \"\"\n  \"true\": \"true\"\n\
            immutable: true\nkind: Secret\nmetadata:\n  name: \"123\"\n  namespace: a\ntype: 'Opaque '\n";
        assert_eq!(written(&node), expected);
    }

    #[test]
    fn collections() {
        let long = "k".repeat(129);
        let list =
            || Node::List(vec![Node::Int(1), Node::List(vec![Node::Null]), Node::List(vec![])]);
        let node = Node::Map(vec![
            ("m".into(), Node::map([])),
            ("l".into(), list()),
            ("maps".into(), Node::List(vec![Node::map([("b", list()), ("a", Node::Float(1e6))])])),
            (Cow::Borrowed(long.as_str()), list()),
        ]);
        let items = |indent: &str| format!("- 1\n{indent}- - null\n{indent}- []\n");
        let expected = format!(
            "? {long}\n: {}l:\n{}m: {{}}\nmaps:\n- a: 1000000\n  b:\n  {}",
            items("  "),
            items(""),
            items("  ")
        );
        assert_eq!(written(&node), expected);
    }

    #[test]
    fn roots_and_floats() {
        for (node, expected) in [
            (Node::map([]), "{}\n"),
            (Node::List(vec![Node::Int(-1)]), "- -1\n"),
            (Node::text("a\nb"), "|-\n  a\n  b\n"),
            (Node::Float(1e19), "10000000000000000000\n"),
            (Node::Float(1e20), "1e+20\n"),
            (Node::Float(-0.0), "0\n"),
            (Node::Float(2.5), "2.5\n"),
            (
                Node::map([("stringData", Node::map([("k", Node::text("a\u{85}"))]))]),
                "stringData:\n  k: \"a\\N\"\n",
            ),
            (
                Node::map([("stringData", Node::map([("k", Node::text("a\u{2028}b\n"))]))]),
                "stringData:\n  k: \"a\\Lb\\n\"\n",
            ),
        ] {
            assert_eq!(written(&node), expected);
        }
    }
}
