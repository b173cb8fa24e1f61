//! TAB behind `--namespace`: the cluster's own namespaces, where it answers at once.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::double::{Double, Fault, Rights, Rule};
use crate::harness::{BINARY, Folder};

/// What is offered behind these words, by kubectl's protocol, and how long that took.
fn offered(kubeconfig: &str, words: &[&str]) -> (String, Duration) {
    let folder = Folder::new();
    let path = folder.work().join("config");
    fs::write(&path, kubeconfig).unwrap();
    let mut command = folder.command(BINARY);
    command.arg("__complete").args(words).env("KUBECONFIG", path).stdin(Stdio::null());
    let start = Instant::now();
    let out = command.output().unwrap();
    assert!(out.status.success() && out.stderr.is_empty(), "{out:?}");
    (String::from_utf8(out.stdout).unwrap(), start.elapsed())
}

#[test]
fn namespaces_of_the_cluster_are_offered() {
    let double = Double::start();
    double.add_namespace("shop", &[]);
    let config = double.kubeconfig();
    let (all, _) = offered(&config, &["generic", "x", "--namespace", ""]);
    assert_eq!(all, "default\nkube-system\nshop\n:4\n");
    let (one, _) = offered(&config, &["generic", "x", "--namespaces=shop,de"]);
    assert_eq!(one, "--namespaces=shop,default\n:4\n");
    // A flag on the line reaches another cluster, here none.
    let none = ["generic", "x", "--server=https://127.0.0.1:1", "-n", ""];
    assert_eq!(offered(&config, &none).0, ":4\n");
}

#[test]
fn nobody_waits_for_a_cluster() {
    let double = Double::start();
    double.add_user("nobody", "nobody", Rights::Only(Vec::new()));
    let refused = double.kubeconfig_for("nobody");
    assert_eq!(offered(&refused, &["generic", "x", "-n", ""]).0, ":4\n");
    double.fault(Rule::new(Fault::Slow(Duration::from_secs(20))).at("/namespaces"));
    let (none, took) = offered(&double.kubeconfig(), &["generic", "x", "-n", ""]);
    assert_eq!(none, ":4\n");
    assert!(took < Duration::from_secs(10), "{took:?}");
}
