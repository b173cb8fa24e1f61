//! The hashes that sign certificates and make keys of passphrases.

use std::fmt;

use hmac::{Hmac, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

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
    pub(crate) const fn identifier(self) -> &'static [u8] {
        match self {
            Self::Md5 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05],
            Self::Sha1 => &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
            Self::Sha224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 4],
            Self::Sha256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 1],
            Self::Sha384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 2],
            Self::Sha512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 3],
        }
    }

    /// Of an object identifier of a hash itself. MD5 is none that shows anything any more.
    pub(crate) fn from_identifier(id: &[u8]) -> Option<Self> {
        const GOOD: [Hash; 5] =
            [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512];
        GOOD.into_iter().find(|hash| hash.identifier() == id)
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

    pub(crate) fn digest(self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
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
    pub(crate) const fn block(self) -> usize {
        match self {
            Self::Sha384 | Self::Sha512 => 128,
            _ => 64,
        }
    }

    /// The bytes of its result, which are those of a key for HMAC in PKCS#12 as well.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
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
