//! What is printed of a Secret: its format, and the template where there is one.

use crate::cli::{Format, TemplateSource};
use crate::error::Error;
use crate::print;
use crate::print::template::Template;
use crate::secret::manifest::Node;
use crate::sources::Inputs;

/// A format that is ready to print: a template has been read and parsed.
pub(super) struct Output {
    pub(super) format: Format,
    template: Option<Template>,
}

impl Output {
    /// Reads the template that was asked for. kubectl does so before anything else, and so do we.
    pub(super) fn new(format: &Format, inputs: &Inputs) -> Result<Self, Error> {
        let template = match format {
            Format::Template(template) => {
                let file;
                let text = match &template.source {
                    TemplateSource::File(path) => {
                        file = inputs.read(path).map_err(Error::template_file)?;
                        file.as_bytes()
                    }
                    TemplateSource::Inline(text) => text,
                };
                let text = std::str::from_utf8(text)
                    .map_err(|e| Error::template_not_text(e.valid_up_to() + 1))?;
                Some(Template::parse(template.language, text, template.allow_missing_keys)?)
            }
            _ => None,
        };
        Ok(Self { format: format.clone(), template })
    }

    /// Whether `---` stands between two documents. KYAML's begin with it.
    pub(super) fn is_parted(&self) -> bool {
        self.format == Format::Yaml
    }

    /// Whether the object is printed, and not a line about it.
    #[cfg(feature = "cluster")]
    pub(super) fn is_object(&self) -> bool {
        !matches!(self.format, Format::Name | Format::Result)
    }

    /// Appends the manifest in this format. The formats of a line have none.
    pub(super) fn document(&self, manifest: &Node<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        if matches!(self.format, Format::Kyaml | Format::Yaml)
            && print::has_control_characters(manifest)
        {
            return Err(Error::control_characters());
        }
        match (&self.format, &self.template) {
            (_, Some(template)) => template.execute(manifest, out)?,
            (Format::Json, _) => print::json::write(manifest, out),
            (Format::Kyaml, _) => print::kyaml::write(manifest, out),
            _ => print::yaml::write(manifest, out),
        }
        Ok(())
    }
}
