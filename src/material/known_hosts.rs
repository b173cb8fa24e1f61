//! OpenSSH's `known_hosts` (sshd(8) has its format): which key a host has.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::material::openssh;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownHosts {
    /// How many lines name a host's key.
    pub hosts: usize,
    /// The lines, counted from 1, that OpenSSH passes over: neither comments nor a host's key.
    pub passed_over: Vec<usize>,
    /// The lines, counted from 1, that OpenSSH reads and that no connection finds.
    pub unfound: Vec<(usize, Unfound)>,
}

/// Why no connection finds a host's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfound {
    /// A path behind the host, as a URL has it.
    Path { wanted: String },
    /// A port without brackets around the host.
    Port {
        /// The form that OpenSSH looks for.
        wanted: String,
    },
    /// A second key in the place of the comment: the ends of lines are lost.
    SecondKey,
    /// A user's name before the host.
    User { wanted: String },
}

impl fmt::Display for Unfound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { wanted } => {
                write!(f, "has a path after the host; OpenSSH looks for {wanted}")
            }
            Self::Port { wanted } => {
                write!(f, "has a port without brackets; OpenSSH looks for {wanted}")
            }
            Self::SecondKey => f.write_str("has two keys: a line break is missing"),
            Self::User { wanted } => {
                write!(f, "has a user name before the host; OpenSSH looks for {wanted}")
            }
        }
    }
}

/// Reads a file. OpenSSH passes over what it does not understand, so no input is an error.
pub(crate) fn parse(input: &[u8]) -> KnownHosts {
    let mut known = KnownHosts::default();
    let mut bracketed = Vec::new();
    for (line, number) in input.split(|b| *b == b'\n').zip(1..) {
        match line.trim_ascii() {
            [] | [b'#', ..] => {}
            line => match entry(line) {
                Some((hosts, comment)) => {
                    known.hosts += 1;
                    bracketed
                        .extend(hosts.split(|b| *b == b',').filter(|host| host.starts_with(b"[")));
                    let second = has_key(comment).then_some(Unfound::SecondKey);
                    let unfound = hosts.split(|b| *b == b',').filter_map(unfound).chain(second);
                    known.unfound.extend(unfound.map(|unfound| (number, unfound)));
                }
                None => known.passed_over.push(number),
            },
        }
    }
    // Go's reader takes a port without brackets: some files have both forms.
    known.unfound.retain(|(_, unfound)| match unfound {
        Unfound::Port { wanted } => !bracketed.contains(&wanted.as_bytes()),
        _ => true,
    });
    known
}

/// The hosts of each valid line, and the algorithm of their key; markers are left out.
pub(crate) fn key_types(input: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let lines = input.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !matches!(line, [] | [b'#' | b'@', ..]));
    lines.filter(|line| entry(line).is_some()).filter_map(|line| {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        Some((words.next()?, words.next()?))
    })
}

/// Whether a value looks like a file of hosts' keys: its first line that is no comment names one.
pub(crate) fn is_like(input: &[u8]) -> bool {
    const LINE_MAX: usize = 16 << 10;
    let mut lines = input
        .get(..input.len().min(LINE_MAX))
        .unwrap_or_default()
        .split(|b| *b == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !matches!(line, [] | [b'#', ..]));
    lines.next().is_some_and(|line| {
        let mut words = line.split(u8::is_ascii_whitespace);
        let is_key = |word: &[u8]| word.starts_with(b"ssh-") || word.starts_with(b"ecdsa-sha2-");
        words.nth(1).is_some_and(is_key) && entry(line).is_some()
    })
}

/// Why OpenSSH does not look for a host under this name.
fn unfound(host: &[u8]) -> Option<Unfound> {
    let host = std::str::from_utf8(host.strip_prefix(b"!").unwrap_or(host)).ok()?;
    if let Some((_, wanted)) = host.split_once('@') {
        return Some(Unfound::User { wanted: wanted.to_owned() });
    }
    if let Some((wanted, _)) = host.split_once('/')
        && !wanted.is_empty()
        // Neither a URL nor a hash, which is base64.
        && !wanted.contains([':', '|'])
    {
        return Some(Unfound::Path { wanted: wanted.to_owned() });
    }
    let (name, port) = host.split_once(':')?;
    let is_port = port.parse::<u16>().is_ok() && !name.is_empty() && !name.starts_with('[');
    is_port.then(|| Unfound::Port {
        wanted: if port == "22" { name.to_owned() } else { format!("[{name}]:{port}") },
    })
}

/// Whether a key and its algorithm are among the words of a comment.
fn has_key(comment: &[u8]) -> bool {
    let words: Vec<_> =
        comment.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| is_key(pair[0], pair[1]))
}

/// `[@marker] hosts algorithm base64 [comment]`: the hosts and the comment.
fn entry(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = line;
    let mut words = std::iter::from_fn(|| {
        let text = rest.trim_ascii_start();
        let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
        let (word, behind) = text.split_at(end);
        rest = behind;
        (!word.is_empty()).then_some(word)
    });
    let first = words.next();
    let hosts = match first {
        Some(b"@cert-authority" | b"@revoked") => words.next(),
        Some([b'@', ..]) => None,
        hosts => hosts,
    };
    let (hosts, algorithm, key) = (hosts?, words.next()?, words.next()?);
    (names_host(hosts) && is_key(algorithm, key)).then_some((hosts, rest))
}

/// Whether base64 holds a key, which says its algorithm again.
fn is_key(algorithm: &[u8], key: &[u8]) -> bool {
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
            let known = parse(input.as_bytes());
            assert_eq!((known.hosts, known.passed_over), (hosts, passed_over), "{input:?}");
        }
    }

    #[test]
    fn lines_that_no_connection_finds() {
        const KEY: &str =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        let port = |wanted: &str| Unfound::Port { wanted: wanted.to_owned() };
        let user = |wanted: &str| Unfound::User { wanted: wanted.to_owned() };
        for (input, want) in [
            (format!("git.example.com {KEY} ann@laptop\n"), vec![]),
            (format!("[git.example.com]:22 {KEY}\n::1 {KEY}\nfe80::1%eth0 {KEY}\n"), vec![]),
            (format!("a {KEY} b {KEY}\n"), vec![(1, Unfound::SecondKey)]),
            (format!("# x\na {KEY} {KEY}"), vec![(2, Unfound::SecondKey)]),
            (format!("a {KEY} ssh-ed25519 AAAA\n"), vec![]),
            (format!("a,git.example.com:7999 {KEY}\n"), vec![(1, port("[git.example.com]:7999"))]),
            (format!("a:22 {KEY}\n"), vec![(1, port("a"))]),
            (format!("a:1 {KEY}\n[a]:1 {KEY}\n"), vec![]),
            (format!("a:x {KEY}\n"), vec![]),
            (format!("a/team {KEY}\n"), vec![(1, Unfound::Path { wanted: "a".to_owned() })]),
            (
                format!("|1|//////////////////////////8=|//////////////////////////8= {KEY}\n"),
                vec![],
            ),
            (format!("git@github.com {KEY}\n"), vec![(1, user("github.com"))]),
        ] {
            assert_eq!(parse(input.as_bytes()).unfound, want, "{input:?}");
            assert!(is_like(input.as_bytes()), "{input:?}");
        }
        for other in ["", "# x\n", "ssh-ed25519 AAAA", "a b c\n", "[http]\nx = y\n", KEY] {
            assert!(!is_like(other.as_bytes()), "{other:?}");
        }
    }
}
