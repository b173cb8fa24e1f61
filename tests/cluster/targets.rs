//! Many targets in one run: namespaces, contexts, and both.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::double::{Credential, Double, Fault, Rights, Rule, kubeconfig};
use super::tool::{data, requests, secret, tool, tool_as, with_kubeconfig};
use crate::harness::{BINARY, clock};

const X: &str = "generic x --from-literal=a=1";

/// A double with these namespaces.
fn double(namespaces: &[&str]) -> Double {
    let double = Double::start();
    for namespace in namespaces {
        double.add_namespace(namespace, &[("team", "x")]);
    }
    double
}

#[test]
fn each_namespace_gets_it_and_a_line() {
    let double = double(&["a", "b", "c"]);
    tool(&double, &format!("{X} --namespaces=c,a --namespaces b,c")).run().succeeds(
        "secret/x created in namespace c\nsecret/x created in namespace a\n\
         secret/x created in namespace b\n",
        "",
    );
    for namespace in ["a", "b", "c"] {
        assert_eq!(double.creates_of(namespace, "x"), 1, "{namespace}");
    }
    let mut found = requests(&double);
    found.sort();
    assert_eq!(found, ["POST a", "POST b", "POST c"], "one request each");
}

#[test]
fn a_selector_chooses_namespaces_by_name() {
    let double = double(&["c", "a", "b"]);
    let words = format!("{X} --namespace-selector=team=x");
    tool(&double, &words).run().succeeds(
        "secret/x created in namespace a\nsecret/x created in namespace b\n\
         secret/x created in namespace c\n",
        "",
    );
    let list = &double.seen()[0];
    assert_eq!(list.target, "/api/v1/namespaces?labelSelector=team%3Dx&limit=500");
    assert_eq!(double.seen().len(), 4);
    tool(&double, &format!("{X} --namespace-selector=team=y")).run().fails(
        "error: no namespace has the labels of \"team=y\"\n\
         hint: kubectl get namespaces --show-labels shows the labels\n\
         error: 1 of 1 targets failed\n",
    );
}

