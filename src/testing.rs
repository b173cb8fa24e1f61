//! What tests, fuzz targets and examples use in addition to the binary. Nothing here is stable.

mod manifests;
mod parsers;

use std::ffi::OsString;

use crate::material::certificate::{self, Certificate};
use crate::material::key_pair;
use crate::material::pem;
use crate::material::public_key::PublicKey;

pub use crate::print::{json, kyaml, yaml};
pub use crate::secret::manifest::{Node, ValuesIn, manifest};
pub use crate::secret::{DataKey, Namespace, Secret, SecretBuilder, SecretName, Value};
pub use crate::ui::hide_panics;
pub use manifests::{manifests, plain_texts, scalars};
pub use parsers::{PARSERS, Parser, run};

/// Completion scripts and manual pages.
pub mod docs {
    pub use crate::docs::{COMPLETIONS, pages};
}

/// The subcommands that make Secrets.
pub fn types() -> impl Iterator<Item = &'static str> + Clone {
    crate::types::TYPES.iter().map(|row| row.name)
}

/// The other subcommands.
pub fn tools() -> impl Iterator<Item = &'static str> {
    crate::cli::TOOLS.iter().map(|row| row.name)
}

/// The page of every rule, as in `docs/rules.md`, and its id.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let mut all: Vec<_> = crate::cli::rules().collect();
    all.sort_by_key(|rule| rule.id);
    all.into_iter().map(|rule| (rule.id, rule.severity.word(), rule.explanation))
}

/// The shells for which there are completion scripts, each with its script.
pub fn scripts() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::cli::Shell::ALL.into_iter().map(|shell| (shell.name(), crate::docs::completion(shell)))
}

/// What is wrong with a command line, without preferences.
pub fn parse(words: Vec<OsString>) -> Result<(), String> {
    let parsed = crate::cli::parse(words, &crate::kuberc::Kuberc::default());
    parsed.map(drop).map_err(|error| error.to_string())
}

/// What is wrong with a certificate in DER as the certificate of a pair.
pub fn judge_certificate(der: &[u8]) -> Result<(), String> {
    match certificate::parse(der) {
        Ok(Certificate { public_key: PublicKey::Other(_), .. }) => {
            Err("tls: unknown public key algorithm".to_owned())
        }
        read => read.map(drop).map_err(|error| error.to_string()),
    }
}

/// What is wrong with a certificate and a key in PEM.
pub fn judge_pair(certificate: &[u8], key: &[u8]) -> Result<(), String> {
    key_pair::check(certificate, key).map(drop).map_err(|error| error.to_string())
}

/// The decoded contents of every block of PEM.
pub fn pem_contents(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    pem::blocks(text).map(|block| block.contents.to_vec())
}

/// A block of PEM.
pub fn pem(label: &str, contents: &[u8]) -> String {
    String::from_utf8_lossy(&pem::encode(label, contents)).into_owned()
}
