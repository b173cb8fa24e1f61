//! SSH keys with which nobody gets in, and keys of hosts that nobody finds.

use std::path::Path;

use super::basic_auth::check_ca;
use super::tls::{self, TLS};
use super::{Context, KubernetesType};
use crate::hints::{SAME_RUN, shell_text};
use crate::material::found::{DerKind, Found};
use crate::material::hints::{found_hints, mislabelled_hint};
use crate::material::key_pair::Input;
use crate::material::known_hosts::{self, Unfound};
use crate::material::ssh_key::{self, Doubt, SshKeyError};
use crate::secret::{Secret, Value};
use crate::sources::shell_word;
use crate::validate::{At, Missing, Place, Report, Rule, RuleInfo, value};

/// A private key of SSH.
pub(crate) const SSH_AUTH: &str = "kubernetes.io/ssh-auth";

pub(super) const ROW: KubernetesType =
    KubernetesType { name: SSH_AUTH, about: "an SSH key", keys: &[KEY], required, rules };

const KEY: &str = "ssh-privatekey";
const HOSTS: &str = "known_hosts";

fn required(secret: &Secret, report: &mut Report) {
    if let Some(missing) = Missing::of(value(secret, KEY).map(Value::is_empty)) {
        report.push(Place::Key(KEY.to_owned()), missing);
    }
}

/// What is wrong with what an SSH client is given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SshFinding {
    #[error("{0}")]
    Doubt(Doubt),
    /// Hosts' keys that OpenSSH passes over.
    #[error(
        "{} (line {line})",
        if *.count == 1 {
            "1 line is not a valid entry and is ignored".to_owned()
        } else {
            format!("{count} lines are not valid entries and are ignored")
        }
    )]
    HostsPassedOver {
        count: usize,
        /// The first of them, counted from 1.
        line: usize,
    },
    #[error("line {line} {unfound}")]
    HostUnfound {
        /// Counted from 1.
        line: usize,
        unfound: Unfound,
    },
    #[error("{0}")]
    Key(SshKeyError),
    #[error("no line is a valid entry")]
    NoHosts,
    #[error("the trailing newline is missing, and ssh needs it")]
    NoFinalNewline,
}

pub(super) static RULES: &[&RuleInfo] =
    &[&KEY_SUPPORT, &HOST_LINE, &HOST_NAME, &SSH_KEY, &FINAL_NEWLINE];

/// Those on the lines of a key, which a text with other line ends satisfies.
pub(crate) static RULES_OF_LINES: [&RuleInfo; 2] = [&SSH_KEY, &FINAL_NEWLINE];

static KEY_SUPPORT: RuleInfo = RuleInfo::warning(
    "ssh/key-support",
    "The SSH key is valid, and common clients do not support it or cannot use it unattended: \
     it is encrypted, of an old or a hardware-bound algorithm, or in a format that older \
     versions of OpenSSH reject.",
);
static HOST_LINE: RuleInfo = RuleInfo::warning(
    "ssh/known-hosts-line",
    "A line of known_hosts is not a valid entry. OpenSSH ignores it; Flux rejects the whole \
     file.",
);
static HOST_NAME: RuleInfo = RuleInfo::warning(
    "ssh/known-hosts-host",
    "An entry of known_hosts names its host in a form under which no client finds it, such as \
     a URL, or a port without brackets.",
);
pub(crate) static SSH_KEY: RuleInfo = RuleInfo::warning(
    "ssh/key",
    "The value is not a private key that OpenSSH can read: a public key, damaged, with \
     Windows line endings, or with text around it.",
);
static FINAL_NEWLINE: RuleInfo = RuleInfo::warning(
    "ssh/final-newline",
    "OpenSSH rejects a private key file whose last line does not end with a newline. mksecret \
     ssh-auth adds it.",
);

