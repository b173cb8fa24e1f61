//! Which file it is: `--kuberc`, else `KUBERC`, else `.kube/kuberc` in the home folder.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::error::{KubercError, ReadFault};
use crate::secret::Value;
use crate::sources::{Inputs, bytes_of, path_of};

/// A file, and whether the user asked for it.
pub(super) struct Location {
    pub(super) path: PathBuf,
    pub(super) is_explicit: bool,
}

/// `None` if `KUBERC` is `off`.
pub(super) fn find(words: &[OsString], inputs: &Inputs) -> Result<Option<Location>, KubercError> {
    let flag = flag(words)?;
    let variable = inputs.variable(OsStr::new("KUBERC")).filter(|value| !value.is_empty());
    match (flag, variable) {
        (Some(_), Some(off)) if off == "off" => Err(KubercError::FlagAndOff),
        (Some(path), _) => Ok(Some(Location { path, is_explicit: true })),
        (None, Some(off)) if off == "off" => Ok(None),
        (None, Some(path)) => Ok(Some(Location { path: path.into(), is_explicit: true })),
        (None, None) => {
            // Without a home folder, kubectl looks in the current one.
            let mut path = inputs.home().unwrap_or_default();
            path.push(".kube/kuberc");
            Ok(Some(Location { path, is_explicit: false }))
        }
    }
}

/// The file that the words name. kubectl looks for the flag before it parses any: in every word up
/// to `--`, also in one that is another flag's value, and what follows a second `=` is lost.
fn flag(words: &[OsString]) -> Result<Option<PathBuf>, KubercError> {
    const FLAG: &[u8] = b"--kuberc=";
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let word = bytes_of(word);
        let path = match &*word {
            b"--" => break,
            b"--kuberc" => bytes_of(words.next().ok_or(KubercError::NoFile)?),
            word if word.windows(FLAG.len()).any(|part| part == FLAG) => {
                let path = word.split(|b| *b == b'=').nth(1).unwrap_or_default();
                if path.is_empty() {
                    return Err(KubercError::NoFile);
                }
                path.to_owned().into()
            }
            _ => continue,
        };
        return Ok(Some(path_of(&path)).filter(|path| !path.as_os_str().is_empty()));
    }
    Ok(None)
}

/// Reads the file. A named pipe would have to be waited for, and a device has no end.
pub(super) fn read(path: &Path, inputs: &Inputs) -> Result<Value, ReadFault> {
    if !inputs.gives_bytes(path)? {
        return Err(ReadFault::NotRegular);
    }
    Ok(inputs.read(path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static [&'static str], Result<Option<&'static str>, ()>);

    #[test]
    fn the_flag_as_kubectl_looks_for_it() {
        let rows: &[Row] = &[
            (&[], Ok(None)),
            (&["generic", "x"], Ok(None)),
            (&["--kuberc=a"], Ok(Some("a"))),
            (&["--kuberc", "a", "--kuberc=b"], Ok(Some("a"))),
            (&["--kuberc", "--kuberc=b"], Ok(Some("--kuberc=b"))),
            (&["--kuberc=a=b"], Ok(Some("a"))),
            (&["--from-literal=k=--kuberc=a"], Ok(Some("k"))),
            (&["--from-literal", "k=--kuberc=a"], Ok(Some("--kuberc"))),
            (&["--kuberc", ""], Ok(None)),
            (&["--", "--kuberc=a"], Ok(None)),
            (&["--kuberc="], Err(())),
            (&["--kuberc"], Err(())),
        ];
        for (words, want) in rows {
            let words: Vec<_> = words.iter().map(OsString::from).collect();
            let found = flag(&words).map_err(drop);
            assert_eq!(found, want.map(|path| path.map(PathBuf::from)), "{words:?}");
        }
    }
}
