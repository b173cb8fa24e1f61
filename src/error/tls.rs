//! What to do about two files that are no certificate and its key.

use std::io;
use std::path::Path;

use super::{shell_name, shell_text, shell_word, use_one_way};
use crate::hints::{Fault as _, SAME_RUN};
use crate::material::certificate::CertificateError;
use crate::material::encryption::UnlockError;
use crate::material::found::{DerKind, Found};
use crate::material::host_name;
use crate::material::key_pair::{Input, KeyPairError, PassedOver};
use crate::material::pkcs12::Pkcs12Error;
use crate::material::public_key::Algorithm;
use crate::material::text_mark::TextMark;
use crate::material::tls_input::{InputError, InputErrorKind, InputPlace};
use crate::shown;
use crate::sources::{Origin, ReadError, ReadErrorKind, is_contents};
use crate::types::{TlsError, WishError};

pub(super) fn hints(error: &TlsError) -> Vec<String> {
    match error {
        TlsError::Ca { error: KeyPairError::KeyForCertificate { .. }, path } => {
            vec![format!("{} contains a private key: pass the CA's certificate", shell_word(path))]
        }
        TlsError::Ca { error, path } => pair_hints(error, path, path, "NAME"),
        TlsError::Input { mark: Some((mark, origin)), .. } => mark_hints(*mark, Some(origin)),
        TlsError::Input { error, path, .. } => input_hints(error, path),
        TlsError::KeyOfAuthority { leaf, .. } => {
            vec![format!("pass the key of {leaf}: --key=FILE")]
        }
        TlsError::NoPkcs12 { found, path, .. } => no_pkcs12_hints(found, path),
        TlsError::Pkcs12Combined => vec!["leave out either --pkcs12 or those".to_owned()],
        TlsError::Incomplete | TlsError::Missing { .. } => {
            vec![format!("mksecret tls NAME --cert=tls.crt --key=tls.key{SAME_RUN}")]
        }
        TlsError::Pair { cert, key, passed_over: Some(passed_over), .. } => {
            let path = if passed_over.input == Input::Key { key } else { cert };
            vec![passed_over_hint(passed_over, path)]
        }
        TlsError::Pair { error, cert, key, name, .. } => pair_hints(error, cert, key, name),
        TlsError::Wish(WishError::HostName { host }) => vec![host_hint(host)],
        TlsError::Wish(
            WishError::MinValidity(_)
            | WishError::MinValidityDays
            | WishError::MinValidityLong
            | WishError::MinValidityNegative,
        ) => {
            vec!["for example --min-validity=30d, or 36h".to_owned()]
        }
    }
}

