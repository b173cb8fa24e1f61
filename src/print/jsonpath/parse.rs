//! From the text of a template to its nodes.
//!
//! The rules are those of k8s.io/client-go/util/jsonpath: outside of braces everything is text,
//! inside of them stand fields, subscripts, filters, quoted text, numbers and bare words, and
//! what looks inside of a subscript like a template of its own is parsed as one. The order in
//! which they are tried is kubectl's, so that the same templates are refused.

use super::error::ParseError;
use super::node::{Filter, Node};
use super::subscript::{Subscript, comparison, subscript};
use crate::golang::chars::{Named, is_digit, is_word};
use crate::golang::floats;
use crate::golang::quote::unescape;

/// How deeply subscripts and filters may hold one another. kubectl has no limit, but quotes and
/// brackets run out at three or four.
const MAX_DEPTH: usize = 32;

/// The steps of a template.
pub(super) fn parse(text: &str, depth: usize) -> Result<Vec<Node>, ParseError> {
    if depth > MAX_DEPTH {
        return Err(ParseError::TooDeep);
    }
    let mut scanner = Scanner { text, position: 0 };
    let mut steps = Vec::new();
    loop {
        let plain = scanner.take_until(|c| c == '{');
        if !plain.is_empty() {
            steps.push(Node::Text(plain.as_bytes().to_vec()));
        }
        if scanner.next().is_none() {
            return Ok(steps);
        }
        steps.push(Node::List(scanner.action(depth)?));
    }
}

/// The nodes of `text` as if it stood in braces. A `}` within it ends them, as in kubectl; what
/// follows still has to parse.
fn parse_action(text: &str, depth: usize) -> Result<Vec<Node>, ParseError> {
    match parse(&format!("{{{text}}}"), depth + 1)?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    /// What is inside of a pair of braces, up to and with the closing one.
    fn action(&mut self, depth: usize) -> Result<Vec<Node>, ParseError> {
        let mut nodes = Vec::new();
        loop {
            let rest = self.rest();
            if rest.starts_with("[?(") {
                nodes.push(self.filter(depth)?);
                continue;
            }
            if rest.starts_with("..") {
                if nodes.last() == Some(&Node::Recursive) {
                    return Err(ParseError::RepeatedRecursion);
                }
                self.position += 2;
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_word) {
                    nodes.push(self.field());
                }
                continue;
            }
            match self.peek() {
                Some('}') => {
                    self.next();
                    return Ok(nodes);
                }
                None | Some('\r' | '\n') => return Err(ParseError::UnclosedAction),
                // The object itself: what is walked anyway.
                Some(' ' | '@' | '$') => {
                    self.next();
                }
                Some('[') => self.array(depth, &mut nodes)?,
                Some(quote @ ('"' | '\'')) => nodes.push(self.quoted(quote)?),
                Some('.') => {
                    self.next();
                    nodes.push(self.field());
                }
                Some(c) if c == '+' || c == '-' || is_digit(c) => nodes.push(self.number()?),
                Some(c) if is_word(c) => nodes.push(match self.take_until(is_terminator) {
                    "true" => Node::Bool(true),
                    "false" => Node::Bool(false),
                    word => Node::Identifier(word.to_owned()),
                }),
                Some(c) => return Err(ParseError::UnrecognizedCharacter(Named(c).to_string())),
            }
        }
    }

    /// A field's name up to the next character that ends it and has no backslash before it. All
    /// backslashes are then left out.
    fn field(&mut self) -> Node {
        let start = self.position;
        while let Some(c) = self.peek() {
            if is_terminator(c) {
                break;
            }
            self.next();
            if c == '\\' {
                self.next();
            }
        }
        match self.since(start) {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    fn number(&mut self) -> Result<Node, ParseError> {
        let start = self.position;
        if matches!(self.peek(), Some('+' | '-')) {
            self.next();
        }
        self.take_until(|c| c != '.' && !is_digit(c));
        let digits = self.since(start);
        if let Ok(number) = digits.parse() {
            return Ok(Node::Int(number));
        }
        floats::parse(digits).map(Node::Float).ok_or_else(|| ParseError::Number(digits.to_owned()))
    }

    fn quoted(&mut self, quote: char) -> Result<Node, ParseError> {
        let start = self.position;
        self.next();
        loop {
            let escaped = self.after_backslash();
            match self.next() {
                None | Some('\n') => return Err(ParseError::UnterminatedQuote),
                Some(c) if c == quote && !escaped => break,
                Some(_) => {}
            }
        }
        let quoted = self.since(start);
        let inner = quoted.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let text = inner.and_then(|inner| unescape(inner, quote));
        text.map(Node::Text).ok_or_else(|| ParseError::Unquote(quoted.to_owned()))
    }

    /// `[…]`: it ends at the first `]`, quoted or not.
    fn array(&mut self, depth: usize, nodes: &mut Vec<Node>) -> Result<(), ParseError> {
        self.next();
        let inner = self.take_until(|c| c == ']' || c == '\n');
        if self.next() != Some(']') {
            return Err(ParseError::UnterminatedArray);
        }
        match subscript(inner)? {
            Subscript::Key(key) => nodes.extend(parse_action(&format!(".{key}"), depth)?),
            Subscript::Slice(slice) => nodes.push(Node::Array(slice)),
            Subscript::Union(parts) => {
                let parts = parts.iter().map(|part| parse_action(&format!("[{part}]"), depth));
                nodes.push(Node::Union(parts.collect::<Result<_, _>>()?));
            }
        }
        Ok(())
    }

    /// `[?(…)]`: it ends at the first `)` outside of the first quotes in it, or, where these stay
    /// open, nowhere.
    fn filter(&mut self, depth: usize) -> Result<Node, ParseError> {
        self.position += 3;
        let start = self.position;
        let mut open = None;
        let mut closed = false;
        loop {
            let escaped = self.after_backslash();
            match self.next() {
                None | Some('\n') => return Err(ParseError::UnterminatedFilter),
                Some(c @ ('"' | '\'')) => match open {
                    None => open = Some(c),
                    Some(quote) => closed |= c == quote && !escaped,
                },
                Some(')') if open.is_some() == closed => break,
                Some(_) => {}
            }
        }
        let written = self.since(start);
        let inner = written.strip_suffix(')').unwrap_or(written);
        if self.next() != Some(']') {
            return Err(ParseError::UnclosedFilter);
        }
        let (left, operator) = match comparison(inner) {
            None => (inner, None),
            Some((left, operator, right)) => (left, Some((operator, right))),
        };
        let left = parse_action(left, depth)?;
        let comparison = match operator {
            None => None,
            Some((operator, right)) => Some((operator.to_owned(), parse_action(right, depth)?)),
        };
        Ok(Node::Filter(Filter { left, comparison }))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    fn take_until(&mut self, end: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let (taken, _) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
        self.position += taken.len();
        taken
    }

    /// Whether the character before is a backslash, escaped itself or not: kubectl looks back
    /// by one byte alone.
    fn after_backslash(&self) -> bool {
        self.since(0).ends_with('\\')
    }
}

/// What ends a field's name or a bare word; the end of the text does so too.
fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

#[cfg(test)]
mod tests;
