//! Whether a draft may go on, and what there is to say about it.

use std::collections::BTreeSet;

use crate::cli::Validate;
use crate::consumers::{self, Consumer};
use crate::error::{Error, RunFlags};
use crate::kinds::{self, Context};
use crate::secret::{DataKey, Namespace, Secret};
use crate::sources::Inputs;
use crate::types::{Contents, Printed, empty_findings};
use crate::ui::Ui;
use crate::validate::{self, Finding, Place, Report, RuleInfo, Severity};

use super::Draft;

/// What drafts are held to.
pub(crate) struct Policy<'a> {
    pub validate: Validate,
    /// Whether empty values are welcome.
    pub allow_empty: bool,
    /// Rules whose warnings are not wanted.
    pub allowed: &'a [&'static RuleInfo],
    /// The readers that each Secret is for.
    pub consumers: &'a [&'static Consumer],
    /// The namespaces that each Secret goes to, if several are named.
    pub namespaces: &'a [String],
    /// The flags that suggested commands repeat.
    pub flags: &'a dyn Fn() -> RunFlags,
}

/// A Secret that may go on.
pub(crate) struct Judged {
    pub secret: Secret,
    /// The keys whose values were made here.
    pub random: Vec<DataKey>,
    /// What is printed in place of kubectl's result line.
    pub printed: Option<Printed>,
    /// How many warnings there are about it.
    pub warnings: usize,
}

impl Judged {
    /// The same again, for what may fail and be tried once more.
    #[must_use]
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            secret: self.secret.duplicate(),
            random: self.random.clone(),
            printed: self.printed.as_ref().map(Printed::duplicate),
            warnings: self.warnings,
        }
    }
}

/// A Secret that may go on, and what there is to say about it.
pub(crate) struct Ready {
    pub judged: Judged,
    warnings: Vec<Error>,
    notes: Vec<Finding>,
}

impl Ready {
    /// Says what there is to say before anything is done.
    pub(crate) fn say(&self, ui: &Ui) {
        for warning in &self.warnings {
            warning.show_as_warning(ui);
        }
        for note in &self.notes {
            ui.status(note);
        }
    }
}

/// Holds a draft to the rules. Nothing is said yet.
pub(crate) fn judge(draft: Draft, policy: &Policy<'_>, inputs: &Inputs) -> Result<Ready, Error> {
    let Draft { secret, name, origins, contents, findings, mut empty, marked, printed, random } =
        draft;
    let mut rejected = Vec::new();
    let (mut warnings, mut notes) = (Vec::new(), Vec::new());
    for finding in findings {
        match finding.severity {
            Severity::Error => rejected.push(finding),
            Severity::Warning => warnings.push(finding),
            Severity::Note => notes.push(finding),
        }
    }
    let by_server = kinds::api_server(&secret);
    let content = match policy.validate {
        Validate::Strict | Validate::Warn if contents != Contents::Built => {
            let (now, allow_empty) = (&|| inputs.now(), policy.allow_empty);
            let context = Context { now, allow_empty, is_built: true };
            without_marked(kinds::content(&secret, &context), &marked)
        }
        _ => Report::default(),
    };
    let by_readers = match policy.validate {
        Validate::Strict | Validate::Warn => consumers::content(&secret, policy.consumers),
        Validate::Ignore => Report::default(),
    };
    let content = consumers::without_explained(content, &by_readers);
    empty.retain(|(key, _)| {
        !policy.allow_empty && !by_server.is_about(key) && !content.is_about(key)
    });
    warnings.extend(empty_findings(empty));
    rejected.extend(by_server);
    rejected.extend(policy.namespaces.iter().flat_map(|name| validate::namespace(name)));
    let (useless, regretted): (Vec<_>, Vec<_>) = content
        .into_iter()
        .partition(|finding| contents == Contents::Typed && finding.rule.is_useless());
    rejected.extend(useless);
    let (wrong, mistaken): (Vec<_>, Vec<_>) =
        by_readers.into_iter().partition(|finding| finding.severity == Severity::Error);
    rejected.extend(wrong);
    let regretted = regretted.into_iter().chain(mistaken);
    let namespace = secret.namespace.as_ref().map(Namespace::as_str);
    let as_error = |finding: Finding| Error::found(finding.with_origin(&origins), &name, namespace);
    let is_wanted = |finding: &Finding| !policy.allowed.contains(&finding.rule.info());
    let rejected = rejected.into_iter().map(as_error);
    let mut warnings: Vec<_> = warnings.into_iter().filter(is_wanted).map(as_error).collect();
    match policy.validate {
        Validate::Ignore => {}
        Validate::Strict => {
            Error::all(rejected).map_err(|error| error.with_flags(&(policy.flags)()))?;
        }
        Validate::Warn => warnings.extend(rejected),
    }
    warnings.extend(regretted.filter(is_wanted).map(as_error));
    if !warnings.is_empty() {
        let flags = (policy.flags)();
        warnings = warnings.into_iter().map(|warning| warning.with_flags(&flags)).collect();
    }
    let judged = Judged { secret, random, printed, warnings: warnings.len() };
    Ok(Ready { judged, warnings, notes })
}

/// The findings without those on values that are reported with their source.
fn without_marked(report: Report, marked: &[DataKey]) -> Report {
    let marked: BTreeSet<&str> = marked.iter().map(DataKey::as_str).collect();
    report.without(|finding| {
        finding.rule.info().id.starts_with("value/")
            && matches!(&finding.place, Some(Place::Key(key)) if marked.contains(key.as_str()))
    })
}
