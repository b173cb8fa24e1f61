//! The data key, encrypted for each recipient: by the age library for age and SSH keys, by gpg for PGP
//! keys.

use std::io::{self, Write as _};
use std::iter;
use std::time::Duration;

use age::armor::{ArmoredWriter, Format};

use crate::hints::Fault;
use crate::shown;
use crate::sources::{Inputs, ProgramError};

/// How long gpg may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whom a file is encrypted for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recipients {
    /// `age1…`, or lines of SSH public keys.
    pub age: Vec<String>,
    /// Fingerprints of PGP keys.
    pub pgp: Vec<String>,
}

/// The data key as the recipients get it: each recipient with the armored text.
#[derive(Debug, Default)]
pub(crate) struct WrappedKeys {
    pub(super) age: Vec<(String, String)>,
    pub(super) pgp: Vec<(String, String)>,
}

impl Recipients {
    /// Encrypts the data key for each.
    pub(crate) fn wrap(
        &self,
        data_key: &[u8; 32],
        inputs: &Inputs,
    ) -> Result<WrappedKeys, KeyError> {
        let age = self.age.iter().map(|text| {
            let recipient = recipient(text).ok_or_else(|| KeyError::of_recipient(text))?;
            let sealed = by_age(&*recipient, data_key).map_err(|_| KeyError::Age)?;
            Ok((text.clone(), sealed))
        });
        let age = age.collect::<Result<_, _>>()?;
        let pgp = self.pgp.iter().map(|fingerprint| {
            Ok((fingerprint.clone(), by_gpg(fingerprint, data_key, inputs)?))
        });
        Ok(WrappedKeys { age, pgp: pgp.collect::<Result<_, _>>()? })
    }
}

fn recipient(text: &str) -> Option<Box<dyn age::Recipient>> {
    if let Ok(recipient) = text.parse::<age::x25519::Recipient>() {
        return Some(Box::new(recipient));
    }
    let recipient = text.parse::<age::ssh::Recipient>().ok()?;
    Some(Box::new(recipient))
}

fn by_age(recipient: &dyn age::Recipient, data_key: &[u8]) -> io::Result<String> {
    let encryptor =
        age::Encryptor::with_recipients(iter::once(recipient)).map_err(io::Error::other)?;
    let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armored)?;
    writer.write_all(data_key)?;
    let text = writer.finish()?.finish()?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// Has gpg encrypt, as sops calls it.
fn by_gpg(fingerprint: &str, data_key: &[u8], inputs: &Inputs) -> Result<String, KeyError> {
    let key = fingerprint.replace(' ', "");
    if key.len() < 16 || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(KeyError::Fingerprint { shown: shown::Quoted(fingerprint).to_string() });
    }
    let program = inputs
        .variable("SOPS_GPG_EXEC".as_ref())
        .map_or_else(|| "gpg".to_owned(), |program| program.to_string_lossy().into_owned());
    let arguments = [
        "--no-default-recipient",
        "--yes",
        "--batch",
        "--encrypt",
        "-a",
        "-r",
        &key,
        "--trusted-key",
        &key[key.len() - 16..],
        "--no-encrypt-to",
    ];
    let answer = inputs
        .ask_program(&program, &arguments, data_key, PATIENCE)
        .map_err(|error| KeyError::Gpg { program: program.clone(), error })?;
    match answer.output.as_text() {
        Some(text) if answer.success && !text.is_empty() => Ok(text.to_owned()),
        _ => Err(KeyError::GpgRefused { program, key }),
    }
}

/// What a text that is no recipient probably is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecipientKind {
    /// `AGE-SECRET-KEY-1…`
    Identity,
    /// A recipient of a plugin, or of a kind that age 1.3 brought.
    Plugin,
    Ssh,
    Other,
}

impl RecipientKind {
    fn of(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("age-secret-key-") || lower.starts_with("age-plugin-") {
            Self::Identity
        } else if lower.starts_with("age1") && lower[4..].contains('1') {
            Self::Plugin
        } else if lower.starts_with("ssh-") || lower.starts_with("ecdsa-") {
            Self::Ssh
        } else {
            Self::Other
        }
    }
}

/// Why the data key cannot be encrypted for a recipient.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("age cannot encrypt for a recipient")]
    Age,
    #[error("--pgp: {shown} is not a fingerprint")]
    Fingerprint { shown: String },
    #[error("{program} is needed for PGP keys: {error}")]
    Gpg { program: String, error: ProgramError },
    #[error("{program} cannot encrypt for the key {key}")]
    GpgRefused { program: String, key: String },
    #[error("{}", recipient_words(shown, *kind))]
    Recipient {
        /// The text, empty if it is a private key.
        shown: String,
        kind: RecipientKind,
    },
}

impl KeyError {
    fn of_recipient(text: &str) -> Self {
        let kind = RecipientKind::of(text);
        let is_private = kind == RecipientKind::Identity;
        let shown = if is_private { String::new() } else { shown::Quoted(text).to_string() };
        Self::Recipient { shown, kind }
    }
}

fn recipient_words(shown: &str, kind: RecipientKind) -> String {
    match kind {
        RecipientKind::Identity => {
            "a private key of age was given in place of a recipient".to_owned()
        }
        RecipientKind::Plugin => {
            format!("the age recipient {shown} needs a plugin, and mksecret only knows X25519 and SSH")
        }
        RecipientKind::Ssh => "the SSH public key is not one that age encrypts for".to_owned(),
        RecipientKind::Other => format!("{shown} is not a recipient of age"),
    }
}

impl Fault for KeyError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Age | Self::Gpg { error: ProgramError::Late { .. }, .. } => Vec::new(),
            Self::Fingerprint { .. } => {
                vec!["gpg --list-keys --with-colons shows the fingerprints (fpr)".to_owned()]
            }
            Self::Gpg { .. } => vec!["install gpg, or use age: --age=RECIPIENT".to_owned()],
            Self::GpgRefused { key, .. } => {
                vec![format!("gpg --list-keys {key} must show it; gpg --import FILE adds it")]
            }
            Self::Recipient { kind, .. } => vec![match kind {
                RecipientKind::Identity => {
                    "age-keygen -y KEY-FILE prints the recipient; create a new key if this one was \
                     seen by others"
                        .to_owned()
                }
                RecipientKind::Plugin => {
                    "encrypt with sops: mksecret … -o yaml | sops encrypt --filename-override FILE \
                     /dev/stdin"
                        .to_owned()
                }
                RecipientKind::Ssh => "use a key of type ssh-ed25519 or ssh-rsa".to_owned(),
                RecipientKind::Other => {
                    "a recipient begins with age1, ssh-ed25519 or ssh-rsa".to_owned()
                }
            }],
        }
    }
}
