//! pflag's grammar.
//!
//! kubectl reads its command line with this library, and its rules differ from clap's: a flag that
//! takes a value takes the next word whatever it is, `_` in a flag's name is `-`, and booleans take
//! Go's forms. What comes out of here is what clap reads: `--flag=value` words in their order, and
//! the other words apart.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::flags::{self, Flag, common, seal};
use crate::golang;
use crate::shown;
use crate::similar::nearest;
use crate::sources::{bytes_of, path_of, word_of};
use crate::types::{FROM_STDIN, TRIM_NEWLINE, WAIT};

/// The words of a command line, parted into flags and others.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    /// `--flag` and `--flag=value`, in their order.
    pub(super) flags: Vec<OsString>,
    /// The other words, without those behind `--`.
    pub(super) words: Vec<OsString>,
    /// Of each of them, how many flags were before it.
    pub(super) after: Vec<usize>,
    /// Whether help was asked for by its letter.
    pub(super) short_help: bool,
    /// A flag that stood without a value, before a word that may have been meant as its value:
    /// `--dry-run client`.
    pub(super) parted: Option<&'static str>,
    /// The first flag that took a flag for its value.
    pub(super) flag_as_value: Option<FlagAsValue>,
    /// The flag that was read last, where it had no value.
    bare: Option<&'static str>,
}

/// Parts the words as pflag does.
pub(super) fn split(words: Vec<OsString>, known: &Flags<'_>) -> Result<Split, ArgvError> {
    let mut split = Split::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let bytes = bytes_of(&word);
        let before = split.bare.take();
        match &*bytes {
            // kubectl counts only the words before `--`.
            b"--" => break,
            [b'-', b'-', flag @ ..] => long(flag, &mut words, known, &mut split)?,
            [b'-', letters @ ..] if !letters.is_empty() => {
                short(letters, &mut words, known, &mut split)?;
            }
            _ => {
                drop(bytes);
                split.parted = split.parted.or(before.filter(|flag| takes(flag, &word)));
                split.after.push(split.flags.len());
                split.words.push(word);
            }
        }
    }
    Ok(split)
}

/// One `--flag`, `--flag=value` or `--flag value`.
pub(super) fn long(
    flag: &[u8],
    words: &mut impl Iterator<Item = OsString>,
    known: &Flags<'_>,
    split: &mut Split,
) -> Result<(), ArgvError> {
    let (name, value) = match flag.iter().position(|b| *b == b'=') {
        Some(at) => (&flag[..at], Some(&flag[at + 1..])),
        None => (flag, None),
    };
    if name.is_empty() || name.starts_with(b"-") {
        return Err(ArgvError::Syntax { len: flag.len() + 2 });
    }
    let name = dashed(name);
    let Some(flag) = known.long(&name) else {
        let similar = known.similar(&name);
        return Err(ArgvError::UnknownFlag { name, similar });
    };
    match value {
        Some(value) => split.push(flag, Some(value)),
        None if flag.is_bare() => split.push(flag, None),
        None => match words.next() {
            Some(next) => split.push_next(flag, &bytes_of(&next), known),
            None => return Err(ArgvError::NoValue { flag: format!("--{name}") }),
        },
    }
    Ok(())
}

/// One `-abc`: letters of flags without value, the last may have one.
pub(super) fn short(
    mut letters: &[u8],
    words: &mut impl Iterator<Item = OsString>,
    known: &Flags<'_>,
    split: &mut Split,
) -> Result<(), ArgvError> {
    let word = letters;
    while let [letter, rest @ ..] = letters {
        // pflag looks at bytes and shows each as the character of that number.
        let letter = char::from(*letter);
        let Some(flag) = known.short(letter) else {
            let whole =
                known.long(&dashed(word.split(|byte| *byte == b'=').next().unwrap_or_default()));
            let whole = whole.map(|flag| flag.name);
            return Err(ArgvError::UnknownLetter { letter, rest: rest.len(), whole });
        };
        match rest {
            [b'=', value @ ..] if !value.is_empty() => split.push(flag, Some(value)),
            _ if flag.is_bare() => {
                split.short_help |= letter == 'h';
                split.push(flag, None);
                letters = rest;
                continue;
            }
            [] => match words.next() {
                Some(next) => split.push_next(flag, &bytes_of(&next), known),
                None => return Err(ArgvError::NoLetterValue { letter }),
            },
            value => split.push(flag, Some(value)),
        }
        break;
    }
    Ok(())
}

