//! What an input is in which no block of PEM was found.

use super::Found;
use super::binary::{der_kind, sequence_length};
use crate::material::der::Reader;
use crate::material::pem;

/// How the public half of an SSH key begins: OpenSSH's forms, and that of RFC 4716.
const PUBLIC_SSH: &[&str] =
    &["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2 PUBLIC KEY"];

impl Found {
    /// Looks at an input in which no PEM block was found.
    pub(crate) fn in_text(input: &[u8]) -> Self {
        let trimmed = input.trim_ascii();
        let early = match trimmed {
            [] => Some(Self::Empty),
            [0xef, 0xbb, 0xbf, ..] => Some(Self::ByteOrderMark),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16("UTF-16")),
            // Without a mark iconv takes the one or the other for it.
            [0, b'-', ..] => Some(Self::Utf16("UTF-16BE")),
            [b'-', 0, ..] => Some(Self::Utf16("UTF-16LE")),
            [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => Some(Self::JavaKeystore),
            [0x30, ..] if is_binary(input) => Self::in_der(input),
            // Before its text is searched for PEM, which stands in one line of JSON.
            text if is_json(text) => Some(Self::Json),
            _ => None,
        };
        // An archive has the text of what is in it.
        let begun = || {
            Self::in_begin_lines(input)
                .filter(|found| !matches!(found, Self::Glued { .. }) || !is_binary(trimmed))
        };
        if let Some(found) = early.or_else(begun) {
            return found;
        }
        let starts = |prefix: &str| {
            trimmed.get(..prefix.len()).is_some_and(|t| t.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        match trimmed {
            // The base64 of `-----BEGIN`.
            text if text.starts_with(b"LS0tLS1CRUdJTi") => Self::Base64OfPem,
            text if text.starts_with(b"PuTTY-User-Key-File") => Self::PuttyKey,
            // The base64 of `openssh-key-v1`.
            text if text.starts_with(b"b3BlbnNzaC1rZXktdjEA") => Self::OpenSshBody,
            _ if starts("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY") => Self::SshComKey,
            text if let Some(line) = dashed_line(text) => {
                let blank = input.len() - input.trim_ascii_start().len();
                let before = input.get(..blank).unwrap_or_default();
                Self::Dashes { line: line + before.split(|b| *b == b'\n').skip(1).count() }
            }
            _ if starts("<!doctype") || starts("<html") => Self::Html,
            _ if starts("<?xml") => Self::Xml,
            _ if PUBLIC_SSH.iter().any(|start| starts(start)) => Self::OpenSshPublicKey,
            // The base64 of a SEQUENCE.
            [b'M', b'A'..=b'P', ..] => {
                let kind = pem::decode_base64(trimmed).and_then(|der| der_kind(&der));
                kind.map_or(Self::Unknown, Self::Base64OfDer)
            }
            text if is_binary(text) => Self::Binary,
            _ => Self::Unknown,
        }
    }

    fn in_der(input: &[u8]) -> Option<Self> {
        let of = sequence_length(input)?;
        if of > input.len() {
            return Some(Self::CutDer { bytes: input.len(), of });
        }
        let mut whole = Reader::new(input);
        whole.sequence()?;
        Some(match der_kind(input) {
            _ if !whole.is_empty() => Self::Trailing { bytes: whole.rest().len() },
            Some(kind) => Self::Der(kind),
            None => Self::OtherDer,
        })
    }

    /// Looks at the first place that says `BEGIN`, or at the first that should stand elsewhere.
    fn in_begin_lines(input: &[u8]) -> Option<Self> {
        const END: &[u8] = b"-----END ";
        const ESCAPED: [&[u8]; 2] = [br"-----\n", br"-----\r\n"];

        let mut begins = pem::begin_lines(input);
        let begin = begins.find(|b| b.inner).or_else(|| pem::begin_lines(input).next())?;
        let (line, label) = (begin.line, || pem::shown(begin.label));
        let text = input.get(begin.start..).unwrap_or_default();
        let first = text.split(|b| *b == b'\n').next().unwrap_or_default();
        let is_escaped = ESCAPED.iter().any(|end| pem::find(first, end).is_some());
        let end = pem::find(text, END);
        Some(match end.and_then(|end| text.get(..end)) {
            _ if is_escaped => Self::EscapedLines { line },
            Some(block) if !block.contains(&b'\n') => Self::OneLine { line },
            _ if begin.inner => Self::Glued { line },
            _ if input.get(..begin.start).is_some_and(ends_blank) => Self::Indented { line },
            Some(block) if ends_blank(block) => {
                Self::Indented { line: line + block.split(|b| *b == b'\n').skip(1).count() }
            }
            Some(_) => Self::DamagedBlock { label: label(), line },
            None => match dashed_line(text) {
                Some(end) => Self::Dashes { line: line + end - 1 },
                None => Self::CutBlock { label: label(), line },
            },
        })
    }
}

/// The first line that says `BEGIN` or `END` between dashes which are not those of PEM: other
/// characters, which programs for texts put in place of hyphens, or not five of them.
fn dashed_line(text: &[u8]) -> Option<usize> {
    let mut lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).zip(1..);
    lines.find_map(|(line, number)| {
        let word = behind_dashes(line)?;
        let is_word = word.starts_with(b"BEGIN ") || word.starts_with(b"END ");
        (is_word && !line.starts_with(b"-----BEGIN ")).then_some(number)
    })
}

/// What is behind the dashes of Unicode (U+2010 to U+2015, U+2212, U+FE63, U+FF0D) and the hyphens
/// that begin a line.
fn behind_dashes(line: &[u8]) -> Option<&[u8]> {
    let mut rest = line;
    loop {
        rest = match rest {
            [b'-', rest @ ..]
            | [0xe2, 0x80, 0x90..=0x95, rest @ ..]
            | [0xe2, 0x88, 0x92, rest @ ..]
            | [0xef, 0xb9, 0xa3, rest @ ..]
            | [0xef, 0xbc, 0x8d, rest @ ..] => rest,
            _ if rest.len() < line.len() => return Some(rest),
            _ => return None,
        };
    }
}

/// Whether a text begins as JSON does. A `[` alone also begins a section of Git's configuration, and
/// a host with its port.
fn is_json(text: &[u8]) -> bool {
    let second = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match text.first() {
        Some(b'{') => matches!(second, Some(b'"' | b'}')),
        Some(b'[') => matches!(second, Some(b'"' | b'{' | b'[' | b']')),
        _ => false,
    }
}

/// Whether there are bytes that no text has.
fn is_binary(input: &[u8]) -> bool {
    input.iter().any(|b| matches!(b, 0..=8 | 14..=26 | 28..=31))
}

/// Whether white space is all there is on the last line, and there is some.
fn ends_blank(text: &[u8]) -> bool {
    let last = text.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    !last.is_empty() && last.iter().all(|b| matches!(b, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::found::DerKind;

    #[test]
    fn texts() {
        let label = || "CERTIFICATE".to_owned();
        let cut = |line| Found::CutBlock { label: label(), line };
        let damaged = |line| Found::DamagedBlock { label: label(), line };
        for (input, expected) in [
            (&b" \n"[..], Found::Empty),
            (b"\xef\xbb\xbf-----BEGIN CERTIFICATE-----\n", Found::ByteOrderMark),
            (b"\xff\xfe-\0-\0", Found::Utf16("UTF-16")),
            (b"-\0-\0-\0", Found::Utf16("UTF-16LE")),
            (b"\0-\0-\0-", Found::Utf16("UTF-16BE")),
            (b"\xfe\xed\xfe\xed\0\0", Found::JavaKeystore),
            (b"\xce\xce\xce\xce\0\0", Found::JavaKeystore),
            (b"LS0tLS1CRUdJTiBDRVJU", Found::Base64OfPem),
            (b"{\"a\": 1}", Found::Json),
            (b"{\n  \"a\": \"-----BEGIN CERTIFICATE-----\\nAAAA\"}", Found::Json),
            (b"[ {}]", Found::Json),
            (b"[http]\n  sslVerify = true\n", Found::Unknown),
            (b"[git.example.com]:22 ssh-ed25519 AAAA", Found::Unknown),
            (b"\n<!DOCTYPE html>", Found::Html),
            (b"<HTML>", Found::Html),
            (b"ssh-ed25519 AAAA me", Found::OpenSshPublicKey),
            (b"sk-ssh-ed25519@openssh.com AAAA", Found::OpenSshPublicKey),
            (b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", Found::OpenSshPublicKey),
            (b"PuTTY-User-Key-File-3: ssh-rsa", Found::PuttyKey),
            (b"\n<?xml version=\"1.0\"?><Error/>", Found::Xml),
            (b"\n-----BEGIN CERTIFICATE-----\nAAAA\n", cut(2)),
            (b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", damaged(1)),
            (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END C-----\n", damaged(1)),
            (
                b"-----BEGIN CERTIFICATE-----\n  AAAA\n  -----END CERTIFICATE-----\n",
                Found::Indented { line: 3 },
            ),
            (
                b"\n-----BEGIN CERTIFICATE----- AAAA -----END CERTIFICATE----- ",
                Found::OneLine { line: 2 },
            ),
            (
                b"-----BEGIN CERTIFICATE-----\rAAAA\r-----END CERTIFICATE-----\r",
                Found::OneLine { line: 1 },
            ),
            (
                br"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                Found::EscapedLines { line: 1 },
            ),
            (
                br#"CERT="-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----""#,
                Found::EscapedLines { line: 1 },
            ),
            (b"  -----BEGIN CERTIFICATE-----\nAAAA\n", Found::Indented { line: 1 }),
            (b"x-----BEGIN CERTIFICATE-----\nAAAA\n", Found::Glued { line: 1 }),
            (b"0 is a number", Found::Unknown),
            (b"01 and more than forty-nine bytes behind it, all of them text", Found::Unknown),
            (b"MAY it please you", Found::Unknown),
            (b"\x1f\x8b\x08\0", Found::Binary),
            (b"a.pem\0\0\0x-----BEGIN CERTIFICATE-----\nAAAA\n", Found::Binary),
            (b"hello", Found::Unknown),
            (b"b3BlbnNzaC1rZXktdjEAAAAABG5v", Found::OpenSshBody),
            (b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/5", Found::SshComKey),
            (b"----BEGIN CERTIFICATE----\nAAAA\n", Found::Dashes { line: 1 }),
            (b"x\n------BEGIN CERTIFICATE------\n", Found::Glued { line: 2 }),
            ("\n\u{2014}\u{2013}BEGIN KEY\u{2014}\u{2013}\n".as_bytes(), Found::Dashes { line: 2 }),
            ("\u{2212}-BEGIN A-".as_bytes(), Found::Dashes { line: 1 }),
            ("\u{ff0d}\u{fe63}BEGIN A-".as_bytes(), Found::Dashes { line: 1 }),
            (
                "\n-----BEGIN A-----\nAAAA\n\u{2014}\u{2014}-END A-----\n".as_bytes(),
                Found::Dashes { line: 4 },
            ),
            ("\u{2014} BEGIN A".as_bytes(), Found::Unknown),
        ] {
            assert_eq!(Found::in_text(input), expected, "{input:x?}");
        }
    }

    #[test]
    fn binary_forms() {
        let pem = include_bytes!("../../../tests/fixtures/tls/p256.crt");
        let der = pem::blocks(pem).next().unwrap().contents.to_vec();
        let lines = pem.split(|b| *b == b'\n');
        let base64: Vec<_> = lines.filter(|line| !line.starts_with(b"-")).collect();
        let of = der.len();
        for (input, expected) in [
            (der.clone(), Found::Der(DerKind::Certificate)),
            (base64.join(&b'\n'), Found::Base64OfDer(DerKind::Certificate)),
            (base64.concat(), Found::Base64OfDer(DerKind::Certificate)),
            (base64.concat()[4..].to_vec(), Found::Unknown),
            (der[..of - 1].to_vec(), Found::CutDer { bytes: of - 1, of }),
            (der[..9].to_vec(), Found::CutDer { bytes: 9, of }),
            (der[..3].to_vec(), Found::Binary),
            ([&der[..], b"\n"].concat(), Found::Trailing { bytes: 1 }),
            (b"\x30\x03\x02\x01\x07".to_vec(), Found::OtherDer),
        ] {
            assert_eq!(Found::in_text(&input), expected, "{input:x?}");
        }
    }
}
