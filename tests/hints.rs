//! The commands that hints suggest: those of mksecret are command lines that it reads, all others
//! are such as bash reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{self, mksecret};

/// What begins a command in a hint.
const PROGRAMS: &[&str] = &[
    "base64",
    "docker",
    "iconv",
    "jq",
    "kubectl",
    "ls",
    "mksecret",
    "openssl",
    "perl",
    "printf",
    "sed",
    "ssh-keygen",
    "ssh-keyscan",
    "tail",
    "tr",
];

/// Words that follow a command in a sentence.
const SENTENCES: &[&str] = &[
    " adds it",
    " can drop it",
    " has flags",
    " is for",
    " lists them",
    " says more",
    " shows ",
    " takes a line",
    " writes ",
    " runs kubectl",
    " rejects it",
];

/// All hints of the cases, each once.
fn hints(folder: &Path, all: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hints(&path, all);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            all.extend(
                text.lines().filter_map(|line| line.strip_prefix("hint: ")).map(str::to_owned),
            );
        }
    }
}

/// The command in a hint: the whole hint, or what follows its last colon that a program follows.
fn command(hint: &str) -> Option<&str> {
    let is_command =
        |text: &str| text.split_once(' ').is_some_and(|(program, _)| PROGRAMS.contains(&program));
    let starts = [0].into_iter().chain(hint.match_indices(": ").map(|(at, _)| at + 2));
    let quoted = hint.split('`').nth(1).into_iter();
    let found = starts.map(|at| &hint[at..]).chain(quoted).find(|text| is_command(text))?;
    let ends = SENTENCES.iter().filter_map(|end| found.find(end));
    let end = ends.min().unwrap_or(found.len());
    Some(&found[..end]).filter(|text| text.contains(' '))
}

/// The words of a command, as bash parts them.
fn words(command: &str) -> Vec<String> {
    let script = format!("set -f; printf '%s\\0' {}", command.split(" < ").next().unwrap());
    let out = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(out.status.success(), "{command}");
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn commands_of_hints_are_read() {
    let mut all = BTreeSet::new();
    hints(&harness::source("tests/cases"), &mut all);
    let (mut ours, mut others, mut complaints) = (0, 0, Vec::new());
    for hint in &all {
        let Some(command) = command(hint) else { continue };
        if !command.starts_with("mksecret ") {
            others += 1;
            let out = Command::new("bash").args(["-n", "-c", command]).output().unwrap();
            if !out.status.success() {
                complaints.push(format!("{command}\n  {}", String::from_utf8_lossy(&out.stderr)));
            }
            continue;
        }
        ours += 1;
        if command.contains(['[', '…']) {
            // A usage line, or one that goes on as this run's.
            continue;
        }
        let mut words = words(command).split_off(1);
        let prints = ["--help", "--version"].map(str::to_owned);
        // These have no --dry-run.
        let has_dry_run = !["new", "seal"].contains(&words[0].as_str());
        if has_dry_run && !words.iter().any(|word| prints.contains(word)) {
            words.push("--dry-run=client".to_owned());
        }
        let answer = mksecret(words.clone()).run();
        let said = String::from_utf8_lossy(&answer.stderr);
        let has_surplus = said.contains("is required, got") && !said.contains("got 0");
        if said.starts_with("error: unknown") || has_surplus {
            complaints.push(format!("{command}\n  {words:?}\n  {said}"));
        }
    }
    harness::none(&complaints);
    assert!(ours > 20 && others > 50, "{ours} and {others} commands found");
}

#[test]
fn commands_are_found() {
    let rows = [
        ("inspect it: ls -l link", Some("ls -l link")),
        ("mksecret tls web --cert=FILE says more", Some("mksecret tls web --cert=FILE")),
        ("did you mean `mksecret generic`?", Some("mksecret generic")),
        ("remove the quotes: env files have no quoting", None),
        ("add --fix-chain", None),
    ];
    for (hint, want) in rows {
        assert_eq!(command(hint), want, "{hint}");
    }
}
