//! The template that `-o` and `--template` name, as kubectl finds it.

use std::path::PathBuf;

use crate::flags::{self, Given, common};
use crate::print::template::Language;
use crate::sources::{bytes_of, path_of};

/// The formats that take a template, and whether it stands in a file.
const FORMATS: &[(&str, Language, bool)] = &[
    ("jsonpath", Language::JsonPath, false),
    ("jsonpath-as-json", Language::JsonPathAsJson, false),
    ("jsonpath-file", Language::JsonPath, true),
    ("go-template", Language::Go, false),
    ("go-template-file", Language::Go, true),
    ("template", Language::Go, false),
    ("templatefile", Language::Go, true),
];

/// A template that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateFormat {
    pub language: Language,
    /// Its text, or where that is.
    pub source: TemplateSource,
    pub allow_missing_keys: bool,
}

impl TemplateFormat {
    /// The words for the formats that take a template.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|(name, ..)| *name)
    }

    /// Whether what stands behind the `=` of this format is a file.
    pub(crate) fn is_in_file(format: &str) -> bool {
        FORMATS.iter().any(|(name, _, in_file)| *name == format && *in_file)
    }
}

/// Where a template's text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateSource {
    File(PathBuf),
    /// On the command line, as bytes.
    Inline(Vec<u8>),
}

/// A format that takes a template, without one.
pub(super) struct NoTemplate {
    pub(super) format: &'static str,
}

/// Reads a format that takes a template; `None` where `output` is none of them. The template
/// stands behind the `=`, or in `--template`, and then there must be no `=`.
pub(super) fn format(matches: &Given, output: &[u8]) -> Result<Option<TemplateFormat>, NoTemplate> {
    let word = flags::value(matches, &common::TEMPLATE);
    let flag = bytes_of(&word);
    // --template alone is a Go template; beside an empty -o it is nothing.
    let alone = !flag.is_empty() && !flags::is_given(matches, &common::OUTPUT);
    let output = if alone { b"go-template" } else { output };
    let (name, text) = match output.iter().position(|b| *b == b'=') {
        Some(at) if flag.is_empty() => (&output[..at], &output[at + 1..]),
        _ => (output, &*flag),
    };
    let Some((format, language, in_file)) = FORMATS.iter().find(|row| row.0.as_bytes() == name)
    else {
        return Ok(None);
    };
    if text.is_empty() {
        return Err(NoTemplate { format });
    }
    let source = if *in_file {
        TemplateSource::File(path_of(text))
    } else {
        TemplateSource::Inline(text.to_vec())
    };
    let strict = flags::is_given(matches, &common::ALLOW_MISSING_TEMPLATE_KEYS)
        && !flags::is_on(matches, &common::ALLOW_MISSING_TEMPLATE_KEYS);
    Ok(Some(TemplateFormat { language: *language, source, allow_missing_keys: !strict }))
}
