//! What goes wrong on the way to an API server and back.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use hyper_util::client::legacy;
use rustls::{CertificateError, OtherError};

use super::client::Failure;
use super::tls::{ServerCertificateError, UnsupportedClientKey};

/// What went wrong on the way. Of an answer's body it holds no more than a word that the API knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Path or host make no request.
    #[error("the address cannot be used")]
    Address,
    /// The connection was closed before an answer, or in the middle of it.
    #[error("the connection ended before the answer did")]
    Closed,
    /// No connection came about in time.
    #[error("no connection came about in time")]
    ConnectTimeout,
    /// The server asks to wait, and waiting ended.
    #[error("{}", busy(*retry_after, *resends))]
    Busy {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// How often the request was sent again.
        resends: u32,
    },
    /// What came is not an API server's answer.
    #[error("the answer, of HTTP status {status}, is not an API server's")]
    Foreign {
        /// The HTTP status.
        status: u16,
    },
    /// What came is no HTTP.
    #[error("the answer is no HTTP")]
    Garbage,
    /// The user interrupted a wait that the server asked for.
    #[error("it was interrupted while the server asked to wait (429)")]
    Interrupted,
    /// The user's credentials could not be got or renewed.
    #[error("the user's credentials could not be renewed")]
    LogIn,
    /// The host's name leads nowhere.
    #[error("the host name does not resolve")]
    Name,
    /// Something else of the connection.
    #[error("the connection failed: {0}")]
    Other(String),
    /// Nobody listens there.
    #[error("the connection was refused")]
    Refused,
    /// The connection was reset.
    #[error("the connection was reset")]
    Reset,
    /// A redirect, which only a login page or a gateway answers.
    #[error("the server answers with a redirect ({code}){}", location.as_ref().map_or(String::new(), |to| format!(" to {to}")))]
    Redirect {
        /// The HTTP status.
        code: u16,
        /// Where to, without user information and query.
        location: Option<String>,
    },
    /// An answer of 4xx that is not the API's: whoever sent it did not pass the request on.
    #[error("{}", rejected(*code, *wants_https))]
    Rejected {
        /// The HTTP status.
        code: u16,
        /// Whether plain HTTP was sent to a server of HTTPS.
        wants_https: bool,
    },
    /// An answer of 5xx.
    #[error("{}", server(*code, message.as_deref()))]
    Server {
        /// The HTTP status.
        code: u16,
        /// The message of its Status, `None` if it has no Status.
        message: Option<String>,
    },
    /// No answer came in time.
    #[error("no answer came within {}", seconds(.0))]
    Timeout(Duration),
    /// TLS.
    #[error("TLS failed: {0}")]
    Tls(TlsTrouble),
    /// The answer has no end.
    #[error("the answer is longer than any of an API server")]
    TooLong,
}

/// What went wrong with TLS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsTrouble {
    /// The server asks for a client certificate, and its key is not supported: its algorithm.
    #[error(
        "the server asks for a client certificate, and the key's algorithm is not supported ({0})"
    )]
    ClientKey(String),
    /// The server's certificate is not trusted.
    #[error(transparent)]
    Certificate(Box<ServerCertificateError>),
    /// What answers does not speak TLS.
    #[error("what answers there does not speak TLS")]
    NotTls,
    /// Something else.
    #[error("{0}")]
    Other(String),
    /// The server refused us.
    #[error("the server refused the handshake ({0})")]
    Refused(String),
    /// The server does not have the key of its certificate.
    #[error("the server's signature does not match its certificate")]
    Signature,
}

