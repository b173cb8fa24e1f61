//! Servers that cannot be reached: nothing is sent, and the message says why.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::time::{Duration, Instant};

use serde_json::json;

use super::double::{Certificate, ConnectionFault, Double, Options};
use super::tool::{at, secret, tool, with_kubeconfig};
use crate::harness::in_parallel;

const ORDERS: [&str; 7] = [
    "generic x --from-literal=a=1",
    "generic x --from-literal=a=1 --if-absent",
    "generic x --from-literal=a=1 --dry-run=server",
    "generic x --from-literal=a=1 --apply",
    "generic x --from-literal=a=1 --apply --merge",
    "generic x --from-literal=a=1 --apply --recreate --type=t/t",
    "generic x --from-literal=a=1 --namespaces=default,kube-system",
];

/// What is said of each target of an order.
fn said(order: &str, why: &str, hint: &str) -> String {
    let deed = if order.contains("--apply") { "applied" } else { "created" };
    let error = |namespace: &str| {
        format!("error: secret/x was not {deed} in namespace {namespace}: {why}\n{hint}")
    };
    if order.contains("--namespaces") {
        format!("{}{}error: 2 of 2 targets failed\n", error("default"), error("kube-system"))
    } else {
        error("default")
    }
}

#[test]
fn certificates_that_cannot_be_trusted_end_it() {
    let rows = [
        (
            Certificate::OtherCa,
            "TLS failed: the server's certificate is not signed by a trusted CA (issuer \"CN=another CA\")",
            "hint: the kubeconfig's certificate-authority may belong to another cluster; \
             --certificate-authority=FILE sets one\n",
        ),
        (
            Certificate::Expired,
            "TLS failed: the server's certificate expired on 2021-01-01T00:00:00Z",
            "hint: compare the clocks; if they agree the server needs a new certificate\n",
        ),
        (
            Certificate::OtherName,
            "TLS failed: the server's certificate is valid for elsewhere, not for 127.0.0.1",
            "hint: --tls-server-name=NAME expects another name\n",
        ),
    ];
    for (certificate, why, hint) in rows {
        let double = Double::with(&Options { certificate, ..Options::default() });
        double.create_secret("mksecret", "default", secret("x", &json!({"a": "b2xk"})));
        let writes = double.writes();
        for order in ORDERS {
            let why = format!("{why}{}", at(&double));
            tool(&double, order).run().fails(&said(order, &why, hint));
        }
        assert_eq!((double.seen().len(), double.writes()), (0, writes), "{certificate:?}");
    }
}

#[test]
fn a_server_that_is_not_there_is_not_waited_for() {
    let double = Double::start();
    double.listen(false);
    let hint = "hint: check the server's address: kubectl config view --minify\n";
    in_parallel(&ORDERS, |order| {
        let why = format!("the connection was refused{}", at(&double));
        tool(&double, order).run().fails(&said(order, &why, hint));
    });
    assert_eq!(double.connections(), 0);
    let config = double.kubeconfig().replace("127.0.0.1", "no-such-host.invalid");
    let start = Instant::now();
    in_parallel(&ORDERS, |order| {
        let at = at(&double).replace("127.0.0.1", "no-such-host.invalid");
        let wanted = said(order, &format!("the host name does not resolve{at}"), hint);
        with_kubeconfig(&config, order).run().fails(&wanted);
    });
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_connection_that_fails_once_is_made_again() {
    for fault in [ConnectionFault::Reset, ConnectionFault::ResetAfterHandshake] {
        in_parallel(&ORDERS, |order| {
            let double = Double::start();
            double.fault_connection(0, fault);
            let answer = tool(&double, order).run();
            assert_eq!(answer.status, Some(0), "{fault:?}: {answer:?}");
            assert_eq!(double.faults_left(), 0);
            assert!(double.creates_of("default", "x") <= 1);
        });
    }
}

#[test]
fn connections_that_always_fail_end_it() {
    let rows = [
        (ConnectionFault::Reset, "", false),
        (ConnectionFault::ResetAfterHandshake, "", true),
        (ConnectionFault::NotTls, "hint: the server's address may begin with http://\n", false),
    ];
    for (fault, hint, may_be_lost) in rows {
        in_parallel(&ORDERS, |order| {
            let double = Double::start();
            for _ in 0..100 {
                double.fault_connection(0, fault);
            }
            let answer = tool(&double, order).run();
            let stderr = String::from_utf8(answer.stderr.clone()).unwrap();
            assert_eq!((answer.status, answer.stdout.len()), (Some(1), 0), "{fault:?}: {stderr}");
            let is_said = stderr.contains("error: secret/x was not ")
                || (may_be_lost && stderr.contains("error: secret/x may have been "));
            assert!(is_said && stderr.contains(hint), "{fault:?}, {order}: {stderr}");
            assert_eq!(double.seen().len(), 0);
        });
    }
}

#[test]
fn a_server_that_says_nothing_is_waited_for_as_long_as_was_asked() {
    in_parallel(&ORDERS, |order| {
        let double = Double::start();
        for _ in 0..100 {
            double.fault_connection(0, ConnectionFault::Silent);
        }
        let start = Instant::now();
        let answer = tool(&double, &format!("{order} --request-timeout=500ms")).run();
        let stderr = String::from_utf8(answer.stderr.clone()).unwrap();
        assert!(stderr.starts_with("error: secret/x was not "), "{order}: {stderr}");
        assert!(stderr.contains("connecting timed out"), "{order}: {stderr}");
        assert!(start.elapsed() < Duration::from_secs(30), "{order}");
        assert_eq!(double.seen().len(), 0);
    });
}
