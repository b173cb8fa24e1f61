//! The line that a new node runs, as `kubeadm token create --print-join-command` prints it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::bootstrap_token::BootstrapError;
use super::build::Build;
use crate::flags::{self, Flag, FlagKind, List, Single, Switch, targets};
use crate::golang;
use crate::hints::Fault;
use crate::material;
use crate::reach::Endpoint;
use crate::secret::Value;
use crate::shown;
use crate::sources::{bytes_of, path_of, shown_path};

flags::table! {
pub(super) fn flags;

const PRINT: Flag<Switch> = flags::switch("print-join-command", "Print the kubeadm join command");
const ENDPOINT: Flag<Single> =
    flags::text("api-server-endpoint", "HOST:PORT", "Set the API server of the join command");
const CA: Flag<Single> =
    flags::text("ca-cert", "FILE", "Hash this CA for the join command").kind(FlagKind::Certificate);
const HASH: Flag<List> = flags::list(
    "discovery-token-ca-cert-hash",
    "HASH",
    "Set a CA hash of the join command [repeatable]",
);
const CERTIFICATE_KEY: Flag<Single> =
    flags::text("certificate-key", "HEX", "Join as a control plane with this key")
        .kind(FlagKind::Secret);
}

/// What stands in a join line beside the token.
pub(super) struct Join {
    endpoint: String,
    hashes: Vec<String>,
    certificate_key: Option<Zeroizing<String>>,
}

impl Join {
    /// Reads and checks the flags; `None` where no join line was asked for.
    pub(super) fn from_flags(asked: &Build<'_>) -> Result<Option<Self>, BootstrapError> {
        let text = |flag: &Flag<Single>| {
            let value = flags::given(asked.flags, flag).filter(|value| !value.is_empty());
            value.map(|value| Zeroizing::new(value.to_string_lossy().into_owned()))
        };
        let certificate_key = text(&CERTIFICATE_KEY);
        if !flags::is_on(asked.flags, &PRINT) {
            let need_print = [CERTIFICATE_KEY.any(), ENDPOINT.any(), CA.any(), HASH.any()];
            let lost = need_print.iter().find(|flag| flags::is_given(asked.flags, flag));
            return match lost {
                Some(flag) => Err(JoinError::NeedsPrint { flag: flag.name }.into()),
                None => Ok(None),
            };
        }
        if certificate_key.as_ref().is_some_and(|key| !is_hex(key, 64)) {
            return Err(JoinError::CertificateKey.into());
        }
        let endpoint = text(&ENDPOINT).map(|endpoint| endpoint.to_string());
        if let Some(endpoint) = endpoint.as_ref().filter(|endpoint| !is_endpoint(endpoint)) {
            return Err(JoinError::Endpoint { endpoint: endpoint.clone() }.into());
        }
        let (endpoint, hashes) = match (endpoint, hashes(asked)?) {
            (Some(endpoint), Some(hashes)) => (endpoint, hashes),
            (endpoint, hashes) => {
                let known = known(asked)?;
                let endpoint = endpoint.map_or_else(|| address(known.as_ref()), Ok)?;
                (endpoint, hashes.map_or_else(|| pins(known.as_ref()), Ok)?)
            }
        };
        Ok(Some(Self { endpoint, hashes, certificate_key }))
    }

    /// The line: words parted by single blanks, none at the end.
    pub(super) fn line(&self, token: &str) -> Value {
        let key = self.certificate_key.as_ref().map_or("", |key| key.as_str());
        let room = self.endpoint.len() + token.len() + self.hashes.len() * 110 + key.len() + 80;
        let mut line = String::with_capacity(room);
        line.extend(["kubeadm join ", &self.endpoint, " --token ", token]);
        for hash in &self.hashes {
            line.extend([" --discovery-token-ca-cert-hash ", hash]);
        }
        if self.certificate_key.is_some() {
            line.extend([" --control-plane --certificate-key ", key]);
        }
        Value::new(line.into_bytes())
    }
}

/// What the kubeconfig knows of the cluster that the token is for.
fn known(asked: &Build<'_>) -> Result<Option<Endpoint>, JoinError> {
    // A line leads to one cluster.
    if flags::is_given(asked.flags, &targets::CONTEXTS) {
        return Err(JoinError::Contexts);
    }
    (asked.endpoint)(asked.reach, asked.inputs).map_err(JoinError::Kubeconfig)
}

