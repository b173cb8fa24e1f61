//! What is wrong with a kustomization, and where.

use std::fmt;
use std::path::PathBuf;

use crate::golang::regexps::RegexpFault;
use crate::hints;
use crate::manifest::{self, Span};
use crate::shown::{self, Hidden, counted};
use crate::similar::nearest;
use crate::sources::{NoLiteral, ReadErrorKind, is_shown_path, shown_path};

/// A file that is part of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId(pub(super) u32);

/// A place in a file. The line is 0 where a whole file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(super) file: FileId,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl At {
    pub(super) fn new(file: FileId, span: Span) -> Self {
        Self { file, line: span.line, column: span.column }
    }

    pub(super) const fn of_file(file: FileId) -> Self {
        Self { file, line: 0, column: 0 }
    }
}

/// A place in a file as messages write it: `PATH:LINE:COLUMN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    pub(super) fn of(at: At, files: &[PathBuf]) -> Self {
        let path = files.get(at.file.0 as usize).cloned().unwrap_or_default();
        Self { path, line: at.line, column: at.column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A directory of the command line may have any name.
        match self.path.to_str() {
            Some(text) if !is_shown_path(&self.path) => shown::Key(text).fmt(f)?,
            _ => shown_path(&self.path).fmt(f)?,
        }
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// A fault while the paths of the files are not at hand.
#[derive(Debug)]
pub(super) struct BuildError {
    pub(super) at: At,
    pub(super) fault: Box<Fault>,
}

impl BuildError {
    pub(super) fn new(at: At, fault: Fault) -> Self {
        Self { at, fault: Box::new(fault) }
    }

    /// A document that cannot be read.
    pub(super) fn syntax(file: FileId, fault: manifest::Fault) -> Self {
        let at = At { file, line: fault.line, column: fault.column };
        Self::new(at, Fault::Syntax(fault.reason))
    }
}

/// Why a kustomization cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub(crate) struct KustomizeError {
    pub(crate) place: Place,
    pub(super) fault: Box<Fault>,
}

