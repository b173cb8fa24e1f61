//! Whether a server's certificate leads to a trusted CA, by the rules of Go's `crypto/x509`.
//!
//! The search goes from the server's certificate upwards, depth first: at each step the trusted
//! certificates whose subject is the issuer's name are tried, then those that the server sent. A
//! path that reaches a trusted certificate is judged as a whole (name constraints, extended key
//! usage) and then given to rustls-webpki, which has to accept it too. Go does not stop where
//! rustls-webpki does in two cases, which are judged here only: a server's certificate that is
//! itself trusted, and one that says it is a CA certificate.

use rustls::pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter};

use super::algorithms::{self, Verdict};
use super::certificate::Certificate;
use super::host;
use super::server_error::{Defect, ServerCertificateError};
use crate::material::certificate::CertificateError;
use crate::material::signature;

/// The signatures that are checked for one server: Go's number.
const MAX_SIGNATURES: usize = 100;

/// Judges the certificates that a server sent, its own first.
pub(super) fn check(
    sent: &[CertificateDer<'_>],
    roots: &[Certificate],
    expected_host: &str,
    now: UnixTime,
) -> Result<(), ServerCertificateError> {
    let sent = parse(sent)?;
    let Some((leaf, intermediates)) = sent.split_first() else {
        let nothing = Defect::Unreadable(CertificateError::Malformed("certificate"));
        return Err(ServerCertificateError::of_leaf(nothing));
    };
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    leaf.is_current(seconds).map_err(ServerCertificateError::of_leaf)?;
    if !host::is_among(expected_host, &leaf.parsed.names) {
        return Err(ServerCertificateError::of_leaf(Defect::Host {
            host: expected_host.to_owned(),
            names: leaf.parsed.names.iter().map(ToString::to_string).collect(),
        }));
    }
    let mut search = Search { roots, intermediates, now, seconds, signatures: 0, problem: None };
    if roots.iter().any(|root| root.der == leaf.der) {
        return judge_usage(&[leaf]);
    }
    let mut path = vec![leaf];
    if search.extend(&mut path) {
        return Ok(());
    }
    Err(search.problem.unwrap_or_else(|| {
        ServerCertificateError::of_leaf(Defect::UnknownIssuer {
            issuer: leaf.issuer(),
            is_self_signed: leaf.parsed.is_self_issued(),
        })
    }))
}

/// Parses what a server sent. Every certificate has to parse, needed or not.
pub(super) fn parse(
    sent: &[CertificateDer<'_>],
) -> Result<Vec<Certificate>, ServerCertificateError> {
    let parsed = sent.iter().enumerate().map(|(at, der)| {
        let authority = || (at > 0).then(|| format!("certificate {} that it sent", at + 1));
        let error = |defect| ServerCertificateError { authority: authority(), defect };
        let certificate =
            Certificate::parse(der).map_err(|reason| error(Defect::Unreadable(reason)))?;
        match certificate.unsupported_key().filter(|_| certificate.is_oversized()) {
            Some(key) => Err(error(Defect::Key(key))),
            None => Ok(certificate),
        }
    });
    parsed.collect()
}

struct Search<'a> {
    roots: &'a [Certificate],
    intermediates: &'a [Certificate],
    now: UnixTime,
    seconds: i64,
    signatures: usize,
    /// The best reason for a refusal so far: the first, but a wrong signature gives way to others.
    problem: Option<ServerCertificateError>,
}

impl<'a> Search<'a> {
    /// Whether a path, which ends with a certificate that is not trusted by itself, leads to one
    /// that is.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let Some(child) = path.last().copied() else { return false };
        for (certificates, is_root) in [(self.roots, true), (self.intermediates, false)] {
            for candidate in parents(child, certificates) {
                if is_repeated(candidate, path) {
                    continue;
                }
                self.signatures += 1;
                if self.signatures > MAX_SIGNATURES {
                    self.note(ServerCertificateError::of_leaf(Defect::Effort));
                    return false;
                }
                let fits = self.may_follow(candidate, path, is_root);
                if let Err(problem) = fits {
                    self.note(problem);
                    continue;
                }
                path.push(candidate);
                let found = if is_root {
                    self.judge(path).map_err(|problem| self.note(problem)).is_ok()
                } else {
                    self.extend(path)
                };
                path.pop();
                if found {
                    return true;
                }
            }
        }
        false
    }

    /// Whether a certificate issued the last of a path, and may have.
    fn may_follow(
        &self,
        candidate: &Certificate,
        path: &[&Certificate],
        is_root: bool,
    ) -> Result<(), ServerCertificateError> {
        let of_candidate = |defect| of_authority(candidate, defect);
        candidate.may_sign().map_err(of_candidate)?;
        let (Some(child), authorities) = (path.last(), path.len().saturating_sub(1)) else {
            return Ok(());
        };
        check_signature(child, candidate, path.len() == 1)?;
        candidate.is_current(self.seconds).map_err(of_candidate)?;
        if !is_root && !candidate.is_authority() {
            return Err(of_candidate(Defect::NotAuthority));
        }
        candidate.allows_below(authorities).map_err(of_candidate)
    }

    /// Judges a path from the server's certificate to a trusted one.
    fn judge(&self, path: &[&Certificate]) -> Result<(), ServerCertificateError> {
        let Some((root, below)) = path.split_last() else { return Ok(()) };
        check_names(path).map_err(|(at, name)| {
            let authority = path.get(at).map(|authority| authority.subject());
            ServerCertificateError { authority, defect: Defect::NameConstraint(name) }
        })?;
        if let Some(at) = below.iter().position(|certificate| certificate.needs_policy()) {
            return Err(of_member(path, at, Defect::Policy));
        }
        judge_usage(path)?;
        match below.split_first() {
            Some((leaf, _)) if leaf.is_authority() => Ok(()),
            Some((leaf, intermediates)) => self.ask_webpki(leaf, intermediates, root),
            None => Ok(()),
        }
    }

    /// Whether rustls-webpki accepts a path.
    fn ask_webpki(
        &self,
        leaf: &Certificate,
        intermediates: &[&Certificate],
        root: &Certificate,
    ) -> Result<(), ServerCertificateError> {
        let of_leaf = |error| ServerCertificateError::of_leaf(defect_of(&error));
        let anchor = webpki::anchor_from_trusted_cert(&root.der)
            .map_err(|error| of_authority(root, defect_of(&error)))?;
        let intermediates: Vec<_> = intermediates.iter().map(|one| one.der.clone()).collect();
        let leaf = EndEntityCert::try_from(&leaf.der).map_err(of_leaf)?;
        leaf.verify_for_usage(
            algorithms::ALL,
            &[anchor],
            &intermediates,
            self.now,
            ForServers,
            None,
            None,
        )
        .map_err(of_leaf)?;
        Ok(())
    }

    fn note(&mut self, problem: ServerCertificateError) {
        let is_weak = |problem: &ServerCertificateError| {
            matches!(problem.defect, Defect::BadSignature { .. })
        };
        if self.problem.as_ref().is_none_or(|known| is_weak(known) && !is_weak(&problem)) {
            self.problem = Some(problem);
        }
    }
}

