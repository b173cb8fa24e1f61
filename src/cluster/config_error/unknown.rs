//! Names that are in no kubeconfig.

use std::fmt;
use std::path::PathBuf;

use super::place::Part;
use crate::hints::shell_text;
use crate::shown;
use crate::similar::nearest;
use crate::sources::shell_word;

/// How many names a message lists.
const LISTED_MAX: usize = 10;

/// What the kubeconfigs have in place of an unknown name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub has: Vec<String>,
    /// The files of `KUBECONFIG` that do not exist.
    pub missing: Vec<PathBuf>,
}

impl Known {
    /// What these unknown parts may have been meant to be.
    pub(super) fn hints(&self, parts: &[Part]) -> Vec<String> {
        let meant = parts.iter().filter_map(|part| {
            let near = nearest(part.name(), self.has.iter().map(String::as_str))?;
            Some(format!("did you mean --{}={}?", part.word(), shell_text(near)))
        });
        let missing = self
            .missing
            .iter()
            .map(|path| format!("KUBECONFIG also names {}, which is missing", shell_word(path)));
        meant.chain(missing).collect()
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.has.as_slice() {
            [] => f.write_str("it has none"),
            has => write!(f, "it has: {}", listed(has)),
        }
    }
}

/// `context "x" is` or `contexts "x" and "y" are`.
pub(super) fn listed_parts(parts: &[Part]) -> String {
    let word = parts.first().map_or("context", Part::word);
    let names: Vec<_> = parts.iter().map(|part| shown::Quoted(part.name()).to_string()).collect();
    match names.as_slice() {
        [name] => format!("{word} {name} is"),
        names => format!("{word}s {} are", names.join(", ")),
    }
}

/// Names in a row, no more than a message can take.
pub(super) fn listed(names: &[String]) -> String {
    let mut shown: Vec<_> = names.iter().take(LISTED_MAX).map(|name| quoted(name)).collect();
    if names.len() > LISTED_MAX {
        shown.push(format!("and {} more", names.len() - LISTED_MAX));
    }
    shown.join(", ")
}

/// A name as it is, or in quotes if it would not be seen as one.
fn quoted(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| !c.is_control() && c != ' ');
    if is_plain { name.to_owned() } else { format!("{name:?}") }
}
