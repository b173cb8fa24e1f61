//! Answers that are typed unseen, in a pseudo terminal: what is asked, what is taken, and that the
//! echo is on again whatever happens.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pts, Pty};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, Termios, tcgetattr};

use crate::harness::{BINARY, Folder, clock, position};

const PATIENCE: Duration = Duration::from_secs(60);
/// Leads the session as a shell does, so that the terminal outlives the tool; then reads a line,
/// which is what a shell would take for a command. `wait` comes back after each signal.
const SHELL: &str = "trap : INT QUIT TERM HUP
\"$0\" \"$@\" >stdout 2>stderr
echo $? >status
read -r rest
printf %s \"$rest\" >rest";

/// A terminal with somebody at it.
pub(crate) struct Terminal {
    pty: Arc<Pty>,
    pts: Pts,
    shown: Arc<Mutex<Vec<u8>>>,
    child: Child,
    pub(crate) folder: Folder,
    before: Termios,
}

/// What came of a run.
pub(crate) struct End {
    pub(crate) status: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) shown: Vec<u8>,
    /// What was left for the shell.
    rest: String,
}

impl Terminal {
    /// Starts the tool below a shell, with standard input from a pipe that holds these bytes.
    pub(crate) fn start(args: &[&str], stdin: Option<&[u8]>) -> Self {
        Self::start_in(Folder::new(), args, stdin)
    }

    /// The same in a folder that has its files already.
    pub(crate) fn start_in(folder: Folder, args: &[&str], stdin: Option<&[u8]>) -> Self {
        let command =
            Command::new("sh").env_clear().envs(clock()).args(["-c", SHELL, BINARY]).args(args);
        Self::spawn_in(folder, command.env("CI", "1"), stdin)
    }

    /// Starts the tool below a shell with messages on the terminal, where the user may be asked.
    pub(crate) fn interactive(
        args: &[&str],
        variables: &[(&str, &str)],
        stdin: Option<&[u8]>,
    ) -> Self {
        let shell = SHELL.replace(" 2>stderr", "");
        let command = Command::new("sh").env_clear().envs(clock()).args(["-c", &shell, BINARY]);
        Self::spawn(command.args(args).envs(variables.iter().copied()), stdin)
    }

    /// Starts the tool below a shell with the terminal as its standard input, and messages in a
    /// file.
    pub(crate) fn unseen(args: &[&str]) -> Self {
        let command = Command::new("sh").env_clear().envs(clock()).args(["-c", SHELL, BINARY]);
        Self::spawn(command.args(args), None)
    }

    fn spawn(command: Command, stdin: Option<&[u8]>) -> Self {
        Self::spawn_in(Folder::new(), command, stdin)
    }

