//! The messages of a [`Trouble`]: where it is, by the way to the server, and what to do about it.

use http::Uri;

use super::{TlsTrouble, Trouble};
use crate::cluster::explanation::Explanation;
use crate::cluster::route::Route;
use crate::cluster::subject::Subject;
use crate::cluster::unauthorized::{self, LOG_IN};

const BETWEEN: &str =
    "something between here and the API server may have answered: a proxy, a login page";

impl Trouble {
    /// What went wrong, and where: the server, the proxy and the context.
    pub(in crate::cluster) fn explain(&self, subject: &Subject) -> Explanation {
        let words = match &subject.route {
            Some(route) => self.words(route, subject),
            None => self.to_string(),
        };
        Explanation { words, hints: self.hint(subject).into_iter().collect() }
    }

    fn words(&self, route: &Route, subject: &Subject) -> String {
        let proxy = route.proxy.as_ref();
        let what = match self {
            Self::Rejected { code: 401, .. } => {
                unauthorized::explain(Some(route), "the server").words
            }
            Self::Tls(TlsTrouble::Refused(_)) => {
                unauthorized::expired(route).unwrap_or_else(|| self.to_string())
            }
            // The only connection that is made is the one to the proxy.
            Self::Refused if proxy.is_some() => "the proxy refused the connection".to_owned(),
            Self::Name if proxy.is_some() => "the proxy's host name does not resolve".to_owned(),
            trouble => trouble.to_string(),
        };
        let mut places = Vec::new();
        match self {
            // The API server's own words, and what is not about the network.
            Self::Address
            | Self::Busy { .. }
            | Self::Interrupted
            | Self::Server { message: Some(_), .. } => {}
            Self::LogIn => {
                places.extend(route.user.as_ref().map(|user| format!("user {user}")));
                places.extend(context(route, subject));
            }
            _ => {
                if let Some(proxy) = proxy {
                    places.push(format!("proxy {} from {}", proxy.url, proxy.origin));
                }
                places.push(format!("server {}", route.host));
                places.extend(context(route, subject));
            }
        }
        if places.is_empty() { what } else { format!("{what} ({})", places.join(", ")) }
    }

    fn hint(&self, subject: &Subject) -> Option<String> {
        let route = subject.route.as_deref();
        Some(match self {
            Self::Name | Self::Refused | Self::ConnectTimeout | Self::Proxy(_) => {
                unreachable_hint(route?, subject)
            }
            Self::Rejected { code: 407, .. } => {
                "add the login to the proxy's address: http://USER:PASSWORD@HOST:PORT".to_owned()
            }
            Self::Rejected { code: 401, .. } => {
                return unauthorized::explain(route, "").hints.pop();
            }
            Self::Tls(TlsTrouble::Refused(_)) => LOG_IN.to_owned(),
            Self::Tls(TlsTrouble::Certificate(error)) => {
                error.defect.hint(route.map_or("HOST:PORT", |route| &route.host))
            }
            Self::Tls(TlsTrouble::NotTls) => {
                "the server's address may begin with http://".to_owned()
            }
            Self::LogIn => "log in again".to_owned(),
            Self::Rejected { code: 400, wants_https: true } => match route {
                Some(route) => write_https(&route.server.replacen("http://", "https://", 1)),
                None => "write https:// in the server's address".to_owned(),
            },
            Self::Redirect { location: Some(to), .. } => {
                route.and_then(|route| https_of(route, to)).map_or(BETWEEN.to_owned(), write_https)
            }
            Self::Rejected { code: 404, .. } => match route {
                Some(route) => format!(
                    "check the path in the server's address, or leave it out: -s {}",
                    route.server
                ),
                None => "check the path in the server's address".to_owned(),
            },
            Self::Rejected { code: 413, .. } => "split it into several Secrets".to_owned(),
            Self::Rejected { code: 403, .. } => {
                "ask the operator of that proxy or firewall which rule it is".to_owned()
            }
            Self::Foreign { .. }
            | Self::Garbage
            | Self::Redirect { .. }
            | Self::Rejected { .. } => BETWEEN.to_owned(),
            Self::Busy { .. } | Self::Interrupted => "run it again later".to_owned(),
            Self::Server { message: Some(message), .. } => return server_hint(message),
            Self::Timeout(_) => "--request-timeout=0 waits as long as it takes".to_owned(),
            _ => return None,
        })
    }
}

/// The context, unless the subject names it already.
fn context(route: &Route, subject: &Subject) -> Option<String> {
    let context = route.context.as_ref().filter(|_| subject.context.is_none());
    context.map(|context| format!("context {context}"))
}

/// What to do about a server to which there is no connection.
fn unreachable_hint(route: &Route, subject: &Subject) -> String {
    if let Some(proxy) = &route.proxy {
        return proxy.origin.bypass(&route.host);
    }
    if route.context.is_some() && !subject.flags.names_server {
        let flags = subject.cluster_flags();
        return format!("check the server's address: kubectl config view --minify{flags}");
    }
    format!("check the address, and that the API server is running: {}", route.server)
}

