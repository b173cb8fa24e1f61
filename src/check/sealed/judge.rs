//! What is wrong with a `SealedSecret`.

use super::super::fault::Base64Fault;
use super::super::locate::value_span;
use super::super::schema::{Issue, looks_like, offset_span};
use super::super::skipped;
use super::fault::{CiphertextFault, SealedFault};
use super::scope::{
    CLUSTER_WIDE, GROUP, MANAGED, NAMESPACE_WIDE, PATCH, SKIP_OWNER, Scope, is_true, scope_of,
};
use crate::golang::base64::{self, Padding};
use crate::kinds;
use crate::manifest::{Content, Node, Pair};
use crate::secret::{DataKey, SecretBuilder, SecretName, Value};

/// The bytes of the shortest RSA modulus that Go takes, and of one longer than any in use.
const MODULUS: std::ops::RangeInclusive<usize> = 128..=2048;
/// The bytes of the length before the RSA part, and of the tag of AES-GCM at the end.
const LENGTH_AND_TAG: usize = 2 + 16;

/// Holds a manifest whose kind is `SealedSecret` to all rules. One that another program fills in first
/// has no findings.
pub(in crate::check) fn check(root: &Node<'_>) -> Vec<Issue> {
    let version = root.get("apiVersion").and_then(Node::text);
    if !version.is_some_and(|version| version.starts_with(GROUP)) || is_template(root) {
        return Vec::new();
    }
    let spec = root.get("spec");
    let template = spec.and_then(|spec| spec.get("template"));
    let of_template = template.and_then(|template| template.get("metadata"));
    let own = root.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let sealed = Sealed {
        root,
        template,
        of_template,
        own,
        annotations: of_template.and_then(|metadata| metadata.get("annotations")),
        scope: scope_of(own),
    };
    let mut issues = Vec::new();
    sealed.check_scope(&mut issues);
    sealed.check_metadata(&mut issues);
    sealed.check_template(&mut issues);
    match spec.and_then(|spec| spec.pair("encryptedData")) {
        Some(pair) if matches!(pair.value.content, Content::Map(_)) => {
            sealed.check_values(pair, &mut issues);
            sealed.check_secret(pair, &mut issues);
        }
        Some(pair) if !matches!(pair.value.content, Content::Null) => {
            let got = Some(pair.value.shape());
            issues.push(Issue::new(value_span(pair), SealedFault::EncryptedData(got)));
        }
        missing => {
            let near = missing.or_else(|| root.pair("spec")).or_else(|| root.pair("kind"));
            let span = near.map_or(root.span, |pair| pair.key_span);
            issues.push(Issue::new(span, SealedFault::EncryptedData(None)));
        }
    }
    issues
}

/// Whether another program fills something in. The templates of spec.template.data are the
/// controller's own.
fn is_template(root: &Node<'_>) -> bool {
    let has = |node: Option<&Node<'_>>, except: &str| {
        node.map_or(&[][..], Node::pairs)
            .iter()
            .any(|pair| &*pair.key != except && skipped::is_template(&pair.value))
    };
    let spec = root.get("spec");
    let template = spec.and_then(|spec| spec.get("template"));
    has(Some(root), "spec") || has(spec, "template") || has(template, "data")
}

struct Sealed<'s, 'a> {
    root: &'s Node<'a>,
    template: Option<&'s Node<'a>>,
    of_template: Option<&'s Node<'a>>,
    /// The annotations of the `SealedSecret` itself.
    own: Option<&'s Node<'a>>,
    /// The annotations that the Secret gets.
    annotations: Option<&'s Node<'a>>,
    scope: Scope,
}

