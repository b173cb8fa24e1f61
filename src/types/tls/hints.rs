//! What to do about two files that are no certificate and its key.

use std::io;
use std::path::Path;

use super::error::TlsError;
use super::wishes::WishError;
use crate::hints::{Fault, SAME_RUN, shell_name, shell_text};
use crate::material::certificate::CertificateError;
use crate::material::encryption::UnlockError;
use crate::material::found::{DerKind, Found};
use crate::material::hints::{found_hints, mark_hints, mislabelled_hint};
use crate::material::host_name;
use crate::material::key_pair::{Input, KeyPairError, PassedOver};
use crate::material::pkcs12::Pkcs12Error;
use crate::material::public_key::Algorithm;
use crate::material::tls_input::{InputError, InputErrorKind, InputPlace};
use crate::shown;
use crate::sources::{ReadError, ReadErrorKind, is_contents, shell_word};
use crate::types::credential::use_one_way;

impl Fault for TlsError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Ca { error: KeyPairError::KeyForCertificate { .. }, path } => {
                vec![format!(
                    "{} contains a private key: pass the CA's certificate",
                    shell_word(path)
                )]
            }
            Self::Ca { error, path } => pair_hints(error, path, path, "NAME"),
            Self::Input { mark: Some((mark, origin)), .. } => mark_hints(*mark, Some(origin)),
            Self::Input { error, path, .. } => input_hints(error, path),
            Self::KeyOfAuthority { leaf, .. } => {
                vec![format!("pass the key of {leaf}: --key=FILE")]
            }
            Self::NoPkcs12 { found, path, .. } => no_pkcs12_hints(found, path),
            Self::Pkcs12Combined => vec!["leave out either --pkcs12 or those".to_owned()],
            Self::Incomplete | Self::Missing { .. } => {
                vec![format!("mksecret tls NAME --cert=tls.crt --key=tls.key{SAME_RUN}")]
            }
            Self::Pair { cert, key, passed_over: Some(passed_over), .. } => {
                let path = if passed_over.input == Input::Key { key } else { cert };
                vec![passed_over_hint(passed_over, path)]
            }
            Self::Pair { error, cert, key, name, .. } => pair_hints(error, cert, key, name),
            Self::Wish(WishError::HostName { host }) => vec![host_hint(host)],
            Self::Wish(
                WishError::MinValidity(_)
                | WishError::MinValidityDays
                | WishError::MinValidityLong
                | WishError::MinValidityNegative,
            ) => {
                vec!["for example --min-validity=30d, or 36h".to_owned()]
            }
        }
    }

    fn lacks_passphrase(&self) -> bool {
        matches!(self, Self::Input { error, .. } if error.kind.wants_passphrase())
    }
}

/// Two files in one flag, standard input, what is in a file: slips that are made with paths.
pub(in crate::types) fn read_hints(flag: &str, error: &ReadError) -> Vec<String> {
    let text = error.path.to_string_lossy();
    let parts: Vec<_> = text.split(',').collect();
    let missing =
        matches!(&error.kind, ReadErrorKind::Io(e) if e.kind() == io::ErrorKind::NotFound);
    vec![if is_contents(&error.path) {
        format!(
            "pass a file, or let the shell create one: --{flag}=<(printf '%s\\n' \"$VARIABLE\")"
        )
    } else if !missing {
        return error.hints();
    } else if text == "-" {
        format!("for standard input: --{flag}=/dev/stdin")
    } else if let Some(path) = text.strip_prefix("file://") {
        format!("it needs a path: --{flag}={}", shell_word(Path::new(path)))
    } else if parts.len() > 1 && parts.iter().all(|part| !part.is_empty()) {
        let parts: Vec<_> = parts.iter().map(|part| shell_word(Path::new(part))).collect();
        format!("it accepts one file: --{flag}=<(cat {})", parts.join(" "))
    } else {
        return error.hints();
    }]
}

