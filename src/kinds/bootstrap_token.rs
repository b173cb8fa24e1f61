//! Bootstrap tokens with which no node joins: an API server takes them, and the controllers that look
//! for them pass them over (`k8s.io/cluster-bootstrap/token/api`).

use jiff::Timestamp;

use super::{Context, KubernetesType, nothing_required};
use crate::golang::rfc3339;
use crate::hints::SAME_RUN;
use crate::secret::{Namespace, Secret, Value};
use crate::validate::{At, Place, Report, Rule, RuleInfo, value};

/// A token with which nodes join a cluster.
pub(crate) const BOOTSTRAP_TOKEN: &str = "bootstrap.kubernetes.io/token";

/// Where the controllers look for them.
pub(crate) const BOOTSTRAP_NAMESPACE: &str = "kube-system";
const ID: &str = "token-id";
const SECRET: &str = "token-secret";
const EXPIRATION: &str = "expiration";
const GROUPS: &str = "auth-extra-groups";
const USAGES: [&str; 2] = ["usage-bootstrap-authentication", "usage-bootstrap-signing"];

pub(super) const ROW: KubernetesType = KubernetesType {
    name: BOOTSTRAP_TOKEN,
    about: "a token for joining nodes",
    keys: &[
        ID,
        SECRET,
        "description",
        EXPIRATION,
        "usage-bootstrap-signing",
        "usage-bootstrap-authentication",
        GROUPS,
    ],
    required: nothing_required,
    rules,
};

/// What is wrong with a bootstrap token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BootstrapFinding {
    /// Its end is no time, and a token without a good one is taken for expired.
    #[error("is not an RFC 3339 time, so the token is treated as expired")]
    Expiration,
    #[error("expired on {0}, so the token is deleted")]
    Expired(Timestamp),
    /// A part of the token has not the form that it needs.
    #[error("must be {len} characters from a-z and 0-9")]
    Form {
        /// How many characters it needs.
        len: usize,
    },
    /// A group is none that such a token may have.
    #[error("has a group that bootstrap tokens cannot have, so nothing can log in with it")]
    Group,
    #[error("is missing, so the token is ignored")]
    Missing,
    /// It stands under another name than the one where it is looked for.
    #[error("must be {PREFIX} followed by the token ID")]
    Name {
        /// That name, where its id is good.
        wanted: String,
    },
    #[error("bootstrap tokens only work in the namespace {BOOTSTRAP_NAMESPACE}")]
    Namespace {
        /// The flag that names it, as it is written.
        flag: Option<&'static str>,
    },
    #[error("the token has no use: neither {} nor {} is true", USAGES[0], USAGES[1])]
    NoUsage,
}

const PREFIX: &str = "bootstrap-token-";

pub(super) static RULES: &[&RuleInfo] = &[
    &EXPIRATION_TIME,
    &TOKEN_EXPIRED,
    &TOKEN_FORM,
    &GROUP,
    &TOKEN_NAME,
    &TOKEN_NAMESPACE,
    &NO_USAGE,
];

static EXPIRATION_TIME: RuleInfo = RuleInfo::warning(
    "bootstrap/expiration",
    "The expiration of a bootstrap token is not an RFC 3339 time, such as \
     2030-01-31T12:00:00Z. The controllers treat such a token as expired.",
);
static TOKEN_EXPIRED: RuleInfo = RuleInfo::warning(
    "bootstrap/expired",
    "The expiration of the bootstrap token has passed. No node can join with it, and a controller \
     deletes the Secret.",
);
static TOKEN_FORM: RuleInfo = RuleInfo::warning(
    "bootstrap/token",
    "A bootstrap token has a token-id of 6 and a token-secret of 16 characters from a-z and \
     0-9. Controllers ignore any other.",
);
static GROUP: RuleInfo = RuleInfo::warning(
    "bootstrap/group",
    "A group of a bootstrap token begins with system:bootstrappers: and continues with \
     lower-case letters, digits, \":\" and \"-\". One other group in the list, and nothing can \
     log in with the token.",
);
static TOKEN_NAME: RuleInfo = RuleInfo::warning(
    "bootstrap/name",
    "The controllers look for a bootstrap token under the name bootstrap-token- followed by \
     its ID, and ignore one with another name.",
);
static TOKEN_NAMESPACE: RuleInfo = RuleInfo::warning(
    "bootstrap/namespace",
    "Bootstrap tokens only work in the namespace kube-system.",
);
static NO_USAGE: RuleInfo = RuleInfo::warning(
    "bootstrap/no-usage",
    "A bootstrap token is used only if usage-bootstrap-authentication or \
     usage-bootstrap-signing is exactly \"true\".",
);

