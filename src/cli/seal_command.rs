//! The command line of `mksecret seal`, as typed values.

use std::ffi::OsString;

use super::cluster_request;
use super::common::Common;
use super::error::CliError;
use super::seal::{self, Sealing};
use crate::flags::seal::{self as seal_flags, BARE};
use crate::flags::{Given, targets};
use crate::reach::Reach;

/// Manifests of Secrets that are sealed.
pub(crate) struct SealCommand {
    /// Files and `-`, as they were given.
    pub paths: Vec<OsString>,
    pub common: Common,
    pub reach: Reach,
    pub sealing: Sealing,
    /// The namespaces that each Secret is sealed for; none for its own.
    pub namespaces: Vec<String>,
}

impl SealCommand {
    pub(super) fn from_flags(matches: Given, words: Vec<OsString>) -> Result<Self, CliError> {
        // As kubeseal, it seals for the controller unless it is told otherwise.
        let matches =
            if seal::is_asked(&matches) { matches } else { matches.with(&seal_flags::SEAL, BARE) };
        let common = Common::from_flags(&matches)?;
        let sealing = seal::asked(&matches, &common)?;
        let reach = cluster_request::reach(&matches, &[]);
        let namespaces = cluster_request::listed(&matches, &targets::NAMESPACES);
        Ok(Self { paths: words, common, reach, sealing, namespaces })
    }
}
