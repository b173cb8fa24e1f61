//! `tls`: a certificate with its private key, for ingresses and servers.

mod wishes;

use std::path::{Path, PathBuf};

use clap::Arg;

use self::wishes::Wishes;
pub use self::wishes::{DateFault, WishError};
use super::build::{Build, BuildError, Built, Note, Refusal, Warning};
use super::{Ask, SecretType};
use crate::flags;
use crate::material::chain::{self, Member};
use crate::material::key_pair::{self, Finding, KeyPairError};
use crate::material::pem;
use crate::secret::{DataKey, Value};
use crate::sources::{Origin, bytes_of, path_of};

const CERT: &str = "cert";
const KEY: &str = "key";
const CA: &str = "ca";
const FIX_CHAIN: &str = "fix-chain";
const HOSTNAME: &str = "hostname";
const MIN_VALIDITY: &str = "min-validity";

pub(super) const ROW: SecretType = SecretType {
    name: "tls",
    about: "Create a Secret with a certificate and its private key",
    details: "\
The Secret has the type kubernetes.io/tls. Both files are PEM: in one the certificate, first, and
its intermediates; in the other the private key. That they belong together is checked. A date that
has passed or is still to come is a warning, and so is an intermediate out of order.",
    examples: "\
# A certificate and its key
mksecret tls web --cert=tls.crt --key=tls.key

# The key from a process substitution
mksecret tls web --cert=tls.crt --key=<(pass show tls.key) --dry-run=client -o yaml

# A chain that is put in order, leads to the CA, is for this host and lasts for a month
mksecret tls web --cert=bundle.pem --key=tls.key --fix-chain --ca=ca.crt \\
  --hostname=www.example.com --min-validity=30d",
    name_word: "NAME",
    name_optional: false,
    flags,
    takes_over: &[],
    asks: &[Ask::needed(CERT), Ask::needed(KEY)],
    build,
};

fn flags() -> Vec<Arg> {
    vec![
        flags::text(
            CERT,
            "FILE",
            "Take the certificate, and its intermediates behind it, from this file",
        ),
        flags::text(KEY, "FILE", "Take the private key from this file"),
        flags::text(CA, "FILE", "Add these CAs as ca.crt; the chain must lead to one"),
        flags::switch(FIX_CHAIN, "Put the chain in order, less root, duplicates and strays"),
        flags::list(HOSTNAME, "NAME", "Demand that it is for this host (can be repeated)"),
        flags::text(
            MIN_VALIDITY,
            "TIME",
            "Demand that the whole chain is valid for so long: 30d, or 36h",
        )
        .hide_short_help(true),
    ]
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let (Some(cert_path), Some(key_path)) = (path(asked, CERT), path(asked, KEY)) else {
        return Err(TlsError::Incomplete.into());
    };
    let wishes = Wishes::from_flags(asked).map_err(TlsError::from)?;
    let (cert, key) = (read(asked, &cert_path)?, read(asked, &key_path)?);
    let mut built = asked.start("kubernetes.io/tls");
    let ca = match path(asked, CA) {
        Some(path) => Some(Ca::read(asked, path, &mut built)?),
        None => None,
    };
    let pair = |error| TlsError::Pair { error, cert: cert_path.clone(), key: key_path.clone() };
    let anchors = ca.as_ref().map_or(&[][..], |ca| &ca.anchors);
    let fixed = if flags::is_on(asked.flags, FIX_CHAIN) {
        Fixed::of(&cert, &key, anchors).map_err(pair)?
    } else {
        None
    };
    let bytes = fixed.as_ref().map_or(&cert, |fixed| &fixed.bytes);
    let checked = key_pair::check(bytes.as_bytes(), key.as_bytes()).map_err(pair)?;
    let (cert, chain, findings) = match fixed {
        Some(fixed) => {
            built.notes.extend(fixed.notes(&cert_path));
            (fixed.bytes, fixed.chain, fixed.findings)
        }
        None => (cert, checked.chain, checked.findings),
    };
    judge(&mut built, findings, &cert_path);
    wishes.judge(&mut built, &chain, &cert_path, asked.inputs.now());
    if let Some(ca) = &ca
        && let Err(error) = chain::path(&chain, 0, &ca.anchors)
    {
        let (path, ca) = (cert_path.clone(), ca.path.clone());
        built.refusals.push(Refusal::Chain { path, ca, error });
    }
    let ca = ca.map(|ca| ("ca.crt", ca.bytes, CA, ca.path));
    let entries = [("tls.crt", cert, CERT, cert_path), ("tls.key", key, KEY, key_path)];
    for (name, value, flag, path) in entries.into_iter().chain(ca) {
        if let Ok(name) = DataKey::parse(name) {
            built.add_checked(name, value, Origin::flag(flag, 1).file(path))?;
        }
    }
    Ok(built)
}

