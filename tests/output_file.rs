use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::harness::{Folder, Run, mksecret, wait};

const PRINTED: &str = "apiVersion: v1\ndata:\n  a: MQ==\nkind: Secret\nmetadata:\n  name: x\n";

/// A run that prints this Secret, with more words.
fn run(words: &str) -> Run {
    let all = format!("generic x --from-literal=a=1 --dry-run=client {words}");
    mksecret(all.split_whitespace())
}

#[track_caller]
fn is_silent(run: &Run) {
    run.run().succeeds("", "");
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

/// The names in the folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_file_holds_what_stdout_would() {
    for words in [
        "-o yaml",
        "-o json",
        "-o kyaml",
        "-o name",
        "-o jsonpath={.data.a}",
        "-o go-template={{.kind}}",
        "-o yaml --namespaces=a,b",
        "-o json --namespaces=a,b,c",
        "-o name --namespaces=a,b",
    ] {
        let printed = run(words).run();
        assert_eq!(printed.status, Some(0), "{words}");
        let run = run(&format!("{words} --output-file=out"));
        is_silent(&run);
        assert_eq!(fs::read(run.work().join("out")).unwrap(), printed.stdout, "{words}");
        assert_eq!(names(&run.work()), ["out"], "{words}");
    }
}

#[test]
fn only_the_owner_may_read_it() {
    let rows = [(None, 0o600), (Some(0o644), 0o600), (Some(0o777), 0o600), (Some(0o600), 0o600)];
    for (before, want) in rows {
        let run = run("-o yaml --output-file=out");
        let path = run.work().join("out");
        if let Some(before) = before {
            fs::write(&path, "old, and longer than what replaces it: ".repeat(9)).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
        }
        is_silent(&run);
        assert_eq!(mode(&path), want, "{before:?}");
        assert_eq!(fs::read_to_string(path).unwrap(), PRINTED, "{before:?}");
    }
}

#[test]
fn a_umask_does_not_change_the_mode() {
    let folder = Folder::new();
    let tool = run("-o yaml --output-file=out").command();
    let mut shell = folder.command("sh");
    shell.args(["-c", "umask 777; exec \"$@\"", "sh"]).arg(tool.get_program());
    assert!(shell.args(tool.get_args()).status().unwrap().success());
    assert_eq!(mode(&folder.work().join("out")), 0o600);
}

/// A program that has the old file open keeps the old bytes: the file is replaced, not rewritten.
#[test]
fn an_open_file_keeps_its_bytes() {
    let run = run("-o yaml --output-file=out").file("out", "old");
    let mut old = fs::File::open(run.work().join("out")).unwrap();
    is_silent(&run);
    let mut text = String::new();
    old.read_to_string(&mut text).unwrap();
    assert_eq!(text, "old");
}

#[test]
fn links_stay_and_their_targets_are_replaced() {
    for (target, before) in [("real", Some("old")), ("real", None), ("sub/real", None)] {
        let mut run = run("-o yaml --output-file=first").folder("sub");
        run = run.link("first", "sub/second").link("sub/second", format!("../{target}"));
        if let Some(text) = before {
            run = run.file(target, text);
        }
        is_silent(&run);
        let work = run.work();
        assert_eq!(fs::read_link(work.join("first")).unwrap(), Path::new("sub/second"));
        assert!(work.join("sub/second").is_symlink());
        assert_eq!(fs::read_to_string(work.join(target)).unwrap(), PRINTED, "{target}");
        assert_eq!(mode(&work.join(target)), 0o600, "{target}");
    }
}

#[test]
fn a_pipe_is_written_to() {
    let run = run("-o yaml --output-file=pipe").fifo("pipe");
    let path = run.work().join("pipe");
    let reader = thread::spawn(move || fs::read_to_string(path).unwrap());
    is_silent(&run);
    assert_eq!(reader.join().unwrap(), PRINTED);
    assert_eq!(names(&run.work()), ["pipe"]);
}

#[test]
fn devices_are_written_to() {
    let before = fs::metadata("/dev/null").unwrap().permissions().mode();
    is_silent(&run("-o yaml --output-file=/dev/null"));
    assert_eq!(fs::metadata("/dev/null").unwrap().permissions().mode(), before);
    let warned = run("-o yaml --output-file=/dev/stderr --match-server-version").run();
    let warning = "warning: --match-server-version has no effect in mksecret\n";
    warned.succeeds("", &format!("{warning}{PRINTED}"));
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        run(&format!("-o yaml --output-file={name}")).run().succeeds(PRINTED, "");
    }
    let linked = run("-o yaml --output-file=out").link("out", "/dev/stdout");
    linked.run().succeeds(PRINTED, "");
    if cfg!(target_os = "linux") {
        run("-o yaml --output-file=/dev/full")
            .run()
            .fails("error: cannot write /dev/full: no space left on device\n");
    }
}

