//! Argo CD: repositories, their logins, clusters, and Secrets that its settings refer to.

mod cluster;
mod rules;

use crate::validate::Place;

use super::check::{Check, is_bool, is_int, label};
use super::{Consumer, Marks};

pub(super) use rules::RULES;

const VERSION: &str = "Argo CD 3.6";
const TYPE_LABEL: &str = "argocd.argoproj.io/secret-type";
const PART_OF: &str = "app.kubernetes.io/part-of";

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "argocd-repository",
        about: "Argo CD, a repository",
        version: VERSION,
        source: "argoproj/argo-cd util/db/repository_secrets.go",
        recognised_by: "label argocd.argoproj.io/secret-type=repository",
        checked: "label, url, type, booleans, numbers, names of keys, keys that are not used",
        label: Some((TYPE_LABEL, "repository")),
        untrimmed: UNTRIMMED,
        marks: Marks::Metadata(|secret| {
            label(secret, TYPE_LABEL).is_some_and(|value| !is_of_another(value))
        }),
        check: repository,
    },
    Consumer {
        name: "argocd-repo-creds",
        about: "Argo CD, a login for several repositories",
        version: VERSION,
        source: "argoproj/argo-cd util/db/repository_secrets.go",
        recognised_by: "label argocd.argoproj.io/secret-type=repo-creds",
        checked: "as argocd-repository, and keys that only a repository has",
        label: Some((TYPE_LABEL, "repo-creds")),
        untrimmed: UNTRIMMED,
        marks: Marks::Metadata(|secret| {
            matches!(label(secret, TYPE_LABEL), Some("repo-creds" | "repo-write-creds"))
        }),
        check: repo_creds,
    },
    Consumer {
        name: "argocd-cluster",
        about: "Argo CD, a cluster",
        version: VERSION,
        source: "argoproj/argo-cd util/db/cluster.go",
        recognised_by: "label argocd.argoproj.io/secret-type=cluster",
        checked: "server, config (JSON, base64 of certificates, unknown fields), clusterResources",
        label: Some((TYPE_LABEL, "cluster")),
        untrimmed: &["name", "server"],
        marks: Marks::Metadata(|secret| label(secret, TYPE_LABEL) == Some("cluster")),
        check: cluster::check,
    },
    Consumer {
        name: "argocd-reference",
        about: "Argo CD, values that settings refer to as $SECRET:KEY",
        version: VERSION,
        source: "argoproj/argo-cd util/settings/settings.go",
        recognised_by: "label app.kubernetes.io/part-of=argocd",
        checked: "the case of the label's value",
        label: Some((PART_OF, "argocd")),
        untrimmed: &[],
        marks: Marks::Metadata(|secret| {
            label(secret, PART_OF).is_some_and(|value| value.eq_ignore_ascii_case("argocd"))
        }),
        check: reference,
    },
];

const TYPES: &[&str] =
    &["repository", "repo-creds", "cluster", "repository-write", "repo-write-creds", "scm-creds"];
const UNTRIMMED: &[&str] = &[
    "url",
    "type",
    "username",
    "password",
    "bearerToken",
    "proxy",
    "noProxy",
    "githubAppEnterpriseBaseUrl",
    "azureServicePrincipalClientSecret",
];

/// Whether the label's value makes the Secret another kind of Argo CD's.
fn is_of_another(value: &str) -> bool {
    TYPES.contains(&value) && !matches!(value, "repository" | "repository-write")
}

const BOOLEANS: &[&str] =
    &["enableOCI", "forceHttpBasicAuth", "insecureOCIForceHttp", "useAzureWorkloadIdentity"];
const REPOSITORY_BOOLEANS: &[&str] = &["enableLfs", "insecure", "insecureIgnoreHostKey"];
const NUMBERS: &[&str] = &["githubAppID", "githubAppInstallationID"];
const TEXTS: &[&str] = &[
    "azureActiveDirectoryEndpoint",
    "azureServicePrincipalClientSecret",
    "bearerToken",
    "gcpServiceAccountKey",
    "githubAppEnterpriseBaseUrl",
    "githubAppPrivateKey",
    "noProxy",
    "password",
    "proxy",
    "sshPrivateKey",
    "tlsClientCertData",
    "tlsClientCertKey",
    "type",
    "url",
    "username",
];
const ONLY_REPOSITORY: &[&str] =
    &["depth", "enableLfs", "insecure", "insecureIgnoreHostKey", "name", "project"];
/// Repositories and their logins differ in the case of one letter.
const AZURE: &[(&str, &str)] = &[
    ("azureServicePrincipalClientId", "azureServicePrincipalClientID"),
    ("azureServicePrincipalTenantId", "azureServicePrincipalTenantID"),
];

