//! An encrypted document as text, in the layout of sops: YAML with four blanks a level and lists
//! indented, JSON with tabs.

use std::borrow::Cow;

use super::encrypt::SopsFile;
use super::tree::Item;
use crate::print;
use crate::secret::manifest::Node;

impl SopsFile<'_> {
    /// Appends the document as YAML; `step` is the number of columns of a level.
    pub(crate) fn write_yaml(&self, step: usize, out: &mut Vec<u8>) {
        let mut writer = YamlWriter { step, out };
        if let Item::Map(pairs) = &self.root {
            writer.map(pairs, 0, false);
        }
    }

    /// Appends the document as JSON, which has no comments.
    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        print::json::write_with("\t", &node(&self.root), out);
    }
}

/// The document for the writer of JSON.
fn node<'a>(item: &'a Item<'_>) -> Node<'a> {
    match item {
        Item::Bool(value) => Node::Bool(*value),
        Item::Comment(text) => Node::text(text),
        Item::Float(text) | Item::Int(text) => match (text.parse(), text.parse()) {
            (Ok(number), _) => Node::Int(number),
            (_, Ok(number)) => Node::Float(number),
            _ => Node::text(text),
        },
        Item::List(items) => {
            Node::List(items.iter().filter(|item| !item.is_comment()).map(node).collect())
        }
        Item::Map(pairs) => {
            let pairs = pairs.iter().filter(|(_, value)| !value.is_comment());
            Node::Map(pairs.map(|(key, value)| (Cow::Borrowed(&**key), node(value))).collect())
        }
        Item::Null => Node::Null,
        Item::Sealed { text, .. } | Item::Time(text) => Node::text(text),
        Item::Text(text) => Node::text(text),
    }
}

struct YamlWriter<'o> {
    step: usize,
    out: &'o mut Vec<u8>,
}

impl YamlWriter<'_> {
    /// The column of what is below a map at this column (go-yaml's `yaml_emitter_increase_indent`).
    fn inner(&self, column: usize) -> usize {
        self.step * ((column + self.step) / self.step)
    }

    /// Writes the members of a map, the first one in the current line if that is open.
    fn map(&mut self, pairs: &[(Cow<'_, str>, Item<'_>)], column: usize, mut is_open: bool) {
        for (key, value) in pairs {
            if value.is_comment() {
                self.comment(value, column, &mut is_open);
                continue;
            }
            self.indent(column, &mut is_open);
            print::yaml::push_text(key, None, self.out);
            self.out.push(b':');
            self.value(value, column);
        }
    }

    fn list(&mut self, items: &[Item<'_>], column: usize) {
        for item in items {
            let mut is_open = false;
            if item.is_comment() {
                self.comment(item, column, &mut is_open);
                continue;
            }
            self.indent(column, &mut is_open);
            self.out.push(b'-');
            match item {
                Item::Map(pairs) if !pairs.is_empty() => {
                    self.out.push(b' ');
                    self.map(pairs, column + 2, true);
                }
                item => self.value(item, column),
            }
        }
    }

    /// Writes what follows `:` or `-`.
    fn value(&mut self, item: &Item<'_>, column: usize) {
        let inner = self.inner(column);
        match item {
            Item::Map(pairs) if !pairs.is_empty() => {
                self.out.push(b'\n');
                self.map(pairs, inner, false);
            }
            Item::List(items) if !items.is_empty() => {
                self.out.push(b'\n');
                self.list(items, inner);
            }
            scalar => {
                self.out.push(b' ');
                self.scalar(scalar, inner);
                self.out.push(b'\n');
            }
        }
    }

    fn scalar(&mut self, item: &Item<'_>, inner: usize) {
        let plain = match item {
            Item::Bool(true) => "true",
            Item::Bool(false) => "false",
            Item::Null => "null",
            Item::List(_) => "[]",
            Item::Map(_) => "{}",
            Item::Comment(text) => text,
            Item::Float(text) | Item::Int(text) | Item::Time(text) | Item::Sealed { text, .. } => {
                text
            }
            Item::Text(text) => return print::yaml::push_text(text, Some(inner), self.out),
        };
        self.out.extend_from_slice(plain.as_bytes());
    }

    fn comment(&mut self, item: &Item<'_>, column: usize, is_open: &mut bool) {
        let text = match item {
            Item::Comment(text) => text,
            Item::Sealed { text, .. } => text.as_str(),
            _ => return,
        };
        self.indent(column, is_open);
        self.out.push(b'#');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    fn indent(&mut self, column: usize, is_open: &mut bool) {
        if !std::mem::take(is_open) {
            self.out.resize(self.out.len() + column, b' ');
        }
    }
}
