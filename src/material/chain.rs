//! A chain of certificates: in what order it stands, in what order it should, where it leads.
//!
//! A path is found by names and signatures. Where several certificates fit, one that is valid in
//! the [`Period`] is preferred, then one that ends later; the order of the input never decides.
//! Dates alone never make a path fail: they are reported by whoever asks for the path.

mod search;

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::material::certificate::{self, Certificate};
use crate::material::name;
use crate::material::pem;
use crate::material::public_key::PublicKey;
use crate::material::signature::{self, SignatureError};

pub(crate) use self::search::{PathError, Unchecked, path};

/// As in Go's `crypto/x509`: certificates of one name and many keys must not take for ever.
const MAX_SIGNATURES: usize = 100;

/// One certificate of an input.
#[derive(Debug)]
pub(crate) struct Member {
    pub certificate: Certificate,
    pub der: Vec<u8>,
    pub place: ChainPlace,
}

/// Where a certificate stands, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChainPlace {
    /// The line of its `BEGIN`, counted from 1, where there are lines.
    pub line: Option<usize>,
    /// Among the certificates of its input, from 1.
    pub position: usize,
    pub subject: String,
}

impl fmt::Display for ChainPlace {
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
    pub(crate) fn new(
        der: &[u8],
        position: usize,
        line: Option<usize>,
    ) -> Result<Self, certificate::CertificateError> {
        Ok(Self::of(certificate::parse(der)?, der, position, line))
    }

    /// A certificate that was read from DER.
    pub(crate) fn of(
        certificate: Certificate,
        der: &[u8],
        position: usize,
        line: Option<usize>,
    ) -> Self {
        let subject = name::shown(&certificate.subject);
        Self { certificate, der: der.to_vec(), place: ChainPlace { line, position, subject } }
    }

    /// Whether it names itself as its issuer, as roots do.
    pub(crate) fn is_root(&self) -> bool {
        self.certificate.is_self_issued()
    }

    /// Whether both certify the same key for the same subject.
    fn is_like(&self, other: &Self) -> bool {
        let (own, other) = (&self.certificate, &other.certificate);
        own.subject == other.subject && own.public_key == other.public_key
    }

    /// Whether this one's subject is the other's issuer, by name.
    pub(crate) fn is_named_by(&self, other: &Certificate) -> bool {
        self.certificate.subject == other.issuer
    }
}

/// The time in which certificates should be valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    pub now: Timestamp,
    /// The last moment that was asked for; not before `now`.
    pub until: Timestamp,
}

/// How far a certificate is valid in a [`Period`]; the greater, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Validity {
    NotNow,
    Now,
    Throughout,
}

impl Validity {
    /// Without a period every certificate is as good as any other.
    fn of(certificate: &Certificate, period: Option<&Period>) -> Self {
        let Some(Period { now, until }) = period else { return Self::Throughout };
        match certificate {
            Certificate { not_before, not_after, .. } if now < not_before || now > not_after => {
                Self::NotNow
            }
            Certificate { not_after, .. } if until > not_after => Self::Now,
            _ => Self::Throughout,
        }
    }
}

/// What decides between certificates that fit alike: the greater is preferred. The encoding comes
/// last, so that the order of the input never decides.
fn preference<'a>(
    member: &'a Member,
    period: Option<&Period>,
) -> (Validity, bool, Timestamp, Timestamp, &'a [u8]) {
    let Member { certificate, der, .. } = member;
    let validity = Validity::of(certificate, period);
    // A cross-signed root leads on, as long as it is valid.
    (validity, !member.is_root(), certificate.not_after, certificate.not_before, der)
}

/// The certificates of a PEM input that parse, whatever curve their keys are on.
pub(crate) fn members(input: &[u8]) -> Vec<Member> {
    let blocks = pem::blocks(input).filter(pem::Block::is_certificate).enumerate();
    let read = |(at, block): (usize, pem::Block<'_>)| {
        let certificate = certificate::parse_any_curve(&block.contents).ok()?;
        Some(Member::of(certificate, &block.contents, at + 1, Some(block.line)))
    };
    blocks.filter_map(read).collect()
}

/// The first certificate that does not certify the one before it, and that one.
pub(crate) fn first_break(members: &[Member]) -> Option<(&ChainPlace, &ChainPlace)> {
    members.windows(2).find_map(|pair| match pair {
        [before, this] if !this.is_named_by(&before.certificate) => {
            Some((&before.place, &this.place))
        }
        _ => None,
    })
}

