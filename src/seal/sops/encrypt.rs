//! The values and the MAC (`aes/cipher.go` and `sops.go` of sops).
//!
//! A value is encrypted by AES-256-GCM with a nonce of 32 random bytes. Its additional data is the
//! path of keys to it with `:` between them and at the end, in which lists do not occur. Empty values and nulls stay as
//! they are. The MAC is the SHA-512 of all values in the order of the document, without separators, in
//! upper-case hexadecimal digits; it is encrypted, too, with the time as additional data.

use std::fmt::Write as _;
use std::io;

use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{AesGcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

use super::keys::WrappedKeys;
use super::tree::Item;

type Cipher = AesGcm<aes::Aes256, U32>;

/// What a MAC of encrypted values only begins with: SHA-256 of `sops`, so that it differs from the
/// MAC of all values.
const MAC_ONLY_ENCRYPTED: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b,
    0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// The version of sops whose layout is written.
const VERSION: &str = "3.11.0";

/// How a document is encrypted.
pub(crate) struct Encryption<'a> {
    pub data_key: Zeroizing<[u8; 32]>,
    /// Whether the value under these keys is encrypted.
    pub is_encrypted: &'a dyn Fn(&[&str]) -> bool,
    /// The field of the block `sops` that says so, and its value.
    pub selector: (&'static str, &'a str),
    pub mac_only_encrypted: bool,
    pub now: Timestamp,
    /// Fills a nonce with random bytes.
    pub random: &'a dyn Fn(&mut [u8]) -> io::Result<()>,
}

/// An encrypted document with its block `sops`.
#[derive(Debug)]
pub(crate) struct SopsFile<'a> {
    pub(super) root: Item<'a>,
}

/// Encrypts a document. `root` is a map. Fails if the system gives no random bytes.
pub(crate) fn encrypt<'a>(
    root: Item<'a>,
    keys: &WrappedKeys,
    encryption: &Encryption<'_>,
) -> io::Result<SopsFile<'a>> {
    let mut documents = encrypt_all(vec![root], keys, encryption)?;
    documents.pop().ok_or_else(|| io::Error::other("no document"))
}

/// Encrypts the documents of a file: one MAC covers all of them.
pub(super) fn encrypt_all<'a>(
    documents: Vec<Item<'a>>,
    keys: &WrappedKeys,
    encryption: &Encryption<'_>,
) -> io::Result<Vec<SopsFile<'a>>> {
    let mut walk = Walk {
        encryption,
        cipher: Cipher::new((&*encryption.data_key).into()),
        mac: Sha512::new(),
    };
    if encryption.mac_only_encrypted {
        walk.mac.update(MAC_ONLY_ENCRYPTED);
    }
    let mut sealed = Vec::with_capacity(documents.len());
    for document in documents {
        sealed.push(walk.item(document, &mut Vec::new())?);
    }
    let time = encryption.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let hash = Zeroizing::new(<[u8; 64]>::from(std::mem::take(&mut walk.mac).finalize()));
    let room = Zeroizing::new(String::with_capacity(2 * hash.len()));
    let mac = hash.iter().fold(room, |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02X}");
        text
    });
    let sealed_mac = walk.seal(mac.as_bytes(), &time, "str")?;
    let block = block(keys, encryption, &time, &sealed_mac);
    let with_block = sealed.into_iter().map(|root| {
        let Item::Map(mut pairs) = root else { return Err(io::Error::other("not a map")) };
        pairs.push(("sops".into(), block.clone()));
        Ok(SopsFile { root: Item::Map(pairs) })
    });
    with_block.collect()
}

