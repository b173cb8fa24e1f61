//! Ctrl-C: what was done is told, and what has begun to be replaced is not lost.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::double::{Double, Fault, Rule};
use super::tool::{data, requests, tool};

/// Starts the tool, and waits until the double has seen so many requests that `is` fits.
fn start(double: &Double, words: &str, count: usize, is: impl Fn(&str) -> bool) -> Running {
    let run = tool(double, words);
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let start = Instant::now();
    while requests(double).iter().filter(|request| is(request)).count() < count {
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", requests(double));
        std::thread::sleep(Duration::from_millis(2));
    }
    Running { child, _run: run }
}

struct Running {
    child: Child,
    /// Its folder goes with it.
    _run: crate::harness::Run,
}

impl Running {
    fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    fn end(self) -> (Option<i32>, String, String) {
        let output = self.child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

fn namespaces(double: &Double) -> String {
    let names: Vec<_> = (0..6).map(|number| format!("n{number}")).collect();
    for name in &names {
        double.add_namespace(name, &[]);
    }
    names.join(",")
}

#[test]
fn what_was_done_in_a_fan_out_is_told() {
    let double = Double::start();
    let all = namespaces(&double);
    // The third and the fourth are under way, and end in time.
    double.fault(Rule::new(Fault::Slow(Duration::from_millis(1200))).at("/n2/"));
    double.fault(Rule::new(Fault::Slow(Duration::from_millis(1200))).at("/n3/"));
    let words = format!("generic x --from-literal=a=1 --namespaces={all} --parallel=2");
    let running =
        start(&double, &words, 2, |request| request.contains("n2") || request.contains("n3"));
    running.interrupt();
    let not_done = |namespace: &str| {
        format!(
            "error: secret/x was not created in namespace {namespace}: mksecret was interrupted first\n\
             hint: run it again\n"
        )
    };
    let (status, stdout, stderr) = running.end();
    let lines =
        ["n0", "n1", "n2", "n3"].map(|name| format!("secret/x created in namespace {name}\n"));
    assert_eq!(stdout, lines.concat());
    let wanted = format!("{}{}error: 2 of 6 targets failed\n", not_done("n4"), not_done("n5"));
    assert_eq!((status, stderr), (Some(1), wanted));
    assert_eq!(double.secrets("").len(), 4);
}

#[test]
fn what_does_not_end_in_time_is_open() {
    let double = Double::start();
    let all = namespaces(&double);
    double.fault(Rule::new(Fault::Slow(Duration::from_secs(60))).at("/n1/"));
    let words = format!("generic x --from-literal=a=1 --namespaces={all} --parallel=1");
    for interrupts in [1, 2] {
        double.clear_faults();
        double.fault(Rule::new(Fault::Slow(Duration::from_secs(60))).at("/n1/").processed());
        double.clear_log();
        double.remove_secret("n0", "x");
        double.remove_secret("n1", "x");
        let running = start(&double, &words, 1, |request| request.contains("n1"));
        let start = Instant::now();
        for _ in 0..interrupts {
            running.interrupt();
            std::thread::sleep(Duration::from_millis(300));
        }
        let (status, stdout, stderr) = running.end();
        assert!(start.elapsed() < Duration::from_secs(30));
        assert_eq!((status, &stdout[..]), (Some(1), "secret/x created in namespace n0\n"));
        let open = "error: secret/x may have been created in namespace n1: mksecret was interrupted\n\
                    hint: check whether it exists: kubectl get secret x -n n1\n\
                    error: secret/x was not created in namespace n2: mksecret was interrupted first\n";
        assert!(stderr.starts_with(open), "{stderr}");
        assert!(stderr.ends_with("error: 5 of 6 targets failed\n"), "{stderr}");
    }
}

#[test]
fn a_single_target_tells_it_too() {
    let double = Double::start();
    double.fault(Rule::new(Fault::Slow(Duration::from_secs(60))).processed());
    let running = start(&double, "generic x --from-literal=a=1", 1, |_| true);
    running.interrupt();
    let (status, stdout, stderr) = running.end();
    assert_eq!((status, &stdout[..]), (Some(1), ""));
    assert_eq!(
        stderr,
        "error: secret/x may have been created in namespace default: mksecret was interrupted\n\
         hint: check whether it exists: kubectl get secret x -n default\n"
    );
    // What ends in time is told as ever.
    double.fault(Rule::new(Fault::Slow(Duration::from_millis(500))));
    double.clear_log();
    let running = start(&double, "generic y --from-literal=a=1", 1, |_| true);
    running.interrupt();
    assert_eq!(running.end(), (Some(0), "secret/y created\n".to_owned(), String::new()));
}

#[test]
fn a_wait_that_the_server_asks_for_ends() {
    for (flags, deed, method) in [("", "created", "POST"), ("--apply", "applied", "PATCH")] {
        let double = Double::start();
        double.fault(
            Rule::new(Fault::Status { code: 429, retry_after: Some(30) }).on(method).times(9),
        );
        let words = format!("generic x --from-literal=a=1 {flags}");
        let running = start(&double, &words, 1, |request| request.starts_with(method));
        // The answer is on its way.
        std::thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        running.interrupt();
        let (status, stdout, stderr) = running.end();
        assert!(start.elapsed() < Duration::from_secs(20));
        assert_eq!((status, &stdout[..]), (Some(1), ""));
        assert_eq!(
            stderr,
            format!(
                "error: secret/x was not {deed} in namespace default: mksecret was interrupted \
                 while the server asked to wait (429)\nhint: run it again later\n"
            )
        );
        assert_eq!(double.secret("default", "x"), None);
    }
}

#[test]
fn what_is_being_replaced_is_waited_for() {
    let words = "generic x --from-literal=a=1 --type=t --apply";
    let double = Double::start();
    assert_eq!(tool(&double, words).run().status, Some(0));
    double.fault(Rule::new(Fault::Slow(Duration::from_secs(5))).on("POST").skip(1));
    let words = "generic x --from-literal=a=1 --type=other --apply --recreate";
    let running = start(&double, words, 2, |request| request.starts_with("POST"));
    assert_eq!(double.secret("default", "x"), None, "this is the moment");
    running.interrupt();
    let (status, stdout, stderr) = running.end();
    assert_eq!((status, &stdout[..]), (Some(0), "secret/x configured\n"), "{stderr}");
    assert_eq!(data(&double, "default", "x"), json!({"a": "MQ=="}));

    // A second Ctrl-C ends it, and that is said.
    double.fault(Rule::new(Fault::Slow(Duration::from_secs(60))).on("POST").skip(1));
    double.clear_log();
    let words = "generic x --from-literal=a=1 --type=third --apply --recreate";
    let running = start(&double, words, 2, |request| request.starts_with("POST"));
    running.interrupt();
    std::thread::sleep(Duration::from_millis(500));
    running.interrupt();
    let (status, stdout, stderr) = running.end();
    assert_eq!((status, &stdout[..]), (Some(1), ""));
    assert_eq!(
        stderr,
        "error: secret/x in namespace default may be gone: mksecret was interrupted after it deleted the old one and before it saw the new one\n\
         hint: check whether it exists: kubectl get secret x -n default\n"
    );
}
