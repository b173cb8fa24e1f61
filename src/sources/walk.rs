//! The files of directories, as ripgrep finds them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use zeroize::Zeroizing;

use crate::buffer::WipedBuffer;

/// Which files of directories are found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WalkOptions {
    /// Also those whose name begins with a point, and those in such directories.
    pub hidden: bool,
    /// Also those that `.gitignore`, `.ignore` and git's own settings exclude.
    pub no_ignore: bool,
    /// The extensions, without the point.
    pub extensions: &'static [&'static str],
}

/// A file or a directory that cannot be read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub path: PathBuf,
    pub error: io::Error,
}

/// The files that `paths` name: those that are files, whatever their name, and those in directories,
/// sorted by their names. Symbolic links in directories are not followed.
pub(crate) fn files(
    paths: &[OsString],
    options: WalkOptions,
) -> impl Iterator<Item = Result<PathBuf, Unreadable>> {
    let paths: Vec<_> = paths.iter().map(PathBuf::from).collect();
    paths.into_iter().flat_map(move |path| {
        let walk = WalkBuilder::new(&path)
            .hidden(!options.hidden)
            .ignore(!options.no_ignore)
            .git_ignore(!options.no_ignore)
            .git_global(!options.no_ignore)
            .git_exclude(!options.no_ignore)
            .parents(!options.no_ignore)
            .sort_by_file_name(Ord::cmp)
            .build();
        walk.filter_map(move |entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return Some(Err(unreadable(&error, &path))),
            };
            let is_wanted = match entry.file_type() {
                Some(kind) if kind.is_dir() => false,
                _ if entry.depth() == 0 => true,
                Some(kind) => kind.is_file() && has_extension(entry.path(), options.extensions),
                None => false,
            };
            is_wanted.then(|| Ok(without_here(entry.into_path())))
        })
    })
}

/// The path as it is shown: without a `./` that nobody wrote.
fn without_here(path: PathBuf) -> PathBuf {
    path.strip_prefix("./").map(Path::to_owned).unwrap_or(path)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let own = path.extension().and_then(|own| own.to_str());
    own.is_some_and(|own| extensions.iter().any(|known| own.eq_ignore_ascii_case(known)))
}

fn unreadable(error: &ignore::Error, root: &Path) -> Unreadable {
    let mut path = root.to_owned();
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path: own, err } => {
                path.clone_from(own);
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner = err;
            }
            _ => break,
        }
    }
    // The walk wraps what the system says in words of its own.
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    let of_system = fs::metadata(&path).and_then(|_| fs::read_dir(&path).map(drop)).err();
    let error = of_system.unwrap_or_else(|| io::Error::other("it cannot be listed"));
    Unreadable { path: without_here(path), error }
}

/// A path below the current directory as seen from there; any other as it is.
pub(crate) fn below_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok());
    below.unwrap_or_else(|| path.to_owned())
}

/// The bytes of a whole file, which are wiped.
pub(crate) fn read_whole(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    let mut file = File::open(path)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    // One byte more, so that the end is found without a larger buffer.
    let room = usize::try_from(size).unwrap_or_default().saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bytes of standard input, which are wiped.
pub(crate) fn read_stdin() -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = WipedBuffer::with_capacity(64 << 10);
    #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
    let mut stdin = io::stdin().lock();
    while bytes.read_from(&mut stdin)? > 0 {}
    Ok(bytes.into())
}
