//! What kubectl and Go's `tls.X509KeyPair` accept, and current clients and servers refuse.

use crate::material::certificate::Certificate;
use crate::material::chain::{ChainPlace, Member};
use crate::material::name;
use crate::material::pem::{self, Block};
use crate::material::private_key::{Encoding, PrivateKey};
use crate::material::public_key::PublicKey;
use crate::material::signature;

/// Keys of RSA with fewer bits are refused by clients that follow NIST SP 800-131A.
const RSA_BITS: usize = 2048;

/// Something that clients or servers refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClientFinding {
    /// A private key whose label announces another form than it has.
    #[error(
        "the block {label} on line {line} contains a key in the format {wanted}; programs that \
         rely on the label, such as nginx, HAProxy and Python, reject it"
    )]
    KeyLabel {
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
        /// The label of the form that the key has.
        wanted: &'static str,
    },
    /// A leaf without the certificate that issued it.
    #[error(
        "the issuer {issuer} of {of} is not in the file; if it is an intermediate, append it; if \
         it is the root, pass it with --ca=FILE"
    )]
    MissingIssuer { of: ChainPlace, issuer: String },
    /// A server's certificate without subject alternative names.
    #[error(
        "{of} has no subject alternative name: Go, browsers and the API server ignore its common \
         name and reject it for every host"
    )]
    NoAlternativeName { of: ChainPlace },
    #[error(
        "the block {label} on line {line} is before the key: programs that read only the first \
         block, such as Envoy Gateway and MinIO, find no key"
    )]
    ParametersFirst {
        /// The label of the block.
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A key in the form of RFC 5958, with its public half.
    #[error(
        "the key on line {line} is PKCS#8 version 2 (with the public key), which OpenSSL \
         supports only since version 3.5"
    )]
    Pkcs8Version2 {
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// An RSA key that is too short.
    #[error(
        "{of} has an RSA key of {bits} bits: Debian's OpenSSL, OpenSSL since version 3.2 and \
         Apple clients require {RSA_BITS}"
    )]
    ShortRsa {
        of: ChainPlace,
        /// The bits of its modulus.
        bits: usize,
    },
    #[error("{of} is signed with {hash}, which Go, browsers and OpenSSL 3 refuse")]
    WeakHash { of: ChainPlace, hash: &'static str },
}

/// What is wrong with a chain, the leaf first. `anchors` are CAs that come with it.
pub(crate) fn in_chain(chain: &[Member], anchors: &[Member]) -> Vec<ClientFinding> {
    let mut findings = Vec::new();
    for member in chain {
        let of = || member.place.clone();
        if let Some(hash) = signature::weak_hash(&member.certificate).filter(|_| !member.is_root())
        {
            findings.push(ClientFinding::WeakHash { of: of(), hash });
        }
        if let Some(bits) = rsa_bits(&member.certificate.public_key).filter(|b| *b < RSA_BITS) {
            findings.push(ClientFinding::ShortRsa { of: of(), bits });
        }
    }
    let Some((leaf, rest)) = chain.split_first() else { return findings };
    let certificate = &leaf.certificate;
    // Issuers of cert-manager keep CAs in such Secrets, etcd's clients have no names.
    if certificate.is_authority {
        return findings;
    }
    let of = leaf.place.clone();
    if certificate.server.is_for_servers && !certificate.server.has_alternative_names {
        findings.push(ClientFinding::NoAlternativeName { of: of.clone() });
    }
    let has_issuer = rest.iter().chain(anchors).any(|other| other.is_named_by(certificate));
    if !has_issuer && !leaf.is_root() && !is_of_root(certificate) {
        let issuer = name::shown(&certificate.issuer);
        findings.push(ClientFinding::MissingIssuer { of, issuer });
    }
    findings
}

