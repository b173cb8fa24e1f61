//! The messages of a [`ClusterError`], with the Secret, the namespace and the context that it is about.

use std::fmt;

use super::config_error::ConfigError;
use super::error::{ClusterError, Held, Uncertainty, Unfilled, Verb};
use super::explanation::Explanation;
use super::progress::Phase;
use super::refusal;
use super::subject::Subject;
use crate::hints::{Fault, shell_name};
use crate::shown::counted;

/// An error and the Secret that it is about.
#[derive(Debug)]
pub(crate) struct TargetError {
    error: Box<ClusterError>,
    subject: Subject,
}

impl TargetError {
    /// Pairs an error with the Secret that it is about.
    pub(crate) fn new(error: impl Into<ClusterError>, subject: Subject) -> Self {
        Self { error: Box::new(error.into()), subject }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&explain(&self.error, &self.subject).words)
    }
}

impl std::error::Error for TargetError {}

impl Fault for TargetError {
    fn hints(&self) -> Vec<String> {
        explain(&self.error, &self.subject).hints
    }
}

fn explain(error: &ClusterError, subject: &Subject) -> Explanation {
    let secret = format!("secret/{}{}", subject.name, subject.place());
    match error {
        ClusterError::Config(error) => config(error, subject),
        ClusterError::Conflict { held } => conflict(held, subject),
        ClusterError::Displaced { why } => Explanation::new(
            format!(
                "{secret} was deleted, the new one could not be created ({}), and it was replaced \
                 by another",
                reason(why, subject)
            ),
            check(subject),
        ),
        ClusterError::Emptied { keys } => Explanation::new(
            format!("{}: it would lose all its keys ({})", subject.not_done(), listed(keys)),
            "--merge keeps its keys, --remove-key=KEY removes one, --allow-empty removes all",
        ),
        ClusterError::EmptiedUnseen => emptied_unseen(subject),
        ClusterError::Failed { trouble } => {
            let Explanation { words, hints } = trouble.explain(subject);
            Explanation { words: format!("{}: {words}", subject.not_done()), hints }
        }
        ClusterError::Finalizers { names } => Explanation::new(
            format!("{secret} cannot be recreated because of the finalizers {}", names.join(", ")),
            format!(
                "{} -o jsonpath='{{.metadata.finalizers}}' shows them; their owner must remove them",
                subject.get_command()
            ),
        ),
        ClusterError::Gone { why, putting_back } => gone(why, putting_back, subject),
        ClusterError::Immutable => Explanation::new(format!("{secret} is immutable"), RECREATE),
        ClusterError::Interrupted { phase } => interrupted(*phase, subject),
        ClusterError::Moving => Explanation::new(
            format!("{}: another client keeps changing it", subject.not_done()),
            "run it again",
        ),
        ClusterError::NoKey { key, there } => {
            Explanation::new(format!("{secret} has no key {key:?}"), no_key_hint(there.as_deref()))
        }
        ClusterError::NoNamespace { selector } => Explanation::new(
            format!("no namespace has the labels of {selector:?}{}", subject.of_context()),
            format!(
                "kubectl get namespaces --show-labels{} shows the labels",
                subject.cluster_flags()
            ),
        ),
        ClusterError::NotListed { verb, trouble } => {
            let Explanation { words, hints } = trouble.explain(subject);
            let (what, place) = match verb {
                Verb::ListSecrets => ("Secrets", subject.place()),
                _ => ("namespaces", subject.in_context()),
            };
            Explanation { words: format!("{what} could not be listed{place}: {words}"), hints }
        }
        ClusterError::PutBack { why } => Explanation {
            words: format!(
                "the new secret/{} could not be created, and the old one was restored{}: {}",
                subject.name,
                subject.place(),
                reason(why, subject)
            ),
            hints: explain(why, subject).hints,
        },
        ClusterError::Refused { verb, status } => refusal::explain(*verb, status, subject),
        ClusterError::TypeChange { from, to } => Explanation::new(
            format!("{secret} is of type {from:?}, which cannot become {to:?}"),
            RECREATE,
        ),
        ClusterError::Uncertain { verb, why } => uncertain(*verb, why, subject),
        ClusterError::Unfilled { why } => {
            let Explanation { words, hints } = unfilled(why, subject);
            let words =
                format!("secret/{} was {}{}, {words}", subject.name, subject.deed, subject.place());
            Explanation { words, hints }
        }
        ClusterError::Unshown { why } => Explanation {
            words: format!(
                "{secret} already exists, but could not be read: {}",
                reason(why, subject)
            ),
            hints: explain(why, subject).hints,
        },
        ClusterError::Warned { count } => Explanation::new(
            format!(
                "{}: {} with --warnings-as-errors",
                subject.not_done(),
                counted(*count, "warning")
            ),
            "leave out --warnings-as-errors to apply it anyway",
        ),
    }
}

const RECREATE: &str = "--recreate deletes it and creates it again";

fn check(subject: &Subject) -> String {
    format!("check whether it exists: {}", subject.get_command())
}

/// What went wrong, without what it means for the Secret.
fn reason(error: &ClusterError, subject: &Subject) -> String {
    match error {
        ClusterError::Failed { trouble } => trouble.explain(subject).words,
        ClusterError::Uncertain { why, .. } => uncertainty(why, subject),
        error => explain(error, subject).words,
    }
}

fn config(error: &ConfigError, subject: &Subject) -> Explanation {
    let place = match error {
        ConfigError::Unknown { .. } => String::new(),
        _ => subject.of_context(),
    };
    Explanation { words: format!("{error}{place}"), hints: error.hints() }
}

