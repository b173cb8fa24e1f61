//! Paths as they are typed at a shell: `~` is the home directory, and TAB completes.

use crate::commands::complete::paths_from;
use crate::flags::Flag;
use crate::sources::Inputs;

/// Where a flag's value has paths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paths {
    /// The value is one.
    One,
    /// It is a list of them, separated by commas.
    List,
    /// It is such a list, with `KEY=` before some.
    Keyed,
}

impl Paths {
    fn of(flag: &Flag, text: &str) -> Option<Self> {
        match flag.value {
            "DIR" | "FILE" | "PATH" => Some(Self::One),
            // Inside quotes a comma separates nothing.
            _ if text.contains('"') => None,
            "PATH,…" => Some(Self::List),
            "[KEY=]PATH,…" => Some(Self::Keyed),
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
    let home = home.as_ref().and_then(|home| home.to_str());
    match (rest, home) {
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
        for (word, text, want) in [
            ("FILE", "~/a", "tests/a"),
            ("FILE", "~", "tests"),
            ("FILE", "~ann/a", "~ann/a"),
            ("FILE", "a/~/b", "a/~/b"),
            ("FILE", "~/a,~/b", "tests/a,~/b"),
            ("PATH,…", "~/a,b,~/c", "tests/a,b,tests/c"),
            ("PATH,…", "k=~/a", "k=~/a"),
            ("[KEY=]PATH,…", "k=~/a,~/b,=~/c", "k=tests/a,tests/b,=tests/c"),
            ("[KEY=]PATH,…", "\"k=~/a\"", "\"k=~/a\""),
            ("NAME", "~/a", "~/a"),
        ] {
            let flag = flags::text("x", word, "");
            assert_eq!(expanded(&flag, text, &at(true)), want, "{word} {text}");
            assert_eq!(expanded(&flag, text, &at(false)), text, "{word} {text}");
        }
    }

    #[test]
    fn tab_completes_what_all_have_in_common() {
        for (word, text, want) in [
            ("FILE", "Cargo.t", Some("Cargo.toml")),
            ("FILE", "Cargo", Some("Cargo.")),
            ("FILE", "Cargo.", None),
            ("FILE", "src/commands/n", Some("src/commands/new/")),
            ("FILE", "nothing", None),
            ("FILE", "~", Some("~/")),
            ("FILE", "~/prom", Some("~/prompts.rs")),
            ("FILE", "README.md,Cargo.t", None),
            ("PATH,…", "README.md,Cargo.t", Some("README.md,Cargo.toml")),
            ("[KEY=]PATH,…", "a.b,k=Cargo.t", Some("a.b,k=Cargo.toml")),
            ("[KEY=]PATH,…", "k=~/prom", Some("k=~/prompts.rs")),
            ("[KEY=]PATH,…", "\"k=Cargo.t", None),
            ("NAME", "Cargo.t", None),
        ] {
            let flag = flags::text("x", word, "");
            let got = completed(&flag, text, &at(true));
            assert_eq!(got.as_deref(), want, "{word} {text}");
        }
    }
}
