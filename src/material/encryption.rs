//! Encryption under a passphrase: PBES1 and PBES2 of PKCS#5 (RFC 8018), the schemes of PKCS#12
//! (RFC 7292), and what OpenSSL once did with PEM.
//!
//! How often a passphrase is hashed stands in the file, and a hostile file may ask for hours:
//! a [`Work`] counts what is done for one input, and ends it.

mod cipher;
mod dek_info;
mod derivation;

use std::fmt;

use zeroize::Zeroizing;

use self::cipher::Cipher;
pub(crate) use self::dek_info::DekInfo;
pub(crate) use self::derivation::{MAX_ROUNDS, Passphrase, Work};
pub(crate) use self::derivation::{Purpose, in_all_ways, pbkdf2, pkcs12_kdf};
use crate::material::der::{self, Reader, Tag};
use crate::material::hash::Hash;

/// Why something under a passphrase could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnlockError {
    /// It is not of the form that its beginning announces.
    #[error("its encryption is damaged: {0} cannot be read")]
    Malformed(&'static str),
    #[error("it is encrypted ({scheme}) and no passphrase was given")]
    NoPassphrase { scheme: String },
    #[error("its passphrase must be hashed {rounds} times, and at most {MAX_ROUNDS} are supported")]
    Rounds { rounds: u64 },
    /// It is encrypted in a way that is not supported.
    #[error("it is encrypted with {0}, which is not supported")]
    Unsupported(String),
    #[error("the passphrase is wrong ({scheme})")]
    Wrong { scheme: String },
}

use UnlockError::Malformed;

/// How something is encrypted: an `AlgorithmIdentifier` that was understood.
#[derive(Debug)]
pub(crate) struct Scheme<'a> {
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
    pub(crate) fn read(mut identifier: Reader<'a>) -> Result<Self, UnlockError> {
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
        let mut parameters = encryption;
        let iv =
            || parameters.read(Tag::OCTET_STRING).ok_or(Malformed("the initialization vector"));
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

    pub(crate) fn decrypt(
        &self,
        data: &[u8],
        passphrase: &Passphrase<'_>,
        work: &Work,
    ) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
        let (key_size, block) = (self.cipher.key_size(), self.cipher.block_size());
        let (key, iv) = match self.kdf {
            Kdf::Pbkdf1 { hash, salt, rounds } => {
                work.take(rounds)?;
                let mut both = hash.digest(&[passphrase.as_bytes(), salt]);
                for _ in 1..rounds {
                    both = hash.digest(&[&both]);
                }
                let (key, iv) = both.split_at_checked(8).ok_or(Malformed("the key"))?;
                let iv = iv.get(..8).unwrap_or_default();
                (Zeroizing::new(key.to_vec()), Zeroizing::new(iv.to_vec()))
            }
            Kdf::Pbkdf2 { hash, salt, rounds } => {
                let key = pbkdf2(hash, passphrase.as_bytes(), salt, rounds, key_size, work)?;
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
        open(self.cipher, &key, &iv, data, self)
    }
}

/// Opens what was encrypted by a scheme that has this cipher.
fn open(
    cipher: Cipher,
    key: &[u8],
    iv: &[u8],
    data: &[u8],
    scheme: &impl fmt::Display,
) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    if !cipher.fits(data) {
        return Err(Malformed("the encrypted part"));
    }
    let opened = cipher.decrypt(key, iv, data);
    opened.ok_or_else(|| UnlockError::Wrong { scheme: scheme.to_string() })
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
        let mut prf = fields.sequence().ok_or_else(malformed)?;
        let id = prf.object_identifier().ok_or_else(malformed)?;
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
