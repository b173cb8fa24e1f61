//! What went wrong on the way to an API server, where, and what to do about it.

use std::fmt::Write as _;

use http::Uri;

use super::cluster::Subject;
use crate::cluster::{Defect, ProxyOrigin, Route, SentLogin, TlsTrouble, Trouble};

pub(super) const LOG_IN: &str = "log in again, or choose another user with --context or --user";
const BETWEEN: &str =
    "something between here and the API server may have answered: a proxy, a login page";

/// What went wrong, and where: the server, the proxy and the context.
pub(super) fn words(trouble: &Trouble, subject: &Subject) -> String {
    let Some(route) = &subject.route else { return trouble.to_string() };
    let proxy = route.proxy.as_ref();
    let what = match trouble {
        Trouble::Tls(TlsTrouble::Refused(_)) | Trouble::Rejected { code: 401, .. }
            if route.expired.is_some() =>
        {
            expired(route).unwrap_or_default()
        }
        Trouble::Rejected { code: 401, .. } => unauthorized(Some(route), "the server"),
        // The only connection that is made is the one to the proxy.
        Trouble::Refused if proxy.is_some() => "the proxy refused the connection".to_owned(),
        Trouble::Name if proxy.is_some() => "the proxy's host name does not resolve".to_owned(),
        trouble => trouble.to_string(),
    };
    let mut places = Vec::new();
    match trouble {
        // The API server's own words, and what is not about the network.
        Trouble::Address
        | Trouble::Busy { .. }
        | Trouble::Interrupted
        | Trouble::Server { message: Some(_), .. } => {}
        Trouble::LogIn => {
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

/// The context, unless the subject names it already.
fn context(route: &Route, subject: &Subject) -> Option<String> {
    let context = route.context.as_ref().filter(|_| subject.context.is_none());
    context.map(|context| format!("context {context}"))
}

/// What a 401 means, by what was sent.
pub(super) fn unauthorized(route: Option<&Route>, server: &str) -> String {
    match route.map(|route| route.login).unwrap_or_default() {
        SentLogin::Sent => format!("{server} does not accept the credentials (401)"),
        SentLogin::Missing => {
            format!("{server} requires a login (401), and this run has no credentials")
        }
        SentLogin::Withheld => format!(
            "{server} requires a login (401), and credentials are not sent over a connection \
             without TLS"
        ),
    }
}

/// What to do about a 401.
pub(super) fn log_in(route: Option<&Route>) -> String {
    match route.map(|route| (route.login, route)) {
        Some((SentLogin::Missing, _)) => {
            "log in, or choose a user with --context or --user".to_owned()
        }
        Some((SentLogin::Withheld, route)) => format!(
            "use an https:// address of the server: -s {}",
            route.server.replacen("http://", "https://", 1)
        ),
        _ => LOG_IN.to_owned(),
    }
}

/// That the client certificate has expired, if it has: a server that refuses the caller refuses it
/// for that.
pub(super) fn expired(route: &Route) -> Option<String> {
    let on = route.expired.as_ref()?;
    let user = route.user.as_deref().unwrap_or_default();
    Some(format!("the client certificate of user {user} expired on {on}"))
}

/// What to do.
pub(super) fn hints(trouble: &Trouble, subject: &Subject) -> Vec<String> {
    let route = subject.route.as_deref();
    let proxy = route.and_then(|route| route.proxy.as_ref());
    let hint = match trouble {
        Trouble::Name | Trouble::Refused | Trouble::ConnectTimeout | Trouble::Proxy(_) => {
            return match (route, proxy) {
                (Some(route), Some(proxy)) => vec![around(route, &proxy.origin)],
                (Some(Route { context: Some(_), .. }), None) if !subject.flags.names_server => {
                    vec![format!(
                        "check the server's address: kubectl config view --minify{}",
                        subject.cluster_flags()
                    )]
                }
                (Some(route), None) => vec![format!(
                    "check the address, and that the API server is running: {}",
                    route.server
                )],
                (None, _) => Vec::new(),
            };
        }
        Trouble::Rejected { code: 407, .. } => {
            "add the login to the proxy's address: http://USER:PASSWORD@HOST:PORT"
        }
        Trouble::Rejected { code: 401, .. } => return vec![log_in(route)],
        Trouble::Tls(TlsTrouble::Refused(_)) => LOG_IN,
        Trouble::Tls(TlsTrouble::Certificate(error)) => {
            let host = route.map_or("HOST:PORT", |route| route.host.as_str());
            return vec![certificate_hint(&error.defect, host)];
        }
        Trouble::Tls(TlsTrouble::NotTls) => "the server's address may begin with http://",
        Trouble::LogIn => "log in again",
        Trouble::Rejected { code: 400, wants_https: true } => {
            return vec![match route {
                Some(route) => format!(
                    "write https:// in the server's address: -s {}",
                    route.server.replacen("http://", "https://", 1)
                ),
                None => "write https:// in the server's address".to_owned(),
            }];
        }
        Trouble::Redirect { location: Some(to), .. }
            if to.starts_with("https://")
                && route.is_some_and(|route| route.server.starts_with("http://")) =>
        {
            // The host, without the path that was asked for. Another host is no API server's word.
            let end = to[8..].find('/').map_or(to.len(), |end| end + 8);
            let host = |address: &str| Some(address.parse::<Uri>().ok()?.host()?.to_owned());
            return vec![match route {
                Some(route) if host(&route.server) == host(&to[..end]) => {
                    format!("write https:// in the server's address: -s {}", &to[..end])
                }
                _ => BETWEEN.to_owned(),
            }];
        }
        Trouble::Rejected { code: 404, .. } => {
            return vec![match route {
                Some(route) => {
                    format!(
                        "check the path in the server's address, or leave it out: -s {}",
                        route.server
                    )
                }
                None => "check the path in the server's address".to_owned(),
            }];
        }
        Trouble::Rejected { code: 413, .. } => "split it into several Secrets",
        Trouble::Rejected { code: 403, .. } => {
            "ask the operator of that proxy or firewall which rule it is"
        }
        Trouble::Foreign { .. }
        | Trouble::Garbage
        | Trouble::Redirect { .. }
        | Trouble::Rejected { .. } => BETWEEN,
        Trouble::Busy { .. } | Trouble::Interrupted => "run it again later",
        Trouble::Server { message: Some(message), .. } => return server_hints(message),
        Trouble::Timeout(_) => "--request-timeout=0 waits as long as it takes",
        _ => return Vec::new(),
    };
    vec![hint.to_owned()]
}

/// What to do about a server's certificate.
fn certificate_hint(defect: &Defect, host: &str) -> String {
    let hint = match defect {
        Defect::UnknownIssuer { .. } | Defect::BadSignature { .. } => {
            "the kubeconfig's certificate-authority may belong to another cluster; \
             --certificate-authority=FILE sets one"
        }
        Defect::Host { .. } => "--tls-server-name=NAME expects another name",
        Defect::Expired(_) | Defect::NotYetValid(_) => {
            "compare the clocks; if they agree the server needs a new certificate"
        }
        _ => {
            return format!(
                "the server needs another certificate; openssl s_client -connect {host} -showcerts \
                 shows this one"
            );
        }
    };
    hint.to_owned()
}

/// How to go without a proxy.
fn around(route: &Route, origin: &ProxyOrigin) -> String {
    let host = route.host.rsplit_once(':').map_or(route.host.as_str(), |(host, _)| host);
    let mut hint = String::from("to bypass the proxy, ");
    let _ = match origin {
        ProxyOrigin::Field { cluster } => {
            write!(hint, "remove proxy-url from cluster {cluster} of the kubeconfig")
        }
        ProxyOrigin::Flag => write!(hint, "leave out --proxy-url"),
        ProxyOrigin::Variable(_) => write!(hint, "add {host} to the variable NO_PROXY"),
    };
    hint
}

/// What to do about an error of the API server, by the words of those that users can mend.
fn server_hints(message: &str) -> Vec<String> {
    let hint = if message.contains("failed calling webhook") {
        "an admission webhook failed; contact its owner"
    } else if message.contains("request is too large") {
        "split it into several Secrets"
    } else {
        return Vec::new();
    };
    vec![hint.to_owned()]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::reach::ConnectionFlags;
    use crate::reach::Reach;

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
            assert_eq!(words(&trouble, &subject), wanted);
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
            assert_eq!(words(&trouble, &subject), format!("{wanted} (server h:1)"));
            assert_eq!(hints(&trouble, &subject), [hint]);
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
            assert_eq!(hints(&trouble, &subject), [hint], "{to}");
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
            assert_eq!(hints(&Trouble::Refused, &subject), [hint]);
        }
    }
}
