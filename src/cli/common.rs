//! The flags that every secret type has, as typed values.

use std::collections::BTreeMap;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::rules::{AllowError, ConsumerError};
use super::template::{self, NoTemplate, TemplateFormat};
use crate::consumers::Consumer;
use crate::flags::{self, Flag, Given, Single, common, global, seal};
use crate::golang;
use crate::secret::{Metadata, Namespace, PairError, Text, parse_pair};
use crate::shown;
use crate::sources::{Origin, bytes_of};
use crate::validate::RuleInfo;
use common::BARE_DRY_RUN;

/// The values of these flags.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Common {
    /// `-n`, unless it is empty.
    pub namespace: Option<Namespace>,
    pub dry_run: DryRun,
    pub format: Format,
    pub output_file: Option<PathBuf>,
    pub validate: Validate,
    pub metadata: Metadata,
    pub allow_empty: bool,
    /// Rules whose warnings are not wanted.
    pub allowed: Vec<&'static RuleInfo>,
    /// The readers that the Secret is for.
    pub consumers: Vec<&'static Consumer>,
    pub immutable: bool,
    pub string_data: bool,
    pub append_hash: bool,
    pub save_config: bool,
    pub warnings_as_errors: bool,
    /// Forms that kubectl calls deprecated.
    pub deprecated: Option<Deprecated>,
    /// Flags that do something in kubectl and nothing here.
    pub without_effect: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DryRun {
    /// The Secret is printed; no cluster is asked.
    Client,
    None,
    /// The cluster is asked what it would do.
    Server,
}

/// A form of `--dry-run` that kubectl calls deprecated, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Deprecated {
    #[error("--dry-run is deprecated and can be replaced with --dry-run=client")]
    Bare,
    #[error(
        "--dry-run={value} is deprecated (boolean value) and can be replaced with --dry-run={instead}"
    )]
    Boolean { value: String, instead: &'static str },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Kyaml,
    Name,
    Result,
    /// What a template makes of it.
    Template(TemplateFormat),
    Yaml,
}

/// What happens with a Secret that an API server would refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validate {
    /// It is taken in silence.
    Ignore,
    Strict,
    /// It is taken with a warning.
    Warn,
}

impl Common {
    pub(super) fn from_flags(matches: &Given) -> Result<Self, CommonError> {
        let (dry_run, deprecated) = dry_run(matches)?;
        let format = format(matches)?;
        let namespace = Text::from_bytes(&bytes_of(&flags::value(matches, &global::NAMESPACE)));
        let is_on = |flag| flags::is_on(matches, flag);
        Ok(Self {
            namespace: (!namespace.is_empty()).then_some(Namespace(namespace)),
            dry_run,
            output_file: output_file(matches, &format)?,
            format,
            validate: validate(matches)?,
            metadata: Metadata {
                labels: labels(matches)?,
                annotations: annotations(matches)?
                    .into_iter()
                    .map(|(k, v)| (k, Zeroizing::new(v)))
                    .collect(),
            },
            allow_empty: is_on(&common::ALLOW_EMPTY),
            allowed: super::rules::allowed(matches).map_err(CommonError::Allow)?,
            consumers: super::rules::consumers(matches).map_err(CommonError::Consumer)?,
            immutable: is_on(&common::IMMUTABLE),
            string_data: is_on(&common::STRING_DATA),
            append_hash: is_on(&common::APPEND_HASH),
            save_config: is_on(&common::SAVE_CONFIG),
            warnings_as_errors: is_on(&global::WARNINGS_AS_ERRORS),
            deprecated,
            without_effect: super::cluster_flags::without_effect(matches),
        })
    }
}

fn text(matches: &Given, flag: &Flag<Single>) -> Option<String> {
    flags::given(matches, flag).map(|value| golang::utf8::lossy(&bytes_of(&value)).into_owned())
}

fn dry_run(matches: &Given) -> Result<(DryRun, Option<Deprecated>), CommonError> {
    let Some(value) = text(matches, &common::DRY_RUN) else {
        let is_printed = seal::is_asked(matches);
        return Ok((if is_printed { DryRun::Client } else { DryRun::None }, None));
    };
    let boolean = |dry_run, instead| {
        Ok((dry_run, Some(Deprecated::Boolean { value: value.clone(), instead })))
    };
    match (value.as_str(), golang::bools::parse_bool(&value)) {
        ("client", _) => Ok((DryRun::Client, None)),
        ("server", _) => Ok((DryRun::Server, None)),
        ("none", _) => Ok((DryRun::None, None)),
        (BARE_DRY_RUN, _) => Ok((DryRun::Client, Some(Deprecated::Bare))),
        (_, Ok(true)) => boolean(DryRun::Client, "client"),
        (_, Ok(false)) => boolean(DryRun::None, "none"),
        (_, Err(_)) => Err(CommonError::DryRun { value }),
    }
}

