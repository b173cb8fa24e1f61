//! What an API server's refusal means for a Secret.

use super::error::Verb;
use super::explanation::Explanation;
use super::status::{Cause, Status};
use super::subject::Subject;
use super::unauthorized;
use crate::hints::shell_text;

/// What was refused and why, by the HTTP status and the reason.
pub(super) fn explain(verb: Verb, status: &Status, subject: &Subject) -> Explanation {
    let Subject { name, deed, .. } = subject;
    let place = subject.place();
    let terminating = status.details.causes.iter().any(|c| c.reason == "NamespaceTerminating");
    match (status.code, status.reason.as_str()) {
        (401, _) => caller_unknown(verb, subject),
        (403, _) if terminating => Explanation::new(
            format!("secret/{name} cannot be {deed}{place}: the namespace is being deleted"),
            "wait until it is gone, then create it again",
        ),
        (403, _) => forbidden(verb, status, subject),
        (404, _) if status.details.kind == "namespaces" => {
            let namespace = &status.details.name;
            let (context, flags) = (subject.in_context(), subject.cluster_flags());
            Explanation::new(
                format!("namespace {namespace:?} does not exist{context}"),
                format!("kubectl create namespace {}{flags}", shell_text(namespace)),
            )
        }
        (409, "AlreadyExists") => Explanation::new(
            format!("secret/{name} already exists{place}"),
            "use --if-absent to leave it unchanged, or --apply to update it",
        ),
        (413, _) => Explanation::new(
            format!("secret/{name} is too large for the API server: {}", status.message),
            "split it into several Secrets",
        ),
        (422, _) if !status.details.causes.is_empty() => invalid(&status.details.causes, subject),
        (400, _) if matches!(verb, Verb::ListNamespaces | Verb::ListSecrets) => Explanation::new(
            format!("the API server refuses the selector: {}", status.message),
            "a selector is like team=a, team!=a, 'team in (a,b)' or team",
        ),
        (code, _) => Explanation::new(
            match verb {
                Verb::ListNamespaces => {
                    format!("the API server does not list namespaces: {}", status.message)
                }
                Verb::ListSecrets => {
                    format!("the API server does not list Secrets{place}: {}", status.message)
                }
                _ => format!("the API server refuses secret/{name}{place}: {}", status.message),
            },
            match code {
                404 => format!(
                    "check the path in the server's address: kubectl config view --minify{}",
                    subject.cluster_flags()
                ),
                _ => "--dry-run=client -o yaml prints what was sent".to_owned(),
            },
        ),
    }
}

fn caller_unknown(verb: Verb, subject: &Subject) -> Explanation {
    let Explanation { words, hints } =
        unauthorized::explain(subject.route.as_deref(), "the API server");
    let not_done = match verb {
        Verb::ListNamespaces => format!("namespaces could not be listed{}", subject.in_context()),
        Verb::ListSecrets => format!("Secrets could not be listed{}", subject.place()),
        _ => subject.not_done(),
    };
    Explanation { words: format!("{not_done}: {words}"), hints }
}

fn forbidden(verb: Verb, status: &Status, subject: &Subject) -> Explanation {
    let (name, place, flags) = (&subject.name, subject.place(), subject.namespace_flags());
    let (what, permission) = match verb {
        Verb::Apply => (format!("secret/{name} may not be applied{place}"), "patch secrets"),
        Verb::Delete => (format!("secret/{name} may not be deleted{place}"), "delete secrets"),
        Verb::Create => (format!("secret/{name} may not be created{place}"), "create secrets"),
        Verb::ListNamespaces => {
            (format!("namespaces may not be listed{}", subject.in_context()), "list namespaces")
        }
        Verb::ListSecrets => (format!("Secrets may not be listed{place}"), "list secrets"),
        Verb::Read => (format!("secret/{name} may not be read{place}"), "get secrets"),
    };
    let hint = if status.message.contains("exceeded quota") {
        format!("kubectl describe quota{flags} shows what is used")
    } else if status.message.contains("admission webhook") {
        "rejected by an admission webhook; ask its owner".to_owned()
    } else {
        let other = match verb {
            Verb::ListNamespaces => ", or name the namespaces with --namespaces",
            _ => "",
        };
        format!("ask for permission{other}; check it with: kubectl auth can-i {permission}{flags}")
    };
    Explanation::new(format!("{what}: {}", status.message), hint)
}

/// A Secret that breaks rules of the API server.
fn invalid(causes: &[Cause], subject: &Subject) -> Explanation {
    let all: Vec<_> = causes.iter().map(cause_words).collect();
    let mut hints = Vec::new();
    for hint in causes.iter().map(cause_hint) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    let (name, place) = (&subject.name, subject.place());
    let words = format!("the API server refuses secret/{name}{place}: {}", all.join("; "));
    Explanation { words, hints }
}

/// A cause, without what the server's parsers tell of a value.
fn cause_words(cause: &Cause) -> String {
    let key = cause.field.strip_prefix("data[").and_then(|rest| rest.strip_suffix(']'));
    match key {
        Some(key) if cause.reason == "FieldValueRequired" => format!("key {key} is missing"),
        Some(key) if is_about_a_value(cause) => {
            format!("the value of key {key} does not have the format that its type requires")
        }
        _ => format!("{}: {}", cause.field, cause.message),
    }
}

fn cause_hint(cause: &Cause) -> String {
    let hint = match (cause.reason.as_str(), cause.field.as_str()) {
        ("FieldValueForbidden", _) | (_, "type") if cause.message.contains("immutable") => {
            "--apply --recreate deletes it and creates it again"
        }
        ("FieldValueTooLong", "data" | "") => "split it into several Secrets",
        ("FieldValueTooLong", _) => "shorten it",
        ("FieldValueRequired", _) => "add it, or use another --type",
        _ if is_about_a_value(cause) => "run it without --validate=ignore to see why",
        _ => "change it to match this rule",
    };
    hint.to_owned()
}

/// Whether the server kept the value to itself.
fn is_about_a_value(cause: &Cause) -> bool {
    cause.message.contains("<secret contents redacted>")
}
