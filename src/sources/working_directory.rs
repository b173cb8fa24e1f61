//! The working directory.

use std::io;
use std::path::PathBuf;

use super::Inputs;

/// The working directory, by two absolute paths.
#[derive(Debug)]
pub(crate) struct WorkingDirectory {
    /// The path by which the user came to it, as Go's `os.Getwd` finds it: `PWD` if that is the same
    /// directory, so with the symbolic links on the way.
    pub(crate) path: PathBuf,
    /// The path without symbolic links.
    pub(crate) real: PathBuf,
}

impl Inputs {
    pub(crate) fn working_directory(&self) -> io::Result<WorkingDirectory> {
        let real = std::env::current_dir()?;
        let path = self.named_here().unwrap_or_else(|| real.clone());
        Ok(WorkingDirectory { path, real })
    }

    #[cfg(unix)]
    fn named_here(&self) -> Option<PathBuf> {
        use std::os::unix::fs::MetadataExt as _;
        let named = PathBuf::from(self.variable("PWD".as_ref())?);
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let (by_name, here) = (std::fs::metadata(&named).ok()?, std::fs::metadata(".").ok()?);
        let is_same = (by_name.dev(), by_name.ino()) == (here.dev(), here.ino());
        (named.is_absolute() && is_same).then_some(named)
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    fn named_here(&self) -> Option<PathBuf> {
        None
    }
}
