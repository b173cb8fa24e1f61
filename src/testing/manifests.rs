//! What a manifest is read as, for comparisons with kubectl and for measurements.

use crate::golang;
use crate::manifest::{self, Content, Documents, Node};

/// The documents of a file as JSON, the last of a repeated key; and why the rest cannot be read.
pub fn manifests(file: &[u8]) -> (Vec<String>, Option<String>) {
    let mut trees = Vec::new();
    for document in Documents::new(file) {
        let tree = document.and_then(|document| manifest::read(&document, &mut Some));
        match tree {
            Ok(tree) => {
                let mut json = Vec::new();
                match push(&tree.root, &mut json) {
                    Some(()) => trees.push(String::from_utf8_lossy(&json).into_owned()),
                    None => return (trees, Some("it has an infinite number".to_owned())),
                }
            }
            Err(fault) => {
                let (line, column) = (fault.line, fault.column);
                return (trees, Some(format!("{line}:{column}: {fault}")));
            }
        }
    }
    (trees, None)
}

/// The number of scalars in a file, or none if it cannot be read.
pub fn scalars(file: &[u8]) -> Option<usize> {
    let mut scalars = 0;
    for document in Documents::new(file) {
        scalars += count(&manifest::read(&document.ok()?, &mut Some).ok()?.root);
    }
    Some(scalars)
}

/// The source of every text and key in a file that is written as it is read, with that text.
pub fn plain_texts(file: &[u8]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for document in Documents::new(file).flatten() {
        if let Ok(tree) = manifest::read(&document, &mut Some) {
            sources(&tree.root, file, &mut found);
        }
    }
    found
}

fn sources(node: &Node<'_>, file: &[u8], found: &mut Vec<(String, String)>) {
    let source = |start: usize, end: usize| String::from_utf8_lossy(&file[start..end]).into_owned();
    match &node.content {
        Content::Text(text) if node.style == manifest::Style::Plain => {
            found.push((source(node.span.start, node.span.end), text.to_string()));
        }
        Content::List(elements) => {
            for element in elements {
                sources(element, file, found);
            }
        }
        Content::Map(pairs) => {
            for pair in pairs {
                sources(&pair.value, file, found);
            }
        }
        _ => {}
    }
}

fn count(node: &Node<'_>) -> usize {
    match &node.content {
        Content::List(elements) => elements.iter().map(count).sum(),
        Content::Map(pairs) => pairs.iter().map(|pair| 1 + count(&pair.value)).sum(),
        _ => 1,
    }
}

/// `None` if JSON cannot hold it.
fn push(node: &Node<'_>, json: &mut Vec<u8>) -> Option<()> {
    match &node.content {
        Content::Null => json.extend(b"null"),
        Content::Bool(value) => json.extend(value.to_string().as_bytes()),
        Content::Number(number) => json.extend(number.as_bytes()),
        Content::Infinite => return None,
        Content::Text(text) => golang::json::push_string(text, json),
        Content::List(elements) => {
            json.push(b'[');
            for (at, element) in elements.iter().enumerate() {
                json.extend(if at > 0 { b"," } else { &b""[..] });
                push(element, json)?;
            }
            json.push(b']');
        }
        Content::Map(pairs) => {
            json.push(b'{');
            for (at, pair) in pairs.iter().enumerate() {
                json.extend(if at > 0 { b"," } else { &b""[..] });
                golang::json::push_string(&pair.key, json);
                json.push(b':');
                push(&pair.value, json)?;
            }
            json.push(b'}');
        }
    }
    Some(())
}
