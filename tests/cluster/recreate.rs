//! `--recreate`: what cannot change is made anew, and is never lost on the way.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{Double, Fault, Resource, Rights, Rule};
use super::tool::{data, requests, tool, tool_as};

const WORDS: &str = "generic x --from-literal=a=2 --immutable --apply --recreate";
const MADE_ANEW: &str = "secret/x: recreated\n";

/// A double with the immutable Secret `x` of ours.
fn immutable() -> Double {
    let double = Double::start();
    let words = "generic x --from-literal=a=1 --from-literal=b=1 --immutable --labels=l=1 --apply";
    tool(&double, words).run().succeeds("secret/x created\n", "");
    double.clear_log();
    double
}

fn refusal(code: u16, message: &str) -> Fault {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": "Forbidden", "details": {"name": "x", "kind": "secrets"},
        "code": code,
    });
    let body = Box::leak(body.to_string().into_boxed_str());
    Fault::Foreign { status: code, content_type: "application/json", body }
}

/// What people have in a Secret, whoever made it.
fn content(object: &Value) -> Value {
    json!([object["data"], object["type"], object["immutable"], object["metadata"]["labels"]])
}

#[test]
fn the_new_one_is_proven_and_the_old_one_deleted_as_it_was_read() {
    let double = immutable();
    let before = double.secret("default", "x").unwrap();
    let uid = before["metadata"]["uid"].as_str().unwrap().to_owned();
    let said = format!("{MADE_ANEW}secret/x: key b is removed\n");
    tool(&double, WORDS).run().succeeds("secret/x configured\n", &said);
    assert_eq!(
        requests(&double),
        ["GET default/x", "POST default dry", "DELETE default/x", "POST default"]
    );
    let seen = double.seen();
    let body = |at: usize| -> Value { serde_json::from_slice(&seen[at].body).unwrap() };
    assert_eq!(body(1)["metadata"]["name"], format!("x-{}", &uid[..8]));
    assert_eq!(
        body(2)["preconditions"],
        json!({"uid": uid, "resourceVersion": before["metadata"]["resourceVersion"]})
    );
    let stored = double.secret("default", "x").unwrap();
    assert_ne!(stored["metadata"]["uid"], before["metadata"]["uid"]);
    assert_eq!(stored["data"], json!({"a": "Mg=="}));
    assert_eq!(stored["immutable"], true);
    assert_eq!(double.secrets("default").len(), 1);
    tool(&double, WORDS).run().succeeds("secret/x unchanged\n", "");
}

#[test]
fn a_change_of_type_is_made() {
    let double = Double::start();
    tool(&double, "generic x --from-literal=a=1 --apply").run().succeeds("secret/x created\n", "");
    let words = "generic x --from-literal=a=1 --type=t/t --apply --recreate --diff";
    tool(&double, words)
        .run()
        .succeeds("secret/x configured\n", &format!("~ type Opaque → t/t\n{MADE_ANEW}"));
    assert_eq!(double.secret("default", "x").unwrap()["type"], "t/t");
}

#[test]
fn what_can_change_is_not_made_anew() {
    let double = Double::start();
    tool(&double, "generic x --from-literal=a=1 --apply").run().succeeds("secret/x created\n", "");
    double.clear_log();
    tool(&double, "generic x --from-literal=a=2 --apply --recreate")
        .run()
        .succeeds("secret/x configured\n", "");
    assert_eq!(requests(&double), ["GET default/x", "PATCH default/x apply"]);
    tool(&double, "generic y --from-literal=a=2 --apply --recreate")
        .run()
        .succeeds("secret/y created\n", "");
}

#[test]
fn what_is_not_given_stays_as_with_every_apply() {
    let double = immutable();
    double.edit(Resource::Secrets, "default", "x", |object| {
        object["data"]["other"] = "MQ==".into();
        object["metadata"]["annotations"] = json!({"n": "1"});
        object["metadata"]["ownerReferences"] =
            json!([{"apiVersion": "v1", "kind": "ConfigMap", "name": "o", "uid": "u"}]);
    });
    let said = format!(
        "~ a 1 → 1 byte\n- b\n- label l\n{MADE_ANEW}secret/x: key b is removed\n\
         secret/x: key other kept\n"
    );
    tool(&double, &format!("{WORDS} --diff")).run().succeeds("secret/x configured\n", &said);
    let stored = double.secret("default", "x").unwrap();
    assert_eq!(stored["data"], json!({"a": "Mg==", "other": "MQ=="}));
    assert_eq!(stored["metadata"]["annotations"], json!({"n": "1"}));
    assert_eq!(stored["metadata"]["ownerReferences"][0]["name"], "o");
    // Nor does a merge drop anything.
    let double = immutable();
    let words = "generic x --from-literal=a=2 --apply --recreate --merge";
    tool(&double, words).run().succeeds("secret/x configured\n", MADE_ANEW);
    let wanted = json!([{"a": "Mg==", "b": "MQ=="}, "Opaque", true, {"l": "1"}]);
    assert_eq!(content(&double.secret("default", "x").unwrap()), wanted);
}