impl<'a> Sealed<'_, 'a> {
    fn check_scope(&self, issues: &mut Vec<Issue>) {
        let pair = |key: &str| self.own.and_then(|own| own.pair(key));
        for annotation in [CLUSTER_WIDE, NAMESPACE_WIDE] {
            let Some(pair) = pair(annotation) else { continue };
            let got = match &pair.value.content {
                // "false" says what the controller reads.
                Content::Text(text) if matches!(&**text, "true" | "false") => continue,
                Content::Text(_) => None,
                _ => Some(pair.value.shape()),
            };
            let fault = SealedFault::ScopeValue { annotation, got, scope: self.scope };
            issues.push(Issue::new(value_span(pair), fault));
        }
        if is_true(self.own, CLUSTER_WIDE)
            && let Some(narrower) = pair(NAMESPACE_WIDE)
            && is_true(self.own, NAMESPACE_WIDE)
        {
            issues.push(Issue::new(narrower.key_span, SealedFault::TwoScopes));
        }
        if let Some(annotation) = scope_of(self.annotations).annotation()
            && pair(annotation).is_none()
            && let Some(only) = self.annotations.and_then(|map| map.pair(annotation))
        {
            let fault = SealedFault::ScopeInTemplate { annotation, scope: self.scope };
            issues.push(Issue::new(only.key_span, fault));
        }
    }

    fn check_metadata(&self, issues: &mut Vec<Issue>) {
        let metadata = self.root.get("metadata");
        let used = |field: &str| {
            metadata
                .and_then(|metadata| metadata.get(field))
                .and_then(Node::text)
                .filter(|text| !text.is_empty())
        };
        for field in ["name", "namespace"] {
            let Some(used) = used(field) else { continue };
            let Some(pair) = self.of_template.and_then(|metadata| metadata.pair(field)) else {
                continue;
            };
            if pair.value.text().is_some_and(|text| !text.is_empty() && text != used) {
                let used = used.to_owned();
                let fault = SealedFault::TemplateName { field, used, scope: self.scope };
                issues.push(Issue::new(value_span(pair), fault));
            }
        }
        if self.scope != Scope::ClusterWide && used("namespace").is_none() {
            let near = self.root.pair("metadata").or_else(|| self.root.pair("kind"));
            let span = near.map_or(self.root.span, |pair| pair.key_span);
            issues.push(Issue::new(span, SealedFault::NoNamespace(self.scope)));
        }
    }

    fn check_template(&self, issues: &mut Vec<Issue>) {
        let pair = |field: &str| self.template.and_then(|template| template.pair(field));
        // The controller reads the one from the template and the others from the Secret that it
        // has made of it.
        if is_true(self.annotations, SKIP_OWNER)
            && ![MANAGED, PATCH].into_iter().any(|key| is_true(self.annotations, key))
            && let Some(pair) = self.annotations.and_then(|map| map.pair(SKIP_OWNER))
        {
            issues.push(Issue::new(pair.key_span, SealedFault::NeverUpdated));
        }
        if let Some(pair) = pair("immutable")
            && pair.value.content == Content::Bool(true)
        {
            issues.push(Issue::new(value_span(pair), SealedFault::Immutable));
        }
        if let Some(pair) = pair("stringData") {
            issues.push(Issue::new(pair.key_span, SealedFault::StringData));
        }
    }

    fn check_values(&self, data: &Pair<'a>, issues: &mut Vec<Issue>) {
        for pair in data.value.pairs() {
            let key = || pair.key.to_string();
            let Some(text) = pair.value.text() else {
                let fault = SealedFault::NotText { key: key(), got: pair.value.shape() };
                issues.push(Issue::new(value_span(pair), fault));
                continue;
            };
            if let Some(fault) = ciphertext_fault(text) {
                let span = match fault {
                    CiphertextFault::Base64(Base64Fault { offset, .. }) => {
                        offset_span(&pair.value, offset, pair)
                    }
                    _ => value_span(pair),
                };
                let fault = SealedFault::Ciphertext { key: key(), fault, scope: self.scope };
                issues.push(Issue::new(span, fault));
            }
        }
    }

    /// What the API server will say of the Secret.
    fn check_secret(&self, sealed: &Pair<'a>, issues: &mut Vec<Issue>) {
        let templates =
            self.template.and_then(|template| template.get("data")).map_or(&[][..], Node::pairs);
        let sealed_keys = sealed.value.pairs();
        let secret_type = self.template.and_then(|template| template.pair("type"));
        let type_text = secret_type.and_then(|pair| pair.value.text()).unwrap_or_default();
        let mut builder = SecretBuilder::new(SecretName::new("any"), type_text);
        let by_map = [("spec.encryptedData", sealed_keys), ("spec.template.data", templates)];
        for (map, pairs) in by_map {
            for pair in pairs {
                match DataKey::parse(&pair.key) {
                    // A template that is null takes the key out of the Secret.
                    Ok(key) if !has_null(templates, &pair.key) => {
                        // An empty object is what every type takes for a value.
                        drop(builder.add(key, Value::new(b"{}".to_vec())));
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let fault = SealedFault::Key { map, key: pair.key.to_string(), error };
                        issues.push(Issue::new(pair.key_span, fault));
                    }
                }
            }
        }
        if sealed_keys.is_empty() && templates.is_empty() {
            issues.push(Issue::new(sealed.key_span, SealedFault::Empty));
        }
        for pair in templates {
            let is_sealed = sealed_keys.iter().any(|sealed| sealed.key == pair.key);
            let is_text = matches!(pair.value.content, Content::Text(_));
            if is_sealed && is_text && !templates.iter().any(|any| uses(&any.value, &pair.key)) {
                let fault = SealedFault::ReplacedValue { key: pair.key.to_string() };
                issues.push(Issue::new(value_span(pair), fault));
            }
        }
        for Pair { key, value, .. } in self.annotations.map_or(&[][..], Node::pairs) {
            builder.annotate(key, value.text().unwrap_or_default());
        }
        let Some(type_pair) = secret_type else { return };
        for finding in kinds::required(&builder.build()) {
            let fault = SealedFault::TypeKeys(finding.to_string());
            issues.push(Issue::new(value_span(type_pair), fault));
        }
    }
}

