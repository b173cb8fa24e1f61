//! Why a generic Secret could not be built, and what to do about it.

use std::path::{Path, PathBuf};

use crate::golang;
use crate::hints::{Fault, shell_name, shell_text};
use crate::secret::KeyError;
use crate::shown;
use crate::sources::{
    EnvFileError, EnvLineError, FileSourceError, NoLiteral, Origin, ReadError, ReadFileSourceError,
    is_shown_path, shell_word,
};

/// Why a generic Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GenericError {
    /// Env files do not mix with other sources: kubectl says so of its own, and what is ours is
    /// held to the same.
    #[error("from-env-file cannot be combined with {}", other.unwrap_or("from-file or from-literal"))]
    EnvFileCombined {
        /// The flag, where it is none of kubectl's.
        other: Option<&'static str>,
    },
    /// An env file could not be read.
    #[error(transparent)]
    EnvFile(EnvFileError),
    /// A name in an env file is a variable's name and yet no key.
    #[error("the first {len} characters are not a valid key name: {error} ({origin})")]
    EnvKey {
        /// The length of the name.
        len: usize,
        error: KeyError,
        /// The file and the line.
        origin: Origin,
    },
    #[error("{}", file_source_words(error, origin))]
    FileSource {
        error: FileSourceError,
        origin: Origin,
        /// The file that the whole text names.
        whole: Option<PathBuf>,
    },
    /// A list flag's value is no line of comma-separated values.
    #[error("invalid argument {} for \"--{}\" flag: {error}", shown::Hidden(*len), origin.flag)]
    List {
        /// The value's length in bytes.
        len: usize,
        /// What is wrong, with line and column.
        error: golang::csv::CsvError,
        origin: Origin,
    },
    #[error("{origin}: expected KEY=VALUE, but {error}")]
    Literal { error: NoLiteral, origin: Origin },
    #[error("{error} ({origin})")]
    ReadEnvFile { error: ReadError, origin: Box<Origin> },
    #[error("{error} ({origin})")]
    ReadFileSource { error: ReadFileSourceError, origin: Box<Origin> },
    /// The path of an env file was split at a comma that is part of it.
    #[error("{error}")]
    SplitEnvPath {
        /// What went wrong with a part of it.
        error: ReadError,
        whole: PathBuf,
    },
    /// A path was split at a comma or a `=` that is part of it.
    #[error("{error}")]
    SplitPath {
        /// What went wrong with a part of it.
        error: ReadFileSourceError,
        whole: PathBuf,
    },
}

/// What helps too, where dotenv reads the line as it is meant.
const OR_DOTENV: &str = ", or --env-format=dotenv";

/// kubectl's words, unless they would name what may not be shown.
fn file_source_words(error: &FileSourceError, origin: &Origin) -> String {
    match error {
        FileSourceError::NoKey { path } if !is_shown_path(Path::new(path)) => {
            format!("{origin}: the key before '=' is empty")
        }
        error => error.to_string(),
    }
}

