//! The signatures that are checked: those of *ring*, and ECDSA over P-521 or with SHA-512, which
//! *ring* does not have and Go does.

use rustls::SignatureScheme;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer,
    alg_id,
};
use webpki::{RawPublicKeyEntity, ring as by_ring};

use crate::material::hash::Hash;
use crate::material::public_key::Curve;
use crate::material::signature;

type Algorithms = &'static [&'static dyn SignatureVerificationAlgorithm];

/// A signature algorithm of ours.
#[derive(Debug)]
struct Ecdsa {
    curve: Curve,
    hash: Hash,
    public_key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Ecdsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let digest = self.hash.digest(&[message]);
        let valid = signature::is_ecdsa(self.curve, public_key, &digest, signature);
        if valid { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.public_key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

const fn p521(hash: Hash, signature: AlgorithmIdentifier) -> Ecdsa {
    Ecdsa { curve: Curve::P521, hash, public_key: alg_id::ECDSA_P521, signature }
}

const fn sha512(curve: Curve, public_key: AlgorithmIdentifier) -> Ecdsa {
    Ecdsa { curve, hash: Hash::Sha512, public_key, signature: alg_id::ECDSA_SHA512 }
}

static P256_SHA512: Ecdsa = sha512(Curve::P256, alg_id::ECDSA_P256);
static P384_SHA512: Ecdsa = sha512(Curve::P384, alg_id::ECDSA_P384);
static P521_SHA256: Ecdsa = p521(Hash::Sha256, alg_id::ECDSA_SHA256);
static P521_SHA384: Ecdsa = p521(Hash::Sha384, alg_id::ECDSA_SHA384);
static P521_SHA512: Ecdsa = p521(Hash::Sha512, alg_id::ECDSA_SHA512);

/// All algorithms. Go checks RSA from 1024 bits on and P-224 too: both are refused here.
pub(super) static ALL: Algorithms = &[
    by_ring::ECDSA_P256_SHA256,
    by_ring::ECDSA_P256_SHA384,
    &P256_SHA512,
    by_ring::ECDSA_P384_SHA256,
    by_ring::ECDSA_P384_SHA384,
    &P384_SHA512,
    &P521_SHA256,
    &P521_SHA384,
    &P521_SHA512,
    by_ring::ED25519,
    by_ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    by_ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    by_ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    by_ring::RSA_PKCS1_2048_8192_SHA256,
    by_ring::RSA_PKCS1_2048_8192_SHA384,
    by_ring::RSA_PKCS1_2048_8192_SHA512,
    by_ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    by_ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    by_ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
];

/// How a handshake is signed. TLS 1.3 ties a curve to each hash, the first of a list; in TLS 1.2
/// every curve goes with every hash.
static HANDSHAKE: &[(SignatureScheme, Algorithms)] = &[
    (
        SignatureScheme::ECDSA_NISTP384_SHA384,
        &[by_ring::ECDSA_P384_SHA384, by_ring::ECDSA_P256_SHA384, &P521_SHA384],
    ),
    (
        SignatureScheme::ECDSA_NISTP256_SHA256,
        &[by_ring::ECDSA_P256_SHA256, by_ring::ECDSA_P384_SHA256, &P521_SHA256],
    ),
    (SignatureScheme::ECDSA_NISTP521_SHA512, &[&P521_SHA512, &P384_SHA512, &P256_SHA512]),
    (SignatureScheme::ED25519, &[by_ring::ED25519]),
    (SignatureScheme::RSA_PSS_SHA512, &[by_ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY]),
    (SignatureScheme::RSA_PSS_SHA384, &[by_ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY]),
    (SignatureScheme::RSA_PSS_SHA256, &[by_ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY]),
    (SignatureScheme::RSA_PKCS1_SHA512, &[by_ring::RSA_PKCS1_2048_8192_SHA512]),
    (SignatureScheme::RSA_PKCS1_SHA384, &[by_ring::RSA_PKCS1_2048_8192_SHA384]),
    (SignatureScheme::RSA_PKCS1_SHA256, &[by_ring::RSA_PKCS1_2048_8192_SHA256]),
];

/// *ring* with the algorithms above.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        signature_verification_algorithms: WebPkiSupportedAlgorithms {
            all: ALL,
            mapping: HANDSHAKE,
        },
        ..rustls::crypto::ring::default_provider()
    }
}

/// The schemes of a handshake's signature, the preferred one first.
pub(super) fn schemes() -> Vec<SignatureScheme> {
    HANDSHAKE.iter().map(|(scheme, _)| *scheme).collect()
}

/// Whether a signature is one that this build can check, and right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Signed by the key's owner.
    Right,
    /// Not signed by the key's owner.
    Wrong,
    /// No algorithm here has this signature with this key.
    Unsupported,
}

/// Checks a signature of the algorithm whose identifier has these contents.
pub(super) fn verify(identifier: &[u8], spki: &[u8], message: &[u8], signature: &[u8]) -> Verdict {
    let named = ALL.iter().filter(|one| one.signature_alg_id().as_ref() == identifier);
    try_each(named, spki, message, signature)
}

/// Checks the signature of a handshake.
pub(super) fn verify_handshake(
    scheme: SignatureScheme,
    is_tls13: bool,
    spki: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Verdict {
    let found = HANDSHAKE.iter().find(|(known, _)| *known == scheme);
    let algorithms = found.map_or(&[] as Algorithms, |(_, algorithms)| *algorithms);
    // RFC 8446 4.2.3 keeps PKCS#1 v1.5 for certificates.
    let allowed = match scheme {
        SignatureScheme::RSA_PKCS1_SHA256
        | SignatureScheme::RSA_PKCS1_SHA384
        | SignatureScheme::RSA_PKCS1_SHA512
            if is_tls13 =>
        {
            0
        }
        _ if is_tls13 => 1,
        _ => algorithms.len(),
    };
    try_each(algorithms.iter().take(allowed), spki, message, signature)
}

fn try_each(
    algorithms: impl Iterator<Item = &'static &'static dyn SignatureVerificationAlgorithm>,
    spki: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Verdict {
    let spki = SubjectPublicKeyInfoDer::from(spki);
    let Ok(key) = RawPublicKeyEntity::try_from(&spki) else { return Verdict::Unsupported };
    for algorithm in algorithms {
        match key.verify_signature(*algorithm, message, signature) {
            Ok(()) => return Verdict::Right,
            Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
            Err(_) => return Verdict::Wrong,
        }
    }
    Verdict::Unsupported
}
