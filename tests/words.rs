//! The language of what users read: phrases that no help page, manual page, document or message may
//! hold. Files that still hold some have a number, which only goes down.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::harness;

/// Phrases, as whole words.
const PHRASES: &[&str] = &[
    "anew",
    "beside",
    "came of",
    "exclude each other",
    "is none",
    "is told",
    "kubectl's sake",
    "less its final newline",
    "less its newline",
    "less one final newline",
    "less one newline",
    "made anew",
    "nobody",
    "of no matter",
    "parted by",
    "somebody",
    "stand",
    "stands",
    "there is --",
    "to the byte",
    "what there is",
];

/// How many phrases a file still holds. Lower a number together with the file.
const ALLOWED: &[(&str, usize)] = &[];

/// Where text has a phrase.
fn found(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut all = Vec::new();
    for phrase in PHRASES {
        for (at, _) in text.match_indices(phrase) {
            let before = text[..at].chars().next_back();
            let behind = text[at + phrase.len()..].chars().next();
            if !before.is_some_and(is_word) && !behind.is_some_and(is_word) {
                all.push(around(&text, at));
            }
        }
    }
    for (at, phrase) in text.match_indices("is no ") {
        let behind = &text[at + phrase.len()..];
        let word: String = behind.chars().take_while(|c| is_word(*c)).collect();
        let before = &text[..at];
        if word.starts_with(|c: char| c.is_ascii_lowercase())
            && !["longer", "such"].contains(&&*word)
            && !before.ends_with("there ")
            && !before.ends_with(is_word)
        {
            all.push(around(&text, at));
        }
    }
    all
}

/// A part of a text, to find the place again.
fn around(text: &str, at: usize) -> String {
    let mut part: String = text[..at].chars().rev().take(30).collect();
    part = part.chars().rev().collect();
    part.extend(text[at..].chars().take(40));
    part
}

/// The string literals of Rust source outside of its tests, each as the program sees it.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut all = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(behind) = raw_start(rest) {
            let (hashes, text) = behind;
            let end = format!("\"{}", "#".repeat(hashes));
            let (text, behind) = text.split_once(&*end).unwrap();
            all.push(text.to_owned());
            rest = behind;
        } else if c == '"' {
            let (text, behind) = literal(&rest[1..]);
            let is_reason = source[..source.len() - rest.len()].ends_with("reason = ");
            all.extend((!is_reason).then_some(text));
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("'\"'").or(rest.strip_prefix("'\\\"'")) {
            rest = behind;
        } else {
            // A prefix of an identifier never starts a raw literal.
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest = &rest[word.max(c.len_utf8())..];
        }
    }
    all
}

/// What follows `r#"`, and how many `#` there are.
fn raw_start(text: &str) -> Option<(usize, &str)> {
    let text = text.strip_prefix("br").or(text.strip_prefix('r'))?;
    let quote = text.trim_start_matches('#');
    Some((text.len() - quote.len(), quote.strip_prefix('"')?))
}

/// A literal up to its end, and what follows.
fn literal(source: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = source.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, &source[at + 1..]),
            '\\' => match chars.next() {
                Some((_, '\n')) => {
                    let rest = source[at + 2..].trim_start();
                    chars = source.char_indices();
                    let skip = source[..source.len() - rest.len()].chars().count();
                    chars.by_ref().take(skip).for_each(drop);
                }
                Some((_, 'n' | 't')) => text.push(' '),
                Some((_, c)) => text.push(c),
                None => break,
            },
            c => text.push(c),
        }
    }
    panic!("a literal has no end: {text}")
}

/// The files below a folder whose names end so.
fn files(folder: &Path, end: &str, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                files(&path, end, all);
            }
        } else if path.to_str().is_some_and(|path| path.ends_with(end))
            && !path.ends_with("tests.rs")
        {
            let root = harness::source("");
            all.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn user_facing_text_is_free_of_these_phrases() {
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    let mut names: Vec<_> = ["README.md", "GUIDE.md", "CHANGELOG.md"].map(str::to_owned).into();
    for (folder, end) in [("man", ".1"), ("completions", ""), ("src", ".rs")] {
        files(&harness::source(folder), end, &mut names);
    }
    names.sort();
    let mut complaints = Vec::new();
    for name in &names {
        let text = fs::read_to_string(harness::source(name)).unwrap();
        let found: Vec<_> = if name.starts_with("src/") {
            literals(&text).iter().flat_map(|text| found(text)).collect()
        } else {
            found(&text.replace("\\-", "-"))
        };
        let allowed = allowed.get(&**name).copied().unwrap_or_default();
        if found.len() != allowed {
            let found: String = found.iter().map(|part| format!("\n  … {part} …")).collect();
            complaints.push(format!(
                "{name}: {allowed} allowed{found}\n  (\"{name}\", {})",
                found.lines().count().saturating_sub(1)
            ));
        }
    }
    for (name, _) in ALLOWED {
        assert!(names.iter().any(|each| each == name), "{name} is gone");
    }
    harness::none(&complaints);
}

#[test]
fn help_pages_are_free_of_these_phrases() {
    let names = mksecret::testing::types().chain(mksecret::testing::tools());
    for words in names.map(|name| vec![name, "--help"]).chain([vec!["--help"]]) {
        let out = harness::mksecret(words.clone()).run();
        assert_eq!(found(&String::from_utf8_lossy(&out.stdout)), Vec::<String>::new(), "{words:?}");
    }
}

#[test]
fn phrases_are_found() {
    let rows: &[(&str, usize)] = &[
        ("what stands\n here", 1),
        ("outstanding, standard", 0),
        ("it is no key", 1),
        ("there is no key", 0),
        ("it is no longer, is no such", 0),
        ("It is No Key", 1),
        ("tells what there is.", 1),
        ("less its final newline", 1),
        ("is none, nobody", 2),
    ];
    for (text, want) in rows {
        assert_eq!(found(text).len(), *want, "{text}");
    }
}

#[test]
fn literals_are_read_as_the_program_sees_them() {
    let lines = [
        "// \"no\"",
        "fn f<'a>(c: char) { c == '\"'; \"is \\",
        "      none\"; r#\"raw \"x\"\"#; b\"bytes\"; \"a\\\"b\\n\"; }",
        "#[expect(x, reason = \"not read\")]",
        "#[cfg(test)]",
        "mod tests { \"no\" }",
    ];
    assert_eq!(literals(&lines.join("\n")), ["is none", "raw \"x\"", "bytes", "a\"b "]);
}
