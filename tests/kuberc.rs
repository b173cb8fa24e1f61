//! Odd files of preferences: each gives a message or is used, and none stops the tool or shows a
//! value.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Answer, Run, mksecret, position};

const HEAD: &str = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
const SECRET: &str = "hunter2hunter2";

fn run() -> Run {
    mksecret(["generic", "db", "--from-literal=user=app", "--dry-run=client"])
}

/// The answer, about which it is checked that it is one of the tool's own and shows no value.
fn answer(run: Run, file: &str, bytes: &[u8]) -> Answer {
    let answer = run.file(file, bytes).run();
    assert!(answer.impropriety().is_none() || answer.status == Some(0), "{answer:?}");
    assert!(position(&answer.stderr, SECRET.as_bytes()).is_none(), "{answer:?}");
    answer
}

fn first_line(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.stderr).lines().next().unwrap_or_default().to_owned()
}

/// Files that hold no preferences, and why.
fn odd_files() -> Vec<(Vec<u8>, &'static str)> {
    let none = "no valid preferences found in kuberc, use --v=5 to see details";
    let mut deep = "x: ".to_owned();
    deep.push_str(&"[".repeat(100_000));
    let mut bomb = format!("{HEAD}a0: &a0 [x]\n");
    for level in 1..60 {
        let before = level - 1;
        writeln!(bomb, "a{level}: &a{level} [*a{before}, *a{before}, *a{before}]").unwrap();
    }
    vec![
        ((0..=255).cycle().take(100_000).collect(), none),
        (format!("{HEAD}password: {SECRET}: {SECRET}\n").into(), none),
        (format!("password: {SECRET}\n").into(), none),
        (format!("{{\"password\": \"{SECRET}\",").into(), none),
        (deep.into(), none),
        ("{\"a\":".repeat(50_000).into(), none),
        (bomb.into(), none),
        (
            format!("{HEAD}--- {SECRET}\n").into(),
            "invalid Yaml document separator in line 3: 14 bytes, not shown",
        ),
        (vec![b'#'; 9 << 20], "read kuberc: more than 8388608 bytes"),
    ]
}

#[test]
fn files_without_preferences() {
    for (bytes, why) in odd_files() {
        let usual = answer(run().env("HOME", "home"), "home/.kube/kuberc", &bytes);
        assert_eq!(usual.status, Some(0), "{why}: {usual:?}");
        let shown = why.replace("kuberc", "home/.kube/kuberc");
        let warning = format!("kuberc: no preferences loaded from home/.kube/kuberc: {shown}");
        assert_eq!(first_line(&usual), warning);
        let asked = answer(run().arg("--kuberc=kuberc"), "kuberc", &bytes);
        assert_eq!(asked.status, Some(1), "{why}: {asked:?}");
        assert_eq!(first_line(&asked), format!("error: kuberc: {why}"));
    }
}

