//! The YAML that most files are: maps and lists in block style, with scalars of one line.
//!
//! The file is read at every start, and the parser of all YAML takes seven times as long. Whatever
//! is written in another way, is repeated or looks wrong is left to that parser: here is neither an
//! error nor a complaint, and what is read here must be what the other would read.

use std::borrow::Cow;
use std::str;

use super::node::Node;
use crate::print::yaml::{Plain, plain};

/// The longest text, in bytes: the others are not worth a second reader.
const SIZE_MAX: usize = 1 << 16;
const DEPTH_MAX: usize = 16;

/// Reads a document; `None` if it has to be read by the parser of all YAML.
pub(super) fn read(text: &str) -> Option<Node<'_>> {
    if text.len() > SIZE_MAX || !text.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return None;
    }
    let mut lines =
        BlockLines { rest: text.strip_prefix("---\n").unwrap_or(text).lines(), line: None };
    lines.advance();
    if lines.line?.indent != 0 {
        return None;
    }
    let root = lines.map(0, DEPTH_MAX)?;
    lines.line.is_none().then_some(root)
}

/// A line without the blanks around it.
#[derive(Clone, Copy)]
struct BlockLine<'a> {
    indent: usize,
    text: &'a str,
}

/// The lines that have content.
struct BlockLines<'a> {
    rest: str::Lines<'a>,
    /// The one that comes next. Of an element of a list, what comes after its dash.
    line: Option<BlockLine<'a>>,
}

impl<'a> BlockLines<'a> {
    fn advance(&mut self) {
        self.line = self.rest.find_map(|line| {
            let text = line.trim_ascii_start();
            let indent = line.len() - text.len();
            let has_content = !text.is_empty() && !text.starts_with('#');
            has_content.then(|| BlockLine { indent, text: text.trim_ascii_end() })
        });
    }

    /// The next line, if it is at this level.
    fn at(&self, indent: usize) -> Option<BlockLine<'a>> {
        self.line.filter(|line| line.indent == indent)
    }

    /// Whether the next line is deeper, which it must not be after a value on one line.
    fn goes_deeper(&self, indent: usize) -> bool {
        self.line.is_some_and(|line| line.indent > indent)
    }

    fn map(&mut self, indent: usize, depth: usize) -> Option<Node<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut pairs: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
        while let Some(line) = self.at(indent) {
            let (key, value) = key_and_value(line.text)?;
            self.advance();
            let value = if !value.is_empty() {
                self.scalar(value, indent)?
            } else if self.goes_deeper(indent) {
                let line = self.line?;
                if line.text.starts_with("- ") {
                    self.list(line.indent, depth)?
                } else {
                    self.map(line.indent, depth)?
                }
            } else if self.at(indent).is_some_and(|line| line.text.starts_with("- ")) {
                self.list(indent, depth)?
            } else {
                Node::Null
            };
            pairs.push((key.into(), value));
        }
        pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let is_repeated = pairs.windows(2).any(|pair| pair[0].0 == pair[1].0);
        (!is_repeated && !self.goes_deeper(indent)).then_some(Node::Map(pairs))
    }

    fn list(&mut self, indent: usize, depth: usize) -> Option<Node<'a>> {
        let depth = depth.checked_sub(1)?;
        let mut elements = Vec::new();
        while let Some(line) = self.at(indent) {
            let Some(element) = line.text.strip_prefix("- ") else { break };
            let text = element.trim_ascii_start();
            elements.push(if key_and_value(text).is_some() {
                let indent = indent + line.text.len() - text.len();
                self.line = Some(BlockLine { indent, text });
                self.map(indent, depth)?
            } else {
                self.advance();
                self.scalar(text, indent)?
            });
        }
        (!self.goes_deeper(indent)).then_some(Node::List(elements))
    }

    /// A scalar that ends with its line.
    fn scalar(&self, text: &'a str, indent: usize) -> Option<Node<'a>> {
        if self.goes_deeper(indent) {
            return None;
        }
        let quoted = |mark: char| text[1..].strip_suffix(mark).filter(|text| !text.contains(mark));
        match text.as_bytes().first()? {
            b'\'' => Some(Node::Text(quoted('\'')?.into())),
            b'"' => Some(Node::Text(quoted('"').filter(|text| !text.contains('\\'))?.into())),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'/' => {
                if text.contains(": ") || text.contains(" #") || text.ends_with(':') {
                    return None;
                }
                Some(match plain(text) {
                    Plain::Null => Node::Null,
                    Plain::Bool(_) => Node::Bool,
                    Plain::Integer(_) | Plain::Float => Node::Number,
                    Plain::NoJson => return None,
                    Plain::Text => Node::Text(text.into()),
                })
            }
            _ => None,
        }
    }
}

