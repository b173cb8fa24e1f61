//! Texts that name whom a file is encrypted for.

/// Why a text is not a recipient that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecipientFault {
    #[error("a recipient is empty")]
    Empty,
    #[error("a PGP key is named by its fingerprint, 40 hexadecimal digits")]
    NoFingerprint,
    /// It has white space in it.
    #[error("recipients are not separated by commas")]
    NoComma,
    #[error("an age recipient starts with age1, ssh-ed25519 or ssh-rsa")]
    NoRecipient,
    #[error("mksecret does not support age plugins (age1NAME1…)")]
    Plugin,
    #[error("mksecret does not support post-quantum recipients (age1pq1…)")]
    PostQuantum,
    #[error("this is an age identity, which decrypts, and not a recipient")]
    SecretKey,
}

/// Checks of which kind a recipient of age is, not whether it is a valid one.
pub(crate) fn check_recipient(text: &str) -> Result<(), RecipientFault> {
    if text.is_empty() {
        return Err(RecipientFault::Empty);
    }
    if text.to_ascii_uppercase().contains("AGE-SECRET-KEY-") {
        return Err(RecipientFault::SecretKey);
    }
    if text.starts_with("ssh-") {
        return if text.contains(['\n', '\r']) { Err(RecipientFault::NoComma) } else { Ok(()) };
    }
    let Some(rest) = text.strip_prefix("age1") else { return Err(RecipientFault::NoRecipient) };
    if text.contains(char::is_whitespace) {
        return Err(RecipientFault::NoComma);
    }
    // The characters of Bech32 do not include 1, which ends the name before them.
    match rest.rsplit_once('1') {
        None => Ok(()),
        Some(("pq", _)) => Err(RecipientFault::PostQuantum),
        Some(_) => Err(RecipientFault::Plugin),
    }
}

/// Takes a fingerprint, or the long ID of a key, without its blanks. sops passes the last 16 digits
/// to gpg, which takes nothing else.
pub(crate) fn fingerprint(text: &str) -> Result<String, RecipientFault> {
    const SHORTEST: usize = 16;
    let bare = text.replace(' ', "");
    let digits = bare.strip_prefix("0x").unwrap_or(&bare);
    let is_valid = digits.len() >= SHORTEST && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if is_valid { Ok(bare) } else { Err(RecipientFault::NoFingerprint) }
}
