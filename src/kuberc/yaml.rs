//! A document of YAML as `sigs.k8s.io/yaml` reads it: YAML 1.1's scalars, repeated keys of which the
//! last is used and the strict reader complains, merge keys, and everything turned into JSON, whose
//! keys are sorted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::block;
use super::error::quoted_name;
use super::node::{DEPTH_MAX, Invalid, Node};
use crate::golang::base64::{self, Padding};
use crate::print::yaml::{Plain, plain};

/// The most values that a document has once its aliases are put in.
const VALUES_MAX: usize = 1 << 20;

/// What YAML's own tags begin with.
const TAGS: &str = "tag:yaml.org,2002:";

/// Reads a document, and notes what the strict reader complains of: at most one note, of as many
/// lines as there are complaints.
pub(super) fn read(text: &str) -> Result<(Node<'_>, Vec<String>), Invalid> {
    block::read(text).map_or_else(|| parse(text), |node| Ok((node, Vec::new())))
}

/// The same, by the parser of all YAML.
pub(super) fn parse(text: &str) -> Result<(Node<'_>, Vec<String>), Invalid> {
    if let Some(line) = unreadable(text) {
        return Err(Invalid::Yaml { line });
    }
    let mut reader = YamlReader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Invalid::Yaml { line: error.marker().line() })?;
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar =
                    Scalar::new(text, style, tag.as_deref()).ok_or(Invalid::Yaml { line })?;
                reader.scalar(scalar, anchor, line)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                reader.open(OpenCollection::List(Vec::new()), anchor, line)?;
            }
            Event::MappingStart(_, anchor, _) => {
                reader.open(OpenCollection::Map(Map::default()), anchor, line)?;
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
    let at = text.find(|c| !is_readable(c))?;
    Some(text[..at].matches('\n').count() + 1)
}

/// Whether a character is printable for go-yaml's reader.
fn is_readable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

#[derive(Clone)]
struct Scalar<'a> {
    text: Cow<'a, str>,
    read: Plain,
    is_merge: bool,
    is_empty: bool,
}

impl<'a> Scalar<'a> {
    /// `None` if it is tagged as base64 and is not.
    fn new(text: Cow<'a, str>, style: ScalarStyle, tag: Option<&Tag>) -> Option<Self> {
        const CORE: [&str; 5] = ["bool", "float", "int", "null", "timestamp"];
        let core = tag.filter(|tag| tag.handle() == TAGS).map(Tag::suffix);
        let is_plain = style == ScalarStyle::Plain && tag.is_none();
        let text = if core == Some("binary") { Cow::Owned(from_base64(&text)?) } else { text };
        let resolves = is_plain || core.is_some_and(|suffix| CORE.contains(&suffix));
        Some(Self {
            read: if resolves { plain(&text) } else { Plain::Text },
            is_merge: is_plain && text == "<<",
            is_empty: is_plain && text.is_empty(),
            text,
        })
    }

    fn node(self) -> Node<'a> {
        match self.read {
            Plain::Null => Node::Null,
            Plain::Bool(_) => Node::Bool,
            Plain::Integer(_) | Plain::Float => Node::Number,
            Plain::NoJson => Node::NoNumber,
            Plain::Text => Node::Text(self.text),
        }
    }

    fn key(self, line: usize) -> Key<'a> {
        let is_text = matches!(self.read, Plain::Text);
        let text = match self.read {
            Plain::Bool(on) => Cow::Borrowed(if on { "true" } else { "false" }),
            Plain::Integer(number) => Cow::Owned(number),
            Plain::Null | Plain::Float | Plain::NoJson | Plain::Text => self.text,
        };
        Key { text, is_text, line, is_merge: self.is_merge }
    }
}

#[derive(Default)]
struct Map<'a> {
    pairs: BTreeMap<Cow<'a, str>, Node<'a>>,
    /// The key whose value comes next.
    key: Option<Key<'a>>,
}

struct Key<'a> {
    text: Cow<'a, str>,
    /// Whether it is a text, which a complaint shows in quotes, and not a number or a boolean.
    is_text: bool,
    line: usize,
    is_merge: bool,
}

enum OpenCollection<'a> {
    List(Vec<Node<'a>>),
    Map(Map<'a>),
}

#[derive(Default)]
struct YamlReader<'a> {
    /// The collections that are open, each with its anchor and the line on which it begins.
    levels: Vec<(OpenCollection<'a>, usize, usize)>,
    anchors: BTreeMap<usize, (Node<'a>, usize)>,
    root: Option<Node<'a>>,
    repeated: Vec<String>,
    values: usize,
}

impl<'a> YamlReader<'a> {
    fn open(
        &mut self,
        level: OpenCollection<'a>,
        anchor: usize,
        line: usize,
    ) -> Result<(), Invalid> {
        if self.levels.len() == DEPTH_MAX {
            return Err(Invalid::Depth);
        }
        if let Some((OpenCollection::Map(Map { key: None, .. }), ..)) = self.levels.last() {
            // No JSON key can be made of it.
            return Err(Invalid::Yaml { line });
        }
        self.levels.push((level, anchor, line));
        Ok(())
    }

    fn close(&mut self) -> Result<(), Invalid> {
        let Some((level, anchor, line)) = self.levels.pop() else { return Ok(()) };
        let node = match level {
            OpenCollection::List(elements) => Node::List(elements),
            OpenCollection::Map(map) => Node::Map(map.pairs.into_iter().collect()),
        };
        self.add(node, anchor, line)
    }

    fn scalar(
        &mut self,
        scalar: Scalar<'a>,
        anchor: usize,
        mut line: usize,
    ) -> Result<(), Invalid> {
        if let Some((OpenCollection::Map(map), ..)) = self.levels.last_mut() {
            match &map.key {
                None if matches!(scalar.read, Plain::Null) => return Err(Invalid::Yaml { line }),
                None => {
                    if anchor != 0 {
                        self.anchors.insert(anchor, (scalar.clone().node(), 1));
                    }
                    map.key = Some(scalar.key(line));
                    return Ok(());
                }
                // What is left out is where its key is.
                Some(key) if scalar.is_empty => line = key.line,
                Some(_) => {}
            }
        }
        self.add(scalar.node(), anchor, line)
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
        if let Some((OpenCollection::Map(map @ Map { key: None, .. }), ..)) = self.levels.last_mut()
        {
            let Node::Text(text) = node else { return Err(Invalid::Yaml { line }) };
            map.key = Some(Key { text, is_text: true, line, is_merge: false });
            return Ok(());
        }
        self.add(node, 0, line)
    }

    /// Puts a value where it belongs.
    fn add(&mut self, node: Node<'a>, anchor: usize, line: usize) -> Result<(), Invalid> {
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
            Some((OpenCollection::List(elements), ..)) => elements.push(node),
            Some((OpenCollection::Map(map), ..)) => {
                let Some(key) = map.key.take() else { return Err(Invalid::Yaml { line }) };
                if !key.is_merge {
                    if map.pairs.contains_key(&key.text) {
                        let name = key.text.as_ref();
                        let quoted = if key.is_text { quoted_name(name) } else { name.to_owned() };
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

fn from_base64(text: &str) -> Option<String> {
    let bytes = base64::decode(text.as_bytes(), Padding::Required).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// How many values it holds, itself included.
fn size(node: &Node<'_>) -> usize {
    match node {
        Node::List(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        Node::Map(pairs) => 1 + pairs.iter().map(|(_, value)| size(value)).sum::<usize>(),
        _ => 1,
    }
}
