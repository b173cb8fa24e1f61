//! A file with a `SealedSecret` that gets other values: only their bytes change.
//!
//! What is changed is found by the positions of the reader of manifests. The result is read again and
//! compared with what was meant, so that an unusual layout is refused and not damaged.

use std::collections::BTreeMap;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::scope::{CLUSTER_WIDE, NAMESPACE_WIDE, Scope, ScopeError};
use super::sealed_secret::SIZE_MAX;
use crate::golang::json::push_string;
use crate::hints::Fault;
use crate::manifest::{self, Content, Document, Documents, Format, Node, Pair, Style};
use crate::print;
use crate::shown;

/// A `SealedSecret` in a file.
#[derive(Debug)]
pub(crate) struct SealedFile<'a> {
    file: &'a [u8],
    document: Document<'a>,
    root: Node<'a>,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) scope: Scope,
}

/// What is put into a file, and what is taken out of it.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// The ciphertexts by their keys.
    pub sealed: Vec<(String, Vec<u8>)>,
    pub removed: Vec<String>,
}

impl Changes {
    fn removes(&self, key: &str) -> bool {
        self.removed.iter().any(|removed| removed == key)
    }
}

impl<'a> SealedFile<'a> {
    /// Finds the `SealedSecret` of that name; `namespace` decides if there are several.
    pub(crate) fn find(
        file: &'a [u8],
        name: &str,
        namespace: Option<&str>,
    ) -> Result<Self, IntoError> {
        let (mut names, mut found) = (Vec::new(), Vec::new());
        for document in Documents::new(file) {
            let document = document.map_err(IntoError::Syntax)?;
            let root = manifest::read(&document, &mut Some).map_err(IntoError::Syntax)?.root;
            if root.get("kind").and_then(Node::text) != Some("SealedSecret") {
                continue;
            }
            let metadata = |field| root.get("metadata").and_then(|node| node.get(field));
            let own = metadata("name").and_then(Node::text).unwrap_or_default().to_owned();
            if own == name {
                let namespace = metadata("namespace").and_then(Node::text).map(str::to_owned);
                let scope = scope_of(metadata("annotations"))?;
                found.push(Self { file, document, root, name: own, namespace, scope });
            } else if !own.is_empty() {
                names.push(own);
            }
        }
        if found.len() > 1 {
            found.retain(|each| namespace.is_some() && each.namespace.as_deref() == namespace);
            if found.len() != 1 {
                return Err(IntoError::Several { name: name.to_owned() });
            }
        }
        found.pop().ok_or_else(|| IntoError::NotFound { name: name.to_owned(), names })
    }

