//! PKCS#12 (RFC 7292): a key and certificates in one file, under a passphrase.
//!
//! Written here on the readers that are here already, since the crates for it bring a second X.509
//! reader along and bound neither rounds nor memory; the cryptography is `RustCrypto`'s.

use zeroize::Zeroizing;

use crate::material::ber;
use crate::material::der::{self, Reader, Tag};
use crate::material::encryption::{
    self, Passphrase, Purpose, Scheme, UnlockError, Work, pbkdf2, pkcs12_kdf,
};
use crate::material::hash::Hash;

/// What stands in a file.
#[derive(Debug, Default)]
pub(crate) struct Pkcs12 {
    /// The certificates as DER, in the order of the file.
    pub certificates: Vec<Vec<u8>>,
    /// The private keys as PKCS#8.
    pub keys: Vec<Zeroizing<Vec<u8>>>,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Pkcs12Error {
    #[error("it is damaged or cut off: {0} cannot be read")]
    Malformed(&'static str),
    #[error("it has {} after its end", if *.0 == 1 { "1 byte".to_owned() } else { format!("{} bytes", .0) })]
    Trailing(usize),
    /// What is under the passphrase could not be opened.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    /// The passphrase is checked with a hash that is not supported.
    #[error("its passphrase is checked with {0}, which is not supported")]
    MacHash(String),
    /// Something in it is of a kind that is not supported.
    #[error("it contains {0}, which is not supported")]
    Unsupported(&'static str),
}

use Pkcs12Error::Malformed;

/// pkcs-7, less its last number.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// pkcs-12 10 1, less its last number: the kinds of bag.
const BAGS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
const PBMAC1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e];
/// Bags within bags deeper than that do not occur.
const MAX_DEPTH: usize = 4;

/// Whether an input begins like one, in BER or DER.
pub(crate) fn is_like(input: &[u8]) -> bool {
    const VERSION: [u8; 3] = [2, 1, 3];
    let Some(rest) = input.strip_prefix(&[0x30]) else { return false };
    let header = match rest.first() {
        Some(0..=0x80) => 1,
        Some(count @ 0x81..=0x84) => usize::from(count & 0x7f) + 1,
        _ => return false,
    };
    rest.get(header..).is_some_and(|fields| fields.starts_with(&VERSION))
}

/// Reads a file. Without a passphrase the empty one is tried.
pub(crate) fn parse(input: &[u8], passphrase: Option<&[u8]>) -> Result<Pkcs12, Pkcs12Error> {
    let is_wrong =
        |error: &Pkcs12Error| matches!(error, Pkcs12Error::Unlock(UnlockError::Wrong { .. }));
    let opened = match passphrase {
        Some(text) => encryption::in_all_ways(text, is_wrong, |text| read(input, Some(text))),
        None => read(input, None),
    };
    opened.map_err(|error| match error {
        Pkcs12Error::Unlock(UnlockError::Wrong { scheme }) if passphrase.is_none() => {
            UnlockError::NoPassphrase { scheme }.into()
        }
        error => error,
    })
}

fn read(input: &[u8], passphrase: Option<Passphrase<'_>>) -> Result<Pkcs12, Pkcs12Error> {
    let (der, rest) = ber::to_der(input).ok_or(Malformed("its outer part"))?;
    if !rest.is_empty() {
        return Err(Pkcs12Error::Trailing(rest.len()));
    }
    let mut fields = Reader::new(&der).sequence().ok_or(Malformed("its outer part"))?;
    if fields.small_integer() != Some(3) {
        return Err(Malformed("its version"));
    }
    let info = fields.sequence().ok_or(Malformed("its content"))?;
    let (kind, content) = content_info(info)?;
    if kind == 2 {
        return Err(Pkcs12Error::Unsupported("a signature instead of a passphrase"));
    }
    let content = Reader::new(content).read(Tag::OCTET_STRING).ok_or(Malformed("its content"))?;
    let work = Work::default();
    let mac = if fields.is_empty() { None } else { Some(Mac::read(fields)?) };
    let passphrase = passphrase.unwrap_or(Passphrase::new(&[]));
    if let Some(mac) = mac {
        mac.check(content, passphrase, &work)?;
    }
    let opener = Opener { passphrase, work: &work };
    let mut found = Pkcs12::default();
    let (safe, _) = ber::to_der(content).ok_or(Malformed("its list of parts"))?;
    let mut parts = Reader::new(&safe).sequence().ok_or(Malformed("its list of parts"))?;
    while !parts.is_empty() {
        let part = parts.sequence().ok_or(Malformed("a part"))?;
        let (kind, content) = content_info(part)?;
        match kind {
            1 => {
                let bags =
                    Reader::new(content).read(Tag::OCTET_STRING).ok_or(Malformed("a part"))?;
                opener.bags(bags, 0, &mut found)?;
            }
            6 => {
                let bags = opener.encrypted_data(content)?;
                opener.bags(&bags, 0, &mut found)?;
            }
            _ => return Err(Pkcs12Error::Unsupported("a part for the owner of a public key")),
        }
    }
    Ok(found)
}

/// The last number of the content's type, of PKCS#7, and the content.
fn content_info(mut info: Reader<'_>) -> Result<(u8, &[u8]), Pkcs12Error> {
    let malformed = || Malformed("the type of a part");
    let id = info.object_identifier().ok_or_else(malformed)?;
    let content = info.read(Tag::explicit(0)).ok_or_else(malformed)?;
    match id.strip_prefix(PKCS7) {
        Some([kind]) => Ok((*kind, content)),
        _ => Err(malformed()),
    }
}

/// What shows that passphrase and file belong together.
struct Mac<'a> {
    digest: &'a [u8],
    form: MacForm<'a>,
}

enum MacForm<'a> {
    /// RFC 7292's own.
    Own { hash: Hash, salt: &'a [u8], rounds: u64 },
    /// RFC 9579's.
    Pbmac1 { kdf: Hash, mac: Hash, salt: &'a [u8], rounds: u64, length: usize },
}

impl<'a> Mac<'a> {
    fn read(mut fields: Reader<'a>) -> Result<Self, Pkcs12Error> {
        let malformed = || Malformed("its check of the passphrase");
        let mut mac = fields.sequence().ok_or_else(malformed)?;
        let mut info = mac.sequence().ok_or_else(malformed)?;
        let mut algorithm = info.sequence().ok_or_else(malformed)?;
        let digest = info.read(Tag::OCTET_STRING).ok_or_else(malformed)?;
        let salt = mac.read(Tag::OCTET_STRING).ok_or_else(malformed)?;
        let rounds = if mac.is_empty() { 1 } else { encryption::rounds(&mut mac)? };
        let id = algorithm.object_identifier().ok_or_else(malformed)?;
        let form = if id == PBMAC1 {
            let mut parameters = algorithm.sequence().ok_or_else(malformed)?;
            let mut kdf = parameters.sequence().ok_or_else(malformed)?;
            kdf.object_identifier().ok_or_else(malformed)?;
            let (kdf, salt, rounds, length) = encryption::pbkdf2_parameters(kdf)?;
            let mut scheme = parameters.sequence().ok_or_else(malformed)?;
            let id = scheme.object_identifier().ok_or_else(malformed)?;
            let mac = Hash::from_hmac_identifier(id).ok_or_else(|| mac_hash(id))?;
            let length = length.and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= 64);
            MacForm::Pbmac1 { kdf, mac, salt, rounds, length: length.ok_or_else(malformed)? }
        } else {
            let hash = Hash::from_identifier(id).ok_or_else(|| mac_hash(id))?;
            MacForm::Own { hash, salt, rounds }
        };
        Ok(Self { digest, form })
    }

    fn scheme(&self) -> String {
        match self.form {
            MacForm::Own { hash, .. } => format!("PKCS#12, HMAC-{hash}"),
            MacForm::Pbmac1 { mac, .. } => format!("PKCS#12, PBMAC1 with HMAC-{mac}"),
        }
    }

    /// Whether the passphrase is the right one.
    fn check(
        &self,
        content: &[u8],
        passphrase: Passphrase<'_>,
        work: &Work,
    ) -> Result<(), Pkcs12Error> {
        let given = passphrase.as_bytes();
        let text = passphrase.utf16();
        let fits = |text: &[u8]| {
            let (hash, key) = match self.form {
                MacForm::Own { hash, salt, rounds } => {
                    let key =
                        pkcs12_kdf(hash, Purpose::Mac, text, salt, rounds, hash.size(), work)?;
                    (hash, key)
                }
                MacForm::Pbmac1 { kdf, mac, salt, rounds, length } => {
                    (mac, pbkdf2(kdf, given, salt, rounds, length, work)?)
                }
            };
            Ok::<_, UnlockError>(hash.is_hmac(&key, content, self.digest))
        };
        // Of an empty passphrase some programs hash the terminator, and others nothing at all.
        if fits(&text)? || (given.is_empty() && fits(&[])?) {
            return Ok(());
        }
        Err(UnlockError::Wrong { scheme: self.scheme() }.into())
    }
}

/// A hash that passphrases are not checked with here.
fn mac_hash(id: &[u8]) -> Pkcs12Error {
    let md5 = id == Hash::Md5.identifier();
    Pkcs12Error::MacHash(if md5 { "MD5".to_owned() } else { format!("hash {}", der::dotted(id)) })
}

struct Opener<'a> {
    passphrase: Passphrase<'a>,
    work: &'a Work,
}

