//! The credential plugin policy of a kuberc file: which plugins start, and which never do. The
//! verdicts are those of kubectl 1.37.1 under the same file, kubeconfig and PATH.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::double::{Double, Rights};
use crate::harness::{Run, mksecret};

const V1: &str = "client.authentication.k8s.io/v1";

/// A run whose user logs in by `command`, under this policy; the plugin leaves the file `started`.
/// The kubeconfig gives it a `PATH` with another of the name, which would leave `wrong`.
fn run(double: &Double, command: &str, policy: &str) -> Run {
    let kubeconfig = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "a",
        "clusters": [{"name": "a", "cluster": {
            "server": double.url(),
            "certificate-authority-data": STANDARD.encode(double.ca_pem()),
        }}],
        "users": [{"name": "a", "user": {"exec": {
            "apiVersion": V1, "command": "@COMMAND@", "interactiveMode": "Never",
            "env": [{"name": "PATH", "value": "@WORK@/wrong-bin:/usr/bin:/bin"}],
        }}}],
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
    });
    let answer = json!({"kind": "ExecCredential", "apiVersion": V1, "status": {"token": "t"}});
    let run = mksecret(["generic", "s", "--from-literal=a=b"]);
    let work = run.work().to_str().unwrap().to_owned();
    let script = |file| format!("#!/bin/sh\n: >'{work}/{file}'\ncat <<'END'\n{answer}\nEND\n");
    let head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
    let placed = |text: &str| text.replace("@WORK@", &work);
    let kubeconfig = placed(&kubeconfig.to_string().replace("@COMMAND@", command));
    let run = run
        .file("kc", kubeconfig)
        .file("kuberc", format!("{head}{}", placed(policy)))
        .file("bin/plug", script("started"))
        .file("wrong-bin/plug", script("wrong"))
        .file("elsewhere/bin/plug", script("wrong"))
        .folder("elsewhere/folder")
        .link("deep", format!("{work}/elsewhere/folder"))
        .link("other/link", format!("{work}/bin/plug"))
        .link("folder", format!("{work}/bin"))
        .env("KUBECONFIG", "kc")
        .env("KUBERC", "kuberc")
        .env("PATH", format!("{work}/bin:/usr/bin:/bin"));
    for plugin in ["bin/plug", "wrong-bin/plug", "elsewhere/bin/plug"] {
        std::fs::set_permissions(run.work().join(plugin), Permissions::from_mode(0o755)).unwrap();
    }
    run
}

/// Lists this as allowed.
fn list(entry: &str) -> String {
    format!(
        "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{{command: {entry}}}]\n"
    )
}

#[test]
fn a_plugin_that_is_refused_never_starts() {
    let double = Double::start();
    double.add_user("t", "t", Rights::All);
    let all = "credentialPluginPolicy: AllowAll\n".to_owned();
    let none = "credentialPluginPolicy: DenyAll\n".to_owned();
    let rows = [
        ("plug", String::new(), true),
        ("plug", all, true),
        ("plug", none.clone(), false),
        ("@WORK@/bin/plug", none, false),
        ("plug", list("plug"), true),
        ("plug", list("@WORK@/bin/plug"), true),
        ("plug", list("other"), false),
        ("plug", list("@WORK@/other/link"), false),
        ("plug", list("@WORK@/folder/plug"), false),
        ("plug", list("bin/plug"), false),
        ("@WORK@/bin/plug", list("plug"), true),
        ("@WORK@/bin/../bin/plug", list("@WORK@/bin/plug"), true),
        ("./bin/plug", list("plug"), true),
        ("./bin/plug", list("bin/plug"), false),
        ("@WORK@/other/link", list("@WORK@/other/link"), true),
        ("@WORK@/other/link", list("@WORK@/bin/plug"), false),
        ("@WORK@/other/link", list("plug"), false),
        ("@WORK@/folder/plug", list("plug"), false),
        ("@WORK@/deep/../bin/plug", list("@WORK@/bin/plug"), true),
        ("@WORK@/deep/../bin/plug", String::new(), true),
    ];
    for (command, policy, starts) in rows {
        let run = run(&double, command, &policy);
        let started = run.work().join("started");
        let answer = run.run();
        assert_eq!(started.exists(), starts, "{command} {policy}: {answer:?}");
        assert!(!run.work().join("wrong").exists(), "{command} {policy}: {answer:?}");
        assert_eq!(answer.status, Some(i32::from(!starts)), "{command} {policy}: {answer:?}");
        let stderr = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert_eq!(stderr.contains("may not be started"), !starts, "{command} {policy}: {stderr}");
        assert_eq!(double.seen().len(), usize::from(starts), "{command} {policy}");
        double.clear_log();
        double.remove_secret("default", "s");
    }
}

#[test]
fn relative_folders_of_path_are_not_searched() {
    let double = Double::start();
    for policy in [String::new(), list("plug")] {
        let run = run(&double, "plug", &policy).env("PATH", "bin:/usr/bin:/bin");
        run.run().fails(
            "error: the credential plugin \"plug\" could not be started: not found in PATH \
             (relative directories in PATH are not searched)\n",
        );
        assert!(!run.work().join("started").exists());
        assert_eq!(double.seen().len(), 0);
    }
}