impl Rule for SshFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Doubt(_) => &KEY_SUPPORT,
            Self::HostUnfound { .. } => &HOST_NAME,
            Self::HostsPassedOver { .. } | Self::NoHosts => &HOST_LINE,
            Self::Key(_) => &SSH_KEY,
            Self::NoFinalNewline => &FINAL_NEWLINE,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        let path = at.path_or("FILE");
        let file = shell_word(path);
        match self {
            Self::Doubt(doubt) => doubt_hints(&file, *doubt),
            Self::HostUnfound { unfound: Unfound::SecondKey, .. } => {
                vec!["get them again, one per line: ssh-keyscan HOST > known_hosts".to_owned()]
            }
            Self::HostUnfound {
                line,
                unfound:
                    Unfound::Path { wanted } | Unfound::Port { wanted } | Unfound::User { wanted },
            } => {
                let host = wanted.replace('[', "\\[");
                vec![format!("fix the host: sed '{line}s/^[^ ]*/{host}/' {file} > good_hosts")]
            }
            Self::HostsPassedOver { .. } => {
                vec![format!("list the valid entries: ssh-keygen -l -f {file}")]
            }
            Self::Key(error) => ssh_key_hints(path, error),
            Self::NoHosts => {
                // Not into the file that was named: it may be one that is precious, a key.
                vec![
                    "each line has a host before its key: ssh-keyscan HOST > known_hosts"
                        .to_owned(),
                ]
            }
            Self::NoFinalNewline => {
                vec![format!("mksecret ssh-auth NAME --ssh-privatekey={file}{SAME_RUN} adds it")]
            }
        }
    }

    fn is_useless(&self) -> bool {
        match self {
            Self::Key(_) | Self::NoFinalNewline | Self::NoHosts => true,
            Self::Doubt(_) | Self::HostUnfound { .. } | Self::HostsPassedOver { .. } => false,
        }
    }
}

fn ssh_key_hints(path: &Path, error: &SshKeyError) -> Vec<String> {
    let file = shell_word(path);
    let hint = match error {
        SshKeyError::Algorithm { .. } | SshKeyError::Short { .. } => {
            "make another: ssh-keygen -t ed25519 -f id_ed25519".to_owned()
        }
        SshKeyError::BlankLine { .. } => format!("remove it: grep . {file} > good.key"),
        SshKeyError::CarriageReturn { .. } => {
            format!("convert the line endings: tr -d '\\r' < {file} > good.key")
        }
        SshKeyError::Contents { kind, line, .. } => {
            return vec![mislabelled_hint(*kind, *line, &file)];
        }
        SshKeyError::Damaged { .. } => format!("see what ssh says: ssh-keygen -y -f {file}"),
        SshKeyError::Label { label, wanted, .. } => label_hint(label, wanted, &file),
        SshKeyError::OneLine { .. } => {
            "quote the variable: printf '%s\\n' \"$KEY\" > good.key".to_owned()
        }
        SshKeyError::NoKey { found, .. } => return no_key_hints(path, &file, found),
        SshKeyError::TwoKeys { .. } => "give each key a Secret of its own".to_owned(),
        SshKeyError::Unframed { .. } => format!(
            "extract only the key: sed -n '/BEGIN/,/END/s/[[:blank:]]*$//p' {file} > good.key"
        ),
    };
    vec![hint]
}

fn label_hint(label: &str, wanted: &str, file: &str) -> String {
    format!("fix the label: sed 's/ {label}-/ {wanted}-/' {file} > good.key")
}

fn no_key_hints(path: &Path, file: &str, found: &Found) -> Vec<String> {
    let hint = match found {
        Found::Der(DerKind::EncryptedPrivateKey | DerKind::PrivateKey) => {
            format!("it is not PEM but DER: openssl pkey -inform DER -in {file} -out good.key")
        }
        Found::Der(DerKind::Pkcs12) => {
            format!("a PKCS#12 file: openssl pkcs12 -in {file} -nocerts -nodes -out good.key")
        }
        Found::OpenSshPublicKey | Found::PublicKey | Found::Der(DerKind::PublicKey) => {
            let private = path.extension().is_some_and(|ending| ending == "pub");
            if private {
                let private = path.with_extension("").to_string_lossy().into_owned();
                let private = private.strip_suffix("-cert").unwrap_or(&private);
                let private = shell_text(private);
                format!("it is the public key; the private key may be {private}")
            } else {
                "it is a public key: pass the private key's file".to_owned()
            }
        }
        Found::Base64OfDer(DerKind::PrivateKey) => {
            format!("convert it to PEM: base64 -d {file} | openssl pkey -inform DER -out good.key")
        }
        Found::PuttyKey => {
            format!("it is a PuTTY key: puttygen {file} -O private-openssh -o good.key")
        }
        Found::Unknown => format!("inspect it: ssh-keygen -y -f {file}"),
        found => return found_hints(found, Input::Key, path),
    };
    vec![hint]
}

