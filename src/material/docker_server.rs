//! The names under which Docker and kubelets keep logins: a registry's host, or a form that one of
//! them reads in its own way.
//!
//! The rules are those of `BasicDockerKeyring` in `k8s.io/kubernetes/pkg/credentialprovider`: a
//! scheme and a leading `/v1/` or `/v2/` count for nothing, the host has to be that of the image,
//! port and case of letters included, and what is left of the path begins the image's name.

use std::fmt;

use crate::material::server_key;
use crate::shown;

/// Docker's own name for its registry, under which Docker looks up its login.
pub(crate) const DOCKER_HUB: &str = "https://index.docker.io/v1/";
/// Its host, under which kubelets look.
const INDEX: &[u8] = b"index.docker.io";
/// Hosts that people take for it.
const DOCKER_HUB_HOSTS: [&str; 6] = [
    "docker.io",
    "hub.docker.com",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.docker.io",
    "registry.hub.docker.com",
];

/// The name of a registry, as it was written: any bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Server(Vec<u8>);

impl Server {
    /// Any bytes are a name here.
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The name as it was written.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Docker Hub, by any of its names, under the one that counts; all others as they are.
    #[must_use]
    pub(crate) fn canonical(self) -> Self {
        if self.parts().is_docker_hub() { Self::new(DOCKER_HUB) } else { self }
    }

    /// Whether both mean the same registry, or the same path of it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.plain() == other.plain()
    }

    /// What is equal where two mean the same, for looking one up among many.
    pub(crate) fn plain(&self) -> Vec<u8> {
        self.parts().plain()
    }

    /// Under what a kubelet keeps its login: a scheme, a leading `/v1/` or `/v2/` and a slash alone
    /// count for nothing, the port, the case of letters and any other slash do. Of two logins under
    /// one key it takes now the one first, now the other, since it gets them in the order of a map of
    /// Go. Docker Hub has one key by all its names, since it is written under one here.
    pub(crate) fn key(&self) -> Vec<u8> {
        let parts = self.parts();
        if parts.is_docker_hub() {
            return INDEX.to_vec();
        }
        let path = match parts.raw_path {
            [b'/', b'v', b'1' | b'2', path @ ..] if path.starts_with(b"/") => path,
            path => path,
        };
        [parts.host, if path == b"/" { b"" } else { path }].concat()
    }

    /// Whether Docker keeps a token of its own under that name, for the account at Docker Hub as
    /// a whole (`accessTokenKey` and `refreshTokenKey` in `cli/internal/oauth/manager`). `docker
    /// login` with a browser leaves them beside the login; no image is pulled with them.
    pub(crate) fn is_token_of_docker(&self) -> bool {
        let rest = self.0.strip_prefix(DOCKER_HUB.as_bytes());
        matches!(rest, Some(b"access-token" | b"refresh-token"))
    }

    /// Whether this one, which somebody named, means `other` or has it on its host.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.parts(), other.parts());
        self.is_same(other) || (mine.path().is_empty() && mine.plain_host() == theirs.plain_host())
    }

    /// What in it is unusual, and so may be read otherwise than was meant.
    pub(crate) fn oddities(&self) -> Vec<Oddity> {
        if self.0 == DOCKER_HUB.as_bytes() {
            return Vec::new();
        }
        let parts = self.parts();
        if !parts.is_host() {
            return vec![Oddity::NoHost];
        }
        if let Some(why) = server_key::never(&self.0) {
            return vec![Oddity::Never(why)];
        }
        let is_looked_up = |host: &[u8]| matches!(host, b"docker.io" | INDEX);
        if parts.is_docker_hub() && !is_looked_up(parts.host) {
            return vec![Oddity::DockerHub];
        }
        let mut odd = Vec::new();
        if parts.scheme {
            odd.push(Oddity::Scheme);
        }
        if parts.host.iter().any(u8::is_ascii_uppercase) {
            odd.push(Oddity::UpperCase);
        }
        if matches!(parts.port(), Some(b"80" | b"443")) {
            odd.push(Oddity::DefaultPort);
        }
        match parts.raw_path {
            b"" => {}
            b"/" => odd.push(Oddity::Slash),
            _ if parts.path().is_empty() => odd.push(Oddity::Version),
            path if path.ends_with(b"/") => odd.extend([Oddity::Path, Oddity::Slash]),
            _ => odd.push(Oddity::Path),
        }
        odd
    }

    /// How it is usually written, where that is clear.
    pub(crate) fn usual(&self) -> Option<String> {
        let parts = self.parts();
        if !parts.is_host() {
            return None;
        }
        let path = parts.path();
        let bytes = match parts.plain_host() {
            host if host != INDEX => [&host, path].concat(),
            _ if path.is_empty() => DOCKER_HUB.into(),
            // Images' names have this one, and are compared with it where there is a path.
            _ => [b"docker.io", path].concat(),
        };
        Self(bytes).shown()
    }

    /// Its host, as it is usually written, without the path.
    pub(crate) fn usual_host(&self) -> Option<String> {
        Self(self.parts().host.to_vec()).usual()
    }

    /// The name for a message, if it reads as an address: something else may have slipped in.
    pub(crate) fn shown(&self) -> Option<String> {
        let text = std::str::from_utf8(&self.0).ok()?;
        shown::is_address(text).then(|| text.to_owned())
    }

    fn parts(&self) -> Parts<'_> {
        let rest = [&b"https://"[..], b"http://"].into_iter().find_map(|scheme| {
            let (head, rest) = self.0.split_at_checked(scheme.len())?;
            head.eq_ignore_ascii_case(scheme).then_some(rest)
        });
        let all = rest.unwrap_or(&self.0);
        let slash = all.iter().position(|b| *b == b'/').unwrap_or(all.len());
        let (host, raw_path) = all.split_at(slash);
        Parts { scheme: rest.is_some(), host, raw_path }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown() {
            Some(name) => f.write_str(&name),
            None => write!(f, "a server {}", shown::Hidden(self.0.len())),
        }
    }
}

