//! Why a server's certificate is not trusted.

use std::fmt;

use jiff::Timestamp;

use crate::material::certificate::CertificateError;

/// The names of a certificate that a message lists.
const SHOWN_NAMES: usize = 8;

/// Why a server's certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerCertificateError {
    /// The subject of the CA certificate with the defect; `None` if it is the server's own.
    pub authority: Option<String>,
    pub defect: Defect,
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The signature is of an algorithm that is not checked here, by its name or its dotted object
    /// identifier.
    Algorithm(String),
    /// The issuer is trusted by its name, and did not sign.
    BadSignature {
        issuer: String,
    },
    /// A critical extension that is not understood, by its dotted object identifier.
    CriticalExtension(String),
    /// More certificates up to the CA than are checked.
    Depth,
    /// The last moment of validity has passed.
    Expired(Timestamp),
    /// The certificates that the server sent allow for too many paths.
    Effort,
    /// It is for other hosts.
    Host {
        /// The host that was asked for.
        host: String,
        /// The hosts it is for.
        names: Vec<String>,
    },
    /// A key of an algorithm or size that is not supported.
    Key(String),
    /// A CA certificate does not permit a name of a certificate under it.
    NameConstraint(String),
    /// A CA certificate does not say that it is one.
    NotAuthority,
    /// A CA certificate may not sign certificates, by its key usage.
    NotForSigning,
    /// The first moment of validity lies ahead.
    NotYetValid(Timestamp),
    /// A CA certificate allows fewer CA certificates under it.
    PathLength(u32),
    Policy,
    Unreadable(CertificateError),
    /// It is in a form that rustls-webpki does not take.
    Unsupported,
    /// Its issuer is not trusted.
    UnknownIssuer {
        issuer: String,
        /// Whether that is its own.
        is_self_signed: bool,
    },
    /// It is not for servers, by its extended key usage.
    Usage,
}

impl ServerCertificateError {
    /// A defect of the server's own certificate.
    pub(super) fn of_leaf(defect: Defect) -> Self {
        Self { authority: None, defect }
    }
}

impl std::error::Error for ServerCertificateError {}

impl fmt::Display for ServerCertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server's certificate ")?;
        if let Some(authority) = &self.authority {
            write!(f, "chains to the CA {authority:?}, whose certificate ")?;
        }
        self.defect.fmt(f)
    }
}

impl Defect {
    /// What to do about the certificate of the server at `host`, which has a port.
    pub(in crate::cluster) fn hint(&self, host: &str) -> String {
        let hint = match self {
            Self::UnknownIssuer { .. } | Self::BadSignature { .. } => {
                "the kubeconfig's certificate-authority may belong to another cluster; \
                 --certificate-authority=FILE sets one"
            }
            Self::Host { .. } => "--tls-server-name=NAME expects another name",
            Self::Expired(_) | Self::NotYetValid(_) => {
                "compare the clocks; if they agree the server needs a new certificate"
            }
            _ => {
                return format!(
                    "the server needs another certificate; openssl s_client -connect {host} \
                     -showcerts shows this one"
                );
            }
        };
        hint.to_owned()
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(name) => write!(f, "has a signature that is not supported ({name})"),
            Self::BadSignature { issuer } => {
                write!(f, "names the trusted CA {issuer:?} but is not signed with its key")
            }
            Self::CriticalExtension(id) => write!(f, "has the unknown critical extension {id}"),
            Self::Depth => f.write_str("has more than 6 intermediate certificates above it"),
            Self::Expired(on) => write!(f, "expired on {}", date(*on)),
            Self::Effort => f.write_str("came with too many possible issuers"),
            Self::Host { host, names } if names.is_empty() => {
                write!(f, "has no host in its subject alternative names (expected {host})")
            }
            Self::Host { host, names } => {
                let shown = names.get(..SHOWN_NAMES).unwrap_or(names).join(", ");
                write!(f, "is valid for {shown}")?;
                match names.len().saturating_sub(SHOWN_NAMES) {
                    0 => {}
                    more => write!(f, " and {more} more")?,
                }
                write!(f, ", not for {host}")
            }
            Self::Key(name) => write!(f, "has a key that is not supported ({name})"),
            Self::NameConstraint(name) => {
                write!(f, "does not permit the name {name} (name constraints)")
            }
            Self::NotAuthority => f.write_str("is not a CA certificate (basic constraints)"),
            Self::NotForSigning => f.write_str("is not for signing certificates (key usage)"),
            Self::NotYetValid(from) => write!(f, "is not valid before {}", date(*from)),
            Self::PathLength(length) => {
                write!(f, "allows at most {length} CA certificates under it (path length)")
            }
            Self::Policy => f.write_str("requires certificate policies, which are not supported"),
            Self::Unreadable(error) => {
                let text = error.to_string();
                write!(f, "does not parse: {}", text.strip_prefix("x509: ").unwrap_or(&text))
            }
            Self::Unsupported => f.write_str("has a format that is not supported"),
            Self::UnknownIssuer { is_self_signed: true, .. } => {
                f.write_str("is self-signed and not trusted")
            }
            Self::UnknownIssuer { issuer, .. } => {
                write!(f, "is not signed by a trusted CA (issuer {issuer:?})")
            }
            Self::Usage => f.write_str("is not for servers (extended key usage)"),
        }
    }
}

/// To the second, as RFC 3339.
fn date(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
