//! A finding: which rule was broken, where, how badly, and what to do.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::rule_info::{RuleInfo, Severity};
use crate::secret::DataKey;
use crate::shown;
use crate::sources::Origin;

/// The field of the Secret that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The annotation of that key.
    Annotation(String),
    Annotations,
    Data,
    /// The value under that key of `data`.
    Key(String),
    Immutable,
    /// The label of that key.
    Label(String),
    Name,
    Namespace,
    /// One of several namespaces that the Secret goes to.
    NamespaceOf(String),
    Type,
}

impl Place {
    /// The field as a report on a manifest names it: its keys are shown, since no value
    /// can have come to a wrong place on a command line.
    pub(crate) fn in_manifest(&self) -> String {
        match self {
            Self::Annotation(key) => format!("metadata.annotations[{}]", shown::Key(key)),
            Self::Key(key) => format!("data[{}]", shown::Key(key)),
            Self::Label(key) => format!("metadata.labels[{}]", shown::Key(key)),
            place => place.to_string(),
        }
    }
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

/// A rule that was broken. Its words, [`fmt::Display`], have positions, lengths and names of keys,
/// never a value.
pub(crate) trait Rule: fmt::Debug + fmt::Display {
    /// Its id and its page.
    fn info(&self) -> &'static RuleInfo;

    /// How bad this breach is.
    fn severity(&self) -> Severity {
        self.info().severity
    }

    /// What to do, each a line; commands work when they are pasted.
    fn hints(&self, at: &At<'_>) -> Vec<String>;

    /// What to do about it in a manifest, each a line.
    fn hints_in_manifest(&self, _: &At<'_>) -> Vec<String> {
        Vec::new()
    }

    /// The words while the Secret's name or another text is typed.
    fn in_short(&self, _name: &str) -> String {
        self.to_string()
    }

    /// Whether nothing on a cluster can work with it, so that a subcommand whose flags say what it
    /// is for rejects it.
    fn is_useless(&self) -> bool {
        false
    }

    /// The flag that is to blame, where it is not that of the key's value.
    fn origin(&self, of_key: Origin) -> Origin {
        of_key
    }
}

/// What hints may refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    /// The field, `None` if the words say where.
    pub place: Option<&'a Place>,
    /// Where the value came from.
    pub origin: Option<&'a Origin>,
    /// The name of the Secret, without a suffix of `--append-hash`.
    pub name: &'a str,
    /// The namespace that was asked for.
    pub namespace: Option<&'a str>,
}

impl<'a> At<'a> {
    /// The file that the value came from, or `otherwise`.
    pub(crate) fn path_or(&self, otherwise: &'a str) -> &'a Path {
        self.origin.and_then(|origin| origin.path.as_deref()).unwrap_or(Path::new(otherwise))
    }
}

/// A broken rule and where it was broken.
#[derive(Debug)]
pub(crate) struct Finding {
    /// How bad it is here.
    pub severity: Severity,
    /// The field, `None` if the rule's words say where.
    pub place: Option<Place>,
    /// Where the value of that field came from.
    pub origin: Option<Origin>,
    /// The rule, with the facts of its breach.
    pub rule: Box<dyn Rule>,
}

impl Finding {
    /// A breach whose words say where it is.
    pub(crate) fn new(rule: impl Rule + 'static) -> Self {
        let severity = rule.severity();
        Self { severity, place: None, origin: None, rule: Box::new(rule) }
    }

    /// The same, of that severity.
    #[must_use]
    pub(crate) fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// The same, with the origin of the value that it is about.
    #[must_use]
    pub(crate) fn with_origin(self, origins: &BTreeMap<DataKey, Origin>) -> Self {
        let Some(Place::Key(key)) = &self.place else { return self };
        let of_key = origins.iter().find(|(known, _)| known.as_str() == key);
        let origin = of_key.map(|(_, origin)| self.rule.origin(origin.clone()));
        Self { origin, ..self }
    }

    /// What to do about it, in a Secret of that name and namespace.
    pub(crate) fn hints(&self, name: &str, namespace: Option<&str>) -> Vec<String> {
        let (place, origin) = (self.place.as_ref(), self.origin.as_ref());
        self.rule.hints(&At { place, origin, name, namespace })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        self.rule.fmt(f)?;
        match &self.origin {
            Some(origin) => write!(f, " ({origin})"),
            None => Ok(()),
        }
    }
}

/// All findings on a Secret, in the order of its fields.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Finding>);

impl Report {
    /// The findings in their order.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// The same without some findings.
    #[must_use]
    pub(crate) fn without(mut self, is_known: impl Fn(&Finding) -> bool) -> Self {
        self.0.retain(|finding| !is_known(finding));
        self
    }

    /// Whether a finding is about the value under that key.
    pub(crate) fn is_about(&self, key: &DataKey) -> bool {
        self.0.iter().any(|found| matches!(&found.place, Some(Place::Key(k)) if k == key.as_str()))
    }

    /// Adds a finding, unless the same rule is broken at that place already.
    pub(crate) fn push_new(&mut self, place: Place, rule: impl Rule + 'static) {
        let is_known = self.0.iter().any(|known| {
            std::ptr::eq(known.rule.info(), rule.info()) && known.place.as_ref() == Some(&place)
        });
        if !is_known {
            self.push(place, rule);
        }
    }

    /// Adds a finding at the end.
    pub(crate) fn push(&mut self, place: Place, rule: impl Rule + 'static) {
        self.0.push(Finding { place: Some(place), ..Finding::new(rule) });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Missing;

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
            let mut report = Report::default();
            report.push(place, Missing::Absent);
            assert_eq!(report.findings()[0].to_string(), want);
        }
    }
}