/// The pieces of a server's name.
struct Parts<'a> {
    scheme: bool,
    host: &'a [u8],
    raw_path: &'a [u8],
}

impl<'a> Parts<'a> {
    fn port(&self) -> Option<&'a [u8]> {
        let colon = self.host.iter().rposition(|b| *b == b':')?;
        self.host.get(colon + 1..).filter(|port| !port.contains(&b']'))
    }

    /// The host in small letters, without a port that goes without saying.
    fn plain_host(&self) -> Vec<u8> {
        let host = match self.port() {
            Some(port @ (b"80" | b"443")) => &self.host[..self.host.len() - port.len() - 1],
            _ => self.host,
        };
        let host = host.to_ascii_lowercase();
        if DOCKER_HUB_HOSTS.iter().any(|name| host == name.as_bytes()) {
            return INDEX.to_vec();
        }
        host
    }

    /// The path as far as it counts.
    fn path(&self) -> &'a [u8] {
        let versions = [&b"/v1"[..], b"/v2"];
        let rest = versions.iter().find_map(|version| self.raw_path.strip_prefix(*version));
        let path =
            rest.filter(|rest| rest.is_empty() || rest.starts_with(b"/")).unwrap_or(self.raw_path);
        path.strip_suffix(b"/").unwrap_or(path)
    }

    fn plain(&self) -> Vec<u8> {
        [&self.plain_host(), self.path()].concat()
    }

    fn is_docker_hub(&self) -> bool {
        self.plain() == INDEX
    }

    /// Whether the host could be one: `*` stands for a part of a name in kubelets.
    fn is_host(&self) -> bool {
        let port = self.port();
        let name = match port {
            Some(port) => &self.host[..self.host.len() - port.len() - 1],
            None => self.host,
        };
        let inner = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]"));
        let in_name = |b: &u8| b.is_ascii_alphanumeric() || b"-._*".contains(b);
        let good_name = match inner {
            Some(address) => address.iter().all(|b| b.is_ascii_hexdigit() || b":.".contains(b)),
            None => name.iter().all(in_name),
        };
        let good_port = port.is_none_or(|port| {
            let number = std::str::from_utf8(port).ok().and_then(|port| port.parse::<u16>().ok());
            number.is_some_and(|number| number > 0) && port.iter().all(u8::is_ascii_digit)
        });
        let in_path = |b: &u8| b.is_ascii_graphic() && !b"?#@%\"\\".contains(b);
        !name.is_empty() && good_name && good_port && self.raw_path.iter().all(in_path)
    }
}

