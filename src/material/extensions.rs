//! The extensions of a certificate that Go reads, as far as it refuses one (RFC 5280 4.2).

use std::fmt;
use std::net::IpAddr;

use crate::material::der::{self, Reader, Tag};
use crate::material::uri;

/// Why Go does not read an extension, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// The address is neither of IPv4 nor of IPv6.
    #[error("x509: cannot parse IP address of length {0}")]
    AddressLength(usize),
    /// A name constraint's address and mask are of neither family.
    #[error("x509: IP constraint contained value of length {0}")]
    ConstraintLength(usize),
    /// A name constraint's mask has ones behind zeros.
    #[error("x509: IP constraint contained invalid mask {0}")]
    ConstraintMask(String),
    /// A name constraint that is not text.
    #[error("x509: invalid constraint value: x509: {0:?} cannot be encoded as an IA5String")]
    ConstraintText(String),
    /// A name constraint that is no name.
    #[error("x509: failed to parse {kind} constraint {value:?}")]
    ConstraintValue {
        /// `dnsName`, `rfc822Name` or `URI`.
        kind: &'static str,
        /// As in the certificate.
        value: String,
    },
    /// RFC 5280 forbids that this extension is critical.
    #[error("x509: {0} incorrectly marked critical")]
    Critical(&'static str),
    /// RFC 5280 demands something in it.
    #[error("x509: empty name constraints {0}")]
    Empty(&'static str),
    /// Its value is not the DER it should be.
    #[error("x509: invalid {0}")]
    Invalid(&'static str),
    /// A subject alternative name holds bytes that are not ASCII.
    #[error("x509: SAN {0} is malformed")]
    NotAscii(&'static str),
    /// A subject alternative name that is no URI.
    #[error("x509: cannot parse URI {0:?}")]
    Uri(String),
}

use ExtensionError::Invalid;

/// The subject alternative names, RFC 5280 4.2.1.6.
pub(crate) const SUBJECT_NAMES: &[u8] = &[0x55, 0x1d, 17];

/// Whether the certificate may certify others, RFC 5280 4.2.1.9.
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];

/// What the key may be used for, RFC 5280 4.2.1.12.
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];

/// The issuer's key, RFC 5280 4.2.1.1.
pub(crate) const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 35];

/// Where more about the issuer can be downloaded, RFC 5280 4.2.2.1.
pub(crate) const AUTHORITY_INFO: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];

/// A host that a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// An address of IPv4 or IPv6.
    Address(IpAddr),
    /// A name of the DNS, perhaps with a wildcard.
    Dns(String),
}

impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            // Any ASCII may stand there, ends of lines too.
            Self::Dns(name) => name.escape_default().fmt(f),
        }
    }
}

/// The hosts within subject alternative names that were checked.
pub(crate) fn subject_names(value: &[u8]) -> Vec<SubjectName> {
    let mut names = Reader::new(value).sequence();
    let next = || names.as_mut().filter(|names| !names.is_empty()).and_then(Reader::any);
    let hosts = std::iter::from_fn(next).filter_map(|(tag, name)| match tag.byte() {
        0x82 => std::str::from_utf8(name).ok().map(|name| SubjectName::Dns(name.to_owned())),
        0x87 => match name.len() {
            4 => {
                <[u8; 4]>::try_from(name).ok().map(|four| SubjectName::Address(IpAddr::from(four)))
            }
            _ => <[u8; 16]>::try_from(name)
                .ok()
                .map(|sixteen| SubjectName::Address(IpAddr::from(sixteen))),
        },
        _ => None,
    });
    hosts.collect()
}

/// Whether basic constraints that were checked say "CA".
pub(crate) fn is_authority(value: &[u8]) -> bool {
    let fields = Reader::new(value).sequence();
    fields.filter(|fields| fields.is_next(Tag::BOOLEAN)).and_then(|mut fields| fields.boolean())
        == Some(true)
}

/// Whether extended key usages that were checked include `serverAuth` or any usage.
pub(crate) fn is_for_servers(value: &[u8]) -> bool {
    const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    const ANY: &[u8] = &[0x55, 0x1d, 37, 0];
    let mut usages = Reader::new(value).sequence();
    let next = || usages.as_mut().and_then(Reader::object_identifier);
    std::iter::from_fn(next).any(|usage| usage == SERVER || usage == ANY)
}

/// Whether information about the issuer that was checked has an address of its certificate.
pub(crate) fn has_issuer_address(value: &[u8]) -> bool {
    const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    let mut list = Reader::new(value).sequence();
    let next = || list.as_mut().and_then(Reader::sequence);
    std::iter::from_fn(next).any(|mut entry| entry.object_identifier() == Some(CA_ISSUERS))
}

