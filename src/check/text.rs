//! The report that people read.

use std::fmt::Write as _;

use super::judge::Counts;
use super::reported::Reported;
use super::skipped::Skipped;
use crate::shown::counted;

/// All findings, each with `PATH:LINE:COLUMN: severity: what is wrong [rule]`, its line without any
/// value, and what to do.
pub(crate) fn text(files: &[(String, Vec<Reported>)]) -> String {
    let mut out = String::new();
    for (file, reported) in files {
        for each in reported {
            push(file, each, &mut out);
        }
    }
    out
}

fn push(file: &str, reported: &Reported, out: &mut String) {
    let Reported { rule, severity, line, message, hints, snippet, .. } = reported;
    let (place, severity) = (reported.place_in(file), severity.word());
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{place}: {severity}: {message} [{}]", rule.id);
    if let Some(snippet) = snippet {
        let number = line.to_string();
        let width = number.len();
        let _ = writeln!(out, "{number} | {}", snippet.text);
        let _ = writeln!(out, "{:width$} | {:indent$}^", "", "", indent = snippet.indent);
    }
    for hint in hints {
        let _ = writeln!(out, "hint: {hint}");
    }
}

/// What a repair changes, with the line before and after it without any value.
pub(crate) fn preview(files: &[(String, Vec<Reported>)]) -> String {
    let mut out = String::new();
    for (file, reported) in files {
        for each in reported {
            let Some(repair) = &each.repair else { continue };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}: {}", each.place_in(file), each.message);
            if let Some(snippet) = &each.snippet {
                let _ = writeln!(out, "- {}", snippet.text);
                let _ = writeln!(out, "+ {} ({})", snippet.text, repair.about);
            }
        }
    }
    out
}

/// What was repaired, in a line.
pub(crate) fn fixed(file: &str, reported: &Reported) -> String {
    let Reported { message, rule, .. } = reported;
    format!("{}: fixed: {message} [{}]", reported.place_in(file), rule.id)
}

/// What was checked, in a line.
pub(crate) fn summary(counts: &Counts, errors: usize, warnings: usize) -> String {
    let mut line = format!(
        "{} in {}: {}, {}",
        counted(counts.secrets, "Secret"),
        counted(counts.files, "file"),
        counted(errors, "error"),
        counted(warnings, "warning"),
    );
    if let Some(skipped) = skipped(counts) {
        let _ = write!(line, " (skipped: {skipped})");
    }
    line
}

/// What was passed over, `None` if nothing was.
pub(crate) fn skipped(counts: &Counts) -> Option<String> {
    let all = Skipped::ALL.into_iter();
    let skipped: Vec<_> = all
        .filter_map(|why| counts.skipped.get(&why).map(|count| format!("{count} {why}")))
        .collect();
    (!skipped.is_empty()).then(|| skipped.join(", "))
}
