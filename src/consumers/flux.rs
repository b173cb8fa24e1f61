//! Flux: sources, decryption, notifications.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Check, has, has_all, is_int, label};
use super::{Consumer, Marks, NEVER};
use crate::kinds::{DOCKERCFG, DOCKERCONFIGJSON};
use crate::material::known_hosts;

pub(super) use rules::RULES;

const VERSION: &str = "Flux, controllers 1.9";
const AGE_KEY: &[u8] = b"AGE-SECRET-KEY-";

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "flux-git",
        about: "Flux, a GitRepository by SSH",
        version: VERSION,
        source: "fluxcd/pkg git/options.go",
        recognised_by: "keys identity and known_hosts, or identity and identity.pub",
        checked: "both keys are there, key types of known_hosts",
        label: None,
        untrimmed: &["password"],
        marks: Marks::Contents(|secret| {
            has(secret, "identity") && (has(secret, "known_hosts") || has(secret, "identity.pub"))
        }),
        check: git,
    },
    Consumer {
        name: "flux-git-https",
        about: "Flux, a GitRepository or HelmRepository by HTTPS",
        version: VERSION,
        source: "fluxcd/pkg git/options.go",
        recognised_by: NEVER,
        checked: "user name and password come together, or only bearerToken",
        label: None,
        untrimmed: &["username", "password", "bearerToken"],
        marks: Marks::Named,
        check: git_https,
    },
    Consumer {
        name: "flux-github-app",
        about: "Flux, a GitRepository with provider: github",
        version: VERSION,
        source: "fluxcd/pkg auth/githubapp/client.go",
        recognised_by: "key githubAppInstallationOwner, or githubAppID without Argo CD's label",
        checked: "ids are numbers, one way to name the installation, private key",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            has(secret, "githubAppInstallationOwner")
                || (has(secret, "githubAppID")
                    && label(secret, "argocd.argoproj.io/secret-type").is_none())
        }),
        check: github_app,
    },
    Consumer {
        name: "flux-oci",
        about: "Flux, an OCIRepository or ImageRepository",
        version: VERSION,
        source: "google/go-containerregistry pkg/authn/kubernetes/keychain.go",
        recognised_by: NEVER,
        checked: "type kubernetes.io/dockerconfigjson or dockercfg",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: oci,
    },
    Consumer {
        name: "flux-sops",
        about: "Flux, decryption with SOPS",
        version: VERSION,
        source: "fluxcd/kustomize-controller internal/decryptor/decryptor.go",
        recognised_by: "a key that ends with .agekey, or an age identity in flux-system",
        checked: "names of keys, lines of age identities",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            secret.data.keys().any(|key| key.as_str().ends_with(".agekey"))
                || (secret.namespace.as_ref().is_some_and(|n| n.as_str() == "flux-system")
                    && secret.data.values().any(|value| value.as_bytes().starts_with(AGE_KEY)))
        }),
        check: sops,
    },
    Consumer {
        name: "flux-bucket",
        about: "Flux, a Bucket of S3",
        version: VERSION,
        source: "fluxcd/source-controller internal/bucket/minio/minio.go",
        recognised_by: NEVER,
        checked: "keys accesskey and secretkey",
        label: None,
        untrimmed: &["accesskey", "secretkey"],
        marks: Marks::Named,
        check: |check| required(check, &["accesskey", "secretkey"]),
    },
    Consumer {
        name: "flux-proxy",
        about: "Flux, a proxySecretRef",
        version: VERSION,
        source: "fluxcd/pkg runtime/secrets/converter.go",
        recognised_by: NEVER,
        checked: "address is a URL, password needs username",
        label: None,
        untrimmed: &["address", "username", "password"],
        marks: Marks::Named,
        check: proxy,
    },
    Consumer {
        name: "flux-substitute",
        about: "Flux, postBuild.substituteFrom",
        version: VERSION,
        source: "fluxcd/pkg kustomize/kustomize_varsub.go",
        recognised_by: NEVER,
        checked: "keys are names of variables, values have no newline",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: substitute,
    },
    Consumer {
        name: "flux-receiver",
        about: "Flux, a Receiver",
        version: VERSION,
        source: "fluxcd/notification-controller internal/server/receiver_handlers.go",
        recognised_by: NEVER,
        checked: "key token, without a newline",
        label: None,
        untrimmed: &["token"],
        marks: Marks::Named,
        check: |check| required(check, &["token"]),
    },
    Consumer {
        name: "flux-provider",
        about: "Flux, a Provider of notifications",
        version: VERSION,
        source: "fluxcd/notification-controller internal/server/event_handlers.go",
        recognised_by: NEVER,
        checked: "username needs password, token without a newline",
        label: None,
        untrimmed: &["token", "username", "password"],
        marks: Marks::Named,
        check: |check| {
            together(check, "username", "password");
            together(check, "password", "username");
        },
    },
    Consumer {
        name: "flux-kubeconfig",
        about: "Flux, a kubeConfig of a Kustomization or HelmRelease",
        version: VERSION,
        source: "fluxcd/pkg runtime/client/impersonator.go",
        recognised_by: NEVER,
        checked: "key value or value.yaml",
        label: None,
        untrimmed: &[],
        marks: Marks::Named,
        check: |check| {
            if !check.has("value.yaml") {
                required(check, &["value"]);
            }
        },
    },
];

fn required(check: &mut Check<'_>, keys: &[&str]) {
    check.misspelt(&rules::KEYS, "Flux", keys);
    check.require(&rules::KEYS, "Flux", keys);
}

