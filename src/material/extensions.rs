//! The extensions of a certificate that decide whether Go accepts it, or say something about its
//! use (RFC 5280 4.2).

use std::fmt;
use std::net::IpAddr;

use x509_parser::asn1_rs::{FromDer, Tag};
use x509_parser::error::X509Error;
use x509_parser::extensions::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, GeneralName,
    KeyIdentifier, KeyUsage, NameConstraints, SubjectAlternativeName, X509Extension,
};

use crate::golang::urls;
use crate::material::der;

/// Why Go does not read an extension, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExtensionError {
    /// An address of a length that neither IPv4 nor IPv6 has.
    #[error("x509: cannot parse IP address of length {0}")]
    AddressLength(usize),
    /// RFC 5280 forbids that this extension is critical.
    #[error("x509: {0} incorrectly marked critical")]
    Critical(&'static str),
    #[error("x509: certificate contains duplicate extension with OID {0:?}")]
    Duplicate(String),
    #[error("x509: invalid {0}")]
    Invalid(&'static str),
    /// A subject alternative name contains bytes that are not ASCII.
    #[error("x509: SAN {0} is malformed")]
    NotAscii(&'static str),
    /// A subject alternative name that Go's `net/url` does not read.
    #[error("x509: cannot parse URI {0:?}")]
    Uri(String),
}

/// The contents of object identifiers.
pub(crate) mod oid {
    pub(crate) const AUTHORITY_INFO: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
    pub(crate) const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 35];
    pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
    pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
    pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
    pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
    pub(crate) const SUBJECT_KEY: &[u8] = &[0x55, 0x1d, 14];
    pub(crate) const SUBJECT_NAMES: &[u8] = &[0x55, 0x1d, 17];
}

/// A host that a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubjectName {
    /// An address of IPv4 or IPv6.
    Address(IpAddr),
    /// A name of the DNS, perhaps with a wildcard.
    Dns(String),
}

impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            // Any ASCII is allowed there, line ends too.
            Self::Dns(name) => name.escape_default().fmt(f),
        }
    }
}

/// What clients expect of a server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerTraits {
    /// Whether there is an extension with subject alternative names, hosts or others.
    pub has_alternative_names: bool,
    /// Whether it says where its issuer's certificate can be downloaded (`caIssuers`, RFC 5280
    /// 4.2.2.1), as certificates of public CAs do.
    pub has_issuer_address: bool,
    /// The `Name`, in DER, of whoever issued the issuer's certificate, if it says so.
    pub issuer_of_issuer: Option<Vec<u8>>,
    /// Whether its extended key usage is absent, or lists `serverAuth` or any usage.
    pub is_for_servers: bool,
}

/// What is kept of a certificate's extensions.
pub(crate) struct Extensions {
    pub(crate) is_authority: bool,
    pub(crate) names: Vec<SubjectName>,
    pub(crate) server: ServerTraits,
}

impl Extensions {
    /// Those of a version before 3, which has none: its certificates may all certify others.
    pub(crate) fn of_old_version() -> Self {
        Self { is_authority: true, ..Self::none() }
    }

    fn none() -> Self {
        let server = ServerTraits {
            has_alternative_names: false,
            has_issuer_address: false,
            issuer_of_issuer: None,
            is_for_servers: true,
        };
        Self { is_authority: false, names: Vec::new(), server }
    }

