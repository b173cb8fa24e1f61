//! Whether a certificate is for a host, by RFC 6125 as Go and the browsers read it: subject
//! alternative names alone, and a wildcard stands for one whole label, the first.

use std::net::IpAddr;

use crate::material::extensions::SubjectName;
use crate::shown;

/// The most characters that a name has.
const MAX_LENGTH: usize = 253;

/// Whether `host`, a name or an address, is among the names.
pub(crate) fn is_among(host: &str, names: &[SubjectName]) -> bool {
    if let Some(address) = address(host) {
        return has_address(names, address);
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    names.iter().any(|name| match name {
        SubjectName::Dns(name) => matches(host, name.strip_suffix('.').unwrap_or(name)),
        SubjectName::Address(_) => false,
    })
}

/// Whether a canonical address is among the names.
pub(crate) fn has_address(names: &[SubjectName], address: IpAddr) -> bool {
    names.iter().any(|name| match name {
        SubjectName::Address(name) => name.to_canonical() == address,
        SubjectName::Dns(_) => false,
    })
}

/// An address, which may stand in brackets as in a URL; one of IPv4 may be written as one of IPv6.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host).parse().ok().map(|address: IpAddr| address.to_canonical())
}

/// A host in quotes, or the length of a text that does not read as one.
pub(crate) fn shown(host: &str) -> String {
    if shown::is_address(host) {
        format!("{host:?}")
    } else {
        format!("a text {}", shown::Hidden(host.len()))
    }
}

/// Whether a name of a certificate, which may begin with `*.`, is for this host.
pub(crate) fn matches(host: &str, name: &str) -> bool {
    if host.is_empty() {
        return false;
    }
    match (name.strip_prefix("*."), host.split_once('.')) {
        // `*` for one whole label, and never for all of a name like `*.com` taken as `com`.
        (Some(rest), Some((first, host))) => {
            !first.is_empty() && !rest.is_empty() && host.eq_ignore_ascii_case(rest)
        }
        (Some(_), None) => false,
        (None, _) => host.eq_ignore_ascii_case(name),
    }
}

/// A host as `--hostname` takes it.
pub(crate) fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    address(text).is_some()
        || (name.len() <= MAX_LENGTH
            && name.strip_prefix("*.").unwrap_or(name).split('.').all(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_rfc_6125() {
        for (host, name, expected) in [
            ("example.com", "example.com", true),
            ("Example.COM.", "example.com", true),
            ("example.com", "example.com.", true),
            ("www.example.com", "example.com", false),
            ("www.example.com", "*.example.com", true),
            ("a.b.example.com", "*.example.com", false),
            ("example.com", "*.example.com", false),
            (".example.com", "*.example.com", false),
            ("www.example.com", "w*.example.com", false),
            ("www.example.com", "www.*.com", false),
            ("*.example.com", "*.example.com", true),
            ("a.*.example.com", "*.example.com", false),
            ("com", "*", false),
            ("com", "*.", false),
            ("", "", false),
        ] {
            let names = [SubjectName::Dns(name.to_owned())];
            assert_eq!(is_among(host, &names), expected, "{host} {name}");
        }
    }

    #[test]
    fn addresses_are_no_names() {
        let address = |text: &str| SubjectName::Address(text.parse().unwrap());
        for (host, name, expected) in [
            ("10.0.0.1", address("10.0.0.1"), true),
            ("10.0.0.2", address("10.0.0.1"), false),
            ("::1", address("0:0:0:0:0:0:0:1"), true),
            ("[::1]", address("::1"), true),
            ("::ffff:10.0.0.1", address("10.0.0.1"), true),
            ("10.0.0.1", address("::ffff:10.0.0.1"), true),
            ("10.0.0.1", SubjectName::Dns("10.0.0.1".to_owned()), false),
            ("10.0.0.1", SubjectName::Dns("*.0.0.1".to_owned()), false),
        ] {
            assert_eq!(is_among(host, &[name]), expected, "{host}");
        }
    }

    #[test]
    fn hosts() {
        for (text, expected) in [
            ("example.com", true),
            ("*.example.com", true),
            ("10.0.0.1", true),
            ("::1", true),
            ("[::1]", true),
            ("[::1", false),
            ("[example.com]", false),
            ("localhost", true),
            ("https://example.com", false),
            ("example.com:443", false),
            ("a..b", false),
            ("b\u{fc}cher.example", false),
            ("", false),
        ] {
            assert_eq!(is_host(text), expected, "{text}");
        }
    }
}
