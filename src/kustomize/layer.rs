//! A kustomization and those that it includes.
//!
//! Each layer gathers the Secrets of its resources, adds what its generators make, hands the list to
//! its components, and then changes all of them, in kustomize's order (`api/internal/target`).

use super::error::{At, BuildError, Fault, FileId};
use super::index::Index;
use super::kustomization::{self, Kustomization};
use super::loader::{Found, Loader, Root};
use super::manifests;
use super::patch::{self, Patch};
use super::record::{self, Records};
use super::resource::{Behavior, Resource, SecretType, effective};
use super::rules::Loss;
use super::sort::SortOptions;
use super::value::{Map, Value};

/// The deepest layers. kustomize has no limit, and a stack of its own that grows.
const DEPTH_MAX: usize = 200;

/// The Secrets of a kustomization, before their names get a hash.
pub(super) struct Layers<'l, 'i> {
    pub(super) loader: &'l Loader<'i>,
    pub(super) skips_others: bool,
    /// What is recorded; the top says it.
    pub(super) records: Records,
    /// How many objects of other kinds were left out.
    pub(super) others: usize,
    /// What was lost in merges.
    pub(super) losses: Vec<(At, Box<str>, Loss)>,
    /// The order that the top asks for.
    pub(super) sort: Option<SortOptions>,
    /// The directories of the layers that are being read.
    stack: Vec<Root>,
}

impl<'l, 'i> Layers<'l, 'i> {
    pub(super) fn new(loader: &'l Loader<'i>, skips_others: bool) -> Self {
        Self {
            loader,
            skips_others,
            records: Records::default(),
            others: 0,
            losses: Vec::new(),
            sort: None,
            stack: Vec::new(),
        }
    }

    /// The Secrets of the kustomization that the command line names.
    pub(super) fn top(&mut self, root: &Root) -> Result<Vec<Resource>, BuildError> {
        let (file, kustomization) = kustomization::read(self.loader, root)?;
        self.records = Records::of(&kustomization.build_metadata);
        self.sort = kustomization.sort;
        self.layer(root, file, kustomization, "", Vec::new())
    }

    /// The directories from which a layer may not be included again are the ones above it.
    fn enter(&self, root: &Root, at: At) -> Result<(), BuildError> {
        if self.stack.iter().any(|known| known.real.starts_with(&root.real)) {
            return Err(BuildError::new(at, Fault::Cycle));
        }
        if self.stack.len() >= DEPTH_MAX {
            return Err(BuildError::new(at, Fault::Depth(DEPTH_MAX)));
        }
        Ok(())
    }

    /// Builds a layer on the Secrets that a component gets from what includes it.
    fn layer(
        &mut self,
        root: &Root,
        file: FileId,
        kustomization: Kustomization,
        origin: &str,
        all: Vec<Resource>,
    ) -> Result<Vec<Resource>, BuildError> {
        self.stack.push(root.clone());
        let built = self.build(root, file, kustomization, origin, all);
        self.stack.pop();
        built
    }

    fn build(
        &mut self,
        root: &Root,
        file: FileId,
        mut kustomization: Kustomization,
        origin: &str,
        mut all: Vec<Resource>,
    ) -> Result<Vec<Resource>, BuildError> {
        if let Some((field, at)) = kustomization.other_kinds
            && !self.skips_others
        {
            return Err(BuildError::new(at, Fault::OtherGenerator(field)));
        }
        self.others += kustomization.others;
        self.add_resources(root, &kustomization, origin, &mut all)?;
        let file_name = record::join(origin, &self.loader.file_name(file));
        self.add_generated(&mut kustomization, &file_name, &mut all)?;
        for component in &kustomization.components {
            all = self.component(root, component, origin, all)?;
        }
        self.transform(root, kustomization, &file_name, &mut all)?;
        Ok(all)
    }

    fn add_resources(
        &mut self,
        root: &Root,
        kustomization: &Kustomization,
        origin: &str,
        all: &mut Vec<Resource>,
    ) -> Result<(), BuildError> {
        if kustomization.resources.is_empty() {
            return Ok(());
        }
        for spot in &kustomization.resources {
            let origin = record::join(origin, &spot.text);
            match self.loader.find(root, &spot.text, spot.at)? {
                Found::Directory(base) => {
                    self.enter(&base, spot.at)?;
                    let (file, kustomization) = kustomization::read(self.loader, &base)?;
                    if kustomization.is_component {
                        return Err(BuildError::new(spot.at, Fault::IsComponent));
                    }
                    all.extend(self.layer(&base, file, kustomization, &origin, Vec::new())?);
                }
                Found::File => {
                    let (id, bytes) = self.loader.read_named(root, &spot.text, spot.at)?;
                    let read = manifests::read(id, bytes.as_bytes(), self.skips_others)?;
                    self.others += read.others;
                    for mut resource in read.secrets {
                        self.records.set_origin(&mut resource, || record::of_file(&origin));
                        all.push(resource);
                    }
                }
            }
        }
        check_repeated(all)
    }

