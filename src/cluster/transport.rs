//! The way to an API server: kube's layers over our own TLS, through a proxy where there is one.
//!
//! kube's own client always makes its own TLS configuration, so the parts are put together here.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{HeaderValue, Request, Response, Uri};
use hyper::rt::{Read, Write};
use hyper_rustls::{
    DefaultServerNameResolver, FixedServerNameResolver, HttpsConnector, ResolveServerName,
};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::TokioExecutor;
use kube::client::{Body, ClientBuilder, ConfigExt as _};
use kube::{Client, Config};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tower::{BoxError, Service, ServiceBuilder};
use zeroize::Zeroizing;

use super::config_error::ConfigError;
use super::log::Log;
use super::trouble::Trouble;

/// What is common to all connections of a client.
struct Tls {
    config: Arc<ClientConfig>,
    names: Arc<dyn ResolveServerName + Send + Sync>,
}

impl Tls {
    fn over<C>(&self, connector: C) -> HttpsConnector<C> {
        HttpsConnector::new(connector, Arc::clone(&self.config), false, Arc::clone(&self.names))
    }
}

/// Makes a client; nothing is sent yet.
pub(super) fn client(
    config: Config,
    tls: ClientConfig,
    log: Option<Log>,
) -> Result<Client, ConfigError> {
    let names: Arc<dyn ResolveServerName + Send + Sync> = match &config.tls_server_name {
        Some(name) => Arc::new(FixedServerNameResolver::new(server_name(name)?)),
        None => Arc::new(DefaultServerNameResolver::default()),
    };
    let tls = Tls { config: Arc::new(tls), names };
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    let Some(proxy) = config.proxy_url.clone() else { return layered(config, tls.over(tcp), log) };
    match proxy.scheme_str() {
        Some("socks5") => layered(config, tls.over(SocksV5::new(proxy, tcp)), log),
        Some("http") => {
            let tunnel = with_login(Tunnel::new(proxy.clone(), tcp), &proxy);
            layered(config, tls.over(tunnel), log)
        }
        Some("https") => {
            let tunnel = with_login(Tunnel::new(proxy.clone(), tls.over(tcp)), &proxy);
            layered(config, tls.over(tunnel), log)
        }
        _ => Err(ConfigError::Kube {
            words: "the proxy's address must begin with http://, https:// or socks5://".to_owned(),
        }),
    }
}

/// Puts kube's layers over a connector.
fn layered<C>(config: Config, connector: C, log: Option<Log>) -> Result<Client, ConfigError>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + 'static,
    C::Error: Into<BoxError>,
{
    let mut connector = TimeoutConnector::new(connector);
    connector.set_connect_timeout(config.connect_timeout);
    let client = HttpClient::builder(TokioExecutor::new()).build::<_, Body>(connector);
    let login = config.auth_layer().map_err(|error| ConfigError::of_client(&error))?;
    let headers = config.extra_headers_layer().map_err(|error| ConfigError::of_client(&error))?;
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(login)
        .layer(headers)
        .service(Logged { inner: client, log });
    Ok(ClientBuilder::new(service, config.default_namespace).build())
}

/// Logs each request as it is sent, with what the layers before have added.
#[derive(Clone)]
struct Logged<S> {
    inner: S,
    log: Option<Log>,
}

impl<S, B> Service<Request<Body>> for Logged<S>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: 'static,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (method, url, headers) = (request.method(), request.uri(), request.headers());
        let entry = self.log.as_ref().map(|log| log.request(method, url, headers));
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await.map_err(Into::into);
            match (&answer, entry) {
                (_, None) => {}
                (Ok(answer), Some(entry)) => {
                    entry.answered(answer.status().as_u16(), answer.headers());
                }
                (Err(error), Some(entry)) => entry.failed(&Trouble::of(&**error).to_string()),
            }
            answer
        })
    }
}

/// Sends the user and password of the proxy's address with each tunnel's request.
fn with_login<C>(tunnel: Tunnel<C>, proxy: &Uri) -> Tunnel<C> {
    use base64::Engine as _;
    let authority = proxy.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let Some((login, _)) = authority.rsplit_once('@') else { return tunnel };
    let login = base64::engine::general_purpose::STANDARD.encode(unescaped(login));
    let Ok(mut header) = HeaderValue::from_str(&format!("Basic {login}")) else { return tunnel };
    header.set_sensitive(true);
    tunnel.with_auth(header)
}

/// A text without percent-encoding; what is not encoded stays as it is.
fn unescaped(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

/// The name that the server's certificate has to be for, in place of its address.
fn server_name(name: &str) -> Result<ServerName<'static>, ConfigError> {
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    ServerName::try_from(inner.to_owned()).map_err(|_| {
        let port = inner.rsplit_once(':');
        let has_port = port
            .is_some_and(|(host, port)| port.parse::<u16>().is_ok() && server_name(host).is_ok());
        ConfigError::ServerName { name: name.to_owned(), has_port }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_of_proxies() {
        for (text, wanted) in [
            ("user:pa%40ss%3Aword", "user:pa@ss:word"),
            ("user:100%", "user:100%"),
            ("user:%+A%4", "user:%+A%4"),
            ("%c3%BC", "\u{fc}"),
        ] {
            assert_eq!(unescaped(text).as_slice(), wanted.as_bytes(), "{text}");
        }
    }

    #[test]
    fn server_names() {
        for (name, is_valid) in [
            ("localhost", true),
            ("my_host.example.com.", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("[::1]", true),
            ("localhost:6443", false),
            ("[::1]:6443", false),
            ("a b", false),
            ("https://localhost", false),
            ("", false),
        ] {
            assert_eq!(server_name(name).is_ok(), is_valid, "{name}");
        }
        let error = server_name("localhost:6443").unwrap_err().to_string();
        assert!(error.contains("port"), "{error}");
    }
}
