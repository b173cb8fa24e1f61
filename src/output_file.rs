//! `--output-file`: a file that is replaced whole or not at all.
//!
//! The bytes go into a new file in the same directory, with mode 0600, which is then renamed to the
//! file's name. So the old file stays until the new one is complete, and other programs never see a
//! part of it. A symbolic link is followed first: its target is replaced, the link stays. What is
//! not a regular file, such as a device or a pipe, is opened and written to.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::hints::{Fault, shell_text};
use crate::sources::{
    HeldSignals, bytes_of, is_shown_path, names_descriptor, shell_word, shown_path, system_words,
};

/// The longest chain of links that Linux follows.
const LINKS_MAX: usize = 40;
/// How many names are tried for the temporary file.
const NAMES_MAX: u32 = 100;
/// What the file's owner may do with it; nobody else may do anything.
const MODE: u32 = 0o600;

/// The file, before anything is written.
#[derive(Clone, Debug)]
pub(crate) struct OutputFile {
    /// The path as it was given.
    path: PathBuf,
    target: Target,
}

#[derive(Clone, Debug)]
enum Target {
    /// A regular file, which may not exist yet.
    Regular { path: PathBuf, mode: u32 },
    /// Anything else, and files that another program holds open for mksecret (`/dev/fd/3`).
    Stream(PathBuf),
}

/// The file, known to be writable.
#[derive(Debug)]
pub(crate) struct WritableFile {
    file: OutputFile,
    stream: Option<File>,
}

impl OutputFile {
    /// Finds out what the path leads to; `None` if that is standard output. Fails on what can be
    /// known to fail before the Secret is built.
    pub(crate) fn find(path: &Path) -> Result<Option<Self>, OutputFileError> {
        let fail = |kind| OutputFileError { path: path.to_owned(), kind };
        if path == Path::new("-") {
            return Ok(None);
        }
        #[expect(clippy::disallowed_methods, reason = "the file is written here, not read")]
        let metadata = std::fs::metadata(path);
        let end = end_of_links(path);
        if is_stdout(&end) {
            return Ok(None);
        }
        let target = match metadata {
            Ok(metadata) if metadata.is_dir() => return Err(fail(WriteFault::IsDirectory)),
            Ok(metadata) if metadata.is_file() && !is_descriptor(&end) => {
                // Renaming would replace a file that its owner has made read-only.
                OpenOptions::new().write(true).open(&end).map_err(|e| fail(WriteFault::Open(e)))?;
                Target::Regular { path: end, mode: mode(&metadata) & MODE }
            }
            Ok(_) => Target::Stream(end),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if bytes_of(path.as_os_str()).ends_with(b"/") {
                    return Err(fail(WriteFault::NoDirectory(path.to_owned())));
                }
                let directory = directory_of(&end);
                if !directory.is_dir() {
                    return Err(fail(WriteFault::NoDirectory(directory.to_owned())));
                }
                Target::Regular { path: end, mode: MODE }
            }
            Err(error) => return Err(fail(WriteFault::Open(error))),
        };
        Ok(Some(Self { path: path.to_owned(), target }))
    }

    /// The same, with the mode that the file has.
    pub(crate) fn with_its_mode(mut self) -> Self {
        if let Target::Regular { path, mode: wanted } = &mut self.target {
            #[expect(clippy::disallowed_methods, reason = "the file is written here, not read")]
            let metadata = std::fs::metadata(path);
            *wanted = metadata.map_or(MODE, |metadata| mode(&metadata));
        }
        self
    }

    /// Checks that the file can be written, so that nothing is sent to a cluster whose answer would
    /// have no place. As a shell does for `>`, it waits until another program reads from a pipe.
    pub(crate) fn open(self) -> Result<WritableFile, OutputFileError> {
        let opened = match &self.target {
            Target::Regular { path, mode } => {
                let _held = HeldSignals::begin();
                Temporary::create(directory_of(path), *mode).map(|_| None).map_err(|error| {
                    WriteFault::Directory { directory: directory_of(path).to_owned(), error }
                })
            }
            Target::Stream(path) if path == Path::new("/dev/stderr") => {
                // Opened by its name, a log would get the bytes at a place of their own.
                stderr_file().map(Some).map_err(WriteFault::Open)
            }
            Target::Stream(path) => {
                // Another program's output may be in the file that a descriptor leads to.
                let opened = OpenOptions::new().append(true).open(path);
                opened.map(Some).map_err(WriteFault::Open)
            }
        };
        match opened {
            Ok(stream) => Ok(WritableFile { file: self, stream }),
            Err(kind) => Err(OutputFileError { path: self.path, kind }),
        }
    }
}

