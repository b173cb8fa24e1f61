//! Secret bytes.

use std::fmt;

use zeroize::Zeroizing;

/// The bytes of one value of a Secret. They are wiped when dropped, and there is no way to print
/// them by accident: `Debug` shows the length alone, and `Display` does not exist.
///
/// Not `Clone`: a second copy of a secret is a decision to be written out.
#[derive(PartialEq, Eq)]
pub struct Value(Zeroizing<Vec<u8>>);

impl Value {
    /// Takes ownership of the bytes; nothing is copied.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A second copy of the secret.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// The bytes without room for more. They are only moved if there was much of it.
    pub(crate) fn into_boxed(mut self) -> Zeroizing<Box<[u8]>> {
        Zeroizing::new(std::mem::take(&mut *self.0).into_boxed_slice())
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes without one final LF or CRLF.
    #[must_use]
    pub fn without_final_newline(mut self) -> Self {
        if self.0.ends_with(b"\n") {
            let end = self.0.len() - if self.0.ends_with(b"\r\n") { 2 } else { 1 };
            // What is cut off lies in the buffer still, and is wiped with it.
            self.0.truncate(end);
        }
        self
    }

    /// The value as text where it is UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<Zeroizing<Vec<u8>>> for Value {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_alone() {
        assert_eq!(format!("{:?}", Value::new(b"hunter2".to_vec())), "Value(7 bytes)");
    }
}