#[test]
fn a_new_one_that_the_server_refuses_costs_nothing() {
    let double = immutable();
    let before = double.secret("default", "x");
    double.fault(Rule::new(refusal(403, "quota exceeded")).on("POST").at("dryRun"));
    let answer = tool(&double, WORDS).run();
    assert_eq!(answer.status, Some(1));
    assert_eq!(double.secret("default", "x"), before);
    assert_eq!(requests(&double), ["GET default/x", "POST default dry"]);
}

#[test]
fn who_may_not_delete_loses_nothing() {
    let double = immutable();
    let before = double.secret("default", "x");
    let rights = ["get", "create", "patch"].map(|verb| (verb.to_owned(), "secrets".to_owned()));
    double.add_user("t", "t", Rights::Only(rights.to_vec()));
    let wanted = "error: secret/x may not be deleted in namespace default: secrets \"x\" is forbidden: \
                  User \"t\" cannot delete resource \"secrets\" in API group \"\" in the namespace \
                  \"default\"\n\
                  hint: ask for permission; check it with: kubectl auth can-i delete secrets -n default\n";
    tool_as(&double, "t", WORDS).run().fails(wanted);
    tool_as(&double, "t", &format!("{WORDS} --dry-run=server")).run().fails(wanted);
    assert_eq!(double.secret("default", "x"), before);
}

#[test]
fn finalizers_keep_it() {
    let double = immutable();
    double.edit(Resource::Secrets, "default", "x", |object| {
        object["metadata"]["finalizers"] = json!(["a.example/f"]);
    });
    tool(&double, WORDS).run().fails(
        "error: secret/x in namespace default cannot be recreated because of the finalizers a.example/f\n\
         hint: kubectl get secret x -n default -o jsonpath='{.metadata.finalizers}' shows them; their owner must remove them\n",
    );
    assert_eq!(requests(&double), ["GET default/x"]);
}

#[test]
fn the_old_one_is_put_back_when_the_new_one_cannot_be_made() {
    let double = immutable();
    let before = double.secret("default", "x").unwrap();
    double.fault(
        Rule::new(refusal(403, "a webhook says no to YQ==, MQ== and Mg==")).on("POST").skip(1),
    );
    tool(&double, WORDS).run().fails(
        "error: the new secret/x could not be created, and the old one was restored in namespace \
         default: secret/x may not be created in namespace default: a webhook says no to YQ==, <hidden> and \
         <hidden>\n\
         hint: ask for permission; check it with: kubectl auth can-i create secrets -n default\n",
    );
    let after = double.secret("default", "x").unwrap();
    assert_eq!(content(&after), content(&before));
    assert_eq!(
        requests(&double),
        ["GET default/x", "POST default dry", "DELETE default/x", "POST default", "POST default"]
    );
}

#[test]
fn what_could_not_be_put_back_is_said() {
    let double = immutable();
    double.fault(Rule::new(refusal(403, "no")).on("POST").skip(1).times(2));
    tool(&double, WORDS).run().fails(
        "error: secret/x in namespace default is gone: it was deleted, the new one could not be created (secret/x may not be created in namespace default: no), and the old one could not be restored (secret/x may not be created in namespace default: no)\n\
         hint: run it again with --apply to create the new one\n",
    );
    assert_eq!(double.secret("default", "x"), None);
}

#[test]
fn a_secret_that_moved_is_looked_at_again() {
    let double = immutable();
    let slow = Fault::Slow(std::time::Duration::from_secs(1));
    double.fault(Rule::new(slow).on("DELETE"));
    let run = tool(&double, WORDS);
    let mut command = run.command();
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    while !double.seen().iter().any(|seen| seen.method == "DELETE") {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    double.edit(Resource::Secrets, "default", "x", |object| {
        object["data"]["late"] = "MQ==".into();
    });
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "secret/x configured\n");
    assert_eq!(data(&double, "default", "x"), json!({"a": "Mg==", "late": "MQ=="}));
}

#[test]
fn a_dry_run_deletes_nothing() {
    let double = immutable();
    let before = double.secrets("");
    let said = "secret/x: would be recreated\nsecret/x: key b would be removed\n";
    let words = format!("{WORDS} --dry-run=server");
    tool(&double, &words).run().succeeds("secret/x configured (server dry run)\n", said);
    assert_eq!(requests(&double), ["GET default/x", "POST default dry", "DELETE default/x dry"]);
    assert_eq!(double.secrets(""), before);
    let answer = tool(&double, &format!("{words} -o jsonpath={{.metadata.name}}")).run();
    answer.succeeds("x", said);
}
