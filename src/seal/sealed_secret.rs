//! A Secret as a `SealedSecret` (`bitnami.com/v1alpha1`), as kubeseal 0.36 prints it.
//!
//! kubeseal checks nothing, and what the controller cannot open or never updates is only seen in the
//! object's status. So the conditions of the controller are checked here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use super::certificate::Certificate;
use super::cipher::Cipher;
use super::rules::SealFinding;
use super::scope::{LAST_APPLIED, MANAGED, SKIP_OWNER, Scope, ScopeError};
use crate::hints::Fault;
use crate::kinds::SERVICE_ACCOUNT_TOKEN;
use crate::secret::manifest::Node;
use crate::secret::{Namespace, Secret};
use crate::sources::{Inputs, system_words};
use crate::validate::Finding;
use rsa::traits::PublicKeyParts as _;

/// What etcd takes in one request, in bytes.
pub(super) const SIZE_MAX: usize = 3 << 19;
/// What annotations may hold, in bytes (`TotalAnnotationSizeLimitB` of the API's validation).
const ANNOTATION_MAX: usize = 1 << 18;
/// The bytes of a ciphertext beyond the RSA part and the value: a length and a tag.
const OVERHEAD: usize = 2 + 16;

/// What a manifest says beyond the model of a Secret, copied into the template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extras {
    pub finalizers: Vec<String>,
    pub generate_name: Option<String>,
}

/// A scope that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScopeWish {
    pub scope: Scope,
    /// Whether it comes from `SEALED_SECRETS_SCOPE` and not from the command line.
    pub from_environment: bool,
}

/// A Secret that is to be sealed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sealable<'a> {
    pub secret: &'a Secret,
    /// The namespace that it is sealed for, `None` for none.
    pub namespace: Option<&'a Namespace>,
    pub extras: &'a Extras,
}

impl<'a> Sealable<'a> {
    /// The scope that was asked for by `wish` or by annotations. Fails if the controller could not
    /// open the result, or not keep it up to date.
    pub(crate) fn scope(
        self,
        wish: Option<ScopeWish>,
        allow_empty: bool,
    ) -> Result<Scope, SealError> {
        let annotations = &self.secret.metadata.annotations;
        let annotated = Scope::of_annotations(annotations).map_err(SealError::Scope)?;
        let scope = match (wish, annotated) {
            (Some(ScopeWish { scope, from_environment }), Some(annotated))
                if scope != annotated =>
            {
                let annotation = annotated.annotation().unwrap_or_default();
                let error = ScopeError::Contradiction { annotation, scope, from_environment };
                return Err(SealError::Scope(error));
            }
            (Some(wish), _) => wish.scope,
            (None, annotated) => annotated.unwrap_or(Scope::Strict),
        };
        let is_on = |key| annotations.get(key).is_some_and(|value| value.as_str() == "true");
        if self.secret.name.as_str().is_empty() {
            return Err(SealError::NoName);
        }
        if scope != Scope::ClusterWide && self.namespace().is_empty() {
            return Err(SealError::NoNamespace { scope });
        }
        if is_on(SKIP_OWNER) && !is_on(MANAGED) {
            return Err(SealError::NeverUpdated);
        }
        if self.secret.secret_type.as_str() == SERVICE_ACCOUNT_TOKEN {
            return Err(SealError::ServiceAccountToken);
        }
        if self.secret.data.is_empty() && !allow_empty {
            return Err(SealError::NoData);
        }
        Ok(scope)
    }

    fn namespace(self) -> &'a str {
        self.namespace.map_or("", Namespace::as_str)
    }

    /// About how many bytes the manifest will have.
    fn size(self, certificate: &Certificate) -> usize {
        let modulus = certificate.key.size();
        let text = |value: usize| (OVERHEAD + modulus + value).div_ceil(3) * 4;
        let values = self.secret.data.iter();
        let data: usize = values.map(|(key, value)| key.as_str().len() + text(value.len())).sum();
        let annotations = self.secret.metadata.annotations.values();
        data + annotations.map(|value| value.len()).sum::<usize>()
    }

    /// The warnings about the Secret. Fails if it is too large.
    pub(crate) fn findings(self, certificate: &Certificate) -> Result<Vec<Finding>, SealError> {
        let bytes = self.size(certificate);
        if bytes > SIZE_MAX {
            return Err(SealError::TooLarge { bytes });
        }
        let mut findings = Vec::new();
        if self.secret.immutable {
            findings.push(Finding::new(SealFinding::Immutable));
        }
        if bytes > ANNOTATION_MAX {
            findings.push(Finding::new(SealFinding::Large { bytes }));
        }
        Ok(findings)
    }

    /// Encrypts each value with a session key of its own.
    pub(crate) fn seal(
        self,
        scope: Scope,
        certificate: &Certificate,
        inputs: &Inputs,
    ) -> Result<SealedSecret<'a>, SealError> {
        let label = scope.label(self.namespace(), self.secret.name.as_str());
        let cipher = Cipher::new(&certificate.key, &label);
        let encrypted = self.secret.data.iter().map(|(key, value)| {
            let sealed = cipher.encrypt(value.as_bytes(), inputs).map_err(SealError::Encryption)?;
            Ok((key.as_str(), sealed))
        });
        Ok(SealedSecret { of: self, scope, encrypted: encrypted.collect::<Result<_, _>>()? })
    }
}

