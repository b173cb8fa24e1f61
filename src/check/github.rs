//! The report as workflow commands of GitHub Actions, which shows them in the files of a change.

use std::fmt::Write as _;

use super::names::relative;
use super::reported::Reported;
use crate::validate::Severity;

/// All findings, a command each.
pub(crate) fn github(files: &[(String, Vec<Reported>)]) -> String {
    let mut out = String::new();
    for (file, all) in files {
        let file = property(&relative(file));
        for reported in all {
            let command = match reported.severity {
                Severity::Error => "error",
                Severity::Note => "notice",
                Severity::Warning => "warning",
            };
            let title = property(reported.rule.id);
            // Writing to a String cannot fail.
            let _ = write!(out, "::{command} file={file}");
            if reported.line > 0 {
                let _ = write!(out, ",line={},col={}", reported.line, reported.column);
            }
            let _ = writeln!(out, ",title={title}::{}", data(&reported.in_one_line()));
        }
    }
    out
}

/// A message as GitHub's toolkit escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property as GitHub's toolkit escapes it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
