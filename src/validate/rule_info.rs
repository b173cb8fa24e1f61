//! What a rule is called and what its page says.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Something was put right on the way into the Secret.
    Note,
    /// The Secret may be made all the same.
    Warning,
    /// The Secret is not to be made.
    Error,
}

impl Severity {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Note => "note",
            Self::Warning => "warning",
        }
    }
}

/// A rule as users name it: in `--allow`, in `mksecret check --explain` and in the output of `check`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RuleInfo {
    /// The name that users type, as `GROUP/NAME` in lower case.
    pub id: &'static str,
    /// How bad a breach is. What the API server rejects is an error, and cannot be allowed.
    pub severity: Severity,
    /// What is wrong, why it matters and what to do, in a paragraph.
    pub explanation: &'static str,
}

impl RuleInfo {
    /// A rule of the API server.
    pub(crate) const fn error(id: &'static str, explanation: &'static str) -> Self {
        Self { id, severity: Severity::Error, explanation }
    }

    /// Something that the API server accepts and people regret.
    pub(crate) const fn warning(id: &'static str, explanation: &'static str) -> Self {
        Self { id, severity: Severity::Warning, explanation }
    }

    /// Something that was repaired on the way into the Secret.
    pub(crate) const fn note(id: &'static str, explanation: &'static str) -> Self {
        Self { id, severity: Severity::Note, explanation }
    }
}
