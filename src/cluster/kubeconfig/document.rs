//! A kubeconfig's text as a tree, read as kubectl reads it: go-yaml 2's YAML 1.1 by way of JSON
//! (`sigs.k8s.io/yaml`). Only the first document counts, the last of a doubled key wins, aliases
//! and merge keys are resolved.

use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use zeroize::Zeroizing;

use super::base64;
use crate::manifest::{AliasCounts, Fault as YamlFault, Reason as YamlReason};

/// How deeply a document may nest, aliases included.
const DEPTH_MAX: usize = 1000;

/// A part of a document.
pub(super) struct Node {
    /// Its line, from 1.
    pub(super) line: usize,
    pub(super) content: Content,
    /// How deep it is: 1 for a scalar.
    depth: usize,
    /// How many nodes it is made of, aliases resolved.
    size: u64,
}

/// A key and its value.
type Pair = (Rc<Node>, Rc<Node>);

pub(super) enum Content {
    List(Vec<Rc<Node>>),
    /// In the order in which a later one wins.
    Map(Vec<Pair>),
    Null,
    Scalar {
        text: Zeroizing<String>,
        /// Without quotes and without a tag: YAML may take it for a boolean or a number.
        is_plain: bool,
    },
}

impl Node {
    /// The value of a field, the last one where it is set twice.
    pub(super) fn get(&self, field: &str) -> Option<&Rc<Self>> {
        self.pair(field).map(|(_, value)| value)
    }

    /// The line of a field.
    pub(super) fn line_of(&self, field: &str) -> Option<usize> {
        self.pair(field).map(|(key, _)| key.line)
    }

    fn pair(&self, field: &str) -> Option<&Pair> {
        let Content::Map(pairs) = &self.content else { return None };
        pairs.iter().rev().find(|(key, _)| key.text() == Some(field))
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// Reads the first document; `None` if there is none.
pub(super) fn parse(text: &str) -> Result<Option<Rc<Node>>, YamlFault> {
    let options = granit_parser::options! {
        bom_inside_document_as_content: true,
        block_scalar_eof_without_line_feed: true,
        emit_comments: false,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
    };
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let (line, column) = place(error.marker());
            YamlFault { line, column, reason: YamlReason::of(error.kind()) }
        })?;
        let (line, column) = place(&span.start);
        match builder.take(event, span.start.line()) {
            Ok(Some(document)) => return Ok(Some(document)),
            Ok(None) => {}
            Err(reason) => return Err(YamlFault { line, column, reason }),
        }
    }
    Ok(None)
}

/// The line and the column, from 1.
fn place(marker: &Marker) -> (u32, u32) {
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (small(marker.line()), small(marker.col() + 1))
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    counts: AliasCounts,
}

/// A list or a map whose end has not come yet.
struct Open {
    line: usize,
    anchor: usize,
    is_map: bool,
    /// A map's keys and values take turns.
    parts: Vec<Rc<Node>>,
    depth: usize,
    size: u64,
}

impl Builder {
    /// Takes an event; the document when that was its last.
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<Option<Rc<Node>>, YamlReason> {
        match event {
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned().ok_or(YamlReason::Alias)?;
                // Merge keys upon merge keys can ask for any number of fields.
                self.counts.add_alias(node.size)?;
                self.add(node, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain;
                let content = scalar(&text, is_plain, tag.as_deref());
                self.add(Rc::new(Node { line, content, depth: 1, size: 1 }), anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open.push(Open {
                    line,
                    anchor,
                    is_map: false,
                    parts: Vec::new(),
                    depth: 1,
                    size: 1,
                });
                Ok(None)
            }
            Event::MappingStart(_, anchor, _) => {
                self.open.push(Open {
                    line,
                    anchor,
                    is_map: true,
                    parts: Vec::new(),
                    depth: 1,
                    size: 1,
                });
                Ok(None)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { line, anchor, is_map, parts, depth, size }) = self.open.pop()
                else {
                    return Err(YamlReason::Other);
                };
                let content =
                    if is_map { Content::Map(pairs(parts)?) } else { Content::List(parts) };
                self.add(Rc::new(Node { line, content, depth, size }), anchor)
            }
            _ => Ok(None),
        }
    }

