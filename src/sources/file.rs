//! `[key=]path` on the command line: a file, or a folder of files.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::inputs::LinkTarget;
use super::{Inputs, Origin, ReadError, ReadErrorKind, bytes_of, path_of, shown_path};
use crate::secret::Value;
use crate::shown;

/// What one `[key=]path` asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileSource {
    /// The key before the `=`.
    pub key: Option<Vec<u8>>,
    /// The path as it was given.
    pub path: Vec<u8>,
}

impl FileSource {
    /// The key of a file that was given without one: the last part of its path, as Go's
    /// `path.Base` finds it.
    fn base_name(&self) -> Vec<u8> {
        let trimmed = self.path.iter().rposition(|b| *b != b'/').map(|at| &self.path[..=at]);
        match trimmed {
            Some(path) => path.rsplit(|b| *b == b'/').next().unwrap_or_default().to_vec(),
            None if self.path.is_empty() => b".".to_vec(),
            None => b"/".to_vec(),
        }
    }
}

/// Splits `[key=]path` as kubectl does: at most one `=`, and something on both sides of it.
pub(crate) fn parse_file_source(source: &[u8]) -> Result<FileSource, FileSourceError> {
    let mut parts = source.split(|b| *b == b'=');
    let (first, second, more) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match (first, second, more) {
        (_, Some(_), Some(_)) => Err(FileSourceError::TwoEquals),
        (path, None, _) => Ok(FileSource { key: None, path: path.to_vec() }),
        (b"", Some(path), None) => Err(FileSourceError::NoKey { path: text(path) }),
        (key, Some(b""), None) => Err(FileSourceError::NoPath { key: text(key) }),
        (key, Some(path), None) => Ok(FileSource { key: Some(key.to_vec()), path: path.to_vec() }),
    }
}

/// Why a text is no `[key=]path`, in kubectl's words.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FileSourceError {
    #[error("key name for file path {} missing", shown_path(Path::new(path)))]
    NoKey {
        /// What stands behind the `=`.
        path: String,
    },
    #[error("file path for key name {} missing", shown::Name(key))]
    NoPath {
        /// What stands before the `=`.
        key: String,
    },
    #[error("key names or file paths cannot contain '='")]
    TwoEquals,
}

/// What a directory contains apart from the files that were read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    pub path: PathBuf,
    /// Symbolic links, directories, pipes and devices: kubectl skips them, and so do we.
    pub skipped: Vec<OsString>,
    /// Whether one of them is a symbolic link to a regular file.
    pub has_links_to_files: bool,
    /// The symbolic links among them whose target does not exist.
    pub dangling: Vec<OsString>,
}

impl Folder {
    /// The first of the skipped entries that exists, links followed.
    pub(crate) fn readable(&self) -> Option<&OsString> {
        self.skipped.iter().find(|name| !self.dangling.contains(name))
    }
}

/// What to do with the symbolic links in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// Links to regular files are read as files. Names that begin with `..` are passed over: a
    /// kubelet keeps the state of a mounted volume there.
    Followed,
    /// All are skipped, as kubectl does.
    Skipped,
}

/// A key that is not checked yet, its value, and where both came from.
pub(super) type FoundValue = (Vec<u8>, Value, Origin);

/// Reads the file, or of a directory its regular files in the order of their names.
pub(crate) fn read_file_source(
    source: &FileSource,
    origin: &Origin,
    links: Links,
    inputs: &Inputs,
) -> Result<(Vec<FoundValue>, Option<Folder>), ReadFileSourceError> {
    let path = path_of(&source.path);
    let is_folder = inputs.is_folder(&path).map_err(|error| {
        let key = source.key.as_ref().map(|key| String::from_utf8_lossy(key).into_owned());
        match &error.kind {
            ReadErrorKind::Io(e) if e.kind() == ErrorKind::NotFound && source.path == b"-" => {
                ReadFileSourceError::Dash { key, error }
            }
            _ => error.into(),
        }
    })?;
    if !is_folder {
        let key = source.key.clone().unwrap_or_else(|| source.base_name());
        let value = inputs.read(&path)?;
        return Ok((vec![(key, value, origin.file(path))], None));
    }
    if let Some(key) = &source.key {
        let key = String::from_utf8_lossy(key).into_owned();
        return Err(ReadFileSourceError::KeyForFolder { key, path });
    }
    let mut found = Vec::new();
    let mut folder =
        Folder { path, skipped: Vec::new(), has_links_to_files: false, dangling: Vec::new() };
    for (name, kind) in inputs.list(&folder.path).map_err(ReadFileSourceError::List)? {
        let file = folder.path.join(&name);
        let is_state = links == Links::Followed && bytes_of(&name).starts_with(b"..");
        let target = if kind.is_symlink() { Inputs::target(&file) } else { LinkTarget::Else };
        if kind.is_file() || links == Links::Followed && target == LinkTarget::File && !is_state {
            found.push((bytes_of(&name).into_owned(), inputs.read(&file)?, origin.file(file)));
            continue;
        }
        if is_state {
            continue;
        }
        folder.has_links_to_files |= target == LinkTarget::File;
        if target == LinkTarget::Missing {
            folder.dangling.push(name.clone());
        }
        folder.skipped.push(name);
    }
    Ok((found, Some(folder)))
}

/// Why a `[key=]path` could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadFileSourceError {
    /// The file `-`, which to other programs is standard input, and here is a file as in kubectl,
    /// does not exist.
    #[error("{error}")]
    Dash {
        /// The key that was given.
        key: Option<String>,
        error: ReadError,
    },
    #[error("cannot give a key name for a directory path")]
    KeyForFolder { key: String, path: PathBuf },
    #[error("cannot list the files in {}: {}", shown_path(&.0.path), .0.kind)]
    List(ReadError),
    /// The file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl ReadFileSourceError {
    /// What went wrong with the file, where it was that.
    pub(crate) fn read_error(&self) -> Option<(&ReadError, &ReadErrorKind)> {
        match self {
            Self::Dash { error: e, .. } | Self::List(e) | Self::Read(e) => Some((e, &e.kind)),
            Self::KeyForFolder { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources() {
        let ok = |key: Option<&str>, path: &str| {
            Ok(FileSource { key: key.map(|k| k.as_bytes().to_vec()), path: path.into() })
        };
        let rows = [
            ("f", ok(None, "f")),
            ("k=f", ok(Some("k"), "f")),
            ("", ok(None, "")),
            ("=f", Err(FileSourceError::NoKey { path: "f".into() })),
            ("k=", Err(FileSourceError::NoPath { key: "k".into() })),
            ("=", Err(FileSourceError::NoKey { path: String::new() })),
            ("a=b=c", Err(FileSourceError::TwoEquals)),
        ];
        for (text, want) in rows {
            assert_eq!(parse_file_source(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn base_names_as_go_finds_them() {
        let rows = [("f", "f"), ("a/f", "f"), ("a/f/", "f"), ("", "."), ("//", "/"), ("..", "..")];
        for (path, want) in rows {
            let source = FileSource { key: None, path: path.into() };
            assert_eq!(source.base_name(), want.as_bytes(), "{path}");
        }
    }
}
