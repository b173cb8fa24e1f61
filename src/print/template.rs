//! kubectl's templates under one roof: what `-o go-template`, `-o jsonpath` and their kin print.

use super::document::Document;
use super::{go_template, jsonpath};
use crate::hints::Fault;
use crate::secret::manifest::Node;

/// The language of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Go,
    JsonPath,
    /// kubectl's JSONPath, with the results as a JSON list.
    JsonPathAsJson,
}

/// A parsed template with its text, which messages show: it is no secret.
pub(crate) struct Template {
    text: String,
    program: Program,
}

enum Program {
    Go(go_template::Template),
    JsonPath { template: jsonpath::Template, as_json: bool },
}

impl Template {
    /// Parses a template. With `allow_missing_keys` a key that is not there prints as nothing or
    /// `<no value>`, without it is an error.
    pub(crate) fn parse(
        language: Language,
        text: &str,
        allow_missing_keys: bool,
    ) -> Result<Self, TemplateError> {
        let program = match language {
            Language::Go => {
                // The name that kubectl gives it, which Go's messages show.
                let template = go_template::Template::parse("output", text).map_err(|error| {
                    TemplateError::ParseGo { text: text.to_owned(), error: Box::new(error) }
                })?;
                Program::Go(template.allow_missing_keys(allow_missing_keys))
            }
            Language::JsonPath | Language::JsonPathAsJson => {
                let mut template = jsonpath::Template::parse(text)
                    .map_err(|error| TemplateError::ParsePath { text: text.to_owned(), error })?;
                template.allow_missing_keys(allow_missing_keys);
                let as_json = language == Language::JsonPathAsJson;
                Program::JsonPath { template, as_json }
            }
        };
        Ok(Self { text: text.to_owned(), program })
    }

    /// Appends what the template makes of the manifest. On an error `out` holds a part of it,
    /// which is to be thrown away.
    pub(crate) fn execute(
        &self,
        manifest: &Node<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), TemplateError> {
        let document = Document::from(manifest);
        match &self.program {
            Program::Go(template) => template.execute(&document, out).map_err(|error| {
                TemplateError::ExecuteGo { text: self.text.clone(), error: Box::new(error) }
            }),
            Program::JsonPath { template, as_json } => {
                let result = if *as_json {
                    template.execute_as_json(&document, out)
                } else {
                    template.execute(&document, out)
                };
                result
                    .map_err(|error| TemplateError::ExecutePath { text: self.text.clone(), error })
            }
        }
    }
}

/// Why a template printed nothing, in kubectl's words, without the object that kubectl shows.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    /// A Go template failed on the manifest.
    #[error("cannot execute template {text:?}: {error}")]
    ExecuteGo { text: String, error: Box<go_template::ExecError> },
    #[error("cannot execute jsonpath {text:?}: {error}")]
    ExecutePath { text: String, error: jsonpath::ExecError },
    /// A Go template that is none.
    #[error("cannot parse template {text}: {error}")]
    ParseGo { text: String, error: Box<go_template::ParseError> },
    #[error("cannot parse jsonpath {text}: {error}")]
    ParsePath { text: String, error: jsonpath::ParseError },
}

impl Fault for TemplateError {}
