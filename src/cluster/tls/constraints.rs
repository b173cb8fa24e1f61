//! The name constraints of CA certificates (RFC 5280 4.2.1.10), as Go checks them.
//!
//! Names of hosts and addresses are compared. Constraints on mailboxes and URIs refuse every
//! certificate with such a name, as rustls-webpki does: API servers have neither. Under any
//! constraint, a mailbox has to be one and a URI has to name a host.

use std::net::IpAddr;

use x509_parser::extensions::{GeneralName, GeneralSubtree, SubjectAlternativeName};

use crate::golang::urls;
use crate::material::extensions::{self, ExtensionError, SubjectName};

/// The comparisons of names with constraints that one path may cost: Go's number.
const MAX_COMPARISONS: usize = 250_000;

/// What a CA certificate permits and excludes.
#[derive(Debug)]
pub(super) struct NameConstraints {
    /// Whether all of it is of kinds that Go knows.
    pub(super) is_known: bool,
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
}

#[derive(Debug)]
enum Subtree {
    Address { network: Vec<u8>, mask: Vec<u8> },
    Host(String),
    Mailbox,
    Uri,
}

impl NameConstraints {
    /// From the value of the extension.
    pub(super) fn read(value: &[u8]) -> Result<Self, ExtensionError> {
        let read: x509_parser::extensions::NameConstraints<'_> =
            extensions::read(value, "NameConstraints extension")?;
        let subtrees = |list: Option<Vec<GeneralSubtree<'_>>>| -> Vec<Option<Subtree>> {
            list.iter().flatten().map(|subtree| Subtree::of(&subtree.base)).collect()
        };
        let permitted = subtrees(read.permitted_subtrees);
        let excluded = subtrees(read.excluded_subtrees);
        Ok(Self {
            is_known: permitted.iter().chain(&excluded).all(Option::is_some),
            permitted: permitted.into_iter().flatten().collect(),
            excluded: excluded.into_iter().flatten().collect(),
        })
    }

    /// The first name of a certificate under the CA that is not permitted. `value` holds all of its
    /// subject alternative names, `names` the hosts and addresses among them.
    pub(super) fn refused(
        &self,
        value: &[u8],
        names: &[SubjectName],
        comparisons: &mut usize,
    ) -> Option<String> {
        *comparisons += (self.permitted.len() + self.excluded.len()) * value.len() / 4;
        if *comparisons > MAX_COMPARISONS {
            return Some("of its subject alternative names, which are too many".to_owned());
        }
        let host = names.iter().find(|name| !self.permits(name)).map(ToString::to_string);
        host.or_else(|| self.refused_otherwise(value))
    }

    fn permits(&self, name: &SubjectName) -> bool {
        let same_kind = |subtree: &&Subtree| {
            matches!(
                (subtree, name),
                (Subtree::Address { .. }, SubjectName::Address(_))
                    | (Subtree::Host(_), SubjectName::Dns(_))
            )
        };
        if matches!(name, SubjectName::Dns(host) if !extensions::is_domain(host)) {
            return false;
        }
        let mut permitted = self.permitted.iter().filter(same_kind).peekable();
        let is_permitted =
            permitted.peek().is_none() || permitted.any(|subtree| subtree.holds(name));
        is_permitted
            && !self.excluded.iter().any(|subtree| subtree.holds(name) || subtree.touches(name))
    }

    /// A mailbox or a URI, where the constraints speak of such, or where it cannot be compared with
    /// any (Go's `parseMailboxes` and `parseURIs`).
    fn refused_otherwise(&self, value: &[u8]) -> Option<String> {
        let all = || self.permitted.iter().chain(&self.excluded);
        let names: SubjectAlternativeName<'_> =
            extensions::read(value, "subject alternative names").ok()?;
        let refused = names.general_names.iter().find_map(|name| match *name {
            GeneralName::RFC822Name(text)
                if !is_mailbox(text)
                    || all().any(|subtree| matches!(subtree, Subtree::Mailbox)) =>
            {
                Some(text)
            }
            GeneralName::URI(text)
                if !has_domain(text) || all().any(|subtree| matches!(subtree, Subtree::Uri)) =>
            {
                Some(text)
            }
            _ => None,
        });
        refused.map(|text| text.escape_debug().to_string())
    }
}

/// Whether a URI that Go reads names a host that is no address.
fn has_domain(uri: &str) -> bool {
    let host =
        urls::host(uri).ok().and_then(|host| String::from_utf8(host).ok()).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    !name.is_empty() && !host.starts_with('[') && name.parse::<IpAddr>().is_err()
}

/// Go's `parseRFC2821Mailbox`: a local part, quoted or of atoms, and a domain, which may be empty.
fn is_mailbox(address: &str) -> bool {
    let domain = match address.strip_prefix('"') {
        Some(quoted) => after_quotes(quoted),
        None => address.split_once('@').and_then(|(local, domain)| {
            let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom));
            atoms.then_some(domain)
        }),
    };
    domain.is_some_and(extensions::is_domain)
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