/// Whether the word may have been meant as the value of a flag whose value may be left out.
fn takes(flag: &str, word: &OsStr) -> bool {
    let word = word.to_str();
    let any = [common::DRY_RUN, common::VALIDATE, seal::SEAL, seal::SOPS].map(|flag| flag.name);
    any.contains(&flag)
        || flag == TRIM_NEWLINE.name
        || flag == WAIT.name
            && word.is_some_and(|word| golang::durations::parse_duration(word).is_ok())
        || word.is_some_and(|word| golang::bools::parse_bool(word).is_ok())
}

impl Split {
    /// Keeps a flag whose value is the next word.
    fn push_next(&mut self, flag: &Flag, value: &[u8], known: &Flags<'_>) {
        if self.flag_as_value.is_none()
            && let Some(word) = known.flag_in(value)
        {
            self.flag_as_value = Some(FlagAsValue { flag: flag.name, value: flag.value, word });
        }
        self.push(flag, Some(value));
    }

    fn push(&mut self, flag: &Flag, value: Option<&[u8]>) {
        let mut word = b"--".to_vec();
        word.extend_from_slice(flag.name.as_bytes());
        if let Some(value) = value {
            word.push(b'=');
            word.extend_from_slice(value);
        }
        self.bare = value.is_none().then_some(flag.name);
        self.flags.push(word_of(word));
    }
}

/// The flags of a command.
pub(super) struct Flags<'a>(pub(super) &'a [Flag]);

impl<'a> Flags<'a> {
    pub(super) fn long(&self, name: &str) -> Option<&'a Flag> {
        self.0.iter().find(|flag| flag.name == name)
    }

    pub(super) fn short(&self, letter: char) -> Option<&'a Flag> {
        self.0.iter().find(|flag| flag.letter == Some(letter))
    }

    /// A word up to its `=`, if it is a flag of the command as a whole, or a single letter of one.
    fn flag_in(&self, word: &[u8]) -> Option<String> {
        match word {
            [b'-', b'-', flag @ ..] => {
                let name = flag.split(|byte| *byte == b'=').next().unwrap_or_default();
                self.long(&dashed(name)).map(|_| format!("--{}", golang::utf8::lossy(name)))
            }
            [b'-', letter] => {
                self.short(char::from(*letter)).map(|_| format!("-{}", char::from(*letter)))
            }
            _ => None,
        }
    }

    /// What was probably meant, as it follows `--`: by another word for the same, as a part of a
    /// name, or by a typing mistake. The ways to give a credential are named together.
    fn similar(&self, name: &str) -> Option<String> {
        if name == "name" {
            // It is a word of its own, and no flag begins with it.
            return None;
        }
        if name == "no-color" {
            return Some("color=never".to_owned());
        }
        let is_credential = |base: &str| flags::is_credential(self.0, base);
        if is_credential(name) {
            return Some(flags::ways_of(name));
        }
        if let Some(key) = flags::WAYS.iter().find_map(|way| name.strip_suffix(way))
            && self.long(FROM_STDIN.name).is_some()
        {
            // `--password-stdin` of other tools; here every key is given in each way.
            return Some(format!("from{}={key}", &name[key.len()..]));
        }
        let names = || self.0.iter().map(|flag| flag.name);
        let only = |is: &dyn Fn(&str) -> bool| {
            let mut found = names().filter(|known| is(known));
            found.next().filter(|_| found.next().is_none())
        };
        let mut synonyms = other_words(name).into_iter().flatten();
        let meant = synonyms
            .find(|flag| self.long(flag).is_some())
            .or_else(|| only(&|known| known.ends_with(&format!("-{name}"))))
            .or_else(|| only(&|known| known.starts_with(&format!("{name}-"))))
            .or_else(|| nearest(name, names()))?;
        match meant.rsplit_once('-') {
            Some((base, _)) if is_credential(base) && !name.ends_with(&meant[base.len()..]) => {
                Some(flags::ways_of(base))
            }
            _ => Some(meant.to_owned()),
        }
    }
}

/// What other tools, or people, call some flags: the first that the command has is meant.
fn other_words(name: &str) -> [Option<&'static str>; 2] {
    match name {
        "cacert" => [Some("ca"), None],
        "certificate" => [Some("cert"), None],
        "env" => [Some("from-env"), None],
        "file" => [Some("from-file"), None],
        "format" => [Some("output"), None],
        "key" => [Some("ssh-privatekey"), None],
        "p12" | "pfx" => [Some("pkcs12"), None],
        "private-key" => [Some("key"), Some("ssh-privatekey")],
        "sa" => [Some("service-account"), None],
        _ => [None, None],
    }
}

