//! Files of `resources`: the Secrets in a manifest.

use std::collections::VecDeque;

use super::error::{At, BuildError, Fault, FileId};
use super::resource::Resource;
use super::value::{Map, Source, Value};
use crate::manifest::{self, Content, Documents, Node};

/// What keys of annotations begin with that kustomize writes meanwhile.
const INTERNAL: &str = "internal.config.kubernetes.io/";

/// The Secrets of a file, and how many objects of other kinds it has.
pub(super) struct Manifests {
    pub(super) secrets: Vec<Resource>,
    pub(super) others: usize,
}

/// Reads a file. `skips_others` says whether objects of other kinds are left out.
pub(super) fn read(id: FileId, bytes: &[u8], skips_others: bool) -> Result<Manifests, BuildError> {
    let source = Source { id, bytes, is_manifest: true };
    let mut queue = VecDeque::new();
    for document in Documents::new(bytes) {
        let document = document.map_err(|fault| BuildError::syntax(id, fault))?;
        let tree =
            manifest::read(&document, &mut Some).map_err(|fault| BuildError::syntax(id, fault))?;
        queue.push_back(tree.root);
    }
    let mut manifests = Manifests { secrets: Vec::new(), others: 0 };
    while let Some(node) = queue.pop_front() {
        let kind = match &node.content {
            Content::Null => continue,
            Content::Map(pairs) if pairs.is_empty() => continue,
            Content::Map(_) => node.get("kind").and_then(Node::text).unwrap_or_default(),
            _ => return Err(BuildError::new(source.at(&node), Fault::ManifestKind)),
        };
        if kind.is_empty() {
            return Err(BuildError::new(source.at(&node), Fault::ManifestKind));
        }
        if kind.ends_with("List") {
            // kustomize reads the elements of lists after all other documents.
            let mut node = node;
            if let Content::Map(pairs) = &mut node.content
                && let Some(items) = pairs.iter_mut().rfind(|pair| *pair.key == *"items")
                && let Content::List(elements) = &mut items.value.content
            {
                queue.extend(elements.drain(..));
            }
            continue;
        }
        let version = node.get("apiVersion").and_then(Node::text).unwrap_or_default();
        if kind != "Secret" || version != "v1" {
            if !skips_others {
                let named = node.get("metadata").and_then(|metadata| metadata.get("name"));
                let name = named.and_then(Node::text).unwrap_or_default().to_owned();
                let fault = Fault::OtherKind { kind: kind.to_owned(), name };
                return Err(BuildError::new(source.at(&node), fault));
            }
            manifests.others += 1;
            continue;
        }
        manifests.secrets.push(secret(&source, &node)?);
    }
    Ok(manifests)
}

fn secret(source: &Source<'_>, node: &Node<'_>) -> Result<Resource, BuildError> {
    let at = source.at(node);
    let metadata = node.get("metadata");
    let name = metadata.and_then(|metadata| metadata.get("name")).and_then(Node::text);
    if name.is_none_or(str::is_empty) {
        return Err(BuildError::new(at, Fault::ManifestName));
    }
    let annotations = annotations(source, metadata)?;
    let has_empty_annotations = annotations.is_empty()
        && metadata
            .and_then(|metadata| metadata.get("annotations"))
            .is_some_and(|annotations| matches!(annotations.content, Content::Map(_)));
    let mut tree = source.map(node.pairs())?;
    let metadata = tree.map_at("metadata");
    metadata.remove("annotations");
    if !annotations.is_empty() {
        metadata.insert("annotations", Value::Map(annotations));
    }
    if let Some(namespace) = metadata.remove("namespace")
        && !matches!(namespace, Value::Null)
    {
        metadata.insert("namespace", namespace.into_text());
    }
    let mut resource = Resource::from_tree(at, tree);
    resource.is_marked = has_empty_annotations;
    Ok(resource)
}

/// The annotations, which kustomize reads as texts whatever they are.
fn annotations(source: &Source<'_>, metadata: Option<&Node<'_>>) -> Result<Map, BuildError> {
    let mut map = Map::default();
    let pairs =
        metadata.and_then(|metadata| metadata.get("annotations")).map_or(&[][..], Node::pairs);
    for pair in pairs {
        let key = source.key(pair)?;
        if key.starts_with(INTERNAL) {
            let key = key.to_string();
            let at: At = source.at_key(pair);
            return Err(BuildError::new(at, Fault::InternalAnnotation { key }));
        }
        map.insert(&key, source.scalar_text(&pair.value)?);
    }
    Ok(map)
}
