//! The types of Secret that Kubernetes knows (`k8s.io/api/core/v1`, `SecretType…`): the one place
//! with their names.

/// What the API server stores if no type is given.
pub const OPAQUE: &str = "Opaque";
/// A token with which nodes join a cluster.
pub const BOOTSTRAP_TOKEN: &str = "bootstrap.kubernetes.io/token";
/// A user name and a password.
pub const BASIC_AUTH: &str = "kubernetes.io/basic-auth";
/// Logins to registries, in the form of `.dockercfg`.
pub const DOCKERCFG: &str = "kubernetes.io/dockercfg";
/// Logins to registries, in the form of Docker's `config.json`.
pub const DOCKERCONFIGJSON: &str = "kubernetes.io/dockerconfigjson";
/// A token that the cluster fills in.
pub const SERVICE_ACCOUNT_TOKEN: &str = "kubernetes.io/service-account-token";
/// A private key of SSH.
pub const SSH_AUTH: &str = "kubernetes.io/ssh-auth";
/// A certificate and its private key.
pub const TLS: &str = "kubernetes.io/tls";

/// A type that Kubernetes knows.
#[derive(Debug)]
pub struct KubernetesType {
    /// The value of the field `type`.
    pub name: &'static str,
    /// What such a Secret contains, in a few words.
    pub about: &'static str,
    /// The keys that its readers know, those first that the API server requires.
    pub keys: &'static [&'static str],
}

/// All of them, in the order in which they are listed to users.
pub const ALL: [KubernetesType; 8] = [
    KubernetesType { name: OPAQUE, about: "any data", keys: &[] },
    KubernetesType {
        name: BASIC_AUTH,
        about: "a user name and a password",
        keys: &["username", "password"],
    },
    KubernetesType { name: DOCKERCFG, about: "registry logins, old format", keys: &[".dockercfg"] },
    KubernetesType {
        name: DOCKERCONFIGJSON,
        about: "registry logins",
        keys: &[".dockerconfigjson"],
    },
    KubernetesType { name: SERVICE_ACCOUNT_TOKEN, about: "a service account's token", keys: &[] },
    KubernetesType { name: SSH_AUTH, about: "an SSH key", keys: &["ssh-privatekey"] },
    KubernetesType { name: TLS, about: "a certificate and its key", keys: &["tls.crt", "tls.key"] },
    KubernetesType {
        name: BOOTSTRAP_TOKEN,
        about: "a token for joining nodes",
        keys: &[
            "token-id",
            "token-secret",
            "description",
            "expiration",
            "usage-bootstrap-signing",
            "usage-bootstrap-authentication",
            "auth-extra-groups",
        ],
    },
];
