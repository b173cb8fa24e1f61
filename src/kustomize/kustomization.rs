//! A kustomization file.

use std::rc::Rc;

use super::error::{At, BuildError, Fault, FileId};
use super::fields::{Pairs, Shape, Spot};
use super::generator::{self, Generated, Options};
use super::loader::{Loader, Root};
use super::patch::PatchSpec;
use super::sort::SortOptions;
use super::value::Source;
use crate::manifest::{self, Content, Document, Documents, Node};
use crate::secret::Value;

/// The list whose elements are taken as soon as they are read.
const GENERATORS: &str = "secretGenerator";

/// What kustomize makes of each field, and what this does.
const FIELDS: Shape = Shape {
    of: "a kustomization",
    fields: &[
        "apiVersion",
        "kind",
        "metadata",
        "openapi",
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "labels",
        "commonAnnotations",
        "patchesStrategicMerge",
        "patchesJson6902",
        "patches",
        "images",
        "imageTags",
        "replacements",
        "replicas",
        "vars",
        "sortOptions",
        "resources",
        "components",
        "crds",
        "bases",
        "configMapGenerator",
        GENERATORS,
        "helmGlobals",
        "helmCharts",
        "helmChartInflationGenerator",
        "generatorOptions",
        "configurations",
        "generators",
        "transformers",
        "validators",
        "buildMetadata",
    ],
};

/// Labels with where they are set.
pub(super) struct Labels {
    pub(super) pairs: Pairs,
}

