//! Answers that are errors: the server's own, those of what is before it, and requests to wait.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::time::{Duration, Instant};

use serde_json::json;

use super::double::{Double, Fault, Rights, Rule};
use super::tool::{at, requests, secret, tool, tool_as};

const WORDS: &str = "generic x --from-literal=a=hunter2";

fn answer(status: u16, content_type: &'static str, body: &str) -> Fault {
    Fault::Foreign { status, content_type, body: Box::leak(body.to_owned().into_boxed_str()) }
}

fn status(code: u16, reason: &str, message: &str) -> Fault {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "details": {}, "code": code,
    });
    answer(code, "application/json", &body.to_string())
}

const HOOK: &str = "Internal error occurred: failed calling webhook \"w.example.com\": failed to \
                    call webhook: Post \"https://w.default.svc:443/m\": no endpoints available";
const HOOK_HINT: &str = "hint: an admission webhook failed; contact its owner\n";

/// What a server that fails says is what the user reads, and nothing is sent twice.
#[test]
fn an_error_of_the_server_is_told_in_its_words() {
    let error = "error: secret/x was not created in namespace default: the API server returned an \
                 internal error (500): ";
    let kms = "Internal error occurred: error while encrypting: rpc error: code = Unavailable desc \
               = connection error: dial unix /var/run/kmsplugin/socket.sock: connection refused";
    let rows = [
        (HOOK, "InternalError", format!("{error}{HOOK}\n{HOOK_HINT}")),
        (kms, "InternalError", format!("{error}{kms}\n")),
        (
            "etcdserver: request is too large",
            "",
            format!(
                "{error}etcdserver: request is too large\nhint: split it into several Secrets\n"
            ),
        ),
        (
            "hunter2 broke it, and aHVudGVyMg== too",
            "hunter2",
            format!("{error}<hidden> broke it, and <hidden> too\n"),
        ),
    ];
    for (message, reason, wanted) in rows {
        let double = Double::start();
        double.fault(Rule::new(status(500, reason, message)).on("POST").times(9));
        tool(&double, WORDS).run().fails(&wanted);
        assert_eq!(requests(&double), ["POST default", "GET default/x"]);
        double.clear_log();
        tool(&double, &format!("{WORDS} --dry-run=server")).run().fails(&wanted);
        assert_eq!(requests(&double), ["POST default dry"]);
    }
}

/// Statuses after which the server may yet store what was asked for.
#[test]
fn what_may_come_late_is_looked_for_twice() {
    for (reason, message) in [
        ("InternalError", "etcdserver: request timed out"),
        ("InternalError", "etcdserver: leader changed"),
        ("InternalError", "Internal error occurred: context deadline exceeded"),
        ("ServerTimeout", "The operation cannot be completed at the moment"),
        ("Timeout", "no"),
    ] {
        let double = Double::start();
        double.fault(Rule::new(status(500, reason, message)).on("POST").times(9));
        tool(&double, WORDS).run().fails(&format!(
            "error: secret/x may have been created in namespace default: the API server returned an \
             internal error (500): {message}\n\
             hint: check whether it exists: kubectl get secret x -n default\n"
        ));
        assert_eq!(requests(&double), ["POST default", "GET default/x", "GET default/x"]);
    }
}

#[test]
fn what_was_stored_before_an_error_is_found() {
    let double = Double::start();
    double.fault(Rule::new(status(500, "InternalError", "no")).on("POST").processed());
    tool(&double, WORDS).run().succeeds(
        "secret/x created\n",
        "secret/x: the server returned an error (500), but it was created as sent\n",
    );
    double.fault(Rule::new(status(500, "InternalError", "no")).on("PATCH").processed());
    let words = "generic y --from-literal=a=hunter2 --apply";
    tool(&double, words).run().succeeds("secret/y created\n", "");
    assert_eq!(double.creates_of("default", "y"), 1);
}

