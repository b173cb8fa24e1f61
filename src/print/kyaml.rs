//! KYAML, as kubectl prints it: the dialect of YAML that `sigs.k8s.io/yaml/kyaml` writes.
//!
//! Braces and brackets, every string in double quotes, keys without them where no reader can take
//! them for anything else, two blanks of indentation, a comma behind each item. Order is kept.

use super::{STRING_DATA, yaml};
use crate::golang::{chars, floats, ints};
use crate::secret::manifest::{Node, push_base64, push_base64_lines};

/// Appends the manifest, with the line `---` before it.
///
/// These are kubectl's bytes, its losses included: U+0085 is folded to a blank, and a line of a text
/// of several lines that begins with a blank which has an escape (U+00A0, a carriage return) gets a
/// backslash too many. Not so in `stringData`, which kubectl never makes and which must not lose a
/// byte.
pub fn write(node: &Node<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"---\n");
    item(node, 0, false, out);
    out.push(b'\n');
}

/// Texts are `faithful` when they are written as they are and not as kubectl's reader has them.
fn item(node: &Node<'_>, depth: usize, faithful: bool, out: &mut Vec<u8>) {
    match node {
        Node::List(items) if items.is_empty() => out.extend_from_slice(b"[]"),
        Node::Map(fields) if fields.is_empty() => out.extend_from_slice(b"{}"),
        // A list of collections only is written without line breaks of its own.
        Node::List(items) if items.iter().all(|i| matches!(i, Node::List(_) | Node::Map(_))) => {
            for (i, collection) in items.iter().enumerate() {
                out.extend_from_slice(if i == 0 { b"[" } else { b", " });
                item(collection, depth, faithful, out);
            }
            out.push(b']');
        }
        Node::List(items) => {
            out.push(b'[');
            for entry in items {
                new_line(depth + 1, out);
                item(entry, depth + 1, faithful, out);
                out.push(b',');
            }
            new_line(depth, out);
            out.push(b']');
        }
        Node::Map(fields) => {
            out.push(b'{');
            for (name, value) in fields {
                new_line(depth + 1, out);
                key(name, out);
                out.extend_from_slice(b": ");
                let faithful = faithful || (depth == 0 && name == STRING_DATA);
                item(value, depth + 1, faithful, out);
                out.push(b',');
            }
            new_line(depth, out);
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
        Node::Raw(text) => string(&yaml::reread(text.as_str()), depth + 1, false, out),
        Node::Text(text) if faithful => string(text, depth + 1, true, out),
        Node::Text(text) => string(&yaml::reread(text), depth + 1, false, out),
    }
}

fn new_line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    indent(depth, out);
}

fn indent(depth: usize, out: &mut Vec<u8>) {
    out.resize(out.len() + depth * 2, b' ');
}

fn key(name: &str, out: &mut Vec<u8>) {
    if needs_quotes(name) {
        out.push(b'"');
        name.chars().for_each(|c| character(c, out));
        out.push(b'"');
    } else {
        out.extend_from_slice(name.as_bytes());
    }
}

/// Text in double quotes. Each line of a text of several lines gets a line of its own, with an
/// escaped line break at its end and one blank more than `depth` says at its start, where an
/// escaped blank may stand.
fn string(text: &str, depth: usize, faithful: bool, out: &mut Vec<u8>) {
    out.push(b'"');
    if text.contains('\n') {
        for line in text.split_inclusive('\n') {
            out.extend_from_slice(b"\\\n");
            indent(depth, out);
            // A blank and a tab need the backslash, others have an escape of their own.
            let escaped = line.starts_with(|c: char| match c {
                '\n' => false,
                ' ' | '\t' => true,
                _ => c.is_whitespace() && !faithful,
            });
            out.push(if escaped { b'\\' } else { b' ' });
            line.chars().for_each(|c| value_character(c, out));
        }
        out.extend_from_slice(b"\\\n");
        indent(depth, out);
    } else {
        text.chars().for_each(|c| value_character(c, out));
    }
    out.push(b'"');
}

/// In a value, other than in a key, a tab stands for itself.
fn value_character(c: char, out: &mut Vec<u8>) {
    if c == '\t' {
        out.push(b'\t');
    } else {
        character(c, out);
    }
}

