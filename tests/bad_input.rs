//! Bytes, files and streams that nobody wants. Nothing panics, nothing hangs, stdout is whole or
//! empty, and each mistake has its own message.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use crate::harness::{self, BINARY, Folder, Run, fixed, in_parallel, mksecret};

const PRINT: [&str; 2] = ["--dry-run=client", "-oyaml"];
const FIXTURES: [&str; 2] = ["tls.crt", "tls.key"];
/// The API server's limit, ours with `--validate=strict`.
const STRICT: usize = 1 << 20;
/// Ours with `--validate=warn` and `--validate=ignore`.
const LOOSE: usize = 64 << 20;

fn tls_files(run: Run) -> Run {
    FIXTURES.into_iter().fold(run, |run, name| {
        let source = harness::source("tests/fixtures/web").join(name.replace("tls.", "web."));
        run.file(name, fs::read(source).unwrap())
    })
}

fn generic(args: &[&str]) -> Run {
    mksecret(["generic", "db"].iter().chain(args).chain(&PRINT))
}

// ---- any bytes ----

/// A word of a command line: what is known, what is nearly known, and anything at all.
fn word() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "generic",
        "tls",
        "docker-registry",
        "bootstrap-token",
        "basic-auth",
        "ssh-auth",
        "service-account-token",
        "create",
        "secret",
        "help",
        "--",
        "-",
        "-h",
        "-o",
        "-n",
        "-l",
        "-v",
        "-s",
        "yaml",
        "json",
        "kyaml",
        "name",
        "x",
        "--from-literal",
        "--from-file",
        "--from-env-file",
        "--dry-run",
        "--dry-run=client",
        "--validate",
        "--append-hash",
        "--save-config",
        "--docker-username=u",
        "--docker-password=p",
        "--print-join-command",
        "abcdef.0123456789abcdef",
        "--ttl",
        "--expires",
        "--groups",
    ]);
    let flag = prop::sample::select(vec![
        "--from-literal=",
        "--from-file=",
        "--from-env-file=",
        "--type=",
        "--labels=",
        "--annotations=",
        "--server=",
        "--proxy-url=",
        "--request-timeout=",
        "--vmodule=",
        "--log-flush-frequency=",
        "-v=",
        "--ttl=",
        "--expires=",
        "--groups=",
        "--usages=",
        "--api-server-endpoint=",
        "--discovery-token-ca-cert-hash=",
        "--certificate-key=",
        "--validate=",
        "--output=",
        "--namespace=",
        "--as-user-extra=",
        "--immutable=",
        "--",
        "-",
    ]);
    // argv ends a word at a zero byte, so none can be in it.
    let any = prop::collection::vec(1..=255_u8, 0..12);
    let form = "[-=,:/.%@\\[\\]\"'0-9a-zµ\u{1680}]{0,12}".prop_map(String::into_bytes);
    let value = prop_oneof![any, form];
    prop_oneof![
        4 => known.prop_map(|word| word.as_bytes().to_vec()),
        3 => (flag, value.clone()).prop_map(|(flag, value)| [flag.as_bytes(), &value].concat()),
        1 => value,
    ]
}

fn command_line() -> impl Strategy<Value = Vec<OsString>> {
    prop::collection::vec(word().prop_map(OsString::from_vec), 0..9)
}

