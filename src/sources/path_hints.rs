//! What to do about a path that cannot be read.

use std::io;
use std::path::Path;

use super::{ReadError, ReadErrorKind, is_shown_path};
use crate::hints::{Fault, shell_text};

/// A path as a word of a shell's command line, so that a hint can be pasted; `FILE` if a message may
/// not show it.
pub(crate) fn shell_word(path: &Path) -> String {
    if is_shown_path(path) { shell_text(&path.to_string_lossy()) } else { "FILE".to_owned() }
}

/// The command that shows the certificates of a file of PEM and nothing else. That of OpenSSL says an
/// error beside them where there is a private key.
pub(crate) fn certificates_of(path: &Path) -> String {
    let is_open = ["/dev", "/proc"].into_iter().any(|folder| path.starts_with(folder));
    let file = if is_open { "FILE".to_owned() } else { shell_word(path) };
    format!("sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' {file}")
}

impl Fault for ReadError {
    fn hints(&self) -> Vec<String> {
        if !is_shown_path(&self.path) {
            return value_in_place_hints(&self.path);
        }
        let path = shell_word(&self.path);
        match &self.kind {
            ReadErrorKind::Io(error) => system_hints(&self.path, error),
            ReadErrorKind::IsFolder => vec![format!("pass a file in it: ls {path}")],
            ReadErrorKind::TakenTwice => {
                vec!["write it to a file first, or use it once".to_owned()]
            }
            ReadErrorKind::TooLarge { limit } if *limit <= 1 << 20 => vec![
                "the API server accepts at most 1048576 bytes in a Secret; --validate=ignore reads more"
                    .to_owned(),
            ],
            ReadErrorKind::TooLarge { .. } => vec!["no Secret can be that large".to_owned()],
        }
    }
}

/// What to do about a path that the system does not open.
pub(crate) fn system_hints(path: &Path, error: &io::Error) -> Vec<String> {
    if !is_shown_path(path) {
        return value_in_place_hints(path);
    }
    vec![match error.kind() {
        io::ErrorKind::NotFound => not_found_hint(path),
        io::ErrorKind::PermissionDenied => {
            format!("check its permissions: ls -l {}", shell_word(path))
        }
        io::ErrorKind::NotADirectory => "part of the path is a file, not a directory".to_owned(),
        _ => format!("inspect it: ls -l {}", shell_word(path)),
    }]
}

/// What to do about a text that is not shown: it may be the value itself.
pub(crate) fn value_in_place_hints(path: &Path) -> Vec<String> {
    let text = path.to_string_lossy();
    let hint = if text.contains('*') {
        UNEXPANDED
    } else if text.starts_with("~/") {
        "the shell does not expand ~ after '=': use $HOME/ instead"
    } else {
        "check the path; it is not shown, since it may be a value"
    };
    vec![hint.to_owned()]
}

const UNEXPANDED: &str = "the shell does not expand * after '=': pass the file or the directory";

fn not_found_hint(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.is_empty() {
        return "the path is an empty word; a shell's variable may be unset".to_owned();
    }
    if text == "-" {
        return "for standard input: /dev/stdin".to_owned();
    }
    if let Some(rest) = text.strip_prefix("~/") {
        return format!("the shell does not expand ~ after '=': use $HOME/{}", shell_text(rest));
    }
    if text.contains('*') {
        return UNEXPANDED.to_owned();
    }
    format!("list the directory: ls -l {}", parent(path))
}

/// The folder of a path that was not found.
fn parent(path: &Path) -> String {
    let parent = path.parent().filter(|path| !path.as_os_str().is_empty());
    // It is a part of what is shown already.
    parent.map_or_else(|| ".".to_owned(), |parent| shell_text(&parent.to_string_lossy()))
}
