//! A document of YAML as `sigs.k8s.io/yaml` reads it: YAML 1.1's scalars, repeated keys of which the
//! last is used and the strict reader complains, merge keys, and everything turned into JSON, whose
//! keys are sorted.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::error::quoted_name;
use super::node::{DEPTH_MAX, Invalid, Node};
use crate::print::yaml::{Plain, plain};

/// The most values that a document has once its aliases are put in.
const VALUES_MAX: usize = 1 << 20;

/// What YAML's own tags begin with.
const TAGS: &str = "tag:yaml.org,2002:";

/// Reads a document, and notes what the strict reader complains of: at most one note, of as many
/// lines as there are complaints.
pub(super) fn read(text: &str) -> Result<(Node, Vec<String>), Invalid> {
    if let Some(line) = unreadable(text) {
        return Err(Invalid::Yaml { line });
    }
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Invalid::Yaml { line: error.marker().line() })?;
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = Scalar::new(&text, style, tag.as_deref());
                reader.scalar(scalar, anchor, line)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                reader.open(Level::List(Vec::new()), anchor, line)?;
            }
            Event::MappingStart(_, anchor, _) => {
                reader.open(Level::Map(Map::default()), anchor, line)?;
            }
            Event::SequenceEnd | Event::MappingEnd => reader.close()?,
            Event::Alias(anchor) => reader.alias(anchor, line)?,
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    let complaints = match reader.repeated.as_slice() {
        [] => Vec::new(),
        all => vec![format!("yaml: unmarshal errors:\n  {}", all.join("\n  "))],
    };
    let root = reader.root.unwrap_or(Node::Null);
    if root.is_json() { Ok((root, complaints)) } else { Err(Invalid::Infinite) }
}

/// The line of the first character that YAML does not allow.
fn unreadable(text: &str) -> Option<usize> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    let at = text.find(|c| !allowed(c))?;
    Some(text[..at].matches('\n').count() + 1)
}

/// A scalar, and what the strict reader calls it as a key.
struct Scalar {
    node: Node,
    key: String,
    quoted: String,
    is_merge: bool,
    /// Whether nothing is written.
    is_empty: bool,
}

impl Scalar {
    fn new(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Self {
        const CORE: [&str; 5] = ["bool", "float", "int", "null", "timestamp"];
        let core = tag.filter(|tag| tag.handle() == TAGS).map(Tag::suffix);
        let is_plain = style == ScalarStyle::Plain && tag.is_none();
        let resolves = is_plain || core.is_some_and(|suffix| CORE.contains(&suffix));
        let read = if resolves { plain(text) } else { Plain::Text };
        let (node, key) = match read {
            Plain::Null => (Node::Null, Cow::Borrowed(text)),
            Plain::Bool(on) => (Node::Bool, Cow::Borrowed(if on { "true" } else { "false" })),
            Plain::Integer(number) => (Node::Number, Cow::Owned(number)),
            Plain::Float => (Node::Number, Cow::Borrowed(text)),
            Plain::NoJson => (Node::NoNumber, Cow::Borrowed(text)),
            Plain::Text => (Node::Text(text.to_owned()), Cow::Borrowed(text)),
        };
        let quoted = match node {
            Node::Text(_) => quoted_name(&key),
            _ => key.clone().into_owned(),
        };
        Self {
            quoted,
            key: key.into_owned(),
            is_merge: is_plain && text == "<<",
            is_empty: is_plain && text.is_empty(),
            node,
        }
    }
}

#[derive(Default)]
struct Map {
    pairs: BTreeMap<String, Node>,
    /// The key whose value comes next, as text and as a complaint shows it, and its line.
    key: Option<Key>,
}

struct Key {
    text: String,
    quoted: String,
    line: usize,
    is_merge: bool,
}

enum Level {
    List(Vec<Node>),
    Map(Map),
}

#[derive(Default)]
struct Reader {
    /// The collections that are open, each with its anchor and the line on which it begins.
    levels: Vec<(Level, usize, usize)>,
    anchors: HashMap<usize, (Node, usize)>,
    root: Option<Node>,
    repeated: Vec<String>,
    values: usize,
}

impl Reader {
    fn open(&mut self, level: Level, anchor: usize, line: usize) -> Result<(), Invalid> {
        if self.levels.len() == DEPTH_MAX {
            return Err(Invalid::Depth);
        }
        if let Some((Level::Map(Map { key: None, .. }), ..)) = self.levels.last() {
            // No JSON key can be made of it.
            return Err(Invalid::Yaml { line });
        }
        self.levels.push((level, anchor, line));
        Ok(())
    }

