//! The rules on manifests that SOPS has encrypted, with their words. What SOPS does is known from
//! its version 3.11.

use std::fmt;

use crate::seal::sops::STRING_DATA;
use crate::shown;
use crate::validate::{At, Rule, RuleInfo};

pub(in crate::check) static RULES: &[&RuleInfo] =
    &[&HIDDEN_FIELD, &LAST_APPLIED, &LEFT_BEHIND, &MAC, &READABLE, &TWO_SELECTORS, &VERSION];

static HIDDEN_FIELD: RuleInfo = RuleInfo::warning(
    "sops/hidden-field",
    "SOPS has encrypted apiVersion, kind or metadata too, so no tool of Kubernetes can read the \
     manifest before it is decrypted: kustomize and Flux cannot find its name. Without a rule SOPS encrypts \
     everything. Use encrypted_regex: ^(data|stringData)$ in .sops.yaml. Labels and annotations \
     whose key is data or stringData are encrypted by that rule too.",
);
static LAST_APPLIED: RuleInfo = RuleInfo::warning(
    "sops/last-applied",
    "The file is encrypted by SOPS, and its annotation last-applied-configuration is not: it contains \
     the values of the Secret in plain text or base64. kubectl --save-config and kubectl apply write it. \
     Values that were committed this way are no longer secret: replace them.",
);
static LEFT_BEHIND: RuleInfo = RuleInfo::warning(
    "sops/left-behind",
    "A value is text that SOPS has encrypted (ENC[…]), and the manifest has no field sops, which has \
     the key to it, so nothing can decrypt it. Applied like this, programs get the encrypted text as \
     their password.",
);
static MAC: RuleInfo = RuleInfo::warning(
    "sops/mac",
    "sops.mac is missing. sops decrypt refuses such a file, and Flux does not take it for an \
     encrypted one: it applies the encrypted text.",
);
static READABLE: RuleInfo = RuleInfo::warning(
    "sops/readable",
    "The file is encrypted by SOPS, and a value of data or stringData is not: it is readable for all \
     who can read the file. SOPS writes plain text without a word when the selector (encrypted_regex, \
     encrypted_suffix and others) fits no field, or does not compile. A value that was committed this \
     way is no longer secret: replace it. Empty values are never encrypted and are not reported, nor \
     are keys with the ending that sops.unencrypted_suffix names.",
);
static TWO_SELECTORS: RuleInfo = RuleInfo::warning(
    "sops/two-selectors",
    "The field sops has more than one of unencrypted_suffix, encrypted_suffix, unencrypted_regex, \
     encrypted_regex, unencrypted_comment_regex and encrypted_comment_regex. sops decrypt refuses \
     such a file.",
);
static VERSION: RuleInfo = RuleInfo::warning(
    "sops/version",
    "sops.version is missing or not three numbers such as 3.11.0. sops decrypt refuses such a file.",
);

/// Something that is wrong with a file of SOPS.
#[derive(Debug)]
pub(super) enum SopsFault {
    HiddenField {
        path: String,
        /// Whether it is a label or an annotation.
        is_entry: bool,
    },
    LastApplied {
        annotation: &'static str,
    },
    LeftBehind {
        map: &'static str,
        key: String,
    },
    Mac,
    Readable {
        map: &'static str,
        key: String,
    },
    StringData,
    TwoSelectors {
        first: &'static str,
        second: &'static str,
    },
    Version {
        is_missing: bool,
    },
}

impl fmt::Display for SopsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HiddenField { path, .. } => {
                write!(f, "{path}: is encrypted, and tools read it before the file is decrypted")
            }
            Self::LastApplied { annotation } => write!(
                f,
                "metadata.annotations[{annotation}]: is not encrypted, and contains the values"
            ),
            Self::LeftBehind { map, key } => write!(
                f,
                "{map}[{}]: is encrypted by SOPS, and without the field sops nothing can decrypt it",
                shown::Key(key)
            ),
            Self::Mac => f.write_str("sops.mac: is missing, so the file cannot be decrypted"),
            Self::Readable { map, key } => {
                write!(f, "{map}[{}]: SOPS has not encrypted the value", shown::Key(key))
            }
            Self::StringData => f.write_str(
                "stringData: if it is applied undecrypted, the encrypted text is stored",
            ),
            Self::TwoSelectors { first, second } => {
                write!(
                    f,
                    "sops.{second}: is a second selector after {first}, and SOPS takes one only"
                )
            }
            Self::Version { is_missing: true } => {
                f.write_str("sops.version: is missing, so the file cannot be decrypted")
            }
            Self::Version { is_missing: false } => {
                f.write_str("sops.version: is not three numbers, so the file cannot be decrypted")
            }
        }
    }
}

impl Rule for SopsFault {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::HiddenField { .. } => &HIDDEN_FIELD,
            Self::LastApplied { .. } => &LAST_APPLIED,
            Self::LeftBehind { .. } => &LEFT_BEHIND,
            Self::Mac => &MAC,
            Self::Readable { .. } => &READABLE,
            Self::StringData => &STRING_DATA,
            Self::TwoSelectors { .. } => &TWO_SELECTORS,
            Self::Version { .. } => &VERSION,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        self.hints_in_manifest(at)
    }

    fn hints_in_manifest(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::HiddenField { is_entry: true, .. } => {
                "give it another key: SOPS encrypts every field that the selector matches"
            }
            Self::HiddenField { .. } | Self::Readable { .. } => {
                "encrypt the plain manifest again: \
                 sops encrypt --encrypted-regex '^(data|stringData)$' FILE"
            }
            Self::LastApplied { .. } => {
                "remove the annotation, and encrypt the plain manifest again"
            }
            Self::LeftBehind { .. } => {
                "restore the field sops with the value, or encrypt the plain manifest again"
            }
            Self::Mac | Self::Version { .. } => {
                "restore the field, or encrypt the plain manifest again"
            }
            Self::StringData => "put the values under data, in base64, before encrypting",
            Self::TwoSelectors { .. } => "keep the selector that the file was encrypted with",
        };
        vec![hint.to_owned()]
    }
}