impl Rule for BootstrapFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Expiration => &EXPIRATION_TIME,
            Self::Expired(_) => &TOKEN_EXPIRED,
            Self::Form { .. } | Self::Missing => &TOKEN_FORM,
            Self::Group => &GROUP,
            Self::Name { .. } => &TOKEN_NAME,
            Self::Namespace { .. } => &TOKEN_NAMESPACE,
            Self::NoUsage => &NO_USAGE,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        vec![match self {
            Self::Expiration => "for example 2030-01-31T12:00:00Z".to_owned(),
            Self::Expired(_) => format!("make another: mksecret bootstrap-token{SAME_RUN}"),
            Self::Form { .. } | Self::Missing => {
                format!("generate all of it: mksecret bootstrap-token{SAME_RUN}")
            }
            Self::Group => "for example system:bootstrappers:my-nodes".to_owned(),
            Self::Name { wanted } => format!("name it {wanted}"),
            Self::Namespace { flag: Some(flag) } => format!("leave out {flag}"),
            Self::Namespace { flag: None } => format!("use -n {BOOTSTRAP_NAMESPACE}"),
            Self::NoUsage => "add --from-literal=usage-bootstrap-authentication=true".to_owned(),
        }]
    }
}

fn rules(secret: &Secret, context: &Context<'_>, report: &mut Report) {
    let mut found = |place, finding| report.push(place, finding);
    let at = |key: &str| Place::Key(key.to_owned());
    for (key, len) in [(ID, 6), (SECRET, 16)] {
        match value(secret, key).map(Value::as_bytes) {
            None => found(at(key), BootstrapFinding::Missing),
            Some(part) if !is_part(part, len) => found(at(key), BootstrapFinding::Form { len }),
            Some(_) => {}
        }
    }
    let id = value(secret, ID).filter(|id| is_part(id.as_bytes(), 6));
    if let Some(wanted) = id.and_then(|id| id.as_text()).map(|id| format!("{PREFIX}{id}"))
        && secret.name.as_str() != wanted
    {
        found(Place::Name, BootstrapFinding::Name { wanted });
    }
    // Where none is given, that of the kubeconfig or of another tool may be the right one.
    let namespace = secret.namespace.as_ref().map(Namespace::as_str);
    if namespace.is_some_and(|name| !name.is_empty() && name != BOOTSTRAP_NAMESPACE) {
        found(Place::Namespace, BootstrapFinding::Namespace { flag: None });
    }
    // An empty one is none, and one that Go does not read is past for the controllers.
    if let Some(end) = value(secret, EXPIRATION).filter(|end| !end.is_empty())
        && !end.as_text().is_some_and(rfc3339::is_rfc3339)
    {
        found(at(EXPIRATION), BootstrapFinding::Expiration);
    }
    let end = value(secret, EXPIRATION).and_then(|end| end.as_text()?.parse::<Timestamp>().ok());
    if let Some(end) = end.filter(|end| *end < (context.now)()) {
        found(at(EXPIRATION), BootstrapFinding::Expired(end));
    }
    if let Some(groups) = value(secret, GROUPS).filter(|groups| !groups.is_empty())
        && !groups.as_text().is_some_and(|groups| groups.split(',').all(is_bootstrap_group))
    {
        found(at(GROUPS), BootstrapFinding::Group);
    }
    let is_true = |key: &str| value(secret, key).is_some_and(|text| text.as_bytes() == b"true");
    if !USAGES.into_iter().any(is_true) {
        found(Place::Type, BootstrapFinding::NoUsage);
    }
}