/// A shell's `3>FILE` and process substitution.
#[test]
fn descriptors_are_written_to() {
    let folder = Folder::new();
    let tool = run("-o yaml --output-file=/dev/fd/3").command();
    let mut shell = folder.command("sh");
    shell.args(["-c", "exec 3>out; echo first >&3; \"$@\"", "sh"]);
    let shell = shell.arg(tool.get_program()).args(tool.get_args());
    assert!(shell.status().unwrap().success());
    let text = fs::read_to_string(folder.work().join("out")).unwrap();
    assert_eq!(text, format!("first\n{PRINTED}"));
}

/// Whatever fails, the old file keeps its bytes and its mode, and there is no other.
#[test]
fn after_a_failure_the_old_file_is_unchanged() {
    let rows = [
        "-o yaml --from-literal=a=2",
        "-o yaml --labels=a=/",
        "-o yaml --from-file=missing.txt",
        "-o yaml --match-server-version --warnings-as-errors",
        "-o go-template={{.kind.x}}",
        "-o nonsense",
    ];
    for words in rows {
        let run = run(&format!("{words} --output-file=out")).file("out", "old");
        let path = run.work().join("out");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let answer = run.run();
        assert_eq!(answer.impropriety(), None);
        assert_eq!(answer.status, Some(1), "{words}");
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), mode(&path)), ("old", 0o640));
        assert_eq!(names(&run.work()), ["out"], "{words}");
    }
}

/// As on a full disk: the limit on a file's size lets the file be created, but not filled.
#[test]
fn what_cannot_be_completed_is_removed() {
    for before in ["", "trap '' XFSZ; "] {
        let folder = Folder::new();
        fs::write(folder.work().join("out"), "old").unwrap();
        let tool = run("-o yaml --output-file=out").command();
        let mut shell = folder.command("sh");
        shell.args(["-c", &format!("{before}ulimit -f 0; exec \"$@\""), "sh"]);
        shell.arg(tool.get_program()).args(tool.get_args());
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        wait(shell.spawn().unwrap(), None, before.to_owned())
            .fails("error: cannot write out: file too large\nhint: the file is unchanged\n");
        assert_eq!(fs::read_to_string(folder.work().join("out")).unwrap(), "old");
        assert_eq!(names(&folder.work()), ["out"]);
    }
}

#[test]
fn without_permission() {
    let limited = run("-o yaml --output-file=d/out").folder("d").unprivileged();
    let folder = limited.work().join("d");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    limited.run().fails(
        "error: cannot write d/out: permission denied, when creating a temporary file in d\n\
         hint: choose a directory that you can write to, or let the shell write the file: -o yaml > \
         FILE\n",
    );
    let limited = run("-o yaml --output-file=out").file("out", "old").unprivileged();
    let path = limited.work().join("out");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    limited.run().fails(
        "error: cannot write out: permission denied\n\
         hint: choose another file, or make it writable: chmod u+w out\n",
    );
    assert_eq!((fs::read_to_string(&path).unwrap().as_str(), mode(&path)), ("old", 0o444));
}

/// A temporary file that a killed process left does not stop the next one with its number.
#[test]
fn temporary_files_of_others_stay() {
    let folder = Folder::new();
    let tool = run("-o yaml --output-file=out").command();
    let mut shell = folder.command("sh");
    shell.args(["-c", "echo old > .mksecret-$$-0.tmp; exec \"$@\"", "sh"]);
    shell.arg(tool.get_program()).args(tool.get_args());
    assert!(shell.status().unwrap().success());
    let names = names(&folder.work());
    assert!(names[0].starts_with(".mksecret-") && names[1..] == ["out"], "{names:?}");
    assert_eq!(fs::read_to_string(folder.work().join(&names[0])).unwrap(), "old\n");
}

/// A signal finds the old file or the new one, and nothing else.
#[test]
fn a_signal_leaves_no_part() {
    let big = "v".repeat(900_000);
    let mut ended = 0;
    for step in 0..60_u64 {
        let run = mksecret(["generic", "x", "--from-file=big", "--dry-run=client", "-o", "yaml"])
            .arg("--output-file=out")
            .file("big", &big)
            .file("out", "old");
        let mut child = run.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(std::time::Duration::from_micros(step * 700));
        let signal = ["INT", "TERM", "HUP"][usize::try_from(step % 3).unwrap()];
        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).output();
        kill.unwrap();
        let status = child.wait().unwrap();
        ended += usize::from(!status.success());
        let len = fs::metadata(run.work().join("out")).unwrap().len();
        assert!(len == 3 || len > 1_200_000, "step {step}: {len} bytes");
        assert_eq!(names(&run.work()), ["big", "out"], "step {step}");
    }
    assert!(ended > 0, "no run was ended by a signal");
}
