//! From the bytes of a file to the first preference in it that kubectl would use.

use super::error::ReadFault;
use super::node::{Invalid, Node};
use super::preferences::Preferences;
use super::version::{GROUP, KIND, Version};
use super::{json, schema, yaml};

#[derive(Debug)]
pub(super) struct DecodedPreference {
    pub(super) preferences: Preferences,
    /// kubectl's strict decoding errors, which it warns of and ignores.
    pub(super) strict: Vec<String>,
}

/// The first preference among the documents. Without any, why there is none; `None` if all
/// documents are empty, which kubectl does not mention. Each document that is passed over, and the
/// one that is used, goes into the log.
pub(super) fn find(
    bytes: &[u8],
    file: &str,
    log: &mut Vec<String>,
) -> Result<DecodedPreference, Option<ReadFault>> {
    let mut entry = 0;
    for document in Documents(bytes.split_inclusive(|b| *b == b'\n').enumerate()) {
        let document = document?;
        let text = std::str::from_utf8(&document);
        if text.is_ok_and(|text| text.trim().is_empty()) {
            continue;
        }
        entry += 1;
        match decode(&document, text.ok()) {
            Ok((version, found)) => {
                log.push(format!("kuberc: using entry {entry} ({GROUP}/{version}) in {file}"));
                return Ok(found);
            }
            Err(why) => log.push(format!("kuberc: cannot use entry {entry} in {file}: {why}")),
        }
    }
    Err((entry > 0).then_some(ReadFault::NoneValid))
}

/// Decodes one document, which is this text, if it is UTF-8.
fn decode(document: &[u8], text: Option<&str>) -> Result<(Version, DecodedPreference), Invalid> {
    let is_json = document.trim_ascii_start().starts_with(b"{");
    let (node, mut strict) = if is_json {
        (json::read(document)?, Vec::new())
    } else {
        yaml::read(text.ok_or(Invalid::NotText)?)?
    };
    let version = version(&node)?;
    let (preferences, unknown) = schema::decode(&node, version)?;
    strict.extend(unknown);
    Ok((version, DecodedPreference { preferences, strict }))
}

/// The version of a preference. Like Go's `encoding/json`, this takes the two keys in any case.
fn version(node: &Node<'_>) -> Result<Version, Invalid> {
    let pairs = match node {
        Node::Map(pairs) => pairs.as_slice(),
        Node::Null => &[],
        other => return Err(schema::shape("the document", other, "an object")),
    };
    let (mut kind, mut version) = ("", "");
    for (key, value) in pairs {
        let field = match key.to_ascii_lowercase().as_str() {
            "apiversion" => &mut version,
            "kind" => &mut kind,
            _ => continue,
        };
        match value {
            Node::Text(text) => *field = text,
            Node::Null => {}
            other => return Err(schema::shape(key, other, "a string")),
        }
    }
    if kind != KIND {
        return Err(Invalid::Kind);
    }
    match version.strip_prefix(GROUP) {
        Some("/v1alpha1") => Ok(Version::V1alpha1),
        Some("/v1beta1") => Ok(Version::V1beta1),
        _ => Err(Invalid::Version),
    }
}

/// The documents of a file, parted as Kubernetes' `YAMLReader` does it: by lines that begin with
/// `---`, before any of them is parsed. Lines end in LF in what comes out.
struct Documents<I>(I);

impl<'a, I: Iterator<Item = (usize, &'a [u8])>> Iterator for Documents<I> {
    type Item = Result<Vec<u8>, Option<ReadFault>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut document = Vec::new();
        for (number, line) in self.0.by_ref() {
            let line =
                line.strip_suffix(b"\n").map_or(line, |l| l.strip_suffix(b"\r").unwrap_or(l));
            if let Some(rest) = line.strip_prefix(b"---") {
                let rest = rest.trim_ascii();
                if !rest.is_empty() && !rest.starts_with(b"#") {
                    let (line, len) = (number + 1, rest.len());
                    return Some(Err(Some(ReadFault::Separator { line, len })));
                }
                if !document.is_empty() {
                    return Some(Ok(document));
                }
            }
            document.extend_from_slice(line);
            document.push(b'\n');
        }
        (!document.is_empty()).then_some(Ok(document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        let rows: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a", &["a\n"]),
            ("a\r\nb\n", &["a\nb\n"]),
            ("a\n---\nb", &["a\n", "b\n"]),
            ("---\na\n---  # x\n---\nb", &["---\na\n", "---\nb\n"]),
            ("a\n---", &["a\n"]),
            ("a\n --- x\n", &["a\n --- x\n"]),
        ];
        for (text, want) in rows {
            let lines = text.as_bytes().split_inclusive(|b| *b == b'\n').enumerate();
            let documents: Vec<_> =
                Documents(lines).map(|d| String::from_utf8(d.unwrap()).unwrap()).collect();
            assert_eq!(documents, *want, "{text:?}");
        }
        let lines = b"a\n--- hunter2\n".split_inclusive(|b| *b == b'\n').enumerate();
        let fault = Documents(lines).next().unwrap().unwrap_err().unwrap();
        let words = fault.words(std::path::Path::new("f"));
        assert_eq!(words, "invalid Yaml document separator in line 2: 7 bytes, not shown");
    }
}
