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

/// A reader of Secrets as documents list it: its name, what it is, what marks its Secrets, what is
/// checked, the version and the source of the facts.
pub fn consumers() -> impl Iterator<Item = [&'static str; 6]> {
    crate::consumers::all()
        .map(|c| [c.name, c.about, c.recognised_by, c.checked, c.version, c.source])
}

/// The ids of the rules of these readers.
pub fn consumer_rules() -> impl Iterator<Item = &'static str> {
    crate::consumers::rules().map(|rule| rule.id)
}

/// What is found on a finished Secret at the start of 2027, as ids of rules and messages with their
/// hints. `named` are the readers that it is for.
pub fn findings(secret: &Secret, named: &[&str]) -> Vec<(&'static str, String)> {
    use crate::kinds::Context;
    use crate::{consumers, kinds};

    let now = || jiff::Timestamp::from_second(1_798_761_600).unwrap_or_default();
    let context = Context { now: &now, allow_empty: false, is_built: false };
    let named: Vec<_> = named.iter().filter_map(|name| consumers::of(name).ok()).collect();
    let by_readers = consumers::content(secret, &named);
    let by_kind = consumers::without_explained(kinds::content(secret, &context), &by_readers);
    let all = kinds::api_server(secret).into_iter().chain(by_kind).chain(by_readers);
    all.map(|found| {
        let hints = found.hints(secret.name.as_str(), None);
        (found.rule.info().id, [vec![found.to_string()], hints].concat().join("\n"))
    })
    .collect()
}