/// What to do about a mark at the beginning of a password or passphrase.
pub(super) fn mark_hints(mark: TextMark, origin: Option<&Origin>) -> Vec<String> {
    let Some(path) = origin.and_then(|origin| origin.path.as_deref()) else {
        return vec!["pass it as UTF-8 text, without a byte order mark".to_owned()];
    };
    let file = shell_word(path);
    vec![match mark {
        TextMark::Utf8 => format!("remove the mark: tail -c +4 {file} > plain.txt"),
        TextMark::Utf16(name) => {
            format!("convert it: iconv -f {name} -t UTF-8 {file} > plain.txt")
        }
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

/// Two files in one flag, standard input, what is in a file: slips that are made with paths.
pub(super) fn read_hints(flag: &str, error: &ReadError) -> Vec<String> {
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

fn openssh_key_hints(file: &str) -> Vec<String> {
    vec![
        format!(
            "convert a copy of an RSA or ECDSA key: cp {file} good.key && \
             ssh-keygen -p -m PKCS8 -N '' -f good.key"
        ),
        "ssh-keygen cannot convert an Ed25519 key; create another: \
         openssl genpkey -algorithm ED25519 -out good.key"
            .to_owned(),
    ]
}

pub(super) fn found_hints(found: &Found, input: Input, path: &Path) -> Vec<String> {
    let file = shell_word(path);
    if let Some(hint) = other_hint(found, input, &file).or_else(|| frame_hint(found, &file)) {
        return vec![hint];
    }
    let hint = match found {
        Found::Algorithm(_) => {
            "create a new one: openssl genpkey -algorithm ED25519 -out new.key".to_owned()
        }
        Found::Base64OfDer(_) => format!("decode it: base64 -d {file} > good.der"),
        Found::Binary => format!("inspect it: file {file}"),
        Found::Base64OfPem => format!("it is PEM in base64: base64 -d {file} > good.pem"),
        Found::ByteOrderMark => {
            format!("remove the byte order mark: tail -c +4 {file} > good.pem")
        }
        Found::Certificate | Found::OpenSslCertificate => {
            format!("let OpenSSL rewrite it: openssl x509 -in {file} -out pem.crt")
        }
        Found::CutBlock { label, line } => {
            format!(
                "the block {label} on line {line} is cut off: copy {file} again from its \
                     source"
            )
        }
        Found::CutDer { .. } => format!("copy {file} again from its source"),
        Found::DamagedBlock { label, line } => {
            format!("the block {label} on line {line} is damaged or cut off: see {file}")
        }
        Found::Der(kind) => der_hint(*kind, &file),
        Found::Empty => format!("{file} is empty; a pipe can be read only once"),
        Found::EscapedLines { .. } => {
            // What stands before it in a file of variables or in YAML, and quotes.
            let clean = "s/^[^\"]*\"//; s/^[A-Za-z_.-]*[=:] *//; s/\"//g";
            format!("printf '%b\\n' \"$(sed '{clean}' {file})\" > good.pem")
        }
        Found::EncryptedPem | Found::EncryptedPkcs8 => {
            format!("the key is encrypted: openssl pkey -in {file} -out plain.key")
        }
        Found::Glued { line } => {
            format!("put -----BEGIN on line {line} of {file} on a line of its own")
        }
        Found::Html => format!("{file} is a web page: the download failed"),
        Found::Indented { .. } => {
            format!("remove the indentation: sed 's/^[[:blank:]]*//' {file} > good.pem")
        }
        Found::Mislabelled { kind, line, .. } => mislabelled_hint(*kind, *line, &file),
        Found::JavaKeystore => format!(
            "a Java keystore: keytool -importkeystore -srckeystore {file} -destkeystore new.p12 \
             -deststoretype PKCS12"
        ),
        Found::Json => {
            format!("{file} is JSON: extract the PEM text: jq -r '.\"FIELD\"' {file} > good.pem")
        }
        Found::OneLine { .. } => {
            return vec![
                "quote the variable: printf '%s\\n' \"$VARIABLE\" > good.pem".to_owned(),
                format!(
                    "or restore the line breaks: perl -pe 's/\\s*(-----(BEGIN|END)[^-]*-----)\\s*/\\n$1\\n/g' \
                     {file} > good.pem"
                ),
            ];
        }
        Found::OpenSshPrivateKey => return openssh_key_hints(&file),
        Found::OtherDer => format!("inspect it: openssl asn1parse -inform DER -in {file}"),
        Found::Pkcs7 => {
            format!("it is a PKCS#7 bundle: openssl pkcs7 -print_certs -in {file} -out pem.crt")
        }
        Found::PrivateKey => {
            format!("let OpenSSL rewrite it: openssl pkey -in {file} -out pem.key")
        }
        Found::PuttyKey => {
            format!("it is a PuTTY key: puttygen {file} -O private-openssh -o pem.key")
        }
        Found::Trailing { bytes } => {
            let bytes = if *bytes == 1 { "one byte".to_owned() } else { format!("{bytes} bytes") };
            format!("{file} has {bytes} too many: pass one file for each object, or PEM")
        }
        Found::CertificateRequest
        | Found::Dashes { .. }
        | Found::OpenSshBody
        | Found::SshComKey
        | Found::OpenSshPublicKey
        | Found::Parameters
        | Found::PublicKey
        | Found::Unknown => match input {
            Input::Certificate => format!("inspect it: openssl x509 -noout -text -in {file}"),
            Input::Key => format!("inspect it: openssl pkey -noout -check -in {file}"),
        },
        Found::Utf16(name) => {
            format!("it is UTF-16: iconv -f {name} -t UTF-8 {file} > good.pem")
        }
        Found::Xml => format!("it may be an error message of a server: head {file}"),
    };
    vec![hint]
}

/// A key or certificate without the lines of dashes that PEM has.
fn frame_hint(found: &Found, file: &str) -> Option<String> {
    Some(match found {
        Found::Dashes { .. } => {
            // The dashes of Unicode by their bytes, whatever the locale.
            let dash = r"(?:-|\xe2\x80[\x90-\x95]|\xe2\x88\x92)+";
            format!(
                "fix the dashes: perl -pe 's/^\\s*{dash}((?:BEGIN|END) [A-Z0-9 ]+?){dash}\\s*$/\
                 -----$1-----\\n/' {file} > good.pem"
            )
        }
        Found::OpenSshBody => format!(
            "restore the lines: {{ echo '-----BEGIN OPENSSH PRIVATE KEY-----'; tr -d '[:space:]' < \
             {file} | fold -w 70; echo; echo '-----END OPENSSH PRIVATE KEY-----'; }} > good.key"
        ),
        Found::SshComKey => {
            format!("convert it to the OpenSSH format: ssh-keygen -i -f {file} > good.key")
        }
        _ => return None,
    })
}

/// A good file of another kind than the one that is wanted.
fn other_hint(found: &Found, input: Input, file: &str) -> Option<String> {
    let wanted = match input {
        Input::Certificate => "pass the certificate's file",
        Input::Key => "pass the private key's file",
    };
    Some(match found {
        Found::Certificate | Found::Der(DerKind::Certificate) if input == Input::Key => {
            format!("{file} contains a certificate: {wanted}")
        }
        Found::PrivateKey | Found::Der(DerKind::PrivateKey) if input == Input::Certificate => {
            format!("{file} contains a private key: {wanted}")
        }
        Found::CertificateRequest | Found::Der(DerKind::CertificateRequest) => match input {
            Input::Certificate => {
                format!(
                    "{file} is a certificate request: pass the certificate that the CA \
                         returned"
                )
            }
            Input::Key => format!("{file} is a certificate request: {wanted}"),
        },
        Found::Der(DerKind::PublicKey) | Found::PublicKey => {
            format!("{file} contains a public key: {wanted}")
        }
        Found::Pkcs7 | Found::Der(DerKind::Pkcs7) if input == Input::Key => {
            format!("{file} is a PKCS#7 bundle: {wanted}")
        }
        Found::OpenSshPublicKey => format!("{file} is an OpenSSH public key: {wanted}"),
        Found::Parameters => format!("{file} contains only key parameters: {wanted}"),
        _ => return None,
    })
}

/// Whether Go knows the algorithm, so that it is the key that is wrong.
fn is_known(algorithm: &Algorithm) -> bool {
    matches!(algorithm, Algorithm::Ecdsa(_) | Algorithm::Ed25519 | Algorithm::Rsa)
}

/// A command that takes out what a block holds under the label of something else.
pub(super) fn mislabelled_hint(kind: DerKind, line: usize, file: &str) -> String {
    let contents = format!("tail -n +{line} {file} | sed '1d;/-----END/,$d' | base64 -d");
    match kind {
        DerKind::Certificate => {
            format!("fix the label: {contents} | openssl x509 -inform DER -out good.crt")
        }
        DerKind::CertificateRequest | DerKind::PublicKey | DerKind::RevocationList => {
            format!("inspect it: {contents} | openssl asn1parse -inform DER")
        }
        DerKind::EncryptedPrivateKey => {
            format!("fix the label: {contents} | openssl pkcs8 -inform DER -out good.key")
        }
        DerKind::Pkcs12 => format!("extract it, then use --pkcs12=good.p12: {contents} > good.p12"),
        DerKind::Pkcs7 => {
            format!(
                "extract them: {contents} | openssl pkcs7 -inform DER -print_certs -out good.crt"
            )
        }
        DerKind::PrivateKey => {
            format!("fix the label: {contents} | openssl pkey -inform DER -out good.key")
        }
    }
}

/// Binary forms have a command each that makes PEM of them.
fn der_hint(kind: DerKind, file: &str) -> String {
    match kind {
        DerKind::Certificate => {
            format!("it is not PEM but DER: openssl x509 -inform DER -in {file} -out pem.crt")
        }
        DerKind::CertificateRequest => format!("{file} is a certificate request"),
        DerKind::EncryptedPrivateKey => {
            format!("the key is encrypted DER: openssl pkcs8 -inform DER -in {file} -out pem.key")
        }
        DerKind::Pkcs12 => format!(
            "a PKCS#12 file: openssl pkcs12 -in {file} -nokeys -out pem.crt, then \
             openssl pkcs12 -in {file} -nocerts -nodes -out pem.key"
        ),
        DerKind::Pkcs7 => format!(
            "it is a PKCS#7 bundle: openssl pkcs7 -inform DER -print_certs -in {file} -out pem.crt"
        ),
        DerKind::PrivateKey => {
            format!("it is not PEM but DER: openssl pkey -inform DER -in {file} -out pem.key")
        }
        DerKind::PublicKey => format!("{file} contains a public key: pass the private key's file"),
        DerKind::RevocationList => {
            format!("{file} is a CRL: openssl crl -inform DER -text -noout -in {file}")
        }
    }
}
