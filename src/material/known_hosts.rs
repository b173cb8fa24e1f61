//! OpenSSH's `known_hosts` (sshd(8) has its format): which key a host has.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::material::openssh;

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KnownHosts {
    /// How many lines name a host's key.
    pub hosts: usize,
    /// The lines, counted from 1, that OpenSSH passes over: neither comments nor a host's key.
    pub passed_over: Vec<usize>,
}

/// Reads a file. OpenSSH passes over what it does not understand, so no input is an error.
pub fn parse(input: &[u8]) -> KnownHosts {
    let mut known = KnownHosts::default();
    for (line, number) in input.split(|b| *b == b'\n').zip(1..) {
        match line.trim_ascii() {
            [] | [b'#', ..] => {}
            line if names_key(line) => known.hosts += 1,
            _ => known.passed_over.push(number),
        }
    }
    known
}

/// `[@marker] hosts algorithm base64 [comment]`; the key says its algorithm again.
fn names_key(line: &[u8]) -> bool {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let first = words.next();
    let hosts = match first {
        Some(b"@cert-authority" | b"@revoked") => words.next(),
        Some([b'@', ..]) => None,
        hosts => hosts,
    };
    let (Some(hosts), Some(algorithm), Some(key)) = (hosts, words.next(), words.next()) else {
        return false;
    };
    if !names_host(hosts) {
        return false;
    }
    let Ok(key) = STANDARD.decode(key) else { return false };
    let Some((len, rest)) = key.split_first_chunk() else { return false };
    let name = usize::try_from(u32::from_be_bytes(*len)).ok().and_then(|len| rest.get(..len));
    name == Some(algorithm) && openssh::is_whole(&key)
}

/// Whether a connection could have one of these names: a host or a pattern of hosts, of which
/// OpenSSH takes any bytes (`HostKeyAlias`), or the hash of one. Go's reader takes a port without
/// brackets, too.
fn names_host(hosts: &[u8]) -> bool {
    if let Some(hash) = hosts.strip_prefix(b"|1|") {
        let mut parts = hash.split(|b| *b == b'|').map(|part| STANDARD.decode(part));
        let mut is_sha1 = || parts.next().is_some_and(|part| part.is_ok_and(|p| p.len() == 20));
        return is_sha1() && is_sha1() && parts.next().is_none();
    }
    hosts.split(|b| *b == b',').any(|host| {
        let is_url = host.windows(3).any(|three| three == b"://");
        !matches!(host, [] | [b'!' | b'|', ..] | [0xef, 0xbb, 0xbf, ..]) && !is_url
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        const KEY: &str =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        const SHA1: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        for (input, hosts, passed_over) in [
            (String::new(), 0, vec![]),
            ("# a comment\n\n  \r\n".to_owned(), 0, vec![]),
            (format!("github.com {KEY}\n"), 1, vec![]),
            (format!("github.com,140.82.121.4 {KEY} a comment\r\n"), 1, vec![]),
            (format!("  |1|{SHA1}|{SHA1}\t{KEY}"), 1, vec![]),
            (
                format!("|1|c2FsdA==|{SHA1} {KEY}\n|1|{SHA1} {KEY}\n|2|{SHA1}|{SHA1} {KEY}"),
                0,
                vec![1, 2, 3],
            ),
            (format!("[github.com]:22 {KEY}\n::1 {KEY}\nfe80::1%eth0,a {KEY}\n"), 3, vec![]),
            (format!("github.com:22 {KEY}\nhttps://github.com {KEY}\na,b:1 {KEY}"), 2, vec![2]),
            (format!("bücher.example {KEY}\n"), 1, vec![]),
            (format!("\u{feff}github.com {KEY}\n!a {KEY}\n*,!a {KEY}\n"), 1, vec![1, 2]),
            // A part of the key is missing, or too much of it there.
            (format!("a {}\nb {KEY}AAAA\n", &KEY[..KEY.len() - 4]), 0, vec![1, 2]),
            (format!("@cert-authority *.example.com {KEY}\n@revoked * {KEY}\n"), 2, vec![]),
            (format!("a {KEY}\n@nobody b {KEY}\nc {KEY}\n"), 2, vec![2]),
            // A public key without a host before it.
            (format!("{KEY} me@here\n"), 0, vec![1]),
            (format!("a {}\n", KEY.replace("ssh-ed25519", "ssh-rsa")), 0, vec![1]),
            ("a ssh-rsa\nssh-rsa\na ssh-rsa !\na ssh-rsa AAAA\n".to_owned(), 0, vec![1, 2, 3, 4]),
            ("a ssh-rsa AAAA//8=\na ssh-rsa /////w==\n".to_owned(), 0, vec![1, 2]),
        ] {
            assert_eq!(parse(input.as_bytes()), KnownHosts { hosts, passed_over }, "{input:?}");
        }
    }
}
