//! The documents of a file, split as kubectl's decoder does it (`YAMLOrJSONDecoder` and `YAMLReader`
//! of `k8s.io/apimachinery/pkg/util/yaml`).
//!
//! A file that begins with `{` is a series of JSON values without anything between them. Where that
//! fails, after one value at most, the rest is YAML after all: a map in braces, or JSON whose values
//! are separated as in YAML. YAML is split by lines before anything is parsed: a line that begins
//! with `---` ends a document, wherever it is, and only a comment may follow the dashes.

use super::document::{Document, Format, starts_with};
use super::fault::{Fault, Reason};
use super::position;
use crate::golang::json;

/// The documents of a file. Nothing follows a fault.
pub(crate) struct Documents<'a> {
    file: &'a [u8],
    /// Where the next document begins.
    at: usize,
    line: u32,
    column: u32,
    state: State,
    separator: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Reading JSON, after so many values.
    Json(usize),
    /// Reading YAML, whose first document is perhaps to be reported as JSON.
    Yaml(Option<Fault>),
    Done,
}

impl<'a> Documents<'a> {
    pub(crate) fn new(file: &'a [u8]) -> Self {
        let at = if file.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let is_json = starts_with(&file[at..], Some('{'));
        let state = if is_json { State::Json(0) } else { State::Yaml(None) };
        Self { file, at, line: 1, column: 1, state, separator: b"" }
    }

    /// The documents of a file of preferences, which kubectl only splits by lines.
    pub(crate) fn by_lines(file: &'a [u8]) -> Self {
        Self { at: 0, state: State::Yaml(None), ..Self::new(file) }
    }

