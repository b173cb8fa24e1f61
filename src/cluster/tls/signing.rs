//! The signature with the key of a client certificate.

use std::sync::Arc;

use ecdsa::EcdsaCurve;
use ecdsa::elliptic_curve::{CurveArithmetic, FieldBytes, NonZeroScalar};
use rustls::crypto::ring::sign as by_ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::{Signer, SigningKey};
use rustls::{OtherError, SignatureAlgorithm, SignatureScheme};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::material::private_key::{self, Encoding, PrivateKey};
use crate::material::public_key::{Algorithm, Curve, PublicKey};

/// The key of a client certificate, from the DER that was parsed to `key`. One that this build
/// cannot sign with is an error only once a server asks for a signature.
pub(super) fn signing_key(der: &[u8], key: &PrivateKey) -> Arc<dyn SigningKey> {
    let by_ring = by_ring::any_supported_type(&match key.encoding {
        Encoding::Pkcs1 => PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der)),
        Encoding::Pkcs8 | Encoding::Pkcs8Version2 => {
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der))
        }
        Encoding::Sec1 => PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der)),
    });
    if let Ok(signing) = by_ring {
        return signing;
    }
    if let Some((curve, scalar)) = private_key::ecdsa_scalar(der)
        && curve != Curve::P224
    {
        return Arc::new(EcdsaKey { curve, scalar });
    }
    Arc::new(UnsupportedKey(UnsupportedClientKey {
        algorithm: match &key.public {
            PublicKey::Rsa(modulus, _) => format!("RSA with {} bits", modulus.len() * 8),
            other => other.algorithm().to_string(),
        },
        is_rsa: key.public.algorithm() == Algorithm::Rsa,
    }))
}

/// An ECDSA key that *ring* does not take: over P-521, or in a form that only Go reads.
struct EcdsaKey {
    curve: Curve,
    scalar: Zeroizing<Vec<u8>>,
}

impl EcdsaKey {
    const fn scheme(&self) -> SignatureScheme {
        match self.curve {
            Curve::P224 | Curve::P256 => SignatureScheme::ECDSA_NISTP256_SHA256,
            Curve::P384 => SignatureScheme::ECDSA_NISTP384_SHA384,
            Curve::P521 => SignatureScheme::ECDSA_NISTP521_SHA512,
        }
    }
}

impl std::fmt::Debug for EcdsaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EcdsaKey").field("curve", &self.curve).finish_non_exhaustive()
    }
}

impl SigningKey for EcdsaKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let this = Self { curve: self.curve, scalar: self.scalar.clone() };
        offered.contains(&self.scheme()).then(|| Box::new(this) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for EcdsaKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let scalar = self.scalar.as_slice();
        let signature = match self.curve {
            Curve::P224 | Curve::P256 => {
                sign::<p256::NistP256, Sha256>(scalar, &Sha256::digest(message))
            }
            Curve::P384 => sign::<p384::NistP384, Sha384>(scalar, &Sha384::digest(message)),
            Curve::P521 => sign::<p521::NistP521, Sha512>(scalar, &Sha512::digest(message)),
        };
        signature.ok_or_else(|| rustls::Error::General("signing failed".to_owned()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme()
    }
}

/// Signs a digest, deterministically (RFC 6979); the signature in DER.
fn sign<C, D>(scalar: &[u8], digest: &[u8]) -> Option<Vec<u8>>
where
    C: EcdsaCurve + CurveArithmetic,
    D: sha2::Digest + sha2::digest::block_api::BlockSizeUser,
{
    let mut bytes = Zeroizing::new(FieldBytes::<C>::default());
    let start = bytes.len().checked_sub(scalar.len())?;
    bytes.get_mut(start..)?.copy_from_slice(scalar);
    let key = Zeroizing::new(Option::<NonZeroScalar<C>>::from(NonZeroScalar::from_repr(
        FieldBytes::<C>::clone(&bytes),
    ))?);
    let (signature, _) = ecdsa::hazmat::sign_prehashed_rfc6979::<C, D>(&key, digest, &[]);
    let (r, s) = signature.split_bytes();
    Some(element(0x30, &[integer(&r), integer(&s)].concat()))
}

/// A positive number as DER.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    let is_high = digits.first().is_none_or(|first| first & 0x80 != 0);
    let sign: &[u8] = if is_high { &[0] } else { &[] };
    element(2, &[sign, digits].concat())
}

/// An element of at most 255 bytes: two numbers of P-521 and their headers are 139.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u8::try_from(contents.len()).unwrap_or(u8::MAX);
    let header: &[u8] = if length < 0x80 { &[tag, length] } else { &[tag, 0x81, length] };
    [header, contents].concat()
}

/// A key that this build cannot sign with.
#[derive(Debug)]
struct UnsupportedKey(UnsupportedClientKey);

/// The server asks for a client certificate whose key this build cannot sign with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server asks for the client certificate, whose key is not supported ({algorithm})")]
pub(in crate::cluster) struct UnsupportedClientKey {
    pub(in crate::cluster) algorithm: String,
    is_rsa: bool,
}

impl SigningKey for UnsupportedKey {
    fn choose_scheme(&self, _offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(Self(self.0.clone())))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        if self.0.is_rsa { SignatureAlgorithm::RSA } else { SignatureAlgorithm::ECDSA }
    }
}

impl Signer for UnsupportedKey {
    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Err(rustls::Error::Other(OtherError(Arc::new(self.0.clone()))))
    }

    fn scheme(&self) -> SignatureScheme {
        if self.0.is_rsa {
            SignatureScheme::RSA_PSS_SHA256
        } else {
            SignatureScheme::ECDSA_NISTP256_SHA256
        }
    }
}