/// The fields of a kustomization file.
#[derive(Default)]
pub(super) struct Kustomization {
    pub(super) is_component: bool,
    pub(super) name_prefix: Box<str>,
    pub(super) name_suffix: Box<str>,
    pub(super) namespace: Option<Spot>,
    pub(super) common_labels: Pairs,
    pub(super) labels: Vec<Labels>,
    pub(super) common_annotations: Pairs,
    pub(super) patches_strategic_merge: Vec<Spot>,
    pub(super) patches_json: Vec<PatchSpec>,
    pub(super) patches: Vec<PatchSpec>,
    pub(super) resources: Vec<Spot>,
    pub(super) components: Vec<Spot>,
    pub(super) generated: Vec<Generated>,
    pub(super) options: Option<Rc<Options>>,
    pub(super) sort: Option<SortOptions>,
    pub(super) build_metadata: Vec<Box<str>>,
    /// The first field that makes or changes other kinds only.
    pub(super) other_kinds: Option<(&'static str, At)>,
    /// How many objects of other kinds are generated.
    pub(super) others: usize,
}

/// Reads the kustomization of a directory, its generators included.
pub(super) fn read(
    loader: &Loader<'_>,
    root: &Root,
) -> Result<(FileId, Kustomization), BuildError> {
    let (id, bytes) = loader.kustomization(root)?;
    let kustomization = parse(id, &bytes, loader, root)?;
    Ok((id, kustomization))
}

fn parse(
    id: FileId,
    bytes: &Value,
    loader: &Loader<'_>,
    root: &Root,
) -> Result<Kustomization, BuildError> {
    let source = Source { id, bytes: bytes.as_bytes(), is_manifest: false };
    let Some(document) = first_document(id, bytes.as_bytes())? else {
        return Err(BuildError::new(At::of_file(id), Fault::Empty));
    };
    let mut kustomization = Kustomization::default();
    let mut generated = Vec::new();
    let mut failed = None;
    let tree = manifest::read_list(&document, GENERATORS, &mut |node| {
        if failed.is_none() {
            match generator::read(&source, &node, loader, root) {
                Ok(one) => generated.push(one),
                Err(error) => failed = Some(error),
            }
        }
        None
    })
    .map_err(|fault| BuildError::syntax(id, fault))?;
    let mut reader = Reader { source, loader, root, kustomization: &mut kustomization };
    reader.read(&tree.root)?;
    if let Some(error) = failed {
        return Err(error);
    }
    // A name in other case has its elements in the tree.
    generated.append(&mut kustomization.generated);
    kustomization.generated = generated;
    Ok(kustomization)
}

/// The document that kustomize reads: the first one, comments before its `---` aside.
fn first_document(id: FileId, bytes: &[u8]) -> Result<Option<Document<'_>>, BuildError> {
    for document in Documents::new(bytes) {
        let document = document.map_err(|fault| BuildError::syntax(id, fault))?;
        let is_comment = |line: &[u8]| {
            let line = line.trim_ascii();
            line.is_empty() || line.starts_with(b"#")
        };
        if !document.bytes.split(|byte| *byte == b'\n').all(is_comment) {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

struct Reader<'r, 'i> {
    source: Source<'r>,
    loader: &'r Loader<'i>,
    root: &'r Root,
    kustomization: &'r mut Kustomization,
}

impl Reader<'_, '_> {
    fn read(&mut self, root: &Node<'_>) -> Result<(), BuildError> {
        let source = self.source;
        if matches!(root.content, Content::Null) {
            return Err(BuildError::new(At::of_file(source.id), Fault::Empty));
        }
        let mut is_empty = true;
        let mut kind = None;
        let mut version = None;
        source.object(root, FIELDS, &mut |name, node| match name {
            "kind" => {
                kind = Some(source.spot(name, node)?);
                Ok(())
            }
            "apiVersion" => {
                version = Some(source.spot(name, node)?);
                Ok(())
            }
            name => {
                is_empty &= node.text() == Some("");
                self.field(name, node)
            }
        })?;
        if is_empty {
            return Err(BuildError::new(At::of_file(source.id), Fault::Empty));
        }
        let is_given = |spot: &&Spot| !spot.text.is_empty();
        self.check_kind(kind.as_ref().filter(is_given), version.as_ref().filter(is_given))
    }

    fn check_kind(
        &mut self,
        kind: Option<&Spot>,
        version: Option<&Spot>,
    ) -> Result<(), BuildError> {
        let (name, expected) = match kind.map(|kind| &*kind.text) {
            None | Some("Kustomization") => ("Kustomization", "kustomize.config.k8s.io/v1beta1"),
            Some("Component") => ("Component", "kustomize.config.k8s.io/v1alpha1"),
            Some(other) => {
                let at = kind.map_or(At::of_file(self.source.id), |kind| kind.at);
                return Err(BuildError::new(at, Fault::Kind { kind: other.to_owned() }));
            }
        };
        if let Some(version) = version.filter(|version| &*version.text != expected) {
            return Err(BuildError::new(version.at, Fault::ApiVersion { kind: name, expected }));
        }
        self.kustomization.is_component = name == "Component";
        Ok(())
    }

    fn field(&mut self, name: &'static str, node: &Node<'_>) -> Result<(), BuildError> {
        let source = self.source;
        let own = &mut *self.kustomization;
        match name {
            "namePrefix" => own.name_prefix = source.text(name, node)?,
            "nameSuffix" => own.name_suffix = source.text(name, node)?,
            "namespace" => {
                own.namespace = Some(source.spot(name, node)?).filter(|n| !n.text.is_empty());
            }
            "commonLabels" => own.common_labels = source.pairs(name, node)?,
            "commonAnnotations" => own.common_annotations = source.pairs(name, node)?,
            "labels" => {
                for each in source.list(name, node)? {
                    own.labels.push(labels(&source, each)?);
                }
            }
            "patchesStrategicMerge" => own.patches_strategic_merge = source.spots(name, node)?,
            "patches" | "patchesJson6902" => {
                let list = source.list(name, node)?.iter();
                let specs =
                    list.map(|each| PatchSpec::read(&source, each)).collect::<Result<_, _>>()?;
                if name == "patches" {
                    own.patches = specs;
                } else {
                    own.patches_json = specs;
                }
            }
            "resources" => own.resources.splice(0..0, source.spots(name, node)?).for_each(drop),
            "bases" => own.resources.extend(source.spots(name, node)?),
            "components" => own.components = source.spots(name, node)?,
            GENERATORS => {
                for each in source.list(name, node)? {
                    own.generated.push(generator::read(&source, each, self.loader, self.root)?);
                }
            }
            "generatorOptions" => own.options = Some(Rc::new(Options::read(&source, node)?)),
            "sortOptions" => own.sort = Some(SortOptions::read(&source, node)?),
            "buildMetadata" => own.build_metadata = build_metadata(&source, node)?,
            // They say nothing about what is built.
            "metadata" => {}
            "configMapGenerator" | "images" | "imageTags" | "replicas" => {
                let count = source.list(name, node)?.len();
                if count > 0 && own.other_kinds.is_none() {
                    own.other_kinds = Some((name, source.at(node)));
                }
                if name == "configMapGenerator" {
                    own.others = count;
                }
            }
            // The rest may change a Secret.
            name => {
                let is_empty = match &node.content {
                    Content::List(elements) => elements.is_empty(),
                    Content::Map(pairs) => pairs.is_empty(),
                    _ => false,
                };
                if !is_empty {
                    return Err(BuildError::new(source.at(node), Fault::Unsupported(name)));
                }
            }
        }
        Ok(())
    }
}

const LABELS: Shape =
    Shape { of: "labels", fields: &["pairs", "includeSelectors", "includeTemplates", "fields"] };

fn labels(source: &Source<'_>, node: &Node<'_>) -> Result<Labels, BuildError> {
    let mut labels = Labels { pairs: Vec::new() };
    source.object(node, LABELS, &mut |name, node| {
        match name {
            "pairs" => labels.pairs = source.pairs(name, node)?,
            "fields" => {
                if !source.list(name, node)?.is_empty() {
                    return Err(BuildError::new(
                        source.at(node),
                        Fault::Unsupported("labels.fields"),
                    ));
                }
            }
            name => drop(source.bool(name, node)?),
        }
        Ok(())
    })?;
    Ok(labels)
}

pub(super) const BUILD_METADATA: [&str; 3] =
    ["originAnnotations", "transformerAnnotations", "managedByLabel"];

fn build_metadata(source: &Source<'_>, node: &Node<'_>) -> Result<Vec<Box<str>>, BuildError> {
    let mut all = Vec::new();
    for Spot { text, at } in source.spots("buildMetadata", node)? {
        if !BUILD_METADATA.contains(&&*text) {
            return Err(BuildError::new(at, Fault::BuildMetadata(text.into())));
        }
        all.push(text);
    }
    Ok(all)
}
