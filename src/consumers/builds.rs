//! Build systems and CI.

mod rules;

use crate::kinds::{BASIC_AUTH, DOCKERCFG, DOCKERCONFIGJSON, SSH_AUTH};
use crate::secret::Secret;
use crate::validate::Place;

use super::check::{Check, annotations, has, is_int, is_like, label};
use super::{Consumer, Marks};

pub(super) use rules::RULES;

const JENKINS: &str = "jenkins.io/credentials-type";
const TEKTON_GIT: &str = "tekton.dev/git-";
const TEKTON_DOCKER: &str = "tekton.dev/docker-";

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "tekton-git",
        about: "Tekton, a login of Git",
        version: "Tekton 1.15",
        source: "tektoncd/pipeline pkg/credentials/gitcreds/creds.go",
        recognised_by: "annotation tekton.dev/git-…",
        checked: "type, form of the host",
        label: None,
        untrimmed: &["username", "password"],
        marks: Marks::Metadata(|secret| annotations(secret, TEKTON_GIT).next().is_some()),
        check: tekton_git,
    },
    Consumer {
        name: "tekton-docker",
        about: "Tekton, a login of a registry",
        version: "Tekton 1.15",
        source: "tektoncd/pipeline pkg/credentials/dockercreds/creds.go",
        recognised_by: "annotation tekton.dev/docker-…",
        checked: "type",
        label: None,
        untrimmed: &["username", "password"],
        marks: Marks::Metadata(|secret| annotations(secret, TEKTON_DOCKER).next().is_some()),
        check: tekton_docker,
    },
    Consumer {
        name: "kpack",
        about: "kpack, logins of Git and registries",
        version: "June 2026",
        source: "buildpacks-community/kpack pkg/git/k8s_git_keychain.go",
        recognised_by: "annotation kpack.io/git… or kpack.io/docker…",
        checked: "annotation, type",
        label: None,
        untrimmed: &["username", "password"],
        marks: Marks::Metadata(|secret| {
            let mut own = ["kpack.io/git", "kpack.io/docker"].into_iter();
            own.any(|prefix| annotations(secret, prefix).next().is_some())
        }),
        check: kpack,
    },
    Consumer {
        name: "jenkins",
        about: "Jenkins, Kubernetes Credentials Provider",
        version: "August 2026",
        source: "jenkinsci/kubernetes-credentials-provider-plugin SecretUtils.java",
        recognised_by: "label jenkins.io/credentials-type",
        checked: "label, keys",
        label: None,
        untrimmed: &["username", "password", "text"],
        marks: Marks::Metadata(|secret| label(secret, JENKINS).is_some()),
        check: jenkins,
    },
    Consumer {
        name: "actions-runner-controller",
        about: "Actions Runner Controller, a login",
        version: "June 2026",
        source: "actions/actions-runner-controller apis/actions.github.com/v1alpha1/appconfig/appconfig.go",
        recognised_by: "keys github_app_…",
        checked: "keys, number, only one kind of login",
        label: None,
        untrimmed: &["github_token", "github_app_id", "github_app_installation_id"],
        marks: Marks::Contents(|secret| APP.iter().any(|key| has(secret, key))),
        check: runner,
    },
];

const APP: [&str; 3] = ["github_app_id", "github_app_installation_id", "github_app_private_key"];

fn secret_type(secret: &Secret) -> &str {
    secret.secret_type.as_str()
}

fn tekton_git(check: &mut Check<'_>) {
    let secret_type = secret_type(check.secret);
    if !matches!(secret_type, BASIC_AUTH | SSH_AUTH) {
        let words = "Tekton ignores tekton.dev/git-* on Secrets of this type";
        let hint = "mksecret ssh-auth and mksecret basic-auth make those that it reads";
        check.at(Place::Type, &rules::TEKTON_GIT_TYPE, words, hint);
        return;
    }
    for (key, host) in annotations(check.secret, TEKTON_GIT) {
        let (words, hint) = match (secret_type, host.contains("://")) {
            (SSH_AUTH, true) => (
                "Tekton expects a host without a scheme for an SSH key",
                format!("--annotations={key}=HOST"),
            ),
            (BASIC_AUTH, false) => (
                "Tekton expects a URL with its scheme for a password",
                format!("--annotations={key}=https://HOST"),
            ),
            _ => continue,
        };
        check.at(Place::Annotation(key.to_owned()), &rules::TEKTON_URL, words, hint);
    }
}

