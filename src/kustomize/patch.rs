//! Patches of a kustomization: strategic merge patches and JSON patches.

use super::error::{At, BuildError, Fault};
use super::fields::{Shape, Spot};
use super::json_patch::{self, Operation};
use super::loader::{Loader, Root};
use super::merge;
use super::resource::{Resource, effective};
use super::selector::Selector;
use super::value::{Map, Source, Value};
use crate::manifest::{self, Content, Documents};

/// An element of `patches` or of `patchesJson6902`, before its files are read.
pub(super) struct PatchSpec {
    at: At,
    patch: Option<Spot>,
    path: Option<Spot>,
    target: Option<Selector>,
    allows_name: bool,
    allows_kind: bool,
}

const PATCH: Shape = Shape { of: "a patch", fields: &["patch", "path", "target", "options"] };
const OPTIONS: Shape =
    Shape { of: "the options of a patch", fields: &["allowNameChange", "allowKindChange"] };

impl PatchSpec {
    pub(super) fn read(source: &Source<'_>, node: &manifest::Node<'_>) -> Result<Self, BuildError> {
        let mut spec = Self {
            at: source.at(node),
            patch: None,
            path: None,
            target: None,
            allows_name: false,
            allows_kind: false,
        };
        source.object(node, PATCH, &mut |name, node| {
            match name {
                "patch" => spec.patch = Some(source.spot(name, node)?),
                "path" => spec.path = Some(source.spot(name, node)?),
                "target" => spec.target = Some(Selector::read(source, node)?),
                _ => source.object(node, OPTIONS, &mut |name, node| {
                    let is_on = source.bool(name, node)?;
                    if name == "allowNameChange" {
                        spec.allows_name = is_on;
                    } else {
                        spec.allows_kind = is_on;
                    }
                    Ok(())
                })?,
            }
            Ok(())
        })?;
        spec.patch.take_if(|patch| patch.text.trim().is_empty());
        spec.path.take_if(|path| path.text.is_empty());
        Ok(spec)
    }

    /// The patch, if its target has a name, as `patchesJson6902` demands.
    pub(super) fn named(self) -> Result<Self, BuildError> {
        match &self.target {
            Some(target) if target.has_name() => Ok(self),
            _ => Err(BuildError::new(self.at, Fault::TargetName)),
        }
    }

    /// Reads what the patch consists of.
    pub(super) fn load(self, loader: &Loader<'_>, root: &Root) -> Result<Patch, BuildError> {
        let Self { at, patch, path, target, allows_name, allows_kind } = self;
        let is_copied = target.is_some();
        let body = match (patch, path) {
            (Some(spot), None) => inline(&spot, is_copied)?,
            (None, Some(spot)) => {
                let (id, bytes) = loader.read_named(root, &spot.text, spot.at)?;
                let source = Source { id, bytes: bytes.as_bytes(), is_manifest: true };
                Body::read(&source, At::of_file(id), is_copied)?
            }
            (Some(_), Some(_)) => return Err(BuildError::new(at, Fault::PatchAndPath)),
            (None, None) => return Err(BuildError::new(at, Fault::PatchMissing)),
        };
        match (&body, &target) {
            (Body::Json(_), None) => return Err(BuildError::new(at, Fault::PatchTarget)),
            (Body::Merge(all), Some(_)) if all.len() > 1 => {
                return Err(BuildError::new(at, Fault::PatchesTarget(all.len())));
            }
            _ => {}
        }
        Ok(Patch { at, body, target, allows_name, allows_kind, is_copied, is_old: false })
    }
}

/// A text of `patchesStrategicMerge`: patches, or the path of a file with them.
pub(super) fn strategic(
    spot: &Spot,
    loader: &Loader<'_>,
    root: &Root,
) -> Result<Patch, BuildError> {
    let body = if let Ok(body @ Body::Merge(_)) = inline(spot, true) {
        body
    } else {
        let (id, bytes) = loader.read_named(root, &spot.text, spot.at)?;
        let source = Source { id, bytes: bytes.as_bytes(), is_manifest: true };
        Body::read(&source, At::of_file(id), true)?
    };
    if matches!(body, Body::Json(_)) {
        return Err(BuildError::new(spot.at, Fault::PatchForm));
    }
    let at = spot.at;
    let (allows_name, allows_kind, is_copied, is_old) = (false, false, true, false);
    Ok(Patch { at, body, target: None, allows_name, allows_kind, is_copied, is_old })
}

