//! `tls`: a certificate with its private key, for ingresses and servers.

mod error;
mod finding;
mod given;
mod hints;
mod wishes;

use std::path::{Path, PathBuf};

pub(crate) use self::error::TlsError;
use self::finding::TlsFileFinding;
use self::given::{Given, Lock, PASSPHRASE};
pub(super) use self::hints::read_hints;
pub(crate) const PASSPHRASE_PROMPT: Flag<Switch> = PASSPHRASE.prompt;
use self::wishes::Wishes;
use super::BuildError;
use super::build::{Build, Built};
use super::finding::SourceFinding;
use super::{Ask, Contents, SecretType};
use crate::flags::{self, Flag, FlagKind, List, Single, Switch};
use crate::kinds;
use crate::material::chain::{self, Member, Period};
use crate::material::key_pair::clients::{self, ClientFinding};
use crate::material::key_pair::{self, Finding, Input, KeyPair, KeyPairError, PassedOver};
use crate::material::pem;
use crate::secret::{DataKey, Value};
use crate::sources::{Origin, bytes_of, path_of};

flags::table! {
/// The flags that only this type has.
fn own;

const CERT: Flag<Single> =
    flags::text("cert", "FILE", "Read the certificate and its intermediates")
        .kind(FlagKind::Certificate)
        .of_kubectl();
const KEY: Flag<Single> =
    flags::text("key", "FILE", "Read the private key").kind(FlagKind::PrivateKey).of_kubectl();
const PKCS12: Flag<Single> =
    flags::text("pkcs12", "FILE", "Read both from a PKCS#12 file (.p12, .pfx)")
        .kind(FlagKind::File);
const CA: Flag<Single> =
    flags::text("ca", "FILE", "Add a CA as ca.crt; fail if the chain does not end there")
        .kind(FlagKind::Certificate);
const FIX_CHAIN: Flag<Switch> =
    flags::switch("fix-chain", "Sort the chain and drop unrelated certificates");
const HOSTNAME: Flag<List> =
    flags::list("hostname", "NAME", "Fail if not valid for this host name [repeatable]");
const MIN_VALIDITY: Flag<Single> =
    flags::text("min-validity", "SPAN", "Fail if the chain expires sooner: 30d or 36h");
}
pub(super) const ROW: SecretType = SecretType {
    name: "tls",
    about: "Create a Secret with a certificate and its private key",
    details: "\
The file of --cert holds the certificate followed by its intermediates, that of --key the private
key; --pkcs12 holds both. mksecret checks that they match, and warns about a certificate that has
expired or is not valid yet, and about intermediates out of order. --fix-chain puts the leaf first,
then its intermediates, and drops the root, duplicates and unrelated certificates.

PEM that kubectl accepts is stored unchanged. Other formats are recognized by their content and
converted to PEM: DER, PKCS#12, encrypted keys (PKCS#8 with PBES1 or PBES2, and Proc-Type:
4,ENCRYPTED) and PEM with a byte order mark. A key keeps its form, PKCS#1, SEC 1 or PKCS#8; a key
from PKCS#12 becomes PKCS#8. --passphrase-file and --passphrase-stdin drop one trailing newline. On a
terminal, mksecret asks for a missing passphrase.",
    examples: "\
# A certificate and its key
mksecret tls web --cert=tls.crt --key=tls.key

# A PKCS#12 file
mksecret tls web --pkcs12=web.pfx \\
  --passphrase-file=passphrase

# The key from a password manager
mksecret tls web --cert=tls.crt \\
  --key=<(pass show tls.key) --dry-run=client -o yaml

# Sort the chain; check CA, host name and expiry
mksecret tls web --cert=bundle.pem --key=tls.key \\
  --fix-chain --ca=ca.crt \\
  --hostname=www.example.com --min-validity=30d",
    required: "--cert=FILE --key=FILE",
    name_optional: false,
    empty_name: true,
    flags,
    takes_over: &[],
    // A PKCS#12 file behind --cert has the key in it.
    asks: &[
        Ask::needed(CERT.name).unless(&[PKCS12.name]),
        Ask::optional(KEY.name).unless(&[PKCS12.name]),
    ],
    contents: Contents::Built,
    build,
};

fn flags() -> Vec<Flag> {
    [&own() as &[_], &PASSPHRASE.flags()].concat()
}

