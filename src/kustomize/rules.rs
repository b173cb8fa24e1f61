//! What people regret of how kustomize builds a Secret. Its bytes stay kustomize's.

use std::fmt;

use crate::shown;
use crate::validate::{At, Rule, RuleInfo};

pub(crate) static RULES: &[&RuleInfo] = &[&TYPE_CHANGED, &STRING_DATA_DROPPED];

static TYPE_CHANGED: RuleInfo = RuleInfo::warning(
    "kustomize/type-changed",
    "A generator with behavior: merge and without type makes an Opaque Secret of one with another \
     type: the base's type is not kept. Repeat type: in the generator that merges.",
);
static STRING_DATA_DROPPED: RuleInfo = RuleInfo::warning(
    "kustomize/string-data-dropped",
    "A generator with behavior: merge drops the stringData of the Secret that it is merged \
     with. Write the values under data, or in a generator.",
);

/// What is lost when a generator is merged with a Secret.
#[derive(Debug)]
pub(crate) enum Loss {
    Type,
    /// So many keys of `stringData`.
    StringData(usize),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type => {
                f.write_str("the merge makes the Secret Opaque, and its base has another type")
            }
            Self::StringData(count) => {
                write!(f, "the merge drops {} of stringData", shown::counted(*count, "key"))
            }
        }
    }
}

impl Rule for Loss {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Type => &TYPE_CHANGED,
            Self::StringData(_) => &STRING_DATA_DROPPED,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        self.hints_in_manifest(at)
    }

    fn hints_in_manifest(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::Type => "repeat type: in the generator that merges",
            Self::StringData(_) => "write the values of the base under data",
        };
        vec![hint.to_owned()]
    }
}