/// What is wrong. Names of Secrets, keys and fields are shown, values are not.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("it refers back to a kustomization that includes it")]
    Cycle,
    #[error("YAML reads this as a date")]
    Date,
    #[error("layers are nested more than {0} deep")]
    Depth(usize),
    #[error("a directory was expected")]
    DirectoryExpected,
    #[error("it contains no field")]
    Empty,
    #[error("the env file has a line that is not UTF-8 (line {line})")]
    EnvNotText { line: usize },
    #[error("{field} must be {expected}, not {found}")]
    FieldType { field: &'static str, expected: &'static str, found: &'static str },
    #[error("the file name and the key are separated by one '=' {}", Hidden(*len))]
    FileSource { len: usize },
    #[error("Secret {} already exists{}", shown::Key(name), in_namespace(namespace.as_deref()))]
    Exists { name: String, namespace: Option<String> },
    #[error("no Secret {}{} to merge with or replace", shown::Key(name), in_namespace(namespace.as_deref()))]
    NothingToMerge { name: String, namespace: Option<String> },
    #[error("{count} Secrets could be merged with {}", shown::Key(name))]
    SeveralToMerge { name: String, count: usize },
    #[error("YAML has no finite number here")]
    Infinite,
    #[error("the annotation {} is kustomize's own", shown::Key(key))]
    InternalAnnotation { key: String },
    #[error("{kind} is not a kind of kustomization", kind = shown::Quoted(kind))]
    Kind { kind: String },
    #[error("apiVersion of a {kind} must be {expected}")]
    ApiVersion { kind: &'static str, expected: &'static str },
    #[error("YAML reads this key as a boolean, a number, a date or null")]
    KeyType,
    #[error("literals: expected KEY=VALUE, but {0}")]
    Literal(NoLiteral),
    #[error("there are several kustomization files")]
    ManyFiles,
    #[error("a Secret generator needs a name")]
    NameMissing,
    #[error("metadata.name is missing")]
    ManifestName,
    #[error("the manifest has no kind")]
    ManifestKind,
    #[error("it must be a string, not {found}")]
    NotText { found: &'static str },
    #[error("there is no kustomization.yaml, kustomization.yml or Kustomization")]
    NoFile,
    #[error("it is a Component: list it under components")]
    IsComponent,
    #[error("it is not a Component: list it under resources")]
    NoComponent,
    #[error("it is not a directory, and a component is one")]
    ComponentFile,
    #[error("{} is not a Secret: {}", shown::Key(kind), shown::Key(name))]
    OtherKind { kind: String, name: String },
    #[error("{} generates other kinds", .0)]
    OtherGenerator(&'static str),
    #[error("{} is outside of {}", shown_path(path), shown_path(root))]
    Outside { path: PathBuf, root: PathBuf },
    #[error("it cannot be read: {0}")]
    Unreadable(ReadErrorKind),
    #[error("cannot read {}: {kind}", shown_path(path))]
    Read { path: PathBuf, kind: ReadErrorKind },
    #[error("cannot read {}: {kind}", shown::Key(path))]
    Resource { path: String, kind: ReadErrorKind },
    #[error("an absolute path is not allowed here")]
    Absolute,
    #[error("remote resources are not implemented")]
    Remote,
    #[error("the key {} is set twice", shown::Key(key))]
    Repeated { key: String },
    #[error("the Secret gets the key {} twice", shown::Name(key))]
    RepeatedKey { key: String },
    #[error("the field {} is set twice", shown::Key(field))]
    RepeatedField { field: String },
    #[error("{0}")]
    Syntax(manifest::Reason),
    #[error("{} is not a field of {of}", shown::Quoted(field))]
    UnknownField { field: String, of: &'static str, known: &'static [&'static str] },
    #[error("{0} is not implemented")]
    Unsupported(&'static str),
    #[error("two namespaces give Secret {} the same name", shown::Key(name))]
    NamespaceConflict { name: String },
    #[error("the patch is empty")]
    PatchEmpty,
    #[error("give either patch or path")]
    PatchAndPath,
    #[error("patch or path is required")]
    PatchMissing,
    #[error("the patch is neither a Secret nor a list of JSON operations")]
    PatchForm,
    #[error("a JSON patch needs a target")]
    PatchTarget,
    #[error("the target of patchesJson6902 needs a name")]
    TargetName,
    #[error("a target cannot be used with {}", counted(*.0, "strategic merge patch"))]
    PatchesTarget(usize),
    #[error("no Secret {}{} to patch", shown::Key(name), in_namespace(namespace.as_deref()))]
    NothingToPatch { name: String, namespace: Option<String> },
    #[error("{count} Secrets have the name {}", shown::Key(name))]
    SeveralToPatch { name: String, count: usize },
    #[error("operation {number} of the patch: {fault}")]
    Operation { number: usize, fault: OperationFault },
    #[error("{0} is not a value of sortOptions.order")]
    Order(Hidden),
    #[error("sortOptions.legacySortOptions needs order: legacy")]
    LegacyOptions,
    #[error("{} is not a value of buildMetadata", shown::Quoted(.0))]
    BuildMetadata(String),
    #[error("the selector {} is not valid", Hidden(*.0))]
    Selector(usize),
    #[error("the pattern is not valid: {0}")]
    Pattern(RegexpFault),
}

/// Why an operation of a JSON patch cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum OperationFault {
    #[error("op must be add, remove, replace, move, copy or test")]
    Name,
    #[error("its form is not that of RFC 6902")]
    Form,
    #[error("its path does not exist in the Secret")]
    Path,
    #[error("the value is not the one that test expects")]
    Test,
}

fn in_namespace(namespace: Option<&str>) -> String {
    namespace.map_or_else(String::new, |name| format!(" in namespace {}", shown::Key(name)))
}

impl hints::Fault for KustomizeError {
    fn hints(&self) -> Vec<String> {
        let hint = match &*self.fault {
            Fault::Date => "put it in quotes".to_owned(),
            Fault::KeyType => "put the key in quotes".to_owned(),
            Fault::Exists { .. } => "set behavior: merge or behavior: replace".to_owned(),
            Fault::NothingToMerge { .. } => {
                "list the base under resources, or leave out behavior".to_owned()
            }
            Fault::OtherKind { .. } | Fault::OtherGenerator(_) => {
                "--secrets-only leaves out other kinds".to_owned()
            }
            Fault::Outside { path, .. } => match path.parent() {
                Some(parent) => format!(
                    "allow the directory: --allow-dir={}",
                    hints::shell_text(&parent.to_string_lossy())
                ),
                None => return Vec::new(),
            },
            Fault::UnknownField { field, known, .. } => {
                match nearest(field, known.iter().copied()) {
                    Some(near) => format!("did you mean {near}?"),
                    None => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        vec![hint]
    }
}