fn is_part(text: &[u8], len: usize) -> bool {
    text.len() == len && text.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Whether a group is one for bootstrap tokens, in the API's form
/// (`\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\z`).
pub(crate) fn is_bootstrap_group(group: &str) -> bool {
    group.strip_prefix("system:bootstrappers:").is_some_and(|rest| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        (1..=256).contains(&rest.len())
            && rest.bytes().all(|b| plain(b) || matches!(b, b':' | b'-'))
            && rest.bytes().last().is_some_and(plain)
    })
}

#[cfg(test)]
mod tests {
    use crate::kinds::{Context, content};
    use crate::secret::{DataKey, Namespace, SecretBuilder, SecretName, Value};
    use crate::validate::Severity;

    fn lines(name: &str, namespace: Option<&str>, data: &[(&str, &str)]) -> Vec<String> {
        let mut builder =
            SecretBuilder::new(SecretName::new(name), "bootstrap.kubernetes.io/token")
                .namespace(namespace.map(Namespace::new));
        for (key, value) in data {
            let key = DataKey::parse(key).unwrap();
            builder.add(key, Value::new(value.as_bytes().to_vec())).unwrap();
        }
        let report = content(&builder.build(), &Context::new(&|| jiff::Timestamp::UNIX_EPOCH));
        assert!(report.findings().iter().all(|found| found.severity == Severity::Warning));
        report.findings().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tokens_with_which_no_node_joins() {
        const GOOD: [(&str, &str); 4] = [
            ("token-id", "abcdef"),
            ("token-secret", "0123456789abcdef"),
            ("usage-bootstrap-signing", "true"),
            ("expiration", "2030-01-31T12:00:00Z"),
        ];
        let with = |key: &'static str, value: &'static str| {
            let mut data: Vec<_> = GOOD.into_iter().filter(|(known, _)| *known != key).collect();
            data.push((key, value));
            data
        };
        let name = "bootstrap-token-abcdef";
        let good = [
            (None, GOOD.to_vec()),
            (Some("kube-system"), GOOD.to_vec()),
            (Some(""), with("expiration", "")),
            (None, with("expiration", "2030-01-31T12:00:00+02:00")),
            (None, with("auth-extra-groups", "system:bootstrappers:a:b-c,system:bootstrappers:d")),
            (None, with("usage-bootstrap-authentication", "true")),
        ];
        for (namespace, data) in good {
            assert_eq!(lines(name, namespace, &data), [""; 0], "{data:?}");
        }
        let rows = [
            ("x", None, GOOD.to_vec(), "metadata.name: must be bootstrap-token-"),
            (name, Some("shop"), GOOD.to_vec(), "metadata.namespace: bootstrap tokens only work"),
            (
                name,
                None,
                with("token-id", "Abcdef"),
                "data[token-id]: must be 6 characters from a-z",
            ),
            (
                name,
                None,
                with("token-secret", ""),
                "data[token-secret]: must be 16 characters from a-z",
            ),
            (
                name,
                None,
                GOOD[..1].iter().chain(&GOOD[2..]).copied().collect(),
                "data[token-secret]: is missing",
            ),
            (
                name,
                None,
                with("expiration", "tomorrow"),
                "data[expiration]: is not an RFC 3339 time",
            ),
            (name, None, with("usage-bootstrap-signing", "yes"), "type: the token has no use"),
            (
                name,
                None,
                with("auth-extra-groups", "system:masters"),
                "data[auth-extra-groups]: has a group",
            ),
            (
                name,
                None,
                with("auth-extra-groups", "system:bootstrappers:a,"),
                "data[auth-extra-groups]: has a group",
            ),
        ];
        for (name, namespace, data, want) in rows {
            let found = lines(name, namespace, &data);
            assert!(found.len() == 1 && found[0].starts_with(want), "{found:?}, not {want}");
        }
        assert_eq!(lines("x", None, &[]).len(), 3);
    }
}