fn conflict(held: &[Held], subject: &Subject) -> Explanation {
    let maker = maker(held);
    let created = maker.map(|maker| format!("it was created with {maker}, and "));
    let fields: Vec<_> = held.iter().map(managed_field).collect();
    Explanation::new(
        format!("{}: {}{}", subject.not_done(), created.unwrap_or_default(), fields.join(", ")),
        match maker {
            Some(_) => {
                "run the same command with --force-conflicts: it takes the Secret over from \
                 kubectl, and later runs do not need the flag"
            }
            None => "--force-conflicts takes them over",
        },
    )
}

/// The command of kubectl that created a Secret, `None` unless kubectl manages all that is in the way.
fn maker(held: &[Held]) -> Option<&'static str> {
    let commands = held.iter().map(|held| match held.manager.as_str() {
        "kubectl-create" => Some("kubectl create"),
        "kubectl-client-side-apply" => Some("kubectl apply"),
        _ => None,
    });
    commands.collect::<Option<Vec<_>>>()?.into_iter().max()
}

fn managed_field(held: &Held) -> String {
    let path = held.field.trim_start_matches('.');
    let field = match path.split_once('.') {
        Some(("data", key)) => format!("key {key}"),
        Some(("metadata", rest)) => {
            rest.replacen("labels.", "label ", 1).replacen("annotations.", "annotation ", 1)
        }
        _ => path.to_owned(),
    };
    format!("{field} is managed by {:?}", held.manager)
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

fn emptied_unseen(subject: &Subject) -> Explanation {
    Explanation {
        words: format!(
            "{}: it cannot be read, and an apply without keys might leave it empty",
            subject.not_done()
        ),
        hints: vec![
            format!(
                "kubectl auth can-i get secrets{} checks your permission",
                subject.namespace_flags()
            ),
            "--allow-empty applies it without reading it".to_owned(),
        ],
    }
}

fn gone(why: &ClusterError, putting_back: &ClusterError, subject: &Subject) -> Explanation {
    let is_open =
        [why, putting_back].iter().any(|error| matches!(error, ClusterError::Uncertain { .. }));
    Explanation::new(
        format!(
            "secret/{}{} {} gone: it was deleted, the new one could not be created ({}), and the \
             old one could not be restored ({})",
            subject.name,
            subject.place(),
            if is_open { "may be" } else { "is" },
            reason(why, subject),
            reason(putting_back, subject)
        ),
        "run it again with --apply to create the new one",
    )
}

fn interrupted(phase: Phase, subject: &Subject) -> Explanation {
    let Subject { name, deed, .. } = subject;
    let place = subject.place();
    match phase {
        Phase::Waiting => Explanation::new(
            format!("{}: mksecret was interrupted first", subject.not_done()),
            "run it again",
        ),
        Phase::Begun => Explanation::new(
            format!("secret/{name} may have been {deed}{place}: mksecret was interrupted"),
            check(subject),
        ),
        Phase::Filling => Explanation::new(
            format!(
                "secret/{name} was {deed}{place}, but mksecret was interrupted before it saw the \
                 token"
            ),
            check(subject),
        ),
        Phase::Replacing => Explanation::new(
            format!(
                "secret/{name}{place} may be gone: mksecret was interrupted after it deleted the \
                 old one and before it saw the new one"
            ),
            check(subject),
        ),
    }
}

/// What to do about a key that is to be removed and is not one of `there`; `None` if the Secret
/// itself does not exist.
fn no_key_hint(there: Option<&[String]>) -> String {
    match there {
        None => "the Secret does not exist: leave out --remove-key to create it".to_owned(),
        Some([]) => "it has no keys at all".to_owned(),
        Some(there) => format!("its keys are {}", there.join(", ")),
    }
}

fn uncertain(verb: Verb, why: &Uncertainty, subject: &Subject) -> Explanation {
    let deed = match verb {
        Verb::Apply => "applied",
        Verb::Delete => "deleted",
        Verb::Create | Verb::ListNamespaces | Verb::ListSecrets | Verb::Read => "created",
    };
    let mut hints = vec![check(subject)];
    hints.extend(match why {
        Uncertainty::Later { error, .. } => explain(error, subject).hints,
        Uncertainty::SomethingElse { lost, .. }
        | Uncertainty::Unanswered { lost }
        | Uncertainty::Unseen { lost, .. } => lost.explain(subject).hints,
    });
    let words = format!(
        "secret/{} may have been {deed}{}: {}",
        subject.name,
        subject.place(),
        uncertainty(why, subject)
    );
    Explanation { words, hints }
}

fn uncertainty(why: &Uncertainty, subject: &Subject) -> String {
    let lost = why.lost().explain(subject).words;
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

fn unfilled(why: &Unfilled, subject: &Subject) -> Explanation {
    let later =
        || format!("check again later: {} -o jsonpath='{{.data.token}}'", subject.get_command());
    match why {
        Unfilled::Deleted { account } => Explanation::new(
            format!("but the cluster deleted it: does the service account {account} exist?"),
            format!(
                "kubectl create serviceaccount {}{}, then run it again",
                shell_name(account, "NAME"),
                subject.namespace_flags()
            ),
        ),
        Unfilled::Late { patience } => {
            Explanation::new(format!("but it got no token within {patience:?}"), later())
        }
        Unfilled::Replaced => Explanation::new("and was then replaced by another", later()),
        Unfilled::Unseen { looking } => Explanation {
            words: format!(
                "but mksecret could not check for its token: {}",
                reason(looking, subject)
            ),
            hints: explain(looking, subject).hints,
        },
    }
}
