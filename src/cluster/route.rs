//! The way to an API server, as messages and the log show it: no credential is in it.

use http::Uri;
use jiff::Timestamp;

use super::proxy::ProxyOrigin;
use crate::golang;

/// The way to an API server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// The server's address, without a path.
    pub server: String,
    /// The server's host and port.
    pub host: String,
    /// The context, `None` if none is used.
    pub context: Option<String>,
    /// The user, `None` if the context names none.
    pub user: Option<String>,
    /// What the requests carry that proves who sends them.
    pub login: SentLogin,
    /// When the client certificate expired, `None` if it has not or if there is none.
    pub expired: Option<Timestamp>,
    /// The proxy on the way.
    pub proxy: Option<ProxyRoute>,
}

/// What proves to a server who sends a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SentLogin {
    /// A token, a password or a client certificate.
    #[default]
    Sent,
    /// Nothing: neither the kubeconfig nor a flag has a login.
    Missing,
    /// Nothing, because the connection has no TLS: whoever listens would have the login.
    Withheld,
}

/// A proxy on the way to an API server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProxyRoute {
    pub url: String,
    pub origin: ProxyOrigin,
}

impl Route {
    /// The way to a server, perhaps through a proxy.
    pub(super) fn new(server: &Uri, proxy: Option<&(Uri, ProxyOrigin)>) -> Self {
        let scheme = server.scheme_str().unwrap_or("https");
        let port = server.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        let host = format!("{}:{port}", server.host().unwrap_or_default());
        let proxy = proxy.map(|(url, origin)| {
            let url = golang::urls::without_userinfo(url.to_string().trim_end_matches('/'))
                .replacen("xxxxx@", "", 1);
            ProxyRoute { url, origin: origin.clone() }
        });
        Self { server: format!("{scheme}://{host}"), host, proxy, ..Self::default() }
    }
}
