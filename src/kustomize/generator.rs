//! `secretGenerator`: Secrets from literals, files and env files.

use std::rc::Rc;

use super::error::{At, BuildError, Fault};
use super::fields::{Pairs as Texts, Shape, Spot};
use super::loader::{Loader, Root};
use super::resource::{Behavior, Resource, SecretType};
use super::value::{Map, Source, Value};
use crate::kinds::OPAQUE;
use crate::manifest::Node;
use crate::sources::parse_literal;

/// A generated Secret, before the options of its file are known.
pub(super) struct Generated {
    pub(super) resource: Resource,
    options: Option<Rc<Options>>,
}

const GENERATOR: Shape = Shape {
    of: "secretGenerator",
    fields: &[
        "name",
        "namespace",
        "behavior",
        "literals",
        "files",
        "envs",
        "env",
        "options",
        "type",
    ],
};

/// `options` of a generator, and `generatorOptions`.
#[derive(Default)]
pub(super) struct Options {
    labels: Texts,
    annotations: Texts,
    disable_hash: bool,
    immutable: bool,
}

const OPTIONS: Shape = Shape {
    of: "the options of generators",
    fields: &["labels", "annotations", "disableNameSuffixHash", "immutable"],
};

impl Options {
    pub(super) fn read(source: &Source<'_>, node: &Node<'_>) -> Result<Self, BuildError> {
        let mut options = Self::default();
        source.object(node, OPTIONS, &mut |name, node| {
            match name {
                "labels" => options.labels = source.pairs(name, node)?,
                "annotations" => options.annotations = source.pairs(name, node)?,
                "disableNameSuffixHash" => options.disable_hash = source.bool(name, node)?,
                _ => options.immutable = source.bool(name, node)?,
            }
            Ok(())
        })?;
        Ok(options)
    }
}

/// Reads a generator and what it names.
pub(super) fn read(
    source: &Source<'_>,
    node: &Node<'_>,
    loader: &Loader<'_>,
    root: &Root,
) -> Result<Generated, BuildError> {
    let at = source.at(node);
    let mut resource = Resource::new(at, "");
    resource.has_hash = true;
    resource.is_generated = true;
    resource.is_marked = true;
    resource.secret_type = SecretType::Opaque;
    let mut options = None;
    let mut namespace = None;
    let mut env = None;
    let (mut envs, mut literals, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let list = |name: &'static str, node: &Node<'_>, parse: Parse, all: &mut Vec<_>| {
        for each in source.list(name, node)? {
            parse(source.spot(name, each)?, loader, root, all)?;
        }
        Ok::<_, BuildError>(())
    };
    source.object(node, GENERATOR, &mut |name, node| {
        match name {
            "name" => resource.name = source.text(name, node)?,
            "namespace" => namespace = Some(source.text(name, node)?),
            "behavior" => {
                resource.behavior = match &*source.text(name, node)? {
                    "merge" => Behavior::Merge,
                    "replace" => Behavior::Replace,
                    // kustomize takes any other text for this.
                    _ => Behavior::Create,
                };
            }
            "type" => {
                let text = source.text(name, node)?;
                if !text.is_empty() && &*text != OPAQUE {
                    resource.secret_type = SecretType::Other(Box::new(Value::text(text)));
                }
            }
            "options" => options = Some(Rc::new(Options::read(source, node)?)),
            "literals" => list(name, node, literal, &mut literals)?,
            "files" => list(name, node, file, &mut files)?,
            "envs" => list(name, node, env_file, &mut envs)?,
            _ => env = Some(source.spot(name, node)?).filter(|env| !env.text.is_empty()),
        }
        Ok(())
    })?;
    if let Some(spot) = env {
        env_file(spot, loader, root, &mut envs)?;
    }
    if resource.name.is_empty() {
        return Err(BuildError::new(at, Fault::NameMissing));
    }
    if let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) {
        resource.set_namespace(&namespace);
    }
    let mut pairs = envs;
    pairs.append(&mut literals);
    pairs.append(&mut files);
    pairs.shrink_to_fit();
    let data = Map::new(pairs)
        .map_err(|key| BuildError::new(at, Fault::RepeatedKey { key: key.to_string() }))?;
    resource.data = Some(Value::Map(data));
    Ok(Generated { resource, options })
}

