//! A chain of certificates: in what order it stands, in what order it should, where it leads.
//!
//! A path is looked for by names and signatures, not by dates and constraints: what is asked is
//! whether the pieces belong together.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use crate::material::certificate::{self, Certificate};
use crate::material::name;
use crate::material::pem;
use crate::material::public_key::PublicKey;
use crate::material::signature::{self, SignatureError};

/// As in Go's `crypto/x509`: certificates of one name and many keys must not take for ever.
const MAX_SIGNATURES: usize = 100;

/// One certificate of an input.
#[derive(Debug)]
pub struct Member {
    /// What is in it.
    pub certificate: Certificate,
    /// As it is encoded.
    pub der: Vec<u8>,
    /// Where it stands.
    pub place: Place,
}

/// Where a certificate stands, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line of its `BEGIN`, counted from 1, where there are lines.
    pub line: Option<usize>,
    /// Among the certificates of its input, from 1.
    pub position: usize,
    /// Whom it certifies.
    pub subject: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certificate {}", self.position)?;
        if let Some(line) = self.line {
            write!(f, " on line {line}")?;
        }
        write!(f, " ({})", self.subject)
    }
}

impl Member {
    /// Reads a certificate from DER.
    pub fn new(
        der: &[u8],
        position: usize,
        line: Option<usize>,
    ) -> Result<Self, certificate::CertificateError> {
        let certificate = certificate::parse(der)?;
        let subject = name::shown(&certificate.subject);
        Ok(Self { certificate, der: der.to_vec(), place: Place { line, position, subject } })
    }

    /// Whether it names itself as its issuer, as roots do.
    fn is_root(&self) -> bool {
        self.certificate.is_self_issued()
    }

    /// Whether this one's subject is the other's issuer, by name.
    pub fn is_named_by(&self, other: &Certificate) -> bool {
        self.certificate.subject == other.issuer
    }
}

/// The certificates of a PEM input that parse.
pub fn members(input: &[u8]) -> Vec<Member> {
    let blocks = pem::blocks(input).filter(pem::Block::is_certificate).enumerate();
    blocks.filter_map(|(at, b)| Member::new(&b.contents, at + 1, Some(b.line)).ok()).collect()
}

/// The first certificate that does not certify the one before it, and that one.
pub fn first_break(members: &[Member]) -> Option<(&Place, &Place)> {
    members.windows(2).find_map(|pair| match pair {
        [before, this] if !this.is_named_by(&before.certificate) => {
            Some((&before.place, &this.place))
        }
        _ => None,
    })
}

/// A chain in its right order.
#[derive(Debug, PartialEq, Eq)]
pub struct Repaired {
    /// Indices of the leaf and its intermediates, each certified by the next.
    pub chain: Vec<usize>,
    /// The rest in the order of the input, each with the reason why it is left out.
    pub dropped: Vec<(usize, Dropped)>,
}

/// Why a certificate is left out of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It stands there already.
    Duplicate,
    /// It certifies itself: whoever connects has it, or does not trust it.
    Root,
    /// It certifies nothing in the chain.
    Stray,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Duplicate => "it stands there twice",
            Self::Root => "a root, which clients have themselves",
            Self::Stray => "it belongs to no certificate of the chain",
        })
    }
}

/// Puts a chain in order: the leaf, which certifies `key`, then each one's issuer, without the
/// root. Where anchors are given and a path leads there, it is that path. `None` where no
/// certificate is the key's.
pub fn repair(members: &[Member], key: &PublicKey, anchors: &[Member]) -> Option<Repaired> {
    let leaves = || (0..members.len()).filter(|at| members[*at].certificate.public_key == *key);
    // One key may have several certificates, a request signed anew, say: the latest counts.
    let leaf = leaves().max_by_key(|at| {
        let certificate = &members[*at].certificate;
        (!certificate.is_authority, certificate.not_after, Reverse(*at))
    })?;
    let mut chain = path(members, leaf, anchors).unwrap_or_else(|_| climb(members, leaf));
    if chain.len() > 1 && chain.last().is_some_and(|last| members[*last].is_root()) {
        chain.pop();
    }
    let mut seen: BTreeSet<_> = chain.iter().map(|at| members[*at].der.as_slice()).collect();
    let dropped = (0..members.len()).filter(|at| !chain.contains(at)).map(|at| {
        let member = &members[at];
        let is_root = || chain.iter().any(|in_it| member.is_named_by(&members[*in_it].certificate));
        let why = if !seen.insert(&member.der) {
            Dropped::Duplicate
        } else if member.is_root() && is_root() {
            Dropped::Root
        } else {
            Dropped::Stray
        };
        (at, why)
    });
    let dropped = dropped.collect();
    Some(Repaired { chain, dropped })
}