    fn data(&self) -> Option<&Pair<'a>> {
        self.root.get("spec")?.pair("encryptedData")
    }

    /// The file with the changes.
    pub(crate) fn changed(&self, changes: &Changes) -> Result<Vec<u8>, IntoError> {
        let map = self.data().filter(|data| data.value.is_map_or_null());
        let data = map.ok_or(IntoError::NoData)?;
        if let Some(key) = changes.removed.iter().find(|key| data.value.pair(key).is_none()) {
            return Err(IntoError::NoKey { key: key.clone() });
        }
        let kept = data.value.pairs().iter().filter(|pair| !changes.removes(&pair.key));
        if kept.count() == 0 && changes.sealed.is_empty() {
            return Err(IntoError::NothingLeft);
        }
        let mut edits: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
        let mut added = Vec::new();
        for (key, sealed) in &changes.sealed {
            let text = STANDARD.encode(sealed);
            match data.value.pair(key) {
                Some(pair) => {
                    let range = pair.value.span.start..self.end(&pair.value);
                    edits.push((range, self.scalar(&text, &pair.value)));
                }
                None => added.push((key.as_str(), text)),
            }
        }
        let pairs = data.value.pairs();
        match pairs.iter().rposition(|pair| !changes.removes(&pair.key)) {
            // Without an old key that stays, the map is written anew.
            None => edits.push(self.fresh(data, &added)),
            Some(last_kept) => {
                edits.extend(self.removals(&data.value, last_kept, changes));
                if !added.is_empty() {
                    edits.push(self.addition(&data.value, &pairs[last_kept], &added));
                }
            }
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = Vec::with_capacity(self.file.len() + 4096);
        let mut at = 0;
        for (range, text) in edits {
            let before = self.file.get(at..range.start).ok_or(IntoError::Layout)?;
            out.extend_from_slice(before);
            out.extend_from_slice(&text);
            at = range.end;
        }
        out.extend_from_slice(self.file.get(at..).ok_or(IntoError::Layout)?);
        self.verify(&out, changes)?;
        let bytes = (self.document.bytes.len() + out.len()).saturating_sub(self.file.len());
        if bytes > SIZE_MAX { Err(IntoError::TooLarge { bytes }) } else { Ok(out) }
    }

    fn is_json(&self) -> bool {
        self.document.format == Format::Json
    }

    fn line_end(&self) -> &'static [u8] {
        if memchr::memmem::find(self.file, b"\r\n").is_some() { b"\r\n" } else { b"\n" }
    }

    /// Where a value ends: a block before the end of its last line that is not blank.
    fn end(&self, value: &Node<'_>) -> usize {
        let span = value.span;
        match value.style {
            Style::Literal | Style::Folded => {
                let text = self.file.get(span.start..span.end).unwrap_or_default();
                span.start + text.trim_ascii_end().len()
            }
            _ => span.end,
        }
    }

    /// A value in place of another one.
    fn scalar(&self, text: &str, old: &Node<'_>) -> Vec<u8> {
        let mut out = text.as_bytes().to_vec();
        match old.style {
            _ if self.is_json() => out = [b"\"", text.as_bytes(), b"\""].concat(),
            // Nothing may be between the colon and the end of the line.
            Style::Plain if old.span.start == old.span.end => out.insert(0, b' '),
            Style::DoubleQuoted => out = [b"\"", text.as_bytes(), b"\""].concat(),
            Style::SingleQuoted => out = [b"'", text.as_bytes(), b"'"].concat(),
            Style::Plain | Style::Flow | Style::Literal | Style::Folded => {}
        }
        out
    }

    fn pair(&self, (key, value): &(&str, String), out: &mut Vec<u8>) {
        if self.is_json() {
            push_string(key, out);
            out.extend_from_slice(b": \"");
            out.extend_from_slice(value.as_bytes());
            out.push(b'"');
            return;
        }
        print::yaml::push_text(key, None, out);
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
    }

    /// What stands before a key on its line, if that is only white space.
    fn indent(&self, start: usize) -> &'a [u8] {
        let line = memchr::memrchr(b'\n', &self.file[..start]).map_or(0, |end| end + 1);
        let indent = &self.file[line..start];
        if indent.iter().all(|byte| matches!(byte, b' ' | b'\t')) { indent } else { b"" }
    }

    /// The offset of the line end after an offset.
    fn end_of_line(&self, at: usize) -> usize {
        let end = memchr::memchr(b'\n', &self.file[at..]).map_or(self.file.len(), |end| at + end);
        if end > at && self.file[end - 1] == b'\r' { end - 1 } else { end }
    }

    /// New keys after the last one that stays.
    fn addition(
        &self,
        data: &Node<'_>,
        last: &Pair<'_>,
        added: &[(&str, String)],
    ) -> (Range<usize>, Vec<u8>) {
        let (start, end) = (last.key_span.start, self.end(&last.value));
        let indent = self.indent(start);
        let mut out = Vec::new();
        if data.style == Style::Flow || self.is_json() {
            let is_lined = !indent.is_empty();
            for pair in added {
                out.push(b',');
                if is_lined {
                    out.extend_from_slice(self.line_end());
                    out.extend_from_slice(indent);
                } else {
                    out.push(b' ');
                }
                self.pair(pair, &mut out);
            }
            return (end..end, out);
        }
        let at = self.end_of_line(end);
        for pair in added {
            out.extend_from_slice(self.line_end());
            out.extend_from_slice(indent);
            self.pair(pair, &mut out);
        }
        (at..at, out)
    }

    /// The whole map, in place of one that loses all its keys or has none.
    fn fresh(&self, data: &Pair<'_>, added: &[(&str, String)]) -> (Range<usize>, Vec<u8>) {
        let span = data.value.span;
        let mut out = Vec::new();
        let outer = self.indent(data.key_span.start);
        if self.is_json() {
            out.push(b'{');
            for (i, pair) in added.iter().enumerate() {
                out.extend_from_slice(if i > 0 { b",\n" } else { b"\n" });
                out.extend_from_slice(outer);
                out.extend_from_slice(b"  ");
                self.pair(pair, &mut out);
            }
            out.push(b'\n');
            out.extend_from_slice(outer);
            out.push(b'}');
            return (span.start..span.end, out);
        }
        for pair in added {
            out.extend_from_slice(self.line_end());
            out.extend_from_slice(outer);
            out.extend_from_slice(b"  ");
            self.pair(pair, &mut out);
        }
        // From behind the colon, so that no blank is left at the end of the line.
        let colon = memchr::memchr(b':', &self.file[data.key_span.end..]);
        let start = colon.map_or(span.start, |at| data.key_span.end + at + 1);
        let last = data.value.pairs().last();
        let end = match data.value.style {
            Style::Flow => span.end,
            _ => last.map_or(span.end, |pair| self.end(&pair.value)),
        };
        (start..end.max(start), out)
    }

    /// The removed keys with their values, and the lines or the commas that belong to them.
    fn removals(
        &self,
        data: &Node<'_>,
        last_kept: usize,
        changes: &Changes,
    ) -> Vec<(Range<usize>, Vec<u8>)> {
        let pairs = data.pairs();
        let is_flow = data.style == Style::Flow || self.is_json();
        let removed = pairs.iter().enumerate().filter(|(_, pair)| changes.removes(&pair.key));
        if !is_flow {
            return removed.map(|(_, pair)| (self.lines(pair), Vec::new())).collect();
        }
        // In brackets, a key goes with the comma after it; those at the end go with the one before them.
        let (inner, trailing): (Vec<_>, Vec<_>) = removed.partition(|(at, _)| *at < last_kept);
        let mut edits: Vec<_> = inner
            .into_iter()
            .filter_map(|(at, pair)| {
                Some((pair.key_span.start..pairs.get(at + 1)?.key_span.start, Vec::new()))
            })
            .collect();
        if let Some((_, last)) = trailing.last() {
            edits.push((pairs[last_kept].value.span.end..last.value.span.end, Vec::new()));
        }
        edits
    }

    /// The whole lines of a key and its value.
    fn lines(&self, pair: &Pair<'_>) -> Range<usize> {
        let start = pair.key_span.start - self.indent(pair.key_span.start).len();
        let end = self.end(&pair.value);
        let line_end = memchr::memchr(b'\n', &self.file[end..]);
        start..line_end.map_or(self.file.len(), |at| end + at + 1)
    }

    /// Reads the result, which must be what was there but for the changes.
    fn verify(&self, out: &[u8], changes: &Changes) -> Result<(), IntoError> {
        let was = values(self.file)?;
        let is = values(out).map_err(|_| IntoError::Layout)?;
        let result = SealedFile::find(out, &self.name, self.namespace.as_deref())
            .map_err(|_| IntoError::Layout)?;
        let data = result.data().map_or(&[][..], |data| data.value.pairs());
        let text = |key: &str| {
            data.iter().find(|pair| &*pair.key == key).and_then(|pair| pair.value.text())
        };
        let is_sealed = |(key, sealed): &(String, Vec<u8>)| {
            text(key).is_some_and(|text| STANDARD.decode(text).as_ref() == Ok(sealed))
        };
        let is_removed = |key: &String| text(key).is_none();
        // Everything else is as it was, in all documents.
        let others = |values: &[(String, String)]| {
            let mut others = values.to_vec();
            others.retain(|(path, _)| {
                let Some((_, key)) = path.split_once("/spec/encryptedData/") else { return true };
                let is_changed = changes.sealed.iter().any(|(changed, _)| changed == key);
                !is_changed && !changes.removes(key)
            });
            others
        };
        let is_right = result.document.format == self.document.format
            && changes.sealed.iter().all(is_sealed)
            && changes.removed.iter().all(is_removed)
            && others(&was) == others(&is);
        if is_right { Ok(()) } else { Err(IntoError::Layout) }
    }
}

