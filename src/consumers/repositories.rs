//! Registries, and other readers of logins.

mod rules;

use crate::kinds::{BASIC_AUTH, DOCKERCFG, DOCKERCONFIGJSON, SSH_AUTH};
use crate::validate::Place;

use super::check::{Check, has, label};
use super::{Consumer, Marks, NEVER};

pub(super) use rules::RULES;

const ESO: &str = "external-secrets.io/type";

pub(super) static CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "image-pull",
        about: "kubelet, Flux, Tekton, Knative, kpack: logins of registries",
        version: "go-containerregistry, August 2026",
        source: "google/go-containerregistry pkg/authn/kubernetes/keychain.go",
        recognised_by: "key .dockerconfigjson or .dockercfg",
        checked: "type",
        label: None,
        untrimmed: &[],
        marks: Marks::Contents(|secret| {
            has(secret, ".dockerconfigjson") || has(secret, ".dockercfg")
        }),
        check: registry,
    },
    Consumer {
        name: "external-secrets-webhook",
        about: "External Secrets, the webhook provider",
        version: "External Secrets 2.9",
        source: "external-secrets/external-secrets providers/v1/webhook/pkg/webhook/webhook.go",
        recognised_by: "label external-secrets.io/type",
        checked: "label",
        label: Some((ESO, "webhook")),
        untrimmed: &[],
        marks: Marks::Metadata(|secret| label(secret, ESO).is_some()),
        check: webhook,
    },
    Consumer {
        name: "fleet-git",
        about: "Rancher Fleet, a login of Git",
        version: "August 2026",
        source: "rancher/fleet pkg/git/netutils.go",
        recognised_by: NEVER,
        checked: "type, name of the CA",
        label: None,
        untrimmed: &["username", "password"],
        marks: Marks::Named,
        check: fleet,
    },
];

fn registry(check: &mut Check<'_>) {
    let rows = [(".dockerconfigjson", DOCKERCONFIGJSON), (".dockercfg", DOCKERCFG)];
    let secret_type = check.secret.secret_type.as_str();
    if rows.iter().any(|(key, wanted)| secret_type == *wanted && has(check.secret, key)) {
        return;
    }
    for (key, wanted) in rows.iter().filter(|(key, _)| has(check.secret, key)) {
        let words = format!("pods and controllers find no login under {key} in this type");
        check.at(Place::Type, &rules::REGISTRY_TYPE, words, format!("did you mean {wanted}?"));
    }
    if check.is_named() && rows.iter().all(|(key, _)| !has(check.secret, key)) {
        let hint = "mksecret docker-registry makes one";
        check.key(".dockerconfigjson", &rules::REGISTRY_TYPE, "there is no login", hint);
    }
}

fn webhook(check: &mut Check<'_>) {
    if let Some(value) = label(check.secret, ESO)
        && value != "webhook"
    {
        let words = "External Secrets requires the value webhook";
        let hint = format!("--labels={ESO}=webhook");
        check.at(Place::Label(ESO.to_owned()), &rules::ESO_LABEL, words, hint);
    }
}

fn fleet(check: &mut Check<'_>) {
    let secret_type = check.secret.secret_type.as_str();
    if !matches!(secret_type, BASIC_AUTH | SSH_AUTH) && !check.has("github_app_id") {
        let words = "Fleet finds no login in a Secret of this type";
        let hint = "mksecret ssh-auth and mksecret basic-auth make those that it reads";
        check.at(Place::Type, &rules::FLEET_TYPE, words, hint);
    }
    if check.has("ca.crt") && !check.has("cacerts") {
        let hint = "did you mean cacerts? --from-file=cacerts=FILE";
        check.key("ca.crt", &rules::FLEET_KEYS, "Fleet does not read this key", hint);
    }
}
