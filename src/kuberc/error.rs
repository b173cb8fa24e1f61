//! What is wrong with preferences. No message holds a value of the file.

use std::io;
use std::path::{Path, PathBuf};

use super::policy::PolicyFault;
use crate::golang::quote::quote;
use crate::hints::Fault;
use crate::shown::Hidden;
use crate::sources::{ReadError, ReadErrorKind, is_shown_path, shown_path, system_words};

/// Why preferences that the user asked for, or that kubectl refuses, stop a run. kubectl's words
/// where they hold no value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KubercError {
    #[error("invalid alias name, can only include alphabetical characters ({})", shown_path(path))]
    AliasName { path: PathBuf },
    #[error("duplicate alias name {name} ({})", shown_path(path))]
    AliasTwice { path: PathBuf, name: String },
    #[error("flag name {name} should be in long form without dashes ({})", shown_path(path))]
    DashedName {
        path: PathBuf,
        /// The name, or its length.
        name: String,
    },
    #[error("disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive")]
    FlagAndOff,
    #[error("kuberc file is not found: --kuberc is empty")]
    NoFile,
    #[error("{fault} ({})", shown_path(path))]
    Policy { path: PathBuf, fault: PolicyFault },
    /// A file that was asked for and cannot be used.
    #[error("kuberc: {}", fault.words(path))]
    Read { path: PathBuf, fault: ReadFault },
    #[error("invalid flag {name} for command {command} ({})", shown_path(path))]
    UnknownFlag {
        path: PathBuf,
        /// The flag's name, or its length.
        name: String,
        command: String,
        /// Whether the command is one of kubectl's.
        is_kubectls: bool,
        /// The flag that may have been meant.
        similar: Option<String>,
    },
    /// A default that its flag does not take.
    #[error(
        "invalid default for --{flag} of command {command}: {len} bytes, not shown ({})",
        shown_path(path)
    )]
    Value {
        path: PathBuf,
        flag: &'static str,
        command: String,
        /// The length of the default.
        len: usize,
    },
}

/// Why a file gives no preferences.
#[derive(Debug)]
pub(crate) enum ReadFault {
    Io(io::Error),
    IsFolder,
    /// None of its documents is a preference.
    NoneValid,
    /// It is a pipe or a device.
    NotRegular,
    /// A line that begins with `---` goes on with something else.
    Separator {
        line: u32,
        /// The length of what it goes on with.
        len: usize,
    },
    /// It is larger than any preferences.
    TooLarge {
        /// The most bytes that are read.
        limit: u64,
    },
}

impl ReadFault {
    /// Whether there is no such file.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// It, about the file that is shown as this.
    pub(super) fn words(&self, path: &Path) -> String {
        let file = shown_path(path);
        match self {
            Self::Io(error) if !is_shown_path(path) => {
                let hidden = Hidden(path.as_os_str().len());
                format!("cannot open the file {hidden}: {}", system_words(error))
            }
            Self::Io(error) => format!("open {file}: {}", system_words(error)),
            Self::IsFolder => format!("read {file}: is a directory"),
            Self::NoneValid => {
                format!("no valid preferences found in {file}, use --v=5 to see details")
            }
            Self::NotRegular => format!("open {file}: not a regular file"),
            Self::Separator { line, len } => {
                format!("invalid Yaml document separator in line {line}: {len} bytes, not shown")
            }
            Self::TooLarge { limit } => format!("read {file}: more than {limit} bytes"),
        }
    }
}

impl From<ReadError> for ReadFault {
    fn from(error: ReadError) -> Self {
        match error.kind {
            ReadErrorKind::Io(error) => Self::Io(error),
            ReadErrorKind::IsFolder => Self::IsFolder,
            ReadErrorKind::TakenTwice => Self::NotRegular,
            ReadErrorKind::TooLarge { limit } => Self::TooLarge { limit },
        }
    }
}

/// A flag's name, or its length if it does not look like one: a value may be in its place.
pub(crate) fn shown_name(name: &str) -> String {
    const LONGEST: usize = 48;
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if name.len() <= LONGEST && is_plain {
        return name.to_owned();
    }
    format!("of {} bytes, not shown,", name.len())
}

/// A field's name or a command as Go quotes it, or its length if it looks like something else.
pub(crate) fn quoted_name(name: &str) -> String {
    const LONGEST: usize = 80;
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || " -_./\"[]".contains(c));
    if name.len() <= LONGEST && is_plain {
        return quote(name.as_bytes());
    }
    format!("of {} bytes, not shown,", name.len())
}

impl Fault for KubercError {
    fn hints(&self) -> Vec<String> {
        let off = || "KUBERC=off ignores the file".to_owned();
        match self {
            Self::AliasName { .. } | Self::AliasTwice { .. } => {
                vec!["rename the alias: kubectl refuses the file too".to_owned(), off()]
            }
            Self::DashedName { .. } => {
                vec!["write the flag's long name, such as output".to_owned(), off()]
            }
            Self::FlagAndOff => vec!["leave out --kuberc, or unset KUBERC".to_owned()],
            Self::NoFile => vec!["for example --kuberc=$HOME/.kube/kuberc".to_owned()],
            Self::Policy { fault, .. } => {
                let all = "credentialPluginPolicy is AllowAll, DenyAll or Allowlist";
                match fault {
                    PolicyFault::Unknown { .. } => vec![all.to_owned()],
                    PolicyFault::NotClean { .. } => {
                        vec!["write the path without ., .. and doubled slashes".to_owned()]
                    }
                    _ => vec!["credentialPluginAllowlist and Allowlist go together".to_owned()],
                }
            }
            Self::Read { .. } => {
                vec!["--kuberc and KUBERC set the file; KUBERC=off ignores all files".to_owned()]
            }
            Self::UnknownFlag { similar: Some(similar), .. } => {
                vec![format!("did you mean the name {similar}?"), off()]
            }
            Self::UnknownFlag { command, is_kubectls: false, .. } => {
                let subcommand = command.rsplit(' ').next().unwrap_or_default();
                vec![format!("mksecret {subcommand} --help shows its flags"), off()]
            }
            Self::UnknownFlag { .. } => {
                vec![
                    "kubectl refuses the file too: only its own flags can have a default"
                        .to_owned(),
                ]
            }
            Self::Value { flag, .. } => {
                vec![format!("correct the default, or give --{flag} on the command line"), off()]
            }
        }
    }
}
