//! The documents of a file, parted as kubectl parts them: by lines that begin with `---`, before any
//! of them is parsed (`YAMLReader` in `k8s.io/apimachinery/pkg/util/yaml`).

use std::str;

use memchr::memmem;

use super::{Fault, FaultKind, Place};

/// A document of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document<'a> {
    pub text: &'a str,
    /// The offset of its first byte in the file.
    pub start: usize,
    /// Its first line in the file, counted from 1.
    pub line: u32,
    /// Whether it begins with `{`, which is JSON to kubectl.
    pub is_json: bool,
}

/// The documents of a file's bytes.
pub(crate) struct Documents<'a> {
    rest: &'a [u8],
    start: usize,
    line: u32,
}

impl<'a> Documents<'a> {
    /// Parts a file. Of one that is no UTF-8 text at all, why.
    pub(crate) fn new(file: &'a [u8]) -> Result<Self, Fault> {
        let start = if file.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let utf16 = file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff");
        let fault = |kind, place| Err(Fault { place, kind });
        let top = Place { line: 1, column: 1 };
        match file {
            _ if utf16 => return fault(FaultKind::Utf16, top),
            [0, a, 0, b, ..] | [a, 0, b, 0, ..] if *a > 0 && *b > 0 => {
                return fault(FaultKind::Utf16, top);
            }
            _ => {}
        }
        if let Some(at) = memchr::memchr(0, file) {
            return fault(FaultKind::Binary, place_of(file, at));
        }
        Ok(Self { rest: &file[start..], start, line: 1 })
    }

    /// The end of the document that begins here, and where the next one begins.
    fn end(&self) -> Result<(usize, usize), Fault> {
        let mut at = 0;
        loop {
            let found = if at == 0 && self.rest.starts_with(b"---") {
                Some(0)
            } else {
                memmem::find(&self.rest[at..], b"\n---").map(|found| at + found + 1)
            };
            let Some(marker) = found else { return Ok((self.rest.len(), self.rest.len())) };
            let behind = marker + b"---".len();
            let end = memchr::memchr(b'\n', &self.rest[behind..])
                .map_or(self.rest.len(), |end| behind + end + 1);
            let trailing = self.rest[behind..end].trim_ascii();
            if !trailing.is_empty() && !trailing.starts_with(b"#") {
                let place = Place { line: self.line + lines(&self.rest[..marker]), column: 1 };
                // What is behind it is no document of its own: the file ends here for kubectl.
                return Err(Fault { place, kind: FaultKind::Separator });
            }
            // A first line that parts nothing belongs to the document.
            if self.rest[..marker].trim_ascii().is_empty() {
                at = end;
                if at >= self.rest.len() {
                    return Ok((self.rest.len(), self.rest.len()));
                }
                // The search begins with the line end before the next line.
                at -= 1;
                continue;
            }
            return Ok((marker, end));
        }
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Document<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (start, line) = (self.start, self.line);
            let (end, next) = match self.end() {
                Ok(found) => found,
                Err(fault) => {
                    self.rest = &[];
                    return Some(Err(fault));
                }
            };
            let bytes = &self.rest[..end];
            self.line += lines(&self.rest[..next]);
            self.start += next;
            self.rest = &self.rest[next..];
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let text = match str::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    let Place { line: in_document, column } = place_of(bytes, error.valid_up_to());
                    let place = Place { line: line + in_document - 1, column };
                    return Some(Err(Fault { place, kind: FaultKind::NotUtf8 }));
                }
            };
            let content = text
                .strip_prefix("---")
                .map_or(text, |rest| rest.split_once('\n').map_or("", |(_, content)| content));
            let is_json = content.trim_ascii_start().starts_with('{');
            return Some(Ok(Document { text, start, line, is_json }));
        }
        None
    }
}

fn lines(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', bytes).count().try_into().unwrap_or(u32::MAX)
}

/// The position of an offset.
pub(super) fn place_of(bytes: &[u8], at: usize) -> Place {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    // Bytes that continue a character of UTF-8 do not count.
    let column = line.iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1;
    Place { line: lines(before) + 1, column: column.try_into().unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        type Row<'a> = (&'a str, &'a [(&'a str, u32, usize)]);
        let rows: &[Row<'_>] = &[
            ("", &[]),
            ("\n\n", &[]),
            ("a", &[("a", 1, 0)]),
            ("a\n---\nb", &[("a\n", 1, 0), ("b", 3, 6)]),
            ("---\na\n---  # x\n---\nb", &[("---\na\n", 1, 0), ("---\nb", 4, 15)]),
            ("a\n---", &[("a\n", 1, 0)]),
            ("---\n---\na\n", &[("---\n", 1, 0), ("a\n", 3, 8)]),
            ("a\n --- x\n", &[("a\n --- x\n", 1, 0)]),
            ("\u{feff}a\n---\r\nb\r\n", &[("a\n", 1, 3), ("b\r\n", 3, 10)]),
        ];
        for (text, want) in rows {
            let found: Vec<_> =
                Documents::new(text.as_bytes()).unwrap().map(Result::unwrap).collect();
            let found: Vec<_> = found.iter().map(|d| (d.text, d.line, d.start)).collect();
            assert_eq!(found, *want, "{text:?}");
        }
    }

    #[test]
    fn files_that_are_no_manifests() {
        let fault = |bytes: &[u8]| match Documents::new(bytes) {
            Ok(mut documents) => documents.find_map(Result::err),
            Err(fault) => Some(fault),
        };
        let at = |line, column, kind| Some(Fault { place: Place { line, column }, kind });
        assert_eq!(fault(b"\xff\xfea\0"), at(1, 1, FaultKind::Utf16));
        assert_eq!(fault(b"k\0i\0n\0d\0"), at(1, 1, FaultKind::Utf16));
        assert_eq!(fault(b"a: b\nc: \0"), at(2, 4, FaultKind::Binary));
        assert_eq!(fault("a: b\n---\n\nä: \u{fe}".as_bytes()), None);
        assert_eq!(fault(b"a: b\n---\n\nc: \xc3\xa4\xff"), at(4, 5, FaultKind::NotUtf8));
        assert_eq!(fault(b"a: b\n--- c\nd: e\n"), at(2, 1, FaultKind::Separator));
    }
}
