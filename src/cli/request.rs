//! What a command line asks for, as typed values.

use std::ffi::OsString;

use super::check::CheckRequest;
use super::cluster_request::ClusterRequest;
use super::common::Common;
use super::help::Page;
use super::kustomize::Kustomize;
use super::seal::Sealing;
use super::seal_command::SealCommand;
use super::tools::Shell;
use crate::flags::Given;
use crate::types::SecretType;

/// What a command line asks for.
pub(crate) enum Request {
    Check(CheckRequest),
    /// Say what may stand at the end of a command line, for a shell.
    Complete(Complete),
    /// Print the completion script of a shell.
    Completion(Shell),
    Create(Box<Create>),
    /// Print this help on stdout.
    Help(Page),
    Kustomize(Box<Kustomize>),
    /// Print this help on stderr and fail, because the subcommand is missing.
    Lost(Page),
    /// Ask for what a Secret is made of.
    New(New),
    /// Read manifests and print them sealed.
    Seal(Box<SealCommand>),
    Version,
}

/// A command line that somebody is typing, as a shell hands it over.
pub(crate) enum Complete {
    /// The text up to the cursor, and the characters at which this bash parts words
    /// (`COMP_WORDBREAKS`). Only bash gives no better: its words are cut at every `=` and `:`.
    Bash { breaks: OsString, line: OsString },
    /// The words behind the program's name; the last one ends at the cursor. This is the protocol
    /// of cobra's shell scripts, which kubectl speaks with its plugins.
    Words(Vec<OsString>),
}

/// A command line that builds a Secret.
pub(crate) struct Create {
    pub secret_type: &'static SecretType,
    pub flags: Given,
    /// NAME, where it was given.
    pub name: Option<OsString>,
    /// The flags that all types have.
    pub common: Common,
    /// What is asked of a cluster.
    pub cluster: ClusterRequest,
    /// How the manifest is sealed, `None` if it is not.
    pub sealing: Option<Sealing>,
    /// What kubectl's preferences have to do with it.
    pub preferences: AppliedPreferences,
}

/// What kubectl's preferences do to a command line.
#[derive(Debug, Default)]
pub(crate) struct AppliedPreferences {
    pub warnings: Vec<String>,
    /// What was read and set, if `-v` asks for it.
    pub log: Vec<String>,
    /// The flags that have a default of the file.
    pub flags: Vec<&'static str>,
}

/// A Secret of which only a part is known yet.
pub(crate) struct New {
    /// The type, where it was given.
    pub secret_type: Option<&'static SecretType>,
    /// NAME, where it was given.
    pub name: Option<OsString>,
    /// Flags that were given, as `--flag` and `--flag=value`.
    pub flags: Vec<OsString>,
}
