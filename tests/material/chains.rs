use base64::prelude::{BASE64_STANDARD, Engine as _};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

use super::workshop::Workshop;
use super::{said, values};
use crate::harness::{Answer, Run, in_parallel, mksecret, none};

/// Certificates, each signed by the one before it: the root first.
struct Authority {
    /// As PEM, from the root to the last.
    certificates: Vec<String>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn root(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = authority(name);
        let certificate = params.self_signed(&key).unwrap().pem();
        Self { certificates: vec![certificate], issuer: Issuer::new(params, key) }
    }

    fn intermediate(mut self, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = authority(name);
        self.certificates.push(params.signed_by(&key, &self.issuer).unwrap().pem());
        self.issuer = Issuer::new(params, key);
        self
    }

    /// A certificate for hosts, and its key.
    fn leaf(&self, names: &[&str], years: (i32, i32)) -> (String, String) {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "leaf");
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

const LONG: (i32, i32) = (2020, 2200);

fn tls(cert: &str, key: &str, words: &[&str]) -> Run {
    let run = mksecret(["tls", "x", "--cert=tls.crt", "--key=tls.key", "--dry-run=client"]);
    run.arg("-ojson").words_added(words).file("tls.crt", cert).file("tls.key", key)
}

#[track_caller]
fn refused(answer: &Answer, message: &str) {
    assert_eq!((answer.status, answer.stdout.as_slice()), (Some(1), &[][..]), "{answer:?}");
    assert!(said(answer).contains(message), "{message:?} is not in\n{}", said(answer));
}

/// The same order in every run.
fn shuffled<T: Clone>(items: &[T], rng: &mut TestRng) -> Vec<T> {
    let mut items = items.to_vec();
    for at in (1..items.len()).rev() {
        let below = u32::try_from(at + 1).unwrap();
        items.swap(at, (rng.next_u32() % below) as usize);
    }
    items
}

#[test]
fn ten_certificates_in_a_hundred_orders() {
    let mut authority = Authority::root("root");
    for number in 1..=9 {
        authority = authority.intermediate(&format!("intermediate {number}"));
    }
    let (leaf, key) = authority.leaf(&["a.example"], LONG);
    let root = authority.certificates[0].clone();
    let stray = Authority::root("elsewhere").intermediate("stray").certificates.remove(1);
    let mut right = vec![leaf];
    right.extend(authority.certificates[1..].iter().rev().cloned());
    assert_eq!(right.len(), 10);

    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let orders: Vec<_> = (0..100)
        .map(|number| {
            let mut some = right.clone();
            // Every third has a stray, every fourth its root, every fifth a certificate twice.
            let extra = [(3, &stray), (4, &root), (5, &right[number % 10])];
            let extra = extra.into_iter().filter(|(every, _)| number % every == 0);
            some.extend(extra.map(|(_, certificate)| certificate.clone()));
            (number, shuffled(&some, &mut rng))
        })
        .collect();
    let complaints = in_parallel(&orders, |(number, order)| {
        let answer = tls(&order.concat(), &key, &["--fix-chain", "--ca=ca.crt"]);
        let answer = answer.file("ca.crt", &root).run();
        let said = said(&answer);
        let of =
            |certificate: &str| order.iter().rposition(|c| c == certificate).map_or(0, |at| at + 1);
        let named = |certificate: &str, why: &str| {
            let name = format!("dropped certificate {} ", of(certificate));
            said.lines().any(|line| line.contains(&name) && line.contains(why))
        };
        let complete = values(&answer)["tls.crt"] == right.concat().as_bytes()
            && values(&answer)["ca.crt"] == root.as_bytes()
            && (number % 3 != 0 || named(&stray, "(CN=stray): it is not part of the chain"))
            && (number % 4 != 0 || named(&root, "(CN=root): it is a root"))
            && (number % 5 != 0 || said.contains("it is a duplicate"));
        (!complete).then(|| format!("order {number}: {said}"))
    });
    none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn order() {
    let authority = Authority::root("root").intermediate("one").intermediate("two");
    let (leaf, key) = authority.leaf(&["a.example"], LONG);
    let [root, one, two] = [0, 1, 2].map(|at| authority.certificates[at].as_str());
    let bytes = |certificates: &[&str]| certificates.concat();

    // In order, with or without the root: unchanged, and nothing is said.
    for good in [bytes(&[&leaf, two, one]), bytes(&[&leaf, two, one, root])] {
        let answer = tls(&good, &key, &[]).run();
        assert_eq!(said(&answer), "");
        assert_eq!(values(&answer)["tls.crt"], good.as_bytes());
    }
    // Text around the blocks is kept where there is nothing to mend.
    let good = format!("subject=x\n{leaf}between\n{two}{one}behind\n");
    let answer = tls(&good, &key, &["--fix-chain"]).run();
    assert_eq!((said(&answer).as_str(), &values(&answer)["tls.crt"]), ("", &good.into_bytes()));

    // Out of order behind the leaf: unchanged, with a warning.
    let broken = bytes(&[&leaf, one, two]);
    let answer = tls(&broken, &key, &[]).run();
    assert_eq!(values(&answer)["tls.crt"], broken.as_bytes());
    let warning = "does not certify the one before it, certificate 1 on line 1 (CN=leaf)\n\
                   hint: put the chain of tls.crt in order: add --fix-chain\n";
    assert!(said(&answer).starts_with("warning: tls.crt: certificate 2 on line "), "{answer:?}");
    assert!(said(&answer).ends_with(warning), "{answer:?}");

    // The leaf not first: refused, and named.
    let wrong = bytes(&[two, &leaf]);
    let answer = tls(&wrong, &key, &[]).run();
    refused(
        &answer,
        "public key: found another key of ECDSA P-256 than the certificate's\nhint: the key belongs",
    );
    refused(&answer, "certificate 2 on line ");
    refused(&answer, "(CN=leaf), and the leaf must be first: add --fix-chain\n");
    let answer = tls(&wrong, &key, &["--fix-chain"]).run();
    assert_eq!(values(&answer)["tls.crt"], bytes(&[&leaf, two]).as_bytes());
    assert_eq!(said(&answer), "tls.crt: sorted the certificates: 2, 1\n");

    // None is the key's: nothing to mend.
    let answer = tls(&bytes(&[two, one]), &key, &["--fix-chain"]).run();
    refused(
        &answer,
        "public key: found only CA certificates, the leaf is missing\nhint: pass the file that",
    );
    // A private key among the certificates stays refused.
    let answer = tls(&format!("{two}{leaf}{key}"), &key, &["--fix-chain"]).run();
    refused(&answer, "the certificate input contains a private key (PRIVATE KEY) on line ");
}

#[test]
fn a_cross_signed_root_leads_on() {
    let old = Authority::root("old root");
    let new_key = KeyPair::generate().unwrap();
    let params = authority("new root");
    let itself = params.self_signed(&new_key).unwrap().pem();
    let crossed = params.signed_by(&new_key, &old.issuer).unwrap().pem();
    let issuer = Issuer::new(params, new_key);
    let new = Authority { certificates: vec![itself.clone()], issuer };
    let (leaf, key) = new.leaf(&["a.example"], LONG);
    let all = [itself.as_str(), &leaf, &crossed].concat();
    for (ca, right) in [
        (None, vec![&leaf, &crossed]),
        (Some(&old.certificates[0]), vec![&leaf, &crossed]),
        (Some(&itself), vec![&leaf]),
    ] {
        let run = tls(&all, &key, &["--fix-chain"]);
        let run = match ca {
            Some(ca) => run.arg("--ca=ca.crt").file("ca.crt", ca),
            None => run,
        };
        let right: String = right.into_iter().map(String::as_str).collect();
        let values = values(&run.run());
        assert_eq!(String::from_utf8_lossy(&values["tls.crt"]), right);
    }
}

#[test]
fn to_the_ca() {
    let authority = Authority::root("root").intermediate("one");
    let (leaf, key) = authority.leaf(&["a.example"], LONG);
    let [root, one] = [0, 1].map(|at| authority.certificates[at].as_str());
    let other = Authority::root("other").certificates.remove(0);
    let namesake = Authority::root("root").certificates.remove(0);
    let whole = [leaf.as_str(), one].concat();
    let ca =
        |cert: &str, ca: &str| tls(cert, &key, &["--ca=the ca.crt"]).file("the ca.crt", ca).run();

    for anchors in [root.to_owned(), [other.as_str(), root].concat(), one.to_owned()] {
        let answer = ca(&whole, &anchors);
        assert_eq!(said(&answer), "");
        assert_eq!(values(&answer)["ca.crt"], anchors.as_bytes());
    }
    refused(
        &ca(&leaf, root),
        "tls.crt does not chain to the ca.crt: certificate 1 on line 1 (CN=leaf) is issued by \
         CN=one, which is neither in the chain nor among the CAs\n\
         hint: add the certificate of CN=one to tls.crt, or pass its CA with --ca\n",
    );
    refused(&ca(&whole, &other), "(CN=one) is issued by CN=root, which is neither in the chain");
    refused(
        &ca(&whole, &namesake),
        "(CN=one) is not signed by the key of CN=root: the signature is not the issuer's\n\
         hint: another key of that name signed it, or it was changed: openssl verify -CAfile \
         'the ca.crt' -untrusted tls.crt tls.crt\n",
    );
    refused(&ca(&whole, ""), "error: the ca.crt: tls: failed to find any PEM data");
    refused(
        &ca(&whole, &format!("{root}{key}")),
        "the ca.crt: the certificate input contains a priv",
    );
    let ignoring = tls(&leaf, &key, &["--ca=ca.crt", "--validate=ignore"]).file("ca.crt", &other);
    assert_eq!(values(&ignoring.run())["ca.crt"], other.as_bytes());
    let warning =
        tls(&leaf, &key, &["--ca=ca.crt", "--validate=warn"]).file("ca.crt", &other).run();
    assert!(said(&warning).starts_with("warning: tls.crt does not chain to ca.crt: "));
    // A certificate that signs itself leads to itself.
    let itself = Authority::root("itself");
    let (cert, key) = (&itself.certificates[0], itself.issuer.key().serialize_pem());
    let answer = tls(cert, &key, &["--ca=tls.crt", "--fix-chain"]).run();
    assert_eq!((said(&answer).as_str(), values(&answer).len()), ("", 3));
}

#[test]
fn who_is_no_ca_certifies_nobody() {
    let root = Authority::root("root");
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["b.example".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "no authority");
    let between = params.signed_by(&key, &root.issuer).unwrap().pem();
    let below = Authority { certificates: Vec::new(), issuer: Issuer::new(params, key) };
    let (leaf, key) = below.leaf(&["a.example"], LONG);
    let run = tls(&[leaf, between].concat(), &key, &["--ca=ca.crt"]);
    let answer = run.file("ca.crt", &root.certificates[0]).run();
    refused(&answer, "(CN=leaf) is issued by CN=no authority, which is not a CA\n");
}

#[test]
fn dates() {
    let authority = Authority::root("root");
    let (past, past_key) = authority.leaf(&["a.example"], (2020, 2021));
    let (future, future_key) = authority.leaf(&["a.example"], (2190, 2200));
    let (present, present_key) = authority.leaf(&["a.example"], LONG);
    let answer = tls(&past, &past_key, &[]).run();
    assert_eq!(values(&answer)["tls.crt"], past.as_bytes());
    let expired = "tls.crt: certificate 1 on line 1 (CN=leaf) expired on 2021-01-01T00:00:00Z\n\
                   hint: have the CA issue a new one\n";
    assert_eq!(said(&answer), format!("warning: {expired}"));
    let answer = tls(&future, &future_key, &[]).run();
    let early = "warning: tls.crt: certificate 1 on line 1 (CN=leaf) is not valid before 2190";
    assert!(said(&answer).starts_with(early), "{answer:?}");
    // A demand makes errors of both.
    refused(&tls(&past, &past_key, &["--min-validity=0"]).run(), &format!("error: {expired}"));
    refused(&tls(&future, &future_key, &["--min-validity=1h"]).run(), "is not valid before 2190");
    let answer = tls(&present, &present_key, &["--min-validity=30d"]).run();
    assert_eq!((answer.status, said(&answer).as_str()), (Some(0), ""));
    let answer = tls(&present, &present_key, &["--min-validity=100000d"]).run();
    refused(&answer, "is valid until 2200-01-01T00:00:00Z, which is less than 100000d from now: ");
    // Of the whole chain.
    let chain = [present.as_str(), &past].concat();
    let answer = tls(&chain, &present_key, &["--min-validity=30d"]).run();
    refused(&answer, "(CN=leaf) expired on 2021-01-01T00:00:00Z\n");
    for (time, message) in [
        ("30", "time: missing unit in duration \"30\""),
        ("1d12h", "days must be a whole number without other units"),
        ("-1h", "the time must not be negative"),
    ] {
        let answer = tls(&present, &present_key, &[&format!("--min-validity={time}")]).run();
        refused(&answer, &format!("error: --min-validity: {message}\nhint: for example "));
    }
    // With the flags of kubectl a warning changes nothing.
    let answer = tls(&past, &past_key, &["--validate=ignore"]).run();
    assert_eq!(values(&answer)["tls.crt"], past.as_bytes());
}

/// A CA that is not valid is a warning, whatever is demanded of the chain.
#[test]
fn dates_of_the_ca() {
    let key = KeyPair::generate().unwrap();
    let mut params = authority("old");
    params.not_after = date_time_ymd(2021, 1, 1);
    let old = params.self_signed(&key).unwrap().pem();
    let old = Authority { certificates: vec![old], issuer: Issuer::new(params, key) };
    let (leaf, key) = old.leaf(&["a.example"], LONG);
    for demand in ["--min-validity=30d", "--hostname=a.example"] {
        let run = tls(&leaf, &key, &["--ca=ca.crt", demand]);
        let answer = run.file("ca.crt", &old.certificates[0]).run();
        let warning = "warning: ca.crt: certificate 1 on line 1 (CN=old) expired on 2021-01-01T";
        assert!(said(&answer).starts_with(warning), "{answer:?}");
        assert_eq!(answer.status, Some(0));
    }
    // One to which the chain does not lead is no matter.
    let good = Authority::root("good");
    let (leaf, key) = good.leaf(&["a.example"], LONG);
    let both = [old.certificates[0].as_str(), &good.certificates[0]].concat();
    let answer = tls(&leaf, &key, &["--ca=ca.crt"]).file("ca.crt", both).run();
    assert_eq!((answer.status, said(&answer).as_str()), (Some(0), ""));
}

#[test]
fn hosts() {
    let names = ["a.example", "*.b.example", "10.0.0.1", "::1"];
    let (leaf, key) = Authority::root("root").leaf(&names, LONG);
    let all = ["a.example", "A.Example.", "x.b.example", "10.0.0.1", "::1", "[0:0:0:0:0:0:0:1]"];
    let all = all.map(|host| format!("--hostname={host}"));
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let answer = tls(&leaf, &key, &all).run();
    assert_eq!((answer.status, said(&answer).as_str()), (Some(0), ""));
    for host in ["b.example", "x.y.b.example", "www.a.example", "leaf", "10.0.0.2", "::2"] {
        let answer = tls(&leaf, &key, &[&format!("--hostname={host}"), all[0]]).run();
        let message = format!(
            "error: tls.crt: the certificate is not for {host}\n\
             hint: it is for a.example, *.b.example, 10.0.0.1, ::1\n"
        );
        refused(&answer, &message);
    }
    let (nameless, key) = Authority::root("root").leaf(&[], LONG);
    let answer = tls(&nameless, &key, &["--hostname=leaf"]).run();
    refused(&answer, "hint: its subject alternative names contain no host\n");
    // What ends a line in a certificate ends none in a message.
    let (odd, odd_key) = Authority::root("root").leaf(&["a\nerror: b"], LONG);
    let answer = tls(&odd, &odd_key, &["--hostname=a"]).run();
    refused(&answer, "hint: it is for a\\nerror: b\n");
    let none = "is neither a host name nor an address\nhint:";
    let long = format!("{leaf}.example");
    for (host, message) in [
        (
            "https://a.example",
            format!("\"https://a.example\" {none} pass only the host: --hostname=a.example"),
        ),
        (
            "a.example:443",
            format!("\"a.example:443\" {none} pass only the host: --hostname=a.example"),
        ),
        (
            "a.example,10.0.0.1",
            format!(
                "a text (18 bytes, not shown) {none} give each its own flag: --hostname=a.example --hostname=10.0.0.1"
            ),
        ),
        ("b\u{fc}cher.example", format!("{none} use the form in certificates: --hostname=xn--")),
        ("", format!("a text (0 bytes, not shown) {none} for example --hostname=www.example.com")),
        ("a..b", format!("{none} for example --hostname=www.example.com")),
        // Not shown.
        (&long, format!("--hostname: a text ({} bytes, not shown) {none} for example", long.len())),
    ] {
        let answer = tls(&nameless, &key, &[&format!("--hostname={host}")]).run();
        refused(&answer, &message);
    }
}

#[test]
fn signatures_of_every_kind() {
    let rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits";
    let curve = "-algorithm EC -pkeyopt ec_paramgen_curve";
    let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen";
    let mut kinds = Vec::new();
    for hash in ["sha1", "sha224", "sha256", "sha384", "sha512"] {
        kinds.push((format!("{rsa}:2048"), format!("-{hash}")));
        kinds.push((format!("{rsa}:2048"), format!("-{hash} {pss}:digest")));
        for name in ["P-224", "P-256", "P-384", "P-521"] {
            kinds.push((format!("{curve}:{name}"), format!("-{hash}")));
        }
    }
    // A modulus of 8n + 1 bits has its message in one byte less.
    kinds.push((format!("{rsa}:1025"), format!("-sha256 {pss}:0")));
    kinds.push((format!("{rsa}:1025"), "-sha256".to_owned()));
    kinds.push((format!("{rsa}:1030"), format!("-sha256 {pss}:max")));
    kinds.push((format!("{rsa}:4096"), format!("-sha512 {pss}:10")));
    kinds.push(("-algorithm ED25519".to_owned(), String::new()));
    let complaints = in_parallel(&kinds, |(algorithm, signing)| {
        let shop = Workshop::new();
        shop.openssl(&format!("genpkey {algorithm} -out ca.key"));
        shop.openssl("req -x509 -new -key ca.key -subj /CN=ca -days 9 -out ca.crt");
        shop.openssl(
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=leaf \
             -keyout tls.key -out csr",
        );
        let words = "x509 -req -in csr -CA ca.crt -CAkey ca.key -set_serial 7 -days 9 -out tls.crt";
        shop.openssl(&format!("{words} {signing}"));
        let key = String::from_utf8(shop.read("tls.key")).unwrap();
        let cert = String::from_utf8(shop.read("tls.crt")).unwrap();
        let ask =
            |cert: &str| tls(cert, &key, &["--ca=ca.crt"]).file("ca.crt", shop.read("ca.crt"));
        let answer = ask(&cert).run();
        if answer.status != Some(0) {
            return Some(format!("{algorithm} {signing}: {}", said(&answer)));
        }
        // The last byte is the signature's.
        let mut der = shop.openssl("x509 -in tls.crt -outform DER");
        *der.last_mut().unwrap() ^= 1;
        let body = BASE64_STANDARD.encode(der);
        let other = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
        let answer = ask(&other).run();
        let wrong =
            "(CN=leaf) is not signed by the key of CN=ca: the signature is not the issuer's";
        (!said(&answer).contains(wrong))
            .then(|| format!("{algorithm} {signing}, another signature: {}", said(&answer)))
    });
    none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn signatures_that_are_not_checked() {
    let shop = Workshop::new();
    shop.openssl("genpkey -algorithm ED448 -out ca.key");
    shop.openssl("req -x509 -new -key ca.key -subj /CN=ca -days 9 -out ca.crt");
    shop.openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=leaf -keyout \
         tls.key -out csr",
    );
    shop.openssl("x509 -req -in csr -CA ca.crt -CAkey ca.key -set_serial 7 -days 9 -out tls.crt");
    let text = |name| String::from_utf8(shop.read(name)).unwrap();
    let answer = tls(&text("tls.crt"), &text("tls.key"), &["--ca=ca.crt"]);
    let answer = answer.file("ca.crt", text("ca.crt")).run();
    let want = "warning: tls.crt: the signature of CN=ca on certificate 1 on line 1 (CN=leaf) was \
                not checked: Ed448\nhint: ";
    assert_eq!(answer.status, Some(0));
    assert!(said(&answer).contains(want), "{}", said(&answer));
    // A key that cannot have made such a signature has not.
    shop.openssl("genpkey -algorithm ED25519 -out other.key");
    shop.openssl("req -x509 -new -key other.key -subj /CN=ca -days 9 -out other.crt");
    let answer = tls(&text("tls.crt"), &text("tls.key"), &["--ca=ca.crt"]);
    let answer = answer.file("ca.crt", text("other.crt")).run();
    refused(&answer, "is not signed by the key of CN=ca: the signature is not the issuer's\n");
}