/// The block `sops`, in the order of sops 3.11.
fn block(keys: &WrappedKeys, encryption: &Encryption<'_>, time: &str, mac: &str) -> Item<'static> {
    let mut fields = Vec::new();
    let mut push = |key: &'static str, value| fields.push((key.into(), value));
    let age = keys.age.iter().map(|(recipient, sealed)| {
        Item::Map(vec![
            ("recipient".into(), Item::text(recipient)),
            ("enc".into(), Item::text(sealed)),
        ])
    });
    if !keys.age.is_empty() {
        push("age", Item::List(age.collect()));
    }
    push("lastmodified", Item::text(time));
    push("mac", Item::text(mac));
    let pgp = keys.pgp.iter().map(|(fingerprint, sealed)| {
        Item::Map(vec![
            ("created_at".into(), Item::text(time)),
            ("enc".into(), Item::text(sealed)),
            ("fp".into(), Item::text(fingerprint)),
        ])
    });
    if !keys.pgp.is_empty() {
        push("pgp", Item::List(pgp.collect()));
    }
    let (selector, value) = encryption.selector;
    push(selector, Item::text(value));
    if encryption.mac_only_encrypted {
        push("mac_only_encrypted", Item::Bool(true));
    }
    push("version", Item::text(VERSION));
    Item::Map(fields)
}

struct Walk<'e> {
    encryption: &'e Encryption<'e>,
    cipher: Cipher,
    mac: Sha512,
}

impl Walk<'_> {
    fn item<'a>(&mut self, item: Item<'a>, path: &mut Vec<String>) -> io::Result<Item<'a>> {
        let (plain, kind) = match &item {
            Item::Map(_) | Item::List(_) => return self.members(item, path),
            Item::Null | Item::Sealed { .. } => return Ok(item),
            Item::Comment(text) => {
                if !self.is_encrypted(path) || text.is_empty() {
                    return Ok(item);
                }
                let text = self.seal(text.as_bytes(), &additional_data(path), "comment")?;
                return Ok(Item::Sealed { text, is_comment: true });
            }
            Item::Bool(true) => ("True", "bool"),
            Item::Bool(false) => ("False", "bool"),
            Item::Float(text) => (text.as_str(), "float"),
            Item::Int(text) => (text.as_str(), "int"),
            Item::Text(text) => (text.as_str(), "str"),
            Item::Time(text) => (text.as_str(), "time"),
        };
        let is_encrypted = self.is_encrypted(path);
        if is_encrypted || !self.encryption.mac_only_encrypted {
            self.mac.update(plain);
        }
        if !is_encrypted || plain.is_empty() {
            return Ok(item);
        }
        let text = self.seal(plain.as_bytes(), &additional_data(path), kind)?;
        Ok(Item::Sealed { text, is_comment: false })
    }

    fn members<'a>(&mut self, item: Item<'a>, path: &mut Vec<String>) -> io::Result<Item<'a>> {
        match item {
            Item::List(items) => {
                let sealed = items.into_iter().map(|item| self.item(item, path));
                Ok(Item::List(sealed.collect::<Result<_, _>>()?))
            }
            Item::Map(pairs) => {
                let mut sealed = Vec::with_capacity(pairs.len() + 1);
                for (key, value) in pairs {
                    let is_member = !value.is_comment();
                    if is_member {
                        path.push(key.to_string());
                    }
                    sealed.push((key, self.item(value, path)?));
                    if is_member {
                        path.pop();
                    }
                }
                Ok(Item::Map(sealed))
            }
            other => Ok(other),
        }
    }

    fn is_encrypted(&self, path: &[String]) -> bool {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        (self.encryption.is_encrypted)(&path)
    }

    fn seal(&self, plain: &[u8], additional_data: &str, kind: &str) -> io::Result<String> {
        let mut nonce = Nonce::<U32>::default();
        (self.encryption.random)(&mut nonce)?;
        let mut data = Zeroizing::new(plain.to_vec());
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce, additional_data.as_bytes(), data.as_mut_slice().into())
            .map_err(|_| io::Error::other("AES-GCM takes no value of this length"))?;
        let [data, nonce, tag] =
            [data.as_slice(), &nonce, &tag].map(|bytes| STANDARD.encode(bytes));
        Ok(format!("ENC[AES256_GCM,data:{data},iv:{nonce},tag:{tag},type:{kind}]"))
    }
}

/// The keys of a path with `:` between them and one at the end, also of a path without a key.
fn additional_data(path: &[String]) -> String {
    path.join(":") + ":"
}
