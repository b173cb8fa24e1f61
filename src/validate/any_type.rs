//! What a kube-apiserver (v1.36) rejects in a Secret of any type (`ValidateSecret` in
//! `k8s.io/kubernetes/pkg/apis/core/validation`, `ValidateObjectMeta` in
//! `k8s.io/apimachinery/pkg/api/validation`), in the server's order.
//!
//! The keys of `data` are not looked at: a [`DataKey`](crate::secret::DataKey) keeps their rules.

use std::fmt;

use super::names::{
    KeyFault, TextFault, annotation_key, dns_label, label_key, label_value, subdomain,
    suggest_name, suggest_namespace,
};
use super::{At, Place, Report, Rule, RuleInfo};
use crate::hints::REACH;
use crate::secret::Secret;
use crate::shown;
use crate::sources::shell_word;

/// The rules on Secrets of any type.
pub(crate) static RULES: &[&RuleInfo] =
    &[&NAME, &NAMESPACE, &LABEL, &ANNOTATION, &ANNOTATIONS_SIZE, &DATA_SIZE, &REQUIRED];

static NAME: RuleInfo = RuleInfo::error(
    "metadata/name",
    "The name of a Secret is a DNS subdomain (RFC 1123): at most 253 characters, lower-case \
     letters, digits, \"-\" and \".\", beginning and ending with a letter or a digit. The API \
     server rejects any other.",
);
static NAMESPACE: RuleInfo = RuleInfo::error(
    "metadata/namespace",
    "The name of a namespace is a DNS label (RFC 1123): at most 63 characters, lower-case \
     letters, digits and \"-\", beginning and ending with a letter or a digit. No namespace \
     with another name can exist.",
);
static LABEL: RuleInfo = RuleInfo::error(
    "metadata/label",
    "The key of a label is a name of at most 63 characters, with an optional DNS subdomain \
     and \"/\" before it; its value has at most 63 characters. Both consist of letters, digits, \
     \"-\", \"_\" and \".\", and begin and end with a letter or a digit. The API server rejects any \
     other.",
);
static ANNOTATION: RuleInfo = RuleInfo::error(
    "metadata/annotation",
    "The key of an annotation has the form of a label's key: an optional DNS subdomain and \
     \"/\", then a name of at most 63 characters. The API server rejects any other.",
);
static ANNOTATIONS_SIZE: RuleInfo = RuleInfo::error(
    "annotations/too-large",
    "The keys and values of all annotations may have 262,144 bytes together. The API server \
     rejects more.",
);
static DATA_SIZE: RuleInfo = RuleInfo::error(
    "data/too-large",
    "The decoded values of a Secret may have 1,048,576 bytes together. The API server rejects \
     more. Split the Secret, or keep large files elsewhere and only their key in the Secret.",
);
static REQUIRED: RuleInfo = RuleInfo::error(
    "type/required",
    "The type of a Secret requires certain keys or annotations: kubernetes.io/tls requires \
     tls.crt and tls.key, kubernetes.io/ssh-auth requires ssh-privatekey, and so on. The API \
     server rejects a Secret without them.",
);

/// The most bytes of all values (`MaxSecretSize`).
pub(crate) const DATA_MAX: usize = 1024 * 1024;
/// The most bytes of all keys and values of annotations (`TotalAnnotationSizeLimitB`).
const ANNOTATIONS_MAX: usize = 256 * 1024;

/// All that the server rejects in `secret`, whatever its type.
pub(crate) fn any_type(secret: &Secret) -> Report {
    let mut report = Report::default();
    metadata(secret, &mut report);
    let sizes = secret.data.iter().map(|(key, value)| (key.as_str(), value.len()));
    if let Some(sizes) = Sizes::over(&DATA_SIZE, DATA_MAX, sizes) {
        report.push(Place::Data, sizes);
    }
    report
}

/// All that is wrong with the name of one of several namespaces.
pub(crate) fn namespace(name: &str) -> Report {
    let mut report = Report::default();
    for fault in dns_label(name) {
        report.push(Place::NamespaceOf(name.to_owned()), MetadataRule::Namespace(fault));
    }
    report
}

fn metadata(secret: &Secret, report: &mut Report) {
    for fault in subdomain(secret.name.as_str()) {
        report.push(Place::Name, MetadataRule::Name(fault));
    }
    // An empty namespace is left out of the manifest, so none was asked for.
    if let Some(namespace) = secret.namespace.as_ref().filter(|n| !n.as_str().is_empty()) {
        for fault in dns_label(namespace.as_str()) {
            report.push(Place::Namespace, MetadataRule::Namespace(fault));
        }
    }
    for (key, value) in &secret.metadata.labels {
        for fault in label_key(key) {
            report.push(Place::Label(key.clone()), MetadataRule::LabelKey(fault));
        }
        for fault in label_value(value) {
            report.push(Place::Label(key.clone()), MetadataRule::LabelValue(fault));
        }
    }
    let annotations = &secret.metadata.annotations;
    for key in annotations.keys() {
        for fault in annotation_key(key) {
            report.push(Place::Annotation(key.clone()), MetadataRule::AnnotationKey(fault));
        }
    }
    let sizes = annotations.iter().map(|(k, v)| (k.as_str(), k.len().saturating_add(v.len())));
    if let Some(sizes) = Sizes::over(&ANNOTATIONS_SIZE, ANNOTATIONS_MAX, sizes) {
        report.push(Place::Annotations, sizes);
    }
}

