//! Applying: create or update in one, with what others hold left to them.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{Double, Fault, Resource, Rights, Rule};
use super::tool::{data, managers, requests, secret, tool, tool_as};
use crate::harness::in_parallel;

/// The Secret `x` as an apply of manager `m` makes it.
fn applied_by(double: &Double, manager: &str, flags: &str) {
    let words = format!("generic x --apply --field-manager={manager} {flags}");
    let answer = tool(double, &words).run();
    assert_eq!(answer.status, Some(0), "{answer:?}");
    double.clear_log();
}

fn created_by(double: &Double, manager: &str, data: &Value) {
    double.create_secret(manager, "default", secret("x", data));
}

#[test]
fn an_apply_is_two_requests() {
    let double = Double::start();
    let words = "generic x --from-literal=a=1 --apply";
    tool(&double, words).run().succeeds("secret/x created\n", "");
    assert_eq!(requests(&double), ["GET default/x", "PATCH default/x apply"]);
    let patch = &double.seen()[1];
    let query = "fieldManager=mksecret&fieldValidation=Strict";
    assert_eq!(patch.target, format!("/api/v1/namespaces/default/secrets/x?{query}"));
    assert_eq!(patch.user_agent, concat!("mksecret/", env!("CARGO_PKG_VERSION")));
    assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.a"]);
    let stored = double.secret("default", "x");
    assert_eq!(stored.as_ref().unwrap()["metadata"]["annotations"], json!(null));

    double.clear_log();
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    assert_eq!(requests(&double), ["GET default/x", "PATCH default/x apply"]);
    assert_eq!(double.secret("default", "x"), stored);

    let words = "generic x --from-literal=a=2 --apply";
    tool(&double, words).run().succeeds("secret/x configured\n", "");
    assert_eq!(data(&double, "default", "x"), json!({"a": "Mg=="}));
}

#[test]
fn keys_that_are_left_out_go() {
    let double = Double::start();
    applied_by(&double, "mksecret", "--from-literal=a=1 --from-literal=b=2 --from-literal=c=3");
    tool(&double, "generic x --from-literal=b=2 --apply").run().succeeds(
        "secret/x configured\n",
        "secret/x: key a is removed\nsecret/x: key c is removed\n",
    );
    assert_eq!(data(&double, "default", "x"), json!({"b": "Mg=="}));
}

#[test]
fn keys_of_others_stay_and_are_named() {
    let double = Double::start();
    created_by(&double, "kubectl-create", &json!({"b": "Mg==", "c": "Mw=="}));
    tool(&double, "generic x --from-literal=a=1 --apply").run().succeeds(
        "secret/x configured\n",
        "secret/x: key b kept, managed by \"kubectl-create\"\n\
         secret/x: key c kept, managed by \"kubectl-create\"\n",
    );
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ==", "b": "Mg==", "c": "Mw=="}));
    // A key without any holder stays as well.
    double.edit(Resource::Secrets, "default", "x", |object| {
        object["metadata"]["managedFields"] = json!([]);
    });
    let answer = tool(&double, "generic x --from-literal=a=1 --apply").run();
    answer.succeeds("secret/x unchanged\n", "secret/x: key b kept\nsecret/x: key c kept\n");
}

#[test]
fn the_first_apply_over_a_create_of_ours_just_works() {
    let double = Double::start();
    tool(&double, "generic x --from-literal=a=1 --from-literal=old=1")
        .run()
        .succeeds("secret/x created\n", "");
    double.clear_log();
    let words = "generic x --from-literal=a=2 --apply";
    let said = "secret/x: key old is removed\n";
    tool(&double, words).run().succeeds("secret/x configured\n", said);
    assert_eq!(
        requests(&double),
        ["GET default/x", "PATCH default/x json-patch", "PATCH default/x apply"]
    );
    assert_eq!(data(&double, "default", "x"), json!({"a": "Mg=="}));
    assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.a"]);
    double.clear_log();
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    assert_eq!(requests(&double).len(), 2);
}

#[test]
fn a_first_apply_that_changes_nothing_is_unchanged() {
    let double = Double::start();
    tool(&double, "generic x --from-literal=a=1").run().succeeds("secret/x created\n", "");
    let answer = tool(&double, "generic x --from-literal=a=1 --apply").run();
    answer.succeeds("secret/x unchanged\n", "");
    assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.a"]);
}

