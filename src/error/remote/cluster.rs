//! What is wrong with a cluster, or with what it was asked for, and what to do about it.

use std::fmt::Write as _;
use std::sync::Arc;

use super::trouble;
use crate::cluster::{
    Cause, ClusterError, ConfigError, Held, Phase, Route, Status, Uncertainty, Unfilled, Verb,
};
use crate::error::{shell_name, shell_text, warnings};
use crate::reach::ConnectionFlags;

/// Which Secret an error is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its namespace, where it is known.
    pub namespace: Option<String>,
    /// Its context, where several are asked for.
    pub context: Option<String>,
    /// The way to its API server, `None` if that is not known.
    pub route: Option<Arc<Route>>,
    /// The flags of this run that a suggested command needs.
    pub flags: ConnectionFlags,
    /// What was to be done with it: `created` or `applied`.
    pub deed: &'static str,
}

impl Subject {
    /// Where it is.
    fn place(&self) -> String {
        let mut place = String::new();
        if let Some(namespace) = &self.namespace {
            let _ = write!(place, " in namespace {namespace}");
        }
        if let Some(context) = &self.context {
            let _ = write!(place, " of context {context}");
        }
        place
    }

    /// The flags with which a command reaches its cluster, each with a blank before it.
    pub(super) fn cluster_flags(&self) -> String {
        self.flags.of_context(self.context.as_deref())
    }

    /// The flags with which a command reaches its namespace, each with a blank before it.
    pub fn namespace_flags(&self) -> String {
        let namespace = self.namespace.as_ref();
        let namespace = namespace.map(|name| format!(" -n {}", shell_text(name)));
        namespace.unwrap_or_default() + &self.cluster_flags()
    }
}

/// What is wrong.
pub(super) fn words(error: &ClusterError, subject: &Subject) -> String {
    let name = &subject.name;
    let place = subject.place();
    match error {
        ClusterError::Config(error @ ConfigError::Unknown { .. }) => error.to_string(),
        ClusterError::Config(error) => format!("{error}{}", of_context(subject)),
        ClusterError::Failed { trouble } => {
            format!("{}: {}", not_done(subject), trouble::words(trouble, subject))
        }
        ClusterError::NotListed { trouble } => {
            let why = trouble::words(trouble, subject);
            format!("namespaces could not be listed{}: {why}", in_context(subject))
        }
        ClusterError::NoNamespace { .. } => format!("{error}{}", of_context(subject)),
        ClusterError::Refused { verb, status } => refused(*verb, status, subject),
        ClusterError::Uncertain { verb, why } => {
            let deed = match verb {
                Verb::Apply => "applied",
                Verb::Delete => "deleted",
                Verb::Create | Verb::ListNamespaces | Verb::Read => "created",
            };
            format!("secret/{name} may have been {deed}{place}: {}", uncertainty(why, subject))
        }
        ClusterError::Unshown { why } => {
            format!(
                "secret/{name}{place} already exists, but could not be read: {}",
                reason(why, subject)
            )
        }
        ClusterError::Displaced { why } => format!(
            "secret/{name}{place} was deleted, the new one could not be created ({}), and it was \
             replaced by another",
            reason(why, subject)
        ),
        ClusterError::Conflict { held } => {
            let maker = maker(held).map(|maker| format!("it was created with {maker}, and "));
            let held: Vec<_> = held.iter().map(conflict).collect();
            let maker = maker.unwrap_or_default();
            format!("{}: {maker}{}", not_done(subject), held.join(", "))
        }
        ClusterError::Emptied { keys } => {
            format!("{}: it would lose all its keys ({})", not_done(subject), listed(keys))
        }
        ClusterError::EmptiedUnseen => format!(
            "{}: it cannot be read, and an apply without keys might leave it empty",
            not_done(subject)
        ),
        ClusterError::Finalizers { names } => format!(
            "secret/{name}{place} cannot be recreated because of the finalizers {}",
            names.join(", ")
        ),
        ClusterError::Gone { why, putting_back } => {
            let open = [why, putting_back];
            let open = open.iter().any(|error| matches!(***error, ClusterError::Uncertain { .. }));
            format!(
                "secret/{name}{place} {} gone: it was deleted, the new one could not be created \
                 ({}), and the old one could not be restored ({})",
                if open { "may be" } else { "is" },
                reason(why, subject),
                reason(putting_back, subject)
            )
        }
        ClusterError::Immutable => format!("secret/{name}{place} is immutable"),
        ClusterError::Interrupted { phase: Phase::Waiting } => {
            format!("{}: mksecret was interrupted first", not_done(subject))
        }
        ClusterError::Interrupted { phase: Phase::Begun } => {
            format!("secret/{name} may have been {}{place}: mksecret was interrupted", subject.deed)
        }
        ClusterError::Interrupted { phase: Phase::Filling } => format!(
            "secret/{name} was {}{place}, but mksecret was interrupted before it saw the token",
            subject.deed
        ),
        ClusterError::Unfilled { why } => {
            format!("secret/{name} was {}{place}, {}", subject.deed, unfilled(why, subject))
        }
        ClusterError::Interrupted { phase: Phase::Replacing } => format!(
            "secret/{name}{place} may be gone: mksecret was interrupted after it deleted the old \
             one and before it saw the new one"
        ),
        ClusterError::Moving => {
            format!("{}: another client keeps changing it", not_done(subject))
        }
        ClusterError::NoKey { key, .. } => format!("secret/{name}{place} has no key {key:?}"),
        ClusterError::PutBack { why } => format!(
            "the new secret/{name} could not be created, and the old one was restored{place}: {}",
            reason(why, subject)
        ),
        ClusterError::Warned { count } => {
            format!("{}: {} with --warnings-as-errors", not_done(subject), warnings(*count))
        }
        ClusterError::TypeChange { from, to } => {
            format!("secret/{name}{place} is of type {from:?}, which cannot become {to:?}")
        }
    }
}

