//! What OpenSSL once did with PEM: `Proc-Type: 4,ENCRYPTED`.

use std::fmt;

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{Passphrase, UnlockError};
use crate::material::hash::Hash;

use UnlockError::Malformed;

/// The encryption of OpenSSL's old PEM, from its `DEK-Info`.
#[derive(Debug)]
pub(crate) struct DekInfo {
    cipher: Cipher,
    iv: Vec<u8>,
}

impl fmt::Display for DekInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with MD5", self.cipher)
    }
}

impl DekInfo {
    /// Reads `AES-256-CBC,0123…`.
    pub(crate) fn read(text: &[u8]) -> Result<Self, UnlockError> {
        let text = std::str::from_utf8(text).map_err(|_| Malformed("DEK-Info"))?;
        let (name, hex) = text.split_once(',').ok_or(Malformed("DEK-Info"))?;
        let cipher = match name.trim() {
            "AES-128-CBC" => Cipher::Aes(128),
            "AES-192-CBC" => Cipher::Aes(192),
            "AES-256-CBC" => Cipher::Aes(256),
            "DES-CBC" => Cipher::Des,
            "DES-EDE3-CBC" => Cipher::Des3,
            name => {
                let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
                let shown = name.len() <= 20 && name.chars().all(plain);
                let name = if shown { name } else { "an unknown cipher" };
                return Err(UnlockError::Unsupported(name.to_owned()));
            }
        };
        let hex: Option<Vec<u8>> = hex.trim().bytes().map(hex_digit).collect();
        let iv: Vec<_> = hex
            .unwrap_or_default()
            .chunks(2)
            .map(|d| d.iter().fold(0, |n, d| n << 4 | d))
            .collect();
        if iv.len() != cipher.block_size() {
            return Err(Malformed("the initialization vector in DEK-Info"));
        }
        Ok(Self { cipher, iv })
    }

    /// Opens what was encrypted. The key is one round of MD5, as OpenSSL's `EVP_BytesToKey` has it.
    pub(crate) fn decrypt(
        &self,
        data: &[u8],
        passphrase: &Passphrase<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
        let salt = self.iv.get(..8).unwrap_or_default();
        let mut key = Zeroizing::new(Vec::with_capacity(48));
        let mut last = Zeroizing::new(Vec::new());
        while key.len() < self.cipher.key_size() {
            last = Hash::Md5.digest(&[&last, passphrase.as_bytes(), salt]);
            key.extend_from_slice(&last);
        }
        key.truncate(self.cipher.key_size());
        super::open(self.cipher, &key, &self.iv, data, self)
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
