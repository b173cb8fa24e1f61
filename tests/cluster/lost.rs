//! A create whose answer is lost: it is looked up, and only what was found is told.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use serde_json::{Value, json};

use super::double::{DateHeader, Double, Fault, Resource, Rights, Rule};
use super::tool::{at, requests, secret, tool, tool_as};

const NOW: &str = "2026-01-01T12:00:00Z";
const WORDS: &str = "generic x --from-literal=a=one --labels=l=1";
const FOUND: &str = "secret/x: response lost, but the Secret was stored as sent\n";

fn open(double: &Double) -> String {
    let at = at(double);
    format!(
        "error: secret/x may have been created in namespace default: the connection was reset{at}; \
         one exists now, but it may not be this one\n\
         hint: check whether it exists: kubectl get secret x -n default\n"
    )
}

/// A double whose clock stands still, with a Secret as `WORDS` make it, but for `change`.
fn double_with(manager: &str, change: impl FnOnce(&mut Value)) -> Double {
    let double = Double::start();
    double.set_clock(Some(NOW.parse().unwrap()));
    let mut object = secret("x", &json!({"a": "b25l"}));
    object["metadata"]["labels"] = json!({"l": "1"});
    double.create_secret(manager, "default", object);
    double.edit(Resource::Secrets, "default", "x", change);
    double
}

#[test]
fn only_what_was_sent_by_us_since_we_started_is_ours() {
    type Change = fn(&mut Value);
    let rows: [(&str, &str, Change, bool); 12] = [
        ("as sent", "mksecret", |_| {}, true),
        (
            "more labels and annotations",
            "mksecret",
            |object| {
                object["metadata"]["labels"]["more"] = "1".into();
                object["metadata"]["annotations"] = json!({"by": "a webhook"});
            },
            true,
        ),
        (
            "older",
            "mksecret",
            |object| {
                object["metadata"]["creationTimestamp"] = "2026-01-01T11:58:00Z".into();
            },
            false,
        ),
        (
            "without a time",
            "mksecret",
            |object| {
                object["metadata"]["creationTimestamp"] = Value::Null;
            },
            false,
        ),
        ("another's", "kubectl-create", |_| {}, false),
        (
            "applied",
            "mksecret",
            |object| {
                object["metadata"]["managedFields"][0]["operation"] = "Apply".into();
            },
            false,
        ),
        ("nobody's", "mksecret", |object| object["metadata"]["managedFields"] = json!([]), false),
        ("of another value", "mksecret", |object| object["data"]["a"] = "dHdv".into(), false),
        ("with a key more", "mksecret", |object| object["data"]["b"] = "dHdv".into(), false),
        ("of another type", "mksecret", |object| object["type"] = "t/t".into(), false),
        ("immutable", "mksecret", |object| object["immutable"] = true.into(), false),
        (
            "without the label",
            "mksecret",
            |object| {
                object["metadata"]["labels"] = json!({"l": "2"});
            },
            false,
        ),
    ];
    for (name, manager, change, is_ours) in rows {
        // At the first look, or by a refusal of the second try.
        for is_seen_late in [false, true] {
            let double = double_with(manager, change);
            double.fault(Rule::new(Fault::Reset).on("POST"));
            if is_seen_late {
                double.fault(Rule::new(absent()).on("GET"));
            }
            let before = double.secret("default", "x");
            let answer = tool(&double, WORDS).run();
            let late: &[&str] = if is_seen_late { &["GET default/x", "POST default"] } else { &[] };
            let wanted = [&["POST default"], late, &["GET default/x"]].concat();
            assert_eq!(requests(&double), wanted, "{name}");
            if is_ours {
                answer.succeeds("secret/x created\n", FOUND);
            } else {
                answer.fails(&open(&double));
            }
            assert_eq!(double.secret("default", "x"), before, "{name}");
        }
    }
}

/// What a server says of a Secret that is not there.
fn absent() -> Fault {
    let body = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"x\" not found","reason":"NotFound","details":{"name":"x","kind":"secrets"},"code":404}"#;
    Fault::Foreign { status: 404, content_type: "application/json", body }
}

