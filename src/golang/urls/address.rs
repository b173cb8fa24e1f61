//! IPv6 addresses as Go's `netip.ParseAddr` reads them.

use super::super::quote::quote;

/// A text that is no IPv6 address, in the words of `netip.ParseAddr`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("ParseAddr({}): {why}{}", quote(text), place(at))]
    Invalid {
        text: Vec<u8>,
        /// The rule that is broken.
        why: &'static str,
        /// From where on, where Go says so.
        at: Vec<u8>,
    },
    #[error("an IPv4 address")]
    V4,
}

/// The place of the fault, where Go names one.
fn place(at: &[u8]) -> String {
    if at.is_empty() { String::new() } else { format!(" (at {})", quote(at)) }
}

/// The broken rule and the rest of the text from the fault on (empty: not named).
type Fault<'a> = (&'static str, &'a [u8]);

/// Checks an address with an optional `%zone`.
pub(super) fn check_ipv6(text: &[u8]) -> Result<(), AddressError> {
    let first = text.iter().find(|byte| matches!(byte, b'.' | b':' | b'%'));
    let checked = match first {
        Some(b'.') => check_fields(text).map(|()| true),
        Some(b':') => check_groups(text).map(|()| false),
        Some(_) => Err(("missing IPv6 address", &b""[..])),
        None => Err(("unable to parse IP", &b""[..])),
    };
    match checked {
        Ok(false) => Ok(()),
        Ok(true) => Err(AddressError::V4),
        Err((why, at)) => Err(AddressError::Invalid { text: text.to_vec(), why, at: at.to_vec() }),
    }
}

/// The groups of an IPv6 address: eight, or fewer with one `::`, or two of them as IPv4.
fn check_groups(text: &[u8]) -> Result<(), Fault<'_>> {
    let mut parts = text.splitn(2, |byte| *byte == b'%');
    let mut rest = parts.next().unwrap_or_default();
    if parts.next().is_some_and(<[u8]>::is_empty) {
        return Err(("zone must be a non-empty string", b""));
    }
    let mut gap = false;
    if let Some(after) = rest.strip_prefix(b"::") {
        gap = true;
        rest = after;
        if rest.is_empty() {
            return Ok(());
        }
    }
    let mut groups = 0;
    while groups < 8 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if digits > 4 {
            return Err(("each group must have 4 or less digits", rest));
        }
        if digits == 0 {
            return Err(("each colon-separated field must have at least one digit", rest));
        }
        let after = rest.get(digits..).unwrap_or_default();
        if after.starts_with(b".") {
            check_embedded(rest, groups, gap)?;
            groups += 2;
            rest = b"";
            break;
        }
        groups += 1;
        rest = after;
        match after {
            [] => break,
            [b':'] => return Err(("colon must be followed by more characters", after)),
            [b':', b':', ..] if gap => {
                return Err(("multiple :: in address", after.get(1..).unwrap_or_default()));
            }
            [b':', b':', after @ ..] => {
                gap = true;
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            [b':', after @ ..] => rest = after,
            _ => return Err(("unexpected character, want colon", after)),
        }
    }
    match (rest, groups, gap) {
        ([_, ..], _, _) => Err(("trailing garbage after address", rest)),
        (_, 8, true) => Err(("the :: must expand to at least one field of zeros", b"")),
        (_, ..8, false) => Err(("address string too short", b"")),
        _ => Ok(()),
    }
}

/// An IPv4 address as the last two groups.
fn check_embedded(rest: &[u8], groups: usize, gap: bool) -> Result<(), Fault<'_>> {
    if !gap && groups != 6 {
        return Err(("embedded IPv4 address must replace the final 2 fields of the address", rest));
    }
    if groups > 6 {
        return Err((
            "too many hex fields to fit an embedded IPv4 at the end of the address",
            rest,
        ));
    }
    check_fields(rest)
}

/// The four fields of an IPv4 address: up to 255, without a leading zero.
fn check_fields(text: &[u8]) -> Result<(), Fault<'_>> {
    let (mut value, mut digits, mut dots) = (0_u16, 0, 0);
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err(("IPv4 field has octet with leading zero", b""));
                }
                value = value * 10 + u16::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(("IPv4 field has value >255", b""));
                }
            }
            b'.' if digits == 0 || after.is_empty() => {
                return Err(("IPv4 field must have at least one digit", rest));
            }
            b'.' if dots == 3 => return Err(("IPv4 address too long", b"")),
            b'.' => (value, digits, dots) = (0, 0, dots + 1),
            _ => return Err(("unexpected character", rest)),
        }
        rest = after;
    }
    if dots < 3 { Err(("IPv4 address too short", b"")) } else { Ok(()) }
}