/// The scope that annotations ask for. A value that is no text is one that the API server rejects.
fn scope_of(annotations: Option<&Node<'_>>) -> Result<Scope, IntoError> {
    let mut texts = BTreeMap::new();
    for pair in annotations.map_or(&[][..], Node::pairs) {
        let annotation = [CLUSTER_WIDE, NAMESPACE_WIDE].into_iter().find(|key| *pair.key == **key);
        match (pair.value.text(), annotation) {
            (Some(text), _) => {
                texts.insert(pair.key.to_string(), Zeroizing::new(text.to_owned()));
            }
            (None, Some(annotation)) => {
                return Err(IntoError::Scope(ScopeError::Value { annotation }));
            }
            (None, None) => {}
        }
    }
    let annotated = Scope::of_annotations(&texts).map_err(IntoError::Scope)?;
    Ok(annotated.unwrap_or(Scope::Strict))
}

/// All scalars of a file with their paths, which begin with the number of the document.
fn values(file: &[u8]) -> Result<Vec<(String, String)>, IntoError> {
    fn add(node: &Node<'_>, path: String, values: &mut Vec<(String, String)>) {
        let text = match &node.content {
            Content::List(elements) => {
                for (i, element) in elements.iter().enumerate() {
                    add(element, format!("{path}/{i}"), values);
                }
                return;
            }
            Content::Map(pairs) if !pairs.is_empty() => {
                for pair in pairs {
                    add(&pair.value, format!("{path}/{}", &*pair.key), values);
                }
                return;
            }
            // An empty map may have been filled.
            Content::Map(_) | Content::Null => return,
            Content::Bool(value) => value.to_string(),
            Content::Number(text) | Content::Text(text) => text.to_string(),
            Content::Infinite => String::new(),
        };
        values.push((path, text));
    }
    let mut values = Vec::new();
    for (i, document) in Documents::new(file).enumerate() {
        let document = document.map_err(IntoError::Syntax)?;
        let tree = manifest::read(&document, &mut Some).map_err(IntoError::Syntax)?;
        add(&tree.root, i.to_string(), &mut values);
    }
    Ok(values)
}

