//! The encryption of Sealed Secrets (`HybridEncrypt` in its `pkg/crypto`).
//!
//! Each value gets a session key of its own, 32 random bytes. The value is encrypted with it by
//! AES-256-GCM under a nonce of 12 zero bytes, which is safe since no key is used twice. The key is
//! encrypted by RSA-OAEP (SHA-256, MGF1 with SHA-256) under a label, the value's scope. The
//! ciphertext is the length of the RSA part as a big-endian `u16`, that part, and the AES part with
//! its 16-byte tag.

use std::io;

use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::{PublicKeyParts as _, RandomizedEncryptor as _};
use rsa::{PublicKey, oaep};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::sources::Inputs;

const TAG: usize = 16;

/// The key of a certificate with the label of a scope.
pub(super) struct Cipher {
    key: oaep::EncryptingKey<Sha256>,
    /// The bytes of the modulus.
    size: u16,
}

impl Cipher {
    /// `key` has at most 65,535 bytes.
    pub(super) fn new(key: &PublicKey, label: &str) -> Self {
        let size = u16::try_from(key.size()).unwrap_or(u16::MAX);
        let key = oaep::EncryptingKey::new_with_label(key.clone(), label.as_bytes());
        Self { key, size }
    }

    /// Encrypts a value. Fails if the system gives no random bytes.
    pub(super) fn encrypt(&self, value: &[u8], inputs: &Inputs) -> io::Result<Vec<u8>> {
        let mut session_key = Zeroizing::new([0; 32]);
        inputs.random(session_key.as_mut_slice())?;
        self.encrypt_with(&session_key, value, inputs)
    }

    pub(super) fn encrypt_with(
        &self,
        session_key: &[u8; 32],
        value: &[u8],
        inputs: &Inputs,
    ) -> io::Result<Vec<u8>> {
        let wrapped = self
            .key
            .encrypt_with_rng(&mut SystemRandom(inputs), session_key)
            .map_err(|_| io::Error::other("RSA-OAEP failed"))?;
        // The plain value lies in the final buffer while it is encrypted in place.
        let mut out = Vec::with_capacity(2 + wrapped.len() + value.len() + TAG);
        out.extend_from_slice(&self.size.to_be_bytes());
        out.extend_from_slice(&wrapped);
        let start = out.len();
        out.extend_from_slice(value);
        let tag = Aes256Gcm::new(session_key.into())
            .encrypt_inout_detached(&Nonce::default(), b"", (&mut out[start..]).into())
            .map_err(|_| io::Error::other("AES-GCM takes no value of this length"))?;
        out.extend_from_slice(&tag);
        Ok(out)
    }
}

/// The system's random source as this crate of cryptography wants it.
struct SystemRandom<'a>(&'a Inputs);

impl TryRng for SystemRandom<'_> {
    type Error = io::Error;

    fn try_next_u32(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.0.random(bytes)
    }
}

impl TryCryptoRng for SystemRandom<'_> {}
