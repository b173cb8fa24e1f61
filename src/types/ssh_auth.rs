//! `ssh-auth`: an SSH private key, for Git and whatever else logs in that way.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::BuildError;
use super::build::{Build, Built};
use super::rules;
use super::{Ask, Contents, SecretType, extras};
use crate::flags::{self, Flag, FlagKind, Single};
use crate::hints::{Fault, SAME_RUN};
use crate::kinds;
use crate::material::ssh_key;
use crate::secret::Value;
use crate::sources::{Origin, bytes_of, path_of, shown_path};
use crate::validate::{At, Rule, RuleInfo};

flags::table! {
/// The flags that only this type has.
fn own;

const KEY: Flag<Single> =
    flags::text("ssh-privatekey", "FILE", "Read the private key").kind(FlagKind::File);
const KNOWN_HOSTS: Flag<Single> =
    flags::text("known-hosts", "FILE", "Add server keys as the key known_hosts")
        .kind(FlagKind::File);
}
pub(super) const ROW: SecretType = SecretType {
    name: "ssh-auth",
    about: "Create a Secret with an SSH private key",
    details: "\
The type is kubernetes.io/ssh-auth, with the key ssh-privatekey. mksecret checks that the file is a
private key in OpenSSH or PEM format, and adds a missing trailing newline, because ssh does not read
a key without it.",
    examples: "\
# A key for a Git server, and the server's own keys
mksecret ssh-auth git --ssh-privatekey=id_ed25519 \\
  --known-hosts=<(ssh-keyscan github.com)

# A key from a password manager
mksecret ssh-auth git \\
  --ssh-privatekey=<(pass show git/key) \\
  --dry-run=client -o yaml",
    required: "--ssh-privatekey=FILE",
    name_optional: false,
    empty_name: false,
    flags,
    takes_over: &[],
    asks: &[Ask::needed(KEY.name), Ask::optional(KNOWN_HOSTS.name)],
    contents: Contents::Typed,
    build,
};

fn flags() -> Vec<Flag> {
    [own(), extras::flags()].concat()
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let given = flags::given(asked.flags, &KEY).filter(|path| !path.is_empty());
    let path = path_of(&bytes_of(&given.ok_or(SshAuthError::NoKey)?));
    let mut built = asked.start(kinds::SSH_AUTH);
    let key = with_final_newline(extras::read(asked, &KEY, &path)?, &path, &mut built);
    built.add(b"ssh-privatekey", key, Origin::flag(KEY.name, 1).file(&path))?;
    built.warn_of_empty_flags(asked, &[&KNOWN_HOSTS]);
    if let Some((hosts, origin)) = extras::file(asked, &KNOWN_HOSTS)? {
        built.add(b"known_hosts", hosts, origin)?;
    }
    extras::add(asked, &mut built)?;
    Ok(built)
}

/// Adds the final newline of a key where it is missing, and says so.
fn with_final_newline(key: Value, path: &Path, built: &mut Built) -> Value {
    let lacks_it = !key.as_bytes().ends_with(b"\n");
    if !lacks_it || ssh_key::parse(key.as_bytes()).is_err() {
        return key;
    }
    built.find(FinalNewlineAdded { path: path.to_owned() });
    let mut whole = Zeroizing::new(Vec::with_capacity(key.len() + 1));
    whole.extend_from_slice(key.as_bytes());
    whole.push(b'\n');
    Value::from(whole)
}

/// A line feed was added at the end of a key.
#[derive(Debug, thiserror::Error)]
#[error("{}: added the missing trailing newline, which ssh needs", shown_path(path))]
struct FinalNewlineAdded {
    path: PathBuf,
}

impl Rule for FinalNewlineAdded {
    fn info(&self) -> &'static RuleInfo {
        &rules::NEWLINE_ADDED
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        Vec::new()
    }
}

/// Why an SSH key's Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SshAuthError {
    #[error("--ssh-privatekey is required")]
    NoKey,
}

impl Fault for SshAuthError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NoKey => {
                vec![format!(
                    "mksecret ssh-auth NAME --ssh-privatekey=$HOME/.ssh/id_ed25519{SAME_RUN}"
                )]
            }
        }
    }
}
