//! `--wait`: a controller fills a service account token's Secret, or does not.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::double::{Double, Fault, Resource, Rights, Rule};
use super::tool::{requests, tool, tool_as};

const WORDS: &str = "service-account-token t --service-account=robot";
const SAID: &str = "warning: type: the token that the cluster fills in never expires\n\
                    hint: for one that expires: kubectl create token robot --duration=24h\n";

/// Runs the tool while a controller does its work as soon as the Secret is there, and has been
/// looked at.
fn beside(double: &Double, words: &str, work: impl FnOnce() + Send) -> crate::harness::Answer {
    thread::scope(|scope| {
        scope.spawn(move || {
            let start = Instant::now();
            // An apply looks before it sends anything, too.
            let looked_at = || requests(double).last().is_some_and(|last| last == "GET default/t");
            while double.secret("default", "t").is_none() || !looked_at() {
                assert!(start.elapsed() < Duration::from_secs(60), "nobody looks at it");
                thread::sleep(Duration::from_millis(5));
            }
            work();
        });
        tool(double, words).run()
    })
}

fn fill(double: &Double) {
    double.edit(Resource::Secrets, "default", "t", |object: &mut Value| {
        object["data"] = json!({"token": "aHVudGVyMg==", "namespace": "ZGVmYXVsdA=="});
    });
}

#[test]
fn the_filled_object_is_printed() {
    let double = Double::start();
    let words = format!("{WORDS} --wait -o jsonpath={{.data.token}}");
    let answer = beside(&double, &words, || fill(&double));
    answer.succeeds("aHVudGVyMg==", SAID);
    assert_eq!(requests(&double)[..2], ["POST default", "GET default/t"]);
    assert_eq!(double.creates_of("default", "t"), 1);
}

#[test]
fn without_a_format_it_is_kubectls_line() {
    let double = Double::start();
    let answer = beside(&double, &format!("{WORDS} --wait=1m"), || fill(&double));
    answer.succeeds("secret/t created\n", SAID);
}

#[test]
fn without_wait_nobody_looks() {
    let double = Double::start();
    tool(&double, WORDS).run().succeeds("secret/t created\n", SAID);
    assert_eq!(requests(&double), ["POST default"]);
}

#[test]
fn an_apply_waits_too_and_not_for_what_is_there() {
    let double = Double::start();
    let words = format!("{WORDS} --apply --wait");
    beside(&double, &words, || fill(&double)).succeeds("secret/t created\n", SAID);
    double.clear_log();
    let stays = format!("{SAID}secret/t: key namespace kept\nsecret/t: key token kept\n");
    tool(&double, &words).run().succeeds("secret/t unchanged\n", &stays);
}

#[test]
fn a_token_that_does_not_come() {
    let double = Double::start();
    let answer = tool(&double, &format!("{WORDS} --wait=200ms")).run();
    answer.fails(&format!(
        "{SAID}error: secret/t was created in namespace default, but it got no token within 200ms\n\
         hint: check again later: kubectl get secret t -n default -o jsonpath='{{.data.token}}'\n"
    ));
    assert!(double.secret("default", "t").is_some());
}

#[test]
fn a_secret_that_the_cluster_deletes() {
    let double = Double::start();
    let answer = beside(&double, &format!("{WORDS} --wait"), || {
        double.remove_secret("default", "t").unwrap();
    });
    answer.fails(&format!(
        "{SAID}error: secret/t was created in namespace default, but the cluster deleted it: does the service account robot exist?\n\
         hint: kubectl create serviceaccount robot -n default, then run it again\n"
    ));
}

#[test]
fn a_secret_that_another_takes_the_place_of() {
    let double = Double::start();
    let answer = beside(&double, &format!("{WORDS} --wait"), || {
        double.edit(Resource::Secrets, "default", "t", |object: &mut Value| {
            object["metadata"]["uid"] = "another".into();
        });
    });
    answer.fails(&format!(
        "{SAID}error: secret/t was created in namespace default, and was then replaced by another\n\
         hint: check again later: kubectl get secret t -n default -o jsonpath='{{.data.token}}'\n"
    ));
}

#[test]
fn a_secret_that_may_not_be_looked_at() {
    let double = Double::start();
    double.add_user("maker", "maker", Rights::Only(vec![("create".into(), "secrets".into())]));
    let answer = tool_as(&double, "maker", &format!("{WORDS} --wait")).run();
    assert_eq!((answer.status, answer.stdout.as_slice()), (Some(1), &b""[..]));
    let said = String::from_utf8(answer.stderr).unwrap();
    let wanted = "error: secret/t was created in namespace default, but mksecret could not check \
                  for its token: secret/t may not be read";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn looks_that_fail_are_made_again() {
    let double = Double::start();
    for status in [500, 503] {
        let (content_type, body) = ("text/plain", "no");
        double.fault(Rule::new(Fault::Foreign { status, content_type, body }).on("GET"));
    }
    double.fault(Rule::new(Fault::Reset).on("GET"));
    let answer = beside(&double, &format!("{WORDS} --wait"), || fill(&double));
    answer.succeeds("secret/t created\n", SAID);
    assert_eq!(double.creates_of("default", "t"), 1);
}
