//! What a Git client takes beside its login, and Secrets of the types for it have: a configuration
//! and a CA.

use std::path::Path;

use super::BuildError;
use super::build::{Build, Built};
use crate::flags::{self, Flag, FlagKind, Single};
use crate::secret::Value;
use crate::sources::{Origin, bytes_of, path_of};

flags::table! {
pub(super) fn flags;

const GITCONFIG: Flag<Single> =
    flags::text("gitconfig", "FILE", "Add a Git configuration as the key .gitconfig")
        .kind(FlagKind::File);
const CA: Flag<Single> =
    flags::text("ca", "FILE", "Add a CA as the key ca.crt").kind(FlagKind::Certificate);
}

pub(super) fn add(asked: &Build<'_>, built: &mut Built) -> Result<(), BuildError> {
    built.warn_of_empty_flags(asked, &[&GITCONFIG, &CA]);
    if let Some((config, origin)) = file(asked, &GITCONFIG)? {
        built.add_own(asked, b".gitconfig", config, origin)?;
    }
    if let Some((ca, origin)) = file(asked, &CA)? {
        built.add(b"ca.crt", ca, origin)?;
    }
    Ok(())
}

/// The file that a flag names, where it is given and not empty.
pub(super) fn file(
    asked: &Build<'_>,
    flag: &Flag<Single>,
) -> Result<Option<(Value, Origin)>, BuildError> {
    let path = flags::given(asked.flags, flag).filter(|path| !path.is_empty());
    let Some(path) = path.map(|path| path_of(&bytes_of(&path))) else { return Ok(None) };
    let value = read(asked, flag, &path)?;
    Ok(Some((value, Origin::flag(flag.name, 1).file(path))))
}

/// Reads what a flag names.
pub(super) fn read(
    asked: &Build<'_>,
    flag: &Flag<Single>,
    path: &Path,
) -> Result<Value, BuildError> {
    asked.inputs.read(path).map_err(|error| BuildError::ReadFor { flag: flag.name, error })
}
