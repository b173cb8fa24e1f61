//! What kubectl takes and current clients and servers refuse; what stands in the wrong place.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, date_time_ymd,
};

use super::workshop::Workshop;
use super::{said, values};
use crate::harness::{Run, mksecret};

fn named(name: &str, hosts: &[&str], years: (i32, i32)) -> CertificateParams {
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    params
}

fn authority(name: &str, years: (i32, i32)) -> CertificateParams {
    let mut params = named(name, &[], years);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn tls(cert: &str, key: &str, words: &[&str]) -> Run {
    let run = mksecret(["tls", "x", "--cert=tls.crt", "--key=tls.key", "--dry-run=client"]);
    run.arg("-ojson").words_added(words).file("tls.crt", cert).file("tls.key", key)
}

const LONG: (i32, i32) = (2020, 2200);

/// Root, intermediate and leaf.
struct Chain {
    root: String,
    intermediate: String,
    leaf: String,
    key: String,
}

impl Chain {
    fn new(intermediate: &str, leaf: &CertificateParams) -> Self {
        let [root_key, between_key, leaf_key] = [key(), key(), key()];
        let root = authority("Some Root", LONG);
        let between = authority(intermediate, LONG);
        let root_pem = root.self_signed(&root_key).unwrap().pem();
        let root = Issuer::new(root, root_key);
        let between_pem = between.signed_by(&between_key, &root).unwrap().pem();
        let between = Issuer::new(between, between_key);
        let leaf = leaf.signed_by(&leaf_key, &between).unwrap().pem();
        let key = leaf_key.serialize_pem();
        Self { root: root_pem, intermediate: between_pem, leaf, key }
    }
}

/// Of two intermediates of one name and key the one that is valid is used, then the one that ends
/// later, in whatever order they are given.
#[test]
fn the_valid_one_of_several_is_used() {
    let [root_key, between_key, leaf_key] = [key(), key(), key()];
    let params = authority("root", LONG);
    let root = params.self_signed(&root_key).unwrap().pem();
    let root_issuer = Issuer::new(params, root_key);
    let between = |years| {
        let params = authority("between", years);
        params.signed_by(&between_key, &root_issuer).unwrap().pem()
    };
    let [past, short, long] = [(2000, 2001), (2000, 2100), (2000, 2150)].map(between);
    let future = between((2180, 2190));
    let issuer = Issuer::new(authority("between", LONG), &between_key);
    let leaf = named("leaf", &["a.example"], LONG).signed_by(&leaf_key, &issuer).unwrap().pem();
    let own = leaf_key.serialize_pem();
    for (name, given, words, used) in [
        ("past first", vec![&past, &long], vec![], &long),
        ("past last", vec![&long, &past], vec![], &long),
        ("the later end", vec![&short, &long, &past], vec![], &long),
        ("not yet valid", vec![&future, &short], vec![], &short),
        (
            "for as long as is asked",
            vec![&future, &short, &long],
            vec!["--min-validity=36500d"],
            &long,
        ),
        ("none is valid", vec![&past], vec![], &past),
    ] {
        for ca in [true, false] {
            let given: String = given.iter().map(|pem| pem.as_str()).collect();
            let run = tls(&format!("{leaf}{given}"), &own, &["--fix-chain"]).words_added(&words);
            let run = if ca { run.arg("--ca=ca.crt").file("ca.crt", &root) } else { run };
            let answer = run.run();
            let want = format!("{leaf}{used}");
            assert_eq!(String::from_utf8_lossy(&values(&answer)["tls.crt"]), want, "{name} {ca}");
            if name != "none is valid" {
                assert!(!said(&answer).contains("expired"), "{name} {ca}: {answer:?}");
            }
        }
    }
}

#[test]
fn a_cross_signed_root_past_its_date_gives_way() {
    let [old_key, new_key, leaf_key] = [key(), key(), key()];
    let old = Issuer::new(authority("old", (2000, 2010)), old_key);
    let new = authority("new", LONG);
    let itself = new.self_signed(&new_key).unwrap().pem();
    let crossed = authority("new", (2000, 2010)).signed_by(&new_key, &old).unwrap().pem();
    let new = Issuer::new(new, new_key);
    let leaf = named("leaf", &["a.example"], LONG).signed_by(&leaf_key, &new).unwrap().pem();
    for all in [format!("{leaf}{crossed}{itself}"), format!("{itself}{leaf}{crossed}")] {
        let answer = tls(&all, &leaf_key.serialize_pem(), &["--fix-chain"]).run();
        assert_eq!(values(&answer)["tls.crt"], leaf.as_bytes());
        assert!(!said(&answer).contains("expired"), "{answer:?}");
    }
}

/// The key of a CA beside the certificate of a server: the one that was meant is not dropped.
#[test]
fn a_servers_certificate_is_never_dropped() {
    let [ca_key, leaf_key] = [key(), key()];
    let params = authority("itself", LONG);
    let ca = params.self_signed(&ca_key).unwrap().pem();
    let own = ca_key.serialize_pem();
    let issuer = Issuer::new(params, ca_key);
    let leaf = named("leaf", &["a.example"], LONG).signed_by(&leaf_key, &issuer).unwrap().pem();
    for file in [format!("{leaf}{ca}"), format!("{ca}{leaf}")] {
        let answer = tls(&file, &own, &["--fix-chain"]).run();
        let said = said(&answer);
        assert_eq!(answer.status, Some(1), "{said}");
        assert!(said.contains("the key belongs to certificate "), "{said}");
        assert!(said.contains("(CN=leaf): --key=FILE\n"), "{said}");
    }
    let answer = tls(&ca, &own, &["--fix-chain"]).run();
    assert_eq!(
        (said(&answer).as_str(), values(&answer)["tls.crt"].as_slice()),
        ("", ca.as_bytes())
    );
}

#[test]
fn leaves_that_servers_cannot_use() {
    let public = |mut params: CertificateParams| {
        // One caIssuers: where certificates of public CAs have their issuer's.
        let address = b"http://r3.example/";
        let element = |tag: u8, contents: &[u8]| {
            [&[tag, u8::try_from(contents.len()).unwrap()][..], contents].concat()
        };
        let id = element(6, &[0x2b, 6, 1, 5, 5, 7, 0x30, 2]);
        let entry = element(0x30, &[id, element(0x86, address)].concat());
        let list = element(0x30, &entry);
        let id = [1, 3, 6, 1, 5, 5, 7, 1, 1];
        params.custom_extensions.push(CustomExtension::from_oid_content(&id, list));
        params
    };
    let for_clients = |mut params: CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params
    };
    let leaf = |hosts: &[&str]| named("leaf", hosts, LONG);
    const MISSING: &str =
        "the issuer CN=R3 of certificate 1 on line 1 (CN=leaf) is not in the file";
    const NAMELESS: &str = "certificate 1 on line 1 (CN=leaf) has no subject alternative name";
    // The issuer's issuer, by its name in `authorityCertIssuer`.
    let under = |mut params: CertificateParams, name: &str| {
        let element = |tag: u8, contents: &[u8]| {
            [&[tag, u8::try_from(contents.len()).unwrap()][..], contents].concat()
        };
        let attribute = [element(6, &[0x55, 4, 3]), element(12, name.as_bytes())].concat();
        let name = element(0x30, &element(0x31, &element(0x30, &attribute)));
        let value = element(0x30, &element(0xa1, &element(0xa4, &name)));
        let id = [2, 5, 29, 35];
        params.custom_extensions.push(CustomExtension::from_oid_content(&id, value));
        params
    };
    for (name, chain, whole, want) in [
        (
            "of an intermediate, whatever its name",
            Chain::new("Corp CA", &under(leaf(&["a.example"]), "Some Root")),
            false,
            Some("CN=Corp CA"),
        ),
        (
            "of a root, whatever its name",
            Chain::new("Shop", &under(leaf(&["a.example"]), "Shop")),
            false,
            None,
        ),
        ("alone", Chain::new("R3", &leaf(&["a.example"])), false, Some(MISSING)),
        (
            "of a public CA",
            Chain::new("Root", &public(leaf(&["a.example"]))),
            false,
            Some("CN=Root"),
        ),
        ("of a root, by its name", Chain::new("Corp CA", &leaf(&["a.example"])), false, None),
        ("whole", Chain::new("R3", &public(leaf(&["a.example"]))), true, None),
        ("without names", Chain::new("R3", &leaf(&[])), true, Some(NAMELESS)),
        ("of a client", Chain::new("R3", &for_clients(leaf(&[]))), true, None),
    ] {
        let Chain { root, intermediate, leaf, key } = chain;
        let file = if whole { format!("{leaf}{intermediate}") } else { leaf.clone() };
        let answer = tls(&file, &key, &[]).run();
        assert_eq!(values(&answer)["tls.crt"], file.as_bytes(), "{name}");
        match want {
            Some(want) => assert!(said(&answer).contains(want), "{name}: {answer:?}"),
            None => assert_eq!(said(&answer), "", "{name}"),
        }
        // Who has the issuer beside it has been told nothing.
        let run =
            tls(&file, &key, &["--ca=ca.crt"]).file("ca.crt", format!("{intermediate}{root}"));
        assert!(!said(&run.run()).contains("is not in the file"), "{name}");
        // The same under `generic`.
        let generic = mksecret(["generic", "x", "--type=kubernetes.io/tls", "--dry-run=client"]);
        let generic = generic.arg("-oname").arg("--from-file=tls.crt").arg("--from-file=tls.key");
        let answer = generic.file("tls.crt", &file).file("tls.key", &key).run();
        assert_eq!(said(&answer).contains(want.unwrap_or("warning")), want.is_some(), "{answer:?}");
    }
}

