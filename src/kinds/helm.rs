//! Releases that Helm stores (`helm.sh/helm/v3/pkg/storage/driver`, `secrets.go` and `util.go`).

use super::{Context, KubernetesType, nothing_required};
use crate::secret::Secret;
use crate::sources;
use crate::validate::{At, Place, Report, Rule, RuleInfo, value};

/// A revision of a release.
const HELM_RELEASE: &str = "helm.sh/release.v1";
const RELEASE: &str = "release";
/// The labels by which Helm lists releases, each with a value that it may have.
const LABELS: [(&str, &str); 4] =
    [("name", "RELEASE"), ("owner", OWNER), ("status", "deployed"), ("version", "1")];
const OWNER: &str = "helm";
const NAME_PREFIX: &str = "sh.helm.release.v1.";
/// How gzip's header begins, its method included.
const GZIP: [u8; 3] = [0x1f, 0x8b, 0x08];

pub(super) const ROW: KubernetesType = KubernetesType {
    name: HELM_RELEASE,
    about: "a release, which Helm itself writes",
    keys: &[RELEASE],
    required: nothing_required,
    rules,
};

/// What is wrong with a Secret that Helm takes for one of its own.
#[derive(Debug, thiserror::Error)]
enum HelmFinding {
    #[error("Helm writes such Secrets itself, and treats this one as a revision of a release")]
    ByHand,
    /// The value is neither what Helm writes nor what it reads.
    #[error("is not base64 of a gzip file, as Helm writes it")]
    Encoding,
    #[error("is missing, and Helm finds releases by it")]
    Label {
        /// As it may be given.
        label: (&'static str, &'static str),
    },
    #[error("must be {NAME_PREFIX}RELEASE.vREVISION")]
    Name,
    #[error("is missing, so Helm cannot read the release")]
    NoRelease,
    #[error("must be {OWNER}, or Helm does not see the release")]
    Owner,
}

pub(super) static RULES: &[&RuleInfo] = &[&BY_HAND, &ENCODING, &HELM_LABEL, &HELM_NAME];

static BY_HAND: RuleInfo = RuleInfo::warning(
    "helm/by-hand",
    "Helm writes Secrets of the type helm.sh/release.v1 itself and treats each as a revision \
     of a release. One that is made by hand can damage the history of the release.",
);
static ENCODING: RuleInfo = RuleInfo::warning(
    "helm/release",
    "The value under the key release is missing or is not base64 of a gzip file, so Helm \
     cannot read the release.",
);
static HELM_LABEL: RuleInfo = RuleInfo::warning(
    "helm/label",
    "Helm finds its releases by the labels name, owner (which must be helm), status and \
     version. Without them it does not see the release.",
);
static HELM_NAME: RuleInfo = RuleInfo::warning(
    "helm/name",
    "Helm looks for a revision under the name sh.helm.release.v1.RELEASE.vREVISION.",
);

impl Rule for HelmFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::ByHand => &BY_HAND,
            Self::Encoding | Self::NoRelease => &ENCODING,
            Self::Label { .. } | Self::Owner => &HELM_LABEL,
            Self::Name => &HELM_NAME,
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::Label { label: (key, value) } => {
                return vec![format!("add it: --labels {key}={value}")];
            }
            Self::ByHand => "to change a release, use helm upgrade or helm rollback",
            Self::Encoding | Self::NoRelease => {
                "helm get all RELEASE shows what Helm has stored; it is not made by hand"
            }
            Self::Owner => "set it: --labels owner=helm",
            Self::Name => "for example sh.helm.release.v1.shop.v1",
        };
        vec![hint.to_owned()]
    }
}

fn rules(secret: &Secret, _: &Context<'_>, report: &mut Report) {
    report.push(Place::Type, HelmFinding::ByHand);
    if !is_name_of_revision(secret.name.as_str()) {
        report.push(Place::Name, HelmFinding::Name);
    }
    for label @ (key, _) in LABELS {
        let place = Place::Label(key.to_owned());
        match secret.metadata.labels.get(key) {
            None => report.push(place, HelmFinding::Label { label }),
            Some(owner) if key == "owner" && owner != OWNER => {
                report.push(place, HelmFinding::Owner);
            }
            Some(_) => {}
        }
    }
    let place = Place::Key(RELEASE.to_owned());
    match value(secret, RELEASE).map(|release| is_release(release.as_bytes())) {
        None => report.push(place, HelmFinding::NoRelease),
        Some(false) => report.push(place, HelmFinding::Encoding),
        Some(true) => {}
    }
}