/// The first of many keys.
fn listed(keys: &[String]) -> String {
    const SHOWN: usize = 20;
    let more = match keys.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", keys.get(..SHOWN).unwrap_or(keys).join(", "))
}

fn not_done(subject: &Subject) -> String {
    format!("secret/{} was not {}{}", subject.name, subject.deed, subject.place())
}

/// Which context it is about, where several were asked for.
fn of_context(subject: &Subject) -> String {
    subject.context.as_ref().map_or(String::new(), |context| format!(" (context {context})"))
}

fn in_context(subject: &Subject) -> String {
    subject.context.as_ref().map_or(String::new(), |context| format!(" in context {context}"))
}

/// What went wrong, without what it means for the Secret.
fn reason(error: &ClusterError, subject: &Subject) -> String {
    match error {
        ClusterError::Failed { trouble } => trouble::words(trouble, subject),
        ClusterError::Uncertain { why, .. } => uncertainty(why, subject),
        error => words(error, subject),
    }
}

/// Why nobody knows, in words.
fn uncertainty(why: &Uncertainty, subject: &Subject) -> String {
    let lost = trouble::words(why.lost(), subject);
    match why {
        Uncertainty::Later { error, .. } => {
            format!("{lost}; a retry failed: {}", reason(error, subject))
        }
        Uncertainty::SomethingElse { .. } => {
            format!("{lost}; one exists now, but it may not be this one")
        }
        Uncertainty::Unanswered { .. } => lost,
        Uncertainty::Unseen { looking, .. } => {
            format!("{lost}; checking for it failed too: {}", reason(looking, subject))
        }
    }
}

/// What became of a Secret that a controller is to fill.
fn unfilled(why: &Unfilled, subject: &Subject) -> String {
    match why {
        Unfilled::Deleted { account } => {
            format!("but the cluster deleted it: does the service account {account} exist?")
        }
        Unfilled::Late { patience } => {
            format!("but it got no token within {patience:?}")
        }
        Unfilled::Replaced => "and was then replaced by another".to_owned(),
        Unfilled::Unseen { looking } => {
            format!("but mksecret could not check for its token: {}", reason(looking, subject))
        }
    }
}

/// The command of kubectl that made a Secret, if kubectl holds all that is in the way.
fn maker(held: &[Held]) -> Option<&'static str> {
    let command = |held: &Held| match held.manager.as_str() {
        "kubectl-create" => Some("kubectl create"),
        "kubectl-client-side-apply" => Some("kubectl apply"),
        _ => None,
    };
    let commands: Option<Vec<_>> = held.iter().map(command).collect();
    commands?.into_iter().max()
}

/// A field that somebody holds.
fn conflict(held: &Held) -> String {
    let field = held.field.trim_start_matches('.');
    let field = match field.split_once('.') {
        Some(("data", key)) => format!("key {key}"),
        _ => match field.strip_prefix("metadata.") {
            Some(rest) => {
                rest.replacen("labels.", "label ", 1).replacen("annotations.", "annotation ", 1)
            }
            None => field.to_owned(),
        },
    };
    format!("{field} is managed by {:?}", held.manager)
}

