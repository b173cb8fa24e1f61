//! What is wrong with the files of a TLS Secret, and what was put right in them.

use std::path::{Path, PathBuf};

use super::super::rules;
use crate::hints::Fault;
use crate::kinds::tls_rules;
use crate::kinds::{DateFault, HostUnnamed};
use crate::material::chain::{ChainPlace, Dropped, PathError, Unchecked};
use crate::material::hints::client_hints;
use crate::material::key_pair::Finding;
use crate::sources::{certificates_of, shell_word, shown_path};
use crate::validate::{At, Rule, RuleInfo, Severity};

/// Something about a file of certificates, or of a key.
#[derive(Debug, thiserror::Error)]
pub(super) enum TlsFileFinding {
    #[error("{}: dropped the byte order mark before the PEM", shown_path(path))]
    ByteOrderMark { path: PathBuf },
    #[error("{}: {finding}", shown_path(path))]
    Certificate { path: PathBuf, finding: Finding },
    #[error("{} does not chain to {}: {error}", shown_path(path), shown_path(ca))]
    Chain { path: PathBuf, ca: PathBuf, error: PathError },
    /// A certificate that is not valid now, or not for as long as was asked.
    #[error("{}: {place} {fault}", shown_path(path))]
    Date { path: PathBuf, place: ChainPlace, fault: DateFault },
    #[error("{}: dropped {place}: {why}", shown_path(path))]
    Dropped { path: PathBuf, place: ChainPlace, why: Dropped },
    #[error("{}: {fault}", shown_path(path))]
    HostName { path: PathBuf, fault: HostUnnamed },
    #[error("{}: sorted the certificates: {}", shown_path(path), listed(positions))]
    Ordered {
        path: PathBuf,
        /// Where in the file the certificates of the chain stood, in the new order.
        positions: Vec<usize>,
    },
    #[error("--{flag} has no effect: nothing is encrypted")]
    PassphraseUnused { flag: &'static str },
    /// A signature on the way to the CA that was not checked.
    #[error(
        "{}: the signature of {} on {} was not checked: {}",
        path.display(),
        unchecked.issuer,
        unchecked.of,
        unchecked.algorithm
    )]
    SignatureUnchecked { ca: PathBuf, path: PathBuf, unchecked: Unchecked },
}

impl Rule for TlsFileFinding {
    fn info(&self) -> &'static RuleInfo {
        match self {
            Self::ByteOrderMark { .. } | Self::Dropped { .. } | Self::Ordered { .. } => {
                &tls_rules::REPAIRED
            }
            Self::Certificate { finding, .. } => tls_rules::of_finding(finding),
            Self::Chain { .. } => &tls_rules::CHAIN,
            Self::Date { fault, .. } => tls_rules::of_date(fault),
            Self::HostName { .. } => &tls_rules::HOST_NAME,
            Self::PassphraseUnused { .. } => &rules::NO_EFFECT,
            Self::SignatureUnchecked { .. } => &tls_rules::SIGNATURE_UNCHECKED,
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Certificate { finding, .. } if finding.is_refused() => Severity::Error,
            Self::Chain { .. } | Self::HostName { .. } => Severity::Error,
            Self::Certificate { .. }
            | Self::Date { .. }
            | Self::PassphraseUnused { .. }
            | Self::SignatureUnchecked { .. } => Severity::Warning,
            Self::ByteOrderMark { .. } | Self::Dropped { .. } | Self::Ordered { .. } => {
                Severity::Note
            }
        }
    }

    fn hints(&self, _: &At<'_>) -> Vec<String> {
        let hint = match self {
            Self::Certificate { path, finding: Finding::Client(finding) } => {
                return client_hints(finding, path);
            }
            Self::Certificate { path, finding } => certificate_hint(finding, path),
            Self::Chain { path, ca, error } => chain_hint(error, path, ca),
            Self::Date { fault, .. } => return fault.hints(),
            Self::HostName { fault, .. } => return fault.hints(),
            Self::PassphraseUnused { flag } => format!("leave out --{flag}"),
            Self::SignatureUnchecked { ca, path, .. } => {
                let (ca, path) = (shell_word(ca), shell_word(path));
                format!(
                    "OpenSSL may support it: openssl verify -CAfile {ca} -untrusted {path} {path}"
                )
            }
            Self::ByteOrderMark { .. } | Self::Dropped { .. } | Self::Ordered { .. } => {
                return Vec::new();
            }
        };
        vec![hint]
    }
}

fn certificate_hint(finding: &Finding, path: &Path) -> String {
    match finding {
        Finding::PrivateKeyInCertificate { .. } => format!(
            "the server would send the key to every client; keep only the certificates: {} > \
             certs.pem",
            certificates_of(path)
        ),
        finding if finding.is_refused() => {
            format!("inspect it: openssl storeutl -noout -text -certs {}", shell_word(path))
        }
        Finding::Order { .. } => {
            format!("put the chain of {} in order: add --fix-chain", shell_word(path))
        }
        Finding::SecondKey { .. } => format!("keep one key in {}", shell_word(path)),
        _ => format!("it is ignored: replace it in {}", shell_word(path)),
    }
}

fn chain_hint(error: &PathError, path: &Path, ca: &Path) -> String {
    let (path, ca) = (shell_word(path), shell_word(ca));
    match error {
        PathError::NoIssuer { issuer, .. } => {
            format!("add the certificate of {issuer} to {path}, or pass its CA with --ca")
        }
        PathError::Itself { .. } => format!(
            "pass its CA with --ca, or the certificate itself: \
                                             --ca={path}"
        ),
        PathError::NotAuthority { .. } | PathError::TooMany => {
            format!("check it with OpenSSL: openssl verify -CAfile {ca} -untrusted {path} {path}")
        }
        PathError::Signature { .. } => format!(
            "another key of that name signed it, or it was changed: openssl verify -CAfile {ca} \
             -untrusted {path} {path}"
        ),
    }
}

/// Numbers, the first of many.
fn listed(numbers: &[usize]) -> String {
    const SHOWN: usize = 12;
    let words: Vec<_> = numbers.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = if numbers.len() > SHOWN { " and so on" } else { "" };
    format!("{}{more}", words.join(", "))
}
