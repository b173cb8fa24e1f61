//! Addresses as Go's `net/url` reads them.

mod address;
mod host;

use std::borrow::Cow;

use self::address::AddressError;
use super::quote::quote;

/// A text that is no URL, in the words of Go 1.26's `net/url`. The message may show a part of the
/// text that is a password; `reach::address` hides it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UrlError {
    #[error("invalid host: {0}")]
    Address(AddressError),
    #[error("net/url: invalid control character in URL")]
    Control,
    /// A `%` without two hexadecimal digits, or one that stands for what may not be there.
    #[error("invalid URL escape {}", quote(.0))]
    Escape(Vec<u8>),
    /// A colon in the first part of a path that has no scheme.
    #[error("first path segment in URL cannot contain colon")]
    FirstSegment,
    #[error("invalid character {} in host name", quote([*.0]))]
    HostCharacter(u8),
    /// A bracket inside a host, or an IPv4 address between brackets.
    #[error("invalid IP-literal")]
    Literal,
    #[error("missing ']' in host")]
    MissingBracket,
    #[error("missing protocol scheme")]
    MissingScheme,
    #[error("invalid port {} after host", quote(.0.as_bytes()))]
    Port(String),
    /// A character before the `@` that may not be there.
    #[error("net/url: invalid userinfo")]
    Userinfo,
    /// A bad `%` before the `@`, which Go shows.
    #[error("invalid URL escape in userinfo")]
    UserinfoEscape,
}

/// The host and port of a URL, without escapes (`url.Parse`). Empty if it has none.
pub(crate) fn host(url: &str) -> Result<Vec<u8>, UrlError> {
    parse(url).map(|url| url.host)
}

/// The address with `xxxxx` for all that may be a user and a password: everything from the scheme
/// to the last `@`, be it a URL or not.
pub(crate) fn without_userinfo(text: &str) -> Cow<'_, str> {
    let Some((before, host)) = text.rsplit_once('@') else {
        return Cow::Borrowed(text);
    };
    let scheme = before.find("://").and_then(|colon| before.get(..colon + 3)).unwrap_or_default();
    Cow::Owned(format!("{scheme}xxxxx@{host}"))
}

/// The address without what may let someone in: user information, query and fragment.
pub(crate) fn without_login(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    without_userinfo(&text[..end]).replacen("xxxxx@", "", 1)
}

/// The parts of a URL that something here asks for.
pub(crate) struct Url<'a> {
    /// As written, not in small letters.
    pub(crate) scheme: &'a str,
    /// With the port, without escapes. Empty if it has none.
    pub(crate) host: Vec<u8>,
    pub(crate) path: &'a str,
}

/// Splits a URL as `url.Parse` does.
pub(crate) fn parse(text: &str) -> Result<Url<'_>, UrlError> {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(UrlError::Control);
    }
    let url = parse_without_fragment(text)?;
    host::check_escapes(fragment.as_bytes())?;
    Ok(url)
}

fn parse_without_fragment(text: &str) -> Result<Url<'_>, UrlError> {
    let (scheme, rest) = split_scheme(text)?;
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            return Ok(Url { scheme, host: Vec::new(), path: "" });
        }
        if rest.split('/').next().unwrap_or_default().contains(':') {
            return Err(UrlError::FirstSegment);
        }
    }
    let authority =
        rest.strip_prefix("//").filter(|rest| !scheme.is_empty() || !rest.starts_with('/'));
    let (host, path) = match authority {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let strict = ["http", "https"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
            (host::read_authority(authority, strict)?, path)
        }
        None => (Vec::new(), rest),
    };
    host::check_escapes(path.as_bytes())?;
    Ok(Url { scheme, host, path })
}

/// The scheme, if what stands before the first colon is one, and the rest.
fn split_scheme(text: &str) -> Result<(&str, &str), UrlError> {
    match text.split_once(':') {
        Some(("", _)) => Err(UrlError::MissingScheme),
        Some((scheme, rest))
            if scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) =>
        {
            Ok((scheme, rest))
        }
        _ => Ok(("", text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_what_lets_someone_in() {
        let rows = [
            ("/login", "/login"),
            ("https://u:p@h/login?state=s#t", "https://h/login"),
            ("https://h/#t", "https://h/"),
        ];
        for (location, wanted) in rows {
            assert_eq!(without_login(location), wanted);
        }
    }
}
