//! The data key, encrypted for each recipient: by the age library for age and SSH keys, by gpg for PGP
//! keys.

use std::io::{self, Write as _};
use std::iter;
use std::time::Duration;

use age::armor::{ArmoredWriter, Format};

use super::config::{self, Keys, RecipientFault, check_recipient};
use crate::hints::Fault;
use crate::shown;
use crate::sources::{Inputs, ProgramError};

/// What to do about what only sops can do.
pub(crate) const WITH_SOPS: &str = "let sops encrypt it: mksecret … --dry-run=client -o yaml | sops encrypt --filename-override FILE --input-type yaml \
     --output-type yaml /dev/stdin";

/// How long gpg may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The data key as the recipients get it: each recipient with the armored text.
#[derive(Debug, Default)]
pub(crate) struct WrappedKeys {
    pub(super) age: Vec<(String, String)>,
    pub(super) pgp: Vec<(String, String)>,
}

impl Keys {
    /// Encrypts the data key for each.
    pub(crate) fn wrap(
        &self,
        data_key: &[u8; 32],
        inputs: &Inputs,
    ) -> Result<WrappedKeys, KeyError> {
        let age = self.age.iter().map(|text| {
            let recipient = recipient(text)?;
            let sealed = by_age(&*recipient, data_key).map_err(|_| KeyError::Age)?;
            Ok((text.clone(), sealed))
        });
        let age = age.collect::<Result<_, _>>()?;
        let pgp = self.pgp.iter().map(|fingerprint| by_gpg(fingerprint, data_key, inputs));
        Ok(WrappedKeys { age, pgp: pgp.collect::<Result<_, _>>()? })
    }
}

fn recipient(text: &str) -> Result<Box<dyn age::Recipient>, KeyError> {
    check_recipient(text).map_err(KeyError::Recipient)?;
    if let Ok(recipient) = text.parse::<age::x25519::Recipient>() {
        return Ok(Box::new(recipient));
    }
    match text.parse::<age::ssh::Recipient>() {
        Ok(recipient) => Ok(Box::new(recipient)),
        Err(_) => Err(KeyError::Damaged { shown: shown::Quoted(text).to_string() }),
    }
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

/// Has gpg encrypt, as sops calls it: the fingerprint without blanks, and the armored text.
fn by_gpg(
    fingerprint: &str,
    data_key: &[u8],
    inputs: &Inputs,
) -> Result<(String, String), KeyError> {
    let key = config::fingerprint(fingerprint)
        .map_err(|_| KeyError::Fingerprint { shown: shown::Quoted(fingerprint).to_string() })?;
    let (program, name) = match inputs.variable("SOPS_GPG_EXEC".as_ref()) {
        Some(program) => (program.to_string_lossy().into_owned(), "the program of SOPS_GPG_EXEC"),
        None => ("gpg".to_owned(), "gpg"),
    };
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
        .map_err(|error| KeyError::Gpg { program: name, error })?;
    match answer.output.as_text() {
        Some(text) if answer.success && !text.trim().is_empty() => {
            Ok((key.clone(), text.trim().to_owned()))
        }
        _ => Err(KeyError::GpgRefused { program: name, key }),
    }
}

/// Why the data key cannot be encrypted for a recipient.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("age cannot encrypt for a recipient")]
    Age,
    /// A recipient whose checksum is wrong, or an SSH key that age does not know.
    #[error("age cannot read the recipient {shown}: it is damaged")]
    Damaged { shown: String },
    #[error("the PGP key {shown} is not a fingerprint (--pgp or SOPS_PGP_FP)")]
    Fingerprint { shown: String },
    #[error("{program} is needed for PGP keys: {error}")]
    Gpg { program: &'static str, error: ProgramError },
    #[error("{program} cannot encrypt for the key {key}")]
    GpgRefused { program: &'static str, key: String },
    #[error("{0} (--age or SOPS_AGE_RECIPIENTS)")]
    Recipient(RecipientFault),
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
            Self::Damaged { .. } => {
                vec!["copy it again; age-keygen -y KEY-FILE prints it".to_owned()]
            }
            Self::Recipient(RecipientFault::SecretKey) => {
                vec!["age-keygen -y KEY-FILE prints the recipient".to_owned()]
            }
            Self::Recipient(RecipientFault::Plugin | RecipientFault::PostQuantum) => {
                vec![WITH_SOPS.to_owned()]
            }
            Self::Recipient(_) => {
                vec!["for example --age=age1… or --age=\"$(cat key.pub)\"".to_owned()]
            }
        }
    }
}
