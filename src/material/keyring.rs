//! Which of the logins in a Docker configuration a kubelet tries for an image, and in which order.
//!
//! `BasicDockerKeyring` in `k8s.io/kubernetes/pkg/credentialprovider/keyring.go` makes a key of each
//! server's name: the host and the path of a URL of Go, without a scheme and without a leading
//! `/v1` or `/v2` that has a slash behind it. It walks the keys backwards in the order of their bytes
//! and tries all that match the image: the ports are equal, the labels of the host match one by one
//! (`*` matches a part of a label), and the path is a prefix of the image's. Only if none matches, an
//! image of Docker Hub, or of a host that could be a user of it, is tried with the login of
//! `index.docker.io`.

use std::collections::BTreeMap;
use std::fmt;

use crate::material::docker_server::{DOCKER_HUB, Server};
use crate::material::image::NAME_MAX;
use crate::material::server_key::{Address, DEFAULT, key};

/// The servers of one configuration, by the keys that a kubelet makes of their names.
#[derive(Debug, Default)]
pub(crate) struct Keyring<'a> {
    index: BTreeMap<Vec<u8>, Vec<&'a Server>>,
}

/// The servers of one key: their order is not defined, since Go walks a map.
pub(crate) type Attempt<'a> = &'a [&'a Server];

impl<'a> Keyring<'a> {
    /// A keyring with these servers.
    pub(crate) fn new(servers: impl IntoIterator<Item = &'a Server>) -> Self {
        let mut keyring = Self::default();
        for server in servers {
            if let Some(key) = key(server.as_bytes()) {
                keyring.index.entry(key).or_default().push(server);
            }
        }
        keyring
    }

    /// What a kubelet tries for an image, in its order. `image` is a whole name, without tag and
    /// digest: `docker.io/library/nginx`.
    pub(crate) fn attempts(&self, image: &str) -> Vec<Attempt<'_>> {
        let Some(target) = Address::parse(image.as_bytes()) else { return Vec::new() };
        let matching =
            self.index.iter().rev().filter(|(key, _)| {
                Address::parse(key).is_some_and(|address| address.matches(&target))
            });
        let attempts: Vec<_> = matching.map(|(_, servers)| servers.as_slice()).collect();
        if !attempts.is_empty() || !is_default(image) {
            return attempts;
        }
        self.index.get(DEFAULT).map(Vec::as_slice).into_iter().collect()
    }
}

/// Why a server's login is not tried for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// The letters of the host differ in their case.
    Case,
    /// It is a name of Docker Hub that images do not have.
    Hub,
    /// The host is another one, of a similar name.
    Host,
    /// The path does not begin the image's name.
    Path,
    Port,
    /// A scheme that is not dropped.
    Scheme,
    /// It is not a URL.
    Unreadable,
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Case => "differs in case",
            Self::Hub => "is a name of Docker Hub that kubelets do not look up",
            Self::Host => "is another host",
            Self::Path => "has a path that does not begin the name of the image",
            Self::Port => "has another port",
            Self::Scheme => "has a scheme that is not http:// or https:// in lowercase",
            Self::Unreadable => "is not a host and is ignored",
        })
    }
}

/// The server that is nearest to an image for which none is tried, and what keeps it from that.
pub(crate) fn nearest<'a>(servers: &[&'a Server], image: &str) -> Option<(&'a Server, Miss)> {
    const SIMILAR: f64 = 0.8;
    let host = image.split('/').next().unwrap_or_default();
    let name = |host: &str| host.rsplit_once(':').map_or(host, |(name, _)| name).to_lowercase();
    let rated = servers.iter().filter_map(|server| {
        let text = String::from_utf8_lossy(server.as_bytes()).to_lowercase();
        let has_scheme = text.contains("://");
        let bare = text
            .split_once("://")
            .map_or(text.as_str(), |(_, rest)| rest)
            .split('/')
            .next()
            .unwrap_or_default();
        let own = key(server.as_bytes()).map(|key| String::from_utf8_lossy(&key).into_owned());
        let own_host = own.as_deref().map(|key| key.split('/').next().unwrap_or_default());
        let is_hub = host == "docker.io"
            && (*server).clone().canonical().as_bytes() == DOCKER_HUB.as_bytes();
        let (rank, miss) = match own_host {
            None if bare == host => (6.0, Miss::Unreadable),
            Some(own)
                if Address::parse(own.as_bytes())
                    .zip(Address::parse(host.as_bytes()))
                    .is_some_and(|(own, image)| own.matches(&image)) =>
            {
                (9.0, Miss::Path)
            }
            Some(_) if is_hub => (8.0, Miss::Hub),
            Some(own) if own != bare && has_scheme && bare == host => (7.0, Miss::Scheme),
            Some(_) if bare == host => (6.0, Miss::Case),
            Some(_) if name(bare) == name(host) => (5.0, Miss::Port),
            _ => (similarity(bare, host), Miss::Host),
        };
        (rank >= SIMILAR).then_some((*server, miss, rank))
    });
    let best = rated.max_by(|a, b| a.2.total_cmp(&b.2))?;
    Some((best.0, best.1))
}

/// How similar two hosts are, from 0 to 1. The time to compare them is the product of their lengths,
/// and a text that is longer than any image's name is not a host.
fn similarity(one: &str, other: &str) -> f64 {
    if one.len().max(other.len()) > NAME_MAX { 0.0 } else { strsim::jaro(one, other) }
}

