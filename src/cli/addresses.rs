//! What client-go accepts for `--server` and `--proxy-url`. Messages are kubectl's, without a part of
//! the text that may be a password.

use crate::golang::quote::quote;
use crate::golang::urls::{UrlError, parse, without_userinfo};
use crate::shown;

/// A `--server` that client-go refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ServerError {
    /// Neither a URL nor a host with an optional port (client-go's `DefaultServerURL`). A user and a
    /// password are left out of the text.
    #[error("host must be a URL or a host:port pair: {}", shown::Address(.0))]
    NotServer(String),
    /// A port that is not a number. It may be a password: `user:password` without its host.
    #[error("invalid port {} after host", port_words(.0))]
    Port(String),
    /// A bad `%` before the `@`, where the text may be a password.
    #[error("invalid URL escape in userinfo")]
    UserinfoEscape,
    #[error("{0}")]
    Url(UrlError),
}

/// A `--proxy-url` that client-go refuses (`parseProxyURL`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    #[error("unsupported scheme {}, must be http, https, or socks5", scheme_words(.0))]
    Scheme(String),
    /// Not a URL. A user and a password are left out of the text.
    #[error("could not parse: {}", shown::Address(.0))]
    Unparsable(String),
}

/// Checks a `--server` value as client-go's `DefaultServerURL` does: a URL with scheme and host,
/// else a host with an optional port and without a path. Whether `http` or `https` is put before a
/// bare host makes no difference here. An empty text is like no flag.
pub(super) fn check_server(text: &str) -> Result<(), ServerError> {
    if text.is_empty()
        || parse(text).is_ok_and(|url| !url.scheme.is_empty() && !url.host.is_empty())
    {
        return Ok(());
    }
    match parse(&format!("http://{text}")) {
        Ok(url) if matches!(url.path, "" | "/") => Ok(()),
        Ok(_) => Err(ServerError::NotServer(without_userinfo(text).into_owned())),
        Err(error) => Err(ServerError::of(error, text)),
    }
}

/// Checks a `--proxy-url` value as client-go's `parseProxyURL` does. An empty text is like no flag.
pub(super) fn check_proxy(text: &str) -> Result<(), ProxyError> {
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

impl ServerError {
    /// The error without what it shows of a text before the last `@`: Go ends a host at the slash
    /// of `user:pass/word@host` and has half the password for its port.
    fn of(error: UrlError, text: &str) -> Self {
        let end = text.rfind('@').unwrap_or_default();
        let before = text.as_bytes().get(..end).unwrap_or_default();
        let shown_of =
            |part: &[u8]| !part.is_empty() && before.windows(part.len()).any(|seen| seen == part);
        match error {
            UrlError::Port(port) if shown_of(port.as_bytes()) => Self::Port(":xxxxx".to_owned()),
            UrlError::Port(port) => Self::Port(port),
            UrlError::Escape(escape) if shown_of(&escape) => Self::UserinfoEscape,
            other => Self::Url(other),
        }
    }
}

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

#[cfg(test)]
mod tests;
