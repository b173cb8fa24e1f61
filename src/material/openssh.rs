//! OpenSSH's own container of a private key (`PROTOCOL.key` in its source): what stands between
//! the dashes of `OPENSSH PRIVATE KEY`.
//!
//! Read here because the crate for it (ssh-key) brings its own copies of ciphers, key types and
//! big numbers along; what is needed is whether the parts fit each other, as OpenSSH itself asks.

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use crate::material::public_key::Curve;
use crate::material::rsa_key;

pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

/// A key as the container has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) kind: OpensshKind,
    /// Whether a passphrase is needed to read it.
    pub(crate) encrypted: bool,
}

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpensshKind {
    Dsa,
    Ecdsa(Curve),
    Ed25519,
    /// The half of a key that works with a security key at hand alone (`sk-…`).
    Hardware,
    /// An RSA key with a modulus of so many bits.
    Rsa(usize),
    /// One that is not known here.
    Unknown,
}

/// Reads a container; the error is the part that does not fit.
pub(crate) fn parse(contents: &[u8]) -> Result<Container, &'static str> {
    let rest = contents.strip_prefix(MAGIC).ok_or("header")?;
    let mut fields = Reader(rest);
    let cipher = fields.string().ok_or("cipher")?;
    let derivation = fields.string().ok_or("key derivation")?;
    let options = fields.string().ok_or("key derivation")?;
    if fields.number() != Some(1) {
        return Err("number of keys");
    }
    let public = fields.string().ok_or("public key")?;
    let private = fields.string().ok_or("private key")?;
    // Behind it stands the tag of an authenticating cipher, and otherwise nothing.
    let encrypted = cipher != b"none";
    if (!encrypted && !fields.0.is_empty()) || (derivation == b"none" && !options.is_empty()) {
        return Err("end");
    }
    if encrypted == (derivation == b"none") {
        return Err("key derivation");
    }
    let kind = kind(public).ok_or("public key")?;
    if private.is_empty() || private.len() % 8 != 0 {
        return Err("private key");
    }
    if !encrypted {
        check(public, private, kind)?;
    }
    Ok(Container { kind, encrypted })
}

/// The kind of key that a public half says it is.
fn kind(public: &[u8]) -> Option<OpensshKind> {
    let mut fields = Reader(public);
    let name = fields.string()?;
    Some(match name {
        b"ecdsa-sha2-nistp256" => OpensshKind::Ecdsa(Curve::P256),
        b"ecdsa-sha2-nistp384" => OpensshKind::Ecdsa(Curve::P384),
        b"ecdsa-sha2-nistp521" => OpensshKind::Ecdsa(Curve::P521),
        b"ssh-dss" => OpensshKind::Dsa,
        b"ssh-ed25519" => OpensshKind::Ed25519,
        b"ssh-rsa" => {
            fields.string()?;
            OpensshKind::Rsa(bits(fields.string()?))
        }
        name if name.starts_with(b"sk-") => OpensshKind::Hardware,
        name if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) => return None,
        _ => OpensshKind::Unknown,
    })
}

/// Whether the public half of a key has all its fields, and nothing behind them. Of an algorithm that
/// is not known here, and of certificates, the name is all that is asked for.
pub(crate) fn is_whole(public: &[u8]) -> bool {
    let mut fields = Reader(public);
    let Some(name) = fields.string() else { return false };
    let count = match name {
        b"ssh-ed25519" => 1,
        b"ecdsa-sha2-nistp256"
        | b"ecdsa-sha2-nistp384"
        | b"ecdsa-sha2-nistp521"
        | b"sk-ssh-ed25519@openssh.com"
        | b"ssh-rsa" => 2,
        b"sk-ecdsa-sha2-nistp256@openssh.com" => 3,
        b"ssh-dss" => 4,
        _ => return true,
    };
    (0..count).all(|_| fields.string().is_some_and(|field| !field.is_empty()))
        && fields.0.is_empty()
}