fn tekton_docker(check: &mut Check<'_>) {
    let secret_type = secret_type(check.secret);
    if secret_type == BASIC_AUTH {
        return;
    }
    let words = match secret_type {
        DOCKERCONFIGJSON | DOCKERCFG => {
            "Tekton reads this type without an annotation, so tekton.dev/docker-* has no effect"
        }
        _ => "Tekton ignores tekton.dev/docker-* on Secrets of this type",
    };
    check.at(
        Place::Type,
        &rules::TEKTON_DOCKER_TYPE,
        words,
        "mksecret basic-auth makes one that it reads",
    );
}

fn kpack(check: &mut Check<'_>) {
    let secret_type = secret_type(check.secret);
    for (key, _) in annotations(check.secret, "kpack.io/") {
        let wanted = match key {
            "kpack.io/git" if !matches!(secret_type, BASIC_AUTH | SSH_AUTH) => BASIC_AUTH,
            "kpack.io/docker" if secret_type != BASIC_AUTH => BASIC_AUTH,
            _ if key.starts_with("kpack.io/git-") || key.starts_with("kpack.io/docker-") => {
                let meant = key.rsplit_once('-').map_or(key, |(start, _)| start);
                let words = "kpack reads it only without a number";
                let hint = format!("--annotations={meant}=HOST");
                check.at(Place::Annotation(key.to_owned()), &rules::KPACK_ANNOTATION, words, hint);
                continue;
            }
            _ => continue,
        };
        let words = format!("kpack ignores the annotation {key} on Secrets of this type");
        check.at(Place::Type, &rules::KPACK_TYPE, words, format!("it reads {wanted}"));
    }
}

/// The kinds of credential that Jenkins' plugin reads itself, with the keys of the commonest.
const CREDENTIALS: [(&str, &[&str]); 8] = [
    ("usernamePassword", &["username", "password"]),
    ("secretText", &["text"]),
    ("secretFile", &["filename", "data"]),
    ("basicSSHUserPrivateKey", &["username", "privateKey"]),
    ("gitHubApp", &[]),
    ("aws", &[]),
    ("certificate", &[]),
    ("x509ClientCert", &[]),
];

fn jenkins(check: &mut Check<'_>) {
    let place = Place::Label(JENKINS.to_owned());
    let Some(kind) = label(check.secret, JENKINS) else {
        let hint = format!("--labels={JENKINS}=usernamePassword");
        check.at(place, &rules::JENKINS_LABEL, "Jenkins requires this label", hint);
        return;
    };
    if let Some((_, keys)) = CREDENTIALS.iter().find(|row| row.0 == kind) {
        let mut renamed = annotations(check.secret, "jenkins.io/credentials-keybinding-");
        if renamed.next().is_none() {
            check.require(&rules::JENKINS_KEYS, "Jenkins", keys);
        }
    } else if let Some((near, _)) = CREDENTIALS.iter().find(|row| is_like(row.0, kind)) {
        // Other plugins add kinds of their own.
        let words = "not a type of credential, whose case matters";
        let hint = format!("did you mean {near}? --labels={JENKINS}={near}");
        check.at(place, &rules::JENKINS_LABEL, words, hint);
    }
}

fn runner(check: &mut Check<'_>) {
    let is_app = APP.iter().any(|key| check.has(key));
    if !is_app {
        check.require(&rules::ARC_KEYS, "Actions Runner Controller", &["github_token"]);
        return;
    }
    if check.is_filled("github_token") {
        let words = "Actions Runner Controller rejects it together with a GitHub App";
        check.key("github_token", &rules::ARC_BOTH, words, "leave out one of the two");
        return;
    }
    check.require(&rules::ARC_KEYS, "Actions Runner Controller", &APP);
    let key = "github_app_installation_id";
    if check.get(key).is_some_and(|value| !is_int(value)) {
        let words = "not a number that Actions Runner Controller reads";
        check.key(
            key,
            &rules::ARC_NUMBER,
            words,
            format!("digits only, as --from-literal={key}=123"),
        );
    }
}
