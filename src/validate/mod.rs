//! Rules on a finished Secret: what is found is returned, nothing is printed, and nothing in a
//! finding is a value.
//!
//! [`api_server()`] has what a Kubernetes API server would refuse, [`content()`] what it takes and
//! people regret. A [`Finding`] is a [`Rule`] with its facts and the [`Place`] it was broken at; its
//! `Display` is in the field terms of the API server.

mod api_server;
mod content;
mod names;
mod rule;

pub use api_server::{api_server, namespace};
pub use content::{
    AccountFinding, BOOTSTRAP_NAMESPACE, BootstrapFinding, DockerFinding, LoginFinding,
    SERVICE_ACCOUNT_NAME, Servers, SshFinding, TlsFinding, ValueFault, content, is_bootstrap_group,
};
pub use names::{Form, KeyFault, TextFault, suggest_name, suggest_namespace};
pub use rule::{Rule, Sizes};

use std::fmt;

use crate::secret::{DataKey, Secret, Value};
use crate::shown;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The Secret may be made all the same.
    Warning,
    /// The Secret is not to be made.
    Error,
}

/// The field of the Secret that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The annotation of that key.
    Annotation(String),
    /// All annotations together.
    Annotations,
    /// All of `data` together.
    Data,
    /// The value under that key of `data`.
    Key(String),
    /// `immutable`.
    Immutable,
    /// The label of that key.
    Label(String),
    /// `metadata.name`.
    Name,
    /// `metadata.namespace`.
    Namespace,
    /// One of several namespaces that the Secret goes to.
    NamespaceOf(String),
    /// `type`.
    Type,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Annotation(key) => write!(f, "metadata.annotations[{}]", shown::Name(key)),
            Self::Annotations => f.write_str("metadata.annotations"),
            Self::Data => f.write_str("data"),
            Self::Key(key) => write!(f, "data[{}]", shown::Name(key)),
            Self::Immutable => f.write_str("immutable"),
            Self::Label(key) => write!(f, "metadata.labels[{}]", shown::Name(key)),
            Self::Name => f.write_str("metadata.name"),
            Self::Namespace => f.write_str("metadata.namespace"),
            Self::NamespaceOf(name) => write!(f, "namespace {}", shown::Quoted(name)),
            Self::Type => f.write_str("type"),
        }
    }
}

/// A broken rule and where it was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The field.
    pub place: Place,
    /// The rule, with the facts of its breach.
    pub rule: Rule,
}

impl Finding {
    /// How bad it is, which the rule alone decides.
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }

    /// Whether nothing on a cluster can work with it, so that a subcommand whose flags say what it
    /// is for refuses it.
    pub fn is_useless(&self) -> bool {
        self.rule.is_useless()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

/// All findings on a Secret, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(Vec<Finding>);

impl Report {
    /// The findings in their order.
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// Whether a finding is about the value under that key.
    pub fn is_about(&self, key: &DataKey) -> bool {
        self.0.iter().any(|found| matches!(&found.place, Place::Key(k) if k == key.as_str()))
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The worst severity in it, if anything was found.
    pub fn severity(&self) -> Option<Severity> {
        self.0.iter().map(Finding::severity).max()
    }

    /// Adds a finding at the end.
    pub fn push(&mut self, place: Place, rule: Rule) {
        self.0.push(Finding { place, rule });
    }
}

impl Extend<Finding> for Report {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        self.0.extend(findings);
    }
}

impl IntoIterator for Report {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The value under a key.
fn value<'a>(secret: &'a Secret, key: &str) -> Option<&'a Value> {
    secret.data.iter().find(|(k, _)| k.as_str() == key).map(|(_, v)| v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_the_server_names_the_field() {
        let rows = [
            (Place::Annotation("a/b".into()), "metadata.annotations[a/b]: required value"),
            (Place::Annotations, "metadata.annotations: required value"),
            (Place::Data, "data: required value"),
            (Place::Key("tls.key".into()), "data[tls.key]: required value"),
            (Place::Immutable, "immutable: required value"),
            (Place::Label("app".into()), "metadata.labels[app]: required value"),
            (Place::Name, "metadata.name: required value"),
            (Place::Namespace, "metadata.namespace: required value"),
            (Place::Type, "type: required value"),
        ];
        for (place, want) in rows {
            assert_eq!(Finding { place, rule: Rule::Missing }.to_string(), want);
        }
    }

    #[test]
    fn a_report_is_as_bad_as_its_worst_finding() {
        let mut report = Report::default();
        assert_eq!((report.is_empty(), report.severity()), (true, None));
        report.push(Place::Name, Rule::Missing);
        assert_eq!((report.is_empty(), report.severity()), (false, Some(Severity::Error)));
        assert!(Severity::Warning < Severity::Error);
    }
}