fn doubt_hints(file: &str, doubt: Doubt) -> Vec<String> {
    let hint = match doubt {
        Doubt::Label { label, wanted } => label_hint(label, wanted, file),
        Doubt::ParametersFirst => format!("leave them out: openssl pkey -in {file} -out good.key"),
        Doubt::Pkcs8Version2 => {
            format!("OpenSSL 3.5 or newer writes version 1: openssl pkey -in {file} -out good.key")
        }
        Doubt::Encrypted => format!(
            "remove the passphrase from a copy: cp {file} plain.key && ssh-keygen -p -N '' -f plain.key"
        ),
        Doubt::Ed25519Pkcs8 => format!(
            "a newer ssh-keygen converts a copy: cp {file} good.key && ssh-keygen -p -N '' -f good.key"
        ),
        Doubt::Dsa | Doubt::Hardware => {
            "make another: ssh-keygen -t ed25519 -f id_ed25519".to_owned()
        }
        Doubt::UnknownKind => format!("see what ssh says: ssh-keygen -l -f {file}"),
    };
    vec![hint]
}

fn rules(secret: &Secret, _: &Context<'_>, report: &mut Report) {
    // An empty key is refused by the API server itself.
    if let Some(key) = value(secret, KEY).filter(|key| !key.is_empty()) {
        check_key(KEY, key, report);
    }
    if let Some(file) = value(secret, HOSTS) {
        check_hosts(HOSTS, file, report);
    }
    check_ca(secret, report);
}

/// Values of any Secret that are what SSH clients are given, as Flux and Argo CD keep them in Secrets
/// without a type of their own.
pub(super) fn check_others(secret: &Secret, report: &mut Report) {
    let is_ssh = secret.secret_type.as_str() == SSH_AUTH;
    let is_tls = secret.secret_type.as_str() == TLS;
    let others =
        secret.data.iter().filter(|(key, _)| !is_ssh || ![KEY, HOSTS].contains(&key.as_str()));
    for (key, value) in others {
        let name = key.as_str();
        // What begins like neither costs nothing.
        match value.as_bytes() {
            [] => {}
            bytes if is_key(name, bytes, secret) => check_key(name, value, report),
            // The pair of a TLS Secret has been checked as one.
            _ if is_tls && name == "tls.key" => {}
            bytes if tls::is_key(bytes) => tls::check_key(name, bytes, report),
            bytes if name.ends_with("known_hosts") || known_hosts::is_like(bytes) => {
                check_hosts(name, value, report);
            }
            _ => {}
        }
    }
}

/// Whether a value is an SSH key: in OpenSSH's own form, or in PEM where its key or its neighbour
/// says that it is one. Other keys in PEM are for TLS.
fn is_key(name: &str, bytes: &[u8], secret: &Secret) -> bool {
    let text = bytes.trim_ascii_start();
    // The base64 of `openssh-key-v1`, without the lines of dashes.
    if text.starts_with(b"-----BEGIN OPENSSH PRIVATE KEY-----")
        || text.starts_with(b"b3BlbnNzaC1rZXktdjEA")
    {
        return true;
    }
    let is_named = || {
        let name = name.to_ascii_lowercase();
        let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
        name.starts_with("id_")
            || name.contains("ssh")
            || words.any(|word| matches!(word, "deploy" | "git" | "identity"))
            || secret.data.iter().any(|(key, _)| key.as_str().ends_with("known_hosts"))
    };
    tls::is_key(text) && is_named()
}

fn check_key(name: &str, key: &Value, report: &mut Report) {
    let mut found = |finding| report.push(Place::Key(name.to_owned()), finding);
    match ssh_key::parse(key.as_bytes()) {
        Err(error) => found(SshFinding::Key(error)),
        Ok(key) => {
            if !key.final_newline {
                found(SshFinding::NoFinalNewline);
            }
            for doubt in key.doubts {
                found(SshFinding::Doubt(doubt));
            }
        }
    }
}

fn check_hosts(name: &str, file: &Value, report: &mut Report) {
    const SHOWN: usize = 3;
    let mut found = |finding| report.push(Place::Key(name.to_owned()), finding);
    let known = known_hosts::parse(file.as_bytes());
    match known.passed_over.first() {
        _ if known.hosts == 0 => found(SshFinding::NoHosts),
        Some(line) => {
            found(SshFinding::HostsPassedOver { count: known.passed_over.len(), line: *line });
        }
        None => {}
    }
    for (line, unfound) in known.unfound.into_iter().take(SHOWN) {
        found(SshFinding::HostUnfound { line, unfound });
    }
}