/// The name in `authorityCertIssuer`: who issued the certificate of the issuer.
pub(crate) fn issuer_of_issuer(value: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Reader::new(value).sequence()?;
    fields.optional(Tag::context(0))?;
    let mut names = Reader::new(fields.optional(Tag::explicit(1))??);
    let name = names.optional(Tag::explicit(4))??;
    Reader::new(name).sequence().map(|name| name.rest().to_vec())
}

/// Checks the value of an extension; one Go does not know is not looked at.
pub(crate) fn check(id: &[u8], critical: bool, value: &[u8]) -> Result<(), ExtensionError> {
    let value = Reader::new(value);
    match id {
        [0x55, 0x1d, 14] if critical => Err(ExtensionError::Critical("subject key identifier")),
        [0x55, 0x1d, 14] => subject_key_identifier(value),
        [0x55, 0x1d, 15] => key_usage(value),
        SUBJECT_NAMES => alternative_names(value),
        BASIC_CONSTRAINTS => basic_constraints(value),
        [0x55, 0x1d, 30] => name_constraints(value),
        [0x55, 0x1d, 31] => distribution_points(value),
        [0x55, 0x1d, 32] => policies(value),
        [0x55, 0x1d, 33] => policy_mappings(value),
        AUTHORITY_KEY if critical => Err(ExtensionError::Critical("authority key identifier")),
        AUTHORITY_KEY => authority_key_identifier(value),
        [0x55, 0x1d, 36] => policy_constraints(value),
        EXTENDED_KEY_USAGE => extended_key_usage(value),
        [0x55, 0x1d, 54] => inhibit_any_policy(value),
        AUTHORITY_INFO if critical => Err(ExtensionError::Critical("authority info access")),
        AUTHORITY_INFO => authority_info_access(value),
        _ => Ok(()),
    }
}

fn subject_key_identifier(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    value.read(Tag::OCTET_STRING).map(drop).ok_or(Invalid("subject key identifier"))
}

fn key_usage(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    value.bit_string().map(drop).ok_or(Invalid("key usage"))
}

fn basic_constraints(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("basic constraints");
    let mut fields = value.sequence().ok_or_else(invalid)?;
    if fields.is_next(Tag::BOOLEAN) {
        fields.boolean().ok_or_else(invalid)?;
    }
    if fields.is_next(Tag::INTEGER) {
        fields.small_integer().filter(|length| *length >= 0).ok_or_else(invalid)?;
    }
    Ok(())
}

