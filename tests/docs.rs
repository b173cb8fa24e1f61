//! The folders `completions/` and `man/` hold what the tool says; `BLESS=1` rewrites them.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mksecret::testing::{docs, rules, scripts};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Whether what CI must have is missing here: said aloud, and a failure where `CI` is true.
#[expect(clippy::print_stdout, reason = "`cargo test -- --nocapture` shows it")]
pub(crate) fn missing(program: &str) -> bool {
    let found = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    });
    assert!(found || std::env::var("CI").as_deref() != Ok("true"), "{program} is not installed");
    if !found {
        println!("SKIPPED: {program} is not installed");
    }
    !found
}

#[test]
fn manual_pages_are_up_to_date() {
    let man = folder("man");
    let pages = docs::pages().unwrap();
    if std::env::var_os("BLESS").is_some() {
        for name in names(&man) {
            std::fs::remove_file(man.join(name)).unwrap();
        }
        for (name, text) in &pages {
            std::fs::write(man.join(name), text).unwrap();
        }
    }
    let made: BTreeSet<_> = pages.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names(&man), made, "files in man/: BLESS=1 cargo test --test tests docs");
    for (name, text) in pages {
        let kept = std::fs::read_to_string(man.join(&name)).unwrap();
        assert!(kept == text, "man/{name} is old: BLESS=1 cargo test --test tests docs");
    }
}

#[test]
fn the_page_of_rules_is_up_to_date() {
    let pages =
        rules().map(|(id, severity, text)| format!("\n## {id}\n\n*{severity}*\n\n{text}\n"));
    let made = format!(
        "# Rules\n\nWhat `mksecret` holds Secrets to. An error is what the API server rejects, or what a \
         flag asks for; a\nwarning is silenced by `--allow=RULE`, in a manifest also by an annotation or a \
         comment `mksecret/allow: RULE`.\n`mksecret check --explain RULE` prints a section of this page.\n{}",
        pages.collect::<String>()
    );
    let path = folder("docs").join("rules.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "docs/rules.md is old: BLESS=1 cargo test --test tests docs");
}

#[test]
fn every_rule_is_named_once_and_explained() {
    let all: Vec<_> = rules().collect();
    assert!(all.len() >= 50, "{}", all.len());
    for pair in all.windows(2) {
        assert_ne!(pair[0].0, pair[1].0);
    }
    for (id, _, text) in all {
        let is_id = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        assert!(
            id.split_once('/').is_some_and(|(group, name)| is_id(group) && is_id(name)),
            "{id}"
        );
        assert!(text.len() > 40 && text.ends_with('.'), "{id}: {text}");
    }
}

#[test]
fn every_page_has_every_section() {
    for (name, text) in docs::pages().unwrap() {
        let sections = text.lines().filter_map(|line| line.strip_prefix(".SH "));
        let sections: Vec<_> = sections.map(|title| title.trim_matches('"')).collect();
        let mut want = vec![
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "EXIT STATUS",
            "ENVIRONMENT",
            "FILES",
            "SEE ALSO",
        ];
        if name == "mksecret.1" {
            want.insert(3, "COMMANDS");
        }
        assert_eq!(sections, want, "{name}");
        assert!(text.is_ascii(), "{name}");
        for entry in text.split("\n.TP\n").skip(1) {
            let about = entry.lines().nth(1).unwrap_or_default();
            assert!(!about.is_empty() && !about.starts_with(".S"), "{name}: nothing about {entry}");
        }
    }
}

#[test]
fn mandoc_has_nothing_to_say() {
    if missing("mandoc") {
        return;
    }
    for (name, text) in docs::pages().unwrap() {
        let mut mandoc = Command::new("mandoc")
            .args(["-T", "lint", "-W", "warning"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        mandoc.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let said = mandoc.wait_with_output().unwrap().stdout;
        assert!(said.is_empty(), "{name}: {}", String::from_utf8_lossy(&said));
    }
}

/// The check above can fail.
#[test]
fn mandoc_is_asked() {
    if missing("mandoc") {
        return;
    }
    let out = Command::new("mandoc").args(["-T", "lint", "-W", "warning", "/dev/null"]).output();
    assert!(!out.unwrap().stdout.is_empty());
}

#[test]
fn completions_are_all_shipped() {
    let shipped = docs::COMPLETIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&folder("completions")), shipped);
    for (shell, script) in scripts() {
        let out = Command::new(env!("CARGO_BIN_EXE_mksecret"))
            .args(["completion", shell])
            .output()
            .unwrap();
        assert!(out.status.success() && out.stderr.is_empty());
        assert!(script.contains("__complete") && out.stdout == script.as_bytes(), "{shell:?}");
    }
}