/// A flag's name as kubectl normalises it: `_` is `-`.
pub(super) fn dashed(name: &[u8]) -> String {
    golang::utf8::lossy(name).replace('_', "-")
}

/// Words where none should be. They may be values, so only the first is shown, and that only if it
/// reads as a word.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Surplus {
    /// The first word, where it may be shown.
    pub first: Option<String>,
    pub count: usize,
    /// The length of the first in bytes.
    pub len: usize,
}

impl Surplus {
    /// The first word, or its length.
    pub(super) fn words(&self) -> String {
        match &self.first {
            Some(word) => format!("{word:?}"),
            None => shown::Hidden(self.len).to_string(),
        }
    }

    pub(super) fn of(words: &[OsString]) -> Self {
        let text = words.first().and_then(|word| word.to_str());
        let first = text.filter(|word| shown::is_word(word)).map(str::to_owned);
        Self { first, count: words.len(), len: words.first().map_or(0, |word| word.len()) }
    }
}

/// A word that is neither the NAME nor a flag's value. It may be part of a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ExtraWord {
    /// Which of the words outside flags it is, from 1.
    pub nth: usize,
    /// Its length in bytes.
    pub len: usize,
    /// The flag before it, without dashes, and that flag's value as a path.
    pub after: Option<(String, PathBuf)>,
    pub path: PathBuf,
    /// Whether it is empty or blank.
    pub blank: bool,
    /// Whether it has a `=` behind a key.
    pub pair: bool,
}

impl ExtraWord {
    /// The word that is likely to be the wrong one: the first after a flag with a value.
    pub(super) fn of(split: &Split) -> Option<Self> {
        let flag = |nth: usize| {
            let flag = bytes_of(split.flags.get(split.after.get(nth)?.checked_sub(1)?)?);
            let at = flag.iter().position(|b| *b == b'=')?;
            let name = String::from_utf8_lossy(flag.get(2..at)?).into_owned();
            Some((name, path_of(&flag[at + 1..])))
        };
        let count = split.words.len();
        let nth = (0..count).find(|nth| flag(*nth).is_some()).unwrap_or(count.checked_sub(1)?);
        let word = bytes_of(&split.words[nth]);
        Some(Self {
            nth: nth + 1,
            len: word.len(),
            after: flag(nth),
            path: path_of(&word),
            blank: word.iter().all(u8::is_ascii_whitespace),
            pair: word.iter().position(|b| *b == b'=').is_some_and(|at| at > 0),
        })
    }
}

/// A flag that took the flag after it for its value: `--type --dry-run=client`. kubectl goes on with
/// that value; its user mostly has a variable that is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FlagAsValue {
    pub flag: &'static str,
    /// The word for its value in help.
    pub value: &'static str,
    /// The word that it took, up to its `=`.
    pub word: String,
}

