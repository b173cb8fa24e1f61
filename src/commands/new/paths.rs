//! Paths as they are typed at a shell: `~` is the home directory, and TAB completes.

use crate::commands::complete::paths_from;
use crate::flags::{Flag, FlagKind};
use crate::sources::Inputs;

/// Where a flag's value has paths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paths {
    One,
    /// It is a list of them, separated by commas.
    List,
    /// It is such a list, with `KEY=` before some.
    Keyed,
}

impl Paths {
    fn of(flag: &Flag, text: &str) -> Option<Self> {
        match flag.kind {
            FlagKind::Folder => Some(Self::One),
            kind if kind.is_file() => Some(Self::One),
            // Inside quotes a comma separates nothing.
            _ if text.contains('"') => None,
            FlagKind::EnvFiles => Some(Self::List),
            FlagKind::KeyedPaths => Some(Self::Keyed),
            _ => None,
        }
    }

    /// Where the last path of a text begins.
    fn start(self, text: &str) -> usize {
        if self == Self::One {
            return 0;
        }
        let item = text.rfind(',').map_or(0, |at| at + 1);
        let key = text[item..].find('=').filter(|_| self == Self::Keyed);
        item + key.map_or(0, |at| at + 1)
    }
}

/// The value with the home directory in place of each `~`.
pub(super) fn expanded(flag: &Flag, text: &str, inputs: &Inputs) -> String {
    let Some(paths) = Paths::of(flag, text) else { return text.to_owned() };
    let items: Vec<_> = match paths {
        Paths::One => vec![text],
        Paths::List | Paths::Keyed => text.split(',').collect(),
    };
    let items = items.into_iter().map(|item| {
        let (key, path) = item.split_at(paths.start(item));
        format!("{key}{}", at_home(path, inputs))
    });
    items.collect::<Vec<_>>().join(",")
}

fn at_home(path: &str, inputs: &Inputs) -> String {
    let rest = path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let home = inputs.home();
    match (rest, home.as_ref().and_then(|home| home.to_str())) {
        (Some(rest), Some(home)) => format!("{}{rest}", home.trim_end_matches('/')),
        _ => path.to_owned(),
    }
}

/// What TAB makes of a value that is begun: as much as all paths that begin so have in common.
pub(super) fn completed(flag: &Flag, text: &str, inputs: &Inputs) -> Option<String> {
    let paths = Paths::of(flag, text)?;
    let (head, typed) = text.split_at(paths.start(text));
    if typed == "~" {
        return Some(format!("{head}~/"));
    }
    // In a list a comma, a quote or a `=` would be read as what separates.
    let is_whole = |path: &str| match paths {
        Paths::One => true,
        Paths::List => !path.contains([',', '"']),
        Paths::Keyed => !path.contains([',', '"', '=']),
    };
    let mut found = paths_from(typed, inputs);
    // The terminal shows it as it is.
    found.retain(|path| is_whole(path) && !path.contains(char::is_control));
    let mut found = found.into_iter();
    let first = found.next()?;
    let common = found.fold(first, |common, path| {
        let same = common.chars().zip(path.chars()).take_while(|(a, b)| a == b);
        same.map(|(letter, _)| letter).collect()
    });
    (common.len() > typed.len()).then(|| format!("{head}{common}"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;
    use crate::flags;

    fn at(home: bool) -> Inputs {
        let variable: fn(&OsStr) -> Option<std::ffi::OsString> =
            if home { |name| (name == "HOME").then(|| "tests".into()) } else { |_| None };
        Inputs::with_variables(variable)
    }

    #[test]
    fn the_home_directory_is_a_tilde() {
        for (kind, text, want) in [
            (FlagKind::File, "~/a", "tests/a"),
            (FlagKind::File, "~", "tests"),
            (FlagKind::File, "~ann/a", "~ann/a"),
            (FlagKind::File, "a/~/b", "a/~/b"),
            (FlagKind::File, "~/a,~/b", "tests/a,~/b"),
            (FlagKind::EnvFiles, "~/a,b,~/c", "tests/a,b,tests/c"),
            (FlagKind::EnvFiles, "k=~/a", "k=~/a"),
            (FlagKind::KeyedPaths, "k=~/a,~/b,=~/c", "k=tests/a,tests/b,=tests/c"),
            (FlagKind::KeyedPaths, "\"k=~/a\"", "\"k=~/a\""),
            (FlagKind::Text, "~/a", "~/a"),
        ] {
            let flag = flags::text("x", "X", "").kind(kind).any();
            assert_eq!(expanded(&flag, text, &at(true)), want, "{kind:?} {text}");
            assert_eq!(expanded(&flag, text, &at(false)), text, "{kind:?} {text}");
        }
    }

    #[test]
    fn tab_completes_what_all_have_in_common() {
        for (kind, text, want) in [
            (FlagKind::File, "Cargo.t", Some("Cargo.toml")),
            (FlagKind::File, "Cargo", Some("Cargo.")),
            (FlagKind::File, "Cargo.", None),
            (FlagKind::File, "src/commands/n", Some("src/commands/new/")),
            (FlagKind::File, "nothing", None),
            (FlagKind::File, "~", Some("~/")),
            (FlagKind::File, "~/prom", Some("~/prompts.rs")),
            (FlagKind::File, "README.md,Cargo.t", None),
            (FlagKind::EnvFiles, "README.md,Cargo.t", Some("README.md,Cargo.toml")),
            (FlagKind::KeyedPaths, "a.b,k=Cargo.t", Some("a.b,k=Cargo.toml")),
            (FlagKind::KeyedPaths, "k=~/prom", Some("k=~/prompts.rs")),
            (FlagKind::KeyedPaths, "\"k=Cargo.t", None),
            (FlagKind::Text, "Cargo.t", None),
        ] {
            let flag = flags::text("x", "X", "").kind(kind).any();
            let got = completed(&flag, text, &at(true));
            assert_eq!(got.as_deref(), want, "{kind:?} {text}");
        }
    }
}
