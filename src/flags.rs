//! pflag's kinds of flag: what `cli` and the secret types write their flags in, and what clap is
//! told of them.
//!
//! pflag (kubectl's flag library) knows flags that take a value, flags whose value may be left
//! out, and nothing else; the last of a repeated single flag wins.

use std::ffi::{OsStr, OsString};

use clap::builder::{OsStringValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, Id};

use crate::golang;

/// A flag's definition: plain data. A type has some seventy, and a run makes clap arguments of
/// those alone that stand on its command line.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Flag {
    /// The long name, without dashes.
    pub name: &'static str,
    /// The short name.
    pub letter: Option<char>,
    /// The word that stands for its value.
    pub value: &'static str,
    /// What help says of it, in a line.
    pub help: &'static str,
    /// What it stands for without a value, where that may be left out.
    bare: Option<&'static str>,
    /// Whether all its values count, not the last alone.
    pub is_list: bool,
    /// The part of a help page that lists it.
    pub section: Section,
    /// Which help pages list it.
    pub shown: Shown,
    /// How its value is read, unless that is any bytes.
    reader: Option<fn() -> ValueParser>,
}

/// A part of a help page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// A type's own flags.
    Contents,
    /// What is printed.
    Output,
    /// Where the Secret is created.
    Cluster,
    /// kubectl's global flags, which only `mksecret options` lists.
    Global,
    /// Help itself.
    Help,
}

impl Section {
    /// All of them, in the order of a help page.
    pub const ALL: [Self; 5] =
        [Self::Contents, Self::Output, Self::Cluster, Self::Global, Self::Help];

    /// The heading above it.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Contents => "Contents",
            Self::Output => "Output and metadata",
            Self::Cluster => "Cluster",
            Self::Global => "Flags",
            Self::Help => "Help",
        }
    }
}

/// Which help pages list a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// `-h` and `--help`.
    Always,
    /// `--help`.
    InFull,
    /// None.
    Never,
}

/// A flag with one value, any bytes; the last one wins.
pub const fn text(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        letter: None,
        value,
        help,
        bare: None,
        is_list: false,
        section: Section::Contents,
        shown: Shown::Always,
        reader: None,
    }
}

/// A flag with a value that may stand several times; all count, in their order.
pub const fn list(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag { is_list: true, ..text(name, value, help) }
}

/// A flag whose value may be left out, and then is `bare`; a value needs `=`.
pub const fn optional(
    name: &'static str,
    value: &'static str,
    bare: &'static str,
    help: &'static str,
) -> Flag {
    Flag { bare: Some(bare), ..text(name, value, help) }
}

const BOOL: &str = "BOOL";

/// A boolean flag: `--name`, `--name=true`, `--name=f`, in all of Go's forms.
pub const fn switch(name: &'static str, help: &'static str) -> Flag {
    let reader = || ValueParser::new(golang::bools::parse_bool);
    Flag { reader: Some(reader), ..optional(name, BOOL, "true", help) }
}

impl Flag {
    /// Gives it a short name.
    pub const fn short(self, letter: char) -> Self {
        Self { letter: Some(letter), ..self }
    }

    /// Lets it stand several times; all values count, in their order.
    pub const fn repeated(self) -> Self {
        Self { is_list: true, ..self }
    }

    /// Leaves it out of the short help.
    pub const fn rare(self) -> Self {
        Self { shown: Shown::InFull, ..self }
    }

    /// Leaves it out of every help.
    pub const fn hidden(self) -> Self {
        Self { shown: Shown::Never, ..self }
    }

    /// Moves it to a part of the help.
    pub const fn section(self, section: Section) -> Self {
        Self { section, ..self }
    }

    /// Has its value read in this way.
    pub const fn read_by(self, reader: fn() -> ValueParser) -> Self {
        Self { reader: Some(reader), ..self }
    }

    /// Whether it was made by [`switch`].
    pub fn is_switch(&self) -> bool {
        self.value == BOOL
    }

    /// Whether it may stand without a value.
    pub const fn is_bare(&self) -> bool {
        self.bare.is_some()
    }

    /// The argument that clap reads it with.
    fn argument(&self) -> Arg {
        let reader = self.reader.map_or_else(|| OsStringValueParser::new().into(), |new| new());
        let action = if self.is_list { ArgAction::Append } else { ArgAction::Set };
        let arg = Arg::new(self.name).long(self.name).value_name(self.value);
        let arg = arg.action(action).value_parser(reader);
        match self.bare {
            Some(bare) => arg.num_args(0..=1).require_equals(true).default_missing_value(bare),
            None => arg,
        }
    }

    /// The argument as manual pages show it: a switch without its optional value.
    pub fn documented(&self) -> Arg {
        let arg = if self.is_switch() {
            Arg::new(self.name).long(self.name).action(ArgAction::SetTrue)
        } else {
            self.argument()
        };
        let arg = arg.short(self.letter).help(self.help);
        arg.help_heading(self.section.heading()).hide(self.shown == Shown::Never)
    }
}

