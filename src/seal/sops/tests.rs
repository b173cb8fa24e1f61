use std::cell::Cell;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::config::{Keys, Selector, SelectorKey};
use super::encrypt::encrypt_all;
use super::keys::WrappedKeys;
use super::*;
use crate::manifest::Documents;
use crate::sources::Inputs;

const VECTORS: &str = include_str!("../../../tests/fixtures/sops/vectors.json");

/// Encrypts the documents of a vector with its data key, its nonces and its time.
fn encrypted(
    case: &serde_json::Value,
    vectors: &serde_json::Value,
    plain: &str,
    armored: Vec<String>,
) -> String {
    let key: Vec<u8> = (0..32).collect();
    let counter = Cell::new(0);
    let random = |bytes: &mut [u8]| {
        bytes.copy_from_slice(&Sha256::digest(format!("iv{}", counter.replace(counter.get() + 1))));
        Ok(())
    };
    let key_name = match case["selector"].as_str().unwrap() {
        "unencrypted_regex" => SelectorKey::UnencryptedRegex,
        _ => SelectorKey::EncryptedRegex,
    };
    let selector = Selector::new(key_name, case["regex"].as_str().unwrap()).unwrap();
    let encryption = Encryption {
        data_key: zeroize::Zeroizing::new(key.try_into().unwrap()),
        is_encrypted: &|path| selector.is_encrypted(path),
        selector: (key_name.as_str(), selector.text()),
        mac_only_encrypted: case["mac_only_encrypted"].as_bool().unwrap(),
        now: vectors["lastmodified"].as_str().unwrap().parse().unwrap(),
        random: &random,
    };
    let recipients = case["recipients"].as_array().unwrap().iter();
    let recipients = recipients.map(|recipient| recipient.as_str().unwrap().to_owned());
    let keys = WrappedKeys { age: recipients.zip(armored).collect(), pgp: Vec::new() };
    let documents: Vec<_> = Documents::new(plain.as_bytes()).map(Result::unwrap).collect();
    let roots = documents.iter().map(|document| of_document(document, &[], false).unwrap());
    let files = encrypt_all(roots.collect(), &keys, &encryption).unwrap();
    let mut out = Vec::new();
    for (i, file) in files.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b"---\n");
        }
        file.write_yaml(4, &mut out);
    }
    String::from_utf8(out).unwrap()
}

fn fixture(name: &str) -> String {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sops"));
    Inputs::fixed().read(&folder.join(name)).unwrap().as_text().unwrap().to_owned()
}

/// The armored data keys of an encrypted file, in its order.
fn armored(file: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block = String::new();
    for line in file.lines().map(str::trim) {
        if line.starts_with("-----BEGIN AGE") || !block.is_empty() {
            block += line;
            block += "\n";
        }
        if line.starts_with("-----END AGE") {
            blocks.push(std::mem::take(&mut block));
        }
    }
    blocks
}

#[test]
fn vectors() {
    let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let (plain, want) = (&case["decrypted"], &case["encrypted"]);
        let plain = fixture(plain.as_str().unwrap());
        let want = fixture(want.as_str().unwrap());
        assert_eq!(encrypted(case, &vectors, &plain, armored(&want)), want, "{}", case["name"]);
    }
}

#[test]
fn a_data_key_opens() {
    use std::io::Read as _;

    let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let text = |name: &str| vectors[name].as_str().unwrap().to_owned();
    let key: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
    let keys = Keys { age: vec![text("recipient"), text("recipient2")], pgp: Vec::new() };
    let wrapped = keys.wrap(&key, &Inputs::fixed()).unwrap();
    let own = wrapped.age.into_iter().map(|(_, armored)| armored);
    let identities = [text("identity"), text("identity2"), text("identity")];
    let all = own.chain([text("age_armored_data_key")]).zip(identities);
    for (armored, identity) in all {
        let identity: age::x25519::Identity = identity.parse().unwrap();
        let reader = age::armor::ArmoredReader::new(armored.as_bytes());
        let decryptor = age::Decryptor::new(reader).unwrap();
        let mut opened = Vec::new();
        let identity: &dyn age::Identity = &identity;
        let mut reader = decryptor.decrypt(std::iter::once(identity)).unwrap();
        reader.read_to_end(&mut opened).unwrap();
        assert_eq!(opened, key);
    }
}