fn alternative_names(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let mut names = value.sequence().ok_or(Invalid("subject alternative names"))?;
    while !names.is_empty() {
        let (tag, name) = names.any().ok_or(Invalid("subject alternative name"))?;
        match tag.byte() {
            0x81 if !name.is_ascii() => return Err(ExtensionError::NotAscii("rfc822Name")),
            0x82 if !name.is_ascii() => return Err(ExtensionError::NotAscii("dNSName")),
            0x86 => match std::str::from_utf8(name) {
                Ok(uri) if uri.is_ascii() => {
                    if !uri::is_readable(uri) {
                        return Err(ExtensionError::Uri(uri.to_owned()));
                    }
                }
                _ => return Err(ExtensionError::NotAscii("uniformResourceIdentifier")),
            },
            0x87 if !matches!(name.len(), 4 | 16) => {
                return Err(ExtensionError::AddressLength(name.len()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn name_constraints(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("NameConstraints extension");
    let mut fields = value.sequence().filter(|_| value.is_empty()).ok_or_else(invalid)?;
    let permitted = fields.optional(Tag::explicit(0)).ok_or_else(invalid)?;
    let excluded = fields.optional(Tag::explicit(1)).ok_or_else(invalid)?;
    if !fields.is_empty() {
        return Err(invalid());
    }
    let subtrees = [permitted, excluded];
    if subtrees == [None, None] {
        return Err(ExtensionError::Empty("extension"));
    }
    if subtrees.iter().flatten().any(|subtree| subtree.is_empty()) {
        return Err(ExtensionError::Empty("subtree sequence"));
    }
    for subtree in subtrees.into_iter().flatten() {
        let mut subtree = Reader::new(subtree);
        while !subtree.is_empty() {
            let mut fields = subtree.sequence().ok_or_else(invalid)?;
            let (tag, base) = fields.any().ok_or_else(invalid)?;
            constraint(tag, base)?;
        }
    }
    Ok(())
}

fn constraint(tag: Tag, base: &[u8]) -> Result<(), ExtensionError> {
    let kind = match tag.byte() {
        0x81 => "rfc822Name",
        0x82 => "dnsName",
        0x86 => "URI",
        0x87 => return address_constraint(base),
        _ => return Ok(()),
    };
    let text = String::from_utf8_lossy(base).into_owned();
    if !base.is_ascii() {
        return Err(ExtensionError::ConstraintText(text));
    }
    let valid = match kind {
        "rfc822Name" if text.contains('@') => uri::is_mailbox(&text),
        "URI" => text.parse::<IpAddr>().is_err() && uri::is_domain(&text, true),
        _ => uri::is_domain(&text, true),
    };
    if valid { Ok(()) } else { Err(ExtensionError::ConstraintValue { kind, value: text }) }
}

fn address_constraint(base: &[u8]) -> Result<(), ExtensionError> {
    if !matches!(base.len(), 8 | 32) {
        return Err(ExtensionError::ConstraintLength(base.len()));
    }
    let (_, mask) = base.split_at(base.len() / 2);
    let mut zeros = mask.iter().skip_while(|b| **b == 0xff);
    let first = zeros.next().copied().unwrap_or(0);
    if first.count_ones() == first.leading_ones() && zeros.all(|b| *b == 0) {
        return Ok(());
    }
    let digits = mask.iter().flat_map(|b| [b >> 4, b & 15]);
    let mask = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    Err(ExtensionError::ConstraintMask(mask))
}

fn distribution_points(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let mut points = value.sequence().ok_or(Invalid("CRL distribution points"))?;
    let invalid = || Invalid("CRL distribution point");
    while !points.is_empty() {
        let mut point = points.sequence().ok_or_else(invalid)?;
        let Some(name) = point.optional(Tag::explicit(0)).ok_or_else(invalid)? else { continue };
        let names = Reader::new(name).read(Tag::explicit(0)).ok_or_else(invalid)?;
        let mut names = Reader::new(names);
        while names.is_next(Tag::context(6)) {
            names.any().ok_or_else(invalid)?;
        }
    }
    Ok(())
}

fn policies(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("certificate policies");
    let mut list = value.sequence().ok_or_else(invalid)?;
    let mut seen = Vec::new();
    while !list.is_empty() {
        let mut policy = list.sequence().ok_or_else(invalid)?;
        let id = policy.read(Tag::OBJECT_IDENTIFIER).ok_or_else(invalid)?;
        if seen.contains(&id) || !is_long_object_identifier(id) {
            return Err(invalid());
        }
        seen.push(id);
    }
    Ok(())
}

/// Go's `newOIDFromDER`: arcs of any size, in their shortest form.
fn is_long_object_identifier(contents: &[u8]) -> bool {
    let ends = contents.last().is_some_and(|last| last & 0x80 == 0);
    let mut start = true;
    ends && contents.iter().all(|byte| {
        let shortest = !(start && *byte == 0x80);
        start = byte & 0x80 == 0;
        shortest
    })
}

fn policy_mappings(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("policy mappings extension");
    let mut list = value.sequence().ok_or_else(invalid)?;
    while !list.is_empty() {
        let mut mapping = list.sequence().ok_or_else(invalid)?;
        mapping.read(Tag::OBJECT_IDENTIFIER).ok_or_else(invalid)?;
        mapping.read(Tag::OBJECT_IDENTIFIER).ok_or_else(invalid)?;
    }
    Ok(())
}

fn authority_key_identifier(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("authority key identifier");
    let mut fields = value.sequence().ok_or_else(invalid)?;
    fields.optional(Tag::context(0)).map(drop).ok_or_else(invalid)
}

fn policy_constraints(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("policy constraints extension");
    let mut fields = value.sequence().ok_or_else(invalid)?;
    for number in [0, 1] {
        if let Some(skip) = fields.optional(Tag::context(number)).ok_or_else(invalid)? {
            der::to_i64(skip).filter(|_| der::is_integer(skip)).ok_or_else(invalid)?;
        }
    }
    Ok(())
}

fn extended_key_usage(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("extended key usages");
    let mut usages = value.sequence().ok_or_else(invalid)?;
    while !usages.is_empty() {
        usages.object_identifier().ok_or_else(invalid)?;
    }
    Ok(())
}

fn inhibit_any_policy(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    value.small_integer().map(drop).ok_or(Invalid("inhibit any policy extension"))
}

fn authority_info_access(mut value: Reader<'_>) -> Result<(), ExtensionError> {
    let invalid = || Invalid("authority info access");
    let mut list = value.sequence().ok_or_else(invalid)?;
    while !list.is_empty() {
        let mut description = list.sequence().ok_or_else(invalid)?;
        description.object_identifier().ok_or_else(invalid)?;
        description.optional(Tag::context(6)).ok_or_else(invalid)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    const AUTHORITY_INFO: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];

    fn judge(id: &[u8], critical: bool, value: &[u8]) -> String {
        check(id, critical, value).map_or_else(|error| error.to_string(), |()| "good".to_owned())
    }

    #[test]
    fn by_identifier() {
        let good = "good";
        for (last, value, expected) in [
            (14, &[4, 1, 9][..], good),
            (14, &[5, 0], "x509: invalid subject key identifier"),
            (15, &[3, 2, 5, 0xa0], good),
            (15, &[3, 2, 5, 0xa1], "x509: invalid key usage"),
            (19, &[0x30, 6, 1, 1, 0xff, 2, 1, 0], good),
            (19, &[0x30, 3, 2, 1, 0xff], "x509: invalid basic constraints"),
            (31, &[0x30, 2, 0x30, 0], good),
            (31, &[0x30, 4, 0x30, 2, 0xa0, 0], "x509: invalid CRL distribution point"),
            (32, &[0x30, 4, 0x30, 2, 6, 0], "x509: invalid certificate policies"),
            (32, &[0x30, 5, 0x30, 3, 6, 1, 0x2a], good),
            (
                32,
                &[0x30, 10, 0x30, 3, 6, 1, 0x2a, 0x30, 3, 6, 1, 0x2a],
                "x509: invalid certificate policies",
            ),
            (33, &[0x30, 6, 0x30, 4, 6, 0, 6, 0], good),
            (33, &[0x30, 2, 0x30, 0], "x509: invalid policy mappings extension"),
            (35, &[0x30, 3, 0x80, 1, 9], good),
            (35, &[0x30, 2, 0x80, 1], "x509: invalid authority key identifier"),
            (36, &[0x30, 3, 0x80, 1, 0], good),
            (36, &[0x30, 2, 0x81, 0], "x509: invalid policy constraints extension"),
            (37, &[0x30, 3, 6, 1, 0x2a], good),
            (37, &[0x30, 2, 6, 0], "x509: invalid extended key usages"),
            (54, &[2, 1, 0], good),
            (54, &[5, 0], "x509: invalid inhibit any policy extension"),
            (99, &[], good),
        ] {
            assert_eq!(judge(&[0x55, 0x1d, last], false, value), expected, "{last} {value:x?}");
        }
        assert_eq!(judge(AUTHORITY_INFO, false, &[0x30, 5, 0x30, 3, 6, 1, 0x2a]), good);
        let invalid = "x509: invalid authority info access";
        assert_eq!(judge(AUTHORITY_INFO, false, &[0x30, 2, 0x30, 0]), invalid);
    }

    #[test]
    fn never_critical() {
        for id in [&[0x55, 0x1d, 14][..], &[0x55, 0x1d, 35], AUTHORITY_INFO] {
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
    fn constraints() {
        let permitted =
            |tag, base: &[u8]| element(0x30, &element(0xa0, &element(0x30, &element(tag, base))));
        for (value, expected) in [
            (element(0x30, &[]), "x509: empty name constraints extension"),
            (element(0x30, &[0xa0, 0]), "x509: empty name constraints subtree sequence"),
            (element(0x30, &[2, 1, 0]), "x509: invalid NameConstraints extension"),
            (permitted(0x82, b".a.b"), "good"),
            (permitted(0x82, b"a..b"), "x509: failed to parse dnsName constraint \"a..b\""),
            (permitted(0x81, b"a@b"), "good"),
            (permitted(0x81, b"@b"), "x509: failed to parse rfc822Name constraint \"@b\""),
            (permitted(0x86, b"1.2.3.4"), "x509: failed to parse URI constraint \"1.2.3.4\""),
            (permitted(0x87, &[1, 2, 3, 4, 0xff, 0xfe, 0, 0]), "good"),
            (
                permitted(0x87, &[1, 2, 3, 4, 0xff, 0, 0xff, 0]),
                "x509: IP constraint contained invalid mask ff00ff00",
            ),
            (permitted(0x87, &[1]), "x509: IP constraint contained value of length 1"),
            (permitted(0xa4, b""), "good"),
        ] {
            assert_eq!(judge(&[0x55, 0x1d, 30], false, &value), expected);
        }
    }
}
