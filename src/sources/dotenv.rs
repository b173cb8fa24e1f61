//! Env files as the npm package dotenv reads them: its function `parse`, version 17.
//!
//! The package searches the text with one regular expression in multiline mode. Here the same
//! language is read from left to right, each byte a fixed number of times at most. What follows from
//! the expression and not from the package's documentation:
//!
//! - Blanks are those of JavaScript, which include line ends: between a name and its `=`, and between
//!   the `=` and an opening quote, there may be line ends, and after `export` too.
//! - `NAME:` needs one blank, which may be the end of the line. The next line is then the value.
//! - A quoted value ends at the first quote of its kind without a backslash before it, if only blanks
//!   or a comment follow on that line; otherwise at the last one with a backslash before it of which
//!   this is true. If there is none, the value is unquoted.
//! - An unquoted value ends at the end of the line or at a `#`, with or without a blank before it.
//! - Line ends are those of JavaScript too, except in an unquoted value, which U+2028 and U+2029 do
//!   not end.

use zeroize::Zeroizing;

use crate::secret::{DataKey, Value};

#[cfg(test)]
mod tests;

const QUOTES: [char; 3] = ['"', '\'', '`'];
const LINE_ENDS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];

/// What a text consists of apart from blanks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    Assignment(Assignment<'a>),
    /// A line that is not an assignment begins at this byte.
    Ignored(usize),
}

/// A key and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Assignment<'a> {
    /// Where the key begins, in bytes.
    pub at: usize,
    /// One or more ASCII letters, digits, `_`, `-` and `.`.
    pub key: &'a str,
    /// The value without blanks around it, with its quotes.
    raw: &'a str,
    is_quoted: bool,
    /// Whether the key is on a line before the value.
    is_on_next_line: bool,
    /// Whether a `#` ends it that follows its last character at once.
    is_cut: bool,
    /// Where the value ends, in bytes.
    end: usize,
}

/// The items of a text, in their order.
pub(super) struct Items<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Items<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let start = self.at + blanks(self.text.get(self.at..)?);
            let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
            let found = Assignment::read(self.text, start);
            self.at = next_line(self.text, found.map_or(start, |found| found.end));
            match found {
                Some(found) => return Some(Item::Assignment(found)),
                None if rest.starts_with('#') => {}
                None => return Some(Item::Ignored(start)),
            }
        }
    }
}

impl<'a> Assignment<'a> {
    /// The assignment that begins at that byte, which is no blank.
    fn read(text: &'a str, start: usize) -> Option<Self> {
        let at = start + export(&text[start..]);
        let is_key = |b: &u8| b.is_ascii_alphanumeric() || b"_-.".contains(b);
        let key_end = at + text.as_bytes()[at..].iter().take_while(|b| is_key(b)).count();
        if key_end == at {
            return None;
        }
        let after_key = &text[key_end..];
        let value_at = if let Some(after) = after_key.strip_prefix(':') {
            // A CRLF is one line end here, and so one blank.
            let crlf = after.starts_with("\r\n").then_some(2);
            let blank = after.chars().next().filter(|c| is_blank(*c)).map(char::len_utf8);
            key_end + 1 + crlf.or(blank)?
        } else {
            let blanks = blanks(after_key);
            after_key[blanks..].strip_prefix('=')?;
            key_end + blanks + 1
        };
        let open = value_at + blanks(&text[value_at..]);
        let close = text[open..]
            .chars()
            .next()
            .filter(|c| QUOTES.contains(c))
            .and_then(|quote| closing(text, open + 1, quote));
        let end = match close {
            Some(close) => close + 1,
            None => text[value_at..].find(['#', '\n', '\r']).map_or(text.len(), |n| value_at + n),
        };
        let untrimmed = &text[value_at..end];
        let raw = untrimmed.trim_matches(is_blank);
        let raw_at = value_at + blanks(untrimmed);
        Some(Self {
            at,
            key: &text[at..key_end],
            raw,
            is_quoted: close.is_some(),
            is_on_next_line: !raw.is_empty() && text[key_end..raw_at].contains(LINE_ENDS),
            is_cut: close.is_none()
                && text[end..].starts_with('#')
                && !text[..end].ends_with(is_blank),
            end,
        })
    }

    /// The value, with an escape `\n` or `\r` in double quotes as the character.
    pub(super) fn value(&self) -> Value {
        let expands = self.raw.starts_with('"');
        // No value is longer than its text, so that the buffer never moves.
        let mut value = Zeroizing::new(Vec::with_capacity(self.raw.len()));
        for piece in self.pieces() {
            push(&mut value, piece, expands);
        }
        value.into()
    }

