//! DER as Go's `encoding/asn1` reads it in private keys, without copying; PKCS#12 and encrypted keys
//! are read with it too. Lengths are definite, of at most four bytes and in their shortest form.

/// The tag of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(u8);

impl Tag {
    pub(crate) const BIT_STRING: Self = Self(0x03);
    pub(crate) const GENERALIZED_TIME: Self = Self(0x18);
    pub(crate) const INTEGER: Self = Self(0x02);
    pub(crate) const OBJECT_IDENTIFIER: Self = Self(0x06);
    pub(crate) const OCTET_STRING: Self = Self(0x04);
    pub(crate) const SEQUENCE: Self = Self(0x30);
    pub(crate) const UTC_TIME: Self = Self(0x17);

    /// `[number]`, of a primitive or implicitly tagged element.
    pub(crate) const fn context(number: u8) -> Self {
        Self(0x80 | number)
    }

    pub(crate) const fn explicit(number: u8) -> Self {
        Self(0xa0 | number)
    }

    /// Whether the number is above 30 and stands in further bytes: nothing Go knows has such a tag.
    const fn is_high(self) -> bool {
        self.0 & 0x1f == 0x1f
    }
}

/// Reads elements from the front of a slice; after a `None` the place is undefined.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What has not been read.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Whether all has been read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the next element has this tag.
    pub(crate) fn is_next(&self, tag: Tag) -> bool {
        self.0.first() == Some(&tag.0)
    }

    /// The next element: its tag and contents. Tags above 30 are refused, as in `cryptobyte`.
    pub(crate) fn any(&mut self) -> Option<(Tag, &'a [u8])> {
        let (tag, _, contents) = self.element()?;
        (!tag.is_high()).then_some((tag, contents))
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn read(&mut self, tag: Tag) -> Option<&'a [u8]> {
        if !self.is_next(tag) {
            return None;
        }
        self.any().map(|(_, contents)| contents)
    }

    /// A SEQUENCE, to be read in turn.
    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.read(Tag::SEQUENCE).map(Self)
    }

    /// An INTEGER in its shortest form, two's complement.
    pub(crate) fn integer(&mut self) -> Option<&'a [u8]> {
        self.read(Tag::INTEGER).filter(|bytes| is_integer(bytes))
    }

    /// An INTEGER that fits 64 bits.
    pub(crate) fn small_integer(&mut self) -> Option<i64> {
        to_i64(self.integer()?)
    }

    /// An OBJECT IDENTIFIER, every arc of at most 31 bits.
    pub(crate) fn object_identifier(&mut self) -> Option<&'a [u8]> {
        self.read(Tag::OBJECT_IDENTIFIER).filter(|bytes| is_object_identifier(bytes))
    }

    /// The next element as `encoding/asn1` reads it: tags above 30 are known, and the third part
    /// is the header alone. Lengths are checked by the caller's wish only: the contents are `None`
    /// if there are not as many.
    fn element(&mut self) -> Option<(Tag, usize, &'a [u8])> {
        let (tag, header, length) = header(self.0)?;
        let contents = self.0.get(header..)?.get(..length)?;
        self.0 = self.0.get(header + length..)?;
        Some((tag, header, contents))
    }

    /// An optional element of any kind, whole, as `encoding/asn1` fills a `RawValue`.
    pub(crate) fn raw(&mut self) -> Option<&'a [u8]> {
        let before = self.0;
        if before.is_empty() {
            return Some(before);
        }
        self.element()?;
        before.get(..before.len() - self.0.len())
    }

    /// An optional element with an explicit tag, as `encoding/asn1` reads it: [`Explicit::Absent`] where
    /// outer or inner tag is another. The length of the outer element is not compared with the
    /// inner one's; nothing may hang on it.
    pub(crate) fn explicit(&mut self, number: u8, inner: Tag) -> Option<Explicit<'a>> {
        if self.0.is_empty() {
            return Some(Explicit::Absent);
        }
        let (tag, outer, length) = header(self.0)?;
        let rest = self.0.get(outer..)?;
        if rest.is_empty() {
            return None;
        }
        let matches = tag == Tag::explicit(number) || (tag == Tag::context(number) && length == 0);
        if !matches {
            return Some(Explicit::Absent);
        }
        if length == 0 {
            return None;
        }
        let mut reader = Self(rest);
        let (tag, _, _) = header(rest)?;
        if tag != inner {
            return Some(Explicit::Absent);
        }
        let contents = reader.read(inner)?;
        *self = reader;
        Some(Explicit::Contents(contents))
    }
}

