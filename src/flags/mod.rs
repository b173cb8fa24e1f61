//! The flags: what each is, defined once, and how the parser reads it.
//!
//! A flag is a constant whose type says what a look-up of it gives: a misspelt flag does not
//! compile, nor does asking a switch for a text. Those that several commands have are in
//! [`common`], [`global`] and [`targets`]; a secret type has its own in its file.
//!
//! pflag (kubectl's flag library) knows flags that take a value, flags whose value may be omitted,
//! and nothing else; the last of a repeated single flag wins.

#![expect(clippy::inline_always, reason = "a definition must end up as constants in code")]

pub(crate) mod check;
pub(crate) mod common;
mod given;
pub(crate) mod global;
mod kind;
pub(crate) mod kustomize;
pub(crate) mod seal;
pub(crate) mod targets;

use std::ffi::{OsStr, OsString};
use std::marker::PhantomData;

use crate::golang;
use crate::golang::ints::NumberFault;

pub(crate) use given::{
    Given, ValueFault, given, is_given, is_on, number_of, times, value, values,
};
pub(crate) use kind::FlagKind;

/// A flag whose values are not looked up, or a row in a table of flags.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Any {}

/// A flag with one value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Single {}

/// A flag of which all values are used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum List {}

/// A flag whose value is a 32-bit integer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {}

/// A flag that is on or off.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Switch {}

/// What is wrong with a value, in a few words without the value.
type Check = fn(&str) -> Result<(), String>;

/// A flag's definition: plain data. `T` is what a look-up gives.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub(crate) struct Flag<T: Copy = Any> {
    /// The long name, without dashes.
    pub name: &'static str,
    pub letter: Option<char>,
    /// The word for its value in help.
    pub value: &'static str,
    pub help: &'static str,
    /// The value that it has if it is given without one.
    bare: Option<&'static str>,
    /// Whether all its values are used, not only the last.
    pub is_list: bool,
    /// Whether kubectl lets a file of preferences set it.
    pub is_kubectls: bool,
    pub kind: FlagKind,
    /// The part of a help page that lists it.
    pub section: Section,
    /// Which help pages list it.
    pub shown: Shown,
    /// What is wrong with a value, unless it may be any bytes.
    check: Option<Check>,
    gives: PhantomData<T>,
}

/// A part of a help page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Contents,
    Output,
    Sealing,
    /// Where the Secret is created.
    Cluster,
    /// kubectl's global flags, which only `mksecret options` lists.
    Global,
    Help,
}

impl Section {
    /// All of them, in the order of a help page.
    pub(crate) const ALL: [Self; 6] =
        [Self::Contents, Self::Output, Self::Sealing, Self::Cluster, Self::Global, Self::Help];

    pub(crate) const fn heading(self) -> &'static str {
        match self {
            Self::Contents => "Contents",
            Self::Output => "Output and metadata",
            Self::Sealing => "Sealing",
            Self::Cluster => "Cluster",
            Self::Global => "Flags",
            Self::Help => "Help",
        }
    }
}

/// Which help pages list a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Always,
    InFull,
    Never,
}

