//! An SSH private key, as `ssh` and the libraries beside it read one: OpenSSH's own container, the
//! old PEM forms, PKCS#8.
//!
//! What no client can use is an error, what may be regretted a fact beside the success. The public
//! half of a key is worked out from the private one where that is how damage shows.

use crate::material::found::{DerKind, Found, der_kind};
use crate::material::openssh::{self, OpensshKind};
use crate::material::pem::{self, Block};
use crate::material::private_key::{self, Encoding, Pkcs8, PrivateKey};
use crate::material::public_key::{Algorithm, Curve, PublicKey};

/// The fewest bits of an RSA key that OpenSSH takes (`SSH_RSA_MINIMUM_MODULUS_SIZE`).
const RSA_MIN: usize = 1024;
const DSA: &[u8] = b"DSA PRIVATE KEY";
const OPENSSH: &[u8] = b"OPENSSH PRIVATE KEY";

/// A key that a client can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SshKey {
    /// Whether the last line has its line feed, without which OpenSSH does not read the key.
    pub final_newline: bool,
    pub doubts: Vec<Doubt>,
}

/// What may be regretted of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Doubt {
    #[error("it is a DSA key, which OpenSSH has not supported since version 10")]
    Dsa,
    #[error("it is an Ed25519 key in PKCS#8, which OpenSSH only reads since version 9.6")]
    Ed25519Pkcs8,
    #[error("it is encrypted, and no program in a cluster can type its passphrase")]
    Encrypted,
    /// A key whose label announces another form, which OpenSSH reads all the same.
    #[error(
        "its label {label} does not match its format, {wanted}: golang.org/x/crypto/ssh, which \
         Flux and Argo CD use, rejects it"
    )]
    Label {
        label: &'static str,
        /// The label of its form.
        wanted: &'static str,
    },
    /// A block of parameters before the key.
    #[error(
        "a block of parameters is before the key: golang.org/x/crypto/ssh, which Flux and Argo \
         CD use, finds no key"
    )]
    ParametersFirst,
    /// A key in the form of RFC 5958, with its public half.
    #[error(
        "it is PKCS#8 version 2 (with the public key), which OpenSSL, and OpenSSH with it, \
         supports only since version 3.5"
    )]
    Pkcs8Version2,
    #[error("it works only where its security key is plugged in")]
    Hardware,
    #[error("its type is not known to mksecret, so it was not checked")]
    UnknownKind,
}

/// Why no client can use a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SshKeyError {
    #[error("the key on line {line} is of {algorithm}, which SSH does not support")]
    Algorithm {
        algorithm: Algorithm,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// An empty line within the base64 of a PEM form, which OpenSSL does not read.
    #[error("line {line} within the key is blank")]
    BlankLine {
        /// Counted from 1.
        line: usize,
    },
    /// Line ends of Windows, which OpenSSH does not read.
    #[error("line {line} ends in CR LF, as on Windows")]
    CarriageReturn {
        /// Counted from 1.
        line: usize,
    },
    /// Something else than a key, under the label of one.
    #[error("the block {label} on line {line} contains {kind}")]
    Contents {
        kind: DerKind,
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// The key decodes, and a part of it does not fit.
    #[error("the key on line {line} is damaged ({part})")]
    Damaged {
        part: &'static str,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    /// A key whose label announces another form.
    #[error(
        "the block {label} on line {line} contains a key in the format {wanted}, but SSH clients \
         rely on the label"
    )]
    Label {
        label: String,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
        /// The label of its form.
        wanted: &'static str,
    },
    #[error("the line breaks of the key are lost: all of it is on line {line}")]
    OneLine {
        /// Counted from 1.
        line: usize,
    },
    #[error("no SSH private key in it{}", instead(found, *line))]
    NoKey {
        found: Found,
        /// The line on which that stands, counted from 1, where there are lines.
        line: Option<usize>,
    },
    #[error("the RSA key on line {line} has {bits} bits, and SSH needs at least {RSA_MIN}")]
    Short {
        bits: usize,
        /// The line of its `BEGIN`, counted from 1.
        line: usize,
    },
    #[error("a second private key begins on line {line}, and SSH reads only the first")]
    TwoKeys {
        /// Counted from 1.
        line: usize,
    },
    /// OpenSSH wants its own dashes at the very start of the file, and nothing else in their line.
    #[error(
        "OpenSSH does not accept line {line}: the key must begin the file, and no line of dashes \
         may end with a space"
    )]
    Unframed {
        /// Counted from 1.
        line: usize,
    },
}

