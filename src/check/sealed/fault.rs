//! The rules on `SealedSecret`s, with their words. What the controller does is known from
//! sealed-secrets 0.36.

use std::fmt;

use super::super::fault::{Base64Fault, LooksLike, ManifestFault};
use super::scope::Scope;
use crate::hints::shell_name;
use crate::seal::IMMUTABLE;
use crate::secret::KeyError;
use crate::shown;
use crate::validate::{At, Rule, RuleInfo};

pub(in crate::check) static RULES: &[&RuleInfo] = &[
    &CIPHERTEXT,
    &EMPTY,
    &ENCRYPTED_DATA,
    &KEY,
    &NEVER_UPDATED,
    &NO_NAMESPACE,
    &NOT_TEXT,
    &REPLACED_VALUE,
    &SCOPE_IN_TEMPLATE,
    &SCOPE_VALUE,
    &STRING_DATA,
    &TEMPLATE_NAME,
    &TWO_SCOPES,
    &TYPE_KEYS,
];

static CIPHERTEXT: RuleInfo = RuleInfo::warning(
    "sealed/ciphertext",
    "A value of spec.encryptedData is not what kubeseal prints: standard base64 of the length of the \
     RSA part in two bytes, that part, and an AES-GCM ciphertext with its tag of 16 bytes. Line ends \
     inside are allowed; blanks and the alphabet for URLs are not. The controller can never open it, \
     and opens no other value of the SealedSecret either. A plain value that is committed this way is \
     no longer secret: replace it, then seal the new one.",
);
static EMPTY: RuleInfo = RuleInfo::warning(
    "sealed/empty",
    "spec.encryptedData has no keys and spec.template.data adds none, so the controller creates a \
     Secret without data.",
);
static ENCRYPTED_DATA: RuleInfo = RuleInfo::error(
    "sealed/encrypted-data",
    "A SealedSecret needs spec.encryptedData, an object with the sealed value of each key. The API \
     server rejects one without it. The older field spec.data is not a replacement.",
);
static KEY: RuleInfo = RuleInfo::warning(
    "sealed/key",
    "A key of spec.encryptedData or spec.template.data is not a valid key of a Secret: at most 253 \
     letters, digits, \"-\", \"_\" and \".\", and neither \".\" nor a key that begins with \"..\". The API \
     server accepts the SealedSecret and rejects the Secret that the controller makes of it.",
);
static NEVER_UPDATED: RuleInfo = RuleInfo::warning(
    "sealed/never-updated",
    "spec.template has the annotation sealedsecrets.bitnami.com/skip-set-owner-references and not \
     sealedsecrets.bitnami.com/managed: \"true\". The controller creates the Secret, then takes it \
     for someone else's and never updates it, since it only changes Secrets that it owns or that \
     have the annotation managed or patch.",
);
static NO_NAMESPACE: RuleInfo = RuleInfo::warning(
    "sealed/no-namespace",
    "A SealedSecret whose scope is strict or namespace-wide can only be opened in the namespace that \
     it was sealed for, and metadata.namespace is missing. It works only if kubectl -n, or another \
     tool, names that namespace. kubeseal always writes it.",
);
static NOT_TEXT: RuleInfo = RuleInfo::error(
    "sealed/not-text",
    "A value of spec.encryptedData is not a string but a number, a boolean, null, a list or an \
     object. The API server rejects the SealedSecret.",
);
static REPLACED_VALUE: RuleInfo = RuleInfo::warning(
    "sealed/replaced-value",
    "A key is in spec.encryptedData and in spec.template.data, and no template uses the sealed \
     value. The Secret gets the text of spec.template.data, which is not sealed.",
);
static SCOPE_IN_TEMPLATE: RuleInfo = RuleInfo::warning(
    "sealed/scope-in-template",
    "The annotation for a wider scope is only in spec.template.metadata. The controller reads the \
     scope from metadata.annotations of the SealedSecret itself, so it cannot open what was sealed for \
     the wider scope. kubeseal writes the annotation in both places.",
);
static SCOPE_VALUE: RuleInfo = RuleInfo::warning(
    "sealed/scope-value",
    "The annotation for a wider scope must have the value \"true\", as a string in lower case. With \
     any other value the controller opens the SealedSecret as a strict one, and so cannot open what \
     was sealed for the wider scope. A boolean without quotes is not a string: the API server rejects it.",
);
static STRING_DATA: RuleInfo = RuleInfo::warning(
    "sealed/string-data",
    "spec.template has no field stringData. With fieldValidation=Strict, which is kubectl's default, \
     the API server rejects the SealedSecret; otherwise it drops the field. Texts that are not secret \
     belong under spec.template.data.",
);
static TEMPLATE_NAME: RuleInfo = RuleInfo::warning(
    "sealed/template-name",
    "The name or namespace in spec.template.metadata differs from that in metadata, which is the one \
     that the Secret gets. kubeseal writes the same into both, so the SealedSecret was probably \
     renamed after it was sealed, for instance by kustomize. A strict one can then no longer be opened, \
     and a namespace-wide one not in another namespace.",
);
static TWO_SCOPES: RuleInfo = RuleInfo::warning(
    "sealed/two-scopes",
    "The SealedSecret has both annotations for a wider scope. cluster-wide is used, so values that \
     were sealed for the namespace cannot be opened.",
);
static TYPE_KEYS: RuleInfo = RuleInfo::warning(
    "sealed/type-keys",
    "The type in spec.template requires a key or an annotation that neither spec.encryptedData nor \
     spec.template has. The API server accepts the SealedSecret and rejects the Secret that the \
     controller makes of it.",
);

