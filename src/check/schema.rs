//! From the tree of a manifest to a Secret, as the API server decodes it with
//! `fieldValidation=Strict`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use zeroize::Zeroizing;

use crate::golang::base64::{self, Padding};
use crate::manifest::{Content, Node, Pair, Span, Style};
use crate::secret::{DataKey, Namespace, Secret, SecretBuilder, SecretName, Value};
use crate::shown;
use crate::similar::nearest;
use crate::validate::{Finding, Place, Rule, Severity};

use super::fault::{Base64Fault, LooksLike, ManifestFault};

/// A finding on a manifest, with its place in the file.
#[derive(Debug)]
pub(super) struct Issue {
    pub span: Span,
    pub severity: Severity,
    /// The field, where the rule's words do not say it.
    pub field: Option<Place>,
    pub rule: Box<dyn Rule>,
    pub repair: Option<RepairKind>,
}

/// How what is wrong in a manifest itself can be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RepairKind {
    /// By the padding of base64.
    Pad,
    /// By quotes around a plain scalar.
    Quote,
}

impl Issue {
    pub(super) fn new(span: Span, rule: impl Rule + 'static) -> Self {
        Self { span, severity: rule.severity(), field: None, rule: Box::new(rule), repair: None }
    }

    /// A finding whose line is not shown.
    pub(super) fn at(line: u32, column: u32, rule: ManifestFault) -> Self {
        Self::new(Span { line, column, start: usize::MAX, end: usize::MAX }, rule)
    }

    /// A finding on the Secret.
    pub(super) fn of(span: Span, finding: Finding) -> Self {
        let Finding { severity, place, rule, .. } = finding;
        Self { span, severity, field: place, rule, repair: None }
    }

    fn at_key(span: Span, key: &str, rule: ManifestFault) -> Self {
        Self { field: Some(Place::Key(key.to_owned())), ..Self::new(span, rule) }
    }
}

