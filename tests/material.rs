//! Certificates and keys as people have them: each becomes the right Secret, or a message that
//! names what is wrong.

/// Chains: order, repair, the way to the CA, signatures of every kind.
mod chains;
/// What current clients and servers refuse.
mod clients;
/// Logins and keys in whatever Secret they are.
mod logins;
/// Every parser on inputs that are cut off, and on seeded mutations.
mod mutation;
/// Forms, algorithms, encryption, damage: a row each.
mod table;
/// Certificates and keys made by openssl's command.
mod workshop;

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::harness::Answer;

/// The values of the Secret that was printed with `-o json`.
#[track_caller]
fn values(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(answer.status, Some(0), "{answer:?}");
    let json: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let data = json["data"].as_object().unwrap().iter();
    data.map(|(key, value)| (key.clone(), BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap()))
        .collect()
}

/// What was said.
fn said(answer: &Answer) -> String {
    String::from_utf8(answer.stderr.clone()).unwrap()
}
