//! Ingress controllers and gateways: users, CAs of clients, types of Secret.

mod rules;

use crate::kinds::{BASIC_AUTH, OPAQUE, TLS};
use crate::secret::Secret;
use crate::validate::{Place, RuleInfo, value};

use super::check::{Check, has, label};
use super::htpasswd::{self, Scheme};
use super::{Consumer, Marks, NEVER};

pub(super) use rules::RULES;

const KONG: &str = "konghq.com/credential";

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "ingress-nginx-auth",
        about: "ingress-nginx, users (auth-secret)",
        version: "ingress-nginx 1.15",
        source: "kubernetes/ingress-nginx internal/ingress/annotations/auth/main.go",
        recognised_by: "key auth with htpasswd lines",
        checked: "key auth, lines",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| is_htpasswd(secret, "auth")),
        check: nginx_auth,
    },
    Consumer {
        name: "ingress-nginx-ca",
        about: "ingress-nginx, CA of clients (auth-tls-secret)",
        version: "ingress-nginx 1.15",
        source: "kubernetes/ingress-nginx internal/ingress/controller/store/backend_ssl.go",
        recognised_by: "key ca.crl without a CA",
        checked: "ca.crt is there",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            has(secret, "ca.crl")
                && ["ca.crt", "cacert", "tls.ca"].iter().all(|key| !has(secret, key))
        }),
        check: nginx_ca,
    },
    Consumer {
        name: "traefik-auth",
        about: "Traefik, users (basicAuth)",
        version: "Traefik 3.7",
        source: "traefik/traefik pkg/provider/kubernetes/crd/kubernetes.go",
        recognised_by: "only the key users, with htpasswd lines",
        checked: "one key, hashes, lines",
        label: None,
        untrimmed: &["password"],
        marks: Marks::Contents(|secret| secret.data.len() == 1 && is_htpasswd(secret, "users")),
        check: traefik_auth,
    },
    Consumer {
        name: "traefik-ca",
        about: "Traefik, CA of clients (TLSOption)",
        version: "Traefik 3.7",
        source: "traefik/traefik pkg/provider/kubernetes/crd/kubernetes.go",
        recognised_by: NEVER,
        checked: "tls.ca or ca.crt is there",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: traefik_ca,
    },
    Consumer {
        name: "haproxy-ingress-auth",
        about: "HAProxy Ingress, users (auth-secret)",
        version: "August 2026",
        source: "jcmoraisjr/haproxy-ingress pkg/converters/ingress/annotations/backend.go",
        recognised_by: NEVER,
        checked: "key auth, hashes",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: haproxy_auth,
    },
    Consumer {
        name: "haproxytech-auth",
        about: "HAProxy Kubernetes Ingress, users (auth-secret)",
        version: "July 2026",
        source: "haproxytech/kubernetes-ingress pkg/annotations/ingress/basicAuth.go",
        recognised_by: NEVER,
        checked: "a key for each user, no file",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: haproxytech_auth,
    },
    Consumer {
        name: "haproxytech-ca",
        about: "HAProxy Kubernetes Ingress, CA of clients",
        version: "July 2026",
        source: "haproxytech/kubernetes-ingress pkg/haproxy/certs/main.go",
        recognised_by: NEVER,
        checked: "the CA is in tls.crt",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: |check| check.require(&rules::HAPROXYTECH_KEYS, "HAProxy", &["tls.crt"]),
    },
    Consumer {
        name: "envoy-gateway-auth",
        about: "Envoy Gateway, users (basicAuth)",
        version: "August 2026",
        source: "envoyproxy/gateway internal/gatewayapi/securitypolicy.go",
        recognised_by: "key .htpasswd with htpasswd lines",
        checked: "hashes, comments",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| is_htpasswd(secret, ".htpasswd")),
        check: envoy_auth,
    },
    Consumer {
        name: "envoy-gateway-tls",
        about: "Envoy Gateway, certificate of a listener",
        version: "August 2026",
        source: "envoyproxy/gateway internal/gatewayapi/validate.go",
        recognised_by: NEVER,
        checked: "type kubernetes.io/tls",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: |check| wants_type(check, "Envoy Gateway", &[TLS]),
    },
    Consumer {
        name: "nginx-gateway-fabric-auth",
        about: "NGINX Gateway Fabric, users",
        version: "August 2026",
        source: "nginx/nginx-gateway-fabric internal/controller/state/resolver/secrets.go",
        recognised_by: NEVER,
        checked: "type Opaque, key auth",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: |check| {
            wants_type(check, "NGINX Gateway Fabric", &[OPAQUE, ""]);
            check.require(&rules::NGINX_KEYS, "NGINX Gateway Fabric", &["auth"]);
        },
    },
    Consumer {
        name: "nginx-gateway-fabric-tls",
        about: "NGINX Gateway Fabric, certificate of a listener",
        version: "August 2026",
        source: "nginx/nginx-gateway-fabric internal/controller/state/resolver/secrets.go",
        recognised_by: NEVER,
        checked: "type kubernetes.io/tls",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: |check| wants_type(check, "NGINX Gateway Fabric", &[TLS]),
    },
    Consumer {
        name: "f5-nic",
        about: "F5 NGINX Ingress Controller, its own types",
        version: "August 2026",
        source: "nginx/kubernetes-ingress internal/k8s/secrets/validation.go",
        recognised_by: "type nginx.org/… or nginx.com/…",
        checked: "type, keys, client-secret",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| is_f5(secret.secret_type.as_str())),
        check: f5,
    },
    Consumer {
        name: "contour",
        about: "Contour, certificates and CAs",
        version: "August 2026",
        source: "projectcontour/contour internal/dag/secret.go",
        recognised_by: NEVER,
        checked: "type, ca.crl",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: contour,
    },
    Consumer {
        name: "kong-credential",
        about: "Kong, credential of a consumer",
        version: "August 2026",
        source: "Kong/kubernetes-ingress-controller internal/admission/validation/consumers/credentials/vars.go",
        recognised_by: "label konghq.com/credential",
        checked: "label, keys",
        label: None,
        untrimmed: &["username", "password", "key", "secret"],
        marks: Marks::Metadata(|secret| label(secret, KONG).is_some()),
        check: kong,
    },
];