#[test]
fn a_long_list_of_namespaces_is_read_to_its_end() {
    let names: Vec<_> = (0..1003).map(|number| format!("n{number:04}")).collect();
    let double = double(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let words = format!("{X} --namespace-selector=team=x --parallel=32");
    let answer = tool(&double, &words).run();
    let wanted = names.iter().map(|name| format!("secret/x created in namespace {name}"));
    let stdout = String::from_utf8(answer.stdout).unwrap();
    let mut lines: Vec<_> = stdout.lines().collect();
    // So many are reported as they come.
    lines.sort_unstable();
    assert_eq!(lines, wanted.collect::<Vec<_>>());
    let lists = double.seen().iter().filter(|seen| seen.method == "GET").count();
    assert_eq!((lists, double.seen().len()), (3, 3 + 1003));
}

#[test]
fn contexts_times_namespaces_in_the_order_asked() {
    let (one, two) = (double(&["a", "b"]), double(&["a", "b"]));
    let config = kubeconfig(&[
        ("one", &one, Credential::Certificate),
        ("two", &two, Credential::Certificate),
    ]);
    with_kubeconfig(&config, &format!("{X} --contexts=two,one --namespaces=b,a")).run().succeeds(
        "secret/x created in namespace b of context two\n\
         secret/x created in namespace a of context two\n\
         secret/x created in namespace b of context one\n\
         secret/x created in namespace a of context one\n",
        "",
    );
    let words = format!("{X} --contexts=one,two --dry-run=server --apply");
    with_kubeconfig(&config, &words).run().succeeds(
        "secret/x created in namespace default of context one (server dry run)\n\
         secret/x created in namespace default of context two (server dry run)\n",
        "",
    );
    let words = format!("{X} --contexts=one,two -n a --apply --from-literal=b=1");
    with_kubeconfig(&config, &words).run().succeeds(
        "secret/x configured in namespace a of context one\n\
         secret/x configured in namespace a of context two\n",
        "",
    );
    assert_eq!(data(&one, "a", "x"), json!({"a": "MQ==", "b": "MQ=="}));
    let words = format!("{X} --contexts=one,two --namespace-selector=team --if-absent");
    with_kubeconfig(&config, &words).run().succeeds(
        "secret/x unchanged in namespace a of context one\n\
         secret/x unchanged in namespace b of context one\n\
         secret/x unchanged in namespace a of context two\n\
         secret/x unchanged in namespace b of context two\n",
        "",
    );
}

#[test]
fn lines_stand_in_order_whatever_finished_first() {
    let double = double(&["a", "b", "c"]);
    double.fault(Rule::new(Fault::Slow(Duration::from_millis(300))).at("/a/"));
    double.fault(Rule::new(Fault::Slow(Duration::from_millis(150))).at("/b/"));
    tool(&double, &format!("{X} --namespaces=a,b,c")).run().succeeds(
        "secret/x created in namespace a\nsecret/x created in namespace b\n\
         secret/x created in namespace c\n",
        "",
    );
}

#[test]
fn lines_of_more_than_a_hundred_stand_as_they_come() {
    let names: Vec<_> = (0..101).map(|number| format!("n{number:03}")).collect();
    for (count, first_is_last) in [(100, false), (101, true)] {
        let names: Vec<_> = names.iter().take(count).map(String::as_str).collect();
        let double = double(&names);
        double.fault(Rule::new(Fault::Slow(Duration::from_secs(3))).at("/n000/"));
        let words = format!("{X} --parallel=2 --namespaces={}", names.join(","));
        let answer = tool(&double, &words).run();
        let stdout = String::from_utf8(answer.stdout).unwrap();
        let lines: Vec<_> = stdout.lines().collect();
        let first = "secret/x created in namespace n000";
        assert_eq!(lines.len(), count);
        assert_eq!(lines[0] != first, first_is_last, "{count} targets: {}", lines[0]);
    }
}

#[test]
fn so_many_are_under_way_at_once() {
    let names: Vec<_> = (0..12).map(|number| format!("n{number:02}")).collect();
    for (flag, batches) in
        [("", 2), ("--parallel=3", 4), ("--parallel=1", 12), ("--parallel=99", 1)]
    {
        let double = double(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let pause = Duration::from_millis(100);
        double.fault(Rule::new(Fault::Slow(pause)).times(100));
        let start = Instant::now();
        let answer = tool(&double, &format!("{X} --namespaces={} {flag}", names.join(","))).run();
        assert_eq!(answer.status, Some(0));
        let took = start.elapsed();
        assert!(took >= pause * batches, "{flag}: {took:?}");
        // Twice as long is a machine that is busy; in turn it would be more than that.
        assert!(batches == 12 || took < pause * 11, "{flag}: {took:?}");
    }
}

#[test]
fn one_failure_does_not_stop_the_others() {
    let double = double(&["a", "b", "d", "e"]);
    double.create_secret("other", "b", secret("x", &json!({})));
    double.end_namespace("d");
    let answer = tool(&double, &format!("{X} --namespaces=a,b,c,d,e")).run();
    answer.is(
        1,
        "secret/x created in namespace a\nsecret/x created in namespace e\n",
        "error: secret/x already exists in namespace b\n\
         hint: use --if-absent to leave it unchanged, or --apply to update it\n\
         error: namespace \"c\" does not exist\n\
         hint: kubectl create namespace c\n\
         error: secret/x cannot be created in namespace d: the namespace is being deleted\n\
         hint: wait until it is gone, then create it again\n\
         error: 3 of 5 targets failed\n",
    );
    assert_eq!(double.secrets("").len(), 3);
}

#[test]
fn a_context_that_cannot_be_used_fails_alone_and_by_name() {
    let (one, two) = (double(&["a"]), double(&["a"]));
    let config = kubeconfig(&[
        ("one", &one, Credential::Certificate),
        ("gone", &two, Credential::Certificate),
        ("nobody", &two, Credential::Token("no such token")),
    ]);
    let host = format!("127.0.0.1:{}", two.port());
    drop(two);
    let words = format!("{X} --contexts=nothing,gone,one");
    with_kubeconfig(&config, &words)
        .run()
        .fails("error: context \"nothing\" is not in the kubeconfig (it has: one, gone, nobody)\n");
    let words = format!("{X} --contexts=gone,one --namespaces=a,default");
    let answer = with_kubeconfig(&config, &words).run();
    let refused = |namespace: &str| {
        format!(
            "error: secret/x was not created in namespace {namespace} of context gone: the connection \
             was refused (server {host})\n\
             hint: check the server's address: kubectl config view --minify --context gone\n"
        )
    };
    answer.is(
        1,
        "secret/x created in namespace a of context one\n\
         secret/x created in namespace default of context one\n",
        &format!("{}{}error: 2 of 4 targets failed\n", refused("a"), refused("default")),
    );
    let words = format!("{X} --contexts=gone,one --namespace-selector=team");
    let answer = with_kubeconfig(&config, &words).run();
    answer.is(
        1,
        "",
        &format!(
            "error: namespaces could not be listed in context gone: the connection was refused \
             (server {host})\n\
             hint: check the server's address: kubectl config view --minify --context gone\n\
             error: secret/x already exists in namespace a of context one\n\
             hint: use --if-absent to leave it unchanged, or --apply to update it\n\
             error: 2 of 2 targets failed\n"
        ),
    );
}

#[test]
fn who_may_not_list_namespaces_is_told() {
    let double = double(&["a"]);
    double.add_user("t", "t", Rights::Only(vec![("create".into(), "secrets".into())]));
    tool_as(&double, "t", &format!("{X} --namespace-selector=team")).run().fails(
        "error: namespaces may not be listed: namespaces is forbidden: User \"t\" cannot list \
         resource \"namespaces\" in API group \"\" at the cluster scope\n\
         hint: ask for permission, or name the namespaces with --namespaces; check it with: kubectl auth can-i list namespaces\n\
         error: 1 of 1 targets failed\n",
    );
    assert_eq!(requests(&double), ["GET /api/v1/namespaces"]);
    tool(&double, &format!("{X} --namespace-selector=a==b==c")).run().fails(
        "error: the API server refuses the selector: \
         found '==', expected: ',' or 'end of string'\n\
         hint: a selector is like team=a, team!=a, 'team in (a,b)' or team\n\
         error: 1 of 1 targets failed\n",
    );
}

#[test]
fn notes_and_warnings_name_the_target() {
    let double = double(&["a", "b"]);
    let data = json!({"a": "MQ==", "old": "MQ=="});
    double.create_secret("kubectl-create", "a", secret("x", &data));
    double.create_secret("mksecret", "b", secret("x", &data));
    tool(&double, &format!("{X} --apply --diff --namespaces=a,b")).run().succeeds(
        "secret/x unchanged in namespace a\nsecret/x configured in namespace b\n",
        "secret/x in namespace a: key old kept, managed by \"kubectl-create\"\n\
         - old in namespace b\nsecret/x in namespace b: key old is removed\n",
    );
}

#[test]
fn an_unchanged_target_says_so() {
    let double = double(&["a", "b"]);
    tool(&double, &format!("{X} --apply -n b")).run().succeeds("secret/x created\n", "");
    tool(&double, &format!("{X} --apply --namespaces=a,b"))
        .run()
        .succeeds("secret/x created in namespace a\nsecret/x unchanged in namespace b\n", "");
}

#[test]
fn documents_are_parted() {
    let rows = [
        ("yaml", "a\n---\nb\n"),
        ("json", "a\nb\n"),
        ("kyaml", "---\na\n---\nb\n"),
        ("name", "secret/x\nsecret/x\n"),
        ("jsonpath={.metadata.namespace}", "ab"),
        ("go-template={{.metadata.namespace}}", "ab"),
    ];
    for place in ["", "--dry-run=server", "--dry-run=client"] {
        for (format, wanted) in rows {
            let double = double(&["a", "b"]);
            let words = format!("{X} --namespaces=a,b {place} -o {format}");
            let answer = tool(&double, &words).run();
            assert_eq!(answer.status, Some(0), "{answer:?}");
            let stdout = String::from_utf8(answer.stdout).unwrap();
            let shown: String = match format {
                "yaml" | "json" | "kyaml" => stdout
                    .lines()
                    .filter_map(|line| {
                        let namespace = line.trim().trim_end_matches(',').replace('"', "");
                        match namespace.strip_prefix("namespace: ") {
                            Some(namespace) => Some(format!("{namespace}\n")),
                            None => (line == "---").then(|| "---\n".to_owned()),
                        }
                    })
                    .collect(),
                _ => stdout,
            };
            assert_eq!(shown, wanted, "{format} {place}");
        }
    }
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let rows = [
        ("--namespaces=a -n b", "--namespaces and --namespace cannot be used together"),
        (
            "--namespace-selector=a -n b",
            "--namespace-selector and --namespace cannot be used together",
        ),
        ("--namespaces=a --namespace-selector=b", "--namespaces and --namespace-selector cannot"),
        ("--contexts=a --context=b", "--contexts and --context cannot be used together"),
        ("--namespace-selector=a --dry-run=client", "--namespace-selector and --dry-run=client"),
        (
            "--contexts=a --dry-run=client",
            "--contexts and --dry-run=client cannot be used together",
        ),
        ("--namespaces=,", "--namespaces is empty"),
        ("--contexts=", "--contexts is empty"),
        ("--namespaces=a --parallel=0", "--parallel must be a number from 1 to 256"),
        ("--namespaces=A_b", "namespace \"A_b\""),
        ("--namespaces=A_b --dry-run=client", "namespace \"A_b\""),
    ];
    let double = double(&[]);
    for (flags, wanted) in rows {
        let answer = tool(&double, &format!("{X} {flags}")).run();
        let stderr = String::from_utf8(answer.stderr.clone()).unwrap();
        assert!(stderr.starts_with("error: ") && stderr.contains(wanted), "{flags}: {stderr}");
        assert_eq!((answer.status, answer.stdout.len(), double.connections()), (Some(1), 0, 0));
    }
}

#[test]
fn a_terminal_shows_how_far_it_is() {
    let double = double(&["a", "b", "c"]);
    double.fault(Rule::new(Fault::Slow(Duration::from_millis(500))).at("/c/"));
    let run = tool(&double, X);
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    let mut child = pty_process::blocking::Command::new(BINARY)
        .env_clear()
        .envs(clock())
        .env("KUBECONFIG", run.work().join("kubeconfig"))
        .args(X.split(' '))
        .arg("--namespaces=a,b,c")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn(pts)
        .unwrap();
    let (mut shown, mut bytes) = (Vec::new(), [0; 4096]);
    // The other end is gone when the tool is.
    while let Ok(count @ 1..) = pty.read(&mut bytes) {
        shown.extend(&bytes[..count]);
    }
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let lines = ["a", "b", "c"].map(|name| format!("secret/x created in namespace {name}\n"));
    assert_eq!(stdout, lines.concat());
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("\r[####################----------] 2/3"), "{shown:?}");
    let blanks = " ".repeat("[####################----------] 2/3".len());
    assert!(shown.ends_with(&format!("\r{blanks}\r")), "it is taken away in the end: {shown:?}");
    // Elsewhere there is none, as all other tests see.
}
