//! The names of files as reports for other programs write them.

use std::path::{Component, Path};

/// The path below the current directory, if it is there, with forward slashes; standard input is
/// `stdin`.
pub(super) fn relative(file: &str) -> String {
    if file == "<stdin>" {
        return "stdin".to_owned();
    }
    let below = crate::sources::below_here(Path::new(file));
    let parts = below.components().filter(|part| *part != Component::CurDir);
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").replace("//", "/")
}

/// A path as a relative reference of a URI (RFC 3986).
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = std::fmt::Write::write_fmt(&mut uri, format_args!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let rows = [
            ("<stdin>", "stdin"),
            ("./a/b c.yaml", "a/b%20c.yaml"),
            ("a/ä#?.yaml", "a/%C3%A4%23%3F.yaml"),
            ("/etc/x.yaml", "/etc/x.yaml"),
        ];
        for (file, want) in rows {
            assert_eq!(uri(&relative(file)), want);
        }
    }
}
