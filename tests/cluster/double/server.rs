//! Connections: accepted, secured, served, and cut where a fault says so.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;

use super::api::Cluster;
use super::faults::{ConnectionFault, Faults};
use super::http::{self, Seen};

/// What all connections share.
#[derive(Debug)]
pub struct Shared {
    pub cluster: Cluster,
    pub faults: Faults,
    pub log: Mutex<Vec<Seen>>,
    /// Whether anybody is to listen.
    pub listening: watch::Sender<bool>,
    /// Whether the port is open; when it closes, all connections are reset.
    pub open: watch::Sender<bool>,
    /// Connections accepted so far.
    pub connections: AtomicU64,
}

/// One connection, as requests on it see it.
#[derive(Debug)]
pub struct Link {
    /// Counted from 1.
    pub number: u64,
    pub has_certificate: bool,
    pub control: Arc<Control>,
}

/// How a connection is cut or its output spoilt.
#[derive(Debug, Default)]
pub struct Control {
    is_reset: AtomicBool,
    cut: Notify,
    garbage: Mutex<Option<Vec<u8>>>,
    is_spoilt: AtomicBool,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            cluster: Cluster::default(),
            faults: Faults::default(),
            log: Mutex::default(),
            listening: watch::Sender::new(true),
            open: watch::Sender::new(true),
            connections: AtomicU64::new(0),
        }
    }
}

impl Control {
    /// Ends the connection with a TCP reset.
    pub fn reset(&self) {
        self.is_reset.store(true, Ordering::SeqCst);
        self.cut.notify_one();
    }

    /// The next bytes written are these instead, and then the connection ends.
    pub fn spoil(&self, garbage: &[u8]) {
        let mut slot = self.garbage.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = Some(garbage.to_vec());
    }

    fn take_garbage(&self) -> Option<Vec<u8>> {
        self.garbage.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Accepts for ever; while nobody listens, the port is closed.
pub async fn run(shared: Arc<Shared>, mut listener: Option<TcpListener>, tls: TlsAcceptor) {
    let Some(address) = listener.as_ref().and_then(|one| one.local_addr().ok()) else { return };
    let mut listening = shared.listening.subscribe();
    loop {
        if !*listening.borrow_and_update() {
            listener = None;
            shared.open.send_replace(false);
            if listening.changed().await.is_err() {
                return;
            }
            continue;
        }
        let current = match listener.take() {
            Some(current) => current,
            None => bind(address).await,
        };
        shared.open.send_if_modified(|open| !std::mem::replace(open, true));
        tokio::select! {
            changed = listening.changed() => if changed.is_err() { return },
            accepted = current.accept() => if let Ok((socket, _)) = accepted {
                let connection = serve(Arc::clone(&shared), socket, tls.clone());
                tokio::spawn(connection);
            },
        }
        listener = Some(current);
    }
}

async fn bind(address: SocketAddr) -> TcpListener {
    loop {
        if let Ok(listener) = TcpListener::bind(address).await {
            return listener;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn serve(shared: Arc<Shared>, socket: TcpStream, tls: TlsAcceptor) {
    let number = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
    let fault = shared.faults.meet_connection();
    let control = Arc::new(Control::default());
    let mut open = shared.open.subscribe();
    let _ = socket.set_nodelay(true);
    let mut socket = Socket { socket, control: Arc::clone(&control) };
    match fault {
        Some(ConnectionFault::Reset) => return control.reset(),
        Some(ConnectionFault::NotTls) => {
            let _ = socket.write_all(b"SSH-2.0-double\r\n").await;
            return;
        }
        Some(ConnectionFault::Silent) => {
            let _ = open.wait_for(|open| !open).await;
            return;
        }
        Some(ConnectionFault::ResetAfterHandshake) | None => {}
    }
    let Ok(stream) = tls.accept(socket).await else { return };
    if fault.is_some() {
        return control.reset();
    }
    let has_certificate = stream.get_ref().1.peer_certificates().is_some();
    let link = Arc::new(Link { number, has_certificate, control: Arc::clone(&control) });
    let tap = Tap { stream, control: Arc::clone(&control) };
    let handler = {
        let shared = Arc::clone(&shared);
        service_fn(move |request| http::handle(Arc::clone(&shared), Arc::clone(&link), request))
    };
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().auto_date_header(false);
    builder.http2().auto_date_header(false);
    // The socket goes before a branch of `select!` runs, so the reset is part of the wait.
    let closed = async {
        let _ = open.wait_for(|open| !open).await;
        control.reset();
    };
    tokio::select! {
        biased;
        () = control.cut.notified() => {}
        () = closed => {}
        _ = builder.serve_connection(TokioIo::new(tap), handler) => {}
    }
}

/// A socket that ends with a reset when its control says so.
struct Socket {
    socket: TcpStream,
    control: Arc<Control>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.control.is_reset.load(Ordering::SeqCst) {
            let _ = self.socket.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.control.is_reset.load(Ordering::SeqCst) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

/// The secured stream, whose output can be swapped for garbage.
struct Tap<S> {
    stream: S,
    control: Arc<Control>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(garbage) = self.control.take_garbage() {
            ready!(Pin::new(&mut self.stream).poll_write(context, &garbage))?;
            self.control.is_spoilt.store(true, Ordering::SeqCst);
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        if self.control.is_spoilt.load(Ordering::SeqCst) {
            self.control.cut.notify_one();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