fn passed_over_hint(passed_over: &PassedOver, path: &Path) -> String {
    let (line, file) = (passed_over.line, shell_word(path));
    if passed_over.inner {
        // What is before the dashes may not be visible.
        format!(
            "move it to the start of the line: sed '{line}s/^.*-----BEGIN /-----BEGIN /' {file} \
             > good.pem"
        )
    } else {
        format!("inspect it: sed -n '{line},+1p' {file}")
    }
}

/// Addresses of pages, lists and names beyond ASCII stand where a host belongs.
fn host_hint(host: &str) -> String {
    let example = || "for example --hostname=www.example.com".to_owned();
    if !host.is_ascii() {
        return "use the form in certificates: --hostname=xn--...".to_owned();
    }
    let flag = |host: &str| format!("--hostname={}", shell_text(host));
    if host.contains(',')
        && host.split(',').all(|host| host_name::is_host(host) && shown::is_host(host))
    {
        let flags: Vec<_> = host.split(',').map(flag).collect();
        return format!("give each its own flag: {}", flags.join(" "));
    }
    let name = host.split_once("://").map_or(host, |(_, rest)| rest);
    let name = name.split('/').next().unwrap_or(name);
    let port = name.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
    let name = port.map_or(name, |(name, _)| name);
    if host_name::is_host(name) && shown::is_host(name) {
        format!("pass only the host: {}", flag(name))
    } else {
        example()
    }
}

fn input_hints(error: &InputError, path: &Path) -> Vec<String> {
    let file = shell_word(path);
    let is_pkcs12 = error.place == InputPlace::Pkcs12;
    vec![match &error.kind {
        InputErrorKind::Unlock(UnlockError::NoPassphrase { .. }) => use_one_way("passphrase"),
        InputErrorKind::Unlock(UnlockError::Wrong { .. }) => {
            "only one trailing newline of a file or of standard input is dropped; check for other \
             blanks"
                .to_owned()
        }
        InputErrorKind::Unlock(UnlockError::Rounds { .. } | UnlockError::Unsupported(_))
        | InputErrorKind::Pkcs12(Pkcs12Error::MacHash(_))
            if is_pkcs12 =>
        {
            format!(
                "convert it to PEM: openssl pkcs12 -legacy -in {file} -nokeys -out pem.crt, then \
                 openssl pkcs12 -legacy -in {file} -nocerts -nodes -out pem.key"
            )
        }
        InputErrorKind::Unlock(UnlockError::Rounds { .. } | UnlockError::Unsupported(_)) => {
            let form = if error.place == InputPlace::Der { " -inform DER" } else { "" };
            format!(
                "rewrite it: openssl pkcs8 -topk8 -v2 aes-256-cbc{form} -in {file} -out new.key"
            )
        }
        InputErrorKind::Keys(_) => format!(
            "extract one by its name: keytool -importkeystore -srckeystore {file} -srcalias NAME \
             -destkeystore one.p12 -deststoretype PKCS12"
        ),
        InputErrorKind::NoKey => {
            format!("pass the key as well: --cert={file} --key=FILE")
        }
        InputErrorKind::NoCertificate | InputErrorKind::NoCertificateForKey { .. } => {
            format!("pass the certificate as well: --cert=FILE --key={file}")
        }
        InputErrorKind::Pkcs12(_) | InputErrorKind::Certificate { .. } => {
            format!("inspect it: openssl pkcs12 -info -nokeys -in {file}")
        }
        InputErrorKind::PrivateKey { found, .. } if *found != Found::Unknown => {
            return found_hints(found, Input::Key, path);
        }
        InputErrorKind::PrivateKey { .. } | InputErrorKind::Unlock(UnlockError::Malformed(_)) => {
            format!("inspect it: openssl pkey -noout -check -in {file}")
        }
    }]
}

