//! Runs the tool in a fresh folder with a clean environment, and compares status, stdout and
//! stderr, always all three.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use proptest::test_runner::{Config, RngSeed};

/// The tool.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_mksecret");
/// Nothing takes this long. It ends what hangs; no test depends on it.
const PATIENCE: Duration = Duration::from_secs(120);

/// The variables with which faketime moves a program's clock. An environment that a test empties
/// keeps them, so that the whole run is at the same time.
const CLOCK: [&str; 3] = ["LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC"];

/// Those variables, if this run's clock is moved.
pub(crate) fn clock() -> impl Iterator<Item = (&'static str, OsString)> {
    let moved = std::env::var_os("FAKETIME").is_some();
    CLOCK
        .into_iter()
        .filter(move |_| moved)
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// A path inside the source tree.
pub(crate) fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder of its own for one run, gone afterwards.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}", std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("work")).unwrap();
        fs::create_dir_all(root.join("home")).unwrap();
        Self(root)
    }

    /// Where the tool runs.
    pub(crate) fn work(&self) -> PathBuf {
        self.0.join("work")
    }

    /// A command with nothing of the caller's environment but the way to other programs.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).env_clear().envs(clock());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.0.join("home")).env("TMPDIR", &self.0);
        command.env("TZ", "UTC").env("LANG", "C.UTF-8");
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run that is being prepared.
#[derive(Debug)]
pub(crate) struct Run {
    folder: Folder,
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    stdin: Input,
}

#[derive(Debug)]
enum Input {
    Bytes(Vec<u8>),
    File(PathBuf),
}

/// A run of the tool with these words.
pub(crate) fn mksecret<I>(args: I) -> Run
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    Run {
        folder: Folder::new(),
        program: BINARY.into(),
        args: args.into_iter().map(Into::into).collect(),
        env: Vec::new(),
        stdin: Input::Bytes(Vec::new()),
    }
}

impl Run {
    /// Adds a word.
    pub(crate) fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.args.push(word.into());
        self
    }

    /// Adds these words.
    pub(crate) fn words_added(self, words: &[&str]) -> Self {
        words.iter().fold(self, |run, word| run.arg(*word))
    }

    /// Takes these words in place of those it had.
    pub(crate) fn words(mut self, words: impl IntoIterator<Item = OsString>) -> Self {
        self.args = words.into_iter().collect();
        self
    }

    /// Puts a file into the folder, with the folders above it.
    pub(crate) fn file(self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.place(path), content).unwrap();
        self
    }

    /// Puts a link into the folder.
    pub(crate) fn link(self, path: impl AsRef<Path>, to: impl AsRef<Path>) -> Self {
        std::os::unix::fs::symlink(to, self.place(path)).unwrap();
        self
    }

    /// Puts a folder into the folder.
    pub(crate) fn folder(self, path: impl AsRef<Path>) -> Self {
        fs::create_dir_all(self.place(path)).unwrap();
        self
    }

    /// Puts a named pipe into the folder.
    pub(crate) fn fifo(self, path: impl AsRef<Path>) -> Self {
        let made = Command::new("mkfifo").arg(self.place(path)).status().unwrap();
        assert!(made.success());
        self
    }

    fn place(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.folder.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Gives these bytes through a pipe as standard input, which is empty otherwise.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Input::Bytes(bytes.into());
        self
    }

    /// Opens a file of the folder as standard input.
    pub(crate) fn stdin_file(mut self, path: impl AsRef<Path>) -> Self {
        self.stdin = Input::File(self.folder.work().join(path));
        self
    }

    /// Calls the tool by a link of this name.
    pub(crate) fn called(mut self, name: &str) -> Self {
        self.program = self.folder.0.join(name);
        std::os::unix::fs::symlink(BINARY, &self.program).unwrap();
        self
    }

    /// Starts it without root's right to read every file, if the tests have that.
    pub(crate) fn unprivileged(mut self) -> Self {
        if rustix::process::geteuid().is_root() {
            let rights = "--bounding-set=-dac_override,-dac_read_search";
            let program = std::mem::replace(&mut self.program, "setpriv".into());
            self.args.splice(0..0, [rights.into(), program.into()]);
        }
        self
    }

    /// The folder that the tool will run in.
    pub(crate) fn work(&self) -> PathBuf {
        self.folder.work()
    }

    /// The command, ready to start.
    pub(crate) fn command(&self) -> Command {
        let mut command = self.folder.command(&self.program);
        let work = self.work();
        let work = work.to_str().unwrap();
        command.args(self.args.iter().map(|word| match word.to_str() {
            Some(text) => text.replace("@WORK@", work).into(),
            None => word.clone(),
        }));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it.
    pub(crate) fn run(&self) -> Answer {
        let mut command = self.command();
        let (bytes, stdin) = match &self.stdin {
            Input::Bytes(bytes) if bytes.is_empty() => (None, Stdio::null()),
            Input::Bytes(bytes) => (Some(bytes.clone()), Stdio::piped()),
            Input::File(path) => (None, fs::File::open(path).unwrap().into()),
        };
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let shown = format!("mksecret {:?}", self.args);
        let answer = wait(command.spawn().unwrap(), bytes, shown);
        answer.in_folder(&self.work())
    }
}