/// What is unusual in a server's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// Port 80 or 443, which images' names rarely have.
    DefaultPort,
    /// A name of Docker Hub under which no kubelet looks for its images.
    DockerHub,
    /// No image at all is tried with it, and why.
    Never(&'static str),
    /// No host at all, or characters that none has.
    NoHost,
    /// A path, which is compared with the beginning of the image's name.
    Path,
    Scheme,
    /// A slash at the end.
    Slash,
    /// Capital letters: an image's name has none.
    UpperCase,
    /// `/v1` or `/v2` behind the host.
    Version,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DefaultPort => "the default port",
            Self::DockerHub => "a name of Docker Hub that no kubelet looks up",
            Self::Never(why) => return write!(f, "never used by a kubelet: {why}"),
            Self::NoHost => "never used by a kubelet: it is not a host name",
            Self::Path => "a path (it also serves longer names that begin with it)",
            Self::Scheme => "a scheme",
            Self::Slash => "a trailing slash",
            Self::UpperCase => "capital letters",
            Self::Version => "an API path",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn docker_hub_has_many_names() {
        let names = [
            "docker.io",
            "index.docker.io",
            "registry-1.docker.io",
            "hub.docker.com",
            "registry.hub.docker.com",
            "https://docker.io",
            "http://index.docker.io/",
            "HTTPS://Index.Docker.IO/v1",
            "https://index.docker.io/v1/",
            "https://registry-1.docker.io/v2/",
            "docker.io:443",
        ];
        for name in names {
            assert_eq!(Server::new(name).canonical(), Server::new(DOCKER_HUB), "{name}");
            assert_eq!(Server::new(name).usual().as_deref(), Some(DOCKER_HUB), "{name}");
        }
        let others =
            ["docker.io/shop", "mydocker.io", "docker.io.example.com", "ghcr.io", "", "/v1/"];
        for name in others {
            assert_eq!(Server::new(name).canonical(), Server::new(name), "{name}");
        }
    }

    #[test]
    fn odd_forms() {
        use Oddity as O;
        const NEVER: &[Oddity] = &[O::Never("the host in images of Docker Hub is docker.io")];
        const SCHEME: &[Oddity] = &[O::Never("only http:// and https:// in lowercase are dropped")];
        const DOT: &[Oddity] = &[O::Never("no image has a dot at the end of its host")];
        let rows: &[(&str, &[Oddity], Option<&str>)] = &[
            ("https://index.docker.io/v1/", &[], Some(DOCKER_HUB)),
            ("ghcr.io", &[], Some("ghcr.io")),
            ("localhost:5000", &[], Some("localhost:5000")),
            ("*.example.com", &[], Some("*.example.com")),
            ("[::1]:5000", &[], Some("[::1]:5000")),
            ("10.0.0.1:5000", &[], Some("10.0.0.1:5000")),
            ("docker.io", &[], Some(DOCKER_HUB)),
            ("index.docker.io", &[], Some(DOCKER_HUB)),
            ("hub.docker.com", &[O::DockerHub], Some(DOCKER_HUB)),
            ("https://index.docker.io/v1", NEVER, Some(DOCKER_HUB)),
            ("https://ghcr.io", &[O::Scheme], Some("ghcr.io")),
            ("GHCR.io", &[O::UpperCase], Some("ghcr.io")),
            ("ghcr.io/", &[O::Slash], Some("ghcr.io")),
            ("ghcr.io:443", &[O::DefaultPort], Some("ghcr.io")),
            ("quay.io/path", &[O::Path], Some("quay.io/path")),
            ("quay.io/path/", &[O::Path, O::Slash], Some("quay.io/path")),
            ("https://quay.io/v2/", &[O::Scheme, O::Version], Some("quay.io")),
            ("quay.io/v2/shop", &[O::Path], Some("quay.io/shop")),
            ("docker.io/shop", &[O::Path], Some("docker.io/shop")),
            ("https://index.docker.io/v1/shop", NEVER, Some("docker.io/shop")),
            ("HTTP://GHCR.IO/", SCHEME, Some("ghcr.io")),
            ("ghcr.io.", DOT, Some("ghcr.io.")),
            ("", &[O::NoHost], None),
            (" ", &[O::NoHost], None),
            ("https://", &[O::NoHost], None),
            ("ftp://ghcr.io", &[O::NoHost], None),
            ("robot:hunter2@ghcr.io", &[O::NoHost], None),
            ("ghcr.io:https", &[O::NoHost], None),
            ("ghcr.io:0", &[O::NoHost], None),
            ("ghcr.io:+80", &[O::NoHost], None),
            ("ghcr.io:65536", &[O::NoHost], None),
            ("ghcr.io?a=b", &[O::NoHost], None),
            ("ghcr.io/a b", &[O::NoHost], None),
            ("é.example", &[O::NoHost], None),
        ];
        for (name, odd, usual) in rows {
            assert_eq!(Server::new(*name).oddities(), *odd, "{name}");
            assert_eq!(Server::new(*name).usual().as_deref(), *usual, "{name}");
        }
    }

    #[test]
    fn keys_of_kubelets() {
        let rows = [
            ("ghcr.io", "ghcr.io", true),
            ("ghcr.io", "https://ghcr.io", true),
            ("ghcr.io", "http://ghcr.io/v2/", true),
            ("ghcr.io", "GHCR.io", false),
            ("ghcr.io", "ghcr.io:443", false),
            ("ghcr.io", "ghcr.io/shop", false),
            ("ghcr.io", "ghcr.io/", true),
            ("ghcr.io", "https://ghcr.io/v2", false),
            ("https://ghcr.io/v1/shop/", "ghcr.io/shop/", true),
            ("https://ghcr.io/v1/shop", "ghcr.io/shop", true),
            ("ghcr.io/shop/", "ghcr.io/shop", false),
            ("ghcr.io/v1/v1/", "ghcr.io/v1/", false),
            ("registry-1.docker.io", DOCKER_HUB, true),
            ("docker.io/shop", "index.docker.io/shop", false),
        ];
        for (one, other, same) in rows {
            assert_eq!(Server::new(one).key() == Server::new(other).key(), same, "{one} {other}");
        }
    }

    #[test]
    fn tokens_of_docker() {
        let rows = [
            ("https://index.docker.io/v1/access-token", true),
            ("https://index.docker.io/v1/refresh-token", true),
            (DOCKER_HUB, false),
            ("index.docker.io/refresh-token", false),
            ("https://ghcr.io/v1/refresh-token", false),
        ];
        for (name, want) in rows {
            assert_eq!(Server::new(name).is_token_of_docker(), want, "{name}");
        }
    }

    #[test]
    fn hosts_that_cover_others() {
        let rows = [
            ("ghcr.io", "ghcr.io", true),
            ("https://GHCR.io/", "ghcr.io", true),
            ("ghcr.io", "https://ghcr.io/v1/", true),
            ("ghcr.io", "ghcr.io/shop", true),
            ("ghcr.io/shop", "ghcr.io", false),
            ("ghcr.io/shop", "ghcr.io/shop/", true),
            ("ghcr.io", "ghcr.io:5000", false),
            ("ghcr.io", "ghcr.io:443", true),
            ("docker.io", DOCKER_HUB, true),
            ("ghcr.io", "quay.io", false),
        ];
        for (one, other, want) in rows {
            assert_eq!(Server::new(one).covers(&Server::new(other)), want, "{one} {other}");
        }
    }

    #[test]
    fn what_may_be_a_value_is_not_shown() {
        let rows = [
            ("ghcr.io/shop", "ghcr.io/shop"),
            ("robot:hunter2@ghcr.io", "a server (21 bytes, not shown)"),
            ("https://index.docker.io/v1/", "https://index.docker.io/v1/"),
            ("hunter2 ", "a server (8 bytes, not shown)"),
            ("", "a server (0 bytes, not shown)"),
        ];
        for (name, want) in rows {
            assert_eq!(Server::new(name).to_string(), want);
        }
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40), text in "[htps:/.ioV12A@*\\[\\]]{0,24}") {
            for name in [bytes, text.into_bytes()] {
                let server = Server::new(name);
                let _ = (server.oddities(), server.usual(), server.shown());
                prop_assert!(server.covers(&server));
                let canonical = server.clone().canonical();
                prop_assert!(canonical.is_same(&server));
                prop_assert_eq!(canonical.clone().canonical(), canonical);
            }
        }
    }
}