/// What is wrong with the private key of an input: the first in it, which was read.
pub(crate) fn in_key(input: &[u8], key: &PrivateKey) -> Vec<ClientFinding> {
    let blocks: Vec<_> = pem::blocks(input).collect();
    let Some(at) = blocks.iter().position(Block::is_private_key) else { return Vec::new() };
    let Some((block, before)) = blocks.get(..=at).and_then(<[_]>::split_last) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let is_parameters = |block: &&Block<'_>| block.label.ends_with(b" PARAMETERS");
    if let Some(first) = before.iter().find(is_parameters) {
        let (label, line) = (first.label(), first.line);
        findings.push(ClientFinding::ParametersFirst { label, line });
    }
    let (label, line, wanted) = (block.label(), block.line, key.encoding.label());
    if block.label != wanted.as_bytes() {
        findings.push(ClientFinding::KeyLabel { label, line, wanted });
    }
    if key.encoding == Encoding::Pkcs8Version2 {
        findings.push(ClientFinding::Pkcs8Version2 { line });
    }
    findings
}

fn rsa_bits(key: &PublicKey) -> Option<usize> {
    let PublicKey::Rsa(modulus, _) = key else { return None };
    let zeros = modulus.first().map_or(0, |first| first.leading_zeros());
    Some((modulus.len() * 8).saturating_sub(usize::try_from(zeros).unwrap_or(0)))
}

/// Whether the issuer is likely a root, which no server sends: the certificate says who issued its
/// issuer's, or the issuer has the name of a root.
fn is_of_root(certificate: &Certificate) -> bool {
    match &certificate.server.issuer_of_issuer {
        Some(name) => *name == certificate.issuer,
        // Public CAs sign with intermediates, and say where these can be downloaded.
        None => !certificate.server.has_issuer_address && is_root_name(&certificate.issuer),
    }
}

/// Whether an issuer has the name of a CA that signs leaves itself, as those of mkcert, of kubeadm
/// and of other programs that set up clusters do.
fn is_root_name(issuer: &[u8]) -> bool {
    const BETWEEN: [&str; 7] =
        ["int", "intermediate", "issuing", "online", "server", "sub", "subordinate"];
    const KUBEADM: [&str; 3] = ["etcd-ca", "front-proxy-ca", "kubernetes"];

    let shown = name::shown(issuer);
    let name = shown.split_once('=').map_or(shown.as_str(), |(_, name)| name);
    // OpenShift, k3s and RKE2 put the time behind it: `k3s-server-ca@1700000000`.
    if let Some((_, time)) = name.rsplit_once('@')
        && !time.is_empty()
        && time.bytes().all(|b| b.is_ascii_digit())
    {
        return true;
    }
    let ends_in_ca = name.ends_with("CA") || name.to_lowercase().ends_with("-ca");
    let name = name.to_lowercase();
    let words: Vec<_> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let has = |word: &str| words.contains(&word);
    if KUBEADM.contains(&name.as_str()) || has("mkcert") {
        return true;
    }
    if has("intermediate") || has("issuing") {
        return false;
    }
    if has("root") || has("selfsigned") {
        return true;
    }
    let is_ca = words.first() == Some(&"ca") || words.last() == Some(&"ca") || ends_in_ca;
    is_ca && !BETWEEN.into_iter().any(has)
}

/// What is wrong with the CA at which a chain ends: clients look at its key, not at its signature.
pub(crate) fn in_anchor(anchor: &Member) -> Option<ClientFinding> {
    let bits = rsa_bits(&anchor.certificate.public_key).filter(|bits| *bits < RSA_BITS)?;
    Some(ClientFinding::ShortRsa { of: anchor.place.clone(), bits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::der::element;

    #[test]
    fn names_of_roots() {
        for (name, want) in [
            ("kubernetes", true),
            ("etcd-ca", true),
            ("mkcert ann@laptop", true),
            ("Corp Root", true),
            ("Example Root X1", true),
            ("my-ca", true),
            ("ca.example", true),
            ("my-selfsigned-ca", true),
            ("Example R3", false),
            ("Corp Issuing CA", false),
            ("Intermediate CA", false),
            ("rooted", false),
            ("minikubeCA", true),
            ("k3s-server-ca@1700000000", true),
            ("openshift-service-serving-signer@1700000000", true),
            ("ann@example.com", false),
            ("Example Root Intermediate", false),
            ("Let's Encrypt", false),
        ] {
            let attribute = [element(6, &[0x55, 4, 3]), element(12, name.as_bytes())].concat();
            let issuer = element(0x30, &element(0x31, &element(0x30, &attribute)));
            assert_eq!(is_root_name(&issuer), want, "{name}");
        }
    }
}