fn build(asked: &Build<'_>) -> Result<Built, BuildError> {
    let wishes = Wishes::from_flags(asked).map_err(TlsError::from)?;
    let mut built = asked.start(kinds::TLS);
    built.warn_of_empty_flags(asked, &[&CERT, &KEY, &PKCS12, &CA]);
    for flag in [&CERT, &KEY, &PKCS12] {
        if flags::times(asked.flags, flag) > 1 {
            built.find(SourceFinding::GivenAgain { flag: flag.name });
        }
    }
    let mut lock = Lock::new(asked);
    let Given { cert, cert_from, cert_path, has_lines, key, key_from, key_path, pair } =
        Given::read(asked, &mut lock, &mut built)?;
    let ca = match path(asked, &CA) {
        Some(path) => Some(Ca::read(asked, path, &mut lock, &mut built)?),
        None => None,
    };
    if let Some(flag) = lock.unused()? {
        built.find(TlsFileFinding::PassphraseUnused { flag });
    }
    let name = asked.name.as_deref().unwrap_or_default().to_string_lossy();
    let fail = |error: KeyPairError| TlsError::Pair {
        passed_over: passed_over(&error, &cert, &key),
        error,
        cert: cert_path.clone(),
        key: key_path.clone(),
        name: name.to_string(),
    };
    let anchors = ca.as_ref().map_or(&[][..], |ca| &ca.anchors);
    let period = wishes.period(asked.inputs.now());
    let mut pair = match pair {
        Some(pair) => pair,
        None => key_pair::read(cert.as_bytes(), key.as_bytes()).map_err(fail)?,
    };
    if !has_lines {
        forget_lines(&mut pair.chain, &mut pair.findings);
    }
    let fixed = if flags::is_on(asked.flags, &FIX_CHAIN) {
        Fixed::of(&mut pair, anchors, &period, &cert_path)?
    } else {
        None
    };
    pair.compare().map_err(fail)?;
    judge(&mut built, clients::in_key(key.as_bytes(), &pair.key), &key_path);
    let cert = match fixed {
        Some(fixed) => {
            fixed.notes(&cert_path).for_each(|note| built.find(note));
            fixed.bytes
        }
        None => cert,
    };
    let KeyPair { chain, findings, .. } = pair;
    judge(&mut built, findings, &cert_path);
    judge(&mut built, key_pair::further_keys(key.as_bytes()), &key_path);
    wishes.judge(&mut built, &chain, &cert_path, period.now);
    // Whether the issuer is missing is what the way to the CA shows.
    let findings = clients::in_chain(&chain, anchors)
        .into_iter()
        .filter(|finding| ca.is_none() || !matches!(finding, ClientFinding::MissingIssuer { .. }));
    judge(&mut built, findings, &cert_path);
    if let Some(ca) = &ca {
        lead_to(ca, &chain, &cert_path, &period, &mut built);
    }
    let ca = ca.map(|ca| ("ca.crt", ca.bytes, Origin::flag(CA.name, 1).file(ca.path)));
    let entries = [("tls.crt", cert, cert_from), ("tls.key", key, key_from)];
    for (name, value, origin) in entries.into_iter().chain(ca) {
        if let Ok(name) = DataKey::parse(name) {
            built.add_checked(name, value, origin)?;
        }
    }
    Ok(built)
}

/// Checks that a chain leads to a CA.
fn lead_to(ca: &Ca, chain: &[Member], path: &Path, period: &Period, built: &mut Built) {
    match chain::path(chain, 0, &ca.anchors, Some(period)) {
        Ok(way) => {
            if let Some(end) = way.members.last().and_then(|at| chain.get(*at)) {
                wishes::warn_of_dates(built, &ca.anchors, end, &ca.path, period.now);
                // Of several of one name the chain may end at any: one that is good is enough.
                let ends: Option<Vec<_>> = ca
                    .anchors
                    .iter()
                    .filter(|ca| ca.is_named_by(&end.certificate))
                    .map(clients::in_anchor)
                    .collect();
                judge(built, ends.into_iter().flatten().take(1), &ca.path);
            }
            for unchecked in way.unchecked {
                let (ca, path) = (ca.path.clone(), path.to_owned());
                built.find(TlsFileFinding::SignatureUnchecked { ca, path, unchecked });
            }
        }
        Err(error) => {
            let (path, ca) = (path.to_owned(), ca.path.clone());
            built.find(TlsFileFinding::Chain { path, ca, error });
        }
    }
}

/// The block that may have been meant, where a pair was refused for another one.
fn passed_over(error: &KeyPairError, cert: &Value, key: &Value) -> Option<PassedOver> {
    if matches!(error, KeyPairError::NoPem { .. } | KeyPairError::PrivateKey { .. }) {
        return None;
    }
    PassedOver::first(cert.as_bytes(), Input::Certificate)
        .or_else(|| PassedOver::first(key.as_bytes(), Input::Key))
}