pub(crate) fn parse(input: &[u8]) -> Result<SshKey, SshKeyError> {
    let mut blocks = pem::blocks(input).filter(Block::is_private_key);
    let Some(block) = blocks.next() else { return Err(no_key(input)) };
    if let Some(second) = blocks.next() {
        return Err(SshKeyError::TwoKeys { line: second.line });
    }
    let text = of_block(input, &block);
    if let Some(line) = text.split_inclusive(|b| *b == b'\n').position(|l| l.contains(&b'\r')) {
        return Err(SshKeyError::CarriageReturn { line: block.line + line });
    }
    let mut doubts = Vec::new();
    if block.label == OPENSSH {
        framed(text, &block)?;
    } else if let Some(line) = begun_before(input, &block) {
        return Err(SshKeyError::Damaged { part: "dashes", line });
    } else if let Some(line) = blank_line(text).filter(|_| block.headers.is_empty()) {
        return Err(SshKeyError::BlankLine { line: block.line + line });
    }
    let before = pem::blocks(input).take_while(|other| other.start < block.start);
    if before.into_iter().any(|other| other.label.ends_with(b" PARAMETERS")) {
        doubts.push(Doubt::ParametersFirst);
    }
    let (kind, encrypted, form) = read(&block)?;
    doubts.extend(form);
    match kind {
        Some(OpensshKind::Dsa) => doubts.push(Doubt::Dsa),
        Some(OpensshKind::Ed25519) if block.label != OPENSSH && form.is_none() => {
            doubts.push(Doubt::Ed25519Pkcs8);
        }
        Some(OpensshKind::Hardware) => doubts.push(Doubt::Hardware),
        Some(OpensshKind::Rsa(bits)) if bits < RSA_MIN => {
            return Err(SshKeyError::Short { bits, line: block.line });
        }
        Some(OpensshKind::Unknown) => doubts.push(Doubt::UnknownKind),
        Some(OpensshKind::Ecdsa(_) | OpensshKind::Ed25519 | OpensshKind::Rsa(_)) | None => {}
    }
    if encrypted {
        doubts.push(Doubt::Encrypted);
    }
    Ok(SshKey { final_newline: input.ends_with(b"\n"), doubts })
}

/// What stands in place of a key.
fn no_key(input: &[u8]) -> SshKeyError {
    let is_key = pem::find(input, b"PRIVATE KEY").is_some();
    let is_line = !input.trim_ascii().contains(&b'\n');
    match Found::placed(input) {
        (Found::CutBlock { line, .. }, _) if is_key && is_line => SshKeyError::OneLine { line },
        (Found::OneLine { line }, _) if is_key => SshKeyError::OneLine { line },
        (found, line) => SshKeyError::NoKey { found, line },
    }
}

fn instead(found: &Found, line: Option<usize>) -> String {
    match (found, line) {
        (Found::Unknown, _) => String::new(),
        (found, Some(line)) => format!(": found {found} on line {line}"),
        (found, None) => format!(": found {found}"),
    }
}

/// The lines of a block.
fn of_block<'a>(input: &'a [u8], block: &Block<'_>) -> &'a [u8] {
    const END: &[u8] = b"-----END ";
    let text = input.get(block.start..).unwrap_or_default();
    let end = pem::find(text, END).unwrap_or(text.len());
    let rest = text.get(end..).unwrap_or_default();
    let line = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |at| at + 1);
    text.get(..end + line).unwrap_or(text)
}

