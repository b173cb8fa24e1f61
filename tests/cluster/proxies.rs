//! A proxy that leads every caller to one place, and notes what was asked of it.

#![allow(clippy::unwrap_used, reason = "a helper of tests: what fails here fails the test")]

use std::io::{self, Read, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A running proxy. It speaks HTTP's CONNECT, and SOCKS5 without a login.
pub(super) struct Proxy {
    pub(super) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Leads to this port of this machine, whatever it is asked for.
    pub(super) fn to(target: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let notes = Arc::clone(&notes);
                // A caller that goes away is no failure of the proxy.
                thread::spawn(move || drop(serve(caller, target, &notes)));
            }
        });
        Self { port, asked }
    }

    /// What was asked so far: the method, the place, and the login where there is one.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut caller: TcpStream, target: u16, notes: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut first = [0];
    caller.read_exact(&mut first)?;
    let asked = if first[0] == 5 { socks(&mut caller)? } else { connect(&mut caller, first[0])? };
    notes.lock().unwrap().push(asked);
    let mut server = TcpStream::connect(("127.0.0.1", target))?;
    let (mut from, mut to) = (caller.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    io::copy(&mut server, &mut caller)?;
    caller.shutdown(Shutdown::Both)
}

fn connect(caller: &mut TcpStream, first: u8) -> io::Result<String> {
    let mut head = vec![first];
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        caller.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.lines();
    let asked = lines.next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let login = lines.find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| format!(" {value}"))
    });
    caller.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    Ok(asked + &login.unwrap_or_default())
}

/// RFC 1928, as much as a client without login needs.
fn socks(caller: &mut TcpStream) -> io::Result<String> {
    let count = bytes(caller, 1)?[0];
    bytes(caller, count.into())?;
    caller.write_all(&[5, 0])?;
    let kind = bytes(caller, 4)?[3];
    let host = if kind == 1 {
        bytes(caller, 4)?.iter().map(u8::to_string).collect::<Vec<_>>().join(".")
    } else {
        let len = bytes(caller, 1)?[0];
        String::from_utf8_lossy(&bytes(caller, len.into())?).into_owned()
    };
    let port = bytes(caller, 2)?;
    caller.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])?;
    Ok(format!("SOCKS5 {host}:{}", u16::from_be_bytes([port[0], port[1]])))
}

fn bytes(caller: &mut TcpStream, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    caller.read_exact(&mut bytes)?;
    Ok(bytes)
}
