//! The pages of Argo CD's rules.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] = &[
    &AZURE_KEY,
    &BOOLEAN,
    &CLUSTER_BOOLEAN,
    &CLUSTER_CONFIG,
    &CLUSTER_DATA,
    &CLUSTER_FIELD,
    &CLUSTER_SERVER,
    &GITHUB_APP,
    &IGNORED_KEY,
    &KEY,
    &KNOWN_HOSTS,
    &LABEL,
    &NUMBER,
    &PART_OF,
    &SSH_KEY_UNUSED,
    &TYPE,
    &URL,
];

pub(super) static AZURE_KEY: RuleInfo = RuleInfo::warning(
    "argocd/azure-key",
    "Argo CD (3.6) spells the keys of an Azure service principal differently: \
     azureServicePrincipalClientId and azureServicePrincipalTenantId in a repository, …ClientID \
     and …TenantID in repo-creds. It ignores the other spelling.",
);
pub(super) static BOOLEAN: RuleInfo = RuleInfo::warning(
    "argocd/boolean",
    "Argo CD (3.6) reads booleans as Go's strconv.ParseBool does: true, false, 1, 0, t and f. For \
     yes, on, an empty value or one with a newline it reports the repository as misconfigured; in \
     repo-creds one such value can make the whole list of logins fail.",
);
pub(super) static CLUSTER_BOOLEAN: RuleInfo = RuleInfo::warning(
    "argocd/cluster-resources",
    "Argo CD (3.6) compares clusterResources of a cluster with the text true. Any other text, such \
     as True or yes, means false without a message.",
);
pub(super) static CLUSTER_CONFIG: RuleInfo = RuleInfo::warning(
    "argocd/cluster-config",
    "Argo CD (3.6) reads how to log in to a cluster from the key config, a JSON object. Without it, \
     it connects without a login; if it is not valid JSON, the cluster cannot be used.",
);
pub(super) static CLUSTER_DATA: RuleInfo = RuleInfo::warning(
    "argocd/cluster-data",
    "In the config of a cluster, Argo CD (3.6) expects caData, certData and keyData as base64 of \
     PEM, inside the JSON and in addition to the base64 of the Secret. PEM there is an error.",
);
pub(super) static CLUSTER_FIELD: RuleInfo = RuleInfo::warning(
    "argocd/cluster-field",
    "The config of a cluster has a field that Argo CD (3.6) ignores at this place: the token is \
     bearerToken, and certificates and insecure belong in tlsClientConfig.",
);
pub(super) static CLUSTER_SERVER: RuleInfo = RuleInfo::warning(
    "argocd/cluster-server",
    "Argo CD (3.6) finds a cluster by the URL under the key server. An Application names the same \
     URL, or the cluster's name.",
);
pub(super) static GITHUB_APP: RuleInfo = RuleInfo::warning(
    "argocd/github-app",
    "Argo CD (3.6) logs in as a GitHub App only if both githubAppID and githubAppPrivateKey are \
     given. Otherwise it ignores what is there and goes on without a login.",
);
pub(super) static IGNORED_KEY: RuleInfo = RuleInfo::warning(
    "argocd/ignored-key",
    "Argo CD (3.6) reads name, project, insecure, insecureIgnoreHostKey, enableLfs and depth in a \
     repository, not in repo-creds, where it ignores them.",
);
pub(super) static KEY: RuleInfo = RuleInfo::warning(
    "argocd/key",
    "Argo CD (3.6) ignores keys that it does not know, and their case matters: the SSH key is \
     sshPrivateKey, not ssh-privatekey or identity.",
);
pub(super) static KNOWN_HOSTS: RuleInfo = RuleInfo::warning(
    "argocd/known-hosts",
    "Argo CD (3.6) reads the host keys of SSH servers from the ConfigMap argocd-ssh-known-hosts-cm, \
     key ssh_known_hosts, and ignores those in the Secret of a repository.",
);
pub(super) static LABEL: RuleInfo = RuleInfo::warning(
    "argocd/label",
    "Argo CD (3.6) finds its Secrets by the label argocd.argoproj.io/secret-type, whose value is \
     one of repository, repo-creds, cluster, repository-write, repo-write-creds and scm-creds. Case \
     matters; it never sees a Secret with another value.",
);
pub(super) static NUMBER: RuleInfo = RuleInfo::warning(
    "argocd/number",
    "Argo CD (3.6) reads githubAppID, githubAppInstallationID and depth as Go's strconv.ParseInt \
     does: digits only. An empty value, or one with a newline, makes the repository misconfigured.",
);
pub(super) static PART_OF: RuleInfo = RuleInfo::warning(
    "argocd/part-of",
    "Argo CD (3.6) resolves $SECRET:KEY in its settings only in Secrets with the label \
     app.kubernetes.io/part-of=argocd, in lower case. Without it, the text with the dollar sign is \
     the value.",
);
pub(super) static SSH_KEY_UNUSED: RuleInfo = RuleInfo::warning(
    "argocd/ssh-key-unused",
    "Argo CD (3.6) uses password or bearerToken before sshPrivateKey. A password that is meant as \
     the passphrase of the key switches the repository to HTTPS; a key with a passphrase is not \
     supported.",
);
pub(super) static TYPE: RuleInfo = RuleInfo::warning(
    "argocd/type",
    "The type of a repository is git, helm or oci to Argo CD (3.6), in lower case. It reports any \
     other as unsupported.",
);
pub(super) static URL: RuleInfo = RuleInfo::warning(
    "argocd/url",
    "Argo CD (3.6) finds a repository, and the logins for several, by the key url. Without it the \
     Secret is never used.",
);