/// The line where a block begins before the key and comes to no end. Go looks for the last `BEGIN`
/// before an `END`; OpenSSL takes the first, and fails.
fn begun_before(input: &[u8], block: &Block<'_>) -> Option<usize> {
    let before = input.get(..block.start)?;
    let whole: Vec<_> = pem::blocks(input).map(|block| block.start).collect();
    let is_begin = |start: usize| {
        let text = input.get(start..).unwrap_or_default();
        let line = text.split(|b| *b == b'\n').next().unwrap_or_default();
        let starts_line = start.checked_sub(1).is_none_or(|at| input[at] == b'\n');
        starts_line && line.trim_ascii_end().ends_with(b"-----")
    };
    pem::begin_lines(before)
        .find(|begin| is_begin(begin.start) && whole.binary_search(&begin.start).is_err())
        .map(|begin| begin.line)
}

/// The first blank line within the base64, counted from the `BEGIN`. One right behind that ends
/// the headers, of which there may be none.
fn blank_line(text: &[u8]) -> Option<usize> {
    let lines = text.split(|b| *b == b'\n').enumerate().skip(2);
    let before_end = lines.take_while(|(_, line)| !line.starts_with(b"-----END "));
    before_end.into_iter().find(|(_, line)| line.trim_ascii().is_empty()).map(|(at, _)| at)
}

/// Whether the dashes are those that OpenSSH looks for, byte by byte (`sshkey_parse_private2`).
fn framed(text: &[u8], block: &Block<'_>) -> Result<(), SshKeyError> {
    if block.start > 0 {
        return Err(SshKeyError::Unframed { line: 1 });
    }
    let mut lines = text.split(|b| *b == b'\n').zip(block.line..);
    let blank = lines.find(|(line, _)| line.starts_with(b"--") && !line.ends_with(b"-----"));
    match blank {
        Some((_, line)) => Err(SshKeyError::Unframed { line }),
        None => Ok(()),
    }
}

/// The kind of key, where it can be seen, whether it is under a passphrase, and what may be
/// regretted of its form.
fn read(block: &Block<'_>) -> Result<(Option<OpensshKind>, bool, Option<Doubt>), SshKeyError> {
    let (der, line) = (block.contents.as_slice(), block.line);
    let damaged = |part| SshKeyError::Damaged { part, line };
    if block.label == OPENSSH {
        let container =
            openssh::parse(der).map_err(|part| mislabelled(block).unwrap_or(damaged(part)))?;
        return Ok((Some(container.kind), container.encrypted, None));
    }
    if block.is_encrypted() {
        let kind = (block.label == DSA).then_some(OpensshKind::Dsa);
        return if der.is_empty() { Err(damaged("contents")) } else { Ok((kind, true, None)) };
    }
    if block.label == DSA {
        let dsa = (Some(OpensshKind::Dsa), false, None);
        return if is_dsa(der) {
            Ok(dsa)
        } else {
            Err(mislabelled(block).unwrap_or(damaged("structure")))
        };
    }
    match private_key::parse(der) {
        Ok(key) if !has_own_point(der, &key.public) => Err(damaged("public key")),
        Ok(key) if !has_all_numbers(der, &key.public) => Err(damaged("structure")),
        Ok(key) => {
            let kind = usable(&key.public, line)?;
            Ok((Some(kind), false, of_form(block, &key)?))
        }
        Err(_) => match Found::in_key(block) {
            Found::EncryptedPkcs8 => Ok((None, true, None)),
            Found::Algorithm(Algorithm::Dsa) if Pkcs8::read(der).is_some() => {
                Ok((Some(OpensshKind::Dsa), false, None))
            }
            Found::Algorithm(algorithm) => Err(SshKeyError::Algorithm { algorithm, line }),
            _ => Err(mislabelled(block).unwrap_or(damaged("structure"))),
        },
    }
}

/// What a block holds under the label of another form: a key, or something else.
fn mislabelled(block: &Block<'_>) -> Option<SshKeyError> {
    let (der, label, line) = (block.contents.as_slice(), block.label(), block.line);
    let wanted = if der.starts_with(openssh::MAGIC) {
        "OPENSSH PRIVATE KEY"
    } else {
        match (private_key::parse(der), der_kind(der)?) {
            (Ok(key), _) => key.encoding.label(),
            (Err(_), DerKind::PrivateKey) => return None,
            (Err(_), kind) => return Some(SshKeyError::Contents { kind, label, line }),
        }
    };
    (label != wanted).then_some(SshKeyError::Label { label, line, wanted })
}

