//! What a command line gives, once its words are in order.

use std::ffi::{OsStr, OsString};

use super::{Flag, List, Number, Single, Switch, name_of};
use crate::golang;
use crate::sources::{bytes_of, word_of};

/// The flags that occur, in the order of the command line, each with its value. The last of a flag
/// with one value counts.
#[derive(Debug, Default)]
pub(crate) struct Given(Vec<(&'static str, OsString)>);

/// A value that its flag does not take.
#[derive(Debug)]
pub(crate) struct ValueFault {
    pub flag: Flag,
    /// The value, `None` if it is not UTF-8.
    pub value: Option<String>,
    /// What is wrong with it, in a few words.
    pub reason: String,
}

impl Given {
    /// Reads words that are `--flag` and `--flag=value`. Those of flags that are not known are left
    /// out.
    pub(crate) fn read(known: &[Flag], words: &[OsString]) -> Result<Self, Box<ValueFault>> {
        let mut given = Vec::with_capacity(words.len());
        for word in words {
            let Some(name) = name_of(word) else { continue };
            let Some(flag) = known.iter().find(|flag| flag.name.as_bytes() == name) else {
                continue;
            };
            let value = value_of(word).unwrap_or_else(|| flag.bare.unwrap_or_default().into());
            if let Some(check) = flag.check {
                let text = value.to_str();
                let checked = text.map_or_else(|| Err("not UTF-8 text".to_owned()), check);
                checked.map_err(|reason| {
                    Box::new(ValueFault { flag: *flag, value: text.map(str::to_owned), reason })
                })?;
            }
            given.push((flag.name, value));
        }
        Ok(Self(given))
    }

    /// The same without a flag, which another reader of the command line understands.
    pub(crate) fn without<T: Copy>(&self, flag: &Flag<T>) -> Self {
        Self(self.0.iter().filter(|(name, _)| *name != flag.name).cloned().collect())
    }

    /// The same with a flag that the command line leaves out.
    pub(crate) fn with<T: Copy>(mut self, flag: &Flag<T>, value: &str) -> Self {
        self.0.push((flag.name, value.into()));
        self
    }

    fn last(&self, name: &str) -> Option<&OsString> {
        self.0.iter().rev().find(|(flag, _)| *flag == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> &str {
        self.last(name).and_then(|value| value.to_str()).unwrap_or_default()
    }
}

fn value_of(word: &OsStr) -> Option<OsString> {
    let bytes = bytes_of(word);
    let at = bytes.iter().position(|byte| *byte == b'=')?;
    Some(word_of(bytes.get(at + 1..)?.to_vec()))
}

// The look-ups are inlined, so that they cost no copy of the definition: each pointer of a copy in
// the binary is one more for the loader to relocate, in every run.

/// Whether a switch is on.
#[inline]
pub(crate) fn is_on(given: &Given, flag: &Flag<Switch>) -> bool {
    golang::bools::parse_bool(given.text(flag.name)) == Ok(true)
}

/// The value of a number: 0 if the flag was not given.
#[inline]
pub(crate) fn number_of(given: &Given, flag: &Flag<Number>) -> i32 {
    golang::ints::parse_int32(given.text(flag.name)).unwrap_or_default()
}

/// The value of a flag: empty if it was not given.
#[inline]
pub(crate) fn value(given: &Given, flag: &Flag<Single>) -> OsString {
    given.last(flag.name).cloned().unwrap_or_default()
}

/// The value of a flag; `None` if it was not given.
#[inline]
pub(crate) fn given(given: &Given, flag: &Flag<Single>) -> Option<OsString> {
    given.last(flag.name).cloned()
}

/// The values of a list, in their order.
#[inline]
pub(crate) fn values<'a>(
    given: &'a Given,
    flag: &Flag<List>,
) -> impl Iterator<Item = &'a OsString> + use<'a> {
    let name = flag.name;
    given.0.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value)
}

/// Whether a flag is on the command line at all.
#[inline]
pub(crate) fn is_given<T: Copy>(given: &Given, flag: &Flag<T>) -> bool {
    times(given, flag) > 0
}

/// How often a flag is on the command line.
#[inline]
pub(crate) fn times<T: Copy>(given: &Given, flag: &Flag<T>) -> usize {
    given.0.iter().filter(|(known, _)| *known == flag.name).count()
}