/// A field of the API, with what it takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Bool,
    Number,
    Texts,
    Data,
    TextList,
    /// An object with these fields.
    Object(&'static [Field]),
    /// A list of objects with these fields.
    Objects(&'static [Field]),
    Any,
}

type Field = (&'static str, Takes);

/// The fields of `Secret` in `k8s.io/api/core/v1`.
const SECRET: &[Field] = &[
    ("apiVersion", Takes::Text),
    ("kind", Takes::Text),
    ("metadata", Takes::Object(METADATA)),
    ("data", Takes::Data),
    ("stringData", Takes::Texts),
    ("type", Takes::Text),
    ("immutable", Takes::Bool),
];
/// The fields of `ObjectMeta` in `k8s.io/apimachinery/pkg/apis/meta/v1`.
const METADATA: &[Field] = &[
    ("name", Takes::Text),
    ("namespace", Takes::Text),
    ("labels", Takes::Texts),
    ("annotations", Takes::Texts),
    ("generateName", Takes::Text),
    ("creationTimestamp", Takes::Text),
    ("deletionGracePeriodSeconds", Takes::Number),
    ("deletionTimestamp", Takes::Text),
    ("finalizers", Takes::TextList),
    ("generation", Takes::Number),
    ("managedFields", Takes::Objects(MANAGED_FIELDS)),
    ("ownerReferences", Takes::Objects(OWNER)),
    ("resourceVersion", Takes::Text),
    ("selfLink", Takes::Text),
    ("uid", Takes::Text),
];
const OWNER: &[Field] = &[
    ("apiVersion", Takes::Text),
    ("kind", Takes::Text),
    ("name", Takes::Text),
    ("uid", Takes::Text),
    ("controller", Takes::Bool),
    ("blockOwnerDeletion", Takes::Bool),
];
const MANAGED_FIELDS: &[Field] = &[
    ("manager", Takes::Text),
    ("operation", Takes::Text),
    ("apiVersion", Takes::Text),
    ("time", Takes::Text),
    ("fieldsType", Takes::Text),
    ("fieldsV1", Takes::Any),
    ("subresource", Takes::Text),
];

/// Where a manifest comes from.
#[derive(Clone, Copy)]
pub(super) struct Source {
    /// Whether a boolean is one because it was written as one.
    pub is_json: bool,
    /// Whether only its list says that it is a Secret.
    pub is_implied: bool,
    /// Whether it is an object of a cluster.
    pub is_live: bool,
}

/// Decodes a manifest whose kind is Secret. What cannot be decoded is left out of the Secret, and is
/// in `issues`.
pub(super) fn decode(root: &Node<'_>, source: Source, issues: &mut Vec<Issue>) -> Secret {
    Decoder { is_json: source.is_json, issues }.object(root, SECRET, Path::Top);
    let metadata = root.get("metadata");
    let text = |node: Option<&Node<'_>>| node.and_then(Node::text).unwrap_or_default().to_owned();
    let field = |name: &str| text(metadata.and_then(|metadata| metadata.get(name)));
    let mut name = field("name");
    if name.is_empty() {
        name = field("generateName");
        // The server's suffix comes behind it.
        if name.len() > 1 && name.ends_with('-') {
            name.replace_range(name.len() - 1.., "a");
        }
    }
    let mut builder = SecretBuilder::new(SecretName::new(&name), text(root.get("type")).as_str())
        .namespace(Some(field("namespace")).filter(|n| !n.is_empty()).map(|n| Namespace::new(&n)));
    let pairs = |field: &str| {
        metadata.and_then(|metadata| metadata.get(field)).map_or(&[][..], Node::pairs)
    };
    for Pair { key, value, .. } in pairs("annotations") {
        builder.annotate(key, value.text().unwrap_or_default());
    }
    let string_data = root.get("stringData").map_or(&[][..], Node::pairs);
    // Of a repeated key the last is used: it is added first, and the others not at all.
    for pair in string_data.iter().rev() {
        let Some(key) = data_key(pair, issues) else { continue };
        let value = match &pair.value.content {
            Content::Text(text) => Value::new(text.as_bytes().to_vec()),
            Content::Null => Value::new(Vec::new()),
            _ => continue,
        };
        drop(builder.add(key, value));
    }
    let data = root.get("data").map_or(&[][..], Node::pairs);
    for pair in data.iter().rev() {
        let Some(key) = data_key(pair, issues) else { continue };
        let text = match &pair.value.content {
            Content::Text(text) => text.as_bytes(),
            Content::Null => &[],
            _ => continue,
        };
        let value = match base64::decode(text, Padding::Required) {
            Ok(value) => Value::from(value),
            Err(offset) => {
                let fault = Base64Fault { offset, looks_like: looks_like(text) };
                let span = offset_span(&pair.value, offset, pair);
                let repair = (fault.looks_like == LooksLike::Unpadded).then_some(RepairKind::Pad);
                let issue = Issue::at_key(span, &pair.key, ManifestFault::Base64(fault));
                issues.push(Issue { repair, ..issue });
                continue;
            }
        };
        if builder.add(key, value).is_err() && string_data.iter().any(|own| own.key == pair.key) {
            issues.push(Issue::at_key(pair.key_span, &pair.key, ManifestFault::TwoValues));
        }
    }
    let mut secret = builder.build();
    for Pair { key, value, .. } in pairs("labels") {
        let value = value.text().unwrap_or_default().to_owned();
        secret.metadata.labels.insert(key.to_string(), value);
    }
    secret.immutable =
        root.get("immutable").is_some_and(|node| matches!(node.content, Content::Bool(true)));
    top_level(root, source, issues);
    secret
}

/// What the API server asks of the fields that a [`Secret`] does not have.
fn top_level(root: &Node<'_>, source: Source, issues: &mut Vec<Issue>) {
    match root.get("apiVersion").map(|node| (node, node.text())) {
        Some((_, Some("v1"))) => {}
        Some((node, Some(given))) => {
            let given = Some(given.to_owned());
            issues.push(Issue::new(node.span, ManifestFault::ApiVersion { given }));
        }
        // Of another type, which has been found.
        Some((node, None)) if !matches!(node.content, Content::Null) => {}
        None if source.is_implied => {}
        _ => {
            let span = root.pair("kind").map_or(root.span, |pair| pair.key_span);
            issues.push(Issue::new(span, ManifestFault::ApiVersion { given: None }));
        }
    }
    let metadata = root.get("metadata");
    let get = |field| metadata.and_then(|metadata| metadata.get(field));
    let is_set = |field| get(field).and_then(Node::text).is_some_and(|text| !text.is_empty());
    let is_other = |field| {
        get(field).is_some_and(|node| !matches!(node.content, Content::Null | Content::Text(_)))
    };
    if !["name", "generateName"].into_iter().any(|field| is_set(field) || is_other(field)) {
        let span =
            root.pair("metadata").or(root.pair("kind")).map_or(root.span, |pair| pair.key_span);
        issues.push(Issue::new(span, ManifestFault::NameMissing));
    }
    if let Some(node) =
        get("resourceVersion").filter(|_| is_set("resourceVersion") && !source.is_live)
    {
        issues.push(Issue::new(node.span, ManifestFault::ResourceVersion));
    }
    for (i, owner) in get("ownerReferences").map_or(&[][..], Node::elements).iter().enumerate() {
        for field in ["apiVersion", "kind", "name", "uid"] {
            let is_there =
                owner.get(field).and_then(Node::text).is_some_and(|text| !text.is_empty());
            if !is_there && matches!(owner.content, Content::Map(_)) {
                let path = format!("metadata.ownerReferences[{i}].{field}");
                issues.push(Issue::new(owner.span, ManifestFault::Owner { path }));
            }
        }
    }
}

fn data_key(pair: &Pair<'_>, issues: &mut Vec<Issue>) -> Option<DataKey> {
    match DataKey::parse(&pair.key) {
        Ok(key) => Some(key),
        Err(error) => {
            issues.push(Issue::at_key(pair.key_span, &pair.key, ManifestFault::DataKey { error }));
            None
        }
    }
}

/// The place of a byte of a value: exact where the value is written as it is read.
pub(super) fn offset_span(node: &Node<'_>, offset: usize, pair: &Pair<'_>) -> Span {
    let span = node.span;
    let quote = match node.style {
        Style::Plain | Style::Flow => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        // Its lines are indented.
        Style::Literal | Style::Folded => return pair.key_span,
    };
    let is_literal =
        node.text().is_some_and(|text| span.end - span.start == text.len() + 2 * quote);
    if !is_literal {
        return span;
    }
    let column = u32::try_from(offset + quote).unwrap_or(u32::MAX);
    Span { column: span.column.saturating_add(column), ..span }
}

/// What a text is that is not base64.
pub(super) fn looks_like(text: &[u8]) -> LooksLike {
    if text.starts_with(b"ENC[") {
        return LooksLike::Sops;
    }
    let is_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let without_blanks = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    let packed = Zeroizing::new(without_blanks.collect::<Vec<u8>>());
    let is_printable = |bytes: &[u8]| {
        std::str::from_utf8(bytes)
            .is_ok_and(|text| text.chars().all(|c| !c.is_control() || c.is_whitespace()))
    };
    if text.iter().any(is_blank)
        && let Ok(decoded) = base64::decode(&packed, Padding::Required)
        && (packed.len() >= 16 || is_printable(&decoded))
    {
        return LooksLike::Blanks;
    }
    if packed.iter().copied().all(is_alphabet)
        && let Ok(decoded) = base64::decode(text, Padding::Absent)
        && (is_printable(&decoded) || text.len() >= 40)
    {
        return LooksLike::Unpadded;
    }
    let standard = packed.iter().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    });
    let standard = Zeroizing::new(standard.collect::<Vec<u8>>());
    let is_url_safe = packed.len() >= 16 && packed.iter().any(|byte| matches!(byte, b'-' | b'_'));
    if is_url_safe
        && let Ok(decoded) = base64::decode(&standard, Padding::Required)
        && (is_printable(&decoded) || packed.len() >= 40)
    {
        return LooksLike::UrlSafe;
    }
    if is_printable(text) { LooksLike::PlainText } else { LooksLike::Damaged }
}

