//! From the bytes of a file to the first preference in it that kubectl would use.

use super::error::ReadFault;
use super::node::{Invalid, Node};
use super::preferences::Preferences;
use super::version::{GROUP, KIND, Version};
use super::{json, schema, yaml};
use crate::manifest::{Documents, Reason};

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
    for document in Documents::by_lines(bytes) {
        let document = document.map_err(|fault| match fault.reason {
            Reason::Separator { len } => Some(ReadFault::Separator { line: fault.line, len }),
            _ => Some(ReadFault::NoneValid),
        })?;
        if document.is_blank() {
            continue;
        }
        entry += 1;
        match decode(document.bytes) {
            Ok((version, found)) => {
                log.push(format!("kuberc: using entry {entry} ({GROUP}/{version}) in {file}"));
                return Ok(found);
            }
            Err(why) => log.push(format!("kuberc: cannot use entry {entry} in {file}: {why}")),
        }
    }
    Err((entry > 0).then_some(ReadFault::NoneValid))
}

fn decode(document: &[u8]) -> Result<(Version, DecodedPreference), Invalid> {
    let is_json = document.trim_ascii_start().starts_with(b"{");
    let (node, mut strict) = if is_json {
        (json::read(document)?, Vec::new())
    } else {
        yaml::read(str::from_utf8(document).map_err(|_| Invalid::NotText)?)?
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separator() {
        let fault = find(b"a\n--- hunter2\n", "f", &mut Vec::new()).unwrap_err().unwrap();
        let words = fault.words(std::path::Path::new("f"));
        assert_eq!(words, "invalid Yaml document separator in line 2: 7 bytes, not shown");
    }
}
