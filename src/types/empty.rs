//! Values without a byte, and sources without a value: usually a command before a pipe that failed, or
//! a variable that is not set.

use super::build::{Build, BuildError, Built, Warning};
use crate::flags::{self, Flag, List, Single};
use crate::secret::{DataKey, Value};
use crate::sources::Origin;

/// What happens to an empty value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyValues {
    /// It is taken in silence: `--allow-empty`.
    Allowed,
    /// It is an error where the source is one of mksecret's own, a warning where it is kubectl's.
    Refused,
    /// It is taken with a warning: `--validate=ignore`.
    Warned,
}

/// Why a source gave no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoValue {
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
        self.warnings.push(Warning::NoValue { origin, why });
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

    /// Whether a warning names a source that gave no value.
    pub(super) fn has_named_empty_source(&self) -> bool {
        let names =
            |warning: &Warning| matches!(warning, Warning::NoValue { .. } | Warning::Skipped(_));
        self.warnings.iter().any(names)
    }
}

/// One warning for each flag, and for each env file, that gave empty values.
pub fn empty_warnings(values: Vec<(DataKey, Origin)>) -> Vec<Warning> {
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
    let warning = |(keys, origin): (Vec<DataKey>, Origin)| {
        let line = origin.line.filter(|line| *line > 0);
        Warning::EmptyValues { keys, origin: Origin { line, ..origin } }
    };
    all.into_iter().map(warning).collect()
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
            ("f", line(".env", 3)),
            ("g", line("more.env", 1)),
            ("h", line("more.env", 2)),
        ];
        let values = values.map(|(name, origin)| (key(name), origin));
        let said: Vec<_> = empty_warnings(values.to_vec())
            .into_iter()
            .map(|warning| match warning {
                Warning::EmptyValues { keys, origin } => {
                    let keys: Vec<_> = keys.iter().map(DataKey::as_str).collect();
                    format!("{} {origin}", keys.join(" "))
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let want = [
            "a --from-literal",
            "b --from-literal number 2",
            "c --from-file ./c",
            "d e --from-file number 2",
            "f --from-env-file .env, line 3",
            "g h --from-env-file more.env",
        ];
        assert_eq!(said, want);
    }
}
