//! A plain client: HTTP/1.1 over TLS, byte by byte, so that what comes back is seen as it came.

#![allow(clippy::unwrap_used, reason = "a helper of tests: what fails here fails the test")]

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto};

use super::double::Double;

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// Keeps a connection per caller.
pub(super) struct Client {
    port: u16,
    with_certificate: Arc<ClientConfig>,
    without: Arc<ClientConfig>,
    connections: HashMap<String, Stream>,
}

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    pub(super) fn new(double: &Double) -> Self {
        let config = |with_certificate: bool| {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(double.ca_pem().as_bytes()).unwrap()).unwrap();
            let provider = Arc::new(crypto::ring::default_provider());
            let builder = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots);
            let (certificate, key) = double.client_pem();
            Arc::new(if with_certificate {
                let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            } else {
                builder.with_no_client_auth()
            })
        };
        Self {
            port: double.port(),
            with_certificate: config(true),
            without: config(false),
            connections: HashMap::new(),
        }
    }

    /// Sends as `caller`: the administrator `admin` by certificate, others by that bearer token.
    pub(super) fn send(
        &mut self,
        method: &str,
        target: &str,
        caller: &str,
        media_type: Option<&str>,
        body: &[u8],
    ) -> Reply {
        self.try_send(method, target, caller, media_type, body).unwrap()
    }

    pub(super) fn try_send(
        &mut self,
        method: &str,
        target: &str,
        caller: &str,
        media_type: Option<&str>,
        body: &[u8],
    ) -> io::Result<Reply> {
        let mut stream = match self.connections.remove(caller) {
            Some(stream) => stream,
            None => self.connect(caller)?,
        };
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: double\r\n");
        if caller != "admin" {
            head.extend(["authorization: Bearer ", caller, "\r\n"]);
        }
        if let Some(media_type) = media_type {
            head.extend(["content-type: ", media_type, "\r\n"]);
        }
        let length = body.len().to_string();
        head.extend(["content-length: ", &length, "\r\n\r\n"]);
        // In one go: a reset then meets the reading, not now the one and now the other.
        stream.write_all(&[head.as_bytes(), body].concat())?;
        stream.flush()?;
        let reply = read_reply(&mut stream)?;
        self.connections.insert(caller.to_owned(), stream);
        Ok(reply)
    }

    fn connect(&self, caller: &str) -> io::Result<Stream> {
        let config = if caller == "admin" { &self.with_certificate } else { &self.without };
        let socket = TcpStream::connect(("127.0.0.1", self.port))?;
        socket.set_read_timeout(Some(Duration::from_secs(20)))?;
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
        Ok(StreamOwned::new(connection, socket))
    }
}

fn read_reply(stream: &mut Stream) -> io::Result<Reply> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let malformed = || io::Error::new(io::ErrorKind::InvalidData, "no HTTP");
    let head = String::from_utf8(head).map_err(|_| malformed())?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|rest| rest.get(..3)?.parse().ok()).ok_or_else(malformed)?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut reply = Reply { status, headers, body: Vec::new() };
    let length = reply.header("content-length").and_then(|length| length.parse().ok());
    reply.body = vec![0; length.ok_or_else(malformed)?];
    stream.read_exact(&mut reply.body)?;
    Ok(reply)
}