/// The purposes that rustls-webpki lets pass, as `Certificate::is_for_servers`.
pub(super) struct ForServers;

impl ExtendedKeyUsageValidator for ForServers {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        const ANY: KeyPurposeId<'static> = KeyPurposeId::new(&[0x55, 0x1d, 37, 0]);
        const SERVER: KeyPurposeId<'static> = KeyPurposeId::new(&[0x2b, 6, 1, 5, 5, 7, 3, 1]);
        let mut is_empty = true;
        for purpose in purposes {
            is_empty = false;
            let purpose = purpose?;
            if purpose == SERVER || purpose == ANY {
                return Ok(());
            }
        }
        if is_empty { Ok(()) } else { Err(webpki::Error::EmptyEkuExtension) }
    }
}

/// The certificates with the issuer's name, each once: first those whose key identifier is the one
/// that `child` names, then those where one of the two is missing.
fn parents<'a>(child: &Certificate, of: &'a [Certificate]) -> Vec<&'a Certificate> {
    let mut found: Vec<&Certificate> = Vec::new();
    for one in of.iter().filter(|one| one.parsed.subject == child.parsed.issuer) {
        if !found.iter().any(|known| known.der == one.der) {
            found.push(one);
        }
    }
    found.sort_by_key(|one| match (&one.key_ids.0, &child.key_ids.1) {
        (subject, authority) if subject == authority => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    });
    found
}

