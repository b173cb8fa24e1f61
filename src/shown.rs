//! What a message may show of a text from outside.
//!
//! A user who writes `--from-file=token="$TOKEN"`, or `--trim-newline="$TOKEN"`, gives a value where
//! a path or a name belongs, and a message that quotes it prints the value. So a text is shown only
//! if it reads as what belongs there; of any other the message gives the place and the length.
//! Paths, which can be looked up, have a rule of their own in [`crate::sources`], made of the shape
//! here.

use std::fmt;
use std::net::IpAddr;

/// So many letters and digits in a row are a key or a token: those of clouds and forges have no
/// fewer.
const RUN: usize = 20;
/// Names of Kubernetes that are DNS labels are no longer.
const WORD_MAX: usize = 63;
/// Numbers that belong to a name are short: a port, a year, a version.
const NUMBER_MAX: usize = 4;
/// A name of so many letters and digits without a `_` among them may as well be a key: those of
/// clouds and of second factors are written in capitals, too, and have 16 at the least.
const VARIABLE_MAX: usize = 15;

/// Whether it holds a run of letters and digits as long as a token's.
fn has_long_run(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|run| run.chars().count() >= RUN)
}

/// Whether a text has the shape of a path that was mistyped: `known_folder` says whether the folder
/// that it names exists and is not the present one.
pub(crate) fn is_path(text: &str, known_folder: bool) -> bool {
    let begins = ["/", "./", "../", "~/"].iter().any(|start| text.starts_with(start));
    let ends = text.rsplit_once('.').is_some_and(|(_, end)| {
        matches!(end.len(), 2..=5) && end.bytes().all(|b| b.is_ascii_lowercase())
    });
    let foreign = |c: char| c.is_whitespace() || c.is_control() || ":@=+".contains(c);
    (known_folder || begins || ends) && !text.contains(foreign) && !has_long_run(text)
}

/// Whether a text reads as the name of a variable of the environment: in capitals. A password may
/// be made of small letters and digits alone.
pub(crate) fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && (name.contains('_') || name.len() <= VARIABLE_MAX)
        && !has_long_run(name)
}

/// Whether a text reads as a word or a name made of words: `tls.crt`, `dbPassword`, `node-2`,
/// `DB_PASSWORD`, `30s`. Where letters and digits are mixed it may be a password.
pub(crate) fn is_word(text: &str) -> bool {
    let part = |part: &str| {
        // Versions are the one mixture: `v1`.
        let part = part.strip_prefix('v').filter(|rest| starts_with_digit(rest)).unwrap_or(part);
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let letters = &part[digits..];
        let unit_max = if digits == 0 { RUN } else { 2 };
        digits <= NUMBER_MAX
            && letters.len() <= unit_max
            && letters.bytes().all(|b| b.is_ascii_alphabetic())
            && humps(letters) <= 3
    };
    !text.is_empty()
        && text.len() <= WORD_MAX
        && !has_long_run(text)
        && (is_variable(text) || text.split(['-', '_', '.', '/']).all(part))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// How often a capital follows a small letter.
fn humps(letters: &str) -> usize {
    let pairs = letters.as_bytes().windows(2);
    pairs.filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count()
}

/// Whether a text reads as a host, with a port or without: an address, a domain, or a word.
pub(crate) fn is_host(text: &str) -> bool {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<IpAddr>().is_ok() {
        return true;
    }
    let (host, port) = text.rsplit_once(':').unwrap_or((text, "0"));
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let domain = |host: &str| {
        host.rsplit_once('.').is_some_and(|(rest, top)| {
            let rest = rest.strip_prefix("*.").unwrap_or(rest);
            matches!(top.len(), 2..RUN)
                && top.bytes().all(|b| b.is_ascii_alphabetic())
                && rest.split('.').all(label)
        })
    };
    let address = || host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    port.len() <= 5
        && port.bytes().all(|b| b.is_ascii_digit())
        && !has_long_run(host)
        && (domain(host) || is_word(host) || address())
}

/// Whether a text reads as an address: a host, with a scheme and a path or without.
pub(crate) fn is_address(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    is_word(scheme) && is_host(host) && path.split('/').all(|part| part.is_empty() || is_word(part))
}

/// Whether a text reads as a number, or as a span of time: a few numbers with units.
pub(crate) fn is_duration(text: &str) -> bool {
    const LEN_MAX: usize = 8;
    let known = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || "+-.µ".contains(c);
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let is_time = text.len() <= LEN_MAX
        && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.chars().all(known)
        && numbers.count() <= 3;
    text.is_empty() || is_time || is_word(text)
}

/// An address in quotes if it reads as one; otherwise its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a>(pub &'a str);

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_address(self.0) { write!(f, "{:?}", self.0) } else { Hidden(self.0.len()).fmt(f) }
    }
}

/// A host without quotes if it reads as one; otherwise its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host<'a>(pub &'a str);

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_host(self.0) { f.write_str(self.0) } else { Hidden(self.0.len()).fmt(f) }
    }
}