impl WritableFile {
    /// The path as it was given.
    pub(crate) fn path(&self) -> &Path {
        &self.file.path
    }

    /// Writes the bytes. After an error, a regular file is what it was before.
    pub(crate) fn write(self, bytes: &[u8]) -> Result<(), OutputFileError> {
        let Self { file: OutputFile { path, target }, stream } = self;
        let written = match (&target, stream) {
            (_, Some(mut stream)) => stream.write_all(bytes).map_err(WriteFault::Write),
            (Target::Regular { path, mode }, None) => replace(path, *mode, bytes),
            (Target::Stream(_), None) => Ok(()),
        };
        written.map_err(|kind| OutputFileError { path, kind })
    }
}

/// Replaces a regular file, or creates it. A signal ends the program before or after that.
fn replace(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), WriteFault> {
    let directory = directory_of(path);
    let _held = HeldSignals::begin();
    let mut temporary = Temporary::create(directory, mode)
        .map_err(|error| WriteFault::Directory { directory: directory.to_owned(), error })?;
    let written = temporary.file.write_all(bytes).and_then(|()| sync(&temporary.file));
    written.and_then(|()| rename(&temporary.path, path)).map_err(WriteFault::Replace)?;
    temporary.is_renamed = true;
    Ok(())
}

/// A file with a name of its own, removed when this is dropped unless it has been renamed.
struct Temporary {
    path: PathBuf,
    file: File,
    is_renamed: bool,
}

impl Temporary {
    fn create(directory: &Path, mode: u32) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, MODE);
        let mut tried = 0;
        loop {
            let path = directory.join(format!(".mksecret-{}-{tried}.tmp", std::process::id()));
            match options.open(&path) {
                Ok(file) => {
                    let temporary = Self { path, file, is_renamed: false };
                    set_mode(&temporary.file, mode)?;
                    return Ok(temporary);
                }
                // Left behind by a process that was killed, or made by one in another container.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < NAMES_MAX => {
                    tried += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_renamed {
            remove(&self.path);
        }
    }
}

/// Standard error as a file of its own.
fn stderr_file() -> io::Result<File> {
    #[expect(clippy::disallowed_methods, reason = "it is an output that the user chose")]
    let stderr = io::stderr();
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        Ok(File::from(stderr.as_fd().try_clone_to_owned()?))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle as _;
        Ok(File::from(stderr.as_handle().try_clone_to_owned()?))
    }
}

/// The path at the end of a chain of links, whether or not something is there.
fn end_of_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS_MAX {
        if is_descriptor(&path) {
            break;
        }
        let Ok(target) = std::fs::read_link(&path) else { break };
        path = directory_of(&path).join(target);
    }
    path
}

/// The directory that holds it.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Whether the path names standard output itself.
fn is_stdout(path: &Path) -> bool {
    names_descriptor(path, "stdout", "1")
}

/// Whether the path names an open file rather than one of a directory.
fn is_descriptor(path: &Path) -> bool {
    if ["/dev/stdin", "/dev/stdout", "/dev/stderr"].iter().any(|name| path == Path::new(name)) {
        return true;
    }
    let directory = directory_of(path);
    directory == Path::new("/dev/fd")
        || (directory.starts_with("/proc") && directory.ends_with("fd"))
}

/// The mode of a file, without its type.
fn mode(metadata: &std::fs::Metadata) -> u32 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        metadata.permissions().mode() & 0o7777
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        MODE
    }
}

// On Linux rustix needs no symbols of the C library, each of which would cost every start of the
// program its look-up.