/// Whether a path already holds the same subject with the same key and names.
fn is_repeated(candidate: &Certificate, path: &[&Certificate]) -> bool {
    path.iter().any(|one| {
        one.parsed.subject == candidate.parsed.subject
            && one.spki == candidate.spki
            && one.names == candidate.names
    })
}

fn check_signature(
    child: &Certificate,
    issuer: &Certificate,
    is_leaf: bool,
) -> Result<(), ServerCertificateError> {
    let of_child = |defect| {
        let authority = (!is_leaf).then(|| child.subject());
        ServerCertificateError { authority, defect }
    };
    if let Some(key) = issuer.unsupported_key() {
        return Err(of_authority(issuer, Defect::Key(key)));
    }
    let signed = &child.parsed.signed;
    match algorithms::verify(&signed.algorithm, &issuer.spki, &signed.text, &signed.signature) {
        Verdict::Right => Ok(()),
        Verdict::Wrong => Err(of_child(Defect::BadSignature { issuer: issuer.subject() })),
        Verdict::Unsupported => {
            Err(of_child(Defect::Algorithm(signature::name(&signed.algorithm))))
        }
    }
}

/// Whether no certificate of a path is for other purposes only.
fn judge_usage(path: &[&Certificate]) -> Result<(), ServerCertificateError> {
    match path.iter().rposition(|certificate| !certificate.is_for_servers()) {
        Some(at) => Err(of_member(path, at, Defect::Usage)),
        None => Ok(()),
    }
}

fn of_member(path: &[&Certificate], at: usize, defect: Defect) -> ServerCertificateError {
    let authority = path.get(at).filter(|_| at > 0).map(|certificate| certificate.subject());
    ServerCertificateError { authority, defect }
}

fn of_authority(authority: &Certificate, defect: Defect) -> ServerCertificateError {
    ServerCertificateError { authority: Some(authority.subject()), defect }
}

/// What rustls-webpki says of a path that is good by Go's rules.
fn defect_of(error: &webpki::Error) -> Defect {
    use webpki::Error as E;
    match error {
        E::MaximumPathDepthExceeded => Defect::Depth,
        E::UnsupportedCriticalExtension => Defect::Policy,
        E::NameConstraintViolation => Defect::NameConstraint("in its subject".to_owned()),
        _ => Defect::Unsupported,
    }
}

/// Checks the names of all certificates of a path, the server's first, against the constraints of
/// those above them. The error is the place of the CA certificate and the name.
fn check_names(path: &[&Certificate]) -> Result<(), (usize, String)> {
    let mut comparisons = 0;
    for (at, authority) in path.iter().enumerate() {
        let Some(constraints) = &authority.constraints else { continue };
        for certificate in path.get(..at).unwrap_or_default() {
            let Some(value) = certificate.names.as_deref() else { continue };
            let names = &certificate.parsed.names;
            if let Some(name) = constraints.refused(value, names, &mut comparisons) {
                return Err((at, name));
            }
        }
    }
    Ok(())
}