    fn add_generated(
        &mut self,
        kustomization: &mut Kustomization,
        file_name: &str,
        all: &mut Vec<Resource>,
    ) -> Result<(), BuildError> {
        let generated = std::mem::take(&mut kustomization.generated).into_iter();
        let options = kustomization.options.as_ref();
        // In the memory of the list that is consumed.
        let mut made: Vec<_> = generated.map(|generated| generated.finish(options)).collect();
        for new in &mut made {
            self.records.set_origin(new, || record::of_generator(file_name));
        }
        if all.is_empty() && made.iter().all(|new| new.behavior == Behavior::Create) {
            check_repeated(&made)?;
            *all = made;
            return Ok(());
        }
        let mut index = Index::of(all, true);
        all.reserve_exact(made.len());
        for mut new in made {
            let found = index.find(all, &new.name, effective(new.namespace()));
            let named = || {
                let namespace = Some(new.namespace().to_owned()).filter(|n| !n.is_empty());
                (new.name.to_string(), namespace)
            };
            match (found[..].first(), new.behavior) {
                (None, Behavior::Create) => {
                    index.add(all.len(), &new);
                    all.push(new);
                }
                (None, Behavior::Merge | Behavior::Replace) => {
                    let (name, namespace) = named();
                    let fault = Fault::NothingToMerge { name, namespace };
                    return Err(BuildError::new(new.at, fault));
                }
                (Some(_), Behavior::Create) => {
                    let (name, namespace) = named();
                    return Err(BuildError::new(new.at, Fault::Exists { name, namespace }));
                }
                (Some(_), _) if found.len() > 1 => {
                    let (name, count) = (new.name.to_string(), found.len());
                    return Err(BuildError::new(new.at, Fault::SeveralToMerge { name, count }));
                }
                (Some(at), behavior) => {
                    let old = &mut all[*at];
                    let name = new.name.clone();
                    let lost = lost(&new, old, behavior);
                    self.losses.extend(lost.map(|loss| (new.at, name.clone(), loss)));
                    new.take_metadata(old);
                    if behavior == Behavior::Merge {
                        new.merge_data(old);
                    }
                    Records::merge(&mut new, old, behavior);
                    *old = new;
                }
            }
        }
        Ok(())
    }

    fn component(
        &mut self,
        root: &Root,
        spot: &super::fields::Spot,
        origin: &str,
        all: Vec<Resource>,
    ) -> Result<Vec<Resource>, BuildError> {
        let Found::Directory(base) = self.loader.find(root, &spot.text, spot.at)? else {
            return Err(BuildError::new(spot.at, Fault::ComponentFile));
        };
        self.enter(&base, spot.at)?;
        let (file, kustomization) = kustomization::read(self.loader, &base)?;
        if !kustomization.is_component {
            return Err(BuildError::new(spot.at, Fault::NoComponent));
        }
        let origin = record::join(origin, &spot.text);
        let all = self.layer(&base, file, kustomization, &origin, all)?;
        check_repeated(&all)?;
        Ok(all)
    }

