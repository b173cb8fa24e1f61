//! The outside world as one value: files, standard input, environment, clock, randomness.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fs::{File, FileType, Metadata};
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::terminal::{self, PromptError, Question};
use super::{into_bytes, os, shown_path};
use crate::buffer::WipedBuffer;
use crate::secret::Value;

/// How much one source may hold, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit(pub u64);

impl Limit {
    /// What an API server takes in all the values of a Secret together.
    pub(crate) const API_SERVER: Self = Self(1 << 20);
    /// Where the API server's limit is not asked for: still an end.
    pub(crate) const LOOSE: Self = Self(64 << 20);
}

/// The outside world. Tests give it fixed answers for clock, randomness and environment.
pub(crate) struct Inputs {
    limit: Limit,
    now: fn() -> Timestamp,
    random: fn(&mut [u8]) -> io::Result<()>,
    variable: fn(&OsStr) -> Option<OsString>,
    variable_names: fn() -> Vec<OsString>,
    /// Standard input and pipes that were read: they give nothing a second time.
    taken: RefCell<Vec<Taken>>,
}

#[derive(PartialEq, Eq)]
enum Taken {
    Stdin,
    Pipe((u64, u64)),
}

/// What a symbolic link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkTarget {
    File,
    Missing,
    /// A directory, a pipe, a device, or what cannot be told.
    Else,
}