/// The length of a positive number.
pub(super) fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = number.get(zeros..).unwrap_or_default();
    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
    number.len() * 8 - unused
}

/// Whether the private half in the clear is whole, and belongs to the public one.
fn check(public: &[u8], private: &[u8], kind: OpensshKind) -> Result<(), &'static str> {
    let mut open = Reader(public);
    let mut secret = Reader(private);
    let checks = (secret.number(), secret.number());
    if checks.0.is_none() || checks.0 != checks.1 {
        return Err("check numbers");
    }
    if secret.string().is_none_or(|name| open.string() != Some(name)) {
        return Err("name of the algorithm");
    }
    let fits = match kind {
        OpensshKind::Dsa => dsa(&mut open, &mut secret),
        OpensshKind::Ecdsa(curve) => ecdsa(&mut open, &mut secret, curve),
        OpensshKind::Ed25519 => ed25519(&mut open, &mut secret),
        OpensshKind::Rsa(_) => rsa(&mut open, &mut secret),
        // What is in them is theirs; the comment cannot be found without knowing it.
        OpensshKind::Hardware | OpensshKind::Unknown => return Ok(()),
    };
    if fits != Some(true) || !open.0.is_empty() {
        return Err("private key");
    }
    secret.string().ok_or("comment")?;
    if is_padding(secret.0) { Ok(()) } else { Err("padding") }
}

/// What fills the last block of a cipher: 1, 2, 3 and so on.
fn is_padding(bytes: &[u8]) -> bool {
    bytes.len() <= 255 && bytes.iter().zip(1..=u8::MAX).all(|(byte, wanted)| *byte == wanted)
}

fn dsa(open: &mut Reader<'_>, secret: &mut Reader<'_>) -> Option<bool> {
    let mut same = true;
    for _p_q_g_y in 0..4 {
        same &= open.string()? == secret.string()?;
    }
    secret.string().map(|x| same && bits(x) > 0)
}

fn ecdsa(open: &mut Reader<'_>, secret: &mut Reader<'_>, curve: Curve) -> Option<bool> {
    let same = open.string()? == secret.string()?;
    let (point, twin) = (open.string()?, secret.string()?);
    let scalar = secret.string()?;
    let zeros = scalar.iter().take_while(|byte| **byte == 0).count();
    let scalar = scalar.get(zeros..)?;
    let mut longest = Zeroizing::new([0; 66]);
    let padded = longest.get_mut(..curve.size())?;
    padded.get_mut(curve.size().checked_sub(scalar.len())?..)?.copy_from_slice(scalar);
    Some(same && point == twin && curve.public_point(padded)? == point)
}

fn ed25519(open: &mut Reader<'_>, secret: &mut Reader<'_>) -> Option<bool> {
    let (public, twin) = (open.string()?, secret.string()?);
    let (seed, third) = secret.string()?.split_at_checked(32)?;
    let seed = Zeroizing::new(<[u8; 32]>::try_from(seed).ok()?);
    let made = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    Some(public == twin && public == third && public == made)
}

fn rsa(open: &mut Reader<'_>, secret: &mut Reader<'_>) -> Option<bool> {
    let (exponent, modulus) = (open.string()?, open.string()?);
    let same = secret.string()? == modulus && secret.string()? == exponent;
    let (_d, _coefficient) = (secret.string()?, secret.string()?);
    let (p, q) = (secret.string()?, secret.string()?);
    Some(same && rsa_key::are_factors(p, q, modulus))
}

/// Reads RFC 4251's fields from the front of a slice.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A `uint32`.
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    /// A `string`, or an `mpint`: a length and so many bytes.
    fn string(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let (string, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paddings() {
        let whole: Vec<_> = (1..=u8::MAX).collect();
        assert!((0..=whole.len()).all(|len| is_padding(&whole[..len])));
        for wrong in [&[0][..], &[1, 3], &[&whole[..], &[0]].concat()] {
            assert!(!is_padding(wrong), "{wrong:?}");
        }
    }
}
