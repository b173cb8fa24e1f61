//! The pages of the rules of registries and of other readers of logins.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] =
    &[&ESO_LABEL, &FLEET_KEYS, &FLEET_TYPE, &REGISTRY_TYPE];

pub(super) static ESO_LABEL: RuleInfo = RuleInfo::warning(
    "external-secrets/label",
    "The webhook provider of External Secrets (2.9) reads only Secrets with the label external- \
     secrets.io/type=webhook.",
);
pub(super) static FLEET_KEYS: RuleInfo = RuleInfo::warning(
    "fleet/keys",
    "Rancher Fleet (August 2026) reads the CA of a server from the key cacerts, not from ca.crt.",
);
pub(super) static FLEET_TYPE: RuleInfo = RuleInfo::warning(
    "fleet/type",
    "Rancher Fleet (August 2026) reads Git logins from Secrets of type kubernetes.io/basic-auth \
     and kubernetes.io/ssh-auth, or with the keys of a GitHub App. For any other it connects \
     without a login, and without an error.",
);
pub(super) static REGISTRY_TYPE: RuleInfo = RuleInfo::warning(
    "registry/type",
    "The kubelet, Flux, Tekton, Knative and kpack read .dockerconfigjson only in a Secret of type \
     kubernetes.io/dockerconfigjson, and .dockercfg only in kubernetes.io/dockercfg. In any other \
     they find no login and pull anonymously; only what mounts the Secret as files reads it. The \
     type of a Secret cannot be changed: delete it and create it again.",
);
