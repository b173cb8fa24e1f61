//! PEM as Go's `encoding/pem` reads it.
//!
//! Written here because a Secret must be accepted and refused as kubectl does it, and no crate
//! follows Go: `rustls-pki-types` and `pem-rfc7468` are stricter on labels, headers and white
//! space, and stop with an error where Go silently goes on to the next block.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::golang::{self, base64::Padding};

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";
const END: &[u8] = b"\n-----END ";

/// One block: label, headers and the bytes between them.
pub(crate) struct Block<'a> {
    /// The word or words after `BEGIN`.
    pub label: &'a [u8],
    /// The `Key: value` lines before the base64, as in keys encrypted the old way.
    pub headers: Vec<(&'a [u8], &'a [u8])>,
    /// The decoded contents, DER as a rule.
    pub contents: Zeroizing<Vec<u8>>,
    /// The line of the `BEGIN`, counted from 1.
    pub line: usize,
    /// The offset of the `BEGIN` in the input.
    pub start: usize,
}

impl Block<'_> {
    /// Whether it is a certificate to Go's `tls.X509KeyPair`.
    pub(crate) fn is_certificate(&self) -> bool {
        self.label == b"CERTIFICATE"
    }

    /// Whether it is a private key to Go's `tls.X509KeyPair`, of whatever algorithm.
    pub(crate) fn is_private_key(&self) -> bool {
        is_private_key(self.label)
    }

    /// Whether the headers announce the encryption of RFC 1421 (`Proc-Type: 4,ENCRYPTED`).
    pub(crate) fn is_encrypted(&self) -> bool {
        self.headers
            .iter()
            .any(|(key, value)| *key == b"Proc-Type" && value.ends_with(b"ENCRYPTED"))
    }

    pub(crate) fn label(&self) -> String {
        shown(self.label)
    }
}

/// A label as a message may show it. Labels are words in capitals; anything else may be a piece of
/// a key that damage put there, and only its length is told.
pub(crate) fn shown(label: &[u8]) -> String {
    let plain = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b' ' | b'#');
    match std::str::from_utf8(label) {
        Ok(text) if text.len() <= 40 && label.iter().all(plain) => text.to_owned(),
        _ => format!("with an unknown label of {} bytes", label.len()),
    }
}

/// Whether a label is one that `tls.X509KeyPair` takes for a private key.
pub(crate) fn is_private_key(label: &[u8]) -> bool {
    label == b"PRIVATE KEY" || label.ends_with(b" PRIVATE KEY")
}

/// The blocks of `input`, one after the other.
pub(crate) fn blocks(input: &[u8]) -> Blocks<'_> {
    Blocks { input, rest: input, line: 1, counted: 0 }
}

/// A block as `openssl` and Go write it: 64 characters a line.
pub(crate) fn encode(label: &str, contents: &[u8]) -> Zeroizing<Vec<u8>> {
    const WIDTH: usize = 48;
    // Room for everything from the start: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(encoded_len(label, contents)));
    text.extend_from_slice(BEGIN);
    text.extend_from_slice(label.as_bytes());
    text.extend_from_slice(b"-----\n");
    let mut line = Zeroizing::new([0; WIDTH / 3 * 4]);
    for part in contents.chunks(WIDTH) {
        let written = STANDARD.encode_slice(part, line.as_mut_slice()).unwrap_or_default();
        text.extend_from_slice(&line[..written]);
        text.push(b'\n');
    }
    text.extend_from_slice(b"-----END ");
    text.extend_from_slice(label.as_bytes());
    text.extend_from_slice(b"-----\n");
    text
}

/// The bytes, or a few more, that `encode` writes.
fn encoded_len(label: &str, contents: &[u8]) -> usize {
    64 + 2 * label.len() + contents.len().div_ceil(48) * 65
}

/// The iterator over the blocks that decode. What does not decode is passed over, as Go does it.
pub(crate) struct Blocks<'a> {
    input: &'a [u8],
    rest: &'a [u8],
    /// The line at the offset `counted`.
    line: usize,
    counted: usize,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let (start, mut block, rest) = decode(self.input, self.rest)?;
        let passed = self.input.get(self.counted..start).unwrap_or_default();
        self.line += passed.split(|b| *b == b'\n').skip(1).count();
        self.counted = start;
        self.rest = rest;
        block.line = self.line;
        Some(block)
    }
}

/// A line that begins like a block, whether or not a block follows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BeginLine<'a> {
    /// What stands between `BEGIN` and the next dashes, or the end of the line.
    pub label: &'a [u8],
    /// Whether something stands before the `BEGIN` on its line.
    pub inner: bool,
    /// Counted from 1.
    pub line: usize,
    /// The offset of the `BEGIN` in the input.
    pub start: usize,
}

