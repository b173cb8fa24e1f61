//! What to say and to do about Secrets of basic-auth, ssh-auth and service-account-token.

use std::path::Path;

use super::tls::{found_hints, mark_hints, mislabelled_hint};
use super::{certificates_of, shell_name, shell_text, shell_word, use_one_way};
use crate::hints::{IN_NAMESPACE, SAME_RUN};
use crate::material::ca_file::CaFileError;
use crate::material::found::{DerKind, Found};
use crate::material::htpasswd::HtpasswdError;
use crate::material::key_pair::Input;
use crate::material::known_hosts::Unfound;
use crate::material::ssh_key::{Doubt, SshKeyError};
use crate::sources::Origin;
use crate::types::{BasicAuthError, ServiceAccountError, SshAuthError};
use crate::validate::{
    AccountFinding, BOOTSTRAP_NAMESPACE, BootstrapFinding, LoginFinding, SshFinding, ValueFault,
};

pub(super) fn basic_auth_hints(error: &BasicAuthError) -> Vec<String> {
    let hint = match error {
        BasicAuthError::Htpasswd(HtpasswdError::Bcrypt) => return Vec::new(),
        BasicAuthError::Htpasswd(HtpasswdError::NoUserName) => {
            "a shell variable may be unset: --username=ann"
        }
        BasicAuthError::Htpasswd(HtpasswdError::Nul) => {
            "the password may be binary, or UTF-16: pass it as UTF-8 text"
        }
        BasicAuthError::Htpasswd(HtpasswdError::UserName { .. }) => {
            "leave out --htpasswd, or use another name: --username=ann"
        }
        BasicAuthError::HtpasswdIncomplete => {
            return vec![basic_auth(" --htpasswd"), use_one_way("password")];
        }
        BasicAuthError::Incomplete => return vec![basic_auth(""), use_one_way("password")],
    };
    vec![hint.to_owned()]
}

fn basic_auth(flags: &str) -> String {
    format!("mksecret basic-auth NAME --username=ann --password-file=FILE{flags}{SAME_RUN}")
}

pub(super) fn service_account_hints(error: &ServiceAccountError) -> Vec<String> {
    vec![match error {
        ServiceAccountError::Annotation => "leave out that --annotations".to_owned(),
        ServiceAccountError::NoAccount => {
            format!(
                "kubectl get serviceaccounts{IN_NAMESPACE} lists them: --service-account=default"
            )
        }
    }]
}

pub(super) fn ssh_auth_hints(error: &SshAuthError) -> Vec<String> {
    match error {
        SshAuthError::NoKey => {
            vec![format!("mksecret ssh-auth NAME --ssh-privatekey=$HOME/.ssh/id_ed25519{SAME_RUN}")]
        }
    }
}

/// What to do about a Secret that a controller is to fill.
pub(super) fn account_hints(finding: &AccountFinding) -> Vec<String> {
    vec![match finding {
        AccountFinding::Immutable => "leave out --immutable".to_owned(),
        AccountFinding::Name(_) => {
            format!("kubectl get serviceaccounts{IN_NAMESPACE} lists them")
        }
        AccountFinding::NeverExpires { account } => {
            let account = shell_name(account, "NAME");
            format!(
                "for one that expires: kubectl create token {account} --duration=24h{IN_NAMESPACE}"
            )
        }
    }]
}

/// What to do about a bootstrap token.
pub(super) fn bootstrap_hints(finding: &BootstrapFinding) -> Vec<String> {
    vec![match finding {
        BootstrapFinding::Expiration => "for example 2030-01-31T12:00:00Z".to_owned(),
        BootstrapFinding::Form { .. } | BootstrapFinding::Missing => {
            format!("generate all of it: mksecret bootstrap-token{SAME_RUN}")
        }
        BootstrapFinding::Group => "for example system:bootstrappers:my-nodes".to_owned(),
        BootstrapFinding::Name { wanted } => format!("name it {wanted}"),
        BootstrapFinding::Namespace => format!("use -n {BOOTSTRAP_NAMESPACE}"),
        BootstrapFinding::NoUsage => {
            "add --from-literal=usage-bootstrap-authentication=true".to_owned()
        }
    }]
}