/// A name without quotes if it reads as a word; otherwise its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a>(pub &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_word(self.0) { f.write_str(self.0) } else { Hidden(self.0.len()).fmt(f) }
    }
}

/// A name in quotes if it reads as a word; otherwise its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_word(self.0) { write!(f, "{:?}", self.0) } else { Hidden(self.0.len()).fmt(f) }
    }
}

/// A key of a manifest, if it consists of what keys consist of; otherwise its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a>(pub &'a str);

impl Key<'_> {
    /// Whether it is shown.
    pub(crate) fn is_shown(self) -> bool {
        const LEN_MAX: usize = 253;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        (1..=LEN_MAX).contains(&self.0.len()) && self.0.bytes().all(is_plain)
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_shown() { f.write_str(self.0) } else { Hidden(self.0.len()).fmt(f) }
    }
}

/// The length of a text that is not shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hidden(pub usize);

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("(1 byte, not shown)"),
            len => write!(f, "({len} bytes, not shown)"),
        }
    }
}

/// `1 byte`, `2 bytes`: a number with its noun.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_by_their_shape() {
        let rows = [
            ("/etc/tls/web.key", true),
            ("./a", true),
            ("../a", true),
            ("~/.ssh/id_ed25519", true),
            ("web.crt", true),
            (".env", true),
            ("web.p12", false),
            ("a.b", false),
            ("a.config", false),
            ("hunter2-S3cret", false),
            ("glpat-0123456789abcdefghij", false),
            ("/q1xT/9bZ+4cDe", false),
            ("/abcdefghijklmnopqrst", false),
            ("./abcdefghijklmnopqrs", true),
            ("user:pass.txt", false),
            ("pass@word.txt", false),
            ("my file.txt", false),
            ("a=b.txt", false),
            ("", false),
        ];
        for (text, want) in rows {
            assert_eq!(is_path(text, false), want, "{text}");
        }
        assert!(is_path("config/web", true));
        assert!(!is_path("config/a b", true));
    }

    #[test]
    fn words() {
        for word in [
            "password",
            "tls.crt",
            ".dockerconfigjson",
            "ssh-privatekey",
            "dbPassword",
            "DB_PASSWORD",
            "KEY1",
            "node-2",
            "30s",
            "maybe",
            "app.kubernetes.io/name",
        ] {
            assert!(is_word(word), "{word}");
        }
        for secret in [
            "",
            "hunter2",
            "hunter2-S3cret",
            "Passw0rd",
            "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
            "glpat-0123456789abcdefghij",
            "AKIAIOSFODNN7EXAMPLE",
            "JBSWY3DPEHPK3PXP",
            "q1xT/9bZ+4cDeFgHiJkLmNoPqRsTuVwXyZ01234567KLMN",
            "aVeRyOddWoRdIt",
            "password=x",
            "two words",
            "12345678",
            "550e8400-e29b-41d4-a716-446655440000",
        ] {
            assert!(!is_word(secret), "{secret}");
        }
    }

    #[test]
    fn variables() {
        for (name, want) in [
            ("PASSWORD", true),
            ("DB_1_PASSWORD", true),
            ("_X", true),
            ("hunter2", false),
            ("Hunter_2", false),
            ("http_proxy", false),
            ("JBSWY3DPEHPK3PXP", false),
            ("KEY_ABCDEFGHIJKLMNOPQRST", false),
            ("1PASSWORD", false),
            ("PASS WORD", false),
            ("", false),
        ] {
            assert_eq!(is_variable(name), want, "{name}");
        }
    }

    #[test]
    fn hosts() {
        for (host, want) in [
            ("web2.example.com", true),
            ("*.example.com", true),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", true),
            ("localhost:5000", true),
            ("10.0.0.1:6443", true),
            ("[::1]:443", true),
            ("::1", true),
            ("ghp_0123456789abcdefghijklmnopqrstuvwxyz", false),
            ("hunter2-S3cret", false),
            ("user:pass@example.com", false),
            ("", false),
        ] {
            assert_eq!(is_host(host), want, "{host}");
        }
    }

    #[test]
    fn addresses() {
        for (text, want) in [
            ("https://index.docker.io/v1/", true),
            ("https://kube.example.com:6443/clusters/prod", true),
            ("http://proxy:3128", true),
            ("ghcr.io", true),
            ("https://user:pass@example.com", false),
            ("https://example.com/glpat-0123456789abcdefghij", false),
        ] {
            assert_eq!(is_address(text), want, "{text}");
        }
    }

    #[test]
    fn spans_of_time() {
        for (text, want) in [
            ("1h30m", true),
            ("0s", true),
            ("-5", true),
            ("often", true),
            ("hunter2", false),
            ("4cDe", false),
        ] {
            assert_eq!(is_duration(text), want, "{text}");
        }
    }

    #[test]
    fn lengths() {
        assert_eq!(Quoted("maybe").to_string(), "\"maybe\"");
        assert_eq!(Quoted("x y").to_string(), "(3 bytes, not shown)");
        assert_eq!(Quoted("=").to_string(), "(1 byte, not shown)");
    }
}
