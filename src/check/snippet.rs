//! The line of a finding as it may be shown: its key, and `…` for all after it.

use crate::manifest::Span;
use crate::shown;

/// A line of a manifest without any value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub text: String,
    /// How many characters are before what the finding is about.
    pub indent: usize,
}

impl Snippet {
    /// The line of a key or a value; `None` if nothing on it may be shown.
    pub(super) fn of(file: &[u8], span: Span) -> Option<Self> {
        let before = file.get(..span.start)?;
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let head = std::str::from_utf8(&before[line_start..]).ok()?;
        let behind = &file[span.start..];
        let line_end = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
        let rest = std::str::from_utf8(&behind[..line_end]).ok()?;
        let indent = head.chars().count();
        // The finding is about a value, whose key is before it, or about a key.
        let text = if is_key(head) {
            format!("{head}…")
        } else if is_indent(head) && key_len(rest).is_some() {
            let len = key_len(rest)?;
            format!("{head}{}: …", &rest[..len])
        } else {
            return None;
        };
        Some(Self { text, indent })
    }
}

/// Whether a text is blanks and the dashes of lists.
fn is_indent(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' ' | '-'))
}

/// Whether a text is an indented key with its colon.
fn is_key(text: &str) -> bool {
    let key = text.trim_start_matches([' ', '-']);
    key_len(key).is_some_and(|len| {
        key[len..].strip_prefix(':').is_some_and(|rest| rest.bytes().all(|b| b == b' '))
    })
}

/// The length of the key, quotes included, that a text begins with.
fn key_len(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let len = match quote {
        Some(quote) => text[1..].find(quote)? + 2,
        None => text.find(':')?,
    };
    let key = text[..len].trim_matches(['"', '\'']);
    let is_followed = text[len..].starts_with(':');
    (is_followed && shown::Key(key).is_shown()).then_some(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_in_a_snippet() {
        let rows = [
            ("data:\n  password: hunter2\n", "hunter2", Some(("  password: …", 12))),
            ("data:\n  password: hunter2\n", "password", Some(("  password: …", 2))),
            ("- \"a.b\": \"hunter2\"\n", "\"hunter2", Some(("- \"a.b\": …", 9))),
            ("data: {a: hunter2, b: x}\n", "x", None),
            ("data: {a: hunter2, b: x}\n", "b:", None),
            ("hunter2\n", "hunter2", None),
            ("  dta: hunter2", "dta", Some(("  dta: …", 2))),
            ("{\"data\":{\"a\":\"hunter2\"}}", "\"hunter2", None),
        ];
        for (text, at, want) in rows {
            let start = text.find(at).unwrap();
            let span = Span { line: 1, column: 1, start, end: start };
            let found = Snippet::of(text.as_bytes(), span);
            let found = found.as_ref().map(|snippet| (snippet.text.as_str(), snippet.indent));
            assert_eq!(found, want, "{text:?} {at:?}");
        }
    }
}