    /// Reads and checks the extensions that Go reads.
    pub(crate) fn read(list: &[X509Extension<'_>]) -> Result<Self, ExtensionError> {
        // Go names a duplicate before a bad extension.
        for (at, extension) in list.iter().enumerate() {
            if list.iter().take(at).any(|before| before.oid == extension.oid) {
                return Err(ExtensionError::Duplicate(der::dotted(extension.oid.as_bytes())));
            }
        }
        let mut kept = Self::none();
        for extension in list {
            kept.keep(extension.oid.as_bytes(), extension.critical, extension.value)?;
        }
        Ok(kept)
    }

    fn keep(&mut self, id: &[u8], critical: bool, value: &[u8]) -> Result<(), ExtensionError> {
        const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];
        let never_critical =
            |name| if critical { Err(ExtensionError::Critical(name)) } else { Ok(name) };
        match id {
            oid::SUBJECT_KEY => {
                read::<KeyIdentifier<'_>>(value, never_critical("subject key identifier")?)?;
            }
            oid::KEY_USAGE => {
                read::<KeyUsage>(value, "key usage")?;
            }
            oid::SUBJECT_NAMES => {
                self.names = subject_names(value)?;
                self.server.has_alternative_names = true;
            }
            oid::BASIC_CONSTRAINTS => {
                self.is_authority = read::<BasicConstraints>(value, "basic constraints")?.ca;
            }
            oid::NAME_CONSTRAINTS => {
                read::<NameConstraints<'_>>(value, "NameConstraints extension")?;
            }
            oid::AUTHORITY_KEY => {
                let name = never_critical("authority key identifier")?;
                let key: AuthorityKeyIdentifier<'_> = read(value, name)?;
                let issuer = key.authority_cert_issuer.and_then(|names| names.into_iter().next());
                if let Some(GeneralName::DirectoryName(name)) = issuer {
                    self.server.issuer_of_issuer = Some(name.as_raw().to_vec());
                }
            }
            oid::EXTENDED_KEY_USAGE => {
                let usage: ExtendedKeyUsage<'_> = read(value, "extended key usages")?;
                self.server.is_for_servers = usage.server_auth || usage.any;
            }
            oid::AUTHORITY_INFO => {
                let name = never_critical("authority info access")?;
                let info: AuthorityInfoAccess<'_> = read(value, name)?;
                self.server.has_issuer_address =
                    info.iter().any(|entry| entry.access_method.as_bytes() == CA_ISSUERS);
            }
            _ => {}
        }
        Ok(())
    }
}

/// The value of an extension; as in Go, bytes that follow it are ignored.
pub(crate) fn read<'a, T: FromDer<'a, X509Error>>(
    value: &'a [u8],
    name: &'static str,
) -> Result<T, ExtensionError> {
    T::from_der(value).map(|(_, read)| read).map_err(|_| ExtensionError::Invalid(name))
}

/// The hosts in subject alternative names, all of which Go must be able to read.
fn subject_names(value: &[u8]) -> Result<Vec<SubjectName>, ExtensionError> {
    let list: SubjectAlternativeName<'_> = read(value, "subject alternative names")?;
    let mut hosts = Vec::new();
    for name in list.general_names {
        match name {
            GeneralName::DNSName(name) if name.is_ascii() => {
                hosts.push(SubjectName::Dns(name.to_owned()));
            }
            GeneralName::IPAddress(octets) => {
                hosts.push(SubjectName::Address(address(octets)?));
            }
            GeneralName::URI(uri) if uri.is_ascii() && !is_readable(uri) => {
                return Err(ExtensionError::Uri(uri.to_owned()));
            }
            GeneralName::RFC822Name(text) | GeneralName::URI(text) if text.is_ascii() => {}
            // What is not UTF-8 is invalid.
            GeneralName::RFC822Name(_) | GeneralName::Invalid(Tag(1), _) => {
                return Err(ExtensionError::NotAscii("rfc822Name"));
            }
            GeneralName::DNSName(_) | GeneralName::Invalid(Tag(2), _) => {
                return Err(ExtensionError::NotAscii("dNSName"));
            }
            GeneralName::URI(_) | GeneralName::Invalid(Tag(6), _) => {
                return Err(ExtensionError::NotAscii("uniformResourceIdentifier"));
            }
            _ => {}
        }
    }
    Ok(hosts)
}

fn address(octets: &[u8]) -> Result<IpAddr, ExtensionError> {
    let of_4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    of_4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from))
        .map_err(|_| ExtensionError::AddressLength(octets.len()))
}