#[derive(Debug)]
enum MetadataRule {
    /// No qualified name in any case of letters.
    AnnotationKey(KeyFault),
    LabelKey(KeyFault),
    LabelValue(TextFault),
    Name(TextFault),
    Namespace(TextFault),
}

impl Rule for MetadataRule {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::AnnotationKey(_) => &ANNOTATION,
            Self::LabelKey(_) | Self::LabelValue(_) => &LABEL,
            Self::Name(_) => &NAME,
            Self::Namespace(_) => &NAMESPACE,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        match self {
            Self::AnnotationKey(_) => {
                vec!["for example --annotations example.com/owner=me".to_owned()]
            }
            Self::LabelKey(_) | Self::LabelValue(_) => {
                vec!["for example --labels app.kubernetes.io/name=shop".to_owned()]
            }
            Self::Name(TextFault::TooLong { .. }) => vec!["shorten it".to_owned()],
            // A better name is made of the one that was asked for: the suffix comes by itself.
            Self::Name(_) => suggest_name(at.name)
                .filter(|near| shown::is_word(near))
                .map(|near| format!("for example {near}"))
                .into_iter()
                .collect(),
            Self::Namespace(fault) => {
                let name = match at.place {
                    Some(Place::NamespaceOf(name)) => Some(name.as_str()),
                    _ => at.namespace,
                };
                let near = name
                    .filter(|_| matches!(fault, TextFault::Form { .. }))
                    .and_then(suggest_namespace)
                    .filter(|near| shown::is_word(near))
                    .map(|near| format!("did you mean {near}?"));
                let lists = format!("kubectl get namespaces{REACH} lists them");
                near.into_iter().chain([lists]).collect()
            }
        }
    }

    fn in_short(&self, name: &str) -> String {
        match self {
            Self::Name(TextFault::Form { form, .. }) => match suggest_name(name) {
                Some(near) => format!("{}; for example {near}", form.in_short()),
                None => form.in_short().to_owned(),
            },
            Self::LabelKey(KeyFault::Name(TextFault::Form { form, .. }))
            | Self::LabelValue(TextFault::Form { form, .. })
            | Self::Namespace(TextFault::Form { form, .. }) => form.in_short().to_owned(),
            rule => rule.to_string(),
        }
    }
}

impl fmt::Display for MetadataRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnnotationKey(fault) | Self::LabelKey(fault) => fault.fmt(f),
            Self::LabelValue(fault) | Self::Name(fault) => fault.fmt(f),
            Self::Namespace(fault) => write!(f, "no namespace can have that name: {fault}"),
        }
    }
}

/// A value that a type requires is not there, or has no byte.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Missing {
    #[error("required value")]
    Absent,
    /// Neither it nor the value under the key `or` is there.
    #[error("required value, unless there is data[{or}]")]
    Either {
        /// The other key that would do.
        or: &'static str,
    },
    /// It is there and has no byte, which is the same to the server and not to a person.
    #[error("required value, and it is empty")]
    Empty,
}

impl Missing {
    /// What is wrong with a required value of which this is known: whether it is empty, if it is
    /// there.
    pub(crate) fn of(is_empty: Option<bool>) -> Option<Self> {
        match is_empty {
            None => Some(Self::Absent),
            Some(true) => Some(Self::Empty),
            Some(false) => None,
        }
    }
}

impl Rule for Missing {
    fn info(&self) -> &'static RuleInfo {
        &REQUIRED
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        let path = at.origin.and_then(|origin| origin.path.as_deref());
        if let (Self::Empty, Some(path)) = (self, path) {
            return vec![format!("{} is empty; a pipe can be read only once", shell_word(path))];
        }
        match at.place {
            Some(Place::Key(key)) => vec![format!("add the key: --from-file={key}=PATH")],
            Some(Place::Annotation(key)) => vec![format!("add it: --annotations {key}=NAME")],
            _ => Vec::new(),
        }
    }
}

/// The sizes of a part of the Secret that is over its limit.
#[derive(Debug)]
struct Sizes {
    /// The biggest entries and their bytes, the biggest first, [`Sizes::SHOWN`] at most.
    biggest: Vec<(String, usize)>,
    /// The most bytes that are allowed.
    max: usize,
    rule: &'static RuleInfo,
    /// The bytes of all entries.
    total: usize,
}

impl Sizes {
    /// How many entries are worth naming.
    const SHOWN: usize = 3;

    /// Sums up the entries; `None` where they stay within `max`.
    fn over<'a, I>(rule: &'static RuleInfo, max: usize, entries: I) -> Option<Self>
    where
        I: Iterator<Item = (&'a str, usize)> + Clone,
    {
        let total = entries.clone().fold(0_usize, |sum, (_, len)| sum.saturating_add(len));
        if total <= max {
            return None;
        }
        let mut biggest: Vec<_> = entries.collect();
        biggest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        biggest.truncate(Self::SHOWN);
        let biggest = biggest.into_iter().map(|(key, len)| (key.to_owned(), len)).collect();
        Some(Self { biggest, max, rule, total })
    }
}

impl Rule for Sizes {
    fn info(&self) -> &'static RuleInfo {
        self.rule
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        vec!["split it into several Secrets".to_owned()]
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, may not be more than {} bytes", self.total, self.max)?;
        for (i, (key, len)) in self.biggest.iter().enumerate() {
            write!(f, "{}{key}: {len}", if i == 0 { " (biggest: " } else { ", " })?;
        }
        f.write_str(if self.biggest.is_empty() { "" } else { ")" })
    }
}

#[cfg(test)]
mod tests;
