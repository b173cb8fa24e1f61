//! What a Git client takes beside its login, and Secrets of the types for it have: a configuration
//! and a CA.

use std::path::Path;

use super::build::{Build, BuildError, Built};
use crate::flags::{self, Flag};
use crate::secret::Value;
use crate::sources::{Origin, bytes_of, path_of};

const GITCONFIG: &str = "gitconfig";
const CA: &str = "ca";

pub(super) fn flags() -> Vec<Flag> {
    vec![
        flags::text(GITCONFIG, "FILE", "Add a Git configuration as the key .gitconfig"),
        flags::text(CA, "FILE", "Add a CA as the key ca.crt"),
    ]
}

pub(super) fn add(asked: &Build<'_>, built: &mut Built) -> Result<(), BuildError> {
    built.warn_of_empty_flags(asked, &[GITCONFIG, CA]);
    if let Some((config, origin)) = file(asked, GITCONFIG)? {
        built.add_own(asked, b".gitconfig", config, origin)?;
    }
    if let Some((ca, origin)) = file(asked, CA)? {
        built.add(b"ca.crt", ca, origin)?;
    }
    Ok(())
}

/// The file that a flag names, where it is given and not empty.
pub(super) fn file(
    asked: &Build<'_>,
    flag: &'static str,
) -> Result<Option<(Value, Origin)>, BuildError> {
    let path = flags::given(asked.flags, flag).filter(|path| !path.is_empty());
    let Some(path) = path.map(|path| path_of(&bytes_of(&path))) else { return Ok(None) };
    let value = read(asked, flag, &path)?;
    Ok(Some((value, Origin::flag(flag, 1).file(path))))
}

/// Reads what a flag names.
pub(super) fn read(
    asked: &Build<'_>,
    flag: &'static str,
    path: &Path,
) -> Result<Value, BuildError> {
    asked.inputs.read(path).map_err(|error| BuildError::ReadFor { flag, error })
}