    fn spawn_in(folder: Folder, command: Command, stdin: Option<&[u8]>) -> Self {
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(24, 80)).unwrap();
        let before = tcgetattr(&pty).unwrap();
        let mut command = command.current_dir(folder.work());
        command = command.env("PATH", std::env::var_os("PATH").unwrap());
        command = command.env("KUBECONFIG", folder.work().join("none"));
        command = command.env("HOME", folder.work());
        if stdin.is_some() {
            command = command.stdin(Stdio::piped());
        }
        let mut child = command.spawn_borrowed(&pts).unwrap();
        if let Some(bytes) = stdin {
            child.stdin.take().unwrap().write_all(bytes).unwrap();
        }
        let (pty, shown) = (Arc::new(pty), Arc::new(Mutex::new(Vec::new())));
        let (reader, sink) = (Arc::clone(&pty), Arc::clone(&shown));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = (&*reader).read(&mut bytes) {
                sink.lock().unwrap_or_else(PoisonError::into_inner).extend(&bytes[..count]);
            }
        });
        Self { pty, pts, shown, child, folder, before }
    }

    pub(crate) fn shown(&self) -> Vec<u8> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until the terminal shows this so many times.
    #[track_caller]
    pub(crate) fn expect(&self, text: &str, times: usize) {
        wait_for(&format!("{text:?}"), || {
            let shown = String::from_utf8_lossy(&self.shown()).into_owned();
            (shown.matches(text).count() >= times).then_some(())
        });
    }

    pub(crate) fn type_in(&self, bytes: impl AsRef<[u8]>) {
        (&*self.pty).write_all(bytes.as_ref()).unwrap();
    }

    pub(crate) fn echoes(&self) -> bool {
        tcgetattr(&self.pty).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Whether Ctrl-C sends a signal.
    pub(crate) fn signals(&self) -> bool {
        tcgetattr(&self.pty).unwrap().local_modes.contains(LocalModes::ISIG)
    }

    /// The tool itself, below the shell.
    pub(crate) fn tool(&self) -> Pid {
        let shell = self.child.id();
        let children = format!("/proc/{shell}/task/{shell}/children");
        let pid = fs::read_to_string(children).unwrap();
        Pid::from_raw(pid.split(' ').next().unwrap().parse().unwrap()).unwrap()
    }

    /// Waits for the tool's end, sees that the terminal is as it was, and lets the shell go.
    #[track_caller]
    pub(crate) fn end(mut self) -> End {
        let read = |name| fs::read_to_string(self.folder.work().join(name)).unwrap_or_default();
        let status = wait_for("the end", || Some(read("status")).filter(|s| s.ends_with('\n')));
        let after = tcgetattr(&self.pty).unwrap();
        assert_eq!(format!("{after:?}"), format!("{:?}", self.before), "the terminal is changed");
        assert!(self.echoes());
        self.type_in("the shell's\n");
        // What was shown before its echo has arrived before it.
        self.expect("the shell's", 1);
        self.child.wait().unwrap();
        End {
            status: status.trim().to_owned(),
            stdout: read("stdout"),
            stderr: read("stderr"),
            shown: self.shown(),
            rest: read("rest"),
        }
    }
}

#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "{what} does not come");
        thread::sleep(Duration::from_millis(5));
    }
}

impl End {
    #[track_caller]
    fn is(&self, status: &str, stdout: &str, stderr: &str) {
        assert_eq!((&*self.stderr, &*self.stdout), (stderr, stdout));
        assert_eq!(self.status, status);
    }

    /// The value is nowhere on the terminal, and nothing is left for the shell.
    #[track_caller]
    pub(crate) fn hides(&self, value: &str) {
        assert!(position(&self.shown, value.as_bytes()).is_none(), "the value is shown");
        assert_eq!(self.rest, "the shell's");
    }
}

/// A Secret with a value that is asked for, printed so that the value alone stands there.
const ONE: [&str; 6] = [
    "generic",
    "x",
    "--from-prompt=k",
    "--dry-run=client",
    "-o",
    "go-template={{base64decode .data.k}}",
];
const FIRST: &str = "Enter the value of k: ";
const AGAIN: &str = "Enter the value of k again: ";

#[test]
fn an_answer_that_is_typed_twice_is_taken() {
    let terminal = Terminal::start(&ONE, None);
    terminal.expect(FIRST, 1);
    assert!(!terminal.echoes());
    terminal.type_in("hunter2\r");
    terminal.expect(AGAIN, 1);
    terminal.type_in("hunter2\n");
    // What is shown arrives here a moment after it was written.
    terminal.expect(&format!("{AGAIN}\r\n"), 1);
    let end = terminal.end();
    end.is("0", "hunter2", "");
    end.hides("hunter2");
    let shown = String::from_utf8_lossy(&end.shown).into_owned();
    assert!(shown.starts_with(&format!("{FIRST}\r\n{AGAIN}\r\n")), "{shown}");
}

#[test]
fn answers_that_differ_are_asked_for_again() {
    let terminal = Terminal::start(&ONE, None);
    for (round, (one, two)) in [("a1", "a2"), ("b1", "b2"), ("c1", "c1")].iter().enumerate() {
        terminal.expect(FIRST, round + 1);
        terminal.type_in(format!("{one}\r"));
        terminal.expect(AGAIN, round + 1);
        terminal.type_in(format!("{two}\r"));
    }
    terminal.expect("The values do not match; try again.", 2);
    terminal.end().is("0", "c1", "");
}

