//! `ssh-auth`: an SSH private key, for Git and whatever else logs in that way.

use std::path::Path;

use clap::Arg;
use zeroize::Zeroizing;

use super::build::{Build, BuildError, Built, Note, Refusal, Warning};
use super::{Ask, SecretType, extras};
use crate::flags;
use crate::material::{known_hosts, ssh_key};
use crate::secret::Value;
use crate::sources::{Origin, bytes_of, path_of};

const KEY: &str = "ssh-privatekey";
const KNOWN_HOSTS: &str = "known-hosts";

pub(super) const ROW: SecretType = SecretType {
    name: "ssh-auth",
    about: "Create a Secret with an SSH private key",
    details: "\
The Secret has the type kubernetes.io/ssh-auth and the key ssh-privatekey. The file is looked into:
it is a private key of OpenSSH, or PEM; a final newline that is missing is added, since ssh does not
read a key without it.",
    examples: "\
# A key for a Git server, and the key of the server itself
mksecret ssh-auth git --ssh-privatekey=id_ed25519 --known-hosts=<(ssh-keyscan github.com)

# A key from a password manager
mksecret ssh-auth git --ssh-privatekey=<(pass show git/key) --dry-run=client -o yaml",
    name_word: "NAME",
    name_optional: false,
    flags,
    takes_over: &[],
    asks: &[Ask::needed(KEY), Ask::optional(KNOWN_HOSTS)],
    build,
};

fn flags() -> Vec<Arg> {
    let mut flags = vec![
        flags::text(KEY, "FILE", "Take the private key from this file"),
        flags::text(
            KNOWN_HOSTS,
            "FILE",
            "Add the keys of servers, as in ~/.ssh/known_hosts, under known_hosts",
        ),
    ];
    flags.extend(extras::flags());
    flags
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let path = flags::given(asked.flags, KEY).filter(|path| !path.is_empty());
    let path = path_of(&bytes_of(&path.ok_or(SshAuthError::NoKey)?));
    let mut built = asked.start("kubernetes.io/ssh-auth");
    let key = private_key(extras::read(asked, KEY, &path)?, &path, &mut built);
    built.add(KEY.as_bytes(), key, Origin::flag(KEY, 1).file(&path))?;
    if let Some((hosts, origin)) = extras::file(asked, KNOWN_HOSTS)? {
        look_at_hosts(&hosts, &origin, &mut built);
        built.add(b"known_hosts", hosts, origin)?;
    }
    extras::add(asked, &mut built)?;
    Ok(built)
}

/// Looks into a key. An empty one is left to the API server's rule.
fn private_key(key: Value, path: &Path, built: &mut Built) -> Value {
    let path = path.to_owned();
    match ssh_key::parse(key.as_bytes()) {
        Err(_) if key.is_empty() => {}
        Err(error) => built.refusals.push(Refusal::SshKey { path, error }),
        Ok(ssh_key::SshKey { final_newline, doubts }) => {
            let doubts = doubts.into_iter();
            let warnings = doubts.map(|doubt| Warning::SshKey { path: path.clone(), doubt });
            built.warnings.extend(warnings);
            if !final_newline {
                built.notes.push(Note::FinalNewline { path });
                let mut whole = Zeroizing::new(Vec::with_capacity(key.len() + 1));
                whole.extend_from_slice(key.as_bytes());
                whole.push(b'\n');
                return Value::from(whole);
            }
        }
    }
    key
}

fn look_at_hosts(hosts: &Value, origin: &Origin, built: &mut Built) {
    let known = known_hosts::parse(hosts.as_bytes());
    if known.hosts == 0 {
        built.refusals.push(Refusal::NoHosts { origin: origin.clone() });
    } else if let Some(line) = known.passed_over.first() {
        let (origin, count) = (origin.line(*line), known.passed_over.len());
        built.warnings.push(Warning::HostsPassedOver { origin, count });
    }
}

/// Why an SSH key's Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SshAuthError {
    /// The key's flag is missing.
    #[error("--ssh-privatekey is required")]
    NoKey,
}
