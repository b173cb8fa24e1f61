//! The part of a URL between `//` and the path.

use super::UrlError;
use super::address::{self, AddressError};

/// Which rules an escaped text is held to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HostPart {
    Host,
    Zone,
}

/// Reads `[userinfo@]host[:port]`: host and port without escapes. With `strict` (http, https) a host
/// may have one colon, else as many as it likes before a port.
pub(super) fn read_authority(authority: &str, strict: bool) -> Result<Vec<u8>, UrlError> {
    let (userinfo, host) = match authority.rsplit_once('@') {
        Some((userinfo, host)) => (Some(userinfo), host),
        None => (None, authority),
    };
    let host = read_host(host, strict)?;
    if let Some(userinfo) = userinfo {
        check_userinfo(userinfo)?;
    }
    Ok(host)
}

/// Checks that each `%` has its two digits, all that a path, a fragment and a userinfo are asked.
pub(super) fn check_escapes(text: &[u8]) -> Result<(), UrlError> {
    let mut rest = text;
    while let Some(byte) = Byte::first_of(rest)? {
        rest = byte.after;
    }
    Ok(())
}

fn check_userinfo(userinfo: &str) -> Result<(), UrlError> {
    if !userinfo.bytes().all(is_userinfo_byte) {
        return Err(UrlError::Userinfo);
    }
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    [user, password]
        .into_iter()
        .try_for_each(|part| check_escapes(part.as_bytes()))
        .map_err(|_| UrlError::UserinfoEscape)
}

fn read_host(host: &str, strict: bool) -> Result<Vec<u8>, UrlError> {
    match host.rfind('[') {
        Some(0) => return read_literal(host),
        Some(_) => return Err(UrlError::Literal),
        None => {}
    }
    let colon = if strict { host.find(':') } else { host.rfind(':') };
    if let Some(colon) = colon {
        check_port(host.get(colon..).unwrap_or_default())?;
    }
    unescape(host, HostPart::Host)
}

/// An IPv6 address in brackets, perhaps with a zone (`%25` introduces it, RFC 6874), and a port.
fn read_literal(host: &str) -> Result<Vec<u8>, UrlError> {
    let (inside, port) = host.rsplit_once(']').ok_or(UrlError::MissingBracket)?;
    let inside = inside.strip_prefix('[').unwrap_or(inside);
    check_port(port)?;
    let (address, zone) = inside.split_at(inside.find("%25").unwrap_or(inside.len()));
    let mut plain = unescape(address, HostPart::Host)?;
    plain.extend(unescape(zone, HostPart::Zone)?);
    match address::check_ipv6(&plain) {
        Ok(()) => Ok([b"[", plain.as_slice(), b"]", port.as_bytes()].concat()),
        Err(AddressError::V4) => Err(UrlError::Literal),
        Err(error) => Err(UrlError::Address(error)),
    }
}

/// Nothing, or a colon and digits, of any number.
fn check_port(port: &str) -> Result<(), UrlError> {
    let digits = port.strip_prefix(':');
    if port.is_empty() || digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(());
    }
    Err(UrlError::Port(port.to_owned()))
}

/// The bytes of a host or a zone, if only such are written or escaped as may be.
fn unescape(text: &str, part: HostPart) -> Result<Vec<u8>, UrlError> {
    let mut rest = text.as_bytes();
    let mut plain = Vec::with_capacity(rest.len());
    while let Some(Byte { value: byte, escaped, after }) = Byte::first_of(rest)? {
        if escaped {
            // A host may escape what is not ASCII, a zone what could stand there plainly or is a
            // blank; both may escape a percent sign.
            let allowed = match part {
                HostPart::Host => !byte.is_ascii(),
                HostPart::Zone => byte == b' ' || is_host_byte(byte),
            };
            if !allowed && !rest.starts_with(b"%25") {
                return Err(UrlError::Escape(rest.get(..3).unwrap_or(rest).to_vec()));
            }
        } else if byte.is_ascii() && !is_host_byte(byte) {
            return Err(UrlError::HostCharacter(byte));
        }
        plain.push(byte);
        rest = after;
    }
    Ok(plain)
}

/// A byte of a URL.
struct Byte<'a> {
    value: u8,
    /// Whether it was written as `%` and two digits.
    escaped: bool,
    after: &'a [u8],
}

impl<'a> Byte<'a> {
    fn first_of(text: &'a [u8]) -> Result<Option<Self>, UrlError> {
        let Some((first, after)) = text.split_first() else {
            return Ok(None);
        };
        if *first != b'%' {
            return Ok(Some(Self { value: *first, escaped: false, after }));
        }
        if let [high, low, after @ ..] = after
            && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
        {
            return Ok(Some(Self { value: high << 4 | low, escaped: true, after }));
        }
        Err(UrlError::Escape(text.get(..3).unwrap_or(text).to_vec()))
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn is_userinfo_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte)
}

/// What Go leaves as it is in a host.
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~".contains(&byte)
}
