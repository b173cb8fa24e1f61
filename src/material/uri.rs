//! URIs and domain names in certificates, as far as Go's `net/url` and `crypto/x509` refuse one.

use crate::golang::urls;

/// Whether Go's `url.Parse` reads it and finds no host that is a bad domain name.
pub(crate) fn is_readable(uri: &str) -> bool {
    let host = urls::host(uri).ok().and_then(|host| String::from_utf8(host).ok());
    host.is_some_and(|host| is_domain(&host, false))
}

/// Whether a URI that Go reads names a host that is no address: what name constraints need.
pub fn has_domain(uri: &str) -> bool {
    let host = urls::host(uri).ok().and_then(|host| String::from_utf8(host).ok());
    let host = host.unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    !name.is_empty() && !host.starts_with('[') && name.parse::<std::net::IpAddr>().is_err()
}

/// Go's `domainNameValid`: no empty label, no dot at the end, printable ASCII without blanks; in a
/// constraint, a dot may come first.
pub(crate) fn is_domain(name: &str, constraint: bool) -> bool {
    if name.is_empty() {
        return true;
    }
    let labels = if constraint { name.strip_prefix('.').unwrap_or(name) } else { name };
    labels.split('.').all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_graphic()))
}

/// Go's `parseRFC2821Mailbox`: a local part, quoted or of atoms, and a domain, which may be empty.
pub(crate) fn is_mailbox(address: &str) -> bool {
    let domain = match address.strip_prefix('"') {
        Some(quoted) => after_quotes(quoted),
        None => address.split_once('@').and_then(|(local, domain)| {
            let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom));
            atoms.then_some(domain)
        }),
    };
    domain.is_some_and(|domain| is_domain(domain, false))
}

/// The domain behind a quoted local part whose first quote has been read.
fn after_quotes(quoted: &str) -> Option<&str> {
    let mut bytes = quoted.bytes().enumerate();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'"' => return quoted.get(index + 1..)?.strip_prefix('@'),
            b'\\' => match bytes.next()?.1 {
                0 | b'\n' | b'\r' => return None,
                _ => {}
            },
            0 | b'\t' | b'\n' | b'\r' => return None,
            _ => {}
        }
    }
    None
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        for (uri, expected) in [
            ("https://example.com/a?b#c", true),
            ("spiffe://trust.domain/ns/x/sa/y", true),
            ("https://u:p@example.com:8443/", true),
            ("https://[::1]:443/", true),
            ("urn:uuid:1234", true),
            ("mailto:a@b", true),
            ("relative/path", true),
            ("", true),
            ("file:///etc/passwd", true),
            ("https://example.com./", false),
            ("https://a..b/", false),
            ("https://exa mple.com/", false),
            ("https://example.com:port/", false),
            ("https://[::1/", false),
            ("https://[fe80::1%25eth0]/", true),
            ("https://[fe80::1%25]/", false),
            ("https://a[b/", false),
            ("https://example.com/%zz", false),
            ("https://example.com/\n", false),
            ("https://example.com/#\n", true),
            ("postgres://a:1,b:2/", true),
            ("https://a:1:2/", false),
            ("https://a%25b/", true),
            ("https://a%c3%a9b/", false),
            ("https://[fe80::1%25a%20]/", false),
            (":no-scheme", false),
            ("1a:b", false),
        ] {
            assert_eq!(is_readable(uri), expected, "{uri:?}");
        }
    }

    #[test]
    fn domains_of_uris() {
        for (uri, expected) in [
            ("https://example.com/a?b#c", true),
            ("spiffe://trust.domain/ns", true),
            ("https://u:p@example.com:8443", true),
            ("//example.com", true),
            ("https://127.0.0.1/", false),
            ("https://127.0.0.1:443/", false),
            ("https://[::1]:443/", false),
            ("urn:uuid:1234", false),
            ("mailto:a@example.com", false),
            ("https:///example.com", false),
            ("https:?//example.com", false),
            ("relative/path", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(has_domain(uri), expected, "{uri:?}");
        }
    }

    #[test]
    fn mailboxes() {
        for (address, expected) in [
            ("a@b.c", true),
            ("a.b+c@", true),
            ("\"a b\"@c", true),
            ("\"a\\\"b\"@c", true),
            ("@b", false),
            ("a b@c", false),
            (".a@c", false),
            ("a..b@c", false),
            ("\"a@c", false),
            ("\"a\"c", false),
            ("a@b..c", false),
        ] {
            assert_eq!(is_mailbox(address), expected, "{address:?}");
        }
    }

    #[test]
    fn domains() {
        for (name, constraint, expected) in [
            ("", false, true),
            ("a.b", false, true),
            (".a.b", true, true),
            (".a.b", false, false),
            ("a.", true, false),
            ("a..b", true, false),
            ("a b", true, false),
            (".", true, false),
        ] {
            assert_eq!(is_domain(name, constraint), expected, "{name:?} {constraint}");
        }
    }
}
