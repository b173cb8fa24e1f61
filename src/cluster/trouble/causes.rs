//! What kube, hyper and rustls say of a failed request, as a [`Trouble`].

use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;
use rustls::{CertificateError, OtherError};

use super::{ProxyTrouble, TlsTrouble, Trouble};
use crate::cluster::tls::{ServerCertificateError, UnsupportedClientKey};
use crate::sources::system_words;

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::cluster) enum Failure {
    /// The request was never sent.
    NotSent(Trouble),
    /// It may have been acted upon.
    Lost(Trouble),
}

impl Trouble {
    /// What kube says of a request without an answer.
    pub(in crate::cluster) fn of_sending(error: &kube::Error) -> Failure {
        if causes(error).any(|cause| cause.downcast_ref::<kube::client::AuthError>().is_some()) {
            return Failure::NotSent(Self::LogIn);
        }
        let trouble = Self::of(error);
        let connecting = causes(error)
            .filter_map(|cause| cause.downcast_ref::<legacy::Error>())
            .any(legacy::Error::is_connect);
        // A server that refuses the handshake has not read a request, even if one is on its way:
        // with TLS 1.3 it checks a client certificate when the client is done.
        let is_refused = matches!(trouble, Self::Tls(TlsTrouble::Refused(_)));
        if connecting || is_refused { Failure::NotSent(trouble) } else { Failure::Lost(trouble) }
    }

    /// What kube says of an answer that breaks off.
    pub(in crate::cluster) fn of_reading(error: &kube::Error) -> Self {
        Self::of(error)
    }

    pub(in crate::cluster) fn of(error: &(dyn StdError + 'static)) -> Self {
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
        if let Some(proxy) = words.iter().find_map(|text| ProxyTrouble::of(text)) {
            Self::Proxy(proxy)
        } else if says("dns error") {
            Self::Name
        } else if says("parse error") || says("invalid HTTP") {
            Self::Garbage
        } else if says("before message completed") || says("closed") || says("end of file") {
            Self::Closed
        } else {
            Self::Unknown
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
            _ => Self::Other(system_words(error)),
        }
    }
}

impl ProxyTrouble {
    /// What hyper-util says of a proxy: it keeps the kinds to itself, but for their words.
    fn of(text: &str) -> Option<Self> {
        if let Some(text) = text.strip_prefix("tunnel error: ") {
            return match text {
                "proxy authorization required" => Some(Self::LogIn),
                "proxy response headers too long" => Some(Self::Protocol),
                "unsuccessful" | "unexpected end of file" => Some(Self::Unsuccessful),
                // These have a cause.
                _ => None,
            };
        }
        let text = text.strip_prefix("SOCKS error: ")?;
        Some(match text {
            "failed to create underlying connection" => Self::Unreachable,
            "failed parsing server response" => Self::Protocol,
            "credentials not accepted" | "server does not support user/pass authentication" => {
                Self::SocksLogIn
            }
            _ => Self::Unsuccessful,
        })
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
            E::AlertReceived(alert) => match alert_words(*alert) {
                Some(words) => Self::Refused(words),
                None => Self::Alert,
            },
            E::Other(OtherError(error)) => match error.downcast_ref::<UnsupportedClientKey>() {
                Some(key) => Self::ClientKey(key.algorithm.clone()),
                None => Self::Other("the handshake failed".to_owned()),
            },
            // The library's own words are about its code.
            _ => Self::Other("the handshake failed".to_owned()),
        }
    }
}

/// The alerts with which a server refuses a handshake (RFC 8446, section 6.2).
fn alert_words(alert: rustls::AlertDescription) -> Option<&'static str> {
    use rustls::AlertDescription as A;
    Some(match alert {
        A::AccessDenied => "access denied",
        A::BadCertificate => "bad client certificate",
        A::CertificateExpired => "client certificate expired",
        A::CertificateRequired => "client certificate required",
        A::CertificateRevoked => "client certificate revoked",
        A::CertificateUnknown => "client certificate not accepted",
        A::DecryptError => "client certificate and key do not match",
        A::HandshakeFailure | A::InsufficientSecurity | A::ProtocolVersion => {
            "no TLS version or cipher in common"
        }
        A::NoApplicationProtocol => "no HTTP version in common",
        A::UnknownCA => "client certificate from an unknown CA",
        A::UnrecognisedName => "unknown server name",
        A::UnsupportedCertificate => "unsupported client certificate",
        _ => return None,
    })
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