/// From the leaf from issuer to issuer as far as there are any; of several the one that has an
/// issuer itself, so that a cross-signed root leads on.
fn climb(members: &[Member], leaf: usize) -> Vec<usize> {
    let mut chain = vec![leaf];
    let mut left = MAX_SIGNATURES;
    while let Some(last) = chain.last().map(|at| &members[*at].certificate) {
        if last.is_self_issued() {
            break;
        }
        let issuers = (0..members.len()).filter(|at| {
            members[*at].is_named_by(last)
                && !chain.iter().any(|in_it| members[*in_it].der == members[*at].der)
        });
        let mut issuers: Vec<_> = issuers.collect();
        issuers.sort_by_key(|at| members[*at].is_root());
        let signer = issuers.into_iter().find(|at| {
            left = left.saturating_sub(1);
            let key = &members[*at].certificate.public_key;
            left > 0 && signature::verify(last, key) != Err(SignatureError::Wrong)
        });
        match signer {
            Some(signer) => chain.push(signer),
            None => break,
        }
    }
    chain
}

/// Why a chain does not lead to the CA.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nobody has the issuer's name.
    #[error("{of} is issued by {issuer}, which is neither in the chain nor among the CAs")]
    NoIssuer {
        /// The last one that was reached.
        of: Place,
        /// The issuer's name.
        issuer: String,
    },
    /// It is its own issuer.
    #[error("{of} signs itself, and is not among the CAs")]
    Itself {
        /// The last one that was reached.
        of: Place,
    },
    /// The issuer may not issue.
    #[error("{of} is issued by {issuer}, which is no CA")]
    NotAuthority {
        /// The one that was issued.
        of: Place,
        /// The issuer.
        issuer: String,
    },
    /// The issuer's name is there, but it did not sign.
    #[error("{of} is not signed by the key of {issuer}: {error}")]
    Signature {
        /// The one that is signed.
        of: Place,
        /// The issuer.
        issuer: String,
        /// What is wrong with the signature.
        error: SignatureError,
    },
    /// The search was given up.
    #[error("after {MAX_SIGNATURES} signatures no way to the CA was found")]
    TooMany,
}

/// The way from a certificate to one of the anchors by names and signatures, as indices of
/// members; the anchor itself is not among them, unless it stands there as well.
pub fn path(members: &[Member], leaf: usize, anchors: &[Member]) -> Result<Vec<usize>, PathError> {
    let mut search = Search { members, anchors, left: MAX_SIGNATURES, deepest: None };
    let mut chain = vec![leaf];
    if search.climb(&mut chain) {
        return Ok(chain);
    }
    let error = search.deepest.map(|(_, error)| error);
    Err(if search.left == 0 { PathError::TooMany } else { error.unwrap_or(PathError::TooMany) })
}

struct Search<'a> {
    members: &'a [Member],
    anchors: &'a [Member],
    left: usize,
    /// What stopped the longest attempt.
    deepest: Option<(usize, PathError)>,
}

impl<'a> Search<'a> {
    /// Whether a way leads on from the end of the chain, which then is that way.
    fn climb(&mut self, chain: &mut Vec<usize>) -> bool {
        let members = self.members;
        let Some(last) = chain.last().and_then(|at| members.get(*at)) else { return false };
        if self.anchors.iter().any(|anchor| anchor.der == last.der) {
            return true;
        }
        let mut found = false;
        let anchors = self.anchors;
        for anchor in anchors.iter().filter(|anchor| anchor.is_named_by(&last.certificate)) {
            found = true;
            if self.signs(anchor, last, chain.len()) {
                return true;
            }
        }
        for (at, member) in members.iter().enumerate() {
            // A root that is no anchor leads nowhere.
            if !member.is_named_by(&last.certificate)
                || member.is_root()
                || chain.iter().any(|in_it| members[*in_it].der == member.der)
            {
                continue;
            }
            found = true;
            if !self.signs(member, last, chain.len()) {
                continue;
            }
            chain.push(at);
            if self.climb(chain) {
                return true;
            }
            chain.pop();
        }
        if !found {
            let (of, issuer) = (last.place.clone(), name::shown(&last.certificate.issuer));
            let itself = last.is_root();
            let error =
                if itself { PathError::Itself { of } } else { PathError::NoIssuer { of, issuer } };
            self.stopped(chain.len(), error);
        }
        false
    }

    fn signs(&mut self, issuer: &Member, of: &'a Member, depth: usize) -> bool {
        let place = || of.place.clone();
        let name = || issuer.place.subject.clone();
        if !issuer.certificate.is_authority {
            self.stopped(depth, PathError::NotAuthority { of: place(), issuer: name() });
            return false;
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return false;
        }
        match signature::verify(&of.certificate, &issuer.certificate.public_key) {
            Ok(()) => true,
            Err(error) => {
                let error = PathError::Signature { of: place(), issuer: name(), error };
                self.stopped(depth, error);
                false
            }
        }
    }

    fn stopped(&mut self, depth: usize, error: PathError) {
        if self.deepest.as_ref().is_none_or(|(deepest, _)| depth > *deepest) {
            self.deepest = Some((depth, error));
        }
    }
}