/// What may be regretted of the form of a key. OpenSSH reads PKCS#8 under the label of its own
/// algorithm, Go's client under none but its own.
fn of_form(block: &Block<'_>, key: &PrivateKey) -> Result<Option<Doubt>, SshKeyError> {
    let wanted = key.encoding.label();
    if block.label == wanted.as_bytes() {
        return Ok((key.encoding == Encoding::Pkcs8Version2).then_some(Doubt::Pkcs8Version2));
    }
    let is_pkcs8 = matches!(key.encoding, Encoding::Pkcs8 | Encoding::Pkcs8Version2);
    match (block.label, &key.public) {
        (b"RSA PRIVATE KEY", PublicKey::Rsa(..)) if is_pkcs8 => {
            Ok(Some(Doubt::Label { label: "RSA PRIVATE KEY", wanted }))
        }
        (b"EC PRIVATE KEY", PublicKey::Ecdsa(..)) if is_pkcs8 => {
            Ok(Some(Doubt::Label { label: "EC PRIVATE KEY", wanted }))
        }
        _ => Err(SshKeyError::Label { label: block.label(), line: block.line, wanted }),
    }
}

/// Whether the public point that an ECDSA key may hold is its own. Go does not look at it, OpenSSL
/// and with it OpenSSH do.
fn has_own_point(der: &[u8], key: &PublicKey) -> bool {
    use crate::material::der::{Reader, Tag, to_bits};

    let PublicKey::Ecdsa(_, point) = key else { return true };
    let sec1 = Pkcs8::read(der).map_or(der, |info| info.key);
    // Behind the scalar the curve, then the point, each may be left out, and nothing else.
    let is_own = || {
        let mut fields = Reader::new(sec1).sequence()?;
        fields.small_integer()?;
        fields.read(Tag::OCTET_STRING)?;
        if fields.is_next(Tag::explicit(0)) {
            fields.read(Tag::explicit(0))?;
        }
        if fields.is_empty() {
            return Some(true);
        }
        let mut inner = Reader::new(fields.read(Tag::explicit(1))?);
        let held = to_bits(inner.read(Tag::BIT_STRING)?)?.1;
        // A compressed one has the first coordinate alone, a hybrid one another first byte.
        let (_, own) = point.split_first()?;
        let fits = match held.split_first()? {
            (2 | 3, first) => first.len() * 2 == own.len() && own.starts_with(first),
            (6 | 7, both) => both == own,
            _ => held == point,
        };
        Some(fits && inner.is_empty() && fields.is_empty())
    };
    is_own().unwrap_or(false)
}

/// Whether an RSA key has the three numbers behind its primes. Go reads a key without them, OpenSSL
/// and with it OpenSSH do not.
fn has_all_numbers(der: &[u8], key: &PublicKey) -> bool {
    use crate::material::der::Reader;

    let PublicKey::Rsa(..) = key else { return true };
    let pkcs1 = Pkcs8::read(der).map_or(der, |info| info.key);
    let Some(mut fields) = Reader::new(pkcs1).sequence() else { return false };
    // RFC 8017, A.1.2: behind the version n, e, d, p, q and the three.
    fields.small_integer().is_some() && (0..8).all(|_| fields.integer().is_some())
}

/// The kind of a key that Go's TLS could use as well.
fn usable(key: &PublicKey, line: usize) -> Result<OpensshKind, SshKeyError> {
    Ok(match key {
        PublicKey::Ecdsa(Curve::P224, _) | PublicKey::Other(_) => {
            return Err(SshKeyError::Algorithm { algorithm: key.algorithm(), line });
        }
        PublicKey::Ecdsa(curve, _) => OpensshKind::Ecdsa(*curve),
        PublicKey::Ed25519(_) => OpensshKind::Ed25519,
        PublicKey::Rsa(modulus, _) => OpensshKind::Rsa(openssh::bits(modulus)),
    })
}