/// What else there is for a file that is no PKCS#12.
fn no_pkcs12_hints(found: &Found, path: &Path) -> Vec<String> {
    let file = shell_word(path);
    vec![match found {
        Found::Certificate | Found::Der(DerKind::Certificate) => {
            format!("for PEM and DER: --cert={file} --key=FILE")
        }
        Found::PrivateKey | Found::Der(DerKind::EncryptedPrivateKey | DerKind::PrivateKey) => {
            format!("for PEM and DER: --cert=FILE --key={file}")
        }
        Found::Unknown => format!("inspect it: openssl pkcs12 -info -noout -in {file}"),
        found => return found_hints(found, Input::Certificate, path),
    }]
}

/// Every hint is a command, or the place to look at.
fn pair_hints(error: &KeyPairError, cert: &Path, key: &Path, name: &str) -> Vec<String> {
    let [cert_word, key_word] = [cert, key].map(shell_word);
    // What Go refuses is of use to servers that are not written in Go.
    let only_go = || {
        let name = shell_name(name, "NAME");
        vec![format!(
            "kubectl rejects it, too; for a server that supports it: mksecret generic {name} \
             --type=kubernetes.io/tls --from-file=tls.crt={cert_word} --from-file=tls.key={key_word}{SAME_RUN}"
        )]
    };
    match error {
        KeyPairError::Certificate { contents: Some(kind), line, .. } => {
            vec![mislabelled_hint(*kind, *line, &cert_word)]
        }
        KeyPairError::Certificate {
            error: CertificateError::PublicKey { algorithm, .. }, ..
        } if !is_known(algorithm) => only_go(),
        KeyPairError::UnknownPublicKey { .. }
        | KeyPairError::PrivateKey { found: Found::Algorithm(_), .. } => only_go(),
        KeyPairError::PrivateKey { found: Found::Der(kind), line, .. } => {
            vec![mislabelled_hint(*kind, *line, &key_word)]
        }
        KeyPairError::Certificate { line, .. } => vec![format!(
            "inspect the block on line {line}: openssl x509 -noout -text -in {cert_word}"
        )],
        KeyPairError::CertificateForKey { .. } => {
            vec![format!("{key_word} contains a certificate: pass the key's file with --key")]
        }
        KeyPairError::KeyForCertificate { switched: true, .. } => {
            vec![format!("switch them: --cert={key_word} --key={cert_word}")]
        }
        KeyPairError::KeyForCertificate { .. } => {
            vec![format!(
                "{cert_word} contains a private key: pass the certificate's file with --cert"
            )]
        }
        KeyPairError::Mismatch { other: Some(other), .. }
        | KeyPairError::TypeMismatch { other: Some(other), .. } => {
            vec![format!("the key belongs to {other}, and the leaf must be first: add --fix-chain")]
        }
        KeyPairError::Mismatch { only_authorities: true, .. }
        | KeyPairError::TypeMismatch { only_authorities: true, .. } => {
            vec![
                "pass the file that begins with the leaf; certbot calls it fullchain.pem"
                    .to_owned(),
            ]
        }
        KeyPairError::Mismatch { .. } | KeyPairError::TypeMismatch { .. } => vec![
            format!("the certificate's public key: openssl x509 -noout -pubkey -in {cert_word}"),
            format!("the key's public key: openssl pkey -pubout -in {key_word}"),
        ],
        KeyPairError::NoCertificate { found, .. } => found_hints(found, Input::Certificate, cert),
        KeyPairError::NoPem { found, input, .. } => {
            found_hints(found, *input, if *input == Input::Key { key } else { cert })
        }
        KeyPairError::PrivateKey { found: Found::Unknown, line, .. } => vec![format!(
            "inspect the block on line {line}: openssl pkey -noout -check -in {key_word}"
        )],
        KeyPairError::NoKey { found, .. } | KeyPairError::PrivateKey { found, .. } => {
            found_hints(found, Input::Key, key)
        }
    }
}

/// Whether Go knows the algorithm, so that it is the key that is wrong.
fn is_known(algorithm: &Algorithm) -> bool {
    matches!(algorithm, Algorithm::Ecdsa(_) | Algorithm::Ed25519 | Algorithm::Rsa)
}
