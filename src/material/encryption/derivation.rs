//! Keys made of passphrases, and how much work that may be.

use std::cell::Cell;

use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::UnlockError;
use crate::material::hash::Hash;

/// What is done at most for one input, in rounds of a hash: some seconds. Programs that are careful
/// ask for 600,000.
pub const MAX_ROUNDS: u64 = 10_000_000;

/// Counts the rounds that are done for one input.
#[derive(Debug, Default)]
pub struct Work(Cell<u64>);

impl Work {
    pub(super) fn take(&self, rounds: u64) -> Result<(), UnlockError> {
        let sum = self.0.get().saturating_add(rounds);
        if sum > MAX_ROUNDS {
            return Err(UnlockError::Rounds { rounds: sum });
        }
        self.0.set(sum);
        Ok(())
    }
}

/// A passphrase in the two forms that are hashed.
pub struct Passphrase<'a>(pub &'a [u8]);

impl Passphrase<'_> {
    /// UTF-16, big-endian, with a terminator: PKCS#12's form. What is no UTF-8 is taken for
    /// Latin-1, as OpenSSL does it.
    pub(crate) fn utf16(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.0.len() * 2 + 2));
        match std::str::from_utf8(self.0) {
            Ok(text) => text.encode_utf16().for_each(|unit| bytes.extend(unit.to_be_bytes())),
            Err(_) => self.0.iter().for_each(|byte| bytes.extend([0, *byte])),
        }
        bytes.extend([0, 0]);
        bytes
    }
}

/// PBKDF2 of RFC 8018 5.2.
pub(crate) fn pbkdf2(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    rounds: u64,
    length: usize,
    work: &Work,
) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    work.take(rounds)?;
    let rounds = u32::try_from(rounds).map_err(|_| UnlockError::Rounds { rounds })?;
    let mut key = Zeroizing::new(vec![0; length]);
    match hash {
        Hash::Md5 => return Err(UnlockError::Unsupported("HMAC with MD5".to_owned())),
        Hash::Sha1 => pbkdf2_hmac::<Sha1>(passphrase, salt, rounds, &mut key),
        Hash::Sha224 => pbkdf2_hmac::<Sha224>(passphrase, salt, rounds, &mut key),
        Hash::Sha256 => pbkdf2_hmac::<Sha256>(passphrase, salt, rounds, &mut key),
        Hash::Sha384 => pbkdf2_hmac::<Sha384>(passphrase, salt, rounds, &mut key),
        Hash::Sha512 => pbkdf2_hmac::<Sha512>(passphrase, salt, rounds, &mut key),
    }
    Ok(key)
}

/// What is derived from a passphrase in PKCS#12, by the numbers of RFC 7292 B.3.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// RFC 7292 B.2; `passphrase` is UTF-16 with its terminator, see [`Passphrase::utf16`].
pub(crate) fn pkcs12_kdf(
    hash: Hash,
    purpose: Purpose,
    passphrase: &[u8],
    salt: &[u8],
    rounds: u64,
    length: usize,
    work: &Work,
) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    let block = hash.block();
    let filled = |text: &[u8]| {
        let length = text.len().div_ceil(block) * block;
        let bytes: Vec<u8> = text.iter().copied().cycle().take(length).collect();
        Zeroizing::new(bytes)
    };
    let diversifier = vec![purpose as u8; block];
    let mut state = Zeroizing::new([filled(salt).as_slice(), &filled(passphrase)].concat());
    let mut key = Zeroizing::new(Vec::with_capacity(length + hash.size()));
    while key.len() < length {
        work.take(rounds)?;
        let mut part = hash.digest(&[&diversifier, &state]);
        for _ in 1..rounds {
            part = hash.digest(&[&part]);
        }
        key.extend_from_slice(&part);
        // Each block of the state grows by the hash, repeated, and one.
        for chunk in state.chunks_exact_mut(block) {
            let mut carry = 1_u16;
            for (at, byte) in chunk.iter_mut().enumerate().rev() {
                let add = part.get(at % part.len()).copied().unwrap_or_default();
                carry += u16::from(*byte) + u16::from(add);
                *byte = carry.to_be_bytes()[1];
                carry >>= 8;
            }
        }
    }
    key.truncate(length);
    Ok(key)
}
