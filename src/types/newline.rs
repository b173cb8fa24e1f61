//! The newline that an editor or `echo` puts behind a password, and that becomes part of it.

use std::borrow::Cow;

use super::ValueError;
use super::build::{Build, Built};
use super::finding::SourceFinding;
use crate::flags::{self, Flag, FlagKind, List};
use crate::kinds;
use crate::material::text_mark::TextMark;
use crate::secret::{DataKey, Text, Value};
use crate::shown::Hidden;
use crate::sources::{Origin, bytes_of};

pub(crate) const TRIM: Flag<List> =
    flags::optional("trim-newline", "KEY", "", "Drop a trailing newline of KEY, or of all values")
        .repeated()
        .kind(FlagKind::Key);
/// What happens to the final newline of values that are read from files and standard input.
pub(super) struct Newlines<'a> {
    /// Whether the type has `--trim-newline`.
    has_flag: bool,
    all: bool,
    /// Whether the rules for logins look for marks in user name and password.
    is_login: bool,
    /// The keys of `--trim-newline`, and whether a value was read under them.
    keys: Vec<(Cow<'a, [u8]>, bool)>,
}

impl<'a> Newlines<'a> {
    /// `is_login` says whether the type is that of a login.
    pub(super) fn new(asked: &Build<'a>, is_login: bool) -> Self {
        let given = flags::values(asked.flags, &TRIM);
        let (all, keys): (Vec<_>, Vec<_>) = given.map(|k| bytes_of(k)).partition(|k| k.is_empty());
        let keys = keys.into_iter().map(|key| (key, false)).collect();
        Self { has_flag: true, all: !all.is_empty(), keys, is_login }
    }

    /// For a type without the flag: nothing is taken off, and a slip is warned of.
    pub(super) fn kept() -> Self {
        Self { has_flag: false, all: false, keys: Vec::new(), is_login: false }
    }

    /// Takes the newline off where that is asked for, and warns where it is likely to be a slip.
    pub(super) fn settle(
        &mut self,
        key: &[u8],
        value: Value,
        origin: &Origin,
        built: &mut Built,
    ) -> Value {
        if let Some(mark) = kinds::mark(key, value.as_bytes())
            && !(self.is_login && (key == b"username" || key == b"password"))
            && let Ok(key) = DataKey::parse(Text::from_bytes(key).as_str())
        {
            built.marked.push(key.clone());
            let utf16 = mark != TextMark::Utf8;
            built.find(SourceFinding::ByteOrderMark { key, origin: origin.clone(), utf16 });
        }
        let mut asked = self.all;
        for (_, read) in self.keys.iter_mut().filter(|(named, _)| **named == *key) {
            (asked, *read) = (true, true);
        }
        if asked {
            return value.without_final_newline();
        }
        if kinds::is_stray(key, value.as_bytes())
            && let Ok(key) = DataKey::parse(Text::from_bytes(key).as_str())
        {
            let has_flag = self.has_flag;
            built.marked.push(key.clone());
            built.find(SourceFinding::StrayNewline { key, origin: origin.clone(), has_flag });
        }
        value
    }

    /// A key that was named and not read is mistyped, or the value itself: it is shown only if the
    /// Secret has it.
    pub(super) fn end(self, built: &Built) -> Result<(), ValueError> {
        let Some((key, _)) = self.keys.into_iter().find(|(_, read)| !read) else { return Ok(()) };
        let known = |known: &&DataKey| known.as_str().as_bytes() == &*key;
        let key = match built.origins.keys().find(known) {
            Some(key) => built.origins[key].shown_key(key.as_str()).into_owned(),
            None => format!("a key {}", Hidden(key.len())),
        };
        Err(ValueError::NothingToTrim { key })
    }
}