/// Reads flags that stand as `--flag` and `--flag=value`. clap gets to know of those that do.
pub fn matches(known: &[Flag], given: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let names: Vec<_> = given.iter().filter_map(|word| name_of(word)).collect();
    let occurs = |flag: &&Flag| names.contains(&flag.name.as_bytes());
    command("").args(known.iter().filter(occurs).map(Flag::argument)).try_get_matches_from(given)
}

/// The ends of the names of the flags that give one credential, each in its way.
pub const WAYS: [&str; 4] = ["-file", "-env", "-stdin", "-prompt"];

/// Whether there is a flag for each way to give the credential of this name. `--from-file` and its
/// kin give values under keys.
pub fn is_credential(known: &[Flag], base: &str) -> bool {
    let is_way = |flag: &&Flag| flag.name.strip_prefix(base).is_some_and(|end| WAYS.contains(&end));
    base != "from" && known.iter().filter(is_way).count() == WAYS.len()
}

/// The flags of a credential as messages name them together, without the first dashes.
pub fn ways_of(base: &str) -> String {
    format!("{base}{}", WAYS.join(", "))
}

/// Whether a flag is among words that are `--flag` and `--flag=value`.
pub fn occurs(given: &[OsString], name: &str) -> bool {
    given.iter().any(|word| is_flag(word, name))
}

/// How often a flag is among such words.
pub fn times(given: &[OsString], name: &str) -> usize {
    given.iter().filter(|word| is_flag(word, name)).count()
}

fn is_flag(word: &OsStr, name: &str) -> bool {
    name_of(word) == Some(name.as_bytes())
}

/// The name in `--name` or `--name=value`.
fn name_of(word: &OsStr) -> Option<&[u8]> {
    let flag = word.as_encoded_bytes().strip_prefix(b"--")?;
    Some(flag.iter().position(|byte| *byte == b'=').map_or(flag, |end| &flag[..end]))
}

/// A command whose words the grammar of `argv` has put in order.
pub fn command(name: &'static str) -> Command {
    Command::new(name)
        .no_binary_name(true)
        .args_override_self(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
}

/// Whether a flag made by [`switch`] is on.
pub fn is_on(matches: &ArgMatches, name: &str) -> bool {
    matches.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false)
}

/// The value of a flag made by [`text`] or [`optional`]: empty where the flag was not given.
pub fn value(matches: &ArgMatches, name: &str) -> OsString {
    given(matches, name).unwrap_or_default()
}

/// The value of a flag made by [`text`] or [`optional`], where it was given.
pub fn given(matches: &ArgMatches, name: &str) -> Option<OsString> {
    matches.try_get_one::<OsString>(name).ok().flatten().cloned()
}

/// The values of a flag made by [`list`], in their order.
pub fn values<'a>(matches: &'a ArgMatches, name: &str) -> impl Iterator<Item = &'a OsString> {
    matches.try_get_many::<OsString>(name).ok().flatten().unwrap_or_default()
}

/// Whether a flag stands on the command line at all.
pub fn is_given(matches: &ArgMatches, name: &str) -> bool {
    matches.ids().any(|id: &Id| id.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TYPES;

    #[test]
    fn clap_takes_each_flag() {
        for row in TYPES {
            let flags = crate::cli::flags_of(row);
            command(row.name).args(flags.iter().map(Flag::argument)).debug_assert();
        }
    }

    /// Which flags are given, and what is read of which.
    type Row = (&'static [&'static str], &'static [(&'static str, &'static [&'static str])]);

    #[test]
    fn what_is_given_is_read() {
        let known = [
            text("token", "TOKEN", ""),
            switch("token-stdin", ""),
            list("label", "LABEL", ""),
            optional("dry-run", "WHERE", "unchanged", ""),
            switch("on", ""),
        ];
        let rows: &[Row] = &[
            (&[], &[]),
            (&["--token-stdin"], &[("token-stdin", &["true"])]),
            (&["--token=a"], &[("token", &["a"])]),
            (
                &["--token=a", "--token-stdin=f", "--token=b=c"],
                &[("token", &["b=c"]), ("token-stdin", &["false"])],
            ),
            (&["--token="], &[("token", &[""])]),
            (&["--label=b", "--label=a,c"], &[("label", &["b", "a,c"])]),
            (&["--dry-run"], &[("dry-run", &["unchanged"])]),
            (&["--dry-run", "--dry-run=client"], &[("dry-run", &["client"])]),
            (&["--on", "--on=F"], &[("on", &["false"])]),
        ];
        for (given, want) in rows {
            let words: Vec<_> = given.iter().map(OsString::from).collect();
            let read = matches(&known, &words).unwrap();
            for flag in &known {
                let want = want.iter().find(|row| row.0 == flag.name).map(|row| row.1);
                assert_eq!(is_given(&read, flag.name), want.is_some(), "{given:?}");
                let got: Vec<_> = if flag.is_switch() {
                    let got = read.try_get_one::<bool>(flag.name).ok().flatten();
                    got.map(|on| OsString::from(on.to_string())).into_iter().collect()
                } else {
                    values(&read, flag.name).cloned().collect()
                };
                assert_eq!(got, want.unwrap_or_default(), "--{} of {given:?}", flag.name);
            }
        }
        assert!(matches(&known, &["--on=maybe".into()]).is_err());
    }
}