/// The path that a flag names.
fn path(asked: &Build<'_>, flag: &str) -> Option<PathBuf> {
    let given = flags::given(asked.flags, flag).filter(|path| !path.is_empty())?;
    Some(path_of(&bytes_of(&given)))
}

fn read(asked: &Build<'_>, path: &Path) -> Result<Value, BuildError> {
    asked.inputs.read(path).map_err(|error| BuildError::TlsRead { path: path.to_owned(), error })
}

/// What is wrong with a file of certificates.
fn judge(built: &mut Built, findings: Vec<Finding>, path: &Path) {
    for finding in findings {
        let path = path.to_owned();
        if finding.is_refused() {
            built.refusals.push(Refusal::Certificate { path, finding });
        } else {
            built.warnings.push(Warning::Certificate { path, finding });
        }
    }
}

/// The CAs to which the chain leads.
struct Ca {
    anchors: Vec<Member>,
    bytes: Value,
    path: PathBuf,
}

impl Ca {
    fn read(asked: &Build<'_>, path: PathBuf, built: &mut Built) -> Result<Self, BuildError> {
        let bytes = read(asked, &path)?;
        let (mut findings, anchors) = key_pair::certificates(bytes.as_bytes())
            .map_err(|error| TlsError::Ca { error, path: path.clone() })?;
        // CAs stand in no order.
        findings.retain(|finding| !matches!(finding, Finding::Order { .. }));
        judge(built, findings, &path);
        Ok(Self { anchors, bytes, path })
    }
}

/// A chain that is put in order.
struct Fixed {
    bytes: Value,
    chain: Vec<Member>,
    /// What was left out, and why.
    dropped: Vec<(chain::Place, chain::Dropped)>,
    /// What is wrong with the file as it was, beside the order.
    findings: Vec<Finding>,
    /// Whether what is left stood in another order.
    moved: bool,
}

impl Fixed {
    /// `None` where nothing is to be done, or nothing can be.
    fn of(cert: &Value, key: &Value, anchors: &[Member]) -> Result<Option<Self>, KeyPairError> {
        let (mut findings, members) = key_pair::certificates(cert.as_bytes())?;
        let key = key_pair::private_key(key.as_bytes())?;
        let Some(repaired) = chain::repair(&members, &key.public, anchors) else { return Ok(None) };
        let moved = !repaired.chain.is_sorted();
        if !moved && repaired.dropped.is_empty() {
            return Ok(None);
        }
        findings.retain(|finding| !matches!(finding, Finding::Order { .. }));
        let blocks = repaired.chain.iter().filter_map(|at| members.get(*at));
        let bytes: Vec<_> =
            blocks.flat_map(|m| pem::encode("CERTIFICATE", &m.der).to_vec()).collect();
        let dropped = repaired.dropped.iter();
        let dropped =
            dropped.filter_map(|(at, why)| Some((members.get(*at)?.place.clone(), *why))).collect();
        let mut members: Vec<_> = members.into_iter().map(Some).collect();
        let chain = repaired.chain.iter();
        let chain = chain.filter_map(|at| members.get_mut(*at)?.take()).collect();
        Ok(Some(Self { bytes: Value::new(bytes), chain, dropped, findings, moved }))
    }

    /// What was done, in words.
    fn notes(&self, path: &Path) -> impl Iterator<Item = Note> {
        let path = path.to_owned();
        let moved = self.moved.then(|| Note::Ordered {
            path: path.clone(),
            positions: self.chain.iter().map(|member| member.place.position).collect(),
        });
        let dropped = self.dropped.iter().map(move |(place, why)| Note::Dropped {
            path: path.clone(),
            place: place.clone(),
            why: *why,
        });
        moved.into_iter().chain(dropped)
    }
}

/// Why a TLS Secret could not be built.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of CAs holds none, or one that does not parse.
    #[error("{}: {error}", path.display())]
    Ca {
        /// What is wrong.
        error: KeyPairError,
        /// The file.
        path: PathBuf,
    },
    /// A flag is missing.
    #[error("key and cert must be specified")]
    Incomplete,
    /// The files are not a certificate and its key.
    #[error("{error}")]
    Pair {
        /// What is wrong, in the words of Go's `crypto/tls`.
        error: KeyPairError,
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// A demand that cannot be met.
    #[error(transparent)]
    Wish(#[from] WishError),
}
