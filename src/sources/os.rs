//! What differs between operating systems: bytes of words and paths, and which open file is which.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};

/// The bytes of a word of the command line or of a variable. On Unix they are what was given; on
/// Windows the text as UTF-8.
pub(crate) fn bytes_of(word: &OsStr) -> Cow<'_, [u8]> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        Cow::Borrowed(word.as_bytes())
    }
    #[cfg(not(unix))]
    match word.to_string_lossy() {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// The bytes of a word or a variable, moved: no second copy of a secret stays behind.
pub(crate) fn into_bytes(word: OsString) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        word.into_vec()
    }
    #[cfg(not(unix))]
    match word.into_string() {
        Ok(text) => text.into_bytes(),
        Err(word) => bytes_of(&word).into_owned(),
    }
}

/// A path from the bytes of a part of a word.
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        Path::new(OsStr::from_bytes(bytes)).to_owned()
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The paths of a list like `PATH`, without empty ones.
pub(crate) fn paths_of(list: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// Whether the path names standard input itself.
pub(super) fn names_stdin(path: &Path) -> bool {
    names_descriptor(path, "stdin", "0")
}

/// Whether the path names an open file of this process, by its name in `/dev` or by its number.
pub(crate) fn names_descriptor(path: &Path, name: &str, number: &str) -> bool {
    const NUMBERED: [&str; 3] = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"];
    let (Some(folder), Some(file)) = (path.parent(), path.file_name()) else { return false };
    cfg!(unix)
        && ((file == number && NUMBERED.iter().any(|numbered| folder == Path::new(numbered)))
            || (file == name && folder == Path::new("/dev")))
}

/// What tells one pipe from another, where the path is a link to an open file (`/dev/fd/63`, as a
/// shell's process substitution makes it): reading such a one twice would give nothing the second
/// time. A named pipe in a folder is not meant: its writer may well write twice.
pub(super) fn pipe_identity(path: &Path, metadata: &Metadata) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
        let kind = metadata.file_type();
        let pipe = kind.is_fifo() || kind.is_socket();
        (pipe && path.is_symlink()).then(|| (metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, metadata);
        None
    }
}

/// Whether a file can be executed by anyone.
pub(super) fn is_executable(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        !metadata.is_dir() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    metadata.is_file()
}

/// Standard input as a file of its own, so that its kind can be asked and nothing is buffered.
pub(super) fn stdin_file() -> std::io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let stdin = std::io::stdin();
        Ok(File::from(stdin.as_fd().try_clone_to_owned()?))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle as _;
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        let stdin = std::io::stdin();
        Ok(File::from(stdin.as_handle().try_clone_to_owned()?))
    }
}

/// A word of the command line from its bytes.
pub(crate) fn word_of(bytes: Vec<u8>) -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        OsString::from_vec(bytes)
    }
    #[cfg(not(unix))]
    OsString::from(String::from_utf8_lossy(&bytes).into_owned())
}