/// Reads a patch that is a text of the kustomization. Its own lines are not those of the file, so that
/// all faults are where it begins.
fn inline(spot: &Spot, is_copied: bool) -> Result<Body, BuildError> {
    let source = Source { id: spot.at.file, bytes: spot.text.as_bytes(), is_manifest: true };
    let body = Body::read(&source, spot.at, is_copied);
    body.map_err(|error| BuildError { at: spot.at, ..error })
}

/// A patch that is ready to be applied.
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(super) struct Patch {
    at: At,
    body: Body,
    target: Option<Selector>,
    allows_name: bool,
    allows_kind: bool,
    /// Whether kustomize copies it for each Secret.
    is_copied: bool,
    /// Whether it is one of `patchesJson6902`, after which kustomize does not know the old name.
    is_old: bool,
}

enum Body {
    Merge(Vec<Map>),
    Json(Vec<Operation>),
}

impl Body {
    /// `at` is where an empty text is. `is_copied` says whether kustomize copies a strategic merge patch
    /// before it applies it, which makes texts of labels and annotations: a null deletes nothing.
    fn read(source: &Source<'_>, at: At, is_copied: bool) -> Result<Self, BuildError> {
        let mut patches = Vec::new();
        for document in Documents::new(source.bytes) {
            let document = document.map_err(|fault| BuildError::syntax(source.id, fault))?;
            let tree = manifest::read(&document, &mut Some)
                .map_err(|fault| BuildError::syntax(source.id, fault))?;
            match &tree.root.content {
                Content::Null => {}
                Content::List(list) if patches.is_empty() => {
                    let source = Source { is_manifest: false, ..*source };
                    return Ok(Self::Json(json_patch::read(&source, list)?));
                }
                Content::Map(pairs) => {
                    let mut patch = source.map(pairs)?;
                    if is_copied {
                        copy_metadata(source, &tree.root, &mut patch)?;
                    }
                    patches.push(patch);
                }
                _ => return Err(BuildError::new(source.at(&tree.root), Fault::PatchForm)),
            }
        }
        if patches.is_empty() {
            return Err(BuildError::new(at, Fault::PatchEmpty));
        }
        Ok(Self::Merge(patches))
    }
}

/// Makes texts of the labels and the annotations of a patch.
fn copy_metadata(
    source: &Source<'_>,
    root: &manifest::Node<'_>,
    patch: &mut Map,
) -> Result<(), BuildError> {
    let Some(node) = root.get("metadata") else { return Ok(()) };
    let Some(Value::Map(metadata)) = patch.get_mut("metadata") else { return Ok(()) };
    for field in ["labels", "annotations"] {
        metadata.remove(field);
        let mut map = Map::default();
        for pair in node.get(field).map_or(&[][..], manifest::Node::pairs) {
            map.insert(&source.key(pair)?, source.scalar_text(&pair.value)?);
        }
        if !map.is_empty() {
            metadata.insert(field, Value::Map(map));
        }
    }
    Ok(())
}

/// Finds Secrets by a name and a namespace that they have or had.
pub(super) type Find<'f> = &'f dyn Fn(&[Resource], &str, &str) -> Vec<usize>;

