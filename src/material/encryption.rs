//! Encryption under a passphrase: PBES1 and PBES2 of PKCS#5 (RFC 8018), the schemes of PKCS#12
//! (RFC 7292), and what OpenSSL once did with PEM.
//!
//! How often a passphrase is hashed stands in the file, and a hostile file may ask for hours:
//! a [`Work`] counts what is done for one input, and ends it.

use std::cell::Cell;
use std::fmt;

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    BlockCipherDecrypt, BlockModeDecrypt as _, InnerIvInit as _, KeyInit, KeyIvInit as _,
};
use des::{Des, TdesEde2, TdesEde3};
use hmac::{Hmac, Mac as _};
use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use rc2::Rc2;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::material::der::{self, Reader, Tag};

/// What is done at most for one input, in rounds of a hash: some seconds. Programs that are careful
/// ask for 600,000.
pub const MAX_ROUNDS: u64 = 10_000_000;

/// Counts the rounds that are done for one input.
#[derive(Debug, Default)]
pub struct Work(Cell<u64>);

impl Work {
    fn take(&self, rounds: u64) -> Result<(), UnlockError> {
        let sum = self.0.get().saturating_add(rounds);
        if sum > MAX_ROUNDS {
            return Err(UnlockError::Rounds { rounds: sum });
        }
        self.0.set(sum);
        Ok(())
    }
}

/// Why something under a passphrase could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// It is not of the form that its beginning announces.
    #[error("its encryption is damaged: {0} cannot be read")]
    Malformed(&'static str),
    /// There is no passphrase.
    #[error("it is under a passphrase ({scheme}), and none is given")]
    NoPassphrase {
        /// How it is encrypted.
        scheme: String,
    },
    /// It asks for more work than is done.
    #[error("it wants the passphrase hashed {rounds} times: at most {MAX_ROUNDS} are done")]
    Rounds {
        /// What it asks for.
        rounds: u64,
    },
    /// It is encrypted in a way that is not supported.
    #[error("it is encrypted with {0}, which is not supported")]
    Unsupported(String),
    /// The passphrase does not open it.
    #[error("the passphrase is wrong ({scheme})")]
    Wrong {
        /// How it is encrypted.
        scheme: String,
    },
}

use UnlockError::Malformed;

/// How something is encrypted: an `AlgorithmIdentifier` that was understood.
#[derive(Debug)]
pub struct Scheme<'a> {
    kdf: Kdf<'a>,
    cipher: Cipher,
    /// Where it is not derived from the passphrase.
    iv: Option<&'a [u8]>,
}

#[derive(Debug)]
enum Kdf<'a> {
    /// Of PKCS#5, version 1.5.
    Pbkdf1 {
        hash: Hash,
        salt: &'a [u8],
        rounds: u64,
    },
    Pbkdf2 {
        hash: Hash,
        salt: &'a [u8],
        rounds: u64,
    },
    Pkcs12 {
        salt: &'a [u8],
        rounds: u64,
    },
}

/// The hashes, by the names that messages have for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

