//! `--output-file` on a cluster: all documents or none, and what was done is reported.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::fs;

use serde_json::json;

use super::double::Double;
use super::tool::{secret, tool};
use crate::harness::Run;

const X: &str = "generic x --from-literal=a=1";

fn double(namespaces: &[&str]) -> Double {
    let double = Double::start();
    for namespace in namespaces {
        double.add_namespace(namespace, &[]);
    }
    double
}

/// What is in the file, and whether a temporary one is left.
fn written(run: &Run) -> String {
    let names = fs::read_dir(run.work()).unwrap().map(|entry| entry.unwrap().file_name());
    for name in names.map(|name| name.into_string().unwrap()) {
        assert!(!name.starts_with(".mksecret"), "{name}");
    }
    fs::read_to_string(run.work().join("out")).unwrap_or_default()
}

#[test]
fn all_documents_go_into_one_file() {
    for words in [
        "--namespaces=a,b --dry-run=server -o yaml",
        "--namespaces=a,b --apply --dry-run=server -o json",
        "--namespaces=a,b --apply --dry-run=server -o name",
        "--namespace=a --dry-run=server -o jsonpath={.data}",
    ] {
        let double = double(&["a", "b"]);
        // The server's answers have a time and an UID of their own.
        let fixed = |text: &str| {
            let kept = |line: &&str| !line.contains("creationTimestamp") && !line.contains("uid");
            text.lines().filter(kept).map(|line| format!("{line}\n")).collect::<String>()
        };
        let printed = tool(&double, &format!("{X} {words}")).run();
        assert_eq!(printed.status, Some(0), "{words}");
        let run = tool(&double, &format!("{X} {words} --output-file=out"));
        run.run().succeeds("", "");
        let printed = String::from_utf8(printed.stdout).unwrap();
        assert_eq!(fixed(&written(&run)), fixed(&printed), "{words}");
        assert!(!printed.is_empty());
    }
}

#[test]
fn an_applied_object_is_written() {
    let double = double(&["a"]);
    let run = tool(&double, &format!("{X} -n a --apply -o yaml --output-file=out"));
    run.run().succeeds("", "");
    let text = written(&run);
    assert!(text.contains("a: MQ==") && text.contains("resourceVersion"), "{text}");
    assert!(double.secret("a", "x").is_some());
}

#[test]
fn if_a_target_fails_the_old_file_stays() {
    let double = double(&["a", "b", "d"]);
    double.create_secret("other", "b", secret("x", &json!({})));
    let words = format!("{X} --namespaces=a,b,d -o yaml --output-file=out");
    let run = tool(&double, &words).file("out", "old");
    run.run().fails(
        "error: secret/x already exists in namespace b\n\
         hint: use --if-absent to leave it unchanged, or --apply to update it\n\
         secret/x created in namespace a, but out is not written\n\
         secret/x created in namespace d, but out is not written\n\
         error: 1 of 3 targets failed\n",
    );
    assert_eq!(written(&run), "old");
    let run = tool(&double, &format!("{X} --apply=false -n b -o yaml --output-file=out"));
    assert_eq!(run.run().status, Some(1));
    assert!(!run.work().join("out").exists());
}

#[test]
fn what_cannot_be_written_is_found_before_anything_is_sent() {
    let double = double(&["a"]);
    let run = tool(&double, &format!("{X} -n a -o yaml --output-file=none/out.yaml"));
    run.run().fails(
        "error: cannot write none/out.yaml: its directory does not exist\nhint: mkdir -p none\n",
    );
    let run = tool(&double, &format!("{X} -n a -o yaml --output-file=d/out")).folder("d");
    let folder = run.work().join("d");
    let read_only = std::os::unix::fs::PermissionsExt::from_mode(0o555);
    fs::set_permissions(folder, read_only).unwrap();
    let answer = run.unprivileged().run();
    assert_eq!((answer.status, answer.stdout.len()), (Some(1), 0));
    assert!(double.seen().is_empty());
}

#[test]
fn what_was_done_is_told_if_the_file_fails_at_last() {
    let double = double(&["a"]);
    let run = tool(&double, &format!("{X} -n a -o yaml --output-file=/dev/full"));
    run.run().fails(
        "secret/x created, but /dev/full is not written\n\
         error: cannot write /dev/full: no space left on device\n",
    );
    assert!(double.secret("a", "x").is_some());
}
