//! What functions and templates write: bounded in size.

use zeroize::Zeroizing;

use crate::buffer::WipedBuffer;

/// The most bytes that one text or the whole output may have. Go has no bound but memory, and a
/// template of one line can ask for petabytes.
pub(super) const MAX_BYTES: usize = 32 << 20;

/// Bytes being put together. What does not fit is dropped and remembered in `overflown`.
#[derive(Default)]
pub(super) struct Buffer {
    bytes: WipedBuffer,
    overflown: bool,
}

impl Buffer {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.has_room(bytes.len()) {
            self.bytes.push(bytes);
        }
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.push(text.as_bytes());
    }

    pub(super) fn push_byte(&mut self, byte: u8) {
        self.push(&[byte]);
    }

    /// Appends a character in UTF-8.
    pub(super) fn push_char(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    /// Appends `count` times the same byte.
    pub(super) fn push_run(&mut self, byte: u8, count: usize) {
        if self.has_room(count) {
            self.bytes.push_run(byte, count);
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Whether something did not fit.
    pub(super) fn overflown(&self) -> bool {
        self.overflown
    }

    /// The bytes, or nothing when they were too many.
    pub(super) fn finish(self) -> Option<Zeroizing<Vec<u8>>> {
        (!self.overflown).then(|| self.bytes.finish())
    }

    fn has_room(&mut self, more: usize) -> bool {
        self.overflown |= self.bytes.len().saturating_add(more) > MAX_BYTES;
        !self.overflown
    }
}

impl Extend<char> for Buffer {
    fn extend<I: IntoIterator<Item = char>>(&mut self, characters: I) {
        characters.into_iter().for_each(|c| self.push_char(c));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_comes_out_in_order() {
        let mut buffer = Buffer::default();
        buffer.push(b"\xff");
        buffer.push_str("a");
        buffer.push_char('é');
        buffer.push_run(b' ', 200);
        buffer.push_byte(b'.');
        let expected = [b"\xffa\xc3\xa9".to_vec(), vec![b' '; 200], b".".to_vec()].concat();
        assert_eq!(buffer.finish().unwrap().as_slice(), expected);
    }

    #[test]
    fn too_much_gives_nothing() {
        let mut buffer = Buffer::default();
        buffer.push_run(b'x', MAX_BYTES);
        assert!(!buffer.overflown());
        buffer.push_byte(b'x');
        assert!(buffer.overflown());
        assert!(buffer.finish().is_none());
    }
}
