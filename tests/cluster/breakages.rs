//! Each fault of the double does to a plain client what its name says, and to the state no more.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::io;
use std::time::{Duration, Instant};

use super::client::{Client, Reply};
use super::double::{
    Certificate, ConnectionFault, DateHeader, Double, Fault, Options, Rights, Rule,
};

const SECRETS: &str = "/api/v1/namespaces/default/secrets?fieldManager=mksecret";

fn create(client: &mut Client, name: &str) -> io::Result<Reply> {
    let body = format!(
        r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"{name}"}},"data":{{"a":"MQ=="}}}}"#
    );
    client.try_send("POST", SECRETS, "admin", Some("application/json"), body.as_bytes())
}

/// What a client sees: a status, or that the answer is broken.
fn outcome(reply: io::Result<Reply>) -> String {
    match reply {
        Ok(reply) => {
            let is_json = serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok();
            format!("{}{}", reply.status, if is_json { "" } else { " foreign" })
        }
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[test]
fn a_fault_does_what_it_says_with_and_without_the_request_done() {
    let page = Fault::Foreign { status: 200, content_type: "text/html", body: "<html>" };
    let table = [
        (Fault::Reset, "ConnectionReset"),
        (Fault::Close, "UnexpectedEof"),
        (Fault::Truncated, "UnexpectedEof"),
        (Fault::Garbage, "InvalidData"),
        (page, "200 foreign"),
        (Fault::Status { code: 429, retry_after: Some(1) }, "429"),
        (Fault::Status { code: 500, retry_after: None }, "500"),
        (Fault::Status { code: 502, retry_after: None }, "502"),
        (Fault::Status { code: 503, retry_after: None }, "503"),
        (Fault::Status { code: 504, retry_after: None }, "504"),
        (Fault::Slow(Duration::from_millis(30)), "201"),
        (Fault::Drip(Duration::from_millis(30)), "201"),
    ];
    for (fault, wanted) in table {
        for processed in [false, true] {
            let double = Double::start();
            let mut client = Client::new(&double);
            assert_eq!(outcome(create(&mut client, "before")), "201");
            let rule = Rule::new(fault.clone()).on("POST").at("/secrets");
            double.fault(if processed { rule.processed() } else { rule });
            let start = Instant::now();
            let case = format!("{fault:?}, processed: {processed}");
            let got = outcome(create(&mut client, "it"));
            // A connection that ends in the middle of a TLS stream is one or the other.
            let got = got.replace("ConnectionAborted", "ConnectionReset");
            assert_eq!(got, wanted, "{case}");
            assert_eq!(double.faults_left(), 0, "{case}");
            if wanted == "201" {
                assert!(start.elapsed() >= Duration::from_millis(30), "{case}");
            }
            let is_late_only = matches!(fault, Fault::Slow(_));
            let created = usize::from(processed || is_late_only);
            assert_eq!(double.creates_of("default", "it"), created, "{case}");
            let seen = double.seen();
            assert_eq!(seen.len(), 2, "{case}");
            assert_eq!(seen[1].fault, Some(fault.clone()));
            assert_eq!(seen[1].processed, created == 1, "{case}");
            // The next request is served as ever, on a new connection if need be.
            assert_eq!(outcome(create(&mut Client::new(&double), "after")), "201", "{case}");
        }
    }
}

#[test]
fn a_server_that_vanishes_refuses_until_it_listens_again() {
    let double = Double::start();
    let mut other = Client::new(&double);
    assert_eq!(outcome(create(&mut other, "zero")), "201");
    double.fault(Rule::new(Fault::Vanish).processed());
    assert_eq!(outcome(create(&mut Client::new(&double), "one")), "ConnectionReset");
    assert_eq!(double.creates_of("default", "one"), 1);
    assert_eq!(outcome(create(&mut Client::new(&double), "two")), "ConnectionRefused");
    assert!(create(&mut other, "three").is_err(), "other connections go down too");
    double.listen(true);
    assert_eq!(outcome(create(&mut Client::new(&double), "two")), "201");
    assert_eq!(double.connections(), 3);
}

#[test]
fn connections_fail_before_any_request() {
    let table = [
        (ConnectionFault::Reset, "ConnectionReset"),
        (ConnectionFault::ResetAfterHandshake, "ConnectionReset"),
        (ConnectionFault::NotTls, "InvalidData"),
    ];
    for (fault, wanted) in table {
        let double = Double::start();
        double.fault_connection(1, fault);
        assert_eq!(outcome(create(&mut Client::new(&double), "one")), "201");
        let got = outcome(create(&mut Client::new(&double), "two"));
        let got = got.replace("BrokenPipe", "ConnectionReset");
        assert_eq!(got, wanted, "{fault:?}");
        assert_eq!(outcome(create(&mut Client::new(&double), "three")), "201");
        assert_eq!(double.seen().len(), 2, "{fault:?}");
        assert_eq!(double.connections(), 3);
    }
}

#[test]
fn bad_certificates_are_refused_by_the_client() {
    for certificate in [Certificate::Expired, Certificate::OtherCa, Certificate::OtherName] {
        let double = Double::with(&Options { certificate, ..Options::default() });
        let error = create(&mut Client::new(&double), "one").unwrap_err();
        assert!(error.to_string().contains("certificate"), "{certificate:?}: {error}");
        assert!(double.seen().is_empty());
    }
}

#[test]
fn rules_count_only_what_they_match() {
    let double = Double::start();
    let mut client = Client::new(&double);
    let fault = Fault::Status { code: 503, retry_after: Some(2) };
    double.fault(Rule::new(fault).on("POST").at("dryRun=All").skip(1).times(2));
    let mut post = |target: &str| {
        let body = br#"{"apiVersion":"v1","kind":"Secret","metadata":{"generateName":"a"}}"#;
        client.send("POST", target, "admin", Some("application/json"), body)
    };
    let dry = format!("{SECRETS}&dryRun=All");
    let wanted = [(&dry[..], 201), (SECRETS, 201), (&dry, 503), (&dry, 503), (&dry, 201)];
    for (target, status) in wanted {
        let reply = post(target);
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("retry-after"), (status == 503).then_some("2"));
    }
    assert!(double.seen().iter().all(|seen| seen.connection == 1), "the connection is kept");
}

#[test]
fn the_date_is_what_the_test_says() {
    let double = Double::start();
    double.set_clock(Some("2026-01-01T00:00:00Z".parse().unwrap()));
    let mut client = Client::new(&double);
    let mut date =
        || client.send("GET", "/version", "admin", None, b"").header("date").map(str::to_owned);
    assert_eq!(date().as_deref(), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    double.set_date_header(DateHeader::Text("yesterday".into()));
    assert_eq!(date().as_deref(), Some("yesterday"));
    double.set_date_header(DateHeader::Absent);
    assert_eq!(date(), None);
}

#[test]
fn a_caller_may_do_what_was_granted() {
    let double = Double::start();
    double.add_user("t", "writer", Rights::Only(vec![("create".into(), "secrets".into())]));
    let mut client = Client::new(&double);
    let body = br#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}"#;
    let reply = client.send("POST", SECRETS, "t", Some("application/json"), body);
    assert_eq!(reply.status, 201);
    let reply = client.send("GET", "/api/v1/namespaces/default/secrets/a", "t", None, b"");
    assert_eq!(reply.status, 403);
}