/// A chain in its right order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    /// Indices of the leaf and its intermediates, each certified by the next.
    pub chain: Vec<usize>,
    /// The rest in the order of the input, each with the reason why it is left out.
    pub dropped: Vec<(usize, Dropped)>,
}

/// Why a certificate is left out of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dropped {
    Duplicate,
    /// It certifies itself: whoever connects has it, or does not trust it.
    Root,
    /// It certifies nothing in the chain.
    Stray,
    /// Another one of its name and key is in the chain: one that is valid, or for longer.
    Superseded,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Duplicate => "it is a duplicate",
            Self::Root => "it is a root, which clients already have",
            Self::Stray => "it is not part of the chain",
            Self::Superseded => "another certificate with the same name and key is used",
        })
    }
}

/// Puts a chain in order: the leaf, which certifies `key`, then each one's issuer, without the
/// root. Where anchors are given and a path leads there, it is that path. `None` if no certificate
/// is the key's.
pub(crate) fn repair(
    members: &[Member],
    key: &PublicKey,
    anchors: &[Member],
    period: Option<&Period>,
) -> Option<Repaired> {
    let from_the_end = members.iter().enumerate().rev();
    let leaves = from_the_end.filter(|(_, member)| member.certificate.public_key == *key);
    // One key may have several certificates, such as a renewed one.
    let (leaf, _) = leaves
        .max_by_key(|(_, member)| (!member.certificate.is_authority, preference(member, period)))?;
    let mut chain = match path(members, leaf, anchors, period) {
        Ok(path) => path.members,
        Err(_) => climb(members, leaf, period),
    };
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
        } else if chain.iter().any(|in_it| members[*in_it].is_like(member)) {
            Dropped::Superseded
        } else {
            Dropped::Stray
        };
        (at, why)
    });
    let dropped = dropped.collect();
    Some(Repaired { chain, dropped })
}

/// From the leaf from issuer to issuer as far as there are any.
fn climb(members: &[Member], leaf: usize, period: Option<&Period>) -> Vec<usize> {
    let mut climb = Climb { members, period, left: MAX_SIGNATURES };
    climb.from(&mut vec![leaf]).0
}

/// A search for the chain whose worst intermediate is valid longest; the first one that is found
/// if there are several.
struct Climb<'a> {
    members: &'a [Member],
    period: Option<&'a Period>,
    left: usize,
}

impl Climb<'_> {
    fn from(&mut self, chain: &mut Vec<usize>) -> (Vec<usize>, Validity) {
        let members = self.members;
        let last = chain.last().map(|at| &members[*at]);
        let mut best: Option<(Vec<usize>, Validity)> = None;
        for at in last.map(|last| self.issuers(last, chain)).unwrap_or_default() {
            self.left = self.left.saturating_sub(1);
            let (key, last) = (&members[at].certificate.public_key, last.map(|l| &l.certificate));
            let signed =
                last.is_some_and(|last| signature::verify(last, key) != Err(SignatureError::Wrong));
            if self.left == 0 || !signed {
                continue;
            }
            chain.push(at);
            let found = self.from(chain);
            chain.pop();
            if found.1 == Validity::Throughout {
                return found;
            }
            if best.as_ref().is_none_or(|best| best.1 < found.1) {
                best = Some(found);
            }
        }
        best.unwrap_or_else(|| (chain.clone(), self.worst(chain)))
    }

    /// The members whose name is that of an issuer, the best first.
    fn issuers(&self, of: &Member, chain: &[usize]) -> Vec<usize> {
        let members = self.members;
        if of.is_root() {
            return Vec::new();
        }
        let named = (0..members.len()).filter(|at| {
            members[*at].is_named_by(&of.certificate)
                && !chain.iter().any(|in_it| members[*in_it].der == members[*at].der)
        });
        let mut named: Vec<_> = named.collect();
        named.sort_by(|a, b| {
            let preference = |at: &usize| preference(&members[*at], self.period);
            preference(b).cmp(&preference(a))
        });
        named
    }

    /// The leaf is given, and a root at the end is left out.
    fn worst(&self, chain: &[usize]) -> Validity {
        let members = chain.iter().skip(1).map(|at| &self.members[*at]);
        let intermediates = members.filter(|member| !member.is_root());
        let validities = intermediates.map(|m| Validity::of(&m.certificate, self.period));
        validities.min().unwrap_or(Validity::Throughout)
    }
}
