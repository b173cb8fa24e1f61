//! The newline that an editor or `echo` puts behind a password, and that becomes part of it.

use std::borrow::Cow;

use super::ValueError;
use super::build::{Build, Built, Warning};
use crate::flags::{self, Flag};
use crate::secret::{DataKey, Text, Value};
use crate::shown::Hidden;
use crate::sources::{Origin, bytes_of};

const TRIM: &str = "trim-newline";
/// Passwords and tokens are no longer; what is longer is a file.
const LEN_MAX: usize = 1024;
/// Files of lines, in which a line ends with a newline, by their usual names.
const FILES: &[&str] = &[
    ".dockercfg",
    ".dockerconfigjson",
    ".git-credentials",
    ".gitconfig",
    ".htpasswd",
    ".netrc",
    ".npmrc",
    ".pgpass",
    ".pypirc",
    "authorized_keys",
    "known_hosts",
    "ssh-publickey",
];
/// The same, by how their names end.
const ENDINGS: &[&str] = &[
    "cfg",
    "cnf",
    "conf",
    "env",
    "ini",
    "json",
    "properties",
    "pub",
    "sh",
    "toml",
    "xml",
    "yaml",
    "yml",
];

/// `--trim-newline`.
pub(super) fn flag() -> Flag {
    flags::optional(TRIM, "KEY", "", "Drop a trailing newline of KEY, or of all values").repeated()
}

/// What happens to the final newline of values that are read from files and standard input.
pub(super) struct Newlines<'a> {
    /// Whether the type has `--trim-newline`.
    has_flag: bool,
    all: bool,
    /// The keys of `--trim-newline`, and whether a value was read under them.
    keys: Vec<(Cow<'a, [u8]>, bool)>,
}

impl<'a> Newlines<'a> {
    pub(super) fn new(asked: &Build<'a>) -> Self {
        let given = flags::values(asked.flags, TRIM);
        let (all, keys): (Vec<_>, Vec<_>) = given.map(|k| bytes_of(k)).partition(|k| k.is_empty());
        let keys = keys.into_iter().map(|key| (key, false)).collect();
        Self { has_flag: true, all: !all.is_empty(), keys }
    }

    /// For a type without the flag: nothing is taken off, and a slip is warned of.
    pub(super) fn kept() -> Self {
        Self { has_flag: false, all: false, keys: Vec::new() }
    }

    /// Takes the newline off where that is asked for, and warns where it is likely to be a slip.
    pub(super) fn settle(
        &mut self,
        key: &[u8],
        value: Value,
        origin: &Origin,
        warnings: &mut Vec<Warning>,
    ) -> Value {
        let mut asked = self.all;
        for (_, read) in self.keys.iter_mut().filter(|(named, _)| **named == *key) {
            (asked, *read) = (true, true);
        }
        if asked {
            return value.without_final_newline();
        }
        if is_stray(key, value.as_bytes())
            && let Ok(key) = DataKey::parse(Text::from_bytes(key).as_str())
        {
            let has_flag = self.has_flag;
            warnings.push(Warning::StrayNewline { key, origin: origin.clone(), has_flag });
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

/// Whether the only newline of a short value is its last byte, and the key is none of a file of
/// lines. A PEM block always has more than one.
fn is_stray(key: &[u8], value: &[u8]) -> bool {
    let is_file = |key: &[u8]| {
        let ending = key.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        FILES.iter().any(|name| name.as_bytes() == key)
            || (ending.len() < key.len() && ENDINGS.iter().any(|end| end.as_bytes() == ending))
    };
    value.len() <= LEN_MAX
        && value.iter().position(|byte| *byte == b'\n') == value.len().checked_sub(1)
        && !value.is_empty()
        && !is_file(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_newlines() {
        let (longest, longer) = ("x".repeat(1023) + "\n", "x".repeat(1024) + "\n");
        let rows = [
            ("password", "hunter2\n", true),
            ("password.txt", "hunter2\n", true),
            ("api.key", "hunter2\r\n", true),
            ("json", "hunter2\n", true),
            ("password", "\n", true),
            ("password", longest.as_str(), true),
            ("password", longer.as_str(), false),
            ("password", "hunter2", false),
            ("password", "", false),
            ("password", "a\nb\n", false),
            ("password", "a\nb", false),
            ("known_hosts", "host ssh-ed25519 AAAA\n", false),
            (".gitconfig", "[user]\n", false),
            (".dockerconfigjson", "{\"auths\":{}}\n", false),
            ("id_ed25519.pub", "ssh-ed25519 AAAA\n", false),
            ("app.conf", "debug=false\n", false),
        ];
        for (key, value, want) in rows {
            assert_eq!(is_stray(key.as_bytes(), value.as_bytes()), want, "{key} {value:?}");
        }
    }
}