/// `HOST:PORT` of the kubeconfig's server.
fn address(known: Option<&Endpoint>) -> Result<String, JoinError> {
    let server = &known.ok_or(JoinError::NoEndpoint)?.server;
    let address = server.strip_prefix("https://").map(|rest| {
        let rest = rest.trim_end_matches('/');
        let has_port = rest.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        if has_port { rest.to_owned() } else { format!("{rest}:443") }
    });
    let address = address.filter(|address| is_endpoint(address));
    let shown = || golang::urls::without_userinfo(server).into_owned();
    address.ok_or_else(|| JoinError::Server { server: shown() })
}

/// The hashes of the kubeconfig's CA.
fn pins(known: Option<&Endpoint>) -> Result<Vec<String>, JoinError> {
    let pem = known.and_then(|known| known.authority.as_ref()).ok_or(JoinError::NoCa)?;
    let keys =
        material::ca_file::public_keys(pem).map_err(|error| JoinError::KubeconfigCa { error })?;
    Ok(keys.iter().map(|key| pin(key)).collect())
}

/// The hashes that were given, or one for each certificate in the CA file, in its order; `None`
/// where neither was given.
fn hashes(asked: &Build<'_>) -> Result<Option<Vec<String>>, BootstrapError> {
    let ca = flags::given(asked.flags, &CA).filter(|path| !path.is_empty());
    let mut hashes = Vec::new();
    for hash in flags::values(asked.flags, &HASH) {
        let hash = hash.to_string_lossy().into_owned();
        if !hash.strip_prefix("sha256:").is_some_and(|hex| is_hex(hex, 64)) {
            return Err(JoinError::Hash.into());
        }
        hashes.push(hash.to_lowercase());
    }
    let Some(ca) = ca else {
        return Ok(Some(hashes).filter(|hashes| !hashes.is_empty()));
    };
    if !hashes.is_empty() {
        return Err(JoinError::CaAndHash.into());
    }
    let path = path_of(&bytes_of(&ca));
    let pem = asked
        .inputs
        .read(&path)
        .map_err(|error| BootstrapError::Read { path: path.clone(), error })?;
    let keys = material::ca_file::public_keys(pem.as_bytes())
        .map_err(|error| JoinError::Ca { path, error })?;
    Ok(Some(keys.iter().map(|key| pin(key)).collect()))
}

/// `sha256:` and the hash of a certificate's public key (its `SubjectPublicKeyInfo`), by which
/// kubeadm pins a CA (RFC 7469).
fn pin(subject_public_key_info: &[u8]) -> String {
    let mut pin = String::from("sha256:");
    for byte in Sha256::digest(subject_public_key_info) {
        let _ = write!(pin, "{byte:02x}");
    }
    pin
}

fn is_hex(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `HOST:PORT`, an IPv6 address in brackets.
fn is_endpoint(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = if let Some(address) = bracketed {
        address.parse::<std::net::Ipv6Addr>().is_ok()
    } else {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        !host.is_empty() && host.bytes().all(plain)
    };
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    host && digits && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// What `--api-server-endpoint` should be, where a URL was given whose host a message may show.
pub(super) fn endpoint_of_url(text: &str) -> Option<&str> {
    let endpoint = text.split_once("://")?.1.trim_end_matches('/');
    let host = endpoint.rsplit_once(':')?.0;
    (is_endpoint(endpoint) && shown::is_host(host)).then_some(endpoint)
}

/// Why there is no join line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JoinError {
    /// The CA file holds no certificate that can be read.
    #[error("{}: {error}", shown_path(path))]
    Ca { path: std::path::PathBuf, error: material::ca_file::CaFileError },
    #[error("--ca-cert and --discovery-token-ca-cert-hash cannot be used together")]
    CaAndHash,
    #[error("--certificate-key must be 64 hexadecimal digits (32 bytes)")]
    CertificateKey,
    /// Several contexts, and a line that would lead to one of them.
    #[error("the join command is for one cluster, but --contexts names several")]
    Contexts,
    #[error("--api-server-endpoint must be HOST:PORT, not {}", shown::Address(endpoint))]
    Endpoint { endpoint: String },
    #[error("--discovery-token-ca-cert-hash must be sha256: followed by 64 hexadecimal digits")]
    Hash,
    #[error("{0}")]
    Kubeconfig(Box<dyn Fault>),
    #[error("the kubeconfig's CA: {error}")]
    KubeconfigCa { error: material::ca_file::CaFileError },
    #[error("--{flag} needs --print-join-command")]
    NeedsPrint { flag: &'static str },
    #[error("the join command needs the cluster's CA")]
    NoCa,
    #[error("the join command needs the API server's address")]
    NoEndpoint,
    /// The kubeconfig's server is no address that a node could join.
    #[error(
        "the join command needs HOST:PORT, but the kubeconfig's server is {}",
        shown::Address(server)
    )]
    Server {
        /// The server, without what stands before its `@`.
        server: String,
    },
}