#[test]
fn only_authorities() {
    let Chain { root, intermediate, key, .. } = Chain::new("R3", &named("leaf", &["a"], LONG));
    let answer = tls(&format!("{intermediate}{root}"), &key, &[]).run();
    let want = "public key: found only CA certificates, the leaf is missing\nhint: pass the file";
    assert!(said(&answer).contains(want), "{answer:?}");
}

/// A block that does not begin its line is no block: what is said of the others says so.
#[test]
fn the_first_block_was_passed_over() {
    let Chain { intermediate, leaf, key, .. } = Chain::new("R3", &named("leaf", &["a"], LONG));
    for before in ["\u{200b}", "\u{a0}", "x"] {
        let answer = tls(&format!("{before}{leaf}{intermediate}"), &key, &[]).run();
        let want = "; the block CERTIFICATE on line 1 of tls.crt does not begin its line and was \
                    ignored\nhint: move it to the start of the line: sed ";
        assert!(said(&answer).contains(want), "{answer:?}");
    }
}

/// Keys of openssl under every label that it writes.
#[test]
fn labels_of_keys() {
    let shop = Workshop::new();
    for (name, words) in [
        ("ec", "EC -pkeyopt ec_paramgen_curve:P-256"),
        ("rsa", "RSA -pkeyopt rsa_keygen_bits:2048"),
    ] {
        shop.openssl(&format!("genpkey -algorithm {words} -out {name}.8"));
        shop.openssl(&format!("pkey -in {name}.8 -traditional -out {name}.own"));
        shop.openssl(&format!(
            "req -x509 -new -key {name}.8 -subj /CN=a -days 36500 -out {name}.crt"
        ));
        let cert = String::from_utf8(shop.read(&format!("{name}.crt"))).unwrap();
        let own = format!("{} PRIVATE KEY", name.to_uppercase());
        for (form, right) in [("8", "PRIVATE KEY"), ("own", own.as_str())] {
            let key = String::from_utf8(shop.read(&format!("{name}.{form}"))).unwrap();
            for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
                let key = key.replace(&format!(" {right}-"), &format!(" {label}-"));
                let answer = tls(&cert, &key, &[]).run();
                assert_eq!(values(&answer)["tls.key"], key.as_bytes());
                let want = format!(
                    "hint: fix the label: sed 's/ {label}-/ {right}-/' tls.key > good.key\n"
                );
                let said = said(&answer);
                assert_eq!(said.ends_with(&want), label != right, "{name} {form} {label}: {said}");
                assert!(label != right || said.is_empty(), "{said}");
            }
        }
    }
    shop.openssl("ecparam -name prime256v1 -genkey -out params.key");
    shop.openssl("req -x509 -new -key params.key -subj /CN=a -days 36500 -out params.crt");
    let read = |name| String::from_utf8(shop.read(name)).unwrap();
    let answer = tls(&read("params.crt"), &read("params.key"), &[]).run();
    assert!(said(&answer).contains("the block EC PARAMETERS on line 1 is before the key"));
}

