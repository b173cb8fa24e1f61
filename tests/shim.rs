//! `contrib/kubectl` sends `kubectl create secret` to mksecret, and everything else to kubectl.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use crate::harness::{Folder, source};

const SHELLS: [&[&str]; 3] = [&["dash"], &["bash"], &["busybox", "sh"]];

/// Command lines that kubectl 1.37.1 takes for `create secret`.
const MKSECRET: &[&str] = &[
    "create secret",
    "create secret --help",
    "create secret generic db",
    "create secret generic db --from-literal=a=b --dry-run=client -o yaml",
    "create secret docker-registry pull --docker-username=u",
    "create secret tls web --cert=tls.crt --key=tls.key",
    "create secret unknown db",
    "create secret -h",
    "create secret --",
    "-n shop create secret generic db",
    "-nshop create secret generic db",
    "-n=shop create secret generic db",
    "--namespace shop create secret generic db",
    "--namespace=shop create secret generic db",
    "--namespace= create secret generic db",
    "--context prod -n shop create secret generic db",
    "--kubeconfig create create secret generic db",
    "-n create create secret generic db",
    "-n secret create secret generic db",
    "create -n shop secret generic db",
    "create --namespace shop secret generic db",
    "create --namespace=shop secret generic db",
    "create -n create secret generic db",
    "create -n secret secret generic db",
    "create --dry-run=client secret generic db",
    "create --dry-run secret generic db",
    "create --dry_run secret generic db",
    "create --validate secret generic db",
    "create --save-config secret generic db",
    "create --show-managed-fields secret generic db",
    "create --edit secret generic db",
    "create -R secret generic db",
    "create -o yaml secret generic db",
    "create -oyaml secret generic db",
    "create -f x secret generic db",
    "--insecure-skip-tls-verify create secret generic db",
    "--insecure_skip_tls_verify create secret generic db",
    "--insecure-skip-tls-verify=true create secret generic db",
    "--warnings-as-errors create --warnings-as-errors secret generic db",
    "--match-server-version --disable-compression create secret generic db",
    "-v 6 create secret generic db",
    "-v=6 create secret generic db",
    "--v 6 create secret generic db",
    "--unknown value create secret generic db",
    "--as '' create secret generic db",
    "'' create '' secret generic db",
    "- create secret generic db",
    "create secret generic exec -- x",
    "create secret generic 'a b' '*'",
    "--token - create secret generic db",
    "--context --odd create secret generic db",
    "-s https://x --proxy-url=y create --as z secret tls t",
];

/// Command lines that are something else to kubectl 1.37.1.
const KUBECTL: &[&str] = &[
    "",
    "version",
    "create",
    "create configmap secret",
    "create -f secret",
    "create -f secret generic",
    "create deployment create secret",
    "create namespace secret",
    "get secret create secret",
    "get secret",
    "apply -f create secret",
    "exec pod -- kubectl create secret generic db",
    "exec pod -- create secret generic db",
    "-n shop exec pod -- create secret",
    "run pod --image=x -- create secret generic db",
    "-- create secret generic db",
    "create -- secret generic db",
    "__complete create secret generic ''",
    "__completeNoDesc create secret ''",
    "help create secret",
    "secret create",
    "secret generic db",
    "Create secret generic db",
    "create secrets generic db",
    "create Secret generic db",
    "mksecret create secret",
    "-n create secret generic db",
    "--namespace create secret generic db",
    "--dry-run create secret generic db",
    "--dry-run client create secret generic db",
    "--unknown create secret generic db",
    "--help create secret generic db",
    "-h create secret generic db",
    "-R create secret generic db",
    "create -n secret",
    "create -n secret generic",
    "create --unknown secret generic db",
    "create -h secret generic db",
    "create -x secret",
    "create --kustomize secret generic db",
    "-n",
    "-n shop",
    "'*'",
];

#[test]
fn every_line_goes_to_its_program_with_its_arguments() {
    let folder = folder();
    for (lines, program) in [(MKSECRET, "mksecret"), (KUBECTL, "kubectl")] {
        for line in lines {
            let arguments: Vec<_> = split(line);
            let quoted: String = arguments.iter().map(|word| format!("<{word}>\n")).collect();
            let wanted = format!("{program}\n{quoted}");
            for shell in SHELLS {
                let output = run(&folder, shell, "shim/kubectl", &arguments);
                assert_eq!(output.status.code(), Some(7), "{shell:?}: {line}");
                assert_eq!(text(&output.stdout), wanted, "{shell:?}: {line}");
                assert_eq!(text(&output.stderr), "", "{shell:?}: {line}");
            }
        }
    }
}

#[test]
fn a_second_copy_in_path_does_not_call_the_first() {
    let folder = folder();
    place(&folder, "tools/kubectl", &fs::read_to_string(source("contrib/kubectl")).unwrap());
    for shell in SHELLS {
        let output = run(&folder, shell, "shim/kubectl", &["version"]);
        assert_eq!(output.status.code(), Some(127), "{shell:?}");
        // bash hands a script its absolute path.
        let stderr = text(&output.stderr).replace(&format!("{}/", folder.work().display()), "");
        let wanted = "error: no other kubectl in PATH after tools/kubectl\n\
                      hint: install kubectl; `kubectl create secret` works without it\n";
        assert_eq!(stderr, wanted, "{shell:?}");
        let output = run(&folder, shell, "tools/kubectl", &["create", "secret"]);
        assert_eq!(text(&output.stdout), "mksecret\n<create>\n<secret>\n", "{shell:?}");
    }
}

#[test]
fn without_mksecret_it_says_so() {
    let folder = folder();
    fs::remove_file(folder.work().join("tools/mksecret")).unwrap();
    for shell in SHELLS {
        let output = run(&folder, shell, "shim/kubectl", &["create", "secret", "generic", "db"]);
        assert_eq!(output.status.code(), Some(127), "{shell:?}");
        let wanted = "error: mksecret is not in PATH, but this kubectl passes `create secret` to it\n\
                      hint: install mksecret, or remove shim/kubectl\n";
        assert_eq!(text(&output.stderr), wanted, "{shell:?}");
    }
}

/// The shim before stand-ins for both programs, which print their name and arguments.
fn folder() -> Folder {
    let folder = Folder::new();
    place(&folder, "shim/kubectl", &fs::read_to_string(source("contrib/kubectl")).unwrap());
    for program in ["kubectl", "mksecret"] {
        let script = format!(
            "#!/bin/sh\necho {program}\nfor word; do printf '<%s>\\n' \"$word\"; done\nexit 7\n"
        );
        place(&folder, &format!("tools/{program}"), &script);
    }
    folder
}

fn place(folder: &Folder, path: &str, script: &str) {
    let path = folder.work().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs the script at `path` with the stand-ins as all that PATH has.
fn run<A: AsRef<std::ffi::OsStr>>(
    folder: &Folder,
    shell: &[&str],
    path: &str,
    arguments: &[A],
) -> Output {
    let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|directory| directory.join(shell[0]))
        .find(|program| Path::is_file(program));
    let mut command = folder.command(found.unwrap());
    command.args(&shell[1..]).arg(path).args(arguments);
    command.env("PATH", "shim:tools").output().unwrap()
}

/// A line's words; single quotes hold a word together.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap(),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