const ENDPOINT_EXAMPLE: &str = "for example --api-server-endpoint=10.0.0.1:6443";

impl Fault for JoinError {
    fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::Ca { .. } => one("the CA is in /etc/kubernetes/pki/ca.crt of a control plane"),
            Self::CaAndHash => one("leave out one of them"),
            Self::CertificateKey => one("kubeadm certs certificate-key generates one"),
            Self::Contexts => one("create one token per context: --context instead of --contexts"),
            Self::Endpoint { endpoint } => match endpoint_of_url(endpoint) {
                Some(meant) => vec![format!("did you mean --api-server-endpoint={meant}?")],
                None => one(ENDPOINT_EXAMPLE),
            },
            Self::NoEndpoint | Self::Server { .. } => one(ENDPOINT_EXAMPLE),
            Self::Hash => one("--ca-cert=/etc/kubernetes/pki/ca.crt computes it from the CA"),
            Self::Kubeconfig(error) => error.hints(),
            Self::NeedsPrint { .. } => one("add --print-join-command"),
            Self::KubeconfigCa { .. } | Self::NoCa => {
                one("add --ca-cert=/etc/kubernetes/pki/ca.crt")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        let rows = [
            ("10.0.0.1:6443", true),
            ("api.example.com:443", true),
            ("[fd00::1]:6443", true),
            ("fd00::1:6443", false),
            ("host", false),
            ("host:0", false),
            ("host:65536", false),
            ("host:+80", false),
            (":6443", false),
            ("a b:1", false),
            ("https://h:1", false),
        ];
        for (text, good) in rows {
            assert_eq!(is_endpoint(text), good, "{text}");
        }
    }

    #[test]
    fn addresses_of_servers() {
        let rows = [
            ("https://10.0.0.1:6443", Some("10.0.0.1:6443")),
            ("https://api.example.com", Some("api.example.com:443")),
            ("https://api.example.com/", Some("api.example.com:443")),
            ("https://[fd00::1]", Some("[fd00::1]:443")),
            ("https://[fd00::1]:6443", Some("[fd00::1]:6443")),
            ("https://rancher.example.com/k8s/clusters/c", None),
            ("https://u:p@h:1", None),
            ("http://h:1", None),
            ("h:1", None),
        ];
        for (server, wanted) in rows {
            let known = Endpoint { server: server.to_owned(), authority: None };
            assert_eq!(address(Some(&known)).ok().as_deref(), wanted, "{server}");
        }
        assert!(matches!(address(None), Err(JoinError::NoEndpoint)));
        assert!(matches!(pins(None), Err(JoinError::NoCa)));
    }

    #[test]
    fn lines() {
        let hash = format!("sha256:{}", "0".repeat(64));
        let mut join =
            Join { endpoint: "h:1".into(), hashes: vec![hash.clone()], certificate_key: None };
        let worker = format!("kubeadm join h:1 --token t --discovery-token-ca-cert-hash {hash}");
        assert_eq!(join.line("t").as_text(), Some(worker.as_str()));
        join.certificate_key = Some(Zeroizing::new("ab".into()));
        let control_plane = format!("{worker} --control-plane --certificate-key ab");
        assert_eq!(join.line("t").as_text(), Some(control_plane.as_str()));
    }
}
