//! The key under which a kubelet keeps the login of a server, and its address in an image's name
//! (`pkg/credentialprovider/keyring.go`, with Go's `net/url`).

use std::borrow::Cow;

/// The host under which Docker Hub's own login is kept.
pub(super) const DEFAULT: &[u8] = b"index.docker.io";

/// Why no image at all is tried with the login of a server, whatever the image.
pub(crate) fn never(name: &[u8]) -> Option<&'static str> {
    let Some(key) = key(name) else { return Some("it is not a host name") };
    let slash = key.iter().position(|b| *b == b'/').unwrap_or(key.len());
    let (host, path) = key.split_at(slash);
    let (label, port) = match host.iter().rposition(|b| *b == b':') {
        Some(at) if !host.ends_with(b"]") => (&host[..at], Some(&host[at + 1..])),
        _ => (host, None),
    };
    if path.starts_with(b"//") && port == Some(b"") {
        return Some("only http:// and https:// in lowercase are dropped");
    }
    if label.is_empty() {
        return Some("it has no host");
    }
    if label.ends_with(b".") {
        return Some("no image has a dot at the end of its host");
    }
    if label == DEFAULT && !path.is_empty() {
        return Some("the host in images of Docker Hub is docker.io");
    }
    let in_path = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-/".contains(b);
    if !path.iter().all(in_path) || path.windows(2).any(|pair| pair == b"//") {
        return Some("the path is compared with the image's name, without tag and wildcards");
    }
    None
}

/// The key of a server's name; `None` if it is not a URL, so that a kubelet ignores it.
pub(crate) fn key(name: &[u8]) -> Option<Vec<u8>> {
    let schemes = [&b"https://"[..], b"http://"];
    let rest = schemes.into_iter().find_map(|scheme| name.strip_prefix(scheme));
    let address = Address::parse(rest.unwrap_or(name))?;
    let path = address.path.as_ref();
    let is_version = path.starts_with(b"/v1/") || path.starts_with(b"/v2/");
    let path = if is_version { path.get(3..).unwrap_or_default() } else { path };
    Some([address.host, if path == b"/" { b"" } else { path }].concat())
}

/// The host with its port, and the path, of a URL behind its scheme.
pub(super) struct Address<'a> {
    pub(super) host: &'a [u8],
    path: Cow<'a, [u8]>,
}

impl<'a> Address<'a> {
    /// As `url.Parse` of Go reads it, which refuses some.
    pub(super) fn parse(text: &'a [u8]) -> Option<Self> {
        if text.iter().any(u8::is_ascii_control) {
            return None;
        }
        let (text, fragment) = cut(text, b'#');
        unescape(fragment)?;
        let (text, _) = cut(text, b'?');
        let slash = text.iter().position(|b| *b == b'/').unwrap_or(text.len());
        let (authority, path) = text.split_at(slash);
        let host = match authority.iter().rposition(|b| *b == b'@') {
            Some(at) if !is_user(&authority[..at]) => return None,
            Some(at) => &authority[at + 1..],
            None => authority,
        };
        is_host(host).then_some(())?;
        Some(Self { host, path: unescape(path)? })
    }

    /// The host, without brackets if there is a port, and the port (`net.SplitHostPort`).
    pub(super) fn split(&self) -> (&'a [u8], &'a [u8]) {
        let whole = (self.host, &b""[..]);
        let Some(colon) = self.host.iter().rposition(|b| *b == b':') else { return whole };
        let (name, port) = (&self.host[..colon], &self.host[colon + 1..]);
        match name {
            [b'[', inner @ .., b']'] => (inner, port),
            _ if name.iter().any(|b| b":[]".contains(b)) => whole,
            _ => (name, port),
        }
    }

    /// Whether a key with this address is for the image with the other (`URLsMatch`).
    pub(super) fn matches(&self, image: &Address<'_>) -> bool {
        let ((host, port), (target, target_port)) = (self.split(), image.split());
        let labels = |host: &'a [u8]| host.split(|b| *b == b'.');
        port == target_port
            && image.path.starts_with(&self.path)
            && labels(host).count() == target.split(|b| *b == b'.').count()
            && labels(host)
                .zip(target.split(|b| *b == b'.'))
                .all(|(glob, label)| is_match(glob, label))
    }
}

fn cut(text: &[u8], at: u8) -> (&[u8], &[u8]) {
    match text.iter().position(|b| *b == at) {
        Some(position) => (&text[..position], &text[position + 1..]),
        None => (text, b""),
    }
}

/// The text with `%XX` decoded; `None` if a `%` has no two digits behind it.
fn unescape(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.contains(&b'%') {
        return Some(Cow::Borrowed(text));
    }
    let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            decoded.push(*first);
            continue;
        }
        let (digits, behind) = rest.split_at_checked(2)?;
        decoded.push(digit(digits.first()?)? << 4 | digit(digits.last()?)?);
        rest = behind;
    }
    Some(Cow::Owned(decoded))
}

/// Whether Go takes a text for the user of a URL (`validUserinfo`).
fn is_user(text: &[u8]) -> bool {
    text.iter().all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b))
        && unescape(text).is_some()
}

/// Whether Go takes a text for the host of a URL (`parseHost`): almost any characters, and a port
/// of digits.
fn is_host(text: &[u8]) -> bool {
    let is_port = |port: &[u8]| {
        port.split_first()
            .is_none_or(|(colon, digits)| *colon == b':' && digits.iter().all(u8::is_ascii_digit))
    };
    if let Some(rest) = text.strip_prefix(b"[") {
        let Some(end) = rest.iter().rposition(|b| *b == b']') else { return false };
        let whole = std::str::from_utf8(&rest[..end]).unwrap_or_default();
        let address = whole.split_once("%25").map_or(whole, |(address, _)| address);
        return is_port(&rest[end + 1..]) && address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_inner =
        |b: &u8| !b.is_ascii() || b.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:<>\"".contains(b);
    let colon = text.iter().rposition(|b| *b == b':').unwrap_or(text.len());
    text.iter().all(is_inner) && is_port(&text[colon..])
}

/// Whether a label matches a pattern, in which `*` stands for any characters (`filepath.Match`; a
/// URL's host holds none of its other wildcards).
pub(super) fn is_match(pattern: &[u8], label: &[u8]) -> bool {
    let mut parts = pattern.split(|b| *b == b'*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = label.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let found = (0..=rest.len()).find(|at| rest[*at..].starts_with(part));
        let Some(at) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}