/// Every place of `input` that says `-----BEGIN `: to name blocks that were passed over.
pub(crate) fn begin_lines(input: &[u8]) -> impl Iterator<Item = BeginLine<'_>> {
    let mut offset = 0;
    let lines = input.split_inclusive(|b| *b == b'\n').enumerate().map(move |(index, line)| {
        let start = offset;
        offset += line.len();
        (index + 1, start, line)
    });
    lines.filter_map(|(number, start, line)| {
        let at = find(line, BEGIN)?;
        let rest = line.get(at + BEGIN.len()..)?;
        let label = rest.get(..find(rest, DASHES).unwrap_or(rest.len()))?;
        let inner = !line.get(..at)?.trim_ascii().is_empty();
        Some(BeginLine { label: label.trim_ascii(), inner, line: number, start: start + at })
    })
}

/// The next block of `rest`, a tail of `input`, with its offset, and what follows it.
///
/// Go (since 1.25.2) looks for the first END line and then for the last BEGIN line before it; if
/// these two do not make a block it goes on behind that END. The positions of the END are kept
/// relative to `rest` and may lie before it by the one line feed that ends the BEGIN line.
fn decode<'a>(input: &'a [u8], mut rest: &'a [u8]) -> Option<(usize, Block<'a>, &'a [u8])> {
    let mut behind_end = 0;
    loop {
        rest = rest.get(usize::try_from(behind_end).ok()?..)?;
        let end = find(rest, END)?;
        behind_end = signed(end + END.len())?;
        let Some(begin) = rfind(rest.get(..end)?, BEGIN) else { continue };
        if begin > 0 && rest.get(begin - 1) != Some(&b'\n') {
            continue;
        }
        let start = input.len() - rest.len() + begin;
        let mut end = signed(end)?;
        let mut advance = |to: &'a [u8]| {
            let by = signed(rest.len() - to.len())?;
            rest = to;
            end -= by;
            behind_end -= by;
            Some(())
        };
        advance(input.get(start + BEGIN.len()..)?)?;
        let (line, next) = take_line(input.get(start + BEGIN.len()..)?);
        advance(next)?;
        let Some(label) = line.strip_suffix(DASHES) else { continue };

        let mut body = next;
        let mut headers = Vec::new();
        loop {
            // An input that ends within the headers has no further block at all.
            if body.is_empty() {
                return None;
            }
            let (line, next) = take_line(body);
            let Some(colon) = line.iter().position(|b| *b == b':') else { break };
            let (key, value) = line.split_at(colon);
            headers.push((key.trim_ascii(), value.get(1..)?.trim_ascii()));
            body = next;
            advance(body)?;
        }
        if !headers.is_empty() && end < 0 {
            continue;
        }

        let trailer = body.get(usize::try_from(behind_end).ok()?..)?;
        let Some(after) =
            trailer.strip_prefix(label).and_then(|trailer| trailer.strip_prefix(DASHES))
        else {
            continue;
        };
        let (blank, following) = take_line(after);
        if !blank.is_empty() {
            continue;
        }
        let encoded = body.get(..usize::try_from(end).unwrap_or(0))?;
        let Some(contents) = decode_base64(encoded) else { continue };
        return Some((start, Block { label, headers, contents, line: 0, start }, following));
    }
}

