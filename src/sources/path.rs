//! What a message may show of a path.
//!
//! Whoever writes `--key="$KEY"` for `--key=key.pem` gives what is in the file in place of its path,
//! and a message that shows the path shows the key.

use std::path::Path;

/// The most bytes that a file's name has on common systems (`NAME_MAX`).
const NAME_MAX: usize = 255;

/// Whether it looks like what is in a file: several lines, PEM, JSON, or longer than a name can be.
pub fn is_contents(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    text.iter().any(|b| matches!(b, b'\n' | b'\r'))
        || text.starts_with(b"{")
        || text.windows(11).any(|part| part == b"-----BEGIN ")
        || text.split(|b| *b == b'/').any(|name| name.len() > NAME_MAX)
}

/// The path, or its length where it looks like what is in a file.
pub fn shown_path(path: &Path) -> String {
    if is_contents(path) {
        format!("a path of {} bytes", path.as_os_str().len())
    } else {
        path.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_not_shown() {
        let long = "a".repeat(NAME_MAX + 1);
        let rows = [
            ("tls.key", "tls.key"),
            ("a b/c,d=e", "a b/c,d=e"),
            ("", ""),
            ("-----BEGIN PRIVATE KEY-----\nAA", "a path of 30 bytes"),
            ("-----BEGIN PRIVATE KEY-----\\nAA", "a path of 31 bytes"),
            ("a\rb", "a path of 3 bytes"),
            ("{\"auths\":{}}", "a path of 12 bytes"),
            (&long, "a path of 256 bytes"),
            (&format!("{}/b", &long[1..]), &format!("{}/b", &long[1..])),
        ];
        for (path, want) in rows {
            assert_eq!(shown_path(Path::new(path)), want, "{path}");
        }
    }
}