/// The path that a flag names.
fn path(asked: &Build<'_>, flag: &Flag<Single>) -> Option<PathBuf> {
    let given = flags::given(asked.flags, flag).filter(|path| !path.is_empty())?;
    Some(path_of(&bytes_of(&given)))
}

fn read(asked: &Build<'_>, flag: &Flag<Single>, path: &Path) -> Result<Value, BuildError> {
    asked.inputs.read(path).map_err(|error| BuildError::TlsRead { flag: flag.name, error })
}

/// What is wrong with a file of certificates.
fn judge<F: Into<Finding>>(built: &mut Built, findings: impl IntoIterator<Item = F>, path: &Path) {
    for finding in findings {
        built.find(TlsFileFinding::Certificate { path: path.to_owned(), finding: finding.into() });
    }
}

/// The lines of PEM that was made here are those of no file.
fn forget_lines(members: &mut [Member], findings: &mut [Finding]) {
    for member in members {
        member.place.line = None;
    }
    for finding in findings {
        if let Finding::Order { before, this } = finding {
            (before.line, this.line) = (None, None);
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
    fn read(
        asked: &Build<'_>,
        path: PathBuf,
        lock: &mut Lock<'_, '_>,
        built: &mut Built,
    ) -> Result<Self, BuildError> {
        let bytes = read(asked, &CA, &path)?;
        let (bytes, has_lines) = given::certificates_as_pem(bytes, &path, None, lock, built)?;
        let (mut findings, mut anchors) = key_pair::authorities(bytes.as_bytes())
            .map_err(|error| TlsError::Ca { error, path: path.clone() })?;
        if !has_lines {
            forget_lines(&mut anchors, &mut findings);
        }
        // CAs stand in no order.
        findings.retain(|finding| !matches!(finding, Finding::Order { .. }));
        judge(built, findings, &path);
        Ok(Self { anchors, bytes, path })
    }
}

/// A chain that was put in order.
struct Fixed {
    bytes: Value,
    /// What was left out, and why.
    dropped: Vec<(chain::ChainPlace, chain::Dropped)>,
    /// Where the certificates were before, if in another order.
    moved: Option<Vec<usize>>,
}

impl Fixed {
    /// Puts a chain in order; `None` if nothing is to be done, or nothing can be.
    fn of(
        pair: &mut KeyPair,
        anchors: &[Member],
        period: &Period,
        path: &Path,
    ) -> Result<Option<Self>, BuildError> {
        let members = &pair.chain;
        let key = &pair.key.public;
        let Some(repaired) = chain::repair(members, key, anchors, Some(period)) else {
            return Ok(None);
        };
        // A server's certificate that would be left out is the one that was meant.
        let first = repaired.chain.first().and_then(|at| members.get(*at));
        let leaf = members.iter().find(|member| !member.certificate.is_authority);
        if let (Some(first), Some(leaf)) = (first, leaf)
            && first.certificate.is_authority
        {
            let (authority, leaf) = (first.place.clone(), leaf.place.clone());
            let path = path.to_owned();
            return Err(TlsError::KeyOfAuthority { authority, leaf, path }.into());
        }
        let is_moved = !repaired.chain.is_sorted();
        if !is_moved && repaired.dropped.is_empty() {
            return Ok(None);
        }
        let dropped = repaired
            .dropped
            .iter()
            .filter_map(|(at, why)| Some((members.get(*at)?.place.clone(), *why)))
            .collect();
        let mut left: Vec<_> = std::mem::take(&mut pair.chain).into_iter().map(Some).collect();
        let ordered = repaired.chain.iter();
        pair.chain = ordered.filter_map(|at| left.get_mut(*at)?.take()).collect();
        pair.findings.retain(|finding| !matches!(finding, Finding::Order { .. }));
        let blocks = pair.chain.iter();
        let bytes: Vec<_> =
            blocks.flat_map(|member| pem::encode("CERTIFICATE", &member.der).to_vec()).collect();
        let moved =
            is_moved.then(|| pair.chain.iter().map(|member| member.place.position).collect());
        Ok(Some(Self { bytes: Value::new(bytes), dropped, moved }))
    }

    /// What was done, in words.
    fn notes(&self, path: &Path) -> impl Iterator<Item = TlsFileFinding> {
        let path = path.to_owned();
        let moved = self
            .moved
            .clone()
            .map(|positions| TlsFileFinding::Ordered { path: path.clone(), positions });
        let dropped = self.dropped.iter().map(move |(place, why)| TlsFileFinding::Dropped {
            path: path.clone(),
            place: place.clone(),
            why: *why,
        });
        moved.into_iter().chain(dropped)
    }
}