impl Opener<'_> {
    /// RFC 5652's `EncryptedData`, opened.
    fn encrypted_data(&self, content: &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
        let malformed = || Malformed("an encrypted part");
        let mut fields = Reader::new(content).sequence().ok_or_else(malformed)?;
        fields.small_integer().ok_or_else(malformed)?;
        let mut info = fields.sequence().ok_or_else(malformed)?;
        info.object_identifier().ok_or_else(malformed)?;
        let scheme = Scheme::read(info.sequence().ok_or_else(malformed)?)?;
        // In BER the bytes may stand in pieces.
        let mut pieces = Zeroizing::new(Vec::new());
        let data = if info.is_next(Tag::explicit(0)) {
            let mut list = Reader::new(info.read(Tag::explicit(0)).ok_or_else(malformed)?);
            pieces.reserve(list.rest().len());
            while !list.is_empty() {
                pieces.extend_from_slice(list.read(Tag::OCTET_STRING).ok_or_else(malformed)?);
            }
            pieces.as_slice()
        } else {
            info.read(Tag::context(0)).ok_or_else(malformed)?
        };
        Ok(scheme.decrypt(data, &self.passphrase, self.work)?)
    }

    fn bags(&self, bags: &[u8], depth: usize, found: &mut Pkcs12) -> Result<(), Pkcs12Error> {
        let malformed = || Malformed("a bag");
        let (bags, _) = ber::to_der(bags).ok_or_else(malformed)?;
        let mut bags = Reader::new(&bags).sequence().ok_or_else(malformed)?;
        while !bags.is_empty() {
            let mut bag = bags.sequence().ok_or_else(malformed)?;
            let id = bag.object_identifier().ok_or_else(malformed)?;
            let value = bag.read(Tag::explicit(0)).ok_or_else(malformed)?;
            match id.strip_prefix(BAGS) {
                Some([1]) => found.keys.push(Zeroizing::new(value.to_vec())),
                Some([2]) => found.keys.push(open_pkcs8(value, &self.passphrase, self.work)?),
                Some([3]) => {
                    let mut fields = Reader::new(value).sequence().ok_or_else(malformed)?;
                    let kind = fields.object_identifier().ok_or_else(malformed)?;
                    let content = fields.read(Tag::explicit(0)).ok_or_else(malformed)?;
                    if kind == X509_CERTIFICATE {
                        let der = Reader::new(content).read(Tag::OCTET_STRING);
                        found.certificates.push(der.ok_or_else(malformed)?.to_vec());
                    }
                }
                Some([6]) if depth < MAX_DEPTH => self.bags(value, depth + 1, found)?,
                Some([6]) => return Err(malformed()),
                // Lists of what is revoked, secrets of other kinds: nothing for TLS.
                _ => {}
            }
        }
        Ok(())
    }
}