#[test]
fn labels_and_annotations_change_a_secret_too() {
    let double = Double::start();
    applied_by(&double, "mksecret", "--from-literal=a=1 --labels=l=1 --annotations=n=1");
    let metadata = |double: &Double| double.secret("default", "x").unwrap()["metadata"].clone();
    let words = "generic x --from-literal=a=1 --apply --labels=l=2";
    tool(&double, words).run().succeeds("secret/x configured\n", "");
    assert_eq!(metadata(&double)["labels"], json!({"l": "2"}));
    assert_eq!(metadata(&double)["annotations"], json!(null));
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
}

#[test]
fn a_conflict_names_manager_and_key_and_the_way_out() {
    let double = Double::start();
    created_by(&double, "kubectl-create", &json!({"a": "MQ==", "b": "MQ=="}));
    let before = double.secret("default", "x");
    tool(&double, "generic x --from-literal=a=2 --from-literal=c=1 --apply").run().fails(
        "error: secret/x was not applied in namespace default: it was created with kubectl create, and \
         key a is managed by \"kubectl-create\"\n\
         hint: run the same command with --force-conflicts: it takes the Secret over from kubectl, \
         and later runs do not need the flag\n",
    );
    assert_eq!(double.secret("default", "x"), before);
    applied_by(&double, "one", "--from-literal=one=1 --labels=l.io/n=1 --annotations=n=1");
    applied_by(&double, "two", "--from-literal=two=1 --type=Opaque");
    let words = "generic x --apply --from-literal=one=2 --from-literal=two=2 --labels=l.io/n=2 \
                 --annotations=n=2";
    tool(&double, words).run().fails(
        "error: secret/x was not applied in namespace default: key one is managed by \"one\", \
         annotation n is managed by \"one\", label l.io/n is managed by \"one\", key two is managed by \"two\"\n\
         hint: --force-conflicts takes them over\n",
    );
}

#[test]
fn force_takes_what_others_hold() {
    let double = Double::start();
    applied_by(&double, "other", "--from-literal=a=1 --from-literal=b=1");
    let words = "generic x --from-literal=a=2 --apply --force-conflicts";
    tool(&double, words)
        .run()
        .succeeds("secret/x configured\n", "secret/x: key b kept, managed by \"other\"\n");
    assert_eq!(requests(&double), ["GET default/x", "PATCH default/x apply force"]);
    assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.a", "other Apply data.b"]);
}

#[test]
fn force_hands_over_what_kubectl_holds() {
    for manager in [
        "kubectl-create",
        "kubectl-client-side-apply",
        "kubectl-edit",
        "kubectl-patch",
        "kubectl-replace",
    ] {
        let double = Double::start();
        created_by(&double, manager, &json!({"a": "MQ==", "old": "MQ=="}));
        let words = "generic x --from-literal=a=2 --apply --force-conflicts";
        tool(&double, words)
            .run()
            .succeeds("secret/x configured\n", "secret/x: key old is removed\n");
        assert_eq!(
            requests(&double),
            ["GET default/x", "PATCH default/x json-patch", "PATCH default/x apply force"]
        );
        assert_eq!(data(&double, "default", "x"), json!({"a": "Mg=="}));
        assert_eq!(managers(&double, "default", "x"), ["mksecret Apply data.a"]);
    }
    // Somebody else's create is nobody's to hand over.
    let double = Double::start();
    created_by(&double, "helm", &json!({"a": "MQ==", "old": "MQ=="}));
    let words = "generic x --from-literal=a=2 --apply --force-conflicts";
    let said = "secret/x: key old kept, managed by \"helm\"\n";
    tool(&double, words).run().succeeds("secret/x configured\n", said);
}

#[test]
fn an_apply_entry_of_another_is_never_rewritten() {
    let double = Double::start();
    applied_by(&double, "kubectl-create", "--from-literal=a=1 --from-literal=b=1");
    let words = "generic x --from-literal=a=1 --apply --force-conflicts";
    tool(&double, words)
        .run()
        .succeeds("secret/x unchanged\n", "secret/x: key b kept, managed by \"kubectl-create\"\n");
    assert_eq!(requests(&double), ["GET default/x", "PATCH default/x apply force"]);
    let wanted = ["kubectl-create Apply data.a,data.b", "mksecret Apply data.a"];
    assert_eq!(managers(&double, "default", "x"), wanted);
}

#[test]
fn what_is_handed_over_is_said_when_the_apply_is_refused() {
    let double = Double::start();
    applied_by(&double, "other", "--from-literal=b=1");
    double.remove_secret("default", "x");
    tool(&double, "generic x --from-literal=a=1").run().succeeds("secret/x created\n", "");
    applied_by(&double, "other", "--from-literal=b=1");
    tool(&double, "generic x --from-literal=a=1 --from-literal=b=2 --apply").run().fails(
        "secret/x: took over fields from an earlier create; no value changed\n\
         error: secret/x was not applied in namespace default: key b is managed by \"other\"\n\
         hint: --force-conflicts takes them over\n",
    );
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ==", "b": "MQ=="}));
}