impl Patch {
    /// Applies the patch. `skips_others` says whether patches of other kinds are left out.
    pub(super) fn apply(
        &self,
        all: &mut [Resource],
        find: Find<'_>,
        skips_others: bool,
    ) -> Result<(), BuildError> {
        let fail = |fault| BuildError::new(self.at, fault);
        match (&self.body, &self.target) {
            (Body::Json(operations), Some(target)) => {
                for resource in all.iter_mut().filter(|r| !r.is_deleted && target.selects(r)) {
                    self.change(resource, operations).map_err(fail)?;
                }
            }
            (Body::Json(_), None) => return Err(fail(Fault::PatchTarget)),
            (Body::Merge(patches), Some(target)) => {
                for patch in patches {
                    for resource in all.iter_mut().filter(|r| !r.is_deleted && target.selects(r)) {
                        self.merge(resource, patch).map_err(fail)?;
                    }
                }
            }
            (Body::Merge(patches), None) => {
                for patch in patches {
                    let id = Id::of(patch).map_err(fail)?;
                    if !id.is_secret && skips_others {
                        continue;
                    }
                    let found = if id.is_secret {
                        find(all, &id.name, effective(&id.namespace))
                    } else {
                        Vec::new()
                    };
                    match found[..] {
                        [at] => self.merge(&mut all[at], patch).map_err(fail)?,
                        [] => return Err(fail(id.nothing())),
                        _ => {
                            let (name, count) = (id.name, found.len());
                            return Err(fail(Fault::SeveralToPatch { name, count }));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn change(&self, resource: &mut Resource, operations: &[Operation]) -> Result<(), Fault> {
        if !self.is_old {
            resource.remember();
        }
        // kustomize keeps annotations of its own meanwhile.
        let has_annotations = resource.is_marked || resource.has_record() || resource.has_past();
        resource.change(|mut tree| {
            if has_annotations {
                tree.map_at("metadata").map_at("annotations");
            }
            let tree = json_patch::apply(tree, operations)?;
            let is_secret = tree.get("kind").and_then(Value::as_text) == Some("Secret")
                && tree.get("apiVersion").and_then(Value::as_text) == Some("v1");
            if !is_secret {
                return Err(Fault::Unsupported("a patch that changes kind or apiVersion"));
            }
            match tree.get("metadata").and_then(Value::as_map).and_then(|m| m.get("name")) {
                Some(Value::Text(name)) if !name.is_empty() => {}
                _ => return Err(Fault::ManifestName),
            }
            Ok(Some(tree))
        })?;
        resource.settle_annotations();
        Ok(())
    }

    fn merge(&self, resource: &mut Resource, patch: &Map) -> Result<(), Fault> {
        if self.allows_name || self.allows_kind {
            resource.remember();
        }
        let name = resource.name.clone();
        let namespace = resource.namespace().to_owned();
        resource.change(|tree| {
            let Some(mut tree) = merge::apply(tree, patch)? else { return Ok(None) };
            let changes_kind = tree.get("kind").and_then(Value::as_text) != Some("Secret");
            if self.allows_kind && changes_kind {
                return Err(Fault::Unsupported("a patch that changes kind or apiVersion"));
            }
            let metadata = tree.map_at("metadata");
            let is_named =
                metadata.get("name").and_then(Value::as_text).is_some_and(|n| !n.is_empty());
            if !self.allows_name || !is_named {
                metadata.insert("name", Value::text(name));
            }
            Ok(Some(tree))
        })?;
        if !resource.is_deleted {
            resource.set_namespace(&namespace);
        }
        Ok(())
    }

    /// Whether it names what it is for.
    /// The same patch as one of `patchesJson6902`.
    pub(super) fn old(self) -> Self {
        Self { is_old: true, ..self }
    }

    /// Whether it may change names.
    pub(super) fn may_rename(&self) -> bool {
        self.allows_name || matches!(self.body, Body::Json(_))
    }

    /// Whether kustomize makes its list again, which must not have a name twice.
    pub(super) fn makes_list(&self) -> bool {
        self.is_copied && matches!(self.body, Body::Merge(_))
    }

    pub(super) fn needs_index(&self) -> bool {
        self.target.is_none()
    }
}

/// What a strategic merge patch says that it is for.
struct Id {
    is_secret: bool,
    name: String,
    namespace: String,
}

impl Id {
    fn of(patch: &Map) -> Result<Self, Fault> {
        let metadata = patch.get("metadata").and_then(Value::as_map);
        let text =
            |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_owned();
        let field = |name| text(metadata.and_then(|metadata| metadata.get(name)));
        let (name, kind) = (field("name"), text(patch.get("kind")));
        if kind.is_empty() {
            return Err(Fault::ManifestKind);
        }
        if name.is_empty() {
            return Err(Fault::ManifestName);
        }
        let is_secret = kind == "Secret" && text(patch.get("apiVersion")) == "v1";
        Ok(Self { is_secret, name, namespace: field("namespace") })
    }

    fn nothing(self) -> Fault {
        let namespace = Some(self.namespace).filter(|namespace| !namespace.is_empty());
        Fault::NothingToPatch { name: self.name, namespace }
    }
}