/// What to do about a login. `origin` is where the value came from.
pub(super) fn login_hints(finding: &LoginFinding, origin: Option<&Origin>) -> Vec<String> {
    match finding {
        LoginFinding::Ca(error) => ca_hints(file_of(origin), error),
        LoginFinding::Value(fault) => value_hints(*fault, origin),
        LoginFinding::Colon => vec!["use another name".to_owned()],
        LoginFinding::Empty => match origin {
            Some(Origin { path: Some(path), .. }) => {
                vec![format!("add it to {}", shell_word(path))]
            }
            Some(Origin { flag, .. }) => {
                vec![format!("leave out --{flag}; a shell variable may be unset")]
            }
            None => Vec::new(),
        },
    }
}

/// What to do about what clients take for a part of a value.
fn value_hints(fault: ValueFault, origin: Option<&Origin>) -> Vec<String> {
    match fault {
        ValueFault::Mark(mark) => mark_hints(mark, origin),
        ValueFault::FinalNewline | ValueFault::Newline => vec![match origin {
            Some(Origin { path: Some(path), .. }) => {
                format!("remove it: tr -d '\\r\\n' < {} > plain.txt", shell_word(path))
            }
            _ => "use printf %s \"$PASSWORD\" instead of echo".to_owned(),
        }],
        ValueFault::Expired(_) | ValueFault::Expires(_) => {
            vec!["use one that does not expire, or recreate the Secret on a schedule".to_owned()]
        }
    }
}

/// What to do about an SSH key, or about hosts. `origin` is where the value came from.
pub(super) fn ssh_hints(finding: &SshFinding, origin: Option<&Origin>) -> Vec<String> {
    let path = file_of(origin);
    let file = shell_word(path);
    match finding {
        SshFinding::Doubt(doubt) => doubt_hints(&file, *doubt),
        SshFinding::HostUnfound { unfound: Unfound::SecondKey, .. } => {
            vec!["get them again, one per line: ssh-keyscan HOST > known_hosts".to_owned()]
        }
        SshFinding::HostUnfound {
            line,
            unfound: Unfound::Path { wanted } | Unfound::Port { wanted } | Unfound::User { wanted },
        } => {
            let host = wanted.replace('[', "\\[");
            vec![format!("fix the host: sed '{line}s/^[^ ]*/{host}/' {file} > good_hosts")]
        }
        SshFinding::HostsPassedOver { .. } => {
            vec![format!("list the valid entries: ssh-keygen -l -f {file}")]
        }
        SshFinding::Key(error) => ssh_key_hints(path, error),
        SshFinding::NoHosts => {
            // Not into the file that was named: it may be one that is precious, a key.
            vec!["each line has a host before its key: ssh-keyscan HOST > known_hosts".to_owned()]
        }
        SshFinding::NoFinalNewline => {
            vec![format!("mksecret ssh-auth NAME --ssh-privatekey={file}{SAME_RUN} adds it")]
        }
    }
}

/// The file that a value came from, or a word for it.
fn file_of(origin: Option<&Origin>) -> &Path {
    origin.and_then(|origin| origin.path.as_deref()).unwrap_or(Path::new("FILE"))
}

fn ca_hints(path: &Path, error: &CaFileError) -> Vec<String> {
    let file = shell_word(path);
    match error {
        CaFileError::Certificate { .. } => {
            vec![format!("inspect it: openssl storeutl -noout -text -certs {file}")]
        }
        CaFileError::NoCertificate { found } => found_hints(found, Input::Certificate, path),
        CaFileError::PrivateKey { .. } => {
            vec![format!("keep only its certificates: {} > ca.pem", certificates_of(path))]
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
