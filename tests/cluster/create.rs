//! Creating: one request, the line that kubectl prints, and the object that the server answers.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::json;

use super::double::{Double, Fault, Resource, Rights, Rule};
use super::tool::{data, managers, requests, secret, tool, tool_as};

/// What a server says of a Secret that is there.
const THERE: &str = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"x\" already exists","reason":"AlreadyExists","details":{"name":"x","kind":"secrets"},"code":409}"#;

#[test]
fn a_create_is_one_request() {
    let double = Double::start();
    tool(&double, "generic x --from-literal=a=one").run().succeeds("secret/x created\n", "");
    assert_eq!(requests(&double), ["POST default"]);
    let seen = &double.seen()[0];
    let query = "fieldManager=mksecret&fieldValidation=Strict";
    assert_eq!(seen.target, format!("/api/v1/namespaces/default/secrets?{query}"));
    assert_eq!(seen.user_agent, concat!("mksecret/", env!("CARGO_PKG_VERSION")));
    assert_eq!(seen.content_type, "application/json");
    assert_eq!(data(&double, "default", "x"), json!({"a": "b25l"}));
    assert_eq!(managers(&double, "default", "x"), ["mksecret Update data.a,type"]);
}

#[test]
fn every_type_and_all_metadata_arrive() {
    let double = Double::start();
    double.add_namespace("b", &[]);
    let words = "docker-registry x -n b --docker-username=u --docker-password=p --immutable \
                 --labels=l=1 --annotations=n=2";
    tool(&double, words).run().succeeds("secret/x created\n", "");
    let stored = double.secret("b", "x").unwrap();
    assert_eq!(stored["type"], "kubernetes.io/dockerconfigjson");
    assert_eq!(stored["immutable"], true);
    assert_eq!(stored["metadata"]["labels"], json!({"l": "1"}));
    assert_eq!(stored["metadata"]["annotations"], json!({"n": "2"}));
    let words = "generic e --type=example.com/t";
    let said = "warning: no source is given: the Secret has no data\n\
                hint: add --from-literal, --from-file or --from-env-file\n";
    tool(&double, words).run().succeeds("secret/e created\n", said);
    assert_eq!(double.secret("default", "e").unwrap()["type"], "example.com/t");
}

#[test]
fn flags_become_what_the_server_is_asked() {
    let rows = [
        ("--field-manager=me", "fieldManager=me&fieldValidation=Strict"),
        ("--field-manager=a/b&c", "fieldManager=a%2Fb%26c&fieldValidation=Strict"),
        ("--validate=warn", "fieldManager=mksecret&fieldValidation=Warn"),
        ("--validate=ignore", "fieldManager=mksecret&fieldValidation=Ignore"),
        ("--validate=false", "fieldManager=mksecret&fieldValidation=Ignore"),
        ("--dry-run=server", "fieldManager=mksecret&fieldValidation=Strict&dryRun=All"),
    ];
    for (flag, query) in rows {
        let double = Double::start();
        let answer = tool(&double, &format!("generic x --from-literal=a=1 {flag}")).run();
        assert_eq!(answer.status, Some(0), "{flag}");
        let seen = double.seen();
        assert_eq!(seen.len(), 1, "{flag}");
        assert_eq!(seen[0].target, format!("/api/v1/namespaces/default/secrets?{query}"));
    }
}

