//! Which files are patches of a kustomization.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use crate::manifest::{self, Documents, Node};
use crate::sources::read_whole;

/// The names under which kustomize looks for a kustomization.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The patches of the kustomizations of each directory, read when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct Patches(Mutex<BTreeMap<PathBuf, BTreeSet<PathBuf>>>);

impl Patches {
    /// Whether a kustomization in the directory of a file, or in one above it, names it as a patch.
    pub(crate) fn contain(&self, file: &Path) -> bool {
        let file = normalized(file);
        let folders = file.ancestors().skip(1);
        folders.into_iter().any(|folder| self.are_of(folder, &file))
    }

    fn are_of(&self, folder: &Path, file: &Path) -> bool {
        // A thread that panicked has left whole entries.
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.entry(folder.to_owned()).or_insert_with(|| patches_in(folder)).contains(file)
    }
}

/// The files that a directory's kustomization uses as patches.
fn patches_in(folder: &Path) -> BTreeSet<PathBuf> {
    let file = NAMES.into_iter().find_map(|name| read_whole(&folder.join(name)).ok());
    let Some(file) = file else { return BTreeSet::new() };
    let mut found = BTreeSet::new();
    for document in Documents::new(&file).flatten() {
        let Ok(tree) = manifest::read(&document, &mut Some) else { continue };
        let elements = |field: &str| tree.root.get(field).map_or(&[][..], Node::elements);
        let paths = elements("patches").iter().filter_map(|patch| patch.get("path")?.text());
        let strategic = elements("patchesStrategicMerge").iter().filter_map(Node::text);
        found.extend(paths.chain(strategic).map(|path| normalized(&folder.join(path))));
    }
    found
}

/// The path without `.` and `..`, as far as it can be told without looking at the disk.
fn normalized(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if parts.file_name().is_some() => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts
}