#[test]
fn without_the_servers_clock_nothing_is_told_by_its_age() {
    for header in [DateHeader::Absent, DateHeader::Text("yesterday".into())] {
        let double = double_with("mksecret", |_| {});
        double.set_date_header(header);
        double.fault(Rule::new(Fault::Reset).on("POST"));
        tool(&double, WORDS).run().fails(&open(&double));
    }
}

#[test]
fn our_own_clock_does_not_count() {
    // A server that is years ahead or behind.
    for now in ["2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        let double = Double::start();
        double.set_clock(Some(now.parse().unwrap()));
        double.fault(Rule::new(Fault::Reset).on("POST").processed());
        tool(&double, WORDS).run().succeeds("secret/x created\n", FOUND);
        assert_eq!(double.creates_of("default", "x"), 1);
    }
}

#[test]
fn what_was_found_is_printed() {
    let double = Double::start();
    double.fault(Rule::new(Fault::Truncated).on("POST").processed());
    let words = format!("{WORDS} -o jsonpath={{.metadata.uid}}");
    let answer = tool(&double, &words).run();
    let uid = double.secret("default", "x").unwrap()["metadata"]["uid"].clone();
    answer.succeeds(uid.as_str().unwrap(), FOUND);
}

#[test]
fn an_absent_one_is_sent_again() {
    let double = Double::start();
    double.fault(Rule::new(Fault::Reset).on("POST").times(2));
    tool(&double, WORDS).run().succeeds("secret/x created\n", "");
    let once = ["POST default", "GET default/x"];
    assert_eq!(requests(&double), [&once[..], &once, &["POST default"]].concat());
}

#[test]
fn a_refusal_says_nothing_of_the_try_before_it() {
    let double = Double::start();
    double.fault(Rule::new(Fault::Reset).on("POST"));
    let body = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"no to one","reason":"Forbidden","details":{"kind":"secrets"},"code":403}"#;
    let no = Fault::Foreign { status: 403, content_type: "application/json", body };
    double.fault(Rule::new(no).on("POST"));
    let at = at(&double);
    tool(&double, "generic x --from-literal=a=no-to-one").run().fails(&format!(
        "error: secret/x may have been created in namespace default: the connection was reset{at}; a retry failed: secret/x may not be created in namespace default: no to one\n\
         hint: check whether it exists: kubectl get secret x -n default\n\
         hint: ask for permission; check it with: kubectl auth can-i create secrets -n default\n",
    ));
}

#[test]
fn who_may_not_look_is_told_that_nobody_knows() {
    let double = Double::start();
    double.add_user("t", "writer", Rights::Only(vec![("create".into(), "secrets".into())]));
    double.fault(Rule::new(Fault::Reset).on("POST").processed());
    let at = at(&double);
    tool_as(&double, "t", WORDS).run().fails(&format!(
        "error: secret/x may have been created in namespace default: the connection was reset{at}; \
         checking for it failed too: secret/x may not be read in namespace default: \
         secrets \"x\" is forbidden: User \"writer\" cannot get resource \"secrets\" in API group \"\" \
         in the namespace \"default\"\n\
         hint: check whether it exists: kubectl get secret x -n default\n",
    ));
    assert_eq!(double.creates_of("default", "x"), 1);
}

#[test]
fn an_older_one_is_as_good_where_that_was_asked() {
    let double = double_with("other", |object| {
        object["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
    });
    double.fault(Rule::new(Fault::Reset).on("POST"));
    let words = format!("{WORDS} --if-absent");
    tool(&double, &words).run().succeeds("secret/x unchanged\n", "");
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let double = Double::start();
    double.fault(Rule::new(Fault::Status { code: 429, retry_after: Some(1) }));
    let start = std::time::Instant::now();
    tool(&double, WORDS).run().succeeds("secret/x created\n", "");
    assert!(start.elapsed() >= std::time::Duration::from_secs(1));
    assert_eq!(requests(&double), ["POST default"; 2]);
}
