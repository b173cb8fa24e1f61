//! The pages of the rules of build systems and CI.

use crate::validate::RuleInfo;

pub(in super::super) static RULES: &[&RuleInfo] = &[
    &ARC_BOTH,
    &ARC_KEYS,
    &ARC_NUMBER,
    &JENKINS_KEYS,
    &JENKINS_LABEL,
    &KPACK_ANNOTATION,
    &KPACK_TYPE,
    &TEKTON_DOCKER_TYPE,
    &TEKTON_GIT_TYPE,
    &TEKTON_URL,
];

pub(super) static ARC_BOTH: RuleInfo = RuleInfo::warning(
    "arc/both",
    "A runner scale set of Actions Runner Controller (June 2026) rejects a Secret with both \
     github_token and the keys of a GitHub App.",
);
pub(super) static ARC_KEYS: RuleInfo = RuleInfo::warning(
    "arc/keys",
    "Actions Runner Controller (June 2026) and Fleet require github_app_id, \
     github_app_installation_id and github_app_private_key together.",
);
pub(super) static ARC_NUMBER: RuleInfo = RuleInfo::warning(
    "arc/number",
    "Actions Runner Controller (June 2026) reads github_app_installation_id as a number: digits \
     only, without a newline.",
);
pub(super) static JENKINS_KEYS: RuleInfo = RuleInfo::warning(
    "jenkins/keys",
    "A credential of the Jenkins Kubernetes Credentials Provider (August 2026) has keys by its \
     type: username and password, text, filename and data, or username and privateKey. An \
     annotation jenkins.io/credentials-keybinding-KEY renames one. Jenkins leaves out a \
     credential without them.",
);
pub(super) static JENKINS_LABEL: RuleInfo = RuleInfo::warning(
    "jenkins/label",
    "The Jenkins Kubernetes Credentials Provider (August 2026) finds credentials by the label \
     jenkins.io/credentials-type. Case matters: usernamePassword, secretText, secretFile, \
     basicSSHUserPrivateKey. It ignores any other value.",
);
pub(super) static KPACK_ANNOTATION: RuleInfo = RuleInfo::warning(
    "kpack/annotation",
    "kpack (June 2026) reads the annotations kpack.io/git and kpack.io/docker, without a number. \
     It ignores kpack.io/git-0, and goes on anonymously.",
);
pub(super) static KPACK_TYPE: RuleInfo = RuleInfo::warning(
    "kpack/type",
    "kpack (June 2026) reads logins of Git from Secrets of type kubernetes.io/basic-auth and \
     kubernetes.io/ssh-auth, and of registries from kubernetes.io/basic-auth. It ignores others, \
     and goes on anonymously.",
);
pub(super) static TEKTON_DOCKER_TYPE: RuleInfo = RuleInfo::warning(
    "tekton/docker-type",
    "Tekton (1.15) reads annotations tekton.dev/docker-* only on Secrets of type \
     kubernetes.io/basic-auth. kubernetes.io/dockerconfigjson needs none; on any other type there \
     is no login.",
);
pub(super) static TEKTON_GIT_TYPE: RuleInfo = RuleInfo::warning(
    "tekton/git-type",
    "Tekton (1.15) reads annotations tekton.dev/git-* only on Secrets of type kubernetes.io/ssh- \
     auth and kubernetes.io/basic-auth. It ignores others, and Git goes on without a login.",
);
pub(super) static TEKTON_URL: RuleInfo = RuleInfo::warning(
    "tekton/url-scheme",
    "The value of tekton.dev/git-* is a host without a scheme for SSH keys (https://github.com \
     becomes the host https:), and a URL with a scheme for user name and password (Tekton 1.15).",
);
