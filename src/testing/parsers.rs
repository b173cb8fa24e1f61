//! Every parser of secret material as a function of bytes, for the fuzzer and for the seeded
//! mutations of the tests. A new parser is a row here, and a file in
//! `fuzz/fuzz_targets/` that names it.

use crate::manifest::{self, Content, Documents, Node};
use crate::material::{
    ber, ca_file, certificate, chain, docker_config, docker_server, encryption, found, image,
    key_pair, keyring, known_hosts, pem, pkcs12, private_key, server_key, signature, ssh_key,
    text_mark, tls_input, token_expiry,
};
use crate::seal::Certificate;
use crate::seal::sops::{self, Item};
use crate::sources::{Origin, read_dotenv};

/// A parser's name, and the function that feeds it.
pub type Parser = (&'static str, fn(&[u8]));

/// All of them, by their names.
pub const PARSERS: &[Parser] = &[
    ("ber", |data| drop(ber::to_der(data))),
    ("ca_file", |data| drop(ca_file::public_keys(data))),
    ("certificate", |data| drop(certificate::parse(data))),
    ("chain", chain_of),
    ("dek_info", |data| {
        if let Ok(scheme) = encryption::DekInfo::read(data) {
            drop(scheme.decrypt(&data[..data.len() & !15], &encryption::Passphrase::new(data)));
        }
    }),
    ("docker_config", |data| {
        drop(docker_config::DockerConfig::parse(&docker_config::plain_text(data)));
    }),
    ("docker_reply", |data| drop(docker_config::parse_reply(data))),
    ("docker_server", |data| {
        let server = docker_server::Server::new(data);
        let _ = (server.oddities(), server.usual(), server.usual_host(), server.shown());
        let _ = (server.key(), server.plain(), server.is_token_of_docker());
        let _ = server.covers(&server.clone().canonical());
    }),
    ("dotenv", |data| drop(read_dotenv(data, &Origin::flag("from-env-file", 1)))),
    ("found", |data| {
        let found = found::Found::in_text(data);
        let _ = (found.line(data), found.to_string(), found::der_kind(data));
        let _ = (found::Found::placed(data), found::Found::in_key_der(data));
    }),
    ("key_pair", |data| drop(key_pair::check(data, data))),
    ("keyring", keyring_of),
    ("known_hosts", |data| drop((known_hosts::parse(data), known_hosts::is_like(data)))),
    ("pem", |data| {
        for block in pem::blocks(data) {
            let _ = found::Found::in_key(&block);
        }
        pem::begin_lines(data).for_each(drop);
    }),
    ("pkcs12", |data| {
        if rounds_are_few(data) {
            drop(pkcs12::parse(data, Some(b"x")));
            drop(pkcs12::parse(data, None));
        }
    }),
    ("pkcs8", |data| {
        if rounds_are_few(data) {
            let passphrase = encryption::Passphrase::new(b"x");
            drop(pkcs12::open_pkcs8(data, &passphrase, &encryption::Work::default()));
        }
        drop(pkcs12::pkcs8_scheme(data));
    }),
    ("private_key", |data| drop(private_key::parse(data))),
    ("seal_certificate", |data| drop(Certificate::read(data, jiff::Timestamp::UNIX_EPOCH))),
    ("sops_document", sops_document),
    ("ssh_key", |data| drop(ssh_key::parse(data))),
    ("tls_input", |data| {
        let form = tls_input::Form::of(data);
        if rounds_are_few(data) {
            drop(tls_input::private_key(data, form, Some(b"x")));
            drop(tls_input::pkcs12_pair(data, Some(b"x")));
            drop(tls_input::pkcs12_key(data, Some(b"x")));
        }
    }),
];

/// A chain, its order and its signatures, of whatever certificates there are.
fn chain_of(data: &[u8]) {
    let members = chain::members(data);
    let _ = chain::first_break(&members);
    if let Some(first) = members.first() {
        let key = &first.certificate.public_key;
        let _ = signature::verify(&first.certificate, key);
        let (now, anchors) = (first.certificate.not_before, &members[members.len() / 2..]);
        let period = chain::Period { now, until: first.certificate.not_after };
        let _ = chain::repair(&members, key, anchors, Some(&period));
    }
}

/// A line for each server, and the last one as an image and as a password.
fn keyring_of(data: &[u8]) {
    let lines: Vec<_> = data.split(|b| *b == b'\n').collect();
    let servers: Vec<_> = lines.iter().map(|line| docker_server::Server::new(*line)).collect();
    let last = String::from_utf8_lossy(lines.last().copied().unwrap_or_default());
    let name = image::ImageName::parse(&last);
    let name = name.as_ref().map_or(last.as_ref(), image::ImageName::as_str);
    let _ = keyring::Keyring::new(&servers).attempts(name).len();
    let _ = keyring::nearest(&servers.iter().collect::<Vec<_>>(), name);
    let _ = servers.iter().filter_map(|server| server_key::never(server.as_bytes())).count();
    let _ = (token_expiry::expiry(data), text_mark::TextMark::of(data));
}

/// What sops encrypts of a document is what kubectl reads in it, comments apart.
fn sops_document(data: &[u8]) {
    for document in Documents::new(data).flatten() {
        let tree = manifest::read(&document, &mut Some);
        if let (Ok(tree), Ok(item)) = (tree, sops::of_document(&document, &[], false)) {
            assert!(is_same(&tree.root, &item), "SOPS would encrypt something else");
        }
    }
}

fn is_same(node: &Node<'_>, item: &Item<'_>) -> bool {
    let is_comment = |item: &Item<'_>| matches!(item, Item::Comment(_));
    match (&node.content, item) {
        (Content::Null | Content::Infinite, Item::Null)
        | (Content::Number(_), Item::Int(_) | Item::Float(_)) => true,
        (Content::Bool(value), Item::Bool(other)) => value == other,
        (Content::Text(text), Item::Text(other)) => **text == **other,
        (Content::Text(text), Item::Time(other)) => **text == **other,
        (Content::List(elements), Item::List(items)) => {
            let mut items = items.iter().filter(|item| !is_comment(item));
            elements.iter().all(|element| items.next().is_some_and(|item| is_same(element, item)))
                && items.next().is_none()
        }
        // Pairs that are merged have an order of their own.
        (Content::Map(pairs), Item::Map(_)) if pairs.iter().any(|pair| pair.is_merged) => true,
        (Content::Map(pairs), Item::Map(members)) => {
            let mut members = members.iter().filter(|(_, item)| !is_comment(item));
            let mut is_next = |pair: &manifest::Pair<'_>| {
                members
                    .next()
                    .is_some_and(|(key, item)| *pair.key == **key && is_same(&pair.value, item))
            };
            pairs.iter().all(&mut is_next) && members.next().is_none()
        }
        _ => false,
    }
}

/// Ten million rounds are some seconds, which is no hang, and no news either: an input that asks
/// for more than 65,535 is left to the tests of the bound itself.
fn rounds_are_few(data: &[u8]) -> bool {
    !data.windows(3).any(|w| w[0] == 2 && matches!(w[1], 3..=9))
}

/// Feeds the parser of that name.
pub fn run(name: &str, data: &[u8]) {
    for (_, parser) in PARSERS.iter().filter(|(parser, _)| *parser == name) {
        parser(data);
    }
}