/// Whether a kubelet takes an image for one of Docker Hub (`isDefaultRegistryMatch`).
fn is_default(image: &str) -> bool {
    match image.split_once('/') {
        Some(("docker.io" | "index.docker.io", _)) | None => !image.is_empty(),
        Some((host, _)) => !host.is_empty() && !host.contains(['.', ':']),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::material::server_key::{is_match, never};

    fn recorded() -> Value {
        serde_json::from_str(include_str!("../../tests/fixtures/kubelet-keyring.json")).unwrap()
    }

    fn text(value: &Value) -> &str {
        value.as_str().unwrap()
    }

    #[test]
    fn every_key_for_every_image_as_a_kubelet_answers() {
        let recorded = recorded();
        let images = recorded["images"].as_array().unwrap();
        let mut count = 0;
        for row in recorded["keys"].as_array().unwrap() {
            let server = Server::new(text(&row["key"]));
            let keyring = Keyring::new([&server]);
            let wanted = row["counts_for"].as_array().unwrap();
            for image in images {
                let is_tried = !keyring.attempts(text(image)).is_empty();
                assert_eq!(is_tried, wanted.contains(image), "{server} {image}");
                count += 1;
            }
        }
        assert_eq!(count, 330 * 16);
    }

    #[test]
    fn several_in_their_order() {
        for row in recorded()["several"].as_array().unwrap() {
            let servers: Vec<_> =
                row["keys"].as_array().unwrap().iter().map(|key| Server::new(text(key))).collect();
            let keyring = Keyring::new(&servers);
            let attempts = keyring.attempts(text(&row["image"]));
            let tried: Vec<_> = attempts
                .concat()
                .into_iter()
                .map(|s| String::from_utf8_lossy(s.as_bytes()))
                .collect();
            let wanted: Vec<_> = row["tried"].as_array().unwrap().iter().map(text).collect();
            assert_eq!(tried, wanted, "{row}");
        }
    }

    /// No key that serves one of the recorded images is said to serve none.
    #[test]
    fn what_is_never_used() {
        for row in recorded()["keys"].as_array().unwrap() {
            let name = text(&row["key"]);
            let serves = !row["counts_for"].as_array().unwrap().is_empty();
            assert!(!serves || never(name.as_bytes()).is_none(), "{name}");
        }
        for name in [
            "HTTPS://ghcr.io",
            "oci://ghcr.io",
            "ghcr.io.",
            "ghcr.io/*",
            "ghcr.io/team*",
            "ghcr.io/team/app:1",
            "ghcr.io/Team",
            "index.docker.io/team",
            "https://index.docker.io/v1",
            "",
        ] {
            assert!(never(name.as_bytes()).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_near() {
        for (names, image, want) in [
            (
                vec!["ghcr.io/other", "quay.io"],
                "ghcr.io/team/app",
                Some(("ghcr.io/other", Miss::Path)),
            ),
            (vec!["GHCR.io"], "ghcr.io/team/app", Some(("GHCR.io", Miss::Case))),
            (vec!["oci://ghcr.io"], "ghcr.io/team/app", Some(("oci://ghcr.io", Miss::Scheme))),
            (vec!["r.io:5000"], "r.io/app", Some(("r.io:5000", Miss::Port))),
            (
                vec!["hub.docker.com"],
                "docker.io/library/nginx",
                Some(("hub.docker.com", Miss::Hub)),
            ),
            (vec!["ghrc.io"], "ghcr.io/app", Some(("ghrc.io", Miss::Host))),
            (vec!["zzz"], "ghcr.io/app", None),
            (vec![], "ghcr.io/app", None),
        ] {
            let servers: Vec<_> = names.into_iter().map(Server::new).collect();
            let all: Vec<_> = servers.iter().collect();
            let found = nearest(&all, image).map(|(server, miss)| (server.to_string(), miss));
            assert_eq!(found, want.map(|(name, miss)| (name.to_owned(), miss)), "{image}");
        }
    }

    /// The longest host is still compared; the time for longer texts does not grow with the product
    /// of their lengths.
    #[test]
    fn what_is_too_long_to_be_near() {
        let name = |length: usize| Server::new("a".repeat(length) + "b");
        let image = |length: usize| "a".repeat(length) + "c/app";
        let is_near = |length| nearest(&[&name(length)], &image(length)).is_some();
        assert!(is_near(NAME_MAX - 1));
        assert!(!is_near(NAME_MAX));
        assert!(!is_near(1 << 20));
    }

    #[test]
    fn patterns() {
        for (pattern, label, want) in [
            ("", "", true),
            ("*", "", true),
            ("*", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("a*b", "ab", true),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "axcxb", false),
            ("a*a", "a", false),
            ("**", "a", true),
        ] {
            assert_eq!(is_match(pattern.as_bytes(), label.as_bytes()), want, "{pattern} {label}");
        }
    }

    #[test]
    fn keys() {
        for (name, want) in [
            ("https://ghcr.io/v1/", Some("ghcr.io")),
            ("ghcr.io/v2", Some("ghcr.io/v2")),
            ("http://u:p@ghcr.io/team/?a#b", Some("ghcr.io/team/")),
            ("ghcr.io/a%2Fb", Some("ghcr.io/a/b")),
            ("ghcr.io/%zz", None),
            ("ghcr .io", None),
            ("ghcr.io:https", None),
            ("[::1", None),
            ("", Some("")),
        ] {
            assert_eq!(key(name.as_bytes()).as_deref(), want.map(str::as_bytes), "{name}");
        }
    }
}
