//! URIs and domain names in certificates, as far as Go's `net/url` and `crypto/x509` refuse one.

/// Whether Go's `url.Parse` reads it and finds no host that is a bad domain name.
pub(crate) fn is_readable(uri: &str) -> bool {
    if uri.bytes().any(|b| b.is_ascii_control()) {
        return false;
    }
    let without_fragment = match uri.split_once('#') {
        Some((before, fragment)) if is_escaped(fragment) => before,
        Some(_) => return false,
        None => uri,
    };
    if without_fragment == "*" {
        return true;
    }
    let Some((scheme, rest)) = scheme(without_fragment) else { return false };
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    if !rest.starts_with('/') {
        if scheme {
            return true;
        }
        // The first segment of a relative path must not look like a scheme.
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return false;
        }
    }
    let Some(after) = rest.strip_prefix("//").filter(|_| scheme || !rest.starts_with("///")) else {
        return is_escaped(rest);
    };
    let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    is_user(user) && is_host(host) && is_escaped(path)
}

/// Whether a URI that Go reads names a host that is no address: what name constraints need.
#[cfg(feature = "cluster")]
pub(crate) fn has_domain(uri: &str) -> bool {
    let uri = uri.split(['#', '?']).next().unwrap_or_default();
    let Some((scheme, rest)) = scheme(uri) else { return false };
    let Some(after) = rest.strip_prefix("//").filter(|_| scheme || !rest.starts_with("///")) else {
        return false;
    };
    let authority = after.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = host.split(':').next().unwrap_or_default();
    !name.is_empty() && !host.starts_with('[') && name.parse::<std::net::IpAddr>().is_err()
}

/// Whether there is a scheme, and what follows it; nothing where the colon comes first.
fn scheme(uri: &str) -> Option<(bool, &str)> {
    for (index, byte) in uri.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return None,
            b':' => return Some((true, uri.get(index + 1..)?)),
            _ => return Some((false, uri)),
        }
    }
    Some((false, uri))
}

fn is_user(user: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b);
    user.bytes().all(allowed) && is_escaped(user)
}

fn is_host(host: &str) -> bool {
    if let Some(bracketed) = host.strip_prefix('[') {
        let Some((address, port)) = bracketed.rsplit_once(']') else { return false };
        let address = match address.split_once("%25") {
            Some((_, "")) => return false,
            Some((address, _)) => address,
            None => address,
        };
        return address.parse::<std::net::Ipv6Addr>().is_ok() && is_port(port);
    }
    let port = host.rfind(':').and_then(|at| host.get(at..)).unwrap_or_default();
    if !is_port(port) || host.matches(':').count() > 1 {
        return false;
    }
    // Only bytes beyond ASCII may be escaped in a host.
    let escapes = host.split('%').skip(1).all(|escaped| {
        let byte = escaped.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.is_some_and(|byte| !byte.is_ascii())
    });
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:]<>\"%".contains(&b);
    // Escaped bytes are no part of a domain name either.
    escapes && !host.contains('%') && host.bytes().all(allowed) && is_domain(host, false)
}

fn is_port(port: &str) -> bool {
    port.strip_prefix(':')
        .map_or(port.is_empty(), |digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

fn is_escaped(text: &str) -> bool {
    text.split('%').skip(1).all(|escaped| {
        escaped.get(..2).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
    })
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
            (":no-scheme", false),
            ("1a:b", false),
        ] {
            assert_eq!(is_readable(uri), expected, "{uri:?}");
        }
    }

    #[cfg(feature = "cluster")]
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