/// An error says nothing of what cannot be looked at, or of what another put there meanwhile.
#[test]
fn an_error_without_a_look_leaves_it_open() {
    let double = Double::start();
    double.add_user("t", "writer", Rights::Only(vec![("create".into(), "secrets".into())]));
    double.fault(Rule::new(status(500, "InternalError", HOOK)).on("POST"));
    let answer = tool_as(&double, "t", WORDS).run();
    let stderr = String::from_utf8(answer.stderr).unwrap();
    let wanted = format!(
        "error: secret/x may have been created in namespace default: the API server returned an \
         internal error (500): {HOOK}; checking for it failed too: secret/x may not be \
         read in namespace default: "
    );
    assert!(stderr.starts_with(&wanted), "{stderr}");

    // One that was there before was in the way in any case.
    double.create_secret("other", "default", secret("x", &json!({"a": "b2xk"})));
    double.edit(super::double::Resource::Secrets, "default", "x", |object| {
        object["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z".into();
    });
    double.fault(Rule::new(status(500, "InternalError", HOOK)).on("POST"));
    tool(&double, WORDS).run().fails(&format!(
        "error: secret/x was not created in namespace default: the API server returned an internal \
         error (500): {HOOK}\n{HOOK_HINT}"
    ));
}

#[test]
fn an_apply_that_the_server_fails_is_not_sent_again() {
    let wanted = format!(
        "error: secret/x was not applied in namespace default: the API server returned an internal \
         error (500): {HOOK}\n{HOOK_HINT}"
    );
    let words = "generic x --from-literal=a=hunter2 --type=t/t --apply --recreate";
    let rows: [(&str, bool, &[&str]); 3] = [
        ("PATCH", false, &["GET default/x", "PATCH default/x apply", "GET default/x"]),
        ("POST", true, &["GET default/x", "POST default dry"]),
        (
            "DELETE",
            true,
            &["GET default/x", "POST default dry", "DELETE default/x", "GET default/x"],
        ),
    ];
    for (method, is_there, wanted_requests) in rows {
        let double = Double::start();
        if is_there {
            double.create_secret("other", "default", secret("x", &json!({"a": "b2xk"})));
        }
        let before = double.secret("default", "x");
        double.fault(Rule::new(status(500, "InternalError", HOOK)).on(method).times(9));
        tool(&double, words).run().fails(&wanted);
        assert_eq!(requests(&double), wanted_requests);
        assert_eq!(double.secret("default", "x"), before);
    }
}

/// Without a Status no API server has answered: the HTTP status tells what to do.
#[test]
fn a_rejection_is_told_by_its_status() {
    let log_in = "hint: log in again, or choose another user with --context or --user\n";
    let between = "hint: something between here and the API server may have answered: a proxy, a \
                   login page\n";
    let rows = [
        (
            answer(401, "application/json", r#"{"type":"error","status":"401","message":"must"}"#),
            "the server does not accept the credentials (401)",
            log_in,
        ),
        (
            answer(401, "text/plain", "Unauthorized"),
            "the server does not accept the credentials (401)",
            log_in,
        ),
        (answer(401, "text/html", ""), "the server does not accept the credentials (401)", log_in),
        (
            answer(403, "text/html", "<html>blocked"),
            "something before the API server, such as a proxy or a web application firewall, refuses \
             the request (403)",
            "hint: ask the operator of that proxy or firewall which rule it is\n",
        ),
        (
            answer(404, "text/plain", "404 page not found\n"),
            "the server has no Kubernetes API at this path (404)",
            "hint: check the path in the server's address, or leave it out: -s URL\n",
        ),
        (
            answer(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n"),
            "the server speaks HTTPS, but the request was plain HTTP (400)",
            "hint: write https:// in the server's address: -s URL\n",
        ),
        (
            answer(413, "text/html", "<html>413 Request Entity Too Large"),
            "the Secret is too large for the server or for a proxy before it (413)",
            "hint: split it into several Secrets\n",
        ),
        (
            answer(409, "application/json", r#"{"kind":"Status","code":409,"reas"#),
            "the response is 409 Conflict, which is not from an API server",
            between,
        ),
        (answer(302, "text/html", "<html>"), "the server answers with a redirect (302)", between),
    ];
    for (fault, why, hint) in rows {
        for (flags, deed) in [("", "created"), ("--apply", "applied")] {
            let double = Double::start();
            double.fault(Rule::new(fault.clone()).times(99));
            let at = at(&double);
            let server = double.url();
            let hint = hint.replace("-s URL", &format!("-s {server}"));
            let wanted =
                format!("error: secret/x was not {deed} in namespace default: {why}{at}\n{hint}");
            tool(&double, &format!("{WORDS} {flags}")).run().fails(&wanted);
            assert_eq!(double.seen().len(), 1, "{fault:?}");
        }
    }
}

#[test]
fn a_busy_server_is_asked_ten_times_more() {
    let rows: [(Option<u32>, &str, usize, &str); 4] = [
        (Some(0), "", 11, "the server is busy and asks to wait 0 s (429), after 10 resends"),
        (None, "", 5, "the server is busy (429), after 4 resends"),
        (Some(31), "", 1, "the server is busy and asks to wait 31 s (429)"),
        (Some(5), "--request-timeout=3s", 1, "the server is busy and asks to wait 5 s (429)"),
    ];
    for (retry_after, flags, count, why) in rows {
        let double = Double::start();
        double.fault(Rule::new(Fault::Status { code: 429, retry_after }).times(99));
        let start = Instant::now();
        tool(&double, &format!("{WORDS} {flags}")).run().fails(&format!(
            "error: secret/x was not created in namespace default: {why}\nhint: run it again later\n"
        ));
        assert!(start.elapsed() < Duration::from_secs(30));
        assert_eq!(requests(&double), vec!["POST default"; count]);
    }
    // The tenth resend is taken, by whatever it is answered before.
    let double = Double::start();
    double.fault(Rule::new(Fault::Status { code: 429, retry_after: Some(0) }).times(10));
    tool(&double, WORDS).run().succeeds("secret/x created\n", "");
    let double = Double::start();
    double.fault(Rule::new(answer(429, "text/plain", "Too many requests")).times(4));
    tool(&double, WORDS).run().succeeds("secret/x created\n", "");
}
