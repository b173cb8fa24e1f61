//! `mksecret check` on the Secrets of a cluster, and with the server's word.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::json;

use super::double::{Double, Rights};
use super::tool::{secret, tool, tool_as};

#[test]
fn the_secrets_of_a_namespace_are_checked() {
    let double = Double::start();
    double.add_namespace("shop", &[]);
    for i in 0..45 {
        double.create_secret("x", "shop", secret(&format!("good-{i:02}"), &json!({"a": "b2s="})));
    }
    double.create_secret("x", "shop", secret("bad", &json!({"password": "Y2hhbmdlbWU="})));
    double.create_secret("x", "default", secret("other", &json!({"token": "IngiCg=="})));
    tool(&double, "check --live -n shop").run().succeeds(
        "shop/bad: warning: data[password]: is a placeholder, not a value [value/placeholder]\n",
        "46 Secrets in 0 files: 0 errors, 1 warning\n",
    );
    let lists = double.seen().len();
    assert_eq!(lists, 3, "pages of 20");
    let answer = tool(&double, "check --live -A --warnings-as-errors -o json").run();
    assert_eq!(answer.status, Some(1));
    let report: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(report["secrets"], 47);
    assert_eq!(report["findings"][0]["name"], "other");
}

#[test]
fn who_may_not_list_is_told() {
    let double = Double::start();
    double.add_user("nobody", "nobody", Rights::Only(Vec::new()));
    let answer = tool_as(&double, "nobody", "check --live").run();
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.starts_with("error: Secrets may not be listed in namespace default:"), "{said}");
    assert!(said.contains("kubectl auth can-i list secrets -n default"), "{said}");
}

#[test]
fn the_server_checks_what_is_good_here() {
    let double = Double::start();
    double.add_namespace("shop", &[]);
    let manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: b2s=}\n---\n\
                    apiVersion: v1\nkind: Secret\nmetadata: {name: b, namespace: none}\ndata: {a: b2s=}\n";
    let answer =
        tool(&double, "check --dry-run=server -n shop a.yaml").file("a.yaml", manifest).run();
    let said = String::from_utf8(answer.stderr.clone()).unwrap();
    assert_eq!(answer.status, Some(1), "{said}");
    assert!(
        said.contains("namespaces \"none\" not found") || said.contains("namespace none"),
        "{said}"
    );
    assert!(double.secret("shop", "a").is_none(), "nothing is stored");
    let bad = manifest.replace("name: a}", "name: A}");
    double.clear_log();
    let answer = tool(&double, "check --dry-run=server a.yaml").file("a.yaml", bad).run();
    assert_eq!(answer.status, Some(1));
    assert!(double.seen().is_empty(), "nothing is sent");
}

#[test]
fn flags_that_need_each_other() {
    let double = Double::start();
    tool(&double, "check -A")
        .run()
        .fails("error: --all-namespaces and --selector need --live\nhint: add --live\n");
    tool(&double, "check --live a.yaml").run().fails(
        "error: --live checks the Secrets of a cluster, and cannot be used with files\n\
         hint: leave out one of them\n",
    );
}
