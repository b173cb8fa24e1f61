//! Contexts that log in by credential plugins: at the same time, each distinct plugin once, and each failure alone.
//! Plugins wait for each other by files, so that nothing here depends on how long anything takes.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::fs::Permissions;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::double::{Double, Rights};
use crate::harness::{BINARY, Run, clock, mksecret};

const V1: &str = "client.authentication.k8s.io/v1";

/// A context and the arguments of its plugin.
type Context<'a> = (&'a str, &'a [&'a str]);

/// A run in contexts whose users log in by the plugin `plug`: a script that does this and then answers.
fn run(double: &Double, contexts: &[Context<'_>], script: &str, words: &str) -> Run {
    run_with(double, contexts, script, words, "Never")
}

fn run_with(
    double: &Double,
    contexts: &[Context<'_>],
    script: &str,
    words: &str,
    mode: &str,
) -> Run {
    double.add_user("t", "t", Rights::All);
    let names: Vec<_> = contexts.iter().map(|(name, _)| *name).collect();
    let all = ["generic", "x", "--from-literal=a=1", "--contexts", &names.join(",")];
    let run = mksecret(all.into_iter().chain(words.split_whitespace()));
    let work = run.work().to_str().unwrap().to_owned();
    let users = contexts.iter().map(|(name, arguments)| {
        json!({"name": name, "user": {"exec": {
            "apiVersion": V1, "command": "plug", "interactiveMode": mode, "args": arguments,
            "env": [{"name": "WORK", "value": work}],
        }}})
    });
    let entries = contexts.iter().map(|(name, _)| {
        json!({"name": name, "context": {"cluster": "c", "user": name, "namespace": name}})
    });
    let kubeconfig = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {
            "server": double.url(),
            "certificate-authority-data": STANDARD.encode(double.ca_pem()),
        }}],
        "users": users.collect::<Vec<Value>>(),
        "contexts": entries.collect::<Vec<Value>>(),
    });
    for name in names {
        double.add_namespace(name, &[]);
    }
    let answer = json!({"kind": "ExecCredential", "apiVersion": V1, "status": {"token": "t"}});
    let run = run
        .file("kubeconfig", kubeconfig.to_string())
        .file("bin/plug", format!("#!/bin/sh\ncd \"$WORK\"\n{script}\necho '{answer}'\n"))
        .env("KUBECONFIG", "kubeconfig")
        .env("PATH", format!("{work}/bin:/usr/bin:/bin"));
    std::fs::set_permissions(run.work().join("bin/plug"), Permissions::from_mode(0o755)).unwrap();
    run
}

fn created(contexts: &[Context<'_>]) -> String {
    let line = |name: &str| format!("secret/x created in namespace {name} of context {name}\n");
    contexts.iter().map(|(name, _)| line(name)).collect()
}

fn lines_of(path: &Path) -> usize {
    std::fs::read_to_string(path).unwrap_or_default().lines().count()
}

/// Waits for something that happens elsewhere.
fn wait_until(is_so: impl Fn() -> bool) {
    for _ in 0..30_000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("it does not happen");
}

#[test]
fn plugins_run_at_the_same_time_but_no_more_than_sixteen() {
    let double = Double::start();
    let names: Vec<_> = (0..20).map(|number| format!("c{number:02}")).collect();
    let arguments: Vec<_> = names.iter().map(|name| [name.as_str()]).collect();
    let contexts: Vec<Context<'_>> =
        names.iter().zip(&arguments).map(|(name, words)| (name.as_str(), &words[..])).collect();
    // Each ends only once sixteen have begun.
    let script = ": >begun.$1
        [ $(($(ls begun.* | wc -l) - $(ls ended.* 2>/dev/null | wc -l))) -gt 16 ] && : >too-many
        while [ $(ls begun.* | wc -l) -lt 16 ]; do sleep 0.01; done
        : >ended.$1";
    for parallel in ["--parallel=1", ""] {
        let run = run(&double, &contexts, script, parallel);
        run.run().succeeds(&created(&contexts), "");
        assert!(!run.work().join("too-many").exists(), "{parallel}");
        for name in &names {
            double.remove_secret(name, "x");
        }
    }
}

#[test]
fn the_first_write_waits_for_no_other_login() {
    let double = Double::start();
    let contexts: [Context<'_>; 3] = [("slow", &["slow"]), ("one", &["one"]), ("two", &["two"])];
    let script = "[ $1 != slow ] || while [ ! -e go ]; do sleep 0.01; done";
    let run = run(&double, &contexts, script, "");
    let mut command = run.command();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    wait_until(|| double.secrets("").len() == 2);
    std::fs::write(run.work().join("go"), "").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), created(&contexts), "in the order asked");
}