/// OpenSSL's old form: version 0, then p, q, g, y and x.
fn is_dsa(der: &[u8]) -> bool {
    use crate::material::der::{Reader, is_positive};

    let mut outer = Reader::new(der);
    let Some(mut fields) = outer.sequence() else { return false };
    let version = fields.small_integer();
    let numbers = (0..5).all(|_| fields.integer().is_some_and(is_positive));
    version == Some(0) && numbers && fields.is_empty() && outer.is_empty()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    macro_rules! fixture {
        ($file:literal) => {
            include_bytes!(concat!("../../tests/fixtures/", $file)).as_slice()
        };
    }

    fn doubts(input: &[u8]) -> Vec<Doubt> {
        parse(input).unwrap().doubts
    }

    fn pem(label: &str, contents: &[u8]) -> Vec<u8> {
        let body = STANDARD.encode(contents);
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").into_bytes()
    }

    fn contents(input: &[u8]) -> Vec<u8> {
        pem::blocks(input).next().unwrap().contents.to_vec()
    }

    /// A container with a public half of that algorithm, and nothing that can be checked in it.
    fn container(algorithm: &str) -> Vec<u8> {
        let string =
            |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
        let public = string(algorithm.as_bytes());
        let mut private = [&[7; 8][..], &public, &[0; 4]].concat();
        private.extend((1..).take((8 - private.len() % 8) % 8));
        let none = string(b"none");
        let fields =
            [b"openssh-key-v1\0".to_vec(), none.clone(), none, string(b""), vec![0, 0, 0, 1]];
        [fields.concat(), string(&public), string(&private)].concat()
    }

    #[test]
    fn every_form_of_a_point() {
        let der = contents(fixture!("ssh/ecdsa.pem"));
        let at = der.windows(4).position(|tags| tags == [0xa1, 0x44, 0x03, 0x42]).unwrap() + 5;
        assert_eq!(der[at], 4);
        let with = |first: u8| {
            let mut der = der.clone();
            der[at] = first;
            parse(&pem("EC PRIVATE KEY", &der)).is_ok()
        };
        // Hybrid ones; a compressed one is shorter.
        assert!(with(4) && with(6) && with(7));
        assert!(!with(2) && !with(5));
    }

    #[test]
    fn every_form_of_every_algorithm() {
        for (input, wanted) in [
            (fixture!("ssh/ed25519"), &[][..]),
            (fixture!("ssh/ecdsa256"), &[]),
            (fixture!("ssh/ecdsa384"), &[]),
            (fixture!("ssh/ecdsa521"), &[]),
            (fixture!("ssh/rsa"), &[]),
            (fixture!("ssh/dsa"), &[Doubt::Dsa]),
            (fixture!("ssh/ed25519-encrypted"), &[Doubt::Encrypted]),
            (fixture!("ssh/rsa.pem"), &[]),
            (fixture!("ssh/ecdsa.pem"), &[]),
            (fixture!("ssh/dsa.pem"), &[Doubt::Dsa]),
            (fixture!("ssh/rsa-encrypted.pem"), &[Doubt::Encrypted]),
            (fixture!("ssh/rsa.pkcs8"), &[]),
            (fixture!("ssh/ed25519.pkcs8"), &[Doubt::Ed25519Pkcs8]),
            (fixture!("ssh/dsa.pkcs8"), &[Doubt::Dsa]),
            (fixture!("ssh/rsa-encrypted.pkcs8"), &[Doubt::Encrypted]),
            (fixture!("tls/p384.key"), &[]),
            (fixture!("tls/p521.key"), &[]),
            (
                &pem("OPENSSH PRIVATE KEY", &container("sk-ssh-ed25519@openssh.com")),
                &[Doubt::Hardware],
            ),
            (&pem("OPENSSH PRIVATE KEY", &container("ssh-new@example.com")), &[Doubt::UnknownKind]),
        ] {
            let text = String::from_utf8_lossy(input);
            assert_eq!(doubts(input), wanted, "{text}");
            assert!(parse(input).unwrap().final_newline, "{text}");
            if !text.contains("OPENSSH") {
                // Text before the key is no matter, whatever it begins with.
                let behind = [b"-----BEGIN of a note\n", input].concat();
                assert_eq!(doubts(&behind), wanted, "{text}");
            }
            let cut = parse(input.trim_ascii_end()).unwrap();
            assert!(!cut.final_newline, "{text}");
        }
    }

    #[test]
    fn refused() {
        let key = fixture!("ssh/ed25519");
        let text = String::from_utf8(key.to_vec()).unwrap();
        let no_key = |found: Found| {
            let line = match found {
                Found::Empty | Found::Der(_) => None,
                _ => Some(1),
            };
            SshKeyError::NoKey { found, line }
        };
        let algorithm = |algorithm| SshKeyError::Algorithm { algorithm, line: 1 };
        let unframed = |line| SshKeyError::Unframed { line };
        let curve = Algorithm::EllipticCurve("secp256k1".to_owned());
        let damaged = |part| SshKeyError::Damaged { part, line: 1 };
        for (input, wanted) in [
            (b"".to_vec(), no_key(Found::Empty)),
            (b"hunter2".to_vec(), no_key(Found::Unknown)),
            (fixture!("ssh/ed25519.pub").to_vec(), no_key(Found::OpenSshPublicKey)),
            (b"PuTTY-User-Key-File-3: x\r\n".to_vec(), no_key(Found::PuttyKey)),
            (fixture!("tls/p256.crt").to_vec(), no_key(Found::Certificate)),
            (fixture!("web/web.pub").to_vec(), no_key(Found::PublicKey)),
            (fixture!("web/web.p12").to_vec(), no_key(Found::Der(DerKind::Pkcs12))),
            (
                [b"-----BEGIN EC PRIVATE KEY-----\n", fixture!("ssh/ecdsa.pem")].concat(),
                damaged("dashes"),
            ),
            (
                // The tag of the point's bit string is another.
                pem("EC PRIVATE KEY", &{
                    let mut der = contents(fixture!("ssh/ecdsa.pem"));
                    let at = der.windows(3).position(|tags| tags == [0xa1, 0x44, 0x03]).unwrap();
                    der[at + 2] = 0x1a;
                    der
                }),
                damaged("public key"),
            ),
            (
                pem("EC PRIVATE KEY", &{
                    let mut der = contents(fixture!("ssh/ecdsa.pem"));
                    *der.last_mut().unwrap() ^= 1;
                    der
                }),
                damaged("public key"),
            ),
            ([b"\xef\xbb\xbf", key].concat(), no_key(Found::ByteOrderMark)),
            (STANDARD.encode(key).into_bytes(), no_key(Found::Base64OfPem)),
            (text.replace('\n', " ").into_bytes(), SshKeyError::OneLine { line: 1 }),
            (text.replace('\n', "\\n").into_bytes(), no_key(Found::EscapedLines { line: 1 })),
            (text.replace('\n', "\r\n").into_bytes(), SshKeyError::CarriageReturn { line: 1 }),
            (
                text.replacen("=\n", "=\r\n", 1).into_bytes(),
                SshKeyError::CarriageReturn { line: 6 },
            ),
            (format!("{text}{text}").into_bytes(), SshKeyError::TwoKeys { line: 8 }),
            (format!("my key\n{text}").into_bytes(), unframed(1)),
            (text.replace("KEY-----\nb", "KEY----- \nb").into_bytes(), unframed(1)),
            (
                text.replace("END OPENSSH PRIVATE KEY-----", "END OPENSSH PRIVATE KEY-----\t")
                    .into(),
                unframed(7),
            ),
            (fixture!("tls/p224.key").to_vec(), algorithm(Algorithm::Ecdsa(Curve::P224))),
            (fixture!("tls/ed448.key").to_vec(), algorithm(Algorithm::Ed448)),
            (fixture!("tls/x25519.key").to_vec(), algorithm(Algorithm::X25519)),
            (fixture!("tls/secp256k1.key").to_vec(), algorithm(curve)),
            (fixture!("tls/rsa-pss.key").to_vec(), algorithm(Algorithm::RsaPss)),
            (fixture!("tls/rsa512.key").to_vec(), SshKeyError::Short { bits: 512, line: 1 }),
            (
                String::from_utf8_lossy(fixture!("ssh/ed25519.pkcs8")).replace('\n', "\n\n").into(),
                SshKeyError::BlankLine { line: 4 },
            ),
            (pem("RSA PRIVATE KEY", b"hello"), damaged("structure")),
            (pem("DSA PRIVATE KEY", b"hello"), damaged("structure")),
            (pem("OPENSSH PRIVATE KEY", b"hello"), damaged("header")),
            (pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0"), damaged("cipher")),
        ] {
            let shown = String::from_utf8_lossy(&input).into_owned();
            assert_eq!(parse(&input), Err(wanted), "{shown}");
        }
    }

    /// Whatever byte of a key in the clear is changed, it shows, save in the comment.
    #[test]
    fn damage_shows() {
        for (input, step) in [
            (fixture!("ssh/ed25519"), 1),
            (fixture!("ssh/rsa"), 1),
            (fixture!("ssh/dsa"), 1),
            (fixture!("ssh/ecdsa256"), 7),
        ] {
            let good = contents(input);
            let comment = good.windows(4).position(|window| window == b"me@e").unwrap();
            for at in (0..good.len()).step_by(step) {
                let mut bad = good.clone();
                bad[at] ^= 4;
                let result = parse(&pem("OPENSSH PRIVATE KEY", &bad));
                let unseen = (comment..comment + 14).contains(&at) || unchecked(input, &good, at);
                assert_eq!(result.is_ok(), unseen, "byte {at} of {}", good.len());
            }
        }
    }

    /// Each of the numbers of an RSA key has to be a number: OpenSSL reads no key without them.
    #[test]
    fn rsa_keys_have_all_their_numbers() {
        let (pkcs1, pkcs8) =
            (contents(fixture!("ssh/rsa.pem")), contents(fixture!("ssh/rsa.pkcs8")));
        for (label, good) in [("RSA PRIVATE KEY", pkcs1), ("PRIVATE KEY", pkcs8)] {
            assert!(parse(&pem(label, &good)).is_ok(), "{label}");
            // The last number, which fills the rest.
            let last = (0..good.len() - 1)
                .rposition(|at| good[at] == 2 && at + 2 + usize::from(good[at + 1]) == good.len());
            let mut bad = good;
            bad[last.unwrap()] = 3;
            let damaged = SshKeyError::Damaged { part: "structure", line: 1 };
            assert_eq!(parse(&pem(label, &bad)), Err(damaged), "{label}");
        }
    }

    /// The numbers that are not looked at, as using the key would: of RSA d and the coefficient,
    /// of DSA x.
    fn unchecked(input: &[u8], contents: &[u8], at: usize) -> bool {
        let (name, fields) = match input {
            _ if input == fixture!("ssh/rsa") => (b"ssh-rsa", 2..4),
            _ if input == fixture!("ssh/dsa") => (b"ssh-dss", 4..5),
            _ => return false,
        };
        let mut end = contents.windows(7).rposition(|window| window == name).unwrap() + 7;
        for field in 0..fields.end {
            let len = contents[end..end + 4].try_into().unwrap();
            let start = end + 4;
            end = start + u32::from_be_bytes(len) as usize;
            if fields.contains(&field) && (start..end).contains(&at) {
                return true;
            }
        }
        false
    }

    #[test]
    fn a_point_of_another_key() {
        for (input, label) in [
            (fixture!("ssh/ecdsa.pem"), "EC PRIVATE KEY"),
            (fixture!("tls/p384.key"), "PRIVATE KEY"),
        ] {
            let mut contents = contents(input);
            *contents.last_mut().unwrap() ^= 1;
            let wanted = SshKeyError::Damaged { part: "public key", line: 1 };
            assert_eq!(parse(&pem(label, &contents)), Err(wanted), "{label}");
        }
    }

    #[test]
    fn cut_off_anywhere() {
        for input in [fixture!("ssh/ed25519"), fixture!("ssh/rsa.pem"), fixture!("ssh/dsa.pkcs8")] {
            let whole = input.trim_ascii_end().len();
            for len in 0..whole {
                assert!(parse(&input[..len]).is_err(), "{len}");
            }
            let contents = contents(input);
            for len in 0..contents.len() {
                let label = if input.len() < 500 { "OPENSSH PRIVATE KEY" } else { "PRIVATE KEY" };
                assert!(parse(&pem(label, &contents[..len])).is_err(), "{len}");
            }
        }
    }
}
