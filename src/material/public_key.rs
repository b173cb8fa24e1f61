//! The public half of a key pair, and the algorithms by name.

use std::fmt;

use crate::material::der::Reader;

/// What a certificate certifies, or a private key belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// A curve and the point in SEC 1's uncompressed form.
    Ecdsa(Curve, Vec<u8>),
    /// The 32 bytes of RFC 8032.
    Ed25519([u8; 32]),
    /// Something Go's `crypto/tls` cannot use.
    Other(Algorithm),
    /// The modulus, big-endian without leading zeros, and the exponent.
    Rsa(Vec<u8>, i64),
}

impl PublicKey {
    /// An RSA key; the modulus may have leading zeros.
    pub(crate) fn rsa(modulus: &[u8], exponent: i64) -> Self {
        let zeros = modulus.iter().take_while(|b| **b == 0).count();
        Self::Rsa(modulus.get(zeros..).unwrap_or_default().to_vec(), exponent)
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ecdsa(curve, _) => Algorithm::Ecdsa(*curve),
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::Other(algorithm) => algorithm.clone(),
            Self::Rsa(..) => Algorithm::Rsa,
        }
    }
}

/// A curve of FIPS 186 that Go's `crypto/x509` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P224,
    P256,
    P384,
    P521,
}

impl Curve {
    /// The curve of an object identifier (its DER contents), RFC 5480 2.1.1.1.
    pub(crate) fn from_object_identifier(contents: &[u8]) -> Option<Self> {
        Some(match contents {
            [0x2b, 0x81, 0x04, 0x00, 0x21] => Self::P224,
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] => Self::P256,
            [0x2b, 0x81, 0x04, 0x00, 0x22] => Self::P384,
            [0x2b, 0x81, 0x04, 0x00, 0x23] => Self::P521,
            _ => return None,
        })
    }

    /// The bytes of a coordinate or of a scalar.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Whether these are the bytes of a point on the curve, uncompressed and not at infinity: the
    /// only form Go reads.
    pub(crate) fn holds(self, point: &[u8]) -> bool {
        if point.len() != 1 + 2 * self.size() || point.first() != Some(&4) {
            return false;
        }
        match self {
            Self::P224 => p224::PublicKey::from_sec1_bytes(point).is_ok(),
            Self::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
            Self::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
            Self::P521 => p521::PublicKey::from_sec1_bytes(point).is_ok(),
        }
    }

    /// What Go says of bytes that are no point.
    pub(crate) fn no_point(self, point: &[u8]) -> &'static str {
        match self {
            _ if point.first() != Some(&4) => "ecdsa: invalid uncompressed public key",
            Self::P224 => "P224 point not on curve",
            Self::P256 => "P256 point not on curve",
            Self::P384 => "P384 point not on curve",
            Self::P521 => "P521 point not on curve",
        }
    }

    /// The public point of a private scalar of exactly `size` bytes, above zero and below the
    /// order of the curve.
    pub(crate) fn public_point(self, scalar: &[u8]) -> Option<Vec<u8>> {
        use p256::elliptic_curve::sec1::ToSec1Point as _;

        Some(match self {
            Self::P224 => {
                let key = p224::SecretKey::from_slice(scalar).ok()?;
                key.public_key().to_sec1_point(false).as_bytes().to_vec()
            }
            Self::P256 => {
                let key = p256::SecretKey::from_slice(scalar).ok()?;
                key.public_key().to_sec1_point(false).as_bytes().to_vec()
            }
            Self::P384 => {
                let key = p384::SecretKey::from_slice(scalar).ok()?;
                key.public_key().to_sec1_point(false).as_bytes().to_vec()
            }
            Self::P521 => {
                let key = p521::SecretKey::from_slice(scalar).ok()?;
                key.public_key().to_sec1_point(false).as_bytes().to_vec()
            }
        })
    }
}

/// The algorithm of a key, as far as it is worth a name in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Dsa,
    /// ECDSA over a curve Go knows.
    Ecdsa(Curve),
    /// An elliptic curve Go does not know, by name or dotted object identifier.
    EllipticCurve(String),
    Ed25519,
    Ed448,
    /// ML-DSA, of FIPS 204, with the name of its parameters.
    MlDsa(&'static str),
    /// Any other, by its dotted object identifier.
    Other(String),
    Rsa,
    /// RSA that is bound to PSS signatures.
    RsaPss,
    /// X25519: key agreement, no signatures.
    X25519,
    /// X448: key agreement, no signatures.
    X448,
}