fn is_htpasswd(secret: &Secret, key: &str) -> bool {
    value(secret, key).is_some_and(|value| htpasswd::is_like(value.as_bytes()))
}

fn wants_type(check: &mut Check<'_>, reader: &str, types: &[&str]) {
    if !types.contains(&check.secret.secret_type.as_str()) {
        let words = format!("{reader} rejects Secrets of this type");
        let hint = format!("it reads {}", types[0]);
        check.at(Place::Type, &rules::GATEWAY_TYPE, words, hint);
    }
}

fn nginx_auth(check: &mut Check<'_>) {
    let Some(file) = check.get("auth") else {
        check.require(&rules::NGINX_KEYS, "ingress-nginx", &["auth"]);
        return;
    };
    let is_bad = |line: &htpasswd::Line<'_>| !line.is_comment() && line.scheme().is_none();
    if let Some(line) = htpasswd::lines(file).find(is_bad) {
        let words = format!("line {} is not USER:HASH", line.number);
        check.key("auth", &rules::NGINX_AUTH_LINE, words, "htpasswd -B auth USER writes a line");
    }
}

fn nginx_ca(check: &mut Check<'_>) {
    if !check.is_filled("ca.crt") {
        let words = if check.has("ca.crl") {
            "without it ingress-nginx does not read ca.crl, and asks for no client certificate"
        } else {
            "without it ingress-nginx asks for no client certificate: the site is open"
        };
        check.key("ca.crt", &rules::NGINX_NO_CA, words, "--from-file=ca.crt=FILE");
    }
}

fn traefik_auth(check: &mut Check<'_>) {
    if check.secret.secret_type.as_str() == BASIC_AUTH {
        check.require(&rules::TRAEFIK_KEYS, "Traefik", &["username", "password"]);
        return;
    }
    if check.secret.data.len() != 1 {
        let words = "Traefik requires exactly one key";
        check.at(
            Place::Data,
            &rules::TRAEFIK_KEYS,
            words,
            "give the other keys a Secret of their own",
        );
        return;
    }
    let file = check.secret.data.iter().next();
    let Some((key, file)) = file.map(|(key, file)| (key.as_str(), file.as_bytes())) else { return };
    if let Some(line) =
        htpasswd::lines(file).find(|line| line.is_comment() || !line.has_one_colon())
    {
        let words =
            format!("line {} has not exactly one colon, and Traefik rejects the file", line.number);
        check.key(key, &rules::TRAEFIK_LINE, words, "remove comments: grep -v '^#' FILE > users");
        return;
    }
    let is_unknown =
        |line: &htpasswd::Line<'_>| matches!(line.scheme(), Some(Scheme::Crypt | Scheme::Other));
    hash(check, key, &rules::TRAEFIK_HASH, "Traefik", is_unknown);
}

