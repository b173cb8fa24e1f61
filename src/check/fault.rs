//! What the API server rejects in a manifest before it has a Secret: what decoding it with
//! `fieldValidation=Strict` finds.

use std::fmt;

use crate::manifest::Reason;
use crate::shown;
use crate::validate::{At, Rule, RuleInfo};

pub(super) static RULES: &[&RuleInfo] = &[
    &API_VERSION,
    &BASE64,
    &DATA_KEY,
    &DUPLICATE_FIELD,
    &ENCODING,
    &NAME_MISSING,
    &NOT_TEXT,
    &OWNER,
    &RESOURCE_VERSION,
    &SYNTAX,
    &TWO_VALUES,
    &UNKNOWN_ALLOW,
    &UNKNOWN_FIELD,
    &UNREADABLE,
    &UNSEALED,
    &WRONG_TYPE,
];

static API_VERSION: RuleInfo = RuleInfo::error(
    "manifest/api-version",
    "The apiVersion of a Secret is v1. The API server rejects any other, and kubectl a manifest \
     without one.",
);
static BASE64: RuleInfo = RuleInfo::error(
    "data/base64",
    "The values under data are base64 with the standard alphabet (A-Z, a-z, 0-9, + and /) and \
     padding. Line ends inside are allowed, blanks and tabs are not. The API server rejects any \
     other. Plain text belongs under stringData.",
);
static DATA_KEY: RuleInfo = RuleInfo::error(
    "data/key",
    "A key of data or stringData has at most 253 letters, digits, \"-\", \"_\" and \".\"; it is \
     neither \".\" nor begins with \"..\". The API server rejects any other.",
);
static DUPLICATE_FIELD: RuleInfo = RuleInfo::error(
    "manifest/duplicate-field",
    "A field or a key is set twice. Only the last value is used; with fieldValidation=Strict, \
     which is kubectl's default, the API server rejects the manifest.",
);
static ENCODING: RuleInfo = RuleInfo::warning(
    "file/encoding",
    "The file is not UTF-8. kubectl converts UTF-16 that begins with a byte order mark, and replaces \
     bytes that are not UTF-8; other tools do not. What the file contains is not checked.",
);
static NAME_MISSING: RuleInfo = RuleInfo::error(
    "metadata/name-missing",
    "A Secret needs metadata.name, or metadata.generateName to which the API server adds a suffix.",
);
static NOT_TEXT: RuleInfo = RuleInfo::error(
    "manifest/not-text",
    "The value has to be text, and YAML 1.1, which kubectl reads, takes it for something else: yes, \
     no, on, off, y and n are booleans, 010 is the number 8, 1e3 is 1000, ~ is null. The API server \
     rejects the manifest. Put the value in quotes.",
);
static OWNER: RuleInfo = RuleInfo::error(
    "metadata/owner-reference",
    "An owner reference needs apiVersion, kind, name and uid, and only one of them may be the \
     controller. The API server rejects any other.",
);
static RESOURCE_VERSION: RuleInfo = RuleInfo::warning(
    "metadata/resource-version",
    "A manifest with metadata.resourceVersion, as kubectl get prints it, can neither be created with \
     kubectl create nor be applied once the Secret has changed: the API server answers with a \
     conflict. Remove the field, with uid, creationTimestamp and managedFields.",
);
static SYNTAX: RuleInfo = RuleInfo::error(
    "manifest/syntax",
    "The document is not YAML or JSON that kubectl can read. kubectl stops there: it does not \
     create what follows in the file.",
);
static TWO_VALUES: RuleInfo = RuleInfo::warning(
    "data/two-values",
    "The key is under data and under stringData. The API server uses the value under stringData.",
);
static UNKNOWN_ALLOW: RuleInfo = RuleInfo::warning(
    "manifest/unknown-allow",
    "The comment or annotation mksecret/allow names a rule that does not exist, or one that is an \
     error and cannot be allowed.",
);
static UNKNOWN_FIELD: RuleInfo = RuleInfo::error(
    "manifest/unknown-field",
    "A Secret has no such field. Names of fields are case-sensitive. With fieldValidation=Strict, \
     which is kubectl's default, the API server rejects the manifest; otherwise it drops the field.",
);
static UNREADABLE: RuleInfo = RuleInfo::error(
    "file/unreadable",
    "The file or directory cannot be read, so what it contains is not checked.",
);
static UNSEALED: RuleInfo = RuleInfo::error(
    "manifest/unsealed",
    "With --require-sealed no Secret may contain values in plain text or base64: a repository holds \
     SealedSecrets or files that are encrypted by SOPS.",
);
static WRONG_TYPE: RuleInfo = RuleInfo::error(
    "manifest/wrong-type",
    "The field has a value of another type than the API defines, such as a list in place of an \
     object. The API server rejects the manifest.",
);

/// Something that keeps a manifest from being a Secret, with the path of its field.
#[derive(Debug)]
pub(super) enum ManifestFault {
    ApiVersion {
        /// What it is, unless it is missing.
        given: Option<String>,
    },
    Base64(Base64Fault),
    DataKey {
        error: crate::secret::KeyError,
    },
    DuplicateField {
        path: String,
        /// The line of the first.
        line: u32,
    },
    NameMissing,
    NotText {
        path: String,
        got: &'static str,
    },
    Owner {
        path: String,
    },
    ResourceVersion,
    Syntax(Reason),
    TwoValues,
    UnknownAllow {
        id: String,
    },
    UnknownField {
        path: String,
        near: Option<String>,
    },
    /// The system's words for what failed.
    Unreadable(String),
    Unsealed,
    WrongType {
        path: String,
        got: &'static str,
        wanted: &'static str,
    },
}