/// Feeds a started command and reads all that it says.
pub(crate) fn wait(mut child: Child, stdin: Option<Vec<u8>>, shown: String) -> Answer {
    if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), stdin) {
        // A tool that fails before it has read everything closes the pipe; that is its right.
        thread::spawn(move || drop(pipe.write_all(&bytes)));
    }
    let (sender, receiver) = mpsc::channel();
    read_all(child.stdout.take(), 0, &sender);
    read_all(child.stderr.take(), 1, &sender);
    drop(sender);
    let mut streams = [Vec::new(), Vec::new()];
    loop {
        match receiver.recv_timeout(PATIENCE) {
            Ok((number, bytes)) => streams[number] = bytes,
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                panic!("{shown} does not end");
            }
        }
    }
    let status = child.wait().unwrap();
    let [stdout, stderr] = streams;
    Answer { status: status.code(), signal: status.signal(), stdout, stderr, shown }
}

fn read_all(
    stream: Option<impl Read + Send + 'static>,
    number: usize,
    sender: &mpsc::Sender<(usize, Vec<u8>)>,
) {
    let Some(mut stream) = stream else { return };
    let sender = sender.clone();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let _ = sender.send((number, bytes));
    });
}

/// What came out.
#[derive(Debug)]
#[must_use = "look at what came out"]
pub(crate) struct Answer {
    /// The exit status; none where a signal ended it.
    pub(crate) status: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// The command line.
    pub(crate) shown: String,
}

impl Answer {
    /// The folder's own path stands as `@WORK@`.
    fn in_folder(mut self, work: &Path) -> Self {
        let work = work.to_str().unwrap().as_bytes();
        self.stdout = replaced(&self.stdout, work, b"@WORK@");
        self.stderr = replaced(&self.stderr, work, b"@WORK@");
        self
    }

    /// Success with exactly this on stdout and on stderr.
    #[track_caller]
    pub(crate) fn succeeds(&self, stdout: &str, stderr: &str) {
        self.is(0, stdout, stderr);
    }

    /// Failure with exactly this on stderr and nothing on stdout.
    #[track_caller]
    pub(crate) fn fails(&self, stderr: &str) {
        self.is(1, "", stderr);
    }

    /// Exactly this status, stdout and stderr.
    #[track_caller]
    pub(crate) fn is(&self, status: i32, stdout: &str, stderr: &str) {
        if let Some(difference) = self.difference(status, stdout, stderr) {
            panic!("{difference}");
        }
    }

    /// How it differs from what was wanted, for people.
    pub(crate) fn difference(&self, status: i32, stdout: &str, stderr: &str) -> Option<String> {
        let mut text = String::new();
        if self.status != Some(status) {
            let _ = writeln!(text, "status {:?}, wanted {status}", self.status.or(self.signal));
        }
        for (name, got, want) in
            [("stdout", &self.stdout, stdout), ("stderr", &self.stderr, stderr)]
        {
            if *got != want.as_bytes() {
                let _ = writeln!(text, "{name}, - wanted, + got:");
                line_difference(want, &String::from_utf8_lossy(got), &mut text);
            }
        }
        (!text.is_empty()).then(|| format!("{}\n{text}", self.shown))
    }

