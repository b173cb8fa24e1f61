//! The pages of the rules of ingress controllers and gateways.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] = &[
    &CONTOUR_CRL,
    &ENVOY_HTPASSWD,
    &F5_CLIENT_SECRET,
    &F5_KEYS,
    &F5_TYPE,
    &GATEWAY_TYPE,
    &HAPROXYTECH_KEYS,
    &HAPROXY_HASH,
    &KONG_KEYS,
    &KONG_LABEL,
    &NGINX_AUTH_LINE,
    &NGINX_KEYS,
    &NGINX_NO_CA,
    &TRAEFIK_HASH,
    &TRAEFIK_KEYS,
    &TRAEFIK_LINE,
];

pub(super) static CONTOUR_CRL: RuleInfo = RuleInfo::warning(
    "contour/crl",
    "Contour (August 2026) reads a revocation list from the key crl.pem, and ignores ca.crl.",
);
pub(super) static ENVOY_HTPASSWD: RuleInfo = RuleInfo::warning(
    "envoy-gateway/htpasswd",
    "Envoy Gateway (August 2026) reads users from the key .htpasswd, whose hashes must be {SHA}, \
     as htpasswd -s writes them. Other hashes and lines with # are errors.",
);
pub(super) static F5_CLIENT_SECRET: RuleInfo = RuleInfo::warning(
    "f5-nic/client-secret",
    "F5 NGINX Ingress Controller (August 2026) rejects a client secret of OpenID Connect with \
     white space, a dollar sign or a quote in it.",
);
pub(super) static F5_KEYS: RuleInfo = RuleInfo::warning(
    "f5-nic/keys",
    "F5 NGINX Ingress Controller (August 2026) requires a key for each of its types: htpasswd in \
     nginx.org/htpasswd, ca.crt in nginx.org/ca, jwk in nginx.org/jwk, client-secret in \
     nginx.org/oidc, license.jwt in nginx.com/license.",
);
pub(super) static F5_TYPE: RuleInfo = RuleInfo::warning(
    "f5-nic/type",
    "F5 NGINX Ingress Controller (August 2026) reads only Secrets of its own types, and \
     kubernetes.io/tls. The type of a Secret cannot be changed: delete it and create it again.",
);
pub(super) static GATEWAY_TYPE: RuleInfo = RuleInfo::warning(
    "gateway/type",
    "The gateway rejects Secrets of this type: Envoy Gateway and NGINX Gateway Fabric require \
     kubernetes.io/tls for listeners, NGINX Gateway Fabric requires Opaque for users, Contour \
     reads kubernetes.io/tls and Opaque.",
);
pub(super) static HAPROXYTECH_KEYS: RuleInfo = RuleInfo::warning(
    "haproxytech/keys",
    "HAProxy Kubernetes Ingress (July 2026) takes each key of a Secret for a user and its value \
     for the hash, and reads client CAs from the key tls.crt. A file auth as for ingress-nginx \
     becomes a user with the name auth; a CA under ca.crt is an error.",
);
pub(super) static HAPROXY_HASH: RuleInfo = RuleInfo::warning(
    "haproxy-ingress/hash",
    "HAProxy Ingress (August 2026) passes the hash to HAProxy, which uses crypt(3) of the system: \
     the default hash of htpasswd ($apr1$) and {SHA} are not known to it. mkpasswd -m sha-512 \
     writes one that is. After two colons, the password is plain text.",
);
pub(super) static KONG_KEYS: RuleInfo = RuleInfo::warning(
    "kong/keys",
    "A Kong credential (Kong Ingress Controller, August 2026) has keys by its kind: username and \
     password for basic-auth, key for key-auth, username and secret for hmac-auth, group for acl. \
     Kong leaves out a credential without them.",
);
pub(super) static KONG_LABEL: RuleInfo = RuleInfo::warning(
    "kong/label",
    "Kong Ingress Controller (August 2026) finds credentials by the label konghq.com/credential, \
     with one of basic-auth, key-auth, hmac-auth, jwt, oauth2, acl and mtls-auth. It leaves out a \
     Secret with any other value.",
);
pub(super) static NGINX_AUTH_LINE: RuleInfo = RuleInfo::warning(
    "ingress-nginx/auth-line",
    "ingress-nginx (1.15) writes the key auth to the htpasswd file of NGINX, whose lines are \
     USER:HASH. A user without a colon in the line never gets in.",
);
pub(super) static NGINX_KEYS: RuleInfo = RuleInfo::warning(
    "ingress-nginx/keys",
    "ingress-nginx (1.15) reads users from the key auth (or, with auth-secret-type: auth-map, \
     each key as a user). Without it, the route answers with an error.",
);
pub(super) static NGINX_NO_CA: RuleInfo = RuleInfo::warning(
    "ingress-nginx/no-ca",
    "ingress-nginx (1.15) reads client CAs from ca.crt. Without it, it accepts the Secret of \
     auth-tls-secret and asks for no client certificate: the site is open. It reads ca.crl only \
     together with ca.crt.",
);
pub(super) static TRAEFIK_HASH: RuleInfo = RuleInfo::warning(
    "traefik/hash",
    "Traefik (3.7) knows the hashes $apr1$, $1$, {SHA} and bcrypt. A user with $5$, $6$ or a \
     plain password never gets in.",
);
pub(super) static TRAEFIK_KEYS: RuleInfo = RuleInfo::warning(
    "traefik/keys",
    "Traefik (3.7) reads users from a Secret that has exactly one key, or from \
     kubernetes.io/basic-auth with a plain password; client CAs from tls.ca or ca.crt. With two \
     keys the middleware fails. Without a CA, and without clientAuthType, Traefik asks for no \
     client certificate.",
);
pub(super) static TRAEFIK_LINE: RuleInfo = RuleInfo::warning(
    "traefik/line",
    "Traefik (3.7) requires exactly one colon in each line of users. A comment, or a line with \
     two colons, makes the whole middleware fail.",
);
