//! What is wrong with a cluster, or with what it was asked for, and what to do about it.

use std::fmt::Write as _;

use crate::cluster::{
    Cause, ClusterError, ConfigError, ExecError, ExecErrorKind, Status, TlsTrouble, Trouble,
    Uncertainty, Verb,
};

/// Which Secret an error is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its namespace, where it is known.
    pub namespace: Option<String>,
    /// Its context, where one was named.
    pub context: Option<String>,
    /// Whether it is one of several.
    pub of_many: bool,
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

    fn namespace_flag(&self) -> String {
        let namespace = self.namespace.as_ref().map(|namespace| format!(" -n {namespace}"));
        let context = self.context.as_ref().map(|context| format!(" --context {context}"));
        namespace.unwrap_or_default() + &context.unwrap_or_default()
    }
}

/// What is wrong.
pub(super) fn words(error: &ClusterError, subject: &Subject) -> String {
    let name = &subject.name;
    let place = subject.place();
    match error {
        ClusterError::Config(error) => error.to_string(),
        ClusterError::Failed { trouble } => {
            format!("{}: {trouble}", not_done(subject))
        }
        ClusterError::NoNamespace { .. } => error.to_string(),
        ClusterError::Refused { verb, status } => refused(*verb, status, subject),
        ClusterError::Uncertain { why, .. } => {
            format!("secret/{name} may have been created{place}: {why}")
        }
    }
}

fn not_done(subject: &Subject) -> String {
    format!("secret/{} was not created{}", subject.name, subject.place())
}

fn refused(verb: Verb, status: &Status, subject: &Subject) -> String {
    let Subject { name, .. } = subject;
    let place = subject.place();
    let terminating = status.details.causes.iter().any(|c| c.reason == "NamespaceTerminating");
    match (status.code, status.reason.as_str()) {
        (401, _) => "the API server does not accept the credentials".to_owned(),
        (403, _) if terminating => {
            format!("secret/{name} cannot be created{place}: the namespace is being deleted")
        }
        (403, _) => {
            let what = match verb {
                Verb::Create => format!("secret/{name} may not be created{place}"),
                Verb::ListNamespaces => "namespaces may not be listed".to_owned(),
                Verb::Read => format!("secret/{name} may not be read{place}"),
            };
            format!("{what}: {}", status.message)
        }
        (404, _) if status.details.kind == "namespaces" => {
            let context = subject.context.as_ref().map(|c| format!(" in context {c}"));
            let context = context.unwrap_or_default();
            format!("namespace {:?} does not exist{context}", status.details.name)
        }
        (409, "AlreadyExists") => format!("secret/{name} already exists{place}"),
        (413, _) => {
            format!("secret/{name} is too large for the API server: {}", status.message)
        }
        (422, _) if !status.details.causes.is_empty() => {
            let causes: Vec<_> = status.details.causes.iter().map(cause).collect();
            format!("the API server refuses secret/{name}{place}: {}", causes.join("; "))
        }
        (429, _) => format!("{}: the API server has too much to do", not_done(subject)),
        _ => format!("the API server refuses secret/{name}{place}: {}", status.message),
    }
}

/// A cause, without what the server's parsers tell of a value.
fn cause(cause: &Cause) -> String {
    let key = cause.field.strip_prefix("data[").and_then(|rest| rest.strip_suffix(']'));
    match key {
        Some(key) if cause.reason == "FieldValueRequired" => format!("key {key} is missing"),
        Some(key) if cause.message.contains("<secret contents redacted>") => {
            format!("the value of key {key} does not have the form that its type asks for")
        }
        _ => format!("{}: {}", cause.field, cause.message),
    }
}

/// What to do.
pub(super) fn hints(error: &ClusterError, subject: &Subject) -> Vec<String> {
    let look = format!("kubectl get secret {}{}", subject.name, subject.namespace_flag());
    match error {
        ClusterError::Config(error) => config_hints(error),
        ClusterError::Failed { trouble } => trouble_hints(trouble),
        ClusterError::NoNamespace { selector } => {
            vec![format!("kubectl get namespaces -l {selector:?} --show-labels")]
        }
        ClusterError::Refused { verb, status } => refusal_hints(*verb, status, subject),
        ClusterError::Uncertain { why, .. } => {
            let mut hints = vec![format!("look whether it is there: {look}")];
            if let Uncertainty::Unseen { lost, .. } = &**why {
                hints.extend(trouble_hints(lost));
            }
            hints
        }
    }
}

fn refusal_hints(verb: Verb, status: &Status, subject: &Subject) -> Vec<String> {
    let flag = subject.namespace_flag();
    let terminating = status.details.causes.iter().any(|c| c.reason == "NamespaceTerminating");
    let hint = match (status.code, status.reason.as_str()) {
        (401, _) => "log in anew, or choose another user with --context or --user".to_owned(),
        (403, _) if terminating => "wait until it is gone, then create it anew".to_owned(),
        (403, _) => {
            let verb = match verb {
                Verb::Create => "create secrets",
                Verb::ListNamespaces => "list namespaces",
                Verb::Read => "get secrets",
            };
            format!("ask for the right to it; kubectl auth can-i {verb}{flag} tells")
        }
        (404, _) if status.details.kind == "namespaces" => {
            format!("kubectl create namespace {}", status.details.name)
        }
        (409, "AlreadyExists") => {
            "--if-absent takes that for success, --apply updates it".to_owned()
        }
        (429, _) => "try again later".to_owned(),
        _ => return Vec::new(),
    };
    vec![hint]
}

fn config_hints(error: &ConfigError) -> Vec<String> {
    let hint = match error {
        ConfigError::NoCluster => {
            return vec![
                "name a kubeconfig: --kubeconfig=FILE, or KUBECONFIG in the environment".to_owned(),
                "or print the Secret: --dry-run=client -o yaml".to_owned(),
            ];
        }
        ConfigError::NoContext { known, .. } if !known.is_empty() => {
            format!("there are: {}", known.join(", "))
        }
        ConfigError::Exec(ExecError::Run { install_hint: Some(hint), kind, .. })
            if matches!(kind, ExecErrorKind::Start(_)) =>
        {
            hint.trim().to_owned()
        }
        ConfigError::Exec(ExecError::Run { kind: ExecErrorKind::NoTerminal, .. }) => {
            "log in first, or give the value with --from-file".to_owned()
        }
        _ => return Vec::new(),
    };
    vec![hint]
}

fn trouble_hints(trouble: &Trouble) -> Vec<String> {
    let hint = match trouble {
        Trouble::Name | Trouble::Refused | Trouble::ConnectTimeout => {
            "kubectl config view --minify shows the server's address"
        }
        Trouble::Tls(TlsTrouble::UnknownIssuer) => {
            "the kubeconfig's certificate-authority may be of another cluster; --certificate-authority=FILE names one"
        }
        Trouble::Tls(TlsTrouble::WrongName) => "--tls-server-name=NAME expects another name",
        Trouble::Tls(TlsTrouble::Expired | TlsTrouble::NotYet) => {
            "compare the clocks; if they agree the server needs a new certificate"
        }
        Trouble::Tls(TlsTrouble::NotTls) => "the server's address may begin with http://",
        Trouble::Foreign { .. } | Trouble::Garbage => {
            "something between here and the API server may have answered: a proxy, a login page"
        }
        Trouble::LogIn => "log in anew",
        Trouble::Timeout(_) => "--request-timeout=0 waits as long as it takes",
        _ => return Vec::new(),
    };
    vec![hint.to_owned()]
}
