//! What kubectl sends that no recording has, and rules of apply beyond the recorded ones.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::double::{Double, Resource};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// The body of `kubectl create secret generic pb --from-literal=a=1 --from-literal=b=two
/// --type=x/y`, as kubectl 1.37.1 sends it.
const CREATE: &[u8] =
    b"k8s\0\n\x0c\n\x02v1\x12\x06Secret\x12+\n\x12\n\x02pb\x12\0\x1a\0\"\0*\x002\08\0B\0\
    \x12\x06\n\x01a\x12\x011\x12\x08\n\x01b\x12\x03two\x1a\x03x/y\x1a\0\"\0";

fn apply(client: &mut Client, manager: &str, object: &Value) -> (Reply, Value) {
    let name = object["metadata"]["name"].as_str().unwrap();
    let target = format!("/api/v1/namespaces/default/secrets/{name}?fieldManager={manager}");
    let body = object.to_string();
    let media_type = Some("application/apply-patch+yaml");
    let reply = client.send("PATCH", &target, "admin", media_type, body.as_bytes());
    let body = serde_json::from_slice(&reply.body).unwrap();
    (reply, body)
}

fn secret(name: &str, data: &Value) -> Value {
    json!({"kind": "Secret", "apiVersion": "v1", "metadata": {"name": name}, "data": data})
}

#[test]
fn a_secret_in_protobuf_is_created_and_answered_in_json() {
    let double = Double::start();
    let mut client = Client::new(&double);
    let target = "/api/v1/namespaces/default/secrets?fieldManager=kubectl-create";
    let reply = client.send("POST", target, "admin", Some(PROTOBUF), CREATE);
    assert_eq!(reply.status, 201);
    let stored = double.secret("default", "pb").unwrap();
    assert_eq!(stored, serde_json::from_slice::<Value>(&reply.body).unwrap());
    assert_eq!(stored["data"], json!({"a": "MQ==", "b": "dHdv"}));
    assert_eq!(stored["type"], "x/y");
    for end in 0..CREATE.len() - 1 {
        let reply = client.send("POST", target, "admin", Some(PROTOBUF), &CREATE[..end]);
        // Cut between two fields it is a message all the same.
        assert!(matches!(reply.status, 400 | 409 | 422), "{end}: {}", reply.status);
    }
}

#[test]
fn several_conflicts_are_named_by_manager() {
    let double = Double::start();
    let mut client = Client::new(&double);
    let data = json!({"a": "MQ==", "tls.crt": "MQ=="});
    assert_eq!(apply(&mut client, "m1", &secret("s", &data)).0.status, 201);
    let (reply, body) =
        apply(&mut client, "m2", &secret("s", &json!({"a": "Mg==", "tls.crt": "Mg=="})));
    assert_eq!(reply.status, 409);
    let message =
        "Apply failed with 2 conflicts: conflicts with \"m1\":\n- .data.a\n- .data.tls.crt";
    assert_eq!(body["message"], message);
    assert_eq!(body["details"]["causes"][1]["field"], ".data.tls.crt");
}

#[test]
fn the_same_value_is_held_by_both_and_goes_with_the_last() {
    let double = Double::start();
    let mut client = Client::new(&double);
    let both = secret("s", &json!({"a": "MQ=="}));
    assert_eq!(apply(&mut client, "m1", &both).0.status, 201);
    assert_eq!(apply(&mut client, "m2", &both).0.status, 200);
    let (_, body) = apply(&mut client, "m1", &secret("s", &json!({"b": "MQ=="})));
    assert_eq!(body["data"], json!({"a": "MQ==", "b": "MQ=="}), "m2 still holds it");
    let (_, body) = apply(&mut client, "m2", &secret("s", &json!({"b": "MQ=="})));
    assert_eq!(body["data"], json!({"b": "MQ=="}));
    let version = body["metadata"]["resourceVersion"].clone();
    let (_, body) = apply(&mut client, "m2", &secret("s", &json!({"b": "MQ=="})));
    assert_eq!(body["metadata"]["resourceVersion"], version, "nothing changed");
}

#[test]
fn an_object_without_managers_conflicts_with_what_was_there_before() {
    let double = Double::start();
    let mut client = Client::new(&double);
    double.create_secret("m1", "default", secret("s", &json!({"a": "MQ=="})));
    double.edit(Resource::Secrets, "default", "s", |object| {
        object["metadata"].as_object_mut().unwrap().shift_remove("managedFields");
    });
    let (reply, body) = apply(&mut client, "m2", &secret("s", &json!({"a": "Mg=="})));
    assert_eq!(reply.status, 409);
    let cause = &body["details"]["causes"][0]["message"];
    assert_eq!(cause, "conflict with \"before-first-apply\" using v1");
}

#[test]
fn pages_make_the_whole_list() {
    let double = Double::start();
    for number in 0..5 {
        double.add_namespace(&format!("n{number}"), &[("team", "x")]);
    }
    let mut client = Client::new(&double);
    let (mut names, mut next) = (Vec::new(), String::new());
    for _ in 0..3 {
        let target = format!("/api/v1/namespaces?labelSelector=team%3Dx&limit=2&continue={next}");
        let reply = client.send("GET", &target, "admin", None, b"");
        let list: Value = serde_json::from_slice(&reply.body).unwrap();
        let items = list["items"].as_array().unwrap();
        names.extend(items.iter().map(|item| item["metadata"]["name"].clone()));
        next = list["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
    }
    assert_eq!(names, ["n0", "n1", "n2", "n3", "n4"]);
    assert_eq!(next, "");
}