/// Sets the mode, which the process's umask or an old file may have changed.
#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use rustix::fs::Mode;
    let mut bits = Mode::empty();
    bits.set(Mode::RUSR, mode & 0o400 != 0);
    bits.set(Mode::WUSR, mode & 0o200 != 0);
    Ok(rustix::fs::fchmod(file, bits)?)
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

#[cfg(not(unix))]
fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

#[cfg(unix)]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    Ok(rustix::fs::rename(from, to)?)
}

#[cfg(not(unix))]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)
}

/// Removes a file. What cannot be removed cannot be written either, so it is empty or incomplete.
fn remove(path: &Path) {
    #[cfg(unix)]
    let _ = rustix::fs::unlink(path);
    #[cfg(not(unix))]
    let _ = std::fs::remove_file(path);
}

/// Why the file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {kind}", shown_path(path))]
pub(crate) struct OutputFileError {
    /// The path as it was given.
    pub path: PathBuf,
    pub kind: WriteFault,
}

/// What went wrong with the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteFault {
    /// The temporary file could not be created.
    #[error(
        "{}, when creating a temporary file in {}", system_words(.error), shown_path(.directory)
    )]
    Directory { directory: PathBuf, error: io::Error },
    #[error("it is a directory")]
    IsDirectory,
    #[error("its directory does not exist")]
    NoDirectory(PathBuf),
    #[error("{}", system_words(.0))]
    Open(io::Error),
    /// The new file could not be completed. The old one is unchanged.
    #[error("{}", system_words(.0))]
    Replace(io::Error),
    /// A device or a pipe did not take the bytes.
    #[error("{}", system_words(.0))]
    Write(io::Error),
}

impl Fault for OutputFileError {
    fn hints(&self) -> Vec<String> {
        let path = &self.path;
        match &self.kind {
            WriteFault::Directory { .. } => vec![
                "choose a directory that you can write to, or let the shell write the file: -o yaml > \
                 FILE"
                    .to_owned(),
            ],
            WriteFault::IsDirectory => {
                vec![format!(
                    "name a file in it: --output-file={}",
                    shell_word(&path.join("secret.yaml"))
                )]
            }
            // Its directory is part of the path, or of what a link says.
            WriteFault::NoDirectory(directory) if is_shown_path(path) => {
                vec![format!("mkdir -p {}", shell_text(&directory.to_string_lossy()))]
            }
            WriteFault::NoDirectory(_) => vec!["create the directory first: mkdir -p DIRECTORY".to_owned()],
            WriteFault::Open(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                vec![format!(
                    "choose another file, or make it writable: chmod u+w {}",
                    shell_word(path)
                )]
            }
            WriteFault::Replace(error) if is_full(error.kind()) => {
                vec!["the file is unchanged; df -h shows how much space is left".to_owned()]
            }
            // A file that is mounted by itself, as containers do it.
            WriteFault::Replace(error) if error.kind() == io::ErrorKind::ResourceBusy => vec![
                "the file is unchanged; a file that is a mount point can only be written by the shell: \
                 -o yaml > FILE"
                    .to_owned(),
            ],
            WriteFault::Replace(_) => vec!["the file is unchanged".to_owned()],
            WriteFault::Open(_) | WriteFault::Write(_) => Vec::new(),
        }
    }
}

fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_files_of_the_process() {
        let rows = [
            ("/dev/stdout", true, true),
            ("/dev/fd/1", true, true),
            ("/proc/self/fd/1", true, true),
            ("/dev/stderr", true, false),
            ("/dev/fd/3", true, false),
            ("/proc/17/fd/1", true, false),
            ("/proc/thread-self/fd/12", true, false),
            ("/dev/null", false, false),
            ("/dev/shm/a", false, false),
            ("fd/1", false, false),
            ("dev/stdout", false, false),
        ];
        for (path, descriptor, stdout) in rows {
            assert_eq!(is_descriptor(Path::new(path)), descriptor, "{path}");
            assert_eq!(is_stdout(Path::new(path)), stdout, "{path}");
        }
    }

    #[test]
    fn directories() {
        for (path, want) in [("a", "."), ("a/b", "a"), ("/a", "/"), ("../a", ".."), ("/", ".")] {
            assert_eq!(directory_of(Path::new(path)), Path::new(want), "{path}");
        }
    }
}