    fn transform(
        &mut self,
        root: &Root,
        kustomization: Kustomization,
        file_name: &str,
        all: &mut Vec<Resource>,
    ) -> Result<(), BuildError> {
        let Kustomization { patches_strategic_merge, patches, patches_json, .. } = kustomization;
        let mut names = Names::default();
        if !patches_strategic_merge.is_empty() {
            let load = |spot| patch::strategic(spot, self.loader, root);
            let loaded = patches_strategic_merge.iter().map(load).collect::<Result<Vec<_>, _>>()?;
            self.apply(&loaded, all, &mut names)?;
            self.records.changed(all, "PatchStrategicMergeTransformer", file_name);
        }
        let load = |spec: patch::PatchSpec| spec.load(self.loader, root);
        let loaded = patches.into_iter().map(load).collect::<Result<Vec<_>, _>>()?;
        for patch in &loaded {
            self.apply(std::slice::from_ref(patch), all, &mut names)?;
            self.records.changed(all, "PatchTransformer", file_name);
        }
        if let Some(namespace) = &kustomization.namespace {
            for resource in all.iter_mut() {
                resource.remember();
                resource.set_namespace(&namespace.text);
            }
            if let Some(resource) = Index::repeated(all) {
                let name = resource.name.to_string();
                return Err(BuildError::new(namespace.at, Fault::NamespaceConflict { name }));
            }
            self.records.changed(all, "NamespaceTransformer", file_name);
        }
        let (prefix, suffix) = (&kustomization.name_prefix, &kustomization.name_suffix);
        if !prefix.is_empty() {
            for resource in all.iter_mut() {
                resource.remember();
                resource.name = format!("{prefix}{}", resource.name).into();
            }
            self.records.changed(all, "PrefixTransformer", file_name);
        }
        if !suffix.is_empty() {
            for resource in all.iter_mut() {
                resource.remember();
                resource.name = format!("{}{suffix}", resource.name).into();
            }
            self.records.changed(all, "SuffixTransformer", file_name);
        }
        let has_labels =
            !kustomization.labels.is_empty() || !kustomization.common_labels.is_empty();
        let labels = kustomization.labels.iter().map(|labels| &labels.pairs);
        for pairs in labels.chain(has_labels.then_some(&kustomization.common_labels)) {
            for resource in all.iter_mut().filter(|_| !pairs.is_empty()) {
                if !resource.takes_labels() {
                    let (field, expected, found) =
                        ("metadata.labels", "an object", "something else");
                    let fault = Fault::FieldType { field, expected, found };
                    return Err(BuildError::new(resource.at, fault));
                }
                for (key, value) in pairs {
                    resource.set_label(key, value);
                }
            }
            self.records.changed(all, "LabelTransformer", file_name);
        }
        if !kustomization.common_annotations.is_empty() {
            for resource in all.iter_mut() {
                for (key, value) in &kustomization.common_annotations {
                    resource.set_annotation(key, value);
                }
            }
            self.records.changed(all, "AnnotationsTransformer", file_name);
        }
        let load = |spec: patch::PatchSpec| Ok(spec.named()?.load(self.loader, root)?.old());
        let loaded = patches_json.into_iter().map(load).collect::<Result<Vec<_>, _>>()?;
        names = Names::default();
        for patch in &loaded {
            self.apply(std::slice::from_ref(patch), all, &mut names)?;
            self.records.changed(all, "PatchJson6902Transformer", file_name);
        }
        Ok(())
    }

    /// Applies patches, and drops what they delete.
    fn apply(
        &self,
        patches: &[Patch],
        all: &mut Vec<Resource>,
        names: &mut Names,
    ) -> Result<(), BuildError> {
        for patch in patches {
            if patch.needs_index() && names.index.is_none() {
                names.index = Some(Index::of(all, true));
            }
            let index = names.index.as_ref();
            patch.apply(
                all,
                &|all, name, namespace| {
                    index.map_or_else(Vec::new, |index| index.find(all, name, namespace))
                },
                self.skips_others,
            )?;
            if patch.may_rename() {
                names.may_repeat = true;
                names.index = None;
            }
            if all.iter().any(|resource| resource.is_deleted) {
                all.retain(|resource| !resource.is_deleted);
                names.index = None;
            }
            if patch.makes_list() && std::mem::take(&mut names.may_repeat) {
                check_repeated(all)?;
            }
        }
        Ok(())
    }
}

/// What is known of the names in a list while it is patched.
#[derive(Default)]
struct Names {
    /// Made for the first patch that needs it, and again after a patch that changes names.
    index: Option<Index>,
    /// Whether a patch may have given two Secrets one name.
    may_repeat: bool,
}

/// What a merge with a Secret loses.
fn lost(new: &Resource, old: &Resource, behavior: Behavior) -> impl Iterator<Item = Loss> + use<> {
    let is_opaque = |secret_type: &SecretType| !matches!(secret_type, SecretType::Other(_));
    let changes_type =
        behavior == Behavior::Merge && is_opaque(&new.secret_type) && !is_opaque(&old.secret_type);
    let string_data = old.fields().get("stringData").and_then(Value::as_map).map_or(0, Map::len);
    let drops = behavior == Behavior::Merge && string_data > 0;
    let losses =
        [changes_type.then_some(Loss::Type), drops.then_some(Loss::StringData(string_data))];
    losses.into_iter().flatten()
}

/// Refuses two Secrets of one name in one namespace.
pub(super) fn check_repeated(all: &[Resource]) -> Result<(), BuildError> {
    let Some(resource) = Index::repeated(all) else { return Ok(()) };
    let namespace = Some(resource.namespace().to_owned()).filter(|n| !n.is_empty());
    let name = resource.name.to_string();
    Err(BuildError::new(resource.at, Fault::Exists { name, namespace }))
}
