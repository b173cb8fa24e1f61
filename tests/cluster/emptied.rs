//! A live Secret loses its last key, or a value, on purpose only.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{Double, Resource, Rights};
use super::merge::with_change_before;
use super::tool::{data, requests, secret, tool, tool_as};

const NO_SOURCE: &str = "warning: no source is given: the Secret has no data\n\
                         hint: add --from-literal, --from-file or --from-env-file\n";
const WAYS: &str = "hint: --merge keeps its keys, --remove-key=KEY removes one, --allow-empty \
                    removes all\n";
const STOPPED: &str = "hint: leave out --warnings-as-errors to apply it anyway\n";

/// What an apply is answered that would take the keys `has`.
fn refusal(namespace: &str, has: &str) -> String {
    format!(
        "error: secret/x was not applied in namespace {namespace}: it would lose all its keys \
         ({has})\n{WAYS}"
    )
}

/// Applies the Secret `x` as `manager`.
fn applied(double: &Double, manager: &str, flags: &str) {
    let words = format!("generic x --apply --field-manager={manager} {flags}");
    let answer = tool(double, &words).run();
    assert_eq!(answer.status, Some(0), "{answer:?}");
    double.clear_log();
}

fn stored(double: &Double) -> Value {
    double.secret("default", "x").unwrap()
}

#[test]
fn no_apply_takes_the_last_key_by_itself() {
    let double = Double::start();
    for (before, flags, has) in [
        ("--from-literal=a=1", "", "a"),
        ("--from-literal=b=1 --from-literal=a=1", "-l team=x", "a, b"),
        ("--from-literal=a=1", "--annotations=n=1 --dry-run=server", "a"),
        ("--from-literal=a=1", "--immutable --force-conflicts", "a"),
        ("--from-literal=a=1", "--recreate --type=t/t", "a"),
        ("--from-literal=a=1 --immutable", "--recreate", "a"),
    ] {
        applied(&double, "mksecret", before);
        let live = stored(&double);
        let answer = tool(&double, &format!("generic x --apply {flags}")).run();
        answer.fails(&format!("{NO_SOURCE}{}", refusal("default", has)));
        assert_eq!(requests(&double), ["GET default/x"], "{flags}");
        assert_eq!(stored(&double), live, "{flags}");
        double.remove_secret("default", "x");
    }
    // What an earlier create of ours holds would go as well.
    let answer = tool(&double, "generic x --from-literal=a=1").run();
    answer.succeeds("secret/x created\n", "");
    let answer = tool(&double, "generic x --apply --diff").run();
    answer.fails(&format!("{NO_SOURCE}- a\n{}", refusal("default", "a")));
    // Many keys are not all named.
    double.remove_secret("default", "x");
    let many = (0..22).map(|n| format!("--from-literal=k{n:02}=1")).collect::<Vec<_>>().join(" ");
    applied(&double, "mksecret", &many);
    let first = (0..20).map(|n| format!("k{n:02}")).collect::<Vec<_>>().join(", ");
    let answer = tool(&double, "generic x --apply").run();
    answer.fails(&format!("{NO_SOURCE}{}", refusal("default", &format!("{first} and 2 more"))));
}

#[test]
fn the_ways_on_leave_what_they_say() {
    let double = Double::start();
    for (flags, left, said) in [
        ("--merge -l team=x", json!({"a": "MQ==", "b": "MQ=="}), ""),
        ("--merge --annotations=n=1 --immutable", json!({"a": "MQ==", "b": "MQ=="}), ""),
        ("--remove-key=a", json!({"b": "MQ=="}), "secret/x: key a is removed\n"),
        (
            "--remove-key=a --remove-key=b",
            json!(null),
            "secret/x: key a is removed\nsecret/x: key b is removed\n",
        ),
    ] {
        applied(&double, "mksecret", "--from-literal=a=1 --from-literal=b=1");
        let answer = tool(&double, &format!("generic x --apply {flags}")).run();
        answer.succeeds("secret/x configured\n", said);
        let data = data(&double, "default", "x");
        assert!(data == left || (left.is_null() && data == json!({})), "{flags}: {data}");
        double.remove_secret("default", "x");
    }
    for flags in ["--allow-empty", "--allow-empty --recreate --type=t/t"] {
        applied(&double, "mksecret", "--from-literal=a=1");
        let answer = tool(&double, &format!("generic x --apply {flags}")).run();
        assert_eq!(answer.status, Some(0), "{answer:?}");
        assert!(
            stored(&double)["data"].as_object().is_none_or(serde_json::Map::is_empty),
            "{flags}"
        );
        double.remove_secret("default", "x");
    }
}