impl Algorithm {
    /// The algorithm of an `AlgorithmIdentifier`: its object identifier's contents and its
    /// parameters as DER.
    pub(crate) fn from_identifier(identifier: &[u8], parameters: &[u8]) -> Self {
        match identifier {
            oid::DSA => Self::Dsa,
            oid::ECDSA => match Reader::new(parameters).object_identifier() {
                Some(curve) => match Curve::from_object_identifier(curve) {
                    Some(curve) => Self::Ecdsa(curve),
                    None => Self::EllipticCurve(curve_name(curve)),
                },
                None => Self::EllipticCurve("explicit parameters".to_owned()),
            },
            oid::ED25519 => Self::Ed25519,
            oid::ED448 => Self::Ed448,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last @ 0x11..=0x13] => {
                Self::ml_dsa(*last)
            }
            oid::RSA => Self::Rsa,
            oid::RSA_PSS => Self::RsaPss,
            oid::X25519 => Self::X25519,
            oid::X448 => Self::X448,
            other => Self::Other(crate::material::der::dotted(other)),
        }
    }
}

impl Algorithm {
    /// ML-DSA by the last number of its object identifier.
    pub(crate) fn ml_dsa(last: u8) -> Self {
        Self::MlDsa(match last {
            0x11 => "ML-DSA-44",
            0x12 => "ML-DSA-65",
            _ => "ML-DSA-87",
        })
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dsa => "DSA",
            Self::Ecdsa(Curve::P224) => "ECDSA P-224",
            Self::Ecdsa(Curve::P256) => "ECDSA P-256",
            Self::Ecdsa(Curve::P384) => "ECDSA P-384",
            Self::Ecdsa(Curve::P521) => "ECDSA P-521",
            Self::Ed25519 => "Ed25519",
            Self::Ed448 => "Ed448",
            Self::EllipticCurve(name) => return write!(f, "elliptic curve {name}"),
            Self::MlDsa(name) => name,
            Self::Other(identifier) => return write!(f, "algorithm {identifier}"),
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::X25519 => "X25519",
            Self::X448 => "X448",
        })
    }
}

fn curve_name(contents: &[u8]) -> String {
    match contents {
        [0x2b, 0x81, 0x04, 0x00, 0x0a] => "secp256k1".to_owned(),
        // RFC 5639 4.1.
        [0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, last @ 1..=14] => {
            let bits = [160, 192, 224, 256, 320, 384, 512][usize::from((last - 1) / 2)];
            format!("brainpoolP{bits}{}1", if last % 2 == 1 { 'r' } else { 't' })
        }
        // X9.62, J.5.1.
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01] => "prime192v1".to_owned(),
        [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d] => "SM2".to_owned(),
        other => crate::material::der::dotted(other),
    }
}

/// The contents of object identifiers (RFC 3279, 4055, 5480, 8410).
pub(crate) mod oid {
    pub(crate) const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
    pub(crate) const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    pub(crate) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub(crate) const ED448: &[u8] = &[0x2b, 0x65, 0x71];
    pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    pub(crate) const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
    pub(crate) const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
    pub(crate) const X448: &[u8] = &[0x2b, 0x65, 0x6f];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_scalars() {
        for curve in [Curve::P224, Curve::P256, Curve::P384, Curve::P521] {
            let size = curve.size();
            let mut scalar = vec![0; size];
            assert_eq!(curve.public_point(&scalar), None, "{curve:?}: zero");
            scalar[size - 1] = 7;
            let mut point = curve.public_point(&scalar).unwrap();
            assert!(curve.holds(&point), "{curve:?}");
            point[2 * size] ^= 1;
            assert!(!curve.holds(&point), "{curve:?}: off the curve");
            assert!(!curve.holds(&point[..=size]), "{curve:?}: short");
            assert!(!curve.holds(&[0]), "{curve:?}: infinity");
            assert_eq!(curve.public_point(&vec![0xff; size]), None, "{curve:?}: above the order");
        }
    }

    #[test]
    fn names() {
        let identifier = |curve: &[u8]| [&[6, u8::try_from(curve.len()).unwrap()], curve].concat();
        for (algorithm, parameters, name) in [
            (oid::RSA, vec![5, 0], "RSA"),
            (oid::RSA_PSS, vec![], "RSA-PSS"),
            (oid::ECDSA, identifier(&[0x2b, 0x81, 0x04, 0, 0x22]), "ECDSA P-384"),
            (oid::ECDSA, identifier(&[0x2b, 0x81, 0x04, 0, 0x0a]), "elliptic curve secp256k1"),
            (
                oid::ECDSA,
                identifier(&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7]),
                "elliptic curve brainpoolP256r1",
            ),
            (
                oid::ECDSA,
                identifier(&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 14]),
                "elliptic curve brainpoolP512t1",
            ),
            (oid::ECDSA, vec![0x30, 0], "elliptic curve explicit parameters"),
            (oid::ED448, vec![], "Ed448"),
            (&[0x2a, 0x03], vec![], "algorithm 1.2.3"),
        ] {
            assert_eq!(Algorithm::from_identifier(algorithm, &parameters).to_string(), name);
        }
    }
}