#[test]
fn answers_that_differ_three_times_are_an_error() {
    let terminal = Terminal::start(&ONE, None);
    for round in 1..=3 {
        terminal.expect(FIRST, round);
        terminal.type_in("one\r");
        terminal.expect(AGAIN, round);
        terminal.type_in("two\r");
    }
    terminal.end().is("1", "", "error: --from-prompt k: the values did not match three times\n");
}

#[test]
fn an_empty_answer_is_an_error() {
    for empty in ["\r", "\x04", "typed\x15\r"] {
        let terminal = Terminal::start(&ONE, None);
        terminal.expect(FIRST, 1);
        terminal.type_in(empty);
        let stderr = "error: --from-prompt k: no value was entered\n\
                      hint: --allow-empty allows an empty value\n";
        terminal.end().is("1", "", stderr);
    }
}

#[test]
fn ctrl_c_ends_it_with_the_echo_restored() {
    for (key, status) in [("\x03", "130"), ("\x1c", "131")] {
        let terminal = Terminal::start(&ONE, None);
        terminal.expect(FIRST, 1);
        terminal.type_in("hunter2");
        terminal.type_in(key);
        let end = terminal.end();
        assert_eq!((&*end.status, &*end.stdout), (status, ""));
        end.hides("hunter2");
    }
}

#[test]
fn a_signal_ends_it_with_the_echo_restored() {
    for (signal, status) in [(Signal::TERM, "143"), (Signal::HUP, "129"), (Signal::INT, "130")] {
        let terminal = Terminal::start(&ONE, None);
        terminal.expect(FIRST, 1);
        terminal.type_in("hunter2\r");
        // What is on its way through the kernel when the echo comes back is echoed, rightly.
        terminal.expect(AGAIN, 1);
        terminal.type_in("hunt");
        kill_process(terminal.tool(), signal).unwrap();
        let end = terminal.end();
        assert_eq!((&*end.status, &*end.stdout), (status, ""));
        end.hides("hunter2");
    }
}

#[test]
fn it_dies_by_the_signal_itself() {
    for (key, signal) in [("\x03", Signal::INT), ("\x1c", Signal::QUIT)] {
        let mut terminal =
            Terminal::spawn(Command::new(BINARY).env_clear().envs(clock()).args(ONE), None);
        terminal.expect(FIRST, 1);
        terminal.type_in(key);
        let status = terminal.child.wait().unwrap();
        assert_eq!(status.signal(), Some(signal.as_raw()));
    }
}

#[cfg(feature = "cluster")]
#[test]
fn ctrl_c_still_ends_it_while_namespaces_are_looked_for() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = format!("--server=http://{}", server.local_addr().unwrap());
    let args = ["generic", "x", "--from-prompt=k", "--namespace-selector=a=b", &address];
    let terminal = Terminal::start(&args, None);
    for times in 1..=2 {
        terminal.expect("Enter the value of k", times);
        terminal.type_in("hunter2\r");
    }
    // It waits for an answer, and nothing is done that could be told.
    let _connection = wait_for("a connection", || server.accept().ok());
    terminal.type_in("\x03");
    let end = terminal.end();
    assert_eq!((&*end.status, &*end.stdout, &*end.stderr), ("130", "", ""));
    end.hides("hunter2");
}

#[test]
fn a_stop_is_not_possible_while_the_echo_is_off() {
    let terminal = Terminal::start(&ONE, None);
    terminal.expect(FIRST, 1);
    terminal.type_in("hun\x1ater2\r");
    terminal.expect(AGAIN, 1);
    terminal.type_in("hunter2\r");
    terminal.end().is("0", "hunter2", "");
}

