//! What to do about a file that contains something else than what is needed: commands of OpenSSL and
//! others that convert or inspect it.

use std::path::Path;

use super::found::{DerKind, Found};
use super::key_pair::Input;
use super::key_pair::clients::ClientFinding;
use super::text_mark::TextMark;
use crate::sources::{Origin, shell_word};

/// What to do about a file in which that was found in place of a certificate or a key.
pub(crate) fn found_hints(found: &Found, input: Input, path: &Path) -> Vec<String> {
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

/// A command that takes out what a block holds under the label of something else.
pub(crate) fn mislabelled_hint(kind: DerKind, line: usize, file: &str) -> String {
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

/// What to do about a mark at the beginning of a password or passphrase.
pub(crate) fn mark_hints(mark: TextMark, origin: Option<&Origin>) -> Vec<String> {
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

/// What to do about what clients refuse. `path` is the file of the certificate, or of the key.
pub(crate) fn client_hints(finding: &ClientFinding, path: &Path) -> Vec<String> {
    let file = shell_word(path);
    vec![match finding {
        ClientFinding::KeyLabel { label, wanted, .. } => {
            format!("fix the label: sed 's/ {label}-/ {wanted}-/' {file} > good.key")
        }
        ClientFinding::MissingIssuer { .. } => {
            "certbot and lego write leaf and intermediate to one file: fullchain.pem, NAME.crt"
                .to_owned()
        }
        ClientFinding::NoAlternativeName { .. } => {
            "have the CA issue one with the extension subjectAltName=DNS:HOST".to_owned()
        }
        ClientFinding::ParametersFirst { .. } => {
            format!("leave them out: openssl pkey -in {file} -out good.key")
        }
        ClientFinding::Pkcs8Version2 { .. } => format!(
            "for older versions, OpenSSL 3.5 writes version 1: openssl pkey -in {file} -out good.key"
        ),
        ClientFinding::ShortRsa { .. } => {
            "for a new one: openssl req -new -newkey rsa:2048 -nodes -keyout new.key -out new.csr"
                .to_owned()
        }
        ClientFinding::WeakHash { .. } => "have its CA sign it again, with SHA-256".to_owned(),
    }]
}