fn refused(verb: Verb, status: &Status, subject: &Subject) -> String {
    let Subject { name, .. } = subject;
    let place = subject.place();
    let terminating = status.details.causes.iter().any(|c| c.reason == "NamespaceTerminating");
    match (status.code, status.reason.as_str()) {
        (401, _) => {
            let expired = subject.route.as_ref().and_then(|route| trouble::expired(route));
            let why = expired.unwrap_or_else(|| {
                trouble::unauthorized(subject.route.as_deref(), "the API server")
            });
            match verb {
                Verb::ListNamespaces => {
                    format!("namespaces could not be listed{}: {why}", in_context(subject))
                }
                _ => format!("{}: {why}", not_done(subject)),
            }
        }
        (403, _) if terminating => {
            format!(
                "secret/{name} cannot be {}{place}: the namespace is being deleted",
                subject.deed
            )
        }
        (403, _) => {
            let what = match verb {
                Verb::Apply => format!("secret/{name} may not be applied{place}"),
                Verb::Delete => format!("secret/{name} may not be deleted{place}"),
                Verb::Create => format!("secret/{name} may not be created{place}"),
                Verb::ListNamespaces => {
                    format!("namespaces may not be listed{}", in_context(subject))
                }
                Verb::Read => format!("secret/{name} may not be read{place}"),
            };
            format!("{what}: {}", status.message)
        }
        (404, _) if status.details.kind == "namespaces" => {
            format!("namespace {:?} does not exist{}", status.details.name, in_context(subject))
        }
        (409, "AlreadyExists") => format!("secret/{name} already exists{place}"),
        (413, _) => {
            format!("secret/{name} is too large for the API server: {}", status.message)
        }
        (422, _) if !status.details.causes.is_empty() => {
            let causes: Vec<_> = status.details.causes.iter().map(cause).collect();
            format!("the API server refuses secret/{name}{place}: {}", causes.join("; "))
        }
        (400, _) if verb == Verb::ListNamespaces => {
            format!("the API server refuses the selector: {}", status.message)
        }
        _ if verb == Verb::ListNamespaces => {
            format!("the API server does not list namespaces: {}", status.message)
        }
        _ => format!("the API server refuses secret/{name}{place}: {}", status.message),
    }
}

/// A cause, without what the server's parsers tell of a value.
fn cause(cause: &Cause) -> String {
    let key = cause.field.strip_prefix("data[").and_then(|rest| rest.strip_suffix(']'));
    match key {
        Some(key) if cause.reason == "FieldValueRequired" => format!("key {key} is missing"),
        Some(key) if cause.message.contains("<secret contents redacted>") => {
            format!("the value of key {key} does not have the format that its type requires")
        }
        _ => format!("{}: {}", cause.field, cause.message),
    }
}

/// What to do.
pub(super) fn hints(error: &ClusterError, subject: &Subject) -> Vec<String> {
    let name = shell_text(&subject.name);
    let look = format!("kubectl get secret {name}{}", subject.namespace_flags());
    match error {
        ClusterError::Config(error) => super::kubeconfig::hints(error),
        ClusterError::Failed { trouble } | ClusterError::NotListed { trouble } => {
            trouble::hints(trouble, subject)
        }
        ClusterError::NoNamespace { .. } => {
            let flags = subject.cluster_flags();
            vec![format!("kubectl get namespaces --show-labels{flags} shows the labels")]
        }
        ClusterError::Refused { verb, status } => refusal_hints(*verb, status, subject),
        ClusterError::Conflict { held } if maker(held).is_some() => {
            vec![
                "run the same command with --force-conflicts: it takes the Secret over from \
                 kubectl, and later runs do not need the flag"
                    .to_owned(),
            ]
        }
        ClusterError::Conflict { .. } => {
            vec!["--force-conflicts takes them over".to_owned()]
        }
        ClusterError::Immutable | ClusterError::TypeChange { .. } => {
            vec!["--recreate deletes it and creates it again".to_owned()]
        }
        ClusterError::Emptied { .. } => vec![
            "--merge keeps its keys, --remove-key=KEY removes one, --allow-empty removes all"
                .to_owned(),
        ],
        ClusterError::EmptiedUnseen => vec![
            format!(
                "kubectl auth can-i get secrets{} checks your permission",
                subject.namespace_flags()
            ),
            "--allow-empty applies it without reading it".to_owned(),
        ],
        ClusterError::Warned { .. } => {
            vec!["leave out --warnings-as-errors to apply it anyway".to_owned()]
        }
        ClusterError::Finalizers { .. } => {
            vec![format!(
                "{look} -o jsonpath='{{.metadata.finalizers}}' shows them; their owner must \
                 remove them"
            )]
        }
        ClusterError::Interrupted { phase: Phase::Waiting } | ClusterError::Moving => {
            vec!["run it again".to_owned()]
        }
        ClusterError::Interrupted { .. } | ClusterError::Displaced { .. } => {
            vec![format!("check whether it exists: {look}")]
        }
        ClusterError::Gone { .. } => {
            vec!["run it again with --apply to create the new one".to_owned()]
        }
        ClusterError::NoKey { there: None, .. } => {
            vec!["the Secret does not exist: leave out --remove-key to create it".to_owned()]
        }
        ClusterError::NoKey { there: Some(there), .. } if there.is_empty() => {
            vec!["it has no keys at all".to_owned()]
        }
        ClusterError::NoKey { there: Some(there), .. } => {
            vec![format!("its keys are {}", there.join(", "))]
        }
        ClusterError::PutBack { why } | ClusterError::Unshown { why } => hints(why, subject),
        ClusterError::Unfilled { why: Unfilled::Deleted { account } } => {
            let account = shell_name(account, "NAME");
            let flags = subject.namespace_flags();
            vec![format!("kubectl create serviceaccount {account}{flags}, then run it again")]
        }
        ClusterError::Unfilled { why: Unfilled::Unseen { looking } } => hints(looking, subject),
        ClusterError::Unfilled { .. } => {
            vec![format!("check again later: {look} -o jsonpath='{{.data.token}}'")]
        }
        ClusterError::Uncertain { why, .. } => {
            let mut hints = vec![format!("check whether it exists: {look}")];
            hints.extend(match &**why {
                Uncertainty::Later { error, .. } => self::hints(error, subject),
                Uncertainty::SomethingElse { lost, .. }
                | Uncertainty::Unanswered { lost }
                | Uncertainty::Unseen { lost, .. } => trouble::hints(lost, subject),
            });
            hints
        }
    }
}

