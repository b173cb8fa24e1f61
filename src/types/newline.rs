//! The newline that an editor or `echo` puts behind a password, and that becomes part of it.

use std::borrow::Cow;

use super::ValueError;
use super::build::{Build, Built};
use super::finding::SourceFinding;
use crate::flags::{self, Flag, FlagKind, List};
use crate::material::text_mark::TextMark;
use crate::secret::{DataKey, Text, Value};
use crate::shown::Hidden;
use crate::sources::{Origin, bytes_of};

pub(crate) const TRIM: Flag<List> =
    flags::optional("trim-newline", "KEY", "", "Drop a trailing newline of KEY, or of all values")
        .repeated()
        .kind(FlagKind::Key);
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
        if let Some(utf16) = mark(key, value.as_bytes())
            && !(self.is_login && (key == b"username" || key == b"password"))
            && let Ok(key) = DataKey::parse(Text::from_bytes(key).as_str())
        {
            built.find(SourceFinding::ByteOrderMark { key, origin: origin.clone(), utf16 });
        }
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
            built.newlines.push(key.clone());
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

/// Whether a text has a byte order mark that becomes part of the value, and whether it is UTF-16.
/// Docker's configurations have rules of their own; a long text in UTF-8 is a file, whose programs
/// pass over a mark.
fn mark(key: &[u8], value: &[u8]) -> Option<bool> {
    let utf16 = match value {
        [0xff, 0xfe, ..] => u16::from_le_bytes as fn([u8; 2]) -> u16,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [0xef, 0xbb, 0xbf, ..] if value.len() <= LEN_MAX && !is_file(key) => return Some(false),
        // Without a byte order mark, a short one.
        [0, ..] | [_, 0, ..] if value.len() <= LEN_MAX => {
            return TextMark::of(value).map(|_| true);
        }
        _ => return None,
    };
    let (units, []) = value[2..].as_chunks() else { return None };
    let known = |c: char| !c.is_control() || c.is_whitespace();
    let mut text = char::decode_utf16(units.iter().map(|unit| utf16(*unit)));
    let is_text = text.all(|c| c.is_ok_and(known));
    (is_text && !units.is_empty() && !key.starts_with(b".dockerc")).then_some(true)
}

/// Whether a key is that of a file of lines.
fn is_file(key: &[u8]) -> bool {
    let ending = key.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    FILES.iter().any(|name| name.as_bytes() == key)
        || (ending.len() < key.len() && ENDINGS.iter().any(|end| end.as_bytes() == ending))
}

/// Whether the only newline of a short value is its last byte, and the key is none of a file of
/// lines. A PEM block always has more than one.
fn is_stray(key: &[u8], value: &[u8]) -> bool {
    value.len() <= LEN_MAX
        && value.iter().position(|byte| *byte == b'\n') == value.len().checked_sub(1)
        && !value.is_empty()
        && !is_file(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let rows: [(&str, &[u8], Option<bool>); 10] = [
            ("password", b"\xff\xfes\x003\x00\r\x00\n\x00", Some(true)),
            ("app.conf", b"\xfe\xff\x00s\x003", Some(true)),
            ("password", b"\xef\xbb\xbfs3cret\r\n", Some(false)),
            ("app.conf", b"\xef\xbb\xbfa=b\n", None),
            (".dockerconfigjson", b"\xff\xfe{\x00}\x00", None),
            ("blob", b"\xff\xfes\x003", None),
            ("blob", b"\xff\xfe\x01\x00\x02\x00", None),
            ("blob", b"\xff\xfe\x00\xd8\x02\x00", None),
            ("blob", b"\xff\xfe", None),
            ("password", b"s3cret", None),
        ];
        for (key, value, want) in rows {
            assert_eq!(mark(key.as_bytes(), value), want, "{key} {}", value.escape_ascii());
        }
    }

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
