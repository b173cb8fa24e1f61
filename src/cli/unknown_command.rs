//! An unknown subcommand, and the one that was probably meant.

use std::ffi::OsString;

use super::argv::Surplus;
use super::error::CliError;
use super::subcommand::Level;
use super::tools::TOOLS;
use crate::similar::nearest;
use crate::types::TYPES;

pub(super) fn unknown_command(words: &[OsString], level: Level) -> CliError {
    let similar = similar_command(words, level);
    CliError::UnknownCommand { similar, surplus: Surplus::of(words) }
}

/// What was probably meant by an unknown subcommand, as it follows `mksecret`.
pub(super) fn similar_command(words: &[OsString], level: Level) -> Option<String> {
    let word = words.first()?.to_str()?.to_ascii_lowercase();
    let types = || TYPES.iter().map(|row| row.name);
    if level != Level::Top {
        if matches!(&*word, "secret" | "secrets") {
            return Some("create secret TYPE".to_owned());
        }
        return known_as(&word, types()).map(|name| format!("create secret {name}"));
    }
    if matches!(&*word, "secret" | "secrets") {
        let behind = words.get(1).and_then(|word| word.to_str()).unwrap_or_default();
        let meant = known_as(&behind.to_ascii_lowercase(), types()).unwrap_or("TYPE");
        return Some(format!("create secret {meant}"));
    }
    if word == "version" {
        return Some("--version".to_owned());
    }
    let names = types().chain(TOOLS.iter().map(|row| row.name)).chain(["help"]);
    known_as(&word, names).map(str::to_owned)
}

/// The name that a word is, in other words or with a typing mistake.
fn known_as(word: &str, names: impl Iterator<Item = &'static str> + Clone) -> Option<&'static str> {
    let meant = match word {
        "cert" | "certificate" | "https" | "pkcs12" | "ssl" | "x509" => "tls",
        "bootstrap" | "join" | "kubeadm" => "bootstrap-token",
        "basic" | "htpasswd" | "login" | "userpass" => "basic-auth",
        "deploy-key" | "git" | "ssh" | "ssh-key" | "sshkey" => "ssh-auth",
        "docker" | "dockercfg" | "dockerconfigjson" | "image-pull-secret" | "registry" => {
            "docker-registry"
        }
        "env" | "file" | "literal" | "opaque" => "generic",
        "sa" | "service-account" | "serviceaccount" => "service-account-token",
        "autocomplete" | "completions" => "completion",
        "flags" => "options",
        "interactive" | "wizard" => "new",
        word => word,
    };
    names.clone().find(|name| *name == meant).or_else(|| nearest(word, names))
}
