//! The Secrets of a kustomization, built as `kubectl kustomize` (kubectl 1.37.1, kustomize v5.8.1)
//! builds them.
//!
//! [`build`] reads a directory and all that it includes, and returns [`Built`] Secrets, whose
//! manifests have kustomize's bytes. What could change a Secret and is not implemented is an
//! error. Thousands of generators are read in one pass, and no list is searched from its begin.

mod error;
mod fields;
mod generator;
mod hash;
mod index;
mod json_patch;
mod judge;
mod kustomization;
mod layer;
mod loader;
mod manifests;
mod merge;
mod patch;
mod record;
mod resource;
mod rules;
mod selector;
mod sort;
mod value;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::secret::manifest::Node;
use crate::sources::Inputs;

pub(crate) use error::{KustomizeError, Place};
pub(crate) use judge::Unsendable;
pub(crate) use loader::Restrictor;
pub(crate) use rules::RULES;

use error::{At, BuildError};
use layer::{Layers, check_repeated};
use loader::Loader;
use resource::Resource;
use rules::Loss;

/// What is built, and how.
pub(crate) struct Request<'r> {
    pub(crate) directory: &'r Path,
    pub(crate) restrictor: &'r Restrictor,
    /// Whether objects of other kinds are left out.
    pub(crate) secrets_only: bool,
}

pub(crate) struct Build {
    pub(crate) secrets: Vec<Built>,
    /// How many objects of other kinds were left out.
    pub(crate) others: usize,
    losses: Vec<(At, Box<str>, Loss)>,
    files: Vec<PathBuf>,
}

impl Build {
    /// What was lost in merges, with the place and the name of the generator.
    pub(crate) fn take_losses(&mut self) -> Vec<(Place, Box<str>, Loss)> {
        let losses = std::mem::take(&mut self.losses).into_iter();
        losses.map(|(at, name, loss)| (Place::of(at, &self.files), name, loss)).collect()
    }

    /// Where a Secret is defined.
    pub(crate) fn place(&self, secret: &Built) -> Place {
        Place::of(secret.0.at, &self.files)
    }
}

/// A Secret that is built.
pub(crate) struct Built(Resource);

impl Built {
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// Its namespace; empty if it has none.
    pub(crate) fn namespace(&self) -> &str {
        self.0.namespace()
    }

    /// The name that its generator has; `None` if it is not generated.
    pub(crate) fn generator(&self) -> Option<&str> {
        self.0.is_generated.then(|| self.0.generator_name())
    }

    /// Whether its name ends in a hash of its contents.
    pub(crate) fn has_hash(&self) -> bool {
        self.0.has_hash
    }

    /// The manifest for a printer.
    pub(crate) fn manifest(&self) -> Node<'_> {
        self.0.printed()
    }

    /// About so many bytes its manifest takes.
    pub(crate) fn room(&self) -> usize {
        self.0.room()
    }
}

/// Builds a kustomization with all that it includes.
pub(crate) fn build(request: &Request<'_>, inputs: &Inputs) -> Result<Build, KustomizeError> {
    let mut loader = Loader::new(inputs, request.restrictor.none);
    match run(request, &mut loader) {
        Ok(build) => Ok(Build { files: loader.into_files(), ..build }),
        Err(BuildError { at, fault }) => {
            Err(KustomizeError { place: Place::of(at, &loader.into_files()), fault })
        }
    }
}

/// Drops Secrets that are for other tools. kustomize drops them by their names: one that has the name
/// of a Secret that stays, stays with it.
fn drop_local(all: &mut Vec<Resource>) {
    if !all.iter().any(record::is_local) {
        return;
    }
    let id = |resource: &Resource| {
        (resource.name.clone(), resource::effective(resource.namespace()).to_owned())
    };
    let kept: HashSet<_> = all.iter().filter(|each| !record::is_local(each)).map(id).collect();
    all.retain(|resource| kept.contains(&id(resource)));
}

/// Builds all but the paths of the files.
fn run(request: &Request<'_>, loader: &mut Loader<'_>) -> Result<Build, BuildError> {
    loader.allow(&request.restrictor.allowed)?;
    let root = loader.start(request.directory)?;
    let mut layers = Layers::new(loader, request.secrets_only);
    let mut all = layers.top(&root)?;
    let mut buffer = Zeroizing::new(Vec::new());
    for resource in all.iter_mut().filter(|resource| resource.has_hash) {
        let suffix = hash::suffix(resource, &mut buffer);
        resource.add_hash(&suffix);
    }
    drop_local(&mut all);
    if layers.sort.is_none_or(|options| options.is_legacy) {
        sort::sort(&mut all);
        check_repeated(&all)?;
    }
    for resource in &mut all {
        layers.records.write(resource);
    }
    let Layers { others, losses, .. } = layers;
    let secrets = all.into_iter().map(Built).collect();
    Ok(Build { secrets, others, losses, files: Vec::new() })
}