    /// The text without the quotes around it. In an unquoted one the package takes quotes off each
    /// line of the value that begins with one, up to the last of its kind at the end of a line; only
    /// U+2028 and U+2029 make more than one line of it.
    fn pieces(&self) -> Vec<&'a str> {
        let raw = self.raw;
        if self.is_quoted {
            return vec![&raw[1..raw.len() - 1]];
        }
        let at_line_end = |at: &usize| {
            let rest = &raw[at + 1..];
            rest.is_empty() || rest.starts_with(LINE_ENDS)
        };
        let last =
            QUOTES.map(|quote| raw.rmatch_indices(quote).map(|(at, _)| at).find(at_line_end));
        let (mut pieces, mut taken, mut line) = (Vec::new(), 0, 0);
        while line < raw.len() {
            let quote = QUOTES.iter().position(|quote| raw[line..].starts_with(*quote));
            if let Some(close) = quote.and_then(|quote| last[quote]).filter(|at| *at > line) {
                pieces.extend([&raw[taken..line], &raw[line + 1..close]]);
                taken = close + 1;
            }
            line = next_line(raw, line.max(taken));
        }
        pieces.push(&raw[taken..]);
        pieces
    }

    /// Whether it begins with a quote that stays.
    pub(super) fn keeps_quote(&self) -> bool {
        !self.is_quoted && self.raw.starts_with(QUOTES) && self.pieces().len() == 1
    }

    /// Whether a quote ends it, and so it may span lines.
    pub(super) fn is_quoted(&self) -> bool {
        self.is_quoted
    }

    /// Whether its name is on a line before it.
    pub(super) fn is_on_next_line(&self) -> bool {
        self.is_on_next_line
    }

    /// Whether a `#` ends it that follows its last character at once.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The text that another reader of a single line would see.
    pub(super) fn raw(&self) -> &'a str {
        self.raw
    }

    /// Whether it has an escaped quote, of which the package keeps the backslash.
    pub(super) fn escapes_quote(&self) -> bool {
        self.is_quoted && {
            let (quote, inner) = (&self.raw[..1], &self.raw[1..self.raw.len() - 1]);
            inner.match_indices(quote).any(|(at, _)| inner[..at].ends_with('\\'))
        }
    }

    /// Whether it has a `${…}` that dotenv-expand would replace. dotenv-expand sees values without
    /// their quotes, and so replaces it in single quotes too; a backslash before it prevents that.
    pub(super) fn has_reference(&self) -> bool {
        self.raw.match_indices("${").any(|(at, _)| {
            let inner = &self.raw[at + 2..];
            let len = inner.find(['{', '}']).unwrap_or_default();
            len > 0 && inner[len..].starts_with('}') && !self.raw[..at].ends_with('\\')
        })
    }
}

/// Whether the first line of a text begins an assignment, and nothing of it is read in a way that
/// mksecret warns of. Only a value in quotes can be one of several lines, `spans_lines`.
pub(super) fn reads_as_meant(text: &str, spans_lines: bool) -> bool {
    let Some(Item::Assignment(first)) = Items::new(text).next() else { return false };
    !text[..first.at].contains(LINE_ENDS)
        && DataKey::parse(first.key).is_ok()
        && !first.is_on_next_line
        && !first.is_cut
        && !first.keeps_quote()
        && (first.is_quoted || !spans_lines)
}

/// The closing quote of a value whose text begins at `body`.
fn closing(text: &str, body: usize, quote: char) -> Option<usize> {
    let mut escaped = None;
    for (at, _) in text[body..].match_indices(quote) {
        let at = body + at;
        let closes = ends_line(&text[at + 1..]);
        if !text[body..at].ends_with('\\') {
            return closes.then_some(at).or(escaped);
        }
        if closes {
            escaped = Some(at);
        }
    }
    escaped
}

/// Whether only blanks and a comment follow on the line.
fn ends_line(rest: &str) -> bool {
    let first = rest.chars().find(|c| !is_blank(*c) || LINE_ENDS.contains(c));
    first.is_none_or(|c| c == '#' || LINE_ENDS.contains(&c))
}

/// The length of an `export` and the blanks after it, if a key follows; otherwise it is the key.
fn export(text: &str) -> usize {
    let Some(after) = text.strip_prefix("export") else { return 0 };
    let blanks = blanks(after);
    let is_key = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if blanks > 0 && after[blanks..].starts_with(is_key) { "export".len() + blanks } else { 0 }
}

/// Where the line after that byte begins; the length of the text if there is none.
fn next_line(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    match rest.find(LINE_ENDS) {
        Some(end) => at + end + rest[end..].chars().next().map_or(0, char::len_utf8),
        None => text.len(),
    }
}

/// The length of the blanks that a text begins with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

/// Whether JavaScript's `\s` and `trim` take it for a blank: Unicode's white space without U+0085,
/// and the byte order mark.
fn is_blank(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// Appends a text with each line end as LF, and with escapes as characters if `expands`.
fn push(value: &mut Vec<u8>, text: &str, expands: bool) {
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let byte = match (byte, bytes.peek()) {
            (b'\r', Some(b'\n')) => continue,
            (b'\r', _) => b'\n',
            (b'\\', Some(b'n')) if expands => {
                bytes.next();
                b'\n'
            }
            (b'\\', Some(b'r')) if expands => {
                bytes.next();
                b'\r'
            }
            _ => byte,
        };
        value.push(byte);
    }
}
