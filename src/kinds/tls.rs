//! A certificate and a key that no server can use: kubectl's own command for them refuses it, and
//! so does ours; under `generic --type` the API server takes it.

mod dates_and_hosts;
pub(crate) mod rules;

pub(crate) use dates_and_hosts::{DateFault, HostUnnamed};

use super::{Context, KubernetesType};
use crate::hints::{Fault as _, SAME_RUN, shell_name};
use crate::material::chain;
use crate::material::hints::client_hints;
use crate::material::key_pair::clients::{self, ClientFinding};
use crate::material::key_pair::{self, Finding, Input, KeyPairError};
use crate::secret::Secret;
use crate::validate::{At, Missing, Place, Report, Rule, RuleInfo, value};

/// A certificate and its private key.
pub(crate) const TLS: &str = "kubernetes.io/tls";

pub(super) const ROW: KubernetesType = KubernetesType {
    name: TLS,
    about: "a certificate and its key",
    keys: &["tls.crt", "tls.key"],
    required,
    rules: check,
};

fn required(secret: &Secret, report: &mut Report) {
    for key in ROW.keys {
        if value(secret, key).is_none() {
            report.push(Place::Key((*key).to_owned()), Missing::Absent);
        }
    }
}

/// What is wrong with a pair.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TlsFinding {
    /// What a server would stumble over, or show to everyone.
    #[error("{0}")]
    Certificate(Finding),
    #[error("{place} {fault}")]
    Date {
        /// Where in the value it is.
        place: chain::ChainPlace,
        fault: DateFault,
    },
    #[error("{}", pair_words(.0))]
    Pair(KeyPairError),
}

/// The error, with what a block holds in place of a certificate.
fn pair_words(error: &KeyPairError) -> String {
    match error {
        KeyPairError::Certificate { contents, .. } => {
            format!("{error}{}", key_pair::contents_words(*contents))
        }
        _ => error.to_string(),
    }
}

impl Rule for TlsFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::Certificate(finding) => rules::of_finding(finding),
            Self::Date { fault, .. } => rules::of_date(fault),
            Self::Pair(_) => &rules::PAIR,
        }
    }

    fn hints(&self, at: &At<'_>) -> Vec<String> {
        match self {
            Self::Certificate(Finding::Client(finding)) => {
                client_hints(finding, at.path_or("FILE"))
            }
            Self::Date { fault, .. } => fault.hints(),
            Self::Certificate(_) | Self::Pair(_) => {
                let name = shell_name(at.name, "NAME");
                vec![format!("mksecret tls {name} --cert=FILE --key=FILE{SAME_RUN} says more")]
            }
        }
    }
}

fn check(secret: &Secret, context: &Context<'_>, report: &mut Report) {
    let (Some(certificate), Some(key)) = (value(secret, "tls.crt"), value(secret, "tls.key"))
    else {
        return;
    };
    let mut found = |key: &str, finding| {
        report.push(Place::Key(key.to_owned()), finding);
    };
    match key_pair::check(certificate.as_bytes(), key.as_bytes()) {
        Err(error) => found(key_of(&error), TlsFinding::Pair(error)),
        Ok(pair) => {
            let findings = pair.findings.into_iter();
            findings.for_each(|finding| found("tls.crt", TlsFinding::Certificate(finding)));
            for chain::Member { certificate, place, .. } in &pair.chain {
                let now = (context.now)();
                let fault = DateFault::at(now, certificate.not_before, certificate.not_after);
                if let Some(fault) = fault {
                    found("tls.crt", TlsFinding::Date { place: place.clone(), fault });
                }
            }
            let anchors = value(secret, "ca.crt").map(|ca| chain::members(ca.as_bytes()));
            let in_chain = clients::in_chain(&pair.chain, &anchors.unwrap_or_default());
            let in_key = clients::in_key(key.as_bytes(), &pair.key);
            let mut client =
                |key, finding: ClientFinding| found(key, TlsFinding::Certificate(finding.into()));
            for finding in in_chain {
                client("tls.crt", finding);
            }
            for finding in in_key {
                client("tls.key", finding);
            }
            for finding in key_pair::further_keys(key.as_bytes()) {
                found("tls.key", TlsFinding::Certificate(finding));
            }
        }
    }
}

/// Whether a value begins as a private key in PEM does, or as the parameters of one.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    let Some(label) = bytes.trim_ascii_start().strip_prefix(b"-----BEGIN ") else { return false };
    let line = label.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_end();
    [&b"PRIVATE KEY-----"[..], b" PARAMETERS-----"].iter().any(|end| line.ends_with(end))
}

/// A key in any other Secret: readers go by its label and by its first block.
pub(super) fn check_key(name: &str, bytes: &[u8], report: &mut Report) {
    let Ok(key) = key_pair::private_key(bytes) else { return };
    for finding in clients::in_key(bytes, &key) {
        let finding = TlsFinding::Certificate(finding.into());
        report.push(Place::Key(name.to_owned()), finding);
    }
}

/// Whose fault it is; where the two do not fit each other, the key's.
fn key_of(error: &KeyPairError) -> &'static str {
    match error {
        KeyPairError::Certificate { .. }
        | KeyPairError::KeyForCertificate { .. }
        | KeyPairError::NoCertificate { .. }
        | KeyPairError::NoPem { input: Input::Certificate, .. }
        | KeyPairError::UnknownPublicKey { .. } => "tls.crt",
        KeyPairError::CertificateForKey { .. }
        | KeyPairError::Mismatch { .. }
        | KeyPairError::NoKey { .. }
        | KeyPairError::NoPem { input: Input::Key, .. }
        | KeyPairError::PrivateKey { .. }
        | KeyPairError::TypeMismatch { .. } => "tls.key",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::content;
    use crate::secret::{DataKey, SecretBuilder, SecretName, Value};
    use jiff::Timestamp;

    #[test]
    fn dates_of_a_pair_from_any_source() {
        let builder = || {
            let mut builder = SecretBuilder::new(SecretName::new("web"), TLS);
            for (key, bytes) in [
                ("tls.crt", include_bytes!("../../tests/fixtures/web/web.crt").as_slice()),
                ("tls.key", include_bytes!("../../tests/fixtures/web/web.key")),
            ] {
                let value = Value::new(bytes.to_vec());
                builder.add(DataKey::parse(key).unwrap(), value).unwrap();
            }
            builder.build()
        };
        let rows = [
            ("2026-11-24T04:46:50Z", Some("is not valid before 2026-11-24T04:46:51Z")),
            ("2026-11-24T04:46:51Z", None),
            ("2126-10-31T04:46:51Z", None),
            ("2126-10-31T04:46:52Z", Some("expired on 2126-10-31T04:46:51Z")),
        ];
        for (now, want) in rows {
            let now: Timestamp = now.parse().unwrap();
            let found = content(&builder(), &Context::new(&|| now));
            let lines: Vec<_> = found.into_iter().map(|finding| finding.to_string()).collect();
            let place = "data[tls.crt]: certificate 1 on line 1 (CN=web.example)";
            let want: Vec<_> = want.iter().map(|fault| format!("{place} {fault}")).collect();
            assert_eq!(lines, want, "{now}");
        }
    }
}