/// Whether Go's `url.Parse` reads a URI and finds no host that is a bad domain name.
fn is_readable(uri: &str) -> bool {
    let host = urls::host(uri).ok().and_then(|host| String::from_utf8(host).ok());
    host.is_some_and(|host| is_domain(&host))
}

/// Go's `domainNameValid`: no empty label, no dot at the end, printable ASCII without blanks.
pub(crate) fn is_domain(name: &str) -> bool {
    name.is_empty()
        || name
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_graphic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    fn judge(id: &[u8], critical: bool, value: &[u8]) -> String {
        let mut kept = Extensions::none();
        let result = kept.keep(id, critical, value);
        result.map_or_else(|error| error.to_string(), |()| "good".to_owned())
    }

    #[test]
    fn by_identifier() {
        let good = "good";
        for (last, value, expected) in [
            (14, &[4, 1, 9][..], good),
            (14, &[5, 0], "x509: invalid subject key identifier"),
            (15, &[3, 2, 5, 0xa0], good),
            (19, &[0x30, 6, 1, 1, 0xff, 2, 1, 0], good),
            (19, &[0x30, 3, 2, 1, 0xff], "x509: invalid basic constraints"),
            (35, &[0x30, 3, 0x80, 1, 9], good),
            (35, &[0x31, 0], "x509: invalid authority key identifier"),
            (37, &[0x30, 3, 6, 1, 0x2a], good),
            (37, &[0x31, 3, 6, 1, 0x2a], "x509: invalid extended key usages"),
            (99, &[], good),
        ] {
            assert_eq!(judge(&[0x55, 0x1d, last], false, value), expected, "{last} {value:x?}");
        }
        assert_eq!(
            judge(oid::AUTHORITY_INFO, false, &[0x30, 7, 0x30, 5, 6, 1, 0x2a, 0x86, 0]),
            good
        );
        let invalid = "x509: invalid authority info access";
        assert_eq!(judge(oid::AUTHORITY_INFO, false, &[0x30, 2, 0x30, 0]), invalid);
    }

    #[test]
    fn never_critical() {
        for id in [&[0x55, 0x1d, 14][..], &[0x55, 0x1d, 35], oid::AUTHORITY_INFO] {
            assert!(judge(id, true, &[0x30, 0]).ends_with("incorrectly marked critical"), "{id:?}");
        }
    }

    #[test]
    fn names() {
        for (tag, name, expected) in [
            (0x81, &b"a@b"[..], "good"),
            (0x81, b"\xff", "x509: SAN rfc822Name is malformed"),
            (0x82, b"\xff", "x509: SAN dNSName is malformed"),
            (0x86, b"https://a.b/", "good"),
            (0x86, b"\xff", "x509: SAN uniformResourceIdentifier is malformed"),
            (0x86, b":a", "x509: cannot parse URI \":a\""),
            (0x87, b"1234", "good"),
            (0x87, b"123", "x509: cannot parse IP address of length 3"),
            (0xa4, b"", "good"),
        ] {
            let value = element(0x30, &element(tag, name));
            assert_eq!(judge(&[0x55, 0x1d, 17], false, &value), expected);
        }
    }

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
    fn domains() {
        for (name, expected) in [
            ("", true),
            ("a.b", true),
            (".a.b", false),
            ("a.", false),
            ("a..b", false),
            ("a b", false),
            (".", false),
        ] {
            assert_eq!(is_domain(name), expected, "{name:?}");
        }
    }

    #[test]
    fn constraints() {
        let permitted =
            |tag, base: &[u8]| element(0x30, &element(0xa0, &element(0x30, &element(tag, base))));
        let invalid = "x509: invalid NameConstraints extension";
        for (value, expected) in [
            (element(0x31, &[]), invalid),
            (permitted(0x82, b".a.b"), "good"),
            (permitted(0xa4, b""), "good"),
        ] {
            assert_eq!(judge(&[0x55, 0x1d, 30], false, &value), expected);
        }
    }
}