#[test]
fn a_plugin_that_would_answer_the_same_runs_once() {
    let double = Double::start();
    let script = "echo \"$@\" >>runs; [ \"$1\" != fail ] || exit 3";
    let rows: [(&[Context<'_>], usize, i32); 3] = [
        (&[("a", &["same"]), ("b", &["same"]), ("c", &["same"])], 1, 0),
        (&[("a", &["same"]), ("b", &["other"]), ("c", &["same"])], 2, 0),
        (&[("a", &["fail"]), ("b", &["fail"]), ("c", &["same"])], 2, 1),
    ];
    for (contexts, runs, status) in rows {
        let run = run(&double, contexts, script, "--apply");
        let answer = run.run();
        assert_eq!(answer.status, Some(status), "{answer:?}");
        assert_eq!(lines_of(&run.work().join("runs")), runs, "{contexts:?}");
    }
}

#[test]
fn a_login_that_fails_fails_alone() {
    let double = Double::start();
    let contexts: [Context<'_>; 4] = [("a", &["a"]), ("b", &["b"]), ("c", &["c"]), ("d", &["d"])];
    let script = "case $1 in b) exit 3;; c) echo no; exit 0;; esac";
    run(&double, &contexts, script, "").run().is(
        1,
        &created(&[contexts[0], contexts[3]]),
        "error: the credential plugin \"plug\" failed (exit status: 3) (context b)\n\
         error: the credential plugin \"plug\" returned no credential (context c)\n\
         hint: it wrote 3 bytes that are not an ExecCredential (not shown)\n\
         error: 2 of 4 targets failed\n",
    );
}

#[test]
fn of_plugins_that_may_ask_one_runs_at_a_time() {
    let double = Double::start();
    let contexts: [Context<'_>; 4] = [("a", &["a"]), ("b", &["b"]), ("c", &["c"]), ("d", &["d"])];
    let script = "echo \"$KUBERNETES_EXEC_INFO\" | grep -q '\"interactive\":true' && : >asks.$1
        mkdir asking || : >clash
        sleep 0.05
        rmdir asking";
    let run = run_with(&double, &contexts, script, "", "IfAvailable");
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    let mut child = pty_process::blocking::Command::new(BINARY)
        .env_clear()
        .envs(clock())
        .env("KUBECONFIG", run.work().join("kubeconfig"))
        .env("PATH", format!("{}/bin:/usr/bin:/bin", run.work().display()))
        .args(["generic", "x", "--from-literal=a=1", "--contexts=a,b,c,d"])
        .stdout(Stdio::piped())
        .spawn(pts)
        .unwrap();
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    // The other end is gone when the tool is.
    let _ = pty.read(&mut [0; 4096]);
    assert_eq!(stdout, created(&contexts));
    for (name, _) in contexts {
        assert!(run.work().join(format!("asks.{name}")).exists(), "{name}");
    }
    assert!(!run.work().join("clash").exists());
}

#[test]
fn ctrl_c_ends_logins_and_tells_what_is_not_done() {
    let double = Double::start();
    let contexts: [Context<'_>; 2] = [("good", &["good"]), ("slow", &["slow"])];
    let run = run(&double, &contexts, "[ $1 != slow ] || { : >begun; exec sleep 600; }", "");
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let begun = run.work().join("begun");
    wait_until(|| double.secrets("").len() == 1 && begun.exists());
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    // The plugin holds standard error: this comes to an end because it is killed.
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), created(&contexts[..1]));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: secret/x was not created in context slow: mksecret was interrupted first\n\
         hint: run it again\n\
         error: 1 of 2 targets failed\n"
    );
}