/// RFC 5958's `EncryptedPrivateKeyInfo`, opened: the PKCS#8 within.
pub(crate) fn open_pkcs8(
    der: &[u8],
    passphrase: &Passphrase<'_>,
    work: &Work,
) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    let malformed = || UnlockError::Malformed("the encrypted key");
    let mut fields = Reader::new(der).sequence().ok_or_else(malformed)?;
    let scheme = Scheme::read(fields.sequence().ok_or_else(malformed)?)?;
    let data = fields.read(Tag::OCTET_STRING).ok_or_else(malformed)?;
    let key = scheme.decrypt(data, passphrase, work)?;
    // One in 256 wrong keys leaves a padding that looks right.
    let mut whole = Reader::new(&key);
    if whole.sequence().is_none_or(|mut fields| fields.small_integer().is_none()) {
        return Err(UnlockError::Wrong { scheme: scheme.to_string() });
    }
    Ok(key)
}

/// How RFC 5958's `EncryptedPrivateKeyInfo` is encrypted.
pub(crate) fn pkcs8_scheme(der: &[u8]) -> Result<String, UnlockError> {
    let identifier = Reader::new(der).sequence().and_then(|mut fields| fields.sequence());
    Scheme::read(identifier.ok_or(UnlockError::Malformed("the encrypted key"))?)
        .map(|scheme| scheme.to_string())
}
