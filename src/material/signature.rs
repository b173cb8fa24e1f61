//! The signature on a certificate: RSA (PKCS#1 v1.5 and PSS), ECDSA and Ed25519, with SHA-1 and
//! SHA-2.
//!
//! All numbers here are public, so nothing has to be constant in time.

use std::ops::RangeInclusive;

use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, PublicKey as Point};
use ecdsa::{EcdsaCurve, hazmat};
use ed25519_dalek::{Verifier as _, VerifyingKey};
use rsa::{BoxedUint, Pss};
use sha1::Sha1;
use sha2::digest::FixedOutputReset;
use sha2::digest::const_oid::AssociatedOid;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use x509_parser::asn1_rs::FromDer as _;
use x509_parser::signature_algorithm::RsaSsaPssParams;

use crate::material::certificate::{Certificate, Signed};
use crate::material::der::{self, Reader};
use crate::material::hash::Hash;
use crate::material::public_key::{Algorithm, Curve, PublicKey};

/// The bits of an RSA key whose signatures are checked: as in Go at least 1024; those of larger keys
/// than 16384 bits would take seconds.
const RSA_BITS: RangeInclusive<usize> = 1024..=16384;

/// Why a signature does not show that the issuer signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    /// It is of an algorithm that is not checked here.
    #[error("signatures by {0} are not supported")]
    Unsupported(String),
    /// It is not one of that key on that certificate.
    #[error("the signature is not the issuer's")]
    Wrong,
}

/// Checks that the owner of `issuer` signed the certificate.
pub(crate) fn verify(certificate: &Certificate, issuer: &PublicKey) -> Result<(), SignatureError> {
    let signed = &certificate.signed;
    let scheme = Scheme::read(&signed.algorithm).map_err(|unsupported| match unsupported {
        Unsupported { family: Some(family), .. } if !family.has(issuer) => SignatureError::Wrong,
        Unsupported { name, .. } => SignatureError::Unsupported(name),
    })?;
    let valid = match (scheme, issuer) {
        // A key that is not read here may have signed, where the algorithm fits.
        (scheme, PublicKey::Other(algorithm)) if scheme.family().has(issuer) => {
            return Err(SignatureError::Unsupported(algorithm.to_string()));
        }
        (Scheme::Ecdsa(hash), PublicKey::Ecdsa(curve, point)) => {
            is_ecdsa(*curve, point, &hash.digest(&[&signed.text]), &signed.signature)
        }
        (Scheme::Ed25519, PublicKey::Ed25519(key)) => {
            let key = VerifyingKey::from_bytes(key);
            let signature = ed25519_dalek::Signature::from_slice(&signed.signature);
            matches!((key, signature), (Ok(k), Ok(s)) if k.verify(&signed.text, &s).is_ok())
        }
        (Scheme::Rsa(hash), PublicKey::Rsa(modulus, exponent)) => {
            is_rsa(hash, None, &rsa_key(modulus, *exponent)?, signed)
        }
        (Scheme::RsaPss { hash, salt }, PublicKey::Rsa(modulus, exponent)) => {
            is_rsa(hash, Some(salt), &rsa_key(modulus, *exponent)?, signed)
        }
        _ => false,
    };
    if valid { Ok(()) } else { Err(SignatureError::Wrong) }
}

/// The algorithms of keys that can make a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Dsa,
    Ecdsa,
    Ed25519,
    Ed448,
    MlDsa,
    Rsa,
}

impl Family {
    /// Whether a key is one of them.
    fn has(self, key: &PublicKey) -> bool {
        let family = match key.algorithm() {
            Algorithm::Dsa => Self::Dsa,
            Algorithm::Ecdsa(_) | Algorithm::EllipticCurve(_) => Self::Ecdsa,
            Algorithm::Ed25519 => Self::Ed25519,
            Algorithm::Ed448 => Self::Ed448,
            Algorithm::MlDsa(_) => Self::MlDsa,
            Algorithm::Rsa | Algorithm::RsaPss => Self::Rsa,
            Algorithm::Other(_) | Algorithm::X25519 | Algorithm::X448 => return false,
        };
        family == self
    }
}

/// A way to sign that is not supported.
struct Unsupported {
    /// The keys that can sign in that way; `None` if that is not known.
    family: Option<Family>,
    name: String,
}