/// A sealed Secret: the ciphertexts and what is readable.
#[derive(Debug)]
pub(crate) struct SealedSecret<'a> {
    of: Sealable<'a>,
    scope: Scope,
    encrypted: BTreeMap<&'a str, Vec<u8>>,
}

impl SealedSecret<'_> {
    /// The ciphertexts by their keys.
    pub(crate) fn into_values(self) -> Vec<(String, Vec<u8>)> {
        self.encrypted.into_iter().map(|(key, sealed)| (key.to_owned(), sealed)).collect()
    }

    /// The fields in the order of the Go structs, as kubeseal's JSON has them.
    pub(crate) fn manifest(&self) -> Node<'_> {
        let Self { of: Sealable { secret, namespace, extras }, scope, encrypted } = self;
        let named = namespace.filter(|namespace| !namespace.as_str().is_empty());
        let namespace = || named.map(|namespace| ("namespace", Node::given(&namespace.0)));
        let scope = scope.annotation().map(|key| (key, "true"));
        let mut metadata = vec![("name", Node::given(&secret.name.0))];
        metadata.extend(namespace());
        push_map("annotations", scope.into_iter().collect(), &mut metadata);

        let mut template = vec![("name", Node::given(&secret.name.0))];
        template.extend(extras.generate_name.iter().map(|name| ("generateName", Node::text(name))));
        template.extend(namespace());
        let labels = secret.metadata.labels.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        push_map("labels", labels.collect(), &mut template);
        let annotations = secret.metadata.annotations.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        let kept = annotations.filter(|(key, _)| !LAST_APPLIED.contains(key));
        push_map("annotations", kept.chain(scope).collect(), &mut template);
        if !extras.finalizers.is_empty() {
            let finalizers = extras.finalizers.iter().map(|name| Node::text(name)).collect();
            template.push(("finalizers", Node::List(finalizers)));
        }

        let mut spec = vec![("metadata", map(template))];
        if !secret.secret_type.is_empty() {
            spec.push(("type", Node::given(&secret.secret_type)));
        }
        if secret.immutable {
            spec.push(("immutable", Node::Bool(true)));
        }
        let encrypted = encrypted.iter().map(|(key, text)| (*key, Node::Base64(text))).collect();
        map(vec![
            ("kind", Node::text("SealedSecret")),
            ("apiVersion", Node::text("bitnami.com/v1alpha1")),
            ("metadata", map(metadata)),
            ("spec", map(vec![("template", map(spec)), ("encryptedData", map(encrypted))])),
        ])
    }
}

fn map<'a>(fields: Vec<(&'a str, Node<'a>)>) -> Node<'a> {
    Node::Map(fields.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn push_map<'a>(
    field: &'a str,
    pairs: BTreeMap<&'a str, &'a str>,
    fields: &mut Vec<(&'a str, Node<'a>)>,
) {
    if !pairs.is_empty() {
        let pairs = pairs.into_iter().map(|(key, value)| (key, Node::text(value))).collect();
        fields.push((field, map(pairs)));
    }
}

/// Why a Secret is not sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error("cannot encrypt: {}", system_words(.0))]
    Encryption(io::Error),
    #[error(
        "{SKIP_OWNER} without {MANAGED}: the controller creates the Secret and never updates it"
    )]
    NeverUpdated,
    #[error("the Secret has no value to seal")]
    NoData,
    #[error("a SealedSecret needs a name")]
    NoName,
    #[error("the scope {scope} binds the values to a namespace, and none is given")]
    NoNamespace { scope: Scope },
    #[error(transparent)]
    Scope(ScopeError),
    #[error("the cluster fills a Secret of type {SERVICE_ACCOUNT_TOKEN}: it has nothing to seal")]
    ServiceAccountToken,
    #[error("the SealedSecret would have about {bytes} bytes, and etcd accepts at most {SIZE_MAX}")]
    TooLarge { bytes: usize },
}

impl Fault for SealError {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Encryption(_) => return Vec::new(),
            Self::NeverUpdated => format!("set the annotation {MANAGED}=true, too"),
            Self::NoData => "--allow-empty seals it anyway".to_owned(),
            Self::NoName => "pass NAME, or set metadata.name".to_owned(),
            Self::NoNamespace { .. } => {
                "add -n NAMESPACE; --seal-scope=cluster-wide works in every namespace".to_owned()
            }
            Self::Scope(ScopeError::Contradiction { from_environment: true, .. }) => {
                "pass the scope: --seal-scope=SCOPE".to_owned()
            }
            Self::Scope(ScopeError::Contradiction { .. }) => {
                "leave out --seal-scope, or the annotation".to_owned()
            }
            Self::Scope(ScopeError::Environment { .. }) => {
                "use strict, namespace-wide or cluster-wide".to_owned()
            }
            Self::Scope(ScopeError::Value { annotation }) => {
                format!("use {annotation}=true, or leave it out")
            }
            Self::ServiceAccountToken => "print it without --seal: it has no values".to_owned(),
            Self::TooLarge { .. } => "split it into several Secrets".to_owned(),
        };
        vec![hint]
    }
}