    fn close(&mut self) -> Result<(), Invalid> {
        let Some((level, anchor, line)) = self.levels.pop() else { return Ok(()) };
        let node = match level {
            Level::List(elements) => Node::List(elements),
            Level::Map(map) => Node::Map(map.pairs.into_iter().collect()),
        };
        self.add(node, anchor, line)
    }

    fn scalar(&mut self, scalar: Scalar, anchor: usize, mut line: usize) -> Result<(), Invalid> {
        if let Some((Level::Map(map), ..)) = self.levels.last_mut() {
            match &map.key {
                None if scalar.node == Node::Null => return Err(Invalid::Yaml { line }),
                None => {
                    let Scalar { key: text, quoted, is_merge, .. } = scalar;
                    if anchor != 0 {
                        self.anchors.insert(anchor, (scalar.node, 1));
                    }
                    map.key = Some(Key { text, quoted, line, is_merge });
                    return Ok(());
                }
                // What is left out is where its key is.
                Some(key) if scalar.is_empty => line = key.line,
                Some(_) => {}
            }
        }
        self.add(scalar.node, anchor, line)
    }

    fn alias(&mut self, anchor: usize, line: usize) -> Result<(), Invalid> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(Invalid::Yaml { line });
        };
        if self.values + size > VALUES_MAX {
            return Err(Invalid::Large);
        }
        self.values += size;
        let node = node.clone();
        if let Some((Level::Map(map @ Map { key: None, .. }), ..)) = self.levels.last_mut() {
            let Node::Text(text) = node else { return Err(Invalid::Yaml { line }) };
            let quoted = quoted_name(&text);
            map.key = Some(Key { text, quoted, line, is_merge: false });
            return Ok(());
        }
        self.add(node, 0, line)
    }

    /// Puts a value where it belongs.
    fn add(&mut self, node: Node, anchor: usize, line: usize) -> Result<(), Invalid> {
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(Invalid::Large);
        }
        if anchor != 0 {
            let size = size(&node);
            self.anchors.insert(anchor, (node.clone(), size));
            self.values += size;
        }
        match self.levels.last_mut() {
            None => self.root = Some(node),
            Some((Level::List(elements), ..)) => elements.push(node),
            Some((Level::Map(map), ..)) => {
                let Some(key) = map.key.take() else { return Err(Invalid::Yaml { line }) };
                if !key.is_merge {
                    if map.pairs.contains_key(&key.text) {
                        let quoted = key.quoted;
                        self.repeated.push(format!("line {line}: key {quoted} already set in map"));
                    }
                    map.pairs.insert(key.text, node);
                    return Ok(());
                }
                let maps = match node {
                    Node::Map(pairs) => vec![pairs],
                    // Of several maps, the first is put in last.
                    Node::List(all) => {
                        let all = all.into_iter().rev().map(|each| match each {
                            Node::Map(pairs) => Ok(pairs),
                            _ => Err(Invalid::Yaml { line }),
                        });
                        all.collect::<Result<_, _>>()?
                    }
                    _ => return Err(Invalid::Yaml { line }),
                };
                map.pairs.extend(maps.into_iter().flatten());
            }
        }
        Ok(())
    }
}

/// How many values it holds, itself included.
fn size(node: &Node) -> usize {
    match node {
        Node::List(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        Node::Map(pairs) => 1 + pairs.iter().map(|(_, value)| size(value)).sum::<usize>(),
        _ => 1,
    }
}