impl Unsupported {
    fn of(family: Family, name: impl Into<String>) -> Self {
        Self { family: Some(family), name: name.into() }
    }
}

/// The hash that a certificate is signed with, if it is one that clients refuse: its name.
pub(crate) fn weak_hash(certificate: &Certificate) -> Option<&'static str> {
    match Reader::new(&certificate.signed.algorithm).object_identifier()? {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02] => Some("MD2"),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04] => Some("MD5"),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05]
        | [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01]
        | [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03] => Some("SHA-1"),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a] => {
            match Scheme::read(&certificate.signed.algorithm) {
                Ok(Scheme::RsaPss { hash: Hash::Sha1, .. }) => Some("SHA-1"),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The name of a signature algorithm, from the contents of its `AlgorithmIdentifier`.
pub(crate) fn name(identifier: &[u8]) -> String {
    match Scheme::read(identifier) {
        Ok(Scheme::Ecdsa(hash)) => format!("ECDSA with {hash}"),
        Ok(Scheme::Ed25519) => "Ed25519".to_owned(),
        Ok(Scheme::Rsa(hash)) => format!("RSA with {hash}"),
        Ok(Scheme::RsaPss { hash, .. }) => format!("RSA-PSS with {hash}"),
        Err(Unsupported { name, .. }) => name,
    }
}

/// How a certificate is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Ecdsa(Hash),
    Ed25519,
    Rsa(Hash),
    RsaPss { hash: Hash, salt: usize },
}

impl Scheme {
    /// From the contents of an `AlgorithmIdentifier`.
    fn read(identifier: &[u8]) -> Result<Self, Unsupported> {
        let mut fields = Reader::new(identifier);
        let id = fields.object_identifier().unwrap_or_default();
        let rsa = |name: &str| Unsupported::of(Family::Rsa, name);
        let unknown =
            || Unsupported { family: None, name: format!("algorithm {}", der::dotted(id)) };
        Ok(match id {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last] => match last {
                0x02 => return Err(rsa("MD2 with RSA")),
                0x04 => return Err(rsa("MD5 with RSA")),
                0x05 => Self::Rsa(Hash::Sha1),
                0x0a => {
                    return Self::read_pss(fields.rest())
                        .ok_or_else(|| rsa("RSA-PSS with two hashes"));
                }
                0x0b => Self::Rsa(Hash::Sha256),
                0x0c => Self::Rsa(Hash::Sha384),
                0x0d => Self::Rsa(Hash::Sha512),
                0x0e => Self::Rsa(Hash::Sha224),
                _ => return Err(unknown()),
            },
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01] => Self::Ecdsa(Hash::Sha1),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, last @ 1..=4] => Self::Ecdsa(match last {
                1 => Hash::Sha224,
                2 => Hash::Sha256,
                3 => Hash::Sha384,
                _ => Hash::Sha512,
            }),
            [0x2b, 0x65, 0x70] => Self::Ed25519,
            [0x2b, 0x65, 0x71] => return Err(Unsupported::of(Family::Ed448, "Ed448")),
            // The signature algorithms of NIST, 2.16.840.1.101.3.4.3.
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last] => {
                return Err(match last {
                    1 | 2 => Unsupported::of(Family::Dsa, "DSA"),
                    9..=12 => Unsupported::of(Family::Ecdsa, "ECDSA with SHA-3"),
                    13..=16 => Unsupported::of(Family::Rsa, "RSA with SHA-3"),
                    17..=19 => Unsupported::of(Family::MlDsa, Algorithm::ml_dsa(*last).to_string()),
                    20..=31 => Unsupported { family: None, name: "SLH-DSA".to_owned() },
                    _ => unknown(),
                });
            }
            // id-dsa-with-sha1
            [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03] => {
                return Err(Unsupported::of(Family::Dsa, "DSA"));
            }
            _ => return Err(unknown()),
        })
    }

    fn family(self) -> Family {
        match self {
            Self::Ecdsa(_) => Family::Ecdsa,
            Self::Ed25519 => Family::Ed25519,
            Self::Rsa(_) | Self::RsaPss { .. } => Family::Rsa,
        }
    }

    /// RFC 4055's `RSASSA-PSS-params`, everything in it optional. As in Go the mask is made with
    /// the hash of the message, and nothing else.
    fn read_pss(parameters: &[u8]) -> Option<Self> {
        const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
        let (_, parameters) = RsaSsaPssParams::from_der(parameters).ok()?;
        let hash = Hash::from_identifier(parameters.hash_algorithm_oid().as_bytes())?;
        let mask = parameters.mask_gen_algorithm().ok()?;
        let is_supported = mask.mgf.as_bytes() == MGF1
            && mask.hash.as_bytes() == hash.identifier()
            && parameters.trailer_field() == 1;
        let salt = usize::try_from(parameters.salt_length()).ok().filter(|_| is_supported)?;
        Some(Self::RsaPss { hash, salt })
    }
}