proptest! {
    #![proptest_config(fixed(2000))]

    #[test]
    fn no_command_line_breaks_the_parser(words in command_line()) {
        // What it says is of no interest here, that it comes back is.
        if let Err(error) = mksecret::testing::parse(words) {
            prop_assert!(!error.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(fixed(60))]

    #[test]
    fn no_command_line_breaks_a_run(words in command_line()) {
        let answer = mksecret(words).file("x", "a=b\n").run();
        prop_assert_eq!(answer.impropriety(), None);
    }

    #[test]
    fn no_file_breaks_a_run(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        name in "[a-z]{1,8}",
        stdin: bool,
    ) {
        let source = if stdin { "/dev/stdin".to_owned() } else { "f".to_owned() };
        for args in [
            vec!["generic".to_owned(), "x".to_owned(), format!("--from-env-file={source}")],
            vec!["generic".to_owned(), "x".to_owned(), format!("--from-file={name}={source}")],
            vec!["docker-registry".to_owned(), "x".to_owned(), format!("--from-file={source}")],
            vec!["tls".to_owned(), "x".to_owned(), format!("--cert={source}"), "--key=f".to_owned()],
        ] {
            let run = mksecret(args).words_added(&PRINT).arg("--string-data");
            let run = run.file("f", &bytes).stdin(bytes.clone());
            prop_assert_eq!(run.run().impropriety(), None);
        }
    }

    #[test]
    fn no_variable_breaks_a_run(value in prop::collection::vec(1..=255_u8, 0..40)) {
        let run = generic(&["--from-env-file=e"]).file("e", "NAME\n");
        let answer = run.env("NAME", OsString::from_vec(value)).run();
        prop_assert_eq!(answer.impropriety(), None);
        prop_assert_eq!(answer.status, Some(0));
    }
}

#[test]
fn a_name_that_is_no_text_is_refused_and_printed_with_ignore() {
    let name = || OsString::from_vec(b"a\xffb".to_vec());
    let run = || mksecret(["generic"]).arg(name()).arg("--from-literal=a=1").words_added(&PRINT);
    let refused = run().run();
    assert_eq!((refused.status, refused.impropriety()), (Some(1), None));
    let want = "apiVersion: v1\ndata:\n  a: MQ==\nkind: Secret\nmetadata:\n  name: a\u{fffd}b\n";
    run().arg("--validate=ignore").run().succeeds(want, "");
}

#[test]
fn a_path_that_is_no_text_is_read() {
    let path = OsString::from_vec(b"f\xff".to_vec());
    let word = OsString::from_vec(b"--from-file=k=f\xff".to_vec());
    let run = mksecret(["generic", "db"]).arg(word).words_added(&PRINT).file(path, "1");
    run.run()
        .succeeds("apiVersion: v1\ndata:\n  k: MQ==\nkind: Secret\nmetadata:\n  name: db\n", "");
}

// ---- standard output ----

/// The command with bash around it, for what only a shell can do to a stream.
fn in_bash(folder: &Folder, script: &str) -> harness::Answer {
    let mut command = folder.command("bash");
    command.args(["-c", script]).env("mksecret", BINARY);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    harness::wait(command.spawn().unwrap(), None, script.to_owned())
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for args in [
        &["generic", "db", "--from-literal=a=1", "--dry-run=client", "-oyaml"][..],
        &["bootstrap-token", "--dry-run=client"],
        &["--help"],
        &["--version"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = mksecret(args);
        let mut command = run.command();
        command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
        let answer = harness::wait(command.spawn().unwrap(), None, format!("{args:?} | true"));
        answer.fails("");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let run = generic(&["--from-literal=a=1"]);
    let mut command = run.command();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    command.stdin(Stdio::null()).stdout(full).stderr(Stdio::piped());
    let answer = harness::wait(command.spawn().unwrap(), None, "> /dev/full".to_owned());
    assert_eq!(answer.status, Some(1));
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.starts_with("error: cannot write to standard output: "), "{said}");
    assert!(said.to_lowercase().contains("no space left on device"), "{said}");
}

#[test]
fn a_stdout_that_is_closed_before_the_start_is_no_error() {
    let folder = Folder::new();
    let make = "\"$mksecret\" generic db --from-literal=a=1 --dry-run=client";
    in_bash(&folder, &format!("{make} >&-")).succeeds("", "");
    in_bash(&folder, &format!("{make} <&-")).succeeds("secret/db created (dry run)\n", "");
    in_bash(&folder, &format!("{make} 2>&-")).succeeds("secret/db created (dry run)\n", "");
    in_bash(&folder, &format!("{make} <&- >&- 2>&-")).succeeds("", "");
    // A file that is opened then may get the number of stdout; nothing may be written into it.
    fs::write(folder.work().join("f"), "kept").unwrap();
    let script = "\"$mksecret\" generic db --from-file=f --dry-run=client >&-; cat f";
    in_bash(&folder, script).succeeds("kept", "");
}

#[test]
fn stderr_that_nobody_reads_does_not_matter() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = mksecret(["generic", "db", "--dry-run=client"]);
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(writer);
    let answer = harness::wait(command.spawn().unwrap(), None, "2>&1 >x | true".to_owned());
    answer.succeeds("secret/db created (dry run)\n", "");
}

// ---- files ----

#[test]
fn an_endless_file_is_refused() {
    let reading = "error: cannot read /dev/zero: ";
    let opening = "error: Cannot read file /dev/zero: ";
    let join = ["bootstrap-token", "--print-join-command", "--api-server-endpoint=a:1"];
    let rows: [(&[&str], &str, &str, &str); 6] = [
        (&["generic", "x"], "--from-file=k=/dev/zero", reading, " (--from-file)"),
        (&["generic", "x"], "--from-env-file=/dev/zero", reading, " (--from-env-file)"),
        (&["docker-registry", "x"], "--from-file=/dev/zero", reading, " (--from-file)"),
        (&["tls", "x", "--key=tls.key"], "--cert=/dev/zero", opening, ""),
        (&["tls", "x", "--cert=tls.crt"], "--key=/dev/zero", opening, ""),
        (&join, "--ca-cert=/dev/zero", "error: /dev/zero: ", ""),
    ];
    let run = |args: &[&str], source: &str| {
        let run = tls_files(mksecret(args.iter().copied()));
        run.words_added(&["--dry-run=client", source])
    };
    for (args, source, start, end) in rows {
        run(args, source).run().fails(&format!(
            "{start}it is longer than {STRICT} bytes{end}\nhint: the API server accepts at most {STRICT} bytes in \
             a Secret; --validate=ignore reads more\n"
        ));
    }
    // One of each door is enough: these read a lot before they stop.
    let loose = [(&rows[0], "--validate=ignore"), (&rows[3], "--validate=warn")];
    for ((args, source, start, end), validate) in
        loose.into_iter().chain([(&rows[5], "--validate=0")])
    {
        run(args, source).arg(validate).run().fails(&format!(
            "{start}it is longer than {LOOSE} bytes{end}\nhint: no Secret can be that large\n"
        ));
    }
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let run = generic(&["--from-file=f"]).file("f", "1");
    let path = run.work().join("f");
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        println!("SKIPPED: this user may read every file");
        return;
    }
    run.run()
        .fails("error: cannot read f: permission denied\nhint: check its permissions: ls -l f\n");
}

#[test]
fn each_wrong_file_has_its_own_message() {
    let kinds = ["missing", "folder", "file/x", "loop"];
    let commands: [(&str, &[&str]); 5] = [
        ("--from-file=k=", &["generic", "x"]),
        ("--from-env-file=", &["generic", "x"]),
        ("--from-file=.dockerconfigjson=", &["docker-registry", "x"]),
        ("--cert=", &["tls", "x", "--key=file"]),
        ("--ca-cert=", &["bootstrap-token", "--print-join-command", "--api-server-endpoint=a:1"]),
    ];
    for (flag, args) in commands {
        let mut messages = Vec::new();
        for kind in kinds {
            let run = mksecret(args).arg(format!("{flag}{kind}")).arg("--dry-run=client");
            let run = run.file("file", "x").folder("folder").link("loop", "loop");
            let answer = run.run();
            assert_eq!(answer.impropriety(), None);
            assert_eq!(answer.status, Some(1), "{flag}{kind}");
            let message = String::from_utf8(answer.stderr).unwrap();
            assert!(message.contains("\nhint: "), "{flag}{kind} has no hint: {message}");
            messages.push(message.lines().next().unwrap().replace(kind, ""));
        }
        let all = messages.clone();
        messages.sort();
        messages.dedup();
        assert_eq!(messages.len(), kinds.len(), "{all:#?}");
    }
}

#[test]
fn a_pipe_gives_its_bytes_once() {
    let folder = Folder::new();
    let script = "\"$mksecret\" generic db --from-file=a=<(echo 1; echo) --from-file=b=<(echo 2; echo) \
                  --dry-run=client -o yaml";
    let want = "apiVersion: v1\ndata:\n  a: MQoK\n  b: MgoK\nkind: Secret\nmetadata:\n  name: db\n";
    in_bash(&folder, script).succeeds(want, "");
    let script = "exec 9< <(echo 1); \"$mksecret\" generic db --from-file=a=/dev/fd/9 \
                  --from-file=b=/dev/fd/9 --dry-run=client -o yaml";
    in_bash(&folder, script).fails(
        "error: cannot read /dev/fd/9: it was already read, and a pipe can be read only once \
         (--from-file number 2)\n\
         hint: write it to a file first, or use it once\n",
    );
}

#[test]
fn the_limits_are_exact() {
    let sized = |size: usize, validate: &str| {
        let run = mksecret(["generic", "db", "--from-file=f", "--dry-run=client", validate]);
        let file = File::create(run.work().join("f")).unwrap();
        // A hole: it reads as zeros and takes no room.
        file.set_len(size.try_into().unwrap()).unwrap();
        run.run()
    };
    let made = "secret/db created (dry run)\n";
    let holds = |limit, hint| {
        format!(
            "error: cannot read f: it is longer than {limit} bytes (--from-file)\nhint: {hint}\n"
        )
    };
    let strict_hint = "the API server accepts at most 1048576 bytes in a Secret; \
                       --validate=ignore reads more";
    sized(STRICT, "--validate=strict").succeeds(
        made,
        "warning: data: 1048576 bytes, over 80 % of the 1048576 that are allowed\n\
         hint: split it into several Secrets\n",
    );
    sized(STRICT + 1, "--validate=strict").fails(&holds(STRICT, strict_hint));
    sized(STRICT + 1, "--validate=ignore").succeeds(made, "");
    sized(STRICT + 1, "--validate=warn").succeeds(
        made,
        "warning: data: 1048577 bytes, may not be more than 1048576 bytes (biggest: f: 1048577)\n\
         hint: split it into several Secrets\n",
    );
    sized(LOOSE + 1, "--validate=ignore").fails(&holds(LOOSE, "no Secret can be that large"));
    sized(LOOSE + 1, "--validate=warn").fails(&holds(LOOSE, "no Secret can be that large"));
}

#[test]
fn a_long_env_line_stays_whole() {
    let value = "v".repeat(70_000);
    let env = format!("A=1\nB={value}\nC=3\n");
    let run = generic(&["--from-env-file=e", "--string-data"]).file("e", env);
    let want = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  A: \"1\"\n  B: {value}\n  C: \"3\"\n"
    );
    run.run().succeeds(&want, "");
}