/// Something that the controller cannot use.
#[derive(Debug)]
pub(super) enum SealedFault {
    Ciphertext {
        key: String,
        fault: CiphertextFault,
        scope: Scope,
    },
    Empty,
    /// What is in place of the sealed values, unless they are missing.
    EncryptedData(Option<&'static str>),
    Immutable,
    Key {
        map: &'static str,
        key: String,
        error: KeyError,
    },
    NeverUpdated,
    NoNamespace(Scope),
    NotText {
        key: String,
        got: &'static str,
    },
    ReplacedValue {
        key: String,
    },
    ScopeInTemplate {
        annotation: &'static str,
        /// The scope that the controller reads.
        scope: Scope,
    },
    ScopeValue {
        annotation: &'static str,
        /// What it is in place of a string.
        got: Option<&'static str>,
        /// The scope that the controller reads.
        scope: Scope,
    },
    StringData,
    TemplateName {
        field: &'static str,
        used: String,
        scope: Scope,
    },
    TwoScopes,
    /// What the API server will say of the Secret.
    TypeKeys(String),
}

/// Why a value cannot be opened with any key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CiphertextFault {
    Base64(Base64Fault),
    Empty,
    /// It does not begin with the length of an RSA modulus.
    NoLength,
    /// It ends before its parts do.
    Short {
        len: usize,
        min: usize,
    },
}

impl fmt::Display for CiphertextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64(fault) => fault.fmt(f),
            Self::Empty => f.write_str("is empty, and no sealed value is"),
            Self::NoLength => f.write_str(
                "is base64 but not a sealed value: it does not begin with the length of an RSA key",
            ),
            Self::Short { len, min } => {
                write!(f, "is cut off: {len} bytes, and it has {min} at least")
            }
        }
    }
}

impl fmt::Display for SealedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ciphertext { key, fault, .. } => {
                write!(f, "spec.encryptedData[{}]: {fault}", shown::Key(key))
            }
            Self::Empty => f.write_str("spec.encryptedData: is empty: the Secret has no data"),
            Self::EncryptedData(None) => f.write_str("spec.encryptedData: required value"),
            Self::EncryptedData(Some(got)) => {
                write!(f, "spec.encryptedData: must be an object, not {got}")
            }
            Self::Immutable => {
                f.write_str("spec.template.immutable: later changes will not be carried out")
            }
            Self::Key { map, key, error } => write!(f, "{map}[{}]: {error}", shown::Key(key)),
            Self::NeverUpdated => f.write_str(
                "the controller creates the Secret but never updates it: \
                 skip-set-owner-references without managed",
            ),
            Self::NoNamespace(scope) => write!(
                f,
                "metadata.namespace: is missing, and a {} SealedSecret can only be opened in the \
                 namespace that it was sealed for",
                scope.name()
            ),
            Self::NotText { key, got } => {
                write!(f, "spec.encryptedData[{}]: must be a string, not {got}", shown::Key(key))
            }
            Self::ReplacedValue { key } => write!(
                f,
                "spec.template.data[{}]: replaces the sealed value, which no template uses",
                shown::Key(key)
            ),
            Self::ScopeInTemplate { annotation, scope } => write!(
                f,
                "metadata.annotations[{annotation}]: is only in spec.template.metadata, so the scope is {}",
                scope.name()
            ),
            Self::ScopeValue { annotation, got: None, scope } => write!(
                f,
                "metadata.annotations[{annotation}]: the value is not \"true\", so the scope is {}",
                scope.name()
            ),
            Self::ScopeValue { annotation, got: Some(got), .. } => {
                write!(
                    f,
                    "metadata.annotations[{annotation}]: must be the string \"true\", not {got}"
                )
            }
            Self::StringData => f.write_str("unknown field spec.template.stringData"),
            Self::TemplateName { field, used, .. } => write!(
                f,
                "spec.template.metadata.{field}: differs from metadata.{field}, and the Secret gets {}",
                shown::Quoted(used)
            ),
            Self::TwoScopes => {
                f.write_str("metadata.annotations: two scopes, and cluster-wide is used")
            }
            Self::TypeKeys(verdict) => {
                write!(f, "spec.template.type: the API server will reject the Secret: {verdict}")
            }
        }
    }
}

