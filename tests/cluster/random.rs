//! Random values: made where there is none, and kept ever after.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{Double, Resource, Rights};
use super::merge::with_change_before;
use super::tool::{data, managers, secret, tool, tool_as};

fn created_by(double: &Double, manager: &str, data: &Value) {
    double.create_secret(manager, "default", secret("x", data));
}

#[test]
fn a_random_value_is_made_once_and_kept() {
    let double = Double::start();
    let words = "generic x --from-random=password --from-literal=user=app --apply";
    tool(&double, words).run().succeeds("secret/x created\n", "");
    let made = double.secret("default", "x");
    let length = made.as_ref().unwrap()["data"]["password"].as_str().unwrap().len();
    assert_eq!(length, 44, "32 characters in base64");
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    assert_eq!(double.secret("default", "x"), made);
    let dry = format!("{words} --dry-run=server");
    tool(&double, &dry).run().succeeds("secret/x unchanged (server dry run)\n", "");

    // Other keys change beside it, and a new key gets a value.
    let words = "generic x --from-random=password=8:digits --from-random=pin --apply";
    let said = "secret/x: key user is removed\n";
    tool(&double, words).run().succeeds("secret/x configured\n", said);
    let after = data(&double, "default", "x");
    assert_eq!(after["password"], made.unwrap()["data"]["password"]);
    assert_eq!(after["pin"].as_str().unwrap().len(), 44);
    assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.password,data.pin"]);
}

#[test]
fn a_random_value_that_others_hold_is_kept() {
    let double = Double::start();
    created_by(&double, "kubectl-create", &json!({"password": "b2xk"}));
    let words = "generic x --from-random=password --apply";
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    assert_eq!(data(&double, "default", "x"), json!({"password": "b2xk"}));
    // So does one that a create of ours made.
    let double = Double::start();
    created_by(&double, "mksecret", &json!({"password": "b2xk", "old": "MQ=="}));
    let answer = tool(&double, &format!("{words} --dry-run=server")).run();
    answer
        .succeeds("secret/x configured (server dry run)\n", "secret/x: key old would be removed\n");
    tool(&double, words).run().succeeds("secret/x configured\n", "secret/x: key old is removed\n");
    assert_eq!(data(&double, "default", "x"), json!({"password": "b2xk"}));
}

#[test]
fn targets_without_a_random_value_share_one() {
    let double = Double::start();
    for namespace in ["n1", "n2", "n3"] {
        double.add_namespace(namespace, &[]);
    }
    double.create_secret("someone", "n2", secret("x", &json!({"password": "b2xk"})));
    let words = "generic x --from-random=password --apply --namespaces=n1,n2,n3";
    assert_eq!(tool(&double, words).run().status, Some(0));
    let value = |namespace| data(&double, namespace, "x")["password"].clone();
    assert_eq!(value("n2"), "b2xk");
    assert_eq!(value("n1"), value("n3"));
    assert_ne!(value("n1"), "b2xk");
    let before = [value("n1"), value("n3")];
    assert_eq!(tool(&double, words).run().status, Some(0));
    assert_eq!([value("n1"), value("n3")], before);
}

#[test]
fn a_random_value_needs_a_look() {
    let double = Double::start();
    let rights = [("patch".into(), "secrets".into()), ("create".into(), "secrets".into())];
    double.add_user("t", "writer", Rights::Only(rights.to_vec()));
    let answer = tool_as(&double, "t", "generic x --from-random=password --apply").run();
    assert_eq!((answer.status, double.secret("default", "x")), (Some(1), None));
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.starts_with("error: secret/x may not be read in namespace default"), "{said}");
}

#[test]
fn a_random_value_that_somebody_makes_in_between_is_kept() {
    let double = Double::start();
    let words = "generic x --from-random=password --apply";
    let made = || created_by(&double, "other", &json!({"password": "b2xk"}));
    let (status, stdout, stderr) = with_change_before(&double, "PATCH", words, made);
    assert_eq!((status, &*stdout, &*stderr), (Some(0), "secret/x unchanged\n", ""));
    assert_eq!(data(&double, "default", "x"), json!({"password": "b2xk"}));
    // And where it is changed between look and patch.
    let change = || {
        double.edit(Resource::Secrets, "default", "x", |object| {
            object["data"]["password"] = json!("bmV3");
        });
    };
    let (status, _, stderr) = with_change_before(&double, "PATCH", words, change);
    assert_eq!((status, &*stderr), (Some(0), ""));
    assert_eq!(data(&double, "default", "x"), json!({"password": "bmV3"}));
}