#[test]
fn a_thousand_keys_are_all_there() {
    let env: String = (0..1000).map(|n| format!("KEY_{n:04}={n}\n")).collect();
    let data: String = (0..1000).map(|n| format!("  KEY_{n:04}: \"{n}\"\n")).collect();
    let run = generic(&["--from-env-file=e", "--string-data"]).file("e", env);
    let want = format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n{data}");
    run.run().succeeds(&want, "");
}

// ---- signals ----

/// Whether the process sleeps in a read or an open, by its state.
fn sleeps(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('S'))
}

/// Sends ctrl-C's signal to a run that waits for bytes, and gives what came of it.
fn interrupted(run: &Run, stdin: Stdio) -> harness::Answer {
    let mut command = run.command();
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let id = child.id();
    while !sleeps(id) {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &id.to_string()]).status().unwrap().success());
    harness::wait(child, None, "ctrl-C".to_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_by_the_signal() {
    let (reader, writer) = std::io::pipe().unwrap();
    let answer = interrupted(&generic(&["--from-file=k=/dev/stdin"]), reader.into());
    drop(writer);
    assert_eq!((answer.status, answer.signal), (None, Some(2)));
    assert_eq!((answer.stdout, answer.stderr), (vec![], vec![]));
    let fifo = generic(&["--from-file=k=pipe"]).fifo("pipe");
    let answer = interrupted(&fifo, Stdio::null());
    assert_eq!((answer.status, answer.signal), (None, Some(2)));
    assert_eq!((answer.stdout, answer.stderr), (vec![], vec![]));
}

#[test]
fn a_fifo_is_read_to_its_end() {
    let run = generic(&["--from-file=k=pipe", "--string-data"]).fifo("pipe");
    let path = run.work().join("pipe");
    let writer = std::thread::spawn(move || {
        let mut pipe = OpenOptions::new().write(true).open(path).unwrap();
        for _ in 0..3 {
            pipe.write_all(b"part,").unwrap();
        }
    });
    let answer = run.run();
    writer.join().unwrap();
    answer.succeeds(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  k: part,part,part,\n",
        "",
    );
}

// ---- randomness ----

#[test]
fn a_token_is_made_anew_each_time() {
    let runs: Vec<_> = (0..20).map(|_| mksecret(["bootstrap-token", "--dry-run=client"])).collect();
    let mut tokens = in_parallel(&runs, |run| {
        let answer = run.run();
        assert_eq!(answer.status, Some(0));
        let token = String::from_utf8(answer.stdout).unwrap();
        let said = String::from_utf8(answer.stderr).unwrap();
        let (id, secret) = token.trim_end().split_once('.').unwrap();
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        assert!(id.len() == 6 && secret.len() == 16 && plain(id) && plain(secret), "{token}");
        let expires = said.strip_prefix(&format!("token {id} expires at ")).unwrap();
        let time = expires.strip_suffix('\n').unwrap();
        assert!(time.len() == 20 && time.starts_with('2') && time.ends_with('Z'), "{said}");
        token
    });
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), runs.len());
}

// ---- stdout is whole or empty ----

#[test]
fn a_large_output_comes_whole_through_a_slow_pipe() {
    let value = "v".repeat(900_000);
    let run = generic(&["--from-file=k", "--string-data"]).file("k", &value);
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (mut text, mut piece) = (Vec::new(), vec![0; 777]);
    while let Ok(read @ 1..) = stdout.read(&mut piece) {
        text.extend_from_slice(&piece[..read]);
    }
    assert!(child.wait().unwrap().success());
    let want =
        format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  k: {value}\n");
    assert!(text == want.as_bytes(), "{} bytes, wanted {}", text.len(), want.len());
}