impl Hash {
    /// Of an object identifier of a hash itself.
    pub(crate) fn from_hash_identifier(id: &[u8]) -> Option<Self> {
        Some(match id {
            [0x2b, 0x0e, 0x03, 0x02, 0x1a] => Self::Sha1,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 1] => Self::Sha256,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 2] => Self::Sha384,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 3] => Self::Sha512,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 4] => Self::Sha224,
            _ => return None,
        })
    }

    /// Of an object identifier of HMAC with a hash.
    pub(crate) fn from_hmac_identifier(id: &[u8]) -> Option<Self> {
        let [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, last] = id else { return None };
        Some(match last {
            7 => Self::Sha1,
            8 => Self::Sha224,
            9 => Self::Sha256,
            10 => Self::Sha384,
            11 => Self::Sha512,
            _ => return None,
        })
    }

    fn digest(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        fn of<D: Digest>(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            Zeroizing::new(hash.finalize().to_vec())
        }
        match self {
            Self::Md5 => of::<Md5>(parts),
            Self::Sha1 => of::<Sha1>(parts),
            Self::Sha224 => of::<Sha224>(parts),
            Self::Sha256 => of::<Sha256>(parts),
            Self::Sha384 => of::<Sha384>(parts),
            Self::Sha512 => of::<Sha512>(parts),
        }
    }

    /// The bytes that the hash takes at a time.
    const fn block(self) -> usize {
        match self {
            Self::Sha384 | Self::Sha512 => 128,
            _ => 64,
        }
    }

    const fn size(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The bytes of a key for HMAC in PKCS#12.
    pub(crate) const fn mac_size(self) -> usize {
        self.size()
    }

    /// Whether `tag` is the HMAC of `text` under `key`.
    pub(crate) fn is_hmac(self, key: &[u8], text: &[u8], tag: &[u8]) -> bool {
        macro_rules! check {
            ($hash:ty) => {
                <Hmac<$hash> as hmac::KeyInit>::new_from_slice(key)
                    .is_ok_and(|mac| mac.chain_update(text).verify_slice(tag).is_ok())
            };
        }
        match self {
            Self::Md5 => false,
            Self::Sha1 => check!(Sha1),
            Self::Sha224 => check!(Sha224),
            Self::Sha256 => check!(Sha256),
            Self::Sha384 => check!(Sha384),
            Self::Sha512 => check!(Sha512),
        }
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cipher {
    Aes(u16),
    Des,
    /// With two keys.
    Des2,
    /// With three keys.
    Des3,
    /// Bits of its key, which are its strength as well.
    Rc2(u16),
}

impl fmt::Display for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aes(bits) => write!(f, "AES-{bits}-CBC"),
            Self::Des => f.write_str("DES-CBC"),
            Self::Des2 => f.write_str("two-key 3DES-CBC"),
            Self::Des3 => f.write_str("3DES-CBC"),
            Self::Rc2(bits) => write!(f, "RC2-{bits}-CBC"),
        }
    }
}

impl Cipher {
    fn key_size(self) -> usize {
        match self {
            Self::Aes(bits) | Self::Rc2(bits) => usize::from(bits / 8),
            Self::Des => 8,
            Self::Des2 => 16,
            Self::Des3 => 24,
        }
    }

    fn block_size(self) -> usize {
        if matches!(self, Self::Aes(_)) { 16 } else { 8 }
    }

    /// `None` where the padding is wrong, or the lengths are.
    fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        fn cbc<C: BlockCipherDecrypt + KeyInit>(
            key: &[u8],
            iv: &[u8],
            buffer: &mut [u8],
        ) -> Option<usize> {
            let decryptor = Decryptor::<C>::new_from_slices(key, iv).ok()?;
            decryptor.decrypt_padded::<Pkcs7>(buffer).ok().map(<[u8]>::len)
        }
        let mut buffer = Zeroizing::new(data.to_vec());
        let length = match self {
            Self::Aes(128) => cbc::<Aes128>(key, iv, &mut buffer),
            Self::Aes(192) => cbc::<Aes192>(key, iv, &mut buffer),
            Self::Aes(_) => cbc::<Aes256>(key, iv, &mut buffer),
            Self::Des => cbc::<Des>(key, iv, &mut buffer),
            Self::Des2 => cbc::<TdesEde2>(key, iv, &mut buffer),
            Self::Des3 => cbc::<TdesEde3>(key, iv, &mut buffer),
            Self::Rc2(bits) => {
                let cipher = Rc2::new_with_eff_key_len(key, usize::from(bits));
                let decryptor = Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
                decryptor.decrypt_padded::<Pkcs7>(&mut buffer).ok().map(<[u8]>::len)
            }
        }?;
        buffer.truncate(length);
        Some(buffer)
    }
}

impl fmt::Display for Scheme<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cipher = self.cipher;
        match self.kdf {
            Kdf::Pbkdf1 { hash, .. } => write!(f, "PBES1 with {hash} and {cipher}"),
            Kdf::Pbkdf2 { hash, .. } => write!(f, "PBES2 with HMAC-{hash} and {cipher}"),
            Kdf::Pkcs12 { .. } => write!(f, "PKCS#12 with SHA-1 and {cipher}"),
        }
    }
}