/// Defines flags as constants, and a function with all of them as rows of a table. The function
/// builds the rows in code: as data each of their pointers would be one more for the loader to
/// relocate, in every run.
macro_rules! table {
    (
        $(#[$docs:meta])* $table_vis:vis fn $table:ident;
        $($(#[$meta:meta])* $vis:vis const $name:tt: $type:ty = $definition:expr;)+
    ) => {
        $($(#[$meta])* $vis const $name: $type = $definition;)+

        $(#[$docs])*
        $table_vis fn $table() -> [$crate::flags::Flag; [$(stringify!($name)),+].len()] {
            [$(($definition).any()),+]
        }
    };
}
pub(crate) use table;

/// A flag with one value, any bytes; the last one wins.
#[inline(always)]
pub(crate) const fn text(
    name: &'static str,
    value: &'static str,
    help: &'static str,
) -> Flag<Single> {
    Flag {
        name,
        letter: None,
        value,
        help,
        bare: None,
        is_list: false,
        is_kubectls: false,
        kind: FlagKind::Text,
        section: Section::Contents,
        shown: Shown::Always,
        check: None,
        gives: PhantomData,
    }
}

/// A repeatable flag with a value; all are used, in their order.
#[inline(always)]
pub(crate) const fn list(
    name: &'static str,
    value: &'static str,
    help: &'static str,
) -> Flag<List> {
    text(name, value, help).repeated()
}

/// A flag whose value may be omitted, and then is `bare`; a value needs `=`.
#[inline(always)]
pub(crate) const fn optional(
    name: &'static str,
    value: &'static str,
    bare: &'static str,
    help: &'static str,
) -> Flag<Single> {
    Flag { bare: Some(bare), ..text(name, value, help) }
}

/// A boolean flag: `--name`, `--name=true`, `--name=f`, in all of Go's forms.
#[inline(always)]
pub(crate) const fn switch(name: &'static str, help: &'static str) -> Flag<Switch> {
    let flag = optional(name, "BOOL", "true", help).kind(FlagKind::Switch);
    let check = |text: &str| match golang::bools::parse_bool(text) {
        Ok(_) => Ok(()),
        Err(_) => Err("expected true or false".to_owned()),
    };
    Flag { check: Some(check), ..flag.giving() }
}

/// A flag with an integer as Go reads it; the last one wins.
#[inline(always)]
pub(crate) const fn number(
    name: &'static str,
    value: &'static str,
    help: &'static str,
) -> Flag<Number> {
    let check = |text: &str| match golang::ints::parse_int32(text) {
        Ok(_) => Ok(()),
        Err(NumberFault::Range) => Err("value out of range".to_owned()),
        Err(NumberFault::Syntax) => Err("expected a whole number".to_owned()),
    };
    Flag { check: Some(check), ..text(name, value, help).giving() }
}

impl Flag {
    /// The flag as a list; `None` if it is not one.
    pub(crate) const fn as_list(self) -> Option<Flag<List>> {
        if self.is_list { Some(self.giving()) } else { None }
    }
}

impl Flag<Single> {
    /// Makes it repeatable; all values are used, in their order.
    #[inline(always)]
    pub(crate) const fn repeated(self) -> Flag<List> {
        Flag { is_list: true, ..self.giving() }
    }

    /// Has its value checked in this way.
    #[inline(always)]
    pub(crate) const fn checked_by(self, check: Check) -> Self {
        Flag { check: Some(check), ..self }
    }
}

impl<T: Copy> Flag<T> {
    /// The flag as a row in a table.
    #[inline(always)]
    pub(crate) const fn any(self) -> Flag {
        self.giving()
    }

    #[inline(always)]
    const fn giving<U: Copy>(self) -> Flag<U> {
        let Self { name, letter, value, help, bare, is_list, .. } = self;
        let Self { is_kubectls, kind, section, shown, check, .. } = self;
        Flag {
            name,
            letter,
            value,
            help,
            bare,
            is_list,
            is_kubectls,
            kind,
            section,
            shown,
            check,
            gives: PhantomData,
        }
    }

    /// Gives it a short name.
    #[inline(always)]
    pub(crate) const fn short(self, letter: char) -> Self {
        Self { letter: Some(letter), ..self }
    }

    /// Says what its value is.
    #[inline(always)]
    pub(crate) const fn kind(self, kind: FlagKind) -> Self {
        Self { kind, ..self }
    }

    /// Marks a flag that kubectl lets a file of preferences set.
    #[inline(always)]
    pub(crate) const fn of_kubectl(self) -> Self {
        Self { is_kubectls: true, ..self }
    }

    /// Shows it in the short help.
    #[inline(always)]
    pub(crate) const fn always(self) -> Self {
        Self { shown: Shown::Always, ..self }
    }

    /// Leaves it out of the short help.
    #[inline(always)]
    pub(crate) const fn rare(self) -> Self {
        Self { shown: Shown::InFull, ..self }
    }

    /// Leaves it out of every help.
    #[inline(always)]
    pub(crate) const fn hidden(self) -> Self {
        Self { shown: Shown::Never, ..self }
    }

    /// Moves it to a part of the help.
    #[inline(always)]
    pub(crate) const fn section(self, section: Section) -> Self {
        Self { section, ..self }
    }

    /// Whether it was made by [`switch`].
    pub(crate) const fn is_switch(&self) -> bool {
        matches!(self.kind, FlagKind::Switch)
    }

    /// Whether it may be given without a value.
    pub(crate) const fn is_bare(&self) -> bool {
        self.bare.is_some()
    }
}

/// The ends of the names of the flags that give one credential, each in its way.
pub(crate) const WAYS: [&str; 4] = ["-file", "-env", "-stdin", "-prompt"];

/// Whether there is a flag for each way to give the credential of this name. `--from-file` and its
/// kin give values under keys.
pub(crate) fn is_credential(known: &[Flag], base: &str) -> bool {
    let ends = known.iter().filter_map(|flag| flag.name.strip_prefix(base));
    base != "from" && ends.filter(|end| WAYS.contains(end)).count() == WAYS.len()
}

/// The flags of a credential as messages name them together, without the first dashes.
pub(crate) fn ways_of(base: &str) -> String {
    format!("{base}{}", WAYS.join(", "))
}

/// Whether a flag is among words that are `--flag` and `--flag=value`.
#[inline]
pub(crate) fn occurs<T: Copy>(given: &[OsString], flag: &Flag<T>) -> bool {
    given.iter().any(|word| is_flag(word, flag.name))
}

fn is_flag(word: &OsStr, name: &str) -> bool {
    name_of(word) == Some(name.as_bytes())
}

/// The name in `--name` or `--name=value`.
fn name_of(word: &OsStr) -> Option<&[u8]> {
    let flag = word.as_encoded_bytes().strip_prefix(b"--")?;
    Some(flag.iter().position(|byte| *byte == b'=').map_or(flag, |end| &flag[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which flags are given, and what is read of which.
    type Row = (&'static [&'static str], &'static [(&'static str, &'static [&'static str])]);

    #[test]
    fn what_is_given_is_read() {
        let known = [
            text("token", "TOKEN", "").any(),
            switch("token-stdin", "").any(),
            list("label", "LABEL", "").any(),
            optional("dry-run", "WHERE", "unchanged", "").any(),
            switch("on", "").any(),
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
            let read = Given::read(&known, &words).unwrap();
            for flag in &known {
                let want = want.iter().find(|row| row.0 == flag.name).map(|row| row.1);
                assert_eq!(is_given(&read, flag), want.is_some(), "{given:?}");
                let got: Vec<_> = match (want, flag.is_switch(), flag.is_list) {
                    (None, ..) => Vec::new(),
                    (_, true, _) => vec![is_on(&read, &flag.giving()).to_string().into()],
                    (_, _, true) => values(&read, &flag.giving()).cloned().collect(),
                    _ => vec![value(&read, &flag.giving())],
                };
                assert_eq!(got, want.unwrap_or_default(), "--{} of {given:?}", flag.name);
            }
        }
        assert!(Given::read(&known, &["--on=maybe".into()]).is_err());
    }
}
