//! One request to an API server and what came of it.
//!
//! The difference that counts is whether a request may have been acted upon: [`Failure::NotSent`]
//! says that no byte of it left, everything else leaves it open.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER, WARNING};
use http::{Method, Request};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use kube::Client;
use kube::client::Body;
use kube::config::AuthInfo;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::config_error::ConfigError;
use super::kubeconfig::{ResolvedConfig, from_base64};
use super::log::Log;
use super::route::Route;
use super::tls::{self, ClientPair, PairSource, TlsConfigError, TlsOptions};
use super::transport;
use super::trouble::{Failure, Trouble};
use crate::buffer::WipedBuffer;
use crate::golang;

/// The most bytes of an answer. A Secret makes at most some 4 MiB of JSON; a page of namespaces
/// less.
const ANSWER_MAX: usize = 32 << 20;
const JSON: &str = "application/json";

/// A client of one API server.
#[derive(Clone)]
pub(super) struct Connection {
    client: Client,
    /// The namespace of the context.
    pub(super) namespace: String,
    pub(super) timeout: Option<Duration>,
    pub(super) route: Arc<Route>,
}

#[derive(Clone)]
pub(super) struct Asking {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) content_type: Option<&'static str>,
    pub(super) body: Bytes,
}

/// An answer, whatever it says.
pub(super) struct Answer {
    pub(super) status: u16,
    /// The texts of its `Warning` headers.
    pub(super) warnings: Vec<String>,
    /// The server's clock, in whole seconds.
    pub(super) date: Option<Timestamp>,
    pub(super) retry_after: Option<Duration>,
    /// Where a redirect leads, without user information and query.
    pub(super) location: Option<String>,
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Connection {
    /// Makes a client; nothing is sent yet.
    pub(super) fn new(
        resolved: ResolvedConfig,
        timeout: Option<Duration>,
        log: Option<&Log>,
    ) -> Result<Self, ConfigError> {
        let ResolvedConfig { mut config, namespace, pair_source, route, now, .. } = resolved;
        let options = TlsOptions {
            authorities: config.root_cert.take(),
            is_insecure: config.accept_invalid_certs,
            pair: pair(&mut config.auth_info, pair_source),
        };
        let (tls, validity) = tls::client_config(&options).map_err(|error| match error {
            TlsConfigError::Pair(error) => ConfigError::ClientPair(error),
            TlsConfigError::Setup => ConfigError::Kube { words: "TLS cannot be set up".to_owned() },
        })?;
        let client = transport::client(config, tls, log.cloned())?;
        let expired = validity.map(|validity| validity.not_after).filter(|end| *end < now);
        let route = Arc::new(Route { expired, ..route });
        Ok(Self { client, namespace, timeout, route })
    }

    /// Sends a request once and takes the whole answer.
    pub(super) async fn ask(&self, asking: &Asking) -> Result<Answer, Failure> {
        let mut request =
            Request::builder().method(asking.method.clone()).uri(&asking.path).header(ACCEPT, JSON);
        if let Some(content_type) = asking.content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let request = request
            .body(Body::from(asking.body.clone()))
            .map_err(|_| Failure::NotSent(Trouble::Address))?;
        let whole = async {
            let response = self.client.send(request).await.map_err(|e| Trouble::of_sending(&e))?;
            let (head, body) = response.into_parts();
            let body = collect(body).await.map_err(Failure::Lost)?;
            let date = text(&head.headers, &DATE).and_then(http_date);
            let retry_after = text(&head.headers, &RETRY_AFTER);
            Ok(Answer {
                status: head.status.as_u16(),
                warnings: warnings(&head.headers),
                date,
                retry_after: retry_after.and_then(|wait| retry_after_of(wait, date)),
                location: text(&head.headers, &LOCATION).map(golang::urls::without_login),
                body,
            })
        };
        match self.timeout {
            None => whole.await,
            Some(timeout) => match tokio::time::timeout(timeout, whole).await {
                Ok(answer) => answer,
                // A connection that takes too long has failed before, see kubeconfig.rs.
                Err(_) => Err(Failure::Lost(Trouble::Timeout(timeout))),
            },
        }
    }
}

/// Takes the client certificate and its key out of a user, in whose fields they are base64.
fn pair(user: &mut AuthInfo, source: PairSource) -> Option<ClientPair> {
    let (certificate, key) = (user.client_certificate_data.take(), user.client_key_data.take());
    let (Some(certificate), Some(key)) = (certificate, key) else { return None };
    // The reader of the kubeconfig has made sure that it is base64.
    let read = |text: &str| from_base64(text).unwrap_or_default();
    Some(ClientPair { certificate: read(&certificate), key: read(key.expose_secret()), source })
}

async fn collect(mut body: Body) -> Result<Zeroizing<Vec<u8>>, Trouble> {
    let mut whole = WipedBuffer::with_capacity(4096);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Trouble::of_reading(&error))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > ANSWER_MAX {
            return Err(Trouble::TooLong);
        }
        whole.push(&data);
    }
    Ok(whole.finish())
}

fn text<'h>(headers: &'h HeaderMap, name: &http::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// `Retry-After`: seconds, or a time by the server's clock (RFC 9110, section 10.2.3).
fn retry_after_of(text: &str, now: Option<Timestamp>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let seconds = http_date(text)?.as_second().saturating_sub(now?.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// RFC 9110's preferred form of a date, the one that Go's servers write.
fn http_date(text: &str) -> Option<Timestamp> {
    let civil = jiff::fmt::strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    Some(civil.to_datetime().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// The texts of all warnings, each once (RFC 7234's `Warning`: code, agent, quoted text).
fn warnings(headers: &HeaderMap) -> Vec<String> {
    let mut found = Vec::new();
    for value in headers.get_all(WARNING) {
        for text in warning_texts(&String::from_utf8_lossy(value.as_bytes())) {
            if !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}

fn warning_texts(header: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = header;
    while let Some((_, quoted)) = rest.split_once('"') {
        let (mut text, mut escaped, mut end) = (String::new(), false, quoted.len());
        for (at, c) in quoted.char_indices() {
            match c {
                _ if escaped => {
                    text.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    end = at + 1;
                    break;
                }
                _ => text.push(c),
            }
        }
        texts.push(text);
        rest = quoted.get(end..).unwrap_or_default();
        // A date may follow, in quotes too; the next warning follows a comma.
        rest = rest.split_once(',').map_or("", |(_, next)| next);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warning_headers() {
        let rows: [(&str, &[&str]); 5] = [
            ("", &[]),
            (r#"299 - "a \"b\" \\c""#, &[r#"a "b" \c"#]),
            (r#"299 - "a", 299 - "b, c""#, &["a", "b, c"]),
            (r#"299 - "open"#, &["open"]),
            ("299 - none", &[]),
        ];
        for (header, wanted) in rows {
            assert_eq!(warning_texts(header), wanted, "{header}");
        }
    }

    #[test]
    fn waits() {
        let now = http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        let rows = [
            ("0", Some(0)),
            (" 7 ", Some(7)),
            ("99999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ];
        for (text, wanted) in rows {
            assert_eq!(retry_after_of(text, now).map(|wait| wait.as_secs()), wanted, "{text:?}");
        }
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:49:40 GMT", None), None);
    }

    #[test]
    fn dates() {
        let wanted: Timestamp = "1994-11-06T08:49:37Z".parse().unwrap();
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(wanted));
        assert_eq!(http_date("yesterday"), None);
    }
}
