//! What goes wrong on the way to an API server and back.

mod causes;
mod explain;

use std::time::Duration;

use super::tls::ServerCertificateError;

pub(super) use self::causes::Failure;

/// What went wrong on the way. Of an answer's body it holds no more than a word that the API knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("the address cannot be used")]
    Address,
    /// The connection was closed before an answer, or in the middle of it.
    #[error("the connection was closed before the response was complete")]
    Closed,
    #[error("connecting timed out")]
    ConnectTimeout,
    #[error("{}", busy(*retry_after, *resends))]
    Busy {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
        /// How often the request was sent again.
        resends: u32,
    },
    #[error("the response (HTTP status {status}) is not from an API server")]
    Foreign { status: u16 },
    #[error("the response is not HTTP")]
    Garbage,
    /// The user interrupted a wait that the server asked for.
    #[error("mksecret was interrupted while the server asked to wait (429)")]
    Interrupted,
    #[error("the user's credentials could not be renewed")]
    LogIn,
    #[error("the host name does not resolve")]
    Name,
    #[error("the connection failed: {0}")]
    Other(String),
    #[error("the connection was refused")]
    Refused,
    #[error("the connection was reset")]
    Reset,
    /// The proxy does not lead to the server.
    #[error(transparent)]
    Proxy(ProxyTrouble),
    /// A redirect, which only a login page or a gateway answers.
    #[error("the server answers with a redirect ({code}){}", location.as_ref().map_or(String::new(), |to| format!(" to {to}")))]
    Redirect {
        code: u16,
        /// Where to, without user information and query.
        location: Option<String>,
    },
    /// An answer of 4xx that is not the API's: whoever sent it did not pass the request on.
    #[error("{}", rejected(*code, *wants_https))]
    Rejected {
        code: u16,
        /// Whether plain HTTP was sent to a server of HTTPS.
        wants_https: bool,
    },
    #[error("{}", server(*code, message.as_deref()))]
    Server {
        code: u16,
        /// The message of its Status, `None` if it has no Status.
        message: Option<String>,
    },
    #[error("no response within {}", seconds(.0))]
    Timeout(Duration),
    #[error("TLS failed: {0}")]
    Tls(TlsTrouble),
    /// Something else, which has no words for users.
    #[error("the connection failed")]
    Unknown,
    #[error("the response is too long for an API server")]
    TooLong,
}

/// What went wrong with a proxy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyTrouble {
    #[error("the proxy asks for a login (407)")]
    LogIn,
    #[error("the proxy does not speak its protocol")]
    Protocol,
    #[error("the proxy does not accept the login")]
    SocksLogIn,
    #[error("the proxy cannot be reached")]
    Unreachable,
    #[error("the proxy does not connect to the server")]
    Unsuccessful,
}

/// What went wrong with TLS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TlsTrouble {
    /// The server asks for a client certificate, and its key is not supported: its algorithm.
    #[error(
        "the server asks for a client certificate, but the key's algorithm is not supported ({0})"
    )]
    ClientKey(String),
    /// The server's certificate is not trusted.
    #[error(transparent)]
    Certificate(Box<ServerCertificateError>),
    #[error("the server does not speak TLS")]
    NotTls,
    /// The server ended the connection with an alert that is not about the handshake.
    #[error("the server ended the connection")]
    Alert,
    #[error("{0}")]
    Other(String),
    #[error("the server refused the handshake: {0}")]
    Refused(&'static str),
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
            | Self::Proxy(ProxyTrouble::Unreachable | ProxyTrouble::Unsuccessful)
            | Self::Unknown
            | Self::Refused
            | Self::Reset
            | Self::Server { .. } => true,
            Self::Address
            | Self::Busy { .. }
            | Self::ConnectTimeout
            | Self::Interrupted
            | Self::LogIn
            | Self::Name
            | Self::Proxy(
                ProxyTrouble::LogIn | ProxyTrouble::Protocol | ProxyTrouble::SocksLogIn,
            )
            | Self::Redirect { .. }
            | Self::Rejected { .. }
            | Self::Timeout(_)
            | Self::Tls(_)
            | Self::TooLong => false,
        }
    }
}

fn busy(retry_after: Option<Duration>, resends: u32) -> String {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let asks = match retry_after {
        Some(wait) if wait > DAY => {
            "the server is busy and asks to wait over a day (429)".to_owned()
        }
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
            "the server speaks HTTPS, but the request was plain HTTP (400)".to_owned()
        }
        401 => "the server does not accept the credentials (401)".to_owned(),
        403 => "something before the API server, such as a proxy or a web application firewall, \
                refuses the request (403)"
            .to_owned(),
        404 => "the server has no Kubernetes API at this path (404)".to_owned(),
        407 => "the proxy asks for a login (407)".to_owned(),
        413 => "the Secret is too large for the server or for a proxy before it (413)".to_owned(),
        code => format!("the response is {}, which is not from an API server", phrase(code)),
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

fn phrase(code: u16) -> String {
    let reason = http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason());
    reason.map_or_else(|| code.to_string(), |reason| format!("{code} {reason}"))
}

fn seconds(time: &Duration) -> String {
    let (seconds, rest) = (time.as_secs(), time.subsec_millis());
    if rest == 0 { format!("{seconds} s") } else { format!("{} ms", time.as_millis()) }
}
