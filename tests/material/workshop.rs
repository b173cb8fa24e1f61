use std::path::PathBuf;

use crate::harness::Folder;

/// A folder in which openssl's command works.
pub(super) struct Workshop(Folder);

impl Workshop {
    pub(super) fn new() -> Self {
        Self(Folder::new())
    }

    /// Runs openssl with these words, parted by blanks, and gives its stdout.
    #[track_caller]
    pub(super) fn openssl(&self, words: &str) -> Vec<u8> {
        let mut command = self.0.command("openssl");
        let output = command.args(words.split_whitespace()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {words}: {said}");
        output.stdout
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.work().join(name)
    }

    #[track_caller]
    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}
