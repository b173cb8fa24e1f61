//! What is wrong, and what to do about it: every error and finding of the rooms below becomes an
//! [`Error`] here. No message and no hint holds a value.

mod run_fault;
mod run_flags;

pub(crate) use run_fault::RunFault;
pub(crate) use run_flags::RunFlags;

use std::fmt;
use std::io;

use crate::hints::Fault;
use crate::sources::system_words;
use crate::ui::Ui;
use crate::validate::Finding;

#[derive(Debug)]
pub(crate) struct Error {
    kind: Content,
    hints: Vec<String>,
}

#[derive(Debug)]
enum Content {
    Fault(Box<dyn Fault>),
    Finding(Box<Finding>),
    /// Several, each with its hints.
    Many(Vec<Error>),
    Output(io::Error),
    Shown,
}

impl Error {
    /// What an API server would reject or people regret, in a Secret of that name and namespace.
    pub(crate) fn found(finding: Finding, name: &str, namespace: Option<&str>) -> Self {
        let hints = finding.hints(name, namespace);
        Self { kind: Content::Finding(Box::new(finding)), hints }
    }

    /// A failure whose message has been shown.
    pub(crate) fn shown() -> Self {
        Self { kind: Content::Shown, hints: Vec::new() }
    }

    /// All rejections as one error; none is none.
    pub(crate) fn all(rejections: impl Iterator<Item = Self>) -> Result<(), Self> {
        let rejections: Vec<_> = rejections.collect();
        if rejections.is_empty() {
            return Ok(());
        }
        let hints = vec!["--validate=ignore prints it anyway".to_owned()];
        Err(Self { kind: Content::Many(rejections), hints })
    }

    /// The same, with hints whose commands repeat flags of this run.
    #[must_use]
    pub(crate) fn with_flags(mut self, flags: &RunFlags) -> Self {
        for hint in &mut self.hints {
            *hint = flags.fill(hint);
        }
        if let Content::Many(errors) = &mut self.kind {
            *errors = std::mem::take(errors).into_iter().map(|e| e.with_flags(flags)).collect();
        }
        self
    }

    /// Says it as an error, then what to do.
    pub(crate) fn show(&self, ui: &Ui) {
        match &self.kind {
            Content::Shown => {}
            Content::Many(errors) => errors.iter().for_each(|error| error.show(ui)),
            _ => ui.error(self),
        }
        self.say_hints(ui);
    }

    /// Says it as a warning, then what to do.
    pub(crate) fn show_as_warning(&self, ui: &Ui) {
        ui.warning(self);
        self.say_hints(ui);
    }

    fn say_hints(&self, ui: &Ui) {
        // What marks are left belong to a run whose flags are not known.
        let flags = RunFlags::default();
        self.hints.iter().for_each(|hint| ui.hint(&flags.fill(hint)));
    }

    /// Whether nobody reads the output any more, which is no mistake to talk about.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(&self.kind, Content::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Whether output was to be written: a part of it may be.
    pub(crate) fn is_of_output(&self) -> bool {
        matches!(&self.kind, Content::Output(_))
    }

    /// Whether a passphrase is missing.
    pub(crate) fn lacks_passphrase(&self) -> bool {
        matches!(&self.kind, Content::Fault(fault) if fault.lacks_passphrase())
    }
}

impl fmt::Display for Error {
    /// What is wrong, without what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Content::Fault(fault) => fault.fmt(f),
            Content::Finding(finding) => finding.fmt(f),
            Content::Many(_) => f.write_str("several rejections"),
            Content::Output(error) => {
                write!(f, "cannot write to standard output: {}", system_words(error))
            }
            Content::Shown => f.write_str("the failures have been shown"),
        }
    }
}

impl From<io::Error> for Error {
    /// Standard output is all that is written without an error of its own.
    fn from(error: io::Error) -> Self {
        Self { kind: Content::Output(error), hints: Vec::new() }
    }
}

impl<F: Fault + 'static> From<F> for Error {
    fn from(fault: F) -> Self {
        Self { hints: fault.hints(), kind: Content::Fault(Box::new(fault)) }
    }
}
