//! From offsets to lines and columns.

use super::document::Document;
use super::node::Span;

/// The line and the column, both from 1, of a byte of the document.
pub(super) fn of(document: &Document<'_>, at: usize) -> (u32, u32) {
    let before = &document.bytes[..at.min(document.bytes.len())];
    let mut positions = Positions::new(document);
    positions.advance(before);
    (positions.line, positions.column)
}

/// Counts lines and columns of offsets that only grow, so that each byte is looked at once.
#[derive(Clone, Copy)]
pub(super) struct Positions {
    pub(super) line: u32,
    pub(super) column: u32,
    /// The offset in the document that line and column are of.
    at: usize,
}

impl Positions {
    pub(super) fn new(document: &Document<'_>) -> Self {
        Self { line: document.line, column: document.column, at: 0 }
    }

    /// The span of some bytes of the document, which does not begin before the last one did.
    pub(super) fn span(&mut self, document: &Document<'_>, start: usize, end: usize) -> Span {
        self.advance(document.bytes.get(self.at..start).unwrap_or_default());
        let (line, column) = (self.line, self.column);
        Span { line, column, start: document.offset + start, end: document.offset + end }
    }

    fn advance(&mut self, bytes: &[u8]) {
        self.at += bytes.len();
        let lines = count(bytes, |byte| byte == b'\n');
        self.line = self.line.saturating_add(lines);
        let last = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                self.column = 1;
                &bytes[end + 1..]
            }
            None => bytes,
        };
        // Bytes that continue a character of UTF-8 are not another column.
        self.column = self.column.saturating_add(count(last, |byte| byte & 0xc0 != 0x80));
    }
}

fn count(bytes: &[u8], of: impl Fn(u8) -> bool) -> u32 {
    let all = bytes.iter().filter(|byte| of(**byte)).count();
    u32::try_from(all).unwrap_or(u32::MAX)
}