fn character(c: char, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    let escape: &[u8] = match c {
        '"' => b"\\\"",
        '\\' => b"\\\\",
        '\u{7}' => b"\\a",
        '\u{8}' => b"\\b",
        '\u{c}' => b"\\f",
        '\n' => b"\\n",
        '\r' => b"\\r",
        '\t' => b"\\t",
        '\u{b}' => b"\\v",
        '\0' => b"\\0",
        '\u{1b}' => b"\\e",
        '\u{85}' => b"\\N",
        '\u{a0}' => b"\\_",
        '\u{2028}' => b"\\L",
        '\u{2029}' => b"\\P",
        _ if chars::is_print(c) => c.encode_utf8(&mut buffer).as_bytes(),
        _ => {
            let code = u32::from(c);
            let long = match code {
                0..0x20 | 0x7f => format!("\\x{code:02x}"),
                0..=0xffff => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            return out.extend_from_slice(long.as_bytes());
        }
    };
    out.extend_from_slice(escape);
}

/// Whether a key is anything but letters, numbers, `_` and, inside, `-`, `.` and `/`, or might be
/// read as something else than a string.
fn needs_quotes(key: &str) -> bool {
    const INSIDE_ONLY: [char; 3] = ['-', '.', '/'];
    let allowed = |c: char| {
        c == '_' || INSIDE_ONLY.contains(&c) || chars::is_letter(c) || chars::is_number(c)
    };
    key.is_empty()
        || key.starts_with(INSIDE_ONLY)
        || key.ends_with(INSIDE_ONLY)
        || !key.chars().all(allowed)
        || is_no_string(key)
}

/// Whether a text of the characters that keys may have without quotes may be read as something
/// else than a string: a word, what Go's `ParseInt` and `ParseFloat` take, a date.
fn is_no_string(key: &str) -> bool {
    const WORDS: [&str; 11] =
        ["null", "t", "f", "true", "y", "yes", "on", "false", "n", "no", "off"];
    // Of the one-letter forms of true and false Go's `ParseBool` knows both cases, too.
    if key.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(key)) {
        return true;
    }
    if yaml::date(key.as_bytes()).is_some_and(<[u8]>::is_empty) {
        return true;
    }
    let plain = key.replace('_', "");
    floats::parse(&plain).is_some()
        || ints::parse_uint(&plain).is_some_and(|n| i64::try_from(n).is_ok())
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
    fn collections() {
        let node = Node::map([
            ("z", Node::map([("name", Node::text("x")), ("empty", Node::map([]))])),
            ("data", Node::map([("tls.crt", Node::Base64(b"hello")), ("no", Node::Base64(b""))])),
            ("list", Node::List(vec![Node::Int(1), Node::List(vec![]), Node::Bool(true)])),
            ("maps", Node::List(vec![Node::map([("a", Node::Null)]), Node::List(vec![])])),
            ("float", Node::Float(1e-7)),
        ]);
        let expected = r#"---
{
  z: {
    name: "x",
    empty: {},
  },
  data: {
    tls.crt: "aGVsbG8=",
    "no": "",
  },
  list: [
    1,
    [],
    true,
  ],
  maps: [{
    a: null,
  }, []],
  float: 1e-7,
}
"#;
        assert_eq!(written(&node), expected);
    }

    #[test]
    fn texts() {
        for (text, expected) in [
            ("a \"b\" \\", r#""a \"b\" \\""#),
            ("a\tb\r\u{1f}\u{7f}", "\"a\tb\\r\\x1f\\x7f\""),
            ("\0\u{7}\u{8}\u{b}\u{c}\u{1b}", r#""\0\a\b\v\f\e""#),
            // Unicode 15.1 and later: kubectl has them escaped.
            ("\u{2ffc}\u{1fae9}", r#""\u2ffc\U0001fae9""#),
            (
                "\u{a0}\u{ad}\u{2028}\u{2029}\u{feff}é😀\u{f0000}",
                r#""\_\u00ad\L\P\ufeffé😀\U000f0000""#,
            ),
            ("a\u{85}b", r#""a b""#),
            ("a\n b", "\"\\\n   a\\n\\\n  \\ b\\\n  \""),
            ("\n\u{a0}", "\"\\\n   \\n\\\n  \\\\_\\\n  \""),
            ("\n\tb\n\n", "\"\\\n   \\n\\\n  \\\tb\\n\\\n   \\n\\\n  \""),
        ] {
            assert_eq!(written(&Node::text(text)), format!("---\n{expected}\n"));
        }
    }

    #[test]
    fn string_data_is_kept() {
        let values = Node::map([("k", Node::text("\u{85}\n\u{a0}\r"))]);
        let expected = "---\n{\n  stringData: {\n    k: \"\\\n       \\N\\n\\\n       \\_\\r\\\n      \",\n  },\n}\n";
        assert_eq!(written(&Node::map([("stringData", values)])), expected);
    }

    #[test]
    fn keys_in_quotes() {
        for key in [
            "",
            "y",
            "No",
            "OFF",
            "true",
            "NULL",
            "t",
            "F",
            "1",
            "0x1f",
            "0b1",
            "1_000",
            "1e5",
            "1.5",
            "1e-5",
            "inf",
            "Infinity",
            "NaN",
            "0x1.8p-3",
            "2001-01-01",
            "-a",
            "a-",
            ".a",
            "a.",
            "/a",
            "a b",
            "a:b",
            "<<",
            "😀",
            "\u{93f}",
            "Ⓐ",
            "\u{1c89}",
            "99999999999999999999",
        ] {
            assert!(needs_quotes(key), "{key}");
        }
        for key in [
            "a",
            "tls.crt",
            "a-b",
            "a/b",
            "_",
            "a_",
            "nope",
            "yess",
            "1a",
            "0x",
            "0b2",
            "1e999",
            "0xfffffffffffffffff",
            "2001-02-30",
            "0xp1",
            "é",
            "½",
            "1.2.3",
        ] {
            assert!(!needs_quotes(key), "{key}");
        }
    }
}