fn format(matches: &Given) -> Result<Format, CommonError> {
    let word = flags::value(matches, &common::OUTPUT);
    let output = bytes_of(&word);
    let template = template::format(matches, &output)
        .map_err(|NoTemplate { format }| CommonError::NoTemplate { format })?;
    if let Some(template) = template {
        return Ok(Format::Template(template));
    }
    let format = golang::utf8::lossy(&output);
    match format.to_ascii_lowercase().as_str() {
        "" if seal::is_asked(matches) => Ok(Format::Yaml),
        "" => Ok(Format::Result),
        "json" => Ok(Format::Json),
        "kyaml" => Ok(Format::Kyaml),
        "name" => Ok(Format::Name),
        "yaml" => Ok(Format::Yaml),
        _ => Err(CommonError::Format { format: format.into_owned() }),
    }
}

fn output_file(matches: &Given, format: &Format) -> Result<Option<PathBuf>, CommonError> {
    let Some(path) = flags::given(matches, &common::OUTPUT_FILE) else { return Ok(None) };
    if path.is_empty() {
        return Err(CommonError::NoOutputFile);
    }
    match format {
        Format::Result => Err(CommonError::OutputFileAlone),
        _ => Ok(Some(path.into())),
    }
}

pub(super) fn validate(matches: &Given) -> Result<Validate, CommonError> {
    let value = text(matches, &common::VALIDATE).unwrap_or_else(|| "strict".to_owned());
    match (value.as_str(), golang::bools::parse_bool(&value)) {
        ("strict", _) | (_, Ok(true)) => Ok(Validate::Strict),
        ("warn", _) => Ok(Validate::Warn),
        ("ignore", _) | (_, Ok(false)) => Ok(Validate::Ignore),
        (_, Err(_)) => Err(CommonError::Validate { value }),
    }
}

fn labels(matches: &Given) -> Result<BTreeMap<String, String>, CommonError> {
    let mut labels = BTreeMap::new();
    for (i, value) in flags::values(matches, &common::LABELS).enumerate() {
        let value =
            value.to_str().ok_or(CommonError::NotText { flag: common::LABELS.name, nth: i + 1 })?;
        for pair in value.split(',').filter(|pair| !pair.is_empty()) {
            add_pair(pair, common::LABELS.name, i + 1, &mut labels)?;
        }
    }
    Ok(labels)
}

fn annotations(matches: &Given) -> Result<BTreeMap<String, String>, CommonError> {
    let mut annotations = BTreeMap::new();
    for (i, value) in flags::values(matches, &common::ANNOTATIONS).enumerate() {
        let pair = value
            .to_str()
            .ok_or(CommonError::NotText { flag: common::ANNOTATIONS.name, nth: i + 1 })?;
        add_pair(pair, common::ANNOTATIONS.name, i + 1, &mut annotations)?;
    }
    Ok(annotations)
}

fn add_pair(
    pair: &str,
    flag: &'static str,
    nth: usize,
    pairs: &mut BTreeMap<String, String>,
) -> Result<(), CommonError> {
    let (key, value) = parse_pair(pair).map_err(|error| CommonError::Pair {
        flag,
        nth,
        len: pair.len(),
        error,
    })?;
    if pairs.insert(key.to_owned(), value.to_owned()).is_some() {
        return Err(CommonError::PairTwice { flag, key: key.to_owned() });
    }
    Ok(())
}

/// What is wrong with one of these flags, in kubectl's words where kubectl has it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommonError {
    /// `--dry-run` of an unknown kind.
    #[error(
        "Invalid dry-run value {}. Must be \"none\", \"server\", or \"client\".",
        shown::Quoted(value)
    )]
    DryRun { value: String },
    #[error("{0}")]
    Allow(AllowError),
    #[error("{0}")]
    Consumer(ConsumerError),
    /// `-o` of an unknown kind.
    #[error(
        "unable to match a printer suitable for the output format {}, allowed formats are: \
         json,kyaml,name,yaml,{}",
        shown::Quoted(format),
        TemplateFormat::names().collect::<Vec<_>>().join(",")
    )]
    Format { format: String },
    #[error("{} is not UTF-8 text", Origin::flag(flag, *nth))]
    NotText { flag: &'static str, nth: usize },
    /// A label or annotation without a key or a `=`.
    #[error("{}: expected KEY=VALUE, but {error} {}", Origin::flag(flag, *nth), shown::Hidden(*len))]
    Pair {
        flag: &'static str,
        nth: usize,
        /// The length in bytes.
        len: usize,
        error: PairError,
    },
    #[error("--{flag} names the key {} twice", shown::Quoted(key))]
    PairTwice { flag: &'static str, key: String },
    #[error("--output-file: the path is empty")]
    NoOutputFile,
    #[error("--output-file needs -o")]
    OutputFileAlone,
    #[error("template format specified but no template given")]
    NoTemplate { format: &'static str },
    /// `--validate` of an unknown kind.
    #[error(
        "invalid - validate option {}; must be one of: strict (or true), warn, ignore (or false)",
        shown::Quoted(value)
    )]
    Validate { value: String },
}