    /// Why this is no proper end of a run: a failure is status 1, silent on stdout, with words on
    /// stderr.
    pub(crate) fn impropriety(&self) -> Option<String> {
        let shown = |bytes: &[u8]| {
            String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).escape_debug().to_string()
        };
        let why = match self.status {
            Some(0) => return None,
            Some(1) if !self.stdout.is_empty() => {
                format!("fails, but prints {}", shown(&self.stdout))
            }
            Some(1) if !self.stderr.trim_ascii().is_empty() => return None,
            Some(1) => "fails without a word".to_owned(),
            status => {
                let stderr = shown(&self.stderr);
                format!("status {status:?}, signal {:?}: {stderr}", self.signal)
            }
        };
        Some(format!("{}: {why}", self.shown))
    }
}

/// A line that both have stands alone, all others with their sign: enough to see what changed.
fn line_difference(want: &str, got: &str, text: &mut String) {
    let (want, got): (Vec<_>, Vec<_>) = (want.lines().collect(), got.lines().collect());
    let same = want.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let rest = |lines: &[&str]| lines.len() - same;
    let tail = (want.iter().rev().zip(got.iter().rev()).take_while(|(a, b)| a == b).count())
        .min(rest(&want))
        .min(rest(&got));
    let mut put = |sign: char, lines: &[&str]| {
        for line in lines {
            let _ = writeln!(text, "  {sign} {}", line.escape_debug());
        }
    };
    put(' ', &want[..same]);
    put('-', &want[same..want.len() - tail]);
    put('+', &got[same..got.len() - tail]);
    put(' ', &want[want.len() - tail..]);
    if want == got {
        let _ = writeln!(text, "  (only line ends differ)");
    }
}

/// What is encrypted, and when, as `<SEALED>` and `<TIME>`: both differ from run to run.
pub(crate) fn masked(text: &[u8]) -> Vec<u8> {
    const MASKS: [(&str, &str); 4] = [
        // `SealedSecret`: it begins with the length of the RSA part.
        ("A[IQYg][A-Za-z0-9+/]{128,}=*", "<SEALED>"),
        (r"ENC\[AES256_GCM,data:[^,]+,iv:[^,]+,tag:[^,]+,", "ENC[AES256_GCM,<SEALED>,"),
        ("(?s)(BEGIN AGE ENCRYPTED FILE-----).*?(-----END AGE)", "$1<SEALED>$2"),
        (r#"((?:lastmodified|created_at)"?: )"[^"]+""#, "$1<TIME>"),
    ];
    let mut text = text.to_vec();
    for (pattern, mask) in MASKS {
        let pattern = regex::bytes::Regex::new(&format!("(?-u){pattern}")).unwrap();
        text = pattern.replace_all(&text, mask.as_bytes()).into_owned();
    }
    text
}

/// `text` with every `from` as `to`.
pub(crate) fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = position(rest, from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Where `part` stands in `text`.
pub(crate) fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    let first = *part.first()?;
    let mut start = 0;
    // By its first byte: a comparison at every place is slow where nothing is optimised.
    while let Some(at) = text[start..].iter().position(|b| *b == first) {
        if text[start + at..].starts_with(part) {
            return Some(start + at);
        }
        start += at + 1;
    }
    None
}

/// Does `work` on all `items`, several at a time, and gives the answers in their order.
pub(crate) fn in_parallel<T: Sync, A: Send>(items: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let threads = thread::available_parallelism().map_or(2, |n| n.get() * 2).min(8);
    at_once(threads, items, work)
}

/// The same, so many at a time: more where the work is to wait.
pub(crate) fn at_once<T: Sync, A: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> A + Sync,
) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let answers = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, item))
                } {
                    let answer = work(item.1);
                    answers.lock().unwrap().push((item.0, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap();
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// That many cases of a property, the same ones in every run.
pub(crate) fn fixed(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(137), ..Config::default() }
}

/// Fails with all complaints, if there are any.
#[track_caller]
pub(crate) fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} wrong:\n\n{}", complaints.len(), complaints.join("\n\n"));
}