/// What pflag would not read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArgvError {
    #[error("flag needs an argument: '{letter}' in -{letter}")]
    NoLetterValue { letter: char },
    #[error("flag needs an argument: {flag}")]
    NoValue {
        /// The flag with its dashes.
        flag: String,
    },
    /// A word that starts like a flag and has no name.
    #[error("bad flag syntax: a word of {len} bytes that starts with --")]
    Syntax {
        /// The word's length in bytes.
        len: usize,
    },
    #[error("unknown flag: --{}", shown::Name(name))]
    UnknownFlag {
        /// The name that was given.
        name: String,
        /// One that exists and is like it.
        similar: Option<String>,
    },
    /// No such letter. What follows it may be a password, so only its length is told.
    #[error(
        "unknown shorthand flag: {} in -{letter}{}",
        golang::quote::quote_char(*letter),
        if *rest > 0 { format!(" (and {rest} more bytes)") } else { String::new() }
    )]
    UnknownLetter {
        letter: char,
        /// How many bytes follow it in the word.
        rest: usize,
        /// The long flag that the word is with one more dash.
        whole: Option<&'static str>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags;
    use crate::types::TYPES;

    fn known() -> Vec<Flag> {
        vec![
            flags::text("namespace", "N", "").short('n').any(),
            flags::list("from-literal", "L", "").any(),
            flags::switch("immutable", "").any(),
            flags::switch("recursive", "").short('R').any(),
            flags::optional("dry-run", "D", "unchanged", "").any(),
        ]
    }

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn splits_as_pflag() {
        type Row = (&'static str, Result<(&'static str, &'static str), &'static str>);
        let rows: &[Row] = &[
            ("x --from-literal=a=b", Ok(("--from-literal=a=b", "x"))),
            ("--from_literal a=b x", Ok(("--from-literal=a=b", "x"))),
            ("--from-literal --from-literal x", Ok(("--from-literal=--from-literal", "x"))),
            ("--from-literal -- x", Ok(("--from-literal=--", "x"))),
            ("--immutable x", Ok(("--immutable", "x"))),
            ("--dry-run client", Ok(("--dry-run", "client"))),
            (
                "-nfoo -n=foo -n foo -n=",
                Ok(("--namespace=foo --namespace=foo --namespace=foo --namespace==", "")),
            ),
            ("-Rnfoo", Ok(("--recursive --namespace=foo", ""))),
            ("-R=false -", Ok(("--recursive=false", "-"))),
            ("a -- b --nope", Ok(("", "a"))),
            ("--nope", Err("unknown flag: --nope")),
            ("--nope=secret", Err("unknown flag: --nope")),
            ("-phunter2", Err("unknown shorthand flag: 'p' in -p (and 7 more bytes)")),
            ("-Z", Err("unknown shorthand flag: 'Z' in -Z")),
            ("---x", Err("bad flag syntax: a word of 4 bytes that starts with --")),
            ("--=y", Err("bad flag syntax: a word of 4 bytes that starts with --")),
            ("-=y", Err("unknown shorthand flag: '=' in -= (and 1 more bytes)")),
            ("--namespace", Err("flag needs an argument: --namespace")),
            ("-n", Err("flag needs an argument: 'n' in -n")),
        ];
        let known = known();
        for (line, want) in rows {
            let got = split(words(line), &Flags(&known))
                .map_err(|e| e.to_string())
                .map(|split| (split.flags, split.words));
            let want = want.map(|(f, w)| (words(f), words(w))).map_err(str::to_owned);
            assert_eq!(got, want, "{line}");
        }
    }

    #[test]
    fn flags_as_values_are_noted() {
        let rows = [
            ("--from-literal --immutable", Some("from-literal --immutable")),
            ("--from-literal --dry-run=client", Some("from-literal --dry-run")),
            ("--from_literal --dry_run=client", Some("from-literal --dry_run")),
            ("--namespace -n", Some("namespace -n")),
            ("-n -R", Some("namespace -R")),
            ("-n --namespace=a --from-literal -n", Some("namespace --namespace")),
            ("-n a --from-literal -n", Some("from-literal -n")),
            ("-Rn --immutable", Some("namespace --immutable")),
            ("--from-literal=--immutable -n--immutable -n=-R", None),
            ("--from-literal -nX", None),
            ("--from-literal -a=-b", None),
            ("--from-literal -n=x", None),
            ("--from-literal -Z", None),
            ("--from-literal --nope", None),
            ("--from-literal --immutables", None),
            ("--from-literal --", None),
            ("--from-literal --=x", None),
            ("--from-literal -", None),
            ("--from-literal ---immutable", None),
            ("--dry-run --immutable", None),
        ];
        let known = known();
        for (line, want) in rows {
            let noted = split(words(line), &Flags(&known)).unwrap().flag_as_value;
            let noted = noted.map(|noted| format!("{} {}", noted.flag, noted.word));
            assert_eq!(noted.as_deref(), want, "{line}");
        }
    }

    #[test]
    fn an_unknown_flag_was_meant_for_another() {
        let rows: &[(&str, &str, Option<&str>)] = &[
            ("docker-registry", "password-stdin", Some("docker-password-stdin")),
            ("docker-registry", "docker-passwd-stdin", Some("docker-password-stdin")),
            ("docker-registry", "email", Some("docker-email")),
            ("tls", "passphrase", Some("passphrase-file, -env, -stdin, -prompt")),
            ("tls", "passphrase-cmd", Some("passphrase-file, -env, -stdin, -prompt")),
            ("tls", "pfx", Some("pkcs12")),
            ("tls", "private-key", Some("key")),
            ("ssh-auth", "private-key", Some("ssh-privatekey")),
            ("generic", "literal", Some("from-literal")),
            ("generic", "no-color", Some("color=never")),
            ("generic", "insecure", Some("insecure-skip-tls-verify")),
            ("generic", "xyz", None),
            ("generic", "name", None),
        ];
        for (subcommand, name, want) in rows {
            let row = TYPES.iter().find(|row| row.name == *subcommand).unwrap();
            let flags = crate::cli::flags_of(row);
            assert_eq!(Flags(&flags).similar(name).as_deref(), *want, "{subcommand} --{name}");
        }
    }
}
