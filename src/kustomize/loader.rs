//! The files and directories of a build, and which of them may be read.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::error::{At, BuildError, Fault, FileId};
use crate::secret::Value;
use crate::sources::{Inputs, Limit, ReadErrorKind};

/// The names of a kustomization file.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// No source may be larger, in bytes.
const FILE_MAX: Limit = Limit(1 << 30);

/// Which files a kustomization may read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Restrictor {
    /// Whether any file may be read (`LoadRestrictionsNone`).
    pub(crate) none: bool,
    /// Directories that may be read, too.
    pub(crate) allowed: Vec<PathBuf>,
}

/// A directory with a kustomization.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// Absolute and without symbolic links.
    pub(super) real: PathBuf,
    pub(super) shown: PathBuf,
}

/// What a path of `resources` leads to.
pub(super) enum Found {
    File,
    Directory(Root),
}

pub(super) struct Loader<'i> {
    inputs: &'i Inputs,
    none: bool,
    allowed: Vec<PathBuf>,
    /// The paths of the files that were read, as messages name them.
    files: RefCell<Vec<PathBuf>>,
    /// Keys of generated Secrets: most have the same few.
    keys: RefCell<HashSet<Rc<str>>>,
}

impl<'i> Loader<'i> {
    pub(super) fn new(inputs: &'i Inputs, none: bool) -> Self {
        Self {
            inputs,
            none,
            allowed: Vec::new(),
            files: RefCell::default(),
            keys: RefCell::default(),
        }
    }

    /// Allows files in these directories, too.
    pub(super) fn allow(&mut self, directories: &[PathBuf]) -> Result<(), BuildError> {
        for path in directories {
            let real = self.inputs.real_path(path).map_err(|error| {
                let at = At::of_file(self.file_id(path));
                BuildError::new(at, Fault::Unreadable(error.kind))
            })?;
            self.allowed.push(real);
        }
        Ok(())
    }

    /// The paths of the files, for messages.
    pub(super) fn into_files(self) -> Vec<PathBuf> {
        self.files.into_inner()
    }

    /// A key that shares the memory of others like it.
    pub(super) fn key(&self, key: &str) -> Rc<str> {
        const KEPT_MAX: usize = 1000;
        let mut keys = self.keys.borrow_mut();
        if let Some(known) = keys.get(key) {
            return Rc::clone(known);
        }
        let key: Rc<str> = key.into();
        if keys.len() < KEPT_MAX {
            keys.insert(Rc::clone(&key));
        }
        key
    }

    /// Remembers a path for messages.
    pub(super) fn file_id(&self, path: &Path) -> FileId {
        let mut files = self.files.borrow_mut();
        files.push(path.to_owned());
        FileId(u32::try_from(files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The name of a file.
    pub(super) fn file_name(&self, id: FileId) -> String {
        let files = self.files.borrow();
        let name = files.get(id.0 as usize).and_then(|path| path.file_name());
        name.unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The directory that the command line names.
    pub(super) fn start(&self, directory: &Path) -> Result<Root, BuildError> {
        let at = || At::of_file(self.file_id(directory));
        let real = self
            .inputs
            .real_path(directory)
            .map_err(|error| BuildError::new(at(), Fault::Unreadable(error.kind)))?;
        if !self.inputs.is_folder(&real).unwrap_or_default() {
            return Err(BuildError::new(at(), Fault::DirectoryExpected));
        }
        Ok(Root { real, shown: shown(directory) })
    }

    /// The kustomization file of a directory.
    pub(super) fn kustomization(&self, root: &Root) -> Result<(FileId, Value), BuildError> {
        let mut found = None;
        for name in NAMES {
            match self.inputs.read_within(&root.real.join(name), FILE_MAX) {
                Ok(bytes) => {
                    let id = self.file_id(&root.shown.join(name));
                    if found.is_some() {
                        return Err(BuildError::new(At::of_file(id), Fault::ManyFiles));
                    }
                    found = Some((id, bytes));
                }
                Err(error) => match error.kind {
                    ReadErrorKind::Io(io) if io.kind() == std::io::ErrorKind::NotFound => {}
                    ReadErrorKind::IsFolder => {}
                    kind => {
                        let at = At::of_file(self.file_id(&root.shown.join(name)));
                        return Err(BuildError::new(at, Fault::Unreadable(kind)));
                    }
                },
            }
        }
        found.ok_or_else(|| {
            let shown = root.shown.as_path();
            let path = if shown.as_os_str().is_empty() { Path::new(".") } else { shown };
            BuildError::new(At::of_file(self.file_id(path)), Fault::NoFile)
        })
    }

    /// What a path that a kustomization names at `at` leads to.
    pub(super) fn find(&self, root: &Root, path: &str, at: At) -> Result<Found, BuildError> {
        let fail = |fault| Err(BuildError::new(at, fault));
        let (wanted, seen) = (clean(&root.real.join(path)), clean(&root.shown.join(path)));
        let real = match self.inputs.real_path(&wanted) {
            Ok(real) => real,
            Err(_) if is_remote(path) => return fail(Fault::Remote),
            Err(error) => {
                let path = seen.to_string_lossy().into_owned();
                return fail(Fault::Resource { path, kind: error.kind });
            }
        };
        if !self.inputs.is_folder(&real).unwrap_or_default() {
            return Ok(Found::File);
        }
        if Path::new(path).is_absolute() {
            return fail(Fault::Absolute);
        }
        Ok(Found::Directory(Root { real, shown: seen }))
    }

    /// Reads a file that a kustomization names at `at`.
    pub(super) fn read(&self, root: &Root, path: &str, at: At) -> Result<Value, BuildError> {
        let wanted = clean(&root.real.join(path));
        let seen = || clean(&root.shown.join(path));
        let fail = |fault| Err(BuildError::new(at, fault));
        if path.starts_with("http://") || path.starts_with("https://") {
            return fail(Fault::Remote);
        }
        let real = match self.inputs.real_path(&wanted) {
            Ok(real) => real,
            Err(error) => return fail(Fault::Read { path: seen(), kind: error.kind }),
        };
        let is_inside = self.none
            || real.starts_with(&root.real)
            || self.allowed.iter().any(|allowed| real.starts_with(allowed));
        if !is_inside {
            return fail(Fault::Outside { path: seen(), root: root.shown.clone() });
        }
        let bytes = self.inputs.read_within(&real, FILE_MAX);
        bytes.or_else(|error| fail(Fault::Read { path: seen(), kind: error.kind }))
    }

    /// Reads a file as [`Self::read`] does, and remembers it for messages.
    pub(super) fn read_named(
        &self,
        root: &Root,
        path: &str,
        at: At,
    ) -> Result<(FileId, Value), BuildError> {
        let bytes = self.read(root, path, at)?;
        Ok((self.file_id(&clean(&root.shown.join(path))), bytes))
    }
}

/// Whether a path names what is on another host.
pub(super) fn is_remote(path: &str) -> bool {
    path.contains("://")
        || path.starts_with("git@")
        || path.starts_with("git::")
        || path.starts_with("github.com")
        || path.contains("?ref=")
}

/// A path without `.` and with `..` only at its begin.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(parts.pop()),
            (part, _) => parts.push(part),
        }
    }
    parts.iter().collect()
}

/// A directory as messages name it.
fn shown(directory: &Path) -> PathBuf {
    clean(directory)
}