impl Rule for SealedFault {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Ciphertext { .. } => &CIPHERTEXT,
            Self::Empty => &EMPTY,
            Self::EncryptedData(_) => &ENCRYPTED_DATA,
            Self::Immutable => &IMMUTABLE,
            Self::Key { .. } => &KEY,
            Self::NeverUpdated => &NEVER_UPDATED,
            Self::NoNamespace(_) => &NO_NAMESPACE,
            Self::NotText { .. } => &NOT_TEXT,
            Self::ReplacedValue { .. } => &REPLACED_VALUE,
            Self::ScopeInTemplate { .. } => &SCOPE_IN_TEMPLATE,
            Self::ScopeValue { .. } => &SCOPE_VALUE,
            Self::StringData => &STRING_DATA,
            Self::TemplateName { .. } => &TEMPLATE_NAME,
            Self::TwoScopes => &TWO_SCOPES,
            Self::TypeKeys(_) => &TYPE_KEYS,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        self.hints_in_manifest(at)
    }

    fn hints_in_manifest(&self, at: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::Ciphertext { fault: CiphertextFault::Base64(fault), .. }
                if matches!(
                    fault.looks_like,
                    LooksLike::Blanks | LooksLike::Unpadded | LooksLike::UrlSafe
                ) =>
            {
                return ManifestFault::Base64(*fault).hints_in_manifest(at);
            }
            Self::Ciphertext { scope, .. } => return vec![seal_again(*scope, at)],
            Self::NotText { .. } => return vec![seal_again(Scope::Strict, at)],
            Self::Empty => "seal the Secret with its data",
            Self::EncryptedData(_) => "seal the Secret with kubeseal",
            Self::Immutable => {
                "to change it later, delete the Secret: the controller creates it again"
            }
            Self::Key { .. } => "rename the key in the Secret, and seal it again",
            Self::NeverUpdated => {
                "add sealedsecrets.bitnami.com/managed: \"true\" to spec.template.metadata.annotations"
            }
            Self::NoNamespace(_) => "write the namespace that it was sealed for",
            Self::ReplacedValue { .. } => "remove the key from one of them",
            Self::ScopeInTemplate { annotation, .. } => {
                return vec![format!("add {annotation}: \"true\" to metadata.annotations")];
            }
            Self::ScopeValue { annotation, .. } => {
                return vec![format!("write {annotation}: \"true\", or remove the annotation")];
            }
            Self::StringData => "move it to spec.template.data, where values are not encoded",
            Self::TemplateName { scope: Scope::ClusterWide, .. } => "write the same in both",
            Self::TemplateName { .. } => "restore the one that it was sealed for, or seal it again",
            Self::TwoScopes => "keep the annotation of the scope that it was sealed for",
            Self::TypeKeys(_) => "seal what is missing, or correct the type",
        };
        vec![hint.to_owned()]
    }
}

/// The command that seals a single value for a `SealedSecret` of that scope.
fn seal_again(scope: Scope, at: &At<'_>) -> String {
    let name = match scope {
        Scope::Strict => format!(" --name={}", shell_name(at.name, "NAME")),
        Scope::NamespaceWide | Scope::ClusterWide => String::new(),
    };
    let namespace = match scope {
        Scope::ClusterWide => String::new(),
        _ => format!(" --namespace={}", shell_name(at.namespace.unwrap_or_default(), "NAMESPACE")),
    };
    format!("seal it: kubeseal --raw --from-file=FILE --scope={}{namespace}{name}", scope.name())
}
