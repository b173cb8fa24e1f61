//! The way from a certificate to an anchor.

use super::{ChainPlace, MAX_SIGNATURES, Member, Period, Validity, preference};
use crate::material::name;
use crate::material::signature::{self, SignatureError};

/// Why a chain does not lead to the CA.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathError {
    #[error("{of} is issued by {issuer}, which is neither in the chain nor among the CAs")]
    NoIssuer {
        /// The last one that was reached.
        of: ChainPlace,
        issuer: String,
    },
    #[error("{of} is self-signed and not one of the CAs")]
    Itself {
        /// The last one that was reached.
        of: ChainPlace,
    },
    #[error("{of} is issued by {issuer}, which is not a CA")]
    NotAuthority {
        /// The one that was issued.
        of: ChainPlace,
        issuer: String,
    },
    /// The issuer's name is there, but it did not sign.
    #[error("{of} is not signed by the key of {issuer}: {error}")]
    Signature {
        /// The one that is signed.
        of: ChainPlace,
        issuer: String,
        /// What is wrong with the signature.
        error: SignatureError,
    },
    #[error("no path to the CA was found after {MAX_SIGNATURES} signatures")]
    TooMany,
}

/// A way from a certificate to an anchor.
#[derive(Debug)]
pub(crate) struct Path {
    /// Indices of the members on it; the anchor is not among them, unless it is a member as well.
    pub members: Vec<usize>,
    /// The signatures on it of an algorithm that is not supported here.
    pub unchecked: Vec<Unchecked>,
}

/// A signature that was not checked, since its algorithm is not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unchecked {
    pub algorithm: String,
    /// The name of the certificate that signed, if it did.
    pub issuer: String,
    /// The certificate that is signed.
    pub of: ChainPlace,
}

/// The way from a certificate to one of the anchors by names and signatures: of several one that is
/// valid in the period, as far as there is one.
pub(crate) fn path(
    members: &[Member],
    leaf: usize,
    anchors: &[Member],
    period: Option<&Period>,
) -> Result<Path, PathError> {
    let sorted = |list: &[Member]| {
        let mut order: Vec<_> = (0..list.len()).collect();
        order.sort_by(|a, b| {
            let preference = |at: &usize| preference(&list[*at], period);
            preference(b).cmp(&preference(a))
        });
        order
    };
    let mut search = Search {
        members,
        order: sorted(members),
        anchors,
        anchor_order: sorted(anchors),
        period,
        level: Validity::NotNow,
        left: MAX_SIGNATURES,
        deepest: None,
        unchecked: Vec::new(),
    };
    // The last attempt takes any certificate, and its failure is the one that is reported.
    for level in [Validity::Throughout, Validity::Now, Validity::NotNow] {
        (search.level, search.left, search.deepest) = (level, MAX_SIGNATURES, None);
        let mut chain = vec![leaf];
        if search.climb(&mut chain) {
            return Ok(Path { members: chain, unchecked: search.unchecked });
        }
    }
    let error = search.deepest.map(|(_, error)| error);
    Err(if search.left == 0 { PathError::TooMany } else { error.unwrap_or(PathError::TooMany) })
}

struct Search<'a> {
    members: &'a [Member],
    /// The members in the order in which they are tried.
    order: Vec<usize>,
    anchors: &'a [Member],
    anchor_order: Vec<usize>,
    period: Option<&'a Period>,
    /// What an intermediate must reach.
    level: Validity,
    left: usize,
    /// What stopped the longest attempt.
    deepest: Option<(usize, PathError)>,
    unchecked: Vec<Unchecked>,
}

/// The verdict on a signature.
enum Signed {
    Yes,
    No,
    /// The algorithm, which is not supported.
    Unchecked(String),
}

impl<'a> Search<'a> {
    /// Whether a way leads on from the end of the chain, which then is that way.
    fn climb(&mut self, chain: &mut Vec<usize>) -> bool {
        let (members, anchors) = (self.members, self.anchors);
        let Some(last) = chain.last().and_then(|at| members.get(*at)) else { return false };
        if anchors.iter().any(|anchor| anchor.der == last.der) {
            return true;
        }
        let mut found = false;
        let mut unchecked = Vec::new();
        for at in self.anchor_order.clone() {
            let anchor = &anchors[at];
            // The period that was asked for is about the chain, not about its anchor.
            if !anchor.is_named_by(&last.certificate)
                || !self.reaches(anchor, self.level.min(Validity::Now))
            {
                continue;
            }
            found = true;
            match self.signs(anchor, last, chain.len()) {
                Signed::Yes => return true,
                Signed::No => {}
                Signed::Unchecked(algorithm) => unchecked.push((anchor, None, algorithm)),
            }
        }
        for at in self.order.clone() {
            let member = &members[at];
            // A root that is no anchor leads nowhere.
            if !member.is_named_by(&last.certificate)
                || member.is_root()
                || !self.reaches(member, self.level)
                || chain.iter().any(|in_it| members[*in_it].der == member.der)
            {
                continue;
            }
            found = true;
            match self.signs(member, last, chain.len()) {
                Signed::Yes => {}
                Signed::No => continue,
                Signed::Unchecked(algorithm) => {
                    unchecked.push((member, Some(at), algorithm));
                    continue;
                }
            }
            chain.push(at);
            if self.climb(chain) {
                return true;
            }
            chain.pop();
        }
        // A signature that could be checked is worth more.
        for (issuer, at, algorithm) in unchecked {
            let (issuer, of) = (issuer.place.subject.clone(), last.place.clone());
            self.unchecked.push(Unchecked { algorithm, issuer, of });
            let Some(at) = at else { return true };
            chain.push(at);
            if self.climb(chain) {
                return true;
            }
            chain.pop();
            self.unchecked.pop();
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

    fn reaches(&self, member: &Member, level: Validity) -> bool {
        Validity::of(&member.certificate, self.period) >= level
    }

    fn signs(&mut self, issuer: &Member, of: &'a Member, depth: usize) -> Signed {
        let place = || of.place.clone();
        let name = || issuer.place.subject.clone();
        if !issuer.certificate.is_authority {
            self.stopped(depth, PathError::NotAuthority { of: place(), issuer: name() });
            return Signed::No;
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Signed::No;
        }
        match signature::verify(&of.certificate, &issuer.certificate.public_key) {
            Ok(()) => Signed::Yes,
            Err(SignatureError::Unsupported(algorithm)) => Signed::Unchecked(algorithm),
            Err(error) => {
                let error = PathError::Signature { of: place(), issuer: name(), error };
                self.stopped(depth, error);
                Signed::No
            }
        }
    }

    fn stopped(&mut self, depth: usize, error: PathError) {
        if self.deepest.as_ref().is_none_or(|(deepest, _)| depth > *deepest) {
            self.deepest = Some((depth, error));
        }
    }
}