    fn add(&mut self, node: Rc<Node>, anchor: usize) -> Result<Option<Rc<Node>>, YamlReason> {
        self.counts.add(1);
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.open.last_mut() {
            Some(open) => {
                // Aliases of aliases make a chain of any depth, and dropping it is recursive.
                open.depth = open.depth.max(node.depth + 1);
                if open.depth > DEPTH_MAX {
                    return Err(YamlReason::Depth);
                }
                open.size = open.size.saturating_add(node.size);
                open.parts.push(node);
                Ok(None)
            }
            None => Ok(Some(node)),
        }
    }
}

/// Keys and values, those of merge keys in place of these. As in go-yaml 2, what is merged
/// replaces what is before it, and of a list the first mapping wins.
fn pairs(parts: Vec<Rc<Node>>) -> Result<Vec<Pair>, YamlReason> {
    let mut pairs = Vec::with_capacity(parts.len() / 2);
    let mut parts = parts.into_iter();
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        let is_merge =
            matches!(&key.content, Content::Scalar { text, is_plain: true } if **text == "<<");
        let merged = match &value.content {
            _ if !is_merge => {
                pairs.push((key, value));
                continue;
            }
            Content::Map(_) => std::slice::from_ref(&value),
            Content::List(list) => list.as_slice(),
            Content::Null | Content::Scalar { .. } => return Err(YamlReason::Merge),
        };
        for map in merged.iter().rev() {
            let Content::Map(more) = &map.content else { return Err(YamlReason::Merge) };
            pairs.extend(more.iter().cloned());
        }
    }
    Ok(pairs)
}

/// What a scalar says, by its tag where it has one of YAML's own.
fn scalar(text: &str, is_plain: bool, tag: Option<&Tag>) -> Content {
    let whole =
        |text: &str, is_plain| Content::Scalar { text: Zeroizing::new(text.to_owned()), is_plain };
    let own = tag.and_then(|tag| tag.suffix_in_namespace("tag:yaml.org,2002:"));
    match own.as_deref() {
        Some("null") => Content::Null,
        Some("binary") => match base64::decode(text) {
            Some(bytes) => whole(&String::from_utf8_lossy(&bytes), false),
            None => whole(text, false),
        },
        Some("bool" | "int" | "float") => whole(text, true),
        Some(_) => whole(text, false),
        None if tag.is_some() || !is_plain => whole(text, false),
        None => match text {
            "" | "~" | "null" | "Null" | "NULL" => Content::Null,
            _ => whole(text, true),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn as_many_users_as_kubectl_reads() {
        const USERS: usize = 200_000;
        let mut file = "users:\n".to_owned();
        for user in 0..USERS {
            let _ = write!(file, "- name: u{user}\n  user:\n    token: t{user}\n");
        }
        let document = parse(&file).unwrap().unwrap();
        let Content::List(users) = &document.get("users").unwrap().content else { panic!() };
        assert_eq!(users.len(), USERS);
        let token = users[USERS - 1].get("user").and_then(|user| user.get("token"));
        assert_eq!(token.and_then(|token| token.text()), Some("t199999"));
    }

    #[test]
    fn aliases_by_the_rule_of_go_yaml() {
        let many = |element: &str, count: usize| format!("[{}]", vec![element; count].join(","));
        let merges = (1..30).fold("m0: &m0 {a: b}\n".to_owned(), |text, level| {
            let below = level - 1;
            format!("{text}m{level}: &m{level} {{<<: [*m{below}, *m{below}]}}\n")
        });
        let rows = [
            // kubectl reads this one.
            (format!("x: &a {}\ny: {}", many("1", 100), many("*a", 2000)), true),
            (format!("x: &a {}\ny: {}", many("1", 200), many("*a", 2000)), false),
            (merges, false),
            (format!("x: {}{}", "[".repeat(900), "]".repeat(900)), true),
        ];
        for (file, is_read) in rows {
            let reason = parse(&file).err().map(|fault| fault.reason);
            let want = (!is_read).then_some(YamlReason::Aliases);
            assert_eq!(reason, want, "{} {}", file.len(), &file[..12]);
        }
    }
}
