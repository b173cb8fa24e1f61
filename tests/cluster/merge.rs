//! `--merge` and `--remove-key`: what is not named stays, whoever writes at the same time.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::client::Client;
use super::double::{Double, Fault, Rule};
use super::tool::{data, managers, requests, secret, tool};

/// A double with the Secret `x`, applied by us with these keys of value `1`.
fn applied(keys: &[&str]) -> Double {
    let double = Double::start();
    let sources = keys.iter().map(|key| format!("--from-literal={key}=1"));
    let sources = sources.collect::<Vec<_>>().join(" ");
    let answer = tool(&double, &format!("generic x --apply {sources}")).run();
    answer.succeeds("secret/x created\n", "");
    double.clear_log();
    double
}

/// Another run of ours, which changes the Secret while this one is at it.
fn meanwhile(double: &Double, words: &str) {
    let answer = tool(double, words).run();
    assert_eq!(answer.status, Some(0), "{answer:?}");
}

/// An apply of ours of these data, at once: no run of the tool, which could come too late.
fn apply_at_once(double: &Double, data: &Value) {
    let body = secret("x", data).to_string();
    let target = "/api/v1/namespaces/default/secrets/x?fieldManager=mksecret";
    let media_type = Some("application/apply-patch+yaml");
    let reply = Client::new(double).send("PATCH", target, "admin", media_type, body.as_bytes());
    assert!(matches!(reply.status, 200 | 201), "{reply:?}");
}

