//! The log of `-v`: which requests are sent and how they are answered, as kubectl's levels have it.
//! A body is never in it, nor what lets someone in.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};

use crate::golang;

/// From this level on, kubeconfig, context and requests are logged.
const REQUESTS: i32 = 6;
/// From this level on, headers are logged.
const HEADERS: i32 = 8;

/// Where the lines of the log go.
#[derive(Clone)]
pub(super) struct Log {
    write: Arc<dyn Fn(String) + Send + Sync>,
    has_headers: bool,
}

impl Log {
    /// `None` if nothing is logged at this level.
    pub(super) fn new(level: i32, write: impl Fn(String) + Send + Sync + 'static) -> Option<Self> {
        let has_headers = level >= HEADERS;
        (level >= REQUESTS).then(|| Self { write: Arc::new(write), has_headers })
    }

    pub(super) fn line(&self, text: String) {
        (self.write)(text);
    }

    /// A request that is sent now.
    pub(super) fn request(&self, method: &Method, url: &Uri, headers: &HeaderMap) -> RequestLog {
        let url = golang::urls::without_userinfo(&url.to_string()).replacen("xxxxx@", "", 1);
        RequestLog {
            log: self.clone(),
            request: format!("{method} {url}"),
            headers: if self.has_headers { listed('>', headers) } else { String::new() },
            start: Instant::now(),
            is_done: false,
        }
    }
}

/// A request that is on its way.
pub(super) struct RequestLog {
    log: Log,
    request: String,
    headers: String,
    start: Instant,
    is_done: bool,
}

impl RequestLog {
    pub(super) fn answered(mut self, status: u16, headers: &HeaderMap) {
        let time = milliseconds(self.start.elapsed());
        let answered = if self.log.has_headers { listed('<', headers) } else { String::new() };
        self.log.line(format!("{} {status} {time}{}{answered}", self.request, self.headers));
        self.is_done = true;
    }

    pub(super) fn failed(mut self, why: &str) {
        let time = milliseconds(self.start.elapsed());
        self.log.line(format!("{} failed after {time}: {why}{}", self.request, self.headers));
        self.is_done = true;
    }
}

impl Drop for RequestLog {
    fn drop(&mut self) {
        if !self.is_done {
            let time = milliseconds(self.start.elapsed());
            self.log.line(format!("{} ended after {time}{}", self.request, self.headers));
        }
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

/// The headers, each in a line of its own.
fn listed(direction: char, headers: &HeaderMap) -> String {
    let mut lines = String::new();
    for (name, value) in headers {
        let _ = write!(lines, "\n  {direction} {name}: {}", shown(name, value));
    }
    lines
}

/// The value of a header, unless it may let someone in.
fn shown(name: &HeaderName, value: &HeaderValue) -> String {
    const SECRET: [&str; 6] = ["authorization", "cookie", "key", "password", "secret", "token"];
    let is_secret = SECRET.iter().any(|word| name.as_str().contains(word));
    if is_secret || value.is_sensitive() {
        return "<hidden>".to_owned();
    }
    let text = String::from_utf8_lossy(value.as_bytes());
    if *name == http::header::LOCATION {
        let end = text.find(['?', '#']).unwrap_or(text.len());
        return golang::urls::without_userinfo(&text[..end]).into_owned();
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_lets_someone_in() {
        let rows = [
            ("authorization", "Bearer hunter2", "<hidden>"),
            ("proxy-authorization", "Basic hunter2", "<hidden>"),
            ("set-cookie", "hunter2", "<hidden>"),
            ("x-auth-token", "hunter2", "<hidden>"),
            ("x-api-key", "hunter2", "<hidden>"),
            ("location", "https://u:hunter2@h/a?code=hunter2", "https://xxxxx@h/a"),
            ("impersonate-user", "jane", "jane"),
            ("content-type", "application/json", "application/json"),
        ];
        for (name, value, wanted) in rows {
            let name = HeaderName::from_static(name);
            assert_eq!(shown(&name, &HeaderValue::from_static(value)), wanted, "{name}");
        }
    }

    #[test]
    fn levels_are_those_of_kubectl() {
        for (level, wanted) in [(0, false), (5, false), (6, true), (7, true), (10, true)] {
            let (lines, logged) = std::sync::mpsc::channel();
            let log = Log::new(level, move |line| lines.send(line).unwrap());
            assert_eq!(log.is_some(), wanted, "{level}");
            let Some(log) = log else { continue };
            let url = Uri::from_static("https://u:hunter2@h:1/a?b=c");
            let mut headers = HeaderMap::new();
            headers.insert("accept", HeaderValue::from_static("application/json"));
            log.request(&Method::GET, &url, &headers).failed("it was closed");
            let line = logged.try_recv().unwrap();
            let (first, rest) = line.split_once('\n').unwrap_or((&line, ""));
            assert!(first.starts_with("GET https://h:1/a?b=c failed after "), "{line}");
            assert!(first.ends_with(" ms: it was closed"), "{line}");
            assert_eq!(rest, if level < 8 { "" } else { "  > accept: application/json" });
        }
    }
}
