//! Meshes, and controllers that sign: their CAs and keys.

mod rules;

use crate::material::chain;
use crate::material::key_pair;
use crate::material::public_key::{Algorithm, Curve};
use crate::validate::Place;

use super::check::{Check, has, has_all, label};
use super::{Consumer, Marks, NEVER};

pub(super) use rules::RULES;

const SEALED: &str = "sealedsecrets.bitnami.com/sealed-secrets-key";

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "istio-gateway",
        about: "Istio, credentialName of a gateway",
        version: "Istio 1.31",
        source: "istio/istio pilot/pkg/credentials/kube/secrets.go",
        recognised_by: "keys cert, key, tls.crt and tls.key together",
        checked: "names of keys",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| has_all(secret, &["cert", "key", "tls.crt", "tls.key"])),
        check: istio_gateway,
    },
    Consumer {
        name: "istio-cacerts",
        about: "Istio, CA of the mesh",
        version: "Istio 1.31",
        source: "istio/istio pilot/pkg/bootstrap/istio_ca.go",
        recognised_by: "name cacerts with ca-cert.pem or root-cert.pem",
        checked: "all keys of one of both sets",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            secret.name.as_str() == "cacerts"
                && (has(secret, "ca-cert.pem") || has(secret, "root-cert.pem"))
        }),
        check: cacerts,
    },
    Consumer {
        name: "linkerd-issuer",
        about: "Linkerd, issuer of identities",
        version: "August 2026",
        source: "linkerd/linkerd2 pkg/issuercerts/issuercerts.go",
        recognised_by: "name linkerd-identity-issuer",
        checked: "keys, ECDSA on P-256",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| secret.name.as_str() == "linkerd-identity-issuer"),
        check: linkerd,
    },
    Consumer {
        name: "cert-manager-ca",
        about: "cert-manager, a CA issuer",
        version: "cert-manager 1.21",
        source: "cert-manager/cert-manager pkg/util/kube/pki.go",
        recognised_by: NEVER,
        checked: "keys, first certificate is a CA",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: cert_manager_ca,
    },
    Consumer {
        name: "cert-manager-eab",
        about: "cert-manager, an EAB key of ACME",
        version: "cert-manager 1.21",
        source: "cert-manager/cert-manager pkg/issuer/acme/setup.go",
        recognised_by: "a key with the word eab",
        checked: "base64url without padding",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| secret.data.keys().any(|key| is_eab(key.as_str()))),
        check: eab,
    },
    Consumer {
        name: "cert-manager-dns01",
        about: "cert-manager, a login for DNS01",
        version: "cert-manager 1.21",
        source: "cert-manager/cert-manager pkg/issuer/acme/dns/dns.go",
        recognised_by: NEVER,
        checked: "no newlines",
        label: None,
        untrimmed: &["access-key-id", "api-key", "api-token", "client-secret"],
        marks: Marks::Named,
        check: |_| (),
    },
    Consumer {
        name: "sealed-secrets-key",
        about: "Sealed Secrets, key of the controller",
        version: "April 2026",
        source: "bitnami-labs/sealed-secrets pkg/controller/keys.go",
        recognised_by: "label sealedsecrets.bitnami.com/sealed-secrets-key",
        checked: "label, RSA",
        label: Some((SEALED, "active")),
        untrimmed: &[],
        marks: Marks::Metadata(|secret| label(secret, SEALED).is_some()),
        check: sealed,
    },
];

fn istio_gateway(check: &mut Check<'_>) {
    if has_all(check.secret, &["cert", "key", "tls.crt", "tls.key"]) {
        let words = "Istio prefers cert and key to tls.crt and tls.key";
        check.key("cert", &rules::ISTIO_GENERIC, words, "leave out cert and key");
    }
}

fn cacerts(check: &mut Check<'_>) {
    let own = ["ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem"];
    if !check.has("tls.crt") {
        check.require(&rules::CACERTS_KEYS, "istiod", &own);
        return;
    }
    check.require(&rules::CACERTS_KEYS, "istiod", &["tls.key", "ca.crt"]);
    if own.iter().any(|key| check.has(key)) {
        let words = "istiod reads it instead of ca-cert.pem and its companions";
        check.key("tls.crt", &rules::CACERTS_NAMES, words, "leave out one of the two sets");
    }
}

fn linkerd(check: &mut Check<'_>) {
    let own = check.has("crt.pem") || check.has("key.pem");
    let keys = if own { ["crt.pem", "key.pem"] } else { ["tls.crt", "tls.key"] };
    check.require(&rules::LINKERD_KEYS, "Linkerd", &keys);
    let Some(key) = check.get(keys[1]) else { return };
    if let Ok(read) = key_pair::private_key(key)
        && read.public.algorithm() != Algorithm::Ecdsa(Curve::P256)
    {
        check.key(
            keys[1],
            &rules::LINKERD_KEY,
            "not an ECDSA key on P-256, which Linkerd requires",
            "make one: openssl ecparam -name prime256v1 -genkey -noout -out ca.key",
        );
    }
}

fn cert_manager_ca(check: &mut Check<'_>) {
    check.require(&rules::CERT_MANAGER_KEYS, "cert-manager", &["tls.crt", "tls.key"]);
    let first = check.get("tls.crt").and_then(|file| chain::members(file).into_iter().next());
    if first.is_some_and(|first| !first.certificate.is_authority) {
        let words = "the first certificate is not a CA";
        check.key("tls.crt", &rules::CERT_MANAGER_NOT_CA, words, "put the CA's certificate first");
    }
}

fn is_eab(key: &str) -> bool {
    let mut words = key.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("eab"))
}

fn eab(check: &mut Check<'_>) {
    let data = &check.secret.data;
    let is_only = data.len() == 1 && check.is_named();
    for (key, value) in data {
        let (key, value) = (key.as_str(), value.as_bytes());
        // The id of the account is another value; an HMAC key has 32 bytes at the least.
        let is_id = key.to_ascii_lowercase().contains("id");
        if !(is_only || is_eab(key)) || is_id || value.len() < 40 {
            continue;
        }
        let text = value.trim_ascii_end();
        let words = if text.len() < value.len() {
            "ends with a newline, and the signature of a long key is wrong with it"
        } else if text.ends_with(b"=") {
            "is padded, and cert-manager rejects it"
        } else if text.iter().any(|b| matches!(b, b'+' | b'/')) {
            "is standard base64, and cert-manager requires base64url"
        } else {
            continue;
        };
        let hint = "convert it: tr '+/' '-_' < FILE | tr -d '=\\n' > eab";
        check.key(key, &rules::EAB, words, hint);
    }
}

fn sealed(check: &mut Check<'_>) {
    if let Some(value) = label(check.secret, SEALED)
        && !matches!(value, "active" | "compromised")
    {
        let words = "the controller uses keys with the value active";
        let hint = format!("--labels={SEALED}=active");
        check.at(Place::Label(SEALED.to_owned()), &rules::SEALED_LABEL, words, hint);
    }
    let key = check.get("tls.key").and_then(|key| key_pair::private_key(key).ok());
    if key.is_some_and(|key| key.public.algorithm() != Algorithm::Rsa) {
        let words = "not an RSA key, which the controller requires";
        let hint = "make one: openssl genrsa -out sealed.key 4096";
        check.key("tls.key", &rules::SEALED_KEY, words, hint);
    }
}