fn hash(
    check: &mut Check<'_>,
    key: &str,
    info: &'static RuleInfo,
    reader: &str,
    is_unknown: impl Fn(&htpasswd::Line<'_>) -> bool,
) {
    let file = check.get(key).unwrap_or_default();
    if let Some(line) = htpasswd::lines(file).find(is_unknown) {
        let words = format!("the hash on line {} is not one that {reader} knows", line.number);
        let hint = match info.id {
            "envoy-gateway/htpasswd" => "htpasswd -s FILE USER writes {SHA}",
            "haproxy-ingress/hash" => "mkpasswd -m sha-512 writes one",
            _ => "htpasswd -B FILE USER writes bcrypt",
        };
        check.key(key, info, words, hint);
    }
}

fn traefik_ca(check: &mut Check<'_>) {
    if !check.has("tls.ca") && !check.is_filled("ca.crt") {
        let words = "without a CA Traefik may ask for no client certificate";
        check.key("ca.crt", &rules::TRAEFIK_KEYS, words, "--from-file=ca.crt=FILE");
    }
}

fn haproxy_auth(check: &mut Check<'_>) {
    check.require(&rules::NGINX_KEYS, "HAProxy Ingress", &["auth"]);
    let is_unknown =
        |line: &htpasswd::Line<'_>| matches!(line.scheme(), Some(Scheme::Apr1 | Scheme::Sha1));
    hash(check, "auth", &rules::HAPROXY_HASH, "HAProxy", is_unknown);
}

fn haproxytech_auth(check: &mut Check<'_>) {
    for key in ["auth", "htpasswd", "users"] {
        if is_htpasswd(check.secret, key) {
            let words = format!("HAProxy takes it for a user with the name {key}");
            let hint = "give each user a key: --from-literal=USER=HASH";
            check.key(key, &rules::HAPROXYTECH_KEYS, words, hint);
        }
    }
}

fn envoy_auth(check: &mut Check<'_>) {
    check.require(&rules::ENVOY_HTPASSWD, "Envoy Gateway", &[".htpasswd"]);
    let is_unknown =
        |line: &htpasswd::Line<'_>| line.is_comment() || line.scheme() != Some(Scheme::Sha1);
    hash(check, ".htpasswd", &rules::ENVOY_HTPASSWD, "Envoy Gateway", is_unknown);
}

/// The types of F5's controller, each with the key that it requires.
const F5_TYPES: [(&str, &str); 7] = [
    ("nginx.org/htpasswd", "htpasswd"),
    ("nginx.org/ca", "ca.crt"),
    ("nginx.org/jwk", "jwk"),
    ("nginx.org/oidc", "client-secret"),
    ("nginx.org/apikey", ""),
    ("nginx.com/license", "license.jwt"),
    ("nginx.com/waf-bundle", ""),
];

fn is_f5(secret_type: &str) -> bool {
    secret_type.starts_with("nginx.org/") || secret_type.starts_with("nginx.com/")
}

fn f5(check: &mut Check<'_>) {
    let secret_type = check.secret.secret_type.as_str();
    if secret_type == TLS {
        return;
    }
    let Some((_, key)) = F5_TYPES.iter().find(|row| row.0 == secret_type) else {
        let known: Vec<_> = F5_TYPES.iter().map(|row| row.0).collect();
        let words = "F5 NGINX Ingress Controller does not read Secrets of this type";
        check.at(Place::Type, &rules::F5_TYPE, words, format!("use one of {}", known.join(", ")));
        return;
    };
    if !key.is_empty() {
        check.require(&rules::F5_KEYS, "F5 NGINX Ingress Controller", &[key]);
    }
    let is_bad = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'$' | b'"');
    if secret_type == "nginx.org/oidc"
        && check.get("client-secret").is_some_and(|value| value.iter().any(is_bad))
    {
        let words = "contains white space, a dollar sign or a quote, and the controller rejects it";
        check.key("client-secret", &rules::F5_CLIENT_SECRET, words, "--trim-newline=client-secret");
    }
}

fn contour(check: &mut Check<'_>) {
    wants_type(check, "Contour", &[TLS, OPAQUE, ""]);
    if check.has("ca.crl") {
        let hint = "did you mean crl.pem? --from-file=crl.pem=FILE";
        check.key("ca.crl", &rules::CONTOUR_CRL, "Contour does not read this key", hint);
    }
}

/// What a credential is, and the keys that it requires.
const CREDENTIALS: [(&str, &[&str]); 7] = [
    ("basic-auth", &["username", "password"]),
    ("key-auth", &["key"]),
    ("hmac-auth", &["username", "secret"]),
    ("jwt", &["key"]),
    ("oauth2", &[]),
    ("acl", &["group"]),
    ("mtls-auth", &["subject_name"]),
];

fn kong(check: &mut Check<'_>) {
    let kind = label(check.secret, KONG);
    let place = || Place::Label(KONG.to_owned());
    match kind.map(|kind| CREDENTIALS.iter().find(|row| row.0 == kind)) {
        Some(Some((_, keys))) => check.require(&rules::KONG_KEYS, "Kong", keys),
        Some(None) => {
            let known: Vec<_> = CREDENTIALS.iter().map(|row| row.0).collect();
            let words = "not a kind of credential that Kong knows";
            check.at(
                place(),
                &rules::KONG_LABEL,
                words,
                format!("use one of {}", known.join(", ")),
            );
        }
        None => {
            let hint = format!("--labels={KONG}=basic-auth");
            check.at(place(), &rules::KONG_LABEL, "Kong requires this label", hint);
        }
    }
}
