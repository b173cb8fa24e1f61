use super::workshop::Workshop;
use super::{said, values};
use crate::harness::{Run, in_parallel, mksecret, none};

/// What is wanted of a row.
enum Want {
    /// The certificate of this kind, alone, and its key.
    Good(&'static str),
    /// A message with this in it.
    Refused(String),
}

struct Row {
    name: String,
    run: Run,
    want: Want,
}

/// The kinds of key: name, openssl's words, and whether it has a form of its own beside PKCS#8.
const KINDS: [(&str, &str, bool); 9] = [
    ("rsa1024", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", true),
    ("rsa2048", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", true),
    ("rsa3072", "-algorithm RSA -pkeyopt rsa_keygen_bits:3072", true),
    ("rsa4096", "-algorithm RSA -pkeyopt rsa_keygen_bits:4096", true),
    ("p224", "-algorithm EC -pkeyopt ec_paramgen_curve:P-224", true),
    ("p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", true),
    ("p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", true),
    ("p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", true),
    ("ed25519", "-algorithm ED25519", false),
];

const LEGACY: &str = "-provider legacy -provider default";
const PASSPHRASE: &str = "Sesam öffne dich";

struct Table {
    shop: Workshop,
    rows: Vec<Row>,
}

impl Table {
    fn new() -> Self {
        let shop = Workshop::new();
        for (kind, words, _) in KINDS {
            shop.openssl(&format!("genpkey {words} -out {kind}.key"));
            shop.openssl(&format!(
                "req -x509 -new -key {kind}.key -subj /CN={kind} -days 9 -out {kind}.crt"
            ));
            shop.openssl(&format!("x509 -in {kind}.crt -outform DER -out {kind}.der"));
        }
        std::fs::write(shop.path("pass"), format!("{PASSPHRASE}\n")).unwrap();
        Self { shop, rows: Vec::new() }
    }

    /// A run with these files of the workshop, and more words.
    fn run(&self, words: &str) -> Run {
        let mut run = mksecret(["tls", "x", "--dry-run=client", "-ojson"]);
        for word in words.split_whitespace() {
            run = run.arg(word);
            let path = word.split_once('=').map(|(_, path)| path);
            if let Some(path) = path.filter(|path| self.shop.path(path).is_file()) {
                run = run.file(path, self.shop.read(path));
            }
        }
        run
    }

    fn row(&mut self, name: String, words: &str, want: Want) {
        let run = self.run(words);
        self.rows.push(Row { name, run, want });
    }

    fn good(&mut self, kind: &'static str, words: &str) {
        self.row(format!("{kind}: {words}"), words, Want::Good(kind));
    }

    fn refused(&mut self, words: &str, message: &str) {
        self.row(words.to_owned(), words, Want::Refused(message.to_owned()));
    }

    /// Something under a passphrase: with the right one, a wrong one, and none.
    fn locked(&mut self, kind: &'static str, files: &str, scheme: &str) {
        self.good(kind, &format!("{files} --passphrase-file=pass"));
        let wrong = self.run(&format!("{files} --passphrase-env=WRONG")).env("WRONG", "no");
        let message = format!(": the passphrase is wrong ({scheme})\n");
        self.rows.push(Row {
            name: format!("{files} with a wrong passphrase"),
            run: wrong,
            want: Want::Refused(message),
        });
        let message = format!(" is encrypted ({scheme}) and no passphrase was given\n");
        self.row(files.to_owned(), files, Want::Refused(message));
    }

    fn forms(&mut self) {
        for (kind, _, own) in KINDS {
            let words = format!("pkcs8 -topk8 -nocrypt -in {kind}.key");
            self.shop.openssl(&format!("{words} -outform DER -out {kind}.p8"));
            self.good(kind, &format!("--cert={kind}.crt --key={kind}.key"));
            self.good(kind, &format!("--cert={kind}.der --key={kind}.key"));
            self.good(kind, &format!("--cert={kind}.crt --key={kind}.p8"));
            if own {
                let words = format!("pkey -in {kind}.key -traditional");
                self.shop.openssl(&format!("{words} -out {kind}.own"));
                self.shop.openssl(&format!("{words} -outform DER -out {kind}.own.der"));
                self.good(kind, &format!("--cert={kind}.crt --key={kind}.own"));
                self.good(kind, &format!("--cert={kind}.der --key={kind}.own.der"));
            }
        }
    }

    fn encrypted_pkcs8(&mut self) {
        let schemes = [
            ("-v1 PBE-MD5-DES", "PBES1 with MD5 and DES-CBC"),
            ("-v1 PBE-MD5-RC2-64", "PBES1 with MD5 and RC2-64-CBC"),
            ("-v1 PBE-SHA1-DES", "PBES1 with SHA-1 and DES-CBC"),
            ("-v1 PBE-SHA1-RC2-64", "PBES1 with SHA-1 and RC2-64-CBC"),
            ("-v1 PBE-SHA1-3DES", "PKCS#12 with SHA-1 and 3DES-CBC"),
            ("-v1 PBE-SHA1-2DES", "PKCS#12 with SHA-1 and two-key 3DES-CBC"),
            ("-v1 PBE-SHA1-RC2-40", "PKCS#12 with SHA-1 and RC2-40-CBC"),
            ("-v1 PBE-SHA1-RC2-128", "PKCS#12 with SHA-1 and RC2-128-CBC"),
            ("-v2 aes-128-cbc", "PBES2 with HMAC-SHA-256 and AES-128-CBC"),
            ("-v2 aes-192-cbc", "PBES2 with HMAC-SHA-256 and AES-192-CBC"),
            ("-v2 aes-256-cbc", "PBES2 with HMAC-SHA-256 and AES-256-CBC"),
            ("-v2 des3", "PBES2 with HMAC-SHA-256 and 3DES-CBC"),
            ("-v2 des", "PBES2 with HMAC-SHA-256 and DES-CBC"),
            ("-v2 rc2-40-cbc", "PBES2 with HMAC-SHA-256 and RC2-40-CBC"),
            ("-v2 rc2-64-cbc", "PBES2 with HMAC-SHA-256 and RC2-64-CBC"),
            ("-v2 rc2", "PBES2 with HMAC-SHA-256 and RC2-128-CBC"),
            ("-v2 aes128 -v2prf hmacWithSHA1", "PBES2 with HMAC-SHA-1 and AES-128-CBC"),
            ("-v2 aes128 -v2prf hmacWithSHA224", "PBES2 with HMAC-SHA-224 and AES-128-CBC"),
            ("-v2 aes128 -v2prf hmacWithSHA384", "PBES2 with HMAC-SHA-384 and AES-128-CBC"),
            ("-v2 aes128 -v2prf hmacWithSHA512", "PBES2 with HMAC-SHA-512 and AES-128-CBC"),
        ];
        for (number, (words, scheme)) in schemes.into_iter().enumerate() {
            let (kind, _, _) = KINDS[number % KINDS.len()];
            for (form, ending) in [("PEM", "pem"), ("DER", "der")] {
                if form == "DER" && number % 4 != 0 {
                    continue;
                }
                let file = format!("locked{number}.{ending}");
                self.shop.openssl(&format!(
                    "pkcs8 -topk8 -in {kind}.key {words} -passout file:pass -outform {form} \
                     -out {file} {LEGACY}"
                ));
                self.locked(kind, &format!("--cert={kind}.crt --key={file}"), scheme);
            }
        }
        for (words, message) in [
            (
                "-v1 PBE-SHA1-RC4-128",
                "is encrypted with RC4, which is not supported\nhint: rewrite",
            ),
            ("-scrypt", "is encrypted with scrypt, which is not supported\nhint: rewrite it: "),
        ] {
            self.shop.openssl(&format!(
                "pkcs8 -topk8 -in p256.key {words} -passout file:pass -out refused{} {LEGACY}",
                words.len()
            ));
            let files = format!("--cert=p256.crt --key=refused{}", words.len());
            self.refused(&files, &format!(": the block ENCRYPTED PRIVATE KEY on line 1 {message}"));
        }
        self.shop.openssl(
            "pkcs8 -topk8 -in p256.key -v2 aes128 -iter 20000001 -passout file:pass -out hang.key",
        );
        self.refused(
            "--cert=p256.crt --key=hang.key --passphrase-file=pass",
            "error: hang.key: the block ENCRYPTED PRIVATE KEY on line 1: its passphrase \
             must be hashed 20000001 times, and at most 10000000 are supported\nhint: rewrite it: openssl pkcs8",
        );
    }

    fn old_pem(&mut self) {
        for (words, scheme) in [
            ("-aes128", "AES-128-CBC with MD5"),
            ("-aes192", "AES-192-CBC with MD5"),
            ("-aes256", "AES-256-CBC with MD5"),
            ("-des", "DES-CBC with MD5"),
            ("-des3", "3DES-CBC with MD5"),
        ] {
            for kind in ["rsa2048", "p384"] {
                let file = format!("old{words}.{kind}");
                self.shop.openssl(&format!(
                    "pkey -in {kind}.key -traditional {words} -passout file:pass -out {file} \
                     {LEGACY}"
                ));
                self.locked(kind, &format!("--cert={kind}.crt --key={file}"), scheme);
            }
        }
        self.shop.openssl(
            "pkey -in p256.key -traditional -camellia128 -passout file:pass -out old.camellia",
        );
        self.refused(
            "--cert=p256.crt --key=old.camellia --passphrase-file=pass",
            "old.camellia: the block EC PRIVATE KEY on line 1 is encrypted with \
             CAMELLIA-128-CBC, which is not supported\n",
        );
    }

    fn pkcs12(&mut self) {
        let own = "PKCS#12, HMAC";
        for (number, (words, scheme)) in [
            ("", format!("{own}-SHA-256")),
            ("-legacy", format!("{own}-SHA-1")),
            ("-macalg sha1", format!("{own}-SHA-1")),
            ("-macalg sha384", format!("{own}-SHA-384")),
            ("-macalg sha512", format!("{own}-SHA-512")),
            ("-certpbe NONE -keypbe NONE", format!("{own}-SHA-256")),
            ("-certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-2DES", format!("{own}-SHA-256")),
            (
                "-certpbe aes-128-cbc -keypbe des-ede3-cbc -iter 1 -nomaciter",
                format!("{own}-SHA-256"),
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let (kind, _, _) = KINDS[number % KINDS.len()];
            let file = format!("store{number}.p12");
            let provider = if words == "-legacy" { "" } else { LEGACY };
            self.shop.openssl(&format!(
                "pkcs12 -export -inkey {kind}.key -in {kind}.crt -passout file:pass -out {file} \
                 {words} {provider}"
            ));
            self.locked(kind, &format!("--pkcs12={file}"), &scheme);
            if number < 2 {
                // By its content, wherever it is given.
                self.locked(kind, &format!("--cert={file}"), &scheme);
                self.locked(kind, &format!("--cert={kind}.crt --key={file}"), &scheme);
                self.good(kind, &format!("--cert={file} --key={kind}.key --passphrase-file=pass"));
            }
        }
        let export = "pkcs12 -export -inkey p256.key -in p256.crt -passout";
        self.shop.openssl(&format!("{export} file:pass -nomac -out nomac.p12"));
        self.good("p256", "--pkcs12=nomac.p12 --passphrase-file=pass");
        self.refused(
            "--pkcs12=nomac.p12",
            "(PBES2 with HMAC-SHA-256 and AES-256-CBC) and no passphrase",
        );
        self.shop.openssl(&format!("{export} pass: -out empty.p12"));
        self.good("p256", "--pkcs12=empty.p12");
        self.shop
            .openssl(&format!("{export} pass: -nomac -certpbe NONE -keypbe NONE -out open.p12"));
        self.good("p256", "--pkcs12=open.p12");
        self.shop.openssl("pkcs12 -export -nokeys -in p256.crt -passout pass: -out nokey.p12");
        self.refused("--pkcs12=nokey.p12", "nokey.p12 contains no private key\n");
        self.shop.openssl("pkcs12 -export -nocerts -inkey p256.key -passout pass: -out nocert.p12");
        self.refused("--pkcs12=nocert.p12", "nocert.p12 contains no certificate\n");
        self.good("p256", "--cert=p256.crt --key=nocert.p12");
        self.refused("--cert=p256.crt --key=nokey.p12", "nokey.p12 contains no");
        self.good("p256", "--cert=nokey.p12 --key=p256.key");
        for (hash, name) in [("md5", "MD5"), ("sha3-256", "hash 2.16.840.1.101.3.4.2.8")] {
            self.shop.openssl(&format!("{export} file:pass -macalg {hash} -out {hash}.p12"));
            let message = format!(
                ".p12: its passphrase is checked with {name}, which is not supported\n\
                 hint: convert it to PEM: openssl pkcs12 -legacy -in {hash}.p12 -nokeys"
            );
            self.refused(&format!("--pkcs12={hash}.p12 --passphrase-file=pass"), &message);
        }
        self.shop.openssl(&format!(
            "{export} file:pass -certpbe PBE-SHA1-RC4-128 -keypbe aes-128-cbc -out rc4.p12 {LEGACY}"
        ));
        self.refused(
            "--pkcs12=rc4.p12 --passphrase-file=pass",
            " is encrypted with RC4, which is not supported\n\
             hint: convert it to PEM: openssl pkcs12 -legacy -in rc4.p12 -nokeys",
        );
        self.shop.openssl(&format!("{export} file:pass -iter 20000002 -nomac -out hang.p12"));
        self.refused(
            "--pkcs12=hang.p12 --passphrase-file=pass",
            "hang.p12: its passphrase must be hashed 20000002 times",
        );
        let whole = self.shop.read("empty.p12");
        std::fs::write(self.shop.path("cut.p12"), &whole[..whole.len() - 1]).unwrap();
        self.refused("--pkcs12=cut.p12", " is damaged or cut off: its outer");
        std::fs::write(self.shop.path("more.p12"), [&whole[..], b"more"].concat()).unwrap();
        self.refused("--pkcs12=more.p12", " has 4 bytes after its end\n");
        self.refused(
            "--pkcs12=p256.crt",
            "p256.crt, line 1: found a certificate, expected PKCS#12: a key and",
        );
        self.refused(
            "--pkcs12=empty.p12 --key=p256.key",
            "it cannot be used together with --cert or --key",
        );
    }

    fn damage(&mut self) {
        let shop = &self.shop;
        let write = |name: &str, bytes: &[u8]| std::fs::write(shop.path(name), bytes).unwrap();
        let (crt, key) = (shop.read("p256.crt"), shop.read("p256.key"));
        let marked = |bytes: &[u8]| [b"\xef\xbb\xbf", bytes].concat();
        let utf16 = |bytes: &[u8]| -> Vec<u8> {
            [0xff, 0xfe].into_iter().chain(bytes.iter().flat_map(|b| [*b, 0])).collect()
        };
        let der = [shop.read("p256.der"), b"ab".to_vec()].concat();
        shop.openssl("ecparam -name secp256k1 -genkey -noout -out secp256k1");
        shop.openssl("genpkey -algorithm ED448 -out ed448");
        shop.openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -out pss");
        shop.openssl("req -new -key p256.key -subj /CN=x -out csr");
        shop.openssl("pkey -in p256.key -pubout -out public");
        shop.openssl("crl2pkcs7 -nocrl -certfile p256.crt -out bag");
        write("marked.crt", &marked(&crt));
        write("marked.key", &marked(&key));
        write("marked.locked", &marked(&shop.read("locked5.pem")));
        write("two", &[key.as_slice(), &shop.read("p384.key")].concat());
        write("html", b"\n<!DOCTYPE html><html></html>\n");
        write("json", b"{\"a\": 1}\n");
        write("empty", b"");
        write("blank", b" \n\n");
        write("utf16", &utf16(&crt));
        write("base64", b"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\n");
        write("putty", b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n");
        write("ssh.pub", b"ssh-ed25519 AAAA me\n");
        let openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
        write("openssh", openssh.as_bytes());
        write("jks", b"\xfe\xed\xfe\xed\0\0\0\x02");
        write("trailing.der", &der);
        write("cut.crt", &crt[..crt.len() - 40]);
        write("cut.key", &key[..key.len() - 40]);
        let expected = "expected a certificate in PEM, DER or PKCS#12\nhint: ";
        let certificate = |words: &str, found: &str| {
            let words = format!("--cert={words} --key=p256.key");
            (words, format!("found {found}, {expected}"))
        };
        let expected = "expected a private key in PEM, DER or PKCS#12\nhint: ";
        let private = |words: &str, found: &str| {
            (format!("--cert=p256.crt --key={words}"), format!("found {found}, {expected}"))
        };
        let rows = [
            certificate("html", "HTML"),
            certificate("json", "JSON"),
            certificate("empty", "nothing"),
            certificate("blank", "nothing"),
            certificate("utf16", "UTF-16"),
            certificate("base64", "PEM encoded in base64 again"),
            certificate("ssh.pub", "an OpenSSH public key"),
            certificate("jks", "a Java keystore"),
            certificate("csr", "a certificate request"),
            certificate("bag", "a PKCS#7 bundle"),
            certificate("trailing.der", "DER with 2 trailing bytes"),
            certificate("cut.crt", "a block CERTIFICATE without its END"),
            private("html", "HTML"),
            private("json", "JSON"),
            private("empty", "nothing"),
            private("utf16", "UTF-16"),
            private("putty", "a PuTTY key"),
            private("ssh.pub", "an OpenSSH public key"),
            private("public", "a public key"),
            private("csr", "a certificate request"),
            private("cut.key", "a block PRIVATE KEY without its END"),
            private("p256.der", "a certificate in DER"),
            key_of("openssh", "an OpenSSH private key"),
            key_of("secp256k1", "a key of elliptic curve secp256k1"),
            key_of("ed448", "a key of Ed448"),
            key_of("pss", "a key of RSA-PSS"),
            (
                "--cert=html --key=p256.key".to_owned(),
                "error: html, line 2: tls: failed to find any PEM data in certificate input".into(),
            ),
            (
                "--cert=cut.crt --key=p256.key".to_owned(),
                "error: cut.crt, line 1: tls: failed to find any PEM data".to_owned(),
            ),
            (
                "--cert=p256.crt --key=p384.p8".to_owned(),
                "p256.crt and p384.p8: tls: private key does not match public key: found a key of \
                 ECDSA P-384, expected one of ECDSA P-256\n".to_owned(),
            ),
            (
                "--cert=p256.der --key=rsa1024.key".to_owned(),
                "p256.der and rsa1024.key: tls: private key type does not match public key type: found a \
                 key of RSA, expected one of ECDSA P-256\n"
                    .to_owned(),
            ),
        ];
        for (words, message) in rows {
            self.refused(&words, &message);
        }
        self.good("p256", "--cert=marked.crt --key=p256.key");
        self.good("p256", "--cert=p256.crt --key=marked.key");
        self.good("p384", "--cert=p384.crt --key=p384.key --passphrase-file=pass");
        self.good("p256", "--cert=marked.crt --key=marked.locked --passphrase-file=pass");
        self.good("p256", "--cert=p256.crt --key=two");
    }

    /// Good material in a form that nobody reads, and what is something else.
    fn slips(&mut self) {
        let shop = &self.shop;
        let write = |name: &str, bytes: &[u8]| std::fs::write(shop.path(name), bytes).unwrap();
        let (crt, der) = (shop.read("p256.crt"), shop.read("p256.der"));
        let text = String::from_utf8_lossy(&crt).into_owned();
        write("spelled", text.replace('\n', "\\n").as_bytes());
        write("oneline", text.replace('\n', " ").as_bytes());
        write("indented", text.replace('\n', "\n  ").as_bytes());
        write("body", text.lines().filter(|l| !l.starts_with('-')).collect::<String>().as_bytes());
        write("trusted", text.replace("CERTIFICATE", "TRUSTED CERTIFICATE").as_bytes());
        write("chain", &[&crt[..], &crt].concat());
        write("xml", b"<?xml version=\"1.0\"?><Error/>");
        write("gzip", b"\x1f\x8b\x08\0\0");
        write("cut.der", &der[..100]);
        write("damaged.der", &[&der[..12], b"!!", &der[14..]].concat());
        shop.openssl("pkey -in ed448 -outform DER -out ed448.der");
        shop.openssl("ec -in secp256k1 -outform DER -out secp256k1.der");
        shop.openssl("pkcs8 -topk8 -in ed448 -passout pass: -out ed448.locked");
        write("no-passphrase", b"\n");
        let certificate = |words: &str, found: &str| {
            let message = format!("found {found}, expected a certificate in PEM, DER or PKCS#12\n");
            (format!("--cert={words} --key=p256.key"), message)
        };
        let private = |words: &str, found: &str| {
            let message = format!("found {found}, expected a private key in PEM, DER or PKCS#12\n");
            (format!("--cert=p256.crt --key={words}"), message)
        };
        let rows = [
            certificate("public", "a public key"),
            certificate("spelled", "PEM with literal \\n instead of line breaks"),
            certificate("oneline", "PEM without line breaks"),
            certificate("indented", "an indented PEM block"),
            certificate("body", "a certificate in DER, in base64"),
            certificate("trusted", "a certificate in a form that only OpenSSL reads"),
            certificate("xml", "XML"),
            certificate("gzip", "binary data"),
            certificate("cut.der", &format!("truncated DER, 100 of {} bytes", der.len())),
            certificate("damaged.der", "DER of another kind, or damaged"),
            private("chain", "a certificate"),
            key_of("ed448.der", "a key of Ed448"),
            key_of("secp256k1.der", "a key of elliptic curve secp256k1"),
            key_of("ed448.locked --passphrase-file=no-passphrase", "a key of Ed448"),
        ];
        for (words, message) in rows {
            self.refused(&words, &message);
        }
    }
}

#[test]
fn every_row_is_the_right_secret_or_the_named_message() {
    let mut table = Table::new();
    table.forms();
    table.encrypted_pkcs8();
    table.old_pem();
    table.pkcs12();
    table.damage();
    table.slips();
    assert!(table.rows.len() >= 120, "{}", table.rows.len());
    let complaints = in_parallel(&table.rows, |row| {
        let answer = row.run.run();
        match &row.want {
            Want::Refused(message) => {
                let said = said(&answer);
                let good = answer.status == Some(1)
                    && answer.stdout.is_empty()
                    && said.contains(message.as_str());
                (!good).then(|| format!("{}: {message:?} is not in\n{said}", row.name))
            }
            Want::Good(_) if answer.status != Some(0) => {
                Some(format!("{}: {}", row.name, said(&answer)))
            }
            Want::Good(kind) => {
                let values = values(&answer);
                let pem = table.shop.read(&format!("{kind}.crt"));
                // In PEM as it was given; what was converted is as openssl writes it.
                let same =
                    values["tls.crt"] == pem && is_key(&table.shop, kind, &values["tls.key"]);
                (!same).then(|| format!("{}: another pair", row.name))
            }
        }
    });
    none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// Whether PEM is the key of a kind, in one of the forms that openssl writes.
/// A key that kubectl does not take, and what is said of it.
fn key_of(words: &str, found: &str) -> (String, String) {
    let message = match found.strip_prefix("a key of ") {
        Some(found) => format!(
            "the key is {found}, and kubectl accepts only RSA, ECDSA (P-224 to P-521) and Ed25519\n\
             hint: "
        ),
        None => format!("found {found}, expected a key of RSA, ECDSA or Ed25519\nhint: "),
    };
    (format!("--cert=p256.crt --key={words}"), message)
}

fn is_key(shop: &Workshop, kind: &str, pem: &[u8]) -> bool {
    let own = shop.path(&format!("{kind}.own"));
    pem.starts_with(&shop.read(&format!("{kind}.key")))
        || (own.is_file() && pem == shop.read(&format!("{kind}.own")))
}

/// What is told beside success.
#[test]
fn what_is_said_of_good_input() {
    let mut table = Table::new();
    let shop = &table.shop;
    let write = |name: &str, bytes: &[u8]| std::fs::write(shop.path(name), bytes).unwrap();
    let (crt, key) = (shop.read("p256.crt"), shop.read("p256.key"));
    write("marked.crt", &[b"\xef\xbb\xbf", &crt[..]].concat());
    write("two", &[key.as_slice(), &shop.read("p384.key")].concat());
    write("crlf.crt", String::from_utf8(crt).unwrap().replace('\n', "\r\n").as_bytes());
    let said = |words: &str| said(&table.run(words).run());
    let note = "marked.crt: dropped the byte order mark before the PEM\n";
    assert_eq!(said("--cert=marked.crt --key=p256.key"), note);
    let warning = "warning: two: a second private key (PRIVATE KEY) on line 6 is ignored\n\
                   hint: keep one key in two\n";
    assert_eq!(said("--cert=p256.crt --key=two"), warning);
    let warning = "warning: --passphrase-file has no effect: nothing is encrypted\n\
                   hint: leave out --passphrase-file\n";
    assert_eq!(said("--cert=p256.crt --key=p256.key --passphrase-file=pass"), warning);
    let answer = table.run("--cert=crlf.crt --key=p256.key").run();
    assert_eq!(values(&answer)["tls.crt"], table.shop.read("crlf.crt"));
    table.rows.clear();
}

/// The passphrase by standard input, and the files by it and by pipes.
#[test]
fn pipes() {
    let table = Table::new();
    table
        .shop
        .openssl("pkcs12 -export -inkey p256.key -in p256.crt -passout file:pass -out store.p12");
    let store = table.shop.read("store.p12");
    let answer = table.run("--pkcs12=store.p12 --passphrase-stdin").stdin(PASSPHRASE).run();
    assert_eq!(values(&answer)["tls.crt"], table.shop.read("p256.crt"));
    let run = table.run("--cert=/dev/stdin --passphrase-file=pass").stdin(store.clone());
    assert_eq!(values(&run.run())["tls.key"], table.shop.read("p256.key"));
    let run = table.run("--cert=/dev/stdin --passphrase-stdin").stdin(store);
    let answer = run.run();
    assert!(said(&answer).contains("it was already read"), "{answer:?}");
    let der = table.shop.openssl("pkcs8 -topk8 -nocrypt -in p256.key -outform DER");
    let run = table.run("--cert=p256.crt --key=/dev/stdin").stdin(der);
    assert!(is_key(&table.shop, "p256", &values(&run.run())["tls.key"]));
}

/// The bags of a PKCS#12 file stand in no order: it is put right.
#[test]
fn a_chain_in_pkcs12() {
    let shop = Workshop::new();
    shop.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=root -keyout root.key -days 9 -out root.crt");
    shop.openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=leaf -keyout leaf.key -out csr");
    shop.openssl(
        "x509 -req -in csr -CA root.crt -CAkey root.key -set_serial 2 -days 9 -out leaf.crt",
    );
    let all = [shop.read("root.crt"), shop.read("leaf.crt")].concat();
    std::fs::write(shop.path("all"), all).unwrap();
    shop.openssl("pkcs12 -export -inkey leaf.key -in all -passout pass: -out store.p12");
    let run = |words: &[&str]| {
        let run = mksecret(["tls", "x", "--dry-run=client", "-ojson", "--pkcs12=store.p12"]);
        run.words_added(words).file("store.p12", shop.read("store.p12")).run()
    };
    let right = [shop.read("leaf.crt"), shop.read("root.crt")].concat();
    assert_eq!(values(&run(&[]))["tls.crt"], right);
    let answer = run(&["--fix-chain"]);
    assert_eq!(values(&answer)["tls.crt"], shop.read("leaf.crt"));
    // There are no lines to name.
    let note =
        "store.p12: dropped certificate 2 (CN=root): it is a root, which clients already have\n";
    assert_eq!(said(&answer), note);
    // The CA in PKCS#12 as well, under the same passphrase.
    shop.openssl("pkcs12 -export -nokeys -in root.crt -passout pass:sesame -out ca.p12");
    shop.openssl("pkcs12 -export -inkey leaf.key -in all -passout pass:sesame -out store.p12");
    let words = ["--ca=ca.p12", "--passphrase-env=P"];
    let run = mksecret(["tls", "x", "--dry-run=client", "-ojson", "--pkcs12=store.p12"]);
    let run = run.words_added(&words).file("store.p12", shop.read("store.p12")).env("P", "sesame");
    let answer = run.file("ca.p12", shop.read("ca.p12")).run();
    assert_eq!(said(&answer), "");
    assert_eq!(values(&answer)["ca.crt"], shop.read("root.crt"));
}

/// Larger than anything that is read.
#[test]
fn a_hundred_megabytes_of_pkcs12() {
    for validate in ["strict", "ignore"] {
        let run = mksecret(["tls", "x", "--dry-run=client", "--pkcs12=store.p12"]);
        let run =
            run.arg(format!("--validate={validate}")).file("store.p12", [0x30, 0x80, 2, 1, 3]);
        let file = std::fs::OpenOptions::new().write(true).open(run.work().join("store.p12"));
        file.unwrap().set_len(100 << 20).unwrap();
        let answer = run.run();
        assert_eq!(answer.status, Some(1));
        assert!(said(&answer).contains("store.p12: it is longer than "), "{answer:?}");
    }
}
