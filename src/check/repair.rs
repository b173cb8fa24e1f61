//! Repairs of what has one right answer: the bytes of a file that are replaced, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::manifest::{Node, Span, Style};
use crate::secret::Value;

/// Bytes of a file that are replaced.
#[derive(Debug)]
pub(crate) struct Repair {
    start: usize,
    end: usize,
    text: Zeroizing<String>,
    /// What is done, in a few words without any value.
    pub about: &'static str,
}

impl Repair {
    /// Puts a plain scalar in quotes, with the text that it was written with.
    pub(super) fn quote(file: &[u8], span: Span) -> Option<Self> {
        let written = std::str::from_utf8(file.get(span.start..span.end)?).ok()?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "+-._:~".contains(c);
        if written.is_empty() || !written.chars().all(is_plain) || has_tag(file, span.start) {
            return None;
        }
        let text = Zeroizing::new(format!("\"{written}\""));
        Some(Self { start: span.start, end: span.end, text, about: "in quotes" })
    }

    /// Appends the padding that base64 lacks.
    pub(super) fn pad(file: &[u8], span: Span) -> Option<Self> {
        let written = file.get(span.start..span.end)?;
        let quotes = written.iter().filter(|byte| matches!(byte, b'"' | b'\'')).count();
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/\"'".contains(byte);
        if !written.iter().all(is_base64) || !matches!(quotes, 0 | 2) {
            return None;
        }
        let lacking = (4 - (written.len() - quotes) % 4) % 4;
        let at = span.end - quotes / 2;
        let text = Zeroizing::new("=".repeat(lacking));
        (lacking < 3).then_some(Self { start: at, end: at, text, about: "with padding" })
    }

    /// Replaces a value under `data` by PEM without a byte order mark and carriage returns, which ends
    /// with a newline if it did or if `needs_newline`.
    pub(super) fn pem(
        file: &[u8],
        node: &Node<'_>,
        value: &Value,
        needs_newline: bool,
    ) -> Option<Self> {
        let span = node.span;
        let written = file.get(span.start..span.end)?;
        let quote = match node.style {
            Style::Plain => "",
            Style::SingleQuoted => "'",
            Style::DoubleQuoted => "\"",
            _ => return None,
        };
        let bytes = value.as_bytes();
        let pem = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let is_one_line = !written.contains(&b'\n') && !written.contains(&b'\\');
        // An alias is repaired where its anchor is.
        if written.starts_with(b"*") || !is_one_line || !pem.starts_with(b"-----BEGIN ") {
            return None;
        }
        let mut repaired = Zeroizing::new(Vec::with_capacity(pem.len() + 1));
        repaired.extend(pem.iter().filter(|byte| **byte != b'\r'));
        if needs_newline && !repaired.ends_with(b"\n") {
            repaired.push(b'\n');
        }
        let encoded = Zeroizing::new(STANDARD.encode(&*repaired));
        let text = Zeroizing::new([quote, encoded.as_str(), quote].concat());
        let about = "encoded again, as PEM with LF line ends and a final newline";
        Some(Self { start: span.start, end: span.end, text, about })
    }
}

/// Whether a tag is before a scalar, perhaps with an anchor.
fn has_tag(file: &[u8], start: usize) -> bool {
    let before = file.get(..start).unwrap_or_default();
    let words = before.rsplit(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut properties = words.take_while(|word| word.starts_with(b"&") || word.starts_with(b"!"));
    properties.any(|word| word.starts_with(b"!"))
}

/// The file with these repairs. Of several at one place the first is made.
pub(crate) fn repaired<'r>(
    file: &[u8],
    repairs: impl Iterator<Item = &'r Repair>,
) -> Zeroizing<Vec<u8>> {
    let mut repairs: Vec<_> = repairs.collect();
    repairs.sort_by_key(|repair| repair.start);
    let more: usize = repairs.iter().map(|repair| repair.text.len()).sum();
    let mut out = Zeroizing::new(Vec::with_capacity(file.len() + more));
    let mut at = 0;
    for repair in repairs {
        let Some(before) = file.get(at..repair.start).filter(|_| repair.end >= at) else {
            continue;
        };
        if at > 0 && repair.start < at {
            continue;
        }
        out.extend_from_slice(before);
        out.extend_from_slice(repair.text.as_bytes());
        at = repair.end;
    }
    out.extend_from_slice(file.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repair(start: usize, end: usize, text: &str) -> Repair {
        Repair { start, end, text: Zeroizing::new(text.to_owned()), about: "" }
    }

    #[test]
    fn only_the_bytes_of_repairs_change() {
        let repairs = [repair(8, 8, "="), repair(3, 6, "\"yes\""), repair(3, 6, "twice")];
        let out = repaired(b"a: yes, b # c\r\n", repairs.iter());
        assert_eq!(out.as_slice(), b"a: \"yes\", =b # c\r\n");
        assert_eq!(repaired(b"abc", [].iter()).as_slice(), b"abc");
    }
}