impl Inputs {
    pub(crate) fn system(limit: Limit) -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        Self {
            limit,
            now: Timestamp::now,
            random: |bytes| getrandom::fill(bytes).map_err(io::Error::other),
            variable: |name| std::env::var_os(name),
            variable_names: || {
                let mut names: Vec<_> = std::env::vars_os().map(|(name, _)| name).collect();
                names.sort();
                names
            },
            taken: RefCell::default(),
        }
    }

    /// A world with a fixed clock, a known sequence for randomness, and no environment.
    #[cfg(test)]
    pub(crate) fn fixed() -> Self {
        Self {
            limit: Limit::API_SERVER,
            now: || Timestamp::UNIX_EPOCH,
            random: |bytes| {
                bytes.iter_mut().zip(0u8..=255).for_each(|(byte, i)| *byte = i);
                Ok(())
            },
            variable: |_| None,
            variable_names: Vec::new,
            taken: RefCell::default(),
        }
    }

    /// The same with these variables.
    #[cfg(test)]
    pub(crate) fn with_variables(variable: fn(&OsStr) -> Option<OsString>) -> Self {
        Self { variable, ..Self::fixed() }
    }

    /// The time by the system's clock.
    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Fills `bytes` from the system's random source.
    pub(crate) fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        (self.random)(bytes)
    }

    /// A variable of the environment.
    pub(crate) fn variable(&self, name: &OsStr) -> Option<OsString> {
        (self.variable)(name)
    }

    /// The names of the environment's variables, sorted.
    pub(crate) fn variable_names(&self) -> Vec<OsString> {
        (self.variable_names)()
    }

    /// A variable that holds a secret, as a value that is wiped.
    pub(crate) fn secret_variable(&self, name: &OsStr) -> Option<Value> {
        self.variable(name).map(|value| Value::new(into_bytes(value)))
    }

    /// Whether standard input is a terminal that no source has read: a program that we start may
    /// ask its user there.
    pub(crate) fn has_free_terminal(&self) -> bool {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let terminal = io::stdin().is_terminal();
        terminal && !self.taken.borrow().contains(&Taken::Stdin)
    }

    /// Whether standard input is a pipe or a file, so that something is to be read from it.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn has_piped_stdin(&self) -> bool {
        #[cfg(unix)]
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        {
            rustix::fs::fstat(io::stdin()).is_ok_and(|stat| {
                let kind = rustix::fs::FileType::from_raw_mode(stat.st_mode);
                kind.is_fifo() || kind.is_file()
            })
        }
        #[cfg(not(unix))]
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        {
            !io::stdin().is_terminal()
        }
    }

    /// Whether the user can be asked for what the command line lacks: standard input, which no
    /// source has read, and standard error are terminals, and the variable `CI` is unset or empty.
    pub(crate) fn is_interactive(&self) -> bool {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let messages_are_seen = io::stderr().is_terminal();
        let is_ci = self.variable(OsStr::new("CI")).is_some_and(|value| !value.is_empty());
        messages_are_seen && !is_ci && self.has_free_terminal()
    }

    /// Asks whoever sits at the terminal, unseen.
    pub(crate) fn ask(&self, question: &Question<'_>) -> Result<Value, PromptError> {
        terminal::ask(question, usize::try_from(self.limit.0).unwrap_or(usize::MAX))
    }

    /// Lets whoever takes Ctrl-C from now on decide what it does. Without a call, Ctrl-C ends the
    /// program, also after a question was asked.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn leave_interrupts(&self) {
        terminal::leave_interrupts();
    }

    pub(crate) fn home(&self) -> Option<PathBuf> {
        let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        self.variable(OsStr::new(variable)).filter(|home| !home.is_empty()).map(PathBuf::from)
    }

    /// Reads a regular file, and nothing else: whoever only looks around may neither wait at a
    /// pipe nor take what is in it.
    pub(crate) fn read_regular(&self, path: &Path) -> Option<Value> {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let metadata = std::fs::metadata(path).ok()?;
        if metadata.is_file() && !os::names_stdin(path) { self.read(path).ok() } else { None }
    }

    /// Whether a file gives its bytes without being waited for and then ends: a regular file, the
    /// null device, a pipe that the caller has opened for us. A folder does not fail before it is
    /// read.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn gives_bytes(&self, path: &Path) -> Result<bool, ReadError> {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let metadata = std::fs::metadata(path).map_err(|e| ReadError::new(path, e))?;
        Ok(metadata.is_file()
            || metadata.is_dir()
            || path == Path::new("/dev/null")
            || os::names_stdin(path)
            || os::pipe_identity(path, &metadata).is_some())
    }

    /// Whether the path leads to a folder. An error says why nothing can be said.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn is_folder(&self, path: &Path) -> Result<bool, ReadError> {
        if os::names_stdin(path) {
            return Ok(false);
        }
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let metadata = std::fs::metadata(path);
        metadata.map(|m| m.is_dir()).map_err(|e| ReadError::new(path, e))
    }

    /// The absolute path without symbolic links.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn real_path(&self, path: &Path) -> Result<PathBuf, ReadError> {
        std::fs::canonicalize(path).map_err(|e| ReadError::new(path, e))
    }

    /// What a symbolic link leads to.
    pub(super) fn target(link: &Path) -> LinkTarget {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        match std::fs::metadata(link) {
            Ok(metadata) if metadata.is_file() => LinkTarget::File,
            Err(error) if error.kind() == io::ErrorKind::NotFound => LinkTarget::Missing,
            _ => LinkTarget::Else,
        }
    }

    /// The names and kinds of a folder's entries, sorted by name; links are not followed.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn list(&self, path: &Path) -> Result<Vec<(OsString, FileType)>, ReadError> {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let folder = std::fs::read_dir(path);
        let listed: io::Result<Vec<_>> = folder.and_then(|entries| {
            entries.map(|e| e.and_then(|e| Ok((e.file_name(), e.file_type()?)))).collect()
        });
        let mut entries = listed.map_err(|e| ReadError::new(path, e))?;
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(entries)
    }

    /// Reads a file, whole, within the limit. Standard input under one of its names is opened
    /// like any file where it is a regular file, and taken otherwise.
    pub(crate) fn read(&self, path: &Path) -> Result<Value, ReadError> {
        self.read_within(path, self.limit)
    }

    /// Reads a file as [`Self::read`] does, within another limit.
    pub(crate) fn read_within(&self, path: &Path, limit: Limit) -> Result<Value, ReadError> {
        let fail = |e| ReadError::new(path, e);
        if os::names_stdin(path) {
            let stdin = os::stdin_file().map_err(fail)?;
            let metadata = stdin.metadata().map_err(fail)?;
            if !metadata.is_file() {
                self.take(Taken::Stdin, path)?;
                return Self::read_open(stdin, &metadata, path, limit);
            }
        }
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let file = File::open(path).map_err(fail)?;
        let metadata = file.metadata().map_err(fail)?;
        if let Some(pipe) = os::pipe_identity(path, &metadata) {
            self.take(Taken::Pipe(pipe), path)?;
        }
        Self::read_open(file, &metadata, path, limit)
    }

    /// Reads standard input, whole, within the limit. Where it is a regular file that is as good
    /// as its path, and every time gives it whole; anything else is taken once.
    pub(crate) fn read_stdin(&self) -> Result<Value, ReadError> {
        let path = Path::new("/dev/stdin");
        if os::names_stdin(path) {
            return self.read(path);
        }
        let fail = |e| ReadError::new(path, e);
        let stdin = os::stdin_file().map_err(fail)?;
        let metadata = stdin.metadata().map_err(fail)?;
        self.take(Taken::Stdin, path)?;
        Self::read_open(stdin, &metadata, path, self.limit)
    }

    fn take(&self, what: Taken, path: &Path) -> Result<(), ReadError> {
        let mut taken = self.taken.borrow_mut();
        if taken.contains(&what) {
            return Err(ReadError { path: path.to_owned(), kind: ReadErrorKind::TakenTwice });
        }
        taken.push(what);
        Ok(())
    }

    fn read_open(
        mut file: File,
        metadata: &Metadata,
        path: &Path,
        limit: Limit,
    ) -> Result<Value, ReadError> {
        let fail = |kind| ReadError { path: path.to_owned(), kind };
        if metadata.is_dir() {
            return Err(fail(ReadErrorKind::IsFolder));
        }
        let too_large = || fail(ReadErrorKind::TooLarge { limit: limit.0 });
        let size = if metadata.is_file() { metadata.len() } else { 0 };
        if size > limit.0 {
            return Err(too_large());
        }
        // One byte more than is expected, so that the end is seen without a second buffer.
        let capacity = usize::try_from(size).unwrap_or(0).max(4095) + 1;
        let mut buffer = WipedBuffer::with_capacity(capacity);
        while buffer.read_from(&mut file).map_err(|e| ReadError::new(path, e))? > 0 {
            if buffer.len() as u64 > limit.0 {
                return Err(too_large());
            }
        }
        Ok(Value::from(buffer.finish()))
    }
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {kind}", shown_path(path))]
pub(crate) struct ReadError {
    /// The path as it was given.
    pub path: PathBuf,
    pub kind: ReadErrorKind,
}

impl ReadError {
    fn new(path: &Path, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::IsADirectory => ReadErrorKind::IsFolder,
            _ => ReadErrorKind::Io(source),
        };
        Self { path: path.to_owned(), kind }
    }
}

/// What went wrong with a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadErrorKind {
    #[error("{}", system_words(.0))]
    Io(io::Error),
    #[error("is a directory")]
    IsFolder,
    /// Standard input or another pipe was read before; a second reading would give nothing.
    #[error("it was already read, and a pipe can be read only once")]
    TakenTwice,
    #[error("it is longer than {limit} bytes")]
    TooLarge {
        /// The most bytes that are taken.
        limit: u64,
    },
}

/// The operating system's words for an error, in kubectl's form: lower case, without the number.
pub(crate) fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    let mut letters = text.split(" (os error").next().unwrap_or_default().chars();
    letters.next().map(|c| c.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
