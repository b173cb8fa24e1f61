//! `cases/<subcommand>/<sentence>.toml`: arguments, files, standard input and environment on top,
//! then the status, stdout and stderr that come of them.
//!
//! `BLESS=1 cargo test cases` writes what the tool answers into the files (all from their line
//! `status =` on): look at the difference before it is committed. `CASE=text cargo test cases`
//! runs only the files whose path holds the text.
//!
//! Not trycmd's format: there each file beside the case needs a folder of its own, standard input
//! a third file, and backslashes and line ends are evened out, where ours have to be kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;

use crate::harness::{self, Answer, Run, mksecret};

/// A story: what is asked, and what comes of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) args: Vec<String>,
    /// The name of the link by which the tool is called.
    called: Option<String>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, File>,
    pub(crate) stdin: Option<String>,
    /// A file of the case that is opened as standard input.
    stdin_file: Option<String>,
    /// Whether ciphertexts on stdout are masked.
    #[serde(default)]
    mask: bool,
    pub(crate) status: i32,
    stdout: String,
    stderr: String,
}

/// What stands in the case's folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum File {
    /// A file with this text.
    Text(String),
    /// A file with these bytes.
    Base64 {
        base64: String,
    },
    /// A copy of a file in `tests/fixtures/`, with text before and behind it.
    Fixture {
        fixture: String,
        #[serde(default)]
        before: String,
        #[serde(default)]
        behind: String,
    },
    /// A file with one text many times.
    Repeat {
        repeat: String,
        times: usize,
    },
    Folder {
        folder: bool,
    },
    Fifo {
        fifo: bool,
    },
    Link {
        link: String,
    },
}

impl Case {
    fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The case as a run.
    pub(crate) fn prepare(&self) -> Run {
        let mut run = mksecret(&self.args);
        for (path, file) in &self.files {
            run = match file.bytes() {
                Some(bytes) => run.file(path, bytes),
                None => match file {
                    File::Link { link } => run.link(path, link),
                    File::Fifo { fifo: true } => run.fifo(path),
                    _ => run.folder(path),
                },
            };
        }
        for (name, value) in &self.env {
            run = run.env(name, value);
        }
        if let Some(name) = &self.called {
            run = run.called(name);
        }
        match (&self.stdin, &self.stdin_file) {
            (Some(text), _) => run.stdin(text.as_bytes()),
            (None, Some(path)) => run.stdin_file(path),
            (None, None) => run,
        }
    }

    fn difference(&self, answer: &Answer) -> Option<String> {
        answer.difference(self.status, &self.stdout, &self.stderr)
    }
}

impl File {
    /// The bytes of a regular file.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        Some(match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Base64 { base64 } => BASE64_STANDARD.decode(base64).unwrap(),
            Self::Fixture { fixture, before, behind } => {
                let path = harness::source("tests/fixtures").join(fixture);
                let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                [before.as_bytes(), &bytes, behind.as_bytes()].concat()
            }
            Self::Repeat { repeat, times } => repeat.repeat(*times).into_bytes(),
            Self::Folder { folder: true } | Self::Fifo { fifo: true } | Self::Link { .. } => {
                return None;
            }
            Self::Folder { .. } | Self::Fifo { .. } => panic!("folder and fifo are true or absent"),
        })
    }
}

/// All case files below `cases/`, sorted. Whatever else lies there is a mistake.
pub(crate) fn all() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let root = harness::source("tests/cases");
    for folder in fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap().path();
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let name = file.strip_prefix(&root).unwrap().to_owned();
            assert!(is_sentence(&file), "{}: not named like a case", name.display());
            found.push((name, fs::read_to_string(file).unwrap()));
        }
    }
    found.sort();
    found
}

/// Words in lower case with dashes between them, and `.toml`.
fn is_sentence(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.strip_suffix(".toml").is_some_and(|name| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        name.contains('-') && name.bytes().all(plain)
    })
}

#[test]
fn every_case_comes_out_as_written() {
    let only = std::env::var("CASE").unwrap_or_default();
    let bless = std::env::var_os("BLESS").is_some();
    let mut all = all();
    all.retain(|(path, _)| path.to_str().unwrap().contains(&only));
    assert!(!all.is_empty(), "no case has {only:?} in its path");
    let complaints = harness::in_parallel(&all, |(path, text)| {
        let case = match Case::read(text) {
            Ok(case) => case,
            // A new case may leave its answer to BLESS=1.
            Err(_) if bless => {
                let filled = answer_text(text, -1, "", "");
                Case::read(&filled).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
            }
            Err(error) => return Some(format!("{}: {error}", path.display())),
        };
        let mut answer = case.prepare().run();
        if case.mask {
            answer.stdout = harness::masked(&answer.stdout);
        }
        let difference = case.difference(&answer)?;
        if bless {
            let stdout = std::str::from_utf8(&answer.stdout).unwrap();
            let stderr = std::str::from_utf8(&answer.stderr).unwrap();
            let status = answer.status.unwrap();
            let place = harness::source("tests/cases").join(path);
            fs::write(place, answer_text(text, status, stdout, stderr)).unwrap();
            return None;
        }
        Some(format!("tests/cases/{}\n{difference}", path.display()))
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

/// The case file with this answer.
fn answer_text(text: &str, status: i32, stdout: &str, stderr: &str) -> String {
    let asked = text.split("\nstatus =").next().unwrap_or_default().trim_end();
    let [stdout, stderr] = [stdout, stderr].map(toml_text);
    format!("{asked}\n\nstatus = {status}\nstdout = {stdout}\nstderr = {stderr}\n")
}

/// A text as TOML, over several lines where it has any.
fn toml_text(text: &str) -> String {
    let plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if text.is_empty() {
        "\"\"".to_owned()
    } else if text.chars().all(plain) && !text.contains("'''") && text.ends_with('\n') {
        format!("'''\n{text}'''")
    } else {
        serde_json::to_string(text).unwrap()
    }
}

/// The cases that fail, for those who look at failures.
pub(crate) fn failing() -> Vec<(String, Case)> {
    let all = all().into_iter().map(|(path, text)| (path.display().to_string(), text));
    let all = all.map(|(path, text)| {
        let case = Case::read(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        (path, case)
    });
    all.filter(|(_, case)| case.status != 0).collect()
}

#[test]
fn the_differences_are_shown() {
    let case = "args = [\"generic\"]\nstatus = 1\nstdout = \"a\\nb\\n\"\nstderr = \"x\\n\"\n";
    let case = Case::read(case).unwrap();
    let answer = Answer {
        status: Some(0),
        signal: None,
        stdout: b"a\nc\n".to_vec(),
        stderr: b"x\n".to_vec(),
        shown: "mksecret".to_owned(),
    };
    let want =
        "mksecret\nstatus Some(0), wanted 1\nstdout, - wanted, + got:\n    a\n  - b\n  + c\n";
    assert_eq!(case.difference(&answer).as_deref(), Some(want));
    let text = answer_text("args = []\n", 1, "a\nb\n", "");
    assert_eq!(text, "args = []\n\nstatus = 1\nstdout = '''\na\nb\n'''\nstderr = \"\"\n");
}
