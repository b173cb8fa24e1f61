//! The ciphers that keys and PKCS#12 files are encrypted with, all of them in CBC mode.

use std::fmt;

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    BlockCipherDecrypt, BlockModeDecrypt as _, InnerIvInit as _, KeyInit, KeyIvInit as _,
};
use des::{Des, TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes(u16),
    Des,
    Des2,
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
    pub(super) fn key_size(self) -> usize {
        match self {
            Self::Aes(bits) | Self::Rc2(bits) => usize::from(bits / 8),
            Self::Des => 8,
            Self::Des2 => 16,
            Self::Des3 => 24,
        }
    }

    pub(super) fn block_size(self) -> usize {
        if matches!(self, Self::Aes(_)) { 16 } else { 8 }
    }

    /// Whether data is whole blocks, and at least one.
    pub(super) fn fits(self, data: &[u8]) -> bool {
        !data.is_empty() && data.len().is_multiple_of(self.block_size())
    }

    /// `None` where the padding is wrong, or the lengths are.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
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
