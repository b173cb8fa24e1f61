//! Values without a byte, and sources without a value: usually a command before a pipe that failed, or
//! a variable that is not set.

use super::BuildError;
use super::build::{Build, Built};
use super::finding::SourceFinding;
use crate::flags::{self, Flag, List, Single};
use crate::secret::{DataKey, Value};
use crate::sources::Origin;
use crate::validate::Finding;

/// What happens to an empty value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyValues {
    /// It is taken in silence: `--allow-empty`.
    Allowed,
    /// It is an error where the source is one of mksecret's own, a warning where it is kubectl's.
    Refused,
    /// It is taken with a warning: `--validate=ignore`.
    Warned,
}

/// Why a source gave no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoValue {
    /// The env file has no line with a name.
    EnvFile,
    /// The flag's value is empty.
    Flag,
    /// The folder has no regular file.
    Folder,
}

impl Build<'_> {
    /// Whether an empty value of a source of mksecret's own is taken.
    pub(super) fn takes_empty(&self) -> bool {
        self.empty_values != EmptyValues::Refused
    }
}

impl Built {
    /// Adds a value of a source of mksecret's own, which is refused if it is empty.
    pub(super) fn add_own(
        &mut self,
        asked: &Build<'_>,
        key: &[u8],
        value: Value,
        origin: Origin,
    ) -> Result<(), BuildError> {
        if value.is_empty() && !asked.takes_empty() {
            return Err(BuildError::EmptyValue { origin });
        }
        self.add_noting_empty(key, value, origin)
    }

    /// Adds a value and notes whether it is empty.
    pub(super) fn add_noting_empty(
        &mut self,
        key: &[u8],
        value: Value,
        origin: Origin,
    ) -> Result<(), BuildError> {
        let key = Self::key(key, &origin)?;
        if value.is_empty() {
            self.empty.push((key.clone(), origin.clone()));
        }
        self.add_checked(key, value, origin)
    }

    /// Warns of a source that gave no value.
    pub(super) fn warn_of_no_value(&mut self, origin: Origin, why: NoValue) {
        self.has_empty_source = true;
        if self.wants_values {
            self.find(SourceFinding::NoValue { origin, why });
        }
    }

    /// Warns of flags without a value, which add nothing.
    pub(super) fn warn_of_empty_flags(&mut self, asked: &Build<'_>, flags: &[&Flag<Single>]) {
        for flag in flags {
            if flags::given(asked.flags, flag).is_some_and(|value| value.is_empty()) {
                self.warn_of_no_value(Origin::flag(flag.name, 1), NoValue::Flag);
            }
        }
    }

    /// Warns of each empty value of a list, which adds nothing.
    pub(super) fn warn_of_empty_values(&mut self, asked: &Build<'_>, flag: &Flag<List>) {
        for (i, _) in flags::values(asked.flags, flag).enumerate().filter(|(_, v)| v.is_empty()) {
            self.warn_of_no_value(Origin::flag(flag.name, i + 1), NoValue::Flag);
        }
    }
}

/// One warning for each flag, and for each env file, that gave empty values.
pub(crate) fn empty_findings(values: Vec<(DataKey, Origin)>) -> impl Iterator<Item = Finding> {
    let mut all: Vec<(Vec<DataKey>, Origin)> = Vec::new();
    for (key, origin) in values {
        let same = |known: &Origin| {
            let file = known.line.is_none() || known.path == origin.path;
            (known.flag, known.nth) == (origin.flag, origin.nth) && file
        };
        match all.iter_mut().find(|(_, known)| same(known)) {
            Some((keys, known)) => {
                keys.push(key);
                // What several values have in common.
                if known.path != origin.path {
                    known.path = None;
                }
                known.line = known.line.and(Some(0));
            }
            None => all.push((vec![key], origin)),
        }
    }
    all.into_iter().map(|(keys, origin)| {
        let line = origin.line.filter(|line| *line > 0);
        Finding::new(SourceFinding::EmptyValues { keys, origin: Origin { line, ..origin } })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_are_gathered() {
        let key = |name: &str| DataKey::parse(name).unwrap();
        let file = |nth, path: &str| Origin::flag("from-file", nth).file(path);
        let line = |path: &str, line| Origin::flag("from-env-file", 1).file(path).line(line);
        let values = [
            ("a", Origin::flag("from-literal", 1)),
            ("b", Origin::flag("from-literal", 2)),
            ("c", file(1, "./c")),
            ("d", file(2, "d")),
            ("e", file(2, "e")),
            ("F", line(".env", 3)),
            ("G", line("more.env", 1)),
            ("H", line("more.env", 2)),
        ];
        let values = values.map(|(name, origin)| (key(name), origin));
        let said: Vec<_> =
            empty_findings(values.to_vec()).map(|finding| finding.to_string()).collect();
        let want = [
            "the value of a is empty (--from-literal)",
            "the value of b is empty (--from-literal number 2)",
            "the value of c is empty (--from-file ./c)",
            "the values of d, e are empty (--from-file number 2)",
            "the value of F is empty (--from-env-file .env, line 3)",
            "the values of G, H are empty (--from-env-file more.env)",
        ];
        assert_eq!(said, want);
    }
}