/// Runs `words`, and `change` between its look and its patch.
pub(super) fn with_change_before(
    double: &Double,
    method: &'static str,
    words: &str,
    change: impl FnOnce(),
) -> (Option<i32>, String, String) {
    let slow = Fault::Slow(std::time::Duration::from_secs(1));
    double.fault(Rule::new(slow).on(method).at("/secrets"));
    let run = tool(double, words);
    let mut command = run.command();
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    while !double.seen().iter().any(|seen| seen.method == method) {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    change();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn only_what_is_given_changes() {
    let double = applied(&["a", "b", "c"]);
    let words = "generic x --from-literal=b=2 --from-literal=d=4 --apply --merge";
    tool(&double, words).run().succeeds("secret/x configured\n", "");
    assert_eq!(requests(&double), ["GET default/x", "PATCH default/x apply"]);
    let sent: Value = serde_json::from_slice(&double.seen()[1].body).unwrap();
    assert!(sent["metadata"]["resourceVersion"].is_string(), "{sent}");
    let wanted = json!({"a": "MQ==", "b": "Mg==", "c": "MQ==", "d": "NA=="});
    assert_eq!(data(&double, "default", "x"), wanted);
    assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.a,data.b,data.c,data.d"]);
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
}

#[test]
fn metadata_type_and_immutability_stay_too() {
    let double = Double::start();
    let words = "generic x --apply --from-literal=a=1 --labels=l=1 --annotations=n=1 --type=t/t";
    meanwhile(&double, words);
    let words = "generic x --from-literal=b=1 --labels=m=1 --apply --merge";
    tool(&double, words).run().succeeds("secret/x configured\n", "");
    let stored = double.secret("default", "x").unwrap();
    assert_eq!(stored["metadata"]["labels"], json!({"l": "1", "m": "1"}));
    assert_eq!(stored["metadata"]["annotations"], json!({"n": "1"}));
    assert_eq!(stored["type"], "t/t");
    meanwhile(&double, "generic x --apply --merge --immutable");
    meanwhile(&double, "generic x --apply --merge --labels=o=1");
    let stored = double.secret("default", "x").unwrap();
    assert_eq!(stored["immutable"], true);
    assert_eq!(stored["data"], json!({"a": "MQ==", "b": "MQ=="}));
}

#[test]
fn what_a_create_of_ours_made_stays() {
    let double = Double::start();
    double.create_secret("mksecret", "default", secret("x", &json!({"a": "MQ==", "b": "MQ=="})));
    let words = "generic x --from-literal=a=2 --apply --merge";
    tool(&double, words).run().succeeds("secret/x configured\n", "");
    assert_eq!(
        requests(&double),
        ["GET default/x", "PATCH default/x json-patch", "PATCH default/x apply"]
    );
    assert_eq!(data(&double, "default", "x"), json!({"a": "Mg==", "b": "MQ=="}));
}

#[test]
fn keys_of_others_are_not_sent() {
    let double = applied(&["a"]);
    double.create_secret("other", "default", secret("y", &json!({})));
    meanwhile(&double, "generic x --apply --from-literal=o=1 --field-manager=other");
    tool(&double, "generic x --from-literal=b=1 --apply --merge")
        .run()
        .succeeds("secret/x configured\n", "");
    assert_eq!(
        managers(&double, "default", "x"),
        ["mksecret Apply data.a,data.b", "other Apply data.o"]
    );
}

#[test]
fn a_merge_into_nothing_makes_it() {
    let double = Double::start();
    let words = "generic x --from-literal=a=1 --apply --merge";
    tool(&double, words).run().succeeds("secret/x created\n", "");
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ=="}));
}

#[test]
fn keys_are_removed() {
    let double = applied(&["a", "b", "c"]);
    tool(&double, "generic x --apply --remove-key a --remove-key=b --remove-key a").run().succeeds(
        "secret/x configured\n",
        "secret/x: key a is removed\nsecret/x: key b is removed\n",
    );
    assert_eq!(data(&double, "default", "x"), json!({"c": "MQ=="}));
    let words = "generic x --apply --from-literal=d=1 --remove-key=c";
    tool(&double, words).run().succeeds("secret/x configured\n", "secret/x: key c is removed\n");
    assert_eq!(data(&double, "default", "x"), json!({"d": "MQ=="}));
}

#[test]
fn a_key_that_is_not_there_is_an_error_that_lists_those_that_are() {
    let double = applied(&["a", "b"]);
    let before = double.secret("default", "x");
    tool(&double, "generic x --apply --remove-key=a --remove-key=z")
        .run()
        .fails("error: secret/x in namespace default has no key \"z\"\nhint: its keys are a, b\n");
    assert_eq!(double.secret("default", "x"), before);
    meanwhile(&double, "generic x --apply --remove-key=a --remove-key=b");
    tool(&double, "generic x --apply --remove-key=a").run().fails(
        "error: secret/x in namespace default has no key \"a\"\nhint: it has no keys at all\n",
    );
    tool(&double, "generic y --apply --remove-key=a").run().fails(
        "error: secret/y in namespace default has no key \"a\"\n\
         hint: the Secret does not exist: leave out --remove-key to create it\n",
    );
    assert_eq!(double.secret("default", "y"), None);
}

#[test]
fn a_key_of_another_is_removed_by_force_alone() {
    let double = applied(&["a"]);
    meanwhile(&double, "generic x --apply --from-literal=o=1 --field-manager=other");
    let words = "generic x --apply --remove-key=o";
    tool(&double, words).run().fails(
        "error: secret/x was not applied in namespace default: key o is managed by \"other\"\n\
         hint: --force-conflicts takes them over\n",
    );
    tool(&double, &format!("{words} --force-conflicts"))
        .run()
        .succeeds("secret/x configured\n", "secret/x: key o is removed\n");
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ=="}));
}

#[test]
fn a_merge_begins_anew_when_the_secret_has_moved() {
    let double = applied(&["a", "b"]);
    let words = "generic x --from-literal=a=2 --apply --merge";
    let (status, stdout, stderr) = with_change_before(&double, "PATCH", words, || {
        apply_at_once(&double, &json!({"a": "MQ==", "b": "MQ==", "c": "Mw=="}));
    });
    assert_eq!((status, &stdout[..], &stderr[..]), (Some(0), "secret/x configured\n", ""));
    let wanted = json!({"a": "Mg==", "b": "MQ==", "c": "Mw=="});
    assert_eq!(data(&double, "default", "x"), wanted, "what came meanwhile stays");
    assert!(requests(&double).ends_with(&["GET default/x".into(), "PATCH default/x apply".into()]));
}

#[test]
fn what_another_did_meanwhile_is_not_ours_to_claim() {
    let double = applied(&["a", "b"]);
    let words = "generic x --from-literal=a=2 --apply --merge";
    let (status, stdout, _) = with_change_before(&double, "PATCH", words, || {
        apply_at_once(&double, &json!({"a": "Mg==", "b": "MQ=="}));
    });
    assert_eq!((status, &stdout[..]), (Some(0), "secret/x unchanged\n"));
}

#[test]
fn a_merge_into_nothing_keeps_what_another_made_meanwhile() {
    let double = Double::start();
    let words = "generic x --from-literal=a=1 --apply --merge";
    let (status, stdout, _) = with_change_before(&double, "PATCH", words, || {
        apply_at_once(&double, &json!({"b": "MQ=="}));
    });
    assert_eq!((status, &stdout[..]), (Some(0), "secret/x configured\n"));
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ==", "b": "MQ=="}));
}

#[test]
fn a_secret_that_never_stands_still_is_given_up() {
    let double = applied(&["a"]);
    let moved = Fault::Foreign {
        status: 409,
        content_type: "application/json",
        body: r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Operation cannot be fulfilled on secrets \"x\": the object has been modified","reason":"Conflict","details":{"name":"x","kind":"secrets"},"code":409}"#,
    };
    double.fault(Rule::new(moved).on("PATCH").times(1000));
    tool(&double, "generic x --from-literal=a=2 --apply --merge").run().fails(
        "error: secret/x was not applied in namespace default: another client keeps changing it\n\
         hint: run it again\n",
    );
    assert_eq!(requests(&double).len(), 10);
}

/// The answer to the patch that removed the key is lost, and the Secret has moved by it.
#[test]
fn a_key_that_our_lost_patch_removed_is_removed() {
    let words = "generic x --from-literal=b=2 --apply --remove-key=a";
    let said = "secret/x: key a is removed\n";
    let double = applied(&["a", "b"]);
    double.fault(Rule::new(Fault::Reset).on("PATCH").processed());
    tool(&double, words).run().succeeds("secret/x configured\n", said);
    assert_eq!(data(&double, "default", "x"), json!({"b": "Mg=="}));

    // With a step before it.
    for step in [0, 1] {
        let double = Double::start();
        double.create_secret(
            "mksecret",
            "default",
            secret("x", &json!({"a": "MQ==", "b": "MQ=="})),
        );
        double.fault(Rule::new(Fault::Reset).on("PATCH").skip(step).processed());
        tool(&double, words).run().succeeds("secret/x configured\n", said);
        assert_eq!(data(&double, "default", "x"), json!({"b": "Mg=="}), "{step}");
    }
    // By force, in a step before the patch.
    for step in [0, 1] {
        let double = applied(&["b"]);
        meanwhile(&double, "generic x --apply --from-literal=a=1 --field-manager=other");
        double.fault(Rule::new(Fault::Reset).on("PATCH").skip(step).processed());
        let words = format!("{words} --force-conflicts");
        tool(&double, &words).run().succeeds("secret/x configured\n", said);
        assert_eq!(data(&double, "default", "x"), json!({"b": "Mg=="}), "{step}");
    }
}