/// A CA on a curve that Go does not know: its signature is not checked here, and not refused.
#[test]
fn authorities_of_any_curve_and_size() {
    let shop = Workshop::new();
    std::fs::write(shop.path("ext"), "subjectAltName=DNS:a.example\n").unwrap();
    shop.openssl("ecparam -name prime256v1 -genkey -noout -out a.key");
    shop.openssl("req -new -key a.key -subj /CN=a -out a.csr");
    let own = String::from_utf8(shop.read("a.key")).unwrap();
    for (name, words, want) in [
        ("secp256k1", "ecparam -name secp256k1 -genkey -noout", "not checked"),
        ("brainpool", "ecparam -name brainpoolP384t1 -genkey -noout", "not checked"),
        ("short", "genrsa -traditional", "has an RSA key of 1024 bits"),
        ("fine", "ecparam -name secp384r1 -genkey -noout", ""),
    ] {
        let bits = if name == "short" { " 1024" } else { "" };
        shop.openssl(&format!("{words} -out {name}.key{bits}"));
        shop.openssl(&format!(
            "req -x509 -new -key {name}.key -subj /CN={name} -days 36500 -out {name}.crt"
        ));
        shop.openssl(&format!(
            "x509 -req -in a.csr -CA {name}.crt -CAkey {name}.key -set_serial 7 -days 36500 \
             -extfile ext -out a.crt"
        ));
        let cert = String::from_utf8(shop.read("a.crt")).unwrap();
        let ca = shop.read(&format!("{name}.crt"));
        let answer = tls(&cert, &own, &["--ca=ca.crt"]).file("ca.crt", &ca).run();
        assert_eq!(values(&answer)["ca.crt"], ca, "{name}");
        let said = said(&answer);
        assert!(said.contains(want) && said.is_empty() == want.is_empty(), "{name}: {said}");
        let basic = mksecret(["basic-auth", "x", "--username=u", "--ca=ca.crt"]);
        let answer = basic.arg("--dry-run=client").file("ca.crt", &ca).run();
        assert_eq!(answer.status, Some(0), "{name}: {answer:?}");
    }
}