impl<'a> Scheme<'a> {
    /// Reads the contents of an `AlgorithmIdentifier`.
    pub fn read(mut identifier: Reader<'a>) -> Result<Self, UnlockError> {
        let id = identifier.object_identifier().ok_or(Malformed("the algorithm"))?;
        let parameters = identifier.sequence();
        let unsupported = |name: &str| Err(UnlockError::Unsupported(name.to_owned()));
        match id {
            // pkcs-5
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, last] => match last {
                1 | 4 => unsupported("MD2"),
                3 => Self::pbes1(Hash::Md5, Cipher::Des, parameters),
                6 => Self::pbes1(Hash::Md5, Cipher::Rc2(64), parameters),
                10 => Self::pbes1(Hash::Sha1, Cipher::Des, parameters),
                11 => Self::pbes1(Hash::Sha1, Cipher::Rc2(64), parameters),
                13 => Self::pbes2(parameters.ok_or(Malformed("PBES2"))?),
                _ => Err(UnlockError::Unsupported(format!("algorithm {}", der::dotted(id)))),
            },
            // pkcs-12PbeIds
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, last] => match last {
                1 | 2 => unsupported("RC4"),
                3 => Self::pkcs12(Cipher::Des3, parameters),
                4 => Self::pkcs12(Cipher::Des2, parameters),
                5 => Self::pkcs12(Cipher::Rc2(128), parameters),
                6 => Self::pkcs12(Cipher::Rc2(40), parameters),
                _ => Err(UnlockError::Unsupported(format!("algorithm {}", der::dotted(id)))),
            },
            _ => Err(UnlockError::Unsupported(format!("algorithm {}", der::dotted(id)))),
        }
    }

    fn salt_and_rounds(parameters: Option<Reader<'a>>) -> Result<(&'a [u8], u64), UnlockError> {
        let mut fields = parameters.ok_or(Malformed("the salt"))?;
        let salt = fields.read(Tag::OCTET_STRING).ok_or(Malformed("the salt"))?;
        Ok((salt, rounds(&mut fields)?))
    }

    fn pbes1(
        hash: Hash,
        cipher: Cipher,
        parameters: Option<Reader<'a>>,
    ) -> Result<Self, UnlockError> {
        let (salt, rounds) = Self::salt_and_rounds(parameters)?;
        Ok(Self { kdf: Kdf::Pbkdf1 { hash, salt, rounds }, cipher, iv: None })
    }

    fn pkcs12(cipher: Cipher, parameters: Option<Reader<'a>>) -> Result<Self, UnlockError> {
        let (salt, rounds) = Self::salt_and_rounds(parameters)?;
        Ok(Self { kdf: Kdf::Pkcs12 { salt, rounds }, cipher, iv: None })
    }

    /// RFC 8018 A.4.
    fn pbes2(mut fields: Reader<'a>) -> Result<Self, UnlockError> {
        const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];
        let mut kdf = fields.sequence().ok_or(Malformed("PBES2"))?;
        let mut encryption = fields.sequence().ok_or(Malformed("PBES2"))?;
        let id = encryption.object_identifier().ok_or(Malformed("the cipher"))?;
        let mut iv = encryption;
        let iv = || iv.read(Tag::OCTET_STRING).ok_or(Malformed("the initialization vector"));
        let (cipher, iv) = match id {
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, last @ (2 | 22 | 42)] => {
                let bits = match last {
                    2 => 128,
                    22 => 192,
                    _ => 256,
                };
                (Cipher::Aes(bits), { iv }()?)
            }
            [0x2b, 0x0e, 0x03, 0x02, 0x07] => (Cipher::Des, { iv }()?),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07] => (Cipher::Des3, { iv }()?),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x02] => rc2_parameters(encryption)?,
            _ => {
                return Err(UnlockError::Unsupported(format!("algorithm {}", der::dotted(id))));
            }
        };
        match kdf.object_identifier() {
            Some([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]) => {}
            Some(SCRYPT) => return Err(UnlockError::Unsupported("scrypt".to_owned())),
            Some(id) => {
                return Err(UnlockError::Unsupported(format!("algorithm {}", der::dotted(id))));
            }
            None => return Err(Malformed("PBKDF2")),
        }
        let (hash, salt, rounds, _) = pbkdf2_parameters(kdf)?;
        Ok(Self { kdf: Kdf::Pbkdf2 { hash, salt, rounds }, cipher, iv: Some(iv) })
    }

    /// Opens what was encrypted.
    pub fn decrypt(
        &self,
        data: &[u8],
        passphrase: &Passphrase<'_>,
        work: &Work,
    ) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
        let (key_size, block) = (self.cipher.key_size(), self.cipher.block_size());
        let (key, iv) = match self.kdf {
            Kdf::Pbkdf1 { hash, salt, rounds } => {
                work.take(rounds)?;
                let mut both = hash.digest(&[passphrase.0, salt]);
                for _ in 1..rounds {
                    both = hash.digest(&[&both]);
                }
                let (key, iv) = both.split_at_checked(8).ok_or(Malformed("the key"))?;
                let iv = iv.get(..8).unwrap_or_default();
                (Zeroizing::new(key.to_vec()), Zeroizing::new(iv.to_vec()))
            }
            Kdf::Pbkdf2 { hash, salt, rounds } => {
                let key = pbkdf2(hash, passphrase.0, salt, rounds, key_size, work)?;
                (key, Zeroizing::new(self.iv.unwrap_or_default().to_vec()))
            }
            Kdf::Pkcs12 { salt, rounds } => {
                let text = passphrase.utf16();
                let derive = |purpose, length| {
                    pkcs12_kdf(Hash::Sha1, purpose, &text, salt, rounds, length, work)
                };
                (derive(Purpose::Key, key_size)?, derive(Purpose::Iv, block)?)
            }
        };
        if iv.len() != block {
            return Err(Malformed("the initialization vector"));
        }
        if data.is_empty() || !data.len().is_multiple_of(block) {
            return Err(Malformed("the encrypted part"));
        }
        self.cipher
            .decrypt(&key, &iv, data)
            .ok_or_else(|| UnlockError::Wrong { scheme: self.to_string() })
    }
}