#[test]
fn keys_that_others_hold_are_left() {
    let double = Double::start();
    double.create_secret("kubectl-create", "default", secret("x", &json!({"b": "Mg=="})));
    let stays = "secret/x: key b kept, managed by \"kubectl-create\"\n";
    let answer = tool(&double, "generic x --apply -l team=x").run();
    answer.succeeds("secret/x configured\n", &format!("{NO_SOURCE}{stays}"));
    applied(&double, "mksecret", "--from-literal=a=1");
    let answer = tool(&double, "generic x --apply -l team=x").run();
    let removed = "secret/x: key a is removed\n";
    answer.succeeds("secret/x configured\n", &format!("{NO_SOURCE}{removed}{stays}"));
    assert_eq!(data(&double, "default", "x"), json!({"b": "Mg=="}));
    // Taken by force, they would go.
    let answer = tool(&double, "generic x --apply -l team=x --force-conflicts").run();
    answer.fails(&format!("{NO_SOURCE}{}", refusal("default", "b")));
    // Not so another manager's apply, nor a key that no manager holds.
    double.remove_secret("default", "x");
    applied(&double, "other", "--from-literal=o=1");
    let answer = tool(&double, "generic x --apply --force-conflicts").run();
    let stays = "secret/x: key o kept, managed by \"other\"\n";
    answer.succeeds("secret/x unchanged\n", &format!("{NO_SOURCE}{stays}"));
    double.edit(Resource::Secrets, "default", "x", |object| {
        object["metadata"]["managedFields"] = json!([]);
    });
    let answer = tool(&double, "generic x --apply").run();
    answer.succeeds("secret/x unchanged\n", &format!("{NO_SOURCE}secret/x: key o kept\n"));
    // A conflict over a label is still one.
    double.remove_secret("default", "x");
    applied(&double, "other", "--from-literal=o=1 -l team=y");
    let answer = tool(&double, "generic x --apply -l team=x").run();
    answer.fails(&format!(
        "{NO_SOURCE}error: secret/x was not applied in namespace default: label team is managed by \
         \"other\"\nhint: --force-conflicts takes them over\n"
    ));
}

#[test]
fn a_secret_without_keys_may_stay_so() {
    let double = Double::start();
    let answer = tool(&double, "generic x --apply").run();
    answer.succeeds("secret/x created\n", NO_SOURCE);
    let answer = tool(&double, "generic x --apply -l a=b").run();
    answer.succeeds("secret/x configured\n", NO_SOURCE);
    assert_eq!(stored(&double)["metadata"]["labels"], json!({"a": "b"}));
}

#[test]
fn what_comes_in_between_is_not_emptied_either() {
    let double = Double::start();
    let words = "generic x --apply -l a=b";
    let (status, stdout, stderr) = with_change_before(&double, "PATCH", words, || {
        applied(&double, "mksecret", "--from-literal=a=1");
    });
    assert_eq!((status, &*stdout), (Some(1), ""), "{stderr}");
    assert_eq!(stderr, format!("{NO_SOURCE}{}", refusal("default", "a")));
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ=="}));
}

#[test]
fn who_may_not_look_empties_nothing() {
    let double = Double::start();
    let rights = ["patch", "create"].map(|verb| (verb.into(), "secrets".into()));
    double.add_user("t", "writer", Rights::Only(rights.to_vec()));
    applied(&double, "mksecret", "--from-literal=a=1");
    for flags in ["", "-l a=b", "--dry-run=server", "--diff"] {
        tool_as(&double, "t", &format!("generic x --apply {flags}")).run().fails(&format!(
            "{NO_SOURCE}error: secret/x was not applied in namespace default: it cannot be read, and \
             an apply without keys might leave it empty\n\
             hint: kubectl auth can-i get secrets -n default checks your permission\n\
             hint: --allow-empty applies it without reading it\n"
        ));
        assert!(requests(&double).iter().all(|seen| seen == "GET default/x"), "{flags}");
    }
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ=="}));
    let said = "secret/x may not be read, so mksecret could not check what changed, which keys \
                are kept and which fields an earlier create manages\n";
    let answer = tool_as(&double, "t", "generic x --apply --allow-empty").run();
    answer.succeeds("secret/x serverside-applied\n", &format!("{NO_SOURCE}{said}"));
    // A controller fills this one, whatever an apply says.
    let words = "service-account-token y --service-account=robot --apply";
    let answer = tool_as(&double, "t", words).run();
    assert_eq!(answer.status, Some(0), "{answer:?}");
}

#[test]
fn each_target_is_judged_for_itself() {
    let double = Double::start();
    for namespace in ["full", "none", "others"] {
        double.add_namespace(namespace, &[]);
    }
    applied(&double, "mksecret", "--from-literal=a=1 -n full");
    double.create_secret("kubectl-create", "others", secret("x", &json!({"b": "Mg=="})));
    let words = "generic x --apply -l a=b --namespaces=full,none,others";
    tool(&double, words).run().is(
        1,
        "secret/x created in namespace none\nsecret/x configured in namespace others\n",
        &format!(
            "{NO_SOURCE}{}secret/x in namespace others: key b kept, managed by \"kubectl-create\"\n\
             error: 1 of 3 targets failed\n",
            refusal("full", "a")
        ),
    );
    assert_eq!(data(&double, "full", "x"), json!({"a": "MQ=="}));
    assert_eq!(data(&double, "others", "x"), json!({"b": "Mg=="}));
}

