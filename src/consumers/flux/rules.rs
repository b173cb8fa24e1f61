//! The pages of Flux' rules.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] = &[
    &ADDRESS,
    &AGE_LINE,
    &AGE_NAME,
    &APP_ID,
    &APP_INSTALLATION,
    &HOST_KEY_TYPES,
    &IDENTITY_PAIR,
    &KEYS,
    &LINES,
    &LOGIN,
    &OCI_TYPE,
    &VARIABLE,
];

pub(super) static ADDRESS: RuleInfo = RuleInfo::warning(
    "flux/address",
    "The address in a proxySecretRef of Flux (controllers 1.9) is a URL of http, https or socks5, \
     on one line. Flux rejects any other, and one that ends with a newline.",
);
pub(super) static AGE_LINE: RuleInfo = RuleInfo::warning(
    "flux/agekey-line",
    "Flux (controllers 1.9) parses a key that ends with .agekey as age does: each line is an \
     identity, a comment with # at its start, or blank. One other line, or a blank before an \
     identity, makes the whole import fail.",
);
pub(super) static AGE_NAME: RuleInfo = RuleInfo::warning(
    "flux/agekey-name",
    "Flux (controllers 1.9) imports age identities only from keys that end with .agekey. It \
     ignores any other name, such as age.key or keys.txt, and reports an error later, when it \
     decrypts.",
);
pub(super) static APP_ID: RuleInfo = RuleInfo::warning(
    "flux/github-app-id",
    "Flux (controllers 1.9) reads the ids of a GitHub App as numbers and ignores the error if one \
     does not parse: an id that ends with a newline counts as 0, and the message says that it is \
     missing.",
);
pub(super) static APP_INSTALLATION: RuleInfo = RuleInfo::warning(
    "flux/github-app-installation",
    "Flux (controllers 1.9) requires exactly one of githubAppInstallationID and \
     githubAppInstallationOwner.",
);
pub(super) static HOST_KEY_TYPES: RuleInfo = RuleInfo::warning(
    "flux/host-key-types",
    "Flux (controllers 1.9) offers a server the key types of all hosts in known_hosts, in random \
     order. If another host of the file has a type that this one lacks, some clones fail with a \
     key mismatch. List only the host of the repository, or the same types for each host.",
);
pub(super) static IDENTITY_PAIR: RuleInfo = RuleInfo::warning(
    "flux/identity-pair",
    "Flux (controllers 1.9) requires identity (the private key) and known_hosts for Git by SSH, \
     neither of them empty. It never reads identity.pub.",
);
pub(super) static KEYS: RuleInfo = RuleInfo::warning(
    "flux/keys",
    "A key that Flux (controllers 1.9) requires is missing, or spelt differently. Case matters: \
     accesskey, bearerToken, identity, value.",
);
pub(super) static LINES: RuleInfo = RuleInfo::warning(
    "flux/substitute-newline",
    "Flux (controllers 1.9) removes every newline of a value that substituteFrom reads: PEM \
     becomes one line that no program reads.",
);
pub(super) static LOGIN: RuleInfo = RuleInfo::warning(
    "flux/login",
    "The login is incomplete or ambiguous to Flux (controllers 1.9): a password needs a username, \
     a Provider drops its whole login for a username without a password, and username and \
     password are not read where there is a bearerToken.",
);
pub(super) static OCI_TYPE: RuleInfo = RuleInfo::warning(
    "flux/oci-type",
    "Flux (controllers 1.9) reads registry logins only from Secrets of type \
     kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg. It ignores any other without a \
     message and connects anonymously.",
);
pub(super) static VARIABLE: RuleInfo = RuleInfo::warning(
    "flux/variable-name",
    "Every key of a Secret in substituteFrom is a variable to Flux (controllers 1.9) and must \
     match [A-Za-z_][A-Za-z0-9_]*. One key such as db-password makes the whole Kustomization \
     fail.",
);
