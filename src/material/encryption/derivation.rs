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
pub(crate) const MAX_ROUNDS: u64 = 10_000_000;

/// Counts the rounds that are done for one input.
#[derive(Debug, Default)]
pub(crate) struct Work(Cell<u64>);

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
#[derive(Clone, Copy)]
pub(crate) struct Passphrase<'a> {
    bytes: &'a [u8],
    /// Whether each byte becomes a unit of UTF-16, whatever it is a part of.
    is_bytewise: bool,
}

impl<'a> Passphrase<'a> {
    /// A passphrase as PKCS#12 has it.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, is_bytewise: false }
    }

    /// The passphrase in the way of OpenSSL before 1.1 and of `LibreSSL`, which made a unit of UTF-16
    /// of each byte of UTF-8 (`PKCS12_key_gen_asc`). PBES2 takes the bytes as they are.
    pub(crate) fn bytewise(bytes: &'a [u8]) -> Self {
        Self { bytes, is_bytewise: true }
    }

    /// The bytes as they were given.
    pub(crate) fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// UTF-16, big-endian, with a terminator: PKCS#12's form. What is no UTF-8 is taken for
    /// Latin-1, as OpenSSL does it.
    pub(crate) fn utf16(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.bytes.len() * 2 + 2));
        match std::str::from_utf8(self.bytes).ok().filter(|_| !self.is_bytewise) {
            Some(text) => text.encode_utf16().for_each(|unit| bytes.extend(unit.to_be_bytes())),
            None => self.bytes.iter().for_each(|byte| bytes.extend([0, *byte])),
        }
        bytes.extend([0, 0]);
        bytes
    }
}

/// Opens something with a passphrase, and if it is wrong in the older ways of OpenSSL as well:
/// bytewise, and with the text in UTF-8 that this makes, which `openssl pkcs12` tries, too.
pub(crate) fn in_all_ways<T, E>(
    passphrase: &[u8],
    is_wrong: impl Fn(&E) -> bool,
    open: impl Fn(Passphrase<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let first = open(Passphrase::new(passphrase));
    let is_text = !passphrase.is_ascii() && std::str::from_utf8(passphrase).is_ok();
    match first {
        Err(error) if is_text && is_wrong(&error) => {
            let mut text = Zeroizing::new(Vec::with_capacity(passphrase.len() * 2));
            for byte in passphrase {
                let unit = char::from(*byte);
                text.extend_from_slice(unit.encode_utf8(&mut [0; 2]).as_bytes());
            }
            let older = [Passphrase::new(&text), Passphrase::bytewise(passphrase)];
            older.into_iter().find_map(|passphrase| open(passphrase).ok()).ok_or(error)
        }
        first => first,
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
