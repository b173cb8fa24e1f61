//! What is passed over, and counted: other kinds, what is encrypted, and what other programs fill in.

use std::fmt;

use memchr::memmem;

use crate::manifest::{Content, Node};

/// Why a document, or an element of a list, is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skipped {
    /// Not a Secret, or no manifest at all.
    OtherKind,
    /// A part of a manifest that a kustomization puts into another one.
    Patch,
    SealedSecret,
    /// Encrypted by SOPS, as a whole or its values.
    Sops,
    /// Placeholders that a program fills in: Helm, Flux, argocd-vault-plugin, vals.
    Template,
}

impl Skipped {
    /// The word for it in reports that programs read.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::OtherKind => "otherKind",
            Self::Patch => "patch",
            Self::SealedSecret => "sealedSecret",
            Self::Sops => "sops",
            Self::Template => "template",
        }
    }

    pub(super) const ALL: [Self; 5] =
        [Self::SealedSecret, Self::Sops, Self::Template, Self::Patch, Self::OtherKind];
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherKind => "of other kinds",
            Self::Patch => "kustomize patches",
            Self::SealedSecret => "SealedSecrets",
            Self::Sops => "encrypted by SOPS",
            Self::Template => "templates",
        })
    }
}

/// Whether SOPS has encrypted the document: it keeps its own data in the field `sops`.
pub(super) fn is_sops(root: &Node<'_>) -> bool {
    root.get("sops").is_some_and(|sops| {
        ["mac", "version", "lastmodified"].into_iter().any(|field| sops.get(field).is_some())
    })
}

/// Whether a manifest is a patch by its own words (`$patch`, `$retainKeys`, `$setElementOrder/…`).
pub(super) fn is_patch(node: &Node<'_>) -> bool {
    match &node.content {
        Content::Map(pairs) => pairs.iter().any(|pair| {
            pair.key.starts_with('$') && is_directive(&pair.key) || is_patch(&pair.value)
        }),
        Content::List(elements) => elements.iter().any(is_patch),
        _ => false,
    }
}

fn is_directive(key: &str) -> bool {
    ["$patch", "$retainKeys", "$deleteFromPrimitiveList/", "$setElementOrder/"]
        .into_iter()
        .any(|directive| key.starts_with(directive))
}

/// Whether another program fills something in.
pub(super) fn is_template(node: &Node<'_>) -> bool {
    match &node.content {
        Content::Text(text) => has_placeholder(text),
        Content::Map(pairs) => {
            pairs.iter().any(|pair| has_placeholder(&pair.key) || is_template(&pair.value))
        }
        Content::List(elements) => elements.iter().any(is_template),
        _ => false,
    }
}

/// Longer texts are contents: scripts and configuration files have variables of their own.
const PLACEHOLDER_LEN_MAX: usize = 1024;

/// Whether a text of one line has a placeholder: `{{…}}` of Helm and others, `${NAME}` of Flux,
/// `<path:…>` of argocd-vault-plugin, `ref+BACKEND://…` of vals.
fn has_placeholder(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > PLACEHOLDER_LEN_MAX {
        return false;
    }
    // One look at each byte decides for nearly all texts.
    if !bytes.iter().any(|byte| matches!(byte, b'{' | b'<' | b':')) || bytes.contains(&b'\n') {
        return false;
    }
    let find = |needle: &str| memmem::find(bytes, needle.as_bytes());
    let has_braces = find("{{").is_some_and(|at| text[at..].contains("}}"));
    let has_vault = find("<path:").is_some_and(|at| text[at..].contains('>'));
    let has_vals = ["ref+", "secretref+"].into_iter().any(|start| text.starts_with(start))
        && find("://").is_some();
    has_braces || has_vault || has_vals || has_variable(text)
}

/// Whether a text has a variable as Flux replaces it: `${NAME}`, `${NAME:-default}`, `${NAME/a/b}`.
fn has_variable(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("${") {
        let name_end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        if let Some(end) = name_end
            && end > 0
            && !behind.starts_with(|c: char| c.is_ascii_digit())
            && behind[end..].contains('}')
        {
            return true;
        }
        rest = behind;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        let rows = [
            ("{{ .Values.password }}", true),
            ("prefix-{{ x }}", true),
            ("{{ x", false),
            ("${PASSWORD}", true),
            ("a-${cluster_name:=prod}-b", true),
            ("$${PASSWORD}", true),
            ("${1}", false),
            ("${}", false),
            ("${PASSWORD", false),
            ("$PASSWORD", false),
            ("<path:secret/data/db#password>", true),
            ("<path:secret", false),
            ("<password>", false),
            ("ref+vault://secret/db#/password", true),
            ("ref+", false),
            ("https://example.com", false),
            ("#!/bin/sh\necho ${HOME}\n", false),
            ("p{a}ss", false),
        ];
        for (text, want) in rows {
            assert_eq!(has_placeholder(text), want, "{text}");
        }
    }
}