/// What a block holds decides, whatever its label.
#[test]
fn other_contents_under_the_label_of_a_certificate() {
    let shop = Workshop::new();
    shop.openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout a.key -subj /CN=a -days 36500 -out a.crt",
    );
    shop.openssl("pkcs12 -export -in a.crt -inkey a.key -passout pass:x -out a.p12");
    shop.openssl("crl2pkcs7 -nocrl -certfile a.crt -outform DER -out a.p7");
    shop.openssl("pkcs8 -topk8 -nocrypt -in a.key -outform DER -out a.der");
    let key = String::from_utf8(shop.read("a.key")).unwrap();
    for (file, found) in [
        ("a.p12", "PKCS#12"),
        ("a.p7", "a PKCS#7 bundle in DER"),
        ("a.der", "a private key in DER"),
    ] {
        let pem = mksecret::testing::pem("CERTIFICATE", &shop.read(file));
        // Everywhere alike.
        let basic = mksecret(["basic-auth", "x", "--username=u", "--ca=ca.crt"]);
        let generic = mksecret(["generic", "x", "--type=kubernetes.io/tls", "--from-file=tls.key"]);
        for run in [
            basic.file("ca.crt", &pem),
            generic.arg("--from-file=tls.crt").file("tls.crt", &pem).file("tls.key", &key),
        ] {
            let told = said(&run.arg("--dry-run=client").run());
            let want = format!(": found {found} with the label CERTIFICATE");
            assert!(told.contains(&want), "{told}");
        }
        let ssh = pem.replace("CERTIFICATE", "DSA PRIVATE KEY");
        let run = mksecret(["ssh-auth", "x", "--ssh-privatekey=key", "--dry-run=client"]);
        let answer = run.file("key", &ssh).run();
        let is_named = said(&answer).contains("the block DSA PRIVATE KEY on line 1 contains");
        assert!(is_named, "{answer:?}");
        let said = said(&tls(&pem, &key, &[]).run());
        assert!(said.contains(&format!(": found {found} with the label CERTIFICATE")), "{said}");
        assert!(said.contains("| sed '1d;/-----END/,$d' | base64 -d"), "{said}");
    }
}