fn repository(check: &mut Check<'_>) {
    if let Some(value) = label(check.secret, TYPE_LABEL)
        && !TYPES.contains(&value)
    {
        let near = TYPES.iter().find(|known| super::check::is_like(known, value));
        let hint = match near {
            Some(near) => format!("did you mean {near}? --labels={TYPE_LABEL}={near}"),
            None => format!("use one of {}", TYPES.join(", ")),
        };
        let place = Place::Label(TYPE_LABEL.to_owned());
        check.at(
            place,
            &rules::LABEL,
            "not a value that Argo CD knows, so it ignores the Secret",
            hint,
        );
        return;
    }
    common(check);
    fields(check, REPOSITORY_BOOLEANS, &[NUMBERS, &["depth"]].concat());
    for (wanted, other) in AZURE {
        azure(check, other, wanted, "a repository");
    }
}

fn repo_creds(check: &mut Check<'_>) {
    common(check);
    fields(check, &[], NUMBERS);
    for (other, wanted) in AZURE {
        azure(check, other, wanted, "repo-creds");
    }
    for key in ONLY_REPOSITORY.iter().filter(|key| super::check::has(check.secret, key)) {
        check.key(
            key,
            &rules::IGNORED_KEY,
            "Argo CD reads this key only in a Secret with the label value repository",
            "leave it out, or move it to the repository",
        );
    }
}

fn azure(check: &mut Check<'_>, other: &str, wanted: &str, of: &str) {
    if check.has(other) && !check.has(wanted) {
        let words = format!("Argo CD does not read this key in {of}");
        check.key(other, &rules::AZURE_KEY, words, format!("did you mean {wanted}?"));
    }
}

/// What repositories and their logins have in common.
fn common(check: &mut Check<'_>) {
    if !check.is_filled("url") {
        check.key(
            "url",
            &rules::URL,
            "Argo CD requires a URL",
            "--from-literal=url=https://HOST/PATH",
        );
    }
    if let Some(kind) = check.get("type")
        && !matches!(kind, b"" | b"git" | b"helm" | b"oci")
    {
        let words = "Argo CD supports git, helm and oci, in lower case";
        check.key("type", &rules::TYPE, words, "--from-literal=type=git");
    }
    if check.is_filled("sshPrivateKey") {
        for key in ["password", "bearerToken"] {
            if check.is_filled(key) {
                check.key(
                    key,
                    &rules::SSH_KEY_UNUSED,
                    "Argo CD prefers it to sshPrivateKey, so the SSH key is not used",
                    format!("leave out {key}: a passphrase is not supported"),
                );
            }
        }
    }
    for key in ["known_hosts", "ssh_known_hosts", "sshKnownHosts"] {
        if check.has(key) {
            check.key(
                key,
                &rules::KNOWN_HOSTS,
                "Argo CD does not read host keys from this Secret",
                "add them to the ConfigMap argocd-ssh-known-hosts-cm, key ssh_known_hosts",
            );
        }
    }
    for key in ["ssh-privatekey", "identity", "id_rsa", "id_ed25519"] {
        if check.has(key) && !check.has("sshPrivateKey") {
            let hint = "did you mean sshPrivateKey? --from-file=sshPrivateKey=FILE";
            check.key(key, &rules::KEY, "Argo CD does not read this key", hint);
        }
    }
    let (has_id, has_key) = (check.has("githubAppID"), check.has("githubAppPrivateKey"));
    if has_id != has_key || (check.has("githubAppInstallationID") && !has_id) {
        let missing = if has_id { "githubAppPrivateKey" } else { "githubAppID" };
        let words = "Argo CD uses a GitHub App only with githubAppID and githubAppPrivateKey";
        check.key(
            missing,
            &rules::GITHUB_APP,
            words,
            format!("add it: --from-file={missing}=FILE"),
        );
    }
}

fn fields(check: &mut Check<'_>, booleans: &[&str], numbers: &[&str]) {
    for key in BOOLEANS.iter().chain(booleans) {
        if check.get(key).is_some_and(|value| !is_bool(value)) {
            let words = "not a boolean that Argo CD reads, so it rejects the Secret";
            check.key(key, &rules::BOOLEAN, words, format!("--from-literal={key}=true"));
        }
    }
    for key in numbers {
        if check.get(key).is_some_and(|value| !is_int(value)) {
            let words = "not a number that Argo CD reads, so it rejects the Secret";
            check.key(
                key,
                &rules::NUMBER,
                words,
                format!("digits only, as --from-literal={key}=123"),
            );
        }
    }
    let azure = AZURE.iter().flat_map(|(a, b)| [*a, *b]);
    let known: Vec<_> = [BOOLEANS, REPOSITORY_BOOLEANS, NUMBERS, TEXTS, ONLY_REPOSITORY]
        .concat()
        .into_iter()
        .chain(azure)
        .collect();
    check.misspelt(&rules::KEY, "Argo CD", &known);
}

fn reference(check: &mut Check<'_>) {
    if let Some(value) = label(check.secret, PART_OF)
        && value != "argocd"
        && value.eq_ignore_ascii_case("argocd")
    {
        check.at(
            Place::Label(PART_OF.to_owned()),
            &rules::PART_OF,
            "Argo CD only resolves references to Secrets with the value argocd, in lower case",
            format!("--labels={PART_OF}=argocd"),
        );
    }
}