impl Trouble {
    /// The HTTP status of an answer of 5xx.
    pub(super) fn code(&self) -> Option<u16> {
        match self {
            Self::Server { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// What the server says in its own words.
    pub(super) fn text(&mut self) -> Option<&mut String> {
        match self {
            Self::Server { message, .. } => message.as_mut(),
            _ => None,
        }
    }

    /// Whether trying again may help.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Closed
            | Self::Foreign { .. }
            | Self::Garbage
            | Self::Other(_)
            | Self::Refused
            | Self::Reset
            | Self::Server { .. } => true,
            Self::Address
            | Self::Busy { .. }
            | Self::ConnectTimeout
            | Self::Interrupted
            | Self::LogIn
            | Self::Name
            | Self::Redirect { .. }
            | Self::Rejected { .. }
            | Self::Timeout(_)
            | Self::Tls(_)
            | Self::TooLong => false,
        }
    }

    /// What kube says of a request without an answer.
    pub(super) fn of_sending(error: &kube::Error) -> Failure {
        if causes(error).any(|cause| cause.downcast_ref::<kube::client::AuthError>().is_some()) {
            return Failure::NotSent(Self::LogIn);
        }
        let trouble = Self::of(error);
        let connecting = causes(error)
            .filter_map(|cause| cause.downcast_ref::<legacy::Error>())
            .any(legacy::Error::is_connect);
        if connecting { Failure::NotSent(trouble) } else { Failure::Lost(trouble) }
    }

    /// What kube says of an answer that breaks off.
    pub(super) fn of_reading(error: &kube::Error) -> Self {
        Self::of(error)
    }

    fn of(error: &(dyn StdError + 'static)) -> Self {
        for cause in causes(error) {
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Self::Tls(TlsTrouble::of(tls));
            }
            if let Some(io) = cause.downcast_ref::<io::Error>() {
                let io = innermost(io);
                if let Some(tls) = io.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
                    return Self::Tls(TlsTrouble::of(tls));
                }
                if io.raw_os_error().is_some() || io.get_ref().is_none() {
                    return Self::of_io(io);
                }
                if io.kind() == io::ErrorKind::TimedOut {
                    return Self::ConnectTimeout;
                }
                if io.kind() == io::ErrorKind::UnexpectedEof {
                    return Self::Closed;
                }
            }
        }
        // hyper keeps its kinds to itself, but for these words.
        let words: Vec<_> = causes(error).map(ToString::to_string).collect();
        let says = |part: &str| words.iter().any(|text| text.contains(part));
        if says("dns error") {
            Self::Name
        } else if says("parse error") || says("invalid HTTP") {
            Self::Garbage
        } else if says("before message completed") || says("closed") || says("end of file") {
            Self::Closed
        } else {
            let last = words.into_iter().last().unwrap_or_default();
            Self::Other(last)
        }
    }

    fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionAborted => Self::Reset,
            io::ErrorKind::TimedOut => Self::ConnectTimeout,
            io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl TlsTrouble {
    fn of(error: &rustls::Error) -> Self {
        use rustls::Error as E;
        match error {
            E::InvalidCertificate(CertificateError::BadSignature) => Self::Signature,
            E::InvalidCertificate(CertificateError::Other(OtherError(error))) => {
                match error.downcast_ref::<ServerCertificateError>() {
                    Some(error) => Self::Certificate(Box::new(error.clone())),
                    None => Self::Other("the server's certificate is not trusted".to_owned()),
                }
            }
            E::InvalidCertificate(_) => {
                Self::Other("the server's certificate is not trusted".to_owned())
            }
            E::InvalidMessage(_) => Self::NotTls,
            E::AlertReceived(alert) => Self::Refused(format!("{alert:?}")),
            E::Other(OtherError(error)) => match error.downcast_ref::<UnsupportedClientKey>() {
                Some(key) => Self::ClientKey(key.algorithm.clone()),
                None => Self::Other("the handshake failed".to_owned()),
            },
            error => Self::Other(error.to_string()),
        }
    }
}

/// The error within errors of input and output: each tells the source of the one in it as its own,
/// and so hides it.
fn innermost(error: &io::Error) -> &io::Error {
    let mut found = error;
    while let Some(inner) = found.get_ref().and_then(|inner| inner.downcast_ref()) {
        found = inner;
    }
    found
}

/// An error and all that it stands on.
fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

fn busy(retry_after: Option<Duration>, resends: u32) -> String {
    let asks = match retry_after {
        Some(wait) => format!("the server is busy and asks to wait {} (429)", seconds(&wait)),
        None => "the server is busy (429)".to_owned(),
    };
    match resends {
        0 => asks,
        1 => format!("{asks}, after 1 resend"),
        resends => format!("{asks}, after {resends} resends"),
    }
}

fn rejected(code: u16, wants_https: bool) -> String {
    match code {
        400 if wants_https => {
            "the server speaks HTTPS, and it was sent plain HTTP (400)".to_owned()
        }
        401 => "the server does not accept the credentials (401)".to_owned(),
        403 => "something before the API server, such as a proxy or a web application firewall, \
                refuses the request (403)"
            .to_owned(),
        404 => "the server has no Kubernetes API at this path (404)".to_owned(),
        407 => "the proxy asks for a login (407)".to_owned(),
        413 => "the Secret is too large for the server or for a proxy before it (413)".to_owned(),
        code => format!("the answer is {}, and not an API server's", phrase(code)),
    }
}

fn server(code: u16, message: Option<&str>) -> String {
    let mut text = match code {
        500 => "the API server returned an internal error (500)".to_owned(),
        code => format!("the server returned {}", phrase(code)),
    };
    if let Some(message) = message.filter(|message| !message.is_empty()) {
        text.push_str(": ");
        text.push_str(message);
    }
    text
}

/// `503 Service Unavailable`.
fn phrase(code: u16) -> String {
    let reason = http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason());
    reason.map_or_else(|| code.to_string(), |reason| format!("{code} {reason}"))
}

fn seconds(time: &Duration) -> String {
    let (seconds, rest) = (time.as_secs(), time.subsec_millis());
    if rest == 0 { format!("{seconds} s") } else { format!("{} ms", time.as_millis()) }
}