/// An effective strength, by the table of RFC 2268 6, and the initialization vector.
fn rc2_parameters(mut encryption: Reader<'_>) -> Result<(Cipher, &[u8]), UnlockError> {
    let malformed = || Malformed("the parameters of RC2");
    let mut fields = encryption.sequence().ok_or_else(malformed)?;
    let bits = match fields.small_integer().ok_or_else(malformed)? {
        58 => 128,
        120 => 64,
        160 => 40,
        other => return Err(UnlockError::Unsupported(format!("RC2 of version {other}"))),
    };
    Ok((Cipher::Rc2(bits), fields.read(Tag::OCTET_STRING).ok_or_else(malformed)?))
}

/// Hash, salt, rounds and length of the key, where it is told.
type Pbkdf2<'a> = (Hash, &'a [u8], u64, Option<i64>);

/// RFC 8018 A.2: the parameters behind PBKDF2's identifier.
pub(crate) fn pbkdf2_parameters(mut kdf: Reader<'_>) -> Result<Pbkdf2<'_>, UnlockError> {
    let malformed = || Malformed("PBKDF2");
    let mut fields = kdf.sequence().ok_or_else(malformed)?;
    let salt = fields.read(Tag::OCTET_STRING).ok_or_else(malformed)?;
    let rounds = rounds(&mut fields)?;
    let length = if fields.is_next(Tag::INTEGER) {
        Some(fields.small_integer().ok_or_else(malformed)?)
    } else {
        None
    };
    let hash = if fields.is_empty() {
        Hash::Sha1
    } else {
        let id = fields.sequence().and_then(|mut prf| prf.object_identifier());
        let id = id.ok_or_else(malformed)?;
        Hash::from_hmac_identifier(id)
            .ok_or_else(|| UnlockError::Unsupported(format!("algorithm {}", der::dotted(id))))?
    };
    Ok((hash, salt, rounds, length))
}

/// A number of rounds, at least one.
pub(crate) fn rounds(fields: &mut Reader<'_>) -> Result<u64, UnlockError> {
    let number = fields.integer().ok_or(Malformed("the number of rounds"))?;
    if !der::is_positive(number) {
        return Err(Malformed("the number of rounds"));
    }
    let rounds = der::to_i64(number).and_then(|n| u64::try_from(n).ok()).unwrap_or(u64::MAX);
    if rounds > MAX_ROUNDS { Err(UnlockError::Rounds { rounds }) } else { Ok(rounds) }
}

/// The encryption of OpenSSL's old PEM, from its `DEK-Info`.
#[derive(Debug)]
pub struct DekInfo {
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
    pub fn read(text: &[u8]) -> Result<Self, UnlockError> {
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
    pub fn decrypt(
        &self,
        data: &[u8],
        passphrase: &Passphrase<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
        let salt = self.iv.get(..8).unwrap_or_default();
        let mut key = Zeroizing::new(Vec::with_capacity(48));
        let mut last = Zeroizing::new(Vec::new());
        while key.len() < self.cipher.key_size() {
            last = Hash::Md5.digest(&[&last, passphrase.0, salt]);
            key.extend_from_slice(&last);
        }
        key.truncate(self.cipher.key_size());
        if data.is_empty() || !data.len().is_multiple_of(self.cipher.block_size()) {
            return Err(Malformed("the encrypted part"));
        }
        self.cipher
            .decrypt(&key, &self.iv, data)
            .ok_or_else(|| UnlockError::Wrong { scheme: self.to_string() })
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
