//! A finding as all reports show it.

use super::repair::Repair;
use super::schema::Issue;
use super::snippet::Snippet;
use crate::validate::{At, RuleInfo, Severity};

/// A finding, ready to be shown. No value is in it.
#[derive(Debug)]
pub(crate) struct Reported {
    pub rule: &'static RuleInfo,
    pub severity: Severity,
    pub line: u32,
    /// In characters; line and column are counted from 1, and 0 on a cluster.
    pub column: u32,
    /// What is wrong, with the field.
    pub message: String,
    pub hints: Vec<String>,
    /// The namespace and the name of the Secret.
    pub object: Option<(Option<String>, String)>,
    pub snippet: Option<Snippet>,
    /// How it can be put right, where there is one way only.
    pub repair: Option<Repair>,
    /// The first line of the Secret.
    pub(super) first_line: u32,
}

impl Reported {
    /// Its place in the file of that name: `PATH:LINE:COLUMN`, or the name alone where there are no
    /// lines.
    pub(super) fn place_in(&self, file: &str) -> String {
        match self.line {
            0 => file.to_owned(),
            line => format!("{file}:{line}:{}", self.column),
        }
    }

    /// The message with what to do, on one line.
    pub(super) fn in_one_line(&self) -> String {
        let hints = self.hints.iter().map(|hint| format!("; hint: {hint}"));
        hints.fold(self.message.clone(), |text, hint| text + &hint)
    }

    /// The same on a Secret of a cluster, which has no lines.
    pub(crate) fn without_place(self) -> Self {
        Self { line: 0, column: 0, snippet: None, ..self }
    }

    pub(super) fn of(
        issue: &Issue,
        name: &str,
        namespace: Option<&str>,
        file: &[u8],
        first_line: u32,
    ) -> Self {
        let place = issue.field.as_ref();
        let at = At { place, origin: None, name, namespace };
        let message = match place {
            Some(place) => format!("{}: {}", place.in_manifest(), issue.rule),
            None => issue.rule.to_string(),
        };
        Self {
            rule: issue.rule.info(),
            severity: issue.severity,
            line: issue.span.line,
            column: issue.span.column,
            message,
            hints: issue.rule.hints_in_manifest(&at),
            object: (!name.is_empty()).then(|| (namespace.map(str::to_owned), name.to_owned())),
            snippet: Snippet::of(file, issue.span),
            repair: None,
            first_line,
        }
    }
}
