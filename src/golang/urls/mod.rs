//! Addresses as Go's `net/url` reads them, for `--server`, `--proxy-url` and certificates.

mod address;
mod host;

use std::borrow::Cow;

use self::address::AddressError;
use super::quote::quote;
use crate::shown;

/// An address that cannot be used, in the words of Go 1.26's `net/url` and of client-go. What may
/// be a password in it is not told, though kubectl tells it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// No IPv6 address between brackets.
    #[error("invalid host: {0}")]
    Address(AddressError),
    /// A control character before the fragment.
    #[error("net/url: invalid control character in URL")]
    Control,
    /// A `%` without two hexadecimal digits, or one that stands for what may not be there.
    #[error("invalid URL escape {}", quote(.0))]
    Escape(Vec<u8>),
    /// A colon in the first part of a path that has no scheme.
    #[error("first path segment in URL cannot contain colon")]
    FirstSegment,
    /// A character that no host name has.
    #[error("invalid character {} in host name", quote([*.0]))]
    HostCharacter(u8),
    /// A bracket inside a host, or an IPv4 address between brackets.
    #[error("invalid IP-literal")]
    Literal,
    /// A bracket that is not closed.
    #[error("missing ']' in host")]
    MissingBracket,
    /// A colon with nothing before it.
    #[error("missing protocol scheme")]
    MissingScheme,
    /// Neither a URL nor a host with an optional port (client-go's `DefaultServerURL`).
    #[error("host must be a URL or a host:port pair: {}", shown::Address(.0))]
    NotServer(String),
    /// A port that is no number.
    #[error("invalid port {} after host", port_words(.0))]
    Port(String),
    /// A character before the `@` that may not be there.
    #[error("net/url: invalid userinfo")]
    Userinfo,
    /// A bad `%` before the `@`; Go shows it.
    #[error("invalid URL escape in userinfo")]
    UserinfoEscape,
}

impl UrlError {
    /// The line with which kubectl refuses the server.
    pub fn first_line(&self) -> String {
        match self {
            Self::NotServer(_) => format!("error: {self}"),
            _ => format!("Unable to connect to the server: {self}"),
        }
    }

    /// The error without what it shows of a text before the last `@`: Go ends a host at the slash
    /// of `user:pass/word@host` and has half the password for its port.
    fn without_userinfo_of(self, text: &str) -> Self {
        let end = text.rfind('@').unwrap_or_default();
        let before = text.as_bytes().get(..end).unwrap_or_default();
        let shown_of =
            |part: &[u8]| !part.is_empty() && before.windows(part.len()).any(|seen| seen == part);
        match self {
            Self::Port(port) if shown_of(port.as_bytes()) => Self::Port(":xxxxx".to_owned()),
            Self::Escape(escape) if shown_of(&escape) => Self::UserinfoEscape,
            other => other,
        }
    }
}

/// A port that is not a number may be a password: `user:password` without its host.
fn port_words(port: &str) -> String {
    if shown::is_word(port.trim_start_matches(':')) {
        quote(port.as_bytes())
    } else {
        shown::Hidden(port.len()).to_string()
    }
}

fn scheme_words(scheme: &str) -> String {
    if scheme.is_empty() || shown::is_word(scheme) {
        quote(scheme.as_bytes())
    } else {
        shown::Hidden(scheme.len()).to_string()
    }
}

/// An address that cannot be a proxy (client-go's `parseProxyURL`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// Another scheme, or none.
    #[error("unsupported scheme {}, must be http, https, or socks5", scheme_words(.0))]
    Scheme(String),
    /// No URL; the text is without what stood before an `@`.
    #[error("could not parse: {}", shown::Address(.0))]
    Unparsable(String),
}

/// Checks a `--server` value as client-go's `DefaultServerURL` does: a URL with scheme and host,
/// else a host with an optional port, no path. Whether `http` or `https` is put before a bare host
/// makes no difference here. No text is no wish.
pub fn check_server(text: &str) -> Result<(), UrlError> {
    if text.is_empty()
        || parse(text).is_ok_and(|url| !url.scheme.is_empty() && !url.host.is_empty())
    {
        return Ok(());
    }
    match parse(&format!("http://{text}")) {
        Ok(url) if matches!(url.path, "" | "/") => Ok(()),
        Ok(_) => Err(UrlError::NotServer(without_userinfo(text).into_owned())),
        Err(error) => Err(error.without_userinfo_of(text)),
    }
}

/// Checks a `--proxy-url` value as client-go's `parseProxyURL` does; no text is no proxy.
pub fn check_proxy(text: &str) -> Result<(), ProxyError> {
    if text.is_empty() {
        return Ok(());
    }
    let Ok(url) = parse(text) else {
        return Err(ProxyError::Unparsable(without_userinfo(text).into_owned()));
    };
    let scheme = url.scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "http" | "https" | "socks5" => Ok(()),
        _ => Err(ProxyError::Scheme(scheme)),
    }
}

/// The host and port of a URL, without escapes (`url.Parse`). Empty if it has none.
pub fn host(url: &str) -> Result<Vec<u8>, UrlError> {
    parse(url).map(|url| url.host)
}

/// The address with `xxxxx` for all that may be a user and a password: everything from the scheme
/// to the last `@`, be it a URL or not.
pub fn without_userinfo(text: &str) -> Cow<'_, str> {
    let Some((before, host)) = text.rsplit_once('@') else {
        return Cow::Borrowed(text);
    };
    let scheme = before.find("://").and_then(|colon| before.get(..colon + 3)).unwrap_or_default();
    Cow::Owned(format!("{scheme}xxxxx@{host}"))
}

/// What is asked of a parsed URL.
struct Url<'a> {
    /// As written, not in small letters.
    scheme: &'a str,
    /// With the port, without escapes. Empty if it has none.
    host: Vec<u8>,
    /// Still escaped.
    path: &'a str,
}

/// Splits a URL as `url.Parse` does.
fn parse(text: &str) -> Result<Url<'_>, UrlError> {
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
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    match text.split_once(':') {
        Some(("", _)) => Err(UrlError::MissingScheme),
        Some((scheme, rest))
            if scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.bytes().all(allowed) =>
        {
            Ok((scheme, rest))
        }
        _ => Ok(("", text)),
    }
}

#[cfg(test)]
mod tests;