#[test]
fn what_is_no_file() {
    let fails = |run: Run, why: &str| {
        let answer = run.arg("--kuberc=kuberc").run();
        assert_eq!(answer.status, Some(1), "{answer:?}");
        assert_eq!(first_line(&answer), format!("error: kuberc: {why}"));
    };
    fails(run().folder("kuberc"), "read kuberc: is a directory");
    fails(run().fifo("kuberc"), "open kuberc: not a regular file");
    fails(run().link("kuberc", "/dev/zero"), "open kuberc: not a regular file");
    fails(run().link("kuberc", "kuberc"), "open kuberc: too many levels of symbolic links");
    let locked = |path: &str| {
        let run = run().file(path, HEAD);
        fs::set_permissions(run.work().join(path), Permissions::from_mode(0o000)).unwrap();
        run
    };
    let answer = locked("kuberc").arg("--kuberc=kuberc").unprivileged().run();
    assert_eq!(answer.status, Some(1), "{answer:?}");
    assert_eq!(first_line(&answer), "error: kuberc: open kuberc: permission denied");
    let answer = locked("home/.kube/kuberc").env("HOME", "home").unprivileged().run();
    assert_eq!(answer.status, Some(0), "{answer:?}");
    assert_eq!(
        first_line(&answer),
        "kuberc: no preferences loaded from home/.kube/kuberc: open home/.kube/kuberc: permission denied"
    );
    let below_a_file = run().file("home/.kube", "").env("HOME", "home").run();
    assert_eq!(below_a_file.status, Some(0));
    assert_eq!(
        first_line(&below_a_file),
        "kuberc: no preferences loaded from home/.kube/kuberc: open home/.kube/kuberc: not a directory"
    );
    let null = run().env("KUBERC", "/dev/null").run();
    assert_eq!((null.status, null.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn large_files_are_used() {
    let mut many = format!("{HEAD}defaults:\n");
    for entry in 0..10_000 {
        writeln!(
            many,
            "- command: create secret tls\n  options: [{{name: output, default: y{entry}}}]"
        )
        .unwrap();
    }
    many.push_str("- command: create secret generic\n  options: [{name: output, default: name}]\n");
    let long = format!(
        "# {}\n{HEAD}defaults:\n- command: create secret generic\n  options: [{{name: output, default: name}}]\n",
        "x".repeat(1 << 20)
    );
    for bytes in [many, long] {
        let answer = answer(run().arg("--kuberc=kuberc"), "kuberc", bytes.as_bytes());
        assert_eq!(answer.stdout, b"secret/db\n", "{answer:?}");
    }
}

/// Files that are used although they look odd, and what is said of them.
#[test]
fn odd_files_that_are_used() {
    let body = "defaults:\n- command: create secret generic\n  options:\n  - {name: output, default: name}\n";
    let usual = format!("{HEAD}{body}");
    let other = "apiVersion: v1\nkind: ConfigMap\n";
    let strict = |why: &str| {
        format!("kuberc: ignoring strict decoding error in kuberc: strict decoding error: {why}")
    };
    let rows = [
        (usual.replace('\n', "\r\n"), String::new()),
        (format!("\u{feff}{usual}"), String::new()),
        (usual.replace(": ", ":\t"), String::new()),
        (
            usual.replace("default: name", "default: &b name, default: *b"),
            strict("yaml: unmarshal errors:\n  line 6: key \"default\" already set in map"),
        ),
        (format!("{other}---\n{usual}---\n{other}"), String::new()),
        (format!("{usual}---\n{HEAD}"), String::new()),
        (
            format!("{usual}kind: Preference\n"),
            strict("yaml: unmarshal errors:\n  line 7: key \"kind\" already set in map"),
        ),
        (
            format!("{usual}password: {SECRET}\n? {SECRET}\n: x\n")
                .replace(SECRET, &"x".repeat(1 << 20)),
            strict("unknown field \"password\", unknown field of 1048576 bytes, not shown,"),
        ),
        (usual.replace("default: name", "default: !!binary bmFtZQ=="), String::new()),
    ];
    for (text, said) in rows {
        let answer = answer(run().arg("--kuberc=kuberc"), "kuberc", text.as_bytes());
        let shown = &text[..text.len().min(300)];
        assert_eq!(answer.stdout, b"secret/db\n", "{shown:?}: {answer:?}");
        assert_eq!(String::from_utf8_lossy(&answer.stderr).trim_end(), said, "{shown:?}");
    }
}

/// A default that is a password is not shown, whatever is wrong with it or its flag.
#[test]
fn a_default_is_never_shown() {
    let flags = [
        "output",
        "dry-run",
        "validate",
        "from-literal",
        "from-file",
        "append-hash",
        "as-group",
        "request-timeout",
        "proxy-url",
        "server",
        "nope",
        "v",
        "type",
        "namespace",
        "template",
        "profile",
    ];
    for flag in flags {
        for more in [&[][..], &["-v=9"], &["--warnings-as-errors"], &["--validate=ignore"]] {
            let file = format!(
                "{HEAD}defaults:\n- command: create secret generic\n  options: [{{name: {flag}, default: {SECRET}}}]\n"
            );
            let run = run().words_added(more).arg("--kuberc=kuberc");
            let answer = answer(run, "kuberc", file.as_bytes());
            assert!(answer.status.is_some_and(|status| status < 2), "{answer:?}");
        }
    }
}
