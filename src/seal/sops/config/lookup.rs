//! Where the configuration is, and how a file is named in it.

use std::ffi::OsStr;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use crate::sources::{Inputs, WorkingDirectory};

const NAME: &str = ".sops.yaml";
const IGNORED_NAME: &str = ".sops.yml";

/// How many directories sops searches.
const LEVELS_MAX: usize = 100;

/// The configuration, and a file that sops passes over because of its name. The variable
/// `SOPS_CONFIG` names the one; otherwise it is in the working directory or above it.
pub(super) fn config(
    inputs: &Inputs,
    here: &WorkingDirectory,
) -> (Option<PathBuf>, Option<PathBuf>) {
    let named = inputs.variable(OsStr::new("SOPS_CONFIG")).filter(|path| !path.is_empty());
    if let Some(named) = named {
        return (Some(named.into()), None);
    }
    let mut ignored = None;
    let mut way = PathBuf::new();
    for folder in here.real.ancestors().take(LEVELS_MAX) {
        // Unlike `exists`, this asks what a symbolic link leads to.
        let has = |name| inputs.is_folder(&folder.join(name)).is_ok();
        if has(NAME) {
            return (Some(way.join(NAME)), ignored);
        }
        if ignored.is_none() && has(IGNORED_NAME) {
            ignored = Some(way.join(IGNORED_NAME));
        }
        way.push("..");
    }
    (None, ignored)
}

/// A file as `path_regex` is searched in it: its absolute path, without the folder of the
/// configuration if it is below that.
pub(super) fn below_config(here: &WorkingDirectory, file: &Path, config: &Path) -> String {
    let folder = config.parent().unwrap_or(Path::new(""));
    let mut start = absolute(here, folder).to_string_lossy().into_owned();
    // With it the root is the start of no path, as in sops.
    start.push(MAIN_SEPARATOR);
    let file = absolute(here, file).to_string_lossy().into_owned();
    file.strip_prefix(&start).map(str::to_owned).unwrap_or(file)
}

/// As Go's `filepath.Abs`: by names only, whatever symbolic links are on the way.
fn absolute(here: &WorkingDirectory, path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in here.path.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    absolute
}
