//! The name of an image as a Pod has it, and as a kubelet completes it.
//!
//! The rules are those of `github.com/distribution/reference`: `ParseNormalizedNamed` and its
//! regular expressions.

/// The longest name of an image (`RepositoryNameTotalLengthMax`).
pub(super) const NAME_MAX: usize = 255;
const TAG_MAX: usize = 128;

/// An image's whole name, without tag and digest: `docker.io/library/nginx`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageName(String);

impl ImageName {
    /// Reads what a Pod's `image:` takes, such as `nginx` or `team/app:1@sha256:…`.
    pub(crate) fn parse(text: &str) -> Result<Self, ImageError> {
        if text.is_empty() {
            return Err(ImageError::Empty);
        }
        if text.contains("://") {
            return Err(ImageError::Scheme);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(ImageError::Blank);
        }
        if text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(ImageError::Identifier);
        }
        let (host, rest) = match text.split_once('/') {
            Some((host, rest)) if is_host_like(host) => (host, rest),
            _ => ("docker.io", text),
        };
        let host = if host == "index.docker.io" { "docker.io" } else { host };
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (rest, None),
        };
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (rest, None),
        };
        if path.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(ImageError::Capitals);
        }
        if !is_host(host) {
            return Err(ImageError::Host);
        }
        if !path.split('/').all(is_component) {
            return Err(ImageError::Path);
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(ImageError::Tag);
        }
        if digest.is_some_and(|digest| !is_digest(digest)) {
            return Err(ImageError::Digest);
        }
        let library = if host == "docker.io" && !path.contains('/') { "library/" } else { "" };
        let name = format!("{host}/{library}{path}");
        if name.len() > NAME_MAX {
            return Err(ImageError::Long);
        }
        Ok(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not the name of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImageError {
    #[error("it contains white space")]
    Blank,
    #[error("the repository must be in lowercase")]
    Capitals,
    #[error("the digest after '@' is not valid")]
    Digest,
    #[error("it is empty")]
    Empty,
    #[error("the registry before the first '/' is not a valid host")]
    Host,
    #[error("it is the ID of an image, not a name")]
    Identifier,
    #[error("it is longer than {NAME_MAX} characters")]
    Long,
    /// A part between two slashes.
    #[error(
        "the repository is not valid: its parts are lowercase letters and digits, separated by one '.', by '_', '__' or '-'"
    )]
    Path,
    #[error("it has a scheme, which names of images do not have")]
    Scheme,
    #[error("the tag after ':' is not valid")]
    Tag,
}

/// Whether what is before the first slash names a registry, and not a user of Docker Hub.
fn is_host_like(text: &str) -> bool {
    text.contains(['.', ':']) || text == "localhost" || text.bytes().any(|b| b.is_ascii_uppercase())
}

fn is_host(text: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let is_address = |b: u8| b.is_ascii_hexdigit() || b == b':';
        return !address.is_empty()
            && address.bytes().all(is_address)
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let is_label = |label: &str| {
        let is_inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty()
            && label.bytes().all(is_inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_component(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut rest = text.as_bytes();
    loop {
        let word = rest.iter().take_while(|b| is_plain(**b)).count();
        if word == 0 {
            return false;
        }
        rest = &rest[word..];
        if rest.is_empty() {
            return true;
        }
        let separator = rest.iter().take_while(|b| !is_plain(**b)).count();
        let (between, behind) = rest.split_at(separator);
        let is_separator =
            matches!(between, b"." | b"_" | b"__") || between.iter().all(|b| *b == b'-');
        if !is_separator {
            return false;
        }
        rest = behind;
    }
}

fn is_tag(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= TAG_MAX
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'))
}

/// An algorithm and its hexadecimal digits: of the known ones as many as they have.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    digits.len() == length && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
        for (text, want) in [
            ("nginx", "docker.io/library/nginx"),
            ("nginx:1.27", "docker.io/library/nginx"),
            ("team/app", "docker.io/team/app"),
            ("docker.io/nginx", "docker.io/library/nginx"),
            ("index.docker.io/team/app", "docker.io/team/app"),
            ("ghcr.io/team/app:v1", "ghcr.io/team/app"),
            ("localhost/app", "localhost/app"),
            ("localhost:5000/app", "localhost:5000/app"),
            ("[::1]:5000/app", "[::1]:5000/app"),
            ("host:5000/a/b/c:tag", "host:5000/a/b/c"),
            ("Registry.Example.Com/app", "Registry.Example.Com/app"),
            ("a__b/c-d.e", "docker.io/a__b/c-d.e"),
            (&format!("team/app:1@{digest}"), "docker.io/team/app"),
            (&format!("ghcr.io/app@{digest}"), "ghcr.io/app"),
        ] {
            assert_eq!(ImageName::parse(text).as_ref().map(ImageName::as_str), Ok(want), "{text}");
        }
    }

    #[test]
    fn what_is_no_name() {
        use ImageError as E;
        let id = "0123456789abcdef".repeat(4);
        let long = "a".repeat(256);
        for (text, want) in [
            ("", E::Empty),
            ("https://ghcr.io/app", E::Scheme),
            (" nginx", E::Blank),
            (id.as_str(), E::Identifier),
            ("team/App", E::Capitals),
            ("a..b/app", E::Host),
            ("ghcr.io:x/app", E::Host),
            ("-a.b/app", E::Host),
            ("nginx:", E::Tag),
            ("nginx:-1", E::Tag),
            ("nginx@sha256:12", E::Digest),
            ("nginx@", E::Digest),
            ("a//b", E::Path),
            ("a/", E::Path),
            ("a___b", E::Path),
            ("a/-b", E::Path),
            ("é", E::Path),
            (long.as_str(), E::Long),
        ] {
            assert_eq!(ImageName::parse(text), Err(want), "{text}");
        }
    }
}