/// `sh.helm.release.v1.NAME.vREVISION`, the revision counted from 1.
fn is_name_of_revision(name: &str) -> bool {
    let Some((release, revision)) =
        name.strip_prefix(NAME_PREFIX).and_then(|rest| rest.rsplit_once(".v"))
    else {
        return false;
    };
    !release.is_empty() && !revision.starts_with(['0', '+']) && revision.parse::<u64>().is_ok()
}

/// Whether a value begins as the base64 of a gzip file; nothing is decompressed.
fn is_release(value: &[u8]) -> bool {
    value
        .get(..4)
        .is_some_and(|head| sources::decode(head).is_ok_and(|bytes| bytes.as_bytes() == GZIP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::content;
    use crate::secret::{DataKey, Metadata, SecretBuilder, SecretName, Value};

    fn lines(name: &str, labels: &[(&str, &str)], release: Option<&str>) -> Vec<String> {
        let labels = labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut builder = SecretBuilder::new(SecretName::new(name), HELM_RELEASE)
            .metadata(Metadata { labels, ..Metadata::default() });
        if let Some(release) = release {
            let value = Value::new(release.as_bytes().to_vec());
            builder.add(DataKey::parse(RELEASE).unwrap(), value).unwrap();
        }
        let context = Context::new(&|| jiff::Timestamp::UNIX_EPOCH);
        content(&builder.build(), &context).into_iter().map(|found| found.to_string()).collect()
    }

    /// Name, labels, release, what is found beside the type.
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>, &'a [&'a str]);

    #[test]
    fn what_helm_does_not_take_for_a_release() {
        const NAME: &str = "sh.helm.release.v1.shop.v12";
        const LABELS: [(&str, &str); 4] =
            [("name", "shop"), ("owner", "helm"), ("status", "deployed"), ("version", "12")];
        const GOOD: Option<&str> = Some("H4sIAAAAAAAC/wMAAAAAAAAAAAA=");
        let by_hand =
            "type: Helm writes such Secrets itself, and treats this one as a revision of a release";
        let name = "metadata.name: must be sh.helm.release.v1.RELEASE.vREVISION";
        let encoding = "data[release]: is not base64 of a gzip file, as Helm writes it";
        let rows: &[Row<'_>] = &[
            (NAME, &LABELS, GOOD, &[]),
            ("sh.helm.release.v1.a.b.v1", &LABELS, GOOD, &[]),
            ("shop", &LABELS, GOOD, &[name]),
            ("sh.helm.release.v1.shop", &LABELS, GOOD, &[name]),
            ("sh.helm.release.v1.shop.v0", &LABELS, GOOD, &[name]),
            ("sh.helm.release.v1..v1", &LABELS, GOOD, &[name]),
            (NAME, &LABELS, None, &["data[release]: is missing, so Helm cannot read the release"]),
            (NAME, &LABELS, Some("eyJuYW1lIjoic2hvcCJ9"), &[encoding]),
            (NAME, &LABELS, Some("\u{1f}\u{8b}\u{8}"), &[encoding]),
            (NAME, &LABELS, Some(""), &[encoding]),
            (
                NAME,
                &[("name", "shop"), ("owner", "me"), ("version", "1")],
                GOOD,
                &[
                    "metadata.labels[owner]: must be helm, or Helm does not see the release",
                    "metadata.labels[status]: is missing, and Helm finds releases by it",
                ],
            ),
        ];
        for (name, labels, release, want) in rows {
            let want: Vec<_> = [by_hand].iter().chain(*want).copied().collect();
            assert_eq!(lines(name, labels, *release), want, "{name} {release:?}");
        }
    }
}