fn has_null(templates: &[Pair<'_>], key: &str) -> bool {
    templates.iter().any(|pair| &*pair.key == key && pair.value.content == Content::Null)
}

/// Whether a template uses the value of a key, or may use all values (`{{ range . }}`).
fn uses(template: &Node<'_>, key: &str) -> bool {
    let actions = template.text().unwrap_or_default().split("{{").skip(1);
    let mut bodies = actions.map(|rest| rest.split_once("}}").map_or(rest, |(body, _)| body));
    bodies.any(|body| {
        let bare_dot = |(at, _): (usize, &str)| {
            !body[at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        };
        body.contains(key) || body.match_indices('.').any(bare_dot)
    })
}

/// Why no key can open a value: `HybridDecrypt` of sealed-secrets' `pkg/crypto/crypto.go`.
fn ciphertext_fault(text: &str) -> Option<CiphertextFault> {
    let bytes = match base64::decode(text.as_bytes(), Padding::Required) {
        Ok(bytes) => bytes,
        Err(offset) => {
            let looks_like = looks_like(text.as_bytes());
            return Some(CiphertextFault::Base64(Base64Fault { offset, looks_like }));
        }
    };
    let Some((length, _)) = bytes.split_first_chunk::<2>() else {
        let is_empty = bytes.is_empty();
        return Some(if is_empty { CiphertextFault::Empty } else { CiphertextFault::NoLength });
    };
    let modulus = usize::from(u16::from_be_bytes(*length));
    if !MODULUS.contains(&modulus) || !modulus.is_multiple_of(8) {
        return Some(CiphertextFault::NoLength);
    }
    let min = modulus + LENGTH_AND_TAG;
    (bytes.len() < min).then_some(CiphertextFault::Short { len: bytes.len(), min })
}

#[cfg(test)]
mod tests;