fn rsa_key(modulus: &[u8], exponent: i64) -> Result<rsa::PublicKey, SignatureError> {
    use rsa::errors::Error;

    let exponent = u64::try_from(exponent).map_err(|_| SignatureError::Wrong)?;
    let (n, e) = (BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from(exponent));
    rsa::PublicKey::new_with_size_limits(n, e, RSA_BITS).map_err(|error| match error {
        Error::ModulusTooLarge | Error::ModulusTooSmall => {
            SignatureError::Unsupported(format!("RSA of {} bits", modulus.len() * 8))
        }
        _ => SignatureError::Wrong,
    })
}

/// Whether a signature is of PKCS#1 v1.5, or of PSS with a salt of that many bytes, and right.
fn is_rsa(hash: Hash, salt: Option<usize>, key: &rsa::PublicKey, signed: &Signed) -> bool {
    fn with<D: Digest + AssociatedOid + FixedOutputReset>(
        salt: Option<usize>,
        key: &rsa::PublicKey,
        Signed { signature, text, .. }: &Signed,
    ) -> bool {
        let verified = match salt {
            None => key.pkcs1v15_verify::<D>(text, signature),
            Some(salt) => key.verify(Pss::<D>::new_with_salt(salt), &D::digest(text), signature),
        };
        verified.is_ok()
    }
    match hash {
        Hash::Md5 => false,
        Hash::Sha1 => with::<Sha1>(salt, key, signed),
        Hash::Sha224 => with::<Sha224>(salt, key, signed),
        Hash::Sha256 => with::<Sha256>(salt, key, signed),
        Hash::Sha384 => with::<Sha384>(salt, key, signed),
        Hash::Sha512 => with::<Sha512>(salt, key, signed),
    }
}

/// Whether a signature, in DER, is of this digest and by the key with this point.
pub(crate) fn is_ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    match curve {
        Curve::P224 => ecdsa_over::<p224::NistP224>(point, digest, signature),
        Curve::P256 => ecdsa_over::<p256::NistP256>(point, digest, signature),
        Curve::P384 => ecdsa_over::<p384::NistP384>(point, digest, signature),
        Curve::P521 => ecdsa_over::<p521::NistP521>(point, digest, signature),
    }
    .is_some()
}

fn ecdsa_over<C>(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let point = Point::<C>::from_sec1_bytes(point).ok()?;
    let mut whole = Reader::new(signature);
    let mut numbers = whole.sequence().filter(|_| whole.is_empty())?;
    let [r, s] = [numbers.integer()?, numbers.integer()?].map(|number| {
        // Both are positive, so there is at most one zero in front of them.
        let bytes = number.strip_prefix(&[0]).unwrap_or(number);
        (!der::is_negative(number)).then(|| field_bytes::<C>(bytes)).flatten()
    });
    let signature =
        ecdsa::Signature::<C>::from_scalars(r?, s?).ok().filter(|_| numbers.is_empty())?;
    // FIPS 186-5 6.4.2: the leftmost bits, as many as the order has. Where that is no whole number
    // of bytes (P-521) there is no hash as long.
    let size = field_bytes::<C>(&[])?.len();
    let digest = field_bytes::<C>(digest.get(..size).unwrap_or(digest))?;
    hazmat::verify_prehashed::<C>(&point.to_projective(), &digest, &signature).ok()
}

/// The number in as many bytes as the curve's have.
fn field_bytes<C: CurveArithmetic>(number: &[u8]) -> Option<ecdsa::elliptic_curve::FieldBytes<C>> {
    let mut bytes = ecdsa::elliptic_curve::FieldBytes::<C>::default();
    let start = bytes.len().checked_sub(number.len())?;
    bytes.get_mut(start..)?.copy_from_slice(number);
    Some(bytes)
}
