//! Where the bytes of a run go: to standard output as they come, or into a file at the end.

use zeroize::Zeroizing;

use crate::error::Error;
use crate::output_file::WritableFile;
use crate::ui::Ui;

/// Takes what a run prints.
pub(crate) enum Sink<'a> {
    Stdout(&'a Ui),
    /// `--output-file`, and what will be in it.
    File(WritableFile, Vec<Zeroizing<Vec<u8>>>),
}

impl Sink<'_> {
    /// Prints the bytes in one write, or keeps them for the file.
    pub(crate) fn put(&mut self, bytes: Zeroizing<Vec<u8>>) -> Result<(), Error> {
        match self {
            Self::Stdout(ui) => ui.result(&bytes)?,
            Self::File(_, parts) => parts.push(bytes),
        }
        Ok(())
    }

    /// Writes the file, now that nothing has failed.
    pub(crate) fn finish(self) -> Result<(), Error> {
        match self {
            Self::Stdout(_) => {}
            Self::File(file, parts) => file.write(&joined(parts))?,
        }
        Ok(())
    }
}

/// All parts in one buffer that never grows and so leaves no copy behind.
pub(super) fn joined(mut parts: Vec<Zeroizing<Vec<u8>>>) -> Zeroizing<Vec<u8>> {
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let mut out = Zeroizing::new(Vec::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in &parts {
        out.extend_from_slice(part);
    }
    out
}
