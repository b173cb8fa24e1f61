//! The cases recorded from kubectl, in `conformance/cases/`, by the rules of
//! `conformance/recorded.py`, whose head explains the marks.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::harness::{self, Answer, Run, in_parallel, mksecret};

/// One recorded case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recorded {
    pub(crate) id: String,
    pub(crate) args: Vec<Words>,
    #[serde(default)]
    pub(crate) files: Vec<File>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) stdin: Option<String>,
    stdin_file: Option<String>,
    pub(crate) expect: Expect,
    #[serde(default)]
    neutral: serde_json::Value,
    #[serde(default)]
    may_refuse: serde_json::Value,
    #[serde(default)]
    kubectl_wrong: serde_json::Value,
    #[serde(default)]
    pub(crate) server_rejects: serde_json::Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: Option<String>,
    pub(crate) base64: Option<String>,
    repeat: Option<u8>,
    #[serde(default)]
    count: usize,
    #[serde(default)]
    dir: bool,
    #[serde(default)]
    fifo: bool,
    symlink: Option<String>,
    mode: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Expect {
    pub(crate) exit: i32,
    stdout: Stdout,
    stderr: Option<Stderr>,
    /// Whether stderr is the same, but for the end of its last line.
    #[serde(default)]
    warnings: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Stdout {
    Text(String),
    Base64 { base64: String },
    Digest { bytes: usize, sha256: String },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Stderr {
    Text(String),
    Bytes {
        #[expect(dead_code, reason = "only what warns is compared, and that is text")]
        base64: String,
    },
}

impl Stderr {
    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes { .. } => None,
        }
    }
}

/// Text in which bytes that are no UTF-8 stand as Python's surrogate escapes.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Words(pub(crate) String);

impl Words {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for c in self.0.chars() {
            match u32::from(c) {
                // `all` moves the escapes here: a Rust string has no surrogates.
                n @ ESCAPED_FIRST..=ESCAPED_LAST => {
                    bytes.push(u8::try_from(n - ESCAPED_FIRST + 0x80).unwrap());
                }
                _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes
    }
}

/// Where the escapes of the bytes 0x80 to 0xff go: a private area that no case uses.
const ESCAPED_FIRST: u32 = 0xf480;
const ESCAPED_LAST: u32 = 0xf4ff;

/// All cases of the groups that are built.
pub(crate) fn all() -> Vec<Recorded> {
    let mut cases = Vec::new();
    let mut files: Vec<_> = fs::read_dir(harness::source("tests/conformance/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).unwrap().replace("\\udc", "\\uf4");
        let group: Vec<Recorded> =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(!group.is_empty(), "{} is empty", path.display());
        cases.extend(group);
    }
    cases
}

impl Recorded {
    /// The case as a run.
    pub(crate) fn prepare(&self) -> Run {
        let words = self.args.iter().map(|word| std::ffi::OsString::from_vec(word.bytes()));
        let mut run = mksecret(words);
        for file in &self.files {
            run = match (file.bytes(), &file.symlink) {
                (Some(bytes), _) => run.file(&file.path, bytes),
                (None, Some(to)) => run.link(&file.path, to),
                (None, None) if file.fifo => run.fifo(&file.path),
                (None, None) => run.folder(&file.path),
            };
            if let Some(mode) = &file.mode {
                let mode = fs::Permissions::from_mode(u32::from_str_radix(mode, 8).unwrap());
                fs::set_permissions(run.work().join(&file.path), mode).unwrap();
            }
        }
        for (name, value) in &self.env {
            run = run.env(name, std::ffi::OsString::from_vec(Words(value.clone()).bytes()));
        }
        match (&self.stdin, &self.stdin_file) {
            (Some(text), _) => run.stdin(Words(text.clone()).bytes()),
            (None, Some(path)) => run.stdin_file(path),
            (None, None) => run,
        }
    }

    /// What is wrong with the tool's answer, if anything is.
    fn complaint(&self) -> Option<String> {
        let marked = |mark: &serde_json::Value| {
            !matches!(mark, serde_json::Value::Null | serde_json::Value::Bool(false))
        };
        if marked(&self.neutral) {
            return None;
        }
        let answer = self.prepare().run();
        let refused = answer.status != Some(0);
        if marked(&self.may_refuse) && refused && answer.impropriety().is_none() {
            return None;
        }
        if marked(&self.kubectl_wrong) {
            return if refused {
                answer.impropriety()
            } else {
                self.is_recorded(&answer).then(|| "prints kubectl's bug".to_owned())
            };
        }
        if marked(&self.server_rejects) {
            if !refused {
                return Some(format!("must refuse: {}", self.server_rejects));
            }
            let ignored = || self.compare(&self.prepare().arg("--validate=ignore").run());
            return answer.impropriety().or_else(ignored);
        }
        self.compare(&answer)
    }

    fn compare(&self, answer: &Answer) -> Option<String> {
        if (answer.status == Some(0)) != (self.expect.exit == 0) {
            return Some(format!("exit status not as recorded, {}: {answer:?}", self.expect.exit));
        }
        if answer.status != Some(0) {
            return answer.impropriety();
        }
        if self.is_recorded(answer) {
            let stderr = self.expect.stderr.as_ref().filter(|_| self.expect.warnings);
            let warnings = stderr.and_then(Stderr::as_text)?;
            let stderr = String::from_utf8_lossy(&answer.stderr);
            return (stderr.trim_end_matches('\n') != warnings.trim_end_matches('\n'))
                .then(|| format!("stderr {stderr:?}, recorded is {warnings:?}"));
        }
        Some(match &self.expect.stdout {
            Stdout::Text(text) => {
                let stderr = String::from_utf8_lossy(&answer.stderr);
                answer.difference(0, text, &stderr).unwrap_or_default()
            }
            other => format!("stdout of {} bytes, recorded is {other:?}", answer.stdout.len()),
        })
    }

    fn is_recorded(&self, answer: &Answer) -> bool {
        let got = &answer.stdout;
        match &self.expect.stdout {
            Stdout::Text(text) => got == text.as_bytes(),
            Stdout::Base64 { base64 } => *got == BASE64_STANDARD.decode(base64).unwrap(),
            Stdout::Digest { bytes, sha256 } => {
                let digest = Sha256::digest(got);
                let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                got.len() == *bytes && hex == *sha256
            }
        }
    }
}

impl File {
    /// The bytes of a regular file.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        if let Some(text) = &self.text {
            return Some(Words(text.clone()).bytes());
        }
        if let Some(base64) = &self.base64 {
            return Some(BASE64_STANDARD.decode(base64).unwrap());
        }
        if let Some(byte) = self.repeat {
            return Some(vec![byte; self.count]);
        }
        assert!(self.dir || self.fifo || self.symlink.is_some(), "{self:?}");
        None
    }
}

#[test]
fn kubectls_answers_are_ours() {
    let cases = all();
    let complaints = in_parallel(&cases, |case| {
        case.complaint().map(|complaint| format!("{}: {complaint}", case.id))
    });
    harness::none(&complaints.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn surrogates_are_bytes() {
    assert_eq!(Words("a\u{f4ff}\u{f480}é".to_owned()).bytes(), b"a\xff\x80\xc3\xa9");
}