#[test]
fn values_in_the_annotation_of_kubectl_apply_are_warned_of() {
    const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let said = "warning: secret/x contains values in kubectl's last-applied-configuration annotation, readable by everyone who can see its metadata\n\
                hint: kubectl annotate secret x -n default \
                kubectl.kubernetes.io/last-applied-configuration-\n";
    let rows = [
        (r#"{"kind":"Secret","data":{"a":"MQ=="}}"#, said),
        (r#"{"kind":"Secret","stringData":{"a":"1"}}"#, said),
        (r#"{"kind":"Secret","data":{}}"#, ""),
        (r#"{"kind":"Secret"}"#, ""),
        ("no JSON", ""),
    ];
    for (text, said) in rows {
        let double = Double::start();
        applied_by(&double, "mksecret", "--from-literal=a=1");
        double.edit(Resource::Secrets, "default", "x", |object| {
            object["metadata"]["annotations"] = json!({LAST_APPLIED: text});
        });
        let words = "generic x --from-literal=a=2 --apply";
        tool(&double, words).run().succeeds("secret/x configured\n", said);
        let stored = double.secret("default", "x").unwrap();
        assert_eq!(stored["metadata"]["annotations"][LAST_APPLIED], text, "it is never written");
        let words = "generic x --from-literal=a=2 --apply --warnings-as-errors";
        let answer = tool(&double, words).run();
        let status = i32::from(!said.is_empty());
        assert_eq!(answer.status, Some(status), "{text}");
    }
}

#[test]
fn who_may_not_look_may_apply() {
    let double = Double::start();
    double.add_user(
        "t",
        "writer",
        Rights::Only(vec![("patch".into(), "secrets".into()), ("create".into(), "secrets".into())]),
    );
    let words = "generic x --from-literal=a=1 --apply";
    let said = "secret/x may not be read, so mksecret could not check what changed, which keys \
                are kept and which fields an earlier create manages\n";
    tool_as(&double, "t", words).run().succeeds("secret/x created\n", said);
    tool_as(&double, "t", words).run().succeeds("secret/x serverside-applied\n", said);
    let dry = format!("{words} --dry-run=server");
    tool_as(&double, "t", &dry)
        .run()
        .succeeds("secret/x serverside-applied (server dry run)\n", said);
    let name = format!("{words} -o name");
    tool_as(&double, "t", &name).run().succeeds("secret/x\n", said);
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ=="}));
    let forbidden = "error: secret/x may not be read in namespace default: secrets \"x\" is \
                     forbidden: User \"writer\" cannot get resource \"secrets\" in API group \"\" in \
                     the namespace \"default\"\n\
                     hint: ask for permission; check it with: kubectl auth can-i get secrets -n default\n";
    for flag in ["--merge", "--remove-key=a", "--recreate"] {
        tool_as(&double, "t", &format!("{words} {flag}").replace("a=1", "b=1"))
            .run()
            .fails(forbidden);
    }
}

#[test]
fn a_change_of_type_or_of_an_immutable_secret_is_seen_beforehand() {
    let double = Double::start();
    applied_by(&double, "mksecret", "--from-literal=a=1 --type=one");
    let hint = "hint: --recreate deletes it and creates it again\n";
    tool(&double, "generic x --from-literal=a=1 --type=two --apply").run().fails(&format!(
        "error: secret/x in namespace default is of type \"one\", which cannot become \"two\"\n{hint}"
    ));
    tool(&double, "generic x --from-literal=a=1 --apply").run().fails(&format!(
        "error: secret/x in namespace default is of type \"one\", which cannot become \"Opaque\"\n{hint}"
    ));
    assert_eq!(requests(&double), ["GET default/x"; 2]);
    applied_by(&double, "mksecret", "--from-literal=a=1 --type=one --immutable");
    let immutable = format!("error: secret/x in namespace default is immutable\n{hint}");
    for flags in [
        "--from-literal=a=2 --type=one --immutable",
        "--from-literal=a=1 --from-literal=b=1 --type=one --immutable",
        "--type=one --immutable",
        "--from-literal=a=1 --type=one",
    ] {
        let answer = tool(&double, &format!("generic x --apply {flags} --validate=ignore")).run();
        let stderr = String::from_utf8(answer.stderr).unwrap();
        assert!(stderr.ends_with(&immutable), "{flags}: {stderr}");
        assert_eq!(answer.status, Some(1));
    }
    // Its metadata may change.
    let words = "generic x --from-literal=a=1 --type=one --immutable --labels=l=1 --apply";
    tool(&double, words).run().succeeds("secret/x configured\n", "");
}

#[test]
fn the_diff_names_keys_and_lengths_and_goes_on() {
    let double = Double::start();
    let words = "generic x --from-literal=a=one --labels=l=1 --annotations=n=1 --apply --diff";
    tool(&double, words)
        .run()
        .succeeds("secret/x created\n", "+ a 3 bytes\n+ label l\n+ annotation n\n");
    let words = "generic x --from-literal=a=other --from-literal=b=1 --labels=l=2 --apply --diff";
    tool(&double, words).run().succeeds(
        "secret/x configured\n",
        "~ a 3 → 5 bytes\n+ b 1 byte\n~ label l\n- annotation n\n",
    );
    assert_eq!(data(&double, "default", "x"), json!({"a": "b3RoZXI=", "b": "MQ=="}));
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    let words = "generic x --from-literal=b=2 --immutable --apply --diff";
    tool(&double, words).run().succeeds(
        "secret/x configured\n",
        "- a\n~ b 1 → 1 byte\n- label l\n+ immutable\nsecret/x: key a is removed\n",
    );
    // What cannot be done is shown, too.
    let words = "generic x --from-literal=b=2 --type=other --apply --diff";
    tool(&double, words).run().fails(
        "- immutable\n~ type Opaque → other\n\
         error: secret/x in namespace default is of type \"Opaque\", which cannot become \"other\"\n\
         hint: --recreate deletes it and creates it again\n",
    );
}

/// Each state and each order: the dry run says what the real run says, and stores nothing.
#[test]
fn a_dry_run_tells_what_the_real_run_does() {
    type Setup = fn(&Double);
    let setups: [(&str, Setup); 7] = [
        ("absent", |_| {}),
        ("applied", |double| {
            applied_by(double, "mksecret", "--from-literal=a=1 --from-literal=b=1");
        }),
        ("ours", |double| created_by(double, "mksecret", &json!({"a": "MQ==", "old": "MQ=="}))),
        ("kubectl's", |double| {
            created_by(double, "kubectl-create", &json!({"a": "MQ==", "old": "MQ=="}));
        }),
        ("ours and another's", |double| {
            created_by(double, "mksecret", &json!({"a": "MQ=="}));
            applied_by(double, "other", "--from-literal=b=1 --labels=l=1");
        }),
        ("another's", |double| {
            applied_by(double, "other", "--from-literal=a=1 --from-literal=b=1");
        }),
        ("immutable", |double| applied_by(double, "mksecret", "--from-literal=a=1 --immutable")),
    ];
    let orders = [
        "--from-literal=a=1",
        "--from-literal=a=2",
        "--from-literal=a=2 --force-conflicts",
        "--from-literal=b=2",
        "--from-literal=b=2 --merge",
        "--from-literal=b=2 --force-conflicts",
        "--from-literal=c=2 --merge --force-conflicts",
        "--remove-key=a",
        "--remove-key=a --force-conflicts",
        "--remove-key=old",
        "--from-literal=a=2 --recreate",
        "--from-literal=a=2 --type=other --recreate",
        "--from-literal=a=1 --immutable",
        "--from-literal=a=1 --labels=l=2",
    ];
    in_parallel(&setups, |(state, setup)| {
        for order in orders {
            let double = Double::start();
            setup(&double);
            let before = double.secrets("");
            let writes = double.writes();
            let words = format!("generic x --apply --diff {order}");
            let dry = tool(&double, &format!("{words} --dry-run=server")).run();
            assert_eq!(double.secrets(""), before, "{state}, {order}");
            assert_eq!(double.writes(), writes, "{state}, {order}");
            let real = tool(&double, &words).run();
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let case = format!("{state}, {order}: {dry:?} {real:?}");
            assert_eq!(dry.status, real.status, "{case}");
            assert_eq!(
                text(&dry.stdout),
                text(&real.stdout).replace('\n', " (server dry run)\n"),
                "{case}"
            );
            // What was handed over before a refusal is no part of a dry run.
            let handed = "secret/x: took over fields from an earlier create; no value changed\n";
            let real = would_be(&text(&real.stderr).replace(handed, ""));
            assert_eq!(text(&dry.stderr), real, "{case}");
        }
    });
}

#[test]
fn a_dry_run_takes_no_other_rights_than_the_real_run() {
    let double = Double::start();
    double.add_user(
        "t",
        "patcher",
        Rights::Only(vec![("get".into(), "secrets".into()), ("patch".into(), "secrets".into())]),
    );
    created_by(&double, "mksecret", &json!({"a": "MQ==", "old": "MQ=="}));
    let said = "secret/x: key old is removed\n";
    let words = "generic x --from-literal=a=2 --apply";
    tool_as(&double, "t", &format!("{words} --dry-run=server"))
        .run()
        .succeeds("secret/x configured (server dry run)\n", &would_be(said));
    tool_as(&double, "t", words).run().succeeds("secret/x configured\n", said);
}

/// What a dry run says of what the real run says.
fn would_be(said: &str) -> String {
    said.replace(" is removed\n", " would be removed\n")
        .replace(": recreated\n", ": would be recreated\n")
        .replace(" becomes empty", " would become empty")
}

#[test]
fn the_applied_object_is_printed() {
    let double = Double::start();
    created_by(&double, "mksecret", &json!({"a": "MQ==", "old": "MQ=="}));
    let words = "generic x --from-literal=a=2 --apply -o jsonpath={.data}";
    let said = "secret/x: key old is removed\n";
    let dry = tool(&double, &format!("{words} --dry-run=server")).run();
    dry.succeeds("{\"a\":\"Mg==\"}", &would_be(said));
    tool(&double, words).run().succeeds("{\"a\":\"Mg==\"}", said);
    tool(&double, words).run().succeeds("{\"a\":\"Mg==\"}", "");
}

#[test]
fn warnings_of_every_answer_are_shown_once() {
    let double = Double::start();
    let words = "generic x --type=kubernetes.io/tls --from-literal=tls.crt=no \
                 --from-literal=tls.key=no --validate=ignore";
    let said = "warning: tls: failed to find any PEM data in certificate input\n";
    tool(&double, words).run().succeeds("secret/x created\n", said);
    // Handed over first, applied then: two answers.
    let again = format!("{words} --apply --labels=a=b");
    tool(&double, &again).run().succeeds("secret/x configured\n", said);
    double.create_secret("kubectl-create", "default", {
        let mut secret = secret("good", &json!({"tls.crt": "bm8=", "tls.key": "bm8="}));
        secret["type"] = "kubernetes.io/tls".into();
        secret
    });
    let answer = tool(&double, &format!("{again} --warnings-as-errors")).run();
    let error = "error: 1 warning with --warnings-as-errors: the change was made anyway\n";
    answer.is(1, "secret/x unchanged\n", &format!("{said}{error}"));
}

#[test]
fn a_secret_that_goes_or_comes_in_between_is_applied_all_the_same() {
    // It is there at the look and gone at the patch.
    let double = Double::start();
    applied_by(&double, "mksecret", "--from-literal=a=1");
    double.fault(Rule::new(Fault::Slow(std::time::Duration::from_secs(1))).on("PATCH"));
    let run = tool(&double, "generic x --from-literal=a=2 --apply");
    let mut command = run.command();
    let child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while double.seen().len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    double.remove_secret("default", "x");
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "secret/x created\n");
    assert_eq!(data(&double, "default", "x"), json!({"a": "Mg=="}));
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let rows = [
        ("--force-conflicts", "error: --force-conflicts needs --apply\n"),
        ("--recreate", "error: --recreate needs --apply\n"),
        ("--diff", "error: --diff needs --apply\n"),
        ("--merge", "error: --merge needs --apply\n"),
        ("--remove-key=b", "error: --remove-key needs --apply\n"),
        ("--apply --save-config", "error: --apply and --save-config cannot be used together\n"),
        ("--apply --if-absent", "error: --apply and --if-absent cannot be used together\n"),
        (
            "--apply --remove-key=a",
            "error: --remove-key=a and a source of the same key cannot be used together\n",
        ),
    ];
    let double = Double::start();
    for (flags, wanted) in rows {
        let answer = tool(&double, &format!("generic x --from-literal=a=1 {flags}")).run();
        let stderr = String::from_utf8(answer.stderr.clone()).unwrap();
        assert!(stderr.starts_with(wanted), "{flags}: {stderr}");
        assert_eq!((answer.status, answer.stdout.len(), double.connections()), (Some(1), 0, 0));
    }
}

#[test]
fn a_client_dry_run_prints_what_it_prints_without_apply() {
    let double = Double::start();
    for format in ["-o yaml", "-o name", "-o json", ""] {
        let words = format!("generic x --from-literal=a=1 --dry-run=client {format}");
        let without = tool(&double, &words).run();
        let with = tool(&double, &format!("{words} --apply")).run();
        assert_eq!((&with.stdout, with.status), (&without.stdout, without.status));
        assert!(!with.stdout.is_empty());
    }
    assert_eq!(double.connections(), 0);
}