fn write_https(server: &str) -> String {
    format!("write https:// in the server's address: -s {server}")
}

/// The server's address with `https://`, if a redirect from `http://` leads to the same host: another
/// host is no API server's word.
fn https_of<'t>(route: &Route, to: &'t str) -> Option<&'t str> {
    let rest = to.strip_prefix("https://").filter(|_| route.server.starts_with("http://"))?;
    // The host, without the path that was asked for.
    let server = &to[..to.len() - rest.len() + rest.find('/').unwrap_or(rest.len())];
    let host = |address: &str| Some(address.parse::<Uri>().ok()?.host()?.to_owned());
    (host(&route.server) == host(server)).then_some(server)
}

/// What to do about an error of the API server, by the words of those that users can mend.
fn server_hint(message: &str) -> Option<String> {
    if message.contains("failed calling webhook") {
        Some("an admission webhook failed; contact its owner".to_owned())
    } else if message.contains("request is too large") {
        Some("split it into several Secrets".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cluster::route::SentLogin;
    use crate::reach::{ConnectionFlags, Reach};

    #[test]
    fn an_expired_client_certificate_explains_a_refusal() {
        let route = Route {
            host: "h:1".to_owned(),
            user: Some("u".to_owned()),
            expired: Some("2021-01-01T00:00:00Z".parse().unwrap()),
            ..Route::default()
        };
        let subject = subject(route, &Reach::default());
        let expired =
            "the client certificate of user u expired on 2021-01-01T00:00:00Z (server h:1)";
        let rows = [
            (Trouble::Rejected { code: 401, wants_https: false }, expired),
            (Trouble::Tls(TlsTrouble::Refused("bad client certificate")), expired),
            (Trouble::Reset, "the connection was reset (server h:1)"),
        ];
        for (trouble, wanted) in rows {
            assert_eq!(trouble.explain(&subject).words, wanted);
        }
    }

    fn subject(route: Route, reach: &Reach) -> Subject {
        Subject {
            name: "s".to_owned(),
            namespace: None,
            context: None,
            route: Some(Arc::new(route)),
            flags: ConnectionFlags::new(reach),
            deed: "created",
        }
    }

    #[test]
    fn a_401_is_explained_by_what_was_sent() {
        let rows = [
            (SentLogin::Sent, "the server does not accept the credentials (401)", LOG_IN),
            (
                SentLogin::Missing,
                "the server requires a login (401), and this run has no credentials",
                "log in, or choose a user with --context or --user",
            ),
            (
                SentLogin::Withheld,
                "the server requires a login (401), and credentials are not sent over a \
                 connection without TLS",
                "use an https:// address of the server: -s https://h:1",
            ),
        ];
        for (login, wanted, hint) in rows {
            let (server, host) = ("http://h:1".to_owned(), "h:1".to_owned());
            let subject =
                subject(Route { server, host, login, ..Route::default() }, &Reach::default());
            let trouble = Trouble::Rejected { code: 401, wants_https: false };
            assert_eq!(trouble.explain(&subject).words, format!("{wanted} (server h:1)"));
            assert_eq!(trouble.explain(&subject).hints, [hint]);
        }
    }

    #[test]
    fn a_redirect_to_another_host_is_not_followed_by_a_hint() {
        let rows = [
            ("https://h:6443/api", "write https:// in the server's address: -s https://h:6443"),
            ("https://h/", "write https:// in the server's address: -s https://h"),
            ("https://login.example.com/h", BETWEEN),
            ("https://h.example.com:1/", BETWEEN),
            ("/login", BETWEEN),
        ];
        for (to, hint) in rows {
            let (server, host) = ("http://h:1".to_owned(), "h:1".to_owned());
            let subject = subject(Route { server, host, ..Route::default() }, &Reach::default());
            let trouble = Trouble::Redirect { code: 302, location: Some(to.to_owned()) };
            assert_eq!(trouble.explain(&subject).hints, [hint], "{to}");
        }
    }

    #[test]
    fn an_address_is_looked_up_where_it_is_written() {
        let of_flag = Reach { server: Some("http://h:1".to_owned()), ..Reach::default() };
        let config = "check the server's address: kubectl config view --minify";
        let address = "check the address, and that the API server is running: http://h:1";
        let rows = [
            (Some("c"), Reach::default(), config),
            (None, Reach::default(), address),
            (Some("c"), of_flag, address),
        ];
        for (context, reach, hint) in rows {
            let context = context.map(str::to_owned);
            let (server, host) = ("http://h:1".to_owned(), "h:1".to_owned());
            let subject = subject(Route { server, host, context, ..Route::default() }, &reach);
            assert_eq!(Trouble::Refused.explain(&subject).hints, [hint]);
        }
    }
}