#[test]
fn without_a_terminal_the_other_flags_are_named() {
    let rows: &[(&[&str], &str)] = &[
        (
            &["generic", "x", "--from-prompt=k", "--dry-run=client"],
            "error: --from-prompt k: no terminal is available for a prompt\n\
             hint: use --from-stdin=k or --from-env=k=VARIABLE\n",
        ),
        (
            &["docker-registry", "x", "--docker-username=u", "--docker-password-prompt"],
            "error: --docker-password-prompt: no terminal is available for a prompt\n\
             hint: use --docker-password-stdin, --docker-password-env=VARIABLE \
             or --docker-password-file=FILE\n",
        ),
    ];
    for (args, want) in rows {
        let folder = Folder::new();
        // In a session of its own, whatever terminal the tests are run from.
        let mut command = folder.command("setsid");
        let output = command.arg("--wait").arg(BINARY).args(*args).stdin(Stdio::null()).output();
        let output = output.unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), *want);
        assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()));
    }
}

#[test]
fn standard_input_stays_a_source() {
    let args = [
        "generic",
        "x",
        "--from-prompt=k",
        "--from-stdin=s",
        "--dry-run=client",
        "-o",
        "go-template={{base64decode .data.k}} {{base64decode .data.s}}",
    ];
    let terminal = Terminal::start(&args, Some(b"piped"));
    for (round, prompt) in [FIRST, AGAIN].iter().enumerate() {
        terminal.expect(prompt, 1);
        assert!(!terminal.echoes(), "{round}");
        terminal.type_in("hunter2\r");
    }
    let status = terminal.folder.work().join("status");
    wait_for("the end", || fs::read_to_string(&status).ok().filter(|s| s.ends_with('\n')));
    assert!(terminal.echoes());
    let stdout = fs::read_to_string(terminal.folder.work().join("stdout")).unwrap();
    assert_eq!(stdout, "hunter2 piped");
}

#[test]
fn what_is_pasted_behind_the_answer_is_thrown_away() {
    let terminal = Terminal::start(&ONE, None);
    terminal.expect(FIRST, 1);
    terminal.type_in("hunter2\r\nhunter2\r\nrm -rf hunter2\r\n");
    let end = terminal.end();
    end.is("0", "hunter2", "");
    end.hides("hunter2");
}

#[test]
fn a_paste_of_several_lines_is_no_answer() {
    let terminal = Terminal::start(&ONE, None);
    terminal.expect(FIRST, 1);
    terminal.type_in("first line\nsecond line\nthird line\n");
    terminal.expect("The values do not match; try again.", 1);
    terminal.expect(FIRST, 2);
    terminal.type_in("hunter2\rhunter2\r");
    let end = terminal.end();
    end.is("0", "hunter2", "");
    end.hides("third");
}

#[test]
fn a_paste_of_100_kb_is_taken_whole() {
    let terminal = Terminal::start(&ONE, None);
    let long: String = ('a'..='z').cycle().take(100_000).collect();
    for prompt in [FIRST, AGAIN] {
        terminal.expect(prompt, 1);
        terminal.type_in(&long);
        terminal.type_in("\r");
    }
    let end = terminal.end();
    assert_eq!(end.stderr, "");
    assert!(end.stdout == long, "{} bytes", end.stdout.len());
    end.hides("abcdefgh");
}

#[test]
fn characters_of_several_bytes_are_taken_back_whole() {
    let terminal = Terminal::start(&ONE, None);
    terminal.expect(FIRST, 1);
    terminal.type_in("pässwörd€\u{7f}\u{1f600}\r");
    terminal.expect(AGAIN, 1);
    terminal.type_in("wrong\x15pässwörx\x7fd\u{1f600}\r");
    terminal.end().is("0", "pässwörd\u{1f600}", "");
}

#[test]
fn another_size_of_the_window_changes_nothing() {
    let terminal = Terminal::start(&ONE, None);
    terminal.expect(FIRST, 1);
    terminal.type_in("hun");
    terminal.pty.resize(Size::new(10, 20)).unwrap();
    terminal.type_in("ter2\r");
    terminal.expect(AGAIN, 1);
    terminal.pty.resize(Size::new(50, 200)).unwrap();
    terminal.type_in("hunter2\r");
    terminal.end().is("0", "hunter2", "");
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let Terminal { pty, pts, mut child, .. } = {
        let terminal =
            Terminal::spawn(Command::new(BINARY).env_clear().envs(clock()).args(ONE), None);
        terminal.expect(FIRST, 1);
        terminal
    };
    drop(pts);
    // The reading thread holds the other end until the tool is gone.
    kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
    drop(pty);
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::HUP.as_raw()));
}

