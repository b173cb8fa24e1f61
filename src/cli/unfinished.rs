//! A command line that somebody is typing: what may stand in its last word.
//!
//! The grammar is that of `argv`, so that TAB and the parser agree on which word is the value of a
//! flag. What is wrong further left is passed over: it is not what was asked.

use std::cell::LazyCell;
use std::ffi::{OsStr, OsString};

use super::argv::{self, ArgvError, Flags, Split};
use super::known_flags::{flags_of, top_flags};
use super::subcommand::{self, Invocation, Level};
use super::tools::Tool;
use super::{cluster_flags, cluster_request};
use crate::flags::{self, Flag, Given, Single};
use crate::reach::Reach;
use crate::sources::bytes_of;
use crate::types::SecretType;

pub(crate) struct Unfinished {
    /// The subcommand, as far as it is known.
    pub place: Subcommand,
    /// The flags that may stand here.
    pub known: Vec<Flag>,
    /// The flags on the left as `--flag` and `--flag=value`.
    pub given: Vec<OsString>,
    pub word: String,
    pub expects: Expects,
}

/// How far the subcommand is known.
#[derive(Clone, Copy)]
pub(crate) enum Subcommand {
    Top,
    Create,
    Secret,
    Help,
    Type(&'static SecretType),
    /// A subcommand that is no type.
    Tool(&'static Tool),
}

/// What a last word may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expects {
    Flag,
    Nothing,
    /// The value of a flag. It begins behind the first `head` bytes of the word.
    Value {
        flag: String,
        head: usize,
    },
    /// A word that is no flag, with this many of its kind before it.
    Word {
        before: usize,
    },
}

impl Unfinished {
    /// Looks at the words behind the program's name. The last one ends at the cursor; it is empty
    /// where a new word begins.
    pub(crate) fn new(mut words: Vec<OsString>) -> Self {
        let word = words.pop().unwrap_or_default();
        let (place, words) = match subcommand::find(words, &LazyCell::new(top_flags)) {
            Invocation::Type { secret_type, words } => (Subcommand::Type(secret_type), words),
            Invocation::Tool { tool, words } => (Subcommand::Tool(tool), words),
            Invocation::Help { words } => (Subcommand::Help, words),
            Invocation::Nothing { words, level: Level::Top } => (Subcommand::Top, words),
            Invocation::Nothing { words, level: Level::Create } => (Subcommand::Create, words),
            Invocation::Nothing { words, level: Level::Secret } => (Subcommand::Secret, words),
        };
        let known = match place {
            Subcommand::Type(row) => flags_of(row),
            Subcommand::Tool(row) => row.flags_for(&words),
            Subcommand::Top | Subcommand::Create | Subcommand::Secret | Subcommand::Help => {
                top_flags()
            }
        };
        let left = Left::read(words, &Flags(&known));
        let expects = match word.to_str() {
            Some(word) => left.expects(word, &Flags(&known)),
            None => Expects::Nothing,
        };
        let word = word.into_string().unwrap_or_default();
        Self { place, known, given: left.split.flags, word, expects }
    }

    /// The last value of a flag on the left.
    pub(crate) fn given(&self, flag: &Flag<Single>) -> Option<&OsStr> {
        let mut values = self.given.iter().rev().filter_map(|word| {
            // Taking off text leaves an OsStr that is whole.
            let text = word.to_str()?;
            text.strip_prefix("--")?.strip_prefix(flag.name)?.strip_prefix('=').map(OsStr::new)
        });
        values.next()
    }

    /// How the flags on the left reach a cluster; `None` where one of them is wrong.
    pub(crate) fn reach(&self) -> Option<Reach> {
        let matches = Given::read(&self.known, &self.given).ok()?;
        let taken_over = match self.place {
            Subcommand::Type(row) => row.takes_over,
            _ => &[],
        };
        cluster_flags::check(&matches, taken_over).ok()?;
        Some(cluster_request::reach(&matches, taken_over))
    }