impl Fault for GenericError {
    fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::EnvFileCombined { other: None } => {
                one("create two Secrets, or move the literals to the env file")
            }
            Self::EnvFileCombined { other: Some(_) } => one("create two Secrets"),
            Self::EnvFile(EnvFileError::Folder { path }) => {
                vec![format!(
                    "pass a file in it, or use the whole directory: --from-file={}",
                    source("", path)
                )]
            }
            Self::EnvFile(EnvFileError::Utf16 { origin }) => {
                let file = origin.path.as_deref().map_or_else(|| "FILE".to_owned(), shell_word);
                vec![format!("convert it: iconv -f UTF-16 -t UTF-8 {file} > utf8.env")]
            }
            Self::EnvFile(EnvFileError::Line { opened: Some(line), dotenv, .. }) => {
                let or_dotenv = if *dotenv { OR_DOTENV } else { "" };
                vec![format!(
                    "the value of line {line} may continue here, but env file values cannot span \
                     lines; use --from-file=KEY=PATH{or_dotenv}"
                )]
            }
            Self::EnvFile(EnvFileError::Line { error, dotenv, .. }) => match error {
                EnvLineError::Name { bom: true, .. } => {
                    one("there is a byte order mark inside the file, where two files were joined: \
                         use one --from-env-file for each")
                }
                EnvLineError::Dots { .. } | EnvLineError::Name { .. } => {
                    let or_dotenv = if *dotenv { OR_DOTENV } else { "" };
                    vec![format!(
                        "write one NAME=value per line, without export and without spaces in the \
                         name{or_dotenv}"
                    )]
                }
                EnvLineError::Key { .. } => one("rename it, or comment out the line with '#'"),
                EnvLineError::NotUtf8 { .. } => {
                    one("convert the file: iconv -f LATIN1 -t UTF-8, or store it unchanged with \
                     --from-file")
                }
            },
            Self::EnvKey { .. } => one("shorten the name"),
            Self::FileSource { whole: Some(whole), .. } | Self::SplitPath { whole, .. } => {
                vec![split_hint(whole)]
            }
            Self::SplitEnvPath { whole, .. } => vec![comma_hint("from-env-file", whole)],
            Self::FileSource { error, origin, .. } => match error {
                FileSourceError::TwoEquals => {
                    vec![format!(
                        "for a path that contains '=': --{}=KEY=/dev/stdin < PATH",
                        origin.flag
                    )]
                }
                FileSourceError::NoKey { .. } | FileSourceError::NoPath { .. } => {
                    vec![format!("write --{}=KEY=PATH or --{}=PATH", origin.flag, origin.flag)]
                }
            },
            Self::List { origin, .. } => {
                vec![format!(
                    "for a path that contains a comma or a quote: --{}='\"a,b\"' or '\"a\"\"b\"'",
                    origin.flag
                )]
            }
            Self::Literal { .. } => one("write --from-literal=KEY=VALUE"),
            Self::ReadFileSource { error: ReadFileSourceError::Dash { key, .. }, .. } => {
                match key {
                    Some(key) if key == ".dockerconfigjson" => {
                        one("for standard input: --from-file=/dev/stdin")
                    }
                    key => {
                        let key = key.as_deref().unwrap_or("KEY");
                        vec![format!("for standard input: --from-stdin={}", shell_name(key, "KEY"))]
                    }
                }
            }
            // The key that docker-registry gives by itself.
            Self::ReadFileSource {
                error: ReadFileSourceError::KeyForFolder { key, path }, ..
            } if key == ".dockerconfigjson" => {
                vec![format!(
                    "pass the file in it: --from-file={}",
                    source("", &path.join("config.json"))
                )]
            }
            Self::ReadFileSource {
                error: ReadFileSourceError::KeyForFolder { path, .. }, ..
            } => {
                vec![format!("each file's name is its key: --from-file={}", source("", path))]
            }
            Self::EnvFile(EnvFileError::Read(error))
            | Self::ReadEnvFile { error, .. }
            | Self::ReadFileSource { error: ReadFileSourceError::List(error), .. } => error.hints(),
            Self::ReadFileSource { error: ReadFileSourceError::Read(error), .. } => {
                read_or_value_hints(error, "--from-env=KEY=VARIABLE")
            }
        }
    }
}

/// How to write a path that `--from-file` splits. kubectl has no way to write a `=`.
fn split_hint(whole: &Path) -> String {
    if whole.to_string_lossy().contains('=') {
        let file = shell_word(whole);
        return format!(
            "'=' ends the key, and no path can contain it: --from-file=KEY=/dev/stdin < {file}"
        );
    }
    comma_hint("from-file", whole)
}

fn comma_hint(flag: &str, whole: &Path) -> String {
    format!("',' separates paths: --{flag}={}", source("", whole))
}

/// A path as the value of `--from-file` in a shell: where it has a comma or a quote, pflag's list
/// needs quotes of its own. `key` is empty, or ends in `=`.
pub(in crate::types) fn source(key: &str, path: &Path) -> String {
    let text = path.to_string_lossy();
    if is_shown_path(path) && text.contains([',', '"', '\n', '\r']) {
        shell_text(&format!("\"{key}{}\"", text.replace('"', "\"\"")))
    } else {
        format!("{key}{}", shell_word(path))
    }
}

/// What to do about a file that cannot be read, where a value may have been meant: `flag` passes one.
pub(in crate::types) fn read_or_value_hints(error: &ReadError, flag: &str) -> Vec<String> {
    let mut hints = error.hints();
    if !is_shown_path(&error.path) {
        hints.push(format!("to pass the value itself: {flag}"));
    }
    hints
}