#[test]
fn recipients_that_age_does_not_know() {
    let key = [0; 32];
    let ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN comment";
    let rows = [
        (ed25519, ""),
        ("age188naaqdmxpt46y8agycgkwjtlyk2chz5v2tsju2anpe9h9d9n35qh66djx", "is damaged"),
        ("AGE-SECRET-KEY-1LP8J0CE2L7RHZ955Y4ZJ2J0MTYQKPMUNUVV4VZ3VQC8D", "not a recipient"),
        ("age1yubikey1q", "plugins"),
        ("age1pq1q", "post-quantum"),
        ("ssh-ed25519 AAAA", "is damaged"),
        ("hunter2", "starts with age1"),
    ];
    for (recipient, want) in rows {
        let keys = Keys { age: vec![recipient.to_owned()], pgp: Vec::new() };
        let message = match keys.wrap(&key, &Inputs::fixed()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        assert!(message.contains(want) && want.is_empty() == message.is_empty(), "{message}");
        assert!(!message.contains("SECRET-KEY-1"), "{message}");
    }
}

#[test]
fn what_a_selector_does() {
    let plain = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  labels: {data: x}\ndata:\n  a: YQ==\n  b: ''\n";
    let rows = [
        (SelectorKey::EncryptedRegex, "^(data|stringData)$", "metadata.labels[data] would"),
        (SelectorKey::EncryptedRegex, "^a$", ""),
        (SelectorKey::EncryptedRegex, "^b$", "data[a] would stay"),
        (SelectorKey::EncryptedRegex, "^x$", "data[a] would stay"),
        (SelectorKey::UnencryptedRegex, "^(apiVersion|kind|metadata)$", ""),
        (SelectorKey::UnencryptedSuffix, "_plain", "apiVersion would be encrypted"),
        (SelectorKey::UnencryptedRegex, "^(apiVersion|kind)$", "metadata.name would be encrypted"),
    ];
    for (key, text, want) in rows {
        let selector = Selector::new(key, text).unwrap();
        let document = Documents::new(plain.as_bytes()).next().unwrap().unwrap();
        let root = of_document(&document, &[], false).unwrap();
        let verdict = verify(&root, &|path| selector.is_encrypted(path));
        let message = verdict.map_or_else(|error| error.to_string(), |()| String::new());
        assert!(message.contains(want) && want.is_empty() == message.is_empty(), "{message}");
    }
}

#[test]
fn what_stays_readable_whatever_the_selector() {
    let rows = [
        (
            "metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{}'\n",
            "the annotation",
        ),
        (
            "metadata:\n  annotations:\n    kubecfg.ksonnet.io/last-applied-configuration: '{}'\n",
            "the annotation",
        ),
        ("stringDatta:\n  a: hunter2\n", "the field stringDatta"),
        ("immutable: true\n", ""),
    ];
    for (text, want) in rows {
        let plain = format!("kind: Secret\n{text}data:\n  a: YQ==\n");
        let document = Documents::new(plain.as_bytes()).next().unwrap().unwrap();
        let root = of_document(&document, &[], false).unwrap();
        let verdict = verify(&root, &|path| path.contains(&"data"));
        let message = verdict.map_or_else(|error| error.to_string(), |()| String::new());
        assert!(message.contains(want) && want.is_empty() == message.is_empty(), "{message}");
    }
}

#[test]
fn comments_behind_brackets_are_inside() {
    let rows = [
        ("data: {a: YQ==} # hunter2\nkind: x\n", true),
        ("data: {a: YQ==, # hunter2\n  b: Yg==}\nkind: x\n", true),
        ("data: &x # hunter2\n  a: YQ==\nkind: x\n", true),
        ("data: # hunter2\n  a: YQ==\nkind: x\n", false),
    ];
    for (plain, is_inside) in rows {
        let document = Documents::new(plain.as_bytes()).next().unwrap().unwrap();
        let root = of_document(&document, &[], false).unwrap();
        let Some(Item::Map(pairs)) = root.get("data") else { panic!("{plain}") };
        assert_eq!(pairs[0].1.is_comment(), is_inside, "{plain}");
    }
}