/// An optional element with an explicit tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Explicit<'a> {
    Absent,
    Contents(&'a [u8]),
}

impl<'a> Explicit<'a> {
    /// The contents of the inner element, if there is one.
    pub(crate) fn contents(self) -> Option<&'a [u8]> {
        match self {
            Self::Absent => None,
            Self::Contents(contents) => Some(contents),
        }
    }
}

/// The tag, the length of the header and the length announced.
fn header(data: &[u8]) -> Option<(Tag, usize, usize)> {
    let tag = Tag(*data.first()?);
    let mut at = 1;
    if tag.is_high() {
        let (number, length) = base128(data.get(1..)?)?;
        if number < 0x1f {
            return None;
        }
        at += length;
    }
    let first = usize::from(*data.get(at)?);
    at += 1;
    if first < 0x80 {
        return Some((tag, at, first));
    }
    let count = first & 0x7f;
    if count == 0 || count > 4 {
        return None;
    }
    let bytes = data.get(at..at + count)?;
    if bytes.first() == Some(&0) {
        return None;
    }
    let length = bytes.iter().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
    if length < 0x80 {
        return None;
    }
    Some((tag, at + count, usize::try_from(length).ok()?))
}

/// One number of seven bits a byte, shortest form, below 2^31; and how many bytes it took.
fn base128(data: &[u8]) -> Option<(u32, usize)> {
    let mut number = 0_u32;
    for (index, byte) in data.iter().enumerate().take(5) {
        if number >= 1 << 24 || (index == 0 && *byte == 0x80) {
            return None;
        }
        number = number << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

/// Whether the contents are those of an OBJECT IDENTIFIER that Go reads.
pub(crate) fn is_object_identifier(mut contents: &[u8]) -> bool {
    if contents.is_empty() {
        return false;
    }
    while !contents.is_empty() {
        let Some((_, length)) = base128(contents) else { return false };
        contents = contents.get(length..).unwrap_or_default();
    }
    true
}

/// The dotted form of an OBJECT IDENTIFIER's contents.
pub(crate) fn dotted(mut contents: &[u8]) -> String {
    let mut text = String::new();
    while let Some((number, length)) = base128(contents) {
        if text.is_empty() {
            let first = (number / 40).min(2);
            text = format!("{first}.{}", number - first * 40);
        } else {
            text.push('.');
            text.push_str(&number.to_string());
        }
        contents = contents.get(length..).unwrap_or_default();
    }
    text
}

/// Whether the contents are an INTEGER in its shortest form.
fn is_integer(contents: &[u8]) -> bool {
    match contents {
        [] => false,
        [0x00, second, ..] => second & 0x80 != 0,
        [0xff, second, ..] => second & 0x80 == 0,
        _ => true,
    }
}

/// Whether the integer is above zero.
pub(crate) fn is_positive(contents: &[u8]) -> bool {
    !is_negative(contents) && contents.iter().any(|b| *b != 0)
}

/// Whether the integer is below zero.
pub(crate) fn is_negative(contents: &[u8]) -> bool {
    contents.first().is_some_and(|b| b & 0x80 != 0)
}

/// The integer, if it fits.
pub(crate) fn to_i64(contents: &[u8]) -> Option<i64> {
    if contents.is_empty() || contents.len() > 8 {
        return None;
    }
    let start = if is_negative(contents) { -1 } else { 0 };
    Some(contents.iter().fold(start, |number, byte| number << 8 | i64::from(*byte)))
}

/// The contents of a BIT STRING: unused bits, all zero, and the bytes.
pub(crate) fn to_bits(contents: &[u8]) -> Option<(u8, &[u8])> {
    let (unused, bytes) = contents.split_first()?;
    let unused = *unused;
    let fits = unused == 0
        || (unused <= 7 && bytes.last().is_some_and(|last| last & ((1 << unused) - 1) == 0));
    fits.then_some((unused, bytes))
}

#[cfg(test)]
pub(crate) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
    let header = match length {
        [0, short] if short < 0x80 => vec![tag, short],
        [0, short] => vec![tag, 0x81, short],
        [high, low] => vec![tag, 0x82, high, low],
    };
    [header.as_slice(), contents].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_in_their_shortest_form() {
        let long = |header: &[u8], n: usize| [header, &vec![0; n]].concat();
        for (bytes, length) in [
            (vec![0x04, 0x00], Some(0)),
            (vec![0x04, 0x01, 0x61], Some(1)),
            (long(&[0x04, 0x81, 0x80], 128), Some(128)),
            (long(&[0x04, 0x82, 0x01, 0x00], 256), Some(256)),
            (long(&[0x04, 0x81, 0x7f], 127), None),
            (long(&[0x04, 0x82, 0x00, 0x80], 128), None),
            (vec![0x04, 0x80, 0x00, 0x00], None),
            (vec![0x04, 0x85, 0, 0, 0, 0, 1, 0], None),
            (vec![0x04, 0x84, 0xff, 0xff, 0xff, 0xff], None),
            (vec![0x04, 0x02, 0x61], None),
            (vec![0x04], None),
            (vec![], None),
            (vec![0x1f, 0x81, 0x00, 0x00], None),
        ] {
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.any().map(|(_, c)| c.len()), length, "{:?}", bytes.get(..4));
        }
        // The same high tag is an element to encoding/asn1.
        assert_eq!(Reader::new(&[0x1f, 0x81, 0x00, 0x00]).raw().map(<[u8]>::len), Some(4));
    }

    #[test]
    fn integers() {
        for (bytes, number) in [
            (&[0x02, 0x01, 0x00][..], Some(0)),
            (&[0x02, 0x01, 0xff], Some(-1)),
            (&[0x02, 0x02, 0x00, 0x80], Some(128)),
            (&[0x02, 0x02, 0xff, 0x7f], Some(-129)),
            (&[0x02, 0x02, 0x00, 0x7f], None),
            (&[0x02, 0x02, 0xff, 0x80], None),
            (&[0x02, 0x00], None),
            (&[0x02, 0x09, 1, 0, 0, 0, 0, 0, 0, 0, 0], None),
        ] {
            assert_eq!(Reader::new(bytes).small_integer(), number, "{bytes:x?}");
        }
    }

    #[test]
    fn object_identifiers() {
        for (contents, expected) in [
            (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d][..], Some("1.2.840.113549")),
            (&[0x55, 0x1d, 0x11], Some("2.5.29.17")),
            (&[0x88, 0x37], Some("2.999")),
            (&[], None),
            (&[0x80, 0x01], None),
            (&[0x2a, 0x86], None),
            (&[0x90, 0x80, 0x80, 0x80, 0x00], None),
        ] {
            let read = is_object_identifier(contents).then(|| dotted(contents));
            assert_eq!(read.as_deref(), expected, "{contents:x?}");
        }
    }

    #[test]
    fn bit_strings() {
        assert_eq!(to_bits(&[0, 0xff]), Some((0, &[0xff][..])));
        assert_eq!(to_bits(&[0]), Some((0, &[][..])));
        assert_eq!(to_bits(&[4, 0xf0]), Some((4, &[0xf0][..])));
        for bad in [&[][..], &[8, 0], &[1], &[4, 0xf8]] {
            assert_eq!(to_bits(bad), None, "{bad:x?}");
        }
    }

    #[test]
    fn explicit_tags() {
        let inner = Tag::INTEGER;
        for (bytes, expected) in [
            (&[0xa0, 3, 2, 1, 5][..], Some(Explicit::Contents(&[5]))),
            (&[0xa1, 3, 2, 1, 5], Some(Explicit::Absent)),
            (&[0xa0, 3, 4, 1, 5], Some(Explicit::Absent)),
            (&[], Some(Explicit::Absent)),
            (&[0xa0, 0], None),
            (&[0xa0, 3], None),
        ] {
            assert_eq!(Reader::new(bytes).explicit(0, inner), expected, "{bytes:x?}");
        }
    }
}
