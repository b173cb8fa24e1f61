//! What is printed of a Secret and where: its format, its template if it has one, and the file.

use super::sink::Sink;
use crate::cli::{Common, Format, TemplateSource};
use crate::error::{Error, RunFault};
use crate::output_file::OutputFile;
use crate::print;
use crate::print::template::Template;
use crate::secret::manifest::{Node, ValuesIn};
use crate::sources::Inputs;
use crate::ui::Ui;

/// A format that is ready to print: a template has been read and parsed.
pub(crate) struct Output {
    pub format: Format,
    /// The field that has the values.
    pub(super) values_in: ValuesIn,
    template: Option<Template>,
    file: Option<OutputFile>,
}

impl Output {
    /// Reads the template that was asked for. kubectl does so before anything else, and so do we.
    pub(crate) fn new(common: &Common, inputs: &Inputs) -> Result<Self, Error> {
        let template = match &common.format {
            Format::Template(template) => {
                let file;
                let text = match &template.source {
                    TemplateSource::File(path) => {
                        file = inputs.read(path).map_err(RunFault::TemplateFile)?;
                        file.as_bytes()
                    }
                    TemplateSource::Inline(text) => text,
                };
                let text = std::str::from_utf8(text)
                    .map_err(|e| RunFault::TemplateNotText(e.valid_up_to() + 1))?;
                Some(Template::parse(template.language, text, template.allow_missing_keys)?)
            }
            _ => None,
        };
        let file = match &common.output_file {
            Some(path) => OutputFile::find(path)?,
            None => None,
        };
        let values_in = if common.string_data { ValuesIn::StringData } else { ValuesIn::Data };
        Ok(Self { format: common.format.clone(), values_in, template, file })
    }

    /// Opens what takes the bytes, before anything is printed or sent.
    pub(crate) fn open<'a>(&self, ui: &'a Ui) -> Result<Sink<'a>, Error> {
        Ok(match &self.file {
            Some(file) => Sink::File(file.clone().open()?, Vec::new()),
            None => Sink::Stdout(ui),
        })
    }

    /// Whether `---` stands between two documents. KYAML's begin with it.
    pub(crate) fn is_parted(&self) -> bool {
        self.format == Format::Yaml
    }

    /// Appends the manifest in this format. The formats of a line have none.
    pub(crate) fn document(&self, manifest: &Node<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        if matches!(self.format, Format::Kyaml | Format::Yaml)
            && print::has_control_characters(manifest)
        {
            return Err(RunFault::ControlCharacters.into());
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