/// Why a value is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Base64Fault {
    /// The byte of the value that Go's decoder stops at, counted from 0.
    pub offset: usize,
    pub looks_like: LooksLike,
}

/// What a value is in place of base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LooksLike {
    /// base64 with a blank or a tab in it, as a folded scalar has.
    Blanks,
    Unpadded,
    UrlSafe,
    Sops,
    PlainText,
    Damaged,
}

impl fmt::Display for ManifestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiVersion { given: None } => f.write_str("apiVersion: required value"),
            Self::ApiVersion { given: Some(given) } => {
                write!(f, "apiVersion: a Secret has v1, not {}", shown::Quoted(given))
            }
            Self::Base64(fault) => fault.fmt(f),
            Self::DataKey { error } => error.fmt(f),
            Self::DuplicateField { path, line } => {
                write!(f, "{path} is already set on line {line}")
            }
            Self::NameMissing => f.write_str("metadata.name: required value"),
            Self::NotText { path, got } => {
                write!(f, "{path}: YAML reads this as {got}, and text is required")
            }
            Self::Owner { path } => write!(f, "{path}: required value"),
            Self::ResourceVersion => {
                f.write_str("metadata.resourceVersion: is only valid until the Secret changes")
            }
            Self::Syntax(Reason::NotUtf8 | Reason::Utf16) => {
                f.write_str("the file is not UTF-8 text, so it is not checked")
            }
            Self::Syntax(reason) => write!(f, "kubectl cannot read this: {reason}"),
            Self::TwoValues => f.write_str("is also under stringData, and that value is used"),
            Self::UnknownAllow { id } => {
                write!(f, "mksecret/allow: {} is not a rule that can be allowed", shown::Quoted(id))
            }
            Self::UnknownField { path, .. } => write!(f, "unknown field {path}"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::Unsealed => f.write_str("the Secret contains values and is not sealed"),
            Self::WrongType { path, got, wanted } => {
                write!(f, "{path}: must be {wanted}, not {got}")
            }
        }
    }
}

impl fmt::Display for Base64Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset;
        match self.looks_like {
            LooksLike::Blanks => write!(f, "is not valid base64: a blank at offset {offset}"),
            LooksLike::Unpadded => f.write_str("is not valid base64: the padding is missing"),
            LooksLike::UrlSafe => {
                write!(f, "is not valid base64: it has the alphabet for URLs (offset {offset})")
            }
            LooksLike::Sops => f.write_str("is not valid base64 but encrypted by SOPS"),
            LooksLike::PlainText => {
                write!(f, "is not valid base64 but plain text (offset {offset})")
            }
            LooksLike::Damaged => write!(f, "is not valid base64 (offset {offset})"),
        }
    }
}

impl Rule for ManifestFault {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::ApiVersion { .. } => &API_VERSION,
            Self::Base64(_) => &BASE64,
            Self::DataKey { .. } => &DATA_KEY,
            Self::DuplicateField { .. } => &DUPLICATE_FIELD,
            Self::NameMissing => &NAME_MISSING,
            Self::NotText { .. } => &NOT_TEXT,
            Self::Owner { .. } => &OWNER,
            Self::ResourceVersion => &RESOURCE_VERSION,
            Self::Syntax(Reason::NotUtf8 | Reason::Utf16) => &ENCODING,
            Self::Syntax(_) => &SYNTAX,
            Self::TwoValues => &TWO_VALUES,
            Self::UnknownAllow { .. } => &UNKNOWN_ALLOW,
            Self::UnknownField { .. } => &UNKNOWN_FIELD,
            Self::Unreadable(_) => &UNREADABLE,
            Self::Unsealed => &UNSEALED,
            Self::WrongType { .. } => &WRONG_TYPE,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        self.hints_in_manifest(at)
    }

    fn hints_in_manifest(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::ApiVersion { .. } => "write apiVersion: v1",
            Self::Base64(fault) => match fault.looks_like {
                LooksLike::Blanks => "use | in place of >, or write it on one line",
                LooksLike::Unpadded => "append '=' until the length is a multiple of 4",
                LooksLike::UrlSafe => "use + and / in place of - and _",
                LooksLike::Sops => "restore the field sops, or write the plain value in base64",
                LooksLike::PlainText => "move it to stringData, where values are not encoded",
                LooksLike::Damaged => "encode it again: base64 -w0 FILE",
            },
            Self::DuplicateField { .. } => "remove one of them",
            Self::NotText { .. } => "put the value in quotes",
            Self::ResourceVersion => "remove the field",
            Self::UnknownAllow { .. } => "mksecret check --explain lists the rules",
            Self::UnknownField { near: Some(near), .. } => {
                return vec![format!("did you mean {near}?")];
            }
            Self::Unsealed => "seal it with kubeseal, or encrypt the file with sops",
            Self::DataKey { .. }
            | Self::NameMissing
            | Self::Owner { .. }
            | Self::Syntax(_)
            | Self::TwoValues
            | Self::Unreadable(_)
            | Self::UnknownField { near: None, .. }
            | Self::WrongType { .. } => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}
