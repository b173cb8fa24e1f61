//! What a message may show of a path.

use std::path::Path;

use crate::shown::{self, Hidden};

/// The most bytes that a file's name has on common systems (`NAME_MAX`).
const NAME_MAX: usize = 255;

/// Whether it looks like what is in a file: several lines, PEM, JSON, or longer than a name can be.
pub(crate) fn is_contents(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    text.iter().any(|b| matches!(b, b'\n' | b'\r'))
        || text.starts_with(b"{")
        || text.windows(11).any(|part| part == b"-----BEGIN ")
        || text.split(|b| *b == b'/').any(|name| name.len() > NAME_MAX)
}

/// Whether a message may show a path: it exists, or has the shape of one. Any other text may be the
/// value itself, given where its file's path belongs.
pub(crate) fn is_shown_path(path: &Path) -> bool {
    if path.as_os_str().is_empty() || path == Path::new("-") {
        return true;
    }
    if is_contents(path) {
        return false;
    }
    exists(path) || path.to_str().is_some_and(|text| shown::is_path(text, has_known_folder(path)))
}

/// Whether the folder that holds it exists and is not the present one.
fn has_known_folder(path: &Path) -> bool {
    path.parent().is_some_and(|folder| {
        !folder.as_os_str().is_empty() && folder != Path::new(".") && exists(folder)
    })
}

/// Whether something is there; a link counts, whatever it leads to.
pub(crate) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The path if it may be shown, or its length.
pub(crate) fn shown_path(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        "an empty path".to_owned()
    } else if is_shown_path(path) {
        path.to_string_lossy().into_owned()
    } else {
        format!("a path {}", Hidden(path.as_os_str().len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_value_is_not_shown() {
        let long = "a".repeat(NAME_MAX + 1);
        let rows = [
            ("tls.key", "tls.key"),
            ("", "an empty path"),
            ("-", "-"),
            // Tests run in the folder of Cargo.toml.
            ("Cargo.lock", "Cargo.lock"),
            ("src", "src"),
            ("src/missing", "src/missing"),
            ("missing/file", "a path (12 bytes, not shown)"),
            ("hunter2-S3cret", "a path (14 bytes, not shown)"),
            ("./hunter", "./hunter"),
            ("a b/c,d=e", "a path (9 bytes, not shown)"),
            ("-----BEGIN PRIVATE KEY-----\nAA", "a path (30 bytes, not shown)"),
            ("-----BEGIN PRIVATE KEY-----\\nAA", "a path (31 bytes, not shown)"),
            ("a\rb", "a path (3 bytes, not shown)"),
            ("{\"auths\":{}}", "a path (12 bytes, not shown)"),
            (&long, "a path (256 bytes, not shown)"),
        ];
        for (path, want) in rows {
            assert_eq!(shown_path(Path::new(path)), want, "{path}");
        }
    }
}
