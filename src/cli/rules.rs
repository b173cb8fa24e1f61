//! The rules that Secrets are held to, by their ids.

use crate::check;
use crate::consumers::{self, Consumer};
use crate::flags::{self, Flag, Given, List, common};
use crate::hints::Fault;
use crate::kinds;
use crate::kustomize;
use crate::seal;
use crate::shown;
use crate::similar::nearest;
use crate::sources::Origin;
use crate::types;
use crate::validate::{RuleInfo, Severity};

pub(crate) fn rules() -> impl Iterator<Item = &'static RuleInfo> {
    let tables = [types::rules::RULES, kustomize::RULES, seal::RULES, seal::sops::RULES];
    let own = tables.into_iter().flatten().copied();
    kinds::rules().chain(consumers::rules()).chain(own).chain(check::rules())
}

/// The rule of that id.
pub(crate) fn rule(id: &str) -> Result<&'static RuleInfo, UnknownRule> {
    rules().find(|rule| rule.id == id).ok_or_else(|| UnknownRule {
        id: id.to_owned(),
        near: nearest(&id.to_ascii_lowercase(), rules().map(|rule| rule.id)),
    })
}

/// An id that no rule has.
#[derive(Debug, thiserror::Error)]
#[error("{} is not a rule", shown::Quoted(id))]
pub(crate) struct UnknownRule {
    pub id: String,
    /// The id that was probably meant.
    pub near: Option<&'static str>,
}

impl Fault for UnknownRule {
    fn hints(&self) -> Vec<String> {
        vec![match self.near {
            Some(near) => format!("did you mean {near}?"),
            None => "mksecret check --explain lists the rules".to_owned(),
        }]
    }
}

/// A value that is no text.
#[derive(Debug, thiserror::Error)]
#[error("{} is not UTF-8 text", Origin::flag(flag, *nth))]
pub(crate) struct NotText {
    flag: &'static str,
    nth: usize,
}

/// The words of a list flag, each value of which may have several with commas between them.
fn listed<'a>(matches: &'a Given, flag: &Flag<List>) -> Result<Vec<&'a str>, NotText> {
    let mut words = Vec::new();
    for (i, value) in flags::values(matches, flag).enumerate() {
        let list = value.to_str().ok_or(NotText { flag: flag.name, nth: i + 1 })?;
        words.extend(list.split(',').filter(|word| !word.is_empty()));
    }
    Ok(words)
}

/// Why a rule cannot be allowed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AllowError {
    #[error("--allow={id}: the API server rejects it, so it cannot be allowed")]
    IsError { id: &'static str },
    #[error(transparent)]
    NotText(#[from] NotText),
    #[error("--allow: {0}")]
    Unknown(UnknownRule),
}

impl Fault for AllowError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::IsError { .. } => vec!["--validate=ignore prints it without a check".to_owned()],
            Self::NotText(_) => Vec::new(),
            Self::Unknown(error) => error.hints(),
        }
    }
}

/// The rules that `--allow` names.
pub(super) fn allowed(matches: &Given) -> Result<Vec<&'static RuleInfo>, AllowError> {
    let mut allowed = Vec::new();
    for id in listed(matches, &common::ALLOW)? {
        let rule = rule(id).map_err(AllowError::Unknown)?;
        if rule.severity == Severity::Error {
            return Err(AllowError::IsError { id: rule.id });
        }
        allowed.push(rule);
    }
    Ok(allowed)
}

/// Why `--consumer` names no reader.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConsumerError {
    #[error(transparent)]
    NotText(#[from] NotText),
    #[error("--consumer: {0}")]
    Unknown(consumers::Unknown),
}

impl Fault for ConsumerError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NotText(_) => Vec::new(),
            Self::Unknown(error) => vec![match error.near {
                Some(near) => format!("did you mean {near}?"),
                None => consumers::names(),
            }],
        }
    }
}

/// The readers that `--consumer` names, each once.
pub(super) fn consumers(matches: &Given) -> Result<Vec<&'static Consumer>, ConsumerError> {
    let mut named: Vec<&Consumer> = Vec::new();
    for name in listed(matches, &common::CONSUMER)? {
        let consumer = consumers::of(name).map_err(ConsumerError::Unknown)?;
        if !named.iter().any(|known| known.name == consumer.name) {
            named.push(consumer);
        }
    }
    Ok(named)
}