impl Subtree {
    /// `None` for a name of a kind that Go does not compare.
    fn of(base: &GeneralName<'_>) -> Option<Self> {
        Some(match *base {
            GeneralName::RFC822Name(_) => Self::Mailbox,
            GeneralName::DNSName(name) => Self::Host(name.to_owned()),
            GeneralName::URI(_) => Self::Uri,
            GeneralName::IPAddress(octets) => {
                let (network, mask) = octets.split_at(octets.len() / 2);
                Self::Address { network: network.into(), mask: mask.into() }
            }
            _ => return None,
        })
    }

    fn holds(&self, name: &SubjectName) -> bool {
        match (self, name) {
            (Self::Address { network, mask }, SubjectName::Address(address)) => {
                let address = octets(*address);
                network.len() == address.len()
                    && is_mapped(network) == is_mapped(&address)
                    && network.iter().zip(&address).zip(mask).all(|((n, a), m)| n & m == a & m)
            }
            (Self::Host(base), SubjectName::Dns(name)) => is_suffix(base, name),
            _ => false,
        }
    }

    /// Whether a wildcard stands for a host that is excluded: `*.example.com` for
    /// `www.example.com`. As in Go, anything that begins with `*` is a wildcard.
    fn touches(&self, name: &SubjectName) -> bool {
        let (Self::Host(base), SubjectName::Dns(name)) = (self, name) else { return false };
        let is_wildcard = name.starts_with('*');
        let (Some((_, base)), Some((_, name))) = (base.split_once('.'), name.split_once('.'))
        else {
            return false;
        };
        is_wildcard && base.eq_ignore_ascii_case(name)
    }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// Whether an address of IPv6 is one of IPv4 (`::ffff:0:0/96`). Such an address lies in no other
/// network: Go's `IPNet.Contains`.
fn is_mapped(address: &[u8]) -> bool {
    address.len() == 16 && address.starts_with(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
}

/// Whether a name is under a base, by whole labels. An empty base holds all names, a dot in front
/// of it those with more labels.
fn is_suffix(base: &str, name: &str) -> bool {
    let Some(start) = name.len().checked_sub(base.len()) else { return false };
    let (Some(before), Some(tail)) = (name.get(..start), name.get(start..)) else { return false };
    tail.eq_ignore_ascii_case(base)
        && (base.is_empty() || base.starts_with('.') || before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    const MAILBOX: u8 = 0x81;
    const HOST: u8 = 0x82;
    const URI: u8 = 0x86;
    const ADDRESS: u8 = 0x87;

    /// A CA's permitted and excluded names, each a tag and contents.
    fn constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> NameConstraints {
        let list = |tag, names: &[(u8, &[u8])]| {
            let subtrees = names
                .iter()
                .map(|(tag, name)| element(0x30, &element(*tag, name)))
                .collect::<Vec<_>>()
                .concat();
            if names.is_empty() { Vec::new() } else { element(tag, &subtrees) }
        };
        let lists = [list(0xa0, permitted), list(0xa1, excluded)].concat();
        NameConstraints::read(&element(0x30, &lists)).unwrap()
    }

    #[test]
    fn wildcards() {
        for (excluded, name, expected) in [
            ("www.example.com", "*.example.com", false),
            ("WWW.example.com", "*.EXAMPLE.com", false),
            ("www.example.com", "*w.example.com", false),
            ("www.example.com", "*.www.example.com", false),
            ("www.example.com", "a.example.com", true),
            ("www.example.com", "*.com", true),
            ("www.example.com", "*", true),
            ("www", "*.example.com", true),
        ] {
            let authority = constraints(&[], &[(HOST, excluded.as_bytes())]);
            let name = SubjectName::Dns(name.to_owned());
            assert_eq!(authority.permits(&name), expected, "{name} without {excluded}");
        }
    }

    #[test]
    fn mapped_addresses() {
        let mapped = [&[0; 10][..], &[0xff, 0xff, 127, 0, 0, 0]].concat();
        let of_mapped = [&mapped[..], &[0xff; 13], &[0; 3]].concat();
        for (permitted, name, expected) in [
            (&[0; 32][..], "::1", true),
            (&[0; 32], "::ffff:127.0.0.1", false),
            (&of_mapped, "::ffff:127.0.0.1", true),
            (&of_mapped, "::ffff:10.0.0.1", false),
            (&of_mapped, "::1", false),
            (&[127, 0, 0, 0, 0xff, 0, 0, 0], "127.0.0.1", true),
            (&[127, 0, 0, 0, 0xff, 0, 0, 0], "::ffff:127.0.0.1", false),
        ] {
            let authority = constraints(&[(ADDRESS, permitted)], &[]);
            let name = SubjectName::Address(name.parse().unwrap());
            assert_eq!(authority.permits(&name), expected, "{name} in {permitted:x?}");
        }
    }

    #[test]
    fn mailboxes_and_uris() {
        let authority = constraints(&[(HOST, b"localhost")], &[]);
        for (tag, name, expected) in [
            (MAILBOX, "a@example.com", true),
            (MAILBOX, "no-mailbox", false),
            (URI, "spiffe://example.com/a", true),
            (URI, "urn:uuid:1", false),
            (URI, "https://127.0.0.1/", false),
        ] {
            let value = element(0x30, &element(tag, name.as_bytes()));
            assert_eq!(authority.refused_otherwise(&value).is_none(), expected, "{name}");
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
}
