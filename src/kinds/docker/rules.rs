//! The rules on logins to registries, as users see them.

use crate::validate::RuleInfo;

pub(crate) static RULES: &[&RuleInfo] = &[
    &NOT_JSON,
    &UNREADABLE,
    &WRONG_FORM,
    &TOKEN,
    &INCOMPLETE,
    &KEPT,
    &NO_LOGIN,
    &SERVER_FORM,
    &SAME_SERVER,
    &TWICE,
    &OWN_TOKEN,
    &OTHER_NAME,
    &ZERO_BYTES,
];

pub(crate) static NOT_JSON: RuleInfo = RuleInfo::error(
    "docker/not-json",
    "The API server requires that .dockerconfigjson and .dockercfg hold a JSON object or \
     null.",
);
pub(crate) static UNREADABLE: RuleInfo = RuleInfo::warning(
    "docker/unreadable",
    "The Docker configuration is valid JSON, but a kubelet cannot read it, so nothing can be \
     pulled with it.",
);
pub(crate) static WRONG_FORM: RuleInfo = RuleInfo::warning(
    "docker/wrong-format",
    "The logins have the format of the other type: kubernetes.io/dockerconfigjson has them \
     under \"auths\", kubernetes.io/dockercfg at the top level. A kubelet finds none.",
);
pub(crate) static TOKEN: RuleInfo = RuleInfo::warning(
    "docker/token",
    "The login is an identity token or a registry token. Docker uses them, a kubelet does \
     not.",
);
pub(crate) static INCOMPLETE: RuleInfo = RuleInfo::warning(
    "docker/incomplete-login",
    "A login has an auth that does not decode to USER:PASSWORD, or lacks a part. One login \
     that a kubelet cannot read makes all others in the Secret useless.",
);
pub(crate) static KEPT: RuleInfo = RuleInfo::warning(
    "docker/credential-store",
    "The configuration refers to a credential store or helper (credsStore, credHelpers) on \
     the machine where docker login ran. The logins themselves are not in the file, and a \
     cluster cannot read the store.",
);
pub(crate) static NO_LOGIN: RuleInfo = RuleInfo::warning(
    "docker/no-login",
    "The configuration names no server, or a server without a login, so nothing can be pulled \
     from it.",
);
pub(crate) static SERVER_FORM: RuleInfo = RuleInfo::warning(
    "docker/server-name",
    "The name of the server is written in a form that kubelets do not match with images, or \
     that few tools use: a scheme, a path, upper case, or another name of Docker Hub.",
);
pub(crate) static SAME_SERVER: RuleInfo = RuleInfo::warning(
    "docker/same-server",
    "Two entries are for the same server. A kubelet tries them in an order that is not \
     defined, or uses only one of them.",
);
pub(crate) static TWICE: RuleInfo = RuleInfo::warning(
    "docker/duplicate-server",
    "The JSON contains the same key twice, and the last one is used.",
);
pub(crate) static OWN_TOKEN: RuleInfo = RuleInfo::warning(
    "docker/own-token",
    "The configuration contains the tokens with which Docker accesses the whole account at \
     Docker Hub. They cannot pull images, and they do not belong in a cluster.",
);
pub(crate) static OTHER_NAME: RuleInfo = RuleInfo::warning(
    "docker/username",
    "The user name has a colon, or differs from the one in auth, which is the one that is \
     used.",
);
pub(crate) static ZERO_BYTES: RuleInfo = RuleInfo::warning(
    "docker/zero-bytes",
    "Zero bytes surround the password. Docker drops them, a kubelet sends them.",
);