    /// Whether a flag stands on the left.
    pub(crate) fn has(&self, flag: &Flag) -> bool {
        flags::occurs(&self.given, flag)
    }
}

/// What stands left of the last word.
#[derive(Default)]
struct Left {
    split: Split,
    /// How many words are no flags.
    count: usize,
    /// What waits for a value.
    waiting: Option<ArgvError>,
    /// Whether `--` has ended the flags.
    ended: bool,
}

impl Left {
    fn read(words: Vec<OsString>, known: &Flags<'_>) -> Self {
        let mut left = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let read = match &*bytes_of(&word) {
                b"--" => {
                    left.ended = true;
                    break;
                }
                [b'-', b'-', flag @ ..] => argv::long(flag, &mut words, known, &mut left.split),
                [b'-', letters @ ..] if !letters.is_empty() => {
                    argv::short(letters, &mut words, known, &mut left.split)
                }
                _ => {
                    left.count += 1;
                    Ok(())
                }
            };
            left.waiting = read.err();
        }
        left
    }

    fn expects(&self, word: &str, known: &Flags<'_>) -> Expects {
        let value = |flag: &Flag, head| Expects::Value { flag: flag.name.to_owned(), head };
        let waiting = match &self.waiting {
            Some(ArgvError::NoValue { flag }) => known.long(flag.trim_start_matches('-')),
            Some(ArgvError::NoLetterValue { letter }) => known.short(*letter),
            _ => None,
        };
        if let Some(flag) = waiting {
            return value(flag, 0);
        }
        if self.ended {
            return Expects::Nothing;
        }
        match (word.strip_prefix("--"), word.strip_prefix('-')) {
            (Some(flag), _) => match flag.split_once('=') {
                Some((name, _)) => known
                    .long(&argv::dashed(name.as_bytes()))
                    .map_or(Expects::Nothing, |flag| value(flag, name.len() + 3)),
                None => Expects::Flag,
            },
            (None, Some("")) => Expects::Flag,
            (None, Some(letters)) => {
                for (at, letter) in letters.char_indices() {
                    let Some(flag) = known.short(letter) else { break };
                    let rest = &letters[at + letter.len_utf8()..];
                    let equals = rest.starts_with('=');
                    if equals || !flag.is_bare() {
                        return value(flag, 1 + letters.len() - rest.len() + usize::from(equals));
                    }
                }
                Expects::Nothing
            }
            (None, None) => Expects::Word { before: self.count },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_expected() {
        let value = |flag: &str, head| Expects::Value { flag: flag.to_owned(), head };
        let rows = [
            ("", Expects::Word { before: 0 }),
            ("gen", Expects::Word { before: 0 }),
            ("bogus |", Expects::Word { before: 1 }),
            ("create secret |", Expects::Word { before: 0 }),
            ("generic |", Expects::Word { before: 0 }),
            ("generic x |", Expects::Word { before: 1 }),
            ("generic x -", Expects::Flag),
            ("generic x --fr", Expects::Flag),
            ("generic x --from-file |", value("from-file", 0)),
            ("generic x --from-file --ty", value("from-file", 0)),
            ("generic x --from_file=a", value("from-file", 12)),
            ("generic x --immutable |", Expects::Word { before: 1 }),
            ("generic x --immutable=", value("immutable", 12)),
            ("generic x -n |", value("namespace", 0)),
            ("generic x -n", value("namespace", 2)),
            ("generic x -o=y", value("output", 3)),
            ("generic x -oy", value("output", 2)),
            ("generic x -hoy", value("output", 3)),
            ("generic x -Zoy", Expects::Nothing),
            ("generic x --bogus=a", Expects::Nothing),
            ("generic x --bogus --type |", value("type", 0)),
            ("generic x -- --ty", Expects::Nothing),
            ("--context |", value("context", 0)),
            ("--context x gen", Expects::Word { before: 0 }),
            ("completion |", Expects::Word { before: 0 }),
            ("generic x --é=", Expects::Nothing),
            ("generic x -é=", Expects::Nothing),
        ];
        for (line, want) in rows {
            let words = line.split(' ').map(|word| OsString::from(word.trim_matches('|')));
            assert_eq!(Unfinished::new(words.collect()).expects, want, "{line}");
        }
    }

    #[test]
    fn knows_the_flags_on_the_left() {
        let line = "generic x --type a --type=b -nfoo --immutable --ty";
        let left = Unfinished::new(line.split(' ').map(OsString::from).collect());
        let flag = |name| flags::text(name, "", "");
        assert_eq!(left.given(&flag("type")), Some(OsStr::new("b")));
        assert_eq!(left.given(&flag("namespace")), Some(OsStr::new("foo")));
        assert_eq!(left.given(&flag("types")), None);
        let has = |name| left.has(&flag(name).any());
        assert!(has("immutable") && !has("immu") && !has("from-file"));
    }
}
