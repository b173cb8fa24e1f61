//! The report as XML of `JUnit`, for CI servers: a test case for each file with findings.

use std::fmt::Write as _;

use super::names::relative;
use super::reported::Reported;
use crate::validate::Severity;

/// All findings; warnings are failures if they fail the run.
pub(crate) fn junit(files: &[(String, Vec<Reported>)], warnings_fail: bool) -> String {
    let is_failure = |reported: &&Reported| {
        reported.severity == Severity::Error
            || (warnings_fail && reported.severity == Severity::Warning)
    };
    let failed = files.iter().filter(|(_, all)| all.iter().any(|each| is_failure(&each))).count();
    let tests = files.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<testsuites>\n<testsuite name=\"mksecret check\" tests=\"{tests}\" failures=\"{failed}\">"
    );
    if files.is_empty() {
        out.push_str("<testcase classname=\"mksecret\" name=\"check\"/>\n");
    }
    for (file, all) in files {
        let file = relative(file);
        let name = escaped(&file);
        let _ = writeln!(out, "<testcase classname=\"mksecret\" name=\"{name}\">");
        for reported in all.iter().filter(is_failure) {
            let (rule, text) = (reported.rule.id, escaped(&line(&file, reported)));
            let message = escaped(&reported.message);
            let _ =
                writeln!(out, "<failure type=\"{rule}\" message=\"{message}\">{text}</failure>");
        }
        let others: Vec<_> =
            all.iter().filter(|each| !is_failure(each)).map(|each| line(&file, each)).collect();
        if !others.is_empty() {
            let _ = writeln!(out, "<system-out>{}</system-out>", escaped(&others.join("\n")));
        }
        out.push_str("</testcase>\n");
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

fn line(file: &str, reported: &Reported) -> String {
    let (place, severity) = (reported.place_in(file), reported.severity.word());
    format!("{place}: {severity}: {} [{}]", reported.in_one_line(), reported.rule.id)
}

/// A text without what XML 1.0 does not allow, and with entities for what it reserves.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                out.push(c);
            }
            _ => out.push('\u{fffd}'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_stays_xml() {
        assert_eq!(escaped("a<b>\"&\u{1}"), "a&lt;b&gt;&quot;&amp;\u{fffd}");
        let empty = junit(&[], false);
        assert!(empty.contains("tests=\"1\" failures=\"0\""), "{empty}");
    }
}