/// Why a file is left as it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntoError {
    #[error("the SealedSecret is written in a way that mksecret cannot change")]
    Layout,
    #[error("the SealedSecret has no spec.encryptedData")]
    NoData,
    #[error("--remove-key: the SealedSecret has no key {}", shown::Key(key))]
    NoKey { key: String },
    #[error("the file has no SealedSecret {}{}", shown::Quoted(name), others(names))]
    NotFound { name: String, names: Vec<String> },
    #[error("--remove-key would remove the last key")]
    NothingLeft,
    #[error("{0}")]
    Scope(ScopeError),
    #[error("the file has several SealedSecrets {}", shown::Quoted(name))]
    Several { name: String },
    #[error("the SealedSecret would have {bytes} bytes, and etcd takes at most {SIZE_MAX}")]
    TooLarge { bytes: usize },
    #[error("the file does not parse: {} on line {}, column {}", .0.reason, .0.line, .0.column)]
    Syntax(manifest::Fault),
}

fn others(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<_> = names.iter().map(|name| shown::Quoted(name).to_string()).collect();
    format!(" (it has {})", names.join(", "))
}

impl Fault for IntoError {
    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::Layout => "seal the whole Secret again: mksecret seal FILE".to_owned(),
            Self::NoData => "seal a new one with --seal".to_owned(),
            Self::NothingLeft => "delete the SealedSecret, or put other keys into it".to_owned(),
            Self::NotFound { names, .. } if !names.is_empty() => {
                "NAME must be that of the SealedSecret".to_owned()
            }
            Self::NotFound { .. } => "create one with --seal".to_owned(),
            Self::Several { .. } => "name the namespace: -n NAMESPACE".to_owned(),
            Self::TooLarge { .. } => "split it into several Secrets".to_owned(),
            Self::NoKey { .. } | Self::Scope(_) | Self::Syntax(_) => return Vec::new(),
        }]
    }
}