/// White space is passed over.
pub(crate) fn decode_base64(encoded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut packed = Zeroizing::new(Vec::with_capacity(encoded.len()));
    packed.extend(encoded.iter().filter(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')));
    golang::base64::decode(&packed, Padding::Required).ok()
}

/// The first line without its end and trailing blanks, and what follows it.
fn take_line(data: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match data.iter().position(|b| *b == b'\n') {
        Some(at) => {
            let (line, rest) = data.split_at(at);
            (line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or_default())
        }
        None => (data, &data[data.len()..]),
    };
    let kept = line.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |at| at + 1);
    (&line[..kept], rest)
}

/// Where `wanted` begins in `data`.
pub(crate) fn find(data: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let mut from = 0;
    loop {
        let at = from + data.get(from..)?.iter().position(|b| b == first)?;
        if data[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn rfind(data: &[u8], wanted: &[u8]) -> Option<usize> {
    data.windows(wanted.len()).rposition(|window| window == wanted)
}

fn signed(offset: usize) -> Option<isize> {
    isize::try_from(offset).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str) -> Vec<(String, Vec<u8>, usize)> {
        blocks(input.as_bytes()).map(|b| (b.label(), b.contents.to_vec(), b.line)).collect()
    }

    #[test]
    fn leniencies_of_go() {
        let one = |line| vec![("X".to_owned(), b"hello".to_vec(), line)];
        for (input, expected) in [
            ("-----BEGIN X-----\naGVsbG8=\n-----END X-----\n", one(1)),
            ("-----BEGIN X-----\naGVsbG8=\n-----END X-----", one(1)),
            ("-----BEGIN X-----\r\naGVsbG8=\r\n-----END X-----\r\n", one(1)),
            ("-----BEGIN X----- \t\naGVs bG8=\t\n-----END X-----  \n", one(1)),
            ("-----BEGIN X-----\na\nGVs\nbG8\n=\n-----END X-----\n", one(1)),
            // Bits left over in the last character.
            ("-----BEGIN X-----\naGVsbG9=\n-----END X-----\n", one(1)),
            ("junk\n\njunk\n-----BEGIN X-----\naGVsbG8=\n-----END X-----\njunk", one(4)),
            ("-----BEGIN Y-----\n-----BEGIN X-----\naGVsbG8=\n-----END X-----\n", one(2)),
            ("-----BEGIN X-----\nA: b\nC:d\n\naGVsbG8=\n-----END X-----\n", one(1)),
            ("-----BEGIN X-----\n-----END X-----\n", vec![("X".to_owned(), vec![], 1)]),
            ("-----BEGIN -----\n-----END -----\n", vec![(String::new(), vec![], 1)]),
        ] {
            assert_eq!(read(input), expected, "{input:?}");
        }
    }

    #[test]
    fn passed_over() {
        for input in [
            "",
            "hello",
            "-----BEGIN X-----",
            "-----BEGIN X-----\n",
            "-----BEGIN X-----\naGVsbG8=\n",
            "-----BEGIN X-----\naGVsbG8=\n-----END Y-----\n",
            "-----BEGIN X-----\naGVsbG8=\n-----END X----\n",
            "-----BEGIN X-----\naGVsbG8=\n-----END X----- more\n",
            "-----BEGIN X----\naGVsbG8=\n-----END X-----\n",
            "----BEGIN X-----\naGVsbG8=\n-----END X-----\n",
            " -----BEGIN X-----\naGVsbG8=\n-----END X-----\n",
            "\u{feff}-----BEGIN X-----\naGVsbG8=\n-----END X-----\n",
            "-----BEGIN X-----\naGVsbG8\n-----END X-----\n",
            "-----BEGIN X-----\naGVs!G8=\n-----END X-----\n",
            "-----BEGIN X-----\naGVsbG8==\n-----END X-----\n",
            "-----BEGIN X-----aGVsbG8=-----END X-----\n",
            "-----BEGIN X-----\nA: b\n-----END X-----\n",
            "-----BEGIN X-----\nA: b",
        ] {
            assert_eq!(read(input), [], "{input:?}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for length in [0, 1, 2, 3, 47, 48, 49, 96, 1000] {
            let contents: Vec<u8> = (0..=255).cycle().take(length).collect();
            let text = encode("A B", &contents);
            assert!(text.len() <= encoded_len("A B", &contents));
            let [block] = blocks(&text).collect::<Vec<_>>().try_into().ok().unwrap();
            assert_eq!((block.label, &*block.contents), (&b"A B"[..], &contents));
        }
        let pem = include_bytes!("../../tests/fixtures/tls/p256.crt");
        let block = blocks(pem).next().unwrap();
        assert_eq!(encode("CERTIFICATE", &block.contents).as_slice(), pem);
    }

    #[test]
    fn goes_on_behind_a_bad_block() {
        let good = "-----BEGIN X-----\naGVsbG8=\n-----END X-----\n";
        for bad in [
            "-----BEGIN X-----\na!\n-----END X-----\n",
            "-----BEGIN X-----\naGVsbG8=\n-----END Y-----\n",
            "-----BEGIN X-----\naGVsbG8=\n",
            "-----END X-----\n",
        ] {
            let input = format!("{bad}{good}");
            let line = bad.lines().count() + 1;
            assert_eq!(read(&input), [("X".to_owned(), b"hello".to_vec(), line)], "{bad:?}");
        }
    }

    #[test]
    fn names_the_lines_that_begin_a_block() {
        let input = b"x\n-----BEGIN A-----\n-----END A----------BEGIN B C-----\n  -----BEGIN D";
        let found: Vec<_> = begin_lines(input).map(|l| (l.label, l.inner, l.line)).collect();
        assert_eq!(found, [(&b"A"[..], false, 2), (b"B C", true, 3), (b"D", false, 4)]);
    }

    #[test]
    fn knows_the_old_encryption() {
        let input =
            b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: A,B\n\nAAAA\n\
            -----END RSA PRIVATE KEY-----\n";
        let block = blocks(input).next().unwrap();
        assert!(block.is_encrypted());
        assert!(block.is_private_key());
        assert_eq!(block.headers[1], (&b"DEK-Info"[..], &b"A,B"[..]));
    }
}
