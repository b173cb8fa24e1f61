//! A line as a person types it, or as it is pasted.

use crate::buffer::WipedBuffer;
use crate::secret::Value;

const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const CTRL_W: u8 = 0x17;
const DELETE: u8 = 0x7f;

/// Takes bytes from a terminal that hands over each of them, and makes lines of them. An answer is
/// a line of any length: what a terminal edits by itself ends at 4,095 bytes.
pub(super) struct LineEditor {
    line: WipedBuffer,
    /// A CR has ended the line: a LF behind it is the rest of the same line end.
    after_cr: bool,
    limit: usize,
}

/// What a byte came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Done(Value),
    More,
    /// It has become longer than a value may be.
    TooLong,
}

impl LineEditor {
    pub(super) fn new(limit: usize) -> Self {
        Self { line: WipedBuffer::with_capacity(256), after_cr: false, limit }
    }

    /// Takes the next byte. CR, LF and CR LF end a line; Ctrl-D hands it over as it is;
    /// Backspace takes back a character, Ctrl-U and Ctrl-W all of them, since what is not seen
    /// has no words.
    pub(super) fn take(&mut self, byte: u8) -> Typed {
        let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
        match byte {
            b'\n' if after_cr => Typed::More,
            b'\r' | b'\n' | CTRL_D => Typed::Done(self.finish()),
            BACKSPACE | DELETE => {
                while self.line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
                Typed::More
            }
            CTRL_U | CTRL_W => {
                // The bytes are wiped with the buffer.
                self.line.clear();
                Typed::More
            }
            // Other control characters cannot be meant, save the tab that a value may hold.
            0..=0x1f if byte != b'\t' => Typed::More,
            byte => self.push(byte),
        }
    }

    fn push(&mut self, byte: u8) -> Typed {
        if self.line.len() == self.limit {
            return Typed::TooLong;
        }
        self.line.push(&[byte]);
        Typed::More
    }

    fn finish(&mut self) -> Value {
        let line = std::mem::replace(&mut self.line, WipedBuffer::with_capacity(256));
        Value::from(line.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut editor = LineEditor::new(1 << 20);
        let mut lines = Vec::new();
        for byte in bytes {
            match editor.take(*byte) {
                Typed::Done(line) => lines.push(line.as_bytes().to_vec()),
                Typed::More => {}
                Typed::TooLong => panic!("too long"),
            }
        }
        lines
    }

    #[test]
    fn editing() {
        let rows: &[(&[u8], &[&[u8]])] = &[
            (b"hunter2\r", &[b"hunter2"]),
            (b"hunter2\n", &[b"hunter2"]),
            (b"a\r\nb\r\n", &[b"a", b"b"]),
            (b"a\n\nb\n", &[b"a", b"", b"b"]),
            (b"a\r\rb\r", &[b"a", b"", b"b"]),
            (b"hunter3\x7f2\r", &[b"hunter2"]),
            (b"\x7f\x7fa\x08b\r", &[b"b"]),
            ("aé\u{7f}ü€\u{7f}\r".as_bytes(), &["aü".as_bytes()]),
            (b"wrong\x15right\r", &[b"right"]),
            (b"wrong\x17right\r", &[b"right"]),
            (b"a\tb\x1a\x0b\r", &[b"a\tb"]),
            (b"a\x04\x04", &[b"a", b""]),
            (b"\xff\xfe\r", &[b"\xff\xfe"]),
        ];
        for (bytes, want) in rows {
            assert_eq!(lines(bytes), *want, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_long_line_is_taken_whole() {
        let long = vec![b'x'; 100_000];
        assert_eq!(lines(&[&long[..], b"\r"].concat()), [long]);
    }

    #[test]
    fn a_line_has_an_end() {
        let mut editor = LineEditor::new(2);
        assert_eq!(editor.take(b'a'), Typed::More);
        assert_eq!(editor.take(b'b'), Typed::More);
        assert_eq!(editor.take(b'c'), Typed::TooLong);
    }
}