fn refusal_hints(verb: Verb, status: &Status, subject: &Subject) -> Vec<String> {
    let flag = subject.namespace_flags();
    let terminating = status.details.causes.iter().any(|c| c.reason == "NamespaceTerminating");
    let hint = match (status.code, status.reason.as_str()) {
        (401, _) => trouble::log_in(subject.route.as_deref()),
        (403, _) if terminating => "wait until it is gone, then create it again".to_owned(),
        (403, _) if status.message.contains("exceeded quota") => {
            format!("kubectl describe quota{flag} shows what is used")
        }
        (403, _) if status.message.contains("admission webhook") => {
            "rejected by an admission webhook; ask its owner".to_owned()
        }
        (403, _) => {
            let is_list = verb == Verb::ListNamespaces;
            let verb = match verb {
                Verb::Apply => "patch secrets",
                Verb::Delete => "delete secrets",
                Verb::Create => "create secrets",
                Verb::ListNamespaces => "list namespaces",
                Verb::Read => "get secrets",
            };
            let other = if is_list { ", or name the namespaces with --namespaces" } else { "" };
            format!("ask for permission{other}; check it with: kubectl auth can-i {verb}{flag}")
        }
        (404, _) if status.details.kind == "namespaces" => {
            let name = shell_text(&status.details.name);
            format!("kubectl create namespace {name}{}", subject.cluster_flags())
        }
        (409, "AlreadyExists") => {
            "use --if-absent to leave it unchanged, or --apply to update it".to_owned()
        }
        (404, _) => {
            let flags = subject.cluster_flags();
            format!("check the path in the server's address: kubectl config view --minify{flags}")
        }
        (413, _) => "split it into several Secrets".to_owned(),
        (422, _) if !status.details.causes.is_empty() => {
            let mut hints = Vec::new();
            for hint in status.details.causes.iter().map(cause_hint) {
                if !hints.contains(&hint) {
                    hints.push(hint);
                }
            }
            return hints;
        }
        (400, _) if verb == Verb::ListNamespaces => {
            "a selector is like team=a, team!=a, 'team in (a,b)' or team".to_owned()
        }
        _ => "--dry-run=client -o yaml prints what was sent".to_owned(),
    };
    vec![hint]
}

/// What to do about one cause of a refusal.
fn cause_hint(cause: &Cause) -> String {
    let is_value = cause.message.contains("<secret contents redacted>");
    let hint = match (cause.reason.as_str(), cause.field.as_str()) {
        ("FieldValueForbidden", _) | (_, "type") if cause.message.contains("immutable") => {
            "--apply --recreate deletes it and creates it again"
        }
        ("FieldValueTooLong", "data" | "") => "split it into several Secrets",
        ("FieldValueTooLong", _) => "shorten it",
        ("FieldValueRequired", _) => "add it, or use another --type",
        _ if is_value => "run it without --validate=ignore to see why",
        _ => "change it to match this rule",
    };
    hint.to_owned()
}