fn git(check: &mut Check<'_>) {
    for key in ["identity", "known_hosts"] {
        if check.is_filled(key) {
            continue;
        }
        let hint = match key {
            "identity" => "--from-file=identity=FILE with the private key",
            _ => "ssh-keyscan HOST > known_hosts, then --from-file=known_hosts",
        };
        let words = "Flux requires both identity and known_hosts";
        check.key(key, &rules::IDENTITY_PAIR, words, hint);
    }
    if check.has("ssh-privatekey") {
        let hint = "did you mean identity? --from-file=identity=FILE";
        check.key("ssh-privatekey", &rules::KEYS, "Flux does not read this key", hint);
    }
    let Some(file) = check.get("known_hosts") else { return };
    let mut types: BTreeMap<&[u8], BTreeSet<&[u8]>> = BTreeMap::new();
    for (hosts, algorithm) in known_hosts::key_types(file) {
        // A hash has its own salt in each line, so hosts cannot be told apart.
        if hosts.starts_with(b"|") {
            return;
        }
        types.entry(hosts).or_default().insert(algorithm);
    }
    let mut sets = types.values();
    if let Some(first) = sets.next()
        && sets.any(|other| other != first)
    {
        check.key(
            "known_hosts",
            &rules::HOST_KEY_TYPES,
            "the hosts have keys of different types, with which some of Flux' clones fail",
            "list only the host of this repository: ssh-keyscan HOST > known_hosts",
        );
    }
}

fn git_https(check: &mut Check<'_>) {
    if check.has("bearerToken") {
        for key in ["username", "password"] {
            if check.has(key) {
                let words = "Flux does not read it where there is a bearerToken";
                check.key(key, &rules::LOGIN, words, "leave out one of the two");
            }
        }
        return;
    }
    check.misspelt(&rules::KEYS, "Flux", &["bearerToken", "username", "password"]);
    together(check, "password", "username");
}

/// The one key needs the other.
fn together(check: &mut Check<'_>, one: &str, other: &str) {
    if check.has(one) && !check.has(other) {
        let words = format!("Flux requires it where there is {one}");
        check.key(other, &rules::LOGIN, words, format!("--from-file={other}=FILE"));
    }
}

fn github_app(check: &mut Check<'_>) {
    for key in ["githubAppID", "githubAppInstallationID"] {
        if check.get(key).is_some_and(|value| !is_int(value)) {
            let words = "not a number that Flux reads; it takes the id for missing";
            check.key(
                key,
                &rules::APP_ID,
                words,
                format!("digits only, as --from-literal={key}=123"),
            );
        }
    }
    if has_all(check.secret, &["githubAppInstallationID", "githubAppInstallationOwner"]) {
        check.key(
            "githubAppInstallationOwner",
            &rules::APP_INSTALLATION,
            "Flux rejects it together with githubAppInstallationID",
            "leave out one of the two",
        );
    }
    check.require(&rules::KEYS, "Flux", &["githubAppID", "githubAppPrivateKey"]);
}

fn oci(check: &mut Check<'_>) {
    let secret_type = check.secret.secret_type.as_str();
    if !matches!(secret_type, DOCKERCONFIGJSON | DOCKERCFG) {
        check.at(
            crate::validate::Place::Type,
            &rules::OCI_TYPE,
            "Flux ignores the login of a Secret of this type and connects anonymously",
            "mksecret docker-registry makes one of the right type",
        );
    }
}

fn sops(check: &mut Check<'_>) {
    let data = &check.secret.data;
    for (key, value) in data {
        let (key, value) = (key.as_str(), value.as_bytes());
        if key.ends_with(".agekey") {
            let is_bad = |line: &[u8]| {
                !(line.is_empty() || line.starts_with(b"#") || line.starts_with(b"AGE-"))
            };
            let mut lines = value.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
            if let Some(at) = lines.position(is_bad) {
                let words =
                    format!("line {} is not an age identity, and Flux rejects the file", at + 1);
                check.key(key, &rules::AGE_LINE, words, "age-keygen writes a valid file");
            }
        } else if value.starts_with(AGE_KEY) || value.starts_with(b"# created: ") {
            check.key(
                key,
                &rules::AGE_NAME,
                "an age identity whose key does not end with .agekey, so Flux ignores it",
                "--from-file=age.agekey=FILE",
            );
        }
    }
}

fn proxy(check: &mut Check<'_>) {
    required(check, &["address"]);
    if let Some(address) = check.get("address")
        && !["http://", "https://", "socks5://"].iter().any(|s| address.starts_with(s.as_bytes()))
    {
        let words = "not a URL with http, https or socks5, which Flux requires";
        check.key("address", &rules::ADDRESS, words, "--from-literal=address=http://HOST:3128");
    }
    together(check, "password", "username");
}

fn substitute(check: &mut Check<'_>) {
    let data = &check.secret.data;
    for (key, value) in data {
        let key = key.as_str();
        let is_word = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !is_word || key.starts_with(|c: char| c.is_ascii_digit()) {
            let words = "not a name of a variable, and Flux rejects the whole Kustomization";
            check.key(key, &rules::VARIABLE, words, "use letters, digits and '_'");
        }
        if value.as_bytes().contains(&b'\n') {
            let words = "Flux removes every newline of the value";
            check.key(
                key,
                &rules::LINES,
                words,
                format!("one line only; a final newline: --trim-newline={key}"),
            );
        }
    }
}
