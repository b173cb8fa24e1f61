//! What goes wrong with a run as a whole.

use crate::hints::Fault;
use crate::shown::counted;
use crate::sources::{PromptError, ReadError, shown_path, system_words};
use crate::types::TYPES;

/// Why a run failed, or what users regret of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunFault {
    /// Characters that YAML has no place for, and kubectl fails on.
    #[error("yaml: control characters are not allowed")]
    ControlCharacters,
    #[error("--help and --version cannot be used in mksecret new")]
    NoGuide,
    #[error("{0}")]
    Prompt(PromptError),
    #[error("cannot read standard input: {}", system_words(error))]
    Stdin { error: std::io::Error },
    #[error("cannot read the template {}: {}", shown_path(&.0.path), .0.kind)]
    TemplateFile(ReadError),
    /// A template that is not UTF-8 from that byte on, counted from 1.
    #[error("the template is not UTF-8 text: byte {0} is wrong")]
    TemplateNotText(usize),
    #[error("the value of --{0} is visible in the process list and saved in shell history")]
    ValueInArgv(&'static str),
    #[error("{} with --warnings-as-errors: nothing was done", counted(*.0, "warning"))]
    Warnings(usize),
}

impl Fault for RunFault {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::ControlCharacters => {
                "the type, a label or an annotation has one; -o json can print it".to_owned()
            }
            Self::Prompt(PromptError::NoTerminal) => without_questions(),
            Self::TemplateFile(error) => return error.hints(),
            Self::ValueInArgv("from-base64" | "from-literal") => {
                "use --from-prompt=KEY, --from-stdin=KEY or --from-env=KEY=VARIABLE instead"
                    .to_owned()
            }
            Self::ValueInArgv("certificate-key") => {
                "MKSECRET_QUIET=1 silences this warning".to_owned()
            }
            Self::ValueInArgv(flag) => {
                format!("use --{flag}-prompt, --{flag}-stdin or --{flag}-env=VARIABLE instead")
            }
            Self::Warnings(_) => "leave out --warnings-as-errors to print it anyway".to_owned(),
            Self::NoGuide | Self::Prompt(_) | Self::Stdin { .. } | Self::TemplateNotText(_) => {
                return Vec::new();
            }
        };
        vec![hint]
    }
}

/// What to do where nobody can be asked.
fn without_questions() -> String {
    let names: Vec<_> = TYPES.iter().map(|row| row.name).collect();
    format!("pass a type and its flags, see mksecret TYPE --help: {}", names.join(", "))
}
