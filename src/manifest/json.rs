//! JSON with positions. Its syntax is checked as in `encoding/json` before anything is read.

use super::builder::{Builder, Each, Key, Next};
use super::fault::{Fault, Reason};
use super::position::Positions;
use super::{Content, Document, Node, Style, Text, Tree, position};
use crate::golang::json;

pub(super) fn read<'a>(
    document: &Document<'a>,
    text: &'a str,
    key: &'static str,
    take: &mut dyn FnMut(Node<'a>) -> Option<Node<'a>>,
) -> Result<Tree<'a>, Fault> {
    let located = |(kind, at): (json::Kind, usize)| {
        let (line, column) = position::of(document, at);
        Fault { line, column, reason: Reason::Json(kind) }
    };
    let end = json::value_end(text.as_bytes()).map_err(located)?;
    let rest = text[end..].len() - text[end..].trim_start_matches([' ', '\t', '\r', '\n']).len();
    if end + rest < text.len() {
        return Err(located((json::Kind::Unexpected(json::Context::AfterTop), end + rest)));
    }
    let mut builder = Builder::new(Each { key, take });
    let mut positions = Positions::new(document);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += match byte {
            b'"' => json::string_len(&bytes[start..]),
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                let is_part = |b: &&u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
                bytes[start..].iter().take_while(is_part).count()
            }
            _ => 1,
        };
        let word = &text[start..at];
        let content = match byte {
            b'{' => {
                builder.open_map(positions.span(document, start, at), Style::Flow);
                continue;
            }
            b'[' => {
                builder.open_list(positions.span(document, start, at), Style::Flow);
                continue;
            }
            b'}' | b']' => {
                if let Some(node) = builder.close(Some(document.offset + at)) {
                    let _ = builder.add(node);
                }
                continue;
            }
            b'"' if builder.next() == Next::Key => {
                let span = positions.span(document, start, at);
                builder.key(Key { text: string(word), span, is_merge: false });
                continue;
            }
            b'"' => Content::Text(string(word)),
            b't' => Content::Bool(true),
            b'f' => Content::Bool(false),
            b'n' => Content::Null,
            b'-' | b'0'..=b'9' => number(word),
            _ => continue,
        };
        let span = positions.span(document, start, at);
        let style = if *byte == b'"' { Style::DoubleQuoted } else { Style::Plain };
        let _ = builder.add(Node { span, content, style, is_binary: false });
    }
    let root = builder.finish().ok_or_else(|| located((json::Kind::End, text.len())))?;
    Ok(Tree { root, comments: Vec::new() })
}

fn string(quoted: &str) -> Text<'_> {
    let raw = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(quoted);
    if raw.contains('\\') { Text::Owned(json::unescaped(raw)) } else { Text::Borrowed(raw) }
}

fn number(word: &str) -> Content<'_> {
    match word.parse::<f64>() {
        Ok(value) if value.is_finite() => Content::Number(word.into()),
        _ => Content::Infinite,
    }
}