    fn rest(&self) -> &'a [u8] {
        &self.file[self.at..]
    }

    fn document(&self, len: usize, format: Format, fault: Option<Fault>) -> Document<'a> {
        Document {
            bytes: &self.rest()[..len],
            offset: self.at,
            line: self.line,
            column: self.column,
            format,
            separator: self.separator,
            fault,
        }
    }

    fn skip(&mut self, len: usize) {
        let skipped = self.document(len, self.format(), None);
        (self.line, self.column) = position::of(&skipped, len);
        self.at += len;
    }

    fn format(&self) -> Format {
        if matches!(self.state, State::Json(_)) { Format::Json } else { Format::Yaml }
    }

    fn next_json(&mut self, count: usize) -> Option<Result<Document<'a>, Fault>> {
        let blank = self.rest().iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        if blank == self.rest().len() {
            return None;
        }
        match json::value_end(&self.rest()[blank..]) {
            Ok(len) => {
                self.skip(blank);
                let document = self.document(len, Format::Json, None);
                self.skip(len);
                self.state = State::Json(count + 1);
                Some(Ok(document))
            }
            Err((kind, at)) => {
                let all = self.document(self.rest().len(), Format::Json, None);
                let (line, column) = position::of(&all, blank + at);
                let fault = Fault { line, column, reason: Reason::Json(kind) };
                if count > 1 {
                    self.state = State::Done;
                    return Some(Err(fault));
                }
                if count == 1 {
                    // The end of the value's line is not the first line of the rest.
                    let line = self.rest().iter().position(|byte| *byte == b'\n');
                    let end = line.map_or(blank, |line| blank.min(line + 1));
                    self.skip(end);
                }
                self.state = State::Yaml(Some(fault));
                self.next()
            }
        }
    }

    fn next_yaml(&mut self, fault: Option<Fault>) -> Option<Result<Document<'a>, Fault>> {
        let mut len = 0;
        let mut lines = 0;
        let rest = self.rest();
        while len < rest.len() {
            let separator = if rest[len..].starts_with(b"---") {
                len
            } else {
                match memchr::memmem::find(&rest[len..], b"\n---") {
                    Some(at) => len + at + 1,
                    None => break,
                }
            };
            lines += count_lines(&rest[len..separator]);
            let end = memchr::memchr(b'\n', &rest[separator..])
                .map_or(rest.len(), |at| separator + at + 1);
            let line = String::from_utf8_lossy(&rest[separator + 3..end]);
            let after = line.trim();
            if !after.is_empty() && !after.starts_with('#') {
                self.state = State::Done;
                let reason = Reason::Separator { len: after.len() };
                return Some(Err(Fault { line: self.line + lines, column: 1, reason }));
            }
            if separator > 0 {
                let document = self.document(separator, Format::Yaml, fault);
                self.at += end;
                self.line += lines + 1;
                self.column = 1;
                self.separator = &rest[separator..end];
                return Some(Ok(document));
            }
            len = end;
            lines += 1;
        }
        self.state = State::Done;
        (!rest.is_empty()).then(|| Ok(self.document(rest.len(), Format::Yaml, fault)))
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Document<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.state {
            State::Json(count) => self.next_json(count),
            State::Yaml(fault) => {
                self.state = State::Yaml(None);
                self.next_yaml(fault)
            }
            State::Done => None,
        }
    }
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(file: &str) -> Vec<(String, u32, u32, Format)> {
        let all = Documents::new(file.as_bytes()).map(|document| {
            let document = document.unwrap();
            assert_eq!(
                file.as_bytes()[document.offset..].get(..document.bytes.len()),
                Some(document.bytes)
            );
            let text = String::from_utf8(document.bytes.to_vec()).unwrap();
            (text, document.line, document.column, document.format)
        });
        all.collect()
    }

    #[test]
    fn split_by_lines() {
        let rows: &[(&str, &[(&str, u32)])] = &[
            ("", &[]),
            ("a", &[("a", 1)]),
            ("a\r\nb\n", &[("a\r\nb\n", 1)]),
            ("a\n---\nb", &[("a\n", 1), ("b", 3)]),
            ("a\n---\r\nb", &[("a\n", 1), ("b", 3)]),
            ("---\na\n---  # x\n---\nb", &[("---\na\n", 1), ("---\nb", 4)]),
            ("---\n---\na", &[("---\n", 1), ("a", 3)]),
            ("a\n---", &[("a\n", 1)]),
            ("a\n---\n", &[("a\n", 1)]),
            ("a\n --- x\n", &[("a\n --- x\n", 1)]),
            ("a\n---\u{a0}\nb", &[("a\n", 1), ("b", 3)]),
            ("\u{feff}a\n---\nb", &[("a\n", 1), ("b", 3)]),
            ("a: |\n  {\n---\n{}{}", &[("a: |\n  {\n", 1), ("{}{}", 4)]),
        ];
        for (file, want) in rows {
            let want: Vec<_> = want
                .iter()
                .map(|(text, line)| ((*text).to_owned(), *line, 1, Format::Yaml))
                .collect();
            assert_eq!(documents(file), want, "{file:?}");
        }
    }

    #[test]
    fn json_until_it_fails() {
        use Format::{Json, Yaml};
        type Wanted<'a> = (&'a str, &'a [(&'a str, u32, u32, Format)]);
        let rows: &[Wanted<'_>] = &[
            ("{}", &[("{}", 1, 1, Json)]),
            (" {}\n", &[("{}", 1, 2, Json)]),
            ("{\n}{} {}\n", &[("{\n}", 1, 1, Json), ("{}", 2, 2, Json), ("{}", 2, 5, Json)]),
            ("\u{feff}{}", &[("{}", 1, 1, Json)]),
            ("{a: b}\n---\nc", &[("{a: b}\n", 1, 1, Yaml), ("c", 3, 1, Yaml)]),
            ("{}\n---\n{}\n", &[("{}", 1, 1, Json), ("---\n{}\n", 2, 1, Yaml)]),
            ("{} é x", &[("{}", 1, 1, Json), ("é x", 1, 4, Yaml)]),
            ("---\n{}", &[("---\n{}", 1, 1, Yaml)]),
        ];
        for (file, want) in rows {
            let want: Vec<_> =
                want.iter().map(|row| (row.0.to_owned(), row.1, row.2, row.3)).collect();
            assert_eq!(documents(file), want, "{file:?}");
        }
    }

    #[test]
    fn faults() {
        let rows: &[(&[u8], u32, u32, Reason)] = &[
            (b"a\n--- hunter2\n", 2, 1, Reason::Separator { len: 7 }),
            (b"----\n", 1, 1, Reason::Separator { len: 1 }),
            (b"{}{}\n\n  x", 3, 3, Reason::Json(json::Kind::Unexpected(json::Context::Value))),
            (b"{}{}{", 1, 6, Reason::Json(json::Kind::End)),
        ];
        for (file, line, column, reason) in rows {
            let mut documents = Documents::new(file);
            let fault = documents.find_map(Result::err);
            let want = Fault { line: *line, column: *column, reason: *reason };
            assert_eq!(fault, Some(want), "{file:?}");
            assert_eq!(documents.next(), None);
        }
    }
}