/// The path of a field.
#[derive(Clone, Copy)]
enum Path<'p> {
    Top,
    Field(&'p Self, &'p str),
    Element(&'p Self, usize),
    /// What is under a key that a user chooses.
    Entry(&'p Self, &'p str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => f.write_str("the document"),
            Self::Field(Self::Top, name) => f.write_str(name),
            Self::Field(above, name) => write!(f, "{above}.{name}"),
            Self::Element(above, index) => write!(f, "{above}[{index}]"),
            Self::Entry(Self::Top, key) => shown::Key(key).fmt(f),
            Self::Entry(
                above @ Self::Field(_, "data" | "stringData" | "labels" | "annotations"),
                key,
            ) => write!(f, "{above}[{}]", shown::Key(key)),
            Self::Entry(above, key) => write!(f, "{above}.{}", shown::Key(key)),
        }
    }
}

struct Decoder<'i> {
    /// Whether a boolean is one because it was written as one.
    is_json: bool,
    issues: &'i mut Vec<Issue>,
}

impl Decoder<'_> {
    fn object(&mut self, node: &Node<'_>, fields: &'static [Field], path: Path<'_>) {
        let pairs = match &node.content {
            Content::Map(pairs) => pairs,
            Content::Null => return,
            _ => return self.wrong_type(node, path, "an object"),
        };
        self.duplicates(pairs, path);
        for Pair { key, key_span, value, .. } in pairs {
            if let Some((name, takes)) = fields.iter().find(|(name, _)| *name == &**key) {
                self.field(value, *takes, Path::Field(&path, name));
            } else {
                let names = fields.iter().map(|(name, _)| *name);
                let same = names.clone().find(|name| name.eq_ignore_ascii_case(key));
                let meant = same.or_else(|| nearest(key, names));
                let near = meant.map(|name| Path::Field(&path, name).to_string());
                let path = Path::Entry(&path, key).to_string();
                self.issues.push(Issue::new(*key_span, ManifestFault::UnknownField { path, near }));
            }
        }
    }

    fn field(&mut self, node: &Node<'_>, takes: Takes, path: Path<'_>) {
        let is_null = matches!(node.content, Content::Null);
        match takes {
            Takes::Any => {}
            _ if is_null => {}
            Takes::Bool if matches!(node.content, Content::Bool(_)) => {}
            Takes::Bool => self.wrong_type(node, path, "true or false"),
            Takes::Number if matches!(node.content, Content::Number(_)) => {}
            Takes::Number => self.wrong_type(node, path, "a number"),
            Takes::Text => self.text(node, path),
            Takes::Texts | Takes::Data => {
                let Content::Map(pairs) = &node.content else {
                    return self.wrong_type(node, path, "an object");
                };
                self.duplicates(pairs, path);
                for Pair { key, value, .. } in pairs {
                    self.text(value, Path::Entry(&path, key));
                }
            }
            Takes::Object(fields) => self.object(node, fields, path),
            Takes::TextList | Takes::Objects(_) => {
                let Content::List(elements) = &node.content else {
                    return self.wrong_type(node, path, "a list");
                };
                for (i, element) in elements.iter().enumerate() {
                    let path = Path::Element(&path, i);
                    match takes {
                        Takes::Objects(fields) => self.object(element, fields, path),
                        _ => self.text(element, path),
                    }
                }
            }
        }
    }

    fn text(&mut self, node: &Node<'_>, path: Path<'_>) {
        match node.content {
            Content::Null | Content::Text(_) => {}
            Content::Bool(_) | Content::Number(_) | Content::Infinite
                if node.style == Style::Plain && !self.is_json =>
            {
                let fault = ManifestFault::NotText { path: path.to_string(), got: node.shape() };
                let repair = Some(RepairKind::Quote);
                self.issues.push(Issue { repair, ..Issue::new(node.span, fault) });
            }
            _ => self.wrong_type(node, path, "a string"),
        }
    }

    fn wrong_type(&mut self, node: &Node<'_>, path: Path<'_>, wanted: &'static str) {
        let fault = ManifestFault::WrongType { path: path.to_string(), got: node.shape(), wanted };
        self.issues.push(Issue::new(node.span, fault));
    }

    /// Keys that are repeated; those that a merge key brings are meant to be overridden.
    fn duplicates(&mut self, pairs: &[Pair<'_>], path: Path<'_>) {
        const FEW: usize = 32;
        let own = || pairs.iter().filter(|pair| !pair.is_merged);
        let mut found = |pair: &Pair<'_>, first: &Pair<'_>| {
            let path = Path::Entry(&path, &pair.key).to_string();
            let fault = ManifestFault::DuplicateField { path, line: first.key_span.line };
            self.issues.push(Issue::new(pair.key_span, fault));
        };
        if pairs.len() <= FEW {
            for (i, pair) in own().enumerate() {
                if let Some(first) = own().take(i).find(|first| first.key == pair.key) {
                    found(pair, first);
                }
            }
            return;
        }
        let mut known: HashMap<&str, &Pair<'_>> = HashMap::with_capacity(pairs.len());
        for pair in own() {
            match known.entry(&pair.key) {
                Entry::Occupied(first) => found(pair, first.get()),
                Entry::Vacant(place) => {
                    place.insert(pair);
                }
            }
        }
    }
}