#[test]
fn the_namespace_is_the_flags_or_the_contexts() {
    let double = Double::start();
    double.add_namespace("here", &[]);
    double.add_namespace("there", &[]);
    let kubeconfig = double
        .kubeconfig()
        .replace(r#""cluster": "double","#, r#""cluster": "double", "namespace": "here","#);
    let run = |words: &str| super::tool::with_kubeconfig(&kubeconfig, words).run();
    run("generic x --from-literal=a=1").succeeds("secret/x created\n", "");
    run("generic x --from-literal=a=1 -n there").succeeds("secret/x created\n", "");
    assert_eq!(requests(&double), ["POST here", "POST there"]);
}

#[test]
fn a_dry_run_of_the_server_stores_nothing() {
    let double = Double::start();
    let words = "generic x --from-literal=a=1 --dry-run=server";
    tool(&double, words).run().succeeds("secret/x created (server dry run)\n", "");
    assert_eq!(requests(&double), ["POST default dry"]);
    assert_eq!(double.secrets(""), [json!(null); 0]);
    tool(&double, &format!("{words} -o name")).run().succeeds("secret/x\n", "");
    let answer = tool(&double, &format!("{words} -o jsonpath={{.metadata.uid}}")).run();
    assert_eq!((answer.status, answer.stdout.len()), (Some(0), 36), "the server's object");
    assert_eq!(double.secrets("").len(), 0);
    // What a real run meets is met here too.
    double.create_secret("other", "default", secret("x", &json!({})));
    tool(&double, words).run().fails(
        "error: secret/x already exists in namespace default\n\
         hint: use --if-absent to leave it unchanged, or --apply to update it\n",
    );
}

#[test]
fn the_object_that_the_server_answers_is_printed_in_every_format() {
    const UID: &str = "9e3779b9-d0b1-4e00-8000-000000000003";
    let rows = [
        (
            "-o yaml",
            "apiVersion: v1\ndata:\n  a: b25l\nkind: Secret\nmetadata:\n  \
             creationTimestamp: \"2026-01-01T00:00:00Z\"\n  name: x\n  namespace: default\n  \
             resourceVersion: \"103\"\n  uid: UID\ntype: Opaque\n",
        ),
        (
            "-o json",
            "{\n    \"kind\": \"Secret\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n        \
             \"name\": \"x\",\n        \"namespace\": \"default\",\n        \"uid\": \"UID\",\n        \
             \"resourceVersion\": \"103\",\n        \
             \"creationTimestamp\": \"2026-01-01T00:00:00Z\"\n    },\n    \"data\": {\n        \
             \"a\": \"b25l\"\n    },\n    \"type\": \"Opaque\"\n}\n",
        ),
        (
            "-o kyaml",
            "---\n{\n  kind: \"Secret\",\n  apiVersion: \"v1\",\n  metadata: {\n    name: \"x\",\n    \
             namespace: \"default\",\n    uid: \"UID\",\n    resourceVersion: \"103\",\n    \
             creationTimestamp: \"2026-01-01T00:00:00Z\",\n  },\n  data: {\n    a: \"b25l\",\n  },\n  \
             type: \"Opaque\",\n}\n",
        ),
        ("-o name", "secret/x\n"),
        ("-o jsonpath={.metadata.resourceVersion}", "103"),
        ("-o jsonpath={.metadata.managedFields[0].manager}", "mksecret"),
        ("-o go-template={{.metadata.uid}}", "UID"),
        ("-o go-template={{.data.a|base64decode}}", "one"),
        ("-o jsonpath-as-json={.type}", "[\n    \"Opaque\"\n]\n"),
    ];
    for (format, wanted) in rows {
        let double = Double::start();
        double.set_clock(Some("2026-01-01T00:00:00Z".parse().unwrap()));
        let answer = tool(&double, &format!("generic x --from-literal=a=one {format}")).run();
        let uid = double.secret("default", "x").unwrap()["metadata"]["uid"].clone();
        assert_eq!(uid.as_str().unwrap().len(), UID.len());
        let wanted = wanted.replace("UID", uid.as_str().unwrap());
        answer.succeeds(&wanted, "");
        assert_eq!(requests(&double), ["POST default"], "{format}");
    }
}

#[test]
fn managed_fields_are_printed_when_asked_for() {
    for (format, wanted) in [("json", "\"managedFields\": ["), ("yaml", "  managedFields:\n")] {
        let double = Double::start();
        let words = format!("generic x --from-literal=a=1 -o {format} --show-managed-fields");
        let answer = tool(&double, &words).run();
        let stdout = String::from_utf8(answer.stdout.clone()).unwrap();
        assert!(stdout.contains(wanted), "{stdout}");
        assert_eq!(answer.status, Some(0));
    }
}

#[test]
fn a_template_that_fails_prints_nothing_and_says_what_was_done() {
    let double = Double::start();
    let words = "generic x --from-literal=a=one --allow-missing-template-keys=false \
                 -o jsonpath={.nothing}";
    tool(&double, words).run().fails(
        "secret/x created, but cannot be printed\n\
         error: cannot execute jsonpath \"{.nothing}\": nothing is not found\n",
    );
    assert_eq!(double.creates_of("default", "x"), 1);
}

#[test]
fn an_existing_secret_is_success_where_that_was_asked() {
    let double = Double::start();
    double.create_secret("other", "default", secret("x", &json!({"b": "Mg=="})));
    let before = double.secret("default", "x");
    let words = "generic x --from-literal=a=1 --if-absent";
    tool(&double, words).run().succeeds("secret/x unchanged\n", "");
    assert_eq!(requests(&double), ["POST default"]);
    tool(&double, &format!("{words} -o name")).run().succeeds("secret/x\n", "");
    tool(&double, &format!("{words} -o jsonpath={{.data}}")).run().succeeds("{\"b\":\"Mg==\"}", "");
    let dry = format!("{words} --dry-run=server");
    tool(&double, &dry).run().succeeds("secret/x unchanged (server dry run)\n", "");
    assert_eq!(double.secret("default", "x"), before);
    double.remove_secret("default", "x");
    tool(&double, words).run().succeeds("secret/x created\n", "");
}

#[test]
fn an_existing_secret_that_goes_meanwhile_is_made_after_all() {
    let double = Double::start();
    let there = Fault::Foreign { status: 409, content_type: "application/json", body: THERE };
    double.fault(Rule::new(there).on("POST"));
    let words = "generic x --from-literal=a=1 --if-absent -o jsonpath={.data}";
    tool(&double, words).run().succeeds("{\"a\":\"MQ==\"}", "");
    assert_eq!(requests(&double), ["POST default", "GET default/x", "POST default"]);
}

#[test]
fn an_existing_secret_that_may_not_be_read_is_success_all_the_same() {
    let double = Double::start();
    let rights = vec![("create".to_owned(), "secrets".to_owned())];
    double.add_user("t", "writer", Rights::Only(rights));
    double.create_secret("other", "default", secret("x", &json!({})));
    let words = "generic x --from-literal=a=1 --if-absent";
    tool_as(&double, "t", words).run().succeeds("secret/x unchanged\n", "");
    tool_as(&double, "t", &format!("{words} -o yaml")).run().fails(
        "error: secret/x in namespace default already exists, but could not be read: secret/x may not be \
         read in namespace default: secrets \"x\" is forbidden: User \"writer\" cannot get resource \"secrets\" in API group \
         \"\" in the namespace \"default\"\n\
         hint: ask for permission; check it with: kubectl auth can-i get secrets -n default\n",
    );
}

#[test]
fn warnings_of_the_server_are_shown() {
    let double = Double::start();
    let words = "generic x --type=kubernetes.io/tls --from-literal=tls.crt=no \
                 --from-literal=tls.key=no";
    let said = "warning: tls: failed to find any PEM data in certificate input\n";
    let wanted =
        format!("{said}error: 1 warning with --warnings-as-errors: the change was made anyway\n");
    let ignored = format!("{words} --validate=ignore");
    let answer = tool(&double, &ignored).run();
    answer.succeeds("secret/x created\n", said);
    double.remove_secret("default", "x");
    tool(&double, &format!("{ignored} --warnings-as-errors")).run().is(
        1,
        "secret/x created\n",
        &wanted,
    );
    assert_eq!(double.creates_of("default", "x"), 2);
}

#[test]
fn nothing_is_sent_before_all_is_right() {
    let double = Double::start();
    let answer = tool(&double, "generic X --from-literal=a=1").run();
    assert_eq!((answer.status, double.connections()), (Some(1), 0));
    let answer = tool(&double, "generic x --from-literal=a=1 -o jsonpath={").run();
    assert_eq!((answer.status, double.connections()), (Some(1), 0));
    let answer = tool(&double, "generic x --from-literal=a=1 --dry-run=client").run();
    assert_eq!((answer.status, double.connections()), (Some(0), 0));
}

#[test]
fn the_annotation_of_save_config_arrives() {
    let double = Double::start();
    tool(&double, "generic x --from-literal=a=1 --save-config")
        .run()
        .succeeds("secret/x created\n", "");
    let stored = double.secret("default", "x").unwrap();
    let text =
        &stored["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"];
    assert!(text.as_str().unwrap().contains("\"a\":\"MQ==\""), "{text}");
    double.edit(Resource::Secrets, "default", "x", |_| {});
}