#[test]
fn a_value_that_becomes_empty_is_warned_of_and_stops_before_it_is_sent() {
    let double = Double::start();
    applied(&double, "mksecret", "--from-literal=a=hunter2 --from-literal=b=1 --from-literal=c=");
    let words =
        "generic x --from-literal=a= --from-literal=b= --from-literal=c= --allow-empty --apply";
    let warnings = "warning: secret/x: the value of key a becomes empty: 7 bytes → 0\n\
                    warning: secret/x: the value of key b becomes empty: 1 byte → 0\n";
    let live = stored(&double);
    tool(&double, &format!("{words} --warnings-as-errors")).run().fails(&format!(
        "{warnings}error: secret/x was not applied in namespace default: 2 warnings with \
         --warnings-as-errors\n{STOPPED}"
    ));
    assert_eq!(requests(&double), ["GET default/x"]);
    let answer = tool(&double, &format!("{words} --dry-run=server")).run();
    let would_be = warnings.replace("becomes empty", "would become empty");
    answer.succeeds("secret/x configured (server dry run)\n", &would_be);
    assert_eq!(stored(&double), live);
    let merged = "generic x --from-literal=a= --apply --merge";
    let first = warnings.lines().next().unwrap();
    let answer = tool(&double, merged).run();
    let empty = "warning: the value of a is empty (--from-literal)\n\
                 hint: a shell variable may be unset; --allow-empty allows it without a warning\n";
    answer.succeeds("secret/x configured\n", &format!("{empty}{first}\n"));
    let second = warnings.lines().nth(1).unwrap();
    let answer = tool(&double, words).run();
    answer.succeeds("secret/x configured\n", &format!("{second}\n"));
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    tool(&double, &format!("{words} --warnings-as-errors"))
        .run()
        .succeeds("secret/x unchanged\n", "");
}

#[test]
fn a_source_that_gave_nothing_reaches_no_cluster() {
    let double = Double::start();
    applied(&double, "mksecret", "--from-literal=token=hunter2");
    let connections = double.connections();
    for flags in [
        "--from-stdin=token",
        "--from-env=token=EMPTY",
        "--from-base64=token=",
        "--from-file=empty --warnings-as-errors",
        "--from-env-file=empty --warnings-as-errors",
        "--from-file=folder --warnings-as-errors",
        "--from-literal=token= --warnings-as-errors",
        "--warnings-as-errors",
        "--from-file= --warnings-as-errors",
    ] {
        let run = tool(&double, &format!("generic x --apply {flags}"));
        let answer = run.env("EMPTY", "").file("empty", "").folder("folder").run();
        assert_eq!((answer.status, double.connections()), (Some(1), connections), "{flags}");
    }
    // Without that flag it is the look that finds it.
    for flags in ["--from-env-file=empty", "--from-file=folder", "--from-file="] {
        let run = tool(&double, &format!("generic x --apply {flags}"));
        let answer = run.file("empty", "").folder("folder").run();
        let stderr = String::from_utf8(answer.stderr).unwrap();
        assert!(stderr.ends_with(&refusal("default", "token")), "{flags}: {stderr}");
    }
    assert_eq!(data(&double, "default", "x"), json!({"token": "aHVudGVyMg=="}));
}

#[test]
fn values_in_the_annotation_of_kubectl_apply_stop_before_anything_is_sent() {
    let double = Double::start();
    for namespace in ["one", "two"] {
        double.add_namespace(namespace, &[]);
        let answer = tool(&double, &format!("generic x --apply --from-literal=a=1 -n {namespace}"));
        answer.run().succeeds("secret/x created\n", "");
    }
    let text = r#"{"kind":"Secret","data":{"a":"MQ=="}}"#;
    double.edit(Resource::Secrets, "one", "x", |object| {
        object["metadata"]["annotations"] =
            json!({"kubectl.kubernetes.io/last-applied-configuration": text});
    });
    let words = "generic x --apply --from-literal=a=2 --namespaces=one,two --warnings-as-errors";
    let answer = tool(&double, words).run();
    assert_eq!(answer.status, Some(1));
    assert_eq!(answer.stdout, b"secret/x configured in namespace two\n");
    let stderr = String::from_utf8(answer.stderr).unwrap();
    let wanted = format!(
        "error: secret/x was not applied in namespace one: 1 warning with --warnings-as-errors\n\
         {STOPPED}error: 1 of 2 targets failed\n"
    );
    assert!(stderr.ends_with(&wanted), "{stderr}");
    assert_eq!(data(&double, "one", "x"), json!({"a": "MQ=="}));
}
