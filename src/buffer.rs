//! A buffer for bytes that may be secret and whose number is not known beforehand.

use std::io::{self, ErrorKind, Read};

use zeroize::Zeroizing;

/// Bytes that are wiped when they are dropped, and also where they were before the buffer grew: a
/// `Vec` that grows by itself leaves a copy in freed memory.
#[derive(Default)]
pub(crate) struct WipedBuffer(Zeroizing<Vec<u8>>);

impl From<WipedBuffer> for Zeroizing<Vec<u8>> {
    fn from(buffer: WipedBuffer) -> Self {
        buffer.0
    }
}

impl WipedBuffer {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Appends the same byte `count` times.
    pub(crate) fn push_run(&mut self, byte: u8, count: usize) {
        self.reserve(count);
        let len = self.0.len() + count;
        self.0.resize(len, byte);
    }

    pub(crate) fn pop(&mut self) -> Option<u8> {
        self.0.pop()
    }

    /// Forgets all bytes. They stay in memory until other bytes replace them or the buffer is
    /// dropped.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Appends what one call of `read` returns, as far as there is room, and doubles a buffer that
    /// is full. The number of bytes is 0 at the end.
    pub(crate) fn read_from(&mut self, source: &mut impl Read) -> io::Result<usize> {
        self.reserve(1);
        let (len, capacity) = (self.0.len(), self.0.capacity());
        self.0.resize(capacity, 0);
        let read = loop {
            match source.read(&mut self.0[len..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.0.truncate(len + read.as_ref().unwrap_or(&0));
        read
    }

    pub(crate) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }

    fn reserve(&mut self, more: usize) {
        let needed = self.0.len().saturating_add(more);
        if needed > self.0.capacity() {
            let capacity = needed.max(self.0.capacity() * 2).max(64);
            let mut grown = Zeroizing::new(Vec::with_capacity(capacity));
            grown.extend_from_slice(&self.0);
            self.0 = grown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_in_order() {
        let mut buffer = WipedBuffer::with_capacity(1);
        buffer.push(b"\xffab");
        buffer.push_run(b' ', 200);
        assert_eq!(buffer.pop(), Some(b' '));
        buffer.push(b".");
        assert_eq!(
            buffer.as_bytes(),
            [b"\xffab".to_vec(), vec![b' '; 199], b".".to_vec()].concat()
        );
        buffer.clear();
        assert_eq!((buffer.len(), buffer.pop()), (0, None));
    }

    #[test]
    fn a_source_is_read_to_its_end() {
        let source: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let mut buffer = WipedBuffer::default();
        let mut rest = source.as_slice();
        buffer.push(b"head");
        while buffer.read_from(&mut rest).unwrap() > 0 {}
        assert_eq!(*buffer.finish(), [b"head", source.as_slice()].concat());
    }
}
