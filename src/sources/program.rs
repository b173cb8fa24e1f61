//! Programs that we start: asked on their standard input, heard on their standard output.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Inputs, os, system_words};
use crate::buffer::WipedBuffer;
use crate::secret::Value;

/// The most bytes of an answer.
const ANSWER_MAX: usize = 1 << 20;
/// How often a program that has closed its output is looked after.
const LOOK: Duration = Duration::from_millis(5);

#[derive(Debug)]
pub(crate) struct ProgramAnswer {
    /// Whether it says that all went well.
    pub success: bool,
    /// Its exit status, where no signal ended it.
    pub status: Option<i32>,
    /// All that it wrote to its standard output.
    pub output: Value,
}

impl Inputs {
    /// A program that is to be started, with our environment: a credential plugin or helper logs
    /// in with what it finds there, even if a value of the Secret is from there, too.
    #[expect(clippy::unused_self, reason = "the outside world is reached through its door alone")]
    pub(crate) fn program(&self, program: impl AsRef<OsStr>) -> Command {
        #[expect(clippy::disallowed_methods, reason = "this is the door that others go through")]
        Command::new(program)
    }

    /// Where a program is: a name is looked up in `PATH`, and a path is taken as it is. `None` if it
    /// is missing or cannot be executed, or if the folder in `PATH` is a relative one (Go's
    /// `exec.LookPath`).
    pub(crate) fn find_program(&self, program: &str) -> Option<PathBuf> {
        let is_executable = |path: &PathBuf| {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the door that others go through"
            )]
            std::fs::metadata(path).is_ok_and(|metadata| os::is_executable(&metadata))
        };
        if program.is_empty() || program.contains('/') {
            return Some(PathBuf::from(program)).filter(is_executable);
        }
        let list = self.variable(OsStr::new("PATH"))?;
        let mut places = std::env::split_paths(&list).map(|folder| folder.join(program));
        places.find(is_executable).filter(|path| path.is_absolute())
    }

    /// Starts a program of the `PATH`, gives it `question` and takes its answer. What it writes to
    /// standard error is thrown away, since nobody knows what is in it.
    pub(crate) fn ask_program(
        &self,
        program: &str,
        arguments: &[&str],
        question: &[u8],
        patience: Duration,
    ) -> Result<ProgramAnswer, ProgramError> {
        let mut command = self.program(program);
        ask(command.args(arguments), question, patience)
    }
}

fn ask(
    command: &mut Command,
    question: &[u8],
    patience: Duration,
) -> Result<ProgramAnswer, ProgramError> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let end = Instant::now() + patience;
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ProgramError::Missing,
        _ => ProgramError::Start(error),
    })?;
    let answer = talk(&mut child, question, end, patience);
    if answer.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    answer
}

fn talk(
    child: &mut Child,
    question: &[u8],
    end: Instant,
    patience: Duration,
) -> Result<ProgramAnswer, ProgramError> {
    let late = || ProgramError::Late { patience };
    if let Some(mut stdin) = child.stdin.take() {
        // A question is short, so that the pipe takes it whole. A program that knows its answer
        // without reading it is free to.
        let _ = stdin.write_all(question);
    }
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        // In a thread of its own: what a program has started may hold the pipe open for ever.
        thread::spawn(move || sender.send(read_all(stdout)));
    }
    let left = end.saturating_duration_since(Instant::now());
    let output = receiver.recv_timeout(left).map_err(|_| late())??;
    loop {
        match child.try_wait().map_err(ProgramError::Talk)? {
            Some(status) => {
                let (success, status) = (status.success(), status.code());
                return Ok(ProgramAnswer { success, status, output });
            }
            None if Instant::now() >= end => return Err(late()),
            None => thread::sleep(LOOK),
        }
    }
}

fn read_all(mut stdout: ChildStdout) -> Result<Value, ProgramError> {
    let mut buffer = WipedBuffer::with_capacity(4096);
    while buffer.read_from(&mut stdout).map_err(ProgramError::Talk)? > 0 {
        if buffer.len() >= ANSWER_MAX {
            return Err(ProgramError::TooLarge { limit: ANSWER_MAX });
        }
    }
    Ok(Value::from(buffer.finish()))
}

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramError {
    #[error("it did not answer within {} seconds", patience.as_secs())]
    Late { patience: Duration },
    #[error("it is not in PATH")]
    Missing,
    #[error("it cannot be started: {}", system_words(.0))]
    Start(io::Error),
    #[error("reading its answer failed: {}", system_words(.0))]
    Talk(io::Error),
    #[error("its answer is longer than {limit} bytes")]
    TooLarge {
        /// The most bytes that are taken.
        limit: usize,
    },
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn shell(
        script: &str,
        question: &str,
        patience: Duration,
    ) -> Result<ProgramAnswer, ProgramError> {
        let mut shell = Inputs::fixed().program("sh");
        ask(shell.args(["-c", script]), question.as_bytes(), patience)
    }

    #[test]
    fn answers() {
        let long = "x".repeat(50_000);
        let rows = [
            ("cat", "ghcr.io", true, Some(0), "ghcr.io"),
            ("cat; echo hidden >&2; exit 3", "a", false, Some(3), "a"),
            // It never reads its question, and closes its output before it ends.
            ("echo b; exec >&-; sleep 0.05", &long, true, Some(0), "b\n"),
            ("kill -9 $$", "", false, None, ""),
        ];
        for (script, question, success, status, output) in rows {
            let answer = shell(script, question, PATIENCE).unwrap();
            assert_eq!((answer.success, answer.status), (success, status), "{script}");
            assert_eq!(answer.output.as_text(), Some(output), "{script}");
        }
    }

    #[test]
    fn no_answers() {
        let late = shell("exec sleep 60", "", Duration::from_millis(50)).unwrap_err();
        assert!(matches!(late, ProgramError::Late { .. }), "{late}");
        // What it has started holds the pipe, and goes on without it.
        let late = shell("sleep 2 &", "", Duration::from_millis(50)).unwrap_err();
        assert!(matches!(late, ProgramError::Late { .. }), "{late}");
        let large = shell("head -c 3000000 /dev/zero", "", PATIENCE).unwrap_err();
        assert!(matches!(large, ProgramError::TooLarge { .. }), "{large}");
        let mut nothing = Inputs::fixed().program("no-such-program-at-all");
        let missing = ask(&mut nothing, b"", PATIENCE).unwrap_err();
        assert!(matches!(missing, ProgramError::Missing), "{missing}");
    }
}
