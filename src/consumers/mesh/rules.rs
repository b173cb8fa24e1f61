//! The pages of the rules of meshes and issuers of certificates.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] = &[
    &CACERTS_KEYS,
    &CACERTS_NAMES,
    &CERT_MANAGER_KEYS,
    &CERT_MANAGER_NOT_CA,
    &EAB,
    &ISTIO_GENERIC,
    &LINKERD_KEY,
    &LINKERD_KEYS,
    &SEALED_KEY,
    &SEALED_LABEL,
];

pub(super) static CACERTS_KEYS: RuleInfo = RuleInfo::warning(
    "istio/cacerts-keys",
    "istiod (1.31) requires ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem in the \
     Secret cacerts, or tls.crt, tls.key and ca.crt. It does not start if one is missing.",
);
pub(super) static CACERTS_NAMES: RuleInfo = RuleInfo::warning(
    "istio/cacerts-names",
    "istiod (1.31) looks for tls.crt first in the Secret cacerts. If it is there, ca-cert.pem and \
     the other files with names of Istio's own are not read.",
);
pub(super) static CERT_MANAGER_KEYS: RuleInfo = RuleInfo::warning(
    "cert-manager/keys",
    "A CA issuer of cert-manager (1.21) requires tls.crt and tls.key; the certificate that it \
     issues with must be a CA, and be first in tls.crt.",
);
pub(super) static CERT_MANAGER_NOT_CA: RuleInfo = RuleInfo::warning(
    "cert-manager/not-ca",
    "The first certificate of tls.crt is not a CA, and a CA issuer of cert-manager (1.21) rejects \
     it. Put the CA's certificate first.",
);
pub(super) static EAB: RuleInfo = RuleInfo::warning(
    "cert-manager/eab",
    "cert-manager (1.21) reads an EAB key as base64url without padding. It rejects a padded one \
     and one of the standard alphabet. One that ends with a newline is accepted, and for keys of \
     64 bytes or more the CA then reports that the key is wrong.",
);
pub(super) static ISTIO_GENERIC: RuleInfo = RuleInfo::warning(
    "istio/generic-keys",
    "Istio (1.31) prefers cert and key to tls.crt and tls.key. Leftover keys of the older names \
     win over a renewed certificate.",
);
pub(super) static LINKERD_KEY: RuleInfo = RuleInfo::warning(
    "linkerd/key-curve",
    "The issuer of Linkerd (August 2026) must have an ECDSA key on P-256. RSA, P-384 and Ed25519 \
     are rejected, and the identity controller does not start.",
);
pub(super) static LINKERD_KEYS: RuleInfo = RuleInfo::warning(
    "linkerd/keys",
    "Linkerd (August 2026) reads its issuer from crt.pem and key.pem, or with \
     identity.issuer.scheme=kubernetes.io/tls from tls.crt and tls.key. One of the pair is \
     missing.",
);
pub(super) static SEALED_KEY: RuleInfo = RuleInfo::warning(
    "sealed-secrets/key",
    "The key of Sealed Secrets (April 2026) must be RSA. The controller does not use any other.",
);
pub(super) static SEALED_LABEL: RuleInfo = RuleInfo::warning(
    "sealed-secrets/label",
    "The controller of Sealed Secrets (April 2026) uses a key only if the label \
     sealedsecrets.bitnami.com/sealed-secrets-key has the value active, or compromised to retire \
     it. Case matters.",
);