/// A key that is a text without quotes, and what is after it.
fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(':')?;
    let is_name = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && key.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_name || !(rest.is_empty() || rest.starts_with(' ')) || plain(key) != Plain::Text {
        return None;
    }
    Some((key, rest.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    use super::super::yaml;
    use super::*;

    #[test]
    fn what_is_read_here() {
        let rows = [
            ("a: b\n", true),
            ("---\n# head\na: b # c\n", false),
            (
                "---\n# head\n\na:\n  - b: 1\n    c: 'x: y'\n  -   d: \"# e\"\n\nf:\n- g\n- h\ni:\n",
                true,
            ),
            ("a:\n- b:\n  - c: d\n    e: /f:g\n  h: i\n", true),
            ("a: 'b''c'\n", false),
            ("a: \"b\\n\"\n", false),
            ("a: b\n  c\n", false),
            ("a:\n  b\n", false),
            ("a: b\na: c\n", false),
            ("a:\n  - b\n  c: d\n", false),
            ("a:\n - b\n- c\n", false),
            ("a: [b]\n", false),
            ("a: &b c\n", false),
            ("a: |\n  b\n", false),
            ("a: é\n", false),
            ("a:\tb\n", false),
            ("yes: b\n", false),
            ("a: -1\n", false),
            ("- a\n", false),
            (" a: b\n", false),
            ("", false),
        ];
        for (text, wanted) in rows {
            assert_eq!(read(text).is_some(), wanted, "{text:?}");
        }
        assert_eq!(read(&format!("a: {}\n", "b".repeat(SIZE_MAX))), None);
        let deep = (0..20).map(|level| " ".repeat(level) + "a:\n").collect::<String>();
        assert_eq!(read(&deep), None);
    }

    /// Lines that mostly fit together, with some that do not.
    fn text() -> impl Strategy<Value = String> {
        const GOOD: &[&str] = &[
            "",
            "",
            "",
            "x",
            "x y",
            "x:y",
            "x#y",
            "'x'",
            "\"x\"",
            "' x '",
            "''",
            "\"\"",
            "1",
            "0x1f",
            "true",
            "no",
            "null",
            "2001-01-01",
            "/x/y",
            "x, y",
            "x]",
            "x}",
            "x'",
            "x\"y",
            "x ---",
            "x - y",
            "x?",
            "x!",
            "x&y",
            "x*",
            "x|",
            "x>",
            "'x: y'",
            "'#x'",
            "\"x'y\"",
            "'x\"y'",
            "0o7",
            "x\\",
            "_",
            "1_0",
        ];
        const ODD: &[&str] = &[
            "x  y ",
            "x: y",
            "x #y",
            "x:",
            "'x''y'",
            "\"x\\n\"",
            "'x",
            "'x' y",
            "\"x\" # y",
            ".inf",
            "~",
            "[x]",
            "{x: y}",
            "&z x",
            "*z",
            "!!str x",
            "|",
            ">",
            "- x",
            "-x",
            "%x",
            "@x",
            "`x",
            "--- x",
            "...",
            "é",
            "x\ty",
            "'",
            "\"",
            "# x",
        ];
        let choice = |good: &'static [&'static str], odd: &'static [&'static str]| prop_oneof![12 => prop::sample::select(good), 1 => prop::sample::select(odd)];
        let indent = choice(&["", "", "  ", "  ", "    "], &[" ", "   ", "      "]);
        let dash = choice(&["", "- "], &["-   ", "- - ", "-", "? "]);
        let key = choice(&["a", "b", "c", "d", "e-f", "g_1", "Key"], &["1", "y", "<<", "~", "'q'"]);
        let colon = choice(&[": ", ": ", ":   "], &[":", " : ", ":  # c", ""]);
        let value = choice(GOOD, ODD);
        let line =
            (indent, dash, key, colon, value).prop_map(|(indent, dash, key, colon, value)| {
                format!("{indent}{dash}{key}{colon}{value}\n")
            });
        let other =
            ["\n", "   \n", "# c\n", "  # c\n", "  - x\n", "- y\n", "---\n", "...\n", "%x\n"];
        let other = prop::sample::select(other.to_vec()).prop_map(str::to_owned);
        let lines = prop::collection::vec(prop_oneof![9 => line, 2 => other], 0..7);
        (choice(&["top:\n", "top: x\n", "---\ntop:\n"], &["", " "]), lines)
            .prop_map(|(top, lines)| format!("{top}{}", lines.concat()))
    }

    #[test]
    fn reads_what_the_parser_of_all_yaml_reads() {
        const CASES: u32 = 3_000;
        let read_here = std::cell::Cell::new(0);
        let config = ProptestConfig { cases: CASES, ..ProptestConfig::default() };
        let agree = |text: String| {
            if let Some(node) = read(&text) {
                read_here.set(read_here.get() + 1);
                prop_assert_eq!(Ok((node, Vec::new())), yaml::parse(&text));
            }
            Ok(())
        };
        TestRunner::new(config).run(&text(), agree).unwrap();
        assert!(read_here.get() > CASES / 10, "{}", read_here.get());
    }
}