impl Generated {
    /// The Secret with its options, and those that all generators of the file have. Local labels and
    /// annotations win; what is switched on for all cannot be switched off.
    pub(super) fn finish(self, all: Option<&Rc<Options>>) -> Resource {
        let Self { mut resource, options } = self;
        for options in all.into_iter().chain(options.as_ref()) {
            for (key, value) in &options.labels {
                resource.set_label(key, value);
            }
            for (key, value) in &options.annotations {
                resource.set_annotation(key, value);
            }
            resource.has_hash &= !options.disable_hash;
            if options.immutable {
                resource.fields_mut().insert("immutable", Value::Bool(true));
            }
        }
        resource
    }
}

type Pairs = Vec<(Rc<str>, Value)>;

/// Adds what a source gives.
type Parse = fn(Spot, &Loader<'_>, &Root, &mut Pairs) -> Result<(), BuildError>;

fn literal(
    Spot { text, at }: Spot,
    loader: &Loader<'_>,
    _: &Root,
    all: &mut Pairs,
) -> Result<(), BuildError> {
    let (key, value) = parse_literal(text.as_bytes())
        .map_err(|error| BuildError::new(at, Fault::Literal(error)))?;
    // The first '=' is one byte, so both parts are text.
    let key = str::from_utf8(key).unwrap_or_default();
    push(loader, at, key, Value::bytes(without_quotes(value)), all)
}

/// The buffer of a file has room for as many bytes as a page: what is not much larger is copied.
const COPIED_MAX: usize = 8192;

/// The value without one pair of quotes around it.
fn without_quotes(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        _ => value,
    }
}

fn file(
    Spot { text, at }: Spot,
    loader: &Loader<'_>,
    root: &Root,
    all: &mut Pairs,
) -> Result<(), BuildError> {
    let wrong = || BuildError::new(at, Fault::FileSource { len: text.len() });
    let (key, path) = match text.split_once('=') {
        None => (base_name(&text), &*text),
        Some(("", _) | (_, "")) => return Err(wrong()),
        Some((_, path)) if path.contains('=') => return Err(wrong()),
        Some((key, path)) => (key, path),
    };
    let bytes = loader.read(root, path, at)?;
    if bytes.len() > COPIED_MAX {
        return push(loader, at, key, Value::Base64(bytes.into_boxed()), all);
    }
    push(loader, at, key, Value::bytes(bytes.as_bytes()), all)
}

/// The last part of a path, as Go's `path.Base` has it.
fn base_name(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".",
        "" => "/",
        path => path.rsplit_once('/').map_or(path, |(_, name)| name),
    }
}

fn env_file(
    Spot { text, at }: Spot,
    loader: &Loader<'_>,
    root: &Root,
    all: &mut Pairs,
) -> Result<(), BuildError> {
    let (file, bytes) = loader.read_named(root, &text, at)?;
    for (i, line) in bytes.as_bytes().split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let number = u32::try_from(i + 1).unwrap_or(u32::MAX);
        let at = At { file, line: number, column: 1 };
        let line = str::from_utf8(line)
            .map_err(|_| BuildError::new(at, Fault::EnvNotText { line: i + 1 }))?;
        let line = if i == 0 { line.trim_start_matches('\u{feff}') } else { line }.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        // kustomize ignores a line without a name.
        if !key.is_empty() {
            push(loader, at, key, Value::bytes(value.as_bytes()), all)?;
        }
    }
    Ok(())
}

/// Adds a value, unless kustomize cannot write its key.
fn push(
    loader: &Loader<'_>,
    at: At,
    key: &str,
    value: Value,
    all: &mut Pairs,
) -> Result<(), BuildError> {
    if super::value::is_no_text(key) {
        return Err(BuildError::new(at, Fault::KeyType));
    }
    all.push((loader.key(key), value));
    Ok(())
}
