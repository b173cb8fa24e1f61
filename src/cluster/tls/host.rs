//! Whether a certificate is for a host: Go's `VerifyHostname`.
//!
//! Not `host_name::is_among`, which takes a dot at the end of a certificate's name for nothing:
//! here no name may match that Go does not match.

use crate::material::extensions::SubjectName;
use crate::material::host_name;

/// Whether `host`, a name or an address, is among the names.
pub(super) fn is_among(host: &str, names: &[SubjectName]) -> bool {
    if let Some(address) = host_name::address(host) {
        return host_name::has_address(names, address);
    }
    let is_valid_host = is_valid(host.strip_suffix('.').unwrap_or(host), false);
    names.iter().any(|name| match name {
        SubjectName::Dns(name) if is_valid_host && is_valid(name, true) => {
            host_name::matches(host.strip_suffix('.').unwrap_or(host), name)
        }
        // What is not a host name has to be the same text.
        SubjectName::Dns(name) => !matches!(host, "" | ".") && name.eq_ignore_ascii_case(host),
        SubjectName::Address(_) => false,
    })
}

/// Letters, digits, `_` and, not in front, `-`; in a pattern `*` for the first of several labels.
fn is_valid(name: &str, is_pattern: bool) -> bool {
    let name = if is_pattern { name.strip_prefix("*.").unwrap_or(name) } else { name };
    name.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (host, name, expected) in [
            ("example.com", "example.com", true),
            ("Example.COM.", "example.com", true),
            ("example.com", "example.com.", false),
            ("example.com.", "example.com.", true),
            ("www.example.com", "example.com", false),
            ("www.example.com", "*.example.com", true),
            ("www.Example.com.", "*.exAmple.com", true),
            ("a.b.example.com", "*.example.com", false),
            ("example.com", "*.example.com", false),
            ("example.com", "*.com", true),
            (".example.com", "*.example.com", false),
            ("www.example.com", "w*.example.com", false),
            ("www.example.com", "www.*.com", false),
            ("a.b.example.com", "*.*.example.com", false),
            ("*.example.com", "*.example.com", true),
            ("my_host", "my_host", true),
            ("-a.example.com", "*.example.com", false),
            ("com", "*", false),
            ("com", "*.", false),
            ("a b", "a b", true),
            ("", "", false),
            (".", ".", false),
            ("10.0.0.1", "10.0.0.1", false),
            ("10.0.0.1", "*.0.0.1", false),
            ("[::1]", "[::1]", false),
        ] {
            let names = [SubjectName::Dns(name.to_owned())];
            assert_eq!(is_among(host, &names), expected, "{host} {name}");
        }
    }

    #[test]
    fn addresses() {
        for (host, name, expected) in [
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.2", "10.0.0.1", false),
            ("::1", "0:0:0:0:0:0:0:1", true),
            ("[::1]", "::1", true),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "::ffff:10.0.0.1", true),
            ("010.0.0.1", "10.0.0.1", false),
            ("localhost", "127.0.0.1", false),
        ] {
            let names = [SubjectName::Address(name.parse().unwrap())];
            assert_eq!(is_among(host, &names), expected, "{host} {name}");
        }
    }
}
