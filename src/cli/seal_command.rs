//! The command line of `mksecret seal`, as typed values.

use std::ffi::OsString;

use super::cluster_request;
use super::common::Common;
use super::error::CliError;
use super::seal::{self, SealFlagError, Sealing, Why};
use crate::flags::seal::{self as seal_flags, BARE};
use crate::flags::{self, Given, common, global, targets};
use crate::reach::Reach;

/// Manifests of Secrets that are sealed.
pub(crate) struct SealCommand {
    /// Files and `-`, as they were given.
    pub paths: Vec<OsString>,
    pub common: Common,
    /// Whether `-o` chooses the format; else it is that of the input where that matters.
    pub is_format_given: bool,
    pub reach: Reach,
    pub sealing: Sealing,
    /// The namespaces that each Secret is sealed for; none for its own.
    pub namespaces: Vec<String>,
}

impl SealCommand {
    pub(super) fn from_flags(matches: Given, words: Vec<OsString>) -> Result<Self, CliError> {
        // As kubeseal, it seals for the controller unless it is told otherwise.
        let matches = if seal_flags::is_asked(&matches) {
            matches
        } else {
            matches.with(&seal_flags::SEAL, BARE)
        };
        let common = Common::from_flags(&matches)?;
        let is_format_given = flags::is_given(&matches, &common::OUTPUT);
        let sealing = seal::asked(&matches, &common)?;
        let is_sops = matches!(sealing, Sealing::Sops(_));
        if is_sops && common.namespace.is_some() {
            let (flag, other) = (seal_flags::SOPS.name, global::NAMESPACE.name);
            return Err(SealFlagError::Exclude { flag, other, why: Why::AsWritten }.into());
        }
        let reach = cluster_request::reach(&matches, &[]);
        let namespaces = cluster_request::listed(&matches, &targets::NAMESPACES);
        Ok(Self { paths: words, common, is_format_given, reach, sealing, namespaces })
    }
}
