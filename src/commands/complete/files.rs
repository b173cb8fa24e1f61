//! Files and folders whose path begins as typed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Candidate;
use crate::sources::Inputs;

/// Which files are wanted. Folders always are: one may have to be gone through.
#[derive(Clone, Copy)]
pub(super) enum Which {
    All,
    /// Those with one of these endings, and where there is none, all.
    Endings(&'static [&'static str]),
    Folders,
}

/// The paths that begin with `typed`; a folder's ends with a `/`. Hidden ones are left out unless
/// the dot is typed. `at_start` says that the path is a whole word, where shells put the home
/// folder for a tilde.
pub(super) fn matching(
    typed: &str,
    at_start: bool,
    which: Which,
    inputs: &Inputs,
) -> Vec<Candidate> {
    let (folder, name) = match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let Some(path) = real(folder, at_start, inputs) else { return Vec::new() };
    let mut found = Vec::new();
    for (entry, kind) in inputs.list(&path).unwrap_or_default() {
        let Some(text) = entry.to_str().filter(|text| text.starts_with(name)) else { continue };
        if text.starts_with('.') && !name.starts_with('.') {
            continue;
        }
        let is_folder = kind.is_dir()
            || (kind.is_symlink() && inputs.is_folder(&path.join(&entry)).unwrap_or_default());
        let slash = if is_folder { "/" } else { "" };
        found.push((Candidate::new(format!("{folder}{text}{slash}"), ""), is_folder));
    }
    let wanted = |word: &str| match which {
        Which::All => true,
        Which::Endings(endings) => {
            // A file called .env is all ending.
            let ending = Path::new(word)
                .extension()
                .and_then(OsStr::to_str)
                .or_else(|| word.rsplit_once("/.").map(|(_, ending)| ending))
                .or_else(|| word.strip_prefix('.'));
            ending.is_some_and(|ending| endings.iter().any(|e| e.eq_ignore_ascii_case(ending)))
        }
        Which::Folders => false,
    };
    let any = found.iter().any(|(each, is_folder)| !is_folder && wanted(&each.word));
    let all = !any && !matches!(which, Which::Folders);
    found.retain(|(each, is_folder)| *is_folder || all || wanted(&each.word));
    found.into_iter().map(|(each, _)| each).collect()
}

/// The folder that a shell would make of the text.
fn real(folder: &str, at_start: bool, inputs: &Inputs) -> Option<PathBuf> {
    let behind_home = match folder.strip_prefix("~/") {
        Some(rest) if at_start => Some(rest),
        _ => folder.strip_prefix("$HOME/"),
    };
    match behind_home {
        Some(rest) => Some(inputs.home()?.join(rest)),
        None if folder.is_empty() => Some(PathBuf::from(".")),
        None => Some(PathBuf::from(folder)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_as_typed() {
        let rows: &[(&str, Which, &[&str])] = &[
            ("src/ma", Which::All, &["src/main.rs", "src/manifest/", "src/material/"]),
            ("src/ma", Which::Folders, &["src/manifest/", "src/material/"]),
            ("src/main", Which::Endings(&["rs"]), &["src/main.rs"]),
            ("src/main", Which::Endings(&["crt"]), &["src/main.rs"]),
            ("Cargo", Which::Endings(&["TOML"]), &["Cargo.toml"]),
            (".gitig", Which::All, &[".gitignore"]),
            (".gitig", Which::Endings(&["gitignore"]), &[".gitignore"]),
            ("./.gitig", Which::All, &["./.gitignore"]),
            ("src/nothing/", Which::All, &[]),
            ("~/", Which::All, &[]),
            ("\0/", Which::All, &[]),
        ];
        for (typed, which, want) in rows {
            let found = matching(typed, true, *which, &Inputs::fixed());
            let found: Vec<_> = found.iter().map(|each| each.word.as_str()).collect();
            assert_eq!(found, *want, "{typed}");
        }
    }
}
