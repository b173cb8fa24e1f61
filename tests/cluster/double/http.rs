//! HTTP requests into the API's, the API's answers into HTTP ones, with faults on the way.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER, USER_AGENT,
};
use hyper::{Response, http};
use tokio::time::Sleep;

use super::faults::{Fault, Met};
use super::request::Request;
use super::server::{Link, Shared};
use super::status::{Answer, Refusal};

/// Beyond this a body is not even read away.
const READ_AWAY: usize = 32 * 1024 * 1024;

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The connection it came on, counted from 1.
    pub connection: u64,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub protocol: String,
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The path, decoded.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    pub content_type: String,
    pub user_agent: String,
    /// All of its headers, as they came.
    pub headers: Vec<(String, String)>,
    /// Whether it came over a connection with a client certificate.
    pub has_certificate: bool,
    pub body: Bytes,
    /// The status of the answer, where one was sent.
    pub status: Option<u16>,
    /// The fault that it met.
    pub fault: Option<Fault>,
    /// Whether the server did what was asked (or refused it by its own rules).
    pub processed: bool,
}

/// The connection is to end without an answer.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("cut by a fault")
    }
}

impl std::error::Error for Cut {}

/// Answers one request.
pub async fn handle(
    shared: Arc<Shared>,
    link: Arc<Link>,
    incoming: hyper::Request<Incoming>,
) -> Result<Response<Steps>, Cut> {
    let (head, body) = incoming.into_parts();
    let mut request = read_head(&head, &link);
    let target = head.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
    let met = shared.faults.meet(&request.method, target);
    let entry = Seen {
        connection: link.number,
        protocol: format!("{:?}", head.version),
        method: request.method.clone(),
        target: target.to_owned(),
        path: request.path.clone(),
        query: request.query.clone(),
        content_type: request.content_type.clone(),
        user_agent: request.user_agent.clone(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect(),
        has_certificate: request.has_certificate,
        body: Bytes::new(),
        status: None,
        fault: met.as_ref().map(|met| met.fault.clone()),
        processed: false,
    };
    let number = {
        let mut log = shared.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(entry);
        log.len() - 1
    };
    let note = |note: &dyn Fn(&mut Seen)| {
        let mut log = shared.log.lock().unwrap_or_else(PoisonError::into_inner);
        // The log may have been cleared meanwhile.
        if let Some(entry) = log.get_mut(number) {
            note(entry);
        }
    };

    let (fault, processed) = match met {
        Some(Met { fault, processed }) => (Some(fault), processed),
        None => (None, true),
    };
    if !processed {
        cut_off(&shared, &link, fault.as_ref()).await?;
    }
    request.body = match Limited::new(body, READ_AWAY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => vec![b' '; READ_AWAY].into(),
        Err(_) => return Err(Cut),
    };
    note(&|entry| entry.body = request.body.clone());
    if let (Some(Fault::Slow(time)), false) = (&fault, processed) {
        tokio::time::sleep(*time).await;
    }
    let in_time = matches!(fault, Some(Fault::Slow(_)));
    if !processed && !in_time {
        // An answer that looks right, to a request that was not done.
        request.query.push(("dryRun".into(), "All".into()));
    }
    let answer = shared.cluster.answer(&request);
    note(&|entry| entry.processed = processed || in_time);
    if let (Some(Fault::Slow(time)), true) = (&fault, processed) {
        tokio::time::sleep(*time).await;
    }
    cut_off(&shared, &link, fault.as_ref()).await?;
    let response = respond(&shared, &link, answer, fault.as_ref())?;
    note(&|entry| entry.status = Some(response.status().as_u16()));
    Ok(response)
}

/// Ends the connection where the fault leaves no answer at all.
async fn cut_off(shared: &Shared, link: &Link, fault: Option<&Fault>) -> Result<(), Cut> {
    match fault {
        Some(Fault::Reset) => link.control.reset(),
        Some(Fault::Vanish) => {
            shared.listening.send_replace(false);
            // Cut with all others, once the port is closed: whoever tries again is refused.
            std::future::pending::<()>().await;
        }
        Some(Fault::Close) => {}
        _ => return Ok(()),
    }
    Err(Cut)
}

fn respond(
    shared: &Shared,
    link: &Link,
    mut answer: Answer,
    fault: Option<&Fault>,
) -> Result<Response<Steps>, Cut> {
    let mut response = Response::builder();
    if let Some(date) = shared.cluster.clock.header() {
        response = response.header(DATE, date);
    }
    if let Some(&Fault::Status { code, retry_after }) = fault {
        answer = status(code);
        if let Some(seconds) = retry_after {
            response = response.header(RETRY_AFTER, seconds);
        }
    }
    let mut media_type = "application/json";
    let mut status = answer.status;
    let mut body = answer.body.to_string().into_bytes();
    body.push(b'\n');
    for warning in answer.warnings {
        let quoted = warning.replace('\\', "\\\\").replace('"', "\\\"");
        response = response.header("warning", format!("299 - \"{quoted}\""));
    }
    if let (None, Some((of_text, text))) = (fault, answer.text) {
        (media_type, body) = (of_text, text.into_bytes());
    }
    if let Some(&Fault::Redirect(location)) = fault {
        status = 302;
        response = response.header(LOCATION, location);
    }
    if let Some(&Fault::Foreign { status: code, content_type, body: text }) = fault {
        (status, media_type, body) = (code, content_type, text.into());
    }
    response =
        response.status(status).header(CONTENT_TYPE, media_type).header(CONTENT_LENGTH, body.len());
    let second = body.split_off(body.len() / 2);
    let (first, second) = (Step::Data(body.into()), Step::Data(second.into()));
    let steps = match fault {
        // A pause lets the first half go out before the end comes.
        Some(Fault::Truncated) => vec![first, Step::Pause(Duration::from_millis(20)), Step::Cut],
        Some(Fault::Drip(time)) => vec![first, Step::Pause(*time), second],
        Some(Fault::Garbage) => {
            link.control.spoil(b"\x00\x01garbage, and no HTTP\r\n\r\n");
            vec![first, second]
        }
        _ => vec![first, second],
    };
    response.body(Steps { steps: steps.into(), pause: None }).map_err(|_| Cut)
}

/// What a server in trouble says.
fn status(code: u16) -> Answer {
    let (reason, message) = match code {
        410 => ("Expired", "The provided continue parameter is too old"),
        429 => ("TooManyRequests", "Too many requests, please try again later."),
        500 => ("InternalError", "Internal error occurred: etcdserver: no leader"),
        503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
        504 => ("Timeout", "Timeout: request did not complete within the allotted timeout"),
        _ => ("", "an error on the server has prevented the request from succeeding"),
    };
    Refusal::plain(code, reason, message).answer()
}

fn read_head(head: &http::request::Parts, link: &Link) -> Request {
    let text = |name: &str| {
        head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let media_type = text(CONTENT_TYPE.as_str());
    let query = head.uri.query().unwrap_or_default();
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decode(&name.replace('+', " ")), percent_decode(&value.replace('+', " ")))
    });
    let impersonated = text("impersonate-user");
    Request {
        method: head.method.to_string(),
        path: percent_decode(head.uri.path()),
        query: query.collect(),
        content_type: media_type.split(';').next().unwrap_or_default().trim().to_owned(),
        user_agent: text(USER_AGENT.as_str()),
        bearer: text(AUTHORIZATION.as_str()).strip_prefix("Bearer ").map(str::to_owned),
        has_certificate: link.has_certificate,
        impersonated: (!impersonated.is_empty()).then_some(impersonated),
        body: Bytes::new(),
    }
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match decoded {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A body that comes in steps.
#[derive(Debug)]
pub struct Steps {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
enum Step {
    Data(Bytes),
    Pause(Duration),
    Cut,
}

impl Body for Steps {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        loop {
            if let Some(pause) = self.pause.as_mut() {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            return Poll::Ready(match self.steps.pop_front() {
                None => None,
                Some(Step::Data(data)) => Some(Ok(Frame::data(data))),
                Some(Step::Cut) => Some(Err(Cut)),
                Some(Step::Pause(time)) => {
                    self.pause = Some(Box::pin(tokio::time::sleep(time)));
                    continue;
                }
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }
}
