//! The rules on certificates and their keys, as users see them.

use super::dates_and_hosts::DateFault;
use crate::material::key_pair::Finding;
use crate::material::key_pair::clients::ClientFinding;
use crate::validate::RuleInfo;

pub(crate) static RULES: &[&RuleInfo] = &[
    &EXPIRED,
    &EXPIRES_SOON,
    &NOT_YET_VALID,
    &PAIR,
    &BAD_CERTIFICATE,
    &CHAIN_ORDER,
    &KEY_IN_CERTIFICATE,
    &SECOND_KEY,
    &KEY_LABEL,
    &MISSING_ISSUER,
    &NO_ALTERNATIVE_NAME,
    &PARAMETERS_FIRST,
    &PKCS8_VERSION_2,
    &SHORT_RSA,
    &WEAK_HASH,
    &CHAIN,
    &HOST_NAME,
    &SIGNATURE_UNCHECKED,
    &REPAIRED,
];

pub(crate) static EXPIRED: RuleInfo = RuleInfo::warning(
    "tls/expired",
    "A certificate has expired. Clients reject it, and the API server does not look at dates. \
     In a bundle of several CAs, this is reported only if none of them is valid.",
);
pub(crate) static EXPIRES_SOON: RuleInfo = RuleInfo::error(
    "tls/min-validity",
    "The certificate is valid for less time than --min-validity requires.",
);
pub(crate) static NOT_YET_VALID: RuleInfo = RuleInfo::warning(
    "tls/not-yet-valid",
    "A certificate is not valid yet. Clients reject it until then; a clock may be wrong.",
);
pub(crate) static PAIR: RuleInfo = RuleInfo::warning(
    "tls/pair",
    "The certificate and the private key do not parse, or do not belong together. The API \
     server accepts such a Secret with a warning, and no server can use it.",
);
pub(crate) static BAD_CERTIFICATE: RuleInfo = RuleInfo::warning(
    "tls/bad-certificate",
    "A block after the leaf certificate is damaged or is not a certificate. Clients that read \
     the whole chain reject it.",
);
pub(crate) static CHAIN_ORDER: RuleInfo = RuleInfo::warning(
    "tls/chain-order",
    "The certificates after the leaf are not in order: each must certify the one before it. \
     Some clients find no way to the root. mksecret tls --fix-chain sorts them.",
);
pub(crate) static KEY_IN_CERTIFICATE: RuleInfo = RuleInfo::warning(
    "tls/private-key-in-certificate",
    "The value with the certificates contains a private key. Servers send that value to \
     clients, and tools show it.",
);
pub(crate) static SECOND_KEY: RuleInfo = RuleInfo::warning(
    "tls/second-key",
    "The value with the private key contains a second one, which is ignored and published \
     with the Secret.",
);
pub(crate) static KEY_LABEL: RuleInfo = RuleInfo::warning(
    "tls/key-label",
    "The label of the PEM block names another format than the key has. Programs that rely on \
     the label, such as nginx, HAProxy and Python, reject it.",
);
pub(crate) static MISSING_ISSUER: RuleInfo = RuleInfo::warning(
    "tls/missing-issuer",
    "The certificate of the issuer is not in the value. If it is an intermediate, clients \
     that do not know it reject the server.",
);
pub(crate) static NO_ALTERNATIVE_NAME: RuleInfo = RuleInfo::warning(
    "tls/no-alternative-name",
    "The certificate has no subject alternative name. Go, browsers and the API server ignore \
     the common name and reject such a certificate for every host.",
);
pub(crate) static PARAMETERS_FIRST: RuleInfo = RuleInfo::warning(
    "tls/parameters-first",
    "A block with parameters, such as EC PARAMETERS, precedes the key. Programs that read \
     only the first block (cert-manager, Linkerd, Istio, Envoy Gateway, MinIO) find no key.",
);
pub(crate) static PKCS8_VERSION_2: RuleInfo = RuleInfo::warning(
    "tls/pkcs8-version-2",
    "The key is PKCS#8 version 2 (RFC 5958), which OpenSSL supports only since version 3.5.",
);
pub(crate) static SHORT_RSA: RuleInfo = RuleInfo::warning(
    "tls/short-rsa",
    "The RSA key is shorter than 2048 bits, which OpenSSL since version 3.2, Debian's OpenSSL \
     and Apple clients reject.",
);
pub(crate) static WEAK_HASH: RuleInfo = RuleInfo::warning(
    "tls/weak-hash",
    "The certificate is signed with MD5 or SHA-1, which Go, browsers and OpenSSL 3 reject.",
);
pub(crate) static CHAIN: RuleInfo = RuleInfo::error(
    "tls/chain",
    "The certificates do not lead to the CA that was given with --ca.",
);
pub(crate) static HOST_NAME: RuleInfo = RuleInfo::error(
    "tls/host-name",
    "The certificate is not valid for the host that --hostname names.",
);
pub(crate) static SIGNATURE_UNCHECKED: RuleInfo = RuleInfo::warning(
    "tls/signature-unchecked",
    "mksecret cannot check a signature of this algorithm.",
);
pub(crate) static REPAIRED: RuleInfo = RuleInfo::note(
    "tls/repaired",
    "mksecret tls repaired the input: it dropped a byte order mark or certificates that are \
     not part of the chain, or sorted the chain.",
);

/// The rule that a finding on a certificate or on a key is about.
pub(crate) fn of_finding(finding: &Finding) -> &'static RuleInfo {
    match finding {
        Finding::Client(finding) => match finding {
            ClientFinding::KeyLabel { .. } => &KEY_LABEL,
            ClientFinding::MissingIssuer { .. } => &MISSING_ISSUER,
            ClientFinding::NoAlternativeName { .. } => &NO_ALTERNATIVE_NAME,
            ClientFinding::ParametersFirst { .. } => &PARAMETERS_FIRST,
            ClientFinding::Pkcs8Version2 { .. } => &PKCS8_VERSION_2,
            ClientFinding::ShortRsa { .. } => &SHORT_RSA,
            ClientFinding::WeakHash { .. } => &WEAK_HASH,
        },
        Finding::FurtherCertificate { .. } | Finding::UndecodedBlock { .. } => &BAD_CERTIFICATE,
        Finding::Order { .. } => &CHAIN_ORDER,
        Finding::PrivateKeyInCertificate { .. } => &KEY_IN_CERTIFICATE,
        Finding::SecondKey { .. } => &SECOND_KEY,
    }
}

/// The rule that the dates of a certificate break.
pub(crate) fn of_date(fault: &DateFault) -> &'static RuleInfo {
    match fault {
        DateFault::EndsTooSoon { .. } => &EXPIRES_SOON,
        DateFault::Expired { .. } => &EXPIRED,
        DateFault::NotYetValid { .. } => &NOT_YET_VALID,
    }
}