#[test]
fn passwords_are_asked_for_by_their_names() {
    let args = [
        "docker-registry",
        "x",
        "--docker-server=H",
        "--docker-username=u",
        "--docker-password-prompt",
        "--dry-run=client",
        "-o",
        "go-template={{index .data \".dockerconfigjson\" | base64decode}}",
    ];
    let terminal = Terminal::start(&args, None);
    terminal.expect("Enter the password: ", 1);
    terminal.type_in("hunter2\r");
    terminal.expect("Enter the password again: ", 1);
    terminal.type_in("hunter2\r");
    let want = "{\"auths\":{\"H\":{\"username\":\"u\",\"password\":\"hunter2\",\
                \"auth\":\"dTpodW50ZXIy\"}}}";
    let said = "warning: data[.dockerconfigjson]: the server H is written with capital letters \
                (--docker-server)\n\
                hint: the usual form: --docker-server=h\n";
    terminal.end().is("0", want, said);
}

/// All that the tool says on a terminal; in CI, or not.
fn said(args: &[&str], in_ci: bool) -> (Option<i32>, String) {
    let command = Command::new(BINARY).env_clear().envs(clock()).args(args).stdout(Stdio::null());
    let command = if in_ci { command.env("CI", "true") } else { command };
    let mut terminal = Terminal::spawn(command, None);
    let status = terminal.child.wait().unwrap();
    // What was said before it is read before it.
    terminal.type_in("end\n");
    terminal.expect("end", 1);
    let shown = String::from_utf8_lossy(&terminal.shown()).replace("\r\n", "\n");
    (status.code(), shown.replace("end\n", ""))
}

#[test]
fn a_value_on_the_command_line_is_told_a_person_once() {
    let literal =
        ["--from-literal=user=1", "--from-literal=DB_PASSWORD=2", "--from-base64=token=YQ=="];
    let docker = ["--docker-username=u", "--docker-password=p"];
    let rows: &[(&str, &[&str], &str, &str)] = &[
        (
            "generic",
            &literal,
            "from-literal",
            "use --from-prompt=KEY, --from-stdin=KEY or --from-env=KEY=VARIABLE instead",
        ),
        (
            "docker-registry",
            &docker,
            "docker-password",
            "use --docker-password-prompt, --docker-password-stdin or \
             --docker-password-env=VARIABLE instead",
        ),
        (
            "basic-auth",
            &["--username=u", "--password=p"],
            "password",
            "use --password-prompt, --password-stdin or --password-env=VARIABLE instead",
        ),
    ];
    for (name, flags, flag, hint) in rows {
        let always = ["x", "--dry-run=client", "--warnings-as-errors", "--color=never"];
        let args = [&[*name][..], &always, flags].concat();
        let want = format!(
            "warning: the value of --{flag} is visible in the process list and saved in shell \
             history\nhint: {hint}\n"
        );
        assert_eq!(said(&args, false), (Some(0), want));
        assert_eq!(said(&args, true), (Some(0), String::new()));
    }
    let key = format!("--certificate-key={}", "ab".repeat(32));
    let hash = format!("--discovery-token-ca-cert-hash=sha256:{}", "0".repeat(64));
    let join = ["--print-join-command", "--api-server-endpoint=h:1", "--dry-run=client"];
    let args = [&["bootstrap-token", &key, &hash, "--color=never"], &join[..]].concat();
    let (code, text) = said(&args, false);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("warning: the value of --certificate-key is visible"), "{text}");
    // A key that is no secret's.
    let args = ["generic", "x", "--from-literal=user=app", "--dry-run=client"];
    assert_eq!(said(&args, false), (Some(0), String::new()));
    // kubectl's own password makes nothing.
    let args = ["tls", "x", "--password=p", "--cert=none", "--key=none", "--dry-run=client"];
    assert!(!said(&args, false).1.contains("history"));
}
